//! One version of a table in memory, and how it is looked up.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use ecert_model::manifest::Match;
use ecert_model::values::Date;
use hashbrown::HashTable;

use super::definition::{Definition, VALIDITY};
use crate::digest::Digest;

const NONE: u32 = u32::MAX;

/// All rows of one version. It never changes.
#[derive(Debug)]
pub struct Version {
    /// Identifier of the version.
    pub id: String,
    /// Its number within the table, from 1.
    pub number: u64,
    /// Digest of its canonical text.
    pub digest: Digest,
    /// When it was recorded, in microseconds since 1970.
    pub recorded_at: i64,
    /// What the table looks like.
    pub definition: Definition,
    texts: Texts,
    /// The cells of all rows, as numbers of texts.
    cells: Vec<u32>,
    days: Vec<(Option<Date>, Option<Date>)>,
    indexes: RwLock<HashMap<Vec<usize>, Arc<Index>>>,
    hasher: RandomState,
}

/// The texts that stand in cells, each once: columns repeat themselves.
#[derive(Debug, Default)]
struct Texts {
    all: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Texts {
    fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.all[start..self.ends[number] as usize]
    }

    fn push(&mut self, text: &str) -> Result<u32, String> {
        self.all.push_str(text);
        let number = |size: usize| u32::try_from(size).map_err(|_| "it is larger than 4 GiB".to_owned());
        self.ends.push(number(self.all.len())?);
        number(self.ends.len() - 1)
    }
}

/// The first row of every key, and for every row the next with its key.
#[derive(Debug)]
struct Index {
    heads: HashTable<u32>,
    next: Vec<u32>,
}

/// A row of a version.
#[derive(Clone, Copy, Debug)]
pub struct RowRef<'v> {
    version: &'v Version,
    row: usize,
}

impl<'v> RowRef<'v> {
    /// The cell of a column, by its position in the definition.
    #[must_use]
    pub fn cell(self, column: usize) -> &'v str {
        let width = self.version.definition.columns.len();
        self.version.texts.get(self.version.cells[self.row * width + column])
    }

    /// All cells, in the order of the definition.
    pub fn cells(self) -> impl Iterator<Item = &'v str> {
        (0..self.version.definition.columns.len()).map(move |column| self.cell(column))
    }

    /// The cells that tell it apart from others of the same day.
    #[must_use]
    pub fn key(self) -> Vec<&'v str> {
        let definition = &self.version.definition;
        definition.unique.iter().filter_map(|name| definition.position(name)).map(|p| self.cell(p)).collect()
    }

    /// First and last day it holds.
    #[must_use]
    pub fn days(self) -> (Option<Date>, Option<Date>) {
        self.version.days[self.row]
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(self, day: Date) -> bool {
        let (from, until) = self.days();
        from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
    }
}

impl Version {
    /// Loads the canonical text of a version; an error says what is unusable.
    /// Columns that the table did not have yet are empty.
    pub(super) fn load(
        id: String,
        number: u64,
        recorded_at: i64,
        definition: Definition,
        canonical: &[u8],
    ) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(canonical);
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        let place = |name: &str| header.iter().position(|column| column == name);
        let known = definition.columns.iter().map(|column| column.name.as_str()).chain(VALIDITY);
        let places: Vec<Option<usize>> = known.map(place).collect();
        if places.iter().flatten().count() != header.len() {
            return Err(format!("its columns are not those of the table {}", definition.name));
        }
        let mut version = Self {
            id,
            number,
            digest: Digest::of(canonical),
            recorded_at,
            texts: Texts::default(),
            cells: Vec::new(),
            days: Vec::new(),
            indexes: RwLock::default(),
            hasher: RandomState::new(),
            definition,
        };
        version.fill(&mut reader, &places)?;
        Ok(version)
    }

    fn fill(&mut self, reader: &mut csv::Reader<&[u8]>, places: &[Option<usize>]) -> Result<(), String> {
        let (columns, validity) = places.split_at(self.definition.columns.len());
        let mut known: HashTable<u32> = HashTable::new();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| error.to_string())? {
            for place in columns {
                let cell = place.and_then(|place| record.get(place)).unwrap_or_default();
                let hash = self.hasher.hash_one(cell);
                let same = |number: &u32| self.texts.get(*number) == cell;
                let number = match known.find(hash, same) {
                    Some(number) => *number,
                    None => {
                        let number = self.texts.push(cell)?;
                        let hash_of = |number: &u32| self.hasher.hash_one(self.texts.get(*number));
                        *known.insert_unique(hash, number, hash_of).get()
                    }
                };
                self.cells.push(number);
            }
            let day = |place: Option<usize>| match place.and_then(|place| record.get(place)) {
                None | Some("") => Ok(None),
                Some(text) => text.parse().map(Some).map_err(|error| format!("a day is unusable: {error}")),
            };
            self.days.push((day(validity[0])?, day(validity[1])?));
        }
        self.texts.all.shrink_to_fit();
        self.texts.ends.shrink_to_fit();
        self.cells.shrink_to_fit();
        self.days.shrink_to_fit();
        Ok(())
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        (0..self.len()).map(|row| RowRef { version: self, row })
    }

    /// The rows that hold on a day and match a key in some columns, in the
    /// order of the table. With [`Match::LongestPrefix`] the last part of the
    /// key is matched by its longest beginning that some row has on that day.
    pub fn find<K: AsRef<str>>(
        &self,
        columns: &[usize],
        key: &[K],
        matching: Match,
        day: Date,
    ) -> Vec<RowRef<'_>> {
        let index = self.index(columns);
        let mut key: Vec<&str> = key.iter().map(AsRef::as_ref).collect();
        let mut found = self.matching(&index, columns, &key, day);
        if matching == Match::Exact {
            return found;
        }
        while found.is_empty()
            && let Some(last) = key.last_mut()
            && let Some((shorter, _)) = last.char_indices().next_back()
        {
            *last = &last[..shorter];
            found = self.matching(&index, columns, &key, day);
        }
        found
    }

    fn matching(&self, index: &Index, columns: &[usize], key: &[&str], day: Date) -> Vec<RowRef<'_>> {
        let hash = self.hash(key.iter().copied());
        let head = index.heads.find(hash, |row| {
            let row = self.row(*row);
            columns.iter().zip(key).all(|(column, part)| row.cell(*column) == *part)
        });
        let mut rows = Vec::new();
        let mut next = head.copied().unwrap_or(NONE);
        while next != NONE {
            let row = self.row(next);
            if row.holds_on(day) {
                rows.push(row);
            }
            next = index.next[next as usize];
        }
        rows
    }

    /// The index over some columns, made when first asked for.
    fn index(&self, columns: &[usize]) -> Arc<Index> {
        if let Some(index) = self.indexes.read().unwrap_or_else(PoisonError::into_inner).get(columns) {
            return Arc::clone(index);
        }
        let index = Arc::new(self.build(columns));
        let mut indexes = self.indexes.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(indexes.entry(columns.to_vec()).or_insert(index))
    }

    fn build(&self, columns: &[usize]) -> Index {
        let mut index = Index { heads: HashTable::new(), next: vec![NONE; self.len()] };
        let cells = |row: u32| columns.iter().map(move |column| self.row(row).cell(*column));
        // From the end, so that every chain runs in the order of the table.
        for row in (0..self.len() as u32).rev() {
            let hash = self.hash(cells(row));
            let same = |other: &u32| cells(row).eq(cells(*other));
            match index.heads.find_mut(hash, same) {
                Some(head) => {
                    index.next[row as usize] = *head;
                    *head = row;
                }
                None => {
                    index.heads.insert_unique(hash, row, |other| self.hash(cells(*other)));
                }
            }
        }
        index
    }

    fn row(&self, row: u32) -> RowRef<'_> {
        RowRef { version: self, row: row as usize }
    }

    fn hash<'t>(&self, parts: impl Iterator<Item = &'t str>) -> u64 {
        use std::hash::{Hash as _, Hasher as _};
        let mut hasher = self.hasher.build_hasher();
        parts.for_each(|part| part.hash(&mut hasher));
        hasher.finish()
    }
}
