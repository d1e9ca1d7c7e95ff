//! A load run against a host on the loopback interface: delivers one
//! five-line certificate per declaration, then lodges the declarations, and
//! prints how many a second and how long each took.
//!
//! `docs/measurements.md` has the commands. It stops by itself: the number of
//! requests is given.
#![expect(clippy::print_stdout, reason = "a command speaks to its user")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use ecert_tests::file;

const USAGE: &str = "usage: load ADDRESS TOKEN-FILE [COUNT [CONNECTIONS [PER-SECOND]]]\n\
    ADDRESS is host:port on the loopback interface; PER-SECOND 0 means as fast as it goes";
/// What makes the pair of the examples unique, replaced by numbers of the run.
const CERTIFICATE_NUMBER: &str = "NZ2026/HDM/21500";
const REFERENCE: &str = "THAM260611-903";
const MOVEMENT: &str = "26GB8385424Q57K023";

struct Load {
    address: String,
    token: String,
    count: usize,
    connections: usize,
    per_second: usize,
    run: u64,
}

fn main() -> Result<()> {
    let load = arguments()?;
    let certificate = String::from_utf8(file("examples/messages/bench/certificate-five-lines.xml"))?;
    let declaration = String::from_utf8(file("examples/messages/bench/declaration-five-lines.xml"))?;
    for (text, part) in
        [(&certificate, CERTIFICATE_NUMBER), (&declaration, CERTIFICATE_NUMBER), (&declaration, REFERENCE)]
    {
        ensure!(text.contains(part), "the example does not hold {part}");
    }
    println!("{} certificates, then as many declarations, {} connections", load.count, load.connections);
    let delivered = load.send("/v1/certificates", 0, |number| {
        certificate.replace(CERTIFICATE_NUMBER, &load.certificate_number(number))
    })?;
    print("certificates", &delivered);
    let lodged = load.send("/v1/declarations", load.per_second, |number| {
        declaration
            .replace(CERTIFICATE_NUMBER, &load.certificate_number(number))
            .replace(REFERENCE, &format!("LOAD{:x}-{number}", load.run))
            .replace(MOVEMENT, &format!("26GB{:010X}{number:04}", load.run))
    })?;
    print("declarations", &lodged);
    Ok(())
}

fn arguments() -> Result<Load> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, token_file, rest @ ..] = arguments.as_slice() else { bail!(USAGE) };
    let number = |at: usize, usual: usize| match rest.get(at) {
        Some(text) => text.parse().with_context(|| format!("{text:?} is not a number\n{USAGE}")),
        None => Ok(usual),
    };
    ensure!(
        address.starts_with("127.") || address.starts_with("localhost:") || address.starts_with("[::1]:"),
        "{address} is not on the loopback interface"
    );
    let run = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    Ok(Load {
        address: address.clone(),
        token: std::fs::read_to_string(token_file)?.trim().to_owned(),
        count: number(0, 10_000)?,
        connections: number(1, 64)?.clamp(1, 512),
        per_second: number(2, 0)?,
        run,
    })
}

/// What came of a run.
struct Outcome {
    took: Duration,
    times: Vec<Duration>,
    statuses: Vec<u16>,
    verdicts: Vec<(String, usize)>,
}

impl Load {
    fn certificate_number(&self, number: usize) -> String {
        format!("NZ2026/{:X}/{number}", self.run)
    }

    /// Sends all messages over the connections, each connection taking the
    /// next one. With a rate, a message counts from when it was due, so that a
    /// host that falls behind cannot hide it.
    fn send(
        &self,
        path: &str,
        per_second: usize,
        message: impl Fn(usize) -> String + Sync,
    ) -> Result<Outcome> {
        let next = AtomicUsize::new(0);
        let started = Instant::now();
        let work = || -> Result<Vec<(Duration, u16, String)>> {
            let mut connection = Connection::open(&self.address)?;
            let mut answers = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.count {
                    return Ok(answers);
                }
                let body = message(number);
                let mut due = Instant::now();
                if per_second > 0 {
                    due = started + Duration::from_secs_f64(number as f64 / per_second as f64);
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                }
                let (status, verdict) = connection.post(path, &self.token, body.as_bytes())?;
                answers.push((due.elapsed(), status, verdict));
            }
        };
        let answers = std::thread::scope(|scope| -> Result<Vec<_>> {
            let threads: Vec<_> = (0..self.connections).map(|_| scope.spawn(work)).collect();
            let mut answers = Vec::with_capacity(self.count);
            for thread in threads {
                let finished =
                    thread.join().map_err(|_| anyhow::anyhow!("a connection's thread panicked"))?;
                answers.append(&mut finished?);
            }
            Ok(answers)
        })?;
        let took = started.elapsed();
        let mut times: Vec<_> = answers.iter().map(|(time, ..)| *time).collect();
        times.sort_unstable();
        let mut statuses: Vec<_> = answers.iter().map(|(_, status, _)| *status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        let mut verdicts: Vec<(String, usize)> = Vec::new();
        for (.., verdict) in answers {
            match verdicts.iter_mut().find(|(known, _)| *known == verdict) {
                Some((_, count)) => *count += 1,
                None => verdicts.push((verdict, 1)),
            }
        }
        Ok(Outcome { took, times, statuses, verdicts })
    }
}

fn print(what: &str, outcome: &Outcome) {
    let at = |share: f64| {
        let index =
            ((outcome.times.len() as f64 * share) as usize).min(outcome.times.len().saturating_sub(1));
        outcome.times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    println!(
        "{what}: {:.0} a second; ms p50 {:.2}, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, most {:.2}; statuses {:?}, verdicts {:?}",
        outcome.times.len() as f64 / outcome.took.as_secs_f64(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(0.999),
        at(1.0),
        outcome.statuses,
        outcome.verdicts,
    );
}

/// A connection that is kept open.
struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Connection {
    fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("nobody listens on {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream: BufReader::new(stream), host: address.to_owned() })
    }

    fn post(&mut self, path: &str, token: &str, body: &[u8]) -> Result<(u16, String)> {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/xml\r\nContent-Length: {}\r\n\r\n",
            self.host,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status: u16 =
            line.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        Ok((status, verdict(&answer)))
    }
}

/// The first verdict in an answer, without reading it all.
fn verdict(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    let after = text.split_once("\"verdict\":\"").map(|(_, after)| after);
    after.and_then(|after| after.split('"').next()).unwrap_or("none").to_owned()
}
