//! What the document knows beside its values: places, and what nobody read.

use ecert_model::documents::Document as Message;
use ecert_model::readings::{PlaceEntry, Problem, Reading, Unmapped};

use super::document::{Document, Kind};
use crate::message::{Cursor, Tree, Unread, offset};

impl Document<'_> {
    /// The reading made of this document: adds the place table, and everything
    /// that has a value and was not read.
    pub fn finish(&self, documents: Vec<Message>, problems: Vec<Problem>) -> Reading {
        let names = (0..offset(self.keys.len())).map(|key| self.keys.text(key).to_owned()).collect();
        Reading { documents, problems, unmapped: self.unmapped(), names, places: self.places() }
    }

    /// A member is known by its key, below the object it stands in. So is an
    /// element of an array, by the array's key and its number: `items[2]`.
    fn places(&self) -> Vec<PlaceEntry> {
        let contents = self.contents.borrow();
        let mut places = Vec::with_capacity(self.nodes.len() + contents.len() + 1);
        let end = offset(self.base + self.text.len());
        places.push(PlaceEntry { end, line: 1, column: 1, ..PlaceEntry::default() });
        let mut cursor = Cursor::new(self.text, self.base);
        let base = offset(self.base);
        // How many elements of each array came so far.
        let mut elements = vec![0; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            let (line, column) = cursor.locate(node.start as usize + self.base);
            let (start, end) = (node.start + base, node.end + base);
            let around = node.parent as usize;
            let (parent, name, ordinal) = if index == 0 {
                (0, 0, 0)
            } else if self.nodes[around].kind == Kind::Array {
                elements[around] += 1;
                let array = places[around + 1];
                // An element of an array within an array has no key above it.
                let parent = if array.ordinal == 0 { array.parent } else { node.parent + 1 };
                (parent, array.name, elements[around])
            } else {
                (node.parent + 1, node.key, 0)
            };
            places.push(PlaceEntry { parent, name, ordinal, start, end, line, column });
        }
        for &index in contents.iter() {
            let node = &self.nodes[index as usize];
            let place = places[index as usize + 1];
            let quote = u32::from(node.kind == Kind::String);
            let (start, end, column) = (place.start + quote, place.end - quote, place.column + quote);
            places.push(PlaceEntry { start, end, column, ..place });
        }
        places
    }

    fn unmapped(&self) -> Vec<Unmapped> {
        let mut unread = Unread::of(self);
        for (index, node) in self.nodes.iter().enumerate() {
            if !node.seen.get() && !node.text.trim_ascii().is_empty() {
                unread.add(offset(index), None, offset(index + 1));
            }
        }
        unread.list()
    }
}

impl Tree for Document<'_> {
    fn parent(&self, node: u32) -> Option<u32> {
        (node != 0).then(|| self.nodes[node as usize].parent)
    }

    fn name(&self, node: u32) -> &str {
        self.keys.text(self.nodes[node as usize].key)
    }
}
