//! `ecert plugin`: writing, building, trying and publishing plugins. Each
//! command has a file of its own.

mod bench;
mod build;
pub(super) mod bundle;
mod check;
mod diff;
mod docs;
mod fixture;
mod inspect;
mod key;
mod lints;
mod new;
mod passphrase;
mod project;
pub(super) mod registry;
mod run;
mod sign;
mod spent;
mod test;
mod verify;

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
    Run(run::Run),
    Bench(bench::Bench),
    Inspect(inspect::Inspect),
    Digest(inspect::ShowDigest),
    Docs(docs::Docs),
    Diff(diff::Diff),
    /// Keys of publishers.
    #[command(subcommand)]
    Key(key::Command),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Push(registry::Push),
    Pull(registry::Pull),
    Save(registry::Save),
    Load(registry::Load),
    /// Publishes components to a running host, with their signatures.
    Publish(publish::Publish),
    Activate(lifecycle::Activate),
    Shadow(lifecycle::Shadow),
    Differences(lifecycle::Differences),
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
        Command::Run(arguments) => run::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Digest(arguments) => inspect::run_digest(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Key(command) => key::run(&command),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Push(arguments) => registry::push(&arguments),
        Command::Pull(arguments) => registry::pull(&arguments),
        Command::Save(arguments) => registry::save(&arguments),
        Command::Load(arguments) => registry::load(&arguments),
        Command::Publish(arguments) => publish::publish(&arguments),
        Command::Activate(arguments) => lifecycle::activate(&arguments),
        Command::Shadow(arguments) => lifecycle::shadow(&arguments),
        Command::Differences(arguments) => lifecycle::differences(&arguments),
        Command::Retire(arguments) => lifecycle::retire(&arguments),
        Command::Rollback(arguments) => lifecycle::rollback(&arguments),
        Command::History(arguments) => lifecycle::history(&arguments),
        Command::List(arguments) => publish::list(&arguments),
    }
}

/// A number of things: `1 error`, `2 errors`.
fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
