//! The description of the interface, made from the handlers themselves.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi};

use super::problem::{Code, Detail, Problem};
use super::router;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "ecert",
        description = "Verifies electronic certificates against customs declarations. Errors are \
            `application/problem+json` (RFC 9457) with a stable `code`. Every answer carries \
            `X-Request-Id`."
    ),
    components(schemas(Problem, Detail, Code)),
    tags(
        (name = "certificates", description = "Certificates as delivered and as understood"),
        (name = "declarations", description = "Customs declarations and their verdicts"),
        (name = "verifications", description = "Verdicts, findings and officers' decisions"),
        (name = "messages", description = "Messages that could not be read"),
        (name = "plugins", description = "Adapters and rule sets"),
        (name = "reference", description = "Reference tables and parameters"),
        (name = "access", description = "Tokens"),
        (name = "health", description = "For those who run the host"),
    )
)]
struct Frame;

/// The name of the security scheme.
pub(super) const BEARER: &str = "token";

/// The description without its paths.
pub(super) fn frame() -> OpenApi {
    let mut frame = Frame::openapi();
    let components = frame.components.get_or_insert_with(Components::new);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    frame
}

static DOCUMENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (_, description) = router::described();
    serde_json::to_vec_pretty(&description).unwrap_or_default()
});

/// This description (OpenAPI 3.1).
#[utoipa::path(get, path = "/openapi.json", tag = "health", responses(
    (status = 200, body = serde_json::Value, content_type = "application/json"),
))]
pub(super) async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_slice()).into_response()
}
