//! Random plugins: each is refused or runs within its limits, and the host's
//! memory is afterwards what it was.
//!
//! `ECERT_RANDOM_PLUGINS` sets how many, 2,000 if it does not; ten thousand
//! take ten minutes or so. A plugin is made of its number alone, so one that
//! went wrong can be made again: `ECERT_RANDOM_PLUGIN` names the only one to
//! run.

mod support;

#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arbitrary::Unstructured;
use ecert::contract::CONTRACT_SOURCES;
use ecert::digest::Digest;
use ecert::engine::Failure;
use ecert::registry::{encode, seal};
use ecert_model::documents::Document;
use support::{ADAPTER_MANIFEST, Bench, RULES_MANIFEST, case, tables};
use wasm_smith::{Config, Module};
use wasmparser::{Parser, Payload};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, SourceMap};

/// What every plugin exports, as core functions.
const RULES: &str = r#"(module
  (memory (export "memory") 1)
  (func (export "ecert:plugin/rules@0.1.0#describe") (result i32) unreachable)
  (func (export "ecert:plugin/rules@0.1.0#verify") (param i32) (result i32) unreachable))"#;
const ADAPTER: &str = r#"(module
  (memory (export "memory") 1)
  (func (export "ecert:plugin/adapter@0.1.0#describe") (result i32) unreachable)
  (func (export "ecert:plugin/adapter@0.1.0#recognise") (param i32 i32) (result i32) unreachable)
  (func (export "ecert:plugin/adapter@0.1.0#read") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "ecert:plugin/adapter@0.1.0#write") (param i32) (result i32) unreachable))"#;
/// What a plugin may import.
const IMPORTS: &str = r#"(module
  (import "ecert:plugin/log@0.1.0" "write" (func (param i32 i32 i32))))"#;

/// The contract's types, as a section behind a module: they are read from
/// their text once and not for each.
static RULES_TYPES: LazyLock<Vec<u8>> = LazyLock::new(|| types("rule-set"));
static ADAPTER_TYPES: LazyLock<Vec<u8>> = LazyLock::new(|| types("format-adapter"));

fn types(world: &str) -> Vec<u8> {
    let mut sources = SourceMap::new();
    CONTRACT_SOURCES.into_iter().for_each(|(file, text)| sources.push_str(file, text));
    let mut resolve = Resolve::default();
    let package = resolve.push_group(sources.parse().map_err(|(_, error)| error).unwrap()).unwrap();
    let world = resolve.select_world(&[package], Some(world)).unwrap();
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    module.split_off(8)
}

/// How many bytes of chance a module is made of.
const CHANCE: usize = 2_048;
/// Wall time that all calls of a plugin may take. Fuel ends them within
/// milliseconds on a machine that has nothing else to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// The number's own sequence of random bytes.
fn chance(number: u64) -> Vec<u8> {
    let block = |part: u64| *Digest::of_pieces([&number.to_le_bytes()[..], &part.to_le_bytes()]).as_bytes();
    (0..CHANCE as u64 / 32).flat_map(block).collect()
}

/// A random component, every other one an adapter.
fn component(number: u64) -> Result<Vec<u8>, String> {
    let adapter = number.is_multiple_of(2);
    let config = Config {
        exports: Some(wat::parse_str(if adapter { ADAPTER } else { RULES }).unwrap()),
        available_imports: Some(wat::parse_str(IMPORTS).unwrap()),
        max_imports: 4,
        max_funcs: 8,
        max_instructions: 60,
        max_memories: 0,
        max_tables: 1,
        relaxed_simd_enabled: false,
        max_table_elements: 1_000,
        max_data_segments: 4,
        max_element_segments: 2,
        max_memory32_bytes: 8 << 20,
        memory64_enabled: false,
        threads_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        // The engine is built without a garbage collector.
        reference_types_enabled: false,
        custom_page_sizes_enabled: false,
        allow_start_export: number.is_multiple_of(8),
        ..Config::default()
    };
    let bytes = chance(number);
    let module = Module::new(config, &mut Unstructured::new(&bytes)).map_err(|error| error.to_string())?;
    let mut module = with_allocator(&module.to_bytes());
    module.extend_from_slice(if adapter { &ADAPTER_TYPES } else { &RULES_TYPES });
    let component = encode(&module).map_err(|error| error.to_string())?;
    Ok(seal(component, if adapter { ADAPTER_MANIFEST } else { RULES_MANIFEST }))
}

/// The module with a `cabi_realloc` that gives fresh pages: without one that
/// works the host would not get as far as calling with arguments. Types,
/// functions and exports are added behind all others, so no index changes.
fn with_allocator(module: &[u8]) -> Vec<u8> {
    const TYPE: &[u8] = &[0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f];
    // (i32.shl (memory.grow (i32.shr_u (i32.add (local.get 3) (i32.const 65535)) (i32.const 16))) (i32.const 16))
    const BODY: &[u8] =
        &[17, 0, 0x20, 3, 0x41, 0xff, 0xff, 3, 0x6a, 0x41, 16, 0x76, 0x40, 0, 0x41, 16, 0x74, 0x0b];
    let (mut types, mut functions) = (0, 0);
    let mut out = module[..8].to_vec();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.expect("wasm-smith makes valid modules");
        let Some((id, range)) = payload.as_section() else { continue };
        let added = match &payload {
            Payload::TypeSection(section) => {
                types = section.count();
                TYPE.to_vec()
            }
            Payload::ImportSection(section) => {
                functions += section.count();
                Vec::new()
            }
            Payload::FunctionSection(section) => {
                functions += section.count();
                leb128(types)
            }
            Payload::ExportSection(_) => [b"\x0ccabi_realloc\0", &*leb128(functions)].concat(),
            Payload::CodeSectionStart { .. } => BODY.to_vec(),
            _ => Vec::new(),
        };
        let content = &module[range];
        let content = if added.is_empty() { content.to_vec() } else { one_more(content, &added) };
        out.push(id);
        out.extend(leb128(u32::try_from(content.len()).expect("a small module")));
        out.extend(content);
    }
    out
}

/// A section's content with one more entry.
fn one_more(content: &[u8], entry: &[u8]) -> Vec<u8> {
    let length = 1 + content.iter().position(|byte| byte & 0x80 == 0).expect("a count ends");
    let digits = content[..length].iter().rev();
    let count = digits.fold(0, |count, byte| count << 7 | u32::from(byte & 0x7f));
    [&leb128(count + 1), &content[length..], entry].concat()
}

fn leb128(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// What became of the plugins: how each ended, and how many of them the host
/// certainly called.
#[derive(Default)]
struct Tally {
    endings: BTreeMap<String, u64>,
    called: u64,
}

impl Tally {
    fn count(&mut self, ending: impl Into<String>) {
        *self.endings.entry(ending.into()).or_default() += 1;
    }

    fn add(&mut self, other: Self) {
        self.called += other.called;
        for (ending, count) in other.endings {
            *self.endings.entry(ending).or_default() += count;
        }
    }
}

/// Has one plugin do all it can do.
fn run(bench: &Bench, number: u64, tally: &mut Tally) {
    let component = match component(number) {
        Ok(component) => component,
        Err(_) => return tally.count("not made a component"),
    };
    let plugin = match bench.load(&component) {
        Ok(plugin) => plugin,
        Err(_) => return tally.count("refused when loaded"),
    };
    let (engine, begun) = (&bench.engine, Instant::now());
    let format = "hostile-format";
    let mut endings = vec![engine.describe(&plugin).err()];
    if number.is_multiple_of(2) {
        endings.push(engine.recognise(&plugin, b"<message/>").err());
        endings.push(engine.read(&plugin, b"<message/>", format).err());
        endings.push(engine.write(&plugin, &Document::default(), format).err());
    } else {
        endings.push(engine.verify(&plugin, &case(), &tables()).err());
    }
    assert!(begun.elapsed() < PATIENCE, "plugin {number} ran for {:?}", begun.elapsed());
    tally.called += u64::from(endings.iter().any(in_its_code));
    for ending in endings {
        assert!(!matches!(ending, Some(Failure::Unavailable { .. })), "plugin {number}: {ending:?}");
        tally.count(ending.map_or("answered", |failure| failure.code()));
    }
}

/// Whether a call certainly got as far as the function that was called. A trap
/// out of bounds may also come from data that do not fit the memory.
fn in_its_code(ending: &Option<Failure>) -> bool {
    match ending {
        Some(Failure::Trap { reason }) => !reason.contains("out of bounds"),
        Some(Failure::Memory { .. } | Failure::Unavailable { .. }) => false,
        _ => true,
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|e| panic!("{name}: {e}")))
}

#[test]
#[expect(clippy::print_stderr, reason = "the counts are what the test is run for")]
fn random_plugins_are_refused_or_run_within_limits() {
    let only = setting("ECERT_RANDOM_PLUGIN");
    let count = setting("ECERT_RANDOM_PLUGINS").unwrap_or(2_000);
    let numbers = only.map_or(0..count, |number| number..number + 1);
    let (next, last) = (AtomicU64::new(numbers.start), numbers.end);
    let work = || {
        let (bench, mut tally) = (Bench::new(), Tally::default());
        let compiled = bench.cache.path().join("compiled");
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= last {
                break tally;
            }
            let ran =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&bench, number, &mut tally)));
            assert!(ran.is_ok(), "plugin {number} went wrong: ECERT_RANDOM_PLUGIN={number} runs it alone");
            for file in std::fs::read_dir(&compiled).unwrap() {
                std::fs::remove_file(file.unwrap().path()).unwrap();
            }
        }
    };
    // What the engines take once for all is not counted as growth.
    drop((Bench::new(), Bench::new()));
    let before = memory::own();
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.into_iter().for_each(|thread| tally.add(thread.join().unwrap()));
    });
    let grown = memory::own().now.saturating_sub(before.now);
    eprintln!("{} called; {:?}; {} MiB more", tally.called, tally.endings, grown >> 20);
    assert!(grown < 64 << 20, "{} MiB more than before", grown >> 20);
    if only.is_none() {
        assert!(tally.called * 2 >= count, "{} of {count} were called: {:?}", tally.called, tally.endings);
        Bench::new().assert_sound();
    }
}
