//! Collects the certificates that a declaration cites.

use std::sync::Arc;

use ecert_model::cases::{Citation, Resolution};
use ecert_model::certificates::CertificateRole;
use ecert_model::declarations::Declaration;

use super::citation::{Candidate, DocumentCodes, Sought, citations, resolve};
use super::finding::{HostCode, HostFinding};
use super::pairing::document;
use crate::intake::Held;
use crate::intake::number::normalise;

/// Where certificates are looked up.
pub trait Archive {
    /// Why a look-up can fail.
    type Error;

    /// The certificates that bear a number (normalised).
    fn find(&self, number: &str) -> Result<Vec<Arc<Held>>, Self::Error>;

    /// Numbers (as written) that look like one that no certificate bears.
    fn similar(&self, _number: &str) -> Result<Vec<String>, Self::Error> {
        Ok(Vec::new())
    }
}

/// The certificates of a case.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// Each certificate once, in the order in which they are cited first.
    pub certificates: Vec<Arc<Held>>,
    /// What became of each citation.
    pub citations: Vec<Citation>,
    /// What the host found while looking them up.
    pub findings: Vec<HostFinding>,
}

/// Looks up every certificate that a declaration cites, and those that the
/// entry documents among them cite.
pub fn gather<A: Archive>(
    declaration: &Declaration,
    codes: &DocumentCodes,
    archive: &A,
) -> Result<Gathered, A::Error> {
    let cited = citations(declaration, codes);
    let mut gathered = Gathered { citations: cited.settled, ..Gathered::default() };
    for citation in &gathered.citations {
        if citation.resolution == Resolution::NotFound {
            gathered.findings.push(missing(declaration, citation));
        }
    }
    for sought in &cited.sought {
        gathered.look_up(declaration, sought, archive)?;
    }
    gathered.follow_entry_documents(archive)?;
    gathered.citations.sort_by_key(|c| (c.item, c.document, c.certificate));
    Ok(gathered)
}

impl Gathered {
    fn look_up<A: Archive>(
        &mut self,
        declaration: &Declaration,
        sought: &Sought<'_>,
        archive: &A,
    ) -> Result<(), A::Error> {
        let found = archive.find(&sought.number)?;
        let candidates: Vec<Candidate> = (0..)
            .zip(&found)
            .map(|(certificate, held)| Candidate {
                certificate,
                type_code: held.body.certificate.type_code.value.clone(),
                country: held.body.certificate.issuing_country.as_ref().map(|c| c.value.clone()),
            })
            .collect();
        let mut citation = resolve(sought, &candidates);
        citation.certificate =
            citation.certificate.and_then(|index| found.get(index as usize)).map(|held| self.take(held));
        match citation.resolution {
            Resolution::NotFound => {
                let finding = missing(declaration, &citation);
                let similar = if found.is_empty() { archive.similar(&sought.number)? } else { Vec::new() };
                if !similar.is_empty() {
                    let candidates = HostFinding { code: HostCode::CertificateSimilar, ..finding.clone() };
                    self.findings.push(candidates.argument("similar", similar.join(", ")));
                }
                self.findings.push(finding);
            }
            Resolution::Ambiguous => {
                let finding = missing(declaration, &citation);
                self.findings.push(HostFinding { code: HostCode::CitationAmbiguous, ..finding });
            }
            _ => {}
        }
        self.citations.push(citation);
        Ok(())
    }

    /// Index of a certificate in the case, which it joins if it is new.
    fn take(&mut self, held: &Arc<Held>) -> u32 {
        let same =
            |known: &Arc<Held>| Arc::ptr_eq(known, held) || (known.id == held.id && !held.id.is_empty());
        let index = self.certificates.iter().position(same).unwrap_or_else(|| {
            self.certificates.push(Arc::clone(held));
            self.certificates.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// An entry document only cites the exporter's certificates; an item that
    /// cites the one cites the others too.
    fn follow_entry_documents<A: Archive>(&mut self, archive: &A) -> Result<(), A::Error> {
        let direct: Vec<Citation> = self.citations.clone();
        for citation in direct {
            let Some(held) = citation.certificate.and_then(|i| self.certificates.get(i as usize)) else {
                continue;
            };
            let held = Arc::clone(held);
            if held.body.certificate.role != CertificateRole::EntryDocument {
                continue;
            }
            let mut not_held: Vec<&str> = Vec::new();
            for number in &held.body.certificate.cites {
                match archive.find(&normalise(&number.value))?.as_slice() {
                    [certificate] => {
                        let certificate = Some(self.take(certificate));
                        let known = |c: &Citation| (c.item, c.certificate) == (citation.item, certificate);
                        if !self.citations.iter().any(known) {
                            self.citations.push(Citation { certificate, ..citation });
                        }
                    }
                    _ => not_held.push(&number.value),
                }
            }
            if !not_held.is_empty() {
                self.findings.push(
                    HostFinding::new(HostCode::EntryDocumentOnly, citation.item)
                        .argument("number", &held.body.certificate.number.value)
                        .argument("missing", not_held.join(", "))
                        .in_certificate(
                            citation.certificate.unwrap_or_default(),
                            held.body.certificate.cites.first().map_or(0, |number| number.place),
                        ),
                );
            }
        }
        Ok(())
    }
}

fn missing(declaration: &Declaration, citation: &Citation) -> HostFinding {
    let document = document(declaration, citation);
    let number = document.and_then(|d| d.number.as_ref());
    let place = number.map(|n| n.place).or(document.map(|d| d.place)).unwrap_or_default();
    HostFinding::new(HostCode::CertificateMissing, citation.item)
        .argument("number", number.map_or("—", |n| n.value.as_str()))
        .in_declaration(place)
}

#[cfg(test)]
#[path = "gather_tests.rs"]
mod tests;
