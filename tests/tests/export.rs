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
    survives(host(Setup::default()));
}

#[test]
fn postgres_what_a_killed_host_acknowledged_is_there_and_nothing_is_there_twice() {
    let database = Database::create("export_kill");
    survives(host(Setup { database: Some(database.url()), ..Setup::default() }));
}

fn survives(mut host: Host) {
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

/// Runs a command against a host; answers its exit code and output.
fn command(host: &Host, arguments: &[&str]) -> (Option<i32>, String, String) {
    let run = std::process::Command::new(ecert_tests::host::binary())
        .args(arguments)
        .env("ECERT_SERVER", host.address())
        .env("ECERT_TOKEN", host.admin.token().expect("a token"))
        .output()
        .expect("the command runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (run.status.code(), text(&run.stdout), text(&run.stderr))
}

#[test]
fn the_command_line_imports_goes_on_after_a_stop_and_manages() {
    let host = host(Setup::default());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let made = made(30);
    let mut lines = batch(made[..29].iter().map(|made| made.message.as_str()));
    lines.extend_from_slice(b"nonsense\n");
    std::fs::write(path("a.ndjson"), &lines).expect("a file");
    std::fs::write(path("b.xml"), &made[29].message).expect("a file");
    let (output, a, b) = (path("done.ndjson"), path("a.ndjson"), path("b.xml"));
    let import = ["certificates", "import", &a, &b, "--output", &output, "--batch", "7"];
    let (code, told, errors) = command(&host, &import);
    assert_eq!((code, told.trim()), (Some(1), "30 new, 0 amended, 0 held already, 1 refused"), "{errors}");
    assert!(errors.contains("a.ndjson, line 30"), "{errors}");

    // The answers to some lines are lost; the import goes on and renews their codes.
    let done = std::fs::read_to_string(&output).expect("the output");
    let kept: Vec<&str> = done.lines().take(11).collect();
    std::fs::write(&output, kept.join("\n") + "\n{\"file\": \"cut o").expect("the output");
    let (code, told, _) = command(&host, &import);
    assert_eq!((code, told.trim()), (Some(1), "0 new, 0 amended, 19 held already, 1 refused"));
    let mut codes = 0;
    for line in std::fs::read_to_string(&output).expect("the output").lines() {
        let Ok(entry) = serde_json::from_str::<Value>(line) else { continue };
        for loaded in entry["certificates"].as_array().into_iter().flatten() {
            let _ = check(&host, text(loaded, "number"), text(loaded, "checkCode")).expect(200);
            codes += 1;
        }
    }
    assert_eq!(codes, 30, "every code that was told opens its certificate");

    let number = made[3].number.as_str();
    let (code, told, _) = command(&host, &["certificates", "search", number]);
    assert!(code == Some(0) && told.contains(number) && told.contains("issued"), "{told}");
    let (code, told, errors) = command(
        &host,
        &["certificates", "status", number, "withdrawn", "--reason", "an error in the weights"],
    );
    assert_eq!((code, told.trim()), (Some(0), format!("{number}: withdrawn").as_str()), "{errors}");
    let (svg, png) = (path("code.svg"), path("code.png"));
    let (code, told, errors) =
        command(&host, &["certificates", "code", number, "--svg", &svg, "--png", &png]);
    assert_eq!(code, Some(0), "{errors}");
    let _ = check(&host, number, told.trim()).expect(200);
    assert!(std::fs::read(&svg).is_ok_and(|image| image.starts_with(b"<?xml")));
    assert!(std::fs::read(&png).is_ok_and(|image| image.starts_with(b"\x89PNG")));

    let new = [
        "account",
        "new",
        "China Customs",
        "--country",
        "CN",
        "--expires",
        "2099-12-31",
        "--user",
        "li:manager",
    ];
    let (code, told, errors) = command(&host, &new);
    assert_eq!(code, Some(0), "{errors}");
    let token = told.trim().strip_prefix("li\t").expect("user and token");
    let _ = ask(&host.admin.with_token(Some(token)), number, "");
    let (code, told, _) = command(&host, &["account", "queries", "China Customs"]);
    assert!(code == Some(0) && told.contains(number), "{told}");
    let (code, told, _) = command(&host, &["account", "suspend", "China Customs", "--reason", "audit"]);
    assert_eq!((code, told.trim()), (Some(0), "China Customs: suspended"));
    let (code, told, _) = command(&host, &["account", "list"]);
    assert!(code == Some(0) && told.contains("suspended"), "{told}");

    let (accounts, secrets) = (path("accounts.csv"), path("secrets.csv"));
    std::fs::write(&accounts, "name,countries,expires\nPost 1,JP,2099-12-31\nPost 2,Japan,2099-12-31\n")
        .expect("a file");
    let (code, _, errors) = command(&host, &["account", "import", &accounts, "--secrets", &secrets]);
    assert_eq!(code, Some(3));
    assert!(errors.contains("nothing was imported") && errors.contains("Japan"), "{errors}");
    assert!(!std::path::Path::new(&secrets).exists());
    std::fs::write(&accounts, "name,countries,expires,users\nPost 1,JP,2099-12-31,a b\n").expect("a file");
    let (code, told, errors) = command(&host, &["account", "import", &accounts, "--secrets", &secrets]);
    assert_eq!((code, told.trim()), (Some(0), "1 accounts with 2 users"), "{errors}");
    let secrets = std::fs::read_to_string(&secrets).expect("the secrets");
    assert_eq!(secrets.matches("ecert_").count(), 2);
}

#[test]
fn attachments_are_kept_apart_and_put_back_where_they_were() {
    let host = host(Setup::default());
    let picture = "aVZCT1J3MEtHZ28".repeat(300);
    let attached: Vec<Made> = made(3)
        .into_iter()
        .map(|made| {
            let object = format!(
                "<ram:AttachmentBinaryObject filename=\"seal.png\">\n{picture}</ram:AttachmentBinaryObject>"
            );
            let message = made.message.replacen(
                "</ram:ReferenceSPSReferencedDocument>",
                &format!("{object}</ram:ReferenceSPSReferencedDocument>"),
                1,
            );
            Made { message, ..made }
        })
        .collect();
    for (made, loaded) in attached.iter().zip(load(&host, &attached)) {
        let address = format!("/v1/export-certificates/{}", loaded["id"]);
        let original = host.admin.get_as(&address, "application/xml").expect(200);
        assert!(original.body == made.message.as_bytes(), "it comes out as it came in");
    }
    let wal = std::fs::read(host.folder().join("ecert.db-wal")).expect("the database");
    let piece = &picture.as_bytes()[..60];
    let copies = wal.windows(piece.len()).filter(|window| *window == piece).count();
    assert!(copies <= 1, "the picture is stored once, not {copies} times");
}
