//! What holds of every message, and what single parts become. Whole messages
//! are fixtures.

use adapter_testing::any_message::are_read_steadily;
use adapter_testing::codes;
use ched_clearance_json::{ChedClearanceJson, FORMAT};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::Reading;

const SENT: &str = include_str!("../fixtures/request/message.json");
const KEPT: &str = include_str!("../fixtures/stored/message.json");

fn read(message: &str) -> Reading {
    ChedClearanceJson::read(message.as_bytes(), FORMAT)
}

#[test]
fn the_case_of_keys_does_not_count() {
    let item = |reading: Reading| match reading.documents.into_iter().next() {
        Some(Document::Declaration(declaration)) => declaration.items.into_iter().next().expect("an item"),
        other => panic!("{other:?}"),
    };
    let small = r#"{"header": {"entryReference": "1"}, "items": [{"itemNumber": 1, "itemNetMass": "2.50"}]}"#;
    let large = r#"{"Header": {"EntryReference": "1"}, "Items": [{"ItemNumber": 1, "ItemNetMass": "2.50"}]}"#;
    assert_eq!(item(read(small)), item(read(large)));
    // Numbers are exact to the last digit, with quotation marks or without.
    let numeral = small.replace("\"2.50\"", "2.50");
    let weight = |message: &str| item(read(message)).net_weight.map(|weight| weight.value);
    assert_eq!(weight(&numeral), weight(small));
}

#[test]
fn what_is_no_request_gives_problems() {
    assert_eq!(codes(&read("{}")), ["not-a-clearance-request"]);
    assert_eq!(codes(&read("[1]")), ["not-a-clearance-request"]);
    assert_eq!(codes(&read("")), ["json-no-value"]);
    let empty = read(r#"{"header": {}, "items": null}"#);
    assert_eq!(codes(&empty), ["no-number", "declaration-without-items"]);
    assert!(empty.documents.is_empty());
}

#[test]
fn formats_are_recognised_by_their_first_bytes() {
    let sure = |head: &str| ChedClearanceJson::recognise(head.as_bytes()).map(|found| found.confidence);
    assert_eq!((sure(SENT), sure(KEPT)), (Some(95), Some(90)));
    assert_eq!(sure(r#"{"Items": [{"TaricCommodityCode": "1""#), Some(70));
    assert_eq!(sure("{\"decHead\": {}}"), None);
}

#[test]
fn the_manifest_is_complete() {
    ecert_sdk::testing::assert_adapter_manifest::<ChedClearanceJson>();
}

#[test]
fn damaged_messages_are_read_or_refused() {
    are_read_steadily::<ChedClearanceJson>(&[SENT.as_bytes(), KEPT.as_bytes()]);
}
