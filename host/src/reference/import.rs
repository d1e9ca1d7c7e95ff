//! Rows from CSV or JSON, all of them right or none taken.

use std::collections::{BTreeMap, HashMap};

use ecert_model::values::Date;
use serde::Serialize;

use super::definition::{Definition, VALIDITY};

/// Problems listed at most; the count goes on.
const LISTED: usize = 1_000;

/// A row as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    /// Cells in the order of the definition.
    pub(super) cells: Vec<String>,
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
}

/// Something wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowProblem {
    /// Line of the CSV file, or position in the JSON list, from 1; 0 stands
    /// for the file as a whole.
    pub row: usize,
    /// The column, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong and what would be right.
    pub text: String,
}

/// Everything wrong with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{count} rows or cells are wrong; nothing was imported")]
pub struct BadRows {
    /// The problems, the first thousand.
    pub problems: Vec<RowProblem>,
    /// How many there are.
    pub count: usize,
}

impl BadRows {
    fn add(&mut self, row: usize, column: Option<&str>, text: impl Into<String>) {
        self.count += 1;
        if self.problems.len() < LISTED {
            self.problems.push(RowProblem { row, column: column.map(str::to_owned), text: text.into() });
        }
    }
}

/// Cells by column name, and the number a person finds the row by.
type Named = (usize, BTreeMap<String, String>);

/// Reads a file: JSON when it begins like a list, else CSV with a header.
pub(super) fn read(definition: &Definition, file: &[u8]) -> Result<Vec<Row>, BadRows> {
    let mut bad = BadRows::default();
    let is_json = file.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let named = if is_json { read_json(file, &mut bad) } else { read_csv(file, &mut bad) };
    let mut rows = Vec::with_capacity(named.len());
    for (number, cells) in named {
        if let Some(row) = check_row(definition, number, cells, &mut bad) {
            rows.push((row, number));
        }
    }
    rows.sort();
    refuse_overlaps(definition, &rows, &mut bad);
    if bad.count > 0 {
        return Err(bad);
    }
    let mut rows: Vec<Row> = rows.into_iter().map(|(row, _)| row).collect();
    rows.dedup();
    Ok(rows)
}

fn read_csv(file: &[u8], bad: &mut BadRows) -> Vec<Named> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            bad.add(1, None, format!("the header cannot be read: {error}"));
            return Vec::new();
        }
    };
    let mut named = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, |position| position.line() as usize);
                let cells = header.iter().zip(record.iter());
                named.push((line, cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()));
            }
            Err(error) => {
                let line = error.position().map_or(0, |position| position.line() as usize);
                bad.add(line, None, format!("is not CSV of the header's {} columns: {error}", header.len()));
            }
        }
    }
    named
}

fn read_json(file: &[u8], bad: &mut BadRows) -> Vec<Named> {
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = match serde_json::from_slice(file) {
        Ok(rows) => rows,
        Err(error) => {
            bad.add(0, None, format!("is not a JSON list of objects: {error}"));
            return Vec::new();
        }
    };
    let mut named = Vec::with_capacity(rows.len());
    for (index, row) in rows.into_iter().enumerate() {
        let mut cells = BTreeMap::new();
        for (name, value) in row {
            match value {
                serde_json::Value::Null => {}
                serde_json::Value::String(text) => drop(cells.insert(name, text)),
                serde_json::Value::Number(number) => drop(cells.insert(name, number.to_string())),
                _ => bad.add(index + 1, Some(&name), "should be a text or a number"),
            }
        }
        named.push((index + 1, cells));
    }
    named
}

fn check_row(
    definition: &Definition,
    number: usize,
    mut named: BTreeMap<String, String>,
    bad: &mut BadRows,
) -> Option<Row> {
    let before = bad.count;
    let mut cells = Vec::with_capacity(definition.columns.len());
    for column in &definition.columns {
        let cell = named.remove(&column.name).unwrap_or_default();
        match column.content.accept(&cell) {
            Ok(cell) => cells.push(cell),
            Err(text) => bad.add(number, Some(&column.name), format!("{cell:?} {text}")),
        }
    }
    let mut day = |column: &'static str| -> Option<Date> {
        let text = named.remove(column).unwrap_or_default();
        let text = text.trim();
        let parsed = (!text.is_empty()).then(|| text.parse::<Date>()).transpose();
        parsed.unwrap_or_else(|error| {
            bad.add(number, Some(column), error.to_string());
            None
        })
    };
    let (from, until) = (day(VALIDITY[0]), day(VALIDITY[1]));
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        bad.add(number, Some(VALIDITY[1]), format!("{until} is before validFrom, {from}"));
    }
    for unknown in named.keys() {
        let known: Vec<&str> = definition.columns.iter().map(|column| column.name.as_str()).collect();
        bad.add(number, Some(unknown), format!("is not a column; the columns are {}", known.join(", ")));
    }
    (bad.count == before).then_some(Row { cells, from, until })
}

/// Of rows that agree in the unique columns, one at most holds on a day.
fn refuse_overlaps(definition: &Definition, rows: &[(Row, usize)], bad: &mut BadRows) {
    let unique: Vec<usize> =
        definition.unique.iter().filter_map(|column| definition.position(column)).collect();
    let mut groups: HashMap<Vec<&str>, Vec<&(Row, usize)>> = HashMap::new();
    for row in rows {
        let key = unique.iter().map(|position| row.0.cells[*position].as_str()).collect();
        groups.entry(key).or_default().push(row);
    }
    let mut overlaps = Vec::new();
    for mut group in groups.into_values() {
        group.sort_by_key(|(row, _)| row.from);
        for pair in group.windows(2) {
            let [(earlier, first), (later, second)] = pair else { continue };
            let apart = matches!((earlier.until, later.from), (Some(until), Some(from)) if until < from);
            if !apart && earlier != later {
                overlaps.push((*second, *first));
            }
        }
    }
    overlaps.sort_unstable();
    for (row, other) in overlaps {
        let columns = definition.unique.join(", ");
        bad.add(row, None, format!("holds on the same days as row {other}, with the same {columns}"));
    }
}

/// The one text of a set of rows, by which versions are compared and pinned.
pub(super) fn canonical(definition: &Definition, rows: &[Row]) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let names = definition.columns.iter().map(|column| column.name.as_str());
    writer.write_record(names.chain(VALIDITY))?;
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    for row in rows {
        let days = [day(row.from), day(row.until)];
        writer.write_record(row.cells.iter().chain(&days))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}
