//! What certificates must attest beyond facts about the goods, where an
//! agreement asks for it.

use ecert_sdk::country;
use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::model::certificates::{Certificate, LaboratoryObservation, TradeLine};
use ecert_sdk::model::parts::Note;
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Judgement, Line, Rule};
use ecert_sdk::tables::Table;

use crate::parameters::{Goods, LaboratoryResult, Parameters};
use crate::tables::{cells, rows_of_goods};
use crate::{HS_2022, declared_code, same_words as same};

/// The statements that goods of an origin need: identifier of the clause, the
/// note's subject or its code, and what it states.
pub const TABLE: Table = Table {
    name: "commodity-attestations",
    keys: &["hsPrefix", "origin"],
    columns: &["attestation", "text"],
    matching: Match::Exact,
};

/// The certificates bear every attestation that is required.
pub const fn attestations<P: AsRef<Parameters>>() -> Rule<P> {
    Rule::of_item("required-attestations", judge_attestations::<P>)
        .titles(&[
            ("en", "The certificate bears every required attestation"),
            ("zh", "证书载有全部规定的声明"),
        ])
        .messages(&[
            ("en", "The attestation \"{attestation}\" is missing from certificate {number}."),
            ("zh", "证书 {number} 缺少声明“{attestation}”。"),
        ])
        .arguments(&["attestation", "number"])
        .needs(&["certificate"])
        .legal_basis(
            "Model certificates and bilateral protocols: attestations of public, animal and plant health",
        )
        .governed_by(GoverningDate::Issue)
        .in_force(HS_2022, None)
}

/// The certificates bear every laboratory result that is required.
pub const fn laboratory<P: AsRef<Parameters>>() -> Rule<P> {
    Rule::of_item("laboratory-results", judge_laboratory::<P>)
        .titles(&[
            ("en", "Every required laboratory result is there and favourable"),
            ("zh", "规定的实验室检测结果齐全且合格"),
        ])
        .messages(&[
            ("en", "The laboratory result for {analysis} is {outcome}."),
            ("zh", "{analysis} 的实验室检测结果：{outcome}。"),
        ])
        .arguments(&["analysis", "outcome"])
        .needs(&["certificate-line"])
        .legal_basis("Special guarantees and bilateral protocols: laboratory tests before dispatch")
        .governed_by(GoverningDate::Issue)
        .in_force(HS_2022, None)
}

fn judge_attestations<P: AsRef<Parameters>>(check: &ItemCheck<'_, P>) -> Judgement {
    let required = required(check);
    if required.is_empty() {
        return Judgement::NotApplicable;
    }
    let certificates: Vec<Cited<'_>> = check.certificates().filter(Cited::is_official).collect();
    let Some(first) = certificates.first() else { return Judgement::NotEvaluable("certificate") };
    let missing =
        required.into_iter().filter(|(_, any_of)| !any_of.iter().any(|one| is_attested(check, one)));
    let differences = missing.map(|(name, any_of)| {
        let name = if name.is_empty() { any_of.join(" / ") } else { name };
        Difference::new()
            .argument("attestation", &name)
            .argument("number", &first.certificate.number.value)
            .expected(name)
            .in_certificate(first.index, first.certificate.place)
    });
    Judgement::of(differences.collect())
}

/// What must be attested, as name and identifiers: by the parameters, and by
/// the table, as of the decision.
fn required<P: AsRef<Parameters>>(check: &ItemCheck<'_, P>) -> Vec<(String, Vec<String>)> {
    let by_parameter = check.parameters().as_ref().attestations.iter();
    let by_parameter = by_parameter.filter(|required| concerns(&required.goods, check));
    let mut all: Vec<_> = by_parameter.map(|one| (one.name.clone(), one.any_of.clone())).collect();
    for row in rows_of_goods(check, &TABLE, check.dates().decision).unwrap_or_default() {
        let [attestation, text] = cells(&row);
        all.push((text.to_owned(), vec![attestation.to_owned()]));
    }
    all
}

/// Whether an official certificate of the item bears an attestation: as a
/// clause, a note's subject, or a code in a note.
pub fn is_attested<P>(check: &ItemCheck<'_, P>, identifier: &str) -> bool {
    check
        .certificates()
        .filter(Cited::is_official)
        .any(|cited| certificate_attests(cited.certificate, identifier))
        || check.lines().any(|line| notes_attest(&line.line.notes, identifier))
}

fn certificate_attests(certificate: &Certificate, identifier: &str) -> bool {
    let clauses = certificate.authentications.iter().flat_map(|authentication| &authentication.clauses);
    let mut clauses =
        clauses.filter(|clause| !is_struck_out(clause.contents.iter().map(|text| text.value.as_str())));
    clauses.any(|clause| clause.identifier.as_deref().is_some_and(|own| same(own, identifier)))
        || notes_attest(&certificate.notes, identifier)
        || notes_attest(&certificate.consignment.notes, identifier)
}

/// By a note's subject or by a code in it.
fn notes_attest(notes: &[Note], identifier: &str) -> bool {
    notes.iter().any(|note| {
        let codes = note.subject.iter().chain(&note.content_codes);
        let texts = note.contents.iter().map(|text| text.value.as_str());
        codes.into_iter().any(|code| same(&code.value, identifier)) && !is_struck_out(texts)
    })
}

/// A clause that is there with "false" or "no" for its content is not
/// attested.
fn is_struck_out<'a>(mut contents: impl Iterator<Item = &'a str>) -> bool {
    contents.any(|content| ["false", "no", "0"].iter().any(|word| same(content, word)))
}

fn judge_laboratory<P: AsRef<Parameters>>(check: &ItemCheck<'_, P>) -> Judgement {
    let required: Vec<_> = check
        .parameters()
        .as_ref()
        .laboratory
        .iter()
        .filter(|required| concerns(&required.goods, check))
        .collect();
    if required.is_empty() {
        return Judgement::NotApplicable;
    }
    let lines: Vec<Line<'_>> = check.lines().collect();
    if lines.is_empty() {
        return Judgement::NotEvaluable("certificate-line");
    }
    let mut differences = Vec::new();
    for required in required {
        for line in &lines {
            if let Some(difference) = shortcoming(required, line) {
                differences.push(difference);
            }
        }
    }
    Judgement::of(differences)
}

/// What is wrong with a line's results for one requirement.
fn shortcoming(required: &LaboratoryResult, line: &Line<'_>) -> Option<Difference> {
    let observations = observations(line.line, &required.any_of);
    let bad = observations.iter().find(|observation| is_unfavourable(observation, &required.unfavourable));
    let (outcome, place) = match (observations.first(), bad) {
        (None, _) => ("missing".to_owned(), line.line.place),
        (Some(_), Some(bad)) => (verdict(bad).to_owned(), bad.place),
        (Some(first), None) if first.verdict.is_none() && first.value.is_none() => {
            ("without a verdict".to_owned(), first.place)
        }
        (Some(_), None) => return None,
    };
    let name = if required.name.is_empty() { required.any_of.join(" / ") } else { required.name.clone() };
    let difference = Difference::new().argument("analysis", &name).argument("outcome", outcome.as_str());
    Some(difference.expected(name).actual(outcome).in_certificate(line.cited.index, place))
}

/// The observations of a line on any of these substances.
pub fn observations<'a>(line: &'a TradeLine, any_of: &[String]) -> Vec<&'a LaboratoryObservation> {
    let about = |observation: &&LaboratoryObservation| {
        let substance = observation.substance.as_ref();
        substance.is_some_and(|code| {
            any_of.iter().any(|name| {
                same(&code.value, name) || code.name.as_deref().is_some_and(|own| same(own, name))
            })
        })
    };
    line.observations.iter().filter(about).collect()
}

/// Verdicts that say so in plain words.
const UNFAVOURABLE: &[&str] = &[
    "positive",
    "detected",
    "present",
    "unsatisfactory",
    "not satisfactory",
    "not_satisfactory",
    "unfavourable",
    "non-compliant",
    "failed",
    "fail",
    "阳性",
    "不合格",
    "检出",
];

/// Whether a result does not satisfy: by words that say so, or by one of
/// these.
pub fn is_unfavourable(observation: &LaboratoryObservation, more: &[String]) -> bool {
    let said = |word: &str| {
        let code = observation.verdict.as_ref();
        code.is_some_and(|code| {
            same(&code.value, word) || code.name.as_deref().is_some_and(|name| same(name, word))
        })
    };
    UNFAVOURABLE.iter().any(|word| said(word)) || more.iter().any(|word| said(word))
}

fn verdict(observation: &LaboratoryObservation) -> &str {
    let code = observation.verdict.as_ref();
    code.map_or("", |code| code.name.as_deref().unwrap_or(&code.value))
}

/// Whether a requirement is about the item: its origin, else that of its
/// lines, and its commodity code.
pub fn concerns<P>(goods: &Goods, check: &ItemCheck<'_, P>) -> bool {
    let is_origin = |code: &str| goods.origins.iter().any(|origin| country::same(origin, code) == Some(true));
    let declared = check.item().origin.as_ref().map(|code| is_origin(&code.value));
    let by_lines =
        || check.lines().any(|line| line.line.origins.iter().any(|origin| is_origin(&origin.country.value)));
    let by_origin = goods.origins.is_empty() || declared.unwrap_or_else(by_lines);
    let by_code = goods.prefixes.is_empty()
        || declared_code(check)
            .is_some_and(|code| goods.prefixes.iter().any(|prefix| code.starts_with(prefix)));
    by_origin && by_code
}
