//! Nothing changes on its way into a plugin and out again: each plugin says in
//! the sandbox what it says when compiled natively.

#[path = "support/pair.rs"]
mod pair;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use certificate_consistency::CertificateConsistency;
use ecert::contract::NoTables;
use ecert::engine::{Engine, EngineConfig, Plugin};
use ecert_guest::abi::Abi;
use ecert_model::cases::{Case, PairingBasis, Standing};
use ecert_model::certificates::{Certificate, TradeLine};
use ecert_model::declarations::{Declaration, GoodsItem};
use ecert_model::documents::Document;
use ecert_model::parts::Party;
use ecert_model::readings::{PlaceEntry, Problem, Reading, Recognition};
use ecert_model::reports::{Finding, Report, Value, Verdict};
use ecert_model::values::{Date, DateTime, Decimal, Measure};
use ecert_sdk::adapter::Adapter;
use ippc_hub::IppcHub;
use pair::{ROOT, case, component, config};
use tempfile::TempDir;
use traces_nt::TracesNt;
use uncefact_sps::UncefactSps;
use wasmtime::component::ComponentType;
use wco_declaration::WcoDeclaration;

struct Sandbox {
    engine: Engine,
    hub: Plugin,
    sps: Plugin,
    traces: Plugin,
    wco: Plugin,
    consistency: Plugin,
    _cache: TempDir,
}

static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| {
    let cache = tempfile::tempdir().unwrap();
    let config = EngineConfig { concurrency: 4, ..config(&cache.path().join("compiled")) };
    let engine = Engine::new(&config).unwrap();
    let plugin = |name: &str| engine.load(&component(name)).unwrap();
    let (hub, sps) = (plugin("ippc-hub"), plugin("uncefact-sps"));
    let (traces, wco) = (plugin("traces-nt"), plugin("wco-declaration"));
    let consistency = plugin("certificate-consistency");
    Sandbox { engine, hub, sps, traces, wco, consistency, _cache: cache }
});

/// Every XML file below a folder.
fn messages(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(messages(&path));
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Reads a message in the sandbox and natively, and answers what both say;
/// none if it is not the adapter's.
fn read<A: Adapter>(plugin: &Plugin, file: &Path) -> Option<Reading> {
    let message = std::fs::read(file).unwrap();
    let head = &message[..message.len().min(4096)];
    let engine = &SANDBOX.engine;
    let recognised = engine.recognise(plugin, &message).unwrap().output;
    assert_eq!(recognised, A::recognise(head), "{}", file.display());
    let format = recognised?.format;
    let reading = engine.read(plugin, &message, &format).unwrap().output;
    assert_eq!(reading, A::read(&message, &format), "{}", file.display());
    for document in &reading.documents {
        let written = engine.write(plugin, document, &format).unwrap().output;
        assert_eq!(written, A::write(document, &format), "{}", file.display());
    }
    Some(reading)
}

/// Reads every message and judges each declaration against the certificate
/// read before it; answers how many messages and cases there were.
fn compare(folder: &Path) -> (usize, usize) {
    let (mut read_messages, mut cases) = (0, 0);
    let mut last = None;
    for file in messages(folder) {
        let sandbox = &*SANDBOX;
        let readings = [
            read::<IppcHub>(&sandbox.hub, &file),
            read::<TracesNt>(&sandbox.traces, &file),
            read::<UncefactSps>(&sandbox.sps, &file),
            read::<WcoDeclaration>(&sandbox.wco, &file),
        ];
        for document in readings.into_iter().flatten().flat_map(|reading| reading.documents) {
            read_messages += 1;
            match document {
                Document::Certificate(certificate) => last = Some(certificate),
                Document::Declaration(declaration) => {
                    let Some(certificate) = &last else { continue };
                    let case = full_case(certificate, &declaration);
                    let judged =
                        sandbox.engine.verify(&sandbox.consistency, &case, &(Arc::new(NoTables) as _));
                    let native =
                        ecert_sdk::rules::run::<CertificateConsistency>(&case, &ecert_sdk::tables::NoTables);
                    assert_eq!(judged.unwrap().output, native, "{}", file.display());
                    cases += 1;
                }
                _ => {}
            }
        }
    }
    (read_messages, cases)
}

/// The pair's case, with more of what a case may hold.
fn full_case(certificate: &Certificate, declaration: &Declaration) -> Case {
    let mut case = case(certificate, declaration);
    let standing = &mut case.certificates[0].standing;
    standing.replaced_by = Some(certificate.number.clone());
    standing.first_issued = certificate.issued;
    case.pairings.iter_mut().for_each(|pairing| pairing.basis = PairingBasis::UniqueCode);
    case.parameters = vec![r#"{"grossWeightTolerance":{"percent":"5"}}"#.into()];
    case
}

#[test]
fn the_examples_are_read_and_judged_alike() {
    let (messages, cases) = compare(&Path::new(ROOT).join("examples/messages"));
    assert!(messages > 150 && cases > 80, "{messages} messages, {cases} cases");
}

#[test]
fn samples_are_read_and_judged_alike() {
    let folder = std::env::var_os("ECERT_SAMPLES").expect("ECERT_SAMPLES names the folder of the samples");
    let (messages, _) = compare(Path::new(&folder));
    assert!(messages >= 10, "{messages} messages");
}

#[test]
fn layouts_are_those_of_the_component_model() {
    fn compare<T: Abi + ComponentType>() {
        let name = std::any::type_name::<T>();
        assert_eq!((T::SIZE, T::ALIGN), (T::SIZE32, T::ALIGN32 as usize), "{name}");
    }
    compare::<Case>();
    compare::<Certificate>();
    compare::<Date>();
    compare::<DateTime>();
    compare::<Decimal>();
    compare::<Declaration>();
    compare::<Document>();
    compare::<Finding>();
    compare::<GoodsItem>();
    compare::<Measure>();
    compare::<Option<u16>>();
    compare::<Party>();
    compare::<PlaceEntry>();
    compare::<Problem>();
    compare::<Reading>();
    compare::<Recognition>();
    compare::<Report>();
    compare::<Result<Vec<u8>, Vec<Problem>>>();
    compare::<Standing>();
    compare::<TradeLine>();
    compare::<Value>();
    compare::<Verdict>();
}
