//! From the core module that a compiler wrote to a component that the host
//! takes.

use ecert_model::manifest::{CONTRACT, CONTRACT_SECTION, SECTION};
use wit_component::ComponentEncoder;

use crate::contract::{Inspection, MalformedComponent, inspect, kind_of};
use crate::engine::{Engine, Failure, LoadError};

/// Why no component came of a module.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssembleError {
    /// The module does not carry the contract's types, or contradicts them.
    #[error("the module cannot be made a component: {0}")]
    Encode(String),
    /// `describe` failed.
    #[error("`describe` failed: {0}")]
    Describe(#[from] Failure),
    /// The component does not keep to the contract.
    #[error(transparent)]
    Malformed(#[from] MalformedComponent),
    /// The component cannot be compiled.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// Makes a component of a core module: encodes it, asks it in the sandbox for
/// its manifest, and writes manifest and contract version into their sections.
/// What imports more than the contract offers is refused.
pub fn assemble(engine: &Engine, module: &[u8]) -> Result<(Vec<u8>, Inspection), AssembleError> {
    let bare = encode(module)?;
    let kind = kind_of(&bare)?;
    let manifest = engine.ask(&bare, kind)??;
    let component = seal(bare, &manifest);
    let inspection = inspect(&component)?;
    Ok((component, inspection))
}

/// Encodes a core module as a component, without the sections of the contract.
pub fn encode(module: &[u8]) -> Result<Vec<u8>, AssembleError> {
    let encoded =
        ComponentEncoder::default().module(module).and_then(|encoder| encoder.validate(true).encode());
    encoded.map_err(|error| AssembleError::Encode(format!("{error:#}")))
}

/// Writes the sections of the contract behind a component.
pub fn seal(mut component: Vec<u8>, manifest: &str) -> Vec<u8> {
    custom_section(&mut component, CONTRACT_SECTION, CONTRACT.as_bytes());
    custom_section(&mut component, SECTION, manifest.as_bytes());
    component
}

fn custom_section(to: &mut Vec<u8>, name: &str, content: &[u8]) {
    const CUSTOM: u8 = 0;
    let mut body = Vec::with_capacity(content.len() + name.len() + 5);
    unsigned_leb128(&mut body, name.len());
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(content);
    to.push(CUSTOM);
    unsigned_leb128(to, body.len());
    to.extend_from_slice(&body);
}

fn unsigned_leb128(to: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            return to.push(low);
        }
        to.push(low | 0x80);
    }
}
