//! Reference tables: imported, listed.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::TableBody;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::Page;
use super::problem::Problem;
use super::trial::TrialQuery;
use super::{App, instant};
use crate::reference::{self, Definition};
use crate::verification::Foresight;

/// Why a table is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportQuery {
    /// Why, for the record.
    reason: Option<String>,
}

/// What became of an import.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TableImported)]
pub(super) struct Imported {
    /// Name of the table.
    name: String,
    /// Number of the version that holds now.
    version: u64,
    /// SHA-256 of its content.
    digest: String,
    /// Its rows.
    rows: usize,
    /// Whether it is new; the same content again makes no new version.
    changed: bool,
    /// The proposal, where a second person has to sign it off before it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<String>,
}

impl From<reference::Imported> for Imported {
    fn from(imported: reference::Imported) -> Self {
        Self {
            name: imported.table,
            version: imported.version,
            digest: imported.digest.to_string(),
            rows: imported.rows,
            changed: imported.changed,
            proposal: imported.proposal,
        }
    }
}

/// A table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Table {
    /// Name.
    name: String,
    /// Its columns, without `validFrom` and `validUntil`.
    columns: Vec<String>,
    /// Number of the version that holds now; none before the first import.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// Rows of that version.
    rows: usize,
    /// SHA-256 of its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    /// When it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<String>,
}

impl Table {
    pub(super) fn of(definition: &Definition, snapshot: &reference::Snapshot) -> Self {
        let version = snapshot.table(&definition.name);
        Self {
            name: definition.name.clone(),
            columns: definition.columns.iter().map(|column| column.name.clone()).collect(),
            version: version.map(|version| version.number),
            rows: version.map_or(0, |version| version.len()),
            digest: version.map(|version| version.digest.to_string()),
            recorded: version.map(|version| instant(version.recorded_at)),
        }
    }
}

/// Imports a table: CSV with a header line, or a JSON list of objects. All
/// rows are taken, as the next version, or none, with what is wrong per row.
/// Where the table asks for it, they wait for a second person.
#[utoipa::path(put, path = "/v1/tables/{name}", operation_id = "import_table", tag = "reference",
    params(("name" = String, Path, description = "Name of the table"), ImportQuery),
    request_body(content((String = "text/csv"), (Vec<Object> = "application/json"))),
    responses(
        (status = 200, body = Imported), (status = 202, body = Imported, description = "It waits for a second person"),
        (status = 404, description = "No such table"),
        (status = 413, description = "Too large"), (status = 415, description = "Neither CSV nor JSON"),
        (status = 422, description = "Rows are wrong; each is listed with its line"),
    )
)]
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<ImportQuery>,
    TableBody(body): TableBody,
) -> Result<(StatusCode, axum::Json<Imported>), Problem> {
    let imported = app
        .work(move |app| {
            let reason = query.reason.unwrap_or_default();
            let Caller { principal, source } = &caller;
            Ok(app.reference.import(principal, source, &name, &body.bytes, &reason)?)
        })
        .await?;
    let status = if imported.proposal.is_some() { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, axum::Json(imported.into())))
}

/// Lists the tables, imported or not.
#[utoipa::path(get, path = "/v1/tables", operation_id = "list_tables", tag = "reference", responses(
    (status = 200, body = Page<Table>),
))]
pub(super) async fn list(State(app): State<App>) -> axum::Json<Page<Table>> {
    let snapshot = app.reference.snapshot();
    let items = snapshot.definitions().map(|definition| Table::of(definition, &snapshot)).collect();
    axum::Json(Page { items, next: None })
}

/// Says which stored cases would decide otherwise after an import. Nothing is
/// changed.
#[utoipa::path(post, path = "/v1/tables/{name}/trial", operation_id = "try_table", tag = "reference",
    params(("name" = String, Path, description = "Name of the table"), TrialQuery),
    request_body(content((String = "text/csv"), (Vec<Object> = "application/json"))),
    responses(
        (status = 200, body = Foresight), (status = 404, description = "No such table"),
        (status = 413, description = "Too large"), (status = 415, description = "Neither CSV nor JSON"),
        (status = 422, description = "Rows are wrong; each is listed with its line"),
    )
)]
pub(super) async fn try_out(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<TrialQuery>,
    TableBody(body): TableBody,
) -> Result<axum::Json<Foresight>, Problem> {
    app.work(move |app| query.run(app, app.reference.with_table(&name, &body.bytes))).await
}
