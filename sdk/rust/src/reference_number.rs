//! Numbers of certificates, permits and approvals, in the form that
//! comparisons use.
//!
//! ```
//! use ecert_sdk::reference_number::{near_miss, normalise};
//!
//! assert_eq!(normalise("gbchd2024.7360439"), normalise("GBCHD-2024-7360439"));
//! assert!(near_miss("NZL2O26/1234", "NZL2026/1234"));
//! ```

/// Upper case, without separators, blanks and signs; full-width forms become
/// ASCII. Letters of other scripts are kept.
///
/// Empty for a number that consists of signs only.
pub fn normalise(number: &str) -> String {
    // A letter's upper case may bring a combining mark with it, hence last.
    let upper = number.chars().map(half_width).flat_map(char::to_uppercase);
    upper.filter(|character| character.is_alphanumeric()).collect()
}

/// Whether both numbers are the same in their normalised form.
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (normalise(a), normalise(b));
    !a.is_empty() && a == b
}

/// Whether two different numbers look alike: they differ only in signs that
/// are mistaken for each other, letter O and digit 0, letters I and L and
/// digit 1, and Cyrillic or Greek capitals that look Latin.
///
/// Good for a hint to the reader of a finding, never for taking one number
/// for the other.
pub fn near_miss(a: &str, b: &str) -> bool {
    let (a, b) = (normalise(a), normalise(b));
    a != b && !a.is_empty() && a.chars().map(look).eq(b.chars().map(look))
}

/// The ASCII form of a full-width character (Unicode block "Halfwidth and
/// Fullwidth Forms").
pub(crate) fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '\u{3000}' => ' ',
        _ => character,
    }
}

/// One sign for all that look like it.
fn look(character: char) -> char {
    match character {
        'O' | 'О' | 'Ο' => '0',
        'I' | 'L' | 'І' | 'Ι' => '1',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Р' | 'Ρ' => 'P',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_case_and_width_do_not_matter() {
        for written in [
            "GBCHD2024.7360439",
            "gbchd 2024 7360439",
            "ＧＢＣＨＤ２０２４－７３６０４３９",
            " GB/CHD-2024_7360439 ",
        ] {
            assert_eq!(normalise(written), "GBCHD20247360439");
        }
        assert_eq!(normalise("京食字〔2026〕第12号"), "京食字2026第12号");
        assert_eq!(normalise(" -/- "), "");
        assert!(!same("--", "//"));
    }

    #[test]
    fn look_alikes_are_near_misses() {
        assert!(near_miss("GBCHD2O24", "GBCHD2024"));
        assert!(near_miss("I23", "123"));
        assert!(near_miss("НZ-1", "HZ-1"), "Cyrillic letter");
        assert!(!near_miss("GBCHD2024", "gbchd 2024"), "the same number");
        assert!(!near_miss("GBCHD2024", "GBCHD2025"));
        assert!(!near_miss("", "-"));
    }
}
