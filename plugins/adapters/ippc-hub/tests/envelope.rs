//! The envelope of the hub, and what may stand in it.

use adapter_testing::sps::line;
use adapter_testing::{at, certificate, codes};
use ecert_sdk::adapter::Adapter as _;
use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::parts::AttachmentEncoding;
use ecert_sdk::model::readings::{ProblemSeverity, Reading};
use ecert_sdk::model::values::Code;
use ippc_hub::IppcHub;

fn read(message: &str) -> Reading {
    adapter_testing::read::<IppcHub>(message.as_bytes())
}

#[test]
fn the_hub_envelope_must_agree_with_its_certificate() {
    let inside = line("<CommonName>Tea</CommonName>");
    let hub = |number: &str| {
        format!(
            "<h:DeliverPhytoEnvelope xmlns:h='http://ephyto.ippc.int/'><h:From>KE</h:From><h:To>GB</h:To>\
             <h:CertificateType>852</h:CertificateType><h:NPPOCertificateNumber>{number}</h:NPPOCertificateNumber>\
             {inside}</h:DeliverPhytoEnvelope>"
        )
    };
    let reading = read(&hub("A1"));
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));

    // Each disagreement is told at both places.
    let message = hub("A2");
    let reading = read(&message);
    assert_eq!(codes(&reading), ["envelope-differs", "envelope-differs"]);
    let places: Vec<_> =
        reading.problems.iter().map(|problem| at(&reading, problem.place, message.as_bytes())).collect();
    assert_eq!(places, ["<h:NPPOCertificateNumber>A2</h:NPPOCertificateNumber>", "<ID>A1</ID>"]);
    assert!(reading.problems.iter().all(|problem| problem.severity == ProblemSeverity::Fatal));
}

#[test]
fn the_hub_keeps_certificates_as_texts() {
    let inside = line("<CommonName>Tea</CommonName>");
    let hub = |content: &str| {
        format!(
            "<h:Envelope xmlns:h='http://ephyto.ippc.int/HUB.Entities'><h:From>KE</h:From><h:To>GB</h:To>\
             <h:CertificateType>852</h:CertificateType><h:CertificateStatus>70</h:CertificateStatus>\
             <h:NPPOCertificateNumber>A1</h:NPPOCertificateNumber><h:hubDeliveryNumber>9</h:hubDeliveryNumber>\
             <h:Content>{content}</h:Content></h:Envelope>"
        )
    };
    let envelope = hub(&format!("\n<![CDATA[{inside}]]>\n"));
    let reading = read(&envelope);
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let [Document::Embedded(embedded)] = reading.documents.as_slice() else { panic!("one message inside") };
    assert_eq!((embedded.encoding, embedded.format.as_deref()), (AttachmentEncoding::Verbatim, None));
    let place = reading.places[embedded.place as usize];
    assert_eq!(&envelope[place.start as usize..place.end as usize], inside);
    assert_eq!(embedded.sender.as_ref().unwrap().value, "KE");
    assert_eq!(embedded.receiver.as_ref().unwrap().value, "GB");
    let claims: Vec<_> = embedded.claims.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
    let expected = [("number", "A1"), ("type", "852"), ("status", "70")];
    assert_eq!(claims, expected);

    assert_eq!(codes(&read(&hub(""))), ["no-certificate"]);
}

#[test]
fn a_certificate_may_stand_there_with_its_markup_escaped() {
    let inside = line("<CommonName>Tea &amp; sage</CommonName><Colour>green</Colour>");
    let escaped = |message: &str| message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let hub = |number: &str, content: &str| {
        format!(
            "<h:Envelope xmlns:h='http://ephyto.ippc.int/HUB.Entities'><h:From>KE</h:From><h:To>GB</h:To>\
             <h:CertificateType>852</h:CertificateType><h:CertificateStatus>70</h:CertificateStatus>\
             <h:NPPOCertificateNumber>{number}</h:NPPOCertificateNumber><h:Content>{content}</h:Content>\
             </h:Envelope>"
        )
    };
    let message = hub("A1", &escaped(&inside));
    let reading = read(&message);
    assert_eq!(codes(&reading), [""; 0]);
    let line = &certificate(&reading).consignment.lines[0];
    assert_eq!(line.common_names[0].value, "Tea & sage");
    // All places inside are that of the text.
    assert_eq!(at(&reading, line.place, message.as_bytes()), escaped(&inside));
    assert!(reading.unmapped[0].path.ends_with("/Colour"), "{:?}", reading.unmapped);

    assert_eq!(codes(&read(&hub("A2", &escaped(&inside)))), ["envelope-differs", "envelope-differs"]);
    let reading = read(&hub("A1", &escaped("<Tea>\n<Sage></Tea>")));
    assert_eq!((codes(&reading), reading.documents.len()), (vec!["xml-mismatched-tag"], 0));
    assert!(reading.problems[0].text.contains("line 2"), "{}", reading.problems[0].text);
    assert_eq!(codes(&read(&hub("A1", "&lt;Tea/&gt;"))), ["no-certificate"]);
}

#[test]
fn an_acknowledgement_is_about_the_certificate_on_its_envelope() {
    let hub = |number: &str| {
        format!(
            "<h:DeliverCountryResponseEnvelope xmlns:h='http://ephyto.ippc.int/'><h:CountryResponseEnvelope>\
             <From>GB</From><To>KE</To><CertificateType>851</CertificateType><CertificateStatus>70</CertificateStatus>\
             <NPPOCertificateNumber>{number}</NPPOCertificateNumber>\
             <SPSAcknowledgement xmlns='urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17'>\
             <SPSAcknowledgementDocument><StatusCode>39</StatusCode><ReferenceSPSReferencedDocument>\
             <TypeCode>851</TypeCode><ID>KE/7</ID></ReferenceSPSReferencedDocument></SPSAcknowledgementDocument>\
             </SPSAcknowledgement></h:CountryResponseEnvelope></h:DeliverCountryResponseEnvelope>"
        )
    };
    let reading = read(&hub("KE 7"));
    assert_eq!(codes(&reading), [""; 0]);
    let [Document::Acknowledgement(answer)] = reading.documents.as_slice() else { panic!("an answer") };
    assert_eq!(answer.status.value, "39");
    assert_eq!(codes(&read(&hub("KE/8"))), ["envelope-differs", "envelope-differs"]);
}

#[test]
fn it_is_known_by_its_namespace() {
    ecert_sdk::testing::assert_adapter_manifest::<IppcHub>();
    let inside = line("");
    let head = format!("<s:Envelope xmlns:s='urn:soap'><h:E xmlns:h='http://ephyto.ippc.int/'>{inside}");
    assert_eq!(adapter_testing::recognised::<IppcHub>(head.as_bytes()), Some(("ippc-hub".into(), 95)));
    assert_eq!(IppcHub::recognise(inside.as_bytes()), None);
}

#[test]
fn the_hub_tells_how_far_an_envelope_came() {
    let reading = read(include_str!("../fixtures/delivery-failed/message.xml"));
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let [Document::Acknowledgement(answer)] = reading.documents.as_slice() else { panic!("an answer") };
    assert_eq!(answer.status.value, "FailedDelivery");
    assert_eq!(answer.number.as_ref().unwrap().value, "2026-0000417");
    assert_eq!(answer.reasons[0].value, "The receiver did not answer within a minute.");
    assert_eq!(answer.subjects[0].number.as_ref().unwrap().value, "KEPHIS/PC/26/51221");
}

#[test]
fn the_gravest_level_is_the_status_of_a_check() {
    let reading = read(include_str!("../fixtures/validation/message.xml"));
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let [Document::Acknowledgement(answer)] = reading.documents.as_slice() else { panic!("an answer") };
    assert_eq!((answer.status.value.as_str(), answer.reasons.len()), ("SEVERE", 2));
    assert_eq!(answer.extensions[0].name, "ValidationResult/area");
    assert_eq!(answer.extensions[0].value, "MandatoryElements");

    let clean = read("<e:ValidatePhytoXMLResponse xmlns:e='http://ephyto.ippc.int/'/>");
    let [Document::Acknowledgement(answer)] = clean.documents.as_slice() else { panic!("an answer") };
    assert_eq!((answer.status.value.as_str(), answer.reasons.len()), ("valid", 0));
}

#[test]
fn answers_are_written_and_read_back() {
    let fixtures = ["validation", "answer"].map(|name| {
        let path = format!("{}/fixtures/{name}/message.xml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).expect("a fixture")
    });
    for message in fixtures {
        let reading = adapter_testing::read::<IppcHub>(&message);
        adapter_testing::assert_written_and_read_back::<IppcHub>(&reading.documents[0], "ippc-hub");
    }
}

#[test]
fn a_certificate_is_written_into_an_envelope_that_agrees_with_it() {
    let reading = read(include_str!("../fixtures/elements/message.xml"));
    let written = IppcHub::write(&reading.documents[0], "ippc-hub").expect("a message");
    let again = adapter_testing::read::<IppcHub>(&written);
    assert_eq!((codes(&again), again.unmapped.as_slice()), (vec![], [].as_slice()));
    let (certificate, again) = (certificate(&reading), certificate(&again));
    assert_eq!(certificate.number.value, again.number.value);
    assert_eq!(certificate.consignment.lines.len(), again.consignment.lines.len());
    // What the profile has no element for is a note under its path.
    let subjects = again.notes.iter().filter_map(|note| note.subject.as_ref());
    assert!(subjects.clone().any(|it| it.value == "SPSExchangedDocument/IssuerSPSParty/ID"));

    let nowhere = Certificate { type_code: code("851"), status: code("70"), ..Certificate::default() };
    let problems = IppcHub::write(&Document::Certificate(nowhere), "ippc-hub").expect_err("no envelope");
    assert!(problems[0].text.contains("who sends"), "{}", problems[0].text);
    let unnumbered = Document::Certificate(Certificate { type_code: code("phyto"), ..certificate.clone() });
    assert!(IppcHub::write(&unnumbered, "ippc-ephyto").is_err());
}

fn code(value: &str) -> Code {
    Code { value: value.into(), ..Code::default() }
}
