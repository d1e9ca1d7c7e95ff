//! Plugins: published, activated, listed.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, Json};
use super::extract::Path;
use super::guard::Caller;
use super::page::Page;
use super::problem::Problem;
use super::{App, instant};
use crate::registry::{self, Version};

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
    /// `published`, `active` or `retired`.
    #[schema(value_type = String)]
    state: registry::State,
    /// First decision dates of its activations; null stands for all dates.
    #[schema(value_type = Vec<Option<String>>)]
    active_from: Vec<Option<ecert_model::values::Date>>,
    /// Titles, per language.
    titles: BTreeMap<String, String>,
    /// Formats an adapter reads or writes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    formats: Vec<String>,
    /// Rules of a rule set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    /// SHA-256 of the component.
    digest: String,
    /// When it was published.
    published: String,
    /// Who published it.
    published_by: String,
}

impl From<&Version> for Plugin {
    fn from(version: &Version) -> Self {
        let manifest = version.plugin.manifest();
        Self {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            kind: manifest.kind,
            state: version.state,
            active_from: version.active_from.clone(),
            titles: manifest.titles.clone(),
            formats: manifest.formats.iter().map(|format| format.id.clone()).collect(),
            rules: manifest.rules.iter().map(|rule| rule.id.clone()).collect(),
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
    let version = app.work(move |app| Ok(app.registry.publish(&body.bytes, &caller.actor())?)).await?;
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

/// What is to be activated, and since when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Activation {
    /// First decision date it applies to; all dates unless given.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<ecert_model::values::Date>,
    /// Why, for the record.
    #[serde(default)]
    reason: String,
}

/// Activates a version from a decision date on. Going back is activating the
/// earlier version.
#[utoipa::path(post, path = "/v1/plugins/{name}/{version}/activation", operation_id = "activate_plugin", tag = "plugins",
    params(("name" = String, Path, description = "Name of the plugin"), ("version" = String, Path, description = "Version")),
    request_body = Activation,
    responses(
        (status = 200, body = Plugin), (status = 404, description = "No such version"),
        (status = 422, description = "The date is wrong"),
    )
)]
pub(super) async fn activate(
    State(app): State<App>,
    caller: Caller,
    Path((name, version)): Path<(String, String)>,
    Json(activation): Json<Activation>,
) -> Result<axum::Json<Plugin>, Problem> {
    let Activation { from, reason } = activation;
    let activated = app
        .work(move |app| Ok(app.registry.activate(&name, &version, from, &reason, &caller.actor())?))
        .await?;
    Ok(axum::Json(Plugin::from(&activated)))
}
