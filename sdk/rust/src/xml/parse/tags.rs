//! Start and end tags: the elements of the tree.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use super::{Checked, Open, Parser, offset};
use crate::xml::document::Node;
use crate::xml::names::{is_space, split};
use crate::xml::scope::{Bearer, Name};
use crate::xml::text;

impl<'a> Parser<'a, '_> {
    pub(super) fn start_tag(&mut self, span: Range<usize>, empty: bool) -> Checked {
        self.admit(&span)?;
        let document = &self.document;
        let inside = &document.text[span.start + 1..span.end - if empty { 2 } else { 1 }];
        let length = inside.bytes().position(is_space).unwrap_or(inside.len());
        let qualified = &inside[..length];
        if length == 0 {
            let at = span.start + 1;
            return Err(self.fail(
                at..at,
                "xml-bad-name",
                "a name must follow the < of a tag; write &lt; for the character",
            ));
        }
        let before = self.scope.mark();
        let attributes = document.attributes.len();
        let node = offset(document.nodes.len());
        if length < inside.len() {
            self.scan_attributes(inside, length, span.start + 1)?;
        } else {
            self.raw.clear();
        }
        let name = self.resolve(Bearer::Element, qualified, span.start + 1)?;
        if !self.raw.is_empty() {
            self.add_attributes(node, span.start + 1)?;
        }
        let parent = self.link(node);
        self.document.nodes.push(Node {
            name,
            parent,
            first: 0,
            next: 0,
            start: offset(span.start),
            end: offset(span.end),
            content_start: offset(span.end),
            content_end: offset(span.end),
            attributes: offset(attributes),
            attributes_end: offset(self.document.attributes.len()),
            text: Cow::Borrowed(""),
            seen: Cell::new(false),
        });
        if empty {
            self.scope.restore(before);
        } else {
            self.open.push(Open { node, last_child: 0, qualified, before });
        }
        Ok(())
    }

    /// Whether one more element may stand here.
    fn admit(&self, span: &Range<usize>) -> Checked {
        let document = &self.document;
        if self.open.is_empty() && !document.nodes.is_empty() {
            return Err(self.fail(
                span.clone(),
                "xml-several-roots",
                "a message has one root element; here a second one starts",
            ));
        }
        if self.open.len() >= self.limits.depth {
            let text = format!("elements are nested more than {} deep", self.limits.depth);
            return Err(self.fail(span.clone(), "xml-too-deep", text));
        }
        if document.nodes.len() + document.attributes.len() >= self.limits.nodes {
            let text = format!("the message has more than {} elements and attributes", self.limits.nodes);
            return Err(self.fail(span.clone(), "xml-too-many-nodes", text));
        }
        Ok(())
    }

    /// Hangs a new node below the open element; gives its parent.
    fn link(&mut self, node: u32) -> u32 {
        let Some(open) = self.open.last_mut() else { return 0 };
        let nodes = &mut self.document.nodes;
        match open.last_child {
            0 => nodes[open.node as usize].first = node,
            sibling => nodes[sibling as usize].next = node,
        }
        open.last_child = node;
        open.node
    }

    pub(super) fn resolve(&mut self, bearer: Bearer, qualified: &'a str, at: usize) -> Checked<Name> {
        if let Some(name) = self.scope.recall(bearer, qualified) {
            return Ok(name);
        }
        let span = at..at + qualified.len();
        if qualified.len() > self.limits.name {
            let text = format!("a name has more than {} bytes", self.limits.name);
            return Err(self.fail(span, "xml-name-too-long", text));
        }
        let Some((prefix, local)) = split(qualified) else {
            let text = format!("{qualified:?} is not a name that XML allows here");
            return Err(self.fail(span, "xml-bad-name", text));
        };
        let namespace = match (bearer, prefix) {
            (Bearer::Attribute, "") => Some(0),
            _ => self.scope.namespace(prefix),
        };
        let Some(namespace) = namespace else {
            let text = format!(
                "the prefix {prefix} of {qualified} is not declared: add xmlns:{prefix}=\"…\" to this element or one around it"
            );
            return Err(self.fail(span, "xml-undeclared-prefix", text));
        };
        let name = Name { local: self.document.names.number(Cow::Borrowed(local)), namespace };
        self.scope.remember(bearer, qualified, name);
        Ok(name)
    }

    pub(super) fn end_tag(&mut self, span: Range<usize>) -> Checked {
        let qualified = self.document.text[span.start + 2..span.end - 1].trim_ascii_end();
        let Some(open) = self.open.last() else {
            let text = format!("the end tag </{qualified}> has no start tag");
            return Err(self.fail(span, "xml-unexpected-end-tag", text));
        };
        if open.qualified != qualified {
            let (expected, line) = (open.qualified, self.line_of(open.node));
            let text = format!(
                "the end tag </{qualified}> stands where </{expected}> should, which was opened on line {line}"
            );
            return Err(self.fail(span, "xml-mismatched-tag", text));
        }
        let node = &mut self.document.nodes[open.node as usize];
        node.content_end = offset(span.start);
        node.end = offset(span.end);
        text::trim_in_place(&mut node.text);
        self.scope.restore(open.before);
        self.open.pop();
        Ok(())
    }
}
