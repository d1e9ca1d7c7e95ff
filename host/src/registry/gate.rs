//! The gate that a component passes before the registry takes it.
//!
//! What costs least is asked first, and nothing of a component runs before
//! everything that can be told without running it is in order.

use std::sync::Arc;

use super::{Registry, RegistryError};
use crate::contract::inspect;
use crate::engine::{CompileError, LoadError, MAX_COMPONENT, Plugin};
use crate::fixtures;

/// A component that asks to be let in.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'c> {
    /// The component.
    pub component: &'c [u8],
}

impl Registry {
    /// Checks a component, in this order: its size; its contract version,
    /// imports, exports and manifest; its compilation, in a process with
    /// limits; that its manifest is what `describe` answers in the sandbox;
    /// that it passes the fixtures it brings.
    pub fn admit(&self, candidate: Candidate<'_>) -> Result<Arc<Plugin>, RegistryError> {
        let Candidate { component } = candidate;
        if component.len() > MAX_COMPONENT {
            return Err(LoadError::from(CompileError::TooLarge { size: component.len() }).into());
        }
        inspect(component)?;
        let plugin = self.load(component)?;
        let described = self.engine.describe(&plugin).map_err(RegistryError::Describe)?;
        if described.output != plugin.inspection().manifest_text {
            return Err(RegistryError::OtherManifest);
        }
        fixtures::prove(&self.engine, &plugin, component)?;
        Ok(plugin)
    }
}
