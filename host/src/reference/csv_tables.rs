//! Reference tables as CSV texts, for whatever runs without a database: the
//! command line's trials and the fixtures of plugins.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ecert_model::manifest::{Match, Table};
use ecert_model::values::Date;

use super::definition::VALIDITY;
use crate::contract::{LookupError, Row, Tables};
use crate::digest::Digest;

/// Tables by name.
#[derive(Clone, Debug, Default)]
pub struct CsvTables {
    tables: BTreeMap<String, CsvTable>,
}

#[derive(Clone, Debug)]
struct CsvTable {
    columns: Vec<String>,
    rows: Vec<CsvRow>,
    text: String,
}

#[derive(Clone, Debug)]
struct CsvRow {
    cells: Vec<Arc<str>>,
    valid_from: Option<Date>,
    valid_until: Option<Date>,
}

/// Why a text is not a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the table `{table}` cannot be used: {reason}")]
pub struct BadTable {
    /// Name of the table.
    pub table: String,
    /// What is wrong, and in which line.
    pub reason: String,
}

impl CsvTables {
    /// Reads every `TABLE.csv` of a folder.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, or a file is not a table.
    pub fn load(folder: &Path) -> std::io::Result<Self> {
        let mut tables = Self::default();
        for (name, text) in csv_files(folder)? {
            tables.add(&name, text).map_err(std::io::Error::other)?;
        }
        Ok(tables)
    }

    /// Adds a table: a header, then the rows. The columns `validFrom` and
    /// `validUntil` hold the first and the last day of a row. A table of the
    /// same name gives way.
    ///
    /// # Errors
    /// When the text is not CSV, or a day is none.
    pub fn add(&mut self, name: &str, text: String) -> Result<(), BadTable> {
        let table = CsvTable::read(text);
        let table = table.map_err(|reason| BadTable { table: name.to_owned(), reason })?;
        self.tables.insert(name.to_owned(), table);
        Ok(())
    }

    /// All rows of a table, with the cells of some columns; none if there is
    /// no such table.
    #[must_use]
    pub fn rows(&self, table: &str, columns: &[&str]) -> Option<Vec<Row>> {
        let table = self.tables.get(table)?;
        Some(table.rows.iter().map(|row| table.answer(row, columns)).collect())
    }

    /// A table (CSV) with nothing but the rows that some keys find on
    /// whatever day; none if there is no such table.
    ///
    /// # Errors
    /// When the CSV cannot be written.
    pub fn excerpt(&self, table: &Table, keys: &[Vec<String>]) -> Result<Option<String>, csv::Error> {
        let Some(held) = self.tables.get(&table.name) else { return Ok(None) };
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&held.columns)?;
        let found = |row: &&CsvRow| keys.iter().any(|key| held.depth(table, row, key).is_some());
        for row in held.rows.iter().filter(found) {
            writer.write_record(row.cells.iter().map(|cell| cell.as_bytes()))?;
        }
        let bytes = writer.into_inner().map_err(|error| error.into_error())?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Digests of the tables, in place of the versions a server counts.
    #[must_use]
    pub fn versions(&self) -> BTreeMap<String, String> {
        let digest = |table: &CsvTable| Digest::of(table.text.as_bytes()).to_string();
        self.tables.iter().map(|(name, table)| (name.clone(), digest(table))).collect()
    }
}

/// The texts of every `TABLE.csv` of a folder, by the table's name.
pub(crate) fn csv_files(folder: &Path) -> std::io::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "csv") {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            texts.insert(name, std::fs::read_to_string(&file)?);
        }
    }
    Ok(texts)
}

impl Tables for CsvTables {
    fn lookup(&self, table: &Table, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError> {
        let held = self.tables.get(&table.name).ok_or(LookupError::UnknownTable)?;
        Ok(keys.iter().map(|key| held.matches(table, key, as_of)).collect())
    }
}

impl CsvTable {
    fn read(text: String) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().map_err(|error| error.to_string())?;
        let columns: Vec<String> = header.iter().map(str::to_owned).collect();
        if columns.iter().all(String::is_empty) {
            return Err("it has no header line".into());
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let line = record.position().map_or(0, csv::Position::line);
            let day = |name: &str| {
                let cell = columns.iter().position(|column| column == name).and_then(|at| record.get(at));
                let day = cell.filter(|cell| !cell.is_empty()).map(str::parse).transpose();
                day.map_err(|error| format!("line {line}, {name}: {error}"))
            };
            let [valid_from, valid_until] = VALIDITY.map(day);
            rows.push(CsvRow {
                valid_from: valid_from?,
                valid_until: valid_until?,
                cells: record.iter().map(Arc::from).collect(),
            });
        }
        Ok(Self { columns, rows, text })
    }

    fn cell(&self, row: &CsvRow, column: &str) -> Option<Arc<str>> {
        let index = self.columns.iter().position(|name| name == column)?;
        row.cells.get(index).cloned()
    }

    fn answer(&self, row: &CsvRow, columns: &[impl AsRef<str>]) -> Row {
        let cell = |column: &str| self.cell(row, column).unwrap_or_else(|| Arc::from(""));
        Row {
            cells: columns.iter().map(|column| cell(column.as_ref())).collect(),
            valid_from: row.valid_from,
            valid_until: row.valid_until,
        }
    }

    /// How much of the last key column agrees, if the row matches at all.
    fn depth(&self, table: &Table, row: &CsvRow, key: &[String]) -> Option<usize> {
        let mut depth = 0;
        for (index, (column, wanted)) in table.keys.iter().zip(key).enumerate() {
            let cell = self.cell(row, column)?;
            let last = index + 1 == table.keys.len();
            let by_prefix = last && table.matching == Match::LongestPrefix;
            let agrees = if by_prefix { wanted.starts_with(&*cell) } else { *wanted == *cell };
            if !agrees {
                return None;
            }
            depth = cell.len();
        }
        Some(depth)
    }

    fn matches(&self, table: &Table, key: &[String], as_of: Date) -> Vec<Row> {
        let prefix = table.matching == Match::LongestPrefix;
        let depth = |row: &CsvRow| {
            let in_force = row.valid_from.is_none_or(|first| first <= as_of)
                && row.valid_until.is_none_or(|last| as_of <= last);
            self.depth(table, row, key).filter(|_| in_force)
        };
        let deepest = self.rows.iter().filter_map(depth).max();
        let found = self.rows.iter().filter(|row| depth(row).is_some_and(|d| !prefix || Some(d) == deepest));
        found.map(|row| self.answer(row, &table.columns)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "hs,country,meaning,validFrom,validUntil\r\n02,NZ,\"meat, \"\"fresh\"\"\",2020-01-01,\n0202,NZ,frozen,,2025-12-31\n";

    fn found(matching: Match, keys: [&str; 2], key: [&str; 2], day: &str) -> Vec<String> {
        let mut tables = CsvTables::default();
        tables.add("goods", TEXT.into()).unwrap();
        let table = Table {
            name: "goods".into(),
            keys: keys.map(str::to_owned).to_vec(),
            columns: vec!["meaning".into()],
            matching,
        };
        let rows = tables.lookup(&table, &[key.map(str::to_owned).to_vec()], day.parse().unwrap());
        rows.unwrap()[0].iter().map(|row| row.cells[0].to_string()).collect()
    }

    #[test]
    fn rows_are_found_exactly_or_by_the_longest_prefix() {
        let exact = |day| found(Match::Exact, ["hs", "country"], ["02", "NZ"], day);
        assert_eq!(exact("2021-01-01"), ["meat, \"fresh\""]);
        assert!(exact("2019-12-31").is_empty());
        let prefix = |day| found(Match::LongestPrefix, ["country", "hs"], ["NZ", "020230"], day);
        assert_eq!(prefix("2025-12-31"), ["frozen"]);
        assert_eq!(prefix("2026-01-01"), ["meat, \"fresh\""]);
    }

    #[test]
    fn broken_tables_are_refused() {
        for text in ["", "a,b\n1\n", "a,validFrom\n1,soon\n"] {
            let refused = CsvTables::default().add("goods", text.into()).unwrap_err();
            assert_eq!(refused.table, "goods", "{text:?}");
        }
    }
}
