//! What the goods are against what their heading says: species and storage.

use ecert_sdk::commodity;
use ecert_sdk::model::certificates::TradeLine;
use ecert_sdk::model::values::Code;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule};

use crate::heading::{self, Storage};
use crate::parameters::Parameters;
use crate::process::Step;
use crate::species::{self, Species};

/// The certified species is one of the heading's.
pub const SPECIES: Rule<Parameters> = Rule::of_item("species-matches-heading", species_matches)
    .titles(&[("en", "The species is one the commodity code is for"), ("zh", "动物种类与商品编码相符")])
    .messages(&[
        ("en", "Commodity code {code} is not for {species} meat, which the certificate names."),
        ("zh", "商品编码 {code} 不适用于证书所列动物种类（{species}）的肉。"),
    ])
    .arguments(&["code", "species"])
    .needs(&["commodity-code", "certificate-line", "species"])
    .legal_basis("Harmonized System, chapters 2 and 16: headings and subheadings by species");

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
    .legal_basis("Harmonized System, chapter 2: fresh or chilled and frozen meat have codes of their own");

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
    let certified: Vec<_> =
        lines.iter().filter_map(|line| Some((line, certified_storage(line.line)?))).collect();
    if certified.is_empty() {
        return Judgement::NotEvaluable("storage-condition");
    }
    let wrong = certified.into_iter().filter(|(_, storage)| *storage != expected);
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

/// How the meat of an item is kept, as far as it is known: by the certificate,
/// else by the commodity code.
pub(crate) fn storage(check: &ItemCheck<'_, Parameters>, line: &TradeLine) -> Option<Storage> {
    certified_storage(line).or_else(|| heading::storage(&declared_code(check)?))
}

/// How a line says the meat is kept: by its storage condition; meat that went
/// through freezing is frozen.
pub(crate) fn certified_storage(line: &TradeLine) -> Option<Storage> {
    if let Some(code) = &line.storage_condition {
        return storage_of_code(code);
    }
    let frozen = line.processes.iter().any(|process| Step::of(process) == Some(Step::Freezing));
    frozen.then_some(Storage::Frozen)
}

fn storage_of_code(code: &Code) -> Option<Storage> {
    Some(match code.value.trim().to_lowercase().as_str() {
        "frozen" | "deep_frozen" | "deep frozen" | "quick frozen" | "冷冻" => Storage::Frozen,
        "chilled" | "fresh" | "refrigerated" | "冷藏" | "冰鲜" => Storage::Chilled,
        "ambient" | "常温" => Storage::Ambient,
        _ => return None,
    })
}

/// The declared commodity code, digits only.
pub(crate) fn declared_code(check: &ItemCheck<'_, Parameters>) -> Option<String> {
    commodity::digits(check.item().commodity.as_ref()?.class_code.as_deref()?)
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

/// A word of this rule set, as a code so that every language can write it its
/// own way.
pub(crate) fn coded(list: &str, word: &str) -> Code {
    Code { value: word.into(), code_list: Some(format!("meat:{list}")), ..Code::default() }
}
