//! What the document knows beside its values: places, and what nobody read.

use std::collections::BTreeMap;

use ecert_model::documents::Document as Message;
use ecert_model::readings::{PlaceEntry, Problem, Reading, Unmapped};
use ecert_model::values::Place;

use super::document::{Document, Element};
use super::position::Cursor;

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// How many different paths a reading lists as unmapped; the rest is summed up.
const UNMAPPED_PATHS: usize = 256;

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
        let mut groups = Groups::default();
        for (index, node) in self.nodes.iter().enumerate() {
            let element = Element { document: self, index: number(index) };
            if !node.seen.get() && !node.text.is_empty() {
                groups.add(element, None, element.place());
            }
            for attribute in element.attributes() {
                let read = self.attributes[attribute.index as usize].seen.get();
                if !read && attribute.namespace() != SCHEMA_INSTANCE {
                    groups.add(element, Some(attribute.name()), attribute.place());
                }
            }
        }
        groups.list()
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
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

/// Unread elements and attributes, grouped by path. Paths are compared as
/// chains of numbers, so that deep messages do not cost long texts.
#[derive(Default)]
struct Groups<'d> {
    /// Path above and name below it → path.
    paths: BTreeMap<(u32, &'d str, bool), u32>,
    /// Paths of elements met so far.
    elements: BTreeMap<u32, u32>,
    found: BTreeMap<u32, (Element<'d>, Option<&'d str>, u32, Place)>,
    beyond: u32,
}

impl<'d> Groups<'d> {
    fn add(&mut self, element: Element<'d>, attribute: Option<&'d str>, place: Place) {
        let mut path = self.path(element);
        if let Some(attribute) = attribute {
            path = self.step(path, attribute, true);
        }
        if let Some((.., count, _)) = self.found.get_mut(&path) {
            *count += 1;
        } else if self.found.len() < UNMAPPED_PATHS {
            self.found.insert(path, (element, attribute, 1, place));
        } else {
            self.beyond += 1;
        }
    }

    fn path(&mut self, element: Element<'d>) -> u32 {
        let mut path = 0;
        let mut unknown = Vec::new();
        for element in std::iter::successors(Some(element), |element| element.parent()) {
            if let Some(&known) = self.elements.get(&element.index) {
                path = known;
                break;
            }
            unknown.push(element);
        }
        for element in unknown.into_iter().rev() {
            path = self.step(path, element.name(), false);
            self.elements.insert(element.index, path);
        }
        path
    }

    fn step(&mut self, above: u32, name: &'d str, attribute: bool) -> u32 {
        let next = number(self.paths.len() + 1);
        *self.paths.entry((above, name, attribute)).or_insert(next)
    }

    fn list(self) -> Vec<Unmapped> {
        let mut list: Vec<_> = self
            .found
            .into_values()
            .map(|(element, attribute, count, place)| Unmapped {
                path: path(element, attribute),
                count,
                place,
            })
            .collect();
        list.sort_by_key(|unmapped| unmapped.place);
        if self.beyond > 0 {
            list.push(Unmapped { path: "…".into(), count: self.beyond, place: 0 });
        }
        list
    }
}

fn path(element: Element<'_>, attribute: Option<&str>) -> String {
    let mut steps: Vec<&str> =
        std::iter::successors(Some(element), |element| element.parent()).map(Element::name).collect();
    steps.reverse();
    let mut path = format!("/{}", steps.join("/"));
    if let Some(attribute) = attribute {
        path.push_str("/@");
        path.push_str(attribute);
    }
    path
}
