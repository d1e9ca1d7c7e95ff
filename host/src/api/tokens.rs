//! Tokens: who may use the host.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Json;
use super::extract::Path;
use super::guard::Caller;
use super::listen::fingerprint;
use super::page::Page;
use super::problem::Problem;
use super::{App, Parts, instant};
use crate::access::{Principal, Role, TokenEntry};

/// How long a token lasts unless asked otherwise.
const DAYS: u32 = 365;

/// A token wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = TokenWanted)]
pub(super) struct Wanted {
    /// Name of the holder. A new holder is made when there is none of it.
    name: String,
    /// Role of the holder.
    #[schema(value_type = String, example = "partner")]
    role: String,
    /// Countries that a partner or verifier is bound to (ISO 3166-1 alpha-2).
    #[serde(default)]
    countries: BTreeSet<String>,
    /// What the token is for.
    #[serde(default)]
    label: String,
    /// Days it lasts, 1 to 3660; 365 unless given.
    days: Option<u32>,
    /// Certificate (PEM) by whose key the holder proves who they are when they
    /// connect; there is no token then.
    certificate: Option<String>,
}

/// A token just made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TokenMade)]
pub(super) struct Made {
    /// Identifier, for revoking it.
    id: String,
    /// The token itself, unless a certificate stands for it. It is shown only
    /// now.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// Name of the holder.
    name: String,
    /// Role of the holder.
    role: String,
    /// When it expires.
    expires: String,
}

/// A token without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Token {
    /// Identifier.
    id: String,
    /// Name of the holder.
    name: String,
    /// Role of the holder.
    role: String,
    /// Countries the holder is bound to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    countries: Vec<String>,
    /// What it is for.
    label: String,
    /// When it was made.
    created: String,
    /// When it expires.
    expires: String,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
}

/// Makes a token, and its holder where there is none of the name.
#[utoipa::path(post, path = "/v1/tokens", operation_id = "create_token", tag = "access", request_body = Wanted, responses(
    (status = 201, body = Made),
    (status = 422, description = "The role or its countries make no sense"),
))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(wanted): Json<Wanted>,
) -> Result<(StatusCode, axum::Json<Made>), Problem> {
    let made = app.work(move |app| make(app, &caller, &wanted)).await?;
    Ok((StatusCode::CREATED, axum::Json(made)))
}

fn make(app: &Parts, caller: &Caller, wanted: &Wanted) -> Result<Made, Problem> {
    let role: Role = wanted.role.parse().map_err(Problem::invalid)?;
    let (by, source) = (&caller.principal, caller.source.as_str());
    let unreadable = || Problem::invalid("The certificate is not one in PEM.");
    let certificate =
        wanted.certificate.as_deref().map(|pem| fingerprint(pem).ok_or_else(unreadable)).transpose()?;
    let holder = match holder(app, &wanted.name)? {
        Some(holder) if holder.role != role || holder.countries != wanted.countries => {
            let detail = format!("{:?} is already a {} with other rights.", holder.name, holder.role);
            return Err(Problem::invalid(detail));
        }
        Some(holder) => holder,
        None => app.access.create_principal(by, source, &wanted.name, role, wanted.countries.clone())?,
    };
    let days = wanted.days.unwrap_or(DAYS);
    let terms = (wanted.label.as_str(), days);
    let token = app.access.create_token(by, source, &holder.name, terms, certificate)?;
    Ok(Made {
        id: token.id,
        token: token.secret,
        name: holder.name,
        role: holder.role.name().to_owned(),
        expires: instant(token.expires_at),
    })
}

fn holder(app: &Parts, name: &str) -> Result<Option<Principal>, Problem> {
    Ok(app.access.principals()?.into_iter().find(|principal| principal.name == name))
}

/// Lists all tokens, without their secrets.
#[utoipa::path(get, path = "/v1/tokens", operation_id = "list_tokens", tag = "access", responses(
    (status = 200, body = Page<Token>),
))]
pub(super) async fn list(State(app): State<App>) -> Result<axum::Json<Page<Token>>, Problem> {
    let tokens = app.work(|app| Ok(app.access.tokens()?)).await?;
    Ok(axum::Json(Page { items: tokens.into_iter().map(shown).collect(), next: None }))
}

fn shown(entry: TokenEntry) -> Token {
    Token {
        id: entry.id,
        name: entry.principal.name,
        role: entry.principal.role.name().to_owned(),
        countries: entry.principal.countries.into_iter().collect(),
        label: entry.label,
        created: instant(entry.created_at),
        expires: instant(entry.expires_at),
        revoked: entry.revoked_at.map(instant),
    }
}

/// Revokes a token.
#[utoipa::path(delete, path = "/v1/tokens/{id}", operation_id = "revoke_token", tag = "access",
    params(("id" = String, Path, description = "Identifier of the token")),
    responses((status = 204, description = "It is revoked"), (status = 404, description = "No such token"))
)]
pub(super) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.work(move |app| Ok(app.access.revoke_token(&caller.principal, &caller.source, &id)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}
