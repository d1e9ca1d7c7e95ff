//! The form of reference numbers that look-ups use.

/// Upper case, letters and digits only, full-width forms as their plain ones:
/// `GBCHD2024.7360439`, `gbchd-2024-7360439` and `GB CHD 2024 7360439` are one
/// number.
pub fn normalise(number: &str) -> String {
    number.chars().map(plain).flat_map(char::to_uppercase).filter(|c| c.is_alphanumeric()).collect()
}

/// The ASCII character that a full-width form stands for.
fn plain(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xff01 + 0x21).unwrap_or(character),
        other => other,
    }
}

/// A normalised number with characters that are taken for one another made
/// one: O and Q are 0, I and L are 1, Z is 2, S is 5, B is 8.
pub fn likeness(number: &str) -> String {
    let alike = |character| match character {
        'O' | 'Q' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        other => other,
    };
    number.chars().map(alike).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn separators_and_case_do_not_matter() {
        for text in ["GBCHD2024.7360439", "gbchd-2024-7360439", " GB CHD/2024 7360439", "ＧＢCHD2024７360439"]
        {
            assert_eq!(normalise(text), "GBCHD20247360439", "{text}");
        }
        assert_eq!(normalise("京A-12"), "京A12");
        assert_eq!(normalise("--"), "");
    }

    #[test]
    fn characters_that_look_alike_are_one() {
        assert_eq!(likeness(&normalise("NZ-2O26/lB5")), likeness(&normalise("NZ-2026/1BS")));
        assert_ne!(likeness("NZ1"), likeness("NZ2"));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
