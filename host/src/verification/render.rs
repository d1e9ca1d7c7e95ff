//! Makes findings readable: their messages filled in, their places located.

use std::borrow::Cow;
use std::sync::Arc;

use ecert_model::manifest::{Localised, Manifest, Rule};
use ecert_model::reports::{Argument, CertificatePlace, Finding as RuleFinding, Severity, Value};
use ecert_model::values::Place;

use super::finding::{HostCode, HostFinding, fill};
use super::record::{Finding, FoundAt, Record, Shown};
use crate::contract::places::Places;
use crate::intake::Held;

/// Name under which the host's own findings stand.
pub(super) const HOST: &str = "host";

/// What findings refer to.
pub(super) struct Renderer<'c> {
    pub(super) held: &'c [Arc<Held>],
    pub(super) places: &'c Places,
}

impl Renderer<'_> {
    /// A rule's finding.
    pub(super) fn rule(&self, manifest: &Manifest, finding: &RuleFinding) -> Finding {
        let rule = manifest.rules.get(usize::from(finding.rule));
        let texts = rule.map(|rule| messages(rule, &finding.arguments)).unwrap_or_default();
        Finding {
            source: manifest.name.clone(),
            rule: rule.map_or_else(|| finding.rule.to_string(), |rule| rule.id.clone()),
            item: finding.item,
            severity: finding.severity,
            titles: rule.map(|rule| rule.titles.clone()).unwrap_or_default(),
            texts,
            expected: finding.expected.iter().map(shown).collect(),
            actual: finding.actual.iter().map(shown).collect(),
            places: self.places(&finding.certificate_places, &finding.declaration_places),
            legal_basis: rule.map(|rule| rule.legal_basis.clone()).unwrap_or_default(),
            help: rule.and_then(|rule| rule.help.clone()),
        }
    }

    /// A finding of the host.
    pub(super) fn host(&self, finding: &HostFinding) -> Finding {
        let value = |name: &str| finding.arguments.get(name).map(|v| Cow::Borrowed(v.as_str()));
        let texts = finding.code.messages().into_iter();
        Finding {
            source: HOST.to_owned(),
            rule: finding.code.name().to_owned(),
            item: finding.item,
            severity: finding.code.severity(),
            titles: finding.code.titles(),
            texts: texts.map(|(language, template)| (language, fill(&template, value))).collect(),
            expected: Vec::new(),
            actual: Vec::new(),
            places: self.places(&finding.certificate_places, &finding.declaration_places),
            legal_basis: String::new(),
            help: None,
        }
    }

    fn places(&self, certificates: &[CertificatePlace], declaration: &[Place]) -> Vec<FoundAt> {
        let in_declaration = declaration
            .iter()
            .filter_map(|&place| Some(FoundAt { certificate: None, location: self.places.locate(place)? }));
        let in_certificates = certificates.iter().filter_map(|at| {
            let held = self.held.get(at.certificate as usize)?;
            Some(FoundAt { certificate: Some(at.certificate), location: held.body.places.locate(at.place)? })
        });
        let mut places: Vec<FoundAt> = in_declaration.chain(in_certificates).collect();
        places.dedup();
        places
    }
}

/// A rule's message in every language it has.
fn messages(rule: &Rule, arguments: &[Argument]) -> Localised {
    let fill_in = |(language, template): (&String, &String)| {
        let value = |name: &str| {
            arguments.iter().find(|a| a.name == name).map(|a| Cow::Owned(in_text(&a.value, language)))
        };
        (language.clone(), fill(template, value))
    };
    rule.messages.iter().map(fill_in).collect()
}

/// A value within a sentence.
fn in_text(value: &Value, language: &str) -> String {
    let language = match language.split('-').next() {
        Some("zh") => super::report::Language::Chinese,
        _ => super::report::Language::English,
    };
    super::report::shown(&shown(value), language)
}

/// A value with its type.
fn shown(value: &Value) -> Shown {
    let plain = |kind: &str, value: String| Shown {
        kind: kind.to_owned(),
        value,
        unit: None,
        list: None,
        name: None,
    };
    match value {
        Value::Text(text) => plain("text", text.clone()),
        Value::Number(number) => plain("number", number.to_string()),
        Value::Date(date) => plain("date", date.to_string()),
        Value::Quantity(measure) => Shown {
            unit: measure.unit.clone().or_else(|| measure.unit_as_written.clone()),
            ..plain("quantity", measure.value.to_string())
        },
        Value::Code(code) => Shown {
            list: code.code_list.clone(),
            name: code.name.clone().filter(|name| *name != code.value),
            ..plain("code", code.value.clone())
        },
    }
}

/// Brings the root cause to the top: the gravest first; of equal ones first
/// what the host found, in the order in which one thing explains another, then
/// the rules in the order of their rule sets, whose first rules are the
/// prerequisites of the later ones.
pub(super) fn sort(record: &mut Record) {
    let sets = &record.rule_sets;
    let rank = |finding: &Finding| {
        if finding.source == HOST {
            let place = HostCode::ALL.iter().position(|code| code.name() == finding.rule);
            return (0, place.unwrap_or(usize::MAX));
        }
        let set = sets.iter().position(|set| set.name == finding.source);
        let rule = set.and_then(|set| sets[set].rules.iter().position(|rule| rule.rule == finding.rule));
        (1 + set.unwrap_or(usize::MAX - 1), rule.unwrap_or(usize::MAX))
    };
    let key = |finding: &Finding| {
        let mildness = Severity::Prohibition as u8 - finding.severity as u8;
        (mildness, rank(finding), finding.item)
    };
    record.findings.sort_by_key(key);
}
