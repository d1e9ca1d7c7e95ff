//! Measures what becomes of plugins in a serving host, with a host of its own
//! on SQLite:
//!
//! ```console
//! $ cargo build --release --workspace
//! $ cargo xtask plugins
//! $ ECERT_BIN=target/release/ecert target/release/lifecycle [CASES [PLUGINS]]
//! ```
//!
//! Publish-to-live, swaps under load, backtest, replay, and what many loaded
//! plugins take. The numbers are for people to compare; nothing is asserted of
//! them.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, ensure};
use ecert_tests::marker::{Behaviour, component};
use ecert_tests::{Client, Host, Setup, examples, root};
use serde_json::{Value, json};

const DECLARATION: &str = "bench/declaration-five-lines.xml";
const CERTIFICATE: &str = "bench/certificate-five-lines.xml";
const SENDERS: usize = 8;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |usual: usize| arguments.next().map_or(Ok(usual), |text| text.parse());
    let (cases, plugins) = (number(20_000)?, number(200)?);
    let mut host = Setup::default().furnished();
    let declarations = Declarations::new(&host)?;
    println!("machine: {} processors", std::thread::available_parallelism().map_or(1, usize::from));
    publish_to_live(&host)?;
    swaps(&host, &declarations)?;
    replay(&host, &declarations)?;
    backtest(&host, &declarations, cases)?;
    many(&mut host, plugins)
}

/// Declarations, each of its own, citing one certificate each.
struct Declarations {
    text: String,
    next: AtomicUsize,
}

impl Declarations {
    fn new(host: &Host) -> Result<Self> {
        let hub = host.client("partner", &examples::COUNTRIES);
        ensure!(hub.xml("/v1/certificates", &examples::message(CERTIFICATE)).status == 201, "no certificate");
        Ok(Self { text: String::from_utf8(examples::message(DECLARATION))?, next: AtomicUsize::new(0) })
    }

    fn declare(&self, client: &Client) -> Value {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (head, rest) = self.text.split_once("<FunctionalReferenceID>").unwrap_or_default();
        let (_, tail) = rest.split_once("</FunctionalReferenceID>").unwrap_or_default();
        let text = format!("{head}<FunctionalReferenceID>LIFE-{number}</FunctionalReferenceID>{tail}");
        client.xml("/v1/declarations", text.as_bytes()).expect(200).json()
    }
}

fn activate(host: &Host, version: &str) {
    let body = json!({"reason": "measured", "allowDowngrade": true});
    let _ = host.admin.json("POST", &format!("/v1/plugins/marker/{version}/activation"), &body).expect(200);
}

/// From the component in hand to the version that judges, compiling included.
fn publish_to_live(host: &Host) -> Result<()> {
    for version in ["1.0.0", "1.0.1"] {
        // Another byte at the end, so that it was never compiled before.
        let mut bytes = std::fs::read(component(version, Behaviour::Plain))?;
        let marked = root().join("target/test-plugins/measured.component.wasm");
        bytes.extend_from_slice(&note(&format!("{:?}", SystemTime::now())));
        std::fs::write(&marked, &bytes)?;
        let begun = Instant::now();
        let _ = host.publish_only(&marked);
        let published = begun.elapsed();
        activate(host, version);
        println!(
            "publish to live ({} KiB): {} ms, of which {} ms to pass the gate",
            bytes.len() >> 10,
            begun.elapsed().as_millis(),
            published.as_millis()
        );
    }
    Ok(())
}

/// A custom section that says nothing.
fn note(text: &str) -> Vec<u8> {
    let mut section = vec![0, u8::try_from(text.len() + 2).unwrap_or(u8::MAX), 1, b'n'];
    section.extend_from_slice(text.as_bytes());
    section
}

/// Times of requests before, during and after swaps.
fn swaps(host: &Host, declarations: &Declarations) -> Result<()> {
    let phase = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let times: [Mutex<Vec<Duration>>; 3] = Default::default();
    std::thread::scope(|scope| {
        for _ in 0..SENDERS {
            let client = host.client("operator", &[]);
            let (phase, stop, times) = (&phase, &stop, &times);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    let _ = declarations.declare(&client);
                    let of = &times[phase.load(Ordering::Relaxed)];
                    of.lock().expect("no sender panicked").push(begun.elapsed());
                }
            });
        }
        std::thread::sleep(Duration::from_secs(5));
        phase.store(1, Ordering::Relaxed);
        let begun = Instant::now();
        for swap in 0..100 {
            activate(host, if swap % 2 == 0 { "1.0.0" } else { "1.0.1" });
        }
        println!("100 swaps under load: {} ms each", begun.elapsed().as_millis() / 100);
        phase.store(2, Ordering::Relaxed);
        std::thread::sleep(Duration::from_secs(5));
        stop.store(true, Ordering::Relaxed);
    });
    for (name, times) in ["before", "during", "after"].iter().zip(times) {
        let mut times = times.into_inner().expect("no sender panicked");
        times.sort_unstable();
        let at = |hundredths: usize| times.get(times.len() * hundredths / 100).map_or(0, Duration::as_micros);
        println!("  {name}: {} requests, p50 {} µs, p99 {} µs", times.len(), at(50), at(99));
    }
    Ok(())
}

/// The time of a first verification and of its replay.
fn replay(host: &Host, declarations: &Declarations) -> Result<()> {
    let client = host.client("operator", &[]);
    let (mut first, mut again) = (Duration::ZERO, Duration::ZERO);
    const TIMES: u32 = 200;
    for _ in 0..TIMES {
        let begun = Instant::now();
        let verification = declarations.declare(&client);
        first += begun.elapsed();
        let id = verification["id"].as_str().context("no id")?;
        let begun = Instant::now();
        let replay =
            host.admin.json("POST", &format!("/v1/verifications/{id}/replay"), &json!({})).expect(200);
        again += begun.elapsed();
        ensure!(replay.json()["outcome"] == "identical", "a replay differs");
    }
    println!(
        "first verification {} µs, replay {} µs over HTTP",
        first.as_micros() / u128::from(TIMES),
        again.as_micros() / u128::from(TIMES)
    );
    Ok(())
}

/// Cases a second of a backtest of the consistency rules.
fn backtest(host: &Host, declarations: &Declarations, cases: usize) -> Result<()> {
    std::thread::scope(|scope| {
        for _ in 0..SENDERS {
            let client = host.client("operator", &[]);
            scope.spawn(move || {
                while declarations.next.load(Ordering::Relaxed) < cases {
                    let _ = declarations.declare(&client);
                }
            });
        }
    });
    for name in ["certificate-consistency", "meat"] {
        let path = format!("/v1/backtests?last={cases}&name={name}&version=0.1.0");
        let begun = Instant::now();
        let headers = [("content-type", "application/wasm")];
        let started = host.admin.send("POST", &path, &headers, b"").expect(202).json();
        let address = format!("/v1/backtests/{}", started["id"].as_str().context("no id")?);
        let done = loop {
            let now = host.admin.get(&address).expect(200).json();
            if now["state"] != "running" {
                break now;
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        let took = begun.elapsed().as_secs_f64();
        let judged = done["tally"]["cases"].as_f64().unwrap_or_default();
        println!(
            "backtest of {name}: {judged} cases in {took:.1} s, {:.0} a second, {} different",
            judged / took,
            done["tally"]["different"]
        );
    }
    Ok(())
}

/// Memory of many loaded plugins, and starting with them.
fn many(host: &mut Host, plugins: usize) -> Result<()> {
    let original = std::fs::read(component("1.0.0", Behaviour::Plain))?;
    let before = host.resident_kib();
    let folder = root().join("target/test-plugins");
    for number in 0..plugins {
        // Versions of equal length, so that nothing moves in the component.
        let version = format!("{}.{}.{}", 2 + number / 100, number / 10 % 10, number % 10);
        let path = folder.join("many.component.wasm");
        std::fs::write(&path, replaced(&original, b"1.0.0", version.as_bytes()))?;
        let _ = host.publish_only(&path);
    }
    let after = host.resident_kib();
    println!(
        "{plugins} more plugins loaded: {} KiB each (resident {} MiB before, {} MiB after)",
        after.saturating_sub(before) / plugins.max(1) as u64,
        before >> 10,
        after >> 10
    );
    ensure!(host.stop(), "the host did not stop");
    for _ in 0..3 {
        let begun = Instant::now();
        host.restart();
        println!(
            "start with all of them from the cache, until ready: {} ms, resident {} MiB",
            begun.elapsed().as_millis(),
            host.resident_kib() >> 10
        );
        ensure!(host.stop(), "the host did not stop");
    }
    Ok(())
}

fn replaced(bytes: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut from = 0;
    while let Some(at) = bytes[from..].windows(what.len()).position(|window| window == what) {
        bytes[from + at..from + at + what.len()].copy_from_slice(by);
        from += at + what.len();
    }
    bytes
}
