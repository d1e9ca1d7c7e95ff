//! What plant protection organisations write.

use super::{DOCUMENT, certificate, codes, line, lines, message, read};

#[test]
fn kenya_counts_stems_in_the_gross_weight() {
    let kenya = "<SequenceNumeric>1</SequenceNumeric><CommonName>Rose</CommonName>\
        <NetWeightMeasure unitCode='KGM'>0</NetWeightMeasure><GrossWeightMeasure unitCode='H87'>500</GrossWeightMeasure>\
        <ApplicableSPSClassification><SystemID>WCO</SystemID><SystemName>Harmonised System (HS-4)</SystemName>\
        <ClassCode>0603</ClassCode></ApplicableSPSClassification>";
    let reading = read(&lines(kenya).replace("SPSCertificate:17", "SPSCertificate:8"));
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec!["zero-quantity"], [].as_slice()));
    let line = &certificate(&reading).consignment.lines[0];
    assert_eq!(line.count.as_ref().unwrap().value.to_string(), "500");
    assert_eq!((line.net_weight.as_ref(), line.gross_weight.as_ref()), (None, None));
    assert_eq!(line.classifications[0].system.as_deref(), Some("HS"));
}

#[test]
fn elements_are_read_in_whatever_order() {
    let route = "<UtilizedSPSTransportEquipment><AffixedSPSSeal><ID>S1</ID></AffixedSPSSeal><ID>C1</ID>\
        </UtilizedSPSTransportEquipment><MainCarriageSPSTransportMovement><ModeCode>3</ModeCode><ID>TRUCK</ID>\
        </MainCarriageSPSTransportMovement><MainCarriageSPSTransportMovement><ModeCode>1</ModeCode>\
        <UsedSPSTransportMeans><Name>Vessel</Name></UsedSPSTransportMeans></MainCarriageSPSTransportMovement>\
        <UnloadingBaseportSPSLocation><ID schemeID='ISO_3166-1_alpha-2'>USSEA</ID></UnloadingBaseportSPSLocation>\
        <ExportSPSCountry><ID>AR</ID></ExportSPSCountry>";
    let reading = read(&message(17, DOCUMENT, route));
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec!["no-lines"], [].as_slice()));
    let consignment = &certificate(&reading).consignment;
    assert_eq!(consignment.equipment[0].identifier.as_ref().unwrap().value, "C1");
    let legs: Vec<_> =
        consignment.transport.iter().map(|leg| leg.mode.as_ref().unwrap().value.as_str()).collect();
    assert_eq!(legs, ["3", "1"]);
    assert_eq!(consignment.transport[0].identifiers[0].value, "TRUCK");
    assert_eq!(consignment.export_country.as_ref().unwrap().country.value, "AR");
    // Five letters are a place, whatever the scheme says.
    let port = &consignment.unloading_place.as_ref().unwrap().identifiers[0];
    assert_eq!((port.value.as_str(), port.scheme.as_deref()), ("USSEA", Some("UNLOCODE")));
}

#[test]
fn dates_are_read_as_far_as_they_go() {
    let issued = |date: &str| {
        let reading = read(&message(17, &format!("{DOCUMENT}<IssueDateTime>{date}</IssueDateTime>"), ""));
        certificate(&reading).issued.map(|issued| issued.to_string())
    };
    let cases = [
        ("2026-03-31", "2026-03-31"),
        ("<DateTime>2026-03-31T10:00:00.123+02:00</DateTime>", "2026-03-31T10:00:00.123+02:00"),
        ("<DateTimeString>2026-03-31T10:00:00</DateTimeString>", "2026-03-31T10:00:00"),
    ];
    for (written, expected) in cases {
        assert_eq!(issued(written).as_deref(), Some(expected));
    }
    assert_eq!(issued("31.3.2026"), None);
}

#[test]
fn quantities_and_replacements_stand_in_notes() {
    let note = |kind: &str, subject: &str, content: &str| {
        format!("<{kind}><Subject>{subject}</Subject><Content>{content}</Content></{kind}>")
    };
    let of_line = |subject, content| note("AdditionalInformationSPSNote", subject, content);
    let origins =
        "<OriginSPSCountry><ID>AR</ID></OriginSPSCountry><OriginSPSCountry><ID>US</ID></OriginSPSCountry>";
    let reading =
        read(&line(&[&of_line("OQV", "12"), &of_line("OQU", "Units"), origins].map(String::from).concat()));
    let line = &certificate(&reading).consignment.lines[0];
    let count = line.count.as_ref().unwrap();
    assert_eq!((count.value.to_string().as_str(), count.unit_as_written.as_deref()), ("12", Some("Units")));
    assert_eq!(line.origins.iter().map(|it| it.country.value.as_str()).collect::<Vec<_>>(), ["AR", "US"]);

    let replaced = note("IncludedSPSNote", "ADRPN", "AR-4");
    let reading = read(&message(17, &(DOCUMENT.to_owned() + &replaced), ""));
    assert_eq!(certificate(&reading).replaces[0].value, "AR-4");
}

#[test]
fn prefixes_are_the_senders_own_but_must_be_declared() {
    let rsm = line("<CommonName>Cocoa</CommonName>")
        .replace("xmlns=", "xmlns:rsm=")
        .replace("</", "</rsm:")
        .replace('<', "<rsm:")
        .replace("<rsm:/rsm:", "</rsm:");
    let reading = read(&rsm.replace("852", "657"));
    assert_eq!((codes(&reading), certificate(&reading).type_code.value.as_str()), (vec![], "657"));

    let undeclared = rsm.replace("xmlns:rsm=", "xmlns:other=");
    let reading = read(&undeclared);
    assert_eq!((codes(&reading), reading.documents.len()), (vec!["xml-undeclared-prefix"], 0));
    assert_eq!(reading.places[reading.problems[0].place as usize].line, 1);
}

#[test]
fn a_wrapper_in_another_language_hides_nothing() {
    let inside = message(11, DOCUMENT, "");
    let reading =
        read(&format!("<Envio xmlns='urn:wrapper'><Cabecera><Emisor>PA</Emisor></Cabecera>{inside}</Envio>"));
    assert_eq!(certificate(&reading).number.value, "A1");
    assert_eq!(reading.unmapped[0].path, "/Envio/Cabecera/Emisor");
}
