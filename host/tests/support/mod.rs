//! An engine to try plugins in, and small plugins written as core modules in
//! the text format.
#![allow(unreachable_pub, dead_code, reason = "each test file uses a part of it")]

#[path = "module.rs"]
mod module;

use std::sync::Arc;

use ecert::contract::{NoTables, Tables};
use ecert::engine::{Engine, EngineConfig, Failure, LoadError, Plugin, Run};
use ecert::registry::{encode, seal};
use ecert_model::cases::{Case, CaseDates, DueItem};
use ecert_model::declarations::{Declaration, GoodsItem};
use ecert_model::reports::Report;
use ecert_model::values::Date;
use tempfile::TempDir;

#[allow(unused_imports, reason = "each test file uses a part of it")]
pub use self::module::{ADAPTER_MANIFEST, RULES_MANIFEST, module};

/// An engine with a cache of its own.
pub struct Bench {
    pub engine: Engine,
    pub cache: TempDir,
}

impl Bench {
    pub fn new() -> Self {
        Self::with(|config| config)
    }

    pub fn with(change: impl FnOnce(EngineConfig) -> EngineConfig) -> Self {
        let cache = tempfile::tempdir().unwrap();
        let config = EngineConfig {
            compiler: env!("CARGO_BIN_EXE_ecert").into(),
            concurrency: 4,
            ..EngineConfig::new(cache.path().join("compiled")).unwrap()
        };
        Self { engine: Engine::new(&change(config)).unwrap(), cache }
    }

    pub fn load(&self, component: &[u8]) -> Result<Plugin, LoadError> {
        self.engine.load(component)
    }

    /// Runs the `verify` of a rule set, on a case with one item.
    pub fn verify(&self, source: &str) -> Result<Run<Report>, Failure> {
        let plugin = self.load(&rules(source)).unwrap();
        self.engine.verify(&plugin, &case(), &tables())
    }

    /// Asserts that the engine still does what it should.
    pub fn assert_sound(&self) {
        let run = self.verify("").unwrap();
        assert_eq!(run.output, Report::default());
        assert!(run.fuel > 0 && run.memory >= 65_536 && !run.interrupted);
    }
}

pub fn tables() -> Arc<dyn Tables> {
    Arc::new(NoTables)
}

/// A declaration with two items, of which the first is due.
pub fn case() -> Case {
    let declaration = Declaration { items: vec![GoodsItem::default(); 2], ..Default::default() };
    let day = Date { year: 2026, month: 5, day: 11 };
    Case {
        declaration,
        dates: CaseDates { decision: day, received: day, ..Default::default() },
        due: vec![DueItem { item: 0, parameters: 0 }],
        parameters: vec!["{}".into()],
        ..Default::default()
    }
}

/// The component of a rule set.
pub fn rules(source: &str) -> Vec<u8> {
    seal(encode(&module("rules", RULES_MANIFEST, source)).unwrap(), RULES_MANIFEST)
}

/// The component of a rule set whose `verify` has this body.
pub fn judging(body: &str) -> Vec<u8> {
    rules(&format!("(func (export \"ecert:plugin/rules@0.1.0#verify\") (param i32) (result i32) {body})"))
}
