//! What TRACES NT writes, and the single trade window that follows it.

use ecert_sdk::model::certificates::{Animal, CertificateRole, LaboratoryObservation};

use adapter_testing::sps::{DOCUMENT, line, message};
use adapter_testing::{certificate, codes};
use ecert_sdk::model::readings::{ProblemSeverity, Reading};
use traces_nt::TracesNt;

fn recognised(message: &str) -> Option<(String, u8)> {
    adapter_testing::recognised::<TracesNt>(message.as_bytes())
}

fn read(message: &str) -> Reading {
    adapter_testing::read::<TracesNt>(message.as_bytes())
}

/// Kind and number of each identifier of each animal.
fn numbers(animals: &[Animal]) -> Vec<Vec<(&str, &str)>> {
    animals
        .iter()
        .map(|animal| {
            let identifiers = animal.identifiers.iter();
            identifiers.map(|it| (it.scheme.as_deref().unwrap_or(""), it.value.as_str())).collect()
        })
        .collect()
}

/// Substance, verdict and method.
fn told(observation: &LaboratoryObservation) -> (&str, &str, &str) {
    let substance = observation.substance.as_ref().map_or("", |code| &code.value);
    let verdict = observation.verdict.as_ref().map_or("", |code| &code.value);
    (substance, verdict, observation.method.as_ref().map_or("", |text| &text.value))
}

#[test]
fn an_intra_certificate_with_animals_and_laboratory_tests() {
    let message = include_str!("../fixtures/intra/message.xml");
    assert_eq!(recognised(message), Some(("traces-intra".into(), 95)));
    let reading = read(message);
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec!["zero-quantity"], [].as_slice()));
    let certificate = certificate(&reading);
    assert_eq!(certificate.role, CertificateRole::OfficialCertificate);
    assert_eq!(certificate.number.value, "INTRA.EU.IE.2026.0000007");
    assert_eq!(certificate.issued.unwrap().to_string(), "2026-04-02T09:15:00.25+01:00");
    // Nobody else says it than the certifying officer's authority.
    assert_eq!(certificate.issuing_country.as_ref().unwrap().value, "IE");
    assert_eq!(certificate.consignment.export_country, None);
    assert_eq!(certificate.controls[0].decision.as_ref().unwrap().value, "ACCEPTABLE");
    assert_eq!(certificate.consignment.equipment[0].seals[0].value, "IE-5521");
    assert_eq!(
        certificate.consignment.totals.as_ref().unwrap().count.as_ref().unwrap().value.to_string(),
        "4"
    );

    let [cattle, sheep] = certificate.consignment.lines.as_slice() else { panic!("two lines") };
    assert_eq!(numbers(&cattle.animals), [[("EAR_TAG", "IE 12 34567 8")], [("EAR_TAG", "IE 12 34567 9")]]);
    assert_eq!(cattle.animals[0].identifiers[0].normalised.as_deref(), Some("IE12345678"));
    assert_ne!(cattle.animals[0].place, cattle.animals[1].place);
    // Notes on the line as a whole stay notes.
    assert_eq!(cattle.notes.len(), 1);
    assert_eq!(sheep.animals, []);
    for line in [cattle, sheep] {
        assert_eq!(line.storage_condition.as_ref().unwrap().value, "AMBIENT");
    }

    let observations: Vec<_> = cattle.observations.iter().map(told).collect();
    assert_eq!(observations, [("4711", "SATISFACTORY", "ELISA"), ("Tuberculin", "NOT_SATISFACTORY", "")]);
    let brucella = &cattle.observations[0];
    assert_eq!(brucella.substance.as_ref().unwrap().name.as_deref(), Some("Brucella abortus"));
    assert_eq!(brucella.at.unwrap().to_string(), "2026-03-30T00:00:00+01:00");
    assert_eq!(brucella.laboratory.as_ref().unwrap().identifiers[0].value, "IELAB9");
    let kept = cattle.extensions.iter().find(|it| it.name == "SPSLaboratoryTest/LaboratoryResults");
    assert_eq!(kept.unwrap().value, "no antibodies");

    // Tests of a product that is not in the consignment stay with the document.
    assert_eq!(sheep.observations, []);
    assert!(certificate.extensions.iter().any(|extension| extension.value == "Newcastle disease"));
}

#[test]
fn the_inspector_overrules_the_laboratory() {
    let tested = |conclusion: &str| {
        let inside = line("<CommonName>Tea</CommonName>");
        read(&format!(
            "<Answer>{inside}<SPSConsignmentItemLaboratoryTest><ProductSPSLaboratoryTest><SPSLaboratoryTest>\
             {conclusion}<Analysys><LaboratoryConclusionCode>NOT_SATISFACTORY</LaboratoryConclusionCode></Analysys>\
             <Analysys><LaboratoryConclusionCode>SATISFACTORY</LaboratoryConclusionCode></Analysys>\
             </SPSLaboratoryTest></ProductSPSLaboratoryTest></SPSConsignmentItemLaboratoryTest></Answer>"
        ))
    };
    let verdicts = |conclusion: &str| -> Vec<String> {
        let reading = tested(conclusion);
        assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
        let observations = certificate(&reading).consignment.lines[0].observations.iter();
        observations.map(|observation| told(observation).1.to_owned()).collect()
    };
    assert_eq!(verdicts(""), ["NOT_SATISFACTORY", "SATISFACTORY"]);
    let inspector = "<InspectorConclusionCode>SATISFACTORY</InspectorConclusionCode>";
    assert_eq!(verdicts(inspector), ["SATISFACTORY", "SATISFACTORY"]);
}

#[test]
fn the_single_trade_window_counts_animals_in_the_subject() {
    let note = |animal: &str, kind: &str, number: &str| {
        format!(
            "<AdditionalInformationSPSNote><SubjectCode>IDENTIFIER</SubjectCode><Subject>{animal}</Subject>\
             <ContentCode>{kind}</ContentCode><Content>{number}</Content></AdditionalInformationSPSNote>"
        )
    };
    let notes =
        [note("1", "MICROCHIP", "981-1"), note("2", "MICROCHIP", "981-2"), note("1", "PASSPORT", "GB 7")];
    let reading = read(&line(&notes.concat()));
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let line = &certificate(&reading).consignment.lines[0];
    let expected = vec![vec![("MICROCHIP", "981-1"), ("PASSPORT", "GB 7")], vec![("MICROCHIP", "981-2")]];
    assert_eq!(numbers(&line.animals), expected);
    assert_eq!(line.notes, []);
}

#[test]
fn a_health_certificate_that_supports_a_ched_is_cited() {
    let document = |relationship: &str, number: &str| {
        format!(
            "<ReferenceSPSReferencedDocument><TypeCode>636</TypeCode>\
             <RelationshipTypeCode>{relationship}</RelationshipTypeCode><ID>{number}</ID>\
             </ReferenceSPSReferencedDocument>"
        )
    };
    let own = document("CAW", "A1") + &document("ZZZ", "BD-65") + &document("ACW", "A0");
    let line = "<IncludedSPSConsignmentItem><IncludedSPSTradeLineItem><SequenceNumeric>1</SequenceNumeric>\
        </IncludedSPSTradeLineItem></IncludedSPSConsignmentItem>";
    let reading = read(&message(17, &(DOCUMENT.replace("852", "636") + &own), line));
    let certificate = certificate(&reading);
    assert_eq!(certificate.cites.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["BD-65"]);
    assert_eq!(certificate.replaces.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["A0"]);
}

#[test]
fn the_name_of_a_border_post_is_taken_apart() {
    let place = "<UnloadingBaseportSPSLocation><ID schemeID='authority_activity_id'>XIXYZ1</ID><Name>XI</Name>\
        <Name languageID='en'>Harbour</Name><Name>XIXYZ1</Name><Name>GBXYZ</Name><Name>Harbour P</Name><Name/>\
        </UnloadingBaseportSPSLocation>";
    let inside = message(17, DOCUMENT, place);
    let reading = read(&format!("<A xmlns='http://ec.europa.eu/tracesnt/certificate/ched/v2'>{inside}</A>"));
    let post = certificate(&reading).consignment.unloading_place.as_ref().unwrap();
    // Northern Ireland has a code of its own there, which ISO 3166 leaves to users.
    assert_eq!(post.country.as_ref().unwrap().value, "XI");
    assert_eq!(post.identifiers.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["XIXYZ1", "GBXYZ"]);
    assert_eq!(post.names.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["Harbour", "Harbour P"]);
    assert_eq!(reading.unmapped, []);
}

#[test]
fn empty_identifiers_and_names_are_none() {
    let party = "<ConsignorSPSParty><ID/><Name/><SpecifiedSPSAddress><LineOne/></SpecifiedSPSAddress>\
        </ConsignorSPSParty><ConsigneeSPSParty><ID schemeID='eori_number'>ES1</ID><Name/></ConsigneeSPSParty>";
    let reading = read(&message(17, DOCUMENT, party));
    let consignment = &certificate(&reading).consignment;
    assert_eq!(consignment.consignor, None);
    let consignee = consignment.consignee.as_ref().unwrap();
    assert_eq!((consignee.names.len(), consignee.identifiers[0].scheme.as_deref()), (0, Some("eori_number")));
    assert_eq!(reading.unmapped, []);
}

#[test]
fn only_a_ched_on_submission_may_lack_its_number() {
    let numberless = line("<CommonName>Tea</CommonName>").replace("<ID>A1</ID>", "<ID/>");
    let within = |kind: &str| {
        format!("<A xmlns='http://ec.europa.eu/tracesnt/certificate/ched/{kind}'>{numberless}</A>")
    };
    let cases =
        [(within("v2"), ProblemSeverity::Fatal), (within("submission/v01"), ProblemSeverity::Warning)];
    for (message, severity) in cases {
        let reading = read(&message);
        let [problem] = reading.problems.as_slice() else { panic!("one problem: {:?}", reading.problems) };
        assert_eq!((problem.code.as_str(), problem.severity), ("no-number", severity));
        assert_eq!(adapter_testing::at(&reading, problem.place, message.as_bytes()), "<ID/>");
    }
}

#[test]
fn kinds_are_told_by_the_namespace_around() {
    ecert_sdk::testing::assert_adapter_manifest::<TracesNt>();
    let plain = line("<CommonName>Tea</CommonName>");
    let cases = [
        ("http://ec.europa.eu/tracesnt/certificate/ched/v2", "traces-ched-v2"),
        ("http://ec.europa.eu/tracesnt/certificate/ched/submission/v01", "traces-ched-v1"),
        ("http://ec.europa.eu/tracesnt/certificate/euintra/v1", "traces-intra"),
        ("http://ec.europa.eu/tracesnt/certificate/euimport/v1", "traces-import"),
        ("http://ec.europa.eu/tracesnt/certificate/export/v1", "traces-export"),
        ("http://ec.europa.eu/tracesnt/certificate/euphyto/v1", "traces-phyto"),
        ("http://ec.europa.eu/tracesnt/certificate/docom/v1", "traces-docom"),
        ("http://ec.europa.eu/sanco/tracesnt/customs_certex/ched/v06", "traces-certex"),
    ];
    for (namespace, format) in cases {
        let message = format!(
            "<s:Envelope xmlns:s='urn:soap' xmlns:w='{namespace}'><w:Any>{plain}</w:Any></s:Envelope>"
        );
        assert_eq!(recognised(&message), Some((format.into(), 95)));
        assert_eq!((codes(&read(&message)), read(&message).documents.len()), (vec![], 1));
    }
    assert_eq!(recognised(&plain), None);
    assert_eq!(recognised("<a xmlns='http://ec.europa.eu/tracesnt/certificate/eudr/model/v1'/>"), None);
}

#[test]
fn statuses_may_be_written_by_name() {
    let named = |status: &str| {
        let message = line("").replace("<StatusCode>70<", &format!("<StatusCode>{status}<"));
        let reading =
            read(&format!("<A xmlns='http://ec.europa.eu/tracesnt/certificate/ched/v2'>{message}</A>"));
        let status = certificate(&reading).status.clone();
        (status.value, status.name)
    };
    assert_eq!(named("VALIDATED"), ("70".into(), Some("VALIDATED".into())));
    assert_eq!(named("IN_PROGRESS"), ("42".into(), Some("IN_PROGRESS".into())));
    assert_eq!(named("1"), ("1".into(), None));
}

#[test]
fn checks_and_decisions_are_controls() {
    let clause = |id: &str, content: &str| {
        format!("<IncludedSPSClause><ID>{id}</ID><Content>{content}</Content></IncludedSPSClause>")
    };
    let clauses = [
        clause("DECISION_CONCLUSION", "NOT_ACCEPTABLE"),
        clause("DOCUMENTARY_CHECK", "YES"),
        clause("DOCUMENTARY_CHECK_RESULT", "SATISFACTORY"),
        clause("PHYSICAL_CHECK", "YES"),
        clause("PHYSICAL_CHECK_RESULT", "NOT_SATISFACTORY"),
    ];
    let inspector = format!(
        "{DOCUMENT}<IncludedSPSNote><SubjectCode>REFUSAL_REASON</SubjectCode><ContentCode>INVASIVE</ContentCode>\
         </IncludedSPSNote><SignatorySPSAuthentication><TypeCode>1</TypeCode>{}</SignatorySPSAuthentication>",
        clauses.concat()
    );
    let reading = read(&message(17, &inspector, ""));
    let controls = &certificate(&reading).controls;
    let said: Vec<_> = controls
        .iter()
        .map(|control| {
            [&control.type_code, &control.decision].map(|code| code.as_ref().unwrap().value.as_str())
        })
        .collect();
    let expected = [
        ["DOCUMENTARY_CHECK", "SATISFACTORY"],
        ["PHYSICAL_CHECK", "NOT_SATISFACTORY"],
        ["1", "NOT_ACCEPTABLE"],
    ];
    assert_eq!(said, expected);
    assert_eq!(controls[2].remarks[0].value, "INVASIVE");
}
