//! Parameters of rule sets: set in layers, shown with their history.

use axum::extract::State;
use ecert_model::manifest::Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::Json;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::problem::{Detail, Problem};
use super::{App, Parts, instant};
use crate::reference::{Layer, ParameterEntry, SchemaProblem, Target, schema_problems};
use crate::registry;

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
    /// JSON Schema of its parameters, of the newest version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    schema: Option<Value>,
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
            fits(app, &target.rule_set, &content)?;
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
    let versions = versions(&app, &rule_set);
    let Some(newest) = versions.last() else { return Err(Problem::not_found("rule set", &rule_set)) };
    let schema = newest.plugin.manifest().parameters.clone();
    let snapshot = app.reference.snapshot();
    let entries = snapshot.parameters.history(&rule_set).map(Entry::from).collect();
    Ok(axum::Json(ParametersOf { rule_set, schema, entries }))
}

/// The versions of a rule set, the oldest first.
fn versions(app: &Parts, rule_set: &str) -> Vec<registry::Version> {
    let snapshot = app.registry.snapshot();
    let own = snapshot.versions().iter().filter(|version| {
        let manifest = version.plugin.manifest();
        manifest.kind == Kind::RuleSet && manifest.name == rule_set
    });
    own.cloned().collect()
}

/// Refuses parameters that an active version of the rule set, or the newest
/// where none is active, would not take.
fn fits(app: &Parts, rule_set: &str, content: &Value) -> Result<(), Problem> {
    let mut judging = versions(app, rule_set);
    let Some(newest) = judging.last().cloned() else { return Err(Problem::not_found("rule set", rule_set)) };
    if content.is_null() {
        return Ok(());
    }
    judging.retain(|version| version.state == registry::State::Active);
    if judging.is_empty() {
        judging.push(newest);
    }
    for version in judging {
        let manifest = version.plugin.manifest();
        let Some(schema) = &manifest.parameters else { continue };
        let problems = schema_problems(schema, content);
        if !problems.is_empty() {
            let detail = format!(
                "The parameters are not as {rule_set} {} wants them: see schema in GET /v1/parameters/{rule_set}.",
                manifest.version
            );
            let detailed = |problem: SchemaProblem| Detail {
                code: "schema".to_owned(),
                text: problem.text,
                path: Some(problem.pointer).filter(|pointer| !pointer.is_empty()),
                ..Detail::default()
            };
            return Err(Problem::invalid(detail).with_problems(problems.into_iter().map(detailed).collect()));
        }
    }
    Ok(())
}

fn day(name: &str, text: Option<&str>) -> Result<Option<ecert_model::values::Date>, Problem> {
    let wrong = |_| Problem::invalid(format!("{name} should be a date such as 2027-01-31."));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}
