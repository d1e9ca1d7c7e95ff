//! The list of all routes: address, method, who may. Handlers carry their own
//! description, so that `/openapi.json` cannot differ from what is served.

use axum::Router;
use axum::middleware::from_fn;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::guard::guarded;
use super::{App, health, openapi, request, tokens};
use crate::access::Action;

/// All routes with the layers around them.
pub fn router(app: App) -> Router {
    let (router, description) = described(&app);
    // Set once; a second router of the same parts has the same description.
    let _ = app.description.set(openapi::finish(description));
    router
        .fallback(request::no_such_address)
        .method_not_allowed_fallback(request::no_such_method)
        .layer(CatchPanicLayer::custom(request::panicked))
        .layer(from_fn(request::surround))
        .with_state(app)
}

fn described(app: &App) -> (Router<App>, OpenApi) {
    let guarded = |action, routes| guarded(app, action, routes);
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(openapi::document))
        .routes(guarded(Action::ReadMetrics, routes!(health::metrics)))
        .routes(guarded(Action::ManageAccess, routes!(tokens::create, tokens::list)))
        .routes(guarded(Action::ManageAccess, routes!(tokens::revoke)))
        .split_for_parts()
}
