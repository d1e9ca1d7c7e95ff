//! Verifications: listed, shown, decided on.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::Json;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::negotiate;
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::{App, micros};
use crate::verification::report::{Language, verification_html};
use crate::verification::{Decided, Decision, ListedVerification, Replay, VerificationFilter, Verified};

/// Which verifications to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct VerificationsQuery {
    /// What they came to: none-required, release, review or refuse.
    verdict: Option<String>,
    /// `open` for those that nobody has decided on.
    state: Option<String>,
    /// Reference number of the declaration, in any way of writing.
    reference: Option<String>,
    /// Done at or after this instant (RFC 3339).
    from: Option<String>,
    /// Done before this instant (RFC 3339).
    to: Option<String>,
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists verifications, the latest first.
#[utoipa::path(get, path = "/v1/verifications", operation_id = "list_verifications", tag = "verifications",
    params(VerificationsQuery),
    responses((status = 200, body = Page<ListedVerification>), (status = 422, description = "A filter is wrong"))
)]
pub(super) async fn list(
    State(app): State<App>,
    Query(query): Query<VerificationsQuery>,
) -> Result<axum::Json<Page<ListedVerification>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let open = super::open(query.state.as_deref())?;
    let filter = VerificationFilter {
        verdict: query.verdict.map(|verdict| verdict.parse()).transpose().map_err(Problem::invalid)?,
        reference: query.reference,
        open,
        principal: None,
        from: micros("from", query.from.as_deref())?,
        to: micros("to", query.to.as_deref())?,
        after: page.after()?,
        limit: limit + 1,
    };
    let items = app.work(move |app| Ok(app.verification.list(&filter)?)).await?;
    Ok(axum::Json(Page::cut(items, limit, |verification| &verification.id)))
}

/// Shows a verification with the decisions on it: as JSON, or laid out for
/// reading with the root cause first, by the header `Accept`. Pages come in
/// English or Chinese by `Accept-Language`.
#[utoipa::path(get, path = "/v1/verifications/{id}", operation_id = "get_verification", tag = "verifications",
    params(("id" = String, Path, description = "Identifier of the verification")),
    responses(
        (status = 200, content((Verified = "application/json"), (String = "text/html"))),
        (status = 404, description = "No such verification"), (status = 406, description = "None of these media types"),
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = negotiate::media_type(&headers, &["application/json", "text/html"])?;
    let language = Language::accepted(&negotiate::languages(&headers));
    app.work(move |app| {
        let verified = app.verification.get(&id)?;
        let verified = verified.ok_or_else(|| Problem::not_found("verification", &id))?;
        if wanted == "application/json" {
            return Ok(axum::Json(verified).into_response());
        }
        let page = verification_html(&verified.record, language);
        page.map(|page| Html(page).into_response()).map_err(|error| Problem::internal(&error))
    })
    .await
}

/// Decides on a verification: accept, refuse, hold or inspect, with a reason,
/// and each finding confirmed or dismissed.
#[utoipa::path(post, path = "/v1/verifications/{id}/decision", operation_id = "decide", tag = "verifications",
    params(("id" = String, Path, description = "Identifier of the verification")),
    request_body = Decision,
    responses(
        (status = 201, body = Decided), (status = 404, description = "No such verification"),
        (status = 409, description = "The declaration was verified again since"),
        (status = 422, description = "The decision makes no sense"),
    )
)]
pub(super) async fn decide(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(decision): Json<Decision>,
) -> Result<(StatusCode, axum::Json<Decided>), Problem> {
    let decided = app.work(move |app| Ok(app.verification.decide(&caller.sender(), &id, decision)?)).await?;
    Ok((StatusCode::CREATED, axum::Json(decided)))
}

/// Proves a stored verdict again from its record: judges the same case by the
/// same components over the same tables. The reports are identical, byte for
/// byte, or the answer says what differs.
#[utoipa::path(post, path = "/v1/verifications/{id}/replay", operation_id = "replay_verification", tag = "verifications",
    params(("id" = String, Path, description = "Identifier of the verification")),
    responses((status = 200, body = Replay), (status = 404, description = "No such verification"))
)]
pub(super) async fn replay(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<axum::Json<Replay>, Problem> {
    let missing = format!("There is no verification {id}.");
    let replay = app.work(move |app| Ok(app.past.replay(&id)?)).await?;
    replay.map(axum::Json).ok_or_else(|| Problem::new(Code::NotFound, missing))
}
