//! Reference tables from CSV files, for commands that run without a server.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use ecert_model::manifest::{Match, Table};
use ecert_model::values::Date;

use crate::contract::{LookupError, Row, Tables};
use crate::digest::Digest;
use crate::verification::requirement::{self, Requirement};

/// Tables by name.
#[derive(Default)]
pub(super) struct FileTables {
    tables: BTreeMap<String, FileTable>,
}

struct FileTable {
    columns: Vec<String>,
    rows: Vec<FileRow>,
    digest: Digest,
}

struct FileRow {
    cells: Vec<Arc<str>>,
    valid_from: Option<Date>,
    valid_until: Option<Date>,
}

impl FileTables {
    /// Reads every `TABLE.csv` of a folder.
    pub(super) fn load(folder: &Path) -> Result<Self> {
        let mut tables = BTreeMap::new();
        let entries =
            std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let file = entry?.path();
            if file.extension().is_some_and(|extension| extension == "csv") {
                let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let text = std::fs::read_to_string(&file)
                    .with_context(|| format!("cannot read {}", file.display()))?;
                let table =
                    FileTable::read(&text).with_context(|| format!("{} is not a table", file.display()))?;
                tables.insert(name, table);
            }
        }
        Ok(Self { tables })
    }

    /// The table of requirements, if it is there.
    pub(super) fn requirements(&self) -> Option<Arc<[Requirement]>> {
        let table = self.tables.get(requirement::TABLE)?;
        let cells =
            |row: &FileRow, names: [&str; 3]| names.map(|name| table.cell(row, name).unwrap_or_default());
        let row = |row: &FileRow| {
            let (keys, columns) = (cells(row, requirement::KEYS), cells(row, requirement::COLUMNS));
            Requirement::from_cells(
                keys.each_ref().map(|cell| &**cell),
                columns.each_ref().map(|cell| &**cell),
                row.valid_from,
                row.valid_until,
            )
        };
        Some(table.rows.iter().map(row).collect())
    }

    /// Digests of the tables, in place of the versions a server counts.
    pub(super) fn versions(&self) -> BTreeMap<String, String> {
        self.tables.iter().map(|(name, table)| (name.clone(), table.digest.to_string())).collect()
    }
}

impl Tables for FileTables {
    fn lookup(&self, table: &Table, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError> {
        let held = self.tables.get(&table.name).ok_or(LookupError::UnknownTable)?;
        Ok(keys.iter().map(|key| held.matches(table, key, as_of)).collect())
    }
}

impl FileTable {
    fn read(text: &str) -> Result<Self> {
        let digest = Digest::of(text.as_bytes());
        let mut records = records(text)?.into_iter();
        let columns = records.next().context("it has no header line")?;
        let mut rows = Vec::new();
        for (number, cells) in (2..).zip(records) {
            ensure!(
                cells.len() == columns.len(),
                "row {number} has {} cells, the header {}",
                cells.len(),
                columns.len()
            );
            let day = |name: &str| -> Result<Option<Date>> {
                let index = columns.iter().position(|column| column == name);
                match index.map(|index| cells[index].as_str()).filter(|cell| !cell.is_empty()) {
                    None => Ok(None),
                    Some(cell) => Ok(Some(cell.parse().with_context(|| format!("row {number}, {name}"))?)),
                }
            };
            rows.push(FileRow {
                valid_from: day("validFrom")?,
                valid_until: day("validUntil")?,
                cells: cells.iter().map(|cell| Arc::from(cell.as_str())).collect(),
            });
        }
        Ok(Self { columns, rows, digest })
    }

    fn cell(&self, row: &FileRow, column: &str) -> Option<Arc<str>> {
        let index = self.columns.iter().position(|name| name == column)?;
        row.cells.get(index).cloned()
    }

    fn matches(&self, table: &Table, key: &[String], as_of: Date) -> Vec<Row> {
        let prefix = table.matching == Match::LongestPrefix;
        // How much of the last key column agrees, if the row matches at all.
        let depth = |row: &FileRow| {
            let in_force = row.valid_from.is_none_or(|first| first <= as_of)
                && row.valid_until.is_none_or(|last| as_of <= last);
            let mut depth = 0;
            for (index, (column, wanted)) in table.keys.iter().zip(key).enumerate() {
                let cell = self.cell(row, column)?;
                let last = index + 1 == table.keys.len();
                let agrees = if last && prefix { wanted.starts_with(&*cell) } else { *wanted == *cell };
                if !agrees {
                    return None;
                }
                depth = cell.len();
            }
            in_force.then_some(depth)
        };
        let deepest = self.rows.iter().filter_map(depth).max();
        self.rows
            .iter()
            .filter(|row| depth(row).is_some_and(|d| !prefix || Some(d) == deepest))
            .map(|row| Row {
                cells: table
                    .columns
                    .iter()
                    .map(|c| self.cell(row, c).unwrap_or_else(|| Arc::from("")))
                    .collect(),
                valid_from: row.valid_from,
                valid_until: row.valid_until,
            })
            .collect()
    }
}

/// The records of a CSV text (RFC 4180).
fn records(text: &str) -> Result<Vec<Vec<String>>> {
    let mut records = Vec::new();
    let (mut record, mut cell) = (Vec::new(), String::new());
    let (mut quoted, mut was_quoted) = (false, false);
    let mut characters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() && !was_quoted => (quoted, was_quoted) = (true, true),
            ',' if !quoted => {
                record.push(std::mem::take(&mut cell));
                was_quoted = false;
            }
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                was_quoted = false;
                if record.len() > 1 || record.first().is_some_and(|only| !only.is_empty()) {
                    records.push(std::mem::take(&mut record));
                }
                record.clear();
            }
            other => cell.push(other),
        }
    }
    if quoted {
        bail!("a quotation mark is never closed");
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push(record);
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "hs,country,meaning,validFrom,validUntil\r\n02,NZ,\"meat, \"\"fresh\"\"\",2020-01-01,\n0202,NZ,frozen,,2025-12-31\n";

    fn tables() -> FileTables {
        FileTables { tables: BTreeMap::from([("goods".into(), FileTable::read(TEXT).unwrap())]) }
    }

    fn found(matching: Match, keys: [&str; 2], key: [&str; 2], day: &str) -> Vec<String> {
        let table = Table {
            name: "goods".into(),
            keys: keys.map(str::to_owned).to_vec(),
            columns: vec!["meaning".into()],
            matching,
        };
        let rows = tables().lookup(&table, &[key.map(str::to_owned).to_vec()], day.parse().unwrap());
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
        for text in ["", "a,b\n1\n", "a,validFrom\n1,soon\n", "a\n\"open\n"] {
            assert!(FileTable::read(text).is_err(), "{text:?}");
        }
    }
}
