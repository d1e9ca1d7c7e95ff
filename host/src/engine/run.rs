//! One call of a plugin.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::{ComponentExportIndex, TypedFunc};
use wasmtime::{PoolConcurrencyLimitError, Store, Trap};

use super::guest::{Guest, LogEntry, MemoryRefused, RecordedLookup, TooMuchRecorded};
use super::plugin::{Plugin, Signature};
use super::{Engine, Failure, InvalidOutput, Limits, Tables, ticker};

/// What came of a call, and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Run<T> {
    /// The answer.
    pub output: T,
    /// Fuel it used.
    pub fuel: u64,
    /// Wall time it took, from making the instance to the answer.
    pub duration: Duration,
    /// Most bytes of linear memory it had.
    pub memory: u64,
    /// What it looked up, in order.
    pub lookups: Vec<RecordedLookup>,
    /// What it wrote for its author.
    pub log: Vec<LogEntry>,
    /// How many messages were dropped, since it wrote too many.
    pub log_dropped: u32,
    /// Whether a first attempt was stopped by wall time.
    pub interrupted: bool,
}

impl<T> Run<(T,)> {
    pub(super) fn only(self) -> Run<T> {
        self.map(|(output,)| output)
    }
}

impl<T> Run<T> {
    /// The same run with something else made of its answer.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Run<U> {
        let Self { output, fuel, duration, memory, lookups, log, log_dropped, interrupted } = self;
        Run { output: make(output), fuel, duration, memory, lookups, log, log_dropped, interrupted }
    }

    pub(super) fn checked(
        self,
        check: impl FnOnce(&T) -> Result<(), InvalidOutput>,
    ) -> Result<Self, Failure> {
        match check(&self.output) {
            Ok(()) => Ok(self),
            Err(broken) => Err(Failure::InvalidOutput { reason: broken.to_string() }),
        }
    }
}

impl Engine {
    /// Calls a function of a plugin in an instance of its own. When wall time
    /// stops it, it is called once more: a busy machine must not look like a
    /// broken plugin.
    pub(super) fn call<S: Signature, F: Fn() -> S::Parameters>(
        &self,
        plugin: &Plugin,
        function: &ComponentExportIndex,
        limits: &Limits,
        tables: Option<&Arc<dyn Tables>>,
        parameters: F,
    ) -> Result<Run<S::Results>, Failure> {
        let tables = tables.unwrap_or(&self.inner.no_tables);
        let started = Instant::now();
        let result = self.attempts::<S, F>(plugin, function, limits, tables, parameters);
        plugin.stats.count(started.elapsed(), result.as_ref().err());
        result
    }

    fn attempts<S: Signature, F: Fn() -> S::Parameters>(
        &self,
        plugin: &Plugin,
        function: &ComponentExportIndex,
        limits: &Limits,
        tables: &Arc<dyn Tables>,
        parameters: F,
    ) -> Result<Run<S::Results>, Failure> {
        match self.attempt::<S>(plugin, function, limits, tables, parameters()) {
            Err(Failure::Interrupted { .. }) => {
                tracing::warn!(?plugin, "stopped by wall time, tried once more");
                let run = self.attempt::<S>(plugin, function, limits, tables, parameters())?;
                Ok(Run { interrupted: true, ..run })
            }
            other => other,
        }
    }

    fn attempt<S: Signature>(
        &self,
        plugin: &Plugin,
        function: &ComponentExportIndex,
        limits: &Limits,
        tables: &Arc<dyn Tables>,
        parameters: S::Parameters,
    ) -> Result<Run<S::Results>, Failure> {
        let started = Instant::now();
        let guest = Guest::new(*limits, Arc::clone(plugin.manifest()), Arc::clone(tables));
        let mut store = Store::new(&self.inner.wasm, guest);
        store.limiter(|guest| &mut guest.limiter);
        store.set_epoch_deadline(ticker::ticks(limits.time));
        store.set_hostcall_fuel(limits.output);
        let answer = store
            .set_fuel(limits.fuel)
            .and_then(|()| enter::<S>(&mut store, plugin, function, parameters))
            .map_err(|error| failure(&error, limits));
        let fuel = limits.fuel - store.get_fuel().unwrap_or_default().min(limits.fuel);
        let guest = store.into_data();
        Ok(Run {
            output: answer?,
            fuel,
            duration: started.elapsed(),
            memory: guest.limiter.used as u64,
            lookups: guest.lookups,
            log: guest.log,
            log_dropped: guest.log_dropped,
            interrupted: false,
        })
    }
}

#[expect(
    unsafe_code,
    reason = "the function's type was checked when the plugin was loaded; checking it for every \
     instance would cost more than a small case does"
)]
fn enter<S: Signature>(
    store: &mut Store<Guest>,
    plugin: &Plugin,
    function: &ComponentExportIndex,
    parameters: S::Parameters,
) -> wasmtime::Result<S::Results> {
    let instance = plugin.instance.instantiate(&mut *store)?;
    let function = instance
        .get_func(&mut *store, function)
        .ok_or_else(|| wasmtime::Error::msg("the function is not in the instance"))?;
    // SAFETY: `Plugin::new` checked this export against this signature, and
    // no other index is ever paired with it.
    let function = unsafe { TypedFunc::<S::Parameters, S::Results>::new_unchecked(function) };
    function.call(store, parameters)
}

/// Which limit or fault ended a call.
fn failure(error: &wasmtime::Error, limits: &Limits) -> Failure {
    if let Some(refused) = error.downcast_ref::<MemoryRefused>() {
        return Failure::Memory { limit: refused.limit as u64, asked: refused.asked as u64 };
    }
    if error.is::<TooMuchRecorded>() {
        return Failure::Output { limit: limits.output as u64 };
    }
    if let Some(full) = error.downcast_ref::<PoolConcurrencyLimitError>() {
        return Failure::Unavailable { reason: full.to_string() };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Failure::Fuel { limit: limits.fuel },
        Some(Trap::Interrupt) => Failure::Interrupted { after: limits.time },
        Some(Trap::StackOverflow) => Failure::Stack,
        Some(trap) => Failure::Trap { reason: format!("{trap}{}", place(error)) },
        // The type of this error is not public; its text is all there is.
        None if format!("{error:#}").contains("fuel allocated for hostcalls") => {
            Failure::Output { limit: limits.output as u64 }
        }
        // Around the cause stands where in the plugin it was, by number.
        None => Failure::InvalidOutput { reason: error.root_cause().to_string() },
    }
}

/// In which function of the plugin it trapped, if names are known.
fn place(error: &wasmtime::Error) -> String {
    let backtrace = error.downcast_ref::<wasmtime::WasmBacktrace>();
    let name = backtrace.and_then(|trace| trace.frames().iter().find_map(|frame| frame.func_name()));
    name.map(|name| format!(" in `{name}`")).unwrap_or_default()
}
