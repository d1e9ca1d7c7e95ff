//! What handlers take from the head of a request. What is wrong in it becomes
//! a problem like any other.

use axum::extract::{FromRequestParts, rejection::PathRejection};
use axum::http::HeaderMap;
use axum::http::request::Parts as Head;
use serde::de::DeserializeOwned;

use super::problem::{Code, Problem};

/// The query string as a known shape.
pub(super) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Head, _: &S) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&head.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| Problem::invalid(format!("The query is wrong: {}.", rejection.body_text())))
    }
}

/// The variable steps of the address.
pub(super) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Head, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(head, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => {
                Err(Problem::new(Code::NotFound, format!("The address is wrong: {}.", error.body_text())))
            }
            Err(error) => Err(Problem::internal(&error)),
        }
    }
}

/// The header `Idempotency-Key`, if the caller gave one.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let wrong = || Problem::invalid("Idempotency-Key must be 1 to 128 visible ASCII characters.");
    let key = value.to_str().map_err(|_| wrong())?;
    // The draft standard writes the key as a quoted string; take it either way.
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if (1..=128).contains(&key.len()) && visible { Ok(Some(key.to_owned())) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_with_and_without_quotes() {
        let key = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", value.parse().expect("a header value"));
            idempotency_key(&headers).map_err(|problem| problem.status)
        };
        assert_eq!(key("order-1"), Ok(Some("order-1".to_owned())));
        assert_eq!(key("\"order-1\""), Ok(Some("order-1".to_owned())));
        assert_eq!(key("\"\""), Err(422));
        assert_eq!(key("a b"), Err(422));
        assert_eq!(idempotency_key(&HeaderMap::new()).ok(), Some(None));
    }
}
