//! Names: each kept once, with its namespace resolved.

use crate::message::{SLOTS, slot};

/// The namespace that `xml:` always means.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of namespace declarations.
pub(super) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

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
