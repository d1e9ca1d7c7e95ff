//! What each format adapter reads a second, in the sandbox and natively, and
//! what each rule set takes for a hundred lines. Processor time of the calling
//! thread.
//!
//! `cargo xtask plugins`, then `cargo bench -p ecert --bench catalogue`;
//! `ECERT_PLUGINS` names the folder of the components.

#[path = "../tests/support/pair.rs"]
mod pair;
#[path = "../tests/support/thread_time.rs"]
mod thread_time;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ecert::contract::{NoTables, Tables};
use ecert::engine::{Engine, Plugin};
use ecert_model::certificates::Certificate;
use ecert_model::declarations::Declaration;
use ecert_model::documents::Document;
use ecert_model::manifest::Kind;
use ecert_model::readings::Reading;
use ecert_sdk::adapter::Adapter;
use pair::{ROOT, case, component, config};
use thread_time::ThreadTime;

type Read = fn(&[u8], &str) -> Reading;

/// Adapter, what it is natively, and an example of what it reads.
const ADAPTERS: [(&str, Read, &str); 9] = [
    ("uncefact-sps", uncefact_sps::UncefactSps::read, "bench/certificate-five-lines.xml"),
    ("ippc-hub", ippc_hub::IppcHub::read, "lawful/hub-envelope/certificate.xml"),
    ("traces-nt", traces_nt::TracesNt::read, "clean/entry-document/certificate-1.xml"),
    ("sps-json", sps_json::SpsJson::read, "lawful/certificate-in-json/certificate.json"),
    ("wco-declaration", wco_declaration::WcoDeclaration::read, "bench/declaration-five-lines.xml"),
    ("cn-single-window", cn_single_window::CnSingleWindow::read, "clean/cn-beef/declaration.xml"),
    ("asycuda-sad", asycuda_sad::AsycudaSad::read, "lawful/asycuda-beef/declaration.xml"),
    (
        "ched-clearance-json",
        ched_clearance_json::ChedClearanceJson::read,
        "lawful/clearance-request/declaration.json",
    ),
    ("eaeu-certificate", eaeu_certificate::EaeuCertificate::read, "lawful/eaeu-tulips/certificate.xml"),
];

/// Rule set, and the example whose goods it is about.
const RULE_SETS: [(&str, &str); 14] = [
    ("certificate-consistency", "clean/beef-frozen"),
    ("meat", "clean/beef-frozen"),
    ("dairy", "clean/cheese"),
    ("plants", "clean/oranges"),
    ("bee-products", "clean/honey"),
    ("live-animals", "lawful/animals-counted-as-pieces"),
    ("aquatic", "lawful/fish-frozen-longer-than-needed"),
    ("feed-and-byproducts", "lawful/meal-sterilised-in-kilopascal"),
    ("protocol-new-zealand", "clean/beef-frozen"),
    ("protocol-australia", "clean/beef-chilled"),
    ("protocol-netherlands", "clean/roses"),
    ("protocol-chile", "lawful/cherries-with-long-marks"),
    ("protocol-macao", "lawful/made-and-packed-in-macao"),
    ("document-decision", "clean/beef-frozen"),
];
const LINES: usize = 100;

fn message(path: &str) -> Vec<u8> {
    let path = format!("{ROOT}/examples/messages/{path}");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

struct Host {
    engine: Engine,
    adapters: Vec<Plugin>,
}

impl Host {
    fn load() -> Self {
        let engine =
            Engine::new(&config(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-compiled"))).unwrap();
        let adapters = ADAPTERS.map(|(name, ..)| engine.load(&component(name)).unwrap()).into();
        Self { engine, adapters }
    }

    /// Reads a message by the adapter that recognises it surest.
    fn read(&self, bytes: &[u8]) -> Reading {
        let recognised = self.adapters.iter().filter_map(|adapter| {
            let recognition = self.engine.recognise(adapter, bytes).ok()?.output?;
            Some((recognition.confidence, adapter, recognition.format))
        });
        let (_, adapter, format) = recognised.max_by_key(|(confidence, ..)| *confidence).expect("a format");
        self.engine.read(adapter, bytes, &format).unwrap().output
    }

    /// The documents of an example, one certificate and its declaration, with
    /// their lines repeated until there are a hundred.
    fn example(&self, folder: &str) -> (Certificate, Declaration) {
        let (mut certificate, mut declaration) = (None, None);
        let files = std::fs::read_dir(format!("{ROOT}/examples/messages/{folder}")).expect("an example");
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            for document in self.read(&std::fs::read(&file).unwrap()).documents {
                match document {
                    Document::Certificate(found) => drop(certificate.get_or_insert(found)),
                    Document::Declaration(found) => drop(declaration.get_or_insert(found)),
                    _ => {}
                }
            }
        }
        let (mut certificate, mut declaration) =
            (certificate.expect("a certificate"), declaration.expect("a declaration"));
        repeat(&mut certificate.consignment.lines, |line, number| line.sequence = number);
        repeat(&mut declaration.items, |item, number| item.sequence = number);
        (certificate, declaration)
    }
}

fn repeat<T: Clone>(lines: &mut Vec<T>, number: impl Fn(&mut T, u32)) {
    let original = std::mem::take(lines);
    lines.extend(original.into_iter().cycle().take(LINES));
    for (line, index) in lines.iter_mut().zip(1..) {
        number(line, index);
    }
}

fn adapters(criterion: &mut Criterion<ThreadTime>) {
    let host = Host::load();
    let mut group = criterion.benchmark_group("adapters");
    for (adapter, (name, native, path)) in host.adapters.iter().zip(ADAPTERS) {
        let bytes = message(path);
        let recognised = host.engine.recognise(adapter, &bytes).unwrap().output;
        let format = recognised.unwrap_or_else(|| panic!("{name} does not know {path}")).format;
        let sandboxed = || host.engine.read(adapter, &bytes, &format).unwrap().output;
        assert_eq!(sandboxed(), native(&bytes, &format), "{name}: the same natively");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(format!("{name}/native"), |b| b.iter(|| native(black_box(&bytes), &format)));
        group.bench_function(format!("{name}/sandboxed"), |b| b.iter(|| black_box(sandboxed())));
    }
    group.finish();
}

fn rule_sets(criterion: &mut Criterion<ThreadTime>) {
    let host = Host::load();
    let tables: Arc<dyn Tables> = Arc::new(NoTables);
    let mut group = criterion.benchmark_group("a hundred lines");
    for (name, folder) in RULE_SETS {
        let plugin = host.engine.load(&component(name)).unwrap();
        assert_eq!(plugin.manifest().kind, Kind::RuleSet, "{name}");
        let (certificate, declaration) = host.example(folder);
        let case = case(&certificate, &declaration);
        host.engine.verify(&plugin, &case, &tables).unwrap();
        group.bench_function(name, |b| {
            b.iter(|| host.engine.verify(&plugin, black_box(&case), &tables).unwrap())
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ThreadTime).sample_size(20);
    targets = adapters, rule_sets
}
criterion_main!(benches);
