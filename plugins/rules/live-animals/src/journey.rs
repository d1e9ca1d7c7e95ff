//! Where the animals are from and which way they go.

use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Judgement, Rule, Tally};
use ecert_sdk::tables::Table;
use goods::assurances::concerns;
use goods::disease::{Status, affected_origin, status};
use goods::tables::cells;
use goods::{HS_2022, lists};

use crate::parameters::Parameters;

/// Places of entry, and what each is equipped for: words with blanks between
/// (`animals`, `fruit`, `timber` …), empty for all. The code is the UN/LOCODE
/// or the authority's own.
pub const PORTS: Table = Table {
    name: "ports",
    keys: &["country", "code"],
    columns: &["name", "activities"],
    matching: Match::Exact,
};

/// The origin is free from the diseases that matter.
pub const ORIGIN: Rule<Parameters> = Rule::of_item("origin-disease-free", origin)
    .titles(&[
        ("en", "The origin is free from the diseases that matter for the animals"),
        ("zh", "原产地为相关动物疫病无疫区"),
    ])
    .messages(&[
        ("en", "{origin} is not free from {disease}: {status}."),
        ("zh", "{origin} 非 {disease} 无疫区：{status}。"),
    ])
    .arguments(&["origin", "disease", "status"])
    .needs(&["certificate-line", "origin", "disease-status"])
    .legal_basis(
        "WOAH terrestrial code, disease chapters: importation from free countries, zones or compartments",
    )
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// So are the countries of transit.
pub const TRANSIT: Rule<Parameters> = Rule::of_item("transit-disease-free", transit)
    .titles(&[
        ("en", "The countries of transit are free from the diseases that matter"),
        ("zh", "过境国为相关动物疫病无疫区"),
    ])
    .messages(&[
        ("en", "The animals pass {country}, which is not free from {disease}: {status}."),
        ("zh", "动物途经 {country}，该国非 {disease} 无疫区：{status}。"),
    ])
    .arguments(&["country", "disease", "status"])
    .needs(&["certificate", "transit-countries", "disease-status"])
    .legal_basis("WOAH terrestrial code 5.5: transit of animals, and the right to refuse it")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// The place of entry is equipped for animals.
pub const PORT: Rule<Parameters> = Rule::of_item("designated-port", port)
    .titles(&[
        ("en", "The place of entry is designated for live animals"),
        ("zh", "入境口岸为指定进境活动物口岸"),
    ])
    .messages(&[
        ("en", "{port} is not designated for live animals."),
        ("zh", "{port} 不是指定的进境活动物口岸。"),
    ])
    .arguments(&["port"])
    .needs(&["entry-place", "country", "ports"])
    .legal_basis("WOAH terrestrial code 5.6: border posts and quarantine stations equipped for live animals")
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

fn origin(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let diseases: Vec<&str> = diseases(check);
    check.each_line(|line, tally| {
        for disease in &diseases {
            match affected_origin(check, line, disease, check.dates().decision) {
                Err(need) => tally.missing(need),
                Ok(None) => tally.check(true, Difference::new),
                Ok(Some((origin, why))) => tally.check(false, || {
                    Difference::new()
                        .argument("origin", &origin.country)
                        .argument("disease", *disease)
                        .argument("status", goods::coded("disease-status", &why))
                        .in_line(line, origin.place)
                }),
            }
        }
    })
}

fn transit(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let certificates: Vec<Cited<'_>> = check.certificates().filter(Cited::is_official).collect();
    if certificates.is_empty() {
        return Judgement::NotEvaluable("certificate");
    }
    let mut tally = Tally::default();
    tally.missing("transit-countries");
    for cited in certificates {
        for country in &cited.certificate.consignment.transit_countries {
            for disease in diseases(check) {
                match status(check, country, disease, check.dates().decision) {
                    None => return Judgement::NotEvaluable("disease-status"),
                    Some(Status::Unknown) => tally.missing("disease-status"),
                    Some(Status::Free) => tally.check(true, Difference::new),
                    Some(Status::NotFree(why)) => tally.check(false, || {
                        Difference::new()
                            .argument("country", &country.country)
                            .argument("disease", disease)
                            .argument("status", goods::coded("disease-status", &why))
                            .in_certificate(cited.index, country.place)
                    }),
                }
            }
        }
    }
    tally.judgement()
}

fn diseases<'a>(check: &ItemCheck<'a, Parameters>) -> Vec<&'a str> {
    let all = check.parameters().diseases.iter();
    all.filter(|one| concerns(&one.goods, check)).map(|one| one.disease.as_str()).collect()
}

fn port(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let declaration = check.declaration();
    let Some(country) = &declaration.country else { return Judgement::NotEvaluable("country") };
    let Some(entry) = &declaration.entry_place else { return Judgement::NotEvaluable("entry-place") };
    let Some(identifier) = entry.identifiers.first() else { return Judgement::NotEvaluable("entry-place") };
    let day = check.dates().arrival.unwrap_or(check.dates().decision);
    let Ok(rows) = check.lookup_one(PORTS.name, &[&country.value, &identifier.value], day) else {
        return Judgement::NotEvaluable("ports");
    };
    let designated = rows.iter().any(|row| lists(cells::<2>(row)[1], "animals"));
    if designated {
        return Judgement::Passed;
    }
    Difference::new()
        .argument("port", &identifier.value)
        .actual(&identifier.value)
        .in_declaration(identifier.place)
        .into()
}
