//! What the API answers when something is wrong: `application/problem+json`
//! (RFC 9457) with a stable code.
//!
//! Which error type to use where: everything below this folder has error enums
//! of its own that know nothing of HTTP; `edge` turns each into a [`Problem`],
//! once. Handlers make a [`Problem`] themselves only for what concerns the
//! request as such (its media type, size, headers, query).
//!
//! A problem's `detail` is written for the caller. What only the operator may
//! know goes to the log, beside the request id.

use std::ops::{Deref, DerefMut};

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem_texts::{Language, text};

/// Media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $code:literal $status:ident $title:literal;)*) => {
        /// Stable codes of problems. A code never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// The code as it is written in answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// A short title, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

codes! {
    /// The request as such cannot be understood.
    BadRequest "bad-request" BAD_REQUEST "The request cannot be understood";
    /// No valid token came with the request.
    Unauthenticated "unauthenticated" UNAUTHORIZED "A valid token is needed";
    /// The token's role or countries do not allow this.
    Forbidden "forbidden" FORBIDDEN "Not allowed for this role";
    /// There is no such thing here.
    NotFound "not-found" NOT_FOUND "Not found";
    /// The address exists, the method does not.
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED "Method not allowed";
    /// None of the media types asked for can be given.
    NotAcceptable "not-acceptable" NOT_ACCEPTABLE "None of the media types asked for can be given";
    /// The request took too long to arrive.
    RequestTimeout "request-timeout" REQUEST_TIMEOUT "The request took too long to arrive";
    /// It contradicts what is already there.
    Conflict "conflict" CONFLICT "It contradicts what is already there";
    /// A request with the same idempotency key is still being worked on.
    InFlight "in-flight" CONFLICT "The same request is still being worked on";
    /// The body is larger than this host takes.
    TooLarge "too-large" PAYLOAD_TOO_LARGE "The body is too large";
    /// The media type of the body is not one this address takes.
    UnsupportedMediaType "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "The media type is not taken here";
    /// No adapter knows the message's format.
    UnknownFormat "unknown-format" UNPROCESSABLE_ENTITY "No adapter knows the format of the message";
    /// An adapter knows the format, and the message breaks it.
    UnreadableMessage "unreadable-message" UNPROCESSABLE_ENTITY "The message cannot be read";
    /// A value in the request is not as it must be.
    Invalid "invalid" UNPROCESSABLE_ENTITY "A value in the request is not as it must be";
    /// No trust rule lets the plugin in.
    Untrusted "untrusted" UNPROCESSABLE_ENTITY "No trust rule lets the plugin in";
    /// A signature cannot be read, or does not belong to the component.
    InvalidSignature "invalid-signature" UNPROCESSABLE_ENTITY "A signature is not valid";
    /// The idempotency key was used before with another body.
    IdempotencyKeyReused "idempotency-key-reused" UNPROCESSABLE_ENTITY "The idempotency key was used before with another body";
    /// Too many queries in a while; see `Retry-After`.
    RateLimited "rate-limited" TOO_MANY_REQUESTS "Too many queries";
    /// The query account is suspended or has expired.
    AccountInactive "account-inactive" FORBIDDEN "The query account may not be used";
    /// The host is at its limit; try again later.
    Busy "busy" SERVICE_UNAVAILABLE "The host is at its limit";
    /// The store does not answer.
    StoreUnavailable "store-unavailable" SERVICE_UNAVAILABLE "The store does not answer";
    /// The host starts or stops.
    NotReady "not-ready" SERVICE_UNAVAILABLE "The host is not ready";
    /// A fault in the host. It is in the log under the request id.
    Internal "internal" INTERNAL_SERVER_ERROR "A fault in the host";
}

/// Something wrong in a message or file, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// Stable code of what is wrong, such as `xml-undeclared-prefix`.
    pub code: String,
    /// What the code means, in the language asked for; the problem codes are
    /// documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
    /// What is wrong and what would be right.
    pub text: String,
    /// How grave it is: `information`, `warning`, `error` or `fatal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Path of the element or field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A problem: why a request was not done. It is boxed, since most requests
/// have none.
#[derive(Clone, Debug)]
pub struct Problem(Box<Told>);

impl Deref for Problem {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Told {
        &mut self.0
    }
}

/// A problem as RFC 9457 writes it, with ecert's own members.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// Identifies the kind of problem: `urn:ecert:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short title, the same for every occurrence.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    #[schema(value_type = Code)]
    pub code: &'static str,
    /// What is wrong this time, and what to do.
    pub detail: String,
    /// The request this answers, as in the header `X-Request-Id` and the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Reference of the message that was kept as rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What is wrong in the message, place by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Detail>,
    /// The formats this host knows, where none was recognised.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known_formats: Vec<String>,
    /// Seconds after which trying again may help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem of the code, with what is wrong this time.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let retry_after = (code.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        Self(Box::new(Told {
            kind: format!("urn:ecert:problem:{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            code: code.as_str(),
            detail: detail.into(),
            request_id: None,
            message: None,
            problems: Vec::new(),
            known_formats: Vec::new(),
            retry_after,
        }))
    }

    /// There is no such `what` with this identifier.
    pub fn not_found(what: &str, id: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no {what} {id:?} here."))
    }

    /// A value of the request is wrong.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(Code::Invalid, detail)
    }

    /// A fault of the host: the cause goes to the log, not to the caller.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(
            Code::Internal,
            "Something went wrong in the host. The operator finds it under the request id.",
        )
    }

    /// Adds what is wrong, place by place.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<Detail>) -> Self {
        self.problems = problems;
        self
    }

    /// Says what the codes mean in a language.
    #[must_use]
    pub(super) fn in_language(mut self, language: Language) -> Self {
        if let Some(title) = text(self.code, language) {
            self.title = title;
        }
        for detail in &mut self.problems {
            detail.title = text(&detail.code, language);
        }
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn http_status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer itself, for the request named.
    pub(super) fn render(mut self, request_id: &str) -> Response {
        self.request_id = Some(request_id.to_owned());
        let status = self.http_status();
        let body = serde_json::to_vec(&*self.0).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Header that carries the request id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The problem travels in the response's extensions to the outermost layer,
/// which knows the request id and writes the body.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.http_status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_written_as_serialised() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{} stands twice", code.as_str());
            let written = serde_json::to_value(code).expect("a code is a string");
            assert_eq!(written, code.as_str());
            assert!(code.status().is_client_error() || code.status().is_server_error());
        }
    }

    #[test]
    fn unavailability_says_when_to_come_back() {
        let response = Problem::new(Code::Busy, "full").render("r1");
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
    }
}
