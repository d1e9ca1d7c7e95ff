//! What holds of every message, and what single parts become. Whole messages
//! are fixtures.

use adapter_testing::any_message::are_read_steadily;
use adapter_testing::codes;
use cn_single_window::{CnSingleWindow, JSON, XML};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::declarations::{Declaration, GoodsItem};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::Reading;

const MESSAGE: &str = include_str!("../fixtures/import/message.xml");
const IN_JSON: &str = include_str!("../fixtures/import-json/message.json");

fn declaration(reading: &Reading) -> &Declaration {
    match reading.documents.as_slice() {
        [Document::Declaration(declaration)] => declaration,
        other => panic!("{other:?}: {:?}", reading.problems),
    }
}

/// An export whose only item names two countries.
fn exported(origin: &str, destination: &str) -> Reading {
    let message = format!(
        "<DecMessage><DecHead><EntryId>1</EntryId><IEFlag>E</IEFlag></DecHead><DecLists><DecList>\
         <OriginCountry>{origin}</OriginCountry><DestinationCountry>{destination}</DestinationCountry>\
         </DecList></DecLists></DecMessage>"
    );
    CnSingleWindow::read(message.as_bytes(), XML)
}

fn countries(item: &GoodsItem) -> [Option<&str>; 2] {
    [&item.origin, &item.destination_country].map(|code| code.as_ref().map(|code| code.value.as_str()))
}

#[test]
fn origin_and_destination_change_places_on_exports() {
    for (written, expected, problems) in [
        (("SGP", "CHN"), ("CHN", "SGP"), &[][..]),
        (("502", "142"), ("142", "502"), &[]),
        (("CHN", "SGP"), ("CHN", "SGP"), &["origin-not-exchanged"]),
        (("SGP", "NZL"), ("NZL", "SGP"), &[]),
        (("CHN", "CHN"), ("CHN", "CHN"), &[]),
    ] {
        let reading = exported(written.0, written.1);
        let (origin, destination) = expected;
        assert_eq!(countries(&declaration(&reading).items[0]), [Some(origin), Some(destination)]);
        assert_eq!(codes(&reading), problems, "{written:?}");
    }
}

#[test]
fn both_notations_say_the_same() {
    let json = r#"{"DecMessage": {"DecHead": {"IEFlag": "I", "EntryId": "1", "TradeName": "甲"},
        "DecLists": {"DecList": {"GNo": 1, "CodeTS": "0409000000", "FirstQty": 2.50, "FirstUnit": "035"}}}}"#;
    let xml = "<DecMessage><DecHead><IEFlag>I</IEFlag><EntryId>1</EntryId><TradeName>甲</TradeName></DecHead><DecLists>\
        <DecList><GNo>1</GNo><CodeTS>0409000000</CodeTS><FirstQty>2.50</FirstQty><FirstUnit>035</FirstUnit></DecList>\
        </DecLists></DecMessage>";
    let (json, xml) =
        (CnSingleWindow::read(json.as_bytes(), JSON), CnSingleWindow::read(xml.as_bytes(), XML));
    let (one, other) = (&declaration(&json).items[0], &declaration(&xml).items[0]);
    let weight = |item: &GoodsItem| {
        item.net_weight.as_ref().map(|weight| (weight.value, weight.unit_as_written.clone()))
    };
    assert_eq!(weight(one), weight(other));
    assert_eq!(weight(one).and_then(|(_, unit)| unit).as_deref(), Some("CN-UNIT:035"));
    assert_eq!((json.unmapped, xml.unmapped), (vec![], vec![]));
}

#[test]
fn what_is_no_declaration_gives_problems() {
    assert_eq!(codes(&CnSingleWindow::read(b"<Other/>", XML)), ["not-a-declaration"]);
    assert_eq!(codes(&CnSingleWindow::read(b"[]", JSON)), ["not-a-declaration"]);
    assert_eq!(codes(&CnSingleWindow::read(b"{", JSON)), ["json-unexpected-end"]);
    let empty = CnSingleWindow::read(b"{\"decHead\": {\"iEFlag\": \"I\"}}", JSON);
    assert_eq!(codes(&empty), ["no-number", "declaration-without-items"]);
    assert!(empty.documents.is_empty());
}

#[test]
fn formats_are_recognised_by_their_first_bytes() {
    let sure =
        |head: &str| CnSingleWindow::recognise(head.as_bytes()).map(|found| (found.format, found.confidence));
    assert_eq!(sure(MESSAGE), Some((XML.into(), 100)));
    assert_eq!(sure(IN_JSON), Some((JSON.into(), 90)));
    assert_eq!(sure("\u{feff} {\"decMessage\": {\"decHead\": {"), Some((JSON.into(), 100)));
    assert_eq!(sure("<DecMessage>"), Some((XML.into(), 80)));
    assert_eq!(sure("<Declaration/>"), None);
    assert_eq!(sure("{\"items\": []}"), None);
}

#[test]
fn the_manifest_is_complete() {
    ecert_sdk::testing::assert_adapter_manifest::<CnSingleWindow>();
}

#[test]
fn damaged_messages_are_read_or_refused() {
    are_read_steadily::<CnSingleWindow>(&[MESSAGE.as_bytes(), IN_JSON.as_bytes()]);
}
