//! Containers, seals, means, documents.

use ecert_sdk::model::parts::{ReferencedDocument, TransportMovement};
use ecert_sdk::model::reports::Severity;
use ecert_sdk::testing::{Scenario, identifier, text};

use super::judge;

fn container(number: &str) -> Scenario {
    Scenario::consistent().change(|declaration, _| {
        declaration.items[0].containers = vec![identifier(number)];
        declaration.equipment[0].identifier = Some(identifier(number));
    })
}

#[test]
fn declared_containers_are_among_the_certified() {
    judge(&container("MSKU 000001-4")).assert_passed("containers");
    let judged = judge(&container("MSKU9999999"));
    judged.assert_failed("containers").assert_not_applicable("seals");
    assert_eq!(judged.stopping(), ["containers"]);
    let loose =
        container("MSKU9999999").change(|_, cited| cited[0].certificate.consignment.equipment.clear());
    judge(&loose).assert_not_evaluable("containers", "certified containers");
    let bulk = Scenario::consistent().change(|declaration, _| {
        declaration.items[0].containers.clear();
        declaration.equipment.clear();
    });
    judge(&bulk).assert_not_applicable("containers");
}

#[test]
fn new_seals_are_worth_knowing() {
    let sealed = |seals: &[&str]| {
        let seals = seals.iter().copied().map(identifier).collect();
        Scenario::consistent().change(|declaration, _| declaration.equipment[0].seals = seals)
    };
    judge(&sealed(&["GB001", "nz-4471"])).assert_passed("seals");
    judge(&sealed(&["GB001"])).assert_failed_as("seals", Severity::Information).assert_released();
    judge(&sealed(&[])).assert_not_applicable("seals");
}

#[test]
fn another_ship_is_worth_knowing() {
    let ship = |name: &str| TransportMovement { means: vec![text(name)], ..TransportMovement::default() };
    let arrives = |name: &str| {
        Scenario::consistent().change(|declaration, cited| {
            declaration.transport = vec![TransportMovement::default(), ship(name)];
            cited[0].certificate.consignment.transport = vec![ship("KAIMAI TRADER")];
        })
    };
    judge(&arrives("Kaimai Trader")).assert_passed("transport-identity");
    let judged = judge(&arrives("Other Vessel"));
    judged.assert_failed_as("transport-identity", Severity::Information).assert_released();
    judge(&Scenario::consistent())
        .assert_not_evaluable("transport-identity", "means of transport on both sides");
}

#[test]
fn another_bill_is_worth_knowing() {
    let bill = |number: &str| ReferencedDocument {
        number: Some(identifier(number)),
        ..ReferencedDocument::default()
    };
    let carried = |number: &str| {
        Scenario::consistent().change(|declaration, cited| {
            declaration.transport_documents = vec![bill(number)];
            cited[0].certificate.consignment.transport_documents = vec![bill("EXML0001")];
        })
    };
    judge(&carried("exml-0001")).assert_passed("transport-documents");
    let judged = judge(&carried("LDNH8812077"));
    judged.assert_failed_as("transport-documents", Severity::Information).assert_released();
}
