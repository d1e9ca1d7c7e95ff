//! Cyrillic that was written in one character set and read in another.
//!
//! Such a text is told, and never repaired: whatever was lost on the way cannot
//! be seen any more, and a name that was guessed is nobody's name.

/// How UTF-8's first bytes of Cyrillic letters look in Windows-1251 and in
/// Latin-1.
const FIRST: &[char] = &['Р', 'С', 'Ð', 'Ñ'];
/// What Windows-1251 has at 80 to BF (hexadecimal), where UTF-8 has the second
/// bytes. Latin-1 has control characters and signs there.
const SECOND: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈ¤Ґ¦§Ё©Є«¬®Ї°±Ііґµ¶·ё№є»јЅѕї";

/// Whether a text is mostly letters of this kind, or holds signs that stand for
/// bytes nobody could read.
pub(crate) fn is_mojibake(text: &str) -> bool {
    let characters: Vec<char> =
        text.chars().filter(|character| character.is_alphanumeric() || !character.is_ascii()).collect();
    let pairs = characters.windows(2).filter(|pair| FIRST.contains(&pair[0]) && is_second(pair[1])).count();
    text.contains(char::REPLACEMENT_CHARACTER) || pairs >= 2 && pairs * 4 >= characters.len()
}

fn is_second(character: char) -> bool {
    SECOND.contains(character) || matches!(character, '\u{80}'..='\u{bf}')
}

#[cfg(test)]
mod tests {
    use super::is_mojibake;

    #[test]
    fn damaged_letters_are_told_from_letters() {
        for damaged in [
            "РўСЋР»СЊРїР°РЅС‹",           // Тюльпаны, by Windows-1251
            "Р РѕСЃСЃРёСЏ",               // Россия
            "РџСѓРЅРєС‚ 7, РђР»РјР°С‚С‹", // with figures and a comma
            "Ð¢ÑÐ»ÑÐ¿Ð°Ð½Ñ",              // by Latin-1
            "Алма\u{fffd}ы",
        ] {
            assert!(is_mojibake(damaged), "{damaged}");
        }
        for whole in [
            "Тюльпаны свежие срезанные",
            "РОССИЯ, САМАРА",
            "Рівне, Січова вулиця",
            "ООО «Север» № 5",
            "С – Р",
            "Құрмет шаруа қожалығы",
            "Fresh tulips, 5 °C",
            "中国郁金香",
            "",
        ] {
            assert!(!is_mojibake(whole), "{whole}");
        }
    }
}
