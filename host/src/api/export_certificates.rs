//! Certificates of the own authority: loaded, searched, changed.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ecert_model::certificates::Certificate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, Json, parse};
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::{App, negotiate};
use crate::export::{Event, Filter, Input, Listed, Loaded, Loading, Report, Status};
use crate::intake::read::Declared;

/// How certificates are loaded.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LoadQuery {
    /// Format of the message, such as `uncefact-sps-17`; recognised unless
    /// given.
    pub format: Option<String>,
    /// `no` for certificates that were printed without a check code.
    codes: Option<String>,
    /// `yes` gives certificates that are held already a new code too, in place
    /// of their old one: for a batch whose answer was lost.
    #[serde(rename = "renew-codes")]
    renew_codes: Option<String>,
}

impl LoadQuery {
    /// How they are loaded.
    pub(super) fn loading(&self) -> Result<Loading, Problem> {
        Ok(Loading {
            codes: flag("codes", self.codes.as_deref(), true)?,
            renew_codes: flag("renew-codes", self.renew_codes.as_deref(), false)?,
        })
    }
}

pub(super) fn flag(name: &str, value: Option<&str>, usual: bool) -> Result<bool, Problem> {
    match value {
        None => Ok(usual),
        Some("yes") => Ok(true),
        Some("no") => Ok(false),
        Some(other) => Err(Problem::invalid(format!("{name} is {other:?}; it must be yes or no."))),
    }
}

/// What came of a message of certificates.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExportCertificatesLoaded)]
pub(super) struct LoadedMessage {
    /// What came of each certificate.
    certificates: Vec<Loaded>,
}

/// Loads certificates of the own authority from a message, or one in the
/// canonical model as `application/json`. A new one gets a check code, which
/// is shown only now.
#[utoipa::path(post, path = "/v1/export-certificates", operation_id = "load_export_certificates", tag = "export",
    params(LoadQuery),
    request_body(content = String, content_type = "application/xml", description = "The message, in any media type an adapter reads"),
    responses(
        (status = 201, body = LoadedMessage), (status = 200, body = LoadedMessage, description = "All of it was held already"),
        (status = 409, description = "Another content is held under this number, and this is no later version"),
        (status = 413, description = "Too large"), (status = 415, description = "Media type not taken"),
        (status = 422, description = "It cannot be read, or is not an issued certificate of the own authority"),
    )
)]
pub(super) async fn load(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<LoadQuery>,
    body: Body,
) -> Result<Response, Problem> {
    let how = query.loading()?;
    let certificates = app
        .work(move |app| {
            let sender = caller.sender();
            if body.media_type == "application/json" && query.format.is_none() {
                let certificate: Certificate = parse(&body.bytes)?;
                return Ok(app.export.load(&sender, Input::Certificate(&certificate), how)?);
            }
            let declared = Declared { media_type: Some(&body.media_type), format: query.format.as_deref() };
            Ok(app.export.load(&sender, Input::Message(&body.bytes, declared), how)?)
        })
        .await?;
    if let Some(conflict) = certificates.iter().find(|loaded| loaded.outcome == "conflict") {
        let detail = format!(
            "{} is held as certificate {} with other content (version {}, {}). An amendment has a later version or \
             another status.",
            conflict.number,
            conflict.id,
            conflict.version,
            conflict.status.name()
        );
        return Err(Problem::new(Code::Conflict, detail));
    }
    let new = certificates.iter().any(|loaded| loaded.outcome != "repeat");
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(LoadedMessage { certificates })).into_response())
}

/// Which export certificates to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// Number, in any way of writing.
    number: Option<String>,
    /// Container, in any way of writing.
    container: Option<String>,
    /// Country of destination or transit.
    country: Option<String>,
    /// Issued on or after this day (with country).
    #[serde(rename = "issued-from")]
    issued_from: Option<String>,
    /// Issued on or before this day (with country).
    #[serde(rename = "issued-to")]
    issued_to: Option<String>,
    /// `issued`, `withdrawn`, `replaced` or `cancelled`.
    #[param(value_type = Option<String>)]
    status: Option<Status>,
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists certificates of the own authority, the last loaded first; of a
/// country, the last issued first.
#[utoipa::path(get, path = "/v1/export-certificates", operation_id = "list_export_certificates", tag = "export",
    params(SearchQuery),
    responses((status = 200, body = Page<Listed>), (status = 422, description = "The query makes no sense"))
)]
pub(super) async fn list(
    State(app): State<App>,
    Query(query): Query<SearchQuery>,
) -> Result<axum::Json<Page<Listed>>, Problem> {
    let limit = PageQuery { limit: query.limit, after: None }.limit()?;
    let after = query.after.as_deref().map(str::parse).transpose();
    if query.country.is_none() && (query.issued_from.is_some() || query.issued_to.is_some()) {
        return Err(Problem::invalid("issued-from and issued-to go with country."));
    }
    let filter = Filter {
        number: query.number,
        container: query.container,
        country: query.country,
        issued_from: day("issued-from", query.issued_from)?,
        issued_to: day("issued-to", query.issued_to)?,
        status: query.status,
        after: after.map_err(|_| Problem::invalid("after is not the next of a page of this list."))?,
        limit: limit + 1,
    };
    let mut items = app.work(move |app| Ok(app.export.search(&filter)?)).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|item| item.id.to_string());
    Ok(axum::Json(Page { items, next }))
}

/// A day of the query, as it is written in ISO 8601.
pub(super) fn day(name: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    let wrong = || Problem::invalid(format!("{name} should be a day such as 2027-01-31."));
    let parsed = text.map(|text| text.parse::<jiff::civil::Date>().map_err(|_| wrong())).transpose()?;
    Ok(parsed.map(|day| day.to_string()))
}

/// A certificate and its history.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExportCertificateShown)]
pub(super) struct Shown {
    #[serde(flatten)]
    listed: Listed,
    /// What became of it, oldest first.
    events: Vec<Event>,
    /// The certificate in the canonical model.
    #[schema(value_type = Object)]
    certificate: Certificate,
}

/// Shows a certificate of the own authority: canonical with its history, or
/// as received, by the header `Accept`.
#[utoipa::path(get, path = "/v1/export-certificates/{id}", operation_id = "get_export_certificate", tag = "export",
    params(("id" = i64, Path, description = "Identifier")),
    responses(
        (status = 200, content((Shown = "application/json"), (String = "application/xml"))),
        (status = 404, description = "No such certificate, or it came without a message"),
        (status = 406, description = "None of these media types"),
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = negotiate::media_type(&headers, &["application/json", "application/xml"])?;
    app.work(move |app| {
        let unknown = || Problem::not_found("export certificate", &id);
        let number = id.parse().map_err(|_| unknown())?;
        if wanted == "application/xml" {
            let original = app.export.original(number)?.ok_or_else(unknown)?;
            return Ok(([(header::CONTENT_TYPE, original.media_type)], original.bytes).into_response());
        }
        let shown = app.export.show(number)?.ok_or_else(unknown)?;
        let shown = Shown { listed: shown.listed, events: shown.events, certificate: shown.certificate };
        Ok(axum::Json(shown).into_response())
    })
    .await
}

/// A change of status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ExportStatusChange)]
pub(super) struct StatusChange {
    /// The status it gets.
    status: Status,
    /// Why.
    reason: String,
    /// Number of the certificate that stands in its place, for `replaced`.
    replaced_by: Option<String>,
}

/// Withdraws, cancels or replaces a certificate, or puts a withdrawn one in
/// force again.
#[utoipa::path(post, path = "/v1/export-certificates/{id}/status", operation_id = "set_export_status", tag = "export",
    params(("id" = i64, Path, description = "Identifier")), request_body = StatusChange,
    responses(
        (status = 200, body = Listed), (status = 404, description = "No such certificate"),
        (status = 409, description = "Its status does not become this one"),
        (status = 422, description = "Without a reason, or without a successor"),
    )
)]
pub(super) async fn set_status(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(change): Json<StatusChange>,
) -> Result<axum::Json<Listed>, Problem> {
    app.work(move |app| {
        let unknown = || Problem::not_found("export certificate", &id);
        let number = id.parse().map_err(|_| unknown())?;
        let successor = change.replaced_by.as_deref();
        app.export.set_status(&caller.sender(), number, change.status, &change.reason, successor)?;
        Ok(axum::Json(app.export.show(number)?.ok_or_else(unknown)?.listed))
    })
    .await
}

/// A check code just made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CheckCode)]
pub(super) struct CheckCode {
    /// The code, to be printed on the certificate. It is shown only now.
    check_code: String,
    /// Address of the public check with number and code, for the QR code.
    link: String,
}

/// Makes a new check code, in place of the one before, which opens nothing
/// any more.
#[utoipa::path(post, path = "/v1/export-certificates/{id}/code", operation_id = "renew_check_code", tag = "export",
    params(("id" = i64, Path, description = "Identifier")),
    responses((status = 201, body = CheckCode), (status = 404, description = "No such certificate"))
)]
pub(super) async fn renew_code(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, axum::Json<CheckCode>), Problem> {
    let made = app.work(move |app| {
        let number = id.parse().map_err(|_| Problem::not_found("export certificate", &id))?;
        Ok(app.export.renew_code(&caller.sender(), number)?)
    });
    let (check_code, link) = made.await?;
    Ok((StatusCode::CREATED, axum::Json(CheckCode { check_code, link })))
}

/// The code that a QR code is wanted for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QrQuery {
    /// Check code of the certificate.
    code: String,
}

/// The QR code of a certificate, whose check code the caller has.
#[utoipa::path(get, path = "/v1/export-certificates/{id}/qr", operation_id = "get_qr_code", tag = "export",
    params(("id" = i64, Path, description = "Identifier"), QrQuery),
    responses(
        (status = 200, content((String = "image/svg+xml"), (Vec<u8> = "image/png"))),
        (status = 404, description = "No such certificate"), (status = 406, description = "Neither SVG nor PNG"),
        (status = 422, description = "Not the check code of this certificate"),
    )
)]
pub(super) async fn qr(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<QrQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = negotiate::media_type(&headers, &["image/svg+xml", "image/png"])?;
    let image = app.work(move |app| {
        let number = id.parse().map_err(|_| Problem::not_found("export certificate", &id))?;
        Ok(app.export.qr(number, &query.code, wanted == "image/png")?)
    });
    Ok(([(header::CONTENT_TYPE, wanted)], image.await?).into_response())
}

/// Which reports to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportsQuery {
    /// `no` lists those that officers took note of already too.
    open: Option<String>,
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists what verifiers abroad reported, the latest first.
#[utoipa::path(get, path = "/v1/export-certificates/reports", operation_id = "list_verifier_reports", tag = "export",
    params(ReportsQuery), responses((status = 200, body = Page<Report>))
)]
pub(super) async fn reports(
    State(app): State<App>,
    Query(query): Query<ReportsQuery>,
) -> Result<axum::Json<Page<Report>>, Problem> {
    let open = flag("open", query.open.as_deref(), true)?;
    let page = PageQuery { limit: query.limit, after: query.after };
    let (limit, after) = (page.limit()?, page.after()?);
    let items = app.work(move |app| Ok(app.export.reports(open, after.as_deref(), limit + 1)?)).await?;
    Ok(axum::Json(Page::cut(items, limit, |report| &report.id)))
}

/// What an officer did about a report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ReportAcknowledgement)]
pub(super) struct Acknowledgement {
    /// What was done about it.
    #[serde(default)]
    note: String,
}

/// An officer takes note of a report.
#[utoipa::path(post, path = "/v1/export-certificates/reports/{id}/acknowledgement",
    operation_id = "acknowledge_verifier_report", tag = "export",
    params(("id" = String, Path, description = "Identifier of the report")), request_body = Acknowledgement,
    responses(
        (status = 204, description = "It is noted"), (status = 404, description = "No such report"),
        (status = 409, description = "It was noted already"), (status = 422, description = "The note is too long"),
    )
)]
pub(super) async fn acknowledge(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Acknowledgement>,
) -> Result<StatusCode, Problem> {
    app.work(move |app| Ok(app.export.acknowledge(&caller.sender(), &id, &body.note)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}
