//! Where the milk is from, of which animals it is, and what for.

use ecert_sdk::country;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::species::{self, Species};
use goods::{HS_2022, coded, stated, tables};

use crate::parameters::Parameters;

/// The raw milk is from a country that the origin may take it from.
pub const SOURCE: Rule<Parameters> = Rule::of_item("milk-source", source)
    .titles(&[
        ("en", "The raw milk is from a country accepted for this origin"),
        ("zh", "生乳来源国为该原产国获准的来源国"),
    ])
    .messages(&[
        ("en", "The raw milk is from {source}, which is not accepted for products of {origin}."),
        ("zh", "生乳来自 {source}，不属于 {origin} 产品获准的来源国。"),
    ])
    .arguments(&["source", "origin"])
    .needs(&["certificate-line", "origin", "milk-origin"])
    .legal_basis(
        "Bilateral protocols on dairy products: milk from the exporting country or listed third countries",
    )
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// The milk is of the animals that the declaration names.
pub const SPECIES: Rule<Parameters> = Rule::of_item("milk-species-as-declared", species_declared)
    .titles(&[
        ("en", "The milk is of the animals the goods are declared to be of"),
        ("zh", "乳的动物种类与申报一致"),
    ])
    .messages(&[
        ("en", "The goods are declared as {declared} milk, the certificate names {certified}."),
        ("zh", "申报为{declared}乳，证书列明为{certified}。"),
    ])
    .arguments(&["declared", "certified"])
    .needs(&["certificate-line", "declared-species", "species"])
    .legal_basis("Codex CXS 206 general standard for the use of dairy terms: milk of an animal other than the cow is named")
    .in_force(HS_2022, None);

/// What is declared as food was not certified for feed.
pub const HUMAN: Rule<Parameters> = Rule::of_item("human-consumption", human)
    .titles(&[
        ("en", "Dairy products declared as food were not certified for animal feed"),
        ("zh", "申报供人食用的乳制品并非按饲料用途出证"),
    ])
    .messages(&[
        ("en", "The certificate states the use \"{use}\", the declaration human consumption."),
        ("zh", "证书载明用途为“{use}”，申报用途为供人食用。"),
    ])
    .arguments(&["use"])
    .needs(&["certificate-line", "intended-use"])
    .legal_basis("Official certificates for dairy products: attested use decides the health requirements")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

fn source(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let Some(origin) = tables::origin(check) else { return Judgement::NotEvaluable("origin") };
    let Some(accepted) = check.parameters().milk_sources.get(origin) else { return Judgement::NotApplicable };
    check.each_line(|line, tally| {
        let sources = stated::about(line, &["MILK_ORIGIN", "RAW_MATERIAL_ORIGIN"]);
        if sources.is_empty() {
            tally.missing("milk-origin");
        }
        for source in sources {
            let accepts = |country: &str| country::same(country, source.value) == Some(true);
            tally.check(accepts(origin) || accepted.iter().any(|country| accepts(country)), || {
                Difference::new()
                    .argument("source", source.value)
                    .argument("origin", origin)
                    .actual(source.value)
                    .in_line(line, source.place)
            });
        }
    })
}

fn species_declared(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let declared = species::in_words(&check.item().descriptions);
    let Some(&first) = declared.first() else { return Judgement::NotEvaluable("declared-species") };
    check.each_line(|line, tally| {
        let certified = species::of_line(line.line);
        if certified.is_empty() {
            return tally.missing("species");
        }
        let names = line.line.scientific_names.iter().chain(&line.line.common_names);
        let place = names.map(|name| name.place).next().unwrap_or(line.line.place);
        tally.check(declared.iter().any(|species| certified.contains(species)), || {
            Difference::new()
                .argument("declared", animal(first))
                .argument("certified", animal(certified[0]))
                .expected(animal(certified[0]))
                .actual(animal(first))
                .in_line(line, place)
                .in_declaration(check.item().descriptions[0].place)
        });
    })
}

fn animal(species: Species) -> ecert_sdk::model::values::Code {
    coded("species", species.name())
}

fn human(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let for_animals = |words: &str| {
        let words = words.to_lowercase();
        ["feed", "pet food", "饲料", "pienso", "animal consumption"].iter().any(|word| words.contains(word))
    };
    if check.item().purpose.as_ref().is_some_and(|purpose| for_animals(&purpose.value)) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        if line.line.intended_uses.is_empty() {
            tally.missing("intended-use");
        }
        for stated in &line.line.intended_uses {
            let purpose = check.item().purpose.as_ref();
            tally.check(!for_animals(&stated.value), || {
                let difference = Difference::new().argument("use", &stated.value).actual(&stated.value);
                difference
                    .in_line(line, stated.place)
                    .in_declaration(purpose.map_or(check.item().place, |purpose| purpose.place))
            });
        }
    })
}
