//! What hostile plugins can do: nothing but fail, each in its own way, and the
//! next call is as good as the first.

mod support;

use ecert::contract::MalformedComponent;
use ecert::engine::{CompileError, Failure, LoadError};
use ecert::registry::{AssembleError, assemble, encode, seal};
use support::{Bench, RULES_MANIFEST, case, module, rules, tables};

const IMPORT_LOOKUP: &str = r#"(import "ecert:plugin/reference@0.1.0" "lookup"
    (func $lookup (param i32 i32 i32 i32 i32 i32 i32 i32)))"#;
const IMPORT_LOG: &str = r#"(import "ecert:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32)))"#;

fn invalid(bench: &Bench, body: &str) -> String {
    match bench.verify(body) {
        Err(Failure::InvalidOutput { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_endless_loop_ends_with_its_fuel() {
    let bench = Bench::new();
    let failure = bench.verify("(loop $again (br $again)) unreachable").unwrap_err();
    assert!(matches!(failure, Failure::Fuel { .. }), "{failure}");
    bench.assert_sound();
}

#[test]
fn an_endless_loop_in_start_code_ends_with_its_fuel() {
    let bench = Bench::new();
    let start = "(func $start (loop $again (br $again))) (start $start)";
    let failure = bench.verify_module(start, "i32.const 512").unwrap_err();
    assert!(matches!(failure, Failure::Fuel { .. }), "{failure}");
    bench.assert_sound();
}

#[test]
fn growing_memory_ends_at_the_limit() {
    let bench = Bench::new();
    let failure = bench.verify("(loop $again (drop (memory.grow (i32.const 16))) (br $again)) unreachable");
    assert!(matches!(failure, Err(Failure::Memory { limit, asked }) if asked > limit), "{failure:?}");
    bench.assert_sound();
}

#[test]
fn growing_a_table_ends_at_the_limit() {
    let bench = Bench::new();
    let table = "(table $t 1 funcref)";
    let body =
        "(loop $again (drop (table.grow $t (ref.null func) (i32.const 65536))) (br $again)) unreachable";
    let failure = bench.verify_module(table, body).unwrap_err();
    assert!(matches!(failure, Failure::Memory { .. }), "{failure}");
    bench.assert_sound();
}

#[test]
fn deep_recursion_ends_with_the_stack() {
    let bench = Bench::new();
    let recursion =
        "(func $down (param i32) (result i32) (i32.add (call $down (local.get 0)) (i32.const 1)))";
    let failure = bench.verify_module(recursion, "(call $down (i32.const 0))").unwrap_err();
    assert!(matches!(failure, Failure::Stack), "{failure}");
    bench.assert_sound();
}

#[test]
fn a_trap_is_told_with_its_reason() {
    let bench = Bench::new();
    let Err(Failure::Trap { reason }) = bench.verify("unreachable") else { panic!() };
    assert!(reason.contains("unreachable"), "{reason}");
    let Err(Failure::Trap { reason }) = bench.verify("(i32.div_u (i32.const 1) (i32.const 0))") else {
        panic!()
    };
    assert!(reason.contains("divide by zero"), "{reason}");
    bench.assert_sound();
}

#[test]
fn an_answer_too_large_to_take_over_is_left() {
    let bench = Bench::new();
    // A million outcomes in 16 MiB of zeros.
    let body = "(drop (memory.grow (i32.const 254)))
        (i32.store (i32.const 512) (i32.const 65536)) (i32.store (i32.const 516) (i32.const 1000000))
        i32.const 512";
    let failure = bench.verify(body).unwrap_err();
    assert!(matches!(failure, Failure::Output { .. }), "{failure}");
    bench.assert_sound();
}

#[test]
fn pointers_out_of_bounds_are_refused() {
    let bench = Bench::new();
    let body = "(i32.store (i32.const 512) (i32.const 65528)) (i32.store (i32.const 516) (i32.const 9)) i32.const 512";
    assert!(matches!(bench.verify(body), Err(Failure::InvalidOutput { .. } | Failure::Trap { .. })));
    assert!(matches!(
        bench.verify("i32.const -4"),
        Err(Failure::InvalidOutput { .. } | Failure::Trap { .. })
    ));
    assert!(matches!(
        bench.verify("i32.const 513"),
        Err(Failure::InvalidOutput { .. } | Failure::Trap { .. })
    ));
    bench.assert_sound();
}

#[test]
fn text_that_is_no_utf8_is_refused() {
    let bench = Bench::new();
    let functions = "(func (export \"ecert:plugin/rules@0.1.0#verify\") (param i32) (result i32)
        (i32.store8 (i32.const 1024) (i32.const 255)) i32.const 512)
        (func $spoil (i32.store8 (i32.const 1024) (i32.const 255))) (start $spoil)";
    let component = encode(&module("rules", RULES_MANIFEST, "", functions)).unwrap();
    let plugin = bench.load(&seal(component, RULES_MANIFEST)).unwrap();
    let failure = bench.engine.describe(&plugin).unwrap_err();
    assert!(matches!(failure, Failure::InvalidOutput { .. } | Failure::Trap { .. }), "{failure}");
    bench.assert_sound();
}

/// Lays out one outcome at 600: rule, item (none or some), verdict.
fn outcome(rule: u16, item: Option<u32>, verdict: u8) -> String {
    let (some, item) = (u8::from(item.is_some()), item.unwrap_or_default());
    format!(
        "(i32.store (i32.const 512) (i32.const 600)) (i32.store (i32.const 516) (i32.const 1))
         (i32.store16 (i32.const 600) (i32.const {rule}))
         (i32.store8 (i32.const 604) (i32.const {some})) (i32.store (i32.const 608) (i32.const {item}))
         (i32.store8 (i32.const 612) (i32.const {verdict}))"
    )
}

/// Lays out one finding at 700 that says of itself only rule, item and one
/// place in the declaration.
fn finding(rule: u16, item: u32, place: u32) -> String {
    format!(
        "(i32.store (i32.const 520) (i32.const 700)) (i32.store (i32.const 524) (i32.const 1))
         (i32.store16 (i32.const 700) (i32.const {rule}))
         (i32.store8 (i32.const 704) (i32.const 1)) (i32.store (i32.const 708) (i32.const {item}))
         (i32.store (i32.const 748) (i32.const 800)) (i32.store (i32.const 752) (i32.const 1))
         (i32.store (i32.const 800) (i32.const {place}))"
    )
}

#[test]
fn indexes_out_of_range_are_refused() {
    let bench = Bench::new();
    let passed = bench.verify(&format!("{} i32.const 512", outcome(0, Some(0), 0))).unwrap();
    assert_eq!(passed.output.outcomes.len(), 1);
    let reason = invalid(&bench, &format!("{} i32.const 512", outcome(2, Some(0), 0)));
    assert!(reason.contains("rule 2"), "{reason}");
    let reason = invalid(&bench, &format!("{} i32.const 512", outcome(0, Some(1), 0)));
    assert!(reason.contains("not due"), "{reason}");
    let reason = invalid(&bench, &format!("{} i32.const 512", outcome(0, None, 0)));
    assert!(reason.contains("not judged on the declaration"), "{reason}");
    // Verdict 9 does not exist.
    assert!(matches!(
        bench.verify(&format!("{} i32.const 512", outcome(0, Some(0), 9))),
        Err(Failure::InvalidOutput { .. } | Failure::Trap { .. })
    ));
    // The rule has one need; this claims that number 1 was missing.
    let lacking =
        format!("{} (i32.store16 (i32.const 614) (i32.const 1)) i32.const 512", outcome(0, Some(0), 3));
    let reason = invalid(&bench, &lacking);
    assert!(reason.contains("no need 1"), "{reason}");
    bench.assert_sound();
}

#[test]
fn findings_must_belong_to_a_failed_rule_and_a_known_place() {
    let bench = Bench::new();
    let failed = outcome(0, Some(0), 1);
    let good = bench.verify(&format!("{failed} {} i32.const 512", finding(0, 0, 0))).unwrap();
    assert_eq!(good.output.findings.len(), 1);
    let reason = invalid(&bench, &format!("{failed} {} i32.const 512", finding(0, 0, 77)));
    assert!(reason.contains("place 77"), "{reason}");
    let reason = invalid(&bench, &format!("{failed} {} i32.const 512", finding(0, 1, 0)));
    assert!(reason.contains("not due"), "{reason}");
    let reason = invalid(&bench, &format!("{} {} i32.const 512", outcome(0, Some(0), 0), finding(0, 0, 0)));
    assert!(reason.contains("not `failed`"), "{reason}");
    bench.assert_sound();
}

#[test]
fn a_flood_of_lookups_ends_with_the_fuel_and_a_few_are_recorded() {
    let bench = Bench::new();
    // One key of one column, "", in the table "codes" (written at 900).
    let call = "(call $lookup (i32.const 900) (i32.const 5) (i32.const 920) (i32.const 1)
        (i32.const 2026) (i32.const 1) (i32.const 1) (i32.const 960))";
    let more = format!(
        "{IMPORT_LOOKUP} (data (i32.const 900) \"codes\") (data (i32.const 920) \"\\a0\\03\\00\\00\\01\\00\\00\\00\")"
    );
    let run = bench.verify_module(&more, &format!("{call} {call} i32.const 512")).unwrap();
    assert_eq!(run.lookups.len(), 2);
    assert_eq!((&*run.lookups[0].table, &run.lookups[0].keys), ("codes", &vec![vec![String::new()]]));
    let flood = bench.verify_module(&more, &format!("(loop $again {call} (br $again)) unreachable"));
    assert!(matches!(flood, Err(Failure::Fuel { .. })), "{flood:?}");
    bench.assert_sound();
}

#[test]
fn a_flood_of_log_messages_is_cut_off() {
    let bench = Bench::new();
    let write = "(call $log (i32.const 2) (i32.const 1024) (i32.const 4))";
    let body = format!(
        "(local $n i32) (loop $again {write} (local.set $n (i32.add (local.get $n) (i32.const 1)))
         (br_if $again (i32.lt_u (local.get $n) (i32.const 1000)))) i32.const 512"
    );
    let run = bench.verify_module(IMPORT_LOG, &body).unwrap();
    assert_eq!((run.log.len(), run.log_dropped), (64, 936));
    let failure = bench.verify_module(IMPORT_LOG, &format!("(loop $again {write} (br $again)) unreachable"));
    assert!(matches!(failure, Err(Failure::Fuel { .. })), "{failure:?}");
    bench.assert_sound();
}

#[test]
fn what_is_no_plugin_is_refused_before_anything_runs() {
    let bench = Bench::new();
    let core = module("rules", RULES_MANIFEST, "", "");
    let refused = |bytes: &[u8]| match bench.load(bytes) {
        Err(LoadError::Malformed(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&core), MalformedComponent::CoreModule);
    let foreign = wat::parse_str("(component (import \"wasi:clocks/wall-clock@0.2.0\" (instance)))").unwrap();
    assert_eq!(refused(&foreign), MalformedComponent::NoSection("ecert:contract"));
    let foreign = seal(foreign, RULES_MANIFEST);
    assert_eq!(refused(&foreign), MalformedComponent::NoExport("ecert:plugin/rules@0.1.0"));
    let good = rules("", "i32.const 512");
    let twice = seal(good.clone(), RULES_MANIFEST);
    assert_eq!(refused(&twice), MalformedComponent::TwoSections("ecert:contract"));
    // Cut off anywhere, it is refused, by whichever check meets it first.
    for length in (0..good.len()).step_by(good.len() / 20) {
        assert!(bench.load(&good[..length]).is_err(), "{length} bytes");
    }
    bench.assert_sound();
}

#[test]
fn imports_beyond_the_contract_are_refused() {
    let bench = Bench::new();
    let clock = r#"(import "wasi:clocks/wall-clock@0.2.0" "now" (func (param i32)))"#;
    let functions =
        "(func (export \"ecert:plugin/rules@0.1.0#verify\") (param i32) (result i32) i32.const 512)";
    let with_clock = module("rules", RULES_MANIFEST, clock, functions);
    assert!(matches!(assemble(&bench.engine, &with_clock), Err(AssembleError::Encode(_))));
    let component = "(component
        (import \"wasi:clocks/wall-clock@0.2.0\" (instance $clock))
        (instance $rules)
        (export \"ecert:plugin/rules@0.1.0\" (instance $rules)))";
    let refused = bench.load(&seal(wat::parse_str(component).unwrap(), RULES_MANIFEST)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "imports `wasi:clocks/wall-clock@0.2.0`, which the contract does not offer this kind of plugin"
    );
    bench.assert_sound();
}

#[test]
fn exports_of_another_type_are_refused() {
    let bench = Bench::new();
    let component = "(component (instance $rules) (export \"ecert:plugin/rules@0.1.0\" (instance $rules)))";
    let refused = bench.load(&seal(wat::parse_str(component).unwrap(), RULES_MANIFEST)).unwrap_err();
    assert!(matches!(&refused, LoadError::Interface(reason) if reason.contains("`describe`")), "{refused}");
}

#[test]
fn flipped_bits_are_refused_or_run_within_limits() {
    let bench = Bench::new();
    let good = rules("", "i32.const 512");
    for number in 0..24 {
        let mut bytes = good.clone();
        let at = number * bytes.len() / 24 + 9;
        bytes[at] ^= 1 << (number % 8);
        if let Ok(plugin) = bench.load(&bytes) {
            let _ = bench.engine.verify(&plugin, &case(), &tables());
        }
    }
    bench.assert_sound();
}

#[test]
fn a_component_that_takes_too_long_to_compile_is_given_up() {
    let bench = Bench::with(|mut config| {
        config.compile_time = std::time::Duration::from_millis(20);
        config
    });
    let sums = "(i32.add (local.get 0) (i32.mul (local.get 0) ".repeat(900);
    let body = format!("(local.set 0 {sums} (i32.const 1){})", "))".repeat(900));
    let bomb: String = (0..200).map(|number| format!("(func $f{number} (param i32) {body})")).collect();
    match bench.load(&rules(&bomb, "i32.const 512")) {
        Err(LoadError::Compile(CompileError::Limit(reason))) => {
            assert!(reason.contains("stopped after"), "{reason}")
        }
        other => panic!("{other:?}"),
    }
    let patient = Bench::new();
    patient.assert_sound();
}

#[test]
fn compiled_code_is_found_again_and_damage_is_noticed() {
    let bench = Bench::new();
    let component = rules("", "i32.const 512");
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
    let functions =
        "(func (export \"ecert:plugin/rules@0.1.0#verify\") (param i32) (result i32) i32.const 512)";
    let (component, inspection) =
        assemble(&bench.engine, &module("rules", RULES_MANIFEST, "", functions)).unwrap();
    assert_eq!(inspection.manifest_text, RULES_MANIFEST);
    assert_eq!(inspection.exports, ["ecert:plugin/rules@0.1.0"]);
    assert_eq!(bench.load(&component).unwrap().manifest().name, "hostile");
}
