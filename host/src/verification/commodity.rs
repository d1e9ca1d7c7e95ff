//! Comparing commodity codes of declarations and certificates.
//!
//! National codes share the first six digits of the Harmonized System; what
//! stands behind them means something only within one nomenclature and
//! edition.

use ecert_model::parts::Classification;

/// Digits that the nomenclatures of the world share.
const SHARED_DIGITS: usize = 6;
/// A heading; fewer digits are a chapter, which is still a code.
const FEWEST_DIGITS: usize = 2;
const MOST_DIGITS: usize = 14;

/// Beginnings of the names of classifications that are not commodity
/// nomenclatures though their codes may look alike.
const OTHER_SYSTEMS: [&str; 7] = ["IPPC", "EPPT", "EPPO", "TAXON", "GTIN", "EAN", "UNDG"];

/// A commodity code, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    nomenclature: Nomenclature,
    edition: Option<String>,
    digits: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Nomenclature {
    /// The Harmonized System itself, or a code whose system is not named.
    Harmonized,
    /// The Combined Nomenclature, and TARIC, which adds digits to it.
    Combined,
    /// Another one, by name.
    Other(String),
}

/// What comparing two codes comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// One is the other or stands above it; this many digits agree.
    Same(usize),
    /// They mean different goods.
    Different,
}

impl Code {
    /// The code, if the classification is a commodity code.
    pub fn of(classification: &Classification) -> Option<Self> {
        let digits: String = classification
            .class_code
            .as_deref()?
            .chars()
            .filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}'))
            .collect();
        let plausible = digits.bytes().all(|b| b.is_ascii_digit())
            && (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len());
        if !plausible {
            return None;
        }
        let system = classification.system.as_deref().unwrap_or_default().trim().to_ascii_uppercase();
        let (nomenclature, in_name) = nomenclature(&system)?;
        let edition = classification.edition.clone().filter(|e| !e.is_empty()).or(in_name);
        Some(Self { nomenclature, edition, digits })
    }

    /// The first of several classifications that is a commodity code.
    pub fn first_of(classifications: &[Classification]) -> Option<Self> {
        // The longest says most; certificates often name a heading as well.
        classifications.iter().filter_map(Self::of).max_by_key(|code| code.digits.len())
    }

    /// The digits without separators.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// The name of its nomenclature, as tables write it.
    pub fn system(&self) -> &str {
        match &self.nomenclature {
            Nomenclature::Harmonized => "HS",
            Nomenclature::Combined => "CN",
            Nomenclature::Other(name) => name,
        }
    }

    /// The edition it names.
    pub fn edition(&self) -> Option<&str> {
        self.edition.as_deref()
    }

    /// Compares as far as the two codes can be compared.
    pub fn compare(&self, other: &Self) -> Comparison {
        let mut compared = self.digits.len().min(other.digits.len());
        if !self.shares_all_digits_with(other) {
            compared = compared.min(SHARED_DIGITS);
        }
        if self.digits.as_bytes()[..compared] == other.digits.as_bytes()[..compared] {
            Comparison::Same(compared)
        } else {
            Comparison::Different
        }
    }

    fn shares_all_digits_with(&self, other: &Self) -> bool {
        let editions_agree = match (&self.edition, &other.edition) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        self.nomenclature == other.nomenclature && editions_agree
    }
}

/// The nomenclature and the edition that a system's name holds; none where it
/// names another kind of classification.
fn nomenclature(system: &str) -> Option<(Nomenclature, Option<String>)> {
    if OTHER_SYSTEMS.iter().any(|other| system.starts_with(other)) {
        return None;
    }
    let (name, edition) = split_edition(system);
    let nomenclature = match name {
        "" | "HS" | "HARMONIZED SYSTEM" | "HARMONISED SYSTEM" | "HS CODE" => Nomenclature::Harmonized,
        "CN" | "TARIC" | "TSP" | "COMBINED NOMENCLATURE" => Nomenclature::Combined,
        other => Nomenclature::Other(other.to_owned()),
    };
    Some((nomenclature, edition))
}

/// `HS2022` and `HS 2022` are the edition 2022 of `HS`.
fn split_edition(system: &str) -> (&str, Option<String>) {
    let name = system.trim_end_matches(|c: char| c.is_ascii_digit());
    let edition = &system[name.len()..];
    if edition.len() == 4 {
        (name.trim_end_matches([' ', '-', '_']), Some(edition.to_owned()))
    } else {
        (system, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(system: &str, edition: Option<&str>, digits: &str) -> Code {
        Code::of(&Classification {
            system: (!system.is_empty()).then(|| system.to_owned()),
            edition: edition.map(str::to_owned),
            class_code: Some(digits.to_owned()),
            ..Classification::default()
        })
        .unwrap()
    }

    #[test]
    fn national_digits_count_only_within_one_nomenclature() {
        let declared = code("TARIC", None, "0202 3090 00");
        assert_eq!(declared.compare(&code("CN", None, "02023090")), Comparison::Same(8));
        assert_eq!(declared.compare(&code("CN", None, "02023050")), Comparison::Different);
        assert_eq!(declared.compare(&code("HS", None, "020230")), Comparison::Same(6));
        assert_eq!(declared.compare(&code("NCM", None, "02023099")), Comparison::Same(6));
        assert_eq!(declared.compare(&code("NCM", None, "02033099")), Comparison::Different);
        assert_eq!(declared.compare(&code("HS", None, "02")), Comparison::Same(2));
    }

    #[test]
    fn national_digits_count_only_within_one_edition() {
        let declared = code("HTS", Some("2022"), "0202301000");
        assert_eq!(declared.compare(&code("HTS", Some("2017"), "0202309999")), Comparison::Same(6));
        assert_eq!(declared.compare(&code("HTS2022", None, "0202309999")), Comparison::Different);
        assert_eq!(declared.compare(&code("HTS", None, "0202301000")), Comparison::Same(10));
    }

    #[test]
    fn other_classifications_are_no_commodity_codes() {
        for (system, text) in
            [("IPPCPCC", "1234"), ("EPPT", "123456"), ("HS", "CITRUS"), ("HS", "1"), ("HS", "")]
        {
            let classification = Classification {
                system: Some(system.to_owned()),
                class_code: Some(text.to_owned()),
                ..Classification::default()
            };
            assert_eq!(Code::of(&classification), None, "{system} {text}");
        }
    }
}
