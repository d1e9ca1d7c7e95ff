//! What stands between tags: texts, references, CDATA sections, comments,
//! instructions, and the XML declaration.

use std::ops::Range;

use super::{Checked, Parser};
use crate::xml::names::{is_name, is_space};
use crate::xml::{declaration, text};

impl<'a> Parser<'a, '_> {
    pub(super) fn text(&mut self, span: Range<usize>) -> Checked {
        let stretch = &self.document.text[span.clone()];
        if self.open.is_empty() {
            return match stretch.bytes().position(|byte| !is_space(byte)) {
                None => Ok(()),
                Some(at) => Err(self.outside_root(span.start + at..span.end)),
            };
        }
        if self.brackets
            && let Some(at) = stretch.find("]]>")
        {
            let start = span.start + at;
            return Err(self.fail(
                start..start + 3,
                "xml-cdata-end-in-text",
                "write ]]&gt; for ]]> in a text",
            ));
        }
        self.append(span)
    }

    fn append(&mut self, span: Range<usize>) -> Checked {
        let Some(open) = self.open.last() else { return Err(self.outside_root(span)) };
        let node = &mut self.document.nodes[open.node as usize];
        if node.text.len() + span.len() > self.limits.text {
            return Err(self.text_too_long(span));
        }
        text::append(&mut node.text, &self.document.text[span], self.returns);
        Ok(())
    }

    pub(super) fn cdata(&mut self, span: Range<usize>) -> Checked {
        if self.open.is_empty() {
            return Err(self.outside_root(span));
        }
        self.append(span.start + "<![CDATA[".len()..span.end - "]]>".len())
    }

    pub(super) fn reference(&mut self, span: Range<usize>) -> Checked {
        let Some(open) = self.open.last() else { return Err(self.outside_root(span)) };
        let reference = &self.document.text[span.start + 1..span.end - 1];
        match text::resolve(reference) {
            Ok(character) => {
                let node = &mut self.document.nodes[open.node as usize];
                node.text.to_mut().push(character);
                Ok(())
            }
            Err(bad) => Err(self.bad_reference(span, &bad)),
        }
    }

    pub(super) fn comment(&self, span: Range<usize>) -> Checked {
        let inside = &self.document.text[span.start + "<!--".len()..span.end - "-->".len()];
        if inside.contains("--") || inside.ends_with('-') {
            return Err(self.fail(span, "xml-bad-comment", "two hyphens may not stand within a comment"));
        }
        Ok(())
    }

    pub(super) fn instruction(&self, span: Range<usize>) -> Checked {
        let inside = &self.document.text[span.start + 2..span.end - 2];
        let target = &inside[..inside.bytes().position(is_space).unwrap_or(inside.len())];
        if !is_name(target) || target.eq_ignore_ascii_case("xml") {
            let text = format!("{target:?} cannot be the target of a processing instruction");
            return Err(self.fail(span, "xml-bad-instruction", text));
        }
        Ok(())
    }

    pub(super) fn declaration(&self, span: Range<usize>) -> Checked {
        if span.start != 0 {
            let text = "the XML declaration must be the very first thing in the message";
            return Err(self.fail(span, "xml-bad-declaration", text));
        }
        let inside = &self.document.text["<?xml".len()..span.end - "?>".len()];
        declaration::check(inside).map_err(|(code, text)| self.fail(span, code, text))
    }
}
