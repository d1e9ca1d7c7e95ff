//! What the arrangements with Macao ask in addition.
//!
//! [`made`] and [`route`] hold what the arrangements ask; numbers of certificates, admitted
//! commodities and officers come from the library `protocol`.

pub mod made;
pub mod parameters;
pub mod route;

use ecert_sdk::rules::{About, Rule, RuleSet};
use parameters::Parameters;

/// The rule set.
pub struct ProtocolMacao;

impl RuleSet for ProtocolMacao {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "protocol-macao",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Arrangements with Macao"), ("zh", "与澳门的双边安排")],
            rule_kind: "protocol",
            scope: goods::imports(
                &["0101", "0210", "03", "1601", "1602", "1604", "1901", "1905", "2105"],
                &["MO"],
            ),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[goods::establishments::TABLE, goods::registrations::TABLE, protocol::SIGNATORIES],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                protocol::number(),
                protocol::eligible(),
                protocol::signatory(),
                made::PRODUCER,
                made::MADE,
                made::MATERIAL,
                made::BRAND,
                route::DIRECT,
                route::STAY,
            ]
        }
    }
}

ecert_sdk::export_rules!(ProtocolMacao);

#[cfg(test)]
mod tests;
