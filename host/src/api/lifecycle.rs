//! What becomes of versions of plugins: activated, run in shadow, retired,
//! rolled back, and what became of them.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use ecert_model::manifest::Scope;
use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt as _};
use utoipa::{IntoParams, ToSchema};

use super::body::Json;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::Page;
use super::plugins::Plugin;
use super::problem::Problem;
use super::{App, instant, negotiate};
use crate::registry::{self, ChangeKind, Extent};

/// For what a version is activated, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Activation {
    /// First decision date it applies to; all dates unless given.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// What it applies to: alternatives of `origins`, `hsPrefixes`,
    /// `certificateTypes` and `direction`; all that its manifest names unless
    /// given.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    scope: Vec<Scope>,
    /// Whether it may be an older version than the one that serves.
    #[serde(default)]
    allow_downgrade: bool,
    /// Why, for the record.
    #[serde(default)]
    reason: String,
}

/// Why something is done, for the record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Reason {
    /// Why.
    #[serde(default)]
    reason: String,
}

/// Activates a version from a decision date on, for all decisions or for a
/// scope. All hosts change at one instant, after each has loaded it.
#[utoipa::path(post, path = "/v1/plugins/{name}/{version}/activation", operation_id = "activate_plugin", tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin"), ("version" = String, Path, description = "Version")),
    request_body = Activation,
    responses(
        (status = 200, body = Plugin), (status = 404, description = "No such version"),
        (status = 409, description = "A newer version serves, and the downgrade is not said to be meant"),
        (status = 422, description = "The date or the scope is wrong, or a host cannot load it"),
    )
)]
pub(super) async fn activate(
    State(app): State<App>,
    caller: Caller,
    Path((name, version)): Path<(String, String)>,
    Json(body): Json<Activation>,
) -> Result<axum::Json<Plugin>, Problem> {
    let Activation { from, scope, allow_downgrade: downgrade, reason: why } = body;
    let activation = registry::Activation { extent: Extent { from, scope }, downgrade, why };
    let activated = app
        .work(move |app| Ok(app.registry.activate(&name, &version, &activation, &caller.actor())?))
        .await?;
    Ok(axum::Json(Plugin::from(&activated)))
}

/// Has a version of a rule set run on live traffic beside the active one. It
/// has no effect; what it would have changed is recorded.
#[utoipa::path(post, path = "/v1/plugins/{name}/{version}/shadow", operation_id = "shadow_plugin", tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin"), ("version" = String, Path, description = "Version")),
    request_body = Reason,
    responses(
        (status = 200, body = Plugin), (status = 404, description = "No such version"),
        (status = 422, description = "It is an adapter, or it serves already"),
    )
)]
pub(super) async fn shadow(
    State(app): State<App>,
    caller: Caller,
    Path((name, version)): Path<(String, String)>,
    Json(Reason { reason }): Json<Reason>,
) -> Result<axum::Json<Plugin>, Problem> {
    let shadowed =
        app.work(move |app| Ok(app.registry.shadow(&name, &version, &reason, &caller.actor())?)).await?;
    Ok(axum::Json(Plugin::from(&shadowed)))
}

/// Takes a version out of service.
#[utoipa::path(post, path = "/v1/plugins/{name}/{version}/retirement", operation_id = "retire_plugin", tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin"), ("version" = String, Path, description = "Version")),
    request_body = Reason,
    responses((status = 200, body = Plugin), (status = 404, description = "No such version"))
)]
pub(super) async fn retire(
    State(app): State<App>,
    caller: Caller,
    Path((name, version)): Path<(String, String)>,
    Json(Reason { reason }): Json<Reason>,
) -> Result<axum::Json<Plugin>, Problem> {
    let retired =
        app.work(move |app| Ok(app.registry.retire(&name, &version, &reason, &caller.actor())?)).await?;
    Ok(axum::Json(Plugin::from(&retired)))
}

/// Takes the last activation or retirement of a plugin back: what it ended
/// serves again. Done again, it goes back one change further. Answers with the
/// versions that are active then.
#[utoipa::path(post, path = "/v1/plugins/{name}/rollback", operation_id = "roll_back_plugin", tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin")),
    request_body = Reason,
    responses(
        (status = 200, body = Page<Plugin>), (status = 404, description = "No such plugin"),
        (status = 422, description = "Nothing served before"),
    )
)]
pub(super) async fn roll_back(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Json(Reason { reason }): Json<Reason>,
) -> Result<axum::Json<Page<Plugin>>, Problem> {
    let active = app.work(move |app| Ok(app.registry.rollback(&name, &reason, &caller.actor())?)).await?;
    Ok(axum::Json(Page { items: active.iter().map(Plugin::from).collect(), next: None }))
}

/// A change of what a version serves as.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    /// Its number; later ones are higher.
    number: i64,
    /// Name of the plugin.
    name: String,
    /// The version concerned.
    version: String,
    /// What was done.
    kind: ChangeKind,
    /// First decision date of an activation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Scope of an activation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    scope: Vec<Scope>,
    /// Why; of a publication, the SHA-256 of the component.
    reason: String,
    /// When it was decided.
    at: String,
    /// By whom.
    by: String,
    /// The instant from which it holds on all hosts.
    takes_effect: String,
    /// Number of the change that took it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_by: Option<i64>,
}

impl From<registry::Change> for Change {
    fn from(change: registry::Change) -> Self {
        let Extent { from, scope } = change.extent;
        Self {
            number: change.number,
            name: change.name,
            version: change.version,
            kind: change.kind,
            from,
            scope,
            reason: change.why,
            at: instant(change.at),
            by: change.by,
            takes_effect: instant(change.takes_effect_at),
            undone_by: change.undone_by,
        }
    }
}

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesQuery {
    /// Only those of this plugin.
    name: Option<String>,
    /// Only those after this number; the header `Last-Event-ID` goes before.
    after: Option<i64>,
}

/// Lists what became of plugins, oldest first. Asked for `text/event-stream`,
/// it goes on to tell of every change as it is made.
#[utoipa::path(get, path = "/v1/plugin-changes", operation_id = "list_plugin_changes", tag = "plugins",
    params(ChangesQuery),
    responses(
        (status = 200, content((Page<Change> = "application/json"), (String = "text/event-stream"))),
        (status = 406, description = "None of these media types"),
    )
)]
pub(super) async fn changes(
    State(app): State<App>,
    Query(query): Query<ChangesQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = negotiate::media_type(&headers, &["application/json", "text/event-stream"])?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let after = last.or(query.after);
    let stream = wanted == "text/event-stream";
    // Listening begins before the past is read, so that nothing falls between.
    let coming = app.registry.listen();
    let (name, since) = (query.name.clone(), after.unwrap_or(if stream { i64::MAX } else { i64::MIN }));
    let past = app.work(move |app| Ok(app.registry.history(name.as_deref(), since)?)).await?;
    if !stream {
        let items = past.into_iter().map(Change::from).collect();
        return Ok(axum::Json(Page { items, next: None }).into_response());
    }
    let seen = past.last().map_or(i64::MIN, |change| change.number);
    let coming = BroadcastStream::new(coming).filter_map(Result::ok).filter(move |change| {
        change.number > seen && query.name.as_ref().is_none_or(|name| *name == change.name)
    });
    Ok(events(tokio_stream::iter(past).chain(coming)).into_response())
}

fn events(
    changes: impl Stream<Item = registry::Change> + Send + 'static,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let event = |change: registry::Change| {
        let event = Event::default().id(change.number.to_string()).event(change.kind.name());
        // What cannot be written as JSON does not exist.
        Ok(event.json_data(Change::from(change)).unwrap_or_default())
    };
    Sse::new(changes.map(event)).keep_alive(KeepAlive::default())
}
