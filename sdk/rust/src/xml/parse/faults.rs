//! What is said about faults that several places find, or that the tokenizer
//! finds.

use std::ops::Range;

use quick_xml::errors::{Error as LexicalError, IllFormedError, SyntaxError};

use super::Parser;
use crate::message::Error;
use crate::xml::attributes::Fault;
use crate::xml::text;

impl Parser<'_, '_> {
    pub(super) fn outside_root(&self, span: Range<usize>) -> Error {
        self.fail(span, "xml-text-outside-root", "text stands outside the root element: remove it")
    }

    pub(super) fn text_too_long(&self, span: Range<usize>) -> Error {
        let text = format!("a text has more than {} bytes", self.limits.text);
        self.fail(span, "xml-text-too-long", text)
    }

    pub(super) fn doctype(&self, span: Range<usize>) -> Error {
        let text = "the message has a document type declaration (DOCTYPE): remove it";
        self.fail(span, "xml-doctype", text)
    }

    pub(super) fn attribute_fault(&self, at: usize, fault: Fault) -> Error {
        let (code, text) = match fault {
            Fault::NoName => {
                ("xml-bad-attribute", "here an attribute's name should start: write name=\"value\"")
            }
            Fault::NoSpace => ("xml-bad-attribute", "white space is missing before this attribute"),
            Fault::NoEquals => ("xml-bad-attribute", "the attribute has no value: write name=\"value\""),
            Fault::NoQuote => ("xml-bad-attribute", "the attribute's value is not in quotation marks"),
            Fault::LessThan => ("xml-less-than-in-attribute", "write &lt; for < in an attribute's value"),
        };
        self.fail(at..at + 1, code, text)
    }

    pub(super) fn bad_reference(&self, span: Range<usize>, bad: &text::BadReference) -> Error {
        let written = &self.document.text[span.clone()];
        let written = &written[..written.find(';').map_or(written.len().min(1), |end| end + 1)];
        let (code, text) = match bad {
            text::BadReference::UnknownEntity => (
                "xml-unknown-entity",
                format!("the entity {written} is not one of XML's five: write the character itself"),
            ),
            text::BadReference::Malformed => (
                "xml-bad-reference",
                "a & starts a reference such as &amp;: write &amp; for the character itself".into(),
            ),
            text::BadReference::IllegalCharacter => {
                ("xml-illegal-character", format!("{written} stands for a character that XML does not allow"))
            }
        };
        self.fail(span.start..span.start + written.len(), code, text)
    }

    pub(super) fn bad_markup(&self, span: Range<usize>) -> Error {
        self.fail(span, "xml-bad-markup", "this is not markup: write &lt; for the character <")
    }

    /// What the tokenizer could not make out.
    pub(super) fn lexical(&self, error: &LexicalError, at: usize) -> Error {
        let at = at.min(self.document.text.len());
        let (code, text) = match error {
            LexicalError::IllFormed(IllFormedError::UnclosedReference) => (
                "xml-bad-reference",
                "a & starts a reference such as &amp;: write &amp; for the character itself",
            ),
            LexicalError::IllFormed(IllFormedError::MissingDoctypeName)
            | LexicalError::Syntax(SyntaxError::UnclosedDoctype) => return self.doctype(at..at),
            LexicalError::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => (
                "xml-bad-instruction",
                "a processing instruction or XML declaration starts here but does not end",
            ),
            LexicalError::Syntax(SyntaxError::UnclosedComment) => {
                ("xml-bad-comment", "a comment starts here but does not end")
            }
            LexicalError::Syntax(SyntaxError::UnclosedCData) => {
                ("xml-unclosed-cdata", "a CDATA section starts here but does not end")
            }
            LexicalError::Syntax(
                SyntaxError::UnclosedTag
                | SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue,
            ) => (
                "xml-unclosed-tag",
                "a tag starts here but does not end: is a > or a quotation mark missing?",
            ),
            _ => return self.bad_markup(at..at),
        };
        self.fail(at..at, code, text)
    }
}
