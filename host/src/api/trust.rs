//! Trust: publishers' keys, rules, and the signatures of versions.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::App;
use super::body::{Body, Json};
use super::extract::{Path, Query};
use super::guard::Caller;
use super::problem::Problem;
use crate::digest::Digest;
use crate::trust::{Admission, Affected, Key, Rule, RuleInForce, TrustError, parse_bundle};

/// Media type of bundles of signatures.
const BUNDLE: &str = "application/vnd.in-toto.bundle";

/// Whom the host trusts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Trust)]
pub(super) struct Overview {
    /// The keys, revoked ones too.
    keys: Vec<Key>,
    /// The rules in force.
    rules: Vec<RuleInForce>,
    /// Versions that were let in on a signature that no longer counts, and
    /// that no rule would let in today. They go on serving.
    affected: Vec<Affected>,
}

/// A key to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = KeyToTrust)]
pub(super) struct NewKey {
    /// Who signs with it, in kebab case.
    owner: String,
    /// The public key (Ed25519, SPKI) as PEM.
    public_key: String,
    /// Why, for the record.
    #[serde(default)]
    reason: String,
}

/// From when a key does not count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = KeyToRevoke)]
pub(super) struct NewRevocation {
    /// Signatures that the host received from then on do not count; now unless
    /// given.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Why.
    reason: String,
}

/// What a revocation changes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RevocationMade)]
pub(super) struct Revoked {
    /// Versions that no rule would let in today. They go on serving until an
    /// operator decides.
    affected: Vec<Affected>,
}

/// A rule to be put in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RuleToAdd)]
pub(super) struct NewRule {
    /// The rule.
    rule: Rule,
    /// Why, for the record.
    #[serde(default)]
    reason: String,
}

/// Why something is done.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Why {
    /// Why, for the record.
    #[serde(default)]
    reason: String,
}

/// Shows keys, rules, and what a revocation affects. `ecert plugin verify
/// --trust` judges by this answer without the host.
#[utoipa::path(get, path = "/v1/trust", operation_id = "get_trust", tag = "trust", responses(
    (status = 200, body = Overview),
))]
pub(super) async fn overview(State(app): State<App>) -> Result<axum::Json<Overview>, Problem> {
    let (state, affected) = app.work(|app| Ok(app.trust.overview()?)).await?;
    Ok(axum::Json(Overview { keys: state.keys, rules: state.rules, affected }))
}

/// Adds a publisher's public key. It counts for nothing before a rule names
/// its owner.
#[utoipa::path(post, path = "/v1/trust/keys", operation_id = "add_trust_key", tag = "trust", request_body = NewKey,
    responses(
        (status = 201, body = Key), (status = 409, description = "The key is known already"),
        (status = 422, description = "Not an Ed25519 public key"),
    )
)]
pub(super) async fn add_key(
    State(app): State<App>,
    caller: Caller,
    Json(NewKey { owner, public_key, reason }): Json<NewKey>,
) -> Result<(StatusCode, axum::Json<Key>), Problem> {
    let key = app.work(move |app| Ok(app.trust.add_key(&owner, &public_key, &reason, caller.by())?)).await?;
    Ok((StatusCode::CREATED, axum::Json(key)))
}

/// Revokes a key from a date: signatures count by when the host first received
/// them. Versions that are affected go on serving, and are named.
#[utoipa::path(post, path = "/v1/trust/keys/{id}/revocation", operation_id = "revoke_trust_key", tag = "trust",
    params(("id" = String, Path, description = "SHA-256 of the key's SPKI")),
    request_body = NewRevocation,
    responses(
        (status = 200, body = Revoked), (status = 404, description = "No such key"),
        (status = 409, description = "It is revoked from that date or an earlier one"),
    )
)]
pub(super) async fn revoke_key(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(NewRevocation { from, reason }): Json<NewRevocation>,
) -> Result<axum::Json<Revoked>, Problem> {
    let id: Digest = id.parse().map_err(|_| Problem::not_found("key", &id))?;
    let affected = app.work(move |app| Ok(app.trust.revoke_key(id, from, &reason, caller.by())?)).await?;
    Ok(axum::Json(Revoked { affected }))
}

/// Puts a rule in force. A component is let in when one rule covers its whole
/// scope and has the signatures it asks for.
#[utoipa::path(post, path = "/v1/trust/rules", operation_id = "add_trust_rule", tag = "trust", request_body = NewRule,
    responses(
        (status = 201, body = RuleInForce), (status = 409, description = "There is a rule of this name"),
        (status = 422, description = "The rule makes no sense, or names owners without a key"),
    )
)]
pub(super) async fn add_rule(
    State(app): State<App>,
    caller: Caller,
    Json(NewRule { rule, reason }): Json<NewRule>,
) -> Result<(StatusCode, axum::Json<RuleInForce>), Problem> {
    let rule = app.work(move |app| Ok(app.trust.add_rule(rule, &reason, caller.by())?)).await?;
    Ok((StatusCode::CREATED, axum::Json(rule)))
}

/// Takes a rule out of force. What it let in stays.
#[utoipa::path(delete, path = "/v1/trust/rules/{name}", operation_id = "remove_trust_rule", tag = "trust",
    params(("name" = String, Path, description = "Name of the rule"), Why),
    responses((status = 204, description = "It is removed"), (status = 404, description = "No such rule"))
)]
pub(super) async fn remove_rule(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Query(Why { reason }): Query<Why>,
) -> Result<StatusCode, Problem> {
    app.work(move |app| Ok(app.trust.remove_rule(&name, &reason, caller.by())?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows which rule let a version in, and its signatures.
#[utoipa::path(get, path = "/v1/plugins/{name}/{version}/signatures", operation_id = "list_plugin_signatures",
    tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin"), ("version" = String, Path, description = "Version")),
    responses((status = 200, body = Admission), (status = 404, description = "No such version"))
)]
pub(super) async fn signatures(
    State(app): State<App>,
    Path((name, version)): Path<(String, String)>,
) -> Result<axum::Json<Admission>, Problem> {
    Ok(axum::Json(app.work(move |app| Ok(app.trust.admission(&name, &version)?)).await?))
}

/// Adds signatures to a version that is published: an authority's, say, that
/// has examined it meanwhile. The body holds DSSE envelopes, one a line.
#[utoipa::path(post, path = "/v1/plugins/{name}/{version}/signatures", operation_id = "add_plugin_signatures",
    tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin"), ("version" = String, Path, description = "Version")),
    request_body(content = String, content_type = "application/vnd.in-toto.bundle", description = "DSSE envelopes"),
    responses(
        (status = 200, body = Admission), (status = 404, description = "No such version"),
        (status = 415, description = "Not a bundle"), (status = 422, description = "No valid signature by a known key"),
    )
)]
pub(super) async fn add_signatures(
    State(app): State<App>,
    caller: Caller,
    Path((name, version)): Path<(String, String)>,
    body: Body,
) -> Result<axum::Json<Admission>, Problem> {
    body.only(&[BUNDLE])?;
    let envelopes = parse_bundle(&body.bytes).map_err(TrustError::from)?;
    let admission =
        app.work(move |app| Ok(app.trust.add_signatures(&name, &version, envelopes, caller.by())?)).await?;
    Ok(axum::Json(admission))
}
