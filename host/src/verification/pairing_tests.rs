use ecert_model::certificates::Consignment;
use ecert_model::parts::Classification;
use proptest::prelude::*;

use super::*;

fn classification(code: &str) -> Classification {
    Classification { system: Some("HS".into()), class_code: Some(code.into()), ..Classification::default() }
}

/// A certificate with lines 1, 2, … of these codes; an empty code is none.
fn certificate(codes: &[&str]) -> Certificate {
    let line = |(sequence, code): (u32, &&str)| TradeLine {
        sequence,
        classifications: if code.is_empty() { vec![] } else { vec![classification(code)] },
        ..TradeLine::default()
    };
    let lines = (1..).zip(codes).map(line).collect();
    Certificate { consignment: Consignment { lines, ..Consignment::default() }, ..Certificate::default() }
}

/// Items of these codes, each with documents that name these lines.
fn declaration(items: &[(&str, &[Option<u32>])]) -> Declaration {
    let item = |(code, lines): &(&str, &[Option<u32>])| GoodsItem {
        commodity: (!code.is_empty()).then(|| classification(code)),
        documents: lines
            .iter()
            .map(|&line| SupportingDocument { line, ..SupportingDocument::default() })
            .collect(),
        ..GoodsItem::default()
    };
    Declaration { items: items.iter().map(item).collect(), ..Declaration::default() }
}

fn cites(item: u32, document: u32, certificate: u32) -> Citation {
    Citation { item: Some(item), document, resolution: Resolution::Resolved, certificate: Some(certificate) }
}

fn cites_for_all(certificate: u32) -> Citation {
    Citation { item: None, ..cites(0, 0, certificate) }
}

fn pairs(pairings: &Pairings) -> Vec<(u32, u32, u32, PairingBasis)> {
    pairings.pairings.iter().map(|p| (p.item, p.certificate, p.line, p.basis)).collect()
}

#[test]
fn a_unique_code_pairs() {
    let certificate = certificate(&["020230", "020220"]);
    let declaration = declaration(&[("0202203000", &[None]), ("0202301000", &[None])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0), cites(1, 0, 0)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 1, PairingBasis::UniqueCode), (1, 0, 0, PairingBasis::UniqueCode)]);
}

#[test]
fn the_deepest_agreement_wins() {
    let certificate = certificate(&["0202", "020230"]);
    let declaration = declaration(&[("0202301000", &[None])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 1, PairingBasis::UniqueCode)]);
}

#[test]
fn several_lines_of_one_code_are_ambiguous_until_an_officer_decides() {
    let certificate = certificate(&["020230", "020230", "020220"]);
    let declaration = declaration(&[("0202301000", &[None])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 0, PairingBasis::Ambiguous), (0, 0, 1, PairingBasis::Ambiguous)]);
    assert_eq!(result.ambiguous, [(0, 0)]);

    let decided = [Decided { item: 0, certificate: 0, line: 1 }];
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0)], &decided);
    assert_eq!(pairs(&result), [(0, 0, 1, PairingBasis::Officer)]);
    assert!(result.ambiguous.is_empty());
}

#[test]
fn a_named_line_counts_before_the_code() {
    let certificate = certificate(&["020230", "020230", "020220"]);
    let declaration = declaration(&[("0202301000", &[Some(3)])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 2, PairingBasis::LineReference)]);
}

#[test]
fn several_named_lines_pair_together() {
    let certificate = certificate(&["020230", "020230", "020220"]);
    let declaration = declaration(&[("0202301000", &[Some(1), Some(2)])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0), cites(0, 1, 0)], &[]);
    assert_eq!(
        pairs(&result),
        [(0, 0, 0, PairingBasis::LineReference), (0, 0, 1, PairingBasis::LineReference)]
    );
}

#[test]
fn a_named_line_that_is_not_there_is_ambiguous() {
    let certificate = certificate(&["020230", "020220"]);
    let declaration = declaration(&[("020230", &[Some(9)])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 0, PairingBasis::Ambiguous)]);
}

#[test]
fn naming_a_certificate_of_one_line_names_the_line() {
    let certificate = certificate(&["040690"]);
    let declaration = declaration(&[("020230", &[None]), ("020220", &[None])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 0, PairingBasis::LineReference)]);
    // Cited for all items, it names no line, and none is for these goods.
    let result = pair(&declaration, &[&certificate], &[cites_for_all(0)], &[]);
    assert!(result.pairings.is_empty());
    assert_eq!(result.unmatched, [(0, 0), (1, 0)]);
}

#[test]
fn no_line_that_can_be_meant_is_reported() {
    let certificate = certificate(&["040690", "040610"]);
    let declaration = declaration(&[("020230", &[None])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0)], &[]);
    assert!(result.pairings.is_empty());
    assert_eq!(result.unmatched, [(0, 0)]);
}

#[test]
fn a_line_without_code_is_meant_only_if_it_is_the_only_one() {
    let declaration = declaration(&[("020230", &[None])]);
    let one = certificate(&["", "040690"]);
    let result = pair(&declaration, &[&one], &[cites(0, 0, 0)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 0, PairingBasis::UniqueCode)]);
    let two = certificate(&["", ""]);
    let result = pair(&declaration, &[&two], &[cites(0, 0, 0)], &[]);
    assert_eq!(result.ambiguous, [(0, 0)]);
}

#[test]
fn two_certificates_on_one_item_both_pair() {
    let (a, b) = (certificate(&["020230", "020220"]), certificate(&["020230", "020110"]));
    let declaration = declaration(&[("020230", &[None, None])]);
    let result = pair(&declaration, &[&a, &b], &[cites(0, 0, 0), cites(0, 1, 1)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 0, PairingBasis::UniqueCode), (0, 1, 0, PairingBasis::UniqueCode)]);
}

#[test]
fn a_totals_line_never_pairs() {
    let mut certificate = certificate(&["", "020230"]);
    certificate.consignment.lines[0].sequence = 0;
    let declaration = declaration(&[("", &[None])]);
    let result = pair(&declaration, &[&certificate], &[cites(0, 0, 0)], &[]);
    assert_eq!(pairs(&result), [(0, 0, 1, PairingBasis::LineReference)]);
}

proptest! {
    /// Which pairs come out does not depend on the order in which the
    /// certificates are cited or stand in the case.
    #[test]
    fn the_order_of_certificates_does_not_matter(
        certified in prop::collection::vec(prop::collection::vec(0usize..5, 0..4), 1..4),
        declared in prop::collection::vec((0usize..5, prop::option::of(1u32..4)), 1..4),
        for_all in any::<bool>(),
    ) {
        const CODES: [&str; 5] = ["", "0202", "020230", "020220", "040690"];
        let certificates: Vec<Certificate> = certified
            .iter()
            .map(|codes| certificate(&codes.iter().map(|&c| CODES[c]).collect::<Vec<_>>()))
            .collect();
        let count = u32::try_from(certificates.len()).unwrap();
        let lines: Vec<Vec<Option<u32>>> =
            declared.iter().map(|(_, line)| vec![*line; certificates.len()]).collect();
        let items: Vec<(&str, &[Option<u32>])> =
            declared.iter().zip(&lines).map(|((code, _), lines)| (CODES[*code], lines.as_slice())).collect();
        let declaration = declaration(&items);
        let mut citations: Vec<Citation> = (0..items.len() as u32)
            .flat_map(|item| (0..count).map(move |certificate| cites(item, certificate, certificate)))
            .collect();
        if for_all {
            citations = (0..count).map(cites_for_all).collect();
        }
        let forward: Vec<&Certificate> = certificates.iter().collect();
        let backward: Vec<&Certificate> = certificates.iter().rev().collect();
        let turned: Vec<Citation> = citations
            .iter()
            .rev()
            .map(|c| Citation { certificate: c.certificate.map(|n| count - 1 - n), ..*c })
            .collect();

        let first = pair(&declaration, &forward, &citations, &[]);
        let mut second = pair(&declaration, &backward, &turned, &[]);
        for pairing in &mut second.pairings {
            pairing.certificate = count - 1 - pairing.certificate;
        }
        second.pairings.sort_unstable_by_key(|p| (p.item, p.certificate, p.line));
        prop_assert_eq!(first.pairings, second.pairings);
        prop_assert_eq!(first.ambiguous.len(), second.ambiguous.len());
        prop_assert_eq!(first.unmatched.len(), second.unmatched.len());
    }
}
