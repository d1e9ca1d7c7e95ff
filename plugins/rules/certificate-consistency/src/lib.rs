//! Rules on any certificate and the declaration that cites it.

use ecert_sdk::rules::{About, ItemCheck, Judgement, Rule, RuleSet};
use ecert_sdk::model::cases::Resolution;

/// The rule set.
pub struct CertificateConsistency;

impl RuleSet for CertificateConsistency {
    type Parameters = ecert_sdk::parameters::NoParameters;

    fn about() -> About {
        About {
            name: "certificate-consistency",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Certificate and declaration agree"), ("zh", "证书与报关单一致性")],
            rule_kind: "consistency",
            scope: Vec::new(),
            valid_from: None,
            valid_until: None,
            tables: &[],
        }
    }

    fn rules() -> &'static [Rule<Self::Parameters>] {
        const { &[RESOLVES] }
    }
}

const RESOLVES: Rule<ecert_sdk::parameters::NoParameters> = Rule::of_item("citation-resolves", resolves)
    .titles(&[("en", "Every cited certificate is at hand"), ("zh", "所引用的证书均已收到")])
    .messages(&[("en", "Certificate {number} is not known."), ("zh", "未找到证书 {number}。")])
    .arguments(&["number"])
    .legal_basis("Official controls: goods are released against a certificate that can be verified");

fn resolves(check: &ItemCheck<'_, ecert_sdk::parameters::NoParameters>) -> Judgement {
    Judgement::when(check.citations().all(|(citation, _)| citation.resolution != Resolution::NotFound))
}

ecert_sdk::export_rules!(CertificateConsistency);
