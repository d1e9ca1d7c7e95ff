//! The gate that a component passes before the registry takes it.
//!
//! What costs least is asked first, and nothing of a component runs before
//! everything that can be told without running it is in order.

use std::sync::Arc;

use super::{Registry, RegistryError};
use crate::contract::{Inspection, inspect};
use crate::engine::{CompileError, LoadError, MAX_COMPONENT, Plugin};
use crate::fixtures;
use crate::trust::{self, Applicant, Envelope};

/// A component that asks to be let in.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'c> {
    /// The component.
    pub component: &'c [u8],
    /// What its publishers signed.
    pub signatures: &'c [Envelope],
    /// Why it may be lower than the highest version that was let in, if it may.
    pub downgrade: Option<&'c str>,
}

impl Registry {
    /// Checks a component that is to be published, in this order: its size;
    /// its contract version, imports, exports and manifest; its signatures, by
    /// the trust rules; then what [`Self::examine`] does.
    pub fn admit(&self, candidate: Candidate<'_>) -> Result<Arc<Plugin>, RegistryError> {
        let Candidate { component, signatures, .. } = candidate;
        let applicant = Applicant::from(&outside(component)?);
        self.store.read(|transaction| trust::judge(transaction, &applicant, signatures).map(drop))?;
        self.examine(component)
    }

    /// Checks what a component is, whoever it is from: what stands in it; its
    /// compilation, in a process with limits; that its manifest is what
    /// `describe` answers in the sandbox; that it passes the fixtures it
    /// brings.
    pub fn examine(&self, component: &[u8]) -> Result<Arc<Plugin>, RegistryError> {
        outside(component)?;
        // What it is asked here does not count as seen in service.
        let asked = self.engine.load(component)?;
        let described = self.engine.describe(&asked).map_err(RegistryError::Describe)?;
        if described.output != asked.inspection().manifest_text {
            return Err(RegistryError::OtherManifest);
        }
        fixtures::prove(&self.engine, &asked, component)?;
        self.load(component)
    }
}

/// What can be told without running anything.
fn outside(component: &[u8]) -> Result<Inspection, RegistryError> {
    if component.len() > MAX_COMPONENT {
        return Err(LoadError::from(CompileError::TooLarge { size: component.len() }).into());
    }
    Ok(inspect(component)?)
}
