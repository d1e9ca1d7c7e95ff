//! Agreements with partners: said, ended, interrupted, shown with their
//! history.

use axum::extract::State;
use axum::http::StatusCode;
use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::Json;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::Page;
use super::problem::Problem;
use super::trial::TrialQuery;
use super::{App, day, instant, today};
use crate::reference::{AgreementEntry, Outage, Terms};
use crate::verification::Foresight;

/// Which day, and why.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReasonQuery {
    /// Why, for the record.
    reason: Option<String>,
}

/// From when, and why.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EndQuery {
    /// First day on which it does not hold any more; it never held without.
    from: Option<String>,
    /// Why, for the record.
    reason: Option<String>,
}

/// For which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DayQuery {
    /// The day, today unless given.
    on: Option<String>,
}

/// What an agreement says, and when that was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Agreement)]
pub(super) struct Entry {
    /// Name of the agreement.
    name: String,
    /// Identifier of this entry, as records of verifications name it.
    id: String,
    /// What it says; none where it was ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Terms>,
    /// First day on which it is ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_from: Option<String>,
    /// Whether the electronic exchange is out on the day asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    outage: Option<Outage>,
    /// When it was recorded.
    recorded: String,
    /// By whom.
    by: String,
    /// Why.
    reason: String,
}

impl Entry {
    fn of(entry: &AgreementEntry) -> Self {
        let ended = entry.terms.is_none();
        Self {
            name: entry.name.clone(),
            id: entry.id.clone(),
            terms: entry.terms.clone(),
            ended_from: entry.valid_from.filter(|_| ended).map(|day| day.to_string()),
            outage: None,
            recorded: instant(entry.recorded_at),
            by: entry.recorded_by.clone(),
            reason: entry.reason.clone(),
        }
    }

    fn on(entry: &AgreementEntry, day: Date) -> Self {
        let outage = entry.said().and_then(|terms| terms.outage(day)).cloned();
        Self { outage, ..Self::of(entry) }
    }
}

/// Lists the agreements that hold on a day.
#[utoipa::path(get, path = "/v1/agreements", operation_id = "list_agreements", tag = "reference", params(DayQuery),
    responses((status = 200, body = Page<Entry>), (status = 422, description = "The day is none")))]
pub(super) async fn list(
    State(app): State<App>,
    Query(query): Query<DayQuery>,
) -> Result<axum::Json<Page<Entry>>, Problem> {
    let on = day("on", query.on.as_deref())?.unwrap_or_else(today);
    let snapshot = app.reference.snapshot();
    let items = snapshot.agreements.all_on(on).map(|entry| Entry::on(entry, on)).collect();
    Ok(axum::Json(Page { items, next: None }))
}

/// Shows all that was said of an agreement, the latest first.
#[utoipa::path(get, path = "/v1/agreements/{name}", operation_id = "get_agreement", tag = "reference",
    params(("name" = String, Path, description = "Name of the agreement")),
    responses((status = 200, body = Page<Entry>), (status = 404, description = "No such agreement"))
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<axum::Json<Page<Entry>>, Problem> {
    let snapshot = app.reference.snapshot();
    let history = snapshot.agreements.history(&name).ok_or_else(|| Problem::not_found("agreement", &name))?;
    let items = history.iter().rev().map(|entry| Entry::of(entry)).collect();
    Ok(axum::Json(Page { items, next: None }))
}

/// Says what an agreement says from now on, on the days it names. What was
/// said before stays in its history and holds on all other days.
#[utoipa::path(put, path = "/v1/agreements/{name}", operation_id = "set_agreement", tag = "reference",
    params(("name" = String, Path, description = "Name of the agreement, such as nz-meat"), ReasonQuery),
    request_body = Terms,
    responses(
        (status = 200, body = Entry),
        (status = 422, description = "A field is wrong, or it contradicts another agreement"),
    )
)]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<ReasonQuery>,
    Json(terms): Json<Terms>,
) -> Result<axum::Json<Entry>, Problem> {
    let entry = AgreementEntry::new(&name, terms, query.reason.as_deref().unwrap_or_default());
    keep(app, caller, entry).await
}

/// Ends an agreement from a day on.
#[utoipa::path(delete, path = "/v1/agreements/{name}", operation_id = "end_agreement", tag = "reference",
    params(("name" = String, Path, description = "Name of the agreement"), EndQuery),
    responses((status = 200, body = Entry), (status = 422, description = "No such agreement, or no such day"))
)]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<EndQuery>,
) -> Result<axum::Json<Entry>, Problem> {
    let from = day("from", query.from.as_deref())?;
    let entry = AgreementEntry::end(&name, from, query.reason.as_deref().unwrap_or_default());
    keep(app, caller, entry).await
}

/// An agreement and its name.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NamedAgreement)]
pub(super) struct Named {
    /// Name of the agreement.
    name: String,
    /// What it says.
    #[serde(flatten)]
    terms: serde_json::Map<String, serde_json::Value>,
}

/// Says what several agreements say from now on: of all, or of none when one
/// is wrong or contradicts another.
#[utoipa::path(put, path = "/v1/agreements", operation_id = "set_agreements", tag = "reference",
    params(ReasonQuery),
    request_body(content = Vec<Named>, description = "Agreements as they are set one by one, each with its name"),
    responses(
        (status = 200, body = Page<Entry>),
        (status = 422, description = "A field is wrong, or one contradicts another; each is told with its index"),
    )
)]
pub(super) async fn set_all(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ReasonQuery>,
    Json(list): Json<Vec<Named>>,
) -> Result<axum::Json<Page<Entry>>, Problem> {
    let reason = query.reason.as_deref().unwrap_or_default();
    let entry = |(index, named): (usize, Named)| {
        let terms = serde_json::from_value(named.terms.into());
        let terms = terms.map_err(|error| Problem::invalid(format!("/{index}: {}: {error}", named.name)))?;
        Ok(AgreementEntry::new(&named.name, terms, reason))
    };
    let entries: Vec<AgreementEntry> =
        list.into_iter().enumerate().map(entry).collect::<Result<_, Problem>>()?;
    let work = move |app: &super::Parts| {
        Ok(app.reference.set_agreements(&caller.principal, &caller.source, entries)?)
    };
    let items = app.work(work).await?.iter().map(Entry::of).collect();
    Ok(axum::Json(Page { items, next: None }))
}

async fn keep(app: App, caller: Caller, entry: AgreementEntry) -> Result<axum::Json<Entry>, Problem> {
    let work = move |app: &super::Parts| {
        Ok(app.reference.set_agreement(&caller.principal, &caller.source, entry)?)
    };
    Ok(axum::Json(Entry::of(&app.work(work).await?)))
}

/// Says that the electronic exchange of an agreement is out: on these days
/// paper counts. Said again of the same first day, it replaces what was said.
#[utoipa::path(post, path = "/v1/agreements/{name}/outages", operation_id = "add_outage", tag = "reference",
    params(("name" = String, Path, description = "Name of the agreement")),
    request_body = Outage,
    responses(
        (status = 201, body = Entry), (status = 404, description = "No such agreement"),
        (status = 422, description = "The agreement does not hold then, or the days are wrong"),
    )
)]
pub(super) async fn add_outage(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Json(outage): Json<Outage>,
) -> Result<(StatusCode, axum::Json<Entry>), Problem> {
    let work = move |app: &super::Parts| {
        Ok(app.reference.add_outage(&caller.principal, &caller.source, &name, outage)?)
    };
    Ok((StatusCode::CREATED, axum::Json(Entry::of(&app.work(work).await?))))
}

/// Says which stored cases would decide otherwise if an agreement said this.
/// Nothing is changed.
#[utoipa::path(post, path = "/v1/agreements/{name}/trial", operation_id = "try_agreement", tag = "reference",
    params(("name" = String, Path, description = "Name of the agreement"), TrialQuery),
    request_body = Terms,
    responses(
        (status = 200, body = Foresight),
        (status = 422, description = "A field is wrong, or it contradicts another agreement"),
    )
)]
pub(super) async fn try_out(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<TrialQuery>,
    Json(terms): Json<Terms>,
) -> Result<axum::Json<Foresight>, Problem> {
    let entry = AgreementEntry::new(&name, terms, "");
    app.work(move |app| query.run(app, app.reference.with_agreement(entry))).await
}

/// Says which stored cases would decide otherwise if an agreement ended.
/// Nothing is changed.
#[utoipa::path(post, path = "/v1/agreements/{name}/end/trial", operation_id = "try_agreement_end", tag = "reference",
    params(("name" = String, Path, description = "Name of the agreement"), EndQuery, TrialQuery),
    responses((status = 200, body = Foresight), (status = 422, description = "No such agreement, or no such day"))
)]
pub(super) async fn try_end(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(end): Query<EndQuery>,
    Query(query): Query<TrialQuery>,
) -> Result<axum::Json<Foresight>, Problem> {
    let from = day("from", end.from.as_deref())?;
    let entry = AgreementEntry::end(&name, from, "");
    app.work(move |app| query.run(app, app.reference.with_agreement(entry))).await
}

/// Says which stored cases would decide otherwise in an outage. Nothing is
/// changed.
#[utoipa::path(post, path = "/v1/agreements/{name}/outages/trial", operation_id = "try_outage", tag = "reference",
    params(("name" = String, Path, description = "Name of the agreement"), TrialQuery),
    request_body = Outage,
    responses(
        (status = 200, body = Foresight), (status = 404, description = "No such agreement"),
        (status = 422, description = "The agreement does not hold then, or the days are wrong"),
    )
)]
pub(super) async fn try_outage(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<TrialQuery>,
    Json(outage): Json<Outage>,
) -> Result<axum::Json<Foresight>, Problem> {
    app.work(move |app| query.run(app, app.reference.with_outage(&name, outage))).await
}
