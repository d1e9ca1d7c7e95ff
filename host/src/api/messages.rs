//! Messages as they were received, the rejected ones among them.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::extract::Path;
use super::guard::Caller;
use super::negotiate;
use super::problem::{Code, Problem};
use super::{App, Parts};
use crate::intake::KeptMessage;
use crate::verification::ReadAgain;

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
    let language = negotiate::language(&headers);
    app.work(move |app| {
        let unknown = || Problem::not_found("message", &id);
        let mut kept = app.intake.kept(&id)?.ok_or_else(unknown)?;
        if !caller.principal.sees_messages_of(&kept.sender) {
            return Err(unknown());
        }
        if wanted == "application/json" {
            kept.tell_in(language);
            return Ok(axum::Json(kept).into_response());
        }
        let original = app.intake.message(&id)?.ok_or_else(unknown)?;
        Ok(([(header::CONTENT_TYPE, original.media_type)], original.bytes).into_response())
    })
    .await
}

/// Reads a message that was rejected once more, by the adapters of today, and
/// takes in what is in it, as from who sent it: nobody has to send it again.
#[utoipa::path(post, path = "/v1/messages/{id}/reading", operation_id = "read_message_again", tag = "messages",
    params(("id" = String, Path, description = "Reference of the message")),
    responses(
        (status = 200, body = ReadAgain), (status = 404, description = "No such message"),
        (status = 409, description = "It was read already"), (status = 422, description = "It still cannot be read"),
    )
)]
pub(super) async fn read_again(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<ReadAgain>, Problem> {
    let work = move |app: &Parts| {
        let unknown = || Problem::not_found("message", &id);
        let kept = app.intake.kept(&id)?.ok_or_else(unknown)?;
        if kept.state != "rejected" {
            let detail = format!("Its state is {}; only a rejected message is read again.", kept.state);
            return Err(Problem::new(Code::Conflict, detail));
        }
        let why = format!("read again by {}", caller.principal.name);
        app.verification.read_again(&id, &why)?.ok_or_else(unknown)
    };
    Ok(axum::Json(app.work(work).await?))
}
