//! What an operator sets without a release: agreements, parameters, tables;
//! what they decide, and what a change of them would decide otherwise.

use std::path::Path;

use ecert_tests::desk::{Desk, fails, succeeds, text};
use ecert_tests::{Client, Host, Setup, examples};
use serde_json::{Value, json};

const BEEF: &str = "clean/beef-frozen";

fn nz_meat(changes: &Value) -> Value {
    let mut terms = json!({
        "partner": "NZ", "direction": "import", "validFrom": "2018-01-01", "commodities": ["02"],
        "exchange": "real-time", "paperless": true,
    });
    let members = terms.as_object_mut().expect("an object");
    members.extend(changes.as_object().expect("an object").clone());
    terms
}

fn deliver(host: &Host) {
    let hub = host.client("partner", &examples::COUNTRIES);
    let _ = hub.xml("/v1/certificates", &examples::message(&format!("{BEEF}/certificate.xml"))).expect(201);
}

fn declare(client: &Client) -> Value {
    client.xml("/v1/declarations", &examples::message(&format!("{BEEF}/declaration.xml"))).expect(200).json()
}

fn set(client: &Client, name: &str, terms: &Value) -> Value {
    client.json("PUT", &format!("/v1/agreements/{name}?reason=test"), terms).expect(200).json()
}

fn found(verification: &Value) -> Vec<&str> {
    let findings = verification["findings"].as_array().expect("findings").iter();
    findings.map(|finding| finding["rule"].as_str().unwrap_or_default()).collect()
}

fn replayed(host: &Host, verification: &Value) -> Value {
    let path = format!("/v1/verifications/{}/replay", verification["id"].as_str().expect("an id"));
    host.admin.send("POST", &path, &[], b"").expect(200).json()["outcome"].clone()
}

#[test]
fn agreements_decide_whether_the_electronic_certificate_suffices() {
    let host = Setup::default().furnished();
    // In an outage, and without the certificate, paper counts.
    let _ = set(&host.admin, "nz-meat", &nz_meat(&json!({})));
    let outage = json!({"from": "2026-05-10", "until": "2026-05-12", "reason": "cable cut"});
    let _ = host.admin.json("POST", "/v1/agreements/nz-meat/outages", &outage).expect(201);
    let interrupted = declare(&host.admin);
    assert_eq!(interrupted["verdict"], "review");
    assert_eq!(interrupted["findings"][0]["rule"], "agreement-outage", "the root cause: {interrupted:#}");
    let said = interrupted["findings"][0]["texts"]["en"].as_str().expect("a text");
    assert!(said.contains("nz-meat with NZ is out from 2026-05-10 to 2026-05-12"), "{said}");
    // The certificate that came nevertheless suffices.
    deliver(&host);
    let released = declare(&host.admin);
    assert_eq!(released["verdict"], "release", "{released:#}");
    assert_eq!(released["declaration"]["items"][0]["agreement"], "nz-meat");
    let listed = host.admin.get("/v1/agreements?on=2026-05-11").expect(200).json();
    let items = listed["items"].as_array().expect("a list");
    let entry = items.iter().find(|entry| entry["name"] == "nz-meat").expect("it holds");
    assert_eq!(entry["outage"]["reason"], "cable cut");
    assert_eq!(released["pins"]["agreements"]["nz-meat"], entry["id"]);
    // On paper only: at once, and with a reason that names the agreement.
    let paper = nz_meat(&json!({"paperless": false}));
    let _ = set(&host.admin, "nz-meat", &paper);
    let verification = declare(&host.admin);
    assert_eq!(
        (verification["verdict"].as_str(), found(&verification)),
        (Some("review"), vec!["agreement-paper"])
    );
    let said = verification["findings"][0]["texts"]["en"].as_str().expect("a text");
    assert!(said.starts_with("Agreement nz-meat with NZ accepts"), "{said}");
    assert!(
        verification["findings"][0]["texts"]["zh"].as_str().is_some_and(|text| text.contains("纸质证书"))
    );
    // The past stays what it was.
    for verification in [&interrupted, &released, &verification] {
        assert_eq!(replayed(&host, verification), "identical");
    }
    let history = host.admin.get("/v1/agreements/nz-meat").expect(200).json();
    let history = history["items"].as_array().expect("a history");
    assert_eq!(history[0]["terms"], paper);
    assert!(
        history.iter().all(|entry| entry["by"] == "administrator" && entry["reason"].is_string()),
        "{history:?}"
    );
    // Ended, the table of requirements decides.
    let _ =
        host.admin.send("DELETE", "/v1/agreements/nz-meat?from=2026-05-01&reason=over", &[], b"").expect(200);
    let verification = declare(&host.admin);
    assert_eq!(verification["verdict"], "release");
    assert!(verification["declaration"]["items"][0]["agreement"].is_null());
}

#[test]
fn parameters_are_layered_down_to_the_agreement() {
    let host = Setup::default().furnished();
    deliver(&host);
    let desk = Desk::new(&[]);
    let write = |name: &str, value: Value| {
        let path = desk.path(name);
        std::fs::write(&path, value.to_string()).expect("a file");
        path
    };
    let agreement = write("agreement.json", nz_meat(&json!({"tolerances": {"KGM": {"absolute": "3"}}})));
    let days = |days: u32| write("days.json", json!({"minimumDaysLeft": days}));
    let run = |arguments: &[&str]| succeeds(&desk.client(&host, arguments));
    assert_eq!(run(&["agreement", "set", "nz-meat", text(&agreement)]).trim(), "nz-meat: set");
    let set = |days: &Path, layer: &[&str]| {
        let arguments = [&["parameter", "set", "meat", text(days), "--reason", "winter"], layer].concat();
        assert_eq!(run(&arguments).trim(), "meat: parameters set");
    };
    set(&days(2), &["--commodity", "0202"]);
    set(&days(3), &["--partner", "NZ", "--valid-from", "2026-05-01", "--valid-until", "2026-05-31"]);
    assert_eq!(declare(&host.admin)["verdict"], "release");
    set(&days(4_000), &["--agreement", "nz-meat"]);
    let verification = declare(&host.admin);
    assert_eq!(verification["verdict"], "review", "without a restart: {verification:#}");
    let ask = |arguments: &[&str]| {
        let arguments =
            [&["parameter", "effective", "meat", "--commodity", "0202", "--json"], arguments].concat();
        serde_json::from_str::<Value>(&run(&arguments)).expect("JSON")
    };
    let effective = ask(&["--origin", "NZ", "--on", "2026-05-11"]);
    assert_eq!(
        (&effective["value"]["minimumDaysLeft"], &effective["agreement"]),
        (&json!(4_000), &json!("nz-meat"))
    );
    let member = |effective: &Value, pointer: &str| {
        let members = effective["members"].as_array().expect("members");
        members.iter().find(|member| member["pointer"] == pointer).cloned().expect(pointer)
    };
    let days_left = member(&effective, "/minimumDaysLeft");
    assert_eq!((&days_left["source"], &days_left["selector"]), (&json!("agreement"), &json!("nz-meat")));
    assert_eq!(
        (&days_left["entry"]["by"], &days_left["entry"]["reason"]),
        (&json!("administrator"), &json!("winter"))
    );
    assert_eq!(member(&effective, "/attestations")["source"], "global");
    let _ = run(&["parameter", "unset", "meat", "--agreement", "nz-meat", "--reason", "a mistake"]);
    assert_eq!(ask(&["--origin", "NZ", "--on", "2026-05-11"])["value"]["minimumDaysLeft"], 3);
    assert_eq!(ask(&["--origin", "NZ", "--on", "2026-06-01"])["value"]["minimumDaysLeft"], 2);
    assert_eq!(ask(&["--origin", "AU", "--on", "2026-05-11"])["value"]["minimumDaysLeft"], 2);
    // What nobody set has the rule set's default.
    let shown = run(&["parameter", "effective", "meat", "--origin", "NZ", "--on", "2026-05-11"]);
    assert!(shown.contains("default") && shown.contains("partner NZ"), "{shown}");
    // The agreement's tolerances reach the rules that know tolerances.
    let arguments = [
        "parameter",
        "effective",
        "certificate-consistency",
        "--commodity",
        "0202",
        "--origin",
        "NZ",
        "--json",
    ];
    let effective: Value = serde_json::from_str(&run(&arguments)).expect("JSON");
    assert_eq!(effective["value"]["tolerances"]["KGM"], json!({"absolute": "3", "percent": "0.01"}));
    assert_eq!(member(&effective, "/tolerances/KGM/absolute")["source"], "agreement-tolerances");
    let history = run(&["parameter", "show", "meat"]);
    assert!(
        history.contains("agreement nz-meat") && history.contains("2026-05-01 – 2026-05-31"),
        "{history}"
    );
    assert!(history.contains("a mistake"), "{history}");
}

#[test]
fn a_dry_run_shows_which_cases_would_decide_otherwise() {
    let host = Setup::default().furnished();
    deliver(&host);
    let released = declare(&host.admin);
    assert_eq!(released["verdict"], "release");
    let desk = Desk::new(&[]);
    let write = |name: &str, content: &str| {
        std::fs::write(desk.path(name), content).expect("a file");
        name.to_owned()
    };
    let some = |arguments: &[&str]| {
        let output = desk.client(&host, &[arguments, &["--dry-run", "--days", "5"]].concat());
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let paper = write("paper.json", &nz_meat(&json!({"paperless": false})).to_string());
    let said = some(&["agreement", "set", "nz-meat", &paper]);
    assert!(said.starts_with("nothing was changed; 1 stored cases of the last 5 days"), "{said}");
    assert!(said.contains("verdict release → review: 1") && said.contains("new: agreement-paper"), "{said}");
    let days = write("days.json", &json!({"minimumDaysLeft": 4_000}).to_string());
    let said = some(&["parameter", "set", "meat", &days, "--partner", "NZ"]);
    assert!(said.contains("verdict release → review: 1"), "{said}");
    // An establishment that is suspended.
    let table = ecert_tests::file("examples/tables/approved-establishments.csv");
    let table = String::from_utf8(table).expect("UTF-8").replace(",approved,", ",suspended,");
    let table = write("suspended.csv", &table);
    let said = some(&["table", "import", "approved-establishments", &table]);
    assert!(said.contains("verdict release → "), "{said}");
    assert!(said.contains(released["id"].as_str().expect("an id")), "{said}");
    // Nothing was changed, and what changes nothing says so.
    assert_eq!(declare(&host.admin)["verdict"], "release");
    let days = write("days.json", &json!({"minimumDaysLeft": 2}).to_string());
    let output = desk.client(&host, &["parameter", "set", "meat", &days, "--dry-run", "--json"]);
    let answer: Value = serde_json::from_str(&succeeds(&output)).expect("JSON");
    assert_eq!((&answer["complete"], &answer["tally"]["different"]), (&json!(true), &json!(0)));
    assert_eq!(answer["tally"]["cases"], 2);
}

#[test]
fn what_is_wrong_is_refused_with_its_field() {
    let host = Setup::default().furnished();
    let desk = Desk::new(&[]);
    let refused = |name: &str, content: &str, arguments: &[&str]| {
        std::fs::write(desk.path(name), content).expect("a file");
        fails(&desk.client(&host, arguments), 3)
    };
    let _ = set(&host.admin, "nz-meat", &nz_meat(&json!({})));
    let other = nz_meat(&json!({"commodities": ["03", "02"]})).to_string();
    let said = refused("other.json", &other, &["agreement", "set", "nz-other", "other.json"]);
    assert!(
        said.contains("/commodities/1: the agreement nz-meat decides on 02 with NZ from 2018-01-01"),
        "{said}"
    );
    let unknown = nz_meat(&json!({"partner": "ZZ", "tolerances": {"KILO": {"percent": "1"}}})).to_string();
    let said = refused("unknown.json", &unknown, &["agreement", "set", "zz-meat", "unknown.json"]);
    assert!(said.contains("/partner: \"ZZ\" is not a country code such as NZ"), "{said}");
    assert!(said.contains("/tolerances/KILO: \"KILO\" is not a unit such as KGM"), "{said}");
    let misspelt = nz_meat(&json!({"paperles": true})).to_string();
    let said = refused("misspelt.json", &misspelt, &["agreement", "set", "nz-meat", "misspelt.json"]);
    assert!(said.contains("unknown field `paperles`"), "{said}");
    let said =
        refused("days.json", "{\"minimumDaysLeft\": \"two\"}", &["parameter", "set", "meat", "days.json"]);
    assert!(said.contains("/minimumDaysLeft: "), "{said}");
    let said = refused("days.json", "{}", &["parameter", "set", "meat", "days.json", "--agreement", "none"]);
    assert!(said.contains("There is no agreement none."), "{said}");
    let said = refused("days.json", "{}", &["parameter", "set", "meat", "days.json", "--partner", "ZZ"]);
    assert!(said.contains("\"ZZ\" is not a country code"), "{said}");
    let history = host.admin.get("/v1/agreements/nz-other");
    assert_eq!(history.status, 404, "nothing of it was kept: {}", history.text());
}
