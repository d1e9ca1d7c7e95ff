//! What rule sets on several commodities ask alike.
//!
//! Rules that need nothing but a legal basis of the commodity's own stand here
//! as functions that give them ([`establishments::rule`], [`dates::expiry`] …);
//! the rest are questions that rules put to a case in a line: what a
//! certificate says about a subject ([`stated`]), what a table says of the
//! goods ([`tables`]), whether a measured value keeps within a limit
//! ([`limits`]).
//!
//! A rule set takes the parameters of these rules by `#[serde(flatten)]` and
//! lends them by `AsRef`.

pub mod assurances;
pub mod batches;
pub mod dates;
pub mod disease;
pub mod establishments;
pub mod limits;
pub mod names;
pub mod parameters;
pub mod process;
pub mod registrations;
pub mod species;
pub mod stated;
pub mod storage;
pub mod tables;
pub mod temperature;

use ecert_sdk::commodity;
use ecert_sdk::manifest::Scope;
use ecert_sdk::model::declarations::Direction;
use ecert_sdk::model::values::{Code, Date};
use ecert_sdk::rules::ItemCheck;

pub use parameters::Parameters;

/// First day of the Harmonized System's edition of 2022, whose headings the
/// rules name.
pub const HS_2022: Option<Date> = Some(Date { year: 2022, month: 1, day: 1 });

/// The declared commodity code, digits only.
pub fn declared_code<P>(check: &ItemCheck<'_, P>) -> Option<String> {
    commodity::digits(check.item().commodity.as_ref()?.class_code.as_deref()?)
}

/// Whether the declared commodity code begins with one of these.
pub fn is_of<P>(check: &ItemCheck<'_, P>, prefixes: &[impl AsRef<str>]) -> bool {
    declared_code(check).is_some_and(|code| prefixes.iter().any(|prefix| code.starts_with(prefix.as_ref())))
}

/// A word of a rule, as a code so that every language can write it its own
/// way.
pub fn coded(list: &str, word: &str) -> Code {
    Code { value: word.into(), code_list: Some(format!("goods:{list}")), ..Code::default() }
}

/// Whether two texts are the same but for case and blanks around.
pub fn same_words(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Whether a cell that lists words, with blanks between, lists this one. An
/// empty cell lists all.
pub fn lists(cell: &str, word: &str) -> bool {
    cell.trim().is_empty() || cell.split([' ', ',', ';']).any(|listed| listed.eq_ignore_ascii_case(word))
}

/// A scope of imports: of these commodities, and of these origins (ISO 3166-1
/// alpha-2) where any are named.
pub fn imports(prefixes: &[&str], origins: &[&str]) -> Vec<Scope> {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.into()).collect();
    vec![Scope {
        hs_prefixes: owned(prefixes),
        origins: owned(origins),
        direction: Some(Direction::Import),
        ..Scope::default()
    }]
}
