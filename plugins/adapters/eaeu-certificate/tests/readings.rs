//! What holds of every message, and what single parts become. Whole messages
//! are fixtures.

use adapter_testing::any_message::are_read_steadily;
use adapter_testing::codes;
use eaeu_certificate::{EaeuCertificate, FORMAT};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::Reading;

const MESSAGE: &str = include_str!("../fixtures/in-envelope/message.xml");
const DAMAGED: &str = include_str!("../fixtures/mojibake/message.xml");

fn read(message: &str) -> Reading {
    EaeuCertificate::read(message.as_bytes(), FORMAT)
}

fn certificate(reading: Reading) -> Certificate {
    match reading.documents.into_iter().next() {
        Some(Document::Certificate(certificate)) => certificate,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_day_of_the_calendar_is_no_day() {
    assert_eq!(certificate(read(MESSAGE)).validity, None);
    let valid = certificate(read(&MESSAGE.replace("0001-01-01", "01.06.2026"))).validity.expect("a last day");
    assert_eq!(valid.end.map(|end| end.to_string()).as_deref(), Some("2026-06-01"));
}

#[test]
fn a_certificate_that_does_not_say_whether_it_holds_has_no_status() {
    let status = |message: &str| certificate(read(message)).status.value;
    assert_eq!(status(MESSAGE), "70");
    assert_eq!(status(&MESSAGE.replace(">false<", ">true<")), "64");
    let silent = MESSAGE.replace("<Canceled>false</Canceled>", "");
    assert_eq!(status(&silent), "");
    assert_eq!(codes(&read(&silent)), ["unknown-status"]);
}

#[test]
fn damaged_letters_are_told_and_never_taken_for_a_name() {
    let reading = read(DAMAGED);
    assert_eq!(codes(&reading), ["mojibake"; 5]);
    let certificate = certificate(reading);
    let consignor = certificate.consignment.consignor.expect("its numbers are there");
    assert_eq!((consignor.names.len(), consignor.extensions.len()), (0, 1));
    assert!(consignor.extensions[0].value.starts_with('Р'), "kept as it came");
    assert_eq!(certificate.consignment.lines[0].scientific_names[0].value, "Tulipa gesneriana");
}

#[test]
fn what_is_no_certificate_gives_problems() {
    assert_eq!(codes(&read("<Request91/>")), ["no-certificate"]);
    assert_eq!(codes(&read("<Request91><Certificate/></Request91>")), ["no-number"]);
    assert_eq!(codes(&read("")), ["xml-no-root"]);
}

#[test]
fn formats_are_recognised_by_their_first_bytes() {
    let sure = |head: &str| EaeuCertificate::recognise(head.as_bytes()).map(|found| found.confidence);
    assert_eq!(sure(MESSAGE), Some(90));
    assert_eq!(sure("<q:Request91 xmlns:q='urn:q'><q:GUID/>"), Some(60));
    assert_eq!(sure("<Certificate><Blanc>1</Blanc>"), Some(70));
    assert_eq!(sure("<rsm:SPSCertificate>"), None);
}

#[test]
fn the_manifest_is_complete() {
    ecert_sdk::testing::assert_adapter_manifest::<EaeuCertificate>();
}

#[test]
fn damaged_messages_are_read_or_refused() {
    are_read_steadily::<EaeuCertificate>(&[MESSAGE.as_bytes(), DAMAGED.as_bytes()]);
}
