//! What a change of reference data would change in stored cases.

use std::sync::Arc;

use serde::Deserialize;
use utoipa::IntoParams;

use super::Parts;
use super::problem::Problem;
use crate::reference::{ReferenceError, Snapshot};
use crate::store::now;
use crate::verification::Foresight;

/// Days that are looked back unless asked otherwise.
const USUAL: u32 = 30;
/// Days that can be looked back.
const MOST: u32 = 3_660;
/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Over which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TrialQuery {
    /// Cases of so many days; 30 unless given.
    days: Option<u32>,
}

impl TrialQuery {
    /// Judges the stored cases without and with a changed state.
    pub(super) fn run(
        &self,
        app: &Parts,
        changed: Result<Arc<Snapshot>, ReferenceError>,
    ) -> Result<axum::Json<Foresight>, Problem> {
        let days = self.days.unwrap_or(USUAL);
        if !(1..=MOST).contains(&days) {
            return Err(Problem::invalid(format!("days is {days}; it must be 1 to {MOST}.")));
        }
        let without = app.verification.judges();
        let with = without.with(&changed?);
        Ok(axum::Json(app.past.foresee(&without, &with, now() - i64::from(days) * DAY)?))
    }
}
