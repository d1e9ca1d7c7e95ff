//! A plugin that is ready to be called.

use std::sync::Arc;

use ecert_model::cases::Case;
use ecert_model::documents::Document;
use ecert_model::manifest::{Kind, Manifest};
use ecert_model::readings::{Problem, Reading, Recognition};
use ecert_model::reports::Report;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{ComponentExportIndex, ComponentNamedList, InstancePre, Lift, Lower};

use super::LoadError;
use super::guest::Guest;
use super::stats::{Seen, Stats};
use crate::contract::{Inspection, export_of};
use crate::digest::Digest;

pub(super) type Describe = ((), (String,));
pub(super) type Recognise<'a> = ((&'a [u8],), (Option<Recognition>,));
pub(super) type Read<'a> = ((&'a [u8], &'a str), (Reading,));
pub(super) type Write<'a> = ((&'a Document, &'a str), (Result<Vec<u8>, Vec<Problem>>,));
pub(super) type Verify<'a> = ((&'a Case,), (Report,));

/// A compiled plugin. Each call gets an instance of its own.
pub struct Plugin {
    inspection: Inspection,
    manifest: Arc<Manifest>,
    pub(super) instance: InstancePre<Guest>,
    pub(super) exports: Exports,
    pub(super) stats: Stats,
}

/// Where the functions of a plugin are, their types checked.
pub(super) enum Exports {
    Adapter {
        describe: ComponentExportIndex,
        recognise: ComponentExportIndex,
        read: ComponentExportIndex,
        write: ComponentExportIndex,
    },
    Rules {
        describe: ComponentExportIndex,
        verify: ComponentExportIndex,
    },
}

impl Plugin {
    pub(super) fn new(inspection: Inspection, instance: InstancePre<Guest>) -> Result<Self, LoadError> {
        let interface = Interface::of(&instance, export_of(inspection.manifest.kind))?;
        let exports = match inspection.manifest.kind {
            Kind::FormatAdapter => Exports::Adapter {
                describe: interface.function::<Describe>("describe")?,
                recognise: interface.function::<Recognise<'_>>("recognise")?,
                read: interface.function::<Read<'_>>("read")?,
                write: interface.function::<Write<'_>>("write")?,
            },
            Kind::RuleSet => Exports::Rules {
                describe: interface.function::<Describe>("describe")?,
                verify: interface.function::<Verify<'_>>("verify")?,
            },
        };
        Ok(Self {
            manifest: Arc::new(inspection.manifest.clone()),
            inspection,
            instance,
            exports,
            stats: Stats::default(),
        })
    }

    /// What the plugin says of itself.
    pub fn manifest(&self) -> &Arc<Manifest> {
        &self.manifest
    }

    /// SHA-256 of the component.
    pub fn digest(&self) -> Digest {
        self.inspection.digest
    }

    /// What stands in the component.
    pub fn inspection(&self) -> &Inspection {
        &self.inspection
    }

    /// What this host saw of it since it loaded it.
    pub fn seen(&self) -> Seen {
        self.stats.seen()
    }

    pub(super) fn describe(&self) -> &ComponentExportIndex {
        let (Exports::Adapter { describe, .. } | Exports::Rules { describe, .. }) = &self.exports;
        describe
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Manifest { name, version, .. } = &*self.manifest;
        write!(f, "Plugin({name} {version}, {})", self.digest())
    }
}

/// A function's parameters and results.
pub(super) trait Signature {
    type Parameters: ComponentNamedList + Lower;
    type Results: ComponentNamedList + Lift;
}

impl<P: ComponentNamedList + Lower, R: ComponentNamedList + Lift> Signature for (P, R) {
    type Parameters = P;
    type Results = R;
}

/// The exported interface of a plugin.
struct Interface<'a> {
    plugin: &'a InstancePre<Guest>,
    index: ComponentExportIndex,
    name: &'static str,
}

impl<'a> Interface<'a> {
    fn of(plugin: &'a InstancePre<Guest>, name: &'static str) -> Result<Self, LoadError> {
        let index = plugin.component().get_export_index(None, name);
        let index = index.ok_or_else(|| LoadError::Interface(format!("`{name}` is not exported")))?;
        Ok(Self { plugin, index, name })
    }

    /// The index of a function whose type is checked here, so that calls need
    /// not check it again.
    fn function<S: Signature>(&self, name: &str) -> Result<ComponentExportIndex, LoadError> {
        let fault = |what: String| LoadError::Interface(format!("`{name}` of `{}` {what}", self.name));
        let export = self.plugin.component().get_export(Some(&self.index), name);
        let (item, index) = export.ok_or_else(|| fault("is missing".into()))?;
        let ComponentItem::ComponentFunc(function) = item else {
            return Err(fault("is not a function".into()));
        };
        function
            .typecheck::<S::Parameters, S::Results>(&self.plugin.instance_type())
            .map_err(|error| fault(format!("is of another type: {error:#}")))?;
        Ok(index)
    }
}
