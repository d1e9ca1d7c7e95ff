//! Batches of messages: handed in, followed, acknowledged.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::certificates::MessageQuery;
use super::delivery_batch::{Batch, List};
use super::extract::{Path, Query};
use super::guard::Caller;
use super::negotiate;
use super::once::{Once, answer};
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::{App, Parts};
use crate::access::Answer;
use crate::deliveries::{Delivery, Handed, MessageFilter, MessageOfDelivery};
use crate::digest::Digest;

/// Takes a batch of up to 5,000 messages, of 64 MiB together: the parts of a
/// form, `{"messages": […]}`, or an object a line (`application/x-ndjson`).
/// It is stored when the answer comes, and worked off in the background, in
/// its order; `Location` names the resource that tells how far it is.
#[utoipa::path(post, path = "/v1/deliveries", operation_id = "deliver_batch", tag = "deliveries",
    params(MessageQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe")),
    request_body(content = List, description = "The messages"),
    responses(
        (status = 202, body = Delivery, headers(("Location", description = "Where to ask how far it is"))),
        (status = 409, description = "A request with this key is being worked on"),
        (status = 413, description = "Too large"), (status = 415, description = "Media type not taken"),
        (status = 422, description = "Too many messages, or none"),
    )
)]
pub(super) async fn accept(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<MessageQuery>,
    headers: HeaderMap,
    Batch(mut messages): Batch,
) -> Result<Response, Problem> {
    for handed in &mut messages {
        handed.format = handed.format.take().or_else(|| query.format.clone());
    }
    // The boundary of a form differs each time: the messages are what counts.
    let once = Once::of(&headers, &caller, "POST /v1/deliveries", seal(&messages).as_bytes())?;
    app.once(once, move |app, claim| {
        let prepared = app.deliveries.prepare(&caller.sender(), &messages);
        let location = format!("location: /v1/deliveries/{}", prepared.delivery().id);
        let answer = Answer { headers: location, ..answer(StatusCode::ACCEPTED, prepared.delivery()) };
        let (claim, stored) = (claim.cloned(), answer.clone());
        app.deliveries.accept(prepared, move |transaction| match &claim {
            Some(claim) => claim.finish(transaction, &stored),
            None => Ok(()),
        })?;
        Ok(answer)
    })
    .await
}

/// What two deliveries of the same batch have in common.
fn seal(messages: &[Handed]) -> String {
    let of = |handed: &Handed| {
        let digest = Digest::of(&handed.bytes);
        format!("{digest} {:?} {:?} {:?}\n", handed.name, handed.media_type, handed.format)
    };
    messages.iter().map(of).collect()
}

/// Which page of the batches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveriesQuery {
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists batches, the latest first. Partners see their own.
#[utoipa::path(get, path = "/v1/deliveries", operation_id = "list_deliveries", tag = "deliveries",
    params(DeliveriesQuery),
    responses((status = 200, body = Page<Delivery>), (status = 422, description = "The page is none"))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<DeliveriesQuery>,
) -> Result<axum::Json<Page<Delivery>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let (limit, after) = (page.limit()?, page.after()?);
    let items =
        app.work(move |app| Ok(app.deliveries.list(&caller.principal, after.as_deref(), limit + 1)?)).await?;
    Ok(axum::Json(Page::cut(items, limit, |delivery| &delivery.id)))
}

/// Which messages of a batch.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessagesQuery {
    /// Only messages in this state: `waiting`, `read` or `rejected`.
    state: Option<String>,
    /// Messages wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<u32>,
}

/// A batch, and some of its messages.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeliveryShown)]
pub(super) struct Shown {
    /// How far it is.
    #[serde(flatten)]
    delivery: Delivery,
    /// The messages, in their order.
    messages: Vec<MessageOfDelivery>,
    /// Where the next page begins; none after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
}

/// Shows how far a batch is, and what came of its messages, page by page.
/// Partners see their own.
#[utoipa::path(get, path = "/v1/deliveries/{id}", operation_id = "get_delivery", tag = "deliveries",
    params(("id" = String, Path, description = "Identifier of the batch"), MessagesQuery),
    responses(
        (status = 200, body = Shown), (status = 404, description = "No such batch"),
        (status = 422, description = "The state or page is none"),
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<MessagesQuery>,
    headers: HeaderMap,
) -> Result<axum::Json<Shown>, Problem> {
    if let Some(state) = query.state.as_deref().filter(|s| !["waiting", "read", "rejected"].contains(s)) {
        return Err(Problem::invalid(format!("state is {state:?}; it must be waiting, read or rejected.")));
    }
    let limit = PageQuery { limit: query.limit, after: None }.limit()?;
    let filter =
        MessageFilter { state: query.state, after: query.after.unwrap_or_default(), limit: limit + 1 };
    let language = negotiate::language(&headers);
    let shown = app.work(move |app| {
        let delivery = app.deliveries.get(&id, &caller.principal)?;
        let delivery = delivery.ok_or_else(|| Problem::not_found("delivery", &id))?;
        let mut messages = app.deliveries.messages(&id, &filter, &caller.principal)?;
        let more = messages.len() > limit as usize;
        messages.truncate(limit as usize);
        for message in &mut messages {
            message.kept.tell_in(language);
        }
        let next = messages.last().map(|message| message.number).filter(|_| more);
        Ok(Shown { delivery, messages, next })
    });
    Ok(axum::Json(shown.await?))
}

/// In which format a message is acknowledged.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AcknowledgementQuery {
    /// Format of the acknowledgement, such as `ippc-hub`; that of the message
    /// unless given, or `uncefact-sps-17` where acknowledgements cannot be
    /// written in that.
    format: Option<String>,
}

/// Acknowledges a message of a batch, as `/v1/messages/{id}/acknowledgement`
/// does.
#[utoipa::path(get, path = "/v1/deliveries/{id}/messages/{number}/acknowledgement",
    operation_id = "acknowledge_delivered_message", tag = "deliveries",
    params(
        ("id" = String, Path, description = "Identifier of the batch"),
        ("number" = u32, Path, description = "Position of the message, from 1"), AcknowledgementQuery,
    ),
    responses(
        (status = 200, content((String = "application/xml"))), (status = 404, description = "No such message"),
        (status = 406, description = "No adapter writes acknowledgements in that format"),
    )
)]
pub(super) async fn acknowledge_message(
    State(app): State<App>,
    caller: Caller,
    Path((id, number)): Path<(String, u32)>,
    Query(query): Query<AcknowledgementQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    app.work(move |app| {
        let unknown = || Problem::not_found("message", &format!("{number} of delivery {id}"));
        let message = app.deliveries.message_at(&id, number, &caller.principal)?.ok_or_else(unknown)?;
        acknowledgement(app, &caller, &message, query.format.as_deref(), &headers)
    })
    .await
}

/// Acknowledges a message to its sender, in the partner's own format: whether
/// it was received, readable, accepted or rejected, and with which problems;
/// later, whether goods that relied on it were released (used) or refused at
/// the border.
#[utoipa::path(get, path = "/v1/messages/{id}/acknowledgement", operation_id = "acknowledge_message",
    tag = "deliveries",
    params(("id" = String, Path, description = "Reference of the message"), AcknowledgementQuery),
    responses(
        (status = 200, content((String = "application/xml"))), (status = 404, description = "No such message"),
        (status = 406, description = "No adapter writes acknowledgements in that format"),
    )
)]
pub(super) async fn acknowledge(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<AcknowledgementQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    app.work(move |app| acknowledgement(app, &caller, &id, query.format.as_deref(), &headers)).await
}

fn acknowledgement(
    app: &Parts,
    caller: &Caller,
    id: &str,
    format: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let kept = app.intake.kept(id)?.filter(|kept| caller.principal.sees_messages_of(&kept.sender));
    let kept = kept.ok_or_else(|| Problem::not_found("message", id))?;
    let language = negotiate::language(headers);
    let written = app.deliveries.acknowledge(&kept, format, language, &caller.principal)?;
    let written = written.map_err(|why| {
        let mut problem =
            Problem::new(Code::NotAcceptable, format!("There is no such acknowledgement: {why}."));
        problem.known_formats = app.intake.written_formats();
        problem
    })?;
    let language = HeaderValue::from_static(language.tag());
    let headers = [(header::CONTENT_TYPE, written.media_type)];
    Ok((headers, [(header::CONTENT_LANGUAGE, language)], written.bytes).into_response())
}
