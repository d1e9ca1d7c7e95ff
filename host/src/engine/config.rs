//! How plugins are compiled and where they run.

use std::path::PathBuf;
use std::time::Duration;

use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::contract::MAX_MEMORY;

/// What an engine needs to know.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Folder of compiled plugins, made if missing and open to nobody else.
    pub cache: PathBuf,
    /// The `ecert` binary, which is started to compile.
    pub compiler: PathBuf,
    /// Most calls at the same time.
    pub concurrency: u32,
    /// Wall time that compiling one plugin may take.
    pub compile_time: Duration,
}

impl EngineConfig {
    /// For this very binary, with room for 64 calls at a time.
    pub fn new(cache: impl Into<PathBuf>) -> std::io::Result<Self> {
        Ok(Self {
            cache: cache.into(),
            compiler: std::env::current_exe()?,
            concurrency: 64,
            compile_time: Duration::from_secs(300),
        })
    }
}

/// Core instances, memories and tables that one plugin may consist of. A Rust
/// plugin has one module of its own and two small ones that tie it to the
/// host.
pub(super) const MAX_CORE_INSTANCES: u32 = 16;
pub(super) const MAX_MEMORIES: u32 = 4;
pub(super) const MAX_TABLES: u32 = 16;

/// Memory of a finished call that stays mapped for the next one.
const KEEP_RESIDENT: usize = 256 << 10;

/// Stack of a plugin. Threads that call plugins need more than this.
const STACK: usize = 512 << 10;

/// The settings that decide about compiled code. Compiler process and host
/// must agree on them; they are part of the cache's key.
pub(super) fn compiling() -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(STACK)
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        .memory_init_cow(true)
        // For saying in which function a plugin trapped, not at which byte.
        .generate_address_map(false);
    config
}

/// The settings for running, with slots made beforehand for so many calls.
pub(super) fn pooled(concurrency: u32) -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(concurrency)
        .total_core_instances(concurrency * MAX_CORE_INSTANCES)
        .total_memories(concurrency * 2)
        .total_tables(concurrency * 4)
        .max_core_instances_per_component(MAX_CORE_INSTANCES)
        .max_memories_per_component(MAX_MEMORIES)
        .max_tables_per_component(MAX_TABLES)
        .max_memory_size(MAX_MEMORY)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    let mut config = compiling();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
