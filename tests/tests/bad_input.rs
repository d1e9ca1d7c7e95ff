//! What is sent wrongly is refused with a stable code, and says what to do.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;

use ecert_tests::{Client, Host, Setup, examples};
use serde_json::{Value, json};

struct Fixture {
    host: Host,
    partner: Client,
    operator: Client,
}

fn fixture(options: &[&str]) -> Fixture {
    let host = Setup::default().with(options).furnished();
    let partner = host.client("partner", &["NZ"]);
    let operator = host.client("operator", &[]);
    Fixture { host, partner, operator }
}

#[track_caller]
fn assert_problem(problem: &Value, status: u16, code: &str) {
    assert_eq!(problem["status"], status, "{problem}");
    assert_eq!(problem["code"], code, "{problem}");
    assert_eq!(problem["type"], format!("urn:ecert:problem:{code}"));
    for member in ["title", "detail", "requestId"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {problem}");
    }
}

#[test]
fn a_wrong_media_type_is_415() {
    let Fixture { partner, operator, host } = fixture(&[]);
    let message = examples::message("clean/beef-frozen/certificate.xml");
    for media_type in ["application/x-www-form-urlencoded", "text/csv", "image/png"] {
        let headers = [("content-type", media_type)];
        let answer = partner.send("POST", "/v1/certificates", &headers, &message).expect(415);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_problem(&answer.json(), 415, "unsupported-media-type");
        assert!(answer.text().contains("application/xml"), "names what is taken: {}", answer.text());
        let answer = operator.send("POST", "/v1/declarations", &headers, &message).expect(415);
        assert_problem(&answer.json(), 415, "unsupported-media-type");
    }
    let answer = partner.send("POST", "/v1/certificates", &[], &message).expect(415);
    assert_problem(&answer.json(), 415, "unsupported-media-type");
    let answer = host.admin.xml("/v1/plugins", b"\0asm").expect(415);
    assert_problem(&answer.json(), 415, "unsupported-media-type");
}

#[test]
fn a_body_too_large_is_413() {
    let Fixture { partner, host, .. } = fixture(&[]);
    // Announced, it is refused before a byte of it is sent.
    let announced = refusal(&host, &partner, "Content-Length: 1000000000", b"");
    assert!(announced.contains("16777216"), "names the limit: {announced}");
    // Not announced, it is refused once the limit is passed.
    let mut large = vec![b' '; 16 << 20];
    large[0] = b'<';
    let head = format!("{:x}\r\n", large.len() + 1).into_bytes();
    let chunk = [&head[..], &large, b" "].concat();
    let _ = refusal(&host, &partner, "Transfer-Encoding: chunked", &chunk);
}

/// The problem of a 413, in answer to a request of which `body` is sent.
fn refusal(host: &Host, client: &Client, length: &str, body: &[u8]) -> String {
    let address = host.address().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the host listens");
    let token = client.token().expect("a token");
    let head = format!(
        "POST /v1/certificates HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/xml\r\n{length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).expect("the host takes the request");
    let mut answer = String::new();
    let mut lines = BufReader::new(stream);
    while !answer.ends_with('}') {
        let mut byte = [0];
        lines.read_exact(&mut byte).unwrap_or_else(|error| panic!("{error} after {answer}"));
        answer.push(char::from(byte[0]));
    }
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let problem = &answer[answer.find('{').expect("a body")..];
    assert_problem(&serde_json::from_str(problem).expect("JSON"), 413, "too-large");
    answer
}

#[test]
fn an_unreadable_message_is_422_and_kept() {
    let Fixture { partner, operator, host } = fixture(&[]);
    let bad: Vec<_> = examples::index().cases.into_iter().filter(|case| case.kind == "bad").collect();
    let mut with_place = 0;
    for message in bad.iter().flat_map(|case| &case.messages) {
        let (sender, path) = if message.file.contains("declaration") {
            (&operator, "/v1/declarations")
        } else {
            (&partner, "/v1/certificates")
        };
        let original = examples::message(&message.file);
        let answer = sender.xml(path, &original).expect(422);
        let problem = answer.json();
        let reference = problem["message"].as_str().unwrap_or_else(|| panic!("{}: {problem}", message.file));
        let kept = host.admin.get_as(&format!("/v1/messages/{reference}"), "application/octet-stream");
        assert_eq!(kept.expect(200).body, original, "{}: the original is kept", message.file);
        let record = host.admin.get_as(&format!("/v1/messages/{reference}"), "application/json");
        assert_eq!(record.expect(200).json()["state"], "rejected");
        if problem["code"] == "unreadable-message" {
            let problems = problem["problems"].as_array().expect("problems");
            assert!(!problems.is_empty(), "{problem}");
            for place in problems {
                assert!(place["line"].as_u64().is_some_and(|line| line >= 1), "{}: {place}", message.file);
                assert!(place["column"].as_u64().is_some_and(|column| column >= 1), "{place}");
                with_place += 1;
            }
        }
    }
    assert!(with_place >= 4, "only {with_place} problems with a place");
}

#[test]
fn an_unknown_format_is_422_and_names_those_known() {
    let Fixture { partner, host: _host, .. } = fixture(&[]);
    for message in [&b"<order xmlns='urn:example:order'/>"[..], b"not xml at all"] {
        let problem = partner.xml("/v1/certificates", message).expect(422).json();
        assert_problem(&problem, 422, "unknown-format");
        let known = problem["knownFormats"].as_array().expect("the formats known").clone();
        assert!(known.contains(&json!("uncefact-sps-17")), "{problem}");
    }
    let message = examples::message("clean/beef-frozen/certificate.xml");
    let problem = partner.xml("/v1/certificates?format=telex-1963", &message).expect(422).json();
    assert_problem(&problem, 422, "unknown-format");
}

#[test]
fn a_certificate_in_anothers_envelope_is_refused() {
    let Fixture { host, .. } = fixture(&[]);
    let hub = host.client("partner", &["ZA"]);
    let certificate = String::from_utf8(examples::message("clean/oranges/certificate.xml")).expect("UTF-8");
    let envelope = |number: &str| {
        format!(
            "<h:Envelope xmlns:h='http://ephyto.ippc.int/HUB.Entities'><h:From>ZA</h:From><h:To>GB</h:To>\
             <h:CertificateType>851</h:CertificateType><h:CertificateStatus>70</h:CertificateStatus>\
             <h:NPPOCertificateNumber>{number}</h:NPPOCertificateNumber>\
             <h:Content><![CDATA[{certificate}]]></h:Content></h:Envelope>"
        )
    };
    let problem = hub.xml("/v1/certificates", envelope("ZA-PE-26-60119").as_bytes()).expect(422).json();
    assert_problem(&problem, 422, "unreadable-message");
    assert_eq!(problem["problems"][0]["code"], "envelope-differs", "{problem}");
    assert_eq!(problem["problems"][0]["line"], 1, "{problem}");
    let delivered = hub.xml("/v1/certificates", envelope("ZA-PE-26-60118").as_bytes()).expect(201).json();
    assert_eq!(delivered["certificates"][0]["number"], "ZA-PE-26-60118", "{delivered}");
}

#[test]
fn what_is_not_there_is_404_and_405() {
    let Fixture { host, .. } = fixture(&[]);
    let nothing = "018f2f7e-0000-7000-8000-000000000000";
    for path in [
        "/v2/certificates".to_owned(),
        format!("/v1/certificates/{nothing}"),
        format!("/v1/verifications/{nothing}"),
        format!("/v1/messages/{nothing}"),
        "/v1/verifications/not-an-id".to_owned(),
        "/v1/parameters/no-such-rules".to_owned(),
    ] {
        assert_problem(&host.admin.get(&path).expect(404).json(), 404, "not-found");
    }
    let answer = host.admin.send("DELETE", "/v1/certificates", &[], &[]).expect(405);
    assert_problem(&answer.json(), 405, "method-not-allowed");
    assert!(answer.header("allow").contains("POST"), "{:?}", answer.headers);
}

#[test]
fn wrong_queries_and_bodies_are_422() {
    let Fixture { host, .. } = fixture(&[]);
    for path in [
        "/v1/certificates?limit=0",
        "/v1/certificates?limit=100000",
        "/v1/certificates?after=%00",
        "/v1/certificates?limit=many",
        "/v1/certificates?received-from=yesterday",
        "/v1/verifications?verdict=perhaps",
    ] {
        let answer = host.admin.get(path);
        assert_eq!((answer.status, answer.code().as_str()), (422, "invalid"), "{path}: {}", answer.text());
    }
    let headers = [("content-type", "application/json")];
    let broken = host.admin.send("POST", "/v1/tokens", &headers, b"{\n  \"name\": }").expect(422).json();
    assert_problem(&broken, 422, "invalid");
    assert_eq!(broken["problems"][0]["line"], 2, "{broken}");
    let unknown = json!({"name": "x", "role": "emperor"});
    assert_problem(&host.admin.json("POST", "/v1/tokens", &unknown).expect(422).json(), 422, "invalid");
    let rules = "/v1/parameters/meat";
    let wrong = host.admin.json("PUT", rules, &json!({"minimumDaysLeft": "two"})).expect(422).json();
    assert_problem(&wrong, 422, "invalid");
    assert_eq!(wrong["problems"][0]["path"], "/minimumDaysLeft", "{wrong}");
    let unknown = host.admin.json("PUT", rules, &json!({"minimumDayLeft": 2})).expect(422).json();
    assert!(unknown["problems"][0]["text"].to_string().contains("minimumDayLeft"), "{unknown}");
    let shown = host.admin.get(rules).expect(200).json();
    assert!(shown["schema"]["properties"]["minimumDaysLeft"].is_object(), "{shown}");
    assert_eq!(shown["entries"].as_array().map(Vec::len), Some(1), "what was wrong is not kept: {shown}");

    let wasm = [("content-type", "application/wasm")];
    let problem = host.admin.send("POST", "/v1/plugins", &wasm, b"not a component").expect(422).json();
    assert_problem(&problem, 422, "invalid");
    let csv = [("content-type", "text/csv")];
    let rows = b"country,number,activity,species,status\nNew Zealand,ME1,SH,beef,approved\n";
    let table = "/v1/tables/approved-establishments";
    let problem = host.admin.send("PUT", table, &csv, rows).expect(422).json();
    assert_problem(&problem, 422, "invalid");
    assert_eq!(problem["problems"][0]["line"], 2, "{problem}");
}
