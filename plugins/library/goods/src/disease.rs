//! Whether countries and regions are free from a disease or pest.

use ecert_sdk::country;
use ecert_sdk::manifest::Match;
use ecert_sdk::model::parts::CountryArea;
use ecert_sdk::model::values::Date;
use ecert_sdk::rules::{ItemCheck, Line};
use ecert_sdk::tables::Table;

use crate::tables::cells;

/// Where a disease or pest is: `region` is a subdivision as certificates name
/// it (ISO 3166-2 code or name), `*` the whole country; `disease` is a short
/// name in lower case; `status` is `free`, or says in a word why not
/// (`present`, `suspected`, `vaccinated`).
pub const TABLE: Table = Table {
    name: "disease-status",
    keys: &["country", "region", "disease"],
    columns: &["status"],
    matching: Match::Exact,
};

/// What the table says of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is free.
    Free,
    /// It is not, for this reason.
    NotFree(String),
    /// The table says nothing about it.
    Unknown,
}

/// The status of a country and its regions on a day: what is said of a region
/// counts before what is said of the country. None without the table.
pub fn status<P>(check: &ItemCheck<'_, P>, area: &CountryArea, disease: &str, day: Date) -> Option<Status> {
    let country =
        country::find(&area.country.value).map_or(area.country.value.as_str(), |known| known.alpha2);
    let regions = area.subdivisions.iter().flat_map(|code| [Some(code.value.as_str()), code.name.as_deref()]);
    let regions = regions.flatten().chain(["*"]);
    let keys: Vec<Vec<String>> =
        regions.map(|region| [country, region, disease].map(String::from).to_vec()).collect();
    let found = check.lookup(TABLE.name, &keys, day).ok()?;
    let row = found.iter().find_map(|rows| rows.first());
    Some(row.map_or(Status::Unknown, |row| match cells(row) {
        ["free"] => Status::Free,
        [status] => Status::NotFree(status.to_owned()),
    }))
}

/// The first origin of a line that is not free from a disease, with the
/// reason; an error names what is missing.
pub fn affected_origin<'a, P>(
    check: &ItemCheck<'_, P>,
    line: &Line<'a>,
    disease: &str,
    day: Date,
) -> Result<Option<(&'a CountryArea, String)>, &'static str> {
    if line.line.origins.is_empty() {
        return Err("origin");
    }
    let mut known = false;
    for origin in &line.line.origins {
        match status(check, origin, disease, day).ok_or(TABLE.name)? {
            Status::Free => known = true,
            Status::NotFree(why) => return Ok(Some((origin, why))),
            Status::Unknown => {}
        }
    }
    if known { Ok(None) } else { Err("disease-status") }
}
