//! Plugins: published and shown. What becomes of them is in `lifecycle`.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use ecert_model::manifest::Scope;
use ecert_model::values::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Body;
use super::extract::Path;
use super::guard::Caller;
use super::page::Page;
use super::problem::Problem;
use super::{App, instant};
use crate::engine::Seen;
use crate::registry::{self, Candidate, Mode, Version};

/// A version of a plugin.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plugin {
    /// Name.
    name: String,
    /// Version.
    version: String,
    /// `format-adapter` or `rule-set`.
    #[schema(value_type = String)]
    kind: ecert_model::manifest::Kind,
    /// `published`, `shadow`, `active`, `retired` or `set-aside`.
    #[schema(value_type = String)]
    state: registry::State,
    /// What it serves as now.
    services: Vec<Service>,
    /// What this host saw of it since it loaded it.
    seen: Seen,
    /// Titles, per language.
    titles: BTreeMap<String, String>,
    /// Formats an adapter reads or writes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    formats: Vec<String>,
    /// Rules of a rule set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    /// How many fixtures it brings and has passed.
    fixtures: u32,
    /// SHA-256 of the component.
    digest: String,
    /// When it was published.
    published: String,
    /// Who published it.
    published_by: String,
}

/// As what a version serves.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Service {
    /// `active` or `shadow`.
    #[schema(value_type = String)]
    mode: Mode,
    /// First decision date it is for; all dates unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// What it is for, within the scope of its manifest; all of it unless
    /// given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    scope: Vec<Scope>,
    /// Since when.
    since: String,
}

impl From<&registry::Service> for Service {
    fn from(service: &registry::Service) -> Self {
        Self {
            mode: service.mode,
            from: service.from,
            scope: service.scope.to_vec(),
            since: instant(service.begins),
        }
    }
}

impl From<&Version> for Plugin {
    fn from(version: &Version) -> Self {
        let manifest = version.plugin.manifest();
        Self {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            kind: manifest.kind,
            state: version.state,
            services: version.services.iter().map(Service::from).collect(),
            seen: version.plugin.seen(),
            titles: manifest.titles.clone(),
            formats: manifest.formats.iter().map(|format| format.id.clone()).collect(),
            rules: manifest.rules.iter().map(|rule| rule.id.clone()).collect(),
            fixtures: version.plugin.inspection().fixtures,
            digest: version.plugin.digest().to_string(),
            published: instant(version.published_at),
            published_by: version.published_by.clone(),
        }
    }
}

/// Publishes a component. It is checked, compiled and asked for its manifest;
/// it is not used before it is activated.
#[utoipa::path(post, path = "/v1/plugins", operation_id = "publish_plugin", tag = "plugins",
    request_body(content = String, content_type = "application/wasm", description = "The component"),
    responses(
        (status = 201, body = Plugin), (status = 409, description = "The version is taken by another component"),
        (status = 413, description = "Too large"), (status = 415, description = "Not a component"),
        (status = 422, description = "The component does not keep to the contract"),
    )
)]
pub(super) async fn publish(
    State(app): State<App>,
    caller: Caller,
    body: Body,
) -> Result<(StatusCode, axum::Json<Plugin>), Problem> {
    body.only(&["application/wasm"])?;
    let version = app
        .work(move |app| Ok(app.registry.publish(Candidate { component: &body.bytes }, &caller.actor())?))
        .await?;
    Ok((StatusCode::CREATED, axum::Json(Plugin::from(&version))))
}

/// Lists all versions of all plugins.
#[utoipa::path(get, path = "/v1/plugins", operation_id = "list_plugins", tag = "plugins", responses(
    (status = 200, body = Page<Plugin>),
))]
pub(super) async fn list(State(app): State<App>) -> axum::Json<Page<Plugin>> {
    let items = app.registry.snapshot().versions().iter().map(Plugin::from).collect();
    axum::Json(Page { items, next: None })
}

/// Shows one version.
#[utoipa::path(get, path = "/v1/plugins/{name}/{version}", operation_id = "get_plugin", tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin"), ("version" = String, Path, description = "Version")),
    responses((status = 200, body = Plugin), (status = 404, description = "No such version"))
)]
pub(super) async fn show(
    State(app): State<App>,
    Path((name, version)): Path<(String, String)>,
) -> Result<axum::Json<Plugin>, Problem> {
    Ok(axum::Json(Plugin::from(&app.registry.find(&name, &version)?)))
}
