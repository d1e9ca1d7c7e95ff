//! The command line. Each subcommand has a module of its own, with its
//! arguments and a function that carries it out.
//!
//! Exit codes: 0 done (or a release), 1 a negative verdict or test, 2 wrong
//! usage, 3 failure.

mod account;
mod agreement;
mod backtest;
mod certificates;
mod certificates_import;
mod client;
mod compile;
mod convert;
mod foresight;
mod housekeeping;
mod ledger;
mod lifecycle;
mod offline;
mod parameter;
mod plugin;
mod publish;
mod recall;
mod replay;
mod serve;
mod submit;
mod table;
mod table_output;
mod token;
mod trial;
mod trust;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Compares electronic certificates with customs declarations.
#[derive(Debug, Parser)]
#[command(name = "ecert", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compiles a component from standard input to standard output.
    #[command(hide = true)]
    Compile,
    Verify(verify::Verify),
    Convert(convert::Convert),
    /// Serves the HTTP interface until told to stop.
    Serve(serve::Options),
    /// Builds and inspects plugins.
    #[command(subcommand)]
    Plugin(plugin::Command),
    /// Reference tables of a running host.
    #[command(subcommand)]
    Table(table::TableCommand),
    /// Parameters of a running host's rule sets.
    #[command(subcommand)]
    Parameter(parameter::ParameterCommand),
    /// Agreements with partners in a running host.
    #[command(subcommand)]
    Agreement(agreement::AgreementCommand),
    /// Certificates of a running host: those delivered to it, and those of the
    /// own authority for export.
    #[command(subcommand)]
    Certificates(certificates::Command),
    /// Query accounts of institutions abroad.
    #[command(subcommand)]
    Account(account::Command),
    /// Declarations of a running host.
    #[command(subcommand)]
    Declarations(submit::DeclarationsCommand),
    /// Quantities of certificates in a running host.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Goods that entered on certificates which were taken back since.
    #[command(subcommand)]
    Recall(recall::Command),
    Replay(replay::Replay),
    Backtest(backtest::Backtest),
    /// Whose plugins a running host lets in.
    #[command(subcommand)]
    Trust(trust::Command),
    /// Tokens of a running host.
    #[command(subcommand)]
    Token(token::Command),
}

/// How a command ended, apart from failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, or the verdict is a release.
    Positive,
    /// It did what it was asked, and the answer is no.
    Negative,
}

/// Carries out what the process was started for.
pub fn run() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let outcome = match command {
        Command::Compile => return compile::run(),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Serve(options) => serve::run(&options),
        Command::Plugin(command) => plugin::run(command),
        Command::Table(command) => table::run(&command),
        Command::Parameter(command) => parameter::run(&command),
        Command::Agreement(command) => agreement::run(&command),
        Command::Account(command) => account::run(&command),
        Command::Certificates(command) => certificates::run(&command),
        Command::Declarations(command) => submit::run_declarations(&command),
        Command::Ledger(command) => ledger::run(&command),
        Command::Recall(command) => recall::run(&command),
        Command::Backtest(arguments) => backtest::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Trust(command) => trust::run(&command),
        Command::Token(command) => token::run(&command),
    };
    match outcome {
        Ok(Outcome::Positive) => ExitCode::SUCCESS,
        Ok(Outcome::Negative) => ExitCode::from(1),
        Err(error) => {
            complain(&error);
            ExitCode::from(3)
        }
    }
}

/// Writes a line of a command's output.
#[expect(clippy::print_stdout, reason = "a command speaks to its user")]
pub(crate) fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

/// Writes a line about what a command is doing, apart from its output.
#[expect(clippy::print_stderr, reason = "a command speaks to its user")]
pub(crate) fn note(line: impl std::fmt::Display) {
    eprintln!("{line}");
}

/// Writes why a command failed, with every cause.
fn complain(error: &anyhow::Error) {
    note(format_args!("error: {error}"));
    for cause in error.chain().skip(1) {
        note(format_args!("  because: {cause}"));
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Arguments;

    #[test]
    fn arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }
}
