//! Partners deliver batches: all of it is kept, none of it twice, and each
//! message has an answer.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ecert_tests::deliveries::{deliver, finished, lines, numbered};
use ecert_tests::host::component;
use ecert_tests::postgres::Database;
use ecert_tests::proxy::Proxy;
use ecert_tests::{Client, Host, Setup, examples};
use serde_json::{Value, json};

/// A host that reads what the hub and others send.
fn host(setup: Setup) -> Host {
    let host = setup.start();
    for name in ["uncefact-sps", "ippc-hub"] {
        host.publish(&component(name));
    }
    host
}

fn partner(host: &Host) -> Client {
    host.client("partner", &["NZ"])
}

fn messages(delivery: &Value) -> &[Value] {
    delivery["messages"].as_array().expect("messages")
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is missing: {value}"))
}

#[test]
fn the_good_are_kept_and_the_bad_are_listed_with_their_places() {
    let host = host(Setup::default());
    let partner = partner(&host);
    let bad = String::from_utf8(examples::message("bad/cut-off/certificate.xml")).expect("UTF-8");
    let (first, second) = (numbered(1), numbered(2));
    let withdrawn = first.replace("<ram:StatusCode>70<", "<ram:StatusCode>40<");
    let mut batch = lines([&first, &bad, &second, &first, &withdrawn].map(String::as_str));
    batch.extend_from_slice(b"{\"message\": 7}\n");

    let delivery = finished(&partner, &deliver(&partner, &batch));
    assert_eq!(delivery["progress"], json!({"messages": 6, "waiting": 0, "read": 4, "rejected": 2}));
    assert_eq!(delivery["certificates"], json!({"first": 2, "repeat": 1, "amendment": 1}));
    let told = messages(&delivery);
    let outcomes: Vec<_> = told.iter().map(|message| &message["certificates"][0]["outcome"]).collect();
    assert_eq!(
        outcomes,
        [&json!("first"), &json!(null), &json!("first"), &json!("repeat"), &json!("amendment"), &json!(null)]
    );
    for (index, original) in [(1, bad.as_bytes()), (5, b"{\"message\": 7}")] {
        let rejected = &told[index];
        assert_eq!(rejected["state"], "rejected");
        assert_eq!(text(rejected, "digest").len(), 64);
        let problem = &rejected["problems"][0];
        assert!(problem["location"]["line"].as_u64().is_some_and(|line| line >= 1), "{problem}");
        assert!(problem["location"]["column"].as_u64().is_some_and(|column| column >= 1), "{problem}");
        let path = format!("/v1/messages/{}", text(rejected, "id"));
        assert_eq!(partner.get_as(&path, "application/octet-stream").expect(200).body, original);
    }
    assert_eq!(told[5]["problems"][0]["code"], "batch-entry");
    assert_eq!(told[5]["problems"][0]["location"]["line"], 6);
    let certificate = format!("/v1/certificates/{}", text(&told[0]["certificates"][0], "id"));
    let shown = partner.get_as(&certificate, "application/json").expect(200).json();
    assert_eq!((text(&shown, "status"), text(&shown, "authenticity")), ("40", "authentic"));

    // By state, and page by page.
    let address = format!("/v1/deliveries/{}", text(&delivery, "id"));
    let rejected = partner.get(&format!("{address}?state=rejected")).expect(200).json();
    assert_eq!(messages(&rejected).iter().map(|m| &m["number"]).collect::<Vec<_>>(), [&json!(2), &json!(6)]);
    let page = partner.get(&format!("{address}?limit=4")).expect(200).json();
    let rest = partner.get(&format!("{address}?limit=4&after={}", page["next"])).expect(200).json();
    assert_eq!((messages(&page).len(), messages(&rest).len()), (4, 2));
    assert!(rest.get("next").is_none());
    assert_eq!(partner.get(&format!("{address}?state=lost")).expect(422).code(), "invalid");
}

#[test]
fn a_batch_comes_as_a_form_a_list_or_lines_and_once() {
    let host = host(Setup::default());
    let partner = partner(&host);
    let message = numbered(1).into_bytes();
    let form = partner.multipart("/v1/deliveries", &[("certificate", &message), ("certificate", b"<a/>")]);
    let form = finished(&partner, form.expect(202).header("location"));
    assert_eq!(text(&messages(&form)[0], "name"), "certificate-0.xml");
    assert_eq!(messages(&form)[1]["state"], "rejected");

    let list = json!({"messages": [{"message": numbered(2), "name": "two"}, {"base64": "PGEvPg=="}]});
    let list =
        finished(&partner, partner.json("POST", "/v1/deliveries", &list).expect(202).header("location"));
    assert_eq!((text(&messages(&list)[0], "name"), text(&messages(&list)[0], "state")), ("two", "read"));
    assert_eq!(messages(&list)[1]["size"], 4);

    let headers = [("content-type", "application/x-ndjson"), ("idempotency-key", "monday")];
    let send = |body: &[u8]| partner.send("POST", "/v1/deliveries", &headers, body);
    let third = numbered(3);
    let (one, again) =
        (send(&lines([third.as_str()])).expect(202), send(&lines([third.as_str()])).expect(202));
    assert_eq!(
        (one.body.as_slice(), one.header("location")),
        (again.body.as_slice(), again.header("location"))
    );
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(send(&lines([numbered(4).as_str()])).expect(422).code(), "idempotency-key-reused");
    let all = partner.get("/v1/deliveries").expect(200).json();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(3));

    assert_eq!(send(b"\n").expect(422).code(), "invalid");
    let xml = partner.xml("/v1/deliveries", &message).expect(415);
    assert!(xml.text().contains("application/x-ndjson"), "{}", xml.text());
    let broken = [("content-type", "application/json")];
    let broken = partner.send("POST", "/v1/deliveries", &broken, b"{\"messages\": [\n{]}").expect(422).json();
    assert_eq!(broken["problems"][0]["line"], 2, "{broken}");
}

#[test]
fn nobody_sees_what_another_delivered() {
    let host = host(Setup::default());
    let (partner, other) = (partner(&host), host.client("partner", &["AU"]));
    let address = deliver(&partner, &lines([numbered(1).as_str(), "<a/>"]));
    let delivery = finished(&partner, &address);
    let reference = text(&messages(&delivery)[1], "id").to_owned();
    for path in [address.clone(), format!("/v1/messages/{reference}")] {
        assert_eq!(other.get(&path).expect(404).code(), "not-found", "{path}");
        let _ = host.admin.get(&path).expect(200);
    }
    assert_eq!(other.get("/v1/deliveries").expect(200).json()["items"], json!([]));

    // Who may not deliver for a country learns nothing of what is held of it,
    // and what it hands in never counts as authentic.
    let changed = numbered(1).replace("Ministry for Primary Industries", "Ministry of Fakes");
    let theirs = finished(&other, &deliver(&other, &lines([changed.as_str(), numbered(2).as_str()])));
    for message in messages(&theirs) {
        let told = &message["certificates"][0];
        assert_eq!(*told, json!({"outcome": "not-entitled", "authenticity": "not-entitled"}), "{theirs}");
    }
    let said = theirs.to_string();
    let id = text(&messages(&delivery)[0]["certificates"][0], "id");
    assert!(!said.contains(id) && !said.contains("partner-nz"), "{said}");
    let held = host.admin.get_as(&format!("/v1/certificates/{id}"), "application/json").expect(200).json();
    assert_eq!(held["authenticity"], "authentic");
    let single = other.xml("/v1/certificates", changed.as_bytes()).expect(201).json();
    assert_eq!(single["certificates"][0], messages(&theirs)[0]["certificates"][0]);
}

/// Waits until some, but not all, messages of a batch were worked off.
fn wait_for_the_middle(client: &Client, address: &str) {
    let begun = Instant::now();
    loop {
        let progress = client.get(&format!("{address}?limit=1")).expect(200).json()["progress"].clone();
        let waiting = progress["waiting"].as_u64().expect("a number");
        if waiting < progress["messages"].as_u64().expect("a number") {
            assert!(waiting > 0, "the batch was finished before anything could happen to it");
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing is worked off: {progress}");
    }
}

/// Every message came to exactly one certificate of its own.
#[track_caller]
fn assert_each_once(client: &Client, address: &str, count: usize) {
    let delivery = finished(client, address);
    assert_eq!(delivery["progress"], json!({"messages": count, "waiting": 0, "read": count, "rejected": 0}));
    assert_eq!(delivery["certificates"], json!({"first": count}), "none twice");
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for message in messages(&delivery) {
        *seen.entry(text(&message["certificates"][0], "number").to_owned()).or_default() += 1;
    }
    assert_eq!(seen.len(), count.min(500));
    assert!(seen.values().all(|times| *times == 1));
}

#[test]
fn a_kill_in_mid_batch_loses_nothing_and_repeats_nothing() {
    let mut host = host(Setup::default());
    let partner = partner(&host);
    let batch: Vec<String> = (0..400).map(numbered).collect();
    let address = deliver(&partner, &lines(batch.iter().map(String::as_str)));
    for _ in 0..2 {
        wait_for_the_middle(&host.admin, &address);
        host.kill();
        host.restart();
    }
    assert_each_once(&host.admin, &address, batch.len());
}

#[test]
fn postgres_several_hosts_do_each_message_once() {
    let database = Database::create("deliveries");
    let setup = Setup { database: Some(database.url()), ..Setup::default() };
    let mut first = host(setup.clone());
    let second = Setup { token: first.admin.token().map(str::to_owned), ..setup }.start();
    let partner = partner(&first);
    let batch = |from: usize| (from..from + 150).map(numbered).collect::<Vec<_>>();
    let hub = first.client("partner", &["NZ", "AU"]);
    let of = |client: &Client, from| deliver(client, &lines(batch(from).iter().map(String::as_str)));
    let addresses = [of(&partner, 0), of(&hub, 1_000), of(&partner, 2_000)];
    // One dies in the middle; the other takes over what it had taken.
    wait_for_the_middle(&second.admin, &addresses[2]);
    first.kill();
    for address in &addresses {
        assert_each_once(&second.admin, address, 150);
    }
}

#[test]
fn postgres_gone_in_mid_batch_is_waited_for() {
    let server = Database::create("deliveries_gone");
    let proxy = Proxy::start(server.address()).expect("a proxy");
    let host = host(Setup { database: Some(server.url_through(proxy.address())), ..Setup::default() });
    let partner = partner(&host);
    let batch: Vec<String> = (0..300).map(numbered).collect();
    let address = deliver(&partner, &lines(batch.iter().map(String::as_str)));
    wait_for_the_middle(&partner, &address);
    proxy.break_it();
    // What cannot be stored is not acknowledged.
    let headers = [("content-type", "application/x-ndjson")];
    let refused = partner.send("POST", "/v1/deliveries", &headers, &lines([numbered(999).as_str()]));
    assert_eq!(refused.expect(503).code(), "store-unavailable");
    std::thread::sleep(Duration::from_secs(2));
    proxy.mend();
    host.wait_ready(Duration::from_secs(20));
    assert_each_once(&partner, &address, batch.len());
    let all = partner.get("/v1/deliveries").expect(200).json();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "{all}");
}

#[test]
fn postgres_an_expired_token_delivers_nothing() {
    let database = Database::create("deliveries_expired");
    let host = host(Setup { database: Some(database.url()), ..Setup::default() });
    let partner = partner(&host);
    let _ = finished(&partner, &deliver(&partner, &lines([numbered(1).as_str()])));
    database.run(
        "UPDATE token SET expires_at = 1 WHERE principal_id IN \
        (SELECT id FROM principal WHERE role = 'partner')",
    );
    // A token that was accepted is taken for some seconds without asking again.
    std::thread::sleep(Duration::from_secs(6));
    let headers = [("content-type", "application/x-ndjson")];
    let answer = partner.send("POST", "/v1/deliveries", &headers, &lines([numbered(2).as_str()])).expect(401);
    assert!(answer.text().contains("expired"), "{}", answer.text());
}

#[test]
fn a_revoked_or_missing_token_delivers_nothing() {
    let host = host(Setup::default());
    let body = lines([numbered(1).as_str()]);
    let headers = [("content-type", "application/x-ndjson")];
    let made = host.admin.json(
        "POST",
        "/v1/tokens",
        &json!({"name": "brief", "role": "partner", "countries": ["NZ"]}),
    );
    let made = made.expect(201).json();
    let holder = host.admin.with_token(made["token"].as_str());
    let _ = deliver(&holder, &body);
    let _ = host.admin.send("DELETE", &format!("/v1/tokens/{}", text(&made, "id")), &[], &[]).expect(204);
    for client in [holder, host.admin.with_token(None)] {
        assert_eq!(
            client.send("POST", "/v1/deliveries", &headers, &body).expect(401).code(),
            "unauthenticated"
        );
    }
    let all = host.admin.get("/v1/deliveries").expect(200).json();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1));
}
