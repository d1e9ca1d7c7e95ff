//! `ecert compile`: the hidden command of the compiler process.

use std::process::ExitCode;

use crate::engine::run_child;

/// Compiles the component on standard input to standard output.
pub(super) fn run() -> ExitCode {
    ExitCode::from(run_child(std::io::stdin().lock(), std::io::stdout().lock(), std::io::stderr().lock()))
}
