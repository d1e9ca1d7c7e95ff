use ecert_sdk::json::{Document, Limits, failed_reading};

use crate::check;

/// Reads bytes as JSON: no panic, the same result twice, every place inside the
/// message, and nothing unmapped once everything was looked at.
pub fn json(message: &[u8]) {
    let limits = Limits::default();
    match Document::parse(message, &limits) {
        Ok(document) => {
            let untouched = document.finish(vec![], vec![]);
            check(message, &untouched);
            let again = Document::parse(message, &limits).expect("it was in order before");
            assert_eq!(again.finish(vec![], vec![]), untouched);
            for value in document.root().subtree() {
                let _ = (value.text(), value.content_place());
                assert!(value.members().all(|member| value.get(member.key()).is_some()), "{value:?}");
            }
            let read = document.finish(vec![], vec![]);
            check(message, &read);
            assert_eq!(read.unmapped, []);
        }
        Err(error) => {
            assert!(error.code.starts_with("json-"), "{error:?}");
            assert!(error.line >= 1 && error.column >= 1, "{error:?}");
            check(message, &failed_reading(&error));
            assert_eq!(Document::parse(message, &limits).map(|_| ()), Err(error));
        }
    }
}
