//! The list of all routes: address, method, who may. Handlers carry their own
//! description, so that `/openapi.json` cannot differ from what is served.

use axum::Router;
use axum::middleware::from_fn;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, health, openapi, request};

/// All routes with the layers around them.
pub fn router(app: App) -> Router {
    let (router, _) = described();
    router
        .fallback(request::no_such_address)
        .method_not_allowed_fallback(request::no_such_method)
        .layer(CatchPanicLayer::custom(request::panicked))
        .layer(from_fn(request::surround))
        .with_state(app)
}

/// The routes and their description.
pub(super) fn described() -> (Router<App>, OpenApi) {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .routes(routes!(openapi::document))
        .split_for_parts()
}
