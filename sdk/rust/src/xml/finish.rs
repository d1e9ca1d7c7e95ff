//! What the document knows beside its values: places, and what nobody read.

use ecert_model::documents::Document as Message;
use ecert_model::readings::{PlaceEntry, Problem, Reading, Unmapped};

use super::document::{Document, Element};
use crate::message::{Cursor, Tree, Unread, offset as number};

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl Document<'_> {
    /// The reading made of this document: adds the place table, and everything
    /// that has a value and was not read.
    pub fn finish(&self, documents: Vec<Message>, problems: Vec<Problem>) -> Reading {
        let (names, places) = self.places();
        Reading { documents, problems, unmapped: self.unmapped(), names, places }
    }

    fn places(&self) -> (Vec<String>, Vec<PlaceEntry>) {
        let mut names = Names::new(self.names.len());
        let ordinals = self.ordinals();
        let first_attribute = self.nodes.len() + 1;
        let contents = self.contents.borrow();
        let mut places =
            vec![PlaceEntry::default(); first_attribute + self.attributes.len() + contents.len()];
        let mut cursor = Cursor::new(self.text, self.base);
        let base = number(self.base);
        places[0] =
            PlaceEntry { end: base + number(self.text.len()), line: 1, column: 1, ..PlaceEntry::default() };
        for (index, node) in self.nodes.iter().enumerate() {
            let (line, column) = cursor.locate(node.start as usize + self.base);
            let parent = if index == 0 { 0 } else { node.parent + 1 };
            let name = names.element(node.name.local, || self.names.text(node.name.local).into());
            let (start, end) = (node.start + base, node.end + base);
            places[index + 1] =
                PlaceEntry { parent, name, ordinal: ordinals[index], start, end, line, column };
            for index in node.attributes..node.attributes_end {
                let attribute = &self.attributes[index as usize];
                let (line, column) = cursor.locate(attribute.start as usize + self.base);
                let local = attribute.name.local;
                let name = names.attribute(local, || format!("@{}", self.names.text(local)));
                let (parent, start, end) =
                    (attribute.owner + 1, attribute.start + base, attribute.end + base);
                places[first_attribute + index as usize] =
                    PlaceEntry { parent, name, ordinal: 0, start, end, line, column };
            }
        }
        self.content_places(&contents, &mut places);
        (names.texts, places)
    }

    /// Contents may have been asked for in any order.
    fn content_places(&self, contents: &[u32], places: &mut [PlaceEntry]) {
        let first = places.len() - contents.len();
        let mut order: Vec<usize> = (0..contents.len()).collect();
        order.sort_unstable_by_key(|&content| contents[content]);
        let mut cursor = Cursor::new(self.text, self.base);
        for content in order {
            let owner = contents[content];
            let node = &self.nodes[owner as usize];
            let bytes = node.content(self.text).bytes;
            let (start, end) = (bytes.start + self.base, bytes.end + self.base);
            let (line, column) = cursor.locate(start);
            let (name, parent) = (places[owner as usize + 1].name, places[owner as usize + 1].parent);
            let ordinal = places[owner as usize + 1].ordinal;
            let (start, end) = (number(start), number(end));
            places[first + content] = PlaceEntry { parent, name, ordinal, start, end, line, column };
        }
    }

    /// Each element's position among its siblings of the same name.
    fn ordinals(&self) -> Vec<u32> {
        let mut ordinals = vec![0; self.nodes.len()];
        // Per name: the parent it was counted under last, and the count.
        let mut counts = vec![(u32::MAX, 0); self.names.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            let mut child = node.first;
            while child != 0 {
                let sibling = &self.nodes[child as usize];
                let (parent, count) = &mut counts[sibling.name.local as usize];
                if *parent != number(index) {
                    (*parent, *count) = (number(index), 0);
                }
                *count += 1;
                ordinals[child as usize] = *count;
                child = sibling.next;
            }
        }
        ordinals
    }

    fn unmapped(&self) -> Vec<Unmapped> {
        let mut unread = Unread::of(self);
        for (index, node) in self.nodes.iter().enumerate() {
            let element = Element { document: self, index: number(index) };
            if !node.seen.get() && !node.text.is_empty() {
                unread.add(element.index, None, element.place());
            }
            for attribute in element.attributes() {
                let read = self.attributes[attribute.index as usize].seen.get();
                if !read && attribute.namespace() != SCHEMA_INSTANCE {
                    unread.add(element.index, Some(attribute.name()), attribute.place());
                }
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
        self.names.text(self.nodes[node as usize].name.local)
    }
}

/// The names that places use, each once; name 0 is empty.
struct Names {
    texts: Vec<String>,
    elements: Vec<u32>,
    attributes: Vec<u32>,
}

impl Names {
    fn new(names: usize) -> Self {
        Self { texts: vec![String::new()], elements: vec![0; names], attributes: vec![0; names] }
    }

    fn element(&mut self, local: u32, text: impl FnOnce() -> String) -> u32 {
        Self::known(&mut self.elements[local as usize], &mut self.texts, text)
    }

    fn attribute(&mut self, local: u32, text: impl FnOnce() -> String) -> u32 {
        Self::known(&mut self.attributes[local as usize], &mut self.texts, text)
    }

    fn known(name: &mut u32, texts: &mut Vec<String>, text: impl FnOnce() -> String) -> u32 {
        if *name == 0 {
            *name = number(texts.len());
            texts.push(text());
        }
        *name
    }
}
