//! Plugins that go wrong on purpose, written by hand and made components by
//! `ecert plugin build`.

use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::host;

/// What a faulty rule set does when it is to judge.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// It stops with a trap.
    Trap,
    /// It never ends.
    Endless,
    /// It takes memory until none is left, then traps.
    Greedy,
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            Self::Trap => "always-traps",
            Self::Endless => "never-ends",
            Self::Greedy => "takes-all-memory",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Trap => "unreachable",
            Self::Endless => "(loop $again (br $again)) unreachable",
            Self::Greedy => {
                "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable"
            }
        }
    }
}

/// Where the manifest stands in the module's memory.
const MANIFEST_AT: u32 = 16;

/// Makes the component of a faulty rule set in `folder`.
///
/// # Panics
///
/// When it cannot be made.
#[must_use]
pub fn component(fault: Fault, folder: &std::path::Path) -> PathBuf {
    let manifest = json!({
        "schema": 1,
        "name": fault.name(),
        "version": "1.0.0",
        "kind": "rule-set",
        "titles": {"en": "A rule set that goes wrong on purpose"},
        "ruleKind": "test",
        "rules": [{
            "id": "goes-wrong",
            "titles": {"en": "It goes wrong"},
            "severity": "discrepancy",
            "legalBasis": "None: it exists for a test",
            "messages": {"en": "It went wrong."},
        }],
    })
    .to_string();
    let functions = format!(
        r#"(func (export "ecert:plugin/rules@0.1.0#verify") (param i32) (result i32) {})"#,
        fault.code()
    );
    build(fault.name(), &module("rules", &manifest, &functions), folder)
}

/// Makes the component of a version of the adapter `uncefact-sps` that says it
/// reads its format, and traps on every message.
///
/// # Panics
///
/// When it cannot be made.
#[must_use]
pub fn adapter(version: &str, folder: &std::path::Path) -> PathBuf {
    let manifest = json!({
        "schema": 1,
        "name": "uncefact-sps",
        "version": version,
        "kind": "format-adapter",
        "titles": {"en": "An adapter that goes wrong on purpose"},
        "formats": [{"id": "uncefact-sps-17", "titles": {"en": "SPSCertificate 17"}, "mediaTypes": ["application/xml"], "reads": true, "writes": false}],
    })
    .to_string();
    // Memory is zero there: no recognition, an empty message.
    let empty = "(i32.const 60000)";
    let functions = format!(
        r#"(func (export "ecert:plugin/adapter@0.1.0#recognise") (param i32 i32) (result i32) {empty})
        (func (export "ecert:plugin/adapter@0.1.0#read") (param i32 i32 i32 i32) (result i32) unreachable)
        (func (export "ecert:plugin/adapter@0.1.0#write") (param i32) (result i32) {empty})"#
    );
    build("uncefact-sps", &module("adapter", &manifest, &functions), folder)
}

fn build(name: &str, module: &str, folder: &std::path::Path) -> PathBuf {
    let module = wat::parse_str(module).expect("the module is well-formed");
    try_build(name, &module, folder).expect("the component can be built")
}

/// Makes a component of a core module in `folder`; none if there are
/// objections to it.
///
/// # Panics
///
/// When files cannot be written or the program does not start.
#[must_use]
pub fn try_build(name: &str, module: &[u8], folder: &std::path::Path) -> Option<PathBuf> {
    let core = folder.join(format!("{name}.wasm"));
    std::fs::write(&core, module).expect("the folder takes files");
    let built = Command::new(host::binary())
        .args(["plugin", "build", "--core"])
        .arg(&core)
        .arg("--out")
        .arg(folder)
        .output()
        .expect("ecert starts");
    built.status.success().then(|| folder.join(format!("{name}.component.wasm")))
}

fn module(interface: &str, manifest: &str, functions: &str) -> String {
    let text = manifest.replace('"', "\\22");
    let bytes =
        |number: u32| number.to_le_bytes().iter().map(|byte| format!("\\{byte:02x}")).collect::<String>();
    let length = u32::try_from(manifest.len()).expect("a short manifest");
    format!(
        r#"(module
            (memory (export "memory") 2)
            (global $next (mut i32) (i32.const 4096))
            (data (i32.const 0) "{pointer}{length}")
            (data (i32.const {MANIFEST_AT}) "{text}")
            (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $wants i32) (result i32)
                (local $at i32)
                (local.set $at
                    (i32.and
                        (i32.add (global.get $next) (i32.const 15))
                        (i32.const -16)))
                (global.set $next (i32.add (local.get $at) (local.get $wants)))
                (block $enough
                    (br_if $enough
                        (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
                    (drop (memory.grow
                        (i32.add (i32.shr_u (local.get $wants) (i32.const 16)) (i32.const 1)))))
                (local.get $at))
            (func (export "ecert:plugin/{interface}@0.1.0#describe") (result i32) (i32.const 0))
            {functions}
        )"#,
        pointer = bytes(MANIFEST_AT),
        length = bytes(length),
    )
}
