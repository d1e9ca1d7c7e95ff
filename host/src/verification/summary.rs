//! The short forms of messages, dates and pins that a record holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecert_model::cases::{Case, CaseDates, DecisionBasis, PairingBasis};
use ecert_model::manifest::CONTRACT;
use ecert_model::reports::Report;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::needs::Agreed;
use super::pairing::item_code;
use super::record::{
    CertificateSummary, Dates, DeclarationSummary, ItemSummary, PairedLine, Pins, RuleOutcome, RuleSetRun,
};
use crate::digest::Digest;
use crate::engine::{ENGINE_VERSION, Plugin};
use crate::intake::Held;

/// Longest description that a record repeats, in characters.
const MAX_DESCRIPTION: usize = 120;

pub(super) fn declaration(case: &Case, digest: Digest, agreed: &Agreed) -> DeclarationSummary {
    let declaration = &case.declaration;
    let items = (0..).zip(&declaration.items).map(|(index, item)| ItemSummary {
        sequence: item.sequence,
        commodity: item_code(item).map(|code| code.digits().to_owned()),
        description: item.descriptions.first().map(|d| d.value.chars().take(MAX_DESCRIPTION).collect()),
        origin: item.origin.as_ref().map(|origin| origin.value.clone()),
        agreement: agreed.of(index).map(|agreement| agreement.name.clone()),
        lines: lines(case, index),
    });
    DeclarationSummary {
        id: String::new(),
        mrn: declaration.mrn.as_ref().map(|number| number.value.clone()),
        lrn: declaration.lrn.as_ref().map(|number| number.value.clone()),
        version: 1,
        country: declaration.country.as_ref().map(|country| country.value.clone()),
        digest: digest.to_string(),
        items: items.collect(),
    }
}

fn lines(case: &Case, item: u32) -> Vec<PairedLine> {
    let pairings = case.pairings.iter().filter(|p| p.item == item);
    let sequence = |certificate: u32, line: u32| {
        let lines = &case.certificates.get(certificate as usize)?.certificate.consignment.lines;
        lines.get(line as usize).map(|line| line.sequence)
    };
    pairings
        .map(|p| PairedLine {
            certificate: p.certificate,
            line: sequence(p.certificate, p.line).unwrap_or(p.line),
            basis: basis(p.basis).to_owned(),
        })
        .collect()
}

fn basis(basis: PairingBasis) -> &'static str {
    match basis {
        PairingBasis::LineReference => "line-reference",
        PairingBasis::UniqueCode => "unique-code",
        PairingBasis::Officer => "officer",
        PairingBasis::Ambiguous => "ambiguous",
    }
}

pub(super) fn certificate(held: &Held) -> CertificateSummary {
    let certificate = &held.body.certificate;
    CertificateSummary {
        id: held.id.clone(),
        version: held.version,
        number: certificate.number.value.clone(),
        type_code: certificate.type_code.value.clone(),
        country: certificate.issuing_country.as_ref().map(|country| country.value.clone()),
        status: held.standing.status.value.clone(),
        digest: held.body.digest.to_string(),
    }
}

pub(super) fn dates(dates: &CaseDates, received: Timestamp, zone: &TimeZone) -> Dates {
    Dates {
        decision: dates.decision.to_string(),
        basis: match dates.basis {
            DecisionBasis::Acceptance => "acceptance".to_owned(),
            DecisionBasis::Receipt => "receipt".to_owned(),
        },
        received: received.to_string(),
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        arrival: dates.arrival.map(|date| date.to_string()),
        dispatch: dates.dispatch.map(|date| date.to_string()),
    }
}

/// What a replay has to come to again.
#[derive(Serialize)]
struct Judged<'r> {
    component: &'r str,
    rules: &'r [RuleOutcome],
    findings: &'r [ecert_model::reports::Finding],
}

pub(super) fn pins(
    tables: &BTreeMap<String, String>,
    agreed: &Agreed,
    records: &[RuleSetRun],
    reports: &[(Arc<Plugin>, Report)],
) -> Pins {
    Pins {
        contract: CONTRACT.to_owned(),
        engine: ENGINE_VERSION.to_owned(),
        tables: tables.clone(),
        agreements: agreed.all().map(|agreement| (agreement.name.clone(), agreement.id.clone())).collect(),
        reports: reports_digest(records, reports).to_string(),
    }
}

/// Digest of all reports in canonical form (RFC 8785).
pub(super) fn reports_digest(records: &[RuleSetRun], reports: &[(Arc<Plugin>, Report)]) -> Digest {
    let none: &[ecert_model::reports::Finding] = &[];
    let judged: Vec<Judged<'_>> = records
        .iter()
        .map(|record| {
            let report = reports.iter().find(|(plugin, _)| plugin.digest().to_string() == record.digest);
            Judged {
                component: &record.digest,
                rules: &record.rules,
                findings: report.map_or(none, |(_, report)| report.findings.as_slice()),
            }
        })
        .collect();
    Digest::of(&serde_json_canonicalizer::to_vec(&judged).unwrap_or_default())
}
