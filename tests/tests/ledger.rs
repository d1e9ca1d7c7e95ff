//! Quantities: what declarations take from certificates, whatever happens
//! meanwhile.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use ecert_tests::examples::{self, COUNTRIES};
use ecert_tests::postgres::Database;
use ecert_tests::{Client, Host, Setup};
use serde_json::{Value, json};

/// The example's certificate is for 24,000 kg; the ledger tolerates a
/// thousandth more.
const CEILING: f64 = 24_024.0;

/// The example's declaration under another number, for so many kilograms.
fn declaration(number: usize, kilograms: usize) -> Vec<u8> {
    let text = String::from_utf8(examples::message("clean/beef-frozen/declaration.xml"));
    let text = text.expect("XML in UTF-8");
    let replaced = text
        .replace("26GB1258324Q93K393", &format!("26GBQ{number:013}"))
        .replace("THAM260510-003", &format!("Q-{number}"))
        .replace("24000", &kilograms.to_string())
        .replace("25440", &(kilograms * 106 / 100).to_string())
        .replace(">1200<", &format!(">{}<", kilograms / 20));
    replaced.into_bytes()
}

/// Delivers the certificate and answers its identifier.
fn deliver(host: &Host) -> String {
    let hub = host.client("partner", &COUNTRIES);
    let message = examples::message("clean/beef-frozen/certificate.xml");
    let received = hub.xml("/v1/certificates", &message).expect(201).json();
    received["certificates"][0]["id"].as_str().expect("an id").to_owned()
}

fn lodge(client: &Client, number: usize, kilograms: usize) -> Value {
    client.xml("/v1/declarations", &declaration(number, kilograms)).expect(200).json()
}

/// What became of a declaration, by its reference number: its code.
fn settle(client: &Client, number: usize, what: &str) -> Value {
    client.json("POST", &format!("/v1/declarations/Q-{number}/{what}"), &json!({})).expect(200).json()
}

fn code(answer: &Value) -> &str {
    answer["code"].as_str().unwrap_or_else(|| answer["outcome"].as_str().expect("an outcome"))
}

/// The weight's account of the certificate.
fn account(client: &Client, certificate: &str) -> Value {
    let statement = client.get(&format!("/v1/certificates/{certificate}/ledger")).expect(200).json();
    let quantities = statement["lines"][0]["quantities"].as_array().expect("a list").clone();
    quantities.into_iter().find(|quantity| quantity["kind"] == "weight").expect("a weight")
}

fn number(value: &Value) -> f64 {
    value.as_str().and_then(|text| text.parse().ok()).expect("a number")
}

#[test]
fn what_is_released_withdrawn_refused_and_freed() {
    let host = Setup::default().furnished();
    let certificate = deliver(&host);
    let customs = host.client("operator", &[]);
    let officer = host.client("officer", &[]);
    let told = |names: [&str; 4]| {
        let account = account(&customs, &certificate);
        names.map(|name| account[name].as_str().expect("an amount").to_owned())
    };
    let all = ["reserved", "consumed", "blocked", "available"];
    assert_eq!(lodge(&customs, 1, 10_000)["verdict"], "release");
    let second = lodge(&customs, 2, 6_000);
    assert_eq!(told(all), ["16000", "0", "0", "8024"]);
    let third = lodge(&customs, 3, 9_000);
    assert_eq!(third["verdict"], "review");
    assert!(third["findings"].to_string().contains("ledger-refused"), "{third:#}");

    assert_eq!(code(&settle(&customs, 1, "release")), "01");
    assert_eq!(code(&settle(&customs, 1, "release")), "03");
    assert_eq!(code(&settle(&customs, 1, "withdrawal")), "03");
    assert_eq!(told(all), ["6000", "10000", "0", "8024"]);
    let again = lodge(&customs, 1, 9_000);
    assert!(again["findings"].to_string().contains("ledger-written-off"), "{again:#}");

    let decide = |verification: &Value, action: &str| {
        let path = format!("/v1/verifications/{}/decision", verification["id"].as_str().expect("an id"));
        let _ = officer.json("POST", &path, &json!({"action": action, "reasonCode": "seen"})).expect(201);
    };
    decide(&second, "refuse");
    assert_eq!(told(all), ["0", "10000", "6000", "8024"]);
    assert_eq!(code(&settle(&customs, 2, "withdrawal")), "blocked");
    let again = lodge(&customs, 2, 5_000);
    assert!(again["findings"].to_string().contains("ledger-blocked"), "{again:#}");
    decide(&again, "accept");
    assert_eq!(told(all), ["6000", "10000", "0", "8024"]);
    decide(&again, "refuse");
    assert_eq!(customs.json("POST", "/v1/declarations/Q-2/freeing", &json!({})).status, 403);
    assert_eq!(code(&settle(&officer, 2, "freeing")), "01");
    assert_eq!(told(all), ["0", "10000", "0", "14024"]);
    assert_eq!(code(&settle(&customs, 2, "withdrawal")), "02");

    assert_eq!(lodge(&customs, 3, 9_000)["verdict"], "release");
    assert_eq!(code(&settle(&customs, 3, "withdrawal")), "01");
    assert_eq!(told(all), ["0", "10000", "0", "14024"]);
    let ledger = |arguments: &[&str]| {
        let mut command = Command::new(ecert_tests::host::binary());
        command.arg("ledger").args(arguments).env("ECERT_SERVER", host.address());
        let output = command.env("ECERT_TOKEN", host.admin.token().expect("a token")).output();
        let output = output.expect("the binary starts");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (ended, shown) = ledger(&["show", &certificate]);
    assert!(ended == Some(0) && shown.contains("weight KGM") && shown.contains("14024"), "{shown}");
    let (ended, shown) = ledger(&["release", "Q-1"]);
    assert!(ended == Some(1) && shown.ends_with("Q1: its goods were released already (03)\n"), "{shown}");
    let movement = account(&customs, &certificate)["movements"][0].clone();
    assert!(movement["declaration"].as_str().is_some_and(|holder| holder.ends_with("Q1")), "{movement}");
    let unknown = customs.json("POST", "/v1/declarations/nothing/release", &json!({}));
    assert_eq!(unknown.expect(404).code(), "not-found");
    assert_eq!(customs.get("/v1/certificates/nothing/ledger").status, 404);
}

/// What the last answer said of a declaration; `certain` while no request on it
/// is under way.
#[derive(Clone, Copy, Debug)]
struct Known {
    state: Option<&'static str>,
    certain: bool,
}

/// Lodges, releases and withdraws until told to stop, or the host is gone.
fn trade(
    client: &Client,
    first: usize,
    stop: &AtomicBool,
    known: &Mutex<BTreeMap<usize, Known>>,
    acknowledged: &AtomicUsize,
) {
    let note = |number: usize, state, certain| {
        let mut known = known.lock().expect("nobody panicked");
        let before = known.get(&number).and_then(|known: &Known| known.state);
        let state = if certain { state } else { before };
        known.insert(number, Known { state, certain });
        acknowledged.fetch_add(usize::from(certain), Ordering::Relaxed);
    };
    let xml = [("content-type", "application/xml")];
    for number in first.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        note(number, None, false);
        let body = declaration(number, 1_000);
        let Ok(answer) = client.try_send("POST", "/v1/declarations", &xml, &body) else { return };
        let reserved = answer.expect(200).json()["verdict"] == "release";
        note(number, reserved.then_some("reserved"), true);
        let (what, state) = match number % 5 {
            0 if reserved => ("release", Some("consumed")),
            1..4 if reserved => ("withdrawal", None),
            _ => continue,
        };
        note(number, None, false);
        let path = format!("/v1/declarations/Q-{number}/{what}");
        let Ok(answer) = client.try_send("POST", &path, &[], &[]) else { return };
        assert_eq!(code(&answer.expect(200).json()), "01", "{what} of {number}");
        note(number, state, true);
    }
}

/// Everything that was acknowledged holds, and no more is taken than there is.
fn assert_kept(client: &Client, certificate: &str, known: &BTreeMap<usize, Known>) {
    let account = account(client, certificate);
    let taken = number(&account["reserved"]) + number(&account["consumed"]);
    assert!(taken <= CEILING, "{taken} kg are taken");
    let movements = account["movements"].as_array().expect("a list");
    let mut held: BTreeMap<usize, &str> = BTreeMap::new();
    for movement in movements {
        let holder = movement["declaration"].as_str().expect("a declaration");
        let (_, reference) = holder.rsplit_once("/Q").expect("a reference of these");
        let twice =
            held.insert(reference.parse().expect("a number"), movement["state"].as_str().expect("a state"));
        assert_eq!(twice, None, "{holder} holds twice");
    }
    for (number, Known { state, certain }) in known {
        if *certain {
            assert_eq!(held.get(number).copied(), *state, "declaration {number}");
        }
    }
}

#[test]
fn no_acknowledged_movement_is_lost_by_a_kill() {
    let mut host = Setup::default().furnished();
    let certificate = deliver(&host);
    let (known, acknowledged) = (Mutex::new(BTreeMap::new()), AtomicUsize::new(0));
    for round in 0..5 {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (client, known, acknowledged, stop) = (host.admin.clone(), &known, &acknowledged, &stop);
                let first = 1 + round * 100_000 + thread * 10_000;
                scope.spawn(move || trade(&client, first, stop, known, acknowledged));
            }
            std::thread::sleep(Duration::from_millis(300 + 100 * round as u64));
            host.kill();
            stop.store(true, Ordering::Relaxed);
        });
        host.restart();
        assert_kept(&host.admin, &certificate, &known.lock().expect("nobody panicked"));
    }
    assert!(acknowledged.into_inner() > 20, "too little was acknowledged to say anything");
}

#[test]
fn postgres_several_hosts_never_take_more_than_is_certified() {
    let database = Database::create("ledger");
    let setup = || Setup { database: Some(database.url()), ..Setup::default() };
    let first = setup().furnished();
    let token = first.admin.token().map(str::to_owned);
    let mut second = Setup { token, ..setup() }.start();
    let certificate = deliver(&first);
    let (known, acknowledged) = (Mutex::new(BTreeMap::new()), AtomicUsize::new(0));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let client = if thread % 2 == 0 { first.admin.clone() } else { second.admin.clone() };
            let (known, acknowledged, stop) = (&known, &acknowledged, &stop);
            scope.spawn(move || trade(&client, 1 + thread * 10_000, stop, known, acknowledged));
        }
        for _ in 0..20 {
            std::thread::sleep(Duration::from_millis(100));
            let account = account(&first.admin, &certificate);
            let taken = number(&account["reserved"]) + number(&account["consumed"]);
            assert!(taken <= CEILING, "{taken} kg are taken");
        }
        // One host dies in the midst of it; the other goes on.
        second.kill();
        std::thread::sleep(Duration::from_millis(500));
        stop.store(true, Ordering::Relaxed);
    });
    assert_kept(&first.admin, &certificate, &known.lock().expect("nobody panicked"));
    assert!(acknowledged.into_inner() > 20, "too little was acknowledged to say anything");
}
