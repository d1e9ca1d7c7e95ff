//! Reads real messages, which are not part of the project.

use adapter_testing::told::{class_codes, code, measure, moment, named, numbers, packages, values};
use adapter_testing::{codes, samples};
use ecert_sdk::model::certificates::{Certificate, CertificateRole};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::parts::AttachmentEncoding;
use ecert_sdk::model::readings::Reading;
use traces_nt::TracesNt;

/// Reads a file whose only document is a certificate of which nothing is
/// unmapped.
fn certificate(file: &str, format: &str, problems: &[&str]) -> (Certificate, Reading, Vec<u8>) {
    let message = samples::message(&format!("certificates/{file}"));
    let recognised = adapter_testing::recognised::<TracesNt>(&message).expect("a known format");
    assert_eq!(recognised.0, format);
    let mut reading = adapter_testing::read::<TracesNt>(&message);
    assert_eq!(codes(&reading), problems);
    assert_eq!(reading.unmapped, []);
    assert_eq!(reading.documents.len(), 1);
    let Some(Document::Certificate(certificate)) = reading.documents.pop() else {
        panic!("{file}: no certificate")
    };
    (certificate, reading, message)
}

#[test]
fn samples_traces_response_is_an_entry_document() {
    let (certificate, reading, _) = certificate("traces-ched-v2-chedpp-xi.xml", "traces-ched-v2", &[]);
    assert_eq!(certificate.role, CertificateRole::EntryDocument);
    assert_eq!(certificate.template.as_ref().unwrap().value, "PP");
    assert_eq!(certificate.number.value, "CHEDPP.XI.2026.0000064");
    assert_eq!(certificate.number.normalised.as_deref(), Some("CHEDPPXI20260000064"));
    assert_eq!((certificate.type_code.value.as_str(), certificate.status.value.as_str()), ("636", "1"));
    assert_eq!(moment(certificate.issued), "2026-06-17T13:56:28+02:00");
    assert_eq!(code(certificate.issuing_country.as_ref()), "XI");
    assert_eq!(numbers(&certificate.cites), ["PHYTO12345"]);
    assert_eq!(certificate.replaces, []);
    let link = &certificate.referenced_documents[0].attachments[0];
    assert_eq!(link.encoding, AttachmentEncoding::External);
    assert!(link.uri.as_ref().unwrap().ends_with("CHEDPP.XI.2026.0000064"));
    assert_eq!(certificate.authentications[0].clauses[0].identifier.as_deref(), Some("PURPOSE"));

    let consignment = &certificate.consignment;
    assert_eq!(named(consignment.consignor.as_ref()), (vec!["RIPE NOW LIMITED"], vec!["54967"]));
    assert_eq!(named(consignment.consignee.as_ref()), (vec!["Fintan Test Ltd"], vec!["RMS-GB-000001"]));
    assert_eq!(named(consignment.delivery.as_ref()).0, ["NI Supermarket Test"]);
    assert_eq!(named(consignment.operator.as_ref()).0, ["Dave Imports"]);
    assert_eq!(consignment.export_country.as_ref().unwrap().country.value, "GB");
    assert_eq!(consignment.import_country, None);
    assert_eq!(moment(consignment.arrival), "2026-06-18T00:00:00+01:00");
    assert_eq!(code(consignment.transport[0].nationality.as_ref()), "GB");
    let border_post = consignment.unloading_place.as_ref().unwrap();
    assert_eq!(numbers(&border_post.identifiers), ["GBBEL", "XIBEL1"]);
    assert_eq!(values(&border_post.names), ["Belfast", "Belfast Port", "Address c"]);
    assert_eq!(code(border_post.country.as_ref()), "XI");

    let totals = consignment.totals.as_ref().unwrap();
    assert_eq!(measure(totals.net_weight.as_ref()), "500 KGM");
    assert_eq!(totals.packages[0].count.unwrap().to_string(), "10.0");
    let [line] = consignment.lines.as_slice() else { panic!("one line") };
    assert_eq!(line.sequence, 1);
    assert_eq!(class_codes(line)[..2], [("CN", "08051022"), ("EPPT", "1CJCG")]);
    assert_eq!(line.classifications[0].names.len(), 5);
    assert_eq!(measure(line.net_weight.as_ref()), "500 KGM");
    assert_eq!(packages(line), [("BE", "10.0".into())]);
    assert_eq!(line.origins[0].country.value, "ZA");
    let place = reading.places[line.place as usize];
    assert_eq!((place.line, place.column, place.ordinal), (188, 13, 2));
}

#[test]
fn samples_traces_submission_counts_animals() {
    let file = "traces-cheda-horse-submission.xml";
    let (certificate, ..) = certificate(file, "traces-ched-v1", &["no-number"]);
    assert_eq!(certificate.role, CertificateRole::EntryDocument);
    assert_eq!(certificate.template.as_ref().unwrap().value, "A");
    assert_eq!(certificate.number.value, "");
    assert_eq!(numbers(&certificate.cites), ["SPS-Certificate-007"]);
    assert_eq!(moment(certificate.referenced_documents[0].issued), "2019-03-21T17:56:00+02:00");
    let consignment = &certificate.consignment;
    assert_eq!(moment(consignment.departure), "2019-04-09T01:00:00+01:00");
    assert_eq!(moment(consignment.arrival), "2019-04-10T17:56:00+02:00");
    assert_eq!(consignment.examination_place, None);
    assert_eq!(consignment.extensions[0].value, "2019-04-11T15:00:00.000+02:00");
    assert_eq!(numbers(&consignment.transport[0].identifiers), ["LH1198"]);
    let [line] = consignment.lines.as_slice() else { panic!("one line") };
    assert_eq!(measure(line.count.as_ref()), "1 H87");
    assert_eq!((line.net_volume.as_ref(), line.net_weight.as_ref()), (None, None));
    assert_eq!(class_codes(line), [("CN", "0101"), ("EPPT_INVASIVE_ALLOWED", "EQUUCA")]);
    assert_eq!(values(&line.scientific_names), ["Equus caballus"]);
}

#[test]
fn samples_traces_submission_replaces_another() {
    let file = "traces-cheda-horse-replacing.xml";
    let (certificate, ..) = certificate(file, "traces-ched-v1", &["no-number"]);
    assert_eq!(numbers(&certificate.replaces), ["CHEDA.ES.2019.0000011"]);
    assert_eq!(numbers(&certificate.cites), ["SPS-Certificate-007"]);
    assert_eq!(certificate.cites[0].scheme.as_deref(), Some("RS"));
    assert_eq!(certificate.referenced_documents.len(), 3);
    let consignment = &certificate.consignment;
    assert_eq!(named(consignment.consignee.as_ref()), (vec!["Private Importer"], vec!["ES789456"]));
    assert_eq!(consignment.export_country.as_ref().unwrap().country.value, "RS");
    assert_eq!(measure(consignment.lines[0].count.as_ref()), "1 H87");
}
