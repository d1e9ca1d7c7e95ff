//! `ecert plugin bench`: how long a plugin's fixtures take.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use clap::Args;
use comfy_table::CellAlignment;
use serde_json::json;

use super::project::Project;
use super::spent::grouped;
use crate::cli::table_output::table;
use crate::cli::{Outcome, say};
use crate::fixtures::{Ending, run as run_fixture};

/// Measures a plugin's fixtures in the sandbox.
///
/// Each call has a fresh instance, as in live traffic. Fuel is the same every
/// time; time is this machine's.
#[derive(Debug, Args)]
pub(in crate::cli) struct Bench {
    /// Folder of the plugin's crate, which is built first, or a component.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Calls of each fixture that are measured.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    samples: u32,
    /// Calls of each fixture before that.
    #[arg(long, default_value_t = 20)]
    warm_up: u32,
    /// Only fixtures whose name contains this.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// What the calls of a fixture took.
struct Measured {
    name: String,
    median: Duration,
    p99: Duration,
    fuel: u64,
}

pub(super) fn run(arguments: &Bench) -> Result<Outcome> {
    let project = Project::open(&arguments.path)?;
    let wanted = arguments.filter.as_deref().unwrap_or_default();
    let mut measured = Vec::new();
    for fixture in project.fixtures.fixtures.iter().filter(|fixture| fixture.name.contains(wanted)) {
        let mut times = Vec::with_capacity(arguments.samples as usize);
        let mut fuel = 0;
        for number in 0..arguments.warm_up + arguments.samples {
            let ran = run_fixture(&project.engine, &project.plugin, &project.fixtures, fixture)?;
            let Some(spent) = ran.spent else {
                match ran.ending {
                    Ending::Failed(failure) => bail!("{}: {failure}", fixture.name),
                    _ => bail!("{}: it gave no answer", fixture.name),
                }
            };
            fuel = spent.fuel.used;
            if number >= arguments.warm_up {
                times.push(spent.time.0);
            }
        }
        times.sort();
        let (median, p99) = (quantile(&times, 50), quantile(&times, 99));
        measured.push(Measured { name: fixture.name.clone(), median, p99, fuel });
    }
    ensure!(!measured.is_empty(), "there is no fixture to measure");
    if arguments.json {
        let of = |m: &Measured| {
            let micros = |time: Duration| time.as_secs_f64() * 1e6;
            json!({
                "fixture": m.name,
                "medianMicroseconds": micros(m.median),
                "p99Microseconds": micros(m.p99),
                "fuel": m.fuel,
            })
        };
        let all: Vec<_> = measured.iter().map(of).collect();
        say(serde_json::to_string_pretty(&json!({"samples": arguments.samples, "fixtures": all}))?);
        return Ok(Outcome::Positive);
    }
    let micros = |time: Duration| format!("{} µs", grouped(time.as_micros().try_into().unwrap_or(u64::MAX)));
    let rows = measured.iter().map(|m| [m.name.clone(), micros(m.median), micros(m.p99), grouped(m.fuel)]);
    let mut table = table(["", "median", "p99", "fuel"], rows);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    say(table);
    Ok(Outcome::Positive)
}

/// The smallest of the sorted values that so many percent do not exceed.
fn quantile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_micros).collect();
        assert_eq!(quantile(&times, 50), Duration::from_micros(100));
        assert_eq!(quantile(&times, 99), Duration::from_micros(198));
        assert_eq!(quantile(&times[..1], 99), Duration::from_micros(1));
        assert_eq!(quantile(&[], 50), Duration::ZERO);
    }
}
