//! The hostile components: their sources in `tests/hostile`, those whose size
//! is the point made here.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::PathBuf;

use ecert::registry::{encode, seal};

use super::support::{ADAPTER_MANIFEST, RULES_MANIFEST, module, rules};

/// One of the folders of sources, and what its files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folder {
    /// Parts of a rule set's core module.
    Rules,
    /// Parts of an adapter's core module.
    Adapters,
    /// Whole components.
    Components,
    /// Manifests that stand in a component whose `describe` says another.
    Manifests,
}

impl Folder {
    fn path(self) -> PathBuf {
        let name = format!("{self:?}").to_lowercase();
        [env!("CARGO_MANIFEST_DIR"), "tests", "hostile", &name].iter().collect()
    }

    /// Names of the sources, without their ending, in order.
    pub(crate) fn names(self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).unwrap();
        let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut names: Vec<_> = entries.map(|entry| stem(entry.unwrap().path())).collect();
        names.sort();
        names
    }

    /// The component of a source. A plugin bears the name of its file.
    pub(crate) fn component(self, name: &str) -> Vec<u8> {
        let ending = if self == Self::Manifests { "json" } else { "wat" };
        let path = self.path().join(format!("{name}.{ending}"));
        let source = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        match self {
            Self::Rules | Self::Adapters => {
                let module = self.module(name, &source);
                seal(encode(&module).unwrap(), &self.manifest(name))
            }
            Self::Components => {
                let component = wat::parse_str(&source).unwrap();
                // Those that are about the sections bring their own.
                let bare = source.contains("@custom") || name == "no-sections" || name == "core-module";
                if bare { component } else { seal(component, &self.manifest(name)) }
            }
            Self::Manifests => seal(encode(&Self::Rules.module(name, "")).unwrap(), source.trim()),
        }
    }

    /// The core module of a source, as a compiler would hand it to
    /// `ecert plugin build`.
    pub(crate) fn core(self, name: &str) -> Vec<u8> {
        let path = self.path().join(format!("{name}.wat"));
        self.module(name, &std::fs::read_to_string(path).unwrap())
    }

    fn module(self, name: &str, source: &str) -> Vec<u8> {
        let interface = if self == Self::Adapters { "adapter" } else { "rules" };
        module(interface, &self.manifest(name), source)
    }

    fn manifest(self, name: &str) -> String {
        let manifest = if self == Self::Adapters { ADAPTER_MANIFEST } else { RULES_MANIFEST };
        manifest.replacen("\"hostile\"", &format!("\"{name}\""), 1)
    }
}

/// A component with this source that says it is a rule set, and exports an
/// empty interface as such.
fn component(source: &str) -> Vec<u8> {
    let rules = "(instance $rules) (export \"ecert:plugin/rules@0.1.0\" (instance $rules))";
    seal(wat::parse_str(format!("(component {source} {rules})")).unwrap(), RULES_MANIFEST)
}

/// Such a component that holds a core module with this source.
fn holding(source: &str) -> Vec<u8> {
    component(&format!("(core module {source})"))
}

/// A rule set whose section holds this manifest.
fn saying(manifest: &str) -> Vec<u8> {
    seal(encode(&module("rules", RULES_MANIFEST, "")).unwrap(), manifest)
}

pub(crate) type Make = fn() -> Vec<u8>;

/// Hostile by their size: names, and how they are made.
pub(crate) const LARGE: [(&str, Make); 15] = [
    ("component-of-65-mib", || {
        // A custom section `x` with this many zeros, written in LEB128.
        let (mut component, zeros) = (rules(""), 65 << 20);
        let size = zeros + 2;
        component.extend([0, size as u8 | 0x80, (size >> 7) as u8 | 0x80, (size >> 14) as u8 | 0x80]);
        component.extend([(size >> 21) as u8, 1, b'x']);
        component.resize(component.len() + zeros, 0);
        component
    }),
    ("manifest-of-30-mib", || saying(&RULES_MANIFEST.replacen("Hostile", &"x".repeat(30 << 20), 1))),
    ("manifest-of-deep-brackets", || {
        let parameters = format!("\"parameters\":{}{},\"rules\"", "[".repeat(100_000), "]".repeat(100_000));
        saying(&RULES_MANIFEST.replacen("\"rules\"", &parameters, 1))
    }),
    ("manifest-of-thousands-of-rules", || {
        let rules = (0..20_000).map(|n| {
            format!(r#"{{"id":"r{n}","titles":{{}},"severity":"warning","legalBasis":"","messages":{{}}}}"#)
        });
        saying(&format!(
            r#"{{"schema":1,"name":"hostile","version":"1.0.0","kind":"rule-set","titles":{{}},"ruleKind":"test","rules":[{}]}}"#,
            rules.collect::<Vec<_>>().join(",")
        ))
    }),
    ("function-of-9-mib", || holding(&format!("(func {})", "nop ".repeat(9 << 20)))),
    ("function-of-3-mib-of-sums", || {
        let sums = "(local.set 0 (i32.add (local.get 0) (i32.rotl (local.get 1) (local.get 0))))";
        holding(&format!("(func (param i32 i32) {})", sums.repeat(330_000)))
    }),
    ("function-of-a-million-calls", || holding(&format!("(func $f {})", "call $f ".repeat(1_000_000)))),
    ("fifty-thousand-functions", || {
        holding(&"(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))".repeat(50_000))
    }),
    ("fifty-thousand-locals", || holding(&format!("(func (local {}))", "i64 ".repeat(50_000)))),
    ("blocks-in-blocks", || {
        holding(&format!("(func {}{})", "block ".repeat(100_000), "end ".repeat(100_000)))
    }),
    ("branches-by-thousands", || {
        holding(&format!(
            "(func {}(br_table {}(i32.const 0)){})",
            "block ".repeat(500),
            "7 ".repeat(100_000),
            "end ".repeat(500)
        ))
    }),
    ("data-of-60-mib", || {
        holding(&format!("(memory 1000) (data (i32.const 0) \"{}\")", "x".repeat(60 << 20)))
    }),
    ("imports-by-thousands", || {
        let imports = (0..10_000).map(|n| format!("(import \"a:b/c{n}\" (instance))"));
        component(&imports.collect::<String>())
    }),
    ("types-in-types", || {
        let types = (1..20_000).map(|n| format!("(type $t{n} (list $t{}))", n - 1));
        component(&format!("(type $t0 (list u8)) {}", types.collect::<String>()))
    }),
    ("types-that-double", || {
        let types = (1..64).map(|n| format!("(type $t{n} (tuple $t{0} $t{0}))", n - 1));
        component(&format!("(type $t0 (tuple u8 u8)) {}", types.collect::<String>()))
    }),
];
