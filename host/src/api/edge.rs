//! Errors of the services as problems: the one place where they get HTTP
//! statuses.

use super::problem::{Code, Problem};
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
