//! Small plugins as core modules, written in the text format.
#![allow(unreachable_pub, dead_code, reason = "each test file uses a part of it")]

/// Says two rules, the first on items, and one table.
pub const RULES_MANIFEST: &str = r#"{"schema":1,"name":"hostile","version":"1.0.0","kind":"rule-set","titles":{"en":"Hostile"},"ruleKind":"test","rules":[{"id":"one","titles":{"en":"One"},"severity":"discrepancy","legalBasis":"none","needs":["weight"],"messages":{"en":"One."}},{"id":"two","titles":{"en":"Two"},"subject":"declaration","severity":"warning","legalBasis":"none","messages":{"en":"Two."}}],"tables":[{"name":"codes","keys":["code"],"columns":["name"]}]}"#;

/// Says one format.
pub const ADAPTER_MANIFEST: &str = r#"{"schema":1,"name":"hostile","version":"1.0.0","kind":"format-adapter","titles":{"en":"Hostile"},"formats":[{"id":"hostile-format","titles":{"en":"Hostile"},"mediaTypes":["application/xml"],"reads":true,"writes":true}]}"#;

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
