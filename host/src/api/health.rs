//! Whether the host lives, whether it is ready, and what it measures.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::problem::{Code, Problem};

/// That all is well.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
pub(super) async fn live() -> axum::Json<Health> {
    axum::Json(Health { status: "ok" })
}

/// Whether requests can be served: the store answers and all plugins are
/// loaded.
#[utoipa::path(get, path = "/health/ready", tag = "health", responses(
    (status = 200, body = Health),
    (status = 503, description = "Not ready, and why"),
))]
pub(super) async fn ready(State(app): State<App>) -> Result<axum::Json<Health>, Problem> {
    match app.readiness.now() {
        Ok(()) => Ok(axum::Json(Health { status: "ok" })),
        Err(why) => Err(Problem::new(Code::NotReady, why)),
    }
}

/// Measurements in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", responses(
    (status = 200, body = String, content_type = "text/plain"),
))]
pub(super) async fn metrics(State(app): State<App>) -> Response {
    metrics::gauge!("ecert_queue_length").set(app.workers.waiting() as f64);
    let text = app.metrics.as_ref().map(|handle| handle.render()).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
