//! One declared item: `DecList`.

use std::collections::BTreeMap;

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::date;
use ecert_sdk::model::declarations::{Direction, GoodsItem, SupportingDocument};
use ecert_sdk::model::parts::{Classification, Establishment, Packages};
use ecert_sdk::model::values::{DateTime, Decimal, Extension, Identifier, Period};

use crate::lists::{CURRENCY, ISO_CURRENCY, ORIGIN_REGION, PACKAGE, PURPOSE, TARIFF, TRADE_MODE};
use crate::message::Node;
use crate::origin::origin_and_destination;
use crate::{XML, documents, quantities};

/// Prices, duties and processing trade.
const BESIDE_THE_GOODS: &[&str] =
    &["DeclPrice", "DutyMode", "Factor", "UseTo", "WorkUsd", "ExgNo", "ExgVersion", "ClassMark", "ContrItem"];
const ITEM_EXTENSIONS: &[&str] = &[
    "GModel",
    "GoodsAttr",
    "Stuff",
    "GoodsSpec",
    "GoodsModel",
    "GoodsBrand",
    "ProdQgp",
    "DestCode",
    "DistrictCode",
    "CiqName",
    "NoDangFlag",
    "DangName",
    "DangPackType",
    "DangPackSpec",
    "DeclTotal",
];
/// What stands between several dates, batches or item numbers in one text.
const SEPARATORS: &[char] = &[';', ',', '；', '，', '、'];

/// The items of a message.
pub(crate) fn all(
    message: Node<'_>,
    head: Node<'_>,
    direction: Direction,
    problems: &Problems,
) -> Vec<GoodsItem> {
    let procedure = head.code_at("TradeMode", TRADE_MODE);
    let lists = message.list("DecLists", "DecList");
    let mut items: Vec<_> = lists.into_iter().map(|item| read(item, direction, problems)).collect();
    for item in &mut items {
        item.procedure.clone_from(&procedure);
    }
    let numbers = items.iter().enumerate().rev().map(|(index, item)| (item.sequence, index));
    let numbers: BTreeMap<u32, usize> = numbers.collect();
    load(&mut items, &numbers, message, problems);
    for (number, certificate) in documents::of_origin(message, problems) {
        if let Some(&index) = numbers.get(&number) {
            items[index].documents.push(certificate);
        }
    }
    items
}

fn read(item: Node<'_>, direction: Direction, problems: &Problems) -> GoodsItem {
    item.pass_over(BESIDE_THE_GOODS);
    let (origin, destination_country) = origin_and_destination(item, direction, problems);
    let (net_weight, quantities) = quantities::of_item(item, problems);
    let documents = documents::of_item(item, problems);
    let production: Vec<_> = dates(item, problems);
    let mut extensions = item.extensions_at(XML, ITEM_EXTENSIONS);
    extensions.extend(currency(item));
    GoodsItem {
        sequence: item.count_at("GNo", problems).unwrap_or_default(),
        commodity: item.filled("CodeTS").map(|code| classification(TARIFF, code.text(), code)),
        classifications: further_codes(item),
        descriptions: [("GName", "zh"), ("DeclGoodsEname", "en")]
            .iter()
            .filter_map(|(name, language)| Some(item.filled(name)?.spoken(Some(*language))))
            .collect(),
        origin,
        origin_subdivision: item.code_at("OrigPlaceCode", ORIGIN_REGION),
        destination_country,
        net_weight,
        quantities,
        purpose: item.code_at("Purpose", PURPOSE),
        establishments: establishments(item, &documents, &production),
        production,
        expiry: item.moment_at("ProdValidDt", problems),
        batches: parts(item, "ProdBatchNo").map(|(batch, field)| part_identifier(batch, field)).collect(),
        documents,
        extensions,
        place: item.place(),
        ..GoodsItem::default()
    }
}

fn classification(system: &str, code: &str, field: Node<'_>) -> Classification {
    Classification {
        system: Some(system.into()),
        class_code: Some(code.into()),
        place: field.place(),
        ..Classification::default()
    }
}

/// The code of inspection and quarantine, and the number of dangerous goods.
fn further_codes(item: Node<'_>) -> Vec<Classification> {
    let inspection = item.filled("CiqCode").map(|field| {
        let tariff = item.text_at("CodeTS").filter(|tariff| tariff.len() == 10 && field.text().len() == 3);
        let code = [tariff.unwrap_or_default(), field.text()].concat();
        classification(TARIFF, &code, field)
    });
    let dangerous = item.filled("Uncode").map(|field| classification("UNDG", field.text(), field));
    inspection.into_iter().chain(dangerous).collect()
}

/// The currency of the prices.
fn currency(item: Node<'_>) -> Option<Extension> {
    let letters = item.text_at("TradeCurr")?.bytes().all(|byte| byte.is_ascii_alphabetic());
    item.coded("TradeCurr", if letters { ISO_CURRENCY } else { CURRENCY })
}

/// The entries of a text that may hold several.
fn parts<'d>(item: Node<'d>, name: &str) -> impl Iterator<Item = (&'d str, Node<'d>)> + use<'d> {
    let parts = item
        .filled(name)
        .into_iter()
        .flat_map(|field| field.text().split(SEPARATORS).map(move |part| (part.trim(), field)));
    parts.filter(|(part, _)| !part.is_empty())
}

fn part_identifier(part: &str, field: Node<'_>) -> Identifier {
    Identifier { value: part.into(), normalised: None, scheme: None, place: field.place() }
}

/// Dates of production; several stand in one text, `20260302;20260305`.
fn dates(item: Node<'_>, problems: &Problems) -> Vec<Period> {
    let period = |(part, field): (&str, Node<'_>)| match date::parse(part) {
        Ok(day) => {
            let day = Some(DateTime { place: field.place(), ..day });
            Some(Period { start: day, end: day, place: field.place() })
        }
        Err(error) => {
            problems.error("not-a-date", field.place(), format!("ProduceDate: {error}."));
            None
        }
    };
    parts(item, "ProduceDate").filter_map(period).collect()
}

/// Where the item was made. Dates and the producer's name belong to an
/// establishment only where there is no other one.
fn establishments(
    item: Node<'_>,
    documents: &[SupportingDocument],
    production: &[Period],
) -> Vec<Establishment> {
    let mut found = documents::establishments(documents);
    let name = item.filled("EngManEntCnm").map(|name| name.spoken(None));
    let number = item.filled("MnufctrRegNo").map(|number| number.identifier(None));
    let chinese = item.filled("MnufctrRegName").map(|name| name.spoken(Some("zh")));
    let names: Vec<_> = name.into_iter().chain(chinese).collect();
    let known = number.as_ref().is_none_or(|number| {
        found.iter().any(|one| one.approval_number.as_ref().is_some_and(|known| known.value == number.value))
    });
    if !(known && found.len() == 1) && (number.is_some() || !names.is_empty()) {
        let place =
            number.as_ref().map_or_else(|| names.first().map_or(0, |name| name.place), |one| one.place);
        found.push(Establishment { approval_number: number, names, place, ..Establishment::default() });
    } else if let [only] = found.as_mut_slice() {
        only.names = names;
    }
    if let [only] = found.as_mut_slice() {
        only.production = production.to_vec();
    }
    found
}

/// Which containers the items are in: each container names them, `1,3`.
fn load(items: &mut [GoodsItem], numbers: &BTreeMap<u32, usize>, message: Node<'_>, problems: &Problems) {
    for container in message.list("DecContainers", "Container") {
        let Some(identifier) = container.identifier_at("ContainerId", None) else { continue };
        for (part, field) in parts(container, "GoodsNo") {
            match part.parse().ok().and_then(|number| numbers.get(&number)) {
                Some(&index) => items[index].containers.push(identifier.clone()),
                None => {
                    let text = format!("GoodsNo: there is no item {part:?} to be in {}.", identifier.value);
                    problems.warning("container-without-item", field.place(), text);
                }
            }
        }
    }
}

/// The packages of a declaration's only item: the head counts those of all
/// items together.
pub(crate) fn packages(head: Node<'_>, count: Option<Decimal>) -> Option<Packages> {
    let type_code = head.code_at("WrapType", PACKAGE);
    let marks: Vec<_> = head.filled("MarkNo").map(|marks| marks.spoken(None)).into_iter().collect();
    let place = head.filled("PackNo").or_else(|| head.filled("WrapType"))?.place();
    Some(Packages { level: None, type_code, count, marks, place })
}
