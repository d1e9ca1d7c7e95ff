//! From the core module that a compiler wrote to a component that the host
//! takes.

use ecert_model::manifest::{CONTRACT, CONTRACT_SECTION, SECTION};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, SourceMap};

use crate::contract::{
    ADAPTER, CONTRACT_SOURCES, Inspection, MalformedComponent, RULES, append_section, inspect, kind_of,
};
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
    Describe(Failure),
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
    let manifest = engine.ask(&bare, kind)?.map_err(AssembleError::Describe)?;
    let component = seal(bare, &manifest);
    let inspection = inspect(&component)?;
    Ok((component, inspection))
}

/// Encodes a core module as a component, without the sections of the contract.
/// A module that brings no types of its own gets those of the contract.
pub fn encode(module: &[u8]) -> Result<Vec<u8>, AssembleError> {
    let failed = |error: anyhow::Error| AssembleError::Encode(format!("{error:#}"));
    let mut module = module.to_vec();
    if let Some(world) = untyped(&module).map_err(failed)? {
        embed_types(&mut module, world).map_err(failed)?;
    }
    let encoded =
        ComponentEncoder::default().module(&module).and_then(|encoder| encoder.validate(true).encode());
    encoded.map_err(failed)
}

/// The world of a module that brings no types of its own, told by what it
/// exports; none for a module that does.
fn untyped(module: &[u8]) -> anyhow::Result<Option<&'static str>> {
    let mut world = None;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::CustomSection(section) if section.name().starts_with("component-type") => {
                return Ok(None);
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let interface = export?.name.split('#').next().unwrap_or_default();
                    world = match interface {
                        ADAPTER => Some("format-adapter"),
                        RULES => Some("rule-set"),
                        _ => world,
                    };
                }
            }
            _ => {}
        }
    }
    Ok(world)
}

/// Writes the types of one of the contract's worlds into a module.
fn embed_types(module: &mut Vec<u8>, world: &str) -> anyhow::Result<()> {
    let mut sources = SourceMap::new();
    for (file, text) in CONTRACT_SOURCES {
        sources.push_str(file, text);
    }
    let group = sources.parse().map_err(|(_, error)| anyhow::anyhow!("{error}"))?;
    let mut resolve = Resolve::default();
    let package = resolve.push_group(group)?;
    let world = resolve.select_world(&[package], Some(world))?;
    embed_component_metadata(module, &resolve, world, StringEncoding::UTF8)
}

/// Writes the sections of the contract behind a component.
pub fn seal(mut component: Vec<u8>, manifest: &str) -> Vec<u8> {
    append_section(&mut component, CONTRACT_SECTION, CONTRACT.as_bytes());
    append_section(&mut component, SECTION, manifest.as_bytes());
    component
}
