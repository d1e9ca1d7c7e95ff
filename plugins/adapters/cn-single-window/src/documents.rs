//! Permits, licences, registrations and certificates.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::declarations::SupportingDocument;
use ecert_sdk::model::parts::Establishment;
use ecert_sdk::model::values::Code;

use crate::lists::{
    ATTACHED_DOCUMENT, ENTERPRISE_QUALIFICATION, ISO_COUNTRY, LICENCE_DOCUMENT, ORIGIN_CERTIFICATE,
    QUALIFICATION,
};
use crate::message::Node;
use crate::quantities;

/// Qualification of a product: its producer abroad is registered with China
/// Customs (decree 248).
const OVERSEAS_REGISTRATION: &str = "519";

/// The documents of the whole declaration.
pub(crate) fn of_declaration(message: Node<'_>, head: Node<'_>) -> Vec<SupportingDocument> {
    let mut documents: Vec<_> =
        message.list("DecLicenseDocus", "LicenseDocu").into_iter().map(licence).collect();
    for limit in message.list("DecCopLimits", "DecCopLimit") {
        documents.push(document(limit, "EntQualifTypeCode", ENTERPRISE_QUALIFICATION, "EntQualifNo"));
    }
    for attached in attached(message) {
        attached.pass_over(&[
            "EdocFomatType",
            "EdocOwnerCode",
            "EdocOwnerName",
            "EdocSize",
            "SignTime",
            "SignUnit",
        ]);
        let information = ["EdocCopId", "OpNote"].iter().filter_map(|name| attached.filled(name));
        documents.push(SupportingDocument {
            information: information.map(|field| field.spoken(None)).collect(),
            ..document(attached, "EdocCode", ATTACHED_DOCUMENT, "EdocID")
        });
    }
    documents.extend(head.filled("LicenseNo").map(|number| SupportingDocument {
        number: Some(number.identifier(None)),
        place: number.place(),
        ..SupportingDocument::default()
    }));
    documents
}

/// `EdocRealation` may be repeated, or hold the entries of a JSON array.
fn attached(message: Node<'_>) -> Vec<Node<'_>> {
    match message {
        Node::Xml(element) => element.children("EdocRealation").map(Node::Xml).collect(),
        Node::Json(_) => ["EdocRealation", "EdocRealations"]
            .iter()
            .flat_map(|name| message.list(name, "EdocRealation"))
            .collect(),
    }
}

fn licence(element: Node<'_>) -> SupportingDocument {
    document(element, "DocuCode", LICENCE_DOCUMENT, "CertCode")
}

fn document(element: Node<'_>, kind: &str, list: &str, number: &str) -> SupportingDocument {
    SupportingDocument {
        type_code: element.code_at(kind, list),
        number: element.identifier_at(number, None),
        place: element.place(),
        ..SupportingDocument::default()
    }
}

/// The qualifications of an item: permits with what is to be written off,
/// registrations, certificates.
pub(crate) fn of_item(item: Node<'_>, problems: &Problems) -> Vec<SupportingDocument> {
    let qualification = |limit: Node<'_>| {
        // The number of the item it stands in.
        limit.pass_over(&["GoodsNo", "DecGoodsLimitVin", "DecGoodsLimitVins"]);
        SupportingDocument {
            line: limit.count_at("LicWrtofDetailNo", problems),
            write_off: quantities::measure(limit, "LicWrtofQty", "LicWrtofQtyUnit", problems),
            ..document(limit, "LicTypeCode", QUALIFICATION, "LicenceNo")
        }
    };
    item.list("DecGoodsLimits", "DecGoodsLimit").into_iter().map(qualification).collect()
}

/// Certificates of origin of an item, by the number it has in the declaration.
pub(crate) fn of_origin(message: Node<'_>, problems: &Problems) -> Vec<(u32, SupportingDocument)> {
    let certificate = |relation: Node<'_>| {
        let of_item = relation.count_at("DecGNo", problems)?;
        let line = relation.count_at("EcoGNo", problems);
        Some((
            of_item,
            SupportingDocument { line, ..document(relation, "CertType", ORIGIN_CERTIFICATE, "EcoCertNo") },
        ))
    };
    let relations = match message {
        Node::Xml(element) => element.children("EcoRelation").map(Node::Xml).collect(),
        Node::Json(_) => message.list("EcoRelation", "EcoRelation"),
    };
    relations.into_iter().filter_map(certificate).collect()
}

/// The establishments that an item's registrations stand for.
///
/// A registration with China Customs has a number of its own (C, the country's
/// three letters, 14 digits), which no certificate bears: the establishment then
/// has its country alone, and the number stays in the document. Any other
/// number is the one that the exporting country gave.
pub(crate) fn establishments(documents: &[SupportingDocument]) -> Vec<Establishment> {
    let is_registration = |code: &Code| code.value == OVERSEAS_REGISTRATION;
    let registered =
        documents.iter().filter(|document| document.type_code.as_ref().is_some_and(is_registration));
    let numbers = registered.filter_map(|document| document.number.as_ref());
    numbers
        .map(|number| match registered_in(&number.value) {
            Some(country) => Establishment {
                country: Some(Code {
                    value: country.into(),
                    code_list: Some(ISO_COUNTRY.into()),
                    name: None,
                    place: number.place,
                }),
                place: number.place,
                ..Establishment::default()
            },
            None => Establishment {
                approval_number: Some(number.clone()),
                place: number.place,
                ..Establishment::default()
            },
        })
        .collect()
}

/// The country within a registration number of China Customs.
fn registered_in(number: &str) -> Option<&str> {
    let country = number.strip_prefix('C')?.get(..3)?;
    let digits = number.get(4..)?;
    let letters = country.bytes().all(|byte| byte.is_ascii_uppercase());
    (letters && digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(country)
}
