//! Which goods items belong to which certificate lines.
//!
//! Pairing is done once, by the host, for all rule sets. It never guesses:
//! what is not clear becomes a suggestion ([`PairingBasis::Ambiguous`]) that an
//! officer decides.
//!
//! For each item and each certificate it cites:
//! 1. an officer's decision counts before everything else;
//! 2. a line the declaration names is the line, and naming a certificate of
//!    one line names that line;
//! 3. else the line with the deepest agreeing commodity code, if there is only
//!    one; a line without a code can be meant only where no line agrees and
//!    no other could be meant;
//! 4. else all lines that can be meant are suggested.
//!
//! A certificate cited for the whole declaration need not concern every item,
//! so no agreeing line is no fault there, unless the item has no other.

use std::collections::BTreeSet;

use ecert_model::cases::{Citation, Pairing, PairingBasis, Resolution};
use ecert_model::certificates::{Certificate, TradeLine};
use ecert_model::declarations::{Declaration, GoodsItem, SupportingDocument};

use super::commodity::{Code, Comparison};

/// What pairing came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairings {
    /// Pairs, ordered by item, certificate and line.
    pub pairings: Vec<Pairing>,
    /// Item and certificate cited by it, where several lines can be meant.
    pub ambiguous: Vec<(u32, u32)>,
    /// Item and certificate cited by it, where no line can be meant.
    pub unmatched: Vec<(u32, u32)>,
}

/// A pair that an officer decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Index of the item.
    pub item: u32,
    /// Index of the certificate.
    pub certificate: u32,
    /// Index of the line.
    pub line: u32,
}

/// Pairs all items with the lines of the certificates cited for them.
pub fn pair(
    declaration: &Declaration,
    certificates: &[&Certificate],
    citations: &[Citation],
    decided: &[Decided],
) -> Pairings {
    let lines: Vec<Vec<Line>> = certificates.iter().map(|c| candidate_lines(c)).collect();
    let mut result = Pairings::default();
    for (index, item) in (0..).zip(&declaration.items) {
        let code = item_code(item);
        let cited_by_item = cited_by(declaration, citations, index);
        for cited in &cited_by_item {
            let Some(lines) = lines.get(cited.certificate as usize) else { continue };
            let officer: Vec<u32> = decided
                .iter()
                .filter(|d| (d.item, d.certificate) == (index, cited.certificate))
                .map(|d| d.line)
                .collect();
            let choice = if officer.is_empty() {
                choose(cited, lines, code.as_ref())
            } else {
                Choice::Lines(PairingBasis::Officer, officer)
            };
            result.add(index, cited, choice);
        }
        // Certificates for the whole declaration need not concern an item, but
        // one of those it cites must.
        if let (Some(first), true) = (cited_by_item.first(), result.says_nothing_of(index)) {
            result.unmatched.push((index, first.certificate));
        }
    }
    result
}

impl Pairings {
    fn says_nothing_of(&self, item: u32) -> bool {
        !self.pairings.iter().any(|p| p.item == item) && !self.unmatched.iter().any(|(i, _)| *i == item)
    }

    fn add(&mut self, item: u32, cited: &Cited, choice: Choice) {
        let certificate = cited.certificate;
        match choice {
            Choice::Nothing if cited.by_item => self.unmatched.push((item, certificate)),
            Choice::Nothing => {}
            Choice::Lines(basis, lines) => {
                if basis == PairingBasis::Ambiguous {
                    self.ambiguous.push((item, certificate));
                }
                let lines = BTreeSet::from_iter(lines);
                self.pairings.extend(lines.into_iter().map(|line| Pairing {
                    item,
                    certificate,
                    line,
                    basis,
                }));
            }
        }
    }
}

/// A certificate as one item cites it.
struct Cited {
    certificate: u32,
    /// Line numbers that the declaration names.
    named: Vec<u32>,
    /// Whether the item itself cites it, or the declaration's only item does
    /// through the declaration.
    by_item: bool,
}

enum Choice {
    Nothing,
    Lines(PairingBasis, Vec<u32>),
}

/// A line that can be paired.
struct Line {
    index: u32,
    sequence: u32,
    code: Option<Code>,
}

fn choose(cited: &Cited, lines: &[Line], code: Option<&Code>) -> Choice {
    let named: Vec<u32> =
        lines.iter().filter(|l| cited.named.contains(&l.sequence)).map(|l| l.index).collect();
    if !named.is_empty() && named.len() == cited.named.len() {
        return Choice::Lines(PairingBasis::LineReference, named);
    }
    let by_code = by_code(lines, code);
    if !cited.named.is_empty() {
        // A line is named that is not there, or is there twice.
        let suggested = if by_code.is_empty() { lines.iter().map(|l| l.index).collect() } else { by_code };
        return Choice::Lines(PairingBasis::Ambiguous, suggested);
    }
    match (lines, by_code.as_slice()) {
        ([only], _) if cited.by_item => Choice::Lines(PairingBasis::LineReference, vec![only.index]),
        (_, []) => Choice::Nothing,
        (_, [only]) => Choice::Lines(PairingBasis::UniqueCode, vec![*only]),
        _ => Choice::Lines(PairingBasis::Ambiguous, by_code),
    }
}

/// Lines that can be meant by a code: those that agree deepest, else those
/// that say nothing against it.
fn by_code(lines: &[Line], code: Option<&Code>) -> Vec<u32> {
    let depth = |line: &Line| match code?.compare(line.code.as_ref()?) {
        Comparison::Same(digits) => Some(digits),
        Comparison::Different => None,
    };
    match lines.iter().filter_map(depth).max() {
        Some(deepest) => lines.iter().filter(|l| depth(l) == Some(deepest)).map(|l| l.index).collect(),
        None => lines.iter().filter(|l| code.is_none() || l.code.is_none()).map(|l| l.index).collect(),
    }
}

/// The declared commodity code of an item.
pub fn item_code(item: &GoodsItem) -> Option<Code> {
    item.commodity.as_ref().and_then(Code::of).or_else(|| Code::first_of(&item.classifications))
}

/// The lines of a certificate that goods can be paired with.
fn candidate_lines(certificate: &Certificate) -> Vec<Line> {
    let lines = &certificate.consignment.lines;
    (0..)
        .zip(lines)
        .filter(|(_, line)| !is_total(line, lines))
        .map(|(index, line)| Line {
            index,
            sequence: line.sequence,
            code: Code::first_of(&line.classifications),
        })
        .collect()
}

/// Some systems send the totals as a line 0 in front of the real ones. Where
/// the adapter has not already taken it for what it is, it is known by bearing
/// no code, species or origin while other lines stand beside it.
fn is_total(line: &TradeLine, lines: &[TradeLine]) -> bool {
    line.sequence == 0
        && lines.len() > 1
        && line.classifications.is_empty()
        && line.scientific_names.is_empty()
        && line.origins.is_empty()
}

/// The certificates cited for an item, each once, in the order of the case.
fn cited_by(declaration: &Declaration, citations: &[Citation], item: u32) -> Vec<Cited> {
    let single_item = declaration.items.len() == 1;
    let mut cited: Vec<Cited> = Vec::new();
    for citation in citations {
        let concerns = citation.item.is_none_or(|i| i == item);
        let (Resolution::Resolved, Some(certificate), true) =
            (citation.resolution, citation.certificate, concerns)
        else {
            continue;
        };
        let by_item = citation.item.is_some() || single_item;
        let named = document(declaration, citation).and_then(|d| d.line);
        match cited.iter_mut().find(|c| c.certificate == certificate) {
            Some(known) => {
                known.by_item |= by_item;
                known.named.extend(named);
            }
            None => cited.push(Cited { certificate, named: Vec::from_iter(named), by_item }),
        }
    }
    for certificate in &mut cited {
        certificate.named.sort_unstable();
        certificate.named.dedup();
    }
    cited.sort_unstable_by_key(|c| c.certificate);
    cited
}

/// The supporting document that a citation is about.
pub fn document<'d>(declaration: &'d Declaration, citation: &Citation) -> Option<&'d SupportingDocument> {
    let documents = match citation.item {
        None => &declaration.documents,
        Some(item) => &declaration.items.get(item as usize)?.documents,
    };
    documents.get(citation.document as usize)
}

#[cfg(test)]
#[path = "pairing_tests.rs"]
mod tests;
