//! A verification as a web page, to be read on a screen, a phone or paper.

use std::sync::LazyLock;

use ecert_model::reports::Severity;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

use super::shown;
use super::text::{milliseconds, place_text, rules_by_outcome};
use super::words::{self, Language, word, words};
use crate::verification::record::{Finding, Record};

/// The templates, compiled once. They are part of the program, so one that
/// does not compile is caught by the first test.
pub(super) static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, source) in [
        ("page.html", include_str!("page.html")),
        ("verification.html", include_str!("verification.html")),
        ("certificate.html", include_str!("certificate.html")),
        ("check.html", include_str!("check.html")),
    ] {
        environment.add_template(name, source).expect("the program's own templates compile");
    }
    environment
});

#[derive(Serialize)]
struct FindingView {
    severity: &'static str,
    class: Severity,
    item: String,
    title: String,
    text: String,
    expected: Vec<String>,
    actual: Vec<String>,
    places: Vec<String>,
    source: String,
    legal_basis: String,
    help: Option<String>,
}

#[derive(Serialize)]
struct RuleSetView {
    title: String,
    name: String,
    version: String,
    digest: String,
    time: String,
    failure: Option<String>,
    groups: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct CertificateView {
    id: String,
    number: String,
    kind: String,
    country: String,
    status: String,
}

#[derive(Serialize)]
struct ItemView {
    sequence: u32,
    commodity: String,
    description: String,
    origin: String,
    lines: Vec<String>,
}

/// The page of a verification.
pub fn verification_html(record: &Record, language: Language) -> Result<String, minijinja::Error> {
    let views = |keep: fn(&Finding) -> bool| {
        let views = record.findings.iter().filter(|f| keep(f)).map(|f| finding(record, f, language));
        Serde(views.collect::<Vec<_>>())
    };
    TEMPLATES.get_template("verification.html")?.render(context! {
        language => language.tag(),
        word => Serde(words(language)),
        record => Serde(record),
        verdict => words::verdict(record.verdict, language),
        proposal => record.verdict == crate::verification::Verdict::Refuse,
        basis => word(&record.dates.basis, language),
        against => views(|f| f.severity > Severity::Warning),
        worth => views(|f| f.severity <= Severity::Warning),
        certificates => Serde(certificates(record, language)),
        items => Serde(items(record, language)),
        rule_sets => Serde(rule_sets(record, language)),
        time => milliseconds(record.microseconds),
    })
}

fn finding(record: &Record, finding: &Finding, language: Language) -> FindingView {
    let item = finding.item.map_or_else(
        || word("whole-declaration", language).to_owned(),
        |index| format!("{} {}", word("item", language), record.sequence(index)),
    );
    let values = |values: &[crate::verification::record::Shown]| {
        values.iter().map(|value| shown(value, language)).collect()
    };
    FindingView {
        severity: words::severity(finding.severity, language),
        class: finding.severity,
        item,
        title: language.of(&finding.titles).to_owned(),
        text: language.of(&finding.texts).to_owned(),
        expected: values(&finding.expected),
        actual: values(&finding.actual),
        places: finding.places.iter().map(|place| place_text(record, place, language)).collect(),
        source: format!("{}/{}", finding.source, finding.rule),
        legal_basis: finding.legal_basis.clone(),
        // A link that is not one of the web's never becomes one here.
        help: finding.help.clone().filter(|link| link.starts_with("https://")),
    }
}

fn certificates(record: &Record, language: Language) -> Vec<CertificateView> {
    let view = |c: &crate::verification::record::CertificateSummary| CertificateView {
        id: c.id.clone(),
        number: c.number.clone(),
        kind: words::certificate_type(&c.type_code, language).unwrap_or(&c.type_code).to_owned(),
        country: c.country.clone().unwrap_or_default(),
        status: words::status(&c.status, language).unwrap_or(&c.status).to_owned(),
    };
    record.certificates.iter().map(view).collect()
}

fn items(record: &Record, language: Language) -> Vec<ItemView> {
    let line = |line: &crate::verification::record::PairedLine| {
        let number = record.certificates.get(line.certificate as usize).map_or("", |c| c.number.as_str());
        format!("{number}, {} {}", word("line", language), line.line)
    };
    record
        .declaration
        .items
        .iter()
        .map(|item| ItemView {
            sequence: item.sequence,
            commodity: item.commodity.clone().unwrap_or_default(),
            description: item.description.clone().unwrap_or_default(),
            origin: item.origin.clone().unwrap_or_default(),
            lines: item.lines.iter().map(line).collect(),
        })
        .collect()
}

fn rule_sets(record: &Record, language: Language) -> Vec<RuleSetView> {
    record
        .rule_sets
        .iter()
        .map(|set| RuleSetView {
            title: language.of(&set.titles).to_owned(),
            name: set.name.clone(),
            version: set.version.clone(),
            digest: set.digest.clone(),
            time: milliseconds(set.microseconds),
            failure: set.failure.clone(),
            groups: rules_by_outcome(set, record, language)
                .into_iter()
                .map(|(label, rules)| (label, rules.join(", ")))
                .collect(),
        })
        .collect()
}
