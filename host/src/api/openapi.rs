//! The description of the interface, made from the handlers themselves.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr};

use super::problem::{self, Code, Detail, Told};
use super::{App, guard};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "ecert",
        description = "Verifies electronic certificates against customs declarations. Errors are \
            `application/problem+json` (RFC 9457) with a stable `code`. Every answer carries \
            `X-Request-Id`."
    ),
    components(schemas(Told, Detail, Code)),
    tags(
        (name = "certificates", description = "Certificates as delivered and as understood"),
        (name = "deliveries", description = "Batches of messages, and acknowledgements"),
        (name = "export", description = "Certificates of the own authority, and the institutions that ask for them"),
        (name = "queries", description = "What institutions abroad ask"),
        (name = "check", description = "The public check"),
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

/// Says of every error that it is a problem, and gives the whole as JSON.
pub(super) fn finish(mut description: OpenApi) -> Vec<u8> {
    for item in description.paths.paths.values_mut() {
        for operation in guard::operations(item) {
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && status.starts_with(['4', '5'])
                {
                    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
                    response.content =
                        [(problem::MEDIA_TYPE.to_owned(), RefOr::T(problem))].into_iter().collect();
                }
            }
        }
    }
    serde_json::to_vec_pretty(&description).unwrap_or_default()
}

/// This description (OpenAPI 3.1).
#[utoipa::path(get, path = "/openapi.json", tag = "health", responses(
    (status = 200, body = serde_json::Value, content_type = "application/json"),
))]
pub(super) async fn document(State(app): State<App>) -> Response {
    let description = app.description.get().cloned().unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], description).into_response()
}
