//! When something fails, nothing acknowledged is lost, and the answer says
//! what to do.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ecert_tests::examples::{self, COUNTRIES};
use ecert_tests::faulty::{self, Fault};
use ecert_tests::postgres::Database;
use ecert_tests::proxy::Proxy;
use ecert_tests::{Client, Host, Setup};
use serde_json::Value;

const CERTIFICATE: &str = "clean/beef-frozen/certificate.xml";
const DECLARATION: &str = "clean/beef-frozen/declaration.xml";

fn deliver(host: &Host) {
    let hub = host.client("partner", &COUNTRIES);
    let _ = hub.xml("/v1/certificates", &examples::message(CERTIFICATE)).expect(201);
}

/// The declaration of the example under another number.
fn numbered(number: usize) -> Vec<u8> {
    let text = String::from_utf8(examples::message(DECLARATION)).expect("XML in UTF-8");
    replace_element(
        &replace_element(&text, "ID", &format!("26GBTEST{number:010}")),
        "FunctionalReferenceID",
        &format!("TEST-{number}"),
    )
    .into_bytes()
}

/// Replaces the text of the first element of the name.
fn replace_element(text: &str, name: &str, value: &str) -> String {
    let (opening, closing) = (format!("<{name}>"), format!("</{name}>"));
    let start = text.find(&opening).expect("the element is there") + opening.len();
    let end = start + text[start..].find(&closing).expect("the element is closed");
    format!("{}{value}{}", &text[..start], &text[end..])
}

fn findings(verification: &Value) -> String {
    verification["findings"].to_string()
}

#[test]
fn a_missing_certificate_gives_review() {
    let host = Setup::default().furnished();
    let answer = host.client("operator", &[]).xml("/v1/declarations", &examples::message(DECLARATION));
    let verification = answer.expect(200).json();
    assert_eq!(verification["verdict"], "review");
    assert!(findings(&verification).contains("citation-resolves"), "{verification}");
}

#[test]
fn no_covering_rule_set_gives_review() {
    let host = Setup::default().start();
    for name in ["uncefact-sps", "wco-declaration"] {
        host.publish(&ecert_tests::host::component(name));
    }
    host.load_tables();
    deliver(&host);
    let answer = host.client("operator", &[]).xml("/v1/declarations", &examples::message(DECLARATION));
    let verification = answer.expect(200).json();
    assert_eq!(verification["verdict"], "review");
    assert!(findings(&verification).contains("item-uncovered"), "{verification}");
}

#[test]
fn a_failing_rule_set_gives_review() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for fault in [Fault::Trap, Fault::Endless, Fault::Greedy] {
        let host = Setup::default().furnished();
        deliver(&host);
        let published = host.publish(&faulty::component(fault, folder.path()));
        let answer = host.client("operator", &[]).xml("/v1/declarations", &examples::message(DECLARATION));
        let verification = answer.expect(200).json();
        assert_eq!(verification["verdict"], "review", "{fault:?}");
        assert!(findings(&verification).contains("plugin-failed"), "{fault:?}: {verification}");
        let runs = verification["ruleSets"].as_array().expect("the runs").clone();
        let failed = runs.iter().find(|run| run["name"] == published["name"]).expect("its run");
        assert!(failed["failure"].is_string(), "{fault:?}: {failed}");
        let others = runs.iter().filter(|run| run["name"] != published["name"]);
        assert!(others.clone().count() >= 2, "the other rule sets ran");
        assert!(others.into_iter().all(|run| run["failure"].is_null()), "{fault:?}: {runs:?}");
    }
}

#[test]
fn the_same_post_with_one_key_gives_one_record() {
    let host = Setup::default().furnished();
    deliver(&host);
    let operator = host.client("operator", &[]);
    let message = examples::message(DECLARATION);
    let send = |client: &Client, key: &str, message: &[u8]| {
        let headers = [("content-type", "application/xml"), ("idempotency-key", key)];
        client.send("POST", "/v1/declarations", &headers, message)
    };
    let first = send(&operator, "order-1", &message).expect(200);
    let second = send(&operator, "order-1", &message).expect(200);
    assert_eq!(first.body, second.body, "the stored answer");
    assert_eq!(second.header("idempotent-replayed"), "true");
    assert_eq!(count(&host), 1);

    let other = send(&operator, "order-1", &numbered(7)).expect(422);
    assert_eq!(other.code(), "idempotency-key-reused");
    assert_eq!(count(&host), 1);

    // A key belongs to its caller.
    let colleague = host.client("officer", &[]);
    assert_ne!(send(&colleague, "order-1", &numbered(8)).code(), "idempotency-key-reused");
}

#[test]
fn a_key_is_remembered_after_a_restart() {
    let mut host = Setup::default().furnished();
    deliver(&host);
    let headers = [("content-type", "application/xml"), ("idempotency-key", "across-restarts")];
    let message = examples::message(DECLARATION);
    let first = host.admin.send("POST", "/v1/declarations", &headers, &message).expect(200);
    host.restart();
    let second = host.admin.send("POST", "/v1/declarations", &headers, &message).expect(200);
    assert_eq!(first.body, second.body);
    assert_eq!(count(&host), 1);
}

fn count(host: &Host) -> usize {
    let list = host.admin.get("/v1/verifications?limit=500").expect(200).json();
    list["items"].as_array().map_or(0, Vec::len)
}

#[test]
fn many_posts_at_once_with_one_key_give_one_record() {
    let host = Setup::default().furnished();
    deliver(&host);
    let message = examples::message(DECLARATION);
    let headers = [("content-type", "application/xml"), ("idempotency-key", "all-at-once")];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| host.admin.send("POST", "/v1/declarations", &headers, &message)))
            .collect();
        for thread in threads {
            let answer = thread.join().expect("no panic");
            let fine = answer.status == 200 || (answer.status == 409 && answer.code() == "in-flight");
            assert!(fine, "{} {}", answer.status, answer.text());
        }
    });
    assert_eq!(count(&host), 1);
}

#[test]
fn a_full_queue_is_503_with_retry_after() {
    let host = Setup::default().with(&["--workers", "1", "--queue", "1"]).furnished();
    deliver(&host);
    let (busy, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..24 {
            let (host, busy, done) = (&host, &busy, &done);
            scope.spawn(move || {
                for round in 0.. {
                    let enough = busy.load(Ordering::Relaxed) > 0 && done.load(Ordering::Relaxed) > 0;
                    if enough || begun.elapsed() > Duration::from_secs(30) {
                        return;
                    }
                    let answer = host.admin.xml("/v1/declarations", &numbered(thread * 10_000 + round));
                    match answer.status {
                        200 => {
                            done.fetch_add(1, Ordering::Relaxed);
                        }
                        503 => {
                            assert_eq!(answer.code(), "busy");
                            assert_eq!(answer.header("retry-after"), "1");
                            busy.fetch_add(1, Ordering::Relaxed);
                        }
                        other => panic!("{other} {}", answer.text()),
                    }
                }
            });
        }
    });
    assert!(busy.into_inner() > 0, "the queue never filled");
    assert!(done.into_inner() > 0, "nothing was answered");
    let _ = host.admin.xml("/v1/declarations", &numbered(1)).expect(200);
}

#[test]
fn acknowledged_verdicts_survive_a_kill() {
    let mut host = Setup::default().furnished();
    deliver(&host);
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let stop = AtomicBool::new(false);
        let lodged = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|thread| {
                    let (client, stop) = (host.admin.clone(), &stop);
                    scope.spawn(move || lodge(&client, round * 100_000 + thread * 10_000, stop))
                })
                .collect();
            std::thread::sleep(Duration::from_millis(150 + 70 * round as u64));
            host.kill();
            stop.store(true, Ordering::Relaxed);
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
        });
        acknowledged.extend(lodged);
        host.restart();
        for (id, verdict) in &acknowledged {
            let record = host.admin.get(&format!("/v1/verifications/{id}")).expect(200).json();
            assert_eq!(record["verdict"], *verdict, "verification {id} after kill {round}");
        }
    }
    assert!(acknowledged.len() >= 5, "only {} were acknowledged", acknowledged.len());
}

/// Lodges declarations until told to stop or the host is gone; answers those
/// acknowledged.
fn lodge(client: &Client, first: usize, stop: &AtomicBool) -> Vec<(String, Value)> {
    let mut acknowledged = Vec::new();
    for number in first.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let headers = [("content-type", "application/xml")];
        match client.try_send("POST", "/v1/declarations", &headers, &numbered(number)) {
            Ok(answer) if answer.status == 200 => {
                let record = answer.json();
                let id = record["id"].as_str().expect("an id").to_owned();
                acknowledged.push((id, record["verdict"].clone()));
            }
            Ok(answer) => panic!("{} {}", answer.status, answer.text()),
            Err(_) => break,
        }
    }
    acknowledged
}

#[test]
fn postgres_gone_means_not_ready_until_it_is_back() {
    let server = Database::create("gone");
    let proxy = Proxy::start(server.address()).expect("a proxy");
    let setup = Setup { database: Some(server.url_through(proxy.address())), ..Setup::default() };
    let host = setup.furnished();
    deliver(&host);
    let before = host.admin.xml("/v1/declarations", &numbered(1)).expect(200).json();

    proxy.break_it();
    let answer = host.admin.xml("/v1/declarations", &numbered(2)).expect(503);
    assert_eq!(answer.code(), "store-unavailable");
    assert!(!answer.header("retry-after").is_empty());
    host.wait_for_readiness(503, Duration::from_secs(10));
    let _ = host.admin.get("/health/live").expect(200);

    proxy.mend();
    host.wait_ready(Duration::from_secs(20));
    let id = before["id"].as_str().expect("an id");
    let kept = host.admin.get(&format!("/v1/verifications/{id}")).expect(200).json();
    assert_eq!(kept["verdict"], before["verdict"]);
    let _ = host.admin.xml("/v1/declarations", &numbered(2)).expect(200);
}
