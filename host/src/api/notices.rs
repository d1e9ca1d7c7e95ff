//! What customs are told after they were answered: shown, acknowledged.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::App;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use crate::access::Role;
use crate::followup::{self, Notice};

/// Which notices to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticesQuery {
    /// `open` for those that nobody has acknowledged.
    state: Option<String>,
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before, or the last notice seen.
    after: Option<String>,
}

/// Whose notices a caller sees: its own, or everybody's.
fn principal(caller: &Caller) -> Option<String> {
    let sees_all = matches!(caller.principal.role, Role::Administrator | Role::Auditor);
    (!sees_all).then(|| caller.principal.id.clone())
}

/// Lists what became of declarations after they were answered, the earliest
/// first: another verdict, an officer's decision, a recall. Who lodged them
/// sees its own; `after` the last one seen gives what is new.
#[utoipa::path(get, path = "/v1/notices", operation_id = "list_notices", tag = "notices",
    params(NoticesQuery),
    responses((status = 200, body = Page<Notice>), (status = 422, description = "A filter is wrong"))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<NoticesQuery>,
) -> Result<axum::Json<Page<Notice>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let (limit, after) = (page.limit()?, page.after()?);
    let open = super::open(query.state.as_deref())?;
    let work = move |app: &super::Parts| {
        let principal = principal(&caller);
        Ok(followup::notices(&app.store, principal.as_deref(), open, after.as_deref(), limit + 1)?)
    };
    Ok(axum::Json(Page::cut(app.work(work).await?, limit, |notice| &notice.id)))
}

/// Says that a notice was received: it is not sent again. Said twice, it is
/// no fault.
#[utoipa::path(post, path = "/v1/notices/{id}/acknowledgement", operation_id = "acknowledge_notice",
    tag = "notices",
    params(("id" = String, Path, description = "Identifier of the notice")),
    responses((status = 204, description = "Noted"), (status = 404, description = "No such notice"))
)]
pub(super) async fn acknowledge(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let work = move |app: &super::Parts| {
        let principal = principal(&caller);
        Ok(followup::acknowledge(&app.store, principal.as_deref(), &caller.principal.name, &id)?)
    };
    app.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}
