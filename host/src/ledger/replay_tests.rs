//! The ledger over time: the observed sequence of the European Union's CERTEX,
//! and random histories against a model of a few lines.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::tests::{account, demand, held, kilograms, reason};
use super::*;
use crate::store::Store;
use crate::store::testing::on_each_database;

fn milk(certified: &str) -> Account {
    account(&[kilograms(certified)])
}

fn take(store: &Store, declaration: &str, after: &[&str], account: &Account, demand: Demand) -> Outcome {
    let (declaration, accounts) = (declaration.to_owned(), vec![account.clone()]);
    let after: Vec<String> = after.iter().map(|&earlier| earlier.to_owned()).collect();
    store
        .write(move |t| reserve(t, &declaration, &after, "test", &accounts, std::slice::from_ref(&demand)))
        .unwrap()
}

type Operation = fn(&mut dyn Transaction, &str, &str) -> Result<Settled, StoreError>;

fn settle(store: &Store, declaration: &str, operation: Operation) -> Settled {
    let declaration = declaration.to_owned();
    store.write(move |t| operation(t, &declaration, "test")).unwrap()
}

fn available(store: &Store, account: &Account) -> String {
    let movements = store.read(|t| movements(t, &account.certificate)).unwrap();
    lines(account, &movements)[0].quantities[0].available.to_string()
}

fn unblocked(transaction: &mut dyn Transaction, declaration: &str, by: &str) -> Result<Settled, StoreError> {
    unblock(transaction, declaration, by, true)
}

fn freed(transaction: &mut dyn Transaction, declaration: &str, by: &str) -> Result<Settled, StoreError> {
    unblock(transaction, declaration, by, false)
}

on_each_database! {
    /// 1,000 kg of CN 0401 are certified, 600 of them consumed before.
    fn decides_as_certex_was_seen_to(fresh: Fresh) {
        let (store, milk) = (&fresh.store, &milk("1000"));
        let asks = |declaration: &str, kilos: &str| reason(take(store, declaration, &[], milk, demand(kilograms(kilos))));
        assert_eq!((asks("before", "600"), settle(store, "before", consume)), ("reserved", Settled::Done));

        assert_eq!((asks("A", "0.001"), available(store, milk).as_str()), ("reserved", "399.999"));
        assert_eq!((asks("A", "0.002"), available(store, milk).as_str()), ("reserved", "399.998"));
        assert_eq!(settle(store, "A", consume), Settled::Done);
        assert_eq!(settle(store, "A", consume), Settled::AlreadyConsumed);
        assert_eq!(asks("B", "1"), "reserved");
        assert_eq!(settle(store, "B", free), Settled::Done);
        assert_eq!(settle(store, "B", free), Settled::NoRecord);
        assert_eq!(settle(store, "B", consume), Settled::NoRecord);
        assert_eq!(asks("B", "399.999"), "05");
        let code = Demand { commodity: Some("99999999".into()), ..demand(kilograms("1")) };
        assert_eq!(reason(take(store, "B", &[], milk, code)), "03");
        let Outcome::Refused(line) = take(store, "B", &[], milk, Demand { line: 999, ..demand(kilograms("1")) })
        else { panic!("there is no line 999") };
        assert_eq!((line.reason.code(), line.item, line.line), ("07", Some(1), None));
        let new = Account { usable: false, ..milk.clone() };
        let Outcome::Refused(status) = take(store, "B", &[], &new, demand(kilograms("1")))
        else { panic!("the certificate is new") };
        assert_eq!((status.reason.code(), status.item), ("04", None));
        assert_eq!(asks("A", "1"), "06");
        assert_eq!(asks("C", "5"), "reserved");
        assert_eq!(asks("C", "500"), "05");
        assert!(held(store).iter().all(|(declaration, _)| declaration != "C"), "the earlier hold is gone");
        assert_eq!(settle(store, "A", free), Settled::AlreadyConsumed);
    }

    fn a_refusal_blocks_until_an_officer_frees_it(fresh: Fresh) {
        let (store, milk) = (&fresh.store, &milk("10"));
        let asks = |declaration: &str, kilos: &str| reason(take(store, declaration, &[], milk, demand(kilograms(kilos))));
        assert_eq!((asks("a", "6"), settle(store, "a", block)), ("reserved", Settled::Done));
        assert_eq!(asks("a", "1"), "06");
        assert_eq!((settle(store, "a", free), settle(store, "a", consume)), (Settled::Blocked, Settled::Blocked));
        assert_eq!(asks("b", "5"), "05");
        assert_eq!(settle(store, "a", unblocked), Settled::Done);
        assert_eq!((asks("b", "5"), asks("a", "4"), asks("b", "5")), ("05", "reserved", "reserved"));
        assert_eq!((settle(store, "b", block), settle(store, "b", freed)), (Settled::Done, Settled::Done));
        assert_eq!((available(store, milk).as_str(), settle(store, "b", freed)), ("6", Settled::NoRecord));
    }

    fn a_follow_on_takes_over_what_it_needs(fresh: Fresh) {
        let (store, milk) = (&fresh.store, &milk("10"));
        let kilos = |kilos: &str| demand(kilograms(kilos));
        assert_eq!(take(store, "first", &[], milk, kilos("8")), Outcome::Reserved);
        assert_eq!(settle(store, "first", consume), Settled::Done);
        // Goods that were released for processing are declared again, in parts.
        assert_eq!(take(store, "other", &[], milk, kilos("3")), Outcome::Refused(Refusal {
            reason: Reason::Insufficient, item: Some(1), certificate: milk.certificate.clone(), line: Some(1),
            asked: Some(kilograms("3")), left: Some(kilograms("2")),
        }));
        assert_eq!(take(store, "second", &["first"], milk, kilos("3")), Outcome::Reserved);
        assert_eq!(held(store), [("first".into(), "5".into()), ("second".into(), "3".into())]);
        assert_eq!(available(store, milk), "2");
        assert_eq!(reason(take(store, "third", &["first"], milk, kilos("7.5"))), "05");
        assert_eq!(take(store, "third", &["first"], milk, kilos("7")), Outcome::Reserved);
        assert_eq!(available(store, milk), "0");
    }

    fn a_statement_tells_who_took_what(fresh: Fresh) {
        let (store, milk) = (&fresh.store, &milk("10"));
        for (declaration, kilos) in [("a", "1"), ("b", "2"), ("c", "3")] {
            assert_eq!(take(store, declaration, &[], milk, demand(kilograms(kilos))), Outcome::Reserved);
        }
        settle(store, "b", consume);
        settle(store, "c", block);
        let movements = store.read(|t| movements(t, &milk.certificate)).unwrap();
        let line = &lines(milk, &movements)[0];
        let quantity = &line.quantities[0];
        let told = [quantity.certified, quantity.reserved, quantity.consumed, quantity.blocked, quantity.available];
        assert_eq!(told.map(|amount| amount.to_string()), ["10", "1", "2", "3", "4"]);
        assert_eq!(quantity.movements.len(), 3);
        assert_eq!((quantity.movements[0].declaration.as_str(), quantity.movements[0].state), ("a", State::Reserved));
    }

    fn behaves_like_its_model(fresh: Fresh) {
        let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let runs = std::cell::Cell::new(0);
        let step = (0..4_usize, 0..60_i64, 0..9_u8, 0..4_usize);
        runner
            .run(&proptest::collection::vec(step, 1..24), |steps| {
                runs.set(runs.get() + 1);
                follow_model(&fresh.store, runs.get(), &steps)
            })
            .unwrap();
    }
}

/// What a declaration holds of 100, and how firmly; the model of the ledger.
#[derive(Default)]
struct Model(BTreeMap<usize, (State, i64)>);

impl Model {
    fn total(&self) -> i64 {
        self.0.values().map(|(_, amount)| amount).sum()
    }

    fn reserve(&mut self, who: usize, after: Option<usize>, amount: i64) -> &'static str {
        if let Some((State::Consumed | State::Blocked, _)) = self.0.get(&who) {
            return "06";
        }
        let own = self.0.get(&who).map_or(0, |(_, amount)| *amount);
        let earlier = after.and_then(|after| self.0.get(&after)).map_or(0, |(_, amount)| *amount);
        let taken = earlier.min(amount);
        if self.total() - own - taken + amount > 100 {
            self.0.remove(&who);
            return "05";
        }
        if let Some((_, held)) = after.and_then(|after| self.0.get_mut(&after)) {
            *held -= taken;
        }
        self.0.insert(who, (State::Reserved, amount));
        self.0.retain(|_, (_, amount)| *amount > 0);
        "reserved"
    }

    fn settle(&mut self, who: usize, from: State, to: Option<State>) -> Settled {
        match self.0.get(&who).map(|(state, _)| *state) {
            Some(State::Consumed) => Settled::AlreadyConsumed,
            Some(State::Blocked) if from != State::Blocked => Settled::Blocked,
            Some(state) if state == from => {
                match to {
                    Some(state) => self.0.get_mut(&who).into_iter().for_each(|held| held.0 = state),
                    None => drop(self.0.remove(&who)),
                }
                Settled::Done
            }
            _ => Settled::NoRecord,
        }
    }
}

fn follow_model(store: &Store, run: u32, steps: &[(usize, i64, u8, usize)]) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    let account = Account { certificate: format!("certificate-{run}"), ..milk("100") };
    let name = |declaration: usize| format!("{run}-{declaration}");
    for &(who, amount, act, after) in steps {
        let settled = |operation| settle(store, &name(who), operation);
        match act {
            0 => prop_assert_eq!(settled(free), model.settle(who, State::Reserved, None)),
            1 => prop_assert_eq!(settled(consume), model.settle(who, State::Reserved, Some(State::Consumed))),
            2 => prop_assert_eq!(settled(block), model.settle(who, State::Reserved, Some(State::Blocked))),
            3 => {
                prop_assert_eq!(settled(unblocked), model.settle(who, State::Blocked, Some(State::Reserved)))
            }
            4 => prop_assert_eq!(settled(freed), model.settle(who, State::Blocked, None)),
            _ => {
                let kilos = kilograms(&(amount + 1).to_string());
                let wanted = Demand { certificate: account.certificate.clone(), ..demand(kilos) };
                let after = (act > 7 && after != who).then_some(after);
                let earlier: Vec<String> = after.into_iter().map(name).collect();
                let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
                let outcome = reason(take(store, &name(who), &earlier, &account, wanted));
                prop_assert_eq!(outcome, model.reserve(who, after, amount + 1));
            }
        }
        let movements = store.read(|t| movements(t, &account.certificate)).unwrap();
        let sum: i64 = movements.iter().map(|movement| movement.quantity.amount.0).sum();
        prop_assert_eq!(sum, model.total() * 1_000_000_000);
        prop_assert!(model.total() <= 100);
    }
    Ok(())
}
