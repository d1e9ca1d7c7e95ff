//! What the goods are, where they come from, and who made them.

use ecert_sdk::commodity::{self, Comparison};
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::parts::Classification;
use ecert_sdk::model::values::{Identifier, Place};
use ecert_sdk::rules::{Difference, Judgement, Line, Rule};

use crate::common::{NO_CODE_DECLARED, declared_code, normalised, same_country};
use crate::{GUIDELINES, OnItem, Parameters};

const CERTIFIED_CODE: &str = "certified commodity code";
const LINE: &str = "certificate line of the item";
const DECLARED_ORIGIN: &str = "declared origin";
const CERTIFIED_ORIGIN: &str = "certified origin";
const CERTIFIED_ESTABLISHMENTS: &str = "certified establishments";

/// Rules that must not have failed before goods are compared with lines.
pub(crate) const CERTIFICATE_HOLDS: &[&str] =
    &["citation-resolves", "certificate-status", "certificate-not-superseded", "document-type"];
/// The same, and that the lines are of the declared goods.
pub(crate) const SAME_GOODS: &[&str] = &[
    "citation-resolves",
    "certificate-status",
    "certificate-not-superseded",
    "document-type",
    "commodity-code",
];

pub(crate) const COMMODITY_CODE: Rule<Parameters> = Rule::of_item("commodity-code", commodity_code)
    .titles(&[("en", "The declared commodity is the certified one"), ("zh", "申报商品编码与证书一致")])
    .messages(&[
        ("en", "Commodity code {declared} is declared, {certified} is certified."),
        ("zh", "申报商品编码为 {declared}，证书编码为 {certified}。"),
    ])
    .arguments(&["declared", "certified"])
    .needs(&[NO_CODE_DECLARED, CERTIFIED_CODE])
    .after(CERTIFICATE_HOLDS)
    .legal_basis("Official controls: the identity check compares goods and certificate")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn commodity_code(check: &OnItem<'_>) -> Judgement {
    if check.certificates().next().is_none() {
        return Judgement::NotApplicable;
    }
    let declared = check.item().commodity.as_ref();
    let Some((declared, code)) = declared.zip(declared_code(check.item())) else {
        return Judgement::NotEvaluable(NO_CODE_DECLARED);
    };
    let mut differences = Vec::new();
    let (mut paired, mut agrees) = (false, false);
    for line in check.lines() {
        paired = true;
        match compare(line, declared) {
            Comparison::Same { .. } => agrees = true,
            Comparison::Different { .. } => differences.push(difference(code, declared, line)),
            Comparison::NotComparable(_) => {}
        }
    }
    if !paired {
        return among_all_lines(check, code, declared);
    }
    match differences.is_empty() && !agrees {
        true => Judgement::NotEvaluable(CERTIFIED_CODE),
        false => Judgement::of(differences),
    }
}

/// Without a pairing, the code must occur somewhere on the certificates; a
/// line without a code may be the one that is meant.
fn among_all_lines(check: &OnItem<'_>, code: &str, declared: &Classification) -> Judgement {
    let mut differences = Vec::new();
    for line in candidates(check) {
        match compare(line, declared) {
            Comparison::Same { .. } => return Judgement::Passed,
            Comparison::Different { .. } => differences.push(difference(code, declared, line)),
            Comparison::NotComparable(_) => return Judgement::NotEvaluable(CERTIFIED_CODE),
        }
    }
    // One finding, however many lines there are: none of them is the item's.
    match differences.into_iter().next() {
        Some(difference) => difference.into(),
        None => Judgement::NotEvaluable(CERTIFIED_CODE),
    }
}

/// All lines of the official certificates, or of the entry documents where
/// there are no others.
fn candidates<'a>(check: &OnItem<'a>) -> impl Iterator<Item = Line<'a>> + use<'a> {
    let official = check.certificates().any(|cited| cited.is_official());
    let chosen = check.certificates().filter(move |cited| cited.is_official() == official);
    chosen.flat_map(|cited| {
        let lines = cited.certificate.consignment.lines.iter();
        lines.zip(0..).map(move |(line, index)| Line { cited, index, line })
    })
}

fn compare(line: Line<'_>, declared: &Classification) -> Comparison {
    let mut result = Comparison::NotComparable(commodity::Reason::NoCode);
    for certified in &line.line.classifications {
        match commodity::compare(certified, declared) {
            same @ Comparison::Same { .. } => return same,
            different @ Comparison::Different { .. } => result = different,
            Comparison::NotComparable(_) => {}
        }
    }
    result
}

fn difference(code: &str, declared: &Classification, line: Line<'_>) -> Difference {
    let certified = commodity::of(&line.line.classifications);
    let written = certified.and_then(|certified| certified.class_code.as_deref()).unwrap_or("?");
    Difference::new()
        .argument("declared", code)
        .argument("certified", written)
        .expected(written)
        .actual(code)
        .in_certificate(line.cited.index, certified.map_or(line.line.place, |certified| certified.place))
        .in_declaration(declared.place)
}

pub(crate) const ORIGIN: Rule<Parameters> = Rule::of_item("origin", origin)
    .titles(&[("en", "The declared origin is a certified one"), ("zh", "申报原产国与证书一致")])
    .messages(&[
        ("en", "Origin {declared} is declared, {certified} is certified."),
        ("zh", "申报原产国为 {declared}，证书原产国为 {certified}。"),
    ])
    .arguments(&["declared", "certified"])
    .needs(&[DECLARED_ORIGIN, LINE, CERTIFIED_ORIGIN])
    .after(SAME_GOODS)
    .legal_basis("Import conditions: goods enter from countries that are approved for them")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn origin(check: &OnItem<'_>) -> Judgement {
    if check.certificates().next().is_none() {
        return Judgement::NotApplicable;
    }
    let Some(declared) = &check.item().origin else { return Judgement::NotEvaluable(DECLARED_ORIGIN) };
    if check.lines().next().is_none() {
        return Judgement::NotEvaluable(LINE);
    }
    let mut difference = None;
    for line in check.lines() {
        for area in &line.line.origins {
            match same_country(&area.country.value, &declared.value) {
                Some(true) => return Judgement::Passed,
                Some(false) => {
                    let found = difference.get_or_insert_with(|| {
                        Difference::new()
                            .argument("declared", declared)
                            .argument("certified", &area.country)
                            .actual(declared)
                            .in_declaration(declared.place)
                    });
                    let more = std::mem::take(found);
                    *found =
                        more.expected(&area.country).in_certificate(line.cited.index, area.country.place);
                }
                None => {}
            }
        }
    }
    difference.map_or(Judgement::NotEvaluable(CERTIFIED_ORIGIN), Into::into)
}

pub(crate) const ESTABLISHMENTS: Rule<Parameters> = Rule::of_item("declared-establishments", establishments)
    .titles(&[("en", "Declared establishments appear on the certificate"), ("zh", "申报的生产企业列于证书")])
    .messages(&[
        ("en", "Establishment {establishment} is declared, but the certificate does not name it."),
        ("zh", "申报的生产企业 {establishment} 未列于证书。"),
    ])
    .arguments(&["establishment"])
    .needs(&[LINE, CERTIFIED_ESTABLISHMENTS])
    .after(SAME_GOODS)
    .legal_basis("Import conditions: products of animals come from approved establishments")
    .governed_by(GoverningDate::Production)
    .in_force(GUIDELINES, None);

fn establishments(check: &OnItem<'_>) -> Judgement {
    let declared = check.item().establishments.iter().filter_map(|one| one.approval_number.as_ref());
    let declared: Vec<&Identifier> = declared.collect();
    if declared.is_empty() || check.certificates().next().is_none() {
        return Judgement::NotApplicable;
    }
    if check.lines().next().is_none() {
        return Judgement::NotEvaluable(LINE);
    }
    let (certified, senders) = certified_establishments(check);
    if certified.is_empty() {
        return Judgement::NotEvaluable(CERTIFIED_ESTABLISHMENTS);
    }
    let known = certified.iter().map(|(_, number)| *number).chain(senders);
    let numbers: Vec<String> = known.map(normalised).collect();
    let mut differences = Vec::new();
    for establishment in declared {
        if numbers.contains(&normalised(establishment)) {
            continue;
        }
        let difference = Difference::new()
            .argument("establishment", &establishment.value)
            .actual(&establishment.value)
            .in_declaration(establishment.place);
        differences.push(certified.iter().fold(difference, |difference, ((index, place), number)| {
            difference.expected(&number.value).in_certificate(*index, *place)
        }));
    }
    Judgement::of(differences)
}

/// An approval number and where it is certified.
type Approval<'a> = ((u32, Place), &'a Identifier);

/// Approval numbers on the item's lines, each once, with their places; and the
/// numbers of who sends the goods, which may be the works themselves.
fn certified_establishments<'a>(check: &OnItem<'a>) -> (Vec<Approval<'a>>, Vec<&'a Identifier>) {
    let mut found: Vec<Approval<'a>> = Vec::new();
    let mut senders: Vec<&Identifier> = Vec::new();
    for line in check.lines() {
        let index = line.cited.index;
        let processes = line.line.processes.iter().filter_map(|process| process.establishment.as_ref());
        for number in processes.filter_map(|establishment| establishment.approval_number.as_ref()) {
            if !found.iter().any(|(_, known)| known.value == number.value) {
                found.push(((index, number.place), number));
            }
        }
        let consignment = &line.cited.certificate.consignment;
        let parties = [&consignment.despatch, &consignment.consignor];
        senders.extend(parties.into_iter().flatten().flat_map(|party| &party.identifiers));
    }
    (found, senders)
}
