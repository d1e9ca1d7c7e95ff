//! Rows from CSV or JSON, all of them right or none taken.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use ecert_model::values::Date;
use serde::Serialize;
use serde::de::{Deserializer as _, SeqAccess, Visitor};

use super::codes::Codes;
use super::definition::{Content, Definition, VALIDITY};

/// Problems listed at most; the count goes on.
const LISTED: usize = 1_000;
/// What stands between the cells of a row in memory: the unit separator, which
/// sorts before all that can stand in a cell.
const BETWEEN: char = '\u{1f}';

/// A row as it is kept: in one piece, since there may be millions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    cells: Box<str>,
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
}

impl Row {
    /// Cells in the order of the definition.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.split(BETWEEN)
    }
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
    pub(crate) fn add(&mut self, row: usize, column: Option<&str>, text: impl Into<String>) {
        self.count += 1;
        if self.problems.len() < LISTED {
            self.problems.push(RowProblem { row, column: column.map(str::to_owned), text: text.into() });
        }
    }
}

/// Rows being read, each with the number a person finds it by.
struct Sheet<'d> {
    definition: &'d Definition,
    codes: &'d Codes<'d>,
    rows: Vec<(Row, u32)>,
    bad: BadRows,
}

/// Reads a file: JSON when it begins like a list, else CSV with a header.
pub(super) fn read(definition: &Definition, codes: &Codes<'_>, file: &[u8]) -> Result<Vec<Row>, BadRows> {
    let mut sheet = Sheet { definition, codes, rows: Vec::new(), bad: BadRows::default() };
    let is_json = file.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if is_json {
        sheet.read_json(file)
    } else {
        sheet.read_csv(file)
    }
    sheet.refuse_overlaps();
    if sheet.bad.count > 0 {
        sheet.bad.problems.sort_by_key(|problem| problem.row);
        return Err(sheet.bad);
    }
    let mut rows: Vec<Row> = sheet.rows.into_iter().map(|(row, _)| row).collect();
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

impl Sheet<'_> {
    fn read_csv(&mut self, file: &[u8]) {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return self.bad.add(1, None, format!("the header cannot be read: {error}")),
        };
        let places = self.places(&header);
        if self.bad.count > 0 {
            return;
        }
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return,
                Ok(true) => {
                    let line = record.position().map_or(0, csv::Position::line) as usize;
                    self.take(line, |column| record.get(places[column]?));
                }
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line) as usize;
                    let text = format!("is not CSV of the header's {} columns: {error}", header.len());
                    self.bad.add(line, None, text);
                }
            }
        }
    }

    /// Where in a header each column stands, those of the validity last. A
    /// column that may be empty may be absent.
    fn places(&mut self, header: &csv::StringRecord) -> Vec<Option<usize>> {
        let names: Vec<&str> = names(self.definition).collect();
        for (index, name) in header.iter().enumerate() {
            if !names.contains(&name) {
                self.bad.add(1, Some(name), unknown_column(name, &names));
            } else if header.iter().take(index).any(|other| other == name) {
                self.bad.add(1, Some(name), "stands in the header twice");
            }
        }
        for column in &self.definition.columns {
            let absent = !header.iter().any(|name| name == column.name);
            if let (true, Err(text)) = (absent, column.content.accept("")) {
                self.bad.add(1, Some(&column.name), format!("is missing in the header; a cell {text}"));
            }
        }
        names.iter().map(|name| header.iter().position(|other| other == *name)).collect()
    }

    fn read_json(&mut self, file: &[u8]) {
        let mut reader = serde_json::Deserializer::from_slice(file);
        let read = reader.deserialize_seq(Objects(self)).and_then(|()| reader.end());
        if let Err(error) = read {
            self.bad.add(0, None, format!("is not a JSON list of objects: {error}"));
        }
    }

    fn take_object(&mut self, number: usize, object: serde_json::Map<String, serde_json::Value>) {
        let names: Vec<&str> = names(self.definition).collect();
        let mut cells = BTreeMap::new();
        for (name, value) in object {
            match value {
                _ if !names.contains(&name.as_str()) => {
                    self.bad.add(number, Some(&name), unknown_column(&name, &names));
                }
                serde_json::Value::Null => {}
                serde_json::Value::String(text) => drop(cells.insert(name, text)),
                serde_json::Value::Number(value) => drop(cells.insert(name, value.to_string())),
                _ => self.bad.add(number, Some(&name), "should be a text or a number"),
            }
        }
        self.take(number, |column| cells.get(names[column]).map(String::as_str));
    }

    /// Checks a row and takes it; `cell` finds the cell of a column.
    fn take<'c>(&mut self, number: usize, cell: impl Fn(usize) -> Option<&'c str>) {
        let before = self.bad.count;
        let mut cells = String::new();
        for (index, column) in self.definition.columns.iter().enumerate() {
            let written = cell(index).unwrap_or_default();
            let accepted = column.content.accept(written).and_then(|accepted| {
                if let Content::CodeOf(list) = &column.content {
                    let list = self.definition.position(list).and_then(&cell).unwrap_or_default();
                    self.codes.check(list.trim(), &accepted)?;
                }
                Ok(accepted)
            });
            match accepted {
                Ok(_) if written.contains(BETWEEN) => {
                    self.bad.add(number, Some(&column.name), "holds a unit separator (U+001F)");
                }
                Ok(accepted) => {
                    if index > 0 {
                        cells.push(BETWEEN);
                    }
                    cells.push_str(&accepted);
                }
                Err(text) => self.bad.add(number, Some(&column.name), format!("{written:?} {text}")),
            }
        }
        let width = self.definition.columns.len();
        let from = self.day(number, VALIDITY[0], cell(width));
        let until = self.day(number, VALIDITY[1], cell(width + 1));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            self.bad.add(number, Some(VALIDITY[1]), format!("{until} is before validFrom, {from}"));
        }
        if self.bad.count == before {
            let row = Row { cells: cells.into_boxed_str(), from, until };
            self.rows.push((row, u32::try_from(number).unwrap_or(u32::MAX)));
        }
    }

    fn day(&mut self, number: usize, column: &str, written: Option<&str>) -> Option<Date> {
        let written = written.map(str::trim).filter(|text| !text.is_empty())?;
        match written.parse() {
            Ok(day) => Some(day),
            Err(error) => {
                self.bad.add(number, Some(column), error.to_string());
                None
            }
        }
    }

    /// Of rows that agree in the unique columns, one at most holds on a day.
    fn refuse_overlaps(&mut self) {
        let unique = &self.definition.unique;
        let positions: Vec<usize> = unique.iter().filter_map(|name| self.definition.position(name)).collect();
        let by_key = |(a, _): &(Row, u32), (b, _): &(Row, u32)| -> Ordering {
            let cells =
                positions.iter().map(|position| a.cells().nth(*position).cmp(&b.cells().nth(*position)));
            cells.fold(Ordering::Equal, Ordering::then)
        };
        self.rows.sort_unstable_by(|a, b| by_key(a, b).then(a.0.from.cmp(&b.0.from)).then(a.1.cmp(&b.1)));
        let mut overlaps = Vec::new();
        for pair in self.rows.windows(2) {
            let [(earlier, first), (later, second)] = pair else { continue };
            let apart = matches!((earlier.until, later.from), (Some(until), Some(from)) if until < from);
            if !apart && earlier != later && by_key(&pair[0], &pair[1]).is_eq() {
                overlaps.push((*second, *first));
            }
        }
        overlaps.sort_unstable();
        let columns = unique.join(", ");
        for (row, other) in overlaps {
            let text = format!("holds on the same days as row {other}, with the same {columns}");
            self.bad.add(row as usize, None, text);
        }
    }
}

/// Takes the objects of a list one by one.
struct Objects<'s, 'd>(&'s mut Sheet<'d>);

impl<'de> Visitor<'de> for Objects<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(object) = list.next_element()? {
            number += 1;
            self.0.take_object(number, object);
        }
        Ok(())
    }
}

/// The names of all columns, those of the validity last.
fn names(definition: &Definition) -> impl Iterator<Item = &str> {
    definition.columns.iter().map(|column| column.name.as_str()).chain(VALIDITY)
}

fn unknown_column(name: &str, names: &[&str]) -> String {
    let alike = names.iter().find(|known| known.eq_ignore_ascii_case(name));
    let meant = alike.map(|known| format!(" (write {known})")).unwrap_or_default();
    format!("is not a column{meant}; the columns are {}", names.join(", "))
}

/// The one text of a set of rows, by which versions are compared and pinned.
pub(super) fn canonical(definition: &Definition, rows: &[Row]) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    writer.write_record(names(definition))?;
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    for row in rows {
        for cell in row.cells() {
            writer.write_field(cell)?;
        }
        writer.write_field(day(row.from))?;
        writer.write_field(day(row.until))?;
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}
