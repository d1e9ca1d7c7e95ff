//! What surrounds every request: its id, its log line, its metrics, the
//! headers every answer carries, and a net under panics.

use std::any::Any;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::metrics::REQUESTS;
use super::negotiate;
use super::problem::{Code, Problem, REQUEST_ID};
use crate::problem_texts::Language;

/// The request's id, for records and logs.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub String);

/// The outermost layer.
pub(super) async fn surround(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().cloned();
    request.extensions_mut().insert(RequestId(id.clone()));

    let language = negotiate::language(request.headers());
    let response = finish(next.run(request).await, &id, language);

    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    record(&method, route, &response, started);
    log(&method, &path, &id, &response, started);
    response
}

/// Takes the caller's id when it is a sensible one, else makes one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let sensible = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    given.filter(sensible).map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn finish(mut response: Response, id: &str, language: Language) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = problem.in_language(language).render(id);
        let tag = HeaderValue::from_static(language.tag());
        response.headers_mut().insert(header::CONTENT_LANGUAGE, tag);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn record(method: &Method, route: &str, response: &Response, started: Instant) {
    let labels = [
        ("method", method.as_str().to_owned()),
        ("route", route.to_owned()),
        ("status", response.status().as_str().to_owned()),
    ];
    metrics::histogram!(REQUESTS, &labels).record(started.elapsed());
    if response.status() == Code::Busy.status() {
        metrics::counter!("ecert_unavailable_total").increment(1);
    }
}

fn log(method: &Method, path: &str, id: &str, response: &Response, started: Instant) {
    let status = response.status().as_u16();
    let took = started.elapsed().as_micros();
    if response.status().is_server_error() {
        tracing::warn!(request = id, %method, path, status, took, "{method} {path} was answered with {status}");
    } else {
        tracing::debug!(request = id, %method, path, status, took, "{method} {path} was answered with {status}");
    }
}

/// The answer when a handler panicked.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal(&"a handler panicked").into_response()
}

/// The answer to addresses that do not exist.
pub(super) async fn no_such_address(request: Request) -> Problem {
    let path = request.uri().path();
    Problem::new(Code::NotFound, format!("There is no {path} here. /openapi.json lists what there is."))
}

/// The answer to methods an address does not have.
pub(super) async fn no_such_method(request: Request) -> Problem {
    let (method, path) = (request.method(), request.uri().path());
    Problem::new(
        Code::MethodNotAllowed,
        format!("{path} has no {method}. /openapi.json lists what there is."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sensible_ids_are_taken_over() {
        let id_for = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(value));
            request_id(&headers)
        };
        assert_eq!(id_for("order-4711"), "order-4711");
        assert_ne!(id_for("short"), "short");
        assert_ne!(id_for("a b c d e f g h"), "a b c d e f g h");
        assert_eq!(request_id(&HeaderMap::new()).len(), 36);
    }
}
