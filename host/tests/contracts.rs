//! Components built against released contracts go on running, or the host says
//! which contract they need.

mod support;

use std::path::{Path, PathBuf};

use ecert::digest::Digest;
use ecert::engine::LoadError;
use ecert::fixtures::prove;
use ecert_model::manifest::CONTRACT;
use support::Bench;

/// A line of `RELEASED`.
struct Released {
    name: String,
    contract: String,
    component: Vec<u8>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contracts")
}

fn released() -> Vec<Released> {
    let mut all = Vec::new();
    for version in std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(list) = std::fs::read_to_string(version.join("RELEASED")) else { continue };
        for line in list.lines() {
            let mut words = line.split(' ');
            let name = words.next().unwrap().to_owned();
            let packed = std::fs::read(version.join(format!("{name}.component.wasm.zst"))).unwrap();
            let component = zstd::decode_all(packed.as_slice()).unwrap();
            assert_eq!(Some(Digest::of(&component).to_string().as_str()), words.next(), "{name} was changed");
            assert!(words.next().unwrap().parse::<Digest>().is_ok(), "{name} has no digest of its sources");
            let contract = version.file_name().unwrap().to_str().unwrap().to_owned();
            all.push(Released { name, contract, component });
        }
    }
    all
}

#[test]
fn released_components_go_on_running() {
    let bench = Bench::new();
    let released = released();
    assert!(released.iter().any(|one| one.contract == CONTRACT), "nothing is kept of contract {CONTRACT}");
    for Released { name, contract, component } in released {
        match bench.engine.load(&component) {
            Ok(plugin) => {
                assert_eq!(plugin.inspection().contract, contract);
                let passed = prove(&bench.engine, &plugin, &component);
                let passed = passed.unwrap_or_else(|error| panic!("{name} of contract {contract}: {error}"));
                assert_eq!(passed, plugin.inspection().fixtures as usize, "{name} of contract {contract}");
                assert!(passed > 0, "{name} of contract {contract} proves nothing");
            }
            Err(LoadError::Malformed(error)) => {
                assert!(error.to_string().contains(&contract), "{name} of contract {contract}: {error}");
            }
            Err(error) => panic!("{name} of contract {contract}: {error}"),
        }
    }
}

#[test]
fn a_contract_that_is_not_known_is_named() {
    let Released { component, contract, .. } = released().remove(0);
    let bench = Bench::new();
    // The version stands alone in a section of its own, read before anything
    // else of the component.
    let section = [b"ecert:contract".as_slice(), contract.as_bytes()].concat();
    let at = component.windows(section.len()).position(|window| window == section).unwrap();
    let mut later = component;
    later[at + section.len() - contract.len()..at + section.len()].copy_from_slice(b"9.9.9");
    let error = bench.engine.load(&later).unwrap_err().to_string();
    assert!(error.contains("9.9.9") && error.contains(CONTRACT), "{error}");
}
