//! Candidates over stored cases, and versions in shadow over live traffic:
//! whose verdict would change?

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};

use super::body::Body;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::{App, instant, negotiate};
use crate::access::Role;
use crate::verification::{self, BacktestState, Opinions, ShadowReport, Tally};

/// How often progress is told.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// A backtest.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Backtest {
    /// Identifier.
    id: String,
    /// Name of the candidate.
    name: String,
    /// Its version.
    version: String,
    /// SHA-256 of its component.
    digest: String,
    /// The version it is compared with; without one, what was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<String>,
    /// Where it stands.
    state: BacktestState,
    /// Why it failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
    /// How many of the latest cases were asked for.
    wanted: u64,
    /// What it came to so far.
    tally: Tally,
    /// What officers thought of each rule's findings so far.
    opinions: BTreeMap<String, Opinions>,
    /// Seconds of work spent on it.
    seconds: f64,
    /// When it was started.
    started: String,
    /// By whom.
    started_by: String,
}

impl Backtest {
    fn of(app: &super::Parts, backtest: verification::Backtest, caller: &Caller) -> Result<Self, Problem> {
        let opinions = app.past.opinions(&backtest.name)?;
        Ok(Self {
            id: backtest.id,
            name: backtest.name,
            version: backtest.version,
            digest: backtest.digest.to_string(),
            against: backtest.against,
            state: backtest.state,
            reason: backtest.reason,
            wanted: backtest.wanted,
            tally: if is_masked(caller) { backtest.tally.masked() } else { backtest.tally },
            opinions,
            seconds: backtest.busy.as_secs_f64(),
            started: instant(backtest.started_at),
            started_by: backtest.started_by,
        })
    }
}

/// Publishers see of live traffic only counts and masked examples.
fn is_masked(caller: &Caller) -> bool {
    caller.principal.role == Role::Publisher
}

/// Over which cases, and of which version if the component does not come with
/// the request.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BacktestQuery {
    /// How many of the latest cases; 1,000 unless given.
    last: Option<u64>,
    /// Name of a published rule set.
    name: Option<String>,
    /// Its version.
    version: Option<String>,
    /// Published version of the same rule set that it is compared with; what
    /// was recorded unless given.
    against: Option<String>,
}

/// Starts a backtest of a published version, or of the component that comes
/// with the request: it passes the same gate, and is not published. It runs
/// over the latest stored cases, with the tables that held then, and has no
/// effect. Progress: `GET /v1/backtests/{id}` as `text/event-stream`.
#[utoipa::path(post, path = "/v1/backtests", operation_id = "start_backtest", tag = "plugins",
    params(BacktestQuery),
    request_body(content = String, content_type = "application/wasm", description = "The component, unless name and version are given"),
    responses(
        (status = 202, body = Backtest), (status = 404, description = "No such version"),
        (status = 413, description = "Too large"), (status = 415, description = "Not a component"),
        (status = 422, description = "It is an adapter, or does not pass the gate"),
    )
)]
pub(super) async fn start(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<BacktestQuery>,
    body: Body,
) -> Result<(StatusCode, axum::Json<Backtest>), Problem> {
    if query.name.is_none() || query.version.is_none() {
        body.only(&["application/wasm"])?;
    }
    let started = app
        .work(move |app| {
            let (plugin, component) = match (&query.name, &query.version) {
                (Some(name), Some(version)) => {
                    let plugin = app.registry.find(name, version)?.plugin;
                    let component = app.registry.component(plugin.digest())?;
                    (plugin, component)
                }
                _ => (app.registry.examine(&body.bytes)?, body.bytes.to_vec()),
            };
            let name = &plugin.manifest().name;
            let baseline = query.against.map(|version| app.registry.find(name, &version)).transpose()?;
            let baseline = baseline.as_ref().map(|version| &*version.plugin);
            let wanted = query.last.unwrap_or(1_000);
            let actor = caller.actor();
            let started = app.past.start_backtest(&plugin, &component, baseline, wanted, &actor)?;
            Backtest::of(app, started, &caller)
        })
        .await?;
    Ok((StatusCode::ACCEPTED, axum::Json(started)))
}

/// Lists backtests, the latest first.
#[utoipa::path(get, path = "/v1/backtests", operation_id = "list_backtests", tag = "plugins",
    responses((status = 200, body = Page<Backtest>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<axum::Json<Page<Backtest>>, Problem> {
    let limit = PageQuery::default().limit()?;
    let work = move |app: &super::Parts| {
        let backtests = app.past.backtests(limit)?.into_iter();
        backtests.map(|backtest| Backtest::of(app, backtest, &caller)).collect::<Result<Vec<_>, Problem>>()
    };
    Ok(axum::Json(Page { items: app.work(work).await?, next: None }))
}

/// Shows a backtest. Asked for `text/event-stream`, it goes on to tell of the
/// progress until the end.
#[utoipa::path(get, path = "/v1/backtests/{id}", operation_id = "get_backtest", tag = "plugins",
    params(("id" = String, Path, description = "Identifier of the backtest")),
    responses(
        (status = 200, content((Backtest = "application/json"), (String = "text/event-stream"))),
        (status = 404, description = "No such backtest"), (status = 406, description = "None of these media types"),
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = negotiate::media_type(&headers, &["application/json", "text/event-stream"])?;
    let shown = look(&app, &id, &caller).await?;
    if wanted != "text/event-stream" {
        return Ok(axum::Json(shown).into_response());
    }
    let (events, stream) = tokio::sync::mpsc::channel::<Result<Event, Infallible>>(4);
    tokio::spawn(async move {
        let mut shown = shown;
        loop {
            let going_on = shown.state == BacktestState::Running && app.readiness.now().is_ok();
            let event = Event::default().event("progress").json_data(&shown).unwrap_or_default();
            if events.send(Ok(event)).await.is_err() || !going_on {
                return;
            }
            tokio::time::sleep(TOLD_EVERY).await;
            match look(&app, &id, &caller).await {
                Ok(now) => shown = now,
                Err(_) => return,
            }
        }
    });
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::default()).into_response())
}

async fn look(app: &App, id: &str, caller: &Caller) -> Result<Backtest, Problem> {
    let (id, caller) = (id.to_owned(), caller.clone());
    app.work(move |app| {
        let found = app.past.backtest(&id)?.ok_or_else(|| missing(&id))?;
        Backtest::of(app, found, &caller)
    })
    .await
}

fn missing(id: &str) -> Problem {
    Problem::new(Code::NotFound, format!("There is no backtest {id}."))
}

/// Stops a backtest. What it came to stays.
#[utoipa::path(delete, path = "/v1/backtests/{id}", operation_id = "stop_backtest", tag = "plugins",
    params(("id" = String, Path, description = "Identifier of the backtest")),
    responses((status = 200, body = Backtest), (status = 404, description = "No such backtest"))
)]
pub(super) async fn stop(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<Backtest>, Problem> {
    let stopped = app.work(move |app| {
        let stopped = app.past.stop_backtest(&id)?.ok_or_else(|| missing(&id))?;
        Backtest::of(app, stopped, &caller)
    });
    Ok(axum::Json(stopped.await?))
}

/// Shows what a version in shadow would have changed: in numbers, per rule,
/// and the latest cases.
#[utoipa::path(get, path = "/v1/plugins/{name}/{version}/shadow", operation_id = "get_shadow", tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin"), ("version" = String, Path, description = "Version")),
    responses((status = 200, body = ShadowReport), (status = 404, description = "No such version"))
)]
pub(super) async fn shadow(
    State(app): State<App>,
    caller: Caller,
    Path((name, version)): Path<(String, String)>,
) -> Result<axum::Json<ShadowReport>, Problem> {
    let limit = PageQuery::default().limit()?;
    let masked = is_masked(&caller);
    let report = app
        .work(move |app| {
            app.registry.find(&name, &version)?;
            Ok(app.past.shadow(&name, &version, limit)?)
        })
        .await?;
    Ok(axum::Json(if masked { report.masked() } else { report }))
}
