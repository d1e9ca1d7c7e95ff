//! What became of the certificates that an item cites.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::cases::Resolution;
use ecert_sdk::rules::{Difference, Judgement, Rule};

use crate::common::number;
use crate::{GUIDELINES, OnItem, Parameters};

pub(crate) const RESOLVES: Rule<Parameters> = Rule::of_item("citation-resolves", resolves)
    .titles(&[("en", "Each cited certificate is at hand"), ("zh", "所引用的证书均可查到")])
    .messages(&[
        ("en", "Certificate {number} ({type}) is cited, but none or more than one of that number is known."),
        ("zh", "报关单引用了证书 {number}（{type}），但未找到该编号的证书，或有多份证书使用该编号。"),
    ])
    .arguments(&["number", "type"])
    .legal_basis("Official controls on entry: goods are released on a certificate that can be verified")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn resolves(check: &OnItem<'_>) -> Judgement {
    let mut cited = false;
    let mut differences = Vec::new();
    for (citation, document) in check.citations() {
        match citation.resolution {
            Resolution::Resolved => cited = true,
            Resolution::NotACertificate | Resolution::Exempted => {}
            Resolution::NotFound | Resolution::Ambiguous => {
                cited = true;
                let place = document.number.as_ref().map_or(document.place, |number| number.place);
                let document_type = document.type_code.as_ref().map_or("", |code| code.value.as_str());
                differences.push(
                    Difference::new()
                        .argument("number", number(document))
                        .argument("type", document_type)
                        .actual(number(document))
                        .in_declaration(place),
                );
            }
        }
    }
    if cited { Judgement::of(differences) } else { Judgement::NotApplicable }
}
