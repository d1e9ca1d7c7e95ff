//! The attributes of a start tag, and the namespaces it declares.

use std::borrow::Cow;
use std::cell::Cell;

use super::{Checked, Parser, offset};
use crate::xml::attributes::{Raw, Scanner};
use crate::xml::document::AttributeNode;
use crate::xml::names::is_name;
use crate::xml::scope::{Bearer, Name, XML, XMLNS};
use crate::xml::text;

impl<'a> Parser<'a, '_> {
    /// Collects the attributes of a start tag, and brings its namespace
    /// declarations into force.
    pub(super) fn scan_attributes(&mut self, inside: &'a str, from: usize, base: usize) -> Checked {
        self.raw.clear();
        let mut scanner = Scanner::new(inside, from);
        while let Some(attribute) = scanner.next() {
            let raw = attribute.map_err(|(at, fault)| self.attribute_fault(base + at, fault))?;
            let span = base + raw.start..base + raw.end;
            if self.raw.len() >= self.limits.attributes {
                let text = format!("an element has more than {} attributes", self.limits.attributes);
                return Err(self.fail(span, "xml-too-many-attributes", text));
            }
            if raw.value.len() > self.limits.text {
                return Err(self.text_too_long(span));
            }
            self.raw.push(raw);
            if let Some(prefix) = declared_prefix(raw.name) {
                self.declare(prefix, raw, base)?;
            }
        }
        Ok(())
    }

    fn declare(&mut self, prefix: &'a str, raw: Raw<'a>, base: usize) -> Checked {
        let span = base + raw.start..base + raw.end;
        let uri = self.value(raw, base)?;
        let wrong = match (prefix, uri.as_ref()) {
            ("xmlns", _) => Some("the prefix xmlns cannot be declared"),
            ("xml", uri) => (uri != XML).then_some("the prefix xml stands for its own namespace only"),
            (_, XML | XMLNS) => Some("this namespace is reserved"),
            ("", _) => None,
            (prefix, _) if !is_name(prefix) => Some("the prefix is not a name"),
            (_, uri) => uri.is_empty().then_some("a prefix cannot be declared as no namespace"),
        };
        if let Some(wrong) = wrong {
            return Err(self.fail(span, "xml-bad-namespace", format!("{}: {wrong}", raw.name)));
        }
        if self.scope.len() >= self.limits.namespaces {
            let text = format!("more than {} namespace declarations are in force", self.limits.namespaces);
            return Err(self.fail(span, "xml-too-many-namespaces", text));
        }
        let namespace = self.document.namespaces.number(uri);
        self.scope.bind(prefix, namespace);
        Ok(())
    }

    fn value(&self, raw: Raw<'a>, base: usize) -> Checked<Cow<'a, str>> {
        text::attribute_value(raw.value).map_err(|(at, bad)| {
            let start = base + raw.value_start + at;
            self.bad_reference(start..base + raw.end, &bad)
        })
    }

    /// Resolves and keeps the attributes collected last.
    pub(super) fn add_attributes(&mut self, owner: u32, base: usize) -> Checked {
        let raw = std::mem::take(&mut self.raw);
        self.names.clear();
        for (index, &attribute) in raw.iter().enumerate() {
            let declared = declared_prefix(attribute.name);
            let name = match declared {
                Some(prefix) => Name {
                    local: self.document.names.number(Cow::Borrowed(prefix)),
                    namespace: self.document.namespaces.number(Cow::Borrowed(XMLNS)),
                },
                None => self.resolve(Bearer::Attribute, attribute.name, base + attribute.start)?,
            };
            self.names.push((name, offset(index)));
            if declared.is_none() {
                let value = self.value(attribute, base)?;
                let (start, end) = (offset(base + attribute.start), offset(base + attribute.end));
                self.document.attributes.push(AttributeNode {
                    name,
                    owner,
                    start,
                    end,
                    value,
                    seen: Cell::new(false),
                });
            }
        }
        if let Some(duplicate) = duplicate(&mut self.names) {
            let attribute = raw[duplicate as usize];
            let span = base + attribute.start..base + attribute.end;
            let text = format!("the attribute {} is there twice: keep one", attribute.name);
            return Err(self.fail(span, "xml-duplicate-attribute", text));
        }
        self.raw = raw;
        Ok(())
    }
}

/// The prefix that a namespace declaration declares (empty: the default one).
fn declared_prefix(name: &str) -> Option<&str> {
    match name.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':').filter(|prefix| !prefix.is_empty()),
    }
}

/// The position of an attribute whose name came before. Sorting keeps this
/// from being quadratic; the usual few are compared as they are.
fn duplicate(names: &mut [(Name, u32)]) -> Option<u32> {
    if names.len() <= 8 {
        let before =
            |&(at, (name, _)): &(usize, &(Name, u32))| names[..at].iter().any(|(other, _)| other == name);
        return names.iter().enumerate().find(before).map(|(_, &(_, index))| index);
    }
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1)
}
