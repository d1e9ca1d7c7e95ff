//! Documents that a declaration names: certificates and permits, transport
//! documents, and the declarations it follows on.

use ecert_sdk::adapter::Problems;
use ecert_sdk::model::declarations::SupportingDocument;
use ecert_sdk::model::parts::{Party, ReferencedDocument};
use ecert_sdk::model::values::{Code, Text};
use ecert_sdk::xml::Element;

use crate::values::{all_filled, code_at, count_at, filled, identifier_at, measure_at, text};

/// List of document types: category and type of UCC data elements 2/1 and 2/3.
const TYPES: &str = "UCC 2/3";
/// List of document statuses.
const STATUSES: &str = "UCC 2/3 status";

/// The documents of the declaration or of an item, sorted by what they are.
#[derive(Default)]
pub(crate) struct Documents {
    /// Certificates, permits, authorisations, invoices.
    pub(crate) supporting: Vec<SupportingDocument>,
    /// Bills of lading, waybills, consignment notes.
    pub(crate) transport: Vec<ReferencedDocument>,
    /// Earlier declarations.
    pub(crate) predecessors: Vec<ReferencedDocument>,
}

impl Documents {
    pub(crate) fn of(parent: Element<'_>, problems: &Problems) -> Self {
        let mut documents = Self::default();
        for element in parent.children("AdditionalDocument") {
            let document = supporting(element, problems);
            if is_transport(document.type_code.as_ref()) {
                let (type_code, number) = (document.type_code, document.number);
                let (issued, information, place) = (document.issued, document.information, document.place);
                documents.transport.push(ReferencedDocument {
                    type_code,
                    number,
                    issued,
                    information,
                    place,
                    ..ReferencedDocument::default()
                });
            } else {
                documents.supporting.push(document);
            }
        }
        for element in parent.children("PreviousDocument") {
            let document = previous(element);
            let list = if is_transport(document.type_code.as_ref()) {
                &mut documents.transport
            } else {
                &mut documents.predecessors
            };
            list.push(document);
        }
        documents
    }
}

/// Adds transport documents that are not in the list yet: they are often
/// repeated for every item.
pub(crate) fn add_transport(list: &mut Vec<ReferencedDocument>, more: Vec<ReferencedDocument>) {
    for document in more {
        let value =
            |document: &ReferencedDocument| document.number.as_ref().map(|number| number.value.clone());
        if !list.iter().any(|known| value(known) == value(&document)) {
            list.push(document);
        }
    }
}

fn supporting(element: Element<'_>, problems: &Problems) -> SupportingDocument {
    let type_code = joined_type(element);
    let status = code_at(element, "LPCOExemptionCode", STATUSES);
    let reason = filled(element, "Name").map(text);
    let exempt = claims_exemption(type_code.as_ref(), status.as_ref());
    let mut information: Vec<Text> = reason.iter().filter(|_| !exempt).cloned().collect();
    // The last day the document may be used, which is not when it was issued.
    information.extend(element.at("EffectiveDateTime").map(effective).filter(|text| !text.value.is_empty()));
    SupportingDocument {
        number: identifier_at(element, "ID", None),
        line: count_at(element, "LineNumeric", problems),
        exemption: exempt.then(|| reason.unwrap_or_else(|| unexplained(element))),
        information,
        issued: None,
        issuer: element.child("Submitter").and_then(issuer),
        write_off: measure_at(element, "WriteOff/QuantityQuantity", None, problems),
        type_code,
        status,
        place: element.place(),
    }
}

/// `N` and `853` are one code: `N853`.
fn joined_type(element: Element<'_>) -> Option<Code> {
    let category = filled(element, "CategoryCode");
    let kind = filled(element, "TypeCode");
    let place = category.or(kind)?.place();
    let value = [category, kind].into_iter().flatten().map(Element::text).collect();
    Some(Code { value, code_list: Some(TYPES.into()), name: None, place })
}

/// Whether the declarant claims that no document is needed: statuses XX (the
/// goods do not fall under the requirement) and XW (waived), and 999L, the
/// licence waiver. All other statuses say where the document is and whether
/// this declaration uses it up.
fn claims_exemption(type_code: Option<&Code>, status: Option<&Code>) -> bool {
    let status_claims = status.is_some_and(|status| matches!(status.value.as_str(), "XX" | "XW"));
    status_claims || type_code.is_some_and(|code| code.value == "999L")
}

/// Without a reason of its own, the identification states it; an exemption
/// without any is one all the same, and rules judge it.
fn unexplained(element: Element<'_>) -> Text {
    filled(element, "ID").map_or_else(|| Text { place: element.place(), ..Text::default() }, text)
}

fn effective(element: Element<'_>) -> Text {
    let element = element.child("DateTimeString").unwrap_or(element);
    element.ignore_attributes(&["formatCode"]);
    Text { value: element.text().into(), language: None, place: element.place() }
}

fn issuer(submitter: Element<'_>) -> Option<Party> {
    let names: Vec<_> = all_filled(submitter, "Name").map(text).collect();
    let roles = code_at(submitter, "RoleCode", "UNCL3035").into_iter().collect();
    (!names.is_empty()).then(|| Party { names, roles, place: submitter.place(), ..Party::default() })
}

fn previous(element: Element<'_>) -> ReferencedDocument {
    ReferencedDocument {
        type_code: joined_previous_type(element),
        number: identifier_at(element, "ID", None),
        // The item of the earlier declaration.
        information: filled(element, "LineNumeric").map(text).into_iter().collect(),
        place: element.place(),
        ..ReferencedDocument::default()
    }
}

/// The category of a previous document (X summary, Y initial, Z other) is no
/// part of its type.
fn joined_previous_type(element: Element<'_>) -> Option<Code> {
    element.children("CategoryCode").for_each(Element::ignore);
    code_at(element, "TypeCode", "UCC 2/1")
}

/// Whether a type is that of a transport document (UNCL 1001): waybills, bills
/// of lading, consignment notes, the TIR carnet.
fn is_transport(type_code: Option<&Code>) -> bool {
    type_code.is_some_and(|code| {
        let code = code.value.strip_prefix('N').unwrap_or(&code.value);
        matches!(
            code,
            "703"
                | "704"
                | "705"
                | "714"
                | "720"
                | "722"
                | "730"
                | "740"
                | "741"
                | "743"
                | "750"
                | "760"
                | "952"
        )
    })
}
