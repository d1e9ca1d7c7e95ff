//! Plugins through a real registry and through tar files, looked at by clients
//! that know nothing of ecert.

use std::path::Path;
use std::process::Command;

use ecert_tests::desk::{Desk, fails, succeeds, text};
use ecert_tests::registry::{Registry, USER};
use ecert_tests::{Client, Setup};
use serde_json::{Value, json};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// SHA-256 of a file, by another program.
fn sha256(path: &Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().expect("sha256sum is there");
    String::from_utf8_lossy(&output.stdout)[..64].to_owned()
}

fn get(client: &Client, path: &str) -> Vec<u8> {
    client.send("GET", path, &[("accept", MANIFEST)], &[]).expect(200).body
}

/// The digits of a digest in JSON.
fn digits(value: &Value) -> String {
    value.as_str().and_then(|text| text.strip_prefix("sha256:")).expect("a digest").to_owned()
}

/// Signed, and pushed as `plugins/meat:1`; the pinned reference.
fn pushed(desk: &Desk, registry: &Registry) -> String {
    let meat = desk.take("meat");
    desk.sign(&meat, "acme", "author");
    let to = registry.reference("plugins/meat:1");
    let said = succeeds(&desk.ecert(&["plugin", "push", "--plain-http", text(&meat), &to]));
    said.lines().last().expect("the last line is the reference").to_owned()
}

#[test]
fn registry_what_is_pushed_is_pulled_byte_for_byte() {
    let (registry, desk) = (Registry::start(), Desk::new(&["acme"]));
    let pinned = pushed(&desk, &registry);
    assert_eq!(pushed(&desk, &registry), pinned, "the same component makes the same manifest");

    // By plain HTTP.
    let client = registry.client();
    let manifest = get(&client, "/v2/plugins/meat/manifests/1");
    std::fs::write(desk.path("manifest"), &manifest).expect("a file");
    assert!(pinned.ends_with(&format!("@sha256:{}", sha256(&desk.path("manifest")))), "{pinned}");
    let manifest: Value = serde_json::from_slice(&manifest).expect("a manifest");
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json");
    assert_eq!(manifest["layers"].as_array().map(Vec::len), Some(1));
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
    assert_eq!(manifest["annotations"]["org.opencontainers.image.title"], "meat");
    let layer = digits(&manifest["layers"][0]["digest"]);
    let component = desk.path("meat.component.wasm");
    assert_eq!(layer, sha256(&component));
    let bytes = std::fs::read(&component).expect("the component");
    assert_eq!(get(&client, &format!("/v2/plugins/meat/blobs/sha256:{layer}")), bytes);
    let config = digits(&manifest["config"]["digest"]);
    let config = get(&client, &format!("/v2/plugins/meat/blobs/sha256:{config}"));
    let config: Value = serde_json::from_slice(&config).expect("a config");
    assert_eq!((&config["architecture"], &config["os"]), (&json!("wasm"), &json!("wasip2")));
    assert_eq!(config["layerDigests"], json!([format!("sha256:{layer}")]));
    assert!(config["component"]["exports"].to_string().contains("ecert:plugin/rules@0.1.0"));

    // By ecert, with the signatures; and straight to a host that wants them.
    for from in [registry.reference("plugins/meat:1"), pinned.clone()] {
        let out = tempfile::tempdir().expect("a temporary folder");
        let pull = ["plugin", "pull", "--plain-http", "--out", text(out.path()), &from];
        assert!(succeeds(&desk.ecert(&pull)).ends_with(&format!("{pinned}\n")));
        let pulled = out.path().join("meat.component.wasm");
        assert_eq!(std::fs::read(&pulled).expect("the component"), bytes);
        let verify = ["plugin", "verify", "--key", "acme.pub.pem", text(&pulled)];
        succeeds(&desk.ecert(&verify));
    }
    let host = Setup::default().signed().start();
    succeeds(&desk.client(&host, &["trust", "key", "add", "acme", "acme.pub.pem"]));
    succeeds(&desk.client(&host, &["trust", "rule", "add", "any", "--author", "acme"]));
    succeeds(&desk.client(&host, &["plugin", "publish", "--plain-http", &pinned]));
}

#[test]
fn registry_a_reference_is_looked_at_like_a_file() {
    let (registry, desk) = (Registry::start(), Desk::new(&["acme"]));
    let pinned = pushed(&desk, &registry);
    let tagged = registry.reference("plugins/meat:1");
    let component = desk.path("meat.component.wasm");

    let said = succeeds(&desk.ecert(&["plugin", "digest", "--plain-http", &tagged]));
    assert_eq!(said, format!("{}  {pinned}\n", sha256(&component)));
    let here = succeeds(&desk.ecert(&["plugin", "inspect", text(&component)]));
    let there = succeeds(&desk.ecert(&["plugin", "inspect", "--plain-http", &tagged]));
    let beginning = |said: &str| said.split("  from ").next().map(str::to_owned);
    assert_eq!(beginning(&here), beginning(&there));
    assert!(there.contains("  signed    as author by key "), "{there}");
    assert!(there.ends_with(&format!("  from      {pinned}\n")), "{there}");
    let json = succeeds(&desk.ecert(&["plugin", "inspect", "--json", "--plain-http", &pinned]));
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&json["manifest"]["name"], &json["signatures"][0]["role"]),
        (&json!("meat"), &json!("author"))
    );
}

#[test]
fn registry_one_behind_tls_wants_a_certificate_and_a_password() {
    let (registry, desk) = (Registry::guarded(), Desk::new(&["acme"]));
    let meat = desk.take("meat");
    desk.sign(&meat, "acme", "author");
    std::fs::write(desk.path("password"), format!("{}\n", USER.1)).expect("a file");
    std::fs::write(desk.path("wrong"), "guessed\n").expect("a file");
    let to = registry.reference("plugins/meat:1");
    let certificate = registry.certificate();
    let push = |more: &[&str]| desk.ecert(&[&["plugin", "push", text(&meat), &to], more].concat());
    let trusted = ["--registry-ca-file", text(&certificate), "--username", USER.0, "--password-file"];

    let unknown = fails(&push(&["--username", USER.0, "--password-file", "password"]), 3);
    assert!(unknown.contains("certificate"), "{unknown}");
    let nobody = fails(&push(&["--registry-ca-file", text(&certificate)]), 3);
    assert!(nobody.contains("401") || nobody.to_lowercase().contains("authentication"), "{nobody}");
    let wrong = fails(&push(&[&trusted[..], &["wrong"]].concat()), 3);
    assert!(wrong.contains("401") || wrong.to_lowercase().contains("authentication"), "{wrong}");
    let said = succeeds(&push(&[&trusted[..], &["password"]].concat()));
    let pinned = said.lines().last().expect("the reference");
    let pull = [&["plugin", "pull", pinned, "--out", "pulled"], &trusted[..], &["password"]].concat();
    succeeds(&desk.ecert(&pull));
    assert_eq!(sha256(&desk.path("pulled/meat.component.wasm")), sha256(&meat));
}

#[test]
fn registry_what_was_altered_there_is_refused() {
    let (registry, desk) = (Registry::start(), Desk::new(&["acme"]));
    let pinned = pushed(&desk, &registry);
    let pull = |from: &str| desk.ecert(&["plugin", "pull", "--plain-http", "--out", "pulled", from]);

    let layer = registry.blob(&sha256(&desk.path("meat.component.wasm")));
    let mut bytes = std::fs::read(&layer).expect("the registry keeps it there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&layer, &bytes).expect("a file");
    let said = fails(&pull(&pinned), 3);
    assert!(said.contains("the component has digest"), "{said}");

    let (_, digest) = pinned.rsplit_once(':').expect("a digest");
    let manifest = registry.blob(digest);
    let altered = std::fs::read_to_string(&manifest).expect("the manifest").replace("meat", "fish");
    std::fs::write(&manifest, altered).expect("a file");
    let said = fails(&pull(&pinned), 3);
    assert!(said.contains("digest"), "{said}");
    assert!(!desk.path("pulled").exists());

    let other = pinned.replace(&digest[..8], "00000000");
    let _ = fails(&pull(&other), 3);
}

/// Uploads a blob as any client would.
fn upload(client: &Client, folder: &Path, bytes: &[u8]) -> String {
    let file = folder.join("blob");
    std::fs::write(&file, bytes).expect("a file");
    let digest = sha256(&file);
    let begun = client.send("POST", "/v2/plugins/meat/blobs/uploads/", &[], &[]).expect(202);
    let location = begun.header("location");
    let path = location.find("/v2/").map_or(location, |at| &location[at..]).to_owned();
    let headers = [("content-type", "application/octet-stream")];
    let _ = client.send("PUT", &format!("{path}&digest=sha256:{digest}"), &headers, bytes).expect(201);
    digest
}

#[test]
fn registry_a_forbidden_import_is_refused_before_the_component_is_fetched() {
    let (registry, desk) = (Registry::start(), Desk::new(&["acme"]));
    let _ = pushed(&desk, &registry);
    let client = registry.client();
    let mut manifest: Value =
        serde_json::from_slice(&get(&client, "/v2/plugins/meat/manifests/1")).expect("a manifest");
    let config = digits(&manifest["config"]["digest"]);
    let config = get(&client, &format!("/v2/plugins/meat/blobs/sha256:{config}"));
    let mut config: Value = serde_json::from_slice(&config).expect("a config");
    config["component"]["imports"] = json!(["wasi:sockets/tcp@0.2.0"]);
    let config = config.to_string();
    let digest = upload(&client, desk.path("").as_path(), config.as_bytes());
    manifest["config"]["digest"] = format!("sha256:{digest}").into();
    manifest["config"]["size"] = config.len().into();
    let body = manifest.to_string();
    let headers = [("content-type", MANIFEST)];
    let _ = client.send("PUT", "/v2/plugins/meat/manifests/2", &headers, body.as_bytes()).expect(201);

    let from = registry.reference("plugins/meat:2");
    let said = fails(&desk.ecert(&["plugin", "pull", "--plain-http", "--out", "pulled", &from]), 3);
    assert!(said.contains("imports `wasi:sockets/tcp@0.2.0`, which the contract does not offer"), "{said}");
    let log = registry.log();
    let asked = |digest: &str| log.contains(&format!("GET /v2/plugins/meat/blobs/sha256:{digest}"));
    assert!(asked(&digest), "the config was asked for:\n{log}");
    assert!(!asked(&digits(&manifest["layers"][0]["digest"])), "the component was asked for:\n{log}");
}

#[test]
fn a_tar_file_carries_a_plugin_to_where_no_network_is() {
    let desk = Desk::new(&["acme"]);
    let meat = desk.take("meat");
    desk.sign(&meat, "acme", "author");
    for out in ["one.tar", "two.tar"] {
        succeeds(&desk.ecert(&["plugin", "save", text(&meat), "--out", out]));
    }
    assert_eq!(sha256(&desk.path("one.tar")), sha256(&desk.path("two.tar")));
    let listed = Command::new("tar").arg("tf").arg(desk.path("one.tar")).output().expect("tar is there");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.starts_with("oci-layout\nindex.json\nblobs/sha256/"), "{listed}");
    assert!(listed.contains(&sha256(&meat)), "{listed}");

    succeeds(&desk.ecert(&["plugin", "load", "one.tar", "--out", "loaded"]));
    let loaded = desk.path("loaded/meat.component.wasm");
    assert_eq!(sha256(&loaded), sha256(&meat));
    succeeds(&desk.ecert(&["plugin", "verify", "--key", "acme.pub.pem", text(&loaded)]));

    let whole = std::fs::read(desk.path("one.tar")).expect("the archive");
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    for (bytes, said) in [
        (altered.as_slice(), "it was altered"),
        (&whole[..whole.len() / 2], "cannot be used"),
        (&b"no archive"[..], "cannot be used"),
        (&[][..], "cannot be used"),
    ] {
        std::fs::write(desk.path("bad.tar"), bytes).expect("a file");
        let answer = fails(&desk.ecert(&["plugin", "load", "bad.tar", "--out", "bad"]), 3);
        assert!(answer.contains(said), "{answer}");
    }
    assert!(!desk.path("bad").exists());
}
