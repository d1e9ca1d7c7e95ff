//! Names: each kept once, with its namespace resolved.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// The namespace that `xml:` always means.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of namespace declarations.
pub(super) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Texts kept once each, known by number.
#[derive(Debug)]
pub(super) struct Interned<'a> {
    texts: Vec<Cow<'a, str>>,
    /// By hash: the first text that has it, as its number and 1; 0 for none.
    slots: Vec<u32>,
    /// The texts whose slot was taken. However many were made to clash, a
    /// look-up stays cheap.
    clashing: BTreeMap<Cow<'a, str>, u32>,
}

impl<'a> Interned<'a> {
    pub(super) fn new() -> Self {
        Self { texts: Vec::with_capacity(64), slots: vec![0; SLOTS], clashing: BTreeMap::new() }
    }

    /// The number of a text.
    pub(super) fn number(&mut self, text: Cow<'a, str>) -> u32 {
        if let Some(known) = self.find(&text) {
            return known;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        match &mut self.slots[slot(&text)] {
            free @ 0 => *free = number + 1,
            _ => drop(self.clashing.insert(text.clone(), number)),
        }
        self.texts.push(text);
        number
    }

    /// The number of a text, if it is kept.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let first = self.slots[slot(text)].checked_sub(1)?;
        match self.text(first) == text {
            true => Some(first),
            false => self.clashing.get(text).copied(),
        }
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }
}

/// A name as an element or attribute bears it: numbers of the local name and
/// of the namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) local: u32,
    pub(super) namespace: u32,
}

/// The namespaces in force, and the names resolved under them so far.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    bindings: Vec<(&'a str, u32)>,
    /// Stands for exactly these bindings: no two sets share one.
    generation: u32,
    generations: u32,
    /// Of elements and of attributes.
    recent: [Vec<Recent<'a>>; 2],
}

/// The declarations that were in force at some place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    bindings: usize,
    generation: u32,
}

/// What bears a name: a name without a prefix has the default namespace on an
/// element, and none on an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    Element,
    Attribute,
}

/// A qualified name resolved a moment ago. Messages repeat the same few names,
/// so most look-ups end here.
#[derive(Clone, Copy, Debug)]
struct Recent<'a> {
    qualified: &'a str,
    generation: u32,
    name: Name,
}

/// A power of two; messages have some sixty names.
const SLOTS: usize = 256;

impl<'a> Scope<'a> {
    /// `none` and `xml` are the numbers of the empty and the `xml:` namespace.
    pub(super) fn new(none: u32, xml: u32) -> Self {
        let empty = Recent { qualified: "", generation: 0, name: Name { local: 0, namespace: 0 } };
        let recent = [vec![empty; SLOTS], vec![empty; SLOTS / 8]];
        Self { bindings: vec![("", none), ("xml", xml)], generation: 0, generations: 0, recent }
    }

    pub(super) fn len(&self) -> usize {
        self.bindings.len()
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { bindings: self.bindings.len(), generation: self.generation }
    }

    /// Goes back to what was in force at a mark.
    pub(super) fn restore(&mut self, mark: Mark) {
        self.bindings.truncate(mark.bindings);
        self.generation = mark.generation;
    }

    /// Brings a declaration into force.
    pub(super) fn bind(&mut self, prefix: &'a str, namespace: u32) {
        self.bindings.push((prefix, namespace));
        self.generations += 1;
        self.generation = self.generations;
    }

    /// The namespace that a prefix stands for (the empty prefix: the default).
    pub(super) fn namespace(&self, prefix: &str) -> Option<u32> {
        self.bindings.iter().rev().find(|(bound, _)| *bound == prefix).map(|&(_, namespace)| namespace)
    }

    /// The name resolved for this qualified name under the same declarations,
    /// if it was lately.
    pub(super) fn recall(&self, bearer: Bearer, qualified: &str) -> Option<Name> {
        let of_bearer = &self.recent[bearer as usize];
        let recent = &of_bearer[slot(qualified) % of_bearer.len()];
        let same = recent.generation == self.generation && recent.qualified == qualified;
        (same && !qualified.is_empty()).then_some(recent.name)
    }

    /// Keeps a resolved name for [`Scope::recall`].
    pub(super) fn remember(&mut self, bearer: Bearer, qualified: &'a str, name: Name) {
        let of_bearer = &mut self.recent[bearer as usize];
        let slot = slot(qualified) % of_bearer.len();
        of_bearer[slot] = Recent { qualified, generation: self.generation, name };
    }
}

/// Where a text is looked for first: a cheap hash of its length and its ends.
fn slot(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).rotate_left(29) ^ u64::from_le_bytes(*last),
        _ => bytes.iter().fold(0, |ends, &byte| ends << 8 | u64::from(byte)),
    };
    let mixed = (ends ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    usize::try_from(mixed).unwrap_or_default() % SLOTS
}
