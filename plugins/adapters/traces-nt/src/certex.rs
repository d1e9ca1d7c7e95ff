//! CERTEX: customs ask for a CHED, reserve quantities of it, and say when goods
//! are released; TRACES NT answers with the CHED and its quantity ledger.

use ecert_sdk::model::declarations::{Declaration, GoodsItem, SupportingDocument};
use ecert_sdk::model::documents::{Acknowledgement, Document};
use ecert_sdk::model::parts::{Classification, ReferencedDocument};
use ecert_sdk::model::readings::ProblemSeverity;
use ecert_sdk::model::values::{Code, Extension, Identifier, Measure, Text};
use ecert_sdk::unit;
use ecert_sdk::xml::Element;
use sps::Reader;
use sps::message::Found;

use crate::kind::Kind;

/// `ReservationFailureReason`: why nothing was reserved.
const FAILURES: &[(&str, &str)] = &[
    ("03", "the commodity code is not that of the certificate's line"),
    ("04", "the certificate's status allows no reservation"),
    ("05", "the certificate's line has not enough left"),
    ("06", "quantities were written off for this declaration already"),
    ("07", "the certificate has no such line"),
    ("10", "the unit is another than the certificate's"),
    ("11", "the quantities cannot be checked"),
];
/// `QuantityManagementOutcome`: what became of a release or a deletion.
const OUTCOMES: &[(&str, &str)] = &[
    ("01", "done"),
    ("02", "nothing is recorded for this declaration"),
    ("03", "the quantities were consumed already"),
    ("04", "done, though the certificate's status has changed"),
];

/// Reads what is not the certificate in a message of CERTEX.
pub(crate) fn read(root: Element<'_>, found: &mut Found) {
    let reader = Reader::new(Kind::Certex.dialect());
    for element in root.subtree() {
        let document = match element.name() {
            "ProcessedChedRequest" => Document::Declaration(reservation(&reader, element)),
            "ChedClearanceRequest" => Document::Acknowledgement(clearance(&reader, element)),
            "ProcessedChedInformationResponse" => match answer(&reader, element, found) {
                Some(answer) => Document::Acknowledgement(answer),
                None => continue,
            },
            "ChedClearanceResponse" => Document::Acknowledgement(outcome(&reader, element)),
            _ => continue,
        };
        found.documents.push(document);
    }
    found.problems.extend(reader.into_problems());
}

/// `ProcessedChedRequest`: the goods items of a declaration, and what they take
/// of which line of the CHED.
fn reservation(reader: &Reader, element: Element<'_>) -> Declaration {
    let ched = element.child("ChedCertificateId").and_then(|id| reader.identifier(id));
    let items =
        element.children("CommodityDescriptionForChed").map(|goods| item(reader, goods, ched.as_ref()));
    let mut declaration = Declaration {
        mrn: element.at("CustomsDeclarationReferenceNumber/MRN").and_then(|mrn| reader.identifier(mrn)),
        issued: reader.date_time_of(element, "SendingDate"),
        offices: offices(reader, element),
        items: items.collect(),
        extensions: kept(reader, element, &["QuantityManagementIndication"]),
        place: element.place(),
        ..Declaration::default()
    };
    if declaration.items.is_empty() {
        declaration.documents.extend(ched.map(|number| cited(Some(&number), element)));
    }
    element.children("Language").for_each(Element::ignore);
    declaration
}

fn item(reader: &Reader, goods: Element<'_>, ched: Option<&Identifier>) -> GoodsItem {
    let place = goods.place();
    let code = goods.child("ClassCode").and_then(|code| reader.code(code, None));
    let commodity = code.map(|code| Classification {
        system: Some("CN".into()),
        class_code: Some(code.value),
        place: code.place,
        ..Classification::default()
    });
    let taken = measure(reader, goods, "NetWeightQuantity", "NetWeightUnitOfMeasure");
    let line = number(reader, goods, "CertificateLineNumber");
    let document = SupportingDocument { line, write_off: taken.clone(), ..cited(ched, goods) };
    let sequence = number(reader, goods, "GoodsItemNumber").unwrap_or_else(|| {
        let text = "the item has no GoodsItemNumber: write its number on the declaration".into();
        reader.report("bad-sequence", ProblemSeverity::Warning, goods, text);
        0
    });
    GoodsItem {
        sequence,
        commodity,
        net_weight: taken,
        documents: vec![document],
        place,
        ..GoodsItem::default()
    }
}

fn cited(ched: Option<&Identifier>, at: Element<'_>) -> SupportingDocument {
    let code = |value: &str| Code {
        value: value.into(),
        code_list: Some("UNCL1001".into()),
        place: at.place(),
        ..Code::default()
    };
    SupportingDocument {
        type_code: Some(code("636")),
        number: ched.cloned(),
        place: at.place(),
        ..SupportingDocument::default()
    }
}

/// `ChedClearanceRequest`: customs say what became of the goods.
fn clearance(reader: &Reader, element: Element<'_>) -> Acknowledgement {
    Acknowledgement {
        status: status(reader, element, "GoodsClearanceInformation", &[]),
        issued: reader.date_time_of(element, "SendingDate"),
        subjects: ["ChedCertificateId", "CustomsDocumentReference"]
            .iter()
            .filter_map(|name| subject(reader, element, name))
            .collect(),
        extensions: kept(reader, element, &["CompetentCustomsOffice"]),
        place: element.place(),
        ..Acknowledgement::default()
    }
}

/// `ProcessedChedInformationResponse` beside the CHED: what became of a
/// reservation, and the ledger of the CHED. None if it says neither.
fn answer(reader: &Reader, element: Element<'_>, found: &Found) -> Option<Acknowledgement> {
    let certificate = found.documents.iter().find_map(|document| match document {
        Document::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    // A plain answer says of the operation only that it went well.
    element.children("OperationCode").chain(element.children("PushActive")).for_each(Element::ignore);
    let told = ["ReservationResult", "QuantityManagementSummary"];
    if certificate.is_some() && !told.iter().any(|name| element.child(name).is_some()) {
        return None;
    }
    let failure = element.child("ReservationFailureReason");
    let mut subjects = Vec::new();
    if let Some(certificate) = certificate {
        let (number, type_code) = (Some(certificate.number.clone()), Some(certificate.type_code.clone()));
        subjects.push(ReferencedDocument { type_code, number, place: element.place(), ..Default::default() });
    }
    let mut extensions = kept(reader, element, &["ReservationFailureConsignmentItem"]);
    for summary in element.children("QuantityManagementSummary") {
        summary.elements().for_each(|entry| ledger(reader, entry, &mut extensions));
    }
    Some(Acknowledgement {
        status: status(reader, element, "ReservationResult", &[("0", "refused"), ("1", "reserved")]),
        reasons: failure.and_then(|it| reason(reader, it, FAILURES)).into_iter().collect(),
        subjects,
        extensions,
        place: element.place(),
        ..Acknowledgement::default()
    })
}

/// `ChedClearanceResponse`: what TRACES NT made of customs' word.
fn outcome(reader: &Reader, element: Element<'_>) -> Acknowledgement {
    element.children("OperationCode").for_each(Element::ignore);
    Acknowledgement {
        status: status(reader, element, "QuantityManagementOutcome", OUTCOMES),
        issued: reader.date_time_of(element, "SendingDate"),
        place: element.place(),
        ..Acknowledgement::default()
    }
}

/// A status of CERTEX; where the message states none, an empty one.
fn status(reader: &Reader, element: Element<'_>, name: &str, meanings: &[(&str, &str)]) -> Code {
    let list = Some(format!("CERTEX {name}"));
    let code = element.child(name).and_then(|child| reader.code(child, list.as_deref()));
    let code = code.unwrap_or_else(|| Code { code_list: list, place: element.place(), ..Code::default() });
    let meaning = meanings.iter().find(|(value, _)| *value == code.value);
    Code { name: meaning.map(|(_, meaning)| (*meaning).into()), ..code }
}

fn reason(reader: &Reader, element: Element<'_>, meanings: &[(&str, &str)]) -> Option<Text> {
    let code = reader.code(element, None)?;
    let meaning = meanings.iter().find(|(value, _)| *value == code.value).map(|(_, meaning)| *meaning);
    let value = meaning.map_or_else(|| code.value.clone(), |meaning| format!("{}: {meaning}", code.value));
    Some(Text { value, language: meaning.map(|_| "en".into()), place: code.place })
}

fn subject(reader: &Reader, element: Element<'_>, name: &str) -> Option<ReferencedDocument> {
    let number = reader.identifier(element.child(name)?)?;
    let scheme = if name == "CustomsDocumentReference" { "MRN" } else { "CHED" };
    let place = number.place;
    let number = Some(Identifier { scheme: Some(scheme.into()), ..number });
    Some(ReferencedDocument { number, place, ..ReferencedDocument::default() })
}

/// An entry of the ledger, in one line: kind of entry, then what it says.
fn ledger(reader: &Reader, entry: Element<'_>, extensions: &mut Vec<Extension>) {
    let said = |path: &str| entry.at(path).map(Element::text).filter(|text| !text.is_empty());
    let parts = [
        ("line", "SwSupportingDocument/CertificateLineNumber"),
        ("code", "CommodityCode/HarmonizedSystemSubheadingcode"),
        ("quantity", "SwSupportingDocument/Quantity"),
        ("unit", "SwSupportingDocument/UnitOfMeasure"),
        ("mrn", "MRN"),
        ("item", "GoodsItemNumber"),
        ("at", "EventDateTime"),
        ("office", "CompetentCustomsOffice/ReferenceNumber"),
    ];
    let said: Vec<_> =
        parts.iter().filter_map(|(name, path)| Some(format!("{name} {}", said(path)?))).collect();
    extensions.push(reader.extension(entry.name(), &said.join(", "), entry));
}

fn kept(reader: &Reader, element: Element<'_>, names: &[&str]) -> Vec<Extension> {
    let mut extensions = Vec::new();
    for child in names.iter().flat_map(|name| element.children(name)) {
        reader.keep(&mut extensions, child);
    }
    extensions
}

fn offices(reader: &Reader, element: Element<'_>) -> Vec<Code> {
    let office = element.at("CompetentCustomsOffice/ReferenceNumber");
    office.and_then(|office| reader.code(office, Some("customs office"))).into_iter().collect()
}

fn number(reader: &Reader, element: Element<'_>, name: &str) -> Option<u32> {
    let child = element.child(name)?;
    let number = reader.value(child)?.parse().ok();
    if number.is_none() {
        let text = format!("{name} should be a whole number such as 1");
        reader.report("bad-number", ProblemSeverity::Error, child, text);
    }
    number
}

fn measure(reader: &Reader, element: Element<'_>, value: &str, unit_of: &str) -> Option<Measure> {
    let child = element.child(value)?;
    let written = element.child(unit_of).and_then(|unit| reader.value(unit));
    let code = written.and_then(unit::code).map(String::from);
    let unit_as_written = written.filter(|written| code.as_deref() != Some(*written)).map(Into::into);
    Some(Measure { value: reader.decimal(child)?, unit: code, unit_as_written, place: child.place() })
}
