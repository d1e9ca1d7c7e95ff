//! Reads real messages. They are not part of the project: the tests look for
//! them in the folder that `ECERT_SAMPLES` names, else in `../shared/samples`
//! beside the project, and fail where there are none.

use std::path::PathBuf;

use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::certificates::{Certificate, CertificateRole, TradeLine};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::parts::{AttachmentEncoding, Party};
use ecert_sdk::model::readings::{Problem, ProblemSeverity, Reading};
use ecert_sdk::model::values::{Code, DateTime, Identifier, Measure, Text};
use uncefact_sps::UncefactSps;

fn samples() -> PathBuf {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/samples"));
    let folder = std::env::var_os("ECERT_SAMPLES").map_or_else(beside, PathBuf::from);
    assert!(folder.is_dir(), "the samples are not there: set ECERT_SAMPLES to their folder");
    folder
}

fn message(file: &str) -> Vec<u8> {
    std::fs::read(samples().join("certificates").join(file)).expect(file)
}

/// Recognises and reads a file, as a host would.
fn read(file: &str, format: &str) -> (Vec<u8>, Reading) {
    let message = message(file);
    let recognition = UncefactSps::recognise(&message[..message.len().min(4096)]).expect("a known format");
    assert_eq!(recognition.format, format);
    let reading = UncefactSps::read(&message, &recognition.format);
    (message, reading)
}

/// Reads a file whose only document is a certificate of which nothing is
/// unmapped.
fn certificate(file: &str, format: &str, problems: &[&str]) -> (Certificate, Reading, Vec<u8>) {
    let (message, mut reading) = read(file, format);
    assert_eq!(codes(&reading.problems), problems);
    assert_eq!(reading.unmapped, []);
    assert_eq!(reading.documents.len(), 1);
    let Some(Document::Certificate(certificate)) = reading.documents.pop() else {
        panic!("{file}: no certificate")
    };
    (certificate, reading, message)
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn values(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(|text| text.value.as_str()).collect()
}

fn numbers(identifiers: &[Identifier]) -> Vec<&str> {
    identifiers.iter().map(|identifier| identifier.value.as_str()).collect()
}

fn code(code: Option<&Code>) -> &str {
    code.map_or("", |code| &code.value)
}

fn moment(date_time: Option<DateTime>) -> String {
    date_time.map(|date_time| date_time.to_string()).unwrap_or_default()
}

fn measure(measure: Option<&Measure>) -> String {
    let unit = |it: &Measure| it.unit.clone().or_else(|| it.unit_as_written.clone()).unwrap_or_default();
    measure.map(|it| format!("{} {}", it.value, unit(it))).unwrap_or_default()
}

fn named(party: Option<&Party>) -> (Vec<&str>, Vec<&str>) {
    party.map(|party| (values(&party.names), numbers(&party.identifiers))).unwrap_or_default()
}

fn class_codes(line: &TradeLine) -> Vec<(&str, &str)> {
    let classes = line.classifications.iter();
    classes.map(|it| (it.system.as_deref().unwrap_or(""), it.class_code.as_deref().unwrap_or(""))).collect()
}

fn packages(line: &TradeLine) -> Vec<(&str, String)> {
    let packages = line.packages.iter();
    packages
        .map(|it| (code(it.type_code.as_ref()), it.count.map(|it| it.to_string()).unwrap_or_default()))
        .collect()
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
    let place = reading.places[attachment.place as usize];
    assert_eq!(
        &message[place.start as usize..place.end as usize],
        b"VBERi0xLjMKJcTl8uXrp/Og0MTGCjMgMCBvYmoKPDwgL0ZpbHRlciA"
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

#[test]
fn samples_malformed_messages_are_refused_with_the_place() {
    let cases = [("ippc-hub-envelope-bo-malformed.xml", 2, 2), ("traces-chedpp-de-malformed.xml", 1, 2)];
    for (file, line, column) in cases {
        let reading = UncefactSps::read(&message(file), "uncefact-sps-17");
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

#[test]
fn samples_all_well_formed_files_are_known() {
    let known = [
        "ippc-ephyto-ar-17.xml",
        "traces-ched-v2-chedpp-xi.xml",
        "traces-cheda-horse-replacing.xml",
        "traces-cheda-horse-submission.xml",
    ];
    let folder = std::fs::read_dir(samples().join("certificates")).unwrap();
    for file in folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        if file.ends_with(".xml") && !file.contains("malformed") {
            assert!(known.contains(&file.as_str()), "{file}: write a test for it");
        }
    }
}
