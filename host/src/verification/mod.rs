//! From a declaration and the certificates it cites to a verdict.
//!
//! The pure part, without input or output: [`citation`] (which documents are
//! certificates, and which certificate is meant), [`pairing`] (items with
//! certificate lines), [`requirement`] (what an item needs), [`case`] (what
//! rule sets are given), [`finding`] (what the host itself finds) and
//! [`verdict`]. [`gather`] looks the certificates up, [`evaluate`] runs the
//! rule sets in the engine, and [`record`] is what comes of it.
//! [`Verification`] is the service over the store.

mod backtest;
pub mod case;
pub mod citation;
pub mod codes;
pub mod commodity;
mod current;
mod decision;
mod declarations;
pub mod evaluate;
pub mod finding;
mod follow;
mod foresight;
mod frame;
pub mod gather;
mod given;
mod judge;
mod keep;
mod needs;
mod observer;
mod opinions;
mod originals;
pub mod pairing;
mod past;
mod recall;
pub mod record;
mod register;
mod render;
mod replay;
pub mod report;
pub mod requirement;
mod reserve;
mod service;
mod settle;
mod summary;
mod trial;
pub mod verdict;

pub use backtest::{Backtest, BacktestError, BacktestState};
pub use current::current;
pub use decision::{
    Action, Decided, Decision, DecisionError, FindingDecision, ListedVerification, Opinion,
    VerificationFilter, Verified,
};
pub use declarations::{DeclarationFilter, ListedDeclaration};
pub use foresight::Foresight;
pub use given::Given;
pub use observer::{Observer, ShadowReport};
pub use opinions::Opinions;
pub use past::Past;
pub use recall::{Recall, RecallError};
pub use replay::{Difference, Outcome, Part, Replay};
pub use reserve::StoredLedger;
pub use service::{CurrentJudges, DryRunError, Finish, Ledger, ReadAgain, Verification};
pub use settle::{LedgerStatement, SettleError, Settlement, Settling};
pub use trial::{Became, CaseDifference, ChangedFinding, RuleTally, Tally};
pub use verdict::Verdict;
