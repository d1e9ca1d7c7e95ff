//! Certificates: delivered, listed, shown.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::Body;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::negotiate;
use super::once::{Once, answer};
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::{App, Parts, micros};
use crate::access::Principal;
use crate::intake::read::Declared;
use crate::intake::{Filter, Held, Listed, Received};
use crate::verification::report::{Language, certificate_html};

/// How a message is sent.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessageQuery {
    /// Format of the message, such as `uncefact-sps-17`; recognised unless
    /// given.
    pub format: Option<String>,
}

/// Delivers a message with certificates. They count as authentic when the
/// caller is a partner bound to the issuing country. 201 when something new
/// was stored, 200 when all of it was held already.
#[utoipa::path(post, path = "/v1/certificates", operation_id = "deliver_certificates", tag = "certificates",
    params(MessageQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe")),
    request_body(content = String, content_type = "application/xml", description = "The message, in any media type an adapter reads"),
    responses(
        (status = 201, body = Received), (status = 200, body = Received, description = "All of it was held already"),
        (status = 409, description = "A request with this key is being worked on"),
        (status = 413, description = "Too large"), (status = 415, description = "Media type not taken"),
        (status = 422, description = "It cannot be read; it is kept as rejected"),
    )
)]
pub(super) async fn deliver(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<MessageQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let once = Once::of(&headers, &caller, "POST /v1/certificates", &body.bytes)?;
    app.once(once, move |app, claim| {
        let declared = Declared { media_type: Some(&body.media_type), format: query.format.as_deref() };
        let received = app.intake.receive_certificates(&caller.sender(), &body.bytes, declared)?;
        let new = received.certificates.iter().any(|certificate| certificate.outcome != "repeat");
        let answer = answer(if new { StatusCode::CREATED } else { StatusCode::OK }, &received);
        if let Some(claim) = claim {
            // Repeating a delivery changes nothing, so it may be kept apart.
            let (claim, answer) = (claim.clone(), answer.clone());
            app.store.write(move |transaction| claim.finish(transaction, &answer))?;
        }
        Ok(answer)
    })
    .await
}

/// Which certificates to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "kebab-case")]
pub(super) struct CertificatesQuery {
    /// Number, in any way of writing.
    number: Option<String>,
    /// Issuing country (ISO 3166-1 alpha-2).
    country: Option<String>,
    /// Type (UNCL 1001), such as 852.
    r#type: Option<String>,
    /// Status (UNCL 4405), such as 70.
    status: Option<String>,
    /// Received at or after this instant (RFC 3339).
    received_from: Option<String>,
    /// Received before this instant (RFC 3339).
    received_to: Option<String>,
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists certificates, the latest first.
#[utoipa::path(get, path = "/v1/certificates", operation_id = "list_certificates", tag = "certificates",
    params(CertificatesQuery),
    responses((status = 200, body = Page<Listed>), (status = 422, description = "A filter is wrong"))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<CertificatesQuery>,
) -> Result<axum::Json<Page<Listed>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let filter = Filter {
        number: query.number,
        country: scoped(&caller.principal, query.country)?,
        type_code: query.r#type,
        status: query.status,
        received_from: micros("received-from", query.received_from.as_deref())?,
        received_to: micros("received-to", query.received_to.as_deref())?,
        after: page.after()?,
        limit: limit + 1,
    };
    let items = app.work(move |app| Ok(app.intake.certificates(&filter)?)).await?;
    Ok(axum::Json(Page::cut(items, limit, |certificate| &certificate.id)))
}

/// The country a caller may list: partners and verifiers their own only.
fn scoped(principal: &Principal, wanted: Option<String>) -> Result<Option<String>, Problem> {
    if !principal.role.is_bound_to_countries() {
        return Ok(wanted);
    }
    let mut own = principal.countries.iter();
    match (wanted, own.next(), own.next()) {
        (Some(country), ..) if principal.covers(&country) => Ok(Some(country)),
        (None, Some(only), None) => Ok(Some(only.clone())),
        _ => {
            let own: Vec<_> = principal.countries.iter().map(String::as_str).collect();
            Err(Problem::invalid(format!("Name one of your countries in country: {}.", own.join(", "))))
        }
    }
}

/// A certificate and where it stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CertificateShown)]
pub(super) struct Shown {
    /// What lists show of it.
    #[serde(flatten)]
    listed: Listed,
    /// Where it stands: status, since when, how it came.
    #[schema(value_type = Object)]
    standing: serde_json::Value,
    /// The certificate in the canonical model.
    #[schema(value_type = Object)]
    certificate: serde_json::Value,
}

/// Shows a certificate: canonical, as received, or laid out for reading, by
/// the header `Accept`.
#[utoipa::path(get, path = "/v1/certificates/{id}", operation_id = "get_certificate", tag = "certificates",
    params(("id" = String, Path, description = "Identifier of the certificate")),
    responses(
        (status = 200, content((Shown = "application/json"), (String = "application/xml"), (String = "text/html"))),
        (status = 404, description = "No such certificate"), (status = 406, description = "None of these media types"),
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = negotiate::media_type(
        &headers,
        &["application/json", "text/html", "application/xml", "application/octet-stream"],
    )?;
    let language = Language::accepted(&negotiate::languages(&headers));
    app.work(move |app| {
        let unknown = || Problem::not_found("certificate", &id);
        let listed = app.intake.certificate(&id)?.ok_or_else(unknown)?;
        if !caller.principal.covers(&listed.country) {
            return Err(unknown());
        }
        match wanted {
            "application/json" => Ok(canonical(&*held(app, &id)?, listed)?.into_response()),
            "text/html" => Ok(page(&*held(app, &id)?, &listed, language)?.into_response()),
            _ => {
                let original = app.intake.original(&id)?.ok_or_else(unknown)?;
                Ok(([(header::CONTENT_TYPE, original.media_type)], original.bytes).into_response())
            }
        }
    })
    .await
}

fn held(app: &Parts, id: &str) -> Result<std::sync::Arc<Held>, Problem> {
    app.intake.held(id)?.ok_or_else(|| Problem::not_found("certificate", id))
}

fn canonical(held: &Held, listed: Listed) -> Result<axum::Json<Shown>, Problem> {
    let json = |error: serde_json::Error| Problem::internal(&error);
    Ok(axum::Json(Shown {
        listed,
        standing: serde_json::to_value(&held.standing).map_err(json)?,
        certificate: serde_json::to_value(&held.body.certificate).map_err(json)?,
    }))
}

fn page(held: &Held, listed: &Listed, language: Language) -> Result<Html<String>, Problem> {
    certificate_html(&held.body.certificate, listed, language)
        .map(Html)
        .map_err(|error| Problem::internal(&error))
}
