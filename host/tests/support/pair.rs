//! The plugins as they are built from their sources, and a case made of two
//! messages, for the tests and the bench that compare sandbox and native code.

use std::path::{Path, PathBuf};

use ecert::engine::EngineConfig;
use ecert_model::cases::{
    Case, CaseDates, Channel, Citation, CitedCertificate, DueItem, Pairing, PairingBasis, Resolution,
    Standing,
};
use ecert_model::certificates::Certificate;
use ecert_model::declarations::Declaration;
use ecert_model::values::Date;

/// The project's folder.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The component of a plugin, from the folder that `ECERT_PLUGINS` names or
/// where `cargo xtask plugins` puts it.
pub(crate) fn component(name: &str) -> Vec<u8> {
    let folder = std::env::var_os("ECERT_PLUGINS")
        .map_or_else(|| Path::new(ROOT).join("target/plugins"), PathBuf::from);
    let file = folder.join(format!("{name}.component.wasm"));
    std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask plugins", file.display()))
}

/// The settings of an engine that keeps what it compiled in a folder.
pub(crate) fn config(compiled: &Path) -> EngineConfig {
    EngineConfig { compiler: env!("CARGO_BIN_EXE_ecert").into(), ..EngineConfig::new(compiled).unwrap() }
}

/// A case in which every item cites the certificate and is paired with the
/// line of its number, if there is one.
pub(crate) fn case(certificate: &Certificate, declaration: &Declaration) -> Case {
    let items = 0..u32::try_from(declaration.items.len()).unwrap();
    let lines = u32::try_from(certificate.consignment.lines.len()).unwrap();
    let day = Date { year: 2026, month: 7, day: 1 };
    let citation = |item| Citation {
        item: Some(item),
        document: 0,
        resolution: Resolution::Resolved,
        certificate: Some(0),
    };
    let pairing = |item| Pairing { item, certificate: 0, line: item, basis: PairingBasis::LineReference };
    Case {
        certificates: vec![CitedCertificate {
            standing: Standing {
                status: certificate.status.clone(),
                channel: Channel::Delivery,
                ..Default::default()
            },
            certificate: certificate.clone(),
        }],
        citations: items.clone().map(citation).collect(),
        pairings: items.clone().filter(|item| *item < lines).map(pairing).collect(),
        due: items.map(|item| DueItem { item, parameters: 0 }).collect(),
        parameters: vec!["{}".into()],
        dates: CaseDates { decision: day, received: day, ..Default::default() },
        declaration: declaration.clone(),
    }
}
