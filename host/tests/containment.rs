//! What hostile plugins can do: nothing but fail, each in its own way, in
//! bounded time and memory, and the next call is as good as the first.
//!
//! The sources lie in `tests/hostile`; the snapshots say of each what stops it
//! and what its author is told.

mod support;

#[path = "support/good.rs"]
mod good;
#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/memory.rs"]
mod memory;
#[allow(dead_code, reason = "its settings of an engine are for others")]
#[path = "support/pair.rs"]
mod pair;

use std::fmt::Write as _;
use std::io::{Seek as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ecert::engine::{CompileError, Failure, LoadError, Plugin};
use ecert::intake::read::{Declared, read};
use ecert::registry::{AssembleError, assemble};
use ecert_model::documents::Document;
use ecert_model::manifest::Kind;
use good::Good;
use hostile::{Folder, LARGE};
use support::{Bench, RULES_MANIFEST, case, module, rules, tables};

const MIB: u64 = 1 << 20;

/// Hostile in intent only: what they do to themselves does no harm.
const HARMLESS: [&str; 2] = ["realloc-null", "realloc-overlapping"];

/// What stops a component, and in which words.
fn meet(bench: &Bench, component: &[u8]) -> Result<(), String> {
    let plugin = bench.load(component).map_err(|error| match error {
        LoadError::Malformed(reason) => format!("file: {reason}"),
        LoadError::Compile(reason) => format!("compiler: {reason}"),
        other => format!("types: {other}"),
    })?;
    let described = bench.engine.describe(&plugin).map_err(|failure| format!("describe: {failure}"))?;
    if described.output != plugin.inspection().manifest_text {
        return Err("describe: it says another manifest than its section".into());
    }
    match plugin.manifest().kind {
        Kind::RuleSet => {
            bench
                .engine
                .verify(&plugin, &case(), &tables())
                .map_err(|failure| format!("verify: {failure}"))?;
        }
        Kind::FormatAdapter => adapt(bench, plugin)?,
    }
    Ok(())
}

/// Has an adapter do all it can do, by the way that messages take.
fn adapt(bench: &Bench, plugin: Plugin) -> Result<(), String> {
    const MESSAGE: &[u8] = b"<message/>";
    bench.engine.recognise(&plugin, MESSAGE).map_err(|failure| format!("recognise: {failure}"))?;
    bench
        .engine
        .write(&plugin, &Document::default(), "hostile-format")
        .map_err(|failure| format!("write: {failure}"))?;
    let declared = Declared { format: Some("hostile-format"), ..Declared::default() };
    match read(&bench.engine, &[plugin.into()], MESSAGE, declared) {
        Ok(_) => Ok(()),
        Err(reason) => Err(format!("read: {reason}")),
    }
}

/// What `ecert plugin` tells the author: of a core module when it is made a
/// component, of a component when it is looked at, and where there is no
/// objection to that, when it is run.
fn author(folder: Folder, name: &str, component: &[u8]) -> String {
    let work = tempfile::tempdir().unwrap();
    let write = |file: &str, bytes: &[u8]| std::fs::write(work.path().join(file), bytes).unwrap();
    let made = matches!(folder, Folder::Rules | Folder::Adapters);
    let looked = if made {
        write("core.wasm", &folder.core(name));
        tool(&work, &["build", "--core", "core.wasm"])
    } else {
        write("plugin.wasm", component);
        tool(&work, &["inspect", "plugin.wasm"])
    };
    if !made || looked.is_some() {
        return looked.unwrap_or_else(|| "no objection".into());
    }
    write("case.json", &serde_json::to_vec(&case()).unwrap());
    let component = format!("{name}.component.wasm");
    tool(&work, &["run", "--path", &component, "case.json"]).unwrap_or_else(|| "no objection".into())
}

/// What `ecert plugin` objects to, if it does.
fn tool(folder: &tempfile::TempDir, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecert"));
    let output = command.current_dir(folder).arg("plugin").args(arguments).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    (!output.status.success()).then(|| told.trim().replace('\n', "\n          "))
}

/// Meets one component after the other, each in bounded time and memory, and
/// asserts after each that the good plugins are right.
fn meet_all(folder: Folder) -> String {
    let bench = Bench::new();
    let good = Good::new(&bench.engine);
    good.assert_right(&bench.engine);
    let mut told = String::new();
    for name in folder.names() {
        let component = folder.component(&name);
        memory::forget_peak(std::process::id());
        let (before, begun) = (memory::own(), Instant::now());
        let met = meet(&bench, &component);
        let (took, grown) = (begun.elapsed(), memory::own().peak.saturating_sub(before.now));
        assert!(took < Duration::from_secs(10), "{name}: {took:?}");
        assert!(grown < 64 * MIB, "{name}: {} MiB", grown / MIB);
        good.assert_right(&bench.engine);
        assert_eq!(met.is_ok(), HARMLESS.contains(&name.as_str()), "{name}: {met:?}");
        let met = met.err().unwrap_or_else(|| "nothing: it does no harm".into());
        let author = author(folder, &name, &component);
        writeln!(told, "{name}\n  host    {met}\n  author  {author}").unwrap();
    }
    told
}

#[test]
fn hostile_rule_sets_are_contained() {
    insta::assert_snapshot!(meet_all(Folder::Rules));
}

#[test]
fn hostile_adapters_are_contained() {
    insta::assert_snapshot!(meet_all(Folder::Adapters));
}

#[test]
fn hostile_components_are_contained() {
    insta::assert_snapshot!(meet_all(Folder::Components));
}

#[test]
fn lying_manifests_are_refused() {
    insta::assert_snapshot!(meet_all(Folder::Manifests));
}

/// The same for components that are large: the host keeps no more of them
/// than a few times their size, and the compiler stays within its limits.
#[test]
fn oversized_components_are_contained() {
    let bench = Bench::with(|mut config| {
        config.compile_time = Duration::from_secs(20);
        config
    });
    let good = Good::new(&bench.engine);
    let mut told = String::new();
    for (name, make) in LARGE {
        let component = make();
        memory::forget_peak(std::process::id());
        let (before, begun) = (memory::own(), Instant::now());
        let met = meet(&bench, &component);
        let (took, grown) = (begun.elapsed(), memory::own().peak.saturating_sub(before.now));
        assert!(took < Duration::from_secs(25), "{name}: {took:?}");
        assert!(grown < 256 * MIB, "{name}: {} MiB", grown / MIB);
        good.assert_right(&bench.engine);
        // Which of the compiler's limits ends it, time or memory, depends on
        // the machine.
        let met = met.unwrap_err();
        let limit = "compiling it takes too much";
        let met = met.find(limit).map_or(&*met, |at| &met[..at + limit.len()]);
        writeln!(told, "{name}\n  host    {met}").unwrap();
    }
    insta::assert_snapshot!(told);
}

/// The compiler dies of a component like this before it has taken two GiB.
#[test]
fn a_compile_bomb_stays_within_the_memory_of_the_compiler() {
    let (_, bomb) = LARGE.into_iter().find(|(name, _)| *name == "function-of-a-million-calls").unwrap();
    let mut source = tempfile::tempfile().unwrap();
    source.write_all(&bomb()).unwrap();
    source.rewind().unwrap();
    let mut compiler = Command::new(env!("CARGO_BIN_EXE_ecert"));
    compiler.arg("compile").stdin(source).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = compiler.spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        peak = memory::resident(child.id()).map_or(peak, |resident| resident.peak.max(peak));
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    assert!(!status.success());
    assert!(peak > 100 * MIB && peak < 2048 * MIB, "{} MiB", peak / MIB);
}

#[test]
fn a_flood_of_log_messages_is_cut_off() {
    let bench = Bench::new();
    let run = bench
        .verify(
            r#"(import "ecert:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32)))
            (func (export "ecert:plugin/rules@0.1.0#verify") (param i32) (result i32)
              (local $n i32)
              (loop $again
                (call $log (i32.const 2) (i32.const 1024) (i32.const 4))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $n) (i32.const 1000))))
              i32.const 512)"#,
        )
        .unwrap();
    assert_eq!((run.log.len(), run.log_dropped), (64, 936));
    bench.assert_sound();
}

/// What a rule set looks up is recorded, and a case of many items is given
/// much fuel: the record has a limit of its own.
#[test]
fn a_flood_of_lookups_with_long_keys_ends_before_the_record_is_large() {
    let bench = Bench::new();
    let good = Good::new(&bench.engine);
    let plugin = bench.load(&Folder::Rules.component("lookup-long-keys")).unwrap();
    let mut large = case();
    large.declaration.items.resize(10_000, Default::default());
    memory::forget_peak(std::process::id());
    let before = memory::own();
    let failure = bench.engine.verify(&plugin, &large, &tables()).unwrap_err();
    let grown = memory::own().peak.saturating_sub(before.now);
    assert_eq!(failure, Failure::Output { limit: 64 * MIB });
    assert!(grown < 256 * MIB, "{} MiB", grown / MIB);
    good.assert_right(&bench.engine);
}

#[test]
fn what_is_cut_off_is_refused() {
    let bench = Bench::new();
    let good = rules("");
    for length in (0..good.len()).step_by(good.len() / 40) {
        assert!(bench.load(&good[..length]).is_err(), "{length} bytes");
    }
    bench.assert_sound();
}

#[test]
fn flipped_bits_are_refused_or_run_within_limits() {
    let bench = Bench::new();
    let good = rules("");
    let (mut refused, mut ran) = (0, 0);
    for number in 0..48 {
        let mut bytes = good.clone();
        let at = 9 + number * (bytes.len() - 9) / 48;
        bytes[at] ^= 1 << (number % 8);
        match bench.load(&bytes) {
            Err(_) => refused += 1,
            Ok(plugin) => {
                ran += 1;
                // Whatever it says is an answer or a failure.
                let _ = bench.engine.verify(&plugin, &case(), &tables());
            }
        }
    }
    assert!(refused > 0 && ran > 0, "{refused} refused, {ran} ran");
    bench.assert_sound();
}

#[test]
fn imports_beyond_the_contract_are_refused_when_building() {
    let bench = Bench::new();
    let clock = r#"(import "wasi:clocks/wall-clock@0.2.0" "now" (func (param i32)))"#;
    let refused = assemble(&bench.engine, &module("rules", RULES_MANIFEST, clock)).unwrap_err();
    assert!(matches!(&refused, AssembleError::Encode(reason) if reason.contains("wasi:clocks")), "{refused}");
    bench.assert_sound();
}

#[test]
fn a_component_that_takes_too_long_to_compile_is_given_up() {
    let bench = Bench::with(|mut config| {
        config.compile_time = Duration::from_millis(20);
        config
    });
    let sums = "(i32.add (local.get 0) (i32.mul (local.get 0) ".repeat(900);
    let body = format!("(local.set 0 {sums} (i32.const 1){})", "))".repeat(900));
    let bomb: String = (0..200).map(|number| format!("(func $f{number} (param i32) {body})")).collect();
    match bench.load(&rules(&bomb)) {
        Err(LoadError::Compile(CompileError::Limit(reason))) => {
            assert!(reason.contains("stopped after"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    let patient = Bench::new();
    patient.assert_sound();
}

#[test]
fn compiled_code_is_found_again_and_damage_is_noticed() {
    let bench = Bench::new();
    let component = rules("");
    bench.load(&component).unwrap();
    let folder = bench.cache.path().join("compiled");
    let code = || {
        let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        files.into_iter().find(|path| path.extension().is_some_and(|end| end == "code")).unwrap()
    };
    let written = std::fs::metadata(code()).unwrap().modified().unwrap();
    bench.load(&component).unwrap();
    assert_eq!(std::fs::metadata(code()).unwrap().modified().unwrap(), written);
    std::fs::write(code(), b"damaged").unwrap();
    bench.load(&component).unwrap();
    assert_ne!(std::fs::metadata(code()).unwrap().len(), 7);
    bench.assert_sound();
}

#[test]
fn assembling_embeds_what_describe_says() {
    let bench = Bench::new();
    let (component, inspection) = assemble(&bench.engine, &module("rules", RULES_MANIFEST, "")).unwrap();
    assert_eq!(inspection.manifest_text, RULES_MANIFEST);
    assert_eq!(inspection.exports, ["ecert:plugin/rules@0.1.0"]);
    assert_eq!(bench.load(&component).unwrap().manifest().name, "hostile");
}
