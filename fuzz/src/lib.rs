//! What must hold for every input, however strange. The fuzz targets feed these
//! checks with whatever they come up with; the tests feed them with altered
//! examples.

mod adapters;
mod json;
mod values;
mod xml;

pub use adapters::{adapters, confidences};
pub use json::json;
pub use values::values;
pub use xml::xml;

use ecert_sdk::model::readings::Reading;
use ecert_sdk::model::walk::Walker;

/// What holds for every reading: values are what their types promise, every
/// place is in the table, every entry of the table is inside the message, and
/// whatever gives no document says why.
fn check(message: &[u8], reading: &Reading) {
    let walker = Walker::through(reading);
    assert_eq!(walker.fault, None);
    let places = reading.places.len();
    assert!((walker.highest_place as usize) < places.max(1), "place {}", walker.highest_place);
    for place in &reading.places {
        assert!(place.start <= place.end && place.end as usize <= message.len(), "{place:?}");
        assert!((place.parent as usize) < places, "{place:?}");
        assert!(reading.names.is_empty() || (place.name as usize) < reading.names.len(), "{place:?}");
        assert!(place.line >= 1 && place.column >= 1, "{place:?}");
    }
    for problem in &reading.problems {
        assert!(!problem.code.is_empty() && !problem.text.is_empty(), "{problem:?}");
    }
}
