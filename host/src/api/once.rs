//! Requests that carry an `Idempotency-Key`: the same one twice gives one
//! record and one answer.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::extract::idempotency_key;
use super::guard::Caller;
use super::problem::{Code, Problem};
use super::{App, Parts};
use crate::access::{Answer, Begun, Claim, Key};

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What identifies a request that may come twice.
pub(super) struct Once {
    key: Option<Key>,
    digest: [u8; 32],
}

impl Once {
    /// Takes the key from the headers. Without one, the request is done as
    /// often as it comes.
    pub(super) fn of(
        headers: &HeaderMap,
        caller: &Caller,
        route: &str,
        body: &[u8],
    ) -> Result<Self, Problem> {
        let key = idempotency_key(headers)?;
        let digest = if key.is_some() { Sha256::digest(body).into() } else { [0; 32] };
        let (caller, route) = (caller.principal.id.clone(), route.to_owned());
        Ok(Self { key: key.map(|key| Key { caller, route, key }), digest })
    }
}

/// An answer in JSON.
pub(super) fn answer(status: StatusCode, value: &impl Serialize) -> Answer {
    // Answers are plain data: they can always be written.
    let body = serde_json::to_vec(value).unwrap_or_default();
    Answer { status: status.as_u16(), headers: String::new(), body }
}

impl App {
    /// Has a worker do the job, unless it was done before. The job stores its
    /// answer under the claim, in its own transaction where it can.
    pub(super) async fn once(
        &self,
        once: Once,
        job: impl Fn(&Parts, Option<&Claim>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        self.work(move |app| match once.key {
            None => job(app, None).map(|answer| given(answer, false)),
            Some(key) => keyed(app, &key, once.digest, &job),
        })
        .await
    }
}

fn keyed(
    app: &Parts,
    key: &Key,
    digest: [u8; 32],
    job: &impl Fn(&Parts, Option<&Claim>) -> Result<Answer, Problem>,
) -> Result<Response, Problem> {
    let failed = match begin(app, key, digest)? {
        Done::Replay(response) => return Ok(response),
        Done::New(claim) => match job(app, Some(&claim)) {
            Ok(answer) => return Ok(given(answer, false)),
            Err(problem) => problem,
        },
    };
    // Another host may have been faster with the same request: then its answer
    // is there now.
    if failed.http_status() == StatusCode::INTERNAL_SERVER_ERROR
        && let Ok(Done::Replay(response)) = begin(app, key, digest)
    {
        return Ok(response);
    }
    Err(failed)
}

enum Done {
    New(Claim),
    Replay(Response),
}

fn begin(app: &Parts, key: &Key, digest: [u8; 32]) -> Result<Done, Problem> {
    match app.idempotency.begin(&app.store, key.clone(), digest)? {
        Begun::New(claim) => Ok(Done::New(claim)),
        Begun::Replay(answer) => Ok(Done::Replay(given(answer, true))),
        Begun::Mismatch => Err(Problem::new(
            Code::IdempotencyKeyReused,
            "This Idempotency-Key came before with another body. Use a new key for a new request.",
        )),
        Begun::InFlight => Err(Problem::new(
            Code::InFlight,
            "The request with this Idempotency-Key is still being worked on.",
        )),
    }
}

fn given(answer: Answer, replayed: bool) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], answer.body).into_response();
    for (name, value) in answer.headers.lines().filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
