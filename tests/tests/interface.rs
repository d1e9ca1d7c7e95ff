//! The interface as it is described, and answers for people and machines.

use ecert_tests::examples::{self, COUNTRIES};
use ecert_tests::{Host, Setup};
use serde_json::{Value, json};

fn with_a_verdict() -> (Host, Value) {
    let host = Setup::default().furnished();
    let hub = host.client("partner", &COUNTRIES);
    let certificate = examples::message("discrepancy/net-weight/certificate.xml");
    let _ = hub.xml("/v1/certificates", &certificate).expect(201);
    let declaration = examples::message("discrepancy/net-weight/declaration.xml");
    let verification = host.admin.xml("/v1/declarations", &declaration).expect(200).json();
    (host, verification)
}

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an identifier")
}

#[test]
fn the_description_is_as_reviewed() {
    let host = Setup::default().start();
    let description = host.admin.get("/openapi.json").expect(200).json();
    assert_eq!(description["openapi"], "3.1.0");
    insta::assert_json_snapshot!("openapi", description);
}

#[test]
fn every_route_is_described_in_full() {
    let host = Setup::default().start();
    let description = host.admin.get("/openapi.json").expect(200).json();
    let mut operations = std::collections::BTreeSet::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("a path item") {
            let name = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
            let id = operation["operationId"].as_str().expect("an operation id").to_owned();
            assert!(operations.insert(id.clone()), "{name}: the operation id {id} stands twice");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
            if path.starts_with("/v1/") {
                for status in ["401", "403", "503"] {
                    assert!(responses.contains_key(status), "{name} does not describe {status}");
                }
                assert!(operation["security"].is_array(), "{name}");
            }
            for (status, response) in responses {
                let problem = &response["content"]["application/problem+json"];
                let wrong = status.starts_with(['4', '5']) && problem.is_null();
                assert!(!wrong, "{name}: {status} is not described as a problem");
            }
        }
    }
    assert!(operations.len() >= 20, "only {} operations", operations.len());
}

#[test]
fn a_certificate_is_given_as_json_original_and_page() {
    let host = Setup::default().furnished();
    let message = examples::message("clean/beef-frozen/certificate.xml");
    let hub = host.client("partner", &COUNTRIES);
    let delivered = hub.xml("/v1/certificates", &message).expect(201).json();
    let certificate = &delivered["certificates"][0];
    assert_eq!(certificate["authenticity"], "authentic");
    let address = format!("/v1/certificates/{}", id(certificate));
    let canonical = host.admin.get_as(&address, "application/json").expect(200).json();
    assert_eq!(canonical["certificate"]["number"]["value"], certificate["number"]);
    let original = host.admin.get_as(&address, "application/xml").expect(200);
    assert_eq!(original.body, message);
    let page = host.admin.get_as(&address, "text/html").expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    // A page may escape more than it must.
    let text = page.text().replace("&#x2f;", "/");
    assert!(text.contains(certificate["number"].as_str().expect("a number")), "{text}");
    assert_eq!(host.admin.get_as(&address, "image/png").status, 406);

    let again = hub.xml("/v1/certificates", &message).expect(200).json();
    assert_eq!(again["certificates"][0]["outcome"], "repeat");
    assert_eq!(again["certificates"][0]["id"], certificate["id"]);
}

#[test]
fn a_verdict_is_given_as_json_and_page_in_two_languages() {
    let (host, verification) = with_a_verdict();
    assert_eq!(verification["verdict"], "review");
    let address = format!("/v1/verifications/{}", id(&verification));
    let again = host.admin.get(&address).expect(200).json();
    assert_eq!(again["findings"], verification["findings"]);
    for (language, title) in [("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9", "zh")] {
        let headers = [("accept", "text/html"), ("accept-language", language)];
        let page = host.admin.send("GET", &address, &headers, &[]).expect(200);
        assert!(page.header("content-type").starts_with("text/html"));
        let page = stable(&page.text(), &verification);
        insta::assert_snapshot!(format!("verification_{title}"), page);
    }
}

/// The page without what differs from run to run.
fn stable(page: &str, verification: &Value) -> String {
    let mut page = page.replace(id(verification), "VERIFICATION");
    for (path, name) in [("/declaration/id", "DECLARATION"), ("/certificates/0/id", "CERTIFICATE")] {
        if let Some(id) = verification.pointer(path).and_then(Value::as_str) {
            page = page.replace(id, name);
        }
    }
    let mut lines = Vec::new();
    for line in page.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let volatile = ["ms", "sha256", "SHA-256", "微秒", "毫秒"].iter().any(|word| line.contains(word));
        let dated = line.contains("2026-11") || line.contains("Z</") || line.contains("UTC");
        lines.push(if volatile || dated { "    (differs from run to run)" } else { line });
    }
    lines.join("\n")
}

#[test]
fn lists_come_in_pages_and_are_filtered() {
    let host = Setup::default().furnished();
    let hub = host.client("partner", &COUNTRIES);
    let folders = ["beef-frozen", "cheese", "honey", "oranges", "roses"];
    for folder in folders {
        let message = examples::message(&format!("clean/{folder}/certificate.xml"));
        let _ = hub.xml("/v1/certificates", &message).expect(201);
    }
    let mut seen = Vec::new();
    let mut address = "/v1/certificates?limit=2".to_owned();
    loop {
        let page = host.admin.get(&address).expect(200).json();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| id(item).to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        address = format!("/v1/certificates?limit=2&after={next}");
    }
    assert_eq!(seen.len(), folders.len());
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    sorted.reverse();
    assert_eq!(sorted, seen, "newest first, none twice");

    let count = |query: &str| {
        let list = host.admin.get(&format!("/v1/certificates?{query}")).expect(200).json();
        list["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count("country=NZ"), 2);
    assert_eq!(count("country=XX"), 0);
    assert_eq!(count("received-from=2000-01-01T00:00:00Z"), folders.len());
    assert_eq!(count("received-to=2000-01-01T00:00:00Z"), 0);
}

#[test]
fn a_dry_run_leaves_nothing_behind() {
    let host = Setup::default().furnished();
    let officer = host.client("officer", &[]);
    let certificate = examples::message("clean/beef-frozen/certificate.xml");
    let declaration = examples::message("clean/beef-frozen/declaration.xml");
    let parts = [("certificate", certificate.as_slice()), ("declaration", declaration.as_slice())];
    let answer = officer.multipart("/v1/verify", &parts).expect(200).json();
    assert_eq!(answer["verdict"], "release", "{answer}");
    let empty = json!([]);
    for list in ["/v1/certificates", "/v1/declarations", "/v1/verifications"] {
        assert_eq!(host.admin.get(list).expect(200).json()["items"], empty, "{list}");
    }
    let answer = officer.multipart("/v1/verify", &parts[..1]);
    assert_eq!((answer.status, answer.code().as_str()), (422, "invalid"), "a declaration is needed");
}

#[test]
fn an_officer_decides() {
    let (host, verification) = with_a_verdict();
    let officer = host.client("officer", &[]);
    let address = format!("/v1/verifications/{}/decision", id(&verification));
    let decision = json!({
        "action": "accept",
        "reasonCode": "checked-with-authority",
        "text": "The authority confirmed the weight by telephone.",
        "findings": [{"finding": 0, "opinion": "dismissed"}],
    });
    let decided = officer.json("POST", &address, &decision).expect(201).json();
    assert_eq!(decided["action"], "accept");
    let record = host.admin.get(&format!("/v1/verifications/{}", id(&verification))).expect(200).json();
    assert_eq!(record["decisions"][0]["action"], "accept", "{record}");
    let wrong = json!({"action": "shrug", "reasonCode": "x"});
    assert_eq!(officer.json("POST", &address, &wrong).status, 422);
    let partner = host.client("partner", &["NZ"]);
    assert_eq!(partner.json("POST", &address, &decision).status, 403);
}

#[test]
fn every_answer_has_a_request_id() {
    let host = Setup::default().start();
    let answer = host.admin.get("/v1/certificates");
    assert_eq!(answer.header("x-request-id").len(), 36);
    let mine = [("x-request-id", "order-4711.retry")];
    let answer = host.admin.send("GET", "/v1/nothing", &mine, &[]);
    assert_eq!(answer.header("x-request-id"), "order-4711.retry");
    assert_eq!(answer.json()["requestId"], "order-4711.retry");
}

#[test]
fn what_is_done_is_measured() {
    let (host, _) = with_a_verdict();
    let metrics = host.admin.get("/metrics").expect(200).text();
    for name in [
        "ecert_http_request_duration_seconds_bucket{method=\"POST\",route=\"/v1/declarations\",status=\"200\"",
        "ecert_verifications_total",
        "ecert_rule_set_duration_seconds",
        "ecert_queue_wait_seconds",
        "ecert_queue_length",
    ] {
        assert!(metrics.contains(name), "{name} is missing:\n{metrics}");
    }
}
