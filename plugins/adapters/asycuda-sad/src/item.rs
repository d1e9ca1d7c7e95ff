//! One declared item.

use std::collections::BTreeSet;

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::declarations::{GoodsItem, SupportingDocument};
use ecert_sdk::model::parts::{Classification, Note, Packages, ReferencedDocument};
use ecert_sdk::model::values::{Code, Identifier, Measure};
use ecert_sdk::xml::Element;

use crate::FORMAT;
use crate::values::{Nation, day_at};

/// Taxes, prices and valuation.
const BESIDE_THE_GOODS: &[&str] = &[
    "Taxation",
    "Valuation_item",
    "IncoTerms",
    "Tarification/Tarification_data",
    "Tarification/Preference_code",
    "Tarification/Quota_code",
    "Tarification/Quota",
    "Tarification/Item_price",
    "Tarification/Valuation_method_code",
    "Tarification/Value_item",
    "Tarification/Attached_doc_item",
    "Packages/Kind_of_packages_name",
    "Amount_deducted_from_licence",
];
const EXTENSIONS: &[&str] = &[
    "Tarification/A.I._code",
    "Tarification/National_customs_procedure",
    "Previous_doc/Summary_declaration_sl",
    "Previous_doc/Previous_warehouse_code",
];
/// Procedures: requested and previous, two digits each.
const PROCEDURE: &str = "SAD 37";
/// Digits that a commodity code may have.
const MOST_DIGITS: usize = 14;

pub(crate) fn read(item: Element<'_>, number: u32, nation: Nation<'_>, problems: &Problems) -> GoodsItem {
    BESIDE_THE_GOODS.iter().filter_map(|path| item.at(path)).for_each(Element::ignore);
    let procedure = item.filled("Tarification/Extended_customs_procedure");
    let mut extensions = item.extensions_at(FORMAT, EXTENSIONS);
    let commodity = item.at("Tarification/HScode").and_then(|code| {
        let (joined, rest) = commodity(code)?;
        extensions.extend(code.extensions_at(FORMAT, &rest));
        Some(joined)
    });
    GoodsItem {
        // Items have no number of their own; others count them from 1.
        sequence: number,
        commodity,
        descriptions: ["Commercial_Description", "Description_of_goods"]
            .iter()
            .filter_map(|name| item.at("Goods_description")?.filled(name))
            .map(|text| text.spoken(None))
            .collect(),
        origin: item.code_at("Goods_description/Country_of_origin_code", "ISO3166-1"),
        origin_subdivision: item.code_at("Goods_description/Country_of_origin_region", "name"),
        procedure: procedure.and_then(|field| part(field, 0)),
        previous_procedure: procedure.and_then(|field| part(field, 2)),
        net_weight: item.measure_at("Valuation_item/Weight_itm/Net_weight_itm", Some("KGM"), problems),
        gross_weight: item.measure_at("Valuation_item/Weight_itm/Gross_weight_itm", Some("KGM"), problems),
        quantities: supplementary(item, nation, problems),
        packages: item.children("Packages").filter_map(|one| packages(one, nation, problems)).collect(),
        documents: documents(item, nation, problems),
        predecessors: predecessors(item),
        notes: notes(item),
        extensions,
        place: item.place(),
        ..GoodsItem::default()
    }
}

/// The code joined from its parts: eight digits, and up to four national
/// subdivisions, as long as they are digits. Some systems keep stock numbers in
/// the last of them: what does not belong to the code is named in the second
/// part of the answer.
///
/// The tariff is the nation's, and has no name in the message.
fn commodity(element: Element<'_>) -> Option<(Classification, Vec<&'static str>)> {
    let code = element.filled("Commodity_code")?;
    let mut digits = code.text().to_owned();
    let mut rest = vec!["Precision_1", "Precision_2", "Precision_3", "Precision_4"];
    while let Some(part) = rest.first() {
        let text = element.text_of(part).unwrap_or_default();
        let fits = digits.len() + text.len() <= MOST_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        if !fits {
            break;
        }
        digits.push_str(text);
        rest.remove(0);
    }
    let class_code = Some(digits);
    Some((Classification { class_code, place: code.place(), ..Classification::default() }, rest))
}

/// Two digits of `4000`.
fn part(field: Element<'_>, at: usize) -> Option<Code> {
    let value = field.text().get(at..at + 2)?.to_owned();
    Some(Code { value, ..field.code(PROCEDURE) })
}

/// Supplementary units; up to three blocks, of which most are empty or 0.
fn supplementary(item: Element<'_>, nation: Nation<'_>, problems: &Problems) -> Vec<Measure> {
    let Some(tariff) = item.child("Tarification") else { return Vec::new() };
    // The element's name has three p.
    let one = |block: Element<'_>| {
        block.children("Suppplementary_unit_name").for_each(Element::ignore);
        nation.measure(block, "Suppplementary_unit_quantity", "Suppplementary_unit_code", problems)
    };
    let measures = tariff.children("Supplementary_unit").filter_map(one);
    measures.filter(|measure| measure.value.coefficient != 0).collect()
}

fn packages(element: Element<'_>, nation: Nation<'_>, problems: &Problems) -> Option<Packages> {
    let marks = ["Marks1_of_packages", "Marks2_of_packages"].iter().filter_map(|name| element.filled(name));
    let (count, type_code) = (
        element.number_at("Number_of_packages", problems),
        nation.code_at(element, "Kind_of_packages_code", "PACKAGE"),
    );
    let marks: Vec<_> = marks.map(|marks| marks.spoken(None)).collect();
    (count.is_some() || type_code.is_some() || !marks.is_empty()).then(|| Packages {
        level: None,
        type_code,
        count,
        marks,
        place: element.place(),
    })
}

/// Attached documents, of which the form has many empty ones, and the licence.
fn documents(item: Element<'_>, nation: Nation<'_>, problems: &Problems) -> Vec<SupportingDocument> {
    let attached = item.children("Attached_documents").filter_map(|element| {
        // Whether the system's rules asked for it.
        element.children("Attached_document_from_rule").for_each(Element::ignore);
        let name = element.text_of("Attached_document_name").map(str::to_owned);
        let kind = nation.code_at(element, "Attached_document_code", "DOCUMENT");
        let number = element.identifier_at("Attached_document_reference", None);
        let issued = day_at(element, "Attached_document_date", problems);
        (kind.is_some() || number.is_some()).then(|| SupportingDocument {
            type_code: kind.map(|kind| Code { name, ..kind }),
            number,
            issued,
            place: element.place(),
            ..SupportingDocument::default()
        })
    });
    let licence = item.filled("Licence_number").map(|number| SupportingDocument {
        type_code: Some(Code { value: "licence".into(), ..number.code(FORMAT) }),
        number: Some(number.identifier(None)),
        write_off: item.measure_at("Quantity_deducted_from_licence", None, problems),
        place: number.place(),
        ..SupportingDocument::default()
    });
    attached.chain(licence).collect()
}

fn predecessors(item: Element<'_>) -> Vec<ReferencedDocument> {
    let number = item.identifier_at("Previous_doc/Previous_document_reference", None);
    number.map(referenced).into_iter().collect()
}

fn referenced(number: Identifier) -> ReferencedDocument {
    ReferencedDocument { place: number.place, number: Some(number), ..ReferencedDocument::default() }
}

/// The transport documents of all items: the line of the manifest that each
/// item writes off, each once.
pub(crate) fn transport_documents(root: Element<'_>) -> Vec<ReferencedDocument> {
    let mut known = BTreeSet::new();
    let numbers =
        root.children("Item").filter_map(|item| item.identifier_at("Previous_doc/Summary_declaration", None));
    numbers.filter(|number| known.insert(number.value.clone())).map(referenced).collect()
}

fn notes(item: Element<'_>) -> Vec<Note> {
    let texts = ["Free_text_1", "Free_text_2"].iter().filter_map(|name| item.filled(name));
    texts
        .map(|text| Note { contents: vec![text.spoken(None)], place: text.place(), ..Note::default() })
        .collect()
}
