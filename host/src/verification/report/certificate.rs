//! A certificate laid out for reading.

use std::fmt::Display;

use ecert_model::certificates::{Certificate, TradeLine};
use ecert_model::parts::{CountryArea, Note, Packages, Party};
use ecert_model::values::{Code, DateTime, Measure, Period, Text};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use super::grouped;
use super::html::TEMPLATES;
use super::words::{self, Language, words};
use crate::intake::Listed;

#[derive(Serialize)]
pub(super) struct LineView {
    sequence: u32,
    description: String,
    species: String,
    codes: String,
    net_weight: String,
    packages: String,
    origins: String,
    particulars: Vec<String>,
}

/// The page of a certificate, with what the host knows of it.
pub fn certificate_html(
    certificate: &Certificate,
    held: &Listed,
    language: Language,
) -> Result<String, minijinja::Error> {
    let consignment = &certificate.consignment;
    let type_code = &certificate.type_code.value;
    let transport: Vec<String> = consignment
        .transport
        .iter()
        .map(|leg| {
            let identifiers = leg.identifiers.iter().map(|i| i.value.as_str());
            joined(identifiers.chain(leg.means.iter().map(|m| m.value.as_str())), " ")
        })
        .filter(|leg| !leg.is_empty())
        .collect();
    let containers: Vec<String> = consignment
        .equipment
        .iter()
        .map(|equipment| {
            let number = equipment.identifier.iter().map(|i| i.value.as_str());
            joined(number.chain(equipment.seals.iter().map(|s| s.value.as_str())), " · ")
        })
        .collect();
    let attestations: Vec<String> = certificate.authentications.iter().flat_map(attestation).collect();
    TEMPLATES.get_template("certificate.html")?.render(context! {
        language => language.tag(),
        word => Serde(words(language)),
        number => certificate.number.value.as_str(),
        title => certificate.titles.first().map_or("", |t| t.value.as_str()),
        kind => words::certificate_type(type_code, language).unwrap_or(type_code),
        status => words::status(&held.status, language).unwrap_or(&held.status),
        replaced_by => held.replaced_by.as_deref(),
        contradicted => held.contradicted,
        version => held.version,
        received => held.received.as_str(),
        delivery => words::delivery(&held.authenticity, language),
        issued => certificate.issued.as_ref().map(date),
        validity => certificate.validity.as_ref().map(period),
        issuer => certificate.issuer.as_ref().map(party),
        consignor => consignment.consignor.as_ref().map(party),
        consignee => consignment.consignee.as_ref().map(party),
        route => route(certificate),
        transport => Serde(transport),
        containers => Serde(containers),
        lines => Serde(consignment.lines.iter().map(|l| line(l, language)).collect::<Vec<_>>()),
        attestations => Serde(attestations),
        notes => Serde(
            certificate.notes.iter().chain(&consignment.notes).map(note).collect::<Vec<_>>(),
        ),
    })
}

pub(super) fn joined<'t>(parts: impl Iterator<Item = &'t str>, separator: &str) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(separator)
}

fn texts(texts: &[Text]) -> String {
    joined(texts.iter().map(|t| t.value.as_str()), " / ")
}

pub(super) fn date(at: &DateTime) -> String {
    at.to_string().replace('T', " ")
}

pub(super) fn period(period: &Period) -> String {
    let end = |at: &Option<DateTime>| at.as_ref().map_or("…".to_owned(), |at| at.date.to_string());
    format!("{} – {}", end(&period.start), end(&period.end))
}

fn code(code: &Code) -> String {
    match &code.name {
        Some(name) if *name != code.value => format!("{} ({name})", code.value),
        _ => code.value.clone(),
    }
}

fn measure(measure: &Measure, language: Language) -> String {
    let unit = measure.unit.as_deref().map(|unit| words::unit(unit, language));
    let unit = unit.or(measure.unit_as_written.as_deref()).unwrap_or("?");
    format!("{} {unit}", grouped(&measure.value.to_string()))
}

fn party(party: &Party) -> String {
    let address = party.address.as_ref();
    let lines = address.into_iter().flat_map(|a| a.lines.iter().map(String::as_str));
    let city = address.and_then(|a| a.city.as_deref());
    let country = address.and_then(|a| a.country.as_ref()).map(|c| c.value.as_str());
    let names = party.names.iter().map(|n| n.value.as_str());
    let identifiers = party.identifiers.iter().map(|i| i.value.as_str());
    joined(names.chain(identifiers).chain(lines).chain(city).chain(country), ", ")
}

fn area(area: &CountryArea) -> String {
    let subdivisions = area.subdivisions.iter().map(|s| s.name.as_deref().unwrap_or(&s.value));
    joined(std::iter::once(area.country.value.as_str()).chain(subdivisions), " ")
}

pub(super) fn route(certificate: &Certificate) -> String {
    let consignment = &certificate.consignment;
    let areas = consignment
        .export_country
        .iter()
        .chain(&consignment.reexport_countries)
        .chain(&consignment.transit_countries)
        .chain(&consignment.import_country);
    areas.map(area).collect::<Vec<_>>().join(" → ")
}

fn packages(packages: &Packages) -> String {
    let count = packages.count.map(|c| c.to_string()).unwrap_or_default();
    let kind = packages.type_code.as_ref().map(code).unwrap_or_default();
    joined([count.as_str(), kind.as_str()].into_iter(), " × ")
}

fn note(note: &Note) -> String {
    let subject = note.subject.as_ref().map(code).unwrap_or_default();
    let codes = note.content_codes.iter().map(code).collect::<Vec<_>>().join(", ");
    joined([subject.as_str(), codes.as_str(), texts(&note.contents).as_str()].into_iter(), ": ")
}

fn attestation(authentication: &ecert_model::certificates::Authentication) -> Vec<String> {
    let signed = joined(
        [
            authentication.provider.as_ref().map(signatory).unwrap_or_default().as_str(),
            authentication.at.as_ref().map(date).unwrap_or_default().as_str(),
        ]
        .into_iter(),
        ", ",
    );
    let clauses = authentication.clauses.iter().map(|clause| {
        joined(clause.identifier.as_deref().into_iter().chain([texts(&clause.contents).as_str()]), ": ")
    });
    std::iter::once(signed).chain(clauses).filter(|text| !text.is_empty()).collect()
}

fn signatory(party: &Party) -> String {
    let persons = party.persons.iter().flat_map(|p| &p.names).map(|n| n.value.as_str());
    joined(persons.chain(party.names.iter().map(|n| n.value.as_str())), ", ")
}

pub(super) fn line(line: &TradeLine, language: Language) -> LineView {
    let weight = line.net_weight.as_ref().or(line.count.as_ref()).or(line.net_volume.as_ref());
    let codes = line
        .classifications
        .iter()
        .map(|c| joined(c.system.as_deref().into_iter().chain(c.class_code.as_deref()), " "));
    let processes = line.processes.iter().map(|process| {
        let kind = process.type_code.as_ref().map(code).unwrap_or_default();
        let number = process.establishment.as_ref().and_then(|e| e.approval_number.as_ref());
        let names = process.establishment.as_ref().map(|e| texts(&e.names)).unwrap_or_default();
        let days = process.period.as_ref().map(period).unwrap_or_default();
        joined(
            [kind.as_str(), number.map_or("", |n| &n.value), names.as_str(), days.as_str()].into_iter(),
            ", ",
        )
    });
    let storage = line.storage_condition.as_ref().map(code);
    let named = |key: &str, value: &dyn Display| format!("{}: {value}", words::word(key, language));
    let expiry = line.expiry.as_ref().map(|at| named("expiry", &at.date));
    let batches = line.batches.iter().map(|b| named("batch", &b.value));
    let notes = line.notes.iter().map(note);
    LineView {
        sequence: line.sequence,
        description: joined(
            [texts(&line.descriptions), texts(&line.common_names)].iter().map(String::as_str),
            ", ",
        ),
        species: texts(&line.scientific_names),
        codes: codes.collect::<Vec<_>>().join(", "),
        net_weight: weight.map(|w| measure(w, language)).unwrap_or_default(),
        packages: line.packages.iter().map(packages).collect::<Vec<_>>().join(", "),
        origins: line.origins.iter().map(area).collect::<Vec<_>>().join(", "),
        particulars: processes
            .chain(storage)
            .chain(expiry)
            .chain(batches)
            .chain(notes)
            .filter(|text| !text.is_empty())
            .collect(),
    }
}
