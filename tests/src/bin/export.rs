//! Measures export certificates in a serving host, on SQLite or PostgreSQL:
//!
//! ```console
//! $ cargo build --release --workspace
//! $ cargo xtask plugins
//! $ ECERT_BIN=target/release/ecert target/release/export [SIZE …]
//! ```
//!
//! Sizes are how many certificates to fill up to, one after another (200,000
//! unless given); `ECERT_DATABASE` names a PostgreSQL database to fill instead
//! of a SQLite file. For each size it tells the import rate, bytes a
//! certificate, and how long queries by number take. The numbers are for
//! people to compare; nothing is asserted of them.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use ecert_tests::abroad::{BATCH, account, encoded, host};
use ecert_tests::generator::{Generator, batch};
use ecert_tests::{Client, Host, Setup};
use serde_json::json;

/// Certificates in a batch, and batches under way at once.
const LINES: u64 = 500;
const SENDERS: u64 = 4;
/// Queries that are timed at each size.
const QUERIES: usize = 5_000;

fn main() -> Result<()> {
    let sizes = std::env::args().skip(1).map(|text| text.replace('_', "").parse::<u64>());
    let mut sizes = sizes.collect::<Result<Vec<_>, _>>().context("a size is a number")?;
    if sizes.is_empty() {
        sizes.push(200_000);
    }
    let database = std::env::var("ECERT_DATABASE").ok();
    let host = host(Setup { database: database.clone(), ..Setup::default() });
    let (_, reader) = account(&host, "measurement", &json!({"countries": ["CN"], "rate": 60_000}));
    println!(
        "machine: {} processors; database: {}",
        std::thread::available_parallelism().map_or(1, usize::from),
        if database.is_some() { "PostgreSQL" } else { "SQLite" }
    );
    let mut held = 0;
    for size in sizes {
        fill(&host, held, size)?;
        held = size;
        println!("{held} certificates");
        if database.is_none() {
            let bytes = bytes_on_disk(host.folder());
            println!("  bytes a certificate: {}", bytes / held);
        }
        queries(&reader, held);
    }
    Ok(())
}

/// Loads certificates until there are so many.
fn fill(host: &Host, from: u64, to: u64) -> Result<()> {
    let next = AtomicU64::new(from);
    let (sent, begun) = (AtomicU64::new(0), Instant::now());
    std::thread::scope(|scope| {
        let senders: Vec<_> =
            (0..SENDERS).map(|_| scope.spawn(|| send(&host.admin, &next, to, &sent))).collect();
        senders.into_iter().try_for_each(|sender| sender.join().expect("no sender panicked"))
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "import: {} certificates in {seconds:.0} s, {:.0} a second, {} bytes each as messages",
        to - from,
        (to - from) as f64 / seconds,
        sent.load(Ordering::Relaxed) / (to - from).max(1)
    );
    Ok(())
}

fn send(client: &Client, next: &AtomicU64, to: u64, sent: &AtomicU64) -> Result<()> {
    loop {
        let first = next.fetch_add(LINES, Ordering::Relaxed);
        if first >= to {
            return Ok(());
        }
        let count = LINES.min(to - first);
        let mut generator = Generator::new(first, first);
        let messages: Vec<String> = (0..count).map(|_| generator.certificate().message).collect();
        sent.fetch_add(messages.iter().map(|message| message.len() as u64).sum(), Ordering::Relaxed);
        let lines = batch(messages.iter().map(String::as_str));
        let headers = [("content-type", "application/x-ndjson")];
        let answer = client.send("POST", BATCH, &headers, &lines).expect(200).json();
        ensure!(answer["new"] == count, "not all were new: {}", answer["refused"]);
    }
}

/// Times queries by number for certificates anywhere in the store.
fn queries(reader: &Client, held: u64) {
    let mut times: Vec<Duration> = Vec::with_capacity(QUERIES);
    let mut found = 0;
    let mut state = 1_u64;
    while times.len() < QUERIES {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let wanted = (state >> 16) % held;
        let mut generator = Generator::new(wanted - wanted % LINES, wanted - wanted % LINES);
        let made = (0..=wanted % LINES).map(|_| generator.certificate()).last();
        // Answers that tell of nothing are held back, so only own ones count.
        let Some(made) = made.filter(|made| made.destination == "CN") else { continue };
        let path = format!("/v1/queries/certificates/{}", encoded(&made.number));
        let begun = Instant::now();
        let answer = reader.get(&path).expect(200).json();
        times.push(begun.elapsed());
        found += usize::from(answer["answer"] == "found");
    }
    times.sort_unstable();
    let at = |hundredths: usize| times[times.len() * hundredths / 100].as_micros();
    println!("  query by number, logged: p50 {} µs, p99 {} µs ({found} of {QUERIES} found)", at(50), at(99));
}

fn bytes_on_disk(folder: &Path) -> u64 {
    let size = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |data| data.len());
    size("ecert.db") + size("ecert.db-wal")
}
