//! Reservations on both databases, through the ledger.

use std::sync::Arc;

use ecert_model::cases::{CitedCertificate, Pairing, Standing};
use ecert_model::certificates::{Certificate, Consignment};
use ecert_model::declarations::Declaration;
use ecert_model::values::{Code, Measure};

use super::*;
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::intake::{Body, Held as HeldCertificate};
use crate::store::Store;
use crate::store::testing::on_each_database;
use crate::verification::Verdict;
use crate::verification::frame::Frame;
use crate::verification::record::{Dates, DeclarationSummary, Pins, Record};

fn kilograms(value: &str) -> Option<Measure> {
    Some(Measure { value: value.parse().unwrap(), unit: Some("KGM".into()), unit_as_written: None, place: 0 })
}

/// A certificate whose lines, from 1, certify these weights.
fn certificate(weights: &[&str]) -> Certificate {
    let line = |(sequence, weight): (u32, &&str)| TradeLine {
        sequence,
        net_weight: kilograms(weight),
        ..TradeLine::default()
    };
    let lines = (1..).zip(weights).map(line).collect();
    Certificate { consignment: Consignment { lines, ..Consignment::default() }, ..Certificate::default() }
}

fn record() -> Record {
    Record {
        id: crate::store::new_id(),
        verdict: Verdict::Release,
        at: String::new(),
        requested_by: String::new(),
        declaration: DeclarationSummary::default(),
        certificates: Vec::new(),
        dates: Dates::default(),
        findings: Vec::new(),
        rule_sets: Vec::new(),
        pins: Pins::default(),
        microseconds: 0,
    }
}

/// An evaluation of items with these weights and procedures, each of which
/// belongs to all lines of all certificates.
fn evaluation(items: &[(&str, &str)], certificates: &[(&str, Certificate)]) -> Evaluation {
    let item = |(sequence, (weight, procedure)): (u32, &(&str, &str))| GoodsItem {
        sequence,
        net_weight: kilograms(weight),
        procedure: Some(Code { value: (*procedure).into(), ..Code::default() }),
        ..GoodsItem::default()
    };
    let declaration = Declaration { items: (1..).zip(items).map(item).collect(), ..Declaration::default() };
    let mut case = Case { declaration, ..Case::default() };
    for (item, _) in (0..).zip(items) {
        for (index, (_, certificate)) in (0..).zip(certificates) {
            for (line, _) in (0..).zip(&certificate.consignment.lines) {
                let basis = PairingBasis::LineReference;
                case.pairings.push(Pairing { item, certificate: index, line, basis });
            }
        }
    }
    let mut held = Vec::new();
    for (chain, certificate) in certificates {
        case.certificates
            .push(CitedCertificate { certificate: certificate.clone(), standing: Standing::default() });
        held.push(Arc::new(HeldCertificate {
            id: (*chain).to_owned(),
            version: 1,
            chain: (*chain).to_owned(),
            body: Arc::new(Body {
                certificate: certificate.clone(),
                places: Arc::new(Places::default()),
                digest: Digest::of(b""),
            }),
            standing: Standing::default(),
            contradicted: false,
        }));
    }
    let frame = Frame { concerned: vec![0], ..Frame::default() };
    let agreed = crate::verification::needs::Agreed::default();
    Evaluation { case, held, agreed, record: record(), frame, places: Arc::new(Places::default()) }
}

/// What the ledger finds when a declaration reserves.
fn found(store: &Store, declaration: &str, evaluation: Evaluation) -> Vec<HostFinding> {
    let key = DeclarationKey { country: "GB".into(), declarant: "X".into(), reference: declaration.into() };
    store
        .write(move |transaction| -> Result<_, StoreError> {
            StoredLedger.reserve(transaction, &key, &evaluation)
        })
        .unwrap()
}

on_each_database! {
    fn declarations_together_never_take_more_than_is_certified(fresh: Fresh) {
        let store = &fresh.store;
        let certified = || [("c", certificate(&["1000"]))];
        assert!(found(store, "A", evaluation(&[("600", "40")], &certified())).is_empty());
        let refused = found(store, "B", evaluation(&[("500", "40")], &certified()));
        assert_eq!(refused[0].code, HostCode::LedgerRefused);
        assert_eq!((refused[0].arguments["available"].as_str(), refused[0].item), ("401 KGM", Some(0)));
        // The same declaration again replaces what it held.
        assert!(found(store, "A", evaluation(&[("400", "40")], &certified())).is_empty());
        assert!(found(store, "B", evaluation(&[("500", "40")], &certified())).is_empty());
        // Goods in transit take nothing.
        assert!(found(store, "C", evaluation(&[("900", "80")], &certified())).is_empty());
    }

    fn an_item_takes_from_each_of_its_lines_what_is_left(fresh: Fresh) {
        let store = &fresh.store;
        let certified = || [("c", certificate(&["500"])), ("d", certificate(&["300", "200"]))];
        assert!(found(store, "A", evaluation(&[("700", "40")], &certified())).is_empty());
        assert!(found(store, "B", evaluation(&[("100", "40"), ("200", "40")], &certified())).is_empty());
        let refused = found(store, "C", evaluation(&[("100", "40")], &certified()));
        assert_eq!(refused[0].code, HostCode::LedgerRefused);
    }
}
