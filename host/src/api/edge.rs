//! Errors of the services as problems: the one place where they get HTTP
//! statuses.

use super::problem::{Code, Problem};
use crate::access::AccessError;
use crate::store::StoreError;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_transient() {
            tracing::warn!(%error, "the store did not answer");
            let detail = "The store does not answer at the moment. Nothing was lost that was acknowledged; \
                          repeat the request with the same Idempotency-Key.";
            return Self::new(Code::StoreUnavailable, detail);
        }
        Self::internal(&error)
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Store(error) => error.into(),
            AccessError::Invalid(text) => Self::invalid(text),
            AccessError::Unknown(what) => Self::new(Code::NotFound, format!("There is no {what}.")),
            error @ AccessError::File(_) => Self::internal(&error),
        }
    }
}
