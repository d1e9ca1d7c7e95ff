//! Hostile components at the door of a serving host: what the operator is
//! told, and that the host goes on as if nothing had been.

use std::fmt::Write as _;
use std::path::PathBuf;

use ecert_tests::host::component;
use ecert_tests::{Answer, Host, Setup, examples, root};

fn publish(host: &Host, component: &[u8]) -> Answer {
    host.admin.send("POST", "/v1/plugins", &[("content-type", "application/wasm")], component)
}

/// Sources of whole components that bring their own sections, or none.
fn sources() -> Vec<(String, Vec<u8>)> {
    let folder = root().join("host/tests/hostile/components");
    let entries = std::fs::read_dir(&folder).expect("the sources");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let named = paths.into_iter().map(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).expect("a source"))
    });
    let bare = |(name, source): &(String, String)| {
        source.contains("@custom") || name == "no-sections" || name == "core-module"
    };
    named.filter(bare).map(|(name, source)| (name, wat::parse_str(source).expect("well-formed"))).collect()
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
