//! Rule sets: what they are made of and how they are run.
//!
//! A rule is a constant made with [`Rule::of_item`] or
//! [`Rule::of_declaration`]: what it demands, in words and as a function from
//! an [`ItemCheck`] or a [`Check`] to a [`Judgement`]. A [`RuleSet`] lists its
//! rules; [`run()`] judges a case by them.

mod check;
mod judgement;
mod rule;
mod run;
mod tally;
#[cfg(test)]
mod tests;

use ecert_model::manifest::Scope;
use ecert_model::values::Date;

use crate::Texts;
use crate::parameters::Parameters;
use crate::tables::Table;

pub use check::{Check, Cited, ItemCheck, Line};
pub use judgement::{Difference, Judgement};
pub use rule::{Rule, Test};
pub use run::run;
pub use tally::Tally;

/// A set of rules. [`export_rules!`](crate::export_rules) makes a plugin of
/// it.
pub trait RuleSet: 'static {
    /// Its parameters; [`NoParameters`](crate::parameters::NoParameters) where
    /// it has none.
    type Parameters: Parameters;

    /// What the rule set is and what it covers.
    fn about() -> About;

    /// Its rules, each after its prerequisites. Reports count them in this
    /// order.
    fn rules() -> &'static [Rule<Self::Parameters>];
}

/// What a rule set says of itself.
pub struct About {
    /// Name in kebab case.
    pub name: &'static str,
    /// Version: `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// Titles by language, English and Chinese at least.
    pub titles: Texts,
    /// What kind of rule set it is (`consistency`, `meat`): the requirement
    /// table names the kinds an item needs.
    pub rule_kind: &'static str,
    /// Alternatives of what it covers; empty covers everything.
    pub scope: Vec<Scope>,
    /// First decision date it is meant for.
    pub valid_from: Option<Date>,
    /// Last decision date it is meant for.
    pub valid_until: Option<Date>,
    /// Reference tables it looks up.
    pub tables: &'static [Table],
}
