//! `ecert backtest`: whose verdict would change under a candidate?

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::client::{Client, Connection, Content, read};
use super::table_output::{cell, table};
use super::{Outcome, note, say};

/// How often progress is asked for.
const ASKED_EVERY: Duration = Duration::from_millis(200);

/// Runs a candidate over the latest stored cases of a running host.
///
/// Nothing changes by it. Exit code 0 when every case comes out as it did, 1
/// when a verdict or a finding would change.
#[derive(Debug, Args)]
pub(super) struct Backtest {
    /// A component file, or a published version as NAME@VERSION.
    candidate: String,
    /// How many of the latest cases.
    #[arg(long, default_value_t = 1_000)]
    last: u64,
    /// Published version that it is compared with; what was recorded unless
    /// given.
    #[arg(long, value_name = "VERSION")]
    against: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Runs one backtest to its end.
pub(super) fn run(arguments: &Backtest) -> Result<Outcome> {
    let Backtest { candidate, last, against, connection } = arguments;
    compared(connection, candidate, against.as_deref(), *last)
}

/// Runs a candidate over stored cases, and shows what differs from what was
/// recorded, or from what another version makes of them.
pub(super) fn compared(
    connection: &Connection,
    candidate: &str,
    against: Option<&str>,
    last: u64,
) -> Result<Outcome> {
    let client = connection.client()?;
    let last_text = last.to_string();
    let mut query = vec![("last", last_text.as_str())];
    query.extend(against.map(|version| ("against", version)));
    let component = match published(candidate) {
        Some((name, version)) => {
            query.extend([("name", name), ("version", version)]);
            Vec::new()
        }
        None => read(Path::new(candidate))?,
    };
    let started =
        client.post_with("/v1/backtests", &query, &Content::Bytes("application/wasm", &component))?;
    let id = started["id"].as_str().context("the host's answer has no identifier")?;
    let done = follow(&client, id, last)?;
    if connection.json {
        say(&done);
    } else {
        show(&done);
    }
    match done["state"].as_str() {
        Some("done" | "stopped") if done["tally"]["different"] == 0 => Ok(Outcome::Positive),
        Some("done" | "stopped") => Ok(Outcome::Negative),
        _ => bail!("the backtest failed: {}", cell(&done, "reason")),
    }
}

/// Name and version of what is no file.
pub(super) fn published(candidate: &str) -> Option<(&str, &str)> {
    candidate.split_once('@').filter(|_| !Path::new(candidate).exists())
}

fn follow(client: &Client, id: &str, last: u64) -> Result<Value> {
    let bar = ProgressBar::new(last);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} cases, {per_sec}") {
        bar.set_style(style);
    }
    note(format_args!("backtest {id}; it goes on in the host whatever becomes of this command"));
    loop {
        let now = client.get(&format!("/v1/backtests/{id}"))?;
        bar.set_position(now["tally"]["cases"].as_u64().unwrap_or_default());
        if now["state"] != "running" {
            bar.finish_and_clear();
            return Ok(now);
        }
        std::thread::sleep(ASKED_EVERY);
    }
}

fn show(backtest: &Value) {
    let tally = &backtest["tally"];
    let (cases, seconds) = (tally["cases"].as_u64().unwrap_or_default(), backtest["seconds"].as_f64());
    let seconds = seconds.unwrap_or_default();
    let against =
        backtest["against"].as_str().map(|version| format!(" against {version}")).unwrap_or_default();
    let (name, version) = (cell(backtest, "name"), cell(backtest, "version"));
    say(format_args!("{name} {version}{against} over {cases} stored cases"));
    say(format_args!("  judged     {}", tally["judged"]));
    say(format_args!("  different  {}", tally["different"]));
    say(format_args!("  failed     {}", tally["failed"]));
    say(format_args!("  not kept   {}", tally["lost"]));
    say(format_args!("  time       {seconds:.1} s, {:.0} cases a second", cases as f64 / seconds.max(0.001)));
    changes(tally, &backtest["opinions"], tally["examples"].as_array());
}

/// Changed verdicts, changes per rule, and cases.
pub(super) fn changes(tally: &Value, opinions: &Value, cases: Option<&Vec<Value>>) {
    for (change, count) in tally["verdicts"].as_object().into_iter().flatten() {
        say(format_args!("  verdict {change}: {count}"));
    }
    rules(tally, opinions);
    examples(cases.map_or(&[][..], Vec::as_slice));
}

/// What changes per rule, beside what officers thought of the rule.
fn rules(tally: &Value, opinions: &Value) {
    let Some(rules) = tally["rules"].as_object().filter(|rules| !rules.is_empty()) else {
        return;
    };
    let row = |(rule, counts): (&String, &Value)| {
        let opinions = &opinions[rule];
        let number = |value: &Value| value.as_u64().unwrap_or_default().to_string();
        [
            rule.clone(),
            number(&counts["new"]),
            number(&counts["gone"]),
            number(&counts["other"]),
            number(&opinions["confirmed"]),
            number(&opinions["dismissed"]),
        ]
    };
    say(table(["rule", "new", "gone", "other", "confirmed", "dismissed"], rules.iter().map(row)));
}

fn examples(examples: &[Value]) {
    if !examples.is_empty() {
        say("examples");
    }
    for example in examples.iter().take(10) {
        let change = format!("{} → {}", cell(example, "verdict"), cell(example, "candidate"));
        say(format_args!("  {} {change}", cell(example, "verification")));
        for finding in example["findings"].as_array().into_iter().flatten() {
            let item = finding["item"].as_u64().map(|item| format!(", item {item}")).unwrap_or_default();
            let (became, rule) = (cell(finding, "became"), cell(finding, "rule"));
            say(format_args!("    {became}: {rule}{item}: {}", cell(finding, "text")));
        }
        if let Some(failure) = example["failure"].as_str() {
            say(format_args!("    {failure}"));
        }
    }
}
