//! Goods that entered on a certificate which was taken back since.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::App;
use super::body::Json;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use crate::verification::{ListedVerification, Recall};

/// Which recalls to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RecallsQuery {
    /// `open` for those that are not closed.
    state: Option<String>,
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Which page of the verifications that relied on a certificate.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReliantQuery {
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// What came of a recall.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Closing {
    /// What came of it, in words.
    outcome: String,
}

/// Lists recalls, the latest first: the certificate that was taken back, the
/// declaration whose goods were released on it, their consignee and where they
/// were to be.
#[utoipa::path(get, path = "/v1/recalls", operation_id = "list_recalls", tag = "recalls",
    params(RecallsQuery),
    responses((status = 200, body = Page<Recall>), (status = 422, description = "A filter is wrong"))
)]
pub(super) async fn list(
    State(app): State<App>,
    Query(query): Query<RecallsQuery>,
) -> Result<axum::Json<Page<Recall>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let (limit, after) = (page.limit()?, page.after()?);
    let open = super::open(query.state.as_deref())?;
    let work = move |app: &super::Parts| Ok(app.verification.recalls(open, after.as_deref(), limit + 1)?);
    Ok(axum::Json(Page::cut(app.work(work).await?, limit, |recall| &recall.id)))
}

/// Closes a recall, and says what came of it.
#[utoipa::path(post, path = "/v1/recalls/{id}/closing", operation_id = "close_recall", tag = "recalls",
    params(("id" = String, Path, description = "Identifier of the recall")),
    request_body = Closing,
    responses(
        (status = 204, description = "Closed"), (status = 404, description = "No such recall"),
        (status = 409, description = "It was closed before"), (status = 422, description = "No outcome"),
    )
)]
pub(super) async fn close(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(closing): Json<Closing>,
) -> Result<StatusCode, Problem> {
    app.work(move |app| Ok(app.verification.close_recall(&caller.sender(), &id, &closing.outcome)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the verifications that relied on a certificate, the latest first.
#[utoipa::path(get, path = "/v1/certificates/{id}/verifications", operation_id = "list_reliant_verifications",
    tag = "verifications",
    params(("id" = String, Path, description = "Identifier of the certificate"), ReliantQuery),
    responses((status = 200, body = Page<ListedVerification>), (status = 404, description = "No such certificate"))
)]
pub(super) async fn reliant(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<ReliantQuery>,
) -> Result<axum::Json<Page<ListedVerification>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let (limit, after) = (page.limit()?, page.after()?);
    let work = move |app: &super::Parts| {
        let known = app.intake.certificate(&id)?;
        known.ok_or_else(|| Problem::not_found("certificate", &id))?;
        Ok(app.verification.reliant(&id, after.as_deref(), limit + 1)?)
    };
    Ok(axum::Json(Page::cut(app.work(work).await?, limit, |verification| &verification.id)))
}
