//! What tables look like: their columns, and what may stand in them.

use ecert_sdk::country;
use serde::{Deserialize, Serialize};

/// First and last day a row holds, in every table.
pub const VALIDITY: [&str; 2] = ["validFrom", "validUntil"];

/// What may stand in a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Any text.
    Text,
    /// Any text but an empty one.
    Required,
    /// A number or name that is compared without regard to case, blanks and
    /// separators; kept in upper case without them. Not empty.
    Normalised,
    /// ISO 3166-1 alpha-2.
    Country,
    /// The same, or `*` for any.
    CountryOrAny,
    /// First digits of a commodity code, or `*` for any.
    CommodityPrefix,
    /// One of these words.
    OneOf(Vec<String>),
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// Its name, camelCase.
    pub name: String,
    /// What may stand in it.
    pub content: Content,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// Name in kebab case.
    pub name: String,
    /// Columns, without those of [`VALIDITY`].
    pub columns: Vec<Column>,
    /// Columns that tell rows apart: of two rows that agree in them, only one
    /// may hold on a day.
    pub unique: Vec<String>,
}

impl Definition {
    /// Position of a column.
    #[must_use]
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    /// The tables every host knows.
    #[must_use]
    pub fn built_in() -> Vec<Self> {
        let words = |words: &[&str]| Content::OneOf(words.iter().map(|word| (*word).to_owned()).collect());
        vec![
            table(
                "approved-establishments",
                &["country", "number", "activity", "species"],
                vec![
                    ("country", Content::Country),
                    ("number", Content::Normalised),
                    ("activity", Content::Text),
                    ("species", Content::Text),
                    ("status", words(&["approved", "suspended"])),
                ],
            ),
            table(
                "issuing-authorities",
                &["country", "authority"],
                vec![
                    ("country", Content::Country),
                    ("authority", Content::Required),
                    ("name", Content::Text),
                    ("certificateTypes", Content::Text),
                ],
            ),
            table(
                "party-aliases",
                &["party", "alias"],
                vec![("party", Content::Normalised), ("alias", Content::Required)],
            ),
            table(
                "requirements",
                &["hsPrefix", "origin", "procedure"],
                vec![
                    ("hsPrefix", Content::CommodityPrefix),
                    ("origin", Content::CountryOrAny),
                    ("procedure", Content::Text),
                    ("certificateTypes", Content::Text),
                    ("ruleKinds", Content::Text),
                    ("form", words(&["paperless", "paper"])),
                ],
            ),
            table(
                "delivery-grants",
                &["principal", "country", "certificateTypes"],
                vec![
                    ("principal", Content::Required),
                    ("country", Content::Country),
                    ("certificateTypes", Content::Text),
                ],
            ),
        ]
    }
}

fn table(name: &str, unique: &[&str], columns: Vec<(&str, Content)>) -> Definition {
    Definition {
        name: name.into(),
        columns: columns.into_iter().map(|(name, content)| Column { name: name.into(), content }).collect(),
        unique: unique.iter().map(|column| (*column).to_owned()).collect(),
    }
}

impl Content {
    /// The form in which a cell is kept; an error says what would be right.
    pub(super) fn accept(&self, cell: &str) -> Result<String, String> {
        let cell = cell.trim();
        let digits = cell.len() <= 12 && cell.bytes().all(|byte| byte.is_ascii_digit());
        let any = cell == "*" || cell.is_empty();
        match self {
            Self::Text => Ok(cell.into()),
            Self::Required if !cell.is_empty() => Ok(cell.into()),
            Self::Required => Err("must not be empty".into()),
            Self::Normalised => {
                let normalised = normalise(cell);
                if normalised.is_empty() { Err("needs a letter or digit".into()) } else { Ok(normalised) }
            }
            Self::Country | Self::CountryOrAny if is_country(cell) => Ok(cell.into()),
            Self::CountryOrAny if any => Ok("*".into()),
            Self::Country => Err("should be a country code such as NZ (ISO 3166-1 alpha-2)".into()),
            Self::CountryOrAny => Err("should be a country code such as NZ, or * for any".into()),
            Self::CommodityPrefix if any => Ok("*".into()),
            Self::CommodityPrefix if digits => Ok(cell.into()),
            Self::CommodityPrefix => Err("should be up to 12 digits, or * for any".into()),
            Self::OneOf(words) if words.iter().any(|word| word == cell) => Ok(cell.into()),
            Self::OneOf(words) => Err(format!("should be one of {}", words.join(", "))),
        }
    }
}

/// Whether a text is the code of a country (ISO 3166-1 alpha-2).
#[must_use]
pub fn is_country(code: &str) -> bool {
    country::find(code).is_some_and(|known| known.alpha2 == code)
}

/// Upper case, letters and digits only, full-width forms as ASCII: the form in
/// which rule sets look numbers and names up.
pub(super) fn normalise(text: &str) -> String {
    let half_width = |character: char| match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        _ => character,
    };
    text.chars().map(half_width).filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
