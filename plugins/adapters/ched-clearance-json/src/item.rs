//! One item: what is declared, with what documents, and what is to be checked.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::decimal::number;
use ecert_sdk::model::declarations::GoodsItem;
use ecert_sdk::model::parts::{Classification, Note};
use ecert_sdk::model::values::{Code, Extension, Measure};

use crate::FORMAT;
use crate::documents;
use crate::member::Member;
use crate::request::party;

/// Checks that authorities are asked for: H218 to H224 by kind of entry
/// document, H220 quality of horticultural goods, H224 catch certificates.
const CHECK: &str = "GB-CHECK-CODE";
/// Departments that are asked.
const DEPARTMENT: &str = "GB-DEPARTMENT-CODE";
/// Customs procedures: requested and previous, two digits each, and three more.
const PROCEDURE: &str = "UCC 1/10";

pub(crate) fn read(item: Member<'_>, problems: &Problems) -> GoodsItem {
    let (procedure, previous_procedure, additional) = procedures(item);
    GoodsItem {
        sequence: item.count_at("itemNumber", problems).unwrap_or_default(),
        commodity: item.filled("taricCommodityCode").map(|code| Classification {
            system: Some("TARIC".into()),
            class_code: Some(code.text().into()),
            place: code.place(),
            ..Classification::default()
        }),
        descriptions: item.filled("goodsDescription").map(|text| text.spoken(None)).into_iter().collect(),
        origin: either(item, ["itemOriginCountryCode", "originCountryCode"])
            .and_then(|name| item.code_at(name, "ISO3166-1")),
        importer: party(item, "consigneeId", Some("consigneeName")),
        procedure,
        previous_procedure,
        net_weight: either(item, ["itemNetMass", "netMass"])
            .and_then(|name| item.measure_at(name, Some("KGM"), problems)),
        quantities: quantities(item, problems),
        documents: item.list("documents").map(|document| documents::read(document, problems)).collect(),
        notes: item.list("checks").map(check).collect(),
        extensions: additional.into_iter().collect(),
        place: item.place(),
        ..GoodsItem::default()
    }
}

/// The name under which the item has a member: the first is the sent, the
/// second the kept form.
fn either(item: Member<'_>, names: [&'static str; 2]) -> Option<&'static str> {
    names.into_iter().find(|name| item.child(name).is_some())
}

/// Supplementary units and third quantity. The tariff prescribes their units,
/// so they are unknown here; 0 means that there is none.
fn quantities(item: Member<'_>, problems: &Problems) -> Vec<Measure> {
    let names = [["itemSupplementaryUnits", "supplementaryUnits"], ["itemThirdQuantity", "thirdQuantity"]];
    let measures = names
        .into_iter()
        .filter_map(|names| either(item, names).and_then(|name| item.measure_at(name, None, problems)));
    measures.filter(|measure| !number(measure.value).is_zero()).collect()
}

/// `4000000` is procedure 40, previous procedure 00, and 000.
fn procedures(item: Member<'_>) -> (Option<Code>, Option<Code>, Option<Extension>) {
    let Some(field) = item.filled("customsProcedureCode") else { return (None, None, None) };
    let part = |range: std::ops::Range<usize>| field.text().get(range).filter(|part| !part.is_empty());
    let code = |value: Option<&str>| {
        let (code_list, place) = (Some(PROCEDURE.into()), field.place());
        Some(Code { value: value?.into(), code_list, name: None, place })
    };
    let additional = part(4..field.text().len().max(4)).map(|value| Extension {
        scheme: FORMAT.into(),
        name: "AdditionalProcedure".into(),
        value: value.into(),
        place: field.place(),
    });
    (code(part(0..2)), code(part(2..4)), additional)
}

fn check(check: Member<'_>) -> Note {
    Note {
        subject: check.code_at("checkCode", CHECK),
        content_codes: check.code_at("departmentCode", DEPARTMENT).into_iter().collect(),
        contents: Vec::new(),
        place: check.place(),
    }
}
