use std::collections::BTreeMap;

use ecert_model::values::Measure;

use super::*;
use crate::store::Store;
use crate::store::testing::on_each_database;

pub(super) fn kilograms(value: &str) -> Quantity {
    measured(Kind::Weight, value, "KGM")
}

pub(super) fn measured(kind: Kind, value: &str, unit: &str) -> Quantity {
    let measure =
        Measure { value: value.parse().unwrap(), unit: Some(unit.into()), unit_as_written: None, place: 0 };
    Quantity::from_measure(kind, &measure).unwrap()
}

pub(super) fn account(certified: &[Quantity]) -> Account {
    Account {
        certificate: "certificate".into(),
        lines: vec![Line {
            number: 1,
            certified: certified.to_vec(),
            commodity_prefixes: vec!["0401".into()],
        }],
        tolerance: Tolerance::default(),
        agreed: BTreeMap::new(),
        usable: true,
    }
}

pub(super) fn demand(quantity: Quantity) -> Demand {
    Demand {
        item: 1,
        certificate: "certificate".into(),
        line: 1,
        commodity: Some("040110".into()),
        quantities: vec![quantity],
    }
}

fn try_reserve(store: &Store, declaration: &str, account: &Account, demands: Vec<Demand>) -> Outcome {
    let (declaration, accounts) = (declaration.to_owned(), vec![account.clone()]);
    store.write(move |t| reserve(t, &declaration, &[], "test", &accounts, &demands)).unwrap()
}

pub(super) fn reason(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Reserved => "reserved",
        Outcome::Refused(refusal) => refusal.reason.code(),
    }
}

pub(super) fn held(store: &Store) -> Vec<(String, String)> {
    let movements = store.read(|t| movements(t, "certificate")).unwrap();
    movements.into_iter().map(|m| (m.declaration, m.quantity.amount.to_string())).collect()
}

on_each_database! {
    fn reserves_replaces_and_refuses(fresh: Fresh) {
        let store = &fresh.store;
        let milk = account(&[kilograms("400")]);
        assert_eq!(try_reserve(store, "a", &milk, vec![demand(kilograms("0.001"))]), Outcome::Reserved);
        assert_eq!(try_reserve(store, "a", &milk, vec![demand(kilograms("0.002"))]), Outcome::Reserved);
        assert_eq!(held(store), [("a".into(), "0.002".into())]);
        let grams = measured(Kind::Weight, "399998", "GRM");
        assert_eq!(try_reserve(store, "b", &milk, vec![demand(grams)]), Outcome::Reserved);
        let refused = try_reserve(store, "c", &milk, vec![demand(kilograms("0.001"))]);
        let Outcome::Refused(refusal) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal.reason, Reason::Insufficient);
        assert_eq!(refusal.left.unwrap().amount, Amount(0));

        // Each refusal but that of the quantity leaves the earlier hold.
        let strange = Demand { commodity: Some("99999999".into()), ..demand(kilograms("1")) };
        assert_eq!(reason(try_reserve(store, "b", &milk, vec![strange])), "03");
        let line = Demand { line: 999, ..demand(kilograms("1")) };
        assert_eq!(reason(try_reserve(store, "b", &milk, vec![line])), "07");
        let pieces = Demand { quantities: vec![measured(Kind::Weight, "1", "H87")], ..demand(kilograms("1")) };
        assert_eq!(reason(try_reserve(store, "b", &milk, vec![pieces])), "10");
        let nothing = Demand { quantities: vec![], ..demand(kilograms("1")) };
        assert_eq!(reason(try_reserve(store, "b", &milk, vec![nothing])), "11");
        assert_eq!(held(store).len(), 2);
        assert_eq!(reason(try_reserve(store, "b", &milk, vec![demand(kilograms("401"))])), "05");
        assert_eq!(held(store), [("a".into(), "0.002".into())]);

        assert_eq!(store.write(|t| free(t, "a", "test")), Ok(Settled::Done));
        assert_eq!(held(store), []);
    }

    fn all_items_or_none(fresh: Fresh) {
        let milk = account(&[kilograms("10")]);
        let two = vec![demand(kilograms("6")), Demand { item: 2, ..demand(kilograms("6")) }];
        let outcome = try_reserve(&fresh.store, "a", &milk, two);
        let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
        assert_eq!(refusal.asked.unwrap().amount.to_string(), "12");
        assert_eq!(held(&fresh.store), []);
    }

    fn released_goods_cannot_be_reserved_again(fresh: Fresh) {
        let milk = account(&[kilograms("10")]);
        try_reserve(&fresh.store, "a", &milk, vec![demand(kilograms("6"))]);
        assert_eq!(fresh.store.write(|t| consume(t, "a", "test")), Ok(Settled::Done));
        assert_eq!(reason(try_reserve(&fresh.store, "a", &milk, vec![demand(kilograms("1"))])), "06");
        assert_eq!(reason(try_reserve(&fresh.store, "b", &milk, vec![demand(kilograms("5"))])), "05");
        assert_eq!(held(&fresh.store), [("a".into(), "6".into())]);
    }

    fn declarations_at_once_never_take_more_than_is_certified(fresh: Fresh) {
        let store = &fresh.store;
        let milk = account(&[kilograms("100")]);
        std::thread::scope(|scope| {
            for declaration in 0..12 {
                let milk = &milk;
                scope.spawn(move || {
                    for round in 0..6_u32 {
                        let weight = kilograms(&(7 + (declaration * 5 + round * 3) % 23).to_string());
                        try_reserve(store, &format!("d{declaration}"), milk, vec![demand(weight)]);
                        let sum: f64 = held(store).iter().map(|(_, amount)| amount.parse::<f64>().unwrap()).sum();
                        assert!(sum <= 100.0, "{sum}");
                    }
                });
            }
        });
        assert!(!held(store).is_empty());
    }
}

#[test]
fn what_was_agreed_on_goes_before_the_usual_tolerance() {
    let milk = Account {
        tolerance: Tolerance { basis_points: 50, absolute: Amount::default() },
        agreed: [("KGM".to_owned(), Tolerance { basis_points: 0, absolute: kilograms("2").amount })].into(),
        ..account(&[kilograms("1000"), measured(Kind::Volume, "1000", "LTR")])
    };
    let taken = |quantity| decide(std::slice::from_ref(&milk), &[], &[], &[demand(quantity)]).is_ok();
    assert!(taken(kilograms("1002")) && !taken(kilograms("1003")));
    assert!(taken(measured(Kind::Volume, "1005", "LTR")) && !taken(measured(Kind::Volume, "1006", "LTR")));
}

#[test]
fn the_ceiling_carries_the_tolerance() {
    let mut milk = account(&[kilograms("1000")]);
    milk.tolerance = Tolerance { basis_points: 50, absolute: Amount::new("2".parse().unwrap()).unwrap() };
    let asks = |value: &str| decide(std::slice::from_ref(&milk), &[], &[], &[demand(kilograms(value))]);
    assert_eq!(asks("1005"), Ok(()));
    assert_eq!(asks("1005.000000001").unwrap_err().reason, Reason::Insufficient);
}

#[test]
fn kinds_are_tracked_apart() {
    let cattle = account(&[kilograms("1000"), measured(Kind::Count, "10", "H87")]);
    let both = Demand {
        quantities: vec![kilograms("900"), measured(Kind::Count, "11", "NAR")],
        ..demand(kilograms("1"))
    };
    let refusal = decide(&[cattle], &[], &[], &[both]).unwrap_err();
    assert_eq!((refusal.reason, refusal.asked.unwrap().kind), (Reason::Insufficient, Kind::Count));
}

#[test]
fn procedures_cite_or_reserve() {
    for (code, effect) in [
        (Some("40"), Effect::Reserve),
        (Some("4000"), Effect::Reserve),
        (Some("51"), Effect::Reserve),
        (None, Effect::Reserve),
        (Some("71"), Effect::CiteOnly),
        (Some("53"), Effect::CiteOnly),
        (Some("80"), Effect::CiteOnly),
        (Some("10"), Effect::CiteOnly),
    ] {
        assert_eq!(effect_of_procedure(code), effect, "{code:?}");
    }
}
