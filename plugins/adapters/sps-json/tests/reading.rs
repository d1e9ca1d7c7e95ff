//! Certificates in JSON, in small messages and in real ones.

use adapter_testing::told::{measure, numbers, packages, values};
use adapter_testing::{any_message, at, certificate, codes, examples, samples};
use ecert_sdk::adapter::Adapter as _;
use ecert_sdk::model::certificates::CertificateRole;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::{ProblemSeverity, Reading};
use sps_json::SpsJson;

fn read(message: &str) -> Reading {
    adapter_testing::read::<SpsJson>(message.as_bytes())
}

/// A certificate with one line.
fn line(line: &str) -> String {
    format!(
        r#"{{"spsExchangedDocument": {{"id": {{"value": "A1"}}, "typeCode": {{"value": "852"}},
        "statusCode": {{"value": "70", "name": "Issued"}}}}, "spsConsignment": {{"includedSpsConsignmentItem":
        [{{"includedSpsTradeLineItem": [{{"sequenceNumeric": {{"value": 1}}, {line}}}]}}]}}}}"#
    )
}

#[test]
fn it_is_known_by_its_members() {
    ecert_sdk::testing::assert_adapter_manifest::<SpsJson>();
    let known = |message: &str| adapter_testing::recognised::<SpsJson>(message.as_bytes());
    assert_eq!(known(&line("\"a\": 1")), Some(("sps-json".into(), 90)));
    assert_eq!(known("\u{FEFF} {\"spsConsignment\": {}}"), Some(("sps-json".into(), 90)));
    for other in ["", "{}", "[]", "{\"declaration\": 1}", "<spsConsignment/>"] {
        assert_eq!(known(other), None, "{other}");
    }
}

#[test]
fn values_stand_in_objects_or_alone() {
    let message = line(
        r#""commonName": {"value": "Tea", "languageID": "en"}, "netWeightMeasure": {"value": 12.50, "unitCode": "KGM"},
        "grossWeightMeasure": {"value": "13", "unitCode": "KGM"}, "expiryDateTime": "2026-05-04",
        "applicableSpsClassification": {"systemID": {"value": "CN"}, "classCode": "0902"}"#,
    );
    let reading = read(&message);
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let certificate = certificate(&reading);
    assert_eq!(certificate.status.name.as_deref(), Some("Issued"));
    let line = &certificate.consignment.lines[0];
    assert_eq!(line.common_names[0].language.as_deref(), Some("en"));
    // As written, to the last digit.
    assert_eq!(measure(line.net_weight.as_ref()), "12.50 KGM");
    assert_eq!(measure(line.gross_weight.as_ref()), "13 KGM");
    assert_eq!(line.expiry.unwrap().to_string(), "2026-05-04");
    assert_eq!(line.classifications[0].class_code.as_deref(), Some("0902"));
    assert_eq!(
        at(&reading, line.net_weight.as_ref().unwrap().place, message.as_bytes()),
        r#"{"value": 12.50, "unitCode": "KGM"}"#
    );
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    let message =
        line(r#""netWeightMeasure": {"value": "1,5", "unitCode": "KGM"}, "colour": {"value": "green"}"#);
    let reading = read(&message);
    assert_eq!(codes(&reading), ["bad-number"]);
    assert!(at(&reading, reading.problems[0].place, message.as_bytes()).contains("1,5"));
    assert!(reading.unmapped[0].path.ends_with("/colour/value"), "{:?}", reading.unmapped);

    let reading = read(r#"{"spsConsignment": {"includedSpsConsignmentItem": []}}"#);
    assert_eq!((codes(&reading), reading.documents.len()), (vec!["no-document"], 0));
    assert_eq!(
        codes(&read("{\"spsExchangedDocument\": {}}")),
        ["no-consignment", "missing-type", "no-number", "missing-status"]
    );
    assert_eq!(codes(&read("{\"certificate\": {}}")), ["no-certificate"]);
    assert_eq!(codes(&read("{\"spsConsignment\": {")), ["json-unexpected-end"]);
}

#[test]
fn acknowledgements_are_read() {
    let reading = read(
        r#"{"spsAcknowledgementDocument": {"statusCode": {"value": "41"}, "reasonInformation": [{"value": "Late"}],
        "referenceSpsReferencedDocument": [{"typeCode": {"value": "852"}, "id": {"value": "A1"}}]}}"#,
    );
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let [Document::Acknowledgement(answer)] = reading.documents.as_slice() else { panic!("an answer") };
    assert_eq!((answer.status.value.as_str(), answer.reasons[0].value.as_str()), ("41", "Late"));
    assert_eq!(answer.subjects[0].number.as_ref().unwrap().value, "A1");
}

/// A real message, with its problems and what was not taken over.
fn sample(file: &str) -> (Reading, Vec<u8>) {
    let message = samples::message(&format!("certificates/{file}"));
    assert!(adapter_testing::recognised::<SpsJson>(&message).is_some());
    (adapter_testing::read::<SpsJson>(&message), message)
}

#[test]
fn samples_a_ched_of_the_single_trade_window() {
    let (reading, message) = sample("uk-stw-chedp_ehc_complete.json");
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let certificate = certificate(&reading);
    assert_eq!(certificate.role, CertificateRole::EntryDocument);
    assert_eq!(certificate.number.value, "NZL2020/PPCS2/121580");
    assert_eq!(
        (certificate.status.value.as_str(), certificate.status.name.as_deref()),
        ("47", Some("Draft"))
    );
    assert_eq!(numbers(&certificate.cites), ["9022780365"]);
    let attachment = &certificate.referenced_documents[0].attachments[0];
    assert_eq!(attachment.filename.as_deref(), Some("sample.pdf"));
    assert!(at(&reading, attachment.place, &message).starts_with("JVBERi0xLjc"));
    let [first, _] = certificate.consignment.lines.as_slice() else { panic!("two lines") };
    assert_eq!(measure(first.net_weight.as_ref()), "939.26 KGM");
    assert_eq!(packages(first), [("BG", "2.0".into())]);
    let systems: Vec<_> = first.classifications.iter().filter_map(|it| it.system.as_deref()).collect();
    assert_eq!(systems, ["CN", "IPAFFS_CCT", "IPAFFS_CCC", "IPAFFS_CCF"]);
    assert_eq!(values(&first.classifications[2].names), ["Artiodactyla"]);
    let works = first.processes[0].establishment.as_ref().unwrap();
    assert_eq!(works.approval_number.as_ref().unwrap().value, "ME26");
}

#[test]
fn samples_are_all_read() {
    let expected = [
        ("uk-stw-cheda_trade_eu_complete.json", vec![]),
        ("uk-stw-chedd_ehc_complete.json", vec!["missing-type"]),
        ("uk-stw-chedp_ehc_complete.json", vec![]),
        ("uk-stw-chedpp_trade_complete.json", vec![]),
    ];
    let paths = examples::files(&samples::folder().join("certificates"), "json");
    assert_eq!(paths.len(), expected.len());
    for (file, problems) in expected {
        let (reading, _) = sample(file);
        let said: Vec<_> = reading.problems.iter().map(|it| it.code.as_str()).collect();
        assert_eq!((said, reading.unmapped.as_slice()), (problems, [].as_slice()), "{file}");
        assert!(reading.problems.iter().all(|it| it.severity < ProblemSeverity::Fatal), "{file}");
        assert_eq!(reading.documents.len(), 1, "{file}");
    }
}

#[test]
fn damaged_messages_are_read_steadily() {
    let reading = adapter_testing::read::<uncefact_sps::UncefactSps>(include_bytes!(
        "../../../../examples/messages/clean/beef-frozen/certificate.xml"
    ));
    let written = SpsJson::write(&reading.documents[0], "sps-json").expect("a message");
    any_message::are_read_steadily::<SpsJson>(&[&written, line("\"a\": 1").as_bytes()]);
}
