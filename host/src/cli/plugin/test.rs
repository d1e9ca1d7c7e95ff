//! `ecert plugin test`: runs fixtures and says how answers differ.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

use super::project::Project;
use super::spent::spent_table;
use crate::cli::{Outcome, note, say};
use crate::fixtures::{Difference, EXPECTED, Ending, Fixtures, JsonPath, Ran, run_all};

/// Characters from which a text's difference is shown word by word.
const LONG_TEXT: usize = 60;

/// Runs a plugin's fixtures in the sandbox, under the limits of live traffic.
///
/// Ends with 0 when all pass, 1 otherwise.
#[derive(Debug, Args)]
pub(in crate::cli) struct Test {
    /// Folder of the plugin's crate, which is built first, or a component.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How the results are written.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Takes what comes for what is expected from now on.
    #[arg(long)]
    update: bool,
    /// Only fixtures whose name contains this.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Pretty,
    /// For programs.
    Json,
    /// For continuous integration.
    Junit,
}

pub(super) fn run(arguments: &Test) -> Result<Outcome> {
    let mut project = Project::open(&arguments.path)?;
    if let Some(text) = &arguments.filter {
        project.fixtures.fixtures.retain(|fixture| fixture.name.contains(text));
    }
    ensure!(
        !project.fixtures.fixtures.is_empty(),
        "there is no fixture to run: each is a folder of its own below {}",
        project.folder.as_deref().unwrap_or(&arguments.path).display()
    );
    let Project { engine, plugin, fixtures, .. } = &project;
    let mut runs = run_all(engine, plugin, fixtures)?;
    if arguments.update {
        update(&project, &mut runs)?;
    }
    let manifest = plugin.manifest();
    match arguments.format {
        Format::Pretty => pretty(&project, &runs),
        Format::Json => say(serde_json::to_string_pretty(&as_json(&runs))?),
        Format::Junit => say(as_junit(&manifest.name, &runs).to_string()?.trim_end()),
    }
    let passed = runs.iter().filter(|run| run.ending == Ending::Passed).count();
    if arguments.format == Format::Pretty {
        say(format_args!(
            "{} {}: {passed} of {} fixtures passed",
            manifest.name,
            manifest.version,
            runs.len()
        ));
    }
    Ok(if passed == runs.len() { Outcome::Positive } else { Outcome::Negative })
}

/// Writes new expectations; what they are for passes then.
fn update(project: &Project, runs: &mut [Ran]) -> Result<()> {
    let Some(folder) = &project.folder else {
        bail!("--update changes the fixtures beside the source: give the folder of the plugin");
    };
    for run in runs {
        if run.ending == Ending::Passed {
            continue;
        }
        // A call that failed answered nothing that could be expected.
        let Some(actual) = &run.actual else { continue };
        let file = Fixtures::write_expected(folder, &run.name, actual)?;
        note(format_args!("written: {} (look at it before you rely on it)", file.display()));
        run.ending = Ending::Passed;
    }
    Ok(())
}

fn pretty(project: &Project, runs: &[Ran]) {
    for run in runs {
        match &run.ending {
            Ending::Passed => {}
            Ending::Failed(failure) => {
                say(format_args!("error[{}]: {}: {failure}\n", failure.code(), run.name));
            }
            Ending::NothingExpected => say(format_args!(
                "error[no-expectation]: {}: it has no {EXPECTED}; `--update` writes one\n",
                run.name
            )),
            Ending::Differs(differences) => {
                let file = project.folder.as_ref().map(|folder| folder.join(&run.name).join(EXPECTED));
                let text = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
                for difference in differences {
                    say(told(&run.name, file.as_deref().zip(text.as_deref()), difference));
                }
            }
        }
        for entry in &run.log {
            note(format_args!("{}: {:?}: {}", run.name, entry.level, entry.message));
        }
    }
    let mark = |run: &Ran| if run.ending == Ending::Passed { "ok  " } else { "FAIL" };
    let rows: Vec<_> = runs.iter().map(|run| (format!("{} {}", mark(run), run.name), run.spent)).collect();
    say(spent_table(rows.iter().map(|(name, spent)| (name.as_str(), *spent))));
}

/// A difference as compilers write an error.
fn told(fixture: &str, file: Option<(&Path, &str)>, difference: &Difference) -> String {
    let Difference { path, expected, actual } = difference;
    let mut lines = vec![format!("error[{}]: {fixture}: `{path}`", kind(difference))];
    lines.push(format!("  --> {}", place(fixture, file, path)));
    match (expected, actual) {
        (Some(Value::String(old)), Some(Value::String(new))) if old.len().max(new.len()) >= LONG_TEXT => {
            let diff = TextDiff::from_words(old.as_str(), new.as_str());
            let side = |left_out: ChangeTag| {
                let changes = diff.iter_all_changes().filter(|change| change.tag() != left_out);
                let marked = |change: similar::Change<&str>| match change.tag() {
                    ChangeTag::Equal => change.value().to_owned(),
                    _ => emphasised(change.value()),
                };
                changes.map(marked).collect::<String>()
            };
            lines.push(format!("  expected  {:?}", side(ChangeTag::Insert)));
            lines.push(format!("    actual  {:?}", side(ChangeTag::Delete)));
        }
        _ => {
            lines.push(format!("  expected  {}", Difference::shown(expected.as_ref())));
            lines.push(format!("    actual  {}", Difference::shown(actual.as_ref())));
        }
    }
    lines.join("\n") + "\n"
}

/// A word that differs, between marks.
fn emphasised(word: &str) -> String {
    if word.trim().is_empty() { word.to_owned() } else { format!("»{word}«") }
}

fn kind(difference: &Difference) -> &'static str {
    match (&difference.expected, &difference.actual) {
        (None, _) => "unexpected",
        (_, None) => "missing",
        _ => "differs",
    }
}

fn place(fixture: &str, file: Option<(&Path, &str)>, path: &JsonPath) -> String {
    match file {
        None => format!("{fixture}, embedded"),
        Some((file, text)) => match path.position(text) {
            Some((line, column)) => format!("{}:{line}:{column}", file.display()),
            None => file.display().to_string(),
        },
    }
}

fn as_json(runs: &[Ran]) -> Value {
    let of = |run: &Ran| {
        let (ending, differences, failure) = match &run.ending {
            Ending::Passed => ("passed", json!([]), Value::Null),
            Ending::Differs(found) => ("differs", json!(found), Value::Null),
            Ending::Failed(failure) => ("failed", json!([]), json!(failure.to_string())),
            Ending::NothingExpected => ("nothing-expected", json!([]), Value::Null),
        };
        json!({
            "fixture": run.name,
            "ending": ending,
            "differences": differences,
            "failure": failure,
            "spent": run.spent,
        })
    };
    json!({ "fixtures": runs.iter().map(of).collect::<Vec<_>>() })
}

fn as_junit(plugin: &str, runs: &[Ran]) -> Report {
    let mut suite = TestSuite::new(plugin);
    for run in runs {
        let failed = |kind, message: String| {
            let mut status = TestCaseStatus::non_success(kind);
            status.set_message(message);
            status
        };
        let status = match &run.ending {
            Ending::Passed => TestCaseStatus::success(),
            Ending::Differs(found) => {
                let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
                failed(NonSuccessKind::Failure, lines.join("\n"))
            }
            Ending::Failed(failure) => failed(NonSuccessKind::Error, failure.to_string()),
            Ending::NothingExpected => failed(NonSuccessKind::Failure, format!("it has no {EXPECTED}")),
        };
        let mut case = TestCase::new(&run.name, status);
        case.set_classname(plugin);
        if let Some(spent) = run.spent {
            case.set_time(spent.time.0);
            let numbers = [("fuel", spent.fuel), ("memory", spent.memory), ("results", spent.results)];
            for (name, share) in numbers {
                case.add_property((name.to_owned(), format!("{} of {}", share.used, share.limit)));
            }
        }
        suite.add_test_case(case);
    }
    let mut report = Report::new(plugin);
    report.add_test_suite(suite);
    report
}
