//! Declarations of HM Revenue and Customs' trader test, where they are at hand.

use std::path::PathBuf;

use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::declarations::{Declaration, Direction, GoodsItem, SupportingDocument};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::Reading;
use ecert_sdk::model::values::{Code, Identifier, Measure};
use wco_declaration::{FORMAT, WcoDeclaration};

fn samples() -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples");
    let folder = std::env::var_os("ECERT_SAMPLES").map_or_else(beside, PathBuf::from);
    assert!(
        folder.is_dir(),
        "the folder of samples is absent: {} (set ECERT_SAMPLES to where it is)",
        folder.display()
    );
    folder
}

fn reading(name: &str) -> Reading {
    let path = samples().join("declarations").join(name);
    let message = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let head = &message[..message.len().min(4096)];
    assert_eq!(WcoDeclaration::recognise(head).map(|found| found.format).as_deref(), Some(FORMAT), "{name}");
    WcoDeclaration::read(&message, FORMAT)
}

/// The declaration of a file that has no problems and leaves nothing unmapped.
fn declaration(name: &str) -> Declaration {
    let mut reading = reading(name);
    assert_eq!(reading.problems, [], "{name}");
    assert_eq!(reading.unmapped, [], "{name}");
    match reading.documents.pop() {
        Some(Document::Declaration(declaration)) => declaration,
        other => panic!("{name}: {other:?}"),
    }
}

fn value(code: &Option<Code>) -> &str {
    code.as_ref().map_or("", |code| &code.value)
}

fn number(identifier: &Option<Identifier>) -> &str {
    identifier.as_ref().map_or("", |identifier| &identifier.value)
}

fn entry_place(declaration: &Declaration) -> &str {
    &declaration.entry_place.as_ref().expect("an entry place").identifiers[0].value
}

fn weight(measure: &Option<Measure>) -> String {
    let measure = measure.as_ref().expect("a weight");
    format!("{} {}", measure.value, measure.unit.as_deref().unwrap_or("?"))
}

fn commodity(item: &GoodsItem) -> (&str, &str) {
    let commodity = item.commodity.as_ref().expect("a commodity code");
    (commodity.system.as_deref().unwrap_or(""), commodity.class_code.as_deref().unwrap_or(""))
}

/// Type, number and status of a document, as `N853 GBCHD1 AE`.
fn told(document: &SupportingDocument) -> String {
    let parts = [value(&document.type_code), number(&document.number), value(&document.status)];
    parts.join(" ").trim_end().to_owned()
}

fn documents(item: &GoodsItem) -> Vec<String> {
    item.documents.iter().map(told).collect()
}

#[test]
fn samples_chickens_with_waiver_and_write_off() {
    let declaration = declaration("hmrc-cds-TT_IM006a.xml");
    assert_eq!(declaration.direction, Direction::Import);
    assert_eq!(number(&declaration.lrn), "R260_E2E_TC13_1506_02");
    assert_eq!(value(&declaration.country), "GB");
    assert_eq!(value(&declaration.type_code), "IMA");
    assert_eq!(value(&declaration.dispatch_country), "AR");
    assert_eq!(value(&declaration.destination_country), "GB");
    let exporter = declaration.exporter.as_ref().unwrap();
    assert_eq!(exporter.names[0].value, "Argentina Trading.");
    assert_eq!(value(&exporter.address.as_ref().unwrap().country), "AR");
    let importer = &declaration.importer.as_ref().unwrap().identifiers[0];
    assert_eq!((importer.value.as_str(), importer.scheme.as_deref()), ("GB553202734852", Some("EORI")));
    assert_eq!(entry_place(&declaration), "GBWLA");
    assert_eq!(told(&declaration.documents[0]), "1DAN 1108654");
    assert_eq!(number(&declaration.predecessors[0].number), "1GB553202734852-20200115");
    assert_eq!(declaration.transport.len(), 2);
    assert_eq!(value(&declaration.transport[0].mode), "1");
    assert_eq!(declaration.transport[1].identifiers[0].scheme.as_deref(), Some("imo-number"));

    let item = &declaration.items[0];
    assert_eq!(commodity(item), ("TARIC", "0207129000"));
    assert_eq!(item.classifications[0].class_code.as_deref(), Some("VATZ"));
    assert_eq!(value(&item.origin), "AR");
    assert_eq!(
        (weight(&item.net_weight), weight(&item.gross_weight)),
        ("1000 KGM".into(), "1100 KGM".into())
    );
    assert_eq!((value(&item.procedure), value(&item.previous_procedure)), ("40", "00"));
    assert_eq!(item.containers[0].value, "AD12345");
    assert_eq!(value(&item.packages[0].type_code), "BX");
    assert_eq!(item.packages[0].count.unwrap().to_string(), "10");
    let expected = [
        "L001 GBCPI1AB12345 EP",
        "Y100 GBCPI1AC12345 EP",
        "N853 GBCHD20191234567 JE",
        "Y929 Excluded from Reg 834/2007",
        "9120 GBAHC0000001 XX",
        "C505 GBCGU55320273485220191113093459",
        "C506 GBDPO1108654",
        "N935 12345/01.06.2021 AC",
    ];
    assert_eq!(documents(item), expected);
    let written_off = item.documents[0].write_off.as_ref().unwrap();
    assert_eq!(
        (written_off.unit.as_deref(), written_off.unit_as_written.as_deref()),
        (Some("KGM"), Some("KGM#G"))
    );
    assert!(item.documents[2].exemption.is_none(), "JE says who holds the document");
    assert!(item.documents[4].exemption.is_some(), "XX claims that none is needed");
    assert_eq!(item.documents[3].information[0].value, "Waiver Reason");
}

#[test]
fn samples_horses_counted() {
    let declaration = declaration("hmrc-cds-TT_IM021a.xml");
    assert_eq!(number(&declaration.lrn), "7849431RGXDI");
    assert_eq!(value(&declaration.type_code), "IMD");
    assert_eq!(value(&declaration.dispatch_country), "US");
    assert_eq!(number(&declaration.equipment[0].identifier), "CN-1234228/34");
    assert_eq!(value(&declaration.transport[0].mode), "4");
    assert_eq!(declaration.transport[1].identifiers[0].value, "XDZ599 01.04.2021");
    let item = &declaration.items[0];
    assert_eq!(commodity(item), ("TARIC", "0101900000"));
    assert_eq!(
        (item.quantities[0].value.to_string(), item.quantities[0].unit.as_deref()),
        ("100".into(), None)
    );
    assert!(documents(item).contains(&"C640 GBCHD12345 AE".into()));
    let codes: Vec<_> = item.notes.iter().map(|note| value(&note.subject)).collect();
    assert_eq!(codes, ["NIIMP", "NIREM"]);
}

#[test]
fn samples_plants_with_phytosanitary_certificate() {
    let declaration = declaration("hmrc-cds-TT_IM075a.xml");
    assert_eq!(number(&declaration.lrn), "CDSP9756_TC01_1109");
    let item = &declaration.items[0];
    assert_eq!(commodity(item), ("TARIC", "0602905000"));
    assert_eq!((value(&item.origin), weight(&item.net_weight)), ("NL", "100 KGM".into()));
    let phytosanitary = item.documents.iter().find(|document| value(&document.type_code) == "N851").unwrap();
    assert_eq!(told(phytosanitary), "N851 GBCHD2023.2468435 AE");
    assert_eq!(phytosanitary.number.as_ref().unwrap().normalised.as_deref(), Some("GBCHD20232468435"));
    assert_eq!(item.notes[0].contents[0].value, "IMPORTER");
    assert_eq!(value(&item.packages[0].type_code), "TB");
}

#[test]
fn samples_scallops_with_two_entry_documents() {
    let declaration = declaration("hmrc-cds-TT_IM113a.xml");
    let item = &declaration.items[0];
    assert_eq!(commodity(item), ("TARIC", "0307211091"));
    assert_eq!(value(&item.origin), "NO");
    let mut veterinary = documents(item);
    veterinary.retain(|document| document.starts_with("N853"));
    assert_eq!(veterinary, ["N853 GBCHD-202305-1234567 JE", "N853 GBCHD20211234567 JE"]);
    let preference = item.notes.iter().find(|note| value(&note.subject) == "EUPRF").unwrap();
    assert_eq!(preference.contents[0].value, "300");
}

#[test]
fn samples_tuna_dispatched_per_item() {
    let declaration = declaration("hmrc-cds-TT_IM154a.xml");
    assert!(declaration.dispatch_country.is_none());
    assert_eq!(entry_place(&declaration), "GBWPT");
    assert_eq!(declaration.predecessors.len(), 2);
    let holders: Vec<_> = declaration.extensions.iter().map(|extension| extension.name.as_str()).collect();
    assert_eq!(holders, ["AuthorisationHolder/CGU", "AuthorisationHolder/DPO", "AuthorisationHolder/UKIM"]);
    let item = &declaration.items[0];
    assert_eq!(commodity(item), ("TARIC", "1604142610"));
    assert_eq!((value(&item.dispatch_country), value(&item.origin)), ("GB", "GB"));
    assert!(documents(item).contains(&"C673 GBIUU123456 AE".into()));
}

#[test]
fn samples_answer_with_duty_to_pay() {
    let reading = reading("hmrc-cds-TT_IM131a.xml");
    let codes: Vec<_> = reading.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["unexpected-namespace"]);
    assert_eq!(reading.unmapped, []);
    let [Document::Acknowledgement(answer)] = reading.documents.as_slice() else {
        panic!("{:?}", reading.documents);
    };
    assert_eq!(answer.status.value, "13");
    assert_eq!(number(&answer.number), "488a5942c9494815bee19c22aba446fd");
    assert_eq!(answer.issued.unwrap().to_string(), "2026-02-18T14:36:23Z");
    let numbers: Vec<_> = answer.subjects.iter().map(|subject| number(&subject.number)).collect();
    assert_eq!(numbers, ["26GB1XGAFM1LXXNAR9", "U.7927468KJMGL"]);
}
