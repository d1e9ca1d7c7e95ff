//! What tables look like: their columns, and what may stand in them.

use ecert_model::values::Decimal;
use ecert_sdk::{country, unit};
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
    /// First digits of commodity codes, with blanks between.
    CommodityPrefixes,
    /// One of these words.
    OneOf(Vec<String>),
    /// Text that is compared without regard to case; kept in lower case.
    LowerCase,
    /// An exact decimal number, with a point.
    Number,
    /// Code of a unit (UN/ECE Recommendation 20).
    Unit,
    /// Code of a place (UN/LOCODE): the country's two letters and three more.
    Locode,
    /// Types of documents (UNCL 1001), with blanks between; none means all.
    DocumentTypes,
    /// Code of a script (ISO 15924), such as `Latn` or `Hans`.
    Script,
    /// A code of the list that this column names, as far as the list is known
    /// from the table `code-lists`.
    CodeOf(String),
    /// The same, or nothing.
    Optional(Box<Content>),
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
        super::tables::built_in()
    }
}

impl Content {
    /// The form in which a cell is kept; an error says what would be right.
    pub(super) fn accept(&self, cell: &str) -> Result<String, String> {
        let cell = cell.trim();
        let digits = cell.len() <= 12 && is_digits(cell);
        let any = cell == "*" || cell.is_empty();
        let list = || cell.split_whitespace().collect::<Vec<_>>();
        match self {
            Self::Text => Ok(cell.into()),
            Self::Required | Self::CodeOf(_) if !cell.is_empty() => Ok(cell.into()),
            Self::Required | Self::CodeOf(_) => Err("must not be empty".into()),
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
            Self::CommodityPrefixes if list().iter().all(|p| p.len() <= 12 && is_digits(p)) => {
                Ok(list().join(" "))
            }
            Self::CommodityPrefixes => {
                Err("should be digits such as 0402, several with blanks between".into())
            }
            Self::LowerCase => Ok(cell.to_lowercase()),
            Self::Number if cell.parse::<Decimal>().is_ok() => Ok(cell.into()),
            Self::Number => Err("should be a number such as 0.5".into()),
            Self::Unit if unit::find(cell).is_some() || OTHER_UNITS.contains(&cell) => Ok(cell.into()),
            Self::Unit => Err("should be a unit's code such as KGM (UN/ECE Recommendation 20)".into()),
            Self::Locode if is_locode(cell) => Ok(cell.into()),
            Self::Locode => Err("should be a place's code such as NZTRG (UN/LOCODE)".into()),
            Self::DocumentTypes if list().iter().all(|t| t.len() == 3 && is_digits(t)) => {
                Ok(list().join(" "))
            }
            Self::DocumentTypes => {
                Err("should be types such as 851 (UNCL 1001), several with blanks between".into())
            }
            Self::Script if cell.len() == 4 && cell.bytes().all(|b| b.is_ascii_alphabetic()) => {
                Ok(cell.into())
            }
            Self::Script => Err("should be a script's code such as Latn (ISO 15924)".into()),
            Self::Optional(_) if cell.is_empty() => Ok(String::new()),
            Self::Optional(content) => content.accept(cell),
            Self::OneOf(words) if words.iter().any(|word| word == cell) => Ok(cell.into()),
            Self::OneOf(words) => Err(format!("should be one of {}", words.join(", "))),
        }
    }
}

/// Units of Recommendation 20 in which doses and shares are given, and which
/// do not convert: parts per million, grams per cubic metre and per litre,
/// milligrams per litre, percent.
const OTHER_UNITS: [&str; 5] = ["59", "A93", "GL", "M1", "P1"];

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_locode(text: &str) -> bool {
    text.len() == 5
        && text.is_char_boundary(2)
        && is_country(&text[..2])
        && text[2..].bytes().all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'9').contains(&byte))
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
