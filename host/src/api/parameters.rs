//! Parameters of rule sets: set in layers, shown with their history.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::Json;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::problem::Problem;
use super::{App, Parts, instant};
use crate::reference::{Layer, ParameterEntry, Target};

/// What parameters are set for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "kebab-case")]
pub(super) struct TargetQuery {
    /// `global` unless given, or `commodity`, `partner`, `agreement`: the
    /// later ones go before the earlier.
    layer: Option<String>,
    /// Commodity prefix, country or agreement; none for all.
    selector: Option<String>,
    /// First decision date they hold.
    valid_from: Option<String>,
    /// Last decision date they hold.
    valid_until: Option<String>,
    /// Why, for the record.
    reason: Option<String>,
}

/// Parameters that were set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParameterEntry)]
pub(super) struct Entry {
    /// Identifier.
    id: String,
    /// The layer.
    layer: String,
    /// Commodity prefix, country or agreement; empty for all.
    #[serde(skip_serializing_if = "String::is_empty")]
    selector: String,
    /// First decision date they hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<String>,
    /// Last decision date they hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    /// The parameters.
    #[schema(value_type = Object)]
    content: Value,
    /// When they were recorded.
    recorded: String,
    /// Why.
    reason: String,
}

/// The parameters of a rule set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Parameters)]
pub(super) struct ParametersOf {
    /// Name of the rule set.
    rule_set: String,
    /// All that was set, in the order of recording.
    entries: Vec<Entry>,
}

impl From<&ParameterEntry> for Entry {
    fn from(entry: &ParameterEntry) -> Self {
        let day = |day: Option<ecert_model::values::Date>| day.map(|day| day.to_string());
        Self {
            id: entry.id.clone(),
            layer: entry.target.layer.name().to_owned(),
            selector: entry.target.selector.clone(),
            valid_from: day(entry.target.valid_from),
            valid_until: day(entry.target.valid_until),
            content: entry.content.clone(),
            recorded: instant(entry.recorded_at),
            reason: entry.reason.clone(),
        }
    }
}

/// Sets parameters of a rule set, after the schema in its manifest. `null`
/// takes back what was set before for the same layer.
#[utoipa::path(put, path = "/v1/parameters/{rule_set}", operation_id = "set_parameters", tag = "reference",
    params(("rule_set" = String, Path, description = "Name of the rule set"), TargetQuery),
    request_body(content = Object, description = "The parameters"),
    responses(
        (status = 200, body = Entry), (status = 404, description = "No such rule set"),
        (status = 422, description = "The parameters are not as the rule set wants them"),
    )
)]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    Path(rule_set): Path<String>,
    Query(query): Query<TargetQuery>,
    Json(content): Json<Value>,
) -> Result<axum::Json<Entry>, Problem> {
    let layer = query.layer.as_deref().map_or(Ok(Layer::default()), str::parse);
    let target = Target {
        rule_set,
        layer: layer.map_err(Problem::invalid)?,
        selector: query.selector.unwrap_or_default(),
        valid_from: day("valid-from", query.valid_from.as_deref())?,
        valid_until: day("valid-until", query.valid_until.as_deref())?,
    };
    let reason = query.reason.unwrap_or_default();
    let entry = app
        .work(move |app| {
            known(app, &target.rule_set)?;
            let Caller { principal, source } = &caller;
            Ok(app.reference.set_parameters(principal, source, target, content, &reason)?)
        })
        .await?;
    Ok(axum::Json(Entry::from(&entry)))
}

/// Shows the parameters of a rule set.
#[utoipa::path(get, path = "/v1/parameters/{rule_set}", operation_id = "get_parameters", tag = "reference",
    params(("rule_set" = String, Path, description = "Name of the rule set")),
    responses((status = 200, body = ParametersOf), (status = 404, description = "No such rule set"))
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(rule_set): Path<String>,
) -> Result<axum::Json<ParametersOf>, Problem> {
    known(&app, &rule_set)?;
    let snapshot = app.reference.snapshot();
    let entries = snapshot.parameters.history(&rule_set).map(Entry::from).collect();
    Ok(axum::Json(ParametersOf { rule_set, entries }))
}

fn known(app: &Parts, rule_set: &str) -> Result<(), Problem> {
    let snapshot = app.registry.snapshot();
    let known = snapshot.versions().iter().any(|version| version.plugin.manifest().name == rule_set);
    if known { Ok(()) } else { Err(Problem::not_found("rule set", rule_set)) }
}

fn day(name: &str, text: Option<&str>) -> Result<Option<ecert_model::values::Date>, Problem> {
    let wrong = |_| Problem::invalid(format!("{name} should be a date such as 2027-01-31."));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}
