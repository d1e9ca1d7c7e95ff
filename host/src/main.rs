//! The binary `ecert`: server and command line in one.

use std::process::ExitCode;

/// Requests are many small allocations on many threads, at which the system's
/// allocator spends a quarter of the host's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ecert::cli::run()
}
