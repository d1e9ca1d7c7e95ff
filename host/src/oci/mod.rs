//! Plugins in OCI registries, and in tar files for hosts without a network.
//!
//! What comes from there is not trusted for being there: sizes are bounded,
//! every digest is computed again, and the signatures are what counts.

mod archive;
mod layout;
mod registry;

pub use archive::{load, save};
pub use layout::{Artifact, Blob, Packed, pack};
pub use registry::{Address, Credentials, Registry, Transport};

use crate::contract::MalformedComponent;
use crate::digest::Digest;
use crate::trust::Envelope;

/// Why a plugin was not passed on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OciError {
    /// Not a reference.
    #[error("{0:?} is not a reference such as oci://registry.example/plugins/meat:1.0.0")]
    Reference(String),
    /// What is there is no plugin, or not in the layout.
    #[error("not a plugin in the layout for WebAssembly: {0}")]
    Malformed(String),
    /// The component does not keep to the contract.
    #[error(transparent)]
    Component(#[from] MalformedComponent),
    /// The bytes are not those of their digest.
    #[error("{what} has digest {found}, not {expected}: it was altered")]
    Altered {
        /// What was altered.
        what: &'static str,
        /// Digest that was asked for.
        expected: Digest,
        /// Digest of what came.
        found: Digest,
    },
    /// The registry did not do it.
    #[error("the registry did not do it: {0}")]
    Registry(String),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

/// A plugin that was fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The component.
    pub component: Vec<u8>,
    /// Its signatures, not verified.
    pub signatures: Vec<Envelope>,
    /// Digest of its manifest, to pin a reference to.
    pub manifest: Digest,
}

/// Refuses bytes that are not those of a digest.
fn same(what: &'static str, bytes: &[u8], expected: Digest) -> Result<(), OciError> {
    let found = Digest::of(bytes);
    if found == expected { Ok(()) } else { Err(OciError::Altered { what, expected, found }) }
}
