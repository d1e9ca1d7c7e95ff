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

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
