//! Who is asking, and whether they may: answered before anything of the
//! request's body is read.

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts as Head;
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{RefOr, Response as Described, SecurityRequirement};
use utoipa_axum::router::{UtoipaMethodRouter, UtoipaMethodRouterExt as _};

use super::listen::Peer;
use super::problem::{Code, Problem};
use super::request::RequestId;
use super::{App, openapi};
use crate::access::{Action, Principal, Proof, Role};
use crate::intake::Sender;
use crate::registry::Actor;
use crate::trust::By;

/// Who asked, from where.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Who.
    pub principal: Principal,
    /// Address they came from and request id, for the audit.
    pub source: String,
}

impl Caller {
    /// As intake and verification know them.
    pub(super) fn sender(&self) -> Sender {
        Sender { principal: self.principal.clone(), source: self.source.clone() }
    }

    /// As the registry knows them.
    pub(super) fn actor(&self) -> Actor {
        Actor { principal: self.principal.clone(), source: self.source.clone() }
    }

    /// As changes of trust are recorded.
    pub(super) fn by(&self) -> By<'_> {
        By { principal: &self.principal, source: &self.source }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Head, _: &S) -> Result<Self, Problem> {
        let caller = head.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Problem::internal(&"a handler without a guard asked who the caller is"))
    }
}

/// Lets only those through who may do `action`, and says so in the
/// description.
pub(super) fn guarded(app: &App, action: Action, routes: UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    let (schemas, mut paths, methods) = routes;
    for item in paths.paths.values_mut() {
        for operation in operations(item) {
            describe(operation, action);
        }
    }
    (schemas, paths, methods).map(|methods| {
        methods.route_layer(from_fn_with_state(app.clone(), move |state, request, next| {
            check(action, state, request, next)
        }))
    })
}

async fn check(
    action: Action,
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|ConnectInfo(peer)| *peer);
    let proof = proof(request.headers(), peer)?;
    let principal = match app.access.recall(&proof) {
        Some(principal) => principal,
        None => app.work(move |app| Ok(app.access.authenticate(&proof)?)).await?.ok_or_else(|| {
            let text = "The token or certificate is unknown, expired or revoked.";
            Problem::new(Code::Unauthenticated, text)
        })?,
    };
    if !principal.may(action) {
        let detail = format!("The role {} may not {}.", principal.role, action.name().replace('-', " "));
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let address = peer.map_or_else(|| "http".to_owned(), |peer| peer.address.ip().to_string());
    let source = match request.extensions().get::<RequestId>() {
        Some(RequestId(id)) => format!("{address}, request {id}"),
        None => address,
    };
    request.extensions_mut().insert(Caller { principal, source });
    Ok(next.run(request).await)
}

/// By what the caller says who they are: a token goes before the certificate
/// of the connection.
fn proof(headers: &HeaderMap, peer: Option<Peer>) -> Result<Proof, Problem> {
    match peer.and_then(|peer| peer.certificate) {
        Some(certificate) if !headers.contains_key(header::AUTHORIZATION) => {
            Ok(Proof::Certificate(certificate))
        }
        _ => bearer(headers).map(Proof::Token),
    }
}

fn bearer(headers: &HeaderMap) -> Result<String, Problem> {
    let missing =
        || Problem::new(Code::Unauthenticated, "Send a token in the header Authorization: Bearer ….");
    let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, secret) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") || secret.len() > 200 {
        return Err(missing());
    }
    Ok(secret.trim().to_owned())
}

/// The operations of a path.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}

fn describe(operation: &mut Operation, action: Action) {
    let roles: Vec<_> = Role::ALL
        .iter()
        .filter(|role| Principal { role: **role, ..Principal::system() }.may(action))
        .map(|role| role.name())
        .collect();
    let who = format!("For the roles {}.", roles.join(", "));
    operation.description = Some(match operation.description.take() {
        Some(text) => format!("{text}\n\n{who}"),
        None => who,
    });
    operation.security = Some(vec![SecurityRequirement::new(openapi::BEARER, [""; 0])]);
    for (status, text) in [
        ("401", "No valid token came with the request"),
        ("403", "The token's role does not allow this"),
        ("503", "The host is at its limit, or its store does not answer; see Retry-After"),
    ] {
        let response = RefOr::T(Described::new(text));
        operation.responses.responses.entry(status.to_owned()).or_insert(response);
    }
}
