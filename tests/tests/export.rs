//! Certificates of the own authority: loaded, changed, checked by everybody.

use std::collections::BTreeSet;

use ecert_tests::abroad::{BATCH, account, ask, check, encoded, host, load, made, send_batch, text};
use ecert_tests::generator::{Made, batch};
use ecert_tests::postgres::Database;
use ecert_tests::{Host, Setup};
use serde_json::{Value, json};

/// The message under other words.
fn with(made: &Made, from: &str, to: &str) -> Vec<u8> {
    assert!(made.message.contains(from), "{from} is not in the message");
    made.message.replace(from, to).into_bytes()
}

#[test]
fn a_certificate_is_loaded_checked_and_changed() {
    lives(&host(Setup::default().with(&["--public-address", "https://check.example/"])));
}

#[test]
fn postgres_a_certificate_is_loaded_checked_and_changed() {
    let database = Database::create("export_life");
    let setup = Setup { database: Some(database.url()), ..Setup::default() };
    lives(&host(setup.with(&["--public-address", "https://check.example"])));
}

fn lives(host: &Host) {
    let made = &made(1)[0];
    let answer = host.admin.xml("/v1/export-certificates", made.message.as_bytes()).expect(201).json();
    let first = &answer["certificates"][0];
    assert_eq!((text(first, "number"), text(first, "outcome")), (made.number.as_str(), "first"));
    let code = text(first, "checkCode").to_owned();
    let link = format!(
        "https://check.example/check?number={}&code={}",
        made.number.replace('/', "%2F"),
        code.replace('-', "")
    );
    assert_eq!(text(first, "link"), link);
    let address = format!("/v1/export-certificates/{}", first["id"]);

    // The code opens the public check, and no other does.
    let page = check(host, &made.number, &code).expect(200).text();
    assert!(page.contains("In force"), "{page}");
    let _ = check(host, &made.number, "34679-ACDEF-GHJKM").expect(404);

    // A repeat changes nothing and tells no code; another content is a conflict.
    let again = host.admin.xml("/v1/export-certificates", made.message.as_bytes()).expect(200).json();
    assert_eq!(
        (text(&again["certificates"][0], "outcome"), again["certificates"][0].get("checkCode")),
        ("repeat", None)
    );
    let other = with(made, "New Zealand", "Aotearoa");
    assert_eq!(host.admin.xml("/v1/export-certificates", &other).expect(409).code(), "conflict");

    // What came in comes out, byte for byte.
    assert_eq!(host.admin.get_as(&address, "application/xml").expect(200).body, made.message.as_bytes());

    // The QR code is there for who has the code.
    for (media_type, start) in [("image/svg+xml", &b"<?xml"[..]), ("image/png", b"\x89PNG")] {
        let image = host.admin.get_as(&format!("{address}/qr?code={code}"), media_type).expect(200);
        assert!(image.body.starts_with(start), "{media_type}");
    }
    let _ = host.admin.get(&format!("{address}/qr?code=34679-ACDEF-GHJKM")).expect(422);

    // A new code ends the old one.
    let renewed = host.admin.json("POST", &format!("{address}/code"), &json!({})).expect(201).json();
    let _ = check(host, &made.number, &code).expect(404);
    let code = text(&renewed, "checkCode").to_owned();
    let _ = check(host, &made.number, &code).expect(200);

    // Withdrawn, in force again, replaced: each with a reason, in the history.
    let set = |body: &Value| host.admin.json("POST", &format!("{address}/status"), body);
    let _ = set(&json!({"status": "withdrawn", "reason": ""})).expect(422);
    let _ = set(&json!({"status": "withdrawn", "reason": "a sample was positive"})).expect(200);
    assert!(check(host, &made.number, &code).expect(200).text().contains("Withdrawn"));
    let _ = set(&json!({"status": "replaced", "reason": "x", "replacedBy": "NZ-2"})).expect(409);
    let _ = set(&json!({"status": "issued", "reason": "the sample was another's"})).expect(200);
    let successor = with(made, &made.number, "NZ2026/NEW/1");
    let successor = String::from_utf8(successor).expect("UTF-8").replace(
        "\t\t<ram:SignatorySPSAuthentication>",
        &format!(
            "\t\t<ram:ReferenceSPSReferencedDocument><ram:TypeCode>852</ram:TypeCode>\
             <ram:RelationshipTypeCode>ACW</ram:RelationshipTypeCode><ram:ID>{}</ram:ID>\
             </ram:ReferenceSPSReferencedDocument>\n\t\t<ram:SignatorySPSAuthentication>",
            made.number
        ),
    );
    let _ = host.admin.xml("/v1/export-certificates", successor.as_bytes()).expect(201);
    let page = check(host, &made.number, &code).expect(200).text();
    assert!(page.contains("Replaced") && page.replace("&#x2f;", "/").contains("NZ2026/NEW/1"), "{page}");
    let _ = set(&json!({"status": "issued", "reason": "x"})).expect(409);
    let shown = host.admin.get(&address).expect(200).json();
    let actions: Vec<&str> =
        shown["events"].as_array().expect("events").iter().map(|event| text(event, "action")).collect();
    assert_eq!(actions, ["code-renewed", "withdrawn", "issued", "replaced"]);
    assert_eq!((text(&shown, "status"), text(&shown, "replacedBy")), ("replaced", "NZ2026/NEW/1"));
    let count = |query: &str| {
        let list = host.admin.get(&format!("/v1/export-certificates?{query}")).expect(200).json();
        list["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count("status=replaced"), 1);
    assert_eq!(count(&format!("number={}", encoded(&made.number))), 1);
    assert_eq!(count(&format!("container={}", made.container)), 2);
    assert_eq!(count(&format!("country={}&issued-from={}", made.destination, made.issued)), 2);
    assert_eq!(count(&format!("country={}&issued-from=2030-01-01", made.destination)), 0);
}

#[test]
fn an_amendment_counts_from_when_it_comes_and_the_version_before_is_kept() {
    let host = host(Setup::default());
    let made = &made(1)[0];
    let first = load(&host, std::slice::from_ref(made)).remove(0);
    let withdrawn = with(made, "<ram:StatusCode>70<", "<ram:StatusCode>40<");
    let amended = host.admin.xml("/v1/export-certificates", &withdrawn).expect(201).json();
    let amended = &amended["certificates"][0];
    assert_eq!(
        (text(amended, "outcome"), &amended["version"], text(amended, "status")),
        ("amendment", &json!(2), "withdrawn")
    );
    assert_eq!(amended["id"], first["id"]);
    let page = check(&host, &made.number, text(&first, "checkCode")).expect(200).text();
    assert!(page.contains("Withdrawn"), "the code that was printed still opens it: {page}");
    let draft = with(made, "<ram:StatusCode>70<", "<ram:StatusCode>47<");
    assert_eq!(host.admin.xml("/v1/export-certificates", &draft).expect(422).code(), "unreadable-message");
}

#[test]
fn a_batch_keeps_the_good_and_tells_of_the_bad() {
    let host = host(Setup::default().with(&["--country", "NZ"]));
    let made = made(6);
    let mut lines: Vec<Vec<u8>> = made.iter().map(|made| batch([made.message.as_str()])).collect();
    let cut = &made[1].message[..made[1].message.len() / 2];
    lines[1] = batch([cut]);
    lines[2] = b"this is no JSON\n".to_vec();
    let foreign = made[3].message.replace(
        "<ram:CountryID>NZ</ram:CountryID></ram:SpecifiedSPSAddress>\n\t\t</ram:IssuerSPSParty>",
        "<ram:CountryID>AU</ram:CountryID></ram:SpecifiedSPSAddress>\n\t\t</ram:IssuerSPSParty>",
    );
    lines[3] = batch([foreign.as_str()]);
    lines.push(b"{}\n".to_vec());
    lines.push(b"\n".to_vec());
    lines.push(batch([made[0].message.as_str()]));
    let answer = send_batch(&host.admin, &lines.concat()).expect(200).json();
    let counts = ["lines", "new", "repeated", "refused"].map(|name| answer[name].as_u64().expect("a count"));
    assert_eq!(counts, [8, 3, 1, 4], "{answer}");
    let results = answer["results"].as_array().expect("results");
    let refused: Vec<u64> = results
        .iter()
        .filter(|one| one["refused"].is_string())
        .filter_map(|one| one["line"].as_u64())
        .collect();
    assert_eq!(refused, [2, 3, 4, 7]);
    let broken = &results[1]["problems"][0];
    assert!(broken["line"].as_u64().is_some_and(|line| line > 1), "where in the message: {broken}");
    assert_eq!(results[3]["problems"][0]["code"], "foreign-certificate");
    assert_eq!(results[7]["line"], 9, "lines are counted as they stand");
    let listed = host.admin.get("/v1/export-certificates").expect(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(send_batch(&host.admin, b"\n\n").expect(422).code(), "invalid");
    assert_eq!(host.admin.xml(BATCH, b"<x/>").expect(415).code(), "unsupported-media-type");
}

#[test]
fn a_batch_without_codes_is_checked_by_number_and_day() {
    let host = host(Setup::default());
    let made = &made(1)[0];
    let lines = batch([made.message.as_str()]);
    let headers = [("content-type", "application/x-ndjson")];
    let loaded = host.admin.send("POST", &format!("{BATCH}?codes=no"), &headers, &lines).expect(200).json();
    assert!(loaded["results"][0]["certificates"][0]["checkCode"].is_null());
    let _ = check(&host, &made.number, "").expect(404);
    let (_, abroad) = account(&host, "Another's customs", &json!({"countries": ["ZA"]}));
    assert_eq!(ask(&abroad, &made.number, "")["answer"], "unknown");
    assert_eq!(ask(&abroad, &made.number, "?issued=2026-12-30")["answer"], "unknown");
    let answer = ask(&abroad, &made.number, &format!("?issued={}", made.issued));
    assert_eq!((text(&answer, "answer"), text(&answer, "status")), ("other-destination", "issued"));
    assert!(answer.get("certificates").is_none());
    let renewed =
        host.admin.send("POST", &format!("{BATCH}?renew-codes=yes"), &headers, &lines).expect(200).json();
    let code = renewed["results"][0]["certificates"][0]["checkCode"].as_str().expect("a code");
    let _ = check(&host, &made.number, code).expect(200);
    assert_eq!(
        ask(&abroad, &made.number, &format!("?issued={}", made.issued))["answer"],
        "unknown",
        "it has a code now"
    );
}

#[test]
fn what_a_killed_host_acknowledged_is_there_and_nothing_is_there_twice() {
    let mut host = host(Setup::default());
    let made = made(600);
    let acknowledged = std::sync::Mutex::new(Vec::new());
    let client = host.admin.clone();
    std::thread::scope(|scope| {
        let (acknowledged, made) = (&acknowledged, &made);
        scope.spawn(move || {
            for chunk in made.chunks(20) {
                let lines = batch(chunk.iter().map(|made| made.message.as_str()));
                let headers = [("content-type", "application/x-ndjson")];
                let Ok(answer) = client.try_send("POST", BATCH, &headers, &lines) else { return };
                if answer.status == 200 {
                    let results = answer.json()["results"].as_array().cloned().unwrap_or_default();
                    acknowledged.lock().expect("no panic").extend(results);
                }
            }
        });
        while acknowledged.lock().expect("no panic").len() < 100 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        host.kill();
    });
    host.restart();
    let acknowledged = acknowledged.into_inner().expect("no panic");
    assert!(acknowledged.len() < made.len(), "it was killed in the middle");
    for result in acknowledged.iter().step_by(7) {
        let loaded = &result["certificates"][0];
        let _ = check(&host, text(loaded, "number"), text(loaded, "checkCode")).expect(200);
    }
    let mut numbers = BTreeSet::new();
    for chunk in made.chunks(300) {
        for loaded in load(&host, chunk) {
            numbers.insert(text(&loaded, "number").to_owned());
        }
    }
    assert_eq!(numbers.len(), made.len());
    let mut listed = 0;
    let mut address = "/v1/export-certificates?limit=500".to_owned();
    loop {
        let page = host.admin.get(&address).expect(200).json();
        listed += page["items"].as_array().map_or(0, Vec::len);
        let Some(next) = page["next"].as_str() else { break };
        address = format!("/v1/export-certificates?limit=500&after={next}");
    }
    assert_eq!(listed, made.len(), "none lost, none twice");
}
