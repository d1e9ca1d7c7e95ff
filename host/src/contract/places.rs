//! Where in a message something stands, for people.

use std::fmt::Write as _;

use ecert_model::readings::{PlaceEntry, Reading};
use ecert_model::values::Place;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest chain of parents that is followed.
const MAX_DEPTH: usize = 512;

/// The place table of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    names: Vec<String>,
    entries: Vec<PlaceEntry>,
}

/// A place in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Element path, such as `Declaration/GoodsShipment/Item[2]/Origin`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
}

impl Places {
    /// Takes the place table out of a reading.
    pub fn take(reading: &mut Reading) -> Self {
        Self { names: std::mem::take(&mut reading.names), entries: std::mem::take(&mut reading.places) }
    }

    /// Line, column and path of a place; none for the message as a whole.
    pub fn locate(&self, place: Place) -> Option<Location> {
        let entry = self.entries.get(place as usize).filter(|_| place != 0)?;
        Some(Location { line: entry.line, column: entry.column, path: self.path(place) })
    }

    /// The bytes of a place in the message.
    pub fn bytes(&self, place: Place) -> Option<std::ops::Range<usize>> {
        let entry = self.entries.get(place as usize)?;
        (entry.start <= entry.end).then_some(entry.start as usize..entry.end as usize)
    }

    fn path(&self, place: Place) -> String {
        let mut steps = Vec::new();
        let mut at = place;
        while let Some(entry) = self.entries.get(at as usize).filter(|_| at != 0 && steps.len() < MAX_DEPTH) {
            steps.push(entry);
            at = if entry.parent == at { 0 } else { entry.parent };
        }
        let mut path = String::new();
        for entry in steps.into_iter().rev() {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(self.names.get(entry.name as usize).map_or("?", String::as_str));
            if entry.ordinal > 1 {
                let _ = write!(path, "[{}]", entry.ordinal);
            }
        }
        path
    }

    /// A compact form to be stored: counted names, then seven numbers an
    /// entry, all little-endian base 128.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.entries.len() * 12);
        put(&mut bytes, self.names.len());
        for name in &self.names {
            put(&mut bytes, name.len());
            bytes.extend_from_slice(name.as_bytes());
        }
        for e in &self.entries {
            for number in [e.parent, e.name, e.ordinal, e.start, e.end, e.line, e.column] {
                put(&mut bytes, number as usize);
            }
        }
        bytes
    }

    /// Reads what [`Places::to_bytes`] wrote; none for anything else.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let count = get(&mut bytes)?;
        let mut names = Vec::new();
        for _ in 0..count {
            let length = get(&mut bytes)? as usize;
            let (name, rest) = bytes.split_at_checked(length)?;
            names.push(String::from_utf8(name.to_vec()).ok()?);
            bytes = rest;
        }
        let mut entries = Vec::new();
        while !bytes.is_empty() {
            let mut next = || get(&mut bytes);
            entries.push(PlaceEntry {
                parent: next()?,
                name: next()?,
                ordinal: next()?,
                start: next()?,
                end: next()?,
                line: next()?,
                column: next()?,
            });
        }
        Some(Self { names, entries })
    }
}

fn put(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn get(bytes: &mut &[u8]) -> Option<u32> {
    let mut number: u64 = 0;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return u32::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let entry = |parent, name, ordinal, line| PlaceEntry {
            parent,
            name,
            ordinal,
            start: line * 100,
            end: line * 1_000_000,
            line,
            column: 3,
        };
        Places {
            names: vec!["Declaration".into(), "Item".into(), "@unit".into()],
            entries: vec![entry(0, 0, 0, 1), entry(0, 0, 1, 1), entry(1, 1, 2, 7), entry(2, 2, 0, 7)],
        }
    }

    #[test]
    fn places_have_a_path() {
        let location = places().locate(3).unwrap();
        assert_eq!((location.line, location.column), (7, 3));
        assert_eq!(location.path, "Declaration/Item[2]/@unit");
        assert_eq!(places().locate(0), None);
        assert_eq!(places().locate(9), None);
    }

    #[test]
    fn the_stored_form_is_the_same_table() {
        assert_eq!(Places::from_bytes(&places().to_bytes()), Some(places()));
        assert_eq!(Places::from_bytes(&[]), None);
        assert_eq!(Places::from_bytes(&[1, 200]), None);
    }
}
