//! Small hostile plugins, written as core modules in the text format.
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

    /// Runs `verify` with this body, on a case with one item.
    pub fn verify(&self, body: &str) -> Result<Run<Report>, Failure> {
        self.verify_module("", body)
    }

    /// The same with more of a module around it.
    pub fn verify_module(&self, more: &str, body: &str) -> Result<Run<Report>, Failure> {
        let plugin = self.load(&rules(more, body)).unwrap();
        self.engine.verify(&plugin, &case(), &tables())
    }

    /// Asserts that the engine still does what it should.
    pub fn assert_sound(&self) {
        let run = self.verify("i32.const 512").unwrap();
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

/// A rule set whose `verify` has this body; 512 is the address of an empty
/// report.
pub fn rules(more: &str, body: &str) -> Vec<u8> {
    let functions =
        format!("(func (export \"ecert:plugin/rules@0.1.0#verify\") (param $case i32) (result i32) {body})");
    seal(encode(&module("rules", RULES_MANIFEST, more, &functions)).unwrap(), RULES_MANIFEST)
}

/// A core module that exports one of the contract's interfaces.
pub fn module(interface: &str, manifest: &str, more: &str, functions: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
          {more}
          (memory (export "memory") 1)
          (global $free (mut i32) (i32.const 8192))
          (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (local $at i32)
            (local.set $at (i32.and (i32.add (global.get $free) (i32.const 15)) (i32.const -16)))
            (global.set $free (i32.add (local.get $at) (local.get 3)))
            (loop $more
              (if (i32.gt_u (global.get $free) (i32.shl (memory.size) (i32.const 16)))
                (then (drop (memory.grow (i32.const 16))) (br $more))))
            (local.get $at))
          (data (i32.const 16) "\00\04\00\00{length}")
          (data (i32.const 1024) "{manifest}")
          (func (export "ecert:plugin/{interface}@0.1.0#describe") (result i32) (i32.const 16))
          {functions})"#,
        length = escape(&(manifest.len() as u32).to_le_bytes()),
        manifest = escape(manifest.as_bytes()),
    );
    wat::parse_str(text).unwrap()
}

fn escape(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
