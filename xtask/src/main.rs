//! The project's own tasks: `cargo xtask --help` lists them.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks to its user")]

mod boundary;
mod catalogue;
mod check;
mod demo;
mod dependencies;
mod model;
mod plugins;
mod postgres;
mod setup;
mod test;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Tasks of the ecert project")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Serve the examples and show their verdicts.
    Demo {
        /// Stop after the table.
        #[arg(long)]
        once: bool,
    },
    /// Build all plugins from source into target/plugins.
    Plugins,
    /// Write the catalogue of rules, docs/catalogue.md.
    Catalogue,
    /// Run all tests.
    Test {
        /// Only tests whose names contain one of these.
        filter: Vec<String>,
    },
    /// Check formatting, lints, documentation and dependencies.
    Check,
    /// Write the Rust form of the contract from wit/.
    Model {
        /// Only say whether it is up to date.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> Result<()> {
    let root = root();
    match Arguments::parse().task {
        Task::Plugins => {
            let ecert = plugins::build_host(&root)?;
            println!("built into {}", plugins::build(&root, &ecert)?.display());
            Ok(())
        }
        Task::Catalogue => {
            let ecert = plugins::build_host(&root)?;
            let built = plugins::build(&root, &ecert)?;
            catalogue::write(&root, &ecert, &built, false)
        }
        Task::Demo { once } => demo::demo(&root, once),
        Task::Test { filter } => test::test(&root, &filter),
        Task::Check => check::check(&root),
        Task::Model { check } => write_model(check),
    }
}

fn write_model(check: bool) -> Result<()> {
    let root = root();
    for (path, content) in model::generate(&root)? {
        let path = root.join(path);
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        ensure!(
            !check || current == content,
            "{} is not what wit/ says: run `cargo xtask model`",
            path.display()
        );
        if current != content {
            std::fs::write(&path, content)?;
            println!("wrote {}", path.display());
        }
    }
    Ok(())
}

/// The project's root folder.
fn root() -> PathBuf {
    // As cargo says now, not as it was when this was compiled: the folder may
    // have been moved.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&own).parent().expect("xtask stands in the root folder").to_path_buf()
}

/// Runs a command that speaks for itself; fails when it does.
fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?} does not start"))?;
    ensure!(status.success(), "{command:?} failed ({status})");
    Ok(())
}

/// Runs a command and answers what it printed.
fn ask(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?} does not start"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The cargo that runs us, in `folder`.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    command
}

fn rustfmt(source: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt is not installed")?;
    child.stdin.take().context("no standard input")?.write_all(source.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "rustfmt refused the generated source");
    Ok(String::from_utf8(output.stdout)?)
}
