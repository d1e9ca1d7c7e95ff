//! Names of parties: the form that comparisons use, and scripts.
//!
//! The same firm is written with and without its legal form, in capitals, with
//! and without accents, cut off at a field's end, and in several scripts. Only
//! names in one script can be compared: that 青岛海湾 and Qingdao Bay differ
//! says nothing.
//!
//! ```
//! use ecert_sdk::party_name::{Comparison, compare_texts};
//!
//! assert_eq!(compare_texts(["Müller & Söhne GmbH"], ["MUELLER UND SOEHNE"]), Comparison::Same);
//! assert_eq!(compare_texts(["Harbour Foods Ltd"], ["Meadow Foods Ltd"]), Comparison::Different);
//! assert_eq!(compare_texts(["Qingdao Bay Foods Co., Ltd."], ["青岛海湾食品有限公司"]), Comparison::NotComparable);
//! assert_eq!(compare_texts(["Qingdao Bay Foods", "青岛海湾食品"], ["青岛海湾食品有限公司"]), Comparison::Same);
//! ```

use ecert_model::values::Text;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::reference_number::half_width;

/// How two sets of names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// A name of one is a name of the other.
    Same,
    /// There are names in one script, and none of them agree.
    Different,
    /// No two names are written in one script.
    NotComparable,
}

/// A script, or a family of scripts that are told apart from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Script {
    /// Latin.
    Latin,
    /// Greek.
    Greek,
    /// Cyrillic.
    Cyrillic,
    /// Hebrew.
    Hebrew,
    /// Arabic.
    Arabic,
    /// Devanagari and the other scripts of South Asia.
    Indic,
    /// Thai.
    Thai,
    /// Georgian.
    Georgian,
    /// Armenian.
    Armenian,
    /// Chinese characters, of Japanese and Korean names too.
    Han,
    /// Hiragana and Katakana.
    Kana,
    /// Hangul.
    Hangul,
    /// A letter of any other script.
    Other,
}

/// Compares the names of two parties, each in as many languages as are known.
pub fn compare(a: &[Text], b: &[Text]) -> Comparison {
    compare_texts(a.iter().map(|text| text.value.as_str()), b.iter().map(|text| text.value.as_str()))
}

/// Compares the names of two parties, given as plain texts.
pub fn compare_texts<'a>(
    a: impl IntoIterator<Item = &'a str>,
    b: impl IntoIterator<Item = &'a str>,
) -> Comparison {
    let b: Vec<Name> = b.into_iter().filter_map(Name::new).collect();
    let mut result = Comparison::NotComparable;
    for a in a.into_iter().filter_map(Name::new) {
        for b in b.iter().filter(|b| b.script == a.script) {
            if a.means(b) {
                return Comparison::Same;
            }
            result = Comparison::Different;
        }
    }
    result
}

/// The form of a name that comparisons use: lower case, without accents,
/// punctuation and legal form.
pub fn normalise(name: &str) -> String {
    words(name, Umlauts::Drop).join(" ")
}

/// The script that most letters of a name are written in; none for a name
/// without letters.
pub fn script(name: &str) -> Option<Script> {
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for script in name.chars().map(half_width).filter_map(script_of) {
        match counts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    counts.into_iter().max_by_key(|(script, count)| (*count, *script)).map(|(script, _)| script)
}

/// A name, made ready for comparisons.
struct Name<'a> {
    written: &'a str,
    script: Script,
}

/// Fields for names hold 35 or 70 characters in many messages; what is longer
/// is cut off.
const FIELD_LENGTHS: [usize; 2] = [35, 70];

impl<'a> Name<'a> {
    fn new(written: &'a str) -> Option<Self> {
        let written = written.trim();
        // A legal form in another script does not count.
        Some(Self { written, script: script(&normalise(written)).or_else(|| script(written))? })
    }

    fn means(&self, other: &Self) -> bool {
        if self.written == other.written {
            return true;
        }
        // Umlauts are written as the bare vowel by some, with an e by others.
        [Umlauts::Drop, Umlauts::Expand].into_iter().any(|mine| {
            let mine = words(self.written, mine);
            [Umlauts::Drop, Umlauts::Expand].into_iter().any(|theirs| {
                let theirs = words(other.written, theirs);
                same_words(&mine, &theirs)
                    || self.is_cut_off() && other.compact().starts_with(&self.compact())
                    || other.is_cut_off() && self.compact().starts_with(&other.compact())
            })
        })
    }

    fn is_cut_off(&self) -> bool {
        FIELD_LENGTHS.contains(&self.written.chars().count())
    }

    fn compact(&self) -> String {
        plain(self.written, Umlauts::Drop).split_whitespace().collect()
    }
}

/// The order of words does not matter (`Smith, John`).
fn same_words(a: &[String], b: &[String]) -> bool {
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words
    };
    !a.is_empty() && (a.concat() == b.concat() || sorted(a) == sorted(b))
}

#[derive(Clone, Copy, PartialEq)]
enum Umlauts {
    Drop,
    Expand,
}

/// The words of a name that tell it from others.
fn words(name: &str, umlauts: Umlauts) -> Vec<String> {
    let plain = plain(name, umlauts);
    let mut all: Vec<String> = Vec::new();
    let mut last_was_letter = false;
    for word in plain.split_whitespace().filter(|word| !LINKS.contains(word)) {
        let is_letter = word.chars().count() == 1 && word.is_ascii();
        match all.last_mut() {
            // "B. V." and "B.V." are one word.
            Some(last) if is_letter && last_was_letter => last.push_str(word),
            _ => all.push(strip_affixes(word).to_owned()),
        }
        last_was_letter = is_letter;
    }
    let is_form = |word: &String| word.is_empty() || LEGAL_FORMS.binary_search(&word.as_str()).is_ok();
    let end = all.iter().rposition(|word| !is_form(word)).map_or(all.len(), |last| last + 1);
    let start =
        all[..end].iter().position(|word| !LEADING_FORMS.contains(&word.as_str()) && !word.is_empty());
    all[start.unwrap_or(0)..end].to_vec()
}

/// Lower case without accents; punctuation becomes blanks, dots vanish.
fn plain(name: &str, umlauts: Umlauts) -> String {
    let mut plain = String::with_capacity(name.len());
    for character in name.chars().map(half_width).flat_map(char::to_lowercase) {
        match character {
            '.' | '\'' | '’' | '·' => {}
            _ if character.is_ascii_alphanumeric() => plain.push(character),
            _ if character.is_ascii() => plain.push(' '),
            'ä' | 'ö' | 'ü' if umlauts == Umlauts::Expand => {
                plain.push(match character {
                    'ä' => 'a',
                    'ö' => 'o',
                    _ => 'u',
                });
                plain.push('e');
            }
            _ => match letters(character) {
                Some(letters) => plain.push_str(letters),
                None => decompose_canonical(character, |part| match part {
                    _ if is_combining_mark(part) => {}
                    _ if part.is_alphanumeric() => plain.push(part),
                    _ => plain.push(' '),
                }),
            },
        }
    }
    plain
}

/// Latin letters that have no accent to take off.
fn letters(character: char) -> Option<&'static str> {
    Some(match character {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

/// Takes legal forms off words without blanks between them.
fn strip_affixes(word: &str) -> &str {
    let end = AFFIXES.iter().find_map(|affix| word.strip_suffix(affix)).unwrap_or(word);
    AFFIXES.iter().find_map(|affix| end.strip_prefix(affix)).unwrap_or(end)
}

/// Words between the parts of a name.
const LINKS: &[&str] = &["and", "und", "et", "y", "en", "og", "och"];

/// Legal forms in scripts without blanks, the longer ones first.
const AFFIXES: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
    "株式会社",
    "有限会社",
    "合同会社",
    "주식회사",
    "유한회사",
    "公司",
];

/// Legal forms that stand before a name.
const LEADING_FORMS: &[&str] = &[
    "the", "pt", "cv", "株", "ooo", "oao", "zao", "pao", "ао", "ип", "ооо", "оао", "зао", "пао", "тоо", "jsc",
];

/// Legal forms that stand behind a name, in order.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ad",
    "ag",
    "ao",
    "aps",
    "as",
    "asa",
    "bhd",
    "bt",
    "bv",
    "cia",
    "cjsc",
    "co",
    "company",
    "corp",
    "corporation",
    "cv",
    "dd",
    "de",
    "doo",
    "ead",
    "eireli",
    "ek",
    "eood",
    "gbr",
    "gk",
    "gmbh",
    "inc",
    "incorporated",
    "jsc",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "limitada",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "ltee",
    "mbh",
    "me",
    "nv",
    "nyrt",
    "oao",
    "ohg",
    "ojsc",
    "oo",
    "ood",
    "ooo",
    "ou",
    "oy",
    "oyj",
    "pao",
    "pjsc",
    "plc",
    "private",
    "proprietary",
    "pte",
    "pty",
    "pvt",
    "rl",
    "sa",
    "sab",
    "sapi",
    "sarl",
    "sas",
    "sasu",
    "sau",
    "sdn",
    "se",
    "sia",
    "sl",
    "slu",
    "snc",
    "sp",
    "spa",
    "spol",
    "srl",
    "sro",
    "tbk",
    "uab",
    "ug",
    "vof",
    "z",
    "zao",
    "zoo",
    "zrt",
    "ао",
    "зао",
    "оао",
    "ооо",
    "пао",
    "тоо",
    "株",
];

fn script_of(character: char) -> Option<Script> {
    Some(match character {
        'a'..='z' | 'A'..='Z' | 'À'..='ʯ' | 'Ḁ'..='ỿ' if character.is_alphabetic() => Script::Latin,
        'Ͱ'..='Ͽ' | 'ἀ'..='῾' if character.is_alphabetic() => Script::Greek,
        'Ѐ'..='ԯ' => Script::Cyrillic,
        'Ա'..='֏' => Script::Armenian,
        'א'..='ת' => Script::Hebrew,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            if character.is_alphabetic() =>
        {
            Script::Arabic
        }
        '\u{900}'..='\u{dff}' if character.is_alphabetic() => Script::Indic,
        '\u{e01}'..='\u{e4e}' if character.is_alphabetic() => Script::Thai,
        'Ⴀ'..='ჿ' => Script::Georgian,
        '\u{3041}'..='\u{30ff}' if character.is_alphabetic() => Script::Kana,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' => Script::Han,
        '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '가'..='힣' => Script::Hangul,
        _ if character.is_alphabetic() => Script::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn compares(a: &str, b: &str, expected: Comparison) {
        assert_eq!(compare_texts([a], [b]), expected);
        assert_eq!(compare_texts([b], [a]), expected);
    }

    #[test]
    fn forms_are_in_order() {
        assert!(LEGAL_FORMS.is_sorted());
    }

    #[test]
    fn legal_form_case_accents_and_punctuation_do_not_matter() {
        compares("Alpine Dairy Co., Ltd.", "ALPINE DAIRY LIMITED", Comparison::Same);
        compares("Frigorífico São José S.A.", "FRIGORIFICO SAO JOSE SA", Comparison::Same);
        compares("Van der Berg B. V.", "van der Berg BV", Comparison::Same);
        compares("Brødrene Øst A/S", "BRODRENE OST AS", Comparison::Same);
        compares("Weiß GmbH & Co. KG", "WEISS", Comparison::Same);
        compares("Müller", "Mueller GmbH", Comparison::Same);
        compares("Müller", "MULLER", Comparison::Same);
        compares("ООО «Северный Путь»", "СЕВЕРНЫЙ ПУТЬ, ООО", Comparison::Same);
        compares("（株）Ｓａｋｕｒａ", "株式会社SAKURA", Comparison::Same);
        compares("青岛海湾食品有限公司", "青岛海湾食品股份有限公司", Comparison::Same);
        compares("株式会社さくら", "さくら", Comparison::Same);
        compares("Carnes del Sur S.A. de C.V.", "CARNES DEL SUR", Comparison::Same);
        compares("Smith, John", "John Smith", Comparison::Same);
    }

    #[test]
    fn a_name_cut_off_at_the_end_of_its_field_is_the_same() {
        let whole = "Southern Highlands Farmers Cooperative Meat Processors Limited";
        compares(&whole[..35], whole, Comparison::Same);
        compares(&whole[..30], whole, Comparison::Different);
    }

    #[test]
    fn scripts_are_told_apart() {
        for (name, expected) in [
            ("Harbour Foods 7", Some(Script::Latin)),
            ("Łódź", Some(Script::Latin)),
            ("Северный", Some(Script::Cyrillic)),
            ("Ελλάς", Some(Script::Greek)),
            ("青岛 ABC 海湾食品", Some(Script::Han)),
            ("さくら食品", Some(Script::Kana)),
            ("한국식품", Some(Script::Hangul)),
            ("شركة", Some(Script::Arabic)),
            ("ＡＢＣ", Some(Script::Latin)),
            ("42 - 7", None),
        ] {
            assert_eq!(script(name), expected, "{name}");
        }
    }

    #[test]
    fn nothing_to_compare_is_not_different() {
        compares("42", "Harbour Foods", Comparison::NotComparable);
        compares("", "", Comparison::NotComparable);
        assert_eq!(compare(&[], &[]), Comparison::NotComparable);
    }

    #[test]
    fn a_name_that_is_only_a_legal_form_keeps_it() {
        assert_eq!(normalise("Limited"), "limited");
        compares("Company", "Limited", Comparison::Different);
    }
}
