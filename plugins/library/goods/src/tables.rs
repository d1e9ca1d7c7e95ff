//! Looking up what a table says of goods.

use std::collections::BTreeSet;

use ecert_sdk::country;
use ecert_sdk::model::values::{Code, Date};
use ecert_sdk::rules::ItemCheck;
use ecert_sdk::tables::{Row, Table};

use crate::declared_code;

/// What a prefix or an origin is in a table that means any.
const ANY: &str = "*";

/// The origin of an item (ISO 3166-1 alpha-2): as declared, else of its
/// certificate lines.
pub fn origin<P>(check: &ItemCheck<'_, P>) -> Option<&'static str> {
    let known = |code: &Code| Some(country::find(&code.value)?.alpha2);
    let declared = check.item().origin.as_ref().and_then(known);
    declared.or_else(|| check.lines().find_map(|line| known(&line.line.origins.first()?.country)))
}

/// The rows of a table with the key columns `hsPrefix` and `origin` that
/// concern an item, of every prefix of its code and of any origin (`*`).
/// Rows of longer prefixes come first. None without the table.
pub fn rows_of_goods<P>(check: &ItemCheck<'_, P>, table: &Table, day: Date) -> Option<Vec<Row>> {
    let origins: Vec<&str> = origin(check).into_iter().chain([ANY]).collect();
    let keys = prefixes(check).into_iter().flat_map(|prefix| {
        origins.iter().map(move |origin| vec![prefix.clone(), (*origin).to_owned()]).collect::<Vec<_>>()
    });
    let keys: Vec<Vec<String>> = keys.collect();
    Some(check.lookup(table.name, &keys, day).ok()?.into_iter().flatten().collect())
}

/// The rows of a table with the single key column `hsPrefix` for the longest
/// prefix of an item's code that the table knows. None without the table.
pub fn rows_of_code<P>(check: &ItemCheck<'_, P>, table: &Table, day: Date) -> Option<Vec<Row>> {
    let keys: Vec<Vec<String>> = prefixes(check).into_iter().map(|prefix| vec![prefix]).collect();
    let found = check.lookup(table.name, &keys, day).ok()?;
    Some(found.into_iter().find(|rows| !rows.is_empty()).unwrap_or_default())
}

/// The prefixes of an item's code, the longest first, and any.
pub fn prefixes<P>(check: &ItemCheck<'_, P>) -> Vec<String> {
    let code = declared_code(check).unwrap_or_default();
    let lengths = (2..=code.len()).rev();
    lengths.map(|length| code[..length].to_owned()).chain([ANY.to_owned()]).collect()
}

/// The cells of a row, empty where it has none.
pub fn cells<const N: usize>(row: &Row) -> [&str; N] {
    std::array::from_fn(|index| row.cells.get(index).map_or("", |cell| cell.trim()))
}

/// Rows without repetitions, since several prefixes may say the same.
pub fn distinct(rows: Vec<Row>) -> Vec<Row> {
    let mut seen = BTreeSet::new();
    rows.into_iter().filter(|row| seen.insert(row.cells.clone())).collect()
}
