//! Reads real messages, which are not part of the project.

use adapter_testing::told::{class_codes, code, measure, moment, named, numbers, packages, values};
use adapter_testing::{at, codes, samples};
use ecert_sdk::model::certificates::{Certificate, CertificateRole};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::parts::AttachmentEncoding;
use ecert_sdk::model::readings::{ProblemSeverity, Reading};
use uncefact_sps::UncefactSps;

/// Reads a file whose only document is a certificate of which nothing is
/// unmapped.
fn certificate(file: &str, format: &str, problems: &[&str]) -> (Certificate, Reading, Vec<u8>) {
    let message = samples::message(&format!("certificates/{file}"));
    let recognised = adapter_testing::recognised::<UncefactSps>(&message).expect("a known format");
    assert_eq!(recognised.0, format);
    let mut reading = adapter_testing::read::<UncefactSps>(&message);
    assert_eq!(codes(&reading), problems);
    assert_eq!(reading.unmapped, []);
    assert_eq!(reading.documents.len(), 1);
    let Some(Document::Certificate(certificate)) = reading.documents.pop() else {
        panic!("{file}: no certificate")
    };
    (certificate, reading, message)
}

#[test]
fn samples_ippc_ephyto_with_treatments_and_attachments() {
    let (certificate, reading, message) = certificate("ippc-ephyto-ar-17.xml", "uncefact-sps-17", &[]);
    assert_eq!(certificate.role, CertificateRole::OfficialCertificate);
    assert_eq!(certificate.number.value, "123ABC");
    assert_eq!((certificate.type_code.value.as_str(), certificate.status.value.as_str()), ("851", "70"));
    assert_eq!(moment(certificate.issued), "2016-04-22T13:53:08-03:00");
    assert_eq!(code(certificate.issuing_country.as_ref()), "AR");
    assert_eq!(
        named(certificate.issuer.as_ref()).0,
        ["Servicio Nacional de Sanidad y Calida Agroalimentaria"]
    );
    assert_eq!(numbers(&certificate.replaces), ["3214356"]);
    assert_eq!(certificate.notes.len(), 12);
    let declared = certificate.notes.iter().filter(|note| code(note.subject.as_ref()) == "ADEDL");
    let languages: Vec<_> = declared.map(|note| note.contents[0].language.as_deref().unwrap_or("")).collect();
    assert_eq!(languages, ["en", "nn"]);
    let signature = &certificate.authentications[0];
    assert_eq!(signature.at, None);
    assert_eq!(values(&signature.provider.as_ref().unwrap().persons[0].names), ["Miguel Perrerra"]);

    let documents = &certificate.referenced_documents;
    assert_eq!(documents.len(), 6);
    assert_eq!(moment(documents[0].issued), "2021-09-10");
    assert_eq!(moment(documents[1].issued), "2023-10-04T07:49:49+02:00");
    let attachment = &documents[5].attachments[0];
    assert_eq!(
        (attachment.filename.as_deref(), attachment.encoding),
        (Some("UkjentFiltype"), AttachmentEncoding::Base64)
    );
    assert_eq!(
        at(&reading, attachment.place, &message),
        "VBERi0xLjMKJcTl8uXrp/Og0MTGCjMgMCBvYmoKPDwgL0ZpbHRlciA"
    );

    let consignment = &certificate.consignment;
    assert_eq!(named(consignment.consignor.as_ref()), (vec!["Juan Perez"], vec!["98543210"]));
    assert_eq!(named(consignment.consignee.as_ref()), (vec!["Importer SA"], vec!["0123456789"]));
    assert_eq!(consignment.consignor.as_ref().unwrap().address.as_ref().unwrap().lines[0], "El trébol 853");
    assert_eq!(consignment.export_country.as_ref().unwrap().country.value, "AR");
    assert_eq!(consignment.import_country.as_ref().unwrap().country.value, "EC");
    assert_eq!(consignment.transit_countries[0].country.value, "US");
    assert_eq!(numbers(&consignment.unloading_place.as_ref().unwrap().identifiers), ["USSEA"]);
    let modes: Vec<_> = consignment.transport.iter().map(|leg| code(leg.mode.as_ref())).collect();
    assert_eq!(modes, ["3", "1"]);
    assert_eq!(values(&consignment.transport[1].means), ["Ocean Vessel: Black Pearl"]);
    assert_eq!(numbers(&consignment.equipment[0].seals), ["G2382564"]);
    assert_eq!(consignment.totals, None);

    let [real_line_0, other] = consignment.lines.as_slice() else { panic!("two lines") };
    assert_eq!((real_line_0.sequence, other.sequence), (0, 1));
    assert_eq!(values(&real_line_0.scientific_names), ["Ribes"]);
    assert_eq!(measure(real_line_0.net_weight.as_ref()), "10 KGM");
    assert_eq!(measure(real_line_0.gross_weight.as_ref()), "60 KGM");
    assert_eq!(measure(real_line_0.net_volume.as_ref()), "5 MTQ");
    assert_eq!(class_codes(real_line_0)[0], ("HS", "06029048"));
    assert_eq!(packages(real_line_0), [("BG", "100.0000".into()), ("BX", "20.0000".into())]);
    let origins: Vec<_> = real_line_0.origins.iter().map(|origin| origin.country.value.as_str()).collect();
    assert_eq!(origins, ["AR", "US"]);
    assert_eq!(real_line_0.origins[0].subdivisions[0].value, "Valles de la RegiónPatagónica");
    let treatment = &real_line_0.processes[0];
    assert_eq!(moment(treatment.period.unwrap().start), "2016-04-12");
    assert_eq!(measure(treatment.duration.as_ref()), "3.0000 HUR");
    let kinds: Vec<_> = treatment.characteristics.iter().map(|it| code(it.type_code.as_ref())).collect();
    assert_eq!(kinds, ["TTFT", "TTCH", "TTCH", "TTCO", "TTTM", "TTL1", "TTL2", "TTAI"]);
    assert_eq!(measure(treatment.characteristics[4].value.as_ref()), "32.0000 CEL");
    assert_eq!(other.count.as_ref().unwrap().unit_as_written.as_deref(), Some("Units"));
    assert_eq!(measure(other.net_weight.as_ref()), "");
}

#[test]
fn samples_malformed_messages_are_refused_with_the_place() {
    let cases = [("ippc-hub-envelope-bo-malformed.xml", 2, 2), ("traces-chedpp-de-malformed.xml", 1, 2)];
    for (file, line, column) in cases {
        let reading =
            adapter_testing::read::<UncefactSps>(&samples::message(&format!("certificates/{file}")));
        assert_eq!(reading.documents, []);
        let [problem] = reading.problems.as_slice() else { panic!("{file}: one problem") };
        assert_eq!(
            (problem.code.as_str(), problem.severity),
            ("xml-undeclared-prefix", ProblemSeverity::Fatal)
        );
        let place = reading.places[problem.place as usize];
        assert_eq!((place.line, place.column), (line, column), "{file}: {}", problem.text);
    }
}
