//! What institutions abroad and the public learn of export certificates, and
//! what they do not.

use std::collections::BTreeSet;

use ecert_tests::abroad::{account, ask, encoded, host, load, made, text};
use ecert_tests::generator::Made;
use ecert_tests::postgres::Database;
use ecert_tests::{Client, Host, Setup};
use serde_json::{Value, json};

#[test]
fn an_institution_sees_what_concerns_its_countries_and_nothing_else() {
    scoped(&host(Setup::default()));
}

#[test]
fn postgres_an_institution_sees_what_concerns_its_countries_and_nothing_else() {
    let database = Database::create("export_scope");
    scoped(&host(Setup { database: Some(database.url()), ..Setup::default() }));
}

fn transits(made: &Made, country: &str) -> bool {
    made.message.contains(&format!("<ram:TransitSPSCountry><ram:ID>{country}</ram:ID>"))
}

fn scoped(host: &Host) {
    let made = made(200);
    let loaded = load(host, &made);
    let goes_to = |country: &'static str| made.iter().filter(move |made| made.destination == country);
    let (china, reader) =
        account(host, "China Customs", &json!({"countries": ["CN"], "fields": ["goods", "parties"]}));
    let own = goes_to("CN").next().expect("some go to China");
    let foreign = made
        .iter()
        .position(|made| made.destination == "JP" && !transits(made, "CN"))
        .expect("some go to Japan");

    // The own ones, with the fields of the account.
    let answer = ask(&reader, &own.number.to_lowercase().replace('/', "-"), "");
    assert_eq!(text(&answer, "answer"), "found");
    let seen = &answer["certificates"][0]["certificate"];
    assert!(
        seen["consignment"]["consignor"].is_object()
            && seen["consignment"]["lines"][0]["descriptions"].is_array()
    );
    assert!(
        seen["consignment"]["lines"][0].get("netWeight").is_none(),
        "quantities are not among its fields"
    );
    assert!(seen["consignment"].get("equipment").is_none());

    // Another destination's is as if it did not exist, but for who holds its code.
    let other = &made[foreign];
    let (unknown, hidden) = (ask(&reader, "NZ2026/HDM/99999999", ""), ask(&reader, &other.number, ""));
    assert_eq!((text(&unknown, "answer"), text(&hidden, "answer")), ("unknown", "unknown"));
    assert_eq!(
        unknown.as_object().map(|members| members.keys().collect::<Vec<_>>()),
        hidden.as_object().map(|members| members.keys().collect())
    );
    let wrong = ask(&reader, &other.number, "?code=34679-ACDEF-GHJKM");
    assert_eq!(text(&wrong, "answer"), "unknown");
    let dated = ask(&reader, &other.number, &format!("?issued={}", other.issued));
    assert_eq!(text(&dated, "answer"), "unknown", "the day opens only what was printed without a code");
    let opened = ask(&reader, &other.number, &format!("?code={}", text(&loaded[foreign], "checkCode")));
    assert_eq!((text(&opened, "answer"), text(&opened, "status")), ("other-destination", "issued"));
    assert!(opened.get("certificates").is_none());

    // Containers, days and bulk stay within the scope too.
    let listed = |client: &Client, query: &str| -> Vec<Value> {
        let page = client.get(&format!("/v1/queries/certificates?{query}")).expect(200).json();
        page["items"].as_array().expect("items").clone()
    };
    assert_eq!(listed(&reader, &format!("container={}", own.container)).len(), 1);
    assert!(listed(&reader, &format!("container={}", other.container)).is_empty());
    let _ = reader.get("/v1/queries/certificates?country=JP").expect(422);
    let expected: BTreeSet<&str> = made
        .iter()
        .filter(|made| made.destination == "CN" || transits(made, "CN"))
        .map(|made| made.number.as_str())
        .collect();
    assert_eq!(walk(&reader, "limit=7"), expected.iter().map(|number| (*number).to_owned()).collect());
    let bulk = json!({"certificates": [{"number": own.number}, {"number": other.number}, {"number": "?"}]});
    let answers = reader.json("POST", "/v1/queries/bulk", &bulk).expect(200).json();
    let told: Vec<&str> =
        answers["answers"].as_array().expect("answers").iter().map(|one| text(one, "answer")).collect();
    assert_eq!(told, ["found", "unknown", "unknown"]);

    // A bloc, transit, and transit hidden.
    let (_, union) = account(host, "European Commission", &json!({"blocs": ["EU"]}));
    let members: BTreeSet<String> = made
        .iter()
        .filter(|made| ["DE", "NL"].contains(&made.destination))
        .map(|made| made.number.clone())
        .collect();
    assert_eq!(walk(&union, "limit=500"), members);
    assert_eq!(walk(&union, "country=DE&limit=3"), goes_to("DE").map(|made| made.number.clone()).collect());
    let all = |transit: bool| -> BTreeSet<String> {
        let concerns = |made: &&Made| made.destination == "SG" || transit && transits(made, "SG");
        made.iter().filter(concerns).map(|made| made.number.clone()).collect()
    };
    let (_, port) = account(host, "Port Health", &json!({"countries": ["SG"]}));
    let (_, shops) = account(host, "Food Agency", &json!({"countries": ["SG"], "transit": false}));
    assert_ne!(all(true), all(false));
    assert_eq!((walk(&port, "limit=5"), walk(&shops, "limit=5")), (all(true), all(false)));

    // A cursor of one is nothing to another.
    let page = union.get("/v1/queries/certificates?limit=1").expect(200).json();
    let stolen = format!("/v1/queries/certificates?limit=1&after={}", text(&page, "next"));
    assert_eq!(reader.get(&stolen).expect(422).code(), "invalid");
    assert_eq!(reader.get("/v1/queries/certificates?after=AAAA").expect(422).code(), "invalid");

    // Nor is its account, or anything that is the authority's.
    for path in [
        format!("/v1/query-accounts/{china}"),
        format!("/v1/query-accounts/{china}/queries"),
        "/v1/query-accounts/nobody".to_owned(),
    ] {
        assert_eq!(union.get(&path).expect(404).code(), "not-found", "{path}");
    }
    for path in
        ["/v1/query-accounts", "/v1/export-certificates", "/v1/export-certificates/1", "/v1/certificates"]
    {
        let _ = union.get(path).expect(403);
    }
    logged(host, &china, &reader, &other.number);
}

/// All numbers that a list gives, page by page.
fn walk(client: &Client, query: &str) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    let mut days = Vec::new();
    let mut after = String::new();
    loop {
        let page = client.get(&format!("/v1/queries/certificates?{query}{after}")).expect(200).json();
        for item in page["items"].as_array().expect("items") {
            days.push(text(item, "issuedOn").to_owned());
            assert!(numbers.insert(text(item, "number").to_owned()), "twice: {item}");
        }
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert!(days.is_sorted(), "oldest first");
    numbers
}

/// Every query is in the log, for the operator and for the account.
fn logged(host: &Host, account: &str, reader: &Client, asked: &str) {
    let log = host.admin.get(&format!("/v1/query-accounts/{account}/queries?limit=500")).expect(200).json();
    let own = reader.get("/v1/query-accounts/own/queries?limit=500").expect(200).json();
    assert_eq!(log, own);
    let items = log["items"].as_array().expect("items");
    let kinds: BTreeSet<&str> = items.iter().map(|item| text(item, "kind")).collect();
    assert_eq!(kinds, ["bulk", "container", "number", "range"].into());
    let answers: Vec<&str> =
        items.iter().filter(|item| text(item, "asked") == asked).map(|item| text(item, "answer")).collect();
    assert_eq!(answers, ["unknown", "other-destination", "unknown", "unknown", "unknown"]);
    assert!(
        items.iter().all(|item| text(item, "user") == "li" && text(item, "source").contains("127.0.0.1"))
    );
    assert!(!log.to_string().contains("34679-ACDEF"), "codes are not kept");
}

#[test]
fn a_message_is_given_as_received_to_who_sees_all_of_it() {
    let host = host(Setup::default());
    let made = &made(1)[0];
    let _ = load(&host, std::slice::from_ref(made));
    let fields =
        json!(["goods", "quantities", "parties", "transport", "processes", "attestations", "documents"]);
    let (_, all) = account(&host, "All", &json!({"countries": [made.destination], "fields": fields}));
    let (_, none) = account(&host, "None", &json!({"countries": ["ZA"], "fields": fields}));
    let path = format!("/v1/queries/certificates/{}", encoded(&made.number));
    assert_eq!(all.get_as(&path, "application/xml").expect(200).body, made.message.as_bytes());
    assert_eq!(none.get_as(&path, "application/xml").expect(404).code(), "not-found");
    assert_eq!(
        none.get_as("/v1/queries/certificates/NZ0", "application/xml").expect(404).code(),
        "not-found"
    );

    // Who sees a part of it, or sees it after a change, gets a message written anew.
    let (_, part) = account(&host, "Part", &json!({"countries": [made.destination], "fields": ["goods"]}));
    let written = part.get_as(&path, "application/xml").expect(200).text();
    assert!(written.contains(&made.number) && written.contains("SPSCertificate"), "{written}");
    assert!(!written.contains("Company Limited") && !written.contains("NetWeightMeasure"), "{written}");
    let search = format!("/v1/export-certificates?number={}", encoded(&made.number));
    let found = host.admin.get(&search).expect(200).json();
    let change = json!({"status": "withdrawn", "reason": "an error"});
    let address = format!("/v1/export-certificates/{}/status", found["items"][0]["id"]);
    let _ = host.admin.json("POST", &address, &change).expect(200);
    let written = all.get_as(&path, "application/xml").expect(200).text();
    let status = written.split("StatusCode>").nth(1).and_then(|rest| rest.split('<').next());
    assert_eq!(status, Some("40"), "a message tells the present status: {written}");
    assert!(written.contains("Company Limited"));
}

#[test]
fn accounts_have_users_with_roles_and_secrets_that_end() {
    let host = host(Setup::default());
    let made = &made(1)[0];
    let _ = load(&host, std::slice::from_ref(made));
    let (id, manager) = account(&host, "Customs", &json!({"countries": [made.destination], "rate": 5}));
    let added =
        manager.json("POST", "/v1/query-accounts/own/users", &json!({"name": "wang", "role": "checker"}));
    let added = added.expect(201).json();
    let checker = host.admin.with_token(added["token"].as_str());
    let user = |name: &str| json!({"name": name, "role": "checker"});
    assert_eq!(
        checker.json("POST", "/v1/query-accounts/own/users", &user("x")).expect(403).code(),
        "forbidden"
    );
    assert_eq!(
        manager.json("POST", "/v1/query-accounts/own/users", &user("wang")).expect(409).code(),
        "conflict"
    );
    assert_eq!(
        manager.json("POST", "/v1/query-accounts/own/users", &user("Wang Li")).expect(422).code(),
        "invalid"
    );

    // A checker renews its own secret, nobody else's; the old one ends when told.
    let secret = |client: &Client, name: &str, hours: u32| {
        let path = format!("/v1/query-accounts/own/users/{name}/secret?overlap-hours={hours}");
        client.json("POST", &path, &json!({}))
    };
    let _ = secret(&checker, "li", 0).expect(403);
    let renewed = secret(&checker, "wang", 1).expect(201).json();
    let _ = checker.get("/v1/query-accounts/own").expect(200);
    let next = host.admin.with_token(renewed["token"].as_str());
    let last = secret(&next, "wang", 0).expect(201).json();
    for ended in [&checker, &next] {
        let _ = ended.get("/v1/query-accounts/own").expect(401);
    }
    let checker = host.admin.with_token(last["token"].as_str());

    // The rate is the account's, over all its users.
    let path = format!("/v1/queries/certificates/{}", encoded(&made.number));
    for client in [&manager, &checker, &manager, &checker, &manager] {
        let _ = client.get(&path).expect(200);
    }
    let refused = checker.get(&path).expect(429);
    assert_eq!(refused.code(), "rate-limited");
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| (1..=13).contains(&seconds)));

    // Suspended, nobody asks; resumed, everybody does.
    let suspend = |suspended: bool, reason: &str| {
        let body = json!({"suspended": suspended, "reason": reason});
        host.admin.json("POST", &format!("/v1/query-accounts/{id}/suspension"), &body)
    };
    let _ = suspend(true, "").expect(422);
    let _ = suspend(true, "asked for everything").expect(200);
    for client in [&manager, &checker] {
        assert_eq!(client.get(&path).expect(403).code(), "account-inactive");
    }
    let _ = suspend(false, "").expect(200);
    assert_eq!(checker.get(&path).expect(429).code(), "rate-limited");
    let _ = manager.send("DELETE", "/v1/query-accounts/own/users/wang", &[], &[]).expect(204);
    let _ = checker.get("/v1/query-accounts/own").expect(401);
    let shown = host.admin.get(&format!("/v1/query-accounts/{id}")).expect(200).json();
    assert_eq!(shown["users"], json!([{"name": "li", "role": "manager"}]));
    let again = manager.json("POST", "/v1/query-accounts/own/users", &user("wang")).expect(201).json();
    let _ = host.admin.with_token(again["token"].as_str()).get("/v1/query-accounts/own").expect(200);
}

#[test]
fn accounts_are_imported_from_a_file_all_or_none() {
    let host = Setup::default().start();
    let countries = ["CN", "JP", "US", "GB", "DE", "KR", "SG", "AE"];
    let mut file = "name,countries,blocs,transit,fields,rate,expires,users\n".to_owned();
    for number in 0..776 {
        let country = countries[number % countries.len()];
        let bloc = if number % 50 == 0 { "EU" } else { "" };
        file.push_str(&format!(
            "Border post {number},{country},{bloc},yes,goods quantities,120,2099-12-31,desk:manager duty\n"
        ));
    }
    let send = |file: &str| {
        host.admin.send("POST", "/v1/query-accounts/import", &[("content-type", "text/csv")], file.as_bytes())
    };
    let bad = file
        .replace("Border post 7,AE", "Border post 7,Emirates")
        .replace("Border post 700,DE,EU", "Border post 700,DE,OZ");
    let answer = send(&bad).expect(422).json();
    let told: Vec<u64> = answer["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|row| row["line"].as_u64())
        .collect();
    assert_eq!(told.len(), 2, "{answer}");
    assert!(told.contains(&702));
    let count =
        || host.admin.get("/v1/query-accounts").expect(200).json()["items"].as_array().map_or(0, Vec::len);
    assert_eq!(count(), 0, "nothing half imported");
    let answer = send(&file).expect(201).json();
    let users = answer["users"].as_array().expect("users");
    assert_eq!((users.len(), count()), (1552, 776));
    let client = host.admin.with_token(users[1551]["token"].as_str());
    let own = client.get("/v1/query-accounts/own").expect(200).json();
    assert_eq!(text(&own, "name"), "Border post 775");
    let again = send(&file).expect(422).json();
    assert_eq!(again["problems"].as_array().map(Vec::len), Some(776), "each is there already");
    assert_eq!(count(), 776);
}

#[test]
fn the_public_check_shows_what_is_essential_and_tells_no_more() {
    let host = host(Setup::default());
    let made = made(2);
    let loaded = load(&host, &made);
    let code = text(&loaded[0], "checkCode");
    let nobody = host.admin.with_token(None);
    let address = format!(
        "/check?number={}&code={}",
        encoded(&made[0].number),
        code.to_lowercase().replace('-', "%20")
    );
    let english = nobody.send("GET", &address, &[("accept-language", "en")], &[]).expect(200);
    let chinese = nobody.send("GET", &address, &[("accept-language", "zh-CN,zh;q=0.9")], &[]).expect(200);
    assert!(english.text().contains("In force") && english.text().contains("lang=\"en\""));
    assert!(chinese.text().contains("有效") && chinese.text().contains("lang=\"zh\""));
    assert!(nobody.get("/check?lang=zh").expect(200).text().contains("证书查验"));
    assert!(nobody.get("/check").expect(200).text().contains("<form"));
    for page in [english.text(), chinese.text()] {
        assert!(!page.contains("<script") && !page.contains("onclick"));
        // Neither person nor address nor trader.
        for tag in ["<ram:LineOne>", "<ram:CityName>", "<ram:SpecifiedSPSPerson><ram:Name>", "<ram:ID>EXML"] {
            for part in made[0].message.split(tag).skip(1) {
                let value = part.split('<').next().unwrap_or_default();
                assert!(!page.contains(value), "{value} is on the page");
            }
        }
        assert!(!page.contains("Company Limited") && !page.contains(" Ltd"));
    }
    assert!(english.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(english.header("referrer-policy"), "no-referrer");

    // A wrong code and an unknown number: the same page, and no other time.
    let number = encoded(&made[0].number);
    let plain = |page: &str, number: &str| page.replace(&number.replace("%2F", "&#x2f;"), "NUMBER");
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    let other = text(&loaded[1], "checkCode");
    for _ in 0..8 {
        let begun = std::time::Instant::now();
        let page = nobody.get(&format!("/check?number={number}&code={other}")).expect(404);
        wrong.push(begun.elapsed());
        let absent = encoded("NZ2026/HDM/09999999");
        let begun = std::time::Instant::now();
        let none = nobody.get(&format!("/check?number={absent}&code={other}")).expect(404);
        unknown.push(begun.elapsed());
        assert_eq!(plain(&page.text(), &number), plain(&none.text(), &absent));
    }
    wrong.sort();
    unknown.sort();
    let apart = wrong[4].abs_diff(unknown[4]);
    assert!(apart.as_millis() < 15, "wrong code {:?}, unknown number {:?}", wrong[4], unknown[4]);

    // Guessing comes to an end, and then even the right code waits.
    let mut answers = (0..10).map(|_| nobody.get(&format!("/check?number={number}&code=X")).status);
    assert!(answers.any(|status| status == 429));
    let limited = nobody.get(&address).expect(429);
    assert!(limited.header("retry-after").parse::<u32>().is_ok());
}

#[test]
fn what_verifiers_report_reaches_the_officers() {
    let host = host(Setup::default());
    let made = &made(1)[0];
    let loaded = load(&host, std::slice::from_ref(made)).remove(0);
    let (_, verifier) = account(&host, "Customs", &json!({"countries": [made.destination]}));
    let (_, stranger) = account(&host, "Strangers", &json!({"countries": ["ZA"]}));
    let report = |client: &Client, number: &str, outcome: &str, reason: &str| {
        let body = json!({"number": number, "outcome": outcome, "reason": reason});
        client.json("POST", "/v1/queries/reports", &body)
    };
    let _ = report(&verifier, &made.number, "accepted", "").expect(201);
    let _ = report(&verifier, &made.number, "refused", "").expect(422);
    let _ = report(&verifier, &made.number, "refused", "the seal was broken").expect(201);
    // One that was never issued is taken alike: who reports learns nothing.
    let _ = report(&stranger, "NZ2026/HDM/66666666", "suspected-false", "no such letterhead").expect(201);
    let officer = host.client("officer", &[]);
    let open = officer.get("/v1/export-certificates/reports").expect(200).json();
    let items = open["items"].as_array().expect("items");
    let told: Vec<(&str, &str)> =
        items.iter().map(|item| (text(item, "account"), text(item, "outcome"))).collect();
    assert_eq!(told, [("Strangers", "suspected-false"), ("Customs", "refused"), ("Customs", "accepted")]);
    assert_eq!(items[1]["certificates"], json!([loaded["id"]]));
    assert!(items[0].get("certificates").is_none());
    let path = format!("/v1/export-certificates/reports/{}/acknowledgement", text(&items[0], "id"));
    assert_eq!(host.client("operator", &[]).json("POST", &path, &json!({})).status, 403);
    let _ = officer.json("POST", &path, &json!({"note": "sent to the police"})).expect(204);
    assert_eq!(officer.json("POST", &path, &json!({})).expect(409).code(), "conflict");
    let left = officer.get("/v1/export-certificates/reports?limit=1").expect(200).json();
    assert_eq!(text(&left["items"][0], "outcome"), "refused");
    let own = stranger.get("/v1/queries/reports").expect(200).json();
    assert_eq!(own["items"].as_array().map(Vec::len), Some(1));
    assert!(own["items"][0]["acknowledged"].is_string() && own["items"][0].get("note").is_none());
}
