//! The rule author's way, through the real binary: from nothing to a plugin
//! that is built, tested, checked, described and compared.

use std::path::{Path, PathBuf};
use std::process::Command;

use ecert_tests::host::{PLUGINS, binary, component};
use ecert_tests::{Setup, root};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How a command ended.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    #[track_caller]
    fn with(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self.out
    }
}

/// A folder in which an author works.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs `ecert plugin …`.
    fn plugin(&self, arguments: &[&str]) -> Ended {
        let output = Command::new(binary())
            .arg("plugin")
            .args(arguments)
            .current_dir(self.0.path())
            // What all these projects need is built once; the crates are there.
            .env("CARGO_TARGET_DIR", root().join("target/tests-author"))
            .env("CARGO_NET_OFFLINE", "true")
            .env("ECERT_CACHE", root().join("target/tests-compiled"))
            .output()
            .expect("the binary starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = std::fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(from), "{file} does not hold {from}");
        std::fs::write(path, text.replacen(from, to, 1)).expect("the file can be written");
    }
}

/// Replaces what differs from run to run and from machine to machine.
fn steady(text: &str) -> String {
    let line = |line: &str| {
        if line.starts_with(['─', '═']) {
            return "─".to_owned();
        }
        // Times are of this machine, fuel and memory of this compiler.
        let words = line.split_whitespace().map(|word| {
            let digits = word.trim_start_matches('(').chars().all(|c| c.is_ascii_digit() || ",.".contains(c));
            if digits && word.chars().any(|c| c.is_ascii_digit()) && line.contains('%') { "#" } else { word }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_rule_set_from_nothing() {
    let desk = Desk::new();
    let _ = desk.plugin(&["new", "frozen-fish", "--kind", "rules"]).with(0);
    assert_eq!(
        desk.plugin(&["check", "frozen-fish", "--strict"]).with(0),
        "frozen-fish 0.1.0: 0 errors, 0 warnings\n"
    );
    insta::assert_snapshot!("rules_pass", steady(&desk.plugin(&["test", "frozen-fish"]).with(0)));
    let built = desk.plugin(&["build", "frozen-fish", "--out", "old"]).with(0);
    assert!(built.contains("fixtures 2") || built.contains("fixtures  2"), "{built}");

    // A fixture that fails is shown where it does.
    let expected = "frozen-fish/fixtures/too-warm/expected.json";
    desk.change(expected, "\"temperature\": \"failed\"", "\"temperature\": \"passed\"");
    desk.change(expected, "\"value\": \"31\"", "\"value\": \"30\"");
    insta::assert_snapshot!("rules_fail", steady(&desk.plugin(&["test", "frozen-fish"]).with(1)));
    let junit = desk.plugin(&["test", "frozen-fish", "--format", "junit"]).with(1);
    assert!(
        junit.contains("<testsuite name=\"frozen-fish\" tests=\"2\"") && junit.contains("failures=\"1\""),
        "{junit}"
    );
    let json: Value =
        serde_json::from_str(&desk.plugin(&["test", "frozen-fish", "--format", "json"]).with(1))
            .expect("JSON");
    assert_eq!(json["fixtures"][1]["ending"], "differs");
    assert_eq!(json["fixtures"][1]["differences"].as_array().map(Vec::len), Some(2));
    // No host lets it in: what a component says of itself has to hold.
    let _ = desk.plugin(&["build", "frozen-fish", "--out", "untrue"]).with(0);
    let untrue = std::fs::read(desk.path("untrue/frozen-fish.component.wasm")).expect("it was built");
    let host = Setup::default().start();
    let headers = [("content-type", "application/wasm")];
    let refused = host.admin.send("POST", "/v1/plugins", &headers, &untrue).expect(422).json();
    insta::assert_snapshot!("rules_refused", refused["detail"].as_str().expect("a text"));
    assert_eq!(host.admin.get("/v1/plugins").expect(200).json()["items"], json!([]));
    drop(host);
    // What comes is what is expected from now on.
    let _ = desk.plugin(&["test", "frozen-fish", "--update"]).with(0);
    let _ = desk.plugin(&["test", "frozen-fish", "--filter", "warm"]).with(0);

    // A new version, and what it changes.
    assert!(
        desk.plugin(&["diff", "frozen-fish", "old/frozen-fish.component.wasm"])
            .with(0)
            .contains("0 fixtures")
    );
    desk.change(
        "frozen-fish/src/lib.rs",
        "check.parameters().highest.into()",
        "(check.parameters().highest + 20).into()",
    );
    desk.change("frozen-fish/Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
    let changed = desk.plugin(&["diff", "old/frozen-fish.component.wasm", "frozen-fish"]).with(1);
    insta::assert_snapshot!("rules_diff", changed);

    // What lacks a fixture is said.
    std::fs::remove_dir_all(desk.path("frozen-fish/fixtures/too-warm")).expect("the fixture is there");
    insta::assert_snapshot!("rules_check", desk.plugin(&["check", "frozen-fish"]).with(1));

    let catalogue = desk.plugin(&["docs", "frozen-fish"]).with(0);
    assert!(
        catalogue.contains("### `temperature`") && catalogue.contains("`highest`, `25` unless set"),
        "{catalogue}"
    );
    let _ = desk.plugin(&["docs", "old", "--format", "html", "--out", "catalogue.html"]).with(0);
    let page = std::fs::read_to_string(desk.path("catalogue.html")).expect("the page was written");
    assert!(page.contains("id=\"frozen-fish.temperature\""), "{page}");
}

#[test]
fn an_adapter_from_nothing() {
    let desk = Desk::new();
    let _ = desk.plugin(&["new", "slips", "--kind", "adapter", "--path", "mine"]).with(0);
    assert_eq!(desk.plugin(&["check", "mine", "--strict"]).with(0), "slips 0.1.0: 0 errors, 0 warnings\n");
    insta::assert_snapshot!("adapter_pass", steady(&desk.plugin(&["test", "mine"]).with(0)));
    let _ = desk.plugin(&["build", "mine", "--out", "out"]).with(0);
    desk.change("mine/fixtures/slip/message.xml", "A1", "A2");
    insta::assert_snapshot!("adapter_fail", steady(&desk.plugin(&["test", "mine"]).with(1)));
    // The component still holds the fixtures it was built with.
    let built = "out/slips.component.wasm";
    let _ = desk.plugin(&["test", built]).with(0);
    let answer = desk.plugin(&["run", "mine/fixtures/slip/message.xml", "--path", built]).with(0);
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["documents"][0]["certificate"]["number"]["value"], "A2");
    let bench = desk.plugin(&["bench", built, "--samples", "3", "--warm-up", "1", "--json"]).with(0);
    let bench: Value = serde_json::from_str(&bench).expect("JSON");
    assert!(bench["fixtures"][0]["fuel"].as_u64() > Some(0), "{bench}");
    let shown: Value =
        serde_json::from_str(&desk.plugin(&["inspect", built, "--json"]).with(0)).expect("JSON");
    assert_eq!(shown["fixtures"], 2);
    let digest = desk.plugin(&["digest", built]).with(0);
    assert!(digest.starts_with(shown["digest"].as_str().expect("a digest")), "{digest}");

    // A message that nobody said anything about.
    let folder = desk.path("mine/fixtures/new");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("message.xml"), "<Slip").expect("a message");
    let told = desk.plugin(&["test", "mine", "--filter", "new"]).with(1);
    assert!(told.contains("error[no-expectation]: new"), "{told}");
    std::fs::write(folder.join("message.txt"), "").expect("a second message");
    let refused = desk.plugin(&["test", "mine"]);
    assert!(refused.code == Some(3) && refused.err.contains("one file message.xml"), "{}", refused.err);
}

#[test]
fn the_projects_own_plugins_pass_their_fixtures() {
    let desk = Desk::new();
    for name in PLUGINS {
        let file = component(name);
        let file = file.to_str().expect("a path in UTF-8");
        let tested = desk.plugin(&["test", file]).with(0);
        assert!(!tested.contains("FAIL") && tested.contains("fixtures passed"), "{tested}");
        let checked = desk.plugin(&["check", file]).with(0);
        assert!(checked.contains("0 errors"), "{checked}");
    }
}

#[test]
fn messages_make_a_fixture() {
    let desk = Desk::new();
    let _ = desk.plugin(&["new", "frozen-fish", "--kind", "rules"]).with(0);
    // The examples' frozen lamb instead of honey.
    desk.change("frozen-fish/src/lib.rs", "\"0409\"", "\"0204\"");
    let pair =
        |file: &str| root().join("examples/messages/clean/lamb-frozen").join(file).display().to_string();
    let plugins = component("meat").parent().map(Path::to_path_buf).unwrap_or_default();
    let make = |name: &str, declaration: &str| {
        desk.plugin(&[
            "fixture",
            name,
            "--path",
            "frozen-fish",
            "--plugins",
            &plugins.display().to_string(),
            "--certificate",
            &pair("certificate.xml"),
            "--declaration",
            declaration,
        ])
    };
    let made = make("lamb", &pair("declaration.xml"));
    assert!(made.err.contains("look at it before you rely on it"), "{}", made.err);
    let _ = made.with(0);
    let _ = desk.plugin(&["test", "frozen-fish", "--filter", "lamb"]).with(0);
    let expected =
        std::fs::read(desk.path("frozen-fish/fixtures/lamb/expected.json")).expect("it was written");
    let expected: Value = serde_json::from_slice(&expected).expect("JSON");
    assert_eq!(expected["outcomes"]["items[0]"]["temperature"], "passed");
    // It is not written over, and goods that are not in scope make none.
    assert!(make("lamb", &pair("declaration.xml")).err.contains("there already"));
    let roses = root().join("examples/messages/clean/roses/declaration.xml").display().to_string();
    assert!(make("roses", &roses).err.contains("is in the scope of `frozen-fish`"));
}
