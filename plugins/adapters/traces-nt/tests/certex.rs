//! What customs and TRACES NT say to each other about the quantities of a CHED.

use adapter_testing::told::{measure, numbers};
use adapter_testing::{codes, samples, sps};
use ecert_sdk::model::documents::{Acknowledgement, Document};
use ecert_sdk::model::readings::Reading;
use traces_nt::TracesNt;

const NAMESPACE: &str = "http://ec.europa.eu/sanco/tracesnt/customs_certex/ched/v06";

fn read(message: &[u8]) -> Reading {
    assert_eq!(adapter_testing::recognised::<TracesNt>(message), Some(("traces-certex".into(), 95)));
    adapter_testing::read::<TracesNt>(message)
}

/// An answer of TRACES NT.
fn answer(name: &str, inside: &str) -> Reading {
    read(format!("<c:{name} xmlns:c='{NAMESPACE}'>{inside}</c:{name}>").as_bytes())
}

#[track_caller]
fn acknowledgement(reading: &Reading) -> &Acknowledgement {
    assert_eq!((codes(reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    match reading.documents.last() {
        Some(Document::Acknowledgement(acknowledgement)) => acknowledgement,
        other => panic!("an acknowledgement, not {other:?}"),
    }
}

#[test]
fn samples_a_reservation_is_a_declaration_that_cites_the_ched() {
    let reading = read(&samples::message("ledger/02-reserveA.request.xml"));
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let [Document::Declaration(declaration)] = reading.documents.as_slice() else { panic!("a declaration") };
    assert_eq!(declaration.mrn.as_ref().unwrap().value, "26GB1669CAPTUREA01");
    assert_eq!(declaration.offices[0].value, "XI000002");
    let [item] = declaration.items.as_slice() else { panic!("one item") };
    assert_eq!(item.commodity.as_ref().unwrap().class_code.as_deref(), Some("040100"));
    let [document] = item.documents.as_slice() else { panic!("one document") };
    assert_eq!(document.number.as_ref().unwrap().value, "CHEDP.XI.2026.0000875");
    assert_eq!((document.line, measure(document.write_off.as_ref())), (Some(1), "0.001 KGM".into()));
}

#[test]
fn samples_the_answer_tells_the_result_and_the_ledger() {
    let reading = read(&samples::message("ledger/02-reserveA.response.xml"));
    let answer = acknowledgement(&reading);
    assert_eq!((answer.status.value.as_str(), answer.status.name.as_deref()), ("1", Some("reserved")));
    let ledger: Vec<_> = answer.extensions.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
    let reserved = "line 1, code 040100, quantity 0.001, unit KGM, mrn 26GB1669CAPTUREA01, item 1, \
        at 2026-09-29T14:12:02.966Z, office XI000002";
    assert_eq!(ledger[0], ("AvailableQuantity", "line 1, code 0401, quantity 399.999, unit KGM"));
    assert_eq!(ledger[1], ("ReservedQuantity", reserved));
    assert_eq!(ledger.len(), 3);
}

#[test]
fn the_ched_comes_with_its_ledger() {
    let inside = sps::line("<CommonName>Milk</CommonName>");
    let summary = "<c:QuantityManagementSummary><AvailableQuantity><SwSupportingDocument><Quantity>400</Quantity>\
        </SwSupportingDocument></AvailableQuantity></c:QuantityManagementSummary>";
    let certificate = format!("<c:ChedCertificate>{inside}</c:ChedCertificate>");
    let reading = answer("ProcessedChedInformationResponse", &format!("{certificate}{summary}"));
    assert_eq!(acknowledgement(&reading).subjects[0].number.as_ref().unwrap().value, "A1");
    assert!(matches!(reading.documents[0], Document::Certificate(_)));
    // Nothing but the certificate is there to tell of.
    assert_eq!(answer("ProcessedChedInformationResponse", &certificate).documents.len(), 1);
    // TRACES NT knows no such CHED.
    let unknown = answer("ProcessedChedInformationResponse", "<c:OperationCode>0</c:OperationCode>");
    assert_eq!(acknowledgement(&unknown).status.value, "");
}

#[test]
fn a_refusal_has_its_reason() {
    let refused = "<c:ReservationResult>0</c:ReservationResult>\
        <c:ReservationFailureReason>05</c:ReservationFailureReason><c:ReservationFailureConsignmentItem>\
        <GoodsItemNumber>2</GoodsItemNumber></c:ReservationFailureConsignmentItem>";
    let reading = answer("ProcessedChedInformationResponse", refused);
    let answer = acknowledgement(&reading);
    assert_eq!(answer.status.name.as_deref(), Some("refused"));
    assert_eq!(answer.reasons[0].value, "05: the certificate's line has not enough left");
    let item = &answer.extensions[0];
    assert_eq!(
        (item.name.as_str(), item.value.as_str()),
        ("ReservationFailureConsignmentItem/GoodsItemNumber", "2")
    );
}

#[test]
fn releases_and_their_outcomes_are_acknowledgements() {
    let request = "<c:CompetentCustomsOffice><ReferenceNumber>XI1</ReferenceNumber></c:CompetentCustomsOffice>\
        <c:SendingDate>2026-09-29T14:12:53Z</c:SendingDate><c:CustomsDocumentReference>26GB1</c:CustomsDocumentReference>\
        <c:ChedCertificateId>CHEDP.XI.2026.1</c:ChedCertificateId>\
        <c:GoodsClearanceInformation>01</c:GoodsClearanceInformation>";
    let reading = answer("ChedClearanceRequest", request);
    let subjects: Vec<_> =
        acknowledgement(&reading).subjects.iter().filter_map(|subject| subject.number.clone()).collect();
    assert_eq!(numbers(&subjects), ["CHEDP.XI.2026.1", "26GB1"]);

    let outcome =
        "<c:QuantityManagementOutcome>03</c:QuantityManagementOutcome><c:OperationCode>0</c:OperationCode>";
    let reading = answer("ChedClearanceResponse", outcome);
    assert_eq!(
        acknowledgement(&reading).status.name.as_deref(),
        Some("the quantities were consumed already")
    );
}

#[test]
fn what_is_wrong_with_a_reservation_is_said() {
    let goods = "<c:CommodityDescriptionForChed><GoodsItemNumber>one</GoodsItemNumber>\
        <NetWeightQuantity>1,5</NetWeightQuantity></c:CommodityDescriptionForChed>";
    assert_eq!(codes(&answer("ProcessedChedRequest", goods)), ["bad-number", "bad-number", "bad-sequence"]);
}
