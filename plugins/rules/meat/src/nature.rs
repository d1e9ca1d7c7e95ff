//! What the goods are against what their heading says: species and storage.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::TradeLine;
use ecert_sdk::model::values::Code;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule};
use goods::species::{self, Species};
use goods::storage::{Storage, certified};
use goods::{HS_2022, coded, declared_code};

use crate::heading;
use crate::parameters::Parameters;

/// The certified species is one of the heading's.
pub const SPECIES: Rule<Parameters> = Rule::of_item("species-matches-heading", species_matches)
    .titles(&[("en", "The species is one the commodity code is for"), ("zh", "动物种类与商品编码相符")])
    .messages(&[
        ("en", "Commodity code {code} is not for {species} meat, which the certificate names."),
        ("zh", "商品编码 {code} 不适用于证书所列动物种类（{species}）的肉。"),
    ])
    .arguments(&["code", "species"])
    .needs(&["commodity-code", "certificate-line", "species"])
    .legal_basis("Harmonized System, chapters 2 and 16: headings and subheadings by species")
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// Whether the meat is kept as the heading says.
pub const STORAGE: Rule<Parameters> = Rule::of_item("storage-matches-heading", storage_matches)
    .titles(&[
        ("en", "Meat is frozen or chilled as the commodity code says"),
        ("zh", "冷冻或冷藏状态与商品编码相符"),
    ])
    .messages(&[
        ("en", "Commodity code {code} is for {heading} meat, the certificate says {certified}."),
        ("zh", "商品编码 {code} 适用于{heading}肉，证书标明为{certified}。"),
    ])
    .arguments(&["code", "heading", "certified"])
    .needs(&["commodity-code", "certificate-line", "storage-condition"])
    .legal_basis("Harmonized System, chapter 2: fresh or chilled and frozen meat have codes of their own")
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

fn species_matches(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let Some(code) = declared_code(check) else { return Judgement::NotEvaluable("commodity-code") };
    let Some(allowed) = heading::species(&code) else { return Judgement::NotApplicable };
    let lines: Vec<Line<'_>> = check.lines().collect();
    if lines.is_empty() {
        return Judgement::NotEvaluable("certificate-line");
    }
    let certified: Vec<_> = lines.iter().map(|line| (line, species::of_line(line.line))).collect();
    if certified.iter().all(|(_, species)| species.is_empty()) {
        return Judgement::NotEvaluable("species");
    }
    let mut differences = Vec::new();
    for (line, species) in certified {
        for species in species.into_iter().filter(|species| !allowed.contains(species)) {
            let difference =
                Difference::new().argument("code", code.as_str()).argument("species", name(species));
            let difference =
                allowed.iter().fold(difference, |difference, allowed| difference.expected(name(*allowed)));
            differences.push(located(difference.actual(name(species)), check, line, names_place(line.line)));
        }
    }
    Judgement::of(differences)
}

fn storage_matches(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let Some(code) = declared_code(check) else { return Judgement::NotEvaluable("commodity-code") };
    let Some(expected) = heading::storage(&code) else { return Judgement::NotApplicable };
    let lines: Vec<Line<'_>> = check.lines().collect();
    if lines.is_empty() {
        return Judgement::NotEvaluable("certificate-line");
    }
    let stored: Vec<_> = lines.iter().filter_map(|line| Some((line, certified(line.line)?))).collect();
    if stored.is_empty() {
        return Judgement::NotEvaluable("storage-condition");
    }
    let wrong = stored.into_iter().filter(|(_, storage)| *storage != expected);
    let differences = wrong.map(|(line, storage)| {
        let difference = Difference::new()
            .argument("code", code.as_str())
            .argument("heading", condition(expected))
            .argument("certified", condition(storage))
            .expected(condition(expected))
            .actual(condition(storage));
        let place = line.line.storage_condition.as_ref().map_or(line.line.place, |code| code.place);
        located(difference, check, line, place)
    });
    Judgement::of(differences.collect())
}

fn located(
    difference: Difference,
    check: &ItemCheck<'_, Parameters>,
    line: &Line<'_>,
    place: u32,
) -> Difference {
    let declared = check.item().commodity.as_ref().map_or(check.item().place, |commodity| commodity.place);
    difference.in_certificate(line.cited.index, place).in_declaration(declared)
}

fn names_place(line: &TradeLine) -> u32 {
    let mut names = line.scientific_names.iter().chain(&line.common_names);
    names.next().map_or(line.place, |name| name.place)
}

fn name(species: Species) -> Code {
    coded("species", species.name())
}

fn condition(storage: Storage) -> Code {
    coded("storage", storage.name())
}
