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
use super::trial::TrialQuery;
use super::{App, Parts, day, instant, today};
use crate::reference::{
    self, Direction, Layer, ParameterEntry, Question, Target, governing, is_country, schema_problems,
    takes_tolerances,
};
use crate::registry;
use crate::verification::Foresight;

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

impl TargetQuery {
    fn target(&self, rule_set: String) -> Result<Target, Problem> {
        let layer = self.layer.as_deref().map_or(Ok(Layer::default()), str::parse);
        Ok(Target {
            rule_set,
            layer: layer.map_err(Problem::invalid)?,
            selector: self.selector.clone().unwrap_or_default(),
            valid_from: day("valid-from", self.valid_from.as_deref())?,
            valid_until: day("valid-until", self.valid_until.as_deref())?,
        })
    }
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
    /// By whom.
    by: String,
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
            by: entry.recorded_by.clone(),
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
    let target = query.target(rule_set)?;
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

/// Says which stored cases would decide otherwise under these parameters.
/// Nothing is changed.
#[utoipa::path(post, path = "/v1/parameters/{rule_set}/trial", operation_id = "try_parameters", tag = "reference",
    params(("rule_set" = String, Path, description = "Name of the rule set"), TargetQuery, TrialQuery),
    request_body(content = Object, description = "The parameters"),
    responses(
        (status = 200, body = Foresight), (status = 404, description = "No such rule set"),
        (status = 422, description = "The parameters are not as the rule set wants them"),
    )
)]
pub(super) async fn try_out(
    State(app): State<App>,
    Path(rule_set): Path<String>,
    Query(query): Query<TargetQuery>,
    Query(trial): Query<TrialQuery>,
    Json(content): Json<Value>,
) -> Result<axum::Json<Foresight>, Problem> {
    let target = query.target(rule_set)?;
    let work = move |app: &Parts| {
        fits(app, &target.rule_set, &content)?;
        trial.run(app, app.reference.with_parameters(target, content))
    };
    app.work(work).await
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

/// For which goods, on which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EffectiveQuery {
    /// Commodity code, digits only.
    commodity: Option<String>,
    /// Country of origin.
    origin: Option<String>,
    /// Name of the agreement; the one for imports of this commodity from this
    /// origin unless given.
    agreement: Option<String>,
    /// The decision date, today unless given.
    on: Option<String>,
}

/// Parameters as they hold for some goods on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EffectiveParameters)]
pub(super) struct Effective {
    /// Name of the rule set.
    rule_set: String,
    /// The decision date.
    on: String,
    /// The agreement that decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<String>,
    /// The effective value, as the rule set is given it.
    #[schema(value_type = Object)]
    value: Value,
    /// Where each member of it comes from, and the defaults of the others.
    members: Vec<Member>,
}

/// A member of the effective value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EffectiveParameter)]
pub(super) struct Member {
    /// JSON pointer to it.
    pointer: String,
    /// Its value.
    #[schema(value_type = Object)]
    value: Value,
    /// Where it comes from: a layer, `agreement-tolerances`, or `default` of
    /// the rule set.
    source: String,
    /// Commodity prefix, country or agreement.
    #[serde(skip_serializing_if = "String::is_empty")]
    selector: String,
    /// The entry that set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Entry>,
}

impl Member {
    fn set(member: &reference::Member<'_>, agreement: Option<&str>) -> Self {
        let target = member.entry.map(|entry| &entry.target);
        Self {
            pointer: member.pointer.clone(),
            value: member.value.clone(),
            source: target.map_or("agreement-tolerances", |target| target.layer.name()).to_owned(),
            selector: target.map_or(agreement.unwrap_or_default(), |target| &target.selector).to_owned(),
            entry: member.entry.map(Entry::from),
        }
    }

    /// The defaults of members that nobody set.
    fn defaults(schema: Option<&Value>, value: &Value) -> Vec<Self> {
        let properties = schema.and_then(|schema| schema["properties"].as_object());
        let unset = properties.into_iter().flatten().filter(|(name, _)| value.get(name.as_str()).is_none());
        let default = |(name, property): (&String, &Value)| {
            let value = property.get("default")?.clone();
            let (source, selector) = ("default".to_owned(), String::new());
            Some(Self { pointer: format!("/{name}"), value, source, selector, entry: None })
        };
        unset.filter_map(default).collect()
    }
}

/// Shows the parameters of a rule set that hold for some goods on a day, and
/// where each member comes from.
#[utoipa::path(get, path = "/v1/parameters/{rule_set}/effective", operation_id = "get_effective_parameters",
    tag = "reference",
    params(("rule_set" = String, Path, description = "Name of the rule set"), EffectiveQuery),
    responses(
        (status = 200, body = Effective), (status = 404, description = "No such rule set or agreement"),
        (status = 422, description = "The commodity, the origin or the day is none"),
    )
)]
pub(super) async fn effective(
    State(app): State<App>,
    Path(rule_set): Path<String>,
    Query(query): Query<EffectiveQuery>,
) -> Result<axum::Json<Effective>, Problem> {
    let versions = versions(&app, &rule_set);
    let Some(newest) = versions.last() else { return Err(Problem::not_found("rule set", &rule_set)) };
    let schema = newest.plugin.manifest().parameters.as_ref();
    let on = day("on", query.on.as_deref())?.unwrap_or_else(today);
    let commodity = query.commodity.as_deref().unwrap_or_default();
    if !commodity.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::invalid(format!(
            "commodity is {commodity:?}; it should be digits such as 0201."
        )));
    }
    let origin = query.origin.as_deref();
    if let Some(origin) = origin.filter(|origin| !is_country(origin)) {
        return Err(Problem::invalid(format!(
            "origin is {origin:?}; it should be a country code such as NZ."
        )));
    }
    let snapshot = app.reference.snapshot();
    let in_force: Vec<_> = snapshot.agreements.all_on(on).cloned().collect();
    let agreement = match &query.agreement {
        Some(name) => {
            let found = snapshot.agreements.on(name, on);
            Some(found.ok_or_else(|| Problem::not_found("agreement in force", name))?)
        }
        None => origin.and_then(|origin| governing(&in_force, origin, Direction::Import, commodity)),
    };
    let question = Question {
        rule_set: &rule_set,
        commodity,
        partner: origin,
        agreement: agreement.map(|agreement| &**agreement),
        tolerances: takes_tolerances(schema),
        day: on,
    };
    let value = snapshot.parameters.effective(&question);
    let value: Value = serde_json::from_str(&value).map_err(|error| Problem::internal(&error))?;
    let agreement = agreement.map(|agreement| agreement.name.clone());
    let explained = snapshot.parameters.explained(&question);
    let mut members: Vec<Member> =
        explained.iter().map(|member| Member::set(member, agreement.as_deref())).collect();
    members.extend(Member::defaults(schema, &value));
    Ok(axum::Json(Effective { on: on.to_string(), agreement, value, members, rule_set: rule_set.clone() }))
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
            return Err(
                Problem::invalid(detail).with_problems(problems.into_iter().map(Detail::from).collect())
            );
        }
    }
    Ok(())
}
