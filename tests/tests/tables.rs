//! Reference tables in a serving host: imported, refused, signed off,
//! exported, compared; and the codes that they map.

use ecert_tests::desk::{Desk, fails, succeeds, told};
use ecert_tests::postgres::Database;
use ecert_tests::{Client, Host, Setup, examples};
use serde_json::{Value, json};

const TABLE: &str = "/v1/tables/residue-limits";
const HEAD: &str = "substance,hsPrefix,limit,unit,validFrom,validUntil\n";
const CSV: [(&str, &str); 1] = [("content-type", "text/csv")];

fn import(client: &Client, rows: &str) -> Value {
    let answer =
        client.send("PUT", &format!("{TABLE}?reason=codex"), &CSV, format!("{HEAD}{rows}").as_bytes());
    assert!([200, 202].contains(&answer.status), "{}", answer.text());
    answer.json()
}

fn rows(client: &Client, query: &str) -> Vec<String> {
    let text = client.get_as(&format!("{TABLE}/rows{query}"), "text/csv").expect(200).text();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn now() -> String {
    let now = jiff::Timestamp::now().to_string();
    std::thread::sleep(std::time::Duration::from_millis(5));
    now
}

fn is_kept_by_day_and_by_recording(host: &Host) {
    let before = now();
    let _ = import(
        &host.admin,
        "lead,02,0.1,NA,2020-01-01,2025-12-31\nlead,02,0.05,NA,2026-01-01,\nzinc,04,5,NA,,\n",
    );
    let between = now();
    let _ = import(
        &host.admin,
        "lead,02,0.1,NA,2020-01-01,2025-12-31\nlead,02,0.02,NA,2026-01-01,\ntin,04,1,NA,,\n",
    );
    assert_eq!(
        rows(&host.admin, "?on=2025-06-01"),
        ["lead,02,0.1,NA,2020-01-01,2025-12-31", "tin,04,1,NA,,"]
    );
    assert_eq!(
        rows(&host.admin, &format!("?on=2026-06-01&at={between}")),
        ["lead,02,0.05,NA,2026-01-01,", "zinc,04,5,NA,,"]
    );
    assert!(rows(&host.admin, &format!("?at={before}")).is_empty());
    // What is exported can be imported, and is the same.
    let exported = rows(&host.admin, "").join("\n");
    assert_eq!(import(&host.admin, &exported)["changed"], false);
    let json =
        host.admin.get_as(&format!("{TABLE}/rows?on=2026-06-01"), "application/json").expect(200).json();
    assert_eq!(json[1], json!({"substance": "tin", "hsPrefix": "04", "limit": "1", "unit": "NA"}));
    // Between two days, and between two instants of recording.
    let by_day = host.admin.get(&format!("{TABLE}/differences?from-on=2025-06-01&to-on=2026-06-01"));
    let by_day = by_day.expect(200).json();
    assert_eq!((&by_day["addedCount"], &by_day["changedCount"]), (&json!(0), &json!(1)));
    assert_eq!(by_day["changed"][0]["columns"], json!(["limit", "validFrom", "validUntil"]));
    let recorded = host.admin.get(&format!("{TABLE}/differences?from-at={between}")).expect(200).json();
    assert_eq!(recorded["added"][0]["substance"], "tin");
    assert_eq!(recorded["removed"][0]["substance"], "zinc");
    assert_eq!(recorded["changed"][0]["after"]["limit"], "0.02");
    let shown = host.admin.get(TABLE).expect(200).json();
    assert_eq!(shown["versions"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        (&shown["versions"][0]["by"], &shown["versions"][0]["reason"]),
        (&json!("administrator"), &json!("codex"))
    );
    assert_eq!(shown["contents"]["unit"], "unit");
}

fn waits_for_a_second_person(host: &Host) {
    let operator = host.client("operator", &[]);
    let second = host.admin.json("POST", "/v1/tokens", &json!({"name": "second", "role": "operator"}));
    let second = second.expect(201).json();
    let second = operator.with_token(second["token"].as_str());
    let policy = json!({"signOff": true, "reason": "limits stop consignments"});
    let _ = operator.json("PUT", &format!("{TABLE}/policy"), &policy).expect(403);
    let _ = host.admin.json("PUT", &format!("{TABLE}/policy"), &policy).expect(200);
    let held = rows(&host.admin, "");
    let proposed = import(&operator, "lead,02,0.01,NA,,\n");
    let id = proposed["proposal"].as_str().expect("it waits");
    assert_eq!(rows(&host.admin, ""), held, "nothing holds before");
    let pending = host.admin.get("/v1/table-proposals?state=pending").expect(200).json();
    assert_eq!((&pending["items"][0]["id"], &pending["items"][0]["reason"]), (&json!(id), &json!("codex")));
    let shown = second.get(&format!("/v1/table-proposals/{id}")).expect(200).json();
    assert_eq!(shown["differences"]["addedCount"], 1);
    let path = format!("/v1/table-proposals/{id}/approval");
    let own = operator.json("POST", &path, &json!({})).expect(403);
    assert!(own.text().contains("a second person"), "{}", own.text());
    // Another was signed off meanwhile: what was proposed is about what is not there any more.
    let other = import(&operator, "lead,02,0.03,NA,,\n")["proposal"].clone();
    let other = format!("/v1/table-proposals/{}/approval", other.as_str().expect("it waits"));
    let _ = second.json("POST", &other, &json!({"remark": "checked"})).expect(200);
    assert_eq!(rows(&host.admin, ""), ["lead,02,0.03,NA,,"]);
    assert_eq!(second.json("POST", &path, &json!({})).expect(409).code(), "conflict");
    let _ = second.json("POST", &format!("/v1/table-proposals/{id}/rejection"), &json!({})).expect(200);
    assert_eq!(second.json("POST", &path, &json!({})).expect(409).code(), "conflict");
    let version = host.admin.get(TABLE).expect(200).json()["versions"][0].clone();
    assert_eq!((&version["by"], &version["approvedBy"]), (&json!("operator-"), &json!("second")));
}

#[test]
fn a_table_is_kept_by_day_and_by_recording_and_signed_off() {
    let host = Setup::default().start();
    is_kept_by_day_and_by_recording(&host);
    waits_for_a_second_person(&host);
}

#[test]
fn postgres_a_table_is_kept_by_day_and_by_recording_and_signed_off() {
    let database = Database::create("tables");
    let host = Setup { database: Some(database.url()), ..Setup::default() }.start();
    is_kept_by_day_and_by_recording(&host);
    waits_for_a_second_person(&host);
}

#[test]
fn bad_rows_are_refused_with_their_field() {
    let host = Setup::default().start();
    let desk = Desk::new(&[]);
    let refused = |table: &str, content: &str| {
        std::fs::write(desk.path("table.csv"), content).expect("a file");
        fails(&desk.client(&host, &["table", "import", table, "table.csv"]), 3)
    };
    let said = refused("residue-limits", "substance,hsPrefix,Limit,unit\nlead,02,1,NA\n");
    assert!(
        said.contains("row 1, column Limit: is not a column (write limit); the columns are substance"),
        "{said}"
    );
    let said = refused(
        "residue-limits",
        &format!("{HEAD}lead,02,1,NA,,\nlead,02,2,NA,2026-01-01,\nzinc,x,1,kg,,\n"),
    );
    assert!(said.contains("row 4, column hsPrefix: \"x\" should be up to 12 digits"), "{said}");
    assert!(said.contains("row 4, column unit: \"kg\" should be a unit's code such as KGM"), "{said}");
    assert!(
        said.contains("row 3: holds on the same days as row 2, with the same substance, hsPrefix"),
        "{said}"
    );
    let said = refused("approved-establishments", "country,number,status\nZZ,1,open\n");
    assert!(said.contains("row 2, column country: \"ZZ\" should be a country code"), "{said}");
    assert!(said.contains("row 2, column status: \"open\" should be one of approved, suspended"), "{said}");
    assert!(rows(&host.admin, "").is_empty(), "nothing half imported");
}

#[test]
fn the_command_line_exports_compares_and_signs_off() {
    let host = Setup::default().start();
    let desk = Desk::new(&[]);
    let run = |arguments: &[&str]| succeeds(&desk.client(&host, arguments));
    let import = |rows: &str| {
        std::fs::write(desk.path("limits.csv"), format!("{HEAD}{rows}")).expect("a file");
        run(&["table", "import", "residue-limits", "limits.csv", "--reason", "codex"])
    };
    assert_eq!(
        import("lead,02,0.1,NA,,2025-12-31\nlead,02,0.05,NA,2026-01-01,\n").trim(),
        "residue-limits: 2 rows, version 1"
    );
    let said = run(&["table", "export", "residue-limits", "--on", "2026-02-01"]);
    assert_eq!(said.lines().nth(1), Some("lead,02,0.05,NA,2026-01-01,"));
    let diff = ["table", "diff", "residue-limits", "--from-on", "2025-12-31", "--to-on", "2026-01-01"];
    let output = desk.client(&host, &diff);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output.stdout).starts_with("0 rows added, 0 removed, 1 changed\n~ limit, "), "{output:?}");
    let said =
        run(&["table", "policy", "residue-limits", "--sign-off", "true", "--reason", "two pairs of eyes"]);
    assert_eq!(said.trim(), "residue-limits: imports wait for a second person");
    let said = import("lead,02,0.01,NA,,\n");
    let id = said.trim().rsplit(' ').next().expect("an identifier").to_owned();
    let pending = run(&["table", "pending"]);
    assert!(pending.contains(&id) && pending.contains("~ limit, validUntil: "), "{pending}");
    let said = fails(&desk.client(&host, &["table", "approve", &id]), 3);
    assert!(said.contains("a second person has to"), "{said}");
    let token = host.client("operator", &[]).token().expect("a token").to_owned();
    let said = run(&["table", "approve", &id, "--remark", "checked", "--token", &token]);
    assert_eq!(said.trim(), "residue-limits: version 2");
    let shown = run(&["table", "show", "residue-limits"]);
    assert!(shown.contains("imports wait for a second person") && shown.contains("operator-"), "{shown}");
}

#[test]
fn national_codes_are_mapped_by_the_table_and_proved_again() {
    let host = Setup::default().furnished();
    let hub = host.client("partner", &examples::COUNTRIES);
    let _ = hub.xml("/v1/certificates", &examples::message("clean/beef-frozen/certificate.xml")).expect(201);
    // The declarant writes the country of origin in three letters.
    let text = String::from_utf8(examples::message("clean/beef-frozen/declaration.xml")).expect("UTF-8");
    let text = text.replace("<Origin>\n\t\t\t\t\t<CountryCode>NZ<", "<Origin>\n\t\t\t\t\t<CountryCode>NZL<");
    assert!(text.contains(">NZL<"), "{text}");
    let verification = host.admin.xml("/v1/declarations", text.as_bytes()).expect(200).json();
    assert_eq!(verification["verdict"], "release", "{verification:#}");
    let item = &verification["declaration"]["items"][0];
    assert_eq!((&item["origin"], &item["agreement"]), (&json!("NZ"), &json!("nz-meat")));
    let path = format!("/v1/verifications/{}/replay", verification["id"].as_str().expect("an id"));
    assert_eq!(host.admin.send("POST", &path, &[], b"").expect(200).json()["outcome"], "identical");
}
