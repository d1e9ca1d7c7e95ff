//! Compiles plugins and calls them.
//!
//! Each call has a fresh instance, is bounded in fuel, memory, stack, output
//! and time, and gives an answer that was checked or a [`Failure`]. Calls
//! block; they belong on worker threads, not on those that serve the network.
//! A plugin knows nothing but its input and the answers of the tables it is
//! given, so the same call gives the same answer anywhere.

mod cache;
mod compiler;
mod config;
mod failure;
mod guest;
mod plugin;
mod run;
mod stats;
mod ticker;

use std::hash::{Hash as _, Hasher};
use std::path::Path;
use std::sync::Arc;

use ecert_model::cases::Case;
use ecert_model::documents::Document;
use ecert_model::manifest::Kind;
use ecert_model::readings::{Problem, Reading, Recognition};
use ecert_model::reports::Report;
use sha2::{Digest as _, Sha256};
use wasmtime::component::{Component, Linker};

use crate::contract::{
    Inspection, InvalidOutput, Limits, MalformedComponent, NoTables, Stated, Tables, for_case, for_message,
    inspect, validate,
};
use crate::digest::Digest;
use cache::{Cache, Kept};
use compiler::Compiler;
use guest::Guest;
use plugin::{Describe, Exports, Read, Recognise, Verify, Write};

pub use compiler::{CompileError, MAX_COMPONENT, run_child};
pub use config::EngineConfig;
pub use failure::Failure;
pub use guest::{Level, LogEntry, RecordedLookup};
pub use plugin::Plugin;
pub use run::Run;
pub use stats::{Health, LastFailure, Seen};

/// Bytes of a message by which an adapter recognises it.
pub const HEAD: usize = 4_096;

/// The version of the machine that runs plugins, for the record.
pub const ENGINE_VERSION: &str = concat!("ecert ", env!("CARGO_PKG_VERSION"), ", wasmtime 48");

/// Why the engine cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The cache folder cannot be used.
    #[error("the folder of compiled plugins cannot be used")]
    Cache(#[source] std::io::Error),
    /// The clock's thread cannot be started.
    #[error("the clock's thread cannot be started")]
    Clock(#[source] std::io::Error),
    /// WebAssembly cannot be run on this machine.
    #[error("WebAssembly cannot be run here: {0}")]
    Wasm(String),
}

/// Why a plugin cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It does not keep to the contract.
    #[error(transparent)]
    Malformed(#[from] MalformedComponent),
    /// It cannot be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The cache cannot be written.
    #[error("the folder of compiled plugins cannot be used")]
    Cache(#[from] std::io::Error),
    /// Imports or exports are not of the contract's types.
    #[error("does not fit the contract: {0}")]
    Interface(String),
}

/// Where plugins run. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    wasm: wasmtime::Engine,
    linker: Linker<Guest>,
    cache: Cache,
    compiler: Compiler,
    /// Digest of all settings that decide about compiled code.
    settings: Digest,
    pooled: bool,
    no_tables: Arc<dyn Tables>,
}

impl Engine {
    /// Starts an engine.
    pub fn new(config: &EngineConfig) -> Result<Self, EngineError> {
        let (wasm, pooled) = start(config.concurrency)?;
        let mut linker = Linker::new(&wasm);
        guest::link(&mut linker).map_err(|error| EngineError::Wasm(format!("{error:#}")))?;
        ticker::start(wasm.weak()).map_err(EngineError::Clock)?;
        let mut hasher = Sha256Hasher(Sha256::new());
        wasm.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self {
            inner: Arc::new(Inner {
                linker,
                cache: Cache::open(&config.cache).map_err(EngineError::Cache)?,
                compiler: Compiler::new(&config.compiler, config.compile_time),
                settings: <[u8; 32]>::from(hasher.0.finalize()).into(),
                pooled,
                no_tables: Arc::new(NoTables),
                wasm,
            }),
        })
    }

    /// Whether instances come from slots made beforehand. If not, calls are
    /// slower, and the log says why.
    pub fn is_pooled(&self) -> bool {
        self.inner.pooled
    }

    /// Loads a component: checks what it says of itself, compiles it unless
    /// that was done before, and checks the types of its functions. Nothing
    /// of it runs.
    pub fn load(&self, component: &[u8]) -> Result<Plugin, LoadError> {
        let inspection = inspect(component)?;
        self.load_inspected(component, inspection)
    }

    /// Loads a component that was compiled here before, without the component.
    pub fn load_compiled(&self, digest: Digest) -> Result<Option<Plugin>, LoadError> {
        let Some(Kept { code, stated }) = self.inner.cache.find(&self.key(digest)) else { return Ok(None) };
        self.prepare(&code, stated.check()?).map(Some)
    }

    fn load_inspected(&self, component: &[u8], inspection: Inspection) -> Result<Plugin, LoadError> {
        let inner = &*self.inner;
        let key = self.key(inspection.digest);
        let code = match inner.cache.find(&key) {
            Some(kept) => kept.code,
            None => {
                let draft = inner.cache.draft()?;
                inner.compiler.compile(component, draft.as_file())?;
                inner.cache.keep(&key, draft, Stated::from(&inspection))?
            }
        };
        self.prepare(&code, inspection)
    }

    /// Under which compiled code is kept: by component and settings.
    fn key(&self, digest: Digest) -> String {
        format!("{digest}-{}", &self.inner.settings.to_string()[..16])
    }

    fn prepare(&self, code: &Path, inspection: Inspection) -> Result<Plugin, LoadError> {
        let interface = |error: wasmtime::Error| LoadError::Interface(format!("{error:#}"));
        let component = deserialize(&self.inner.wasm, code).map_err(interface)?;
        Plugin::new(inspection, self.inner.linker.instantiate_pre(&component).map_err(interface)?)
    }

    /// Asks a component that has no manifest section yet for its manifest.
    pub fn ask(&self, component: &[u8], kind: Kind) -> Result<Result<String, Failure>, LoadError> {
        let draft = self.inner.cache.draft()?;
        self.inner.compiler.compile(component, draft.as_file())?;
        let plugin = self.prepare(draft.path(), Inspection::unknown(component, kind))?;
        Ok(self.describe(&plugin).map(|run| run.output))
    }

    /// Asks a plugin for its manifest.
    pub fn describe(&self, plugin: &Plugin) -> Result<Run<String>, Failure> {
        self.call::<Describe, _>(plugin, plugin.describe(), &for_message(0), None, || ()).map(Run::only)
    }

    /// Asks an adapter whether it knows a message by its first [`HEAD`] bytes.
    pub fn recognise(&self, plugin: &Plugin, message: &[u8]) -> Result<Run<Option<Recognition>>, Failure> {
        let Exports::Adapter { recognise, .. } = &plugin.exports else {
            return Err(wrong_kind(plugin, "adapter"));
        };
        let head = &message[..message.len().min(HEAD)];
        let limits = for_message(head.len());
        let run = self.call::<Recognise<'_>, _>(plugin, recognise, &limits, None, || (head,))?.only();
        run.checked(|answer| {
            answer.iter().try_for_each(|answer| validate::recognition(answer, plugin.manifest()))
        })
    }

    /// Has an adapter read a message.
    pub fn read(&self, plugin: &Plugin, message: &[u8], format: &str) -> Result<Run<Reading>, Failure> {
        let Exports::Adapter { read, .. } = &plugin.exports else {
            return Err(wrong_kind(plugin, "adapter"));
        };
        let limits = for_message(message.len());
        let run = self.call::<Read<'_>, _>(plugin, read, &limits, None, || (message, format))?.only();
        run.checked(|answer| validate::reading(answer, message.len(), limits.results))
    }

    /// Has an adapter write a document.
    pub fn write(&self, plugin: &Plugin, document: &Document, format: &str) -> Result<Run<Written>, Failure> {
        let Exports::Adapter { write, .. } = &plugin.exports else {
            return Err(wrong_kind(plugin, "adapter"));
        };
        // What is written is about as long as the document's own JSON.
        let limits = for_message(serde_json::to_vec(document).map_or(0, |json| json.len()));
        let run = self.call::<Write<'_>, _>(plugin, write, &limits, None, || (document, format))?.only();
        run.checked(|answer| match answer {
            Ok(_) => Ok(()),
            Err(problems) => problems.iter().try_for_each(validate::problem),
        })
    }

    /// Has a rule set judge a case, its look-ups answered from `tables`.
    pub fn verify(
        &self,
        plugin: &Plugin,
        case: &Case,
        tables: &Arc<dyn Tables>,
    ) -> Result<Run<Report>, Failure> {
        let Exports::Rules { verify, .. } = &plugin.exports else {
            return Err(wrong_kind(plugin, "rule set"));
        };
        let limits = for_case(case);
        let run = self.call::<Verify<'_>, _>(plugin, verify, &limits, Some(tables), || (case,))?.only();
        run.checked(|answer| validate::report(answer, case, plugin.manifest(), limits.results))
    }
}

fn wrong_kind(plugin: &Plugin, wanted: &str) -> Failure {
    Failure::Unavailable { reason: format!("`{}` is not a {wanted}", plugin.manifest().name) }
}

/// What came of writing a document: the message, or why it cannot be written.
pub type Written = Result<Vec<u8>, Vec<Problem>>;

/// An engine with slots made beforehand, else one that makes them as needed.
fn start(concurrency: u32) -> Result<(wasmtime::Engine, bool), EngineError> {
    let failed = |error: wasmtime::Error| EngineError::Wasm(format!("{error:#}"));
    let pooled = match wasmtime::Engine::new(&config::pooled(concurrency)) {
        Ok(engine) => (engine, true),
        Err(error) => {
            tracing::error!(
                error = format!("{error:#}"),
                "no room for a pool of plugin instances: calls will be several times slower; raise the limits on \
                 address space and mappings (ulimit -v, vm.max_map_count)"
            );
            (wasmtime::Engine::new(&config::compiling()).map_err(failed)?, false)
        }
    };
    metrics::gauge!("ecert_engine_pooled").set(if pooled.1 { 1.0 } else { 0.0 });
    Ok(pooled)
}

#[expect(
    unsafe_code,
    reason = "the file was written by this user's own compiler process, into a folder that nobody \
     else can enter, under this engine's settings, and its digest was compared"
)]
fn deserialize(engine: &wasmtime::Engine, code: &Path) -> wasmtime::Result<Component> {
    // SAFETY: see above; that is all that `deserialize_file` asks.
    unsafe { Component::deserialize_file(engine, code) }
}

/// Lets whatever can be hashed be hashed with SHA-256.
struct Sha256Hasher(Sha256);

impl Hasher for Sha256Hasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest: [u8; 32] = self.0.clone().finalize().into();
        u64::from_le_bytes([
            digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7],
        ])
    }
}
