//! Lists of codes that cells of other tables refer to.

use std::collections::{BTreeMap, BTreeSet};

use super::{Version, is_country};

/// The table that the lists stand in.
pub(super) const TABLE: &str = "code-lists";
/// The list that every host knows.
const COUNTRIES: &str = "ISO3166-1";
/// Codes that are named when one is not known.
const NAMED: usize = 5;

/// The codes of each list that is known, whenever they hold.
#[derive(Debug, Default)]
pub(super) struct Codes<'v>(BTreeMap<&'v str, BTreeSet<&'v str>>);

impl<'v> Codes<'v> {
    /// Those of a version of the table.
    pub(super) fn of(version: Option<&'v Version>) -> Self {
        let mut lists: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let positions = version.and_then(|version| {
            Some((version.definition.position("list")?, version.definition.position("code")?))
        });
        if let (Some(version), Some((list, code))) = (version, positions) {
            for row in version.rows() {
                lists.entry(row.cell(list)).or_default().insert(row.cell(code));
            }
        }
        Self(lists)
    }

    /// Refuses a code that its list does not hold, and says what would be
    /// right. Of a list that nobody imported nothing is known.
    pub(super) fn check(&self, list: &str, code: &str) -> Result<(), String> {
        if list == COUNTRIES && !is_country(code) {
            return Err("should be a country code such as NZ (ISO 3166-1 alpha-2)".into());
        }
        match self.0.get(list) {
            Some(codes) if !codes.contains(code) => {
                let some: Vec<&str> = codes.iter().copied().take(NAMED).collect();
                let more = if codes.len() > NAMED { ", …" } else { "" };
                Err(format!(
                    "is none of the {} codes of {list} in the table {TABLE}: {}{more}",
                    codes.len(),
                    some.join(", ")
                ))
            }
            _ => Ok(()),
        }
    }
}
