//! Messages as they were received, the rejected ones among them.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::App;
use super::extract::Path;
use super::guard::Caller;
use super::negotiate;
use super::problem::Problem;
use crate::intake::KeptMessage;

/// Shows a message: what became of it, or its bytes as received, by the header
/// `Accept`. Partners see the messages they sent.
#[utoipa::path(get, path = "/v1/messages/{id}", operation_id = "get_message", tag = "messages",
    params(("id" = String, Path, description = "Reference of the message")),
    responses(
        (status = 200, content((KeptMessage = "application/json"), (String = "application/octet-stream"))),
        (status = 404, description = "No such message"), (status = 406, description = "None of these media types"),
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
        &["application/json", "application/octet-stream", "application/xml"],
    )?;
    app.work(move |app| {
        let unknown = || Problem::not_found("message", &id);
        let kept = app.intake.kept(&id)?.ok_or_else(unknown)?;
        let principal = &caller.principal;
        if principal.role.is_bound_to_countries() && kept.sender != principal.name {
            return Err(unknown());
        }
        if wanted == "application/json" {
            return Ok(axum::Json(kept).into_response());
        }
        let original = app.intake.message(&id)?.ok_or_else(unknown)?;
        Ok(([(header::CONTENT_TYPE, original.media_type)], original.bytes).into_response())
    })
    .await
}
