//! What partners do differently, each on a small message of our own.

mod ippc;

use adapter_testing::certificate;
use adapter_testing::sps::{DOCUMENT, line, lines, message};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::{ProblemSeverity, Reading};
use uncefact_sps::UncefactSps;

fn recognised(message: &str) -> Option<(String, u8)> {
    adapter_testing::recognised::<UncefactSps>(message.as_bytes())
}

fn read(message: &str) -> Reading {
    adapter_testing::read::<UncefactSps>(message.as_bytes())
}

fn codes(reading: &Reading) -> Vec<&str> {
    adapter_testing::codes(reading)
}

#[test]
fn a_reexport_certificate_in_full() {
    let reading = read(include_str!("../../fixtures/reexport/message.xml"));
    insta::assert_json_snapshot!(serde_json::to_value(&reading.documents).unwrap());
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
}

#[test]
fn the_manifest_is_in_order() {
    ecert_sdk::testing::assert_adapter_manifest::<UncefactSps>();
}

#[test]
fn versions_are_told_apart_by_namespace() {
    let good = "<CommonName>Tea</CommonName>";
    for version in [17, 11, 8] {
        let message = line(good).replace("SPSCertificate:17", &format!("SPSCertificate:{version}"));
        assert_eq!(recognised(&message), Some((format!("uncefact-sps-{version}"), 90)));
        let reading = read(&message);
        assert_eq!(codes(&reading), [""; 0]);
        assert_eq!(certificate(&reading).consignment.lines[0].common_names[0].value, "Tea");
    }
    let reading = read(&line(good).replace("SPSCertificate:17", "SPSCertificate:99"));
    assert_eq!((codes(&reading), reading.documents.len()), (vec!["unknown-version"], 0));
    let reading = read(&line(good).replace("SPSCertificate:17", "Other:17"));
    assert_eq!(codes(&reading), ["no-certificate"]);
    let reading = UncefactSps::read(line(good).as_bytes(), "uncefact-sps-8");
    assert_eq!((codes(&reading), reading.documents.len()), (vec!["other-format"], 1));
}

#[test]
fn formats_are_recognised_whatever_comes_first() {
    let plain = line("");
    let preamble = format!("\u{FEFF}<?xml version='1.0'?>\r\n<!-- {} -->\n", "x".repeat(2000));
    assert_eq!(recognised(&format!("{preamble}{plain}")), recognised(&plain));
    // The adapters of these envelopes are surer.
    for namespace in ["http://ec.europa.eu/tracesnt/certificate/ched/v2", "http://ephyto.ippc.int/"] {
        let message = format!("<s:Envelope xmlns:s='urn:soap' xmlns:w='{namespace}'>{plain}</s:Envelope>");
        assert_eq!(recognised(&message), Some(("uncefact-sps-17".into(), 40)));
        assert_eq!(codes(&read(&message)), [""; 0]);
    }
    for other in ["", "{}", "<Declaration/>", "SPSCertificate"] {
        assert_eq!(recognised(other), None, "{other}");
    }
}

#[test]
fn quantities_are_never_guessed() {
    let reading = read(&line(
        "<NetWeightMeasure>200</NetWeightMeasure><GrossWeightMeasure unitCode='NULL'>210</GrossWeightMeasure>",
    ));
    assert_eq!(codes(&reading), ["missing-unit", "missing-unit"]);
    let read_line = &certificate(&reading).consignment.lines[0];
    let net = read_line.net_weight.as_ref().unwrap();
    assert_eq!((net.value.to_string().as_str(), net.unit.as_deref()), ("200", None));

    let reading = read(&line(
        "<NetWeightMeasure>0</NetWeightMeasure><NetVolumeMeasure unitCode='H87'>3</NetVolumeMeasure>",
    ));
    assert_eq!(codes(&reading), ["zero-quantity"]);
    let read_line = &certificate(&reading).consignment.lines[0];
    assert_eq!((read_line.net_weight.as_ref(), read_line.net_volume.as_ref()), (None, None));
    assert_eq!(read_line.count.as_ref().unwrap().unit.as_deref(), Some("H87"));

    let reading = read(&line("<NetWeightMeasure unitCode='crates'>7</NetWeightMeasure>"));
    assert_eq!(codes(&reading), ["unknown-unit"]);
    let net = certificate(&reading).consignment.lines[0].net_weight.clone().unwrap();
    assert_eq!((net.unit, net.unit_as_written.as_deref()), (None, Some("crates")));

    let reading = read(&line("<NetWeightMeasure unitCode='KGM'>1,5</NetWeightMeasure>"));
    assert_eq!(codes(&reading), ["bad-number"]);
    assert_eq!(certificate(&reading).consignment.lines[0].net_weight, None);
}

#[test]
fn a_zero_needs_a_unit_where_it_means_something() {
    let cooled = |value: &str| {
        line(&format!(
            "<AppliedSPSProcess><ApplicableSPSProcessCharacteristic><Description>TTTM</Description>\
             {value}</ApplicableSPSProcessCharacteristic></AppliedSPSProcess>"
        ))
    };
    let reading = read(&cooled("<ValueMeasure>0</ValueMeasure>"));
    assert_eq!(codes(&reading), ["missing-unit"]);
    let process = &certificate(&reading).consignment.lines[0].processes[0];
    assert_eq!(process.characteristics[0].value.as_ref().unwrap().value.to_string(), "0");
    assert_eq!(codes(&read(&cooled("<ValueMeasure unitCode='CEL'>0</ValueMeasure>"))), [""; 0]);

    // A weight of nothing is none, whatever its unit and however it is written.
    for zero in
        ["<NetWeightMeasure>0.0</NetWeightMeasure>", "<NetWeightMeasure unitCode='x'>0E2</NetWeightMeasure>"]
    {
        let reading = read(&line(zero));
        assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec!["zero-quantity"], [].as_slice()));
        assert_eq!(certificate(&reading).consignment.lines[0].net_weight, None);
    }
}

#[test]
fn a_line_0_without_goods_is_the_total() {
    let two = "<SequenceNumeric>0</SequenceNumeric><Description>Totals</Description>\
        <GrossWeightMeasure unitCode='KGM'>9</GrossWeightMeasure></IncludedSPSTradeLineItem><IncludedSPSTradeLineItem>\
        <SequenceNumeric>1</SequenceNumeric><CommonName>Tea</CommonName>";
    let reading = read(&lines(two));
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let consignment = &certificate(&reading).consignment;
    assert_eq!(consignment.totals.as_ref().unwrap().gross_weight.as_ref().unwrap().value.to_string(), "9");
    assert_eq!(consignment.lines.iter().map(|line| line.sequence).collect::<Vec<_>>(), [1]);

    let real = "<SequenceNumeric>0</SequenceNumeric><CommonName>Tea</CommonName>";
    let reading = read(&lines(real));
    let consignment = &certificate(&reading).consignment;
    assert_eq!((consignment.lines[0].sequence, consignment.totals.is_none()), (0, true));

    let reading = read(&lines("<CommonName>Tea</CommonName>"));
    assert_eq!(
        (codes(&reading), certificate(&reading).consignment.lines[0].sequence),
        (vec!["bad-sequence"], 1)
    );
}

#[test]
fn what_is_missing_is_said() {
    let reading = read(&message(17, "<TypeCode/><StatusCode>NULL</StatusCode>", ""));
    assert_eq!(codes(&reading), ["no-lines", "missing-type", "no-number", "null-literal", "missing-status"]);
    let reading = read("<SPSCertificate xmlns='urn:un:unece:uncefact:data:standard:SPSCertificate:17'/>");
    assert_eq!((codes(&reading), reading.documents.len()), (vec!["no-document"], 0));
    let reading = read(&line(
        "<ExpiryDateTime><DateTime>31 May</DateTime></ExpiryDateTime><OriginSPSCountry><Name>Atlantis</Name></OriginSPSCountry>",
    ));
    assert_eq!(codes(&reading), ["missing-country-code", "bad-date"]);
}

#[test]
fn a_certificate_needs_its_number() {
    let message = line("<CommonName>Tea</CommonName>").replace("<ID>A1</ID>", "<ID/>");
    let reading = read(&message);
    let [problem] = reading.problems.as_slice() else { panic!("one problem: {:?}", reading.problems) };
    assert_eq!((problem.code.as_str(), problem.severity), ("no-number", ProblemSeverity::Fatal));
    assert_eq!(adapter_testing::at(&reading, problem.place, message.as_bytes()), "<ID/>");
}

#[test]
fn nothing_vanishes_silently() {
    let reading = read(&line("<CommonName>Tea</CommonName><Colour shade='dark'>green</Colour>"));
    let paths: Vec<_> = reading.unmapped.iter().map(|unmapped| unmapped.path.as_str()).collect();
    let above = "/SPSCertificate/SPSConsignment/IncludedSPSConsignmentItem/IncludedSPSTradeLineItem/Colour";
    assert_eq!(paths, [above.to_owned(), format!("{above}/@shade")]);
}

#[test]
fn acknowledgements_are_read() {
    let reading = read(
        "<SPSAcknowledgement xmlns='urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17'>\
         <SPSAcknowledgementDocument><IssueDateTime>2026-03-31</IssueDateTime><StatusCode>41</StatusCode>\
         <ReasonInformation languageID='en'>Seal broken</ReasonInformation><ReferenceSPSReferencedDocument>\
         <ID>A1</ID></ReferenceSPSReferencedDocument></SPSAcknowledgementDocument></SPSAcknowledgement>",
    );
    assert_eq!((codes(&reading), reading.unmapped.as_slice()), (vec![], [].as_slice()));
    let [Document::Acknowledgement(acknowledgement)] = reading.documents.as_slice() else {
        panic!("one document")
    };
    assert_eq!(acknowledgement.status.value, "41");
    assert_eq!(acknowledgement.reasons[0].value, "Seal broken");
    assert_eq!(acknowledgement.subjects[0].number.as_ref().unwrap().value, "A1");
}
