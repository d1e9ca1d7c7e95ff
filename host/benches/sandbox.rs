//! What the sandbox costs: each plugin in it and compiled natively, on the
//! same five-line pair, in processor time of the calling thread.
//!
//! `cargo xtask plugins`, then `cargo bench -p ecert --bench sandbox`;
//! `ECERT_PLUGINS` names the folder of the components.

#[path = "../tests/support/pair.rs"]
mod pair;
#[path = "../tests/support/thread_time.rs"]
mod thread_time;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use certificate_consistency::CertificateConsistency;
use criterion::{Criterion, criterion_group, criterion_main};
use ecert::contract::{NoTables, Tables};
use ecert::engine::{Engine, EngineConfig, Plugin};
use ecert_model::cases::Case;
use ecert_model::documents::Document;
use ecert_model::readings::Reading;
use ecert_sdk::adapter::Adapter;
use pair::{ROOT, case, component, config};
use thread_time::ThreadTime;
use uncefact_sps::UncefactSps;
use wco_declaration::WcoDeclaration;

struct Pair {
    certificate: Vec<u8>,
    declaration: Vec<u8>,
}

impl Pair {
    fn load() -> Self {
        let read =
            |name: &str| std::fs::read(format!("{ROOT}/examples/messages/bench/{name}-five-lines.xml"));
        Self { certificate: read("certificate").unwrap(), declaration: read("declaration").unwrap() }
    }
}

struct Sandbox {
    engine: Engine,
    sps: Plugin,
    wco: Plugin,
    consistency: Plugin,
    tables: Arc<dyn Tables>,
    config: EngineConfig,
    files: Vec<Vec<u8>>,
}

impl Sandbox {
    fn load() -> Self {
        let config = config(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-compiled"));
        let engine = Engine::new(&config).unwrap();
        let files: Vec<_> =
            ["uncefact-sps", "wco-declaration", "certificate-consistency"].map(component).into();
        let plugin = |file: &[u8]| engine.load(file).unwrap();
        Self {
            sps: plugin(&files[0]),
            wco: plugin(&files[1]),
            consistency: plugin(&files[2]),
            tables: Arc::new(NoTables),
            engine,
            config,
            files,
        }
    }
}

fn format_of(plugin: &Plugin, engine: &Engine, message: &[u8]) -> String {
    engine.recognise(plugin, message).unwrap().output.expect("the message is of a known format").format
}

/// The case that the host makes of both messages.
fn case_of(certificate: &Reading, declaration: &Reading) -> Case {
    let Some(Document::Certificate(certificate)) = certificate.documents.first() else {
        panic!("no certificate")
    };
    let Some(Document::Declaration(declaration)) = declaration.documents.first() else {
        panic!("no declaration")
    };
    case(certificate, declaration)
}

fn sandbox(criterion: &mut Criterion<ThreadTime>) {
    let (pair, host) = (Pair::load(), Sandbox::load());
    let Sandbox { engine, sps, wco, consistency, tables, .. } = &host;
    let sps_format = format_of(sps, engine, &pair.certificate);
    let wco_format = format_of(wco, engine, &pair.declaration);
    let read = |plugin, message: &[u8], format: &str| engine.read(plugin, message, format).unwrap().output;
    let certificate = read(sps, &pair.certificate, &sps_format);
    let declaration = read(wco, &pair.declaration, &wco_format);
    assert_eq!(certificate, UncefactSps::read(&pair.certificate, &sps_format), "the same reading natively");
    let five = case_of(&certificate, &declaration);
    let judged = engine.verify(consistency, &five, tables).unwrap();
    let native =
        |case: &Case| ecert_sdk::rules::run::<CertificateConsistency>(case, &ecert_sdk::tables::NoTables);
    assert_eq!(judged.output, native(&five), "the same report natively");

    let mut group = criterion.benchmark_group("rules");
    group.bench_function("native", |b| b.iter(|| native(black_box(&five))));
    group.bench_function("native-cloned", |b| b.iter(|| native(black_box(&five.clone()))));
    group.bench_function("sandboxed", |b| {
        b.iter(|| engine.verify(consistency, black_box(&five), tables).unwrap())
    });
    group.finish();

    let mut group = criterion.benchmark_group("reading");
    group.bench_function("sps-native", |b| {
        b.iter(|| UncefactSps::read(black_box(&pair.certificate), &sps_format))
    });
    group
        .bench_function("sps-sandboxed", |b| b.iter(|| read(sps, black_box(&pair.certificate), &sps_format)));
    group.bench_function("wco-native", |b| {
        b.iter(|| WcoDeclaration::read(black_box(&pair.declaration), &wco_format))
    });
    group
        .bench_function("wco-sandboxed", |b| b.iter(|| read(wco, black_box(&pair.declaration), &wco_format)));
    group.finish();

    let mut group = criterion.benchmark_group("call");
    group.bench_function("describe", |b| b.iter(|| engine.describe(consistency).unwrap()));
    group.bench_function("both-messages-to-report", |b| {
        b.iter(|| {
            let certificate = read(sps, &pair.certificate, &sps_format);
            let declaration = read(wco, &pair.declaration, &wco_format);
            engine.verify(consistency, &case_of(&certificate, &declaration), tables).unwrap()
        })
    });
    group.finish();
}

/// Starting an engine and loading every plugin, compiled before. By the
/// clock, since several threads could take part.
fn start(criterion: &mut Criterion<ThreadTime>) {
    let host = Sandbox::load();
    criterion.benchmark_group("start").sample_size(20).bench_function("engine-and-plugins-from-cache", |b| {
        b.iter_custom(|times| {
            let started = Instant::now();
            for _ in 0..times {
                let engine = Engine::new(&host.config).unwrap();
                host.files.iter().for_each(|file| drop(black_box(engine.load(file).unwrap())));
            }
            started.elapsed()
        })
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ThreadTime);
    targets = sandbox, start
}
criterion_main!(benches);
