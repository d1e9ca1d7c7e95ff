//! Versions of plugins in a database: which of them serves on which date, and
//! what a second host sees of it.

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ecert::access::Principal;
use ecert::registry::{Actor, Registry, RegistryError, State, encode, seal};
use ecert::store::Store;
use ecert_model::values::Date;
use support::{Bench, RULES_MANIFEST, module};

fn actor() -> Actor {
    Actor { principal: Principal::system(), source: "test".into() }
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// A rule set of a version.
fn component(version: &str) -> Vec<u8> {
    let manifest = RULES_MANIFEST.replace("1.0.0", version);
    let functions =
        "(func (export \"ecert:plugin/rules@0.1.0#verify\") (param i32) (result i32) i32.const 512)";
    seal(encode(&module("rules", &manifest, "", functions)).unwrap(), &manifest)
}

struct Host {
    bench: Bench,
    url: String,
    registry: Arc<Registry>,
}

impl Host {
    fn new() -> Self {
        let bench = Bench::new();
        let url = bench.cache.path().join("ecert.db").to_str().unwrap().to_owned();
        let registry = Registry::open(bench.engine.clone(), Store::open(&url).unwrap()).unwrap();
        Self { bench, url, registry }
    }

    fn serving(&self, on: &str) -> Vec<String> {
        let plugins = self.registry.snapshot().rule_sets(date(on));
        plugins.iter().map(|plugin| plugin.manifest().version.clone()).collect()
    }

    fn activate(&self, version: &str, from: Option<&str>) {
        self.registry.activate("hostile", version, from.map(date), "test", &actor()).unwrap();
    }
}

#[test]
fn versions_serve_by_decision_date() {
    let host = Host::new();
    for version in ["1.0.0", "2.0.0", "3.0.0"] {
        let published = host.registry.publish(&component(version), &actor()).unwrap();
        assert_eq!(published.state, State::Published);
    }
    assert!(host.serving("2026-06-01").is_empty());
    host.activate("1.0.0", None);
    host.activate("2.0.0", Some("2026-07-01"));
    assert_eq!(host.serving("2026-06-30"), ["1.0.0"]);
    assert_eq!(host.serving("2026-07-01"), ["2.0.0"]);
    // A later decision about the same time replaces the earlier one.
    host.activate("3.0.0", Some("2026-07-01"));
    assert_eq!(
        (host.serving("2026-06-30"), host.serving("2027-01-01")),
        (vec!["1.0.0".into()], vec!["3.0.0".into()])
    );
    assert_eq!(host.registry.find("hostile", "2.0.0").unwrap().state, State::Retired);
    // Going back is activating the older one.
    host.activate("2.0.0", None);
    assert_eq!(
        (host.serving("2026-01-01"), host.serving("2027-01-01")),
        (vec!["2.0.0".into()], vec!["2.0.0".into()])
    );
    let retired = host.registry.retire("hostile", "2.0.0", "test", &actor()).unwrap();
    assert_eq!(retired.state, State::Retired);
    assert!(host.serving("2026-06-01").is_empty());
}

#[test]
fn a_version_is_published_once() {
    let host = Host::new();
    host.registry.publish(&component("1.0.0"), &actor()).unwrap();
    host.registry.publish(&component("1.0.0"), &actor()).unwrap();
    let mut other = component("1.0.0");
    other.extend_from_slice(b"\0\x03\x01xy");
    assert!(matches!(host.registry.publish(&other, &actor()), Err(RegistryError::Taken { .. })));
    assert!(matches!(
        host.registry.activate("hostile", "9.9.9", None, "test", &actor()),
        Err(RegistryError::Unknown { .. })
    ));
    assert_eq!(host.registry.snapshot().versions().len(), 1);
}

#[test]
fn a_manifest_that_lies_is_refused() {
    let host = Host::new();
    let functions =
        "(func (export \"ecert:plugin/rules@0.1.0#verify\") (param i32) (result i32) i32.const 512)";
    let bare = encode(&module("rules", RULES_MANIFEST, "", functions)).unwrap();
    let lie = seal(bare, &RULES_MANIFEST.replace("discrepancy", "information"));
    assert!(matches!(host.registry.publish(&lie, &actor()), Err(RegistryError::OtherManifest)));
    assert!(host.registry.snapshot().versions().is_empty());
}

#[test]
fn another_host_follows_and_a_restart_remembers() {
    let host = Host::new();
    let other = Registry::open(host.bench.engine.clone(), Store::open(&host.url).unwrap()).unwrap();
    host.registry.publish(&component("1.0.0"), &actor()).unwrap();
    host.activate("1.0.0", None);
    let deadline = Instant::now() + Duration::from_secs(20);
    while other.snapshot().rule_sets(date("2026-06-01")).is_empty() {
        assert!(Instant::now() < deadline, "the other host does not follow");
        std::thread::sleep(Duration::from_millis(50));
    }
    let again = Registry::open(host.bench.engine.clone(), Store::open(&host.url).unwrap()).unwrap();
    assert_eq!(again.snapshot().rule_sets(date("2026-06-01")).len(), 1);
}
