use ecert_model::declarations::GoodsItem;
use ecert_model::values::{Code, Identifier, Text};

use super::*;

fn document(code: &str, number: &str) -> SupportingDocument {
    SupportingDocument {
        type_code: Some(Code { value: code.into(), ..Code::default() }),
        number: (!number.is_empty()).then(|| Identifier { value: number.into(), ..Identifier::default() }),
        ..SupportingDocument::default()
    }
}

fn declaration(documents: Vec<SupportingDocument>) -> Declaration {
    let origin = Some(Code { value: "NZ".into(), ..Code::default() });
    Declaration {
        items: vec![GoodsItem { documents, origin, ..GoodsItem::default() }],
        ..Declaration::default()
    }
}

fn candidate(certificate: u32, type_code: &str, country: &str) -> Candidate {
    Candidate { certificate, type_code: type_code.into(), country: Some(country.into()) }
}

#[test]
fn documents_are_sorted_by_what_they_mean() {
    let exempted = SupportingDocument {
        exemption: Some(Text { value: "Sample for analysis".into(), ..Text::default() }),
        ..document("N851", "")
    };
    let declaration = declaration(vec![
        document("N935", "INV-1"),
        document("N853", "nzl.2026/ab-12"),
        document("Y930", ""),
        document("N851", ""),
        exempted,
    ]);
    let codes = DocumentCodes::default();
    let result = citations(&declaration, &codes);
    assert_eq!(result.sought.len(), 1);
    assert_eq!(result.sought[0].number, "NZL2026AB12");
    assert_eq!(result.sought[0].countries, ["NZ"]);
    let settled: Vec<_> = result.settled.iter().map(|c| (c.document, c.resolution)).collect();
    assert_eq!(
        settled,
        [
            (0, Resolution::NotACertificate),
            (2, Resolution::NotACertificate),
            (3, Resolution::NotFound),
            (4, Resolution::Exempted)
        ]
    );
}

#[test]
fn type_and_country_break_a_tie() {
    let declaration = declaration(vec![document("N853", "12")]);
    let codes = DocumentCodes::default();
    let sought = &citations(&declaration, &codes).sought[0];
    let resolved = |candidates: &[Candidate]| {
        let citation = resolve(sought, candidates);
        (citation.resolution, citation.certificate)
    };
    assert_eq!(resolved(&[]), (Resolution::NotFound, None));
    assert_eq!(resolved(&[candidate(4, "851", "AR")]), (Resolution::Resolved, Some(4)));
    let by_type = [candidate(0, "851", "NZ"), candidate(1, "852", "AR")];
    assert_eq!(resolved(&by_type), (Resolution::Resolved, Some(1)));
    let by_country = [candidate(0, "852", "AR"), candidate(1, "853", "NZ")];
    assert_eq!(resolved(&by_country), (Resolution::Resolved, Some(1)));
    let tied = [candidate(0, "852", "NZ"), candidate(1, "853", "NZ")];
    assert_eq!(resolved(&tied), (Resolution::Ambiguous, None));
}

#[test]
fn a_table_of_its_own_replaces_the_default() {
    let codes = DocumentCodes::new([
        ("x-1".to_owned(), DocumentKind::Certificate(vec![])),
        ("Y9".to_owned(), DocumentKind::Exemption),
    ]);
    let declaration = declaration(vec![document("X1", "7"), document("N853", "8"), document("Y9", "")]);
    let result = citations(&declaration, &codes);
    assert_eq!(result.sought.len(), 1);
    assert_eq!(result.settled[0].resolution, Resolution::NotACertificate);
    assert_eq!(result.settled[1].resolution, Resolution::Exempted);
}
