//! Registrations of products, brands and overseas producers.

use ecert_sdk::manifest::Match;
use ecert_sdk::model::values::Date;
use ecert_sdk::reference_number;
use ecert_sdk::rules::ItemCheck;
use ecert_sdk::tables::Table;

use crate::tables::cells;

/// Registrations with the importing authority. The numbers are in normalised
/// form (upper case, letters and digits only); `product` is the first digits
/// of the commodity codes it is for, with blanks between.
pub const TABLE: Table = Table {
    name: "product-registrations",
    keys: &["country", "registration"],
    columns: &["establishment", "product"],
    matching: Match::Exact,
};

/// A registration that holds on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Approval number of the establishment, in normalised form; empty for any.
    pub establishment: String,
    /// Prefixes of commodity codes it is for; empty for any.
    pub prefixes: Vec<String>,
}

/// The registrations of this number for a country of origin. None without the
/// table.
pub fn find<P>(
    check: &ItemCheck<'_, P>,
    country: &str,
    number: &str,
    day: Date,
) -> Option<Vec<Registration>> {
    let key = [country.to_owned(), reference_number::normalise(number)];
    let mut found = check.lookup(TABLE.name, &[key.to_vec()], day).ok()?;
    let registration = |row: &ecert_sdk::tables::Row| {
        let [establishment, product] = cells(row);
        let prefixes = product.split_whitespace().map(String::from).collect();
        Registration { establishment: establishment.to_owned(), prefixes }
    };
    Some(found.pop().unwrap_or_default().iter().map(registration).collect())
}
