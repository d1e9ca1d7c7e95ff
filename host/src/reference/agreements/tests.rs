use serde_json::{Value, json};

use super::*;
use crate::access::Principal;
use crate::reference::{Reference, ReferenceError};
use crate::store::Store;
use crate::store::testing::on_each_database;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn terms(changes: Value) -> Terms {
    let mut terms = json!({
        "partner": "NZ", "direction": "import", "commodities": ["02"], "exchange": "real-time", "paperless": true,
    });
    terms.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    serde_json::from_value(terms).unwrap()
}

fn set(reference: &Reference, name: &str, changes: Value) -> Result<AgreementEntry, ReferenceError> {
    let entry = AgreementEntry::new(name, terms(changes), "test");
    reference.set_agreement(&Principal::system(), "test", entry)
}

fn deciding(reference: &Reference, commodity: &str, on: &str) -> Option<(String, bool)> {
    let snapshot = reference.snapshot();
    let in_force: Vec<_> = snapshot.agreements.all_on(day(on)).cloned().collect();
    let entry = governing(&in_force, "NZ", Direction::Import, commodity)?;
    Some((entry.name.clone(), entry.said()?.paperless))
}

fn wrong(outcome: Result<AgreementEntry, ReferenceError>) -> Vec<String> {
    let Err(ReferenceError::Fields(problems)) = outcome else { panic!("{outcome:?}") };
    problems.into_iter().map(|problem| format!("{}: {}", problem.pointer, problem.text)).collect()
}

on_each_database! {
    fn the_latest_entry_that_holds_on_a_day_counts(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        set(&reference, "nz-meat", json!({"paperless": false, "validFrom": "2020-01-01"})).unwrap();
        let first = set(&reference, "nz-meat", json!({"validFrom": "2024-01-01"})).unwrap();
        let again = set(&reference, "nz-meat", json!({"validFrom": "2024-01-01"})).unwrap();
        assert_eq!(first.id, again.id, "said twice, it stands there once");
        assert_eq!(deciding(&reference, "0201", "2019-12-31"), None);
        assert_eq!(deciding(&reference, "0201", "2023-12-31"), Some(("nz-meat".into(), false)));
        assert_eq!(deciding(&reference, "0201", "2024-01-01"), Some(("nz-meat".into(), true)));
        assert_eq!(deciding(&reference, "0301", "2024-01-01"), None);
        let end = AgreementEntry::end("nz-meat", Some(day("2026-01-01")), "over");
        reference.set_agreement(&Principal::system(), "test", end).unwrap();
        assert_eq!(deciding(&reference, "0201", "2025-12-31"), Some(("nz-meat".into(), true)));
        assert_eq!(deciding(&reference, "0201", "2026-01-01"), None);
        let elsewhere = Reference::open(Store::open(&fresh.url).unwrap()).unwrap();
        assert_eq!(elsewhere.snapshot().agreements.history("nz-meat").unwrap().len(), 3);
    }

    fn more_digits_decide_and_the_same_digits_contradict(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        set(&reference, "nz-meat", json!({"validFrom": "2024-01-01", "validUntil": "2025-12-31"})).unwrap();
        set(&reference, "nz-poultry", json!({"commodities": ["0207"], "paperless": false})).unwrap();
        assert_eq!(deciding(&reference, "02071200", "2025-01-01"), Some(("nz-poultry".into(), false)));
        assert_eq!(deciding(&reference, "02012030", "2025-01-01"), Some(("nz-meat".into(), true)));
        let refused = set(&reference, "nz-again", json!({"commodities": ["04", "02"], "validFrom": "2023-06-01"}));
        assert_eq!(
            wrong(refused),
            ["/commodities/1: the agreement nz-meat decides on 02 with NZ from 2024-01-01 already; end it first, \
              or name more digits here"]
        );
        // Before, after, and for another direction, it contradicts nothing.
        set(&reference, "nz-before", json!({"validUntil": "2023-12-31"})).unwrap();
        set(&reference, "nz-after", json!({"validFrom": "2026-01-01"})).unwrap();
        set(&reference, "nz-export", json!({"direction": "export"})).unwrap();
    }

    fn outages_are_added_and_said_again(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        set(&reference, "nz-meat", json!({"validFrom": "2024-01-01"})).unwrap();
        let outage = |from: &str, until: Option<&str>| {
            let outage = Outage { from: day(from), until: until.map(day), reason: "cable".into() };
            reference.add_outage(&Principal::system(), "test", "nz-meat", outage)
        };
        outage("2026-05-01", None).unwrap();
        outage("2026-05-01", Some("2026-05-03")).unwrap();
        let snapshot = reference.snapshot();
        let entry = snapshot.agreements.on("nz-meat", day("2026-05-02")).unwrap();
        let said = entry.said().unwrap();
        assert_eq!(said.outages.len(), 1);
        assert!(said.outage(day("2026-05-03")).is_some() && said.outage(day("2026-05-04")).is_none());
        assert_eq!(wrong(outage("2023-05-01", None)), ["/from: the agreement nz-meat does not hold on 2023-05-01"]);
        assert_eq!(
            wrong(outage("2026-06-02", Some("2026-06-01"))),
            ["/outages/1/until: 2026-06-01 is before from, 2026-06-02"]
        );
    }
}

#[test]
fn every_wrong_field_is_named() {
    let entry = |changes| AgreementEntry::new("nz-meat", terms(changes), "");
    let problems = |changes| match check(&Agreements::default(), &entry(changes)) {
        Err(ReferenceError::Fields(problems)) => problems.into_iter().map(|p| p.pointer).collect(),
        _ => Vec::new(),
    };
    assert_eq!(
        problems(json!({
            "partner": "ZZ", "commodities": ["beef", "02", "02"], "validFrom": "2026-01-02",
            "validUntil": "2026-01-01", "tolerances": {"KILO": {"percent": "1"}, "KGM": {}, "LTR": {"percent": "0.001"}},
        })),
        [
            "/partner",
            "/validUntil",
            "/commodities/0",
            "/commodities/2",
            "/tolerances/KGM",
            "/tolerances/KILO",
            "/tolerances/LTR"
        ]
    );
    assert_eq!(problems(json!({"commodities": []})), ["/commodities"]);
    assert!(check(&Agreements::default(), &AgreementEntry::new("NZ meat", terms(json!({})), "")).is_err());
    assert!(check(&Agreements::default(), &AgreementEntry::end("nz-meat", None, "")).is_err());
}

#[test]
fn the_examples_are_agreements() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/agreements.json");
    let agreements = Agreements::read(&std::fs::read(file).unwrap()).unwrap();
    let partners: std::collections::BTreeSet<&str> = agreements
        .all_on(day("2026-05-01"))
        .filter_map(|entry| entry.said().map(|terms| terms.partner.as_str()))
        .collect();
    assert_eq!(partners.into_iter().collect::<Vec<_>>().join(" "), "AU BE BY CL ES FR MO NL NO NZ");
}
