//! What follows when a certificate comes, changes or is taken back after a
//! declaration cited it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ecert_tests::customs::Customs;
use ecert_tests::examples::{self, COUNTRIES};
use ecert_tests::postgres::Database;
use ecert_tests::{Client, Host, Setup};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(40);
const NUMBER: &str = "NZ2026/HDM/20401";

fn certificate() -> String {
    String::from_utf8(examples::message("clean/beef-frozen/certificate.xml")).expect("XML in UTF-8")
}

/// The certificate, taken back by its authority.
fn withdrawn() -> Vec<u8> {
    let text = certificate();
    let changed = text.replacen("StatusCode>70<", "StatusCode>40<", 1);
    assert_ne!(text, changed);
    changed.into_bytes()
}

/// The example's declaration under another number, for so many kilograms.
fn declaration(number: usize, kilograms: usize) -> String {
    let text = String::from_utf8(examples::message("clean/beef-frozen/declaration.xml"));
    text.expect("XML in UTF-8")
        .replace("26GB1258324Q93K393", &format!("26GBF{number:013}"))
        .replace("THAM260510-003", &format!("F-{number}"))
        .replace("24000", &kilograms.to_string())
        .replace("25440", &(kilograms * 106 / 100).to_string())
        .replace(">1200<", &format!(">{}<", kilograms / 20))
}

fn deliver(hub: &Client, message: &[u8]) -> String {
    let received = hub.xml("/v1/certificates", message).expect(201).json();
    received["certificates"][0]["id"].as_str().expect("an id").to_owned()
}

fn lodge(customs: &Client, number: usize, kilograms: usize) -> Value {
    customs.xml("/v1/declarations", declaration(number, kilograms).as_bytes()).expect(200).json()
}

fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).expect(200).json()["items"].as_array().expect("a list").clone()
}

/// Asks until the answer is something.
#[track_caller]
fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The latest verification of the declaration that another one is of.
fn latest(client: &Client, record: &Value) -> Value {
    let all = items(client, "/v1/verifications");
    let of_it = |listed: &Value| listed["declaration"] == record["declaration"]["id"];
    all.into_iter().find(of_it).expect("a verification")
}

/// The latest verification of a declaration, once it is another than this one.
#[track_caller]
fn verified_again(client: &Client, before: &Value) -> Value {
    wait_for("another verification", || {
        let latest = latest(client, before);
        (latest["id"] != before["id"]).then_some(latest)
    })
}

#[test]
fn a_declaration_is_verified_again_when_its_certificate_comes() {
    let host = Setup::default().furnished();
    let (hub, customs) = (host.client("partner", &COUNTRIES), host.client("operator", &[]));
    let (officer, other) = (host.client("officer", &[]), host.admin.clone());
    let early = lodge(&customs, 1, 24_000);
    assert_eq!(early["verdict"], "review");
    assert_eq!(items(&officer, "/v1/verifications?state=open").len(), 1);
    let certificate = deliver(&hub, certificate().as_bytes());
    let later = verified_again(&officer, &early);
    assert_eq!(later["verdict"], "release");
    assert_eq!(items(&officer, "/v1/verifications?state=open&verdict=review").len(), 0);
    let path = format!("/v1/verifications/{}/decision", early["id"].as_str().expect("an id"));
    let decision = json!({"action": "refuse", "reasonCode": "missing"});
    let refused = officer.json("POST", &path, &decision).expect(409);
    assert!(refused.text().contains(later["id"].as_str().expect("an id")), "{}", refused.text());

    let told = items(&customs, "/v1/notices?state=open");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((&told[0]["event"], &told[0]["before"]), (&json!("verdict-changed"), &json!("review")));
    assert_eq!((&told[0]["verdict"], &told[0]["verification"]), (&json!("release"), &later["id"]));
    assert!(told[0]["why"].as_str().is_some_and(|why| why.contains(NUMBER)), "{told:#?}");
    let address = format!("/v1/notices/{}/acknowledgement", told[0]["id"].as_str().expect("an id"));
    assert_eq!(officer.json("POST", &address, &json!({})).expect(404).code(), "not-found");
    assert_eq!(items(&officer, "/v1/notices").len(), 0, "another's notices");
    assert_eq!(items(&other, "/v1/notices").len(), 1, "the administrator sees all");
    let _ = customs.json("POST", &address, &json!({})).expect(204);
    let _ = customs.json("POST", &address, &json!({})).expect(204);
    assert_eq!(items(&customs, "/v1/notices?state=open").len(), 0);
    assert!(items(&customs, "/v1/notices")[0]["acknowledged"].is_string());
    let relied = items(&officer, &format!("/v1/certificates/{certificate}/verifications"));
    assert_eq!(relied.len(), 1, "{relied:#?}");
    assert_eq!(relied[0]["id"], later["id"]);
}

#[test]
fn what_is_taken_back_touches_the_future_and_opens_recalls() {
    let host = Setup::default().furnished();
    let (hub, customs) = (host.client("partner", &COUNTRIES), host.client("operator", &[]));
    let officer = host.client("officer", &[]);
    let certificate = deliver(&hub, certificate().as_bytes());
    let gone = lodge(&customs, 1, 10_000);
    let coming = lodge(&customs, 2, 6_000);
    let never = lodge(&customs, 3, 2_000);
    assert!([&gone, &coming, &never].iter().all(|record| record["verdict"] == "release"));
    let _ = customs.json("POST", "/v1/declarations/F-1/release", &json!({})).expect(200);
    let _ = customs.json("POST", "/v1/declarations/F-3/withdrawal", &json!({})).expect(200);
    assert_eq!(deliver(&hub, &withdrawn()), certificate);

    let again = verified_again(&officer, &coming);
    assert_ne!(again["verdict"], "release");
    let recalls = items(&officer, "/v1/recalls?state=open");
    assert_eq!(recalls.len(), 1, "{recalls:#?}");
    let recall = &recalls[0];
    assert_eq!((&recall["certificate"], &recall["verification"]), (&json!(certificate), &gone["id"]));
    assert_eq!((&recall["number"], &recall["status"]), (&json!(NUMBER), &json!("40")));
    for member in ["consignee", "importer", "location"] {
        assert!(recall[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {recall:#}");
    }
    let events: Vec<Value> =
        items(&customs, "/v1/notices").iter().map(|notice| notice["event"].clone()).collect();
    assert!(
        events.contains(&json!("recall-opened")) && events.contains(&json!("verdict-changed")),
        "{events:?}"
    );
    for untouched in [&gone, &never] {
        let latest = latest(&officer, untouched);
        assert_eq!((&latest["id"], &latest["verdict"]), (&untouched["id"], &json!("release")));
    }
    // The same again is no second task.
    let _ = hub.xml("/v1/certificates", &withdrawn()).expect(200);
    assert_eq!(items(&officer, "/v1/recalls").len(), 1);
    let address = format!("/v1/recalls/{}/closing", recall["id"].as_str().expect("an id"));
    let outcome = json!({"outcome": "found and returned"});
    assert_eq!(customs.json("POST", &address, &outcome).status, 403);
    assert_eq!(officer.json("POST", &address, &json!({"outcome": " "})).status, 422);
    let _ = officer.json("POST", &address, &outcome).expect(204);
    assert_eq!(officer.json("POST", &address, &outcome).expect(409).code(), "conflict");
    assert_eq!(items(&officer, "/v1/recalls?state=open").len(), 0);
    assert_eq!(items(&officer, "/v1/recalls")[0]["outcome"], "found and returned");
}

#[test]
fn notices_are_sent_until_customs_acknowledge_them() {
    let customs_system = Customs::start("sesame");
    let token = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(token.path(), "sesame\n").expect("a file");
    let options = [
        "--notices-to",
        &customs_system.address(),
        "--notices-token-file",
        &token.path().display().to_string(),
    ];
    let mut host = Setup::default().with(&options).furnished();
    let (hub, customs) = (host.client("partner", &COUNTRIES), host.client("operator", &[]));
    customs_system.answer(503);
    let early = lodge(&customs, 1, 24_000);
    let _ = deliver(&hub, certificate().as_bytes());
    let _ = verified_again(&host.admin, &early);
    wait_for("a first attempt", || (!customs_system.received().is_empty()).then_some(()));
    let open = wait_for("a failure", || {
        items(&host.admin, "/v1/notices?state=open").into_iter().find(|notice| notice["failure"].is_string())
    });
    assert!(open["failure"].as_str().is_some_and(|failure| failure.contains("503")), "{open:#}");
    // Whatever happens to the host meanwhile.
    host.kill();
    customs_system.answer(204);
    host.restart();
    wait_for("an acknowledgement", || items(&host.admin, "/v1/notices?state=open").is_empty().then_some(()));
    let received = customs_system.received();
    let keys: std::collections::BTreeSet<&str> = received.iter().map(|notice| notice.key.as_str()).collect();
    assert!(received.len() >= 2 && keys.len() == 1, "{received:#?}");
    assert_eq!(received[0].body["event"], "verdict-changed");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(customs_system.received().len(), received.len(), "acknowledged and sent again");
}

/// Each declaration that waits is verified again once.
fn each_once(hosts: &[&Host], count: usize, then: impl FnOnce()) {
    let (hub, customs) = (hosts[0].client("partner", &COUNTRIES), hosts[0].client("operator", &[]));
    for number in 0..count {
        assert_eq!(lodge(&customs, number, 40)["verdict"], "review");
    }
    let _ = deliver(&hub, certificate().as_bytes());
    then();
}

fn verifications(client: &Client, count: usize) -> BTreeMap<String, Vec<String>> {
    let mut by_reference: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for verification in items(client, "/v1/verifications?limit=500") {
        let text = |name: &str| verification[name].as_str().unwrap_or_default().to_owned();
        by_reference.entry(text("reference")).or_default().push(text("verdict"));
    }
    assert_eq!(by_reference.len(), count);
    by_reference
}

#[track_caller]
fn assert_each_once(client: &Client, count: usize) {
    wait_for("every declaration", || {
        let all = verifications(client, count);
        all.values().all(|verdicts| verdicts.first().is_some_and(|latest| latest == "release")).then_some(())
    });
    std::thread::sleep(Duration::from_secs(1));
    for (reference, verdicts) in verifications(client, count) {
        assert_eq!(verdicts, ["release", "review"], "{reference}");
    }
}

#[test]
fn a_crash_neither_loses_nor_repeats_what_is_due() {
    let mut host = Setup::default().furnished();
    each_once(&[&host], 20, || {});
    host.kill();
    host.restart();
    assert_each_once(&host.admin, 20);
}

#[test]
fn postgres_two_hosts_share_what_is_due() {
    let server = Database::create("followup");
    let first = Setup { database: Some(server.url()), ..Setup::default() }.furnished();
    let token = first.admin.token().map(str::to_owned);
    let second = Setup { database: Some(server.url()), token, ..Setup::default() }.start();
    each_once(&[&first, &second], 20, || {});
    assert_each_once(&first.admin, 20);
}

#[test]
fn near_misses_of_numbers_are_offered_and_never_chosen() {
    let host = Setup::default().furnished();
    let (hub, customs) = (host.client("partner", &COUNTRIES), host.client("operator", &[]));
    let _ = deliver(&hub, certificate().as_bytes());
    let cited = declaration(1, 24_000);
    let mistaken = cited.replace(NUMBER, "NZ2O26/HDM/2O4O1");
    assert_ne!(cited, mistaken);
    let record = customs.xml("/v1/declarations", mistaken.as_bytes()).expect(200).json();
    assert_eq!(record["verdict"], "review");
    let findings = record["findings"].as_array().expect("a list");
    let similar = findings.iter().find(|finding| finding["rule"] == "certificate-similar");
    assert!(similar.is_some_and(|finding| finding.to_string().contains(NUMBER)), "{findings:#?}");
    assert_eq!(record["certificates"].as_array().map_or(0, Vec::len), 0, "{record:#}");
}
