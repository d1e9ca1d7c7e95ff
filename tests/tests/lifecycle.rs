//! Versions of a plugin in a serving host: swapped under load, run in shadow,
//! set aside, tried on stored cases.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ecert_tests::marker::{Behaviour, component};
use ecert_tests::postgres::Database;
use ecert_tests::{Client, Host, Setup, examples, faulty};
use jiff::Timestamp;
use serde_json::{Value, json};

const CASE: &str = "clean/beef-frozen/declaration.xml";

/// Stored cases of a backtest: more than a host does in one go.
const CASES: usize = 1_500;

/// A declaration of its own, by a declarant.
fn declaration(number: usize, declarant: &str) -> Vec<u8> {
    let text = String::from_utf8(examples::message(CASE)).expect("XML");
    let text = text.replace("THAM260510-003", &format!("SWAP-{number}"));
    text.replace("26GB1258324Q93K393", &format!("26GB{number:014}"))
        .replace("GB482910375000", declarant)
        .into_bytes()
}

fn declare(client: &Client, number: usize, declarant: &str) -> Value {
    client.xml("/v1/declarations", &declaration(number, declarant)).expect(200).json()
}

/// Which version the host says judged, and which says so itself.
fn judged_by(verification: &Value) -> (String, String) {
    let of_marker = |list: &'static str, name: &'static str| {
        let entries = verification[list].as_array().into_iter().flatten();
        entries.filter(|entry| entry[name] == "marker").collect::<Vec<_>>()
    };
    let (sets, findings) = (of_marker("ruleSets", "name"), of_marker("findings", "source"));
    assert_eq!((sets.len(), findings.len()), (1, 1), "{verification:#}");
    let said = findings[0]["texts"]["en"].as_str().unwrap_or_default();
    let said = said.trim_start_matches("Judged by ").trim_end_matches('.');
    (sets[0]["version"].as_str().unwrap_or_default().to_owned(), said.to_owned())
}

fn change(host: &Host, version: &str, what: &str) -> Value {
    let body = match what {
        "activation" => json!({"reason": "test", "allowDowngrade": true}),
        _ => json!({"reason": "test"}),
    };
    host.admin.json("POST", &format!("/v1/plugins/marker/{version}/{what}"), &body).expect(200).json()
}

/// Publishes without activating.
fn publish(host: &Host, version: &str, behaviour: Behaviour) {
    let _ = host.publish_only(&component(version, behaviour));
}

/// A host that reads declarations, with two versions published.
fn swapping(setup: Setup) -> Host {
    let host = setup.furnished();
    publish(&host, "1.0.0", Behaviour::Plain);
    publish(&host, "1.0.1", Behaviour::Plain);
    change(&host, "1.0.0", "activation");
    host
}

/// A verdict: when it was asked for and answered, and which version judged.
struct Judged {
    from: Timestamp,
    until: Timestamp,
    version: String,
}

impl Judged {
    fn ask(client: &Client, number: usize) -> Self {
        let from = Timestamp::now();
        let (named, said) = judged_by(&declare(client, number, "GB482910375000"));
        assert_eq!(named, said, "the record names another version than judged");
        Self { from, until: Timestamp::now(), version: named }
    }
}

/// Swaps versions while declarations come in; answers what judged them.
fn swap_under_load(hosts: &[&Host], swaps: usize) -> Vec<Judged> {
    let (stop, next) = (AtomicBool::new(false), AtomicUsize::new(0));
    let judged: Vec<Judged> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..4)
            .map(|index| {
                let client = hosts[index % hosts.len()].client("operator", &[]);
                let (stop, next) = (&stop, &next);
                scope.spawn(move || {
                    let mut judged = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        judged.push(Judged::ask(&client, number));
                    }
                    judged
                })
            })
            .collect();
        for swap in 0..swaps {
            change(hosts[0], if swap % 2 == 0 { "1.0.1" } else { "1.0.0" }, "activation");
        }
        stop.store(true, Ordering::Relaxed);
        senders.into_iter().flat_map(|sender| sender.join().expect("no request failed")).collect()
    });
    for version in ["1.0.0", "1.0.1"] {
        assert!(judged.iter().any(|judged| judged.version == version), "{version} judged nothing");
    }
    judged
}

/// The activations of a host: since when, and which version.
fn activations(host: &Host) -> Vec<(Timestamp, String)> {
    let history = host.admin.get("/v1/plugin-changes?name=marker").expect(200).json();
    let changes = history["items"].as_array().expect("a list");
    assert!(changes.iter().all(|change| change["by"] == "administrator" && change["at"].is_string()));
    let text = |change: &Value, name: &str| change[name].as_str().unwrap_or_default().to_owned();
    let activated = changes.iter().filter(|change| change["kind"] == "activated");
    activated
        .map(|change| (text(change, "takesEffect").parse().expect("RFC 3339"), text(change, "version")))
        .collect()
}

/// Whoever judged, judged by a version that served meanwhile.
fn assert_judged_by_what_served(judged: &[Judged], activations: &[(Timestamp, String)]) {
    for Judged { from, until, version } in judged {
        let ends = activations.iter().skip(1).map(|(next, _)| Some(*next)).chain([None]);
        let served = activations.iter().zip(ends).any(|((begin, active), end)| {
            active == version && begin <= until && end.is_none_or(|end| end >= *from)
        });
        assert!(served, "{version} judged between {from} and {until}, when it did not serve");
    }
}

#[test]
fn two_hundred_swaps_under_load_fail_no_request() {
    let host = swapping(Setup::default());
    let judged = swap_under_load(&[&host], 200);
    assert!(judged.len() >= 200, "only {} declarations came in meanwhile", judged.len());
    let activations = activations(&host);
    assert_eq!(activations.len(), 201);
    assert_judged_by_what_served(&judged, &activations);
}

#[test]
fn postgres_all_hosts_swap_at_one_instant() {
    let database = Database::create("swaps");
    let setup = || Setup { database: Some(database.url()), ..Setup::default() };
    let first = swapping(setup());
    let token = first.admin.token().map(str::to_owned);
    let mut second = Setup { token, ..setup() }.start();
    // Whichever host gave a verdict, it names the version that served at its
    // instant: neither judged by another after a change took effect.
    let judged = swap_under_load(&[&first, &second], 20);
    let activations = activations(&first);
    assert_eq!(activations.len(), 21);
    assert_judged_by_what_served(&judged, &activations);
    // A host that is away while versions change catches up when it starts.
    assert!(second.stop());
    change(&first, "1.0.1", "activation");
    second.restart();
    let client = second.client("operator", &[]);
    assert_eq!(judged_by(&declare(&client, 900_001, "GB482910375000")).0, "1.0.1");
    // Both answer by the same version from one request to the next.
    change(&second, "1.0.0", "activation");
    let other = first.client("officer", &[]);
    assert_eq!(judged_by(&declare(&other, 900_002, "GB482910375000")).0, "1.0.0");
    assert_eq!(judged_by(&declare(&client, 900_003, "GB482910375000")).0, "1.0.0");
    // A verdict of one host is proved by the other.
    let verification = declare(&client, 900_004, "GB482910375000");
    let address = format!("/v1/verifications/{}/replay", verification["id"].as_str().expect("an id"));
    let replay = first.admin.json("POST", &address, &json!({})).expect(200).json();
    assert_eq!(replay["outcome"], "identical", "{replay:#}");
}

/// Waits until something is as it should be.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} did not come to be");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_version_in_shadow_changes_nothing_and_tells_what_it_would() {
    let host = swapping(Setup::default());
    publish(&host, "2.0.0", Behaviour::Strict);
    change(&host, "2.0.0", "shadow");
    let hub = host.client("partner", &examples::COUNTRIES);
    let _ = hub.xml("/v1/certificates", &examples::message("clean/beef-frozen/certificate.xml")).expect(201);
    let verification = declare(&host.client("operator", &[]), 1, "GB482910375000");
    assert_eq!(verification["verdict"], "release", "{verification:#}");
    assert_eq!(judged_by(&verification).0, "1.0.0");
    let report = |client: &Client| client.get("/v1/plugins/marker/2.0.0/shadow").expect(200).json();
    let seen = wait_for("the shadow's report", || {
        Some(report(&host.admin)).filter(|report| report["different"] == 1)
    });
    assert_eq!(seen["verdicts"]["release → review"], 1);
    assert_eq!(seen["rules"]["judged-by"]["other"], 1);
    assert_eq!(seen["differences"][0]["verification"], verification["id"]);
    assert_eq!(seen["differences"][0]["findings"][0]["text"], "Judged by 2.0.0.");
    // A publisher sees that something changes, and nothing of whom.
    let masked = report(&host.client("publisher", &[]));
    assert_eq!(masked["verdicts"], seen["verdicts"]);
    assert_eq!(masked["differences"][0]["verification"], Value::Null);
    assert_eq!(masked["differences"][0]["findings"][0]["text"], Value::Null);
}

#[test]
fn a_version_is_set_aside_only_for_several_submitters() {
    let host = swapping(Setup::default());
    publish(&host, "1.1.0", Behaviour::Traps);
    change(&host, "1.1.0", "activation");
    let customs = host.client("operator", &[]);
    let state = || host.admin.get("/v1/plugins/marker/1.1.0").expect(200).json()["state"].clone();
    // One submitter's cases, however many, force nothing.
    for number in 0..8 {
        let verification = declare(&customs, number, "GB482910375000");
        assert_eq!(verification["verdict"], "review");
        let failed = |finding: &Value| finding["rule"] == "plugin-failed";
        assert!(verification["findings"].as_array().is_some_and(|list| list.iter().any(failed)));
    }
    let _ = declare(&customs, 8, "GB000000000001");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(state(), "active");
    let last = declare(&customs, 9, "GB000000000002");
    wait_for("the version set aside", || (state() == "set-aside").then_some(()));
    assert_eq!(judged_by(&declare(&customs, 10, "GB482910375000")).0, "1.0.0");
    // What it failed on is verified again, by the version that serves.
    let of_last = |entry: &&Value| entry["declaration"] == last["declaration"]["id"];
    let again = wait_for("the last case verified again", || {
        let listed = host.admin.get("/v1/verifications?limit=500").expect(200).json();
        let ids: Vec<_> = listed["items"].as_array()?.iter().filter(of_last).cloned().collect();
        (ids.len() == 2).then(|| ids[0]["id"].as_str().unwrap_or_default().to_owned())
    });
    let again = host.admin.get(&format!("/v1/verifications/{again}")).expect(200).json();
    assert_eq!(judged_by(&again).0, "1.0.0");
    let metrics = host.admin.get("/metrics").expect(200).text();
    assert!(metrics.contains("ecert_plugins_set_aside_total{plugin=\"marker\"} 1"), "{metrics}");
    let history = host.admin.get("/v1/plugin-changes?name=marker").expect(200).json();
    let change = history["items"].as_array().and_then(|changes| changes.last()).cloned().expect("a change");
    assert_eq!(change["kind"], "set-aside");
    assert_eq!(change["reason"], "it failed on cases of 3 submitters, which 1.0.0 passes");
}

#[test]
fn an_adapter_is_set_aside_for_several_partners_only() {
    let host = Setup::default().start();
    let folder = tempfile::tempdir().expect("a folder");
    let _ = host.publish(&ecert_tests::host::component("uncefact-sps"));
    let _ = host.publish(&faulty::adapter("0.2.0", folder.path()));
    let state = || host.admin.get("/v1/plugins/uncefact-sps/0.2.0").expect(200).json()["state"].clone();
    let deliver = |country: &str, case: &str| {
        let message = examples::message(&format!("clean/{case}/certificate.xml"));
        let partner = host.client("partner", &[country]);
        partner.xml("/v1/certificates?format=uncefact-sps-17", &message)
    };
    let number = |case: &str| {
        let listed = host.admin.get("/v1/certificates").expect(200).json();
        let listed = listed["items"].as_array().expect("a list").clone();
        listed.into_iter().find(|certificate| certificate["country"] == case)
    };
    for _ in 0..5 {
        let told = deliver("NZ", "beef-frozen").expect(422).text();
        assert!(told.contains("adapter uncefact-sps 0.2.0 failed on the message"), "{told}");
    }
    let _ = deliver("FR", "cheese").expect(422);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(state(), "active");
    let refused = deliver("ZA", "oranges").expect(422).json();
    wait_for("the adapter set aside", || (state() == "set-aside").then_some(()));
    // What it failed on is read by the version before, from whom it came.
    for country in ["NZ", "FR", "ZA"] {
        let certificate = wait_for("the certificate", || number(country));
        assert_eq!(certificate["authenticity"], "authentic", "{certificate}");
    }
    let message = refused["message"].as_str().expect("a reference");
    let kept = host.admin.get(&format!("/v1/messages/{message}")).expect(200).json();
    assert_eq!((&kept["state"], &kept["problems"]), (&json!("read"), &Value::Null), "{kept}");
    assert_eq!(deliver("NZ", "beef-frozen").expect(200).json()["certificates"][0]["outcome"], "repeat");
}

#[test]
fn a_rejected_message_is_read_again_without_being_sent_again() {
    let host = Setup::default().start();
    let _ = host.publish(&ecert_tests::host::component("wco-declaration"));
    let partner = host.client("partner", &["NZ"]);
    let customs = host.client("operator", &[]);
    let certificate = examples::message("clean/beef-frozen/certificate.xml");
    let refused = partner.xml("/v1/certificates", &certificate).expect(422).json();
    let path = format!("/v1/messages/{}/reading", refused["message"].as_str().expect("a reference"));
    let again = || customs.send("POST", &path, &[], &[]);
    assert_eq!(again().expect(422).json()["message"], refused["message"]);
    assert_eq!(partner.send("POST", &path, &[], &[]).status, 403);

    let _ = host.publish(&ecert_tests::host::component("uncefact-sps"));
    let taken = again().expect(200).json();
    let certificate = &taken["certificates"]["certificates"][0];
    assert_eq!(
        (&certificate["outcome"], &certificate["authenticity"]),
        (&json!("first"), &json!("authentic"))
    );
    let _ = again().expect(409);
    assert_eq!(customs.send("POST", "/v1/messages/nothing/reading", &[], &[]).status, 404);
}

#[test]
fn without_a_version_before_it_nothing_is_set_aside() {
    let host = Setup::default().furnished();
    publish(&host, "1.1.0", Behaviour::Traps);
    change(&host, "1.1.0", "activation");
    let customs = host.client("operator", &[]);
    for number in 0..5 {
        let verification = declare(&customs, number, &format!("GB00000000000{number}"));
        assert_eq!(verification["verdict"], "review");
    }
    std::thread::sleep(Duration::from_secs(2));
    let shown = host.admin.get("/v1/plugins/marker/1.1.0").expect(200).json();
    assert_eq!(shown["state"], "active");
    assert_eq!(shown["seen"]["health"], "failing");
    assert_eq!(shown["seen"]["lastFailure"]["code"], "trap");
}

#[test]
fn a_backtest_shows_whose_verdict_would_change_and_survives_a_crash() {
    let mut host = swapping(Setup::default());
    let hub = host.client("partner", &examples::COUNTRIES);
    let _ = hub.xml("/v1/certificates", &examples::message("clean/beef-frozen/certificate.xml")).expect(201);
    let customs = host.client("operator", &[]);
    let first = declare(&customs, 0, "GB482910375000");
    assert_eq!(first["verdict"], "release");
    std::thread::scope(|scope| {
        for share in 0..8 {
            let client = host.client("operator", &[]);
            scope.spawn(move || {
                for number in (1 + share..CASES).step_by(8) {
                    let _ = declare(&client, number, "GB482910375000");
                }
            });
        }
    });
    let officer = host.client("officer", &[]);
    let decision = json!({"action": "accept", "reasonCode": "fine", "findings": [{"finding": 0, "opinion": "dismissed"}]});
    let address = format!("/v1/verifications/{}/decision", first["id"].as_str().expect("an id"));
    let _ = officer.json("POST", &address, &decision).expect(201);
    // The candidate comes with the request and is not published.
    let candidate = std::fs::read(component("2.0.0", Behaviour::Strict)).expect("a component");
    let headers = [("content-type", "application/wasm")];
    let started = host.admin.send("POST", "/v1/backtests?last=5000", &headers, &candidate).expect(202).json();
    let address = format!("/v1/backtests/{}", started["id"].as_str().expect("an id"));
    host.kill();
    host.restart();
    let done = wait_for("the end of the backtest", || {
        Some(host.admin.get(&address).expect(200).json()).filter(|backtest| backtest["state"] == "done")
    });
    let tally = &done["tally"];
    assert_eq!(
        (&tally["cases"], &tally["judged"], &tally["different"]),
        (&json!(CASES), &json!(CASES), &json!(CASES))
    );
    assert_eq!(tally["lost"], 0);
    assert_eq!(tally["verdicts"], json!({"release → review": 1}));
    assert_eq!(tally["rules"]["judged-by"]["other"], CASES);
    assert_eq!(tally["examples"][0]["verification"], first["id"], "a changed verdict comes first");
    assert_eq!(done["opinions"]["judged-by"]["dismissed"], 1);
    let published = host.admin.get("/v1/plugins").expect(200).json();
    let names = |plugin: &Value| plugin["name"] == "marker" && plugin["version"] == "2.0.0";
    assert!(!published["items"].as_array().expect("a list").iter().any(names));
    // What judged then comes to the same again.
    let path = "/v1/backtests?last=100&name=marker&version=1.0.0";
    let same = host.admin.send("POST", path, &headers, b"").expect(202).json();
    let address = format!("/v1/backtests/{}", same["id"].as_str().expect("an id"));
    let done = wait_for("the end of the second backtest", || {
        Some(host.admin.get(&address).expect(200).json()).filter(|backtest| backtest["state"] == "done")
    });
    assert_eq!((&done["tally"]["judged"], &done["tally"]["different"]), (&json!(100), &json!(0)));
}

/// Reads the events of a stream until one is as wanted.
fn read_events(host: &Host, path: &str, last: Option<i64>, mut wanted: impl FnMut(&str, &Value) -> bool) {
    let mut stream =
        TcpStream::connect(host.address().trim_start_matches("http://")).expect("the host listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let token = host.admin.token().expect("a token");
    let last = last.map(|number| format!("last-event-id: {number}\r\n")).unwrap_or_default();
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n{last}accept: text/event-stream\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the request is sent");
    let mut name = String::new();
    for line in BufReader::new(stream).lines() {
        let line = line.expect("the stream goes on until the event comes");
        if let Some(event) = line.strip_prefix("event: ") {
            event.clone_into(&mut name);
        } else if let Some(data) = line.strip_prefix("data: ")
            && wanted(&name, &serde_json::from_str(data).expect("JSON"))
        {
            return;
        }
    }
    panic!("the stream ended");
}

#[test]
fn changes_and_progress_are_streamed() {
    let mut host = swapping(Setup::default());
    let address = "/v1/plugin-changes?name=marker";
    std::thread::scope(|scope| {
        let listener = scope.spawn(|| {
            let mut seen = Vec::new();
            // From the beginning, and on to what comes.
            read_events(&host, address, Some(i64::MIN), |name, data| {
                seen.push((name.to_owned(), data["version"].as_str().unwrap_or_default().to_owned()));
                name == "rolled-back"
            });
            seen
        });
        std::thread::sleep(Duration::from_millis(500));
        change(&host, "1.0.1", "activation");
        let body = json!({"reason": "a second thought"});
        let back = host.admin.json("POST", "/v1/plugins/marker/rollback", &body).expect(200).json();
        assert_eq!(back["items"][0]["version"], "1.0.0");
        let expected = [
            ("published", "1.0.0"),
            ("published", "1.0.1"),
            ("activated", "1.0.0"),
            ("activated", "1.0.1"),
            ("rolled-back", "1.0.1"),
        ];
        let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned()));
        assert_eq!(listener.join().expect("the stream was read"), expected);
    });
    let client = host.client("operator", &[]);
    let _ = declare(&client, 1, "GB482910375000");
    let path = "/v1/backtests?name=marker&version=1.0.1";
    let started =
        host.admin.send("POST", path, &[("content-type", "application/wasm")], b"").expect(202).json();
    let address = format!("/v1/backtests/{}", started["id"].as_str().expect("an id"));
    read_events(&host, &address, None, |name, data| {
        assert_eq!(name, "progress");
        data["state"] == "done" && data["tally"]["cases"] == 1
    });
    // A listener does not keep the host from stopping.
    std::thread::scope(|scope| {
        let address = host.address().trim_start_matches("http://").to_owned();
        let token = host.admin.token().expect("a token").to_owned();
        scope.spawn(move || {
            let mut stream = TcpStream::connect(address).expect("the host listens");
            let head = format!(
                "GET /v1/plugin-changes HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).expect("the request is sent");
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        });
        std::thread::sleep(Duration::from_millis(500));
        let begun = Instant::now();
        assert!(host.stop());
        assert!(begun.elapsed() < Duration::from_secs(10), "the host waited for a listener");
    });
}

#[test]
fn the_command_line_does_all_of_it() {
    let host = swapping(Setup::default());
    publish(&host, "2.0.0", Behaviour::Strict);
    let hub = host.client("partner", &examples::COUNTRIES);
    let _ = hub.xml("/v1/certificates", &examples::message("clean/beef-frozen/certificate.xml")).expect(201);
    let verification = declare(&host.client("operator", &[]), 1, "GB482910375000");
    let id = verification["id"].as_str().expect("an id");
    let run = |arguments: &[&str], code: i32| {
        let output = Command::new(ecert_tests::host::binary())
            .args(arguments)
            .env("ECERT_SERVER", host.address())
            .env("ECERT_TOKEN", host.admin.token().expect("a token"))
            .output()
            .expect("the binary starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr);
        // Less than 0 stands for any.
        assert!(code < 0 || output.status.code() == Some(code), "{arguments:?}: {text}{complaint}");
        text
    };
    let replayed = run(&["replay", id], 0);
    assert!(replayed.starts_with("verdict release: identical"), "{replayed}");
    let candidate = component("2.0.0", Behaviour::Strict);
    let text = run(&["backtest", candidate.to_str().expect("a path"), "--last", "10"], 1);
    assert!(text.contains("verdict release → review: 1"), "{text}");
    assert!(text.contains("other: judged-by: Judged by 2.0.0."), "{text}");
    assert!(run(&["backtest", "marker@1.0.1"], 1).contains("Judged by 1.0.1."));
    // Two versions over stored cases, the one that judged them aside.
    let candidate = candidate.to_str().expect("a path");
    let text = run(&["plugin", "diff", "marker@1.0.1", candidate, "--last", "10"], 1);
    assert!(text.starts_with("marker 2.0.0 against 1.0.1 over 1 stored cases"), "{text}");
    assert!(text.contains("verdict release → review: 1"), "{text}");
    let text = run(&["plugin", "diff", candidate, "marker@2.0.0", "--last", "10"], 0);
    assert!(text.contains("different  0"), "{text}");
    let _ = run(&["plugin", "diff", "meat@9.9.9", candidate, "--last", "10"], 3);
    assert!(run(&["plugin", "shadow", "marker", "2.0.0", "--reason", "to see"], 0).contains("2.0.0: shadow"));
    let _ = declare(&host.client("operator", &[]), 2, "GB482910375000");
    let text = wait_for("a difference", || {
        let text = run(&["plugin", "differences", "marker", "2.0.0"], -1);
        text.contains("other: judged-by").then_some(text)
    });
    assert!(text.starts_with("marker 2.0.0 in shadow, over 1 live cases"), "{text}");
    let scope = r#"[{"origins": ["NZ"]}]"#;
    let text = run(&["plugin", "activate", "marker", "1.0.1", "--scope", scope, "--from", "2027-01-01"], 0);
    assert_eq!(
        text.trim(),
        r#"marker 1.0.1: active, for decisions from 2027-01-01, for [{"origins":["NZ"]}]"#
    );
    assert_eq!(run(&["plugin", "rollback", "marker"], 0).trim(), "marker 1.0.0: active");
    assert_eq!(run(&["plugin", "retire", "marker", "2.0.0"], 0).trim(), "marker 2.0.0: retired");
    let history = run(&["plugin", "history", "marker"], 0);
    assert!(history.contains("taken back by"), "{history}");
    assert!(history.contains("to see"), "{history}");
}
