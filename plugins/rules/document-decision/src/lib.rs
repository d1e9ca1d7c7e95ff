//! What customs decide by the entry documents (CHED) that a declaration cites.
//!
//! The chain of decisions of a public matcher of declarations and entry
//! documents, rule by rule: [`standing`] asks whether the document is there, of
//! the right type and how far it has come, [`decision`] what was decided and
//! whether commodity and quantities are within it. Where every rule passes, the
//! decision is `C02`, release; a finding names the decision (`H01`, `H02`,
//! `N01` to `N07`, `E03`, `X00`) and the detail that led to it.

pub mod decision;
mod documents;
pub mod parameters;
pub mod standing;

use ecert_sdk::manifest::Scope;
use ecert_sdk::model::declarations::Direction;
use ecert_sdk::rules::{About, Rule, RuleSet};
use parameters::Parameters;

/// The rule set.
pub struct DocumentDecision;

impl RuleSet for DocumentDecision {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "document-decision",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Decisions by entry documents"), ("zh", "入境单证决定")],
            rule_kind: "document-decision",
            scope: vec![Scope {
                certificate_types: vec!["636".into()],
                direction: Some(Direction::Import),
                ..Scope::default()
            }],
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                standing::LINKED,
                standing::CODE,
                standing::TYPE,
                standing::ENDED,
                standing::CHECKS,
                standing::AMENDED,
                standing::INSPECTION,
                decision::CATCH,
                decision::ACCEPTED,
                decision::COMMODITY,
                decision::WEIGHT,
                decision::COUNT,
            ]
        }
    }
}

ecert_sdk::export_rules!(DocumentDecision);

#[cfg(test)]
mod tests;
