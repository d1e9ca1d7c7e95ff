//! Declarations: lodged, judged, listed.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::App;
use super::body::Body;
use super::certificates::MessageQuery;
use super::extract::Query;
use super::guard::Caller;
use super::once::{Once, answer};
use super::page::{Page, PageQuery};
use super::problem::Problem;
use crate::intake::read::Declared;
use crate::verification::record::Record;
use crate::verification::{DeclarationFilter, Finish, ListedDeclaration};

/// Lodges a declaration: it is stored, verified, and answered with the
/// verdict. The status is 200 whatever the verdict.
#[utoipa::path(post, path = "/v1/declarations", operation_id = "lodge_declaration", tag = "declarations",
    params(MessageQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe")),
    request_body(content = String, content_type = "application/xml", description = "The message, in any media type an adapter reads"),
    responses(
        (status = 200, body = Record),
        (status = 409, description = "A request with this key is being worked on"),
        (status = 413, description = "Too large"), (status = 415, description = "Media type not taken"),
        (status = 422, description = "It cannot be read; it is kept as rejected"),
    )
)]
pub(super) async fn lodge(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<MessageQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let once = Once::of(&headers, &caller, "POST /v1/declarations", &body.bytes)?;
    app.once(once, move |app, claim| {
        let declared = Declared { media_type: Some(&body.media_type), format: query.format.as_deref() };
        // The answer is kept in the transaction that keeps the record.
        let finish = claim.cloned().map(|claim| -> Finish {
            Box::new(move |transaction, record| claim.finish(transaction, &answer(StatusCode::OK, record)))
        });
        let record = app.verification.declare(&caller.sender(), &body.bytes, declared, finish)?;
        measure(&record);
        Ok(answer(StatusCode::OK, &record))
    })
    .await
}

fn measure(record: &Record) {
    let microseconds = Duration::from_micros;
    metrics::histogram!("ecert_verification_duration_seconds").record(microseconds(record.microseconds));
    for run in &record.rule_sets {
        let labels = [("rule_set", run.name.clone()), ("version", run.version.clone())];
        metrics::histogram!("ecert_rule_set_duration_seconds", &labels)
            .record(microseconds(run.microseconds));
    }
}

/// Which declarations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DeclarationsQuery {
    /// Local or movement reference number, in any way of writing.
    reference: Option<String>,
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists declarations, the latest first.
#[utoipa::path(get, path = "/v1/declarations", operation_id = "list_declarations", tag = "declarations",
    params(DeclarationsQuery),
    responses((status = 200, body = Page<ListedDeclaration>), (status = 422, description = "A filter is wrong"))
)]
pub(super) async fn list(
    State(app): State<App>,
    Query(query): Query<DeclarationsQuery>,
) -> Result<axum::Json<Page<ListedDeclaration>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let filter = DeclarationFilter { reference: query.reference, after: page.after()?, limit: limit + 1 };
    let items = app.work(move |app| Ok(app.verification.declarations(&filter)?)).await?;
    Ok(axum::Json(Page::cut(items, limit, |declaration| &declaration.id)))
}
