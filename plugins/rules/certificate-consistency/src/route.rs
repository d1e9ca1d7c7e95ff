//! Where the goods come from, where they go, and where they enter.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::Consignment;
use ecert_sdk::model::parts::Location;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::Code;
use ecert_sdk::reference_number;
use ecert_sdk::rules::{Cited, Difference, Judgement, Rule};

use crate::common::{first, official, same_country};
use crate::{GUIDELINES, OnDeclaration, OnItem, Parameters};

const DECLARED_COUNTRY: &str = "declared country";
const CERTIFIED_COUNTRY: &str = "certified country";
const PLACES: &str = "entry place on both sides";

pub(crate) const DISPATCH_COUNTRY: Rule<Parameters> =
    Rule::of_declaration("dispatch-country", dispatch_country)
        .titles(&[
            ("en", "The goods come from a country that the certificate names"),
            ("zh", "启运国为证书所列国家"),
        ])
        .messages(&[
            ("en", "Dispatch from {declared} is declared; the certificate names {certified}."),
            ("zh", "申报启运国为 {declared}，证书所列为 {certified}。"),
        ])
        .arguments(&["declared", "certified"])
        .needs(&[DECLARED_COUNTRY, CERTIFIED_COUNTRY])
        .after(&["citation-resolves", "certificate-status"])
        .legal_basis("Import conditions: goods come straight from, or through, approved countries")
        .governed_by(GoverningDate::Dispatch)
        .in_force(GUIDELINES, None);

fn dispatch_country(check: &OnDeclaration<'_>) -> Judgement {
    by_item(check, |item| {
        let Some(declared) =
            item.item().dispatch_country.as_ref().or(item.declaration().dispatch_country.as_ref())
        else {
            return Judgement::NotEvaluable(DECLARED_COUNTRY);
        };
        let named =
            item.certificates().flat_map(|cited| countries_on_the_way(cited).map(move |one| (cited, one)));
        one_of(declared, named)
    })
}

/// Exporting, re-exporting and transit countries, and that of the port of
/// loading.
fn countries_on_the_way<'a>(cited: Cited<'a>) -> impl Iterator<Item = &'a Code> + use<'a> {
    let consignment: &'a Consignment = &cited.certificate.consignment;
    let areas = consignment.export_country.iter();
    let areas = areas.chain(&consignment.reexport_countries).chain(&consignment.transit_countries);
    let port = consignment.loading_place.as_ref().and_then(|place| place.country.as_ref());
    areas.map(|area| &area.country).chain(port)
}

pub(crate) const DESTINATION_COUNTRY: Rule<Parameters> =
    Rule::of_declaration("destination-country", destination_country)
        .titles(&[("en", "The certificate was made for this destination"), ("zh", "目的国与证书一致")])
        .messages(&[
            ("en", "Destination {declared} is declared; the certificate was made for {certified}."),
            ("zh", "申报目的国为 {declared}，证书进口国为 {certified}。"),
        ])
        .arguments(&["declared", "certified"])
        .needs(&[DECLARED_COUNTRY, CERTIFIED_COUNTRY])
        .after(&["citation-resolves", "certificate-status"])
        .legal_basis(
            "Official certification: a certificate attests the conditions of the country it is made for",
        )
        .governed_by(GoverningDate::Arrival)
        .in_force(GUIDELINES, None);

fn destination_country(check: &OnDeclaration<'_>) -> Judgement {
    by_item(check, |item| {
        let declaration = item.declaration();
        let declared = item.item().destination_country.as_ref().or(declaration.destination_country.as_ref());
        let Some(declared) = declared.or(declaration.country.as_ref()) else {
            return Judgement::NotEvaluable(DECLARED_COUNTRY);
        };
        // The original of a re-exported consignment was made for the country
        // that re-exports it.
        let reexported = official(item).any(|cited| cited.certificate.type_code.value == "657");
        let counts = |cited: &Cited<'_>| !reexported || cited.certificate.type_code.value == "657";
        let mut judgement = Judgement::NotApplicable;
        for cited in official(item).filter(counts) {
            let made_for = cited.certificate.consignment.import_country.as_ref().map(|area| &area.country);
            // Goods may enter one country of a union and be meant for another.
            let entered = declaration.country.as_ref();
            if let Some((made_for, entered)) = made_for.zip(entered)
                && same_country(&made_for.value, &entered.value) == Some(true)
            {
                judgement = worse(judgement, Judgement::Passed);
                continue;
            }
            judgement = worse(judgement, one_of(declared, made_for.map(|code| (cited, code)).into_iter()));
        }
        judgement
    })
}

/// Judges each due item, and tells each difference once, however many items
/// share it.
fn by_item(check: &OnDeclaration<'_>, judge: impl Fn(&OnItem<'_>) -> Judgement) -> Judgement {
    let mut result = Judgement::NotApplicable;
    for item in check.items().filter(|item| item.certificates().next().is_some()) {
        result = worse(result, judge(&item));
    }
    result
}

/// Failed goes before not evaluable, that before passed; failures add up.
pub(crate) fn worse(one: Judgement, other: Judgement) -> Judgement {
    match (one, other) {
        (Judgement::Failed(mut differences), Judgement::Failed(more)) => {
            for difference in more {
                if !differences.contains(&difference) {
                    differences.push(difference);
                }
            }
            Judgement::Failed(differences)
        }
        (failed @ Judgement::Failed(_), _) | (_, failed @ Judgement::Failed(_)) => failed,
        (missing @ Judgement::NotEvaluable(_), _) | (_, missing @ Judgement::NotEvaluable(_)) => missing,
        (Judgement::Passed, _) | (_, Judgement::Passed) => Judgement::Passed,
        (Judgement::NotApplicable, Judgement::NotApplicable) => Judgement::NotApplicable,
    }
}

/// Whether a declared country is one of those named.
fn one_of<'a>(declared: &Code, named: impl Iterator<Item = (Cited<'a>, &'a Code)>) -> Judgement {
    let mut others: Vec<(Cited<'_>, &Code)> = Vec::new();
    for (cited, country) in named {
        match same_country(&country.value, &declared.value) {
            Some(true) => return Judgement::Passed,
            Some(false) => others.push((cited, country)),
            None => {}
        }
    }
    let Some(&(_, certified)) = others.first() else { return Judgement::NotEvaluable(CERTIFIED_COUNTRY) };
    let difference = Difference::new()
        .argument("declared", declared)
        .argument("certified", certified)
        .actual(declared)
        .in_declaration(declared.place);
    let told = others.into_iter().fold(difference, |difference, (cited, country)| {
        difference.expected(country).in_certificate(cited.index, country.place)
    });
    told.into()
}

pub(crate) const ENTRY_POINT: Rule<Parameters> = Rule::of_declaration("entry-point", entry_point)
    .titles(&[("en", "The goods enter where the certificate says"), ("zh", "入境口岸与证书一致")])
    .messages(&[
        ("en", "The goods enter at {declared}; the certificate says {certified}."),
        ("zh", "货物自 {declared} 入境，证书所列口岸为 {certified}。"),
    ])
    .arguments(&["declared", "certified"])
    .needs(&[PLACES])
    .severity(Severity::Information)
    .after(&["citation-resolves"])
    .legal_basis("Official controls: a change of the border post is lawful, but the new post must know")
    .governed_by(GoverningDate::Arrival)
    .in_force(GUIDELINES, None);

fn entry_point(check: &OnDeclaration<'_>) -> Judgement {
    let cited = check.cited();
    if cited.is_empty() {
        return Judgement::NotApplicable;
    }
    let Some(declared) = &check.declaration().entry_place else { return Judgement::NotEvaluable(PLACES) };
    let mut other = None;
    for cited in &cited {
        let Some(certified) = &cited.certificate.consignment.unloading_place else { continue };
        match same_location(declared, certified) {
            Some(true) => return Judgement::Passed,
            Some(false) if other.is_none() => other = Some((*cited, certified)),
            _ => {}
        }
    }
    let Some((cited, certified)) = other else { return Judgement::NotEvaluable(PLACES) };
    let difference = Difference::new()
        .argument("declared", written(declared))
        .argument("certified", written(certified))
        .expected(written(certified))
        .actual(written(declared))
        .in_certificate(cited.index, certified.place)
        .in_declaration(declared.place);
    difference.into()
}

/// Compared by identifiers of five signs (UN/LOCODE), else by names; none when
/// they have neither in common.
fn same_location(a: &Location, b: &Location) -> Option<bool> {
    let codes = |location: &Location| -> Vec<String> {
        let codes = location.identifiers.iter().map(|one| reference_number::normalise(&one.value));
        codes.filter(|code| code.len() == 5).collect()
    };
    let names = |location: &Location| -> Vec<String> {
        location.names.iter().map(|name| name.value.to_lowercase()).collect()
    };
    let meet = |a: &[String], b: &[String]| a.iter().any(|one| b.contains(one));
    let (codes_a, codes_b) = (codes(a), codes(b));
    let (names_a, names_b) = (names(a), names(b));
    if meet(&codes_a, &codes_b) || meet(&names_a, &names_b) {
        return Some(true);
    }
    let codes_differ = !codes_a.is_empty() && !codes_b.is_empty();
    let names_differ = !names_a.is_empty() && !names_b.is_empty();
    (codes_differ || names_differ).then_some(false)
}

/// A location for people: its name, its first identifier, or both.
fn written(location: &Location) -> String {
    let code = location.identifiers.first().map_or("", |identifier| identifier.value.as_str());
    match (first(&location.names), code) {
        ("", "") => "?".into(),
        ("", code) => code.into(),
        (name, "") => name.into(),
        (name, code) => format!("{name} ({code})"),
    }
}
