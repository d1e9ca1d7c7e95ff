//! Scientific names against the commodity code.

use ecert_sdk::rules::{Difference, ItemCheck, Judgement};
use ecert_sdk::tables::Table;

use crate::declared_code;
use crate::tables::{cells, rows_of_code};

/// Judges whether each scientific name on the lines is one that the table
/// (key `hsPrefix`, column `name`) lists for the commodity code. A genus in
/// the table stands for all of its species; a certificate that names the genus
/// alone (`Citrus sp.`) is held against the genera of the table.
///
/// Needs `commodity-code`, `certificate-line`, `scientific-name` and the
/// table's name; arguments `code` and `name`.
pub fn judge<P>(check: &ItemCheck<'_, P>, table: &'static Table) -> Judgement {
    let Some(code) = declared_code(check) else { return Judgement::NotEvaluable("commodity-code") };
    let Some(rows) = rows_of_code(check, table, check.dates().decision) else {
        return Judgement::NotEvaluable(table.name);
    };
    let listed: Vec<&str> =
        rows.iter().map(|row| cells::<1>(row)[0]).filter(|name| !name.is_empty()).collect();
    if listed.is_empty() {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        if line.line.scientific_names.is_empty() {
            tally.missing("scientific-name");
        }
        for name in &line.line.scientific_names {
            // One element may list several names.
            for single in name.value.split([',', ';', '/', '+']).filter(|single| !single.trim().is_empty()) {
                tally.check(listed.iter().any(|listed| agree(single, listed)), || {
                    let difference = listed.iter().fold(Difference::new(), |it, listed| it.expected(*listed));
                    let declared = check.item().commodity.as_ref().map_or(check.item().place, |it| it.place);
                    difference
                        .argument("code", code.as_str())
                        .argument("name", single.trim())
                        .actual(single.trim())
                        .in_line(line, name.place)
                        .in_declaration(declared)
                });
            }
        }
    })
}

/// Genus and species agree as far as both are named; authors, varieties and
/// hybrid signs do not matter.
pub fn agree(one: &str, other: &str) -> bool {
    let parts = |name: &str| -> Vec<String> {
        let words = name.split_whitespace().filter(|word| !matches!(*word, "x" | "×" | "X"));
        words.take(2).map(|word| word.trim_matches(['(', ')', '.']).to_lowercase()).collect()
    };
    let (one, other) = (parts(one), parts(other));
    let is_species = |word: &&String| !matches!(word.as_str(), "sp" | "spp");
    match (one.first(), other.first()) {
        (Some(genus), Some(same)) if genus == same => {
            let species = (one.get(1).filter(is_species), other.get(1).filter(is_species));
            !matches!(species, (Some(one), Some(other)) if one != other)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::agree;

    #[test]
    fn names_agree_as_far_as_both_go() {
        assert!(agree("Citrus sinensis (L.) Osbeck", "Citrus sinensis"));
        assert!(agree("Citrus × sinensis", "citrus sinensis"));
        assert!(agree("Citrus sp.", "Citrus sinensis"));
        assert!(agree("Rosa hybrida", "Rosa"));
        assert!(!agree("Citrus limon", "Citrus sinensis"));
        assert!(!agree("Malus domestica", "Citrus"));
        assert!(!agree("", "Citrus"));
    }
}
