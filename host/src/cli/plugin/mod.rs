//! `ecert plugin`: writing, building, trying and publishing plugins. Each
//! command has a file of its own.

mod build;
mod check;
mod fixture;
mod inspect;
mod lints;
mod new;
mod project;
mod spent;
mod test;

use anyhow::Result;
use clap::Subcommand;

use super::{Outcome, lifecycle, publish};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    New(new::New),
    Build(build::Build),
    Check(check::Check),
    Fixture(fixture::Fixture),
    Test(test::Test),
    Inspect(inspect::Inspect),
    /// Publishes components to a running host.
    Publish(publish::Publish),
    Activate(lifecycle::Activate),
    Shadow(lifecycle::Shadow),
    Retire(lifecycle::Retire),
    Rollback(lifecycle::Rollback),
    History(lifecycle::History),
    /// Lists the plugins of a running host.
    List(publish::List),
}

pub(super) fn run(command: Command) -> Result<Outcome> {
    match command {
        Command::New(arguments) => new::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Fixture(arguments) => fixture::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Publish(arguments) => publish::publish(&arguments),
        Command::Activate(arguments) => lifecycle::activate(&arguments),
        Command::Shadow(arguments) => lifecycle::shadow(&arguments),
        Command::Retire(arguments) => lifecycle::retire(&arguments),
        Command::Rollback(arguments) => lifecycle::rollback(&arguments),
        Command::History(arguments) => lifecycle::history(&arguments),
        Command::List(arguments) => publish::list(&arguments),
    }
}
