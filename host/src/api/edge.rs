//! Errors of the services as problems: the one place where they get HTTP
//! statuses.

use super::problem::{Code, Detail, Problem};
use crate::access::AccessError;
use crate::export::ExportError;
use crate::followup::NoticeError;
use crate::intake::IntakeError;
use crate::intake::read::{LocatedProblem, Unreadable};
use crate::reference::{BadRows, ReferenceError, RowProblem, SchemaProblem};
use crate::registry::RegistryError;
use crate::store::StoreError;
use crate::trust::TrustError;
use crate::verification::{BacktestError, DecisionError, DryRunError, RecallError, SettleError};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_transient() {
            tracing::warn!(%error, "the store did not answer");
            let detail = "The store does not answer at the moment. Nothing that was acknowledged is lost; \
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

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Store(error) => error.into(),
            IntakeError::Rejected(rejected) => {
                let mut problem = Self::from(rejected.reason);
                problem.message = Some(rejected.reference);
                problem
            }
        }
    }
}

impl From<Unreadable> for Problem {
    fn from(reason: Unreadable) -> Self {
        let detail = reason.to_string();
        match reason {
            Unreadable::MediaType { .. } => Self::new(Code::UnsupportedMediaType, detail),
            Unreadable::UnknownFormat { known, .. } => {
                let mut problem = Self::new(Code::UnknownFormat, detail);
                problem.known_formats = known;
                problem
            }
            Unreadable::Problems { problems } => Self::new(Code::UnreadableMessage, detail)
                .with_problems(problems.into_iter().map(Detail::from).collect()),
            Unreadable::Adapter { .. } => Self::new(Code::UnreadableMessage, detail),
        }
    }
}

impl From<LocatedProblem> for Detail {
    fn from(problem: LocatedProblem) -> Self {
        let location = problem.location.as_ref();
        let severity = serde_json::to_value(problem.severity).ok();
        Self {
            line: location.map(|at| at.line),
            column: location.map(|at| at.column),
            path: location.map(|at| at.path.clone()).filter(|path| !path.is_empty()),
            severity: severity.and_then(|severity| severity.as_str().map(str::to_owned)),
            code: problem.code,
            title: None,
            text: problem.text,
        }
    }
}

impl From<DryRunError> for Problem {
    fn from(error: DryRunError) -> Self {
        match error {
            DryRunError::Store(error) => error.into(),
            DryRunError::Unreadable(reason) => reason.into(),
            error @ DryRunError::NoDeclaration => Self::invalid(sentence(&error)),
        }
    }
}

impl From<DecisionError> for Problem {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Store(error) => error.into(),
            error @ DecisionError::Unknown(_) => Self::new(Code::NotFound, sentence(&error)),
            error @ DecisionError::Superseded(_) => Self::new(Code::Conflict, sentence(&error)),
            error => Self::invalid(sentence(&error)),
        }
    }
}

impl From<RecallError> for Problem {
    fn from(error: RecallError) -> Self {
        match error {
            RecallError::Store(error) => error.into(),
            error @ RecallError::Unknown(_) => Self::new(Code::NotFound, sentence(&error)),
            error @ RecallError::Closed => Self::new(Code::Conflict, sentence(&error)),
            error @ RecallError::NoOutcome => Self::invalid(sentence(&error)),
        }
    }
}

impl From<NoticeError> for Problem {
    fn from(error: NoticeError) -> Self {
        match error {
            NoticeError::Store(error) => error.into(),
            error @ NoticeError::Unknown(_) => Self::new(Code::NotFound, sentence(&error)),
        }
    }
}

impl From<SettleError> for Problem {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::Store(error) => error.into(),
            error @ SettleError::Unknown(_) => Self::new(Code::NotFound, sentence(&error)),
            error @ SettleError::Ambiguous(_) => Self::new(Code::Conflict, sentence(&error)),
        }
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        let detail = sentence(&error);
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Unreadable(reason) => reason.into(),
            ExportError::Access(error) => error.into(),
            ExportError::BadRows(bad) => bad.into(),
            ExportError::Invalid(_) => Self::invalid(detail),
            ExportError::Conflict(_) => Self::new(Code::Conflict, detail),
            ExportError::Unknown(_) => Self::new(Code::NotFound, detail),
            ExportError::Refused(_) => Self::new(Code::AccountInactive, detail),
            ExportError::TooMany(seconds) => {
                let mut problem = Self::new(Code::RateLimited, detail);
                problem.retry_after = Some(seconds);
                problem
            }
        }
    }
}

impl From<RegistryError> for Problem {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Store(error) => error.into(),
            RegistryError::Trust(error) => error.into(),
            error @ RegistryError::Unknown { .. } => Self::new(Code::NotFound, sentence(&error)),
            error @ (RegistryError::Taken { .. } | RegistryError::Downgrade { .. }) => {
                Self::new(Code::Conflict, sentence(&error))
            }
            error => Self::invalid(sentence(&error)),
        }
    }
}

impl From<BacktestError> for Problem {
    fn from(error: BacktestError) -> Self {
        match error {
            BacktestError::Store(error) => error.into(),
            error @ BacktestError::Invalid(_) => Self::invalid(sentence(&error)),
        }
    }
}

impl From<TrustError> for Problem {
    fn from(error: TrustError) -> Self {
        let detail = sentence(&error);
        match error {
            TrustError::Store(error) => error.into(),
            TrustError::Signature(_) => Self::new(Code::InvalidSignature, detail),
            TrustError::Untrusted(refusal) => {
                let rules = refusal.rules.into_iter().map(|(rule, why)| Detail {
                    code: "rule".to_owned(),
                    text: why,
                    path: Some(rule),
                    ..Detail::default()
                });
                let uncounted = refusal.uncounted.into_iter().map(|text| Detail {
                    code: "signature".to_owned(),
                    text,
                    ..Detail::default()
                });
                Self::new(Code::Untrusted, detail).with_problems(rules.chain(uncounted).collect())
            }
            TrustError::Downgrade { .. } | TrustError::Taken(_) => Self::new(Code::Conflict, detail),
            TrustError::Unknown(_) => Self::new(Code::NotFound, detail),
            TrustError::Invalid(_) => Self::invalid(detail),
        }
    }
}

impl From<ReferenceError> for Problem {
    fn from(error: ReferenceError) -> Self {
        match error {
            ReferenceError::Store(error) => error.into(),
            error @ (ReferenceError::UnknownTable(..)
            | ReferenceError::UnknownAgreement(_)
            | ReferenceError::UnknownProposal(_)) => Self::new(Code::NotFound, sentence(&error)),
            ReferenceError::Fields(problems) => {
                let detail = sentence(&ReferenceError::Fields(problems.clone()));
                Self::invalid(detail).with_problems(problems.into_iter().map(Detail::from).collect())
            }
            error @ ReferenceError::Conflict(_) => Self::new(Code::Conflict, sentence(&error)),
            error @ ReferenceError::OwnProposal => Self::new(Code::Forbidden, sentence(&error)),
            ReferenceError::Invalid(text) => Self::invalid(text),
            ReferenceError::BadRows(bad) => bad.into(),
        }
    }
}

impl From<SchemaProblem> for Detail {
    fn from(problem: SchemaProblem) -> Self {
        Self {
            code: "schema".to_owned(),
            text: problem.text,
            path: Some(problem.pointer).filter(|pointer| !pointer.is_empty()),
            ..Self::default()
        }
    }
}

impl From<BadRows> for Problem {
    fn from(bad: BadRows) -> Self {
        let detail = sentence(&bad);
        let problem = |row: RowProblem| Detail {
            code: "row".to_owned(),
            text: row.text,
            line: u32::try_from(row.row).ok().filter(|row| *row > 0),
            path: row.column,
            ..Detail::default()
        };
        Self::invalid(detail).with_problems(bad.problems.into_iter().map(problem).collect())
    }
}

/// An error's text as a sentence.
fn sentence(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).chain(['.']).collect()
}
