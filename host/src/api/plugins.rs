//! Plugins: published and shown. What becomes of them is in `lifecycle`.

use std::collections::BTreeMap;

use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use ecert_model::manifest::Scope;
use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, Body};
use super::extract::{Path, Query};
use super::form::{self, Part};
use super::guard::Caller;
use super::page::Page;
use super::problem::{Code, Problem};
use super::{App, instant};
use crate::access::Action;
use crate::engine::Seen;
use crate::registry::{self, Candidate, Mode, Version};
use crate::trust::{self, Envelope, TrustError};

/// Parts that a publication may have.
const PARTS: usize = 33;

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

/// The parts of a publication.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "it only describes the form")]
#[schema(as = PublicationForm)]
pub(super) struct Form {
    /// The component.
    #[schema(format = Binary)]
    component: String,
    /// What its publishers signed: DSSE envelopes around in-toto statements,
    /// one a line; may come several times.
    #[schema(format = Binary)]
    signature: Vec<String>,
}

/// How a component may be published.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "kebab-case")]
pub(super) struct PublishQuery {
    /// Why it may be lower than the highest version that was let in; only
    /// operators may say so.
    allow_downgrade: Option<String>,
}

/// Publishes a component, alone or in a form with what its publishers signed.
/// It is judged by the trust rules, checked, compiled and asked for its
/// manifest; it is not used before it is activated.
#[utoipa::path(post, path = "/v1/plugins", operation_id = "publish_plugin", tag = "plugins",
    params(PublishQuery),
    request_body(
        content((String = "application/wasm"), (Form = "multipart/form-data")),
        description = "The component, and its signatures"
    ),
    responses(
        (status = 201, body = Plugin),
        (status = 409, description = "The version is taken by another component, or a higher one was let in"),
        (status = 413, description = "Too large"), (status = 415, description = "Not a component"),
        (status = 422, description = "No trust rule lets it in, or it does not keep to the contract"),
    )
)]
pub(super) async fn publish(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PublishQuery>,
    request: Request,
) -> Result<(StatusCode, axum::Json<Plugin>), Problem> {
    let downgrade = query.allow_downgrade;
    if downgrade.is_some() && !caller.principal.may(Action::ActivatePlugin) {
        return Err(Problem::new(Code::Forbidden, "Only an operator may allow a downgrade."));
    }
    let (component, signatures) = match body::media_type(request.headers())?.as_str() {
        "multipart/form-data" => parts(form::read(request, &app, PARTS, app.limits.body).await?)?,
        _ => {
            let body = Body::from_request(request, &app).await?;
            body.only(&["application/wasm", "multipart/form-data"])?;
            (body.bytes.into(), Vec::new())
        }
    };
    let version = app
        .work(move |app| {
            let downgrade = downgrade.as_deref();
            let candidate = Candidate { component: &component, signatures: &signatures, downgrade };
            Ok(app.registry.publish(candidate, &caller.actor())?)
        })
        .await?;
    Ok((StatusCode::CREATED, axum::Json(Plugin::from(&version))))
}

fn parts(form: Vec<Part>) -> Result<(Vec<u8>, Vec<Envelope>), Problem> {
    let mut component = None;
    let mut signatures = Vec::new();
    for part in form {
        match part.name.as_str() {
            "component" if component.is_none() => component = Some(part.bytes),
            "component" => return Err(Problem::invalid("There is more than one part named component.")),
            "signature" => {
                signatures.extend(trust::parse_bundle(&part.bytes).map_err(TrustError::from)?);
            }
            other => {
                let detail = format!("The part {other:?} is neither component nor signature.");
                return Err(Problem::invalid(detail));
            }
        }
    }
    let component = component.ok_or_else(|| Problem::invalid("There is no part named component."))?;
    Ok((component, signatures))
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
