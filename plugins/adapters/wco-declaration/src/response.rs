//! Customs' answer to a declaration: `Response`.

use ecert_sdk::adapter::Problems;
use ecert_sdk::model::documents::Acknowledgement;
use ecert_sdk::model::parts::ReferencedDocument;
use ecert_sdk::model::values::{Code, Text};
use ecert_sdk::xml::Element;

use crate::values::{
    all_filled, code, extension, extensions_at, filled, identifier_at, moment_at, pass_over, text,
};

/// Reads what became of a declaration. The status is the function of the
/// answer: accepted, rejected, released, duty to pay, …
pub(crate) fn read(
    metadata: Option<Element<'_>>,
    element: Element<'_>,
    problems: &Problems,
) -> Acknowledgement {
    if let Some(metadata) = metadata {
        metadata.elements().filter(|child| child.name() != "Response").for_each(Element::ignore);
    }
    pass_over(element, &["Bank", "Payment", "ObligationGuarantee", "DutyTaxFee"]);
    let status = filled(element, "FunctionCode").map(|function| code(function, "DMS response function"));
    if status.is_none() {
        let text = "The response does not say what it is: FunctionCode is missing.";
        problems.error("response-without-function", element.place(), text);
    }
    Acknowledgement {
        number: identifier_at(element, "FunctionalReferenceID", None),
        status: status.unwrap_or_else(|| Code { place: element.place(), ..Code::default() }),
        issued: moment_at(element, "IssueDateTime", problems),
        reasons: reasons(element),
        subjects: element
            .children("Declaration")
            .flat_map(|declaration| subjects(declaration, problems))
            .collect(),
        extensions: element
            .children("Status")
            .filter_map(|status| filled(status, "NameCode").map(|name| extension("Status/NameCode", name)))
            .chain(extensions_at(element, &["Declaration/VersionID"]))
            .collect(),
        place: element.place(),
    }
}

/// Errors and remarks, in customs' words.
fn reasons(element: Element<'_>) -> Vec<Text> {
    let errors = element.children("Error").flat_map(|error| {
        all_filled(error, "ValidationCode")
            .chain(all_filled(error, "Description"))
            .map(text)
            .collect::<Vec<_>>()
    });
    let remarks =
        element.children("AdditionalInformation").filter_map(|remark| filled(remark, "StatementDescription"));
    errors.chain(remarks.map(text)).collect()
}

/// The declaration by both of its numbers. What the answer repeats of the goods
/// is duty and payment.
fn subjects(declaration: Element<'_>, problems: &Problems) -> Vec<ReferencedDocument> {
    pass_over(declaration, &["GoodsShipment"]);
    let accepted = moment_at(declaration, "AcceptanceDateTime", problems);
    let numbers = [("ID", "MRN"), ("FunctionalReferenceID", "LRN")]
        .map(|(path, scheme)| identifier_at(declaration, path, Some(scheme)));
    let subject = |number| ReferencedDocument {
        number: Some(number),
        issued: accepted,
        place: declaration.place(),
        ..ReferencedDocument::default()
    };
    numbers.into_iter().flatten().map(subject).collect()
}
