//! Who sends and who receives: by identifier, then alias, then name.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::parts::Party;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::Identifier;
use ecert_sdk::party_name::{self, Comparison};
use ecert_sdk::reference_number;
use ecert_sdk::rules::{Cited, Difference, Judgement, Rule};

use crate::common::{first, official, same_identifier};
use crate::route::worse;
use crate::{ALIASES, GUIDELINES, OnDeclaration, OnItem, Parameters};

const DECLARED: &str = "declared party";
const COMPARABLE: &str = "comparable identifier or name";
const NEEDS: &[&str] = &[DECLARED, COMPARABLE];
const ARGUMENTS: &[&str] = &["declared", "certified"];

pub(crate) const IMPORTER: Rule<Parameters> = Rule::of_declaration("importer", importer)
    .titles(&[("en", "The importer is the certified consignee"), ("zh", "进口商与证书收货人一致")])
    .messages(&[
        ("en", "{declared} imports; the certificate names {certified} as consignee."),
        ("zh", "进口商为 {declared}，证书收货人为 {certified}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .severity(Severity::Warning)
    .after(&["citation-resolves"])
    .legal_basis("Official controls: goods may be sold on during transport, and then the consignee changes")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn importer(check: &OnDeclaration<'_>) -> Judgement {
    let declaration = check.declaration();
    compare(
        check,
        |item| {
            let own = item.item().importer.as_ref();
            let of_all = declaration.importer.as_ref();
            [own.or(of_all), declaration.consignee.as_ref()].into_iter().flatten().collect()
        },
        |cited| {
            let consignment = &cited.certificate.consignment;
            let parties = [&consignment.consignee, &consignment.delivery, &consignment.operator];
            parties.into_iter().flatten().collect()
        },
    )
}

pub(crate) const EXPORTER: Rule<Parameters> = Rule::of_declaration("exporter", exporter)
    .titles(&[("en", "The exporter is the certified consignor"), ("zh", "出口商与证书发货人一致")])
    .messages(&[
        ("en", "{declared} exports; the certificate names {certified} as consignor."),
        ("zh", "出口商为 {declared}，证书发货人为 {certified}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .severity(Severity::Warning)
    .after(&["citation-resolves"])
    .legal_basis("Official controls: a trading house may sell what another exports")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn exporter(check: &OnDeclaration<'_>) -> Judgement {
    let declaration = check.declaration();
    compare(
        check,
        |item| item.item().exporter.as_ref().or(declaration.exporter.as_ref()).into_iter().collect(),
        |cited| {
            let consignment = &cited.certificate.consignment;
            [&consignment.consignor, &consignment.despatch].into_iter().flatten().collect()
        },
    )
}

/// Compares the declared parties of each item with those of each certificate;
/// each difference is told once. It is enough that one of the declared parties
/// is one of the certified.
fn compare<'a>(
    check: &OnDeclaration<'a>,
    declared: impl Fn(&OnItem<'a>) -> Vec<&'a Party>,
    certified: impl Fn(Cited<'a>) -> Vec<&'a Party>,
) -> Judgement {
    let mut result = Judgement::NotApplicable;
    // Most items share declared party and certificates: compare each pair once.
    let mut done: Vec<(*const Party, u32)> = Vec::new();
    for item in check.items() {
        let declared = declared(&item);
        for cited in official(&item) {
            let Some(&main) = declared.first() else {
                result = worse(result, Judgement::NotEvaluable(DECLARED));
                continue;
            };
            let pair = (std::ptr::from_ref(main), cited.index);
            if done.contains(&pair) {
                continue;
            }
            done.push(pair);
            result = worse(result, judge(check, &declared, &certified(cited), cited));
        }
    }
    result
}

fn judge(
    check: &OnDeclaration<'_>,
    declared: &[&Party],
    certified: &[&Party],
    cited: Cited<'_>,
) -> Judgement {
    let mut comparison = Comparison::NotComparable;
    for one in declared {
        for other in certified {
            match same_party(one, other) {
                Comparison::Same => return Judgement::Passed,
                Comparison::Different => comparison = Comparison::Different,
                Comparison::NotComparable => {}
            }
        }
    }
    match (comparison, declared.first(), certified.first()) {
        (Comparison::Different, Some(&one), Some(&other)) => {
            if is_alias(check, declared, certified) {
                return Judgement::Passed;
            }
            let (told, expected) = written(one, other);
            Difference::new()
                .argument("declared", told)
                .argument("certified", expected)
                .expected(expected)
                .actual(told)
                .in_certificate(cited.index, other.place)
                .in_declaration(one.place)
                .into()
        }
        _ if is_alias(check, declared, certified) => Judgement::Passed,
        _ => Judgement::NotEvaluable(COMPARABLE),
    }
}

/// A shared identifier decides; identifiers of one scheme that differ make two
/// parties; else the names are compared.
fn same_party(a: &Party, b: &Party) -> Comparison {
    let mut differ = false;
    for one in &a.identifiers {
        for other in &b.identifiers {
            if same_identifier(one, other) {
                return Comparison::Same;
            }
            differ |= same_scheme(one, other);
        }
    }
    match party_name::compare(&a.names, &b.names) {
        Comparison::NotComparable if differ => Comparison::Different,
        // One company may hold several identifiers: a name that agrees goes
        // before identifiers that differ.
        by_name => by_name,
    }
}

/// Whether two identifiers belong to one scheme and can be told apart.
fn same_scheme(a: &Identifier, b: &Identifier) -> bool {
    match (&a.scheme, &b.scheme) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    }
}

/// Whether the table of aliases makes the parties one. The table is optional.
fn is_alias(check: &OnDeclaration<'_>, declared: &[&Party], certified: &[&Party]) -> bool {
    let keys: Vec<Vec<String>> = declared.iter().flat_map(|party| keys(party)).map(|key| vec![key]).collect();
    if keys.is_empty() {
        return false;
    }
    let Ok(answer) = check.lookup(ALIASES, &keys, check.dates().decision) else { return false };
    let known: Vec<String> = certified.iter().flat_map(|party| self::keys(party)).collect();
    let aliases = answer.iter().flatten().filter_map(|row| row.cells.first());
    aliases.into_iter().any(|alias| known.contains(&reference_number::normalise(alias)))
}

/// What the table knows a party by: identifiers and names, upper case without
/// blanks and separators.
fn keys(party: &Party) -> Vec<String> {
    let identifiers = party.identifiers.iter().map(|identifier| identifier.value.as_str());
    let names = party.names.iter().map(|name| name.value.as_str());
    identifiers.chain(names).map(reference_number::normalise).filter(|key| !key.is_empty()).collect()
}

/// Both parties for people: by names where both have one, else by identifiers
/// where both have one.
fn written<'a>(a: &'a Party, b: &'a Party) -> (&'a str, &'a str) {
    let name = |party: &'a Party| Some(first(&party.names)).filter(|name| !name.is_empty());
    let identifier = |party: &'a Party| party.identifiers.first().map(|one| one.value.as_str());
    if let Some(names) = name(a).zip(name(b)) {
        return names;
    }
    if let Some(identifiers) = identifier(a).zip(identifier(b)) {
        return identifiers;
    }
    (name(a).or(identifier(a)).unwrap_or("?"), name(b).or(identifier(b)).unwrap_or("?"))
}
