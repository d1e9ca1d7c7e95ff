//! Rules on any certificate and the declaration that cites it.
//!
//! What is declared is compared with the union of the certificates that an
//! item cites, and by inclusion: a declaration may cover less than was
//! certified, never more. Differences that trade brings about lawfully
//! (resale, transhipment, another port, new seals) are told, but stop nothing.

mod allotment;
mod authority;
mod citation;
mod common;
mod documents;
mod goods;
mod inclusion;
mod parameters;
mod parties;
mod quantities;
mod route;
mod standing;
mod transport;

#[cfg(test)]
mod tests;

use ecert_sdk::manifest::Match;
use ecert_sdk::model::values::Date;
use ecert_sdk::rules::{About, ItemCheck, Rule, RuleSet};
use ecert_sdk::tables::Table;

pub use parameters::Parameters;

/// The rule set.
pub struct CertificateConsistency;

/// What the rules on an item see.
type OnItem<'a> = ItemCheck<'a, Parameters>;
/// What the rules on the declaration see.
type OnDeclaration<'a> = ecert_sdk::rules::Check<'a, Parameters>;

/// The day Codex adopted its guidelines on generic official certificates
/// (CXG 38), shortly after those of the IPPC on phytosanitary certificates
/// (ISPM 12): what the rules ask of any certificate stands in both.
const GUIDELINES: Option<Date> = Some(Date { year: 2001, month: 7, day: 7 });

/// Other identifiers and names of a party.
const ALIASES: &str = "party-aliases";

impl RuleSet for CertificateConsistency {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "certificate-consistency",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Certificate and declaration agree"), ("zh", "证书与报关单一致性")],
            rule_kind: "consistency",
            scope: Vec::new(),
            valid_from: GUIDELINES,
            valid_until: None,
            tables: &[Table { name: ALIASES, keys: &["party"], columns: &["alias"], matching: Match::Exact }],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                citation::RESOLVES,
                documents::EXEMPTION_VALID,
                standing::STATUS,
                standing::NOT_SUPERSEDED,
                standing::ISSUED_BEFORE_MOVEMENT,
                standing::VALIDITY,
                authority::KNOWN,
                authority::AUTHENTIC_DELIVERY,
                authority::SIGNATORY,
                documents::TYPE,
                goods::COMMODITY_CODE,
                goods::ORIGIN,
                goods::ESTABLISHMENTS,
                quantities::NET_WEIGHT,
                quantities::ITEM_COUNT,
                quantities::PACKAGE_COUNT,
                quantities::TOTAL_WEIGHT,
                route::DISPATCH_COUNTRY,
                route::DESTINATION_COUNTRY,
                route::ENTRY_POINT,
                parties::IMPORTER,
                parties::EXPORTER,
                transport::CONTAINERS,
                transport::SEALS,
                transport::IDENTITY,
                transport::DOCUMENTS,
            ]
        }
    }
}

ecert_sdk::export_rules!(CertificateConsistency);
