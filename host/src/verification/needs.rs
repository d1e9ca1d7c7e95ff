//! What the items of a declaration need, by the table of requirements, and
//! whether electronic certificates suffice, by the agreements.

use std::sync::Arc;

use ecert_model::cases::{Case, CitedCertificate, Resolution};
use ecert_model::certificates::CertificateRole;
use ecert_model::declarations;
use ecert_model::reports::Severity;

use super::case::certificates_of;
use super::finding::{HostCode, HostFinding};
use super::pairing::item_code;
use super::requirement::{Form, Requirement, needed};
use crate::reference::{AgreementEntry, Agreements, Direction, Exchange, governing};

/// The kind of rule set that an item needs as soon as it cites a certificate,
/// whatever the table of requirements says.
const ALWAYS_NEEDED: &str = "consistency";

/// The agreement that decides for each item.
#[derive(Clone, Debug, Default)]
pub struct Agreed(Vec<Option<Arc<AgreementEntry>>>);

impl Agreed {
    /// The one that decides for an item.
    #[must_use]
    pub fn of(&self, item: u32) -> Option<&AgreementEntry> {
        self.0.get(item as usize)?.as_deref()
    }

    /// Those that decide for some item.
    pub fn all(&self) -> impl Iterator<Item = &AgreementEntry> {
        self.0.iter().flatten().map(Arc::as_ref)
    }
}

/// Finds the agreement for each item: with the country that issued the
/// certificate, else with the country of origin.
pub(super) fn agreed(case: &Case, agreements: &Agreements) -> Agreed {
    let direction = match case.declaration.direction {
        declarations::Direction::Import => Direction::Import,
        declarations::Direction::Export => Direction::Export,
        declarations::Direction::Transit => return Agreed::default(),
    };
    let in_force: Vec<_> = agreements.all_on(case.dates.decision).map(Arc::clone).collect();
    if in_force.is_empty() {
        return Agreed::default();
    }
    let of = |(index, item): (u32, &declarations::GoodsItem)| {
        let mut official = certificates_of(case, index)
            .filter(|cited| cited.certificate.role == CertificateRole::OfficialCertificate);
        let issuer = official.find_map(|cited| cited.certificate.issuing_country.as_ref());
        let partner = issuer.or(item.origin.as_ref())?;
        let code = item_code(item)?;
        governing(&in_force, &partner.value, direction, code.digits()).map(Arc::clone)
    };
    Agreed((0..).zip(&case.declaration.items).map(of).collect())
}

/// What the items need.
pub(super) struct Needs<'r> {
    /// The row of the table that counts, per item.
    rows: Vec<Option<&'r Requirement>>,
    /// Items that need or cite a certificate or claim an exemption.
    pub(super) concerned: Vec<u32>,
    /// Items that cite a certificate.
    citing: Vec<u32>,
}

impl<'r> Needs<'r> {
    pub(super) fn of(case: &Case, requirements: Option<&'r [Requirement]>) -> Self {
        let mut needs = Self { rows: Vec::new(), concerned: Vec::new(), citing: Vec::new() };
        for (index, item) in (0..).zip(&case.declaration.items) {
            let row = requirements.and_then(|table| needed(item, case.dates.decision, table));
            let cites = cites(case, index, |r| r != Resolution::NotACertificate);
            let needs_some = row.is_some_and(|r| !r.certificate_types.is_empty() || !r.rule_kinds.is_empty());
            if cites {
                needs.citing.push(index);
            }
            if cites || needs_some {
                needs.concerned.push(index);
            }
            needs.rows.push(row);
        }
        needs
    }

    pub(super) fn findings(&self, case: &Case, agreed: &Agreed) -> Vec<HostFinding> {
        let mut findings = Vec::new();
        for (index, row) in (0..).zip(&self.rows) {
            let row = row.filter(|row| !row.certificate_types.is_empty());
            let place = case.declaration.items[index as usize].place;
            let finding = |code| HostFinding::new(code, Some(index)).in_declaration(place);
            // A citation that was not found, or an exemption, is judged as one.
            let open = cites(case, index, |r| {
                matches!(r, Resolution::NotFound | Resolution::Ambiguous | Resolution::Exempted)
            });
            let not_cited =
                row.is_some_and(|row| !open && !cites_one_of(case, index, &row.certificate_types));
            let missing = not_cited || cites(case, index, |r| r == Resolution::NotFound);
            let mut on_paper = row.is_some_and(|row| row.form == Form::Paper);
            if let Some(agreement) =
                agreed.of(index).filter(|_| row.is_some() || self.citing.contains(&index))
            {
                let under = under_agreement(agreement, case, missing);
                on_paper = false;
                if let Some(found) = under {
                    let ends = found.code.severity() >= Severity::Discrepancy;
                    findings.push(HostFinding { item: Some(index), ..found.in_declaration(place) });
                    if ends {
                        continue;
                    }
                }
            }
            let types = row.map(|row| row.certificate_types.join(", ")).unwrap_or_default();
            if on_paper {
                findings.push(finding(HostCode::PaperCertificate).argument("types", types));
            } else if not_cited {
                findings.push(finding(HostCode::CertificateNotCited).argument("types", types));
            }
        }
        findings
    }

    /// Kinds of rule set that have to run on an item.
    pub(super) fn kinds(&self, item: u32) -> Vec<&str> {
        let row = self.rows.get(item as usize).copied().flatten();
        let mut kinds: Vec<&str> =
            row.map_or(Vec::new(), |r| r.rule_kinds.iter().map(String::as_str).collect());
        if self.citing.contains(&item) && !kinds.contains(&ALWAYS_NEEDED) {
            kinds.push(ALWAYS_NEEDED);
        }
        kinds
    }
}

fn cites(case: &Case, item: u32, wanted: impl Fn(Resolution) -> bool) -> bool {
    case.citations.iter().any(|c| c.item.is_none_or(|i| i == item) && wanted(c.resolution))
}

fn cites_one_of(case: &Case, item: u32, types: &[String]) -> bool {
    certificates_of(case, item).any(|c: &CitedCertificate| types.contains(&c.certificate.type_code.value))
}

/// What an agreement says of an electronic certificate: that it wants paper,
/// that the exchange is out and the certificate is not here, or that it is not
/// here because of the way they are exchanged.
fn under_agreement(agreement: &AgreementEntry, case: &Case, missing: bool) -> Option<HostFinding> {
    let terms = agreement.said()?;
    let finding = |code| {
        HostFinding::new(code, None)
            .argument("agreement", &agreement.name)
            .argument("partner", &terms.partner)
    };
    if !terms.paperless {
        return Some(finding(HostCode::AgreementPaper));
    }
    if !missing {
        return None;
    }
    if let Some(outage) = terms.outage(case.dates.decision) {
        let until = outage.until.map_or("—".to_owned(), |until| until.to_string());
        let finding = finding(HostCode::AgreementOutage);
        return Some(finding.argument("from", outage.from.to_string()).argument("until", until));
    }
    match terms.exchange {
        Exchange::RealTime => None,
        Exchange::Batch => Some(finding(HostCode::CertificateAwaited)),
        Exchange::Query => Some(finding(HostCode::CertificateWithPartner)),
    }
}
