//! What holds of every message, and what single parts become. Whole messages
//! are fixtures.

use adapter_testing::any_message::are_read_steadily;
use adapter_testing::codes;
use asycuda_sad::{AsycudaSad, FORMAT};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::declarations::Declaration;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::Reading;

const MESSAGE: &str = include_str!("../fixtures/import/message.xml");

fn read(message: &str) -> Reading {
    AsycudaSad::read(message.as_bytes(), FORMAT)
}

/// A declaration with one item, which holds this.
fn with_item(item: &str) -> (Declaration, Vec<String>) {
    let message = format!(
        "<ASYCUDA><Property><Sad_flow>I</Sad_flow></Property><Declarant><Reference><Number>1</Number></Reference>\
         </Declarant><Item>{item}</Item></ASYCUDA>"
    );
    let reading = read(&message);
    let problems = codes(&reading).into_iter().map(str::to_owned).collect();
    match reading.documents.into_iter().next() {
        Some(Document::Declaration(declaration)) => (declaration, problems),
        other => panic!("{other:?}"),
    }
}

#[test]
fn dates_are_month_day_year() {
    let issued = |date: &str| {
        let document = format!(
            "<Attached_documents><Attached_document_code>852</Attached_document_code>\
             <Attached_document_date>{date}</Attached_document_date></Attached_documents>"
        );
        let (declaration, problems) = with_item(&document);
        (declaration.items[0].documents[0].issued.map(|day| day.to_string()), problems)
    };
    let good = |day: &str| (Some(day.to_owned()), vec![]);
    let bad = || (None, vec!["not-a-date".to_owned()]);
    assert_eq!(issued("5/9/26"), good("2026-05-09"));
    assert_eq!(issued("12/31/2025"), good("2025-12-31"));
    assert_eq!(issued("2026-05-09"), good("2026-05-09"));
    assert_eq!(issued("0/0/00"), (None, vec![]));
    // Day and month are never exchanged to make sense of it.
    assert_eq!(issued("31/12/25"), bad());
    assert_eq!(issued("2/30/26"), bad());
    assert_eq!(issued("5/9"), bad());
}

#[test]
fn commodity_codes_are_joined_as_far_as_they_are_digits() {
    let code = |parts: [&str; 3]| {
        let [code, first, last] = parts;
        let (declaration, _) = with_item(&format!(
            "<Tarification><HScode><Commodity_code>{code}</Commodity_code><Precision_1>{first}</Precision_1>\
             <Precision_4>{last}</Precision_4></HScode></Tarification>"
        ));
        let item = &declaration.items[0];
        let joined = item.commodity.as_ref().and_then(|code| code.class_code.clone()).unwrap_or_default();
        (joined, item.extensions.iter().map(|extension| extension.value.clone()).collect::<Vec<_>>())
    };
    assert_eq!(code(["02023000", "000", ""]), ("02023000000".into(), vec![]));
    assert_eq!(code(["02023000", "00", "11"]), ("020230000011".into(), vec![]));
    assert_eq!(code(["02023000", "000", "AB-1"]), ("02023000000".into(), vec!["AB-1".into()]));
    assert_eq!(code(["02023000", "000", "12345678"]), ("02023000000".into(), vec!["12345678".into()]));
}

#[test]
fn what_is_no_declaration_gives_problems() {
    assert_eq!(codes(&read("<Sad/>")), ["not-a-declaration"]);
    assert_eq!(codes(&read("")), ["xml-no-root"]);
    let empty = read("<ASYCUDA><Property><Sad_flow>E</Sad_flow></Property></ASYCUDA>");
    assert_eq!(codes(&empty), ["no-number", "declaration-without-items"]);
    assert!(empty.documents.is_empty());
}

#[test]
fn formats_are_recognised_by_their_first_bytes() {
    let sure = |head: &str| AsycudaSad::recognise(head.as_bytes()).map(|found| found.confidence);
    assert_eq!(sure(MESSAGE), Some(95));
    assert_eq!(sure("<ASYCUDA id=\"1\">"), Some(95));
    assert_eq!(sure("<Declaration/>"), None);
}

#[test]
fn the_manifest_is_complete() {
    ecert_sdk::testing::assert_adapter_manifest::<AsycudaSad>();
}

#[test]
fn damaged_messages_are_read_or_refused() {
    are_read_steadily::<AsycudaSad>(&[MESSAGE.as_bytes()]);
}
