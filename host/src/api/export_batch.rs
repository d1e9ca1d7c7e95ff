//! Many certificates of the own authority in one request.

use axum::extract::State;
use ecert_model::certificates::Certificate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{self, Body};
use super::export_certificates::LoadQuery;
use super::extract::Query;
use super::guard::Caller;
use super::problem::{Detail, Problem};
use super::{App, Parts};
use crate::export::{Input, Loaded, Loading};
use crate::intake::read::{Declared, Unreadable};

/// Lines of a batch at most.
const BATCH: usize = 5_000;
/// Media type of batches: a JSON object a line.
const NDJSON: &str = "application/x-ndjson";

/// One line of a batch: a message, or a certificate in the canonical model.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ExportBatchLine)]
pub(super) struct Line {
    /// A message, as text.
    message: Option<String>,
    /// Its media type; `application/xml` unless given.
    media_type: Option<String>,
    /// Its format; recognised unless given.
    format: Option<String>,
    /// A certificate in the canonical model.
    #[schema(value_type = Option<Object>)]
    certificate: Option<Certificate>,
}

/// What came of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExportBatch)]
pub(super) struct Batch {
    /// Lines that were read.
    lines: usize,
    /// Certificates that are new.
    new: usize,
    /// Certificates that were amended.
    amended: usize,
    /// Certificates that were held already.
    repeated: usize,
    /// Lines that were not taken, conflicts among them.
    refused: usize,
    /// What came of each line, in order.
    results: Vec<LineResult>,
}

/// What came of a line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExportBatchResult)]
pub(super) struct LineResult {
    /// Line of the batch, from 1.
    line: usize,
    /// What came of its certificates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<Loaded>,
    /// Why it was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    /// What is wrong in it, place by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Detail>,
}

/// Loads a batch, one JSON object a line: `{"message": "<…>"}` or
/// `{"certificate": {…}}`. What can be read is stored, all of it together,
/// when the answer comes; the other lines are listed with what is wrong.
/// Sending a batch again stores nothing twice.
#[utoipa::path(post, path = "/v1/export-certificates/batch", operation_id = "load_export_batch", tag = "export",
    params(LoadQuery),
    request_body(content = Line, content_type = "application/x-ndjson"),
    responses(
        (status = 200, body = Batch), (status = 413, description = "Too large"),
        (status = 415, description = "Not application/x-ndjson"), (status = 422, description = "Too many lines, or none"),
    )
)]
pub(super) async fn batch(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<LoadQuery>,
    body: Body,
) -> Result<axum::Json<Batch>, Problem> {
    body.only(&[NDJSON])?;
    let how = query.loading()?;
    app.work(move |app| load_batch(app, &caller, &body.bytes, query.format.as_deref(), how))
        .await
        .map(axum::Json)
}

fn load_batch(
    app: &Parts,
    caller: &Caller,
    bytes: &[u8],
    format: Option<&str>,
    how: Loading,
) -> Result<Batch, Problem> {
    let lines = body::lines::<Line>(bytes);
    if lines.is_empty() || lines.len() > BATCH {
        return Err(Problem::invalid(format!("A batch has 1 to {BATCH} lines, not {}.", lines.len())));
    }
    let inputs: Vec<Result<Input<'_>, String>> = lines
        .iter()
        .map(|(.., line)| {
            line.as_ref().map_or_else(|error| Err(error.to_string()), |line| line.input(format))
        })
        .collect();
    let good = inputs.iter().filter_map(|input| input.as_ref().ok().copied()).collect();
    let mut loaded = app.export.load_all(&caller.sender(), good, how)?.into_iter();
    let results = lines.iter().zip(inputs).map(|((number, ..), input)| match input {
        Err(why) => LineResult::refused(*number, why, Vec::new()),
        Ok(_) => match loaded.next() {
            Some(Ok(certificates)) => {
                LineResult { line: *number, certificates, refused: None, problems: Vec::new() }
            }
            Some(Err(reason)) => LineResult::unreadable(*number, reason),
            None => LineResult::refused(*number, "it was passed over".to_owned(), Vec::new()),
        },
    });
    Ok(Batch::of(results.collect()))
}

impl Line {
    fn input<'l>(&'l self, format: Option<&'l str>) -> Result<Input<'l>, String> {
        match (&self.message, &self.certificate) {
            (Some(message), None) => {
                let media_type = Some(self.media_type.as_deref().unwrap_or("application/xml"));
                let format = self.format.as_deref().or(format);
                Ok(Input::Message(message.as_bytes(), Declared { media_type, format }))
            }
            (None, Some(certificate)) => Ok(Input::Certificate(certificate)),
            _ => Err("a line holds either message or certificate".to_owned()),
        }
    }
}

impl LineResult {
    fn refused(line: usize, why: String, problems: Vec<Detail>) -> Self {
        Self { line, certificates: Vec::new(), refused: Some(why), problems }
    }

    fn unreadable(line: usize, reason: Unreadable) -> Self {
        let why = reason.to_string();
        match reason {
            Unreadable::Problems { problems } => {
                Self::refused(line, why, problems.into_iter().map(Detail::from).collect())
            }
            _ => Self::refused(line, why, Vec::new()),
        }
    }
}

impl Batch {
    fn of(results: Vec<LineResult>) -> Self {
        let count = |outcome: &str| {
            results
                .iter()
                .flat_map(|result| &result.certificates)
                .filter(|loaded| loaded.outcome == outcome)
                .count()
        };
        let refused = results.iter().filter(|result| result.refused.is_some()).count();
        Self {
            lines: results.len(),
            new: count("first"),
            amended: count("amendment"),
            repeated: count("repeat"),
            refused: refused + count("conflict"),
            results,
        }
    }
}
