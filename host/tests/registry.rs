//! Versions of plugins in a database: which of them serves on which date, and
//! what a second host sees of it.

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ecert::access::Principal;
use ecert::registry::{
    Activation, Actor, Candidate, ChangeKind, Extent, Registry, RegistryError, State, Version, encode, seal,
};
use ecert::store::Store;
use ecert::trust::{By, Rule, Trust};
use ecert_model::manifest::Scope;
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
    seal(encode(&module("rules", &manifest, "")).unwrap(), &manifest)
}

/// What is tested here is what becomes of versions that were let in.
fn trust_all(store: &Store) {
    let rule = Rule { name: "tests".into(), unsigned: true, ..Rule::default() };
    let by = By { principal: &Principal::system(), source: "test" };
    Trust::new(store.clone()).add_rule(rule, "tests", by).unwrap();
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
        let store = Store::open(&url).unwrap();
        trust_all(&store);
        let registry = Registry::open(bench.engine.clone(), store).unwrap();
        Self { bench, url, registry }
    }

    fn serving(&self, on: &str) -> Vec<String> {
        let plugins = self.registry.snapshot().rule_sets(date(on));
        plugins.iter().map(|in_force| in_force.plugin.manifest().version.clone()).collect()
    }

    fn publish(&self, component: &[u8]) -> Result<Version, RegistryError> {
        let candidate = Candidate { component, signatures: &[], downgrade: Some("test") };
        self.registry.publish(candidate, &actor())
    }

    fn activate(&self, version: &str, from: Option<&str>) {
        self.activate_for(version, from, vec![]);
    }

    fn activate_for(&self, version: &str, from: Option<&str>, scope: Vec<Scope>) {
        let extent = Extent { from: from.map(date), scope };
        let activation = Activation { extent, downgrade: true, why: "test".into() };
        self.registry.activate("hostile", version, &activation, &actor()).unwrap();
    }

    fn rollback(&self) -> Result<Vec<String>, RegistryError> {
        let active = self.registry.rollback("hostile", "test", &actor())?;
        Ok(active.iter().map(|version| version.plugin.manifest().version.clone()).collect())
    }

    fn state(&self, version: &str) -> State {
        self.registry.find("hostile", version).unwrap().state
    }
}

#[test]
fn versions_serve_by_decision_date() {
    let host = Host::new();
    for version in ["1.0.0", "2.0.0", "3.0.0"] {
        let published = host.publish(&component(version)).unwrap();
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
    assert_eq!(host.state("2.0.0"), State::Retired);
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
    host.publish(&component("1.0.0")).unwrap();
    host.publish(&component("1.0.0")).unwrap();
    let mut other = component("1.0.0");
    other.extend_from_slice(b"\0\x03\x01xy");
    assert!(matches!(host.publish(&other), Err(RegistryError::Taken { .. })));
    assert!(matches!(
        host.registry.activate("hostile", "9.9.9", &Activation::default(), &actor()),
        Err(RegistryError::Unknown { .. })
    ));
    assert_eq!(host.registry.snapshot().versions().len(), 1);
}

#[test]
fn a_manifest_that_lies_is_refused() {
    let host = Host::new();
    let bare = encode(&module("rules", RULES_MANIFEST, "")).unwrap();
    let lie = seal(bare, &RULES_MANIFEST.replace("discrepancy", "information"));
    assert!(matches!(host.publish(&lie), Err(RegistryError::OtherManifest)));
    assert!(host.registry.snapshot().versions().is_empty());
}

#[test]
fn another_host_follows_and_a_restart_remembers() {
    let host = Host::new();
    let other = Registry::open(host.bench.engine.clone(), Store::open(&host.url).unwrap()).unwrap();
    host.publish(&component("1.0.0")).unwrap();
    host.activate("1.0.0", None);
    let deadline = Instant::now() + Duration::from_secs(20);
    while other.snapshot().rule_sets(date("2026-06-01")).is_empty() {
        assert!(Instant::now() < deadline, "the other host does not follow");
        std::thread::sleep(Duration::from_millis(50));
    }
    let again = Registry::open(host.bench.engine.clone(), Store::open(&host.url).unwrap()).unwrap();
    assert_eq!(again.snapshot().rule_sets(date("2026-06-01")).len(), 1);
}

#[test]
fn a_rollback_goes_back_change_by_change() {
    let host = Host::new();
    for version in ["1.0.0", "2.0.0", "3.0.0"] {
        host.publish(&component(version)).unwrap();
    }
    assert!(matches!(host.rollback(), Err(RegistryError::Invalid(_))), "nothing was activated");
    host.activate("1.0.0", None);
    assert!(matches!(host.rollback(), Err(RegistryError::Invalid(_))), "nothing served before");
    host.activate("2.0.0", Some("2026-07-01"));
    host.activate("3.0.0", None);
    assert_eq!(host.serving("2026-08-01"), ["3.0.0"]);
    let mut back = host.rollback().unwrap();
    back.sort();
    assert_eq!(back, ["1.0.0", "2.0.0"]);
    assert_eq!(
        (host.serving("2026-06-30"), host.serving("2026-07-01")),
        (vec!["1.0.0".into()], vec!["2.0.0".into()])
    );
    assert_eq!(host.rollback().unwrap(), ["1.0.0"]);
    assert!(matches!(host.rollback(), Err(RegistryError::Invalid(_))), "nothing is left to go back to");
    // What is retired by mistake comes back the same way.
    host.registry.retire("hostile", "1.0.0", "mistake", &actor()).unwrap();
    assert!(host.serving("2026-08-01").is_empty());
    assert_eq!(host.rollback().unwrap(), ["1.0.0"]);
    let history = host.registry.history(Some("hostile"), i64::MIN).unwrap();
    let kinds: Vec<ChangeKind> = history.iter().map(|change| change.kind).collect();
    let (published, activated, back) = (ChangeKind::Published, ChangeKind::Activated, ChangeKind::RolledBack);
    assert_eq!(
        kinds,
        [
            published,
            published,
            published,
            activated,
            activated,
            activated,
            back,
            back,
            ChangeKind::Retired,
            back
        ]
    );
    assert!(history.iter().all(|change| change.by == actor().principal.name && change.at > 0));
}

#[test]
fn versions_serve_side_by_side_by_scope() {
    let host = Host::new();
    for version in ["1.0.0", "2.0.0"] {
        host.publish(&component(version)).unwrap();
    }
    host.activate("1.0.0", None);
    let origin = |country: &str| vec![Scope { origins: vec![country.into()], ..Scope::default() }];
    host.activate_for("2.0.0", None, origin("NZ"));
    let in_force = host.registry.snapshot().rule_sets(date("2026-06-01"));
    let shown: Vec<_> =
        in_force.iter().map(|one| (one.plugin.manifest().version.as_str(), one.scope.to_vec())).collect();
    assert_eq!(shown, [("2.0.0", origin("NZ")), ("1.0.0", vec![])]);
    // Without a scope it is for all, and ends both.
    host.activate("2.0.0", None);
    assert_eq!(host.serving("2026-06-01"), ["2.0.0"]);
    assert_eq!(host.state("1.0.0"), State::Retired);
}

#[test]
fn going_back_by_mistake_is_refused() {
    let host = Host::new();
    for version in ["1.9.0", "1.10.0"] {
        host.publish(&component(version)).unwrap();
    }
    host.activate("1.10.0", None);
    let older = host.registry.activate("hostile", "1.9.0", &Activation::default(), &actor());
    assert_eq!(
        older.unwrap_err().to_string(),
        "hostile 1.10.0 serves and 1.9.0 is older: roll back, or say that the downgrade is meant, and why"
    );
    assert_eq!(host.serving("2026-06-01"), ["1.10.0"]);
}

#[test]
fn a_version_in_shadow_judges_nothing() {
    let host = Host::new();
    for version in ["1.0.0", "2.0.0"] {
        host.publish(&component(version)).unwrap();
    }
    host.activate("1.0.0", None);
    let shadow = host.registry.shadow("hostile", "2.0.0", "to see", &actor()).unwrap();
    assert_eq!(shadow.state, State::Shadow);
    assert_eq!(host.serving("2026-06-01"), ["1.0.0"]);
    assert_eq!(host.registry.snapshot().shadows().len(), 1);
    assert!(matches!(
        host.registry.shadow("hostile", "1.0.0", "active", &actor()),
        Err(RegistryError::Invalid(_))
    ));
    host.activate("2.0.0", None);
    assert!(host.registry.snapshot().shadows().is_empty());
    assert_eq!(host.state("2.0.0"), State::Active);
}

#[test]
fn what_is_set_aside_gives_way_to_what_it_replaced() {
    let host = Host::new();
    for version in ["1.0.0", "2.0.0"] {
        host.publish(&component(version)).unwrap();
    }
    host.activate("1.0.0", None);
    host.activate("2.0.0", None);
    let before = host.registry.predecessor("hostile", "2.0.0").unwrap().unwrap();
    assert_eq!(before.plugin.manifest().version, "1.0.0");
    host.registry.set_aside("hostile", "2.0.0", "it traps", &actor()).unwrap();
    assert_eq!(host.serving("2026-06-01"), ["1.0.0"]);
    assert_eq!(host.state("2.0.0"), State::SetAside);
    // Set aside twice is set aside once.
    host.registry.set_aside("hostile", "2.0.0", "it traps", &actor()).unwrap();
    host.activate("2.0.0", None);
    assert_eq!(host.state("2.0.0"), State::Active);
}
