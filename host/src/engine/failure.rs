//! How a call into a plugin can fail.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why a plugin gave no answer that counts. The host goes on: a failure is
/// one plugin's on one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Failure {
    /// It computed more than it may for an input of this size.
    #[error("it used up its {limit} units of fuel")]
    Fuel {
        /// The limit.
        limit: u64,
    },
    /// It asked for more memory than it may.
    #[error("it asked for {asked} bytes of memory and may have {limit}")]
    Memory {
        /// The limit in bytes.
        limit: u64,
        /// What it asked for in bytes.
        asked: u64,
    },
    /// Its calls nest too deeply.
    #[error("its calls nest too deeply")]
    Stack,
    /// It answered more than the host takes over.
    #[error("it handed over more than {limit} bytes")]
    Output {
        /// The limit in bytes.
        limit: u64,
    },
    /// Wall time ran out before its fuel did, twice. Says as much about the
    /// machine as about the plugin.
    #[error("it was still running after {} ms", after.as_millis())]
    Interrupted {
        /// The time it was given.
        after: Duration,
    },
    /// It trapped.
    #[error("it trapped: {reason}")]
    Trap {
        /// What it trapped on.
        reason: String,
    },
    /// Its answer breaks the contract.
    #[error("its answer breaks the contract: {reason}")]
    InvalidOutput {
        /// How.
        reason: String,
    },
    /// The host had no room to run it; not the plugin's fault.
    #[error("the host could not run it: {reason}")]
    Unavailable {
        /// Why not.
        reason: String,
    },
}

impl Failure {
    /// Codes of failures that say more about the machine than about the plugin.
    pub const MACHINES_OWN: [&'static str; 2] = ["interrupted", "unavailable"];

    /// A stable code in kebab case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fuel { .. } => "fuel",
            Self::Memory { .. } => "memory",
            Self::Stack => "stack",
            Self::Output { .. } => "output",
            Self::Interrupted { .. } => "interrupted",
            Self::Trap { .. } => "trap",
            Self::InvalidOutput { .. } => "invalid-output",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// Whether the same plugin fails on the same input again, wherever it
    /// runs.
    pub fn is_reproducible(&self) -> bool {
        !matches!(self, Self::Interrupted { .. } | Self::Unavailable { .. })
    }
}
