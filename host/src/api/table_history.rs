//! Reference tables as they are described, were, and differ.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::extract::{Path, Query};
use super::problem::Problem;
use super::tables::Table;
use super::{App, day, instant, micros, negotiate};
use crate::reference::{self, Comparison, columns};

/// A table with what may stand in it, and its versions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribedTable {
    #[serde(flatten)]
    table: Table,
    /// What may stand in each column.
    #[schema(value_type = BTreeMap<String, Object>)]
    contents: std::collections::BTreeMap<String, Value>,
    /// The columns that tell rows apart: of two that agree in them, one at
    /// most holds on a day.
    unique: Vec<String>,
    /// Whether imports wait for a second person.
    sign_off: bool,
    /// The versions, the newest first.
    versions: Vec<TableVersion>,
}

/// A version of a table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TableVersion {
    /// Its number, from 1.
    number: i64,
    /// Its rows.
    rows: i64,
    /// SHA-256 of its content.
    digest: String,
    /// When it was recorded.
    recorded: String,
    /// By whom.
    by: String,
    /// Who signed it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_by: Option<String>,
    /// Why.
    reason: String,
}

/// A state of a table.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StateQuery {
    /// Only the rows that hold on this day.
    on: Option<String>,
    /// As recorded at this instant.
    at: Option<String>,
}

/// Two states of a table.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "kebab-case")]
pub(super) struct DifferencesQuery {
    /// Earlier state: only the rows that hold on this day.
    from_on: Option<String>,
    /// Earlier state: as recorded at this instant.
    from_at: Option<String>,
    /// Later state: only the rows that hold on this day.
    to_on: Option<String>,
    /// Later state: as recorded at this instant.
    to_at: Option<String>,
}

/// What differs between two states of a table: up to a thousand rows of each
/// kind, and how many there are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TableDifferences {
    /// Rows that only the later state has.
    #[schema(value_type = Vec<Object>)]
    added: Vec<Value>,
    /// How many.
    added_count: usize,
    /// Rows that only the earlier state has.
    #[schema(value_type = Vec<Object>)]
    removed: Vec<Value>,
    /// How many.
    removed_count: usize,
    /// Rows that are other in some columns.
    changed: Vec<ChangedRow>,
    /// How many.
    changed_count: usize,
}

/// A row that is other.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangedRow {
    /// The row before.
    #[schema(value_type = Object)]
    before: Value,
    /// The row after.
    #[schema(value_type = Object)]
    after: Value,
    /// The columns in which they differ.
    columns: Vec<String>,
}

impl TableDifferences {
    pub(super) fn of(columns: &[String], comparison: Comparison) -> Self {
        let row = |cells: &Vec<String>| object(columns, cells);
        let changed = |(before, after): &(Vec<String>, Vec<String>)| {
            let differ = |index: &usize| before[*index] != after[*index];
            let columns = (0..columns.len()).filter(differ).map(|index| columns[index].clone()).collect();
            ChangedRow { before: row(before), after: row(after), columns }
        };
        Self {
            added: comparison.added.iter().map(row).collect(),
            added_count: comparison.added_count,
            removed: comparison.removed.iter().map(row).collect(),
            removed_count: comparison.removed_count,
            changed: comparison.changed.iter().map(changed).collect(),
            changed_count: comparison.changed_count,
        }
    }
}

/// A row as JSON, without its empty cells.
fn object(columns: &[String], cells: &[String]) -> Value {
    let filled = columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
    filled
        .map(|(column, cell)| (column.clone(), Value::from(cell.as_str())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn state(on: Option<Date>, at: Option<i64>) -> reference::State {
    reference::State { on, at }
}

/// Describes a table: what may stand in it, and its versions with author and
/// reason.
#[utoipa::path(get, path = "/v1/tables/{name}", operation_id = "get_table", tag = "reference",
    params(("name" = String, Path, description = "Name of the table")),
    responses((status = 200, body = DescribedTable), (status = 404, description = "No such table"))
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<axum::Json<DescribedTable>, Problem> {
    let snapshot = app.reference.snapshot();
    let definition = snapshot.definition(&name)?.clone();
    let version = |entry: reference::VersionEntry| TableVersion {
        number: entry.number,
        rows: entry.rows,
        digest: entry.digest.to_string(),
        recorded: instant(entry.recorded_at),
        by: entry.recorded_by,
        approved_by: entry.approved_by,
        reason: entry.reason,
    };
    let (sign_off, versions) = app
        .work(move |app| Ok((app.reference.needs_sign_off(&name)?, app.reference.versions(Some(&name))?)))
        .await?;
    let contents = definition
        .columns
        .iter()
        .map(|column| (column.name.clone(), serde_json::to_value(&column.content).unwrap_or_default()));
    Ok(axum::Json(DescribedTable {
        table: Table::of(&definition, &snapshot),
        contents: contents.collect(),
        unique: definition.unique.clone(),
        sign_off,
        versions: versions.into_iter().map(version).collect(),
    }))
}

/// Exports a table: all rows, those of a day, as recorded now or at any
/// instant. As CSV it can be imported again.
#[utoipa::path(get, path = "/v1/tables/{name}/rows", operation_id = "export_table", tag = "reference",
    params(("name" = String, Path, description = "Name of the table"), StateQuery),
    responses(
        (status = 200, content((String = "text/csv"), (Vec<Object> = "application/json"))),
        (status = 404, description = "No such table"), (status = 406, description = "None of these media types"),
        (status = 422, description = "The day or the instant is none"),
    )
)]
pub(super) async fn rows(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<StateQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = negotiate::media_type(&headers, &["text/csv", "application/json"])?;
    let state = state(day("on", query.on.as_deref())?, micros("at", query.at.as_deref())?);
    let body = app
        .work(move |app| {
            let (columns, rows) = app.reference.rows(&name, state)?;
            if wanted == "application/json" {
                let list: Vec<Value> = rows.iter().map(|row| object(&columns, row)).collect();
                return serde_json::to_vec(&list).map_err(|error| Problem::internal(&error));
            }
            let mut writer = csv::Writer::from_writer(Vec::new());
            let written = std::iter::once(&columns).chain(&rows).try_for_each(|row| writer.write_record(row));
            written.map_err(|error| Problem::internal(&error))?;
            writer.into_inner().map_err(|error| Problem::internal(&error))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, wanted)], body).into_response())
}

/// Compares two states of a table: between two days, between two instants of
/// recording, or both.
#[utoipa::path(get, path = "/v1/tables/{name}/differences", operation_id = "compare_table", tag = "reference",
    params(("name" = String, Path, description = "Name of the table"), DifferencesQuery),
    responses(
        (status = 200, body = TableDifferences), (status = 404, description = "No such table"),
        (status = 422, description = "A day or an instant is none"),
    )
)]
pub(super) async fn differences(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<DifferencesQuery>,
) -> Result<axum::Json<TableDifferences>, Problem> {
    let from = state(day("from-on", query.from_on.as_deref())?, micros("from-at", query.from_at.as_deref())?);
    let to = state(day("to-on", query.to_on.as_deref())?, micros("to-at", query.to_at.as_deref())?);
    let differences = app
        .work(move |app| {
            let columns = columns(app.reference.snapshot().definition(&name)?);
            Ok(TableDifferences::of(&columns, app.reference.compare(&name, from, to)?))
        })
        .await?;
    Ok(axum::Json(differences))
}
