//! What the stable codes of problems mean, in the languages of the partners.
//!
//! All texts stand in `problem_texts.csv`; `docs/problem-codes.md` lists them.
//! They speak of the kind of problem alone, so none holds data of anybody.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A language that partners are answered in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese, in simplified characters.
    Chinese,
    /// French.
    French,
    /// Spanish.
    Spanish,
}

impl Language {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 4] = [Self::English, Self::Chinese, Self::French, Self::Spanish];

    /// Its tag (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
            Self::French => "fr",
            Self::Spanish => "es",
        }
    }
}

static TEXTS: LazyLock<HashMap<String, [String; 4]>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_bytes!("problem_texts.csv").as_slice());
    // The file is part of the program; a test reads all of it.
    reader.deserialize().filter_map(Result::ok).collect()
});

/// What a code means; none for a code that only a partner's own adapter has.
#[must_use]
pub fn text(code: &str, language: Language) -> Option<&'static str> {
    let column = Language::ALL.iter().position(|known| *known == language)?;
    TEXTS.get(code).map(|texts| texts[column].as_str())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::api::problem::Code;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project's folder").to_owned()
    }

    fn rows() -> Vec<(String, [String; 4])> {
        let mut reader = csv::Reader::from_reader(include_bytes!("problem_texts.csv").as_slice());
        reader.deserialize().map(|row| row.expect("a code and four texts")).collect()
    }

    /// Codes that a source file names: texts in kebab case behind these words.
    fn codes_in(folder: &Path, begins: &[&str], found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                codes_in(&path, begins, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path).expect("a source file");
                for begin in begins {
                    let rest = source.split(begin).skip(1);
                    let text = rest.filter_map(|rest| rest.split_once('"'));
                    found.extend(text.map(|(text, _)| {
                        format!("{}{text}", begin.trim_start_matches(|c| c != '"').trim_matches('"'))
                    }));
                }
            }
        }
    }

    #[test]
    fn every_code_has_a_text_in_every_language() {
        let rows = rows();
        assert_eq!(rows.len(), TEXTS.len(), "no code stands twice");
        for (code, texts) in &rows {
            assert!(texts.iter().all(|text| !text.trim().is_empty()), "{code}");
        }
        for code in Code::ALL {
            assert_eq!(text(code.as_str(), Language::English), Some(code.title()), "{}", code.as_str());
        }
        let mut found = Vec::new();
        codes_in(&root().join("sdk/rust/src/xml"), &["\"xml-"], &mut found);
        codes_in(&root().join("sdk/rust/src/json"), &["\"json-"], &mut found);
        let calls = ["fatal(\"", "error(\"", "warning(\"", "report(\""];
        for folder in ["plugins/adapters", "plugins/library/sps/src"] {
            codes_in(&root().join(folder), &calls, &mut found);
        }
        let kebab = |code: &&String| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let codes: Vec<&String> = found.iter().filter(kebab).collect();
        assert!(codes.len() > 80, "only {} codes were found", codes.len());
        for code in codes {
            assert!(TEXTS.contains_key(code), "{code} has no text");
        }
    }

    /// The page is as the texts are; `INSTA_UPDATE=always` writes it anew.
    #[test]
    fn the_page_lists_every_code() {
        let mut page = String::from(
            "# Problem codes\n\n\
             Whoever sends a message or a request that is not taken gets a stable code: in \
             problems\n(`application/problem+json`), in the status of a delivery, in acknowledgements \
             and in SOAP\nfaults. `Accept-Language` chooses among English, Chinese, French and Spanish. \
             The text beside\nthe code says in English what is wrong this time, and where.\n\n\
             | code | English | 中文 | français | español |\n|---|---|---|---|---|\n",
        );
        for (code, [en, zh, fr, es]) in rows() {
            let _ = writeln!(page, "| `{code}` | {en} | {zh} | {fr} | {es} |");
        }
        let path = root().join("docs/problem-codes.md");
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            std::fs::write(&path, &page).expect("the page can be written");
        }
        assert!(
            std::fs::read_to_string(&path).is_ok_and(|written| written == page),
            "{} is not as the texts are",
            path.display()
        );
    }
}
