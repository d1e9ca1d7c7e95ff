//! Who may publish what: keys, signatures and rules, through the real binary.

use std::path::{Path, PathBuf};
use std::process::Command;

use ecert_tests::Setup;
use ecert_tests::desk::{Desk, fails, succeeds, text, told};
use ecert_tests::host::{Host, component};
use serde_json::{Value, json};

fn publish(host: &Host, component: &Path) -> ecert_tests::Answer {
    let bytes = std::fs::read(component).expect("a component");
    host.admin.send("POST", "/v1/plugins", &[("content-type", "application/wasm")], &bytes)
}

#[test]
fn a_new_host_lets_nothing_in() {
    let host = Setup::default().signed().start();
    let refused = publish(&host, &component("meat")).expect(422);
    assert_eq!(refused.code(), "untrusted");
    assert!(refused.text().contains("ecert trust rule add"), "{}", refused.text());
}

#[test]
fn author_and_authority_sign_and_the_host_says_what_is_missing() {
    let host = Setup::default().signed().start();
    let desk = Desk::new(&["acme", "ministry", "stranger"]);
    for owner in ["acme", "ministry"] {
        succeeds(&desk.client(&host, &["trust", "key", "add", owner, &format!("{owner}.pub.pem")]));
    }
    let rule = "trust rule add meat --kind rules --commodity 02 --commodity 16 --author acme \
                --authority ministry --reason pilot";
    let rule: Vec<_> = rule.split_whitespace().collect();
    succeeds(&desk.client(&host, &rule));

    let meat = desk.take("meat");
    let try_it = || desk.client(&host, &["plugin", "publish", text(&meat)]);
    let said = fails(&try_it(), 3);
    assert!(
        said.contains("1 more signature as author by acme and 1 more signature as authority by ministry"),
        "{said}"
    );
    desk.sign(&meat, "acme", "author");
    desk.sign(&meat, "stranger", "authority");
    let said = fails(&try_it(), 3);
    assert!(said.contains("it asks for 1 more signature as authority by ministry"), "{said}");
    assert!(said.contains(&desk.id("stranger")), "{said}");
    desk.sign(&meat, "ministry", "authority");
    succeeds(&try_it());

    let shown = host.admin.get("/v1/plugins").expect(200).json();
    let version = shown["items"][0]["version"].as_str().expect("a version");
    let admission = host.admin.get(&format!("/v1/plugins/meat/{version}/signatures")).expect(200).json();
    let signed: Vec<_> = admission["signatures"].as_array().expect("signatures").iter().collect();
    let by = |signature: &&Value| (signature["owner"].clone(), signature["role"].clone());
    assert_eq!(admission["rule"], "meat");
    assert_eq!(
        signed.iter().map(by).collect::<Vec<_>>(),
        [(json!("acme"), json!("author")), (json!("ministry"), json!("authority")),]
    );
    // A plugin for everything is more than the rule grants.
    let consistency = desk.take("certificate-consistency");
    desk.sign(&consistency, "acme", "author");
    desk.sign(&consistency, "ministry", "authority");
    let said = fails(&desk.client(&host, &["plugin", "publish", text(&consistency)]), 3);
    assert!(
        said.contains("not rule meat, since it is for the commodities 02, 16, and the scope takes in all"),
        "{said}"
    );
    let adapter = desk.take("uncefact-sps");
    let said = fails(&desk.client(&host, &["plugin", "publish", text(&adapter)]), 3);
    assert!(said.contains("it is not for format adapters"), "{said}");
}

#[test]
fn what_was_altered_or_mixed_up_is_refused() {
    let host = Setup::default().signed().start();
    let desk = Desk::new(&["acme"]);
    succeeds(&desk.client(&host, &["trust", "key", "add", "acme", "acme.pub.pem"]));
    succeeds(&desk.client(&host, &["trust", "rule", "add", "any", "--author", "acme"]));
    let (meat, adapter) = (desk.take("meat"), desk.take("uncefact-sps"));
    desk.sign(&meat, "acme", "author");
    let beside = |component: &Path| PathBuf::from(format!("{}.intoto.jsonl", component.display()));
    std::fs::copy(beside(&meat), beside(&adapter)).expect("a file");
    let said = fails(&desk.client(&host, &["plugin", "publish", text(&adapter)]), 3);
    assert!(said.contains("invalid-signature") && said.contains("signature is for meat 0.1.0"), "{said}");

    let bundle = std::fs::read_to_string(beside(&meat)).expect("a bundle");
    let mut envelope: Value = serde_json::from_str(&bundle).expect("an envelope");
    let sig = envelope["signatures"][0]["sig"].as_str().expect("a signature").to_owned();
    let other = if sig.starts_with('A') { "B" } else { "A" };
    envelope["signatures"][0]["sig"] = format!("{other}{}", &sig[1..]).into();
    std::fs::write(beside(&meat), envelope.to_string()).expect("a file");
    let said = fails(&desk.client(&host, &["plugin", "publish", text(&meat)]), 3);
    assert!(said.contains("was altered or copied"), "{said}");

    std::fs::write(beside(&meat), "no envelope").expect("a file");
    assert!(
        fails(&desk.client(&host, &["plugin", "publish", text(&meat)]), 3).contains("not a DSSE envelope")
    );
}

#[test]
fn signatures_are_verified_without_a_host() {
    let host = Setup::default().signed().start();
    let desk = Desk::new(&["acme", "zeta"]);
    succeeds(&desk.client(&host, &["trust", "key", "add", "acme", "acme.pub.pem"]));
    succeeds(&desk.client(&host, &["trust", "rule", "add", "any", "--author", "acme"]));
    let trust = succeeds(&desk.client(&host, &["trust", "show", "--json"]));
    std::fs::write(desk.path("trust.json"), trust).expect("a file");
    drop(host);

    let meat = desk.take("meat");
    let by_key = |key: &str| desk.ecert(&["plugin", "verify", text(&meat), "--key", key]);
    let by_rules = || desk.ecert(&["plugin", "verify", text(&meat), "--trust", "trust.json"]);
    assert!(fails(&by_key("acme.pub.pem"), 1).contains("there is no signature by key"));
    assert!(fails(&by_rules(), 1).contains("it asks for 1 more signature as author by acme"));
    desk.sign(&meat, "acme", "author");
    succeeds(&by_key("acme.pub.pem"));
    let _ = fails(&by_key("zeta.pub.pem"), 1);
    assert!(succeeds(&by_rules()).contains("trusted by rule any"));
    // Another component under the same name.
    let mut bytes = std::fs::read(&meat).expect("a component");
    bytes.extend_from_slice(b"\0\x02\x01x");
    std::fs::write(&meat, bytes).expect("a file");
    assert!(fails(&by_rules(), 1).contains("the signature is for meat"));
}

#[test]
fn a_revoked_key_is_told_with_what_it_affects() {
    let host = Setup::default().signed().start();
    let desk = Desk::new(&["acme"]);
    succeeds(&desk.client(&host, &["trust", "key", "add", "acme", "acme.pub.pem"]));
    succeeds(&desk.client(&host, &["trust", "rule", "add", "any", "--author", "acme"]));
    let (meat, adapter) = (desk.take("meat"), desk.take("uncefact-sps"));
    desk.sign(&meat, "acme", "author");
    desk.sign(&adapter, "acme", "author");
    succeeds(&desk.client(&host, &["plugin", "publish", "--activate", text(&meat)]));
    let id = desk.id("acme");
    let revoke = |more: &[&str]| {
        let arguments = ["trust", "key", "revoke", &id, "--reason", "laptop stolen"];
        desk.client(&host, &arguments.iter().chain(more).copied().collect::<Vec<_>>())
    };
    succeeds(&revoke(&[]));
    let said = fails(&desk.client(&host, &["plugin", "publish", text(&adapter)]), 3);
    assert!(said.contains("is revoked from") && said.contains("laptop stolen"), "{said}");
    assert_eq!(host.admin.get("/v1/trust").expect(200).json()["affected"], json!([]));

    let output = revoke(&["--from", "2020-01-01T00:00:00Z"]);
    assert!(told(&output.stderr).contains("goes on serving, and would not be let in today"));
    let trust = host.admin.get("/v1/trust").expect(200).json();
    assert_eq!(
        (&trust["affected"][0]["name"], &trust["affected"][0]["rule"]),
        (&json!("meat"), &json!("any"))
    );
    let shown = host.admin.get("/v1/plugins").expect(200).json();
    assert_eq!(shown["items"][0]["state"], "active");
    // Once it is out of service it does not come back, by a rollback either.
    succeeds(&desk.client(&host, &["plugin", "retire", "meat", "0.1.0", "--reason", "the key is revoked"]));
    for back in [&["plugin", "rollback", "meat"][..], &["plugin", "activate", "meat", "0.1.0"]] {
        let said = fails(&desk.client(&host, &[back, &["--reason", "by mistake"]].concat()), 3);
        assert!(said.contains("eat 0.1.0 would not be let in today"), "{said}");
    }
}

#[test]
fn keys_are_private_files_that_other_tools_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new(&["acme"]);
    let mode = std::fs::metadata(desk.path("acme.key.pem")).expect("the key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // A key is never written over.
    let _ = fails(&desk.ecert(&["plugin", "key", "new", "acme"]), 3);
    let private = desk.path("acme.key.pem");
    assert!(fails(&desk.ecert(&["trust", "key", "add", "acme", text(&private)]), 3).contains("private key"));
    std::fs::write(desk.path("passphrase"), "wrong horse").expect("a file");
    let said = fails(&desk.ecert(&["plugin", "key", "show", "acme.key.pem"]), 3);
    assert!(said.contains("the passphrase does not open the private key"), "{said}");

    // OpenSSL is on every machine that builds this; it reads both files.
    let public = Command::new("openssl")
        .args(["pkey", "-in"])
        .arg(&private)
        .args(["-passin", "pass:correct horse", "-pubout"])
        .output();
    if let Ok(public) = public {
        let ours = std::fs::read_to_string(desk.path("acme.pub.pem")).expect("the public key");
        assert_eq!(told(&public.stdout), ours, "{}", told(&public.stderr));
    }
}

#[test]
fn publishers_cannot_extend_their_own_trust() {
    let host = Setup::default().signed().start();
    let publisher = host.client("publisher", &[]);
    let rule = json!({"rule": {"name": "mine", "unsigned": true}});
    let _ = publisher.json("POST", "/v1/trust/rules", &rule).expect(403);
    let _ = publisher.json("POST", "/v1/trust/keys", &json!({"owner": "me", "publicKey": ""})).expect(403);
    let headers = [("content-type", "application/wasm")];
    let refused = publisher.send("POST", "/v1/plugins?allow-downgrade=please", &headers, b"x").expect(403);
    assert_eq!(refused.code(), "forbidden");
    let bytes = std::fs::read(component("meat")).expect("cargo xtask plugins has built it");
    assert_eq!(publisher.send("POST", "/v1/plugins", &headers, &bytes).expect(422).code(), "untrusted");
}
