//! An engine to try plugins in, and small plugins written as core modules in
//! the text format.
#![allow(unreachable_pub, dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use ecert::contract::{NoTables, Tables};
use ecert::engine::{Engine, EngineConfig, Failure, LoadError, Plugin, Run};
use ecert::registry::{encode, seal};
use ecert_model::cases::{Case, DueItem};
use ecert_model::declarations::{Declaration, GoodsItem};
use ecert_model::reports::Report;
use tempfile::TempDir;

/// Says two rules, the first on items, and one table.
pub const RULES_MANIFEST: &str = r#"{"schema":1,"name":"hostile","version":"1.0.0","kind":"rule-set","titles":{"en":"Hostile"},"ruleKind":"test","rules":[{"id":"one","titles":{"en":"One"},"severity":"discrepancy","legalBasis":"none","needs":["weight"],"messages":{"en":"One."}},{"id":"two","titles":{"en":"Two"},"subject":"declaration","severity":"warning","legalBasis":"none","messages":{"en":"Two."}}],"tables":[{"name":"codes","keys":["code"],"columns":["name"]}]}"#;

/// Says one format.
pub const ADAPTER_MANIFEST: &str = r#"{"schema":1,"name":"hostile","version":"1.0.0","kind":"format-adapter","titles":{"en":"Hostile"},"formats":[{"id":"hostile-format","titles":{"en":"Hostile"},"mediaTypes":["application/xml"],"reads":true,"writes":true}]}"#;

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
    Case {
        declaration,
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

/// A core module that exports one of the contract's interfaces: what stands in
/// `source`, and what a plugin needs besides. Unless `source` says otherwise,
/// it has a page of memory with the manifest at 1024, free room from 4096 on
/// and the heap from 8192 on, and every function answers with the zeros at
/// 512: an empty report, an empty reading.
pub fn module(interface: &str, manifest: &str, source: &str) -> Vec<u8> {
    let length = escape(&(manifest.len() as u32).to_le_bytes());
    let mut text = format!(
        r#"(module {source}
          (data (i32.const 16) "\00\04\00\00{length}")
          (data (i32.const 1024) "{manifest}")
          (global $heap (mut i32) (i32.const 8192))"#,
        manifest = escape(manifest.as_bytes()),
    );
    let mut unless_there = |export: &str, declaration: &str| {
        if !source.contains(&format!("(export \"{export}\")")) {
            text.push_str(&declaration.replace("EXPORT", &format!("(export \"{export}\")")));
        }
    };
    unless_there("memory", "(memory EXPORT 1)");
    unless_there("cabi_realloc", REALLOC);
    let answers: &[_] = match interface {
        "rules" => &[("describe", "", 16), ("verify", "i32", 512)],
        _ => &[
            ("describe", "", 16),
            ("recognise", "i32 i32", 512),
            ("read", "i32 i32 i32 i32", 512),
            ("write", "i32", 512),
        ],
    };
    for (function, parameters, answer) in answers {
        let declaration = format!("(func EXPORT (param {parameters}) (result i32) (i32.const {answer}))");
        unless_there(&format!("ecert:plugin/{interface}@0.1.0#{function}"), &declaration);
    }
    text.push(')');
    wat::parse_str(text).unwrap()
}

/// Gives memory and never takes it back.
const REALLOC: &str = "
    (func EXPORT (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 15)) (i32.const -16)))
      (global.set $heap (i32.add (local.get $at) (local.get 3)))
      (loop $more
        (if (i32.gt_u (global.get $heap) (i32.shl (memory.size) (i32.const 16)))
          (then (drop (memory.grow (i32.const 16))) (br $more))))
      (local.get $at))";

fn escape(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
