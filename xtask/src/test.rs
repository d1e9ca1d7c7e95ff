//! All tests of the project, closing with the counts.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::postgres::Cluster;
use crate::{cargo, catalogue, plugins, setup};

/// What some tests need and a machine may lack. Tests that need it bear its
/// mark in their name, so that they can be left out and counted as not run.
struct Need {
    mark: &'static str,
    variable: &'static str,
    value: Result<String>,
}

/// How many tests came out how.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// Builds what the tests need and runs them all.
pub(crate) fn test(root: &Path, filter: &[String]) -> Result<()> {
    let ecert = plugins::build_host(root)?;
    let built = plugins::build(root, &ecert)?;
    catalogue::write(root, &ecert, &built, true)?;
    let cluster = cluster();
    let needs = [
        Need { mark: "samples_", variable: "ECERT_SAMPLES", value: samples(root).map(text) },
        Need {
            mark: "postgres_",
            variable: "ECERT_TEST_POSTGRES",
            value: cluster.as_ref().map(|c| c.url().to_owned()).map_err(|e| anyhow::anyhow!("{e:#}")),
        },
        Need { mark: "registry_", variable: "ECERT_REGISTRY", value: registry().map(text) },
        Need { mark: "w3c_", variable: "ECERT_XML_SUITE", value: setup::xml_suite(root).map(text) },
    ];
    let mut counts = Counts::default();
    let mut all_well = true;
    for workspace in [root.to_path_buf(), root.join("plugins")] {
        all_well &= run(&workspace, &ecert, &built, &needs, filter, &mut counts)?;
    }
    if filter.is_empty() {
        all_well &= documentation_tests(root, &mut counts)?;
    }
    drop(cluster);
    for need in &needs {
        if let Err(reason) = &need.value {
            println!("not run: tests named {}…, since {reason:#}", need.mark);
        }
    }
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    ensure!(all_well && counts.failed == 0, "not all tests pass");
    ensure!(counts.passed > 0, "no test ran");
    Ok(())
}

fn text(path: PathBuf) -> String {
    path.display().to_string()
}

/// Real messages from public sources, which lie beside the project where they
/// lie at all.
fn samples(root: &Path) -> Result<PathBuf> {
    let folder =
        std::env::var_os("ECERT_SAMPLES").map_or_else(|| root.join("../shared/samples"), PathBuf::from);
    folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))
}

fn registry() -> Result<PathBuf> {
    setup::docker_registry().context("docker-registry is neither here nor can be installed")
}

fn cluster() -> Result<Cluster> {
    let programs = setup::postgresql().context("PostgreSQL is neither here nor can be installed")?;
    Cluster::start(&programs)
}

/// Runs one workspace's tests with nextest where it is installed, else with
/// cargo's own runner.
fn run(
    workspace: &Path,
    ecert: &Path,
    built: &Path,
    needs: &[Need],
    filter: &[String],
    counts: &mut Counts,
) -> Result<bool> {
    let nextest = cargo(workspace).args(["nextest", "--version"]).output()?.status.success();
    let missing: Vec<&str> = needs.iter().filter(|need| need.value.is_err()).map(|need| need.mark).collect();
    let mut command = cargo(workspace);
    if nextest {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass"]).args(filter);
        if !missing.is_empty() {
            let expression: Vec<String> =
                missing.iter().map(|mark| format!("not test(/(^|::){mark}/)")).collect();
            command.args(["-E", &expression.join(" and ")]);
        }
    } else {
        command
            .args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests", "--"])
            .args(filter);
        for mark in missing {
            command.args(["--skip", mark]);
        }
    }
    command.env("ECERT_BIN", ecert).env("ECERT_PLUGINS", built).env("INSTA_UPDATE", "no");
    for need in needs {
        if let Ok(value) = &need.value {
            command.env(need.variable, value);
        }
    }
    watch(&mut command, counts)
}

fn documentation_tests(root: &Path, counts: &mut Counts) -> Result<bool> {
    watch(cargo(root).args(["test", "--doc", "--workspace", "--no-fail-fast"]), counts)
}

/// Passes a runner's lines through and adds up the counts it closes with.
fn watch(command: &mut Command, counts: &mut Counts) -> Result<bool> {
    // Both streams in one pipe, in the order they were written.
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer).stdin(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("{command:?} does not start"))?;
    // The command keeps the writing end open; without it the pipe never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    for line in BufReader::new(reader).lines() {
        let line = line?;
        println!("{line}");
        counts.add(&line);
    }
    Ok(child.wait()?.success())
}

impl Counts {
    /// Understands nextest's `Summary […] N tests run: N passed, N failed, N
    /// skipped` and cargo's `test result: ok. N passed; N failed; N ignored; N
    /// measured; N filtered out`.
    fn add(&mut self, line: &str) {
        let line = line.trim();
        let tail = match line.split_once(" run: ") {
            Some((head, tail)) if head.starts_with("Summary [") => tail,
            _ => match line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) {
                Some((_, tail)) => tail,
                None => return,
            },
        };
        for part in tail.split([',', ';']) {
            let mut words = part.split_whitespace();
            let Some(Ok(number)) = words.next().map(str::parse::<usize>) else { continue };
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed" | "timed") => self.failed += number,
                Some("skipped" | "ignored" | "filtered") => self.skipped += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(line: &str) -> (usize, usize, usize) {
        let mut counts = Counts::default();
        counts.add(line);
        (counts.passed, counts.failed, counts.skipped)
    }

    #[test]
    fn closing_lines_are_understood() {
        let nextest =
            "     Summary [   0.005s] 7 tests run: 5 passed (1 slow), 1 failed, 1 timed out, 2 skipped";
        assert_eq!(counted(nextest), (5, 2, 2));
        let cargo = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 4 filtered out; finished in 0.1s";
        assert_eq!(counted(cargo), (3, 1, 6));
        assert_eq!(counted("12 passed, 3 failed"), (0, 0, 0));
    }
}
