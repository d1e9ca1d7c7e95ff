//! What institutions abroad ask under their query accounts.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::{IntoParams, ToSchema};

use super::body::Json;
use super::export_certificates::day;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::{App, negotiate};
use crate::export::{Answer, Asked, Range, Report, ReportWanted, Summary};

/// Numbers in one query at most.
const BULK: usize = 500;
/// Answers that tell of no certificate leave at multiples of this, so that
/// their time does not tell what was not there.
const STEP: Duration = Duration::from_millis(50);

/// Waits until the next step after `started`.
pub(super) async fn settle(started: Instant) {
    let steps = started.elapsed().as_micros() / STEP.as_micros() + 1;
    let due = STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX));
    tokio::time::sleep_until(started + due).await;
}

/// What a certificate is asked for by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NumberQuery {
    /// Check code printed on it; needed for another destination's.
    code: Option<String>,
    /// Day of issue, in place of the code for one printed without.
    issued: Option<String>,
}

/// Asks for a certificate by its number; slashes in it are written `%2F`. As
/// JSON, or as an SPS message by the header `Accept`.
#[utoipa::path(get, path = "/v1/queries/certificates/{number}", operation_id = "query_certificate", tag = "queries",
    params(("number" = String, Path, description = "Number, in any way of writing"), NumberQuery),
    responses(
        (status = 200, content((Answer = "application/json"), (String = "application/xml"))),
        (status = 403, description = "The account is suspended or has expired"),
        (status = 404, description = "The token belongs to no account, or there is no such certificate to be given as XML"),
        (status = 406, description = "None of these media types"),
        (status = 422, description = "The query makes no sense, or no adapter writes the message"),
        (status = 429, description = "Too many queries; see Retry-After"),
    )
)]
pub(super) async fn by_number(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
    Query(query): Query<NumberQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let started = Instant::now();
    let wanted = negotiate::media_type(&headers, &["application/json", "application/xml"])?;
    let asked = Asked { number, code: query.code, issued: day("issued", query.issued)? };
    if wanted == "application/xml" {
        let unknown = Problem::not_found("certificate", &asked.number);
        let message = app.work(move |app| Ok(app.export.ask_for_message(&caller.sender(), &asked)?)).await?;
        let Some(message) = message else {
            settle(started).await;
            return Err(unknown);
        };
        return Ok(([(header::CONTENT_TYPE, message.media_type)], message.bytes).into_response());
    }
    let answers = app.work(move |app| Ok(app.export.ask(&caller.sender(), &[asked])?)).await?;
    if answers.iter().all(|answer| answer.answer == "unknown") {
        settle(started).await;
    }
    let answer = answers.into_iter().next();
    answer.map(|answer| axum::Json(answer).into_response()).ok_or_else(|| Problem::internal(&"no answer"))
}

/// Which certificates are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// A container, in any way of writing; without it, by day of issue.
    container: Option<String>,
    /// Issued on or after this day.
    #[serde(rename = "issued-from")]
    issued_from: Option<String>,
    /// Issued on or before this day.
    #[serde(rename = "issued-to")]
    issued_to: Option<String>,
    /// One of the account's countries; all of them unless given.
    country: Option<String>,
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists certificates that concern the account's countries: those in a
/// container, or those issued on certain days, oldest first.
#[utoipa::path(get, path = "/v1/queries/certificates", operation_id = "query_certificates", tag = "queries",
    params(ListQuery),
    responses(
        (status = 200, body = Page<Summary>),
        (status = 403, description = "The account is suspended or has expired"),
        (status = 404, description = "The token belongs to no account"),
        (status = 422, description = "The query makes no sense"),
        (status = 429, description = "Too many queries; see Retry-After"),
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<Summary>>, Problem> {
    let started = Instant::now();
    if let Some(container) = query.container {
        let asked = app.work(move |app| Ok(app.export.ask_by_container(&caller.sender(), &container)?));
        let items = asked.await?;
        if items.is_empty() {
            settle(started).await;
        }
        return Ok(axum::Json(Page { items, next: None }));
    }
    let range = Range {
        from: day("issued-from", query.issued_from)?.unwrap_or_else(|| "0000-01-01".to_owned()),
        to: day("issued-to", query.issued_to)?.unwrap_or_else(|| "9999-12-31".to_owned()),
        country: query.country,
        after: query.after,
        limit: PageQuery { limit: query.limit, after: None }.limit()?,
    };
    let (items, next) = app.work(move |app| Ok(app.export.ask_by_range(&caller.sender(), &range)?)).await?;
    Ok(axum::Json(Page { items, next }))
}

/// Several numbers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = BulkQuery)]
pub(super) struct Bulk {
    /// What is asked for, 1 to 500.
    certificates: Vec<Asked>,
}

/// What is answered to several numbers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BulkAnswer)]
pub(super) struct BulkAnswer {
    /// An answer for each number, in order.
    answers: Vec<Answer>,
}

/// Asks for up to 500 certificates by number; each counts as a query.
#[utoipa::path(post, path = "/v1/queries/bulk", operation_id = "query_in_bulk", tag = "queries", request_body = Bulk,
    responses(
        (status = 200, body = BulkAnswer),
        (status = 403, description = "The account is suspended or has expired"),
        (status = 404, description = "The token belongs to no account"),
        (status = 422, description = "Too many, or none"),
        (status = 429, description = "Too many queries; see Retry-After"),
    )
)]
pub(super) async fn bulk(
    State(app): State<App>,
    caller: Caller,
    Json(bulk): Json<Bulk>,
) -> Result<axum::Json<BulkAnswer>, Problem> {
    let started = Instant::now();
    if !(1..=BULK).contains(&bulk.certificates.len()) {
        let count = bulk.certificates.len();
        return Err(Problem::invalid(format!("certificates has {count} entries; 1 to {BULK} are taken.")));
    }
    let answers = app.work(move |app| Ok(app.export.ask(&caller.sender(), &bulk.certificates)?)).await?;
    settle(started).await;
    Ok(axum::Json(BulkAnswer { answers }))
}

/// A report just made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReportMade)]
pub(super) struct ReportMade {
    /// Identifier.
    id: String,
}

/// Reports what became of a certificate: accepted, refused, or suspected to
/// be false. The number need not be one that exists.
#[utoipa::path(post, path = "/v1/queries/reports", operation_id = "report_certificate", tag = "queries",
    request_body = ReportWanted,
    responses(
        (status = 201, body = ReportMade),
        (status = 403, description = "The account is suspended or has expired"),
        (status = 404, description = "The token belongs to no account"),
        (status = 422, description = "Without number or reason"),
        (status = 429, description = "Too many queries; see Retry-After"),
    )
)]
pub(super) async fn report(
    State(app): State<App>,
    caller: Caller,
    Json(wanted): Json<ReportWanted>,
) -> Result<(StatusCode, axum::Json<ReportMade>), Problem> {
    let id = app.work(move |app| Ok(app.export.report(&caller.sender(), wanted)?)).await?;
    Ok((StatusCode::CREATED, axum::Json(ReportMade { id })))
}

/// Which reports to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportsQuery {
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists the reports of the own account, and whether an officer took note of
/// them, the latest first.
#[utoipa::path(get, path = "/v1/queries/reports", operation_id = "list_own_reports", tag = "queries",
    params(ReportsQuery),
    responses(
        (status = 200, body = Page<Report>),
        (status = 403, description = "The account is suspended or has expired"),
        (status = 404, description = "The token belongs to no account"),
    )
)]
pub(super) async fn reports(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ReportsQuery>,
) -> Result<axum::Json<Page<Report>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let (limit, after) = (page.limit()?, page.after()?);
    let asked =
        app.work(move |app| Ok(app.export.own_reports(&caller.sender(), after.as_deref(), limit + 1)?));
    Ok(axum::Json(Page::cut(asked.await?, limit, |report| &report.id)))
}
