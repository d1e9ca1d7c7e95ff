//! The binary `ecert`: server and command line in one.

use std::process::ExitCode;

fn main() -> ExitCode {
    ecert::cli::run()
}
