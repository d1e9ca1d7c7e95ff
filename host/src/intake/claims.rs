//! What an envelope claims of the certificate inside it. A certificate that
//! contradicts its envelope was altered, or put into another's envelope.

use ecert_model::certificates::Certificate;
use ecert_model::documents::{Document, EmbeddedMessage};
use ecert_model::readings::ProblemSeverity;
use ecert_model::values::Place;

use super::number::normalise;
use super::read::LocatedProblem;
use crate::contract::places::Places;

/// Claims that the documents contradict, as problems at their places in the
/// envelope; the text names the place in the message inside. Claims of other
/// names than the contract's are no concern here.
pub(super) fn contradicted(
    envelope: &EmbeddedMessage,
    places: &Places,
    documents: &[Document],
    inside: &Places,
) -> Vec<LocatedProblem> {
    let certificates = || {
        documents.iter().filter_map(|document| match document {
            Document::Certificate(certificate) => Some(certificate),
            _ => None,
        })
    };
    let mut problems = Vec::new();
    for claim in &envelope.claims {
        let Some(said) = reader(&claim.name) else { continue };
        let claimed = normalise(&claim.value);
        let other = certificates().map(said).find(|(actual, _)| normalise(actual) != claimed);
        if let Some((actual, place)) = other {
            let at = inside.locate(place).map(|at| format!(" on its line {}, column {}", at.line, at.column));
            problems.push(LocatedProblem {
                code: "envelope-differs".to_owned(),
                text: format!(
                    "The envelope says {} {:?}, the certificate in it {actual:?}{}: both must agree.",
                    claim.name,
                    claim.value,
                    at.unwrap_or_default()
                ),
                severity: ProblemSeverity::Fatal,
                location: places.locate(claim.place),
            });
        }
    }
    problems
}

/// What a certificate says of itself, and where.
type Reader = fn(&Certificate) -> (&str, Place);

/// How a certificate says what a claim is about, and where.
fn reader(claim: &str) -> Option<Reader> {
    match claim {
        "number" => Some(|certificate| (&certificate.number.value, certificate.number.place)),
        "type" => Some(|certificate| (&certificate.type_code.value, certificate.type_code.place)),
        "status" => Some(|certificate| (&certificate.status.value, certificate.status.place)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ecert_model::values::{Code, Extension, Identifier};

    use super::*;

    fn contradictions(claims: &[(&str, &str)]) -> usize {
        let certificate = Certificate {
            number: Identifier { value: "NZ2026/1".into(), ..Default::default() },
            status: Code { value: "70".into(), ..Default::default() },
            ..Default::default()
        };
        let claim = |(name, value): &(&str, &str)| Extension {
            name: (*name).into(),
            value: (*value).into(),
            ..Default::default()
        };
        let envelope = EmbeddedMessage { claims: claims.iter().map(claim).collect(), ..Default::default() };
        let (places, documents) = (Places::default(), [Document::Certificate(certificate)]);
        contradicted(&envelope, &places, &documents, &places).len()
    }

    #[test]
    fn a_certificate_agrees_with_its_envelope() {
        assert_eq!(contradictions(&[("number", "NZ 2026/1"), ("status", "70"), ("colour", "red")]), 0);
        assert_eq!(contradictions(&[("number", "NZ2026/2")]), 1);
        assert_eq!(contradictions(&[("status", "40"), ("type", "852")]), 2);
    }
}
