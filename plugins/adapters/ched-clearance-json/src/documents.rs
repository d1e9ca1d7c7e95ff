//! Documents that an item rests on.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::declarations::SupportingDocument;
use ecert_sdk::model::values::Text;

use crate::member::Member;

/// Document types and statuses of UCC data element 2/3.
const TYPES: &str = "UCC 2/3";
const STATUSES: &str = "UCC 2/3 status";

pub(crate) fn read(document: Member<'_>, problems: &Problems) -> SupportingDocument {
    let status = document.code_at("documentStatus", STATUSES);
    // XX: the goods do not fall under the requirement; XW: it is waived.
    let exempt = status.as_ref().is_some_and(|status| matches!(status.value.as_str(), "XX" | "XW"));
    let number = document.filled("documentReference");
    let exemption = exempt.then(|| {
        number
            .map_or_else(|| Text { place: document.place(), ..Text::default() }, |number| number.spoken(None))
    });
    SupportingDocument {
        type_code: document.code_at("documentCode", TYPES),
        number: number.map(|number| number.identifier(None)),
        status,
        exemption,
        information: document.filled("documentControl").map(control).into_iter().collect(),
        write_off: document.measure_at("documentQuantity", None, problems),
        place: document.place(),
        ..SupportingDocument::default()
    }
}

/// Whether customs have the document before them: P, or not: N.
fn control(field: Member<'_>) -> Text {
    let written = field.spoken(None);
    Text { value: ["documentControl ", &written.value].concat(), ..written }
}
