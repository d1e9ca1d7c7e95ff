//! Comparing commodity codes.
//!
//! The first six digits of a code are the Harmonized System's and mean the
//! same everywhere; what follows belongs to a nation or a union. So two codes
//! are compared as a whole only within one nomenclature and edition, and on
//! six digits otherwise.
//!
//! ```
//! use ecert_sdk::commodity::{Comparison, compare};
//! use ecert_sdk::model::parts::Classification;
//!
//! let code = |system: &str, code: &str| Classification {
//!     system: Some(system.into()),
//!     class_code: Some(code.into()),
//!     ..Classification::default()
//! };
//! // A certificate may be coarser than the declaration.
//! assert_eq!(compare(&code("CN", "0202"), &code("TARIC", "0202309000")), Comparison::Same { digits: 4 });
//! // Chinese and European digits beyond the sixth mean different things.
//! assert_eq!(compare(&code("CN", "02023090"), &code("CIQ", "0202300090")), Comparison::Same { digits: 6 });
//! ```

use ecert_model::parts::Classification;

/// How two commodity codes compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// They agree on as many digits as could be compared.
    Same {
        /// How many digits that were.
        digits: u8,
    },
    /// They differ within the digits that could be compared.
    Different {
        /// How many digits that were.
        digits: u8,
    },
    /// They cannot be compared.
    NotComparable(Reason),
}

/// Why two codes cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// One of them is missing.
    NoCode,
    /// One of them is not made of digits, or has fewer than two.
    NotACommodityCode,
    /// One of them belongs to a system that does not classify commodities by
    /// the Harmonized System (a list of pests or conditions, say).
    OtherSystem,
    /// They differ on six digits, but belong to two editions, between which
    /// codes were renumbered.
    OtherEdition,
}

/// Compares a certified with a declared code; the order does not matter.
///
/// Within one nomenclature and edition, one code must begin with the other,
/// whichever is longer. Otherwise their first six digits must agree, or as
/// many as the shorter one has.
pub fn compare(certified: &Classification, declared: &Classification) -> Comparison {
    let (certified, declared) = match (Coded::of(certified), Coded::of(declared)) {
        (Ok(certified), Ok(declared)) => (certified, declared),
        (Err(one), Err(other)) => return Comparison::NotComparable(one.min(other)),
        (Err(reason), _) | (_, Err(reason)) => return Comparison::NotComparable(reason),
    };
    let depth = if certified.shares_all_digits_with(&declared) { usize::MAX } else { 6 };
    let depth = depth.min(certified.digits.len()).min(declared.digits.len());
    let digits = u8::try_from(depth).unwrap_or(u8::MAX);
    if certified.digits[..depth] == declared.digits[..depth] {
        Comparison::Same { digits }
    } else if certified.edition_differs(&declared) {
        Comparison::NotComparable(Reason::OtherEdition)
    } else {
        Comparison::Different { digits }
    }
}

/// The digits of a commodity code, without the dots and blanks between them;
/// none when other signs are among them or fewer than two are left.
pub fn digits(code: &str) -> Option<String> {
    let mut digits = String::with_capacity(code.len());
    for character in code.chars() {
        match character {
            '0'..='9' => digits.push(character),
            '.' | ' ' | '-' | '\u{a0}' => {}
            _ => return None,
        }
    }
    (digits.len() >= 2).then_some(digits)
}

/// The commodity code among several classifications: the longest one of a
/// system that is known to build on the Harmonized System, else of an unnamed
/// system.
pub fn of(classifications: &[Classification]) -> Option<&Classification> {
    let rank = |classification: &&Classification| {
        let coded = Coded::of(classification).ok()?;
        Some((coded.nomenclature.is_some(), coded.digits.len()))
    };
    classifications.iter().filter(|one| rank(one).is_some()).max_by_key(rank)
}

/// Nomenclatures in which a longer code refines a shorter one of the same or
/// an earlier name in the list.
const REFINEMENTS: &[&[&str]] = &[
    // The Combined Nomenclature refines the Harmonized System, TARIC the
    // Combined Nomenclature.
    &["HS", "CN", "TARIC"],
    &["HS", "UKGT"],
    &["HS", "CIQ"],
    &["HS", "HTS"],
    &["HS", "NCM"],
    &["HS", "AHECC"],
    &["HS", "NZHS"],
    &["HS", "EAEU"],
];

/// Other ways to write the names above.
const ALIASES: &[(&str, &str)] = &[
    ("HARMONIZEDSYSTEM", "HS"),
    ("HARMONISEDSYSTEM", "HS"),
    ("HSCODE", "HS"),
    ("SH", "HS"),
    ("WCOHS", "HS"),
    ("CNCODE", "CN"),
    ("COMBINEDNOMENCLATURE", "CN"),
    ("KN", "CN"),
    ("NC", "CN"),
    ("TARICCODE", "TARIC"),
    ("UKTARIFF", "UKGT"),
    ("ТНВЭД", "EAEU"),
    ("TNVED", "EAEU"),
];

/// A commodity code that can be compared.
struct Coded<'a> {
    /// None when the message does not name it.
    nomenclature: Option<&'static str>,
    edition: Option<&'a str>,
    digits: String,
}

impl<'a> Coded<'a> {
    fn of(classification: &'a Classification) -> Result<Self, Reason> {
        let nomenclature =
            match classification.system.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
                Some(name) => Some(nomenclature(name).ok_or(Reason::OtherSystem)?),
                None => None,
            };
        let code = classification.class_code.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let digits = digits(code.ok_or(Reason::NoCode)?).ok_or(Reason::NotACommodityCode)?;
        Ok(Self { nomenclature, edition: classification.edition.as_deref(), digits })
    }

    fn shares_all_digits_with(&self, other: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (self.nomenclature, other.nomenclature) else { return false };
        let one_line = REFINEMENTS.iter().any(|line| line.contains(&mine) && line.contains(&theirs));
        one_line && !self.edition_differs(other)
    }

    fn edition_differs(&self, other: &Self) -> bool {
        matches!((self.edition, other.edition), (Some(mine), Some(theirs)) if mine != theirs)
    }
}

fn nomenclature(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(|character| character.is_alphanumeric()).collect();
    let plain = plain.to_uppercase();
    let known = REFINEMENTS.iter().flat_map(|line| line.iter()).find(|known| **known == plain);
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == plain).map(|(_, known)| known);
    known.or_else(alias).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Comparison::{Different, NotComparable, Same};

    fn code(system: &str, edition: &str, code: &str) -> Classification {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Classification {
            system: some(system),
            edition: some(edition),
            class_code: some(code),
            ..Classification::default()
        }
    }

    #[track_caller]
    fn comparison(a: (&str, &str, &str), b: (&str, &str, &str), expected: Comparison) {
        let (a, b) = (code(a.0, a.1, a.2), code(b.0, b.1, b.2));
        assert_eq!(compare(&a, &b), expected);
        assert_eq!(compare(&b, &a), expected);
    }

    #[test]
    fn whole_codes_within_one_nomenclature() {
        comparison(("CN", "", "0202 30 90"), ("TARIC", "", "0202309000"), Same { digits: 8 });
        comparison(("CN", "", "02023090"), ("TARIC", "", "0202305000"), Different { digits: 8 });
        comparison(("HS", "2022", "0202.30"), ("CN", "2022", "02023090"), Same { digits: 6 });
    }

    #[test]
    fn six_digits_across_nomenclatures() {
        comparison(("CN", "", "02023090"), ("CIQ", "", "0202300010"), Same { digits: 6 });
        comparison(("", "", "02023090"), ("CN", "", "02023050"), Same { digits: 6 });
        comparison(("", "", "02022090"), ("CN", "", "02023050"), Different { digits: 6 });
    }

    #[test]
    fn six_digits_across_editions() {
        comparison(("CN", "2021", "02023090"), ("CN", "2022", "02023050"), Same { digits: 6 });
        comparison(("HS", "2017", "030389"), ("HS", "2022", "030390"), NotComparable(Reason::OtherEdition));
    }

    #[test]
    fn shorter_codes_compare_as_far_as_they_go() {
        comparison(("HS", "", "02"), ("CN", "", "02023090"), Same { digits: 2 });
        comparison(("HS", "", "0203"), ("CN", "", "02023090"), Different { digits: 4 });
    }

    #[test]
    fn what_cannot_be_compared_says_why() {
        comparison(("CN", "", ""), ("CN", "", "02023090"), NotComparable(Reason::NoCode));
        comparison(("CN", "", "beef"), ("CN", "", "02023090"), NotComparable(Reason::NotACommodityCode));
        comparison(("IPPCPCC", "", "02023090"), ("CN", "", "02023090"), NotComparable(Reason::OtherSystem));
    }

    #[test]
    fn the_longest_known_code_counts() {
        let all = [
            code("IPPCPCC", "", "11"),
            code("", "", "0202309000"),
            code("HS", "", "0202"),
            code("CN", "", "02023090"),
        ];
        assert_eq!(of(&all), Some(&all[3]));
        assert_eq!(of(&all[..1]), None);
    }
}
