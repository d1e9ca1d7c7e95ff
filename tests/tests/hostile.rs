//! Hostile components at the door of a serving host: what the operator is
//! told, and that the host goes on as if nothing had been.

#[path = "../../host/tests/support/module.rs"]
mod module;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ecert_tests::faulty;
use ecert_tests::host::component;
use ecert_tests::{Answer, Host, Setup, examples, root};
use serde_json::{Value, json};

fn publish(host: &Host, component: &[u8]) -> Answer {
    host.admin.send("POST", "/v1/plugins", &[("content-type", "application/wasm")], component)
}

/// Names and contents of a folder of sources, in order.
fn files(folder: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(root().join("host/tests/hostile").join(folder)).expect("the sources");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let named = paths.into_iter().map(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).expect("a source"))
    });
    named.collect()
}

/// Sources of whole components that bring their own sections, or none.
fn sources() -> Vec<(String, Vec<u8>)> {
    let bare = |(name, source): &(String, String)| {
        source.contains("@custom") || name == "no-sections" || name == "core-module"
    };
    files("components")
        .into_iter()
        .filter(bare)
        .map(|(name, source)| (name, wat::parse_str(source).expect("well-formed")))
        .collect()
}

/// Judges a pair whose verdict is known.
fn judges_right(host: &Host, case: &str, verdict: &str) {
    let hub = host.client("partner", &examples::COUNTRIES);
    let _ = hub.xml("/v1/certificates", &examples::message(&format!("{case}/certificate.xml"))).expect(201);
    let customs = host.client("operator", &[]);
    let answer = customs.xml("/v1/declarations", &examples::message(&format!("{case}/declaration.xml")));
    assert_eq!(answer.expect(200).json()["verdict"], verdict, "{case}");
}

#[test]
fn hostile_components_are_refused_at_the_door() {
    let host = Setup::default().furnished();
    judges_right(&host, "clean/beef-frozen", "release");
    let before = host.resident_kib();
    let mut told = String::new();
    let sources = sources();
    assert!(sources.len() >= 5, "only {} sources", sources.len());
    for (name, component) in sources {
        let problem = publish(&host, &component).expect(422).json();
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        let _ = writeln!(told, "{name}: {}: {}", text("code"), text("detail"));
    }
    insta::assert_snapshot!(told);

    let whole = std::fs::read(component("meat")).expect("cargo xtask plugins has built it");
    for part in 1..20 {
        let cut = &whole[..whole.len() * part / 20];
        let status = publish(&host, cut).status;
        assert!((400..500).contains(&status), "cut to {} bytes: {status}", cut.len());
    }
    for part in 0..20 {
        let mut flipped = whole.clone();
        flipped[whole.len() * part / 20 + 13] ^= 1 << (part % 8);
        let status = publish(&host, &flipped).status;
        assert!(status < 500, "bit flipped at {part} of 20: {status}");
    }
    let grown = host.resident_kib().saturating_sub(before);
    assert!(grown < 128 << 10, "the host has {grown} KiB more than before");
    judges_right(&host, "clean/lamb-frozen", "release");
    judges_right(&host, "discrepancy/net-weight", "review");
}

/// Rule sets that nothing can be said against until they judge, each active
/// while one declaration is verified.
#[test]
fn rule_sets_that_fail_on_a_case_are_named_to_the_operator() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = Setup::default().furnished();
    judges_right(&host, "clean/beef-frozen", "release");
    let customs = host.client("operator", &[]);
    let before = host.resident_kib();
    let (mut told, mut judged) = (String::new(), 0);
    for (name, source) in files("rules") {
        let manifest = module::RULES_MANIFEST.replacen("\"hostile\"", &format!("\"{name}\""), 1);
        let core = module::module("rules", &manifest, &source);
        // What is said against the others, they are told when they build it.
        let Some(component) = faulty::try_build(&name, &core, folder.path()) else { continue };
        let verification = judged_with(&host, &component, &customs);
        let runs = verification["ruleSets"].as_array().expect("the runs");
        let own = runs.iter().find(|run| run["name"] == name.as_str()).expect("its run");
        let failure = own["failure"].as_str().unwrap_or("none");
        let finding = verification["findings"].as_array().expect("findings").iter();
        let finding = finding.filter(|finding| finding["rule"] == "plugin-failed");
        let texts: Vec<&str> = finding.filter_map(|finding| finding["texts"]["en"].as_str()).collect();
        let verdict = verification["verdict"].as_str().expect("a verdict");
        assert_eq!(verdict == "review", own["failure"].is_string(), "{name}: {verification}");
        assert_eq!(verdict == "review", texts.len() == 1, "{name}: {verification}");
        let _ = writeln!(told, "{name}: {verdict}\n  operator  {failure}\n  officer   {}", texts.join("; "));
        judged += 1;
    }
    assert!(judged >= 25, "only {judged} rule sets came as far as judging");
    insta::assert_snapshot!(told);
    let grown = host.resident_kib().saturating_sub(before);
    assert!(grown < 256 << 10, "the host has {grown} KiB more than before");
    judges_right(&host, "clean/lamb-frozen", "release");
}

/// What comes of a case while a rule set is active; it is retired afterwards,
/// and the next verification of the same case is right again.
fn judged_with(host: &Host, component: &Path, customs: &ecert_tests::Client) -> Value {
    let published = host.publish(component);
    let text = |name: &str| published[name].as_str().expect("a plugin has a name and a version").to_owned();
    let declaration = examples::message("clean/beef-frozen/declaration.xml");
    let judged = customs.multipart("/v1/verify", &[("declaration", &declaration)]).expect(200).json();
    let path = format!("/v1/plugins/{}/{}/retirement", text("name"), text("version"));
    let _ = host.admin.json("POST", &path, &json!({"reason": "tried"})).expect(200);
    let again = customs.multipart("/v1/verify", &[("declaration", &declaration)]).expect(200).json();
    assert_eq!(again["verdict"], "release", "after {}: {again}", text("name"));
    judged
}
