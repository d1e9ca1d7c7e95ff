//! `ecert certificates import`: the own authority's certificates, in batches.

use std::collections::{HashSet, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::client::{Client, Connection, Content, read};
use super::table_output::cell;
use super::{Outcome, note, say};

/// Bytes of a batch, so that it passes a host's limit on bodies.
const BYTES: usize = 8 << 20;

/// Imports certificates of the own authority.
///
/// Files that end in .ndjson hold a JSON object a line, with a message
/// ({"message": "<…>"}) or a certificate in the canonical model
/// ({"certificate": {…}}); every other file is one message. What is held
/// already is passed over, so an import that broke off may be started again.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// File for what became of each line, with the check codes of new
    /// certificates (NDJSON, readable for its owner only). With one that is
    /// there already, the import goes on where that ends.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Gives no check codes: the certificates were printed without.
    #[arg(long)]
    without_codes: bool,
    /// Lines a batch.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=5000))]
    batch: u16,
    /// Batches under way at once.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=16))]
    parallel: u8,
    #[command(flatten)]
    connection: Connection,
}

/// A line of a batch, and where it stands.
struct Line {
    file: String,
    number: usize,
    text: Vec<u8>,
}

/// What became of all lines.
#[derive(Default)]
struct Tally {
    new: u64,
    amended: u64,
    repeated: u64,
    refused: Vec<String>,
    refused_count: u64,
}

/// Refusals that are listed.
const LISTED: usize = 20;

/// Carries out `ecert certificates import`; negative when lines were refused.
pub(super) fn run(arguments: &Import) -> Result<Outcome> {
    let client = arguments.connection.client()?;
    let done = arguments.output.as_deref().map(finished).transpose()?.unwrap_or_default();
    let total: u64 =
        arguments.files.iter().map(|file| std::fs::metadata(file).map_or(0, |data| data.len())).sum();
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {msg}, {eta} to go") {
        bar.set_style(style);
    }
    let work = Work {
        client,
        lines: Mutex::new(Lines { files: arguments.files.iter().cloned().collect(), open: None }),
        done: &done,
        output: arguments.output.as_deref().map(open_output).transpose()?.map(Mutex::new),
        tally: Mutex::default(),
        bar,
        path: address(arguments, !done.is_empty()),
        batch: usize::from(arguments.batch),
    };
    let outcome = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..arguments.parallel).map(|_| scope.spawn(|| work.run())).collect();
        let ended =
            threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a sender failed"))?);
        ended.collect::<Result<Vec<()>>>()
    });
    work.bar.finish_and_clear();
    let tally = work.tally.into_inner().unwrap_or_default();
    report(arguments, &tally);
    outcome?;
    Ok(if tally.refused_count == 0 { Outcome::Positive } else { Outcome::Negative })
}

fn address(arguments: &Import, again: bool) -> String {
    let codes = if arguments.without_codes { "no" } else { "yes" };
    // The answers to batches that were under way are lost, and with them the
    // codes they told.
    let renew = if again && !arguments.without_codes { "yes" } else { "no" };
    format!("/v1/export-certificates/batch?codes={codes}&renew-codes={renew}")
}

fn report(arguments: &Import, tally: &Tally) {
    let Tally { new, amended, repeated, refused, refused_count } = tally;
    if arguments.connection.json {
        say(json!({"new": new, "amended": amended, "repeated": repeated, "refused": refused_count}));
    } else {
        say(format_args!("{new} new, {amended} amended, {repeated} held already, {refused_count} refused"));
    }
    for line in refused {
        note(line);
    }
    if *refused_count > refused.len() as u64 {
        note(format_args!("… and {} more; --output lists all", refused_count - refused.len() as u64));
    }
}

/// The lines whose answers are in the output of an import that broke off.
fn finished(output: &Path) -> Result<HashSet<(String, usize)>> {
    let Ok(file) = File::open(output) else { return Ok(HashSet::new()) };
    let mut done = HashSet::new();
    for line in BufReader::new(file).lines() {
        let line = line.with_context(|| format!("cannot read {}", output.display()))?;
        // The last line may have been cut off.
        let Ok(entry) = serde_json::from_str::<Value>(&line) else { continue };
        if let (Some(file), Some(number)) = (entry["file"].as_str(), entry["line"].as_u64()) {
            done.insert((file.to_owned(), usize::try_from(number)?));
        }
    }
    Ok(done)
}

fn open_output(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    let mut file = file.with_context(|| format!("cannot write {}", path.display()))?;
    if file.metadata()?.len() > 0 {
        // A line that was cut off must not spoil the next.
        file.write_all(b"\n")?;
    }
    Ok(file)
}

/// The lines of all files, one after another.
struct Lines {
    files: VecDeque<PathBuf>,
    open: Option<(String, BufReader<File>, usize)>,
}

impl Lines {
    fn next(&mut self) -> Result<Option<Line>> {
        loop {
            if let Some((file, reader, number)) = &mut self.open {
                let mut text = Vec::new();
                if reader.read_until(b'\n', &mut text).with_context(|| format!("cannot read {file}"))? > 0 {
                    *number += 1;
                    if !text.ends_with(b"\n") {
                        text.push(b'\n');
                    }
                    return Ok(Some(Line { file: file.clone(), number: *number, text }));
                }
                self.open = None;
            }
            let Some(path) = self.files.pop_front() else { return Ok(None) };
            let file = path.display().to_string();
            if path.extension().is_some_and(|extension| extension == "ndjson") {
                let opened = File::open(&path).with_context(|| format!("cannot open {file}"))?;
                self.open = Some((file, BufReader::new(opened), 0));
                continue;
            }
            let message = String::from_utf8(read(&path)?).map_err(|_| anyhow!("{file} is not UTF-8"))?;
            let media_type = if message.trim_start().starts_with('<') {
                "application/xml"
            } else {
                "application/octet-stream"
            };
            let mut text = json!({"message": message, "mediaType": media_type}).to_string().into_bytes();
            text.push(b'\n');
            return Ok(Some(Line { file, number: 1, text }));
        }
    }
}

/// What the senders share.
struct Work<'w> {
    client: Client,
    lines: Mutex<Lines>,
    done: &'w HashSet<(String, usize)>,
    output: Option<Mutex<File>>,
    tally: Mutex<Tally>,
    bar: ProgressBar,
    path: String,
    batch: usize,
}

impl Work<'_> {
    fn run(&self) -> Result<()> {
        loop {
            let lines = self.take()?;
            if lines.is_empty() {
                return Ok(());
            }
            let body: Vec<u8> = lines.iter().flat_map(|line| line.text.iter().copied()).collect();
            let answer = self.client.post(&self.path, &Content::Bytes("application/x-ndjson", &body))?;
            self.note(&lines, &answer)?;
        }
    }

    /// The lines of the next batch.
    fn take(&self) -> Result<Vec<Line>> {
        let mut source = self.lines.lock().map_err(|_| anyhow!("a sender failed"))?;
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while lines.len() < self.batch && bytes < BYTES {
            let Some(line) = source.next()? else { break };
            self.bar.inc(line.text.len() as u64);
            let answered = self.done.contains(&(line.file.clone(), line.number));
            if answered || line.text.trim_ascii().is_empty() {
                continue;
            }
            bytes += line.text.len();
            lines.push(line);
        }
        Ok(lines)
    }

    /// Writes down what became of a batch.
    fn note(&self, lines: &[Line], answer: &Value) -> Result<()> {
        let results = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
        if results.len() != lines.len() {
            bail!("the host answered {} of {} lines", results.len(), lines.len());
        }
        let mut text = Vec::new();
        let mut tally = self.tally.lock().map_err(|_| anyhow!("a sender failed"))?;
        for (line, result) in lines.iter().zip(results) {
            let mut entry = result.clone();
            entry["file"] = json!(line.file);
            entry["line"] = json!(line.number);
            serde_json::to_writer(&mut text, &entry)?;
            text.push(b'\n');
            tally.refuse(line, result);
        }
        let count = |name: &str| answer[name].as_u64().unwrap_or_default();
        tally.new += count("new");
        tally.amended += count("amended");
        tally.repeated += count("repeated");
        tally.refused_count += count("refused");
        self.bar.set_message(format!("{} certificates", tally.new + tally.amended + tally.repeated));
        drop(tally);
        if let Some(output) = &self.output {
            let mut output = output.lock().map_err(|_| anyhow!("a sender failed"))?;
            output.write_all(&text).and_then(|()| output.flush()).context("cannot write the output")?;
        }
        Ok(())
    }
}

impl Tally {
    fn refuse(&mut self, line: &Line, result: &Value) {
        let place = format!("{}, line {}", line.file, line.number);
        let conflicts = result["certificates"].as_array().into_iter().flatten();
        let conflicts = conflicts.filter(|loaded| loaded["outcome"] == "conflict").map(|loaded| {
            format!(
                "{place}: {} is held with other content, and this is no later version",
                cell(loaded, "number")
            )
        });
        let mut told: Vec<String> = conflicts.collect();
        if let Some(why) = result["refused"].as_str() {
            told.push(format!("{place}: {why}"));
            for problem in result["problems"].as_array().into_iter().flatten() {
                let at =
                    problem["line"].as_u64().map(|at| format!("line {at}, column {}: ", problem["column"]));
                told.push(format!("  {}{}", at.unwrap_or_default(), cell(problem, "text")));
            }
        }
        if self.refused.len() < LISTED {
            self.refused.extend(told);
        }
    }
}
