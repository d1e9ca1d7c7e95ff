use ecert_sdk::xml::{Document, Limits, failed_reading};

use crate::check;

/// Reads bytes as XML: no panic, the same result twice, every place inside the
/// message, and nothing unmapped once everything was looked at.
pub fn xml(message: &[u8]) {
    let limits = Limits::default();
    match Document::parse(message, &limits) {
        Ok(document) => {
            let untouched = document.finish(vec![], vec![]);
            check(message, &untouched);
            let again = Document::parse(message, &limits).expect("it was well-formed before");
            assert_eq!(again.finish(vec![], vec![]), untouched);
            look_at_everything(&document);
            assert_eq!(document.finish(vec![], vec![]).unmapped, []);
        }
        Err(error) => {
            assert!(error.code.starts_with("xml-"), "{error:?}");
            assert!(error.line >= 1 && error.column >= 1, "{error:?}");
            check(message, &failed_reading(&error));
            assert_eq!(Document::parse(message, &limits).map(|_| ()), Err(error));
        }
    }
}

fn look_at_everything(document: &Document<'_>) {
    for element in document.root().subtree() {
        for attribute in element.attributes() {
            let _ = attribute.value();
        }
        let _ = (element.text(), element.content_place());
        // What is said to be all text has no elements.
        assert!(!element.is_verbatim() || element.elements().next().is_none(), "{}", element.name());
    }
}
