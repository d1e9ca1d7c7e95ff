//! Measures how the time of a verification grows with the lines of a
//! declaration, in a serving host of its own on SQLite: reading, pairing, rule
//! sets, ledger and storing, over HTTP.
//!
//! ```console
//! $ cargo build --release --workspace
//! $ cargo xtask plugins
//! $ ECERT_BIN=target/release/ecert target/release/lines
//! ```
//!
//! The numbers are for people to compare; nothing is asserted of them.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use ecert_tests::{Setup, examples};

const CERTIFICATE: &str = "bench/certificate-five-lines.xml";
const DECLARATION: &str = "bench/declaration-five-lines.xml";
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

fn main() -> Result<()> {
    let host = Setup::default().with(&["--max-body", "67108864"]).furnished();
    let (hub, customs) = (host.client("partner", &examples::COUNTRIES), host.client("operator", &[]));
    println!("machine: {} processors", std::thread::available_parallelism().map_or(1, usize::from));
    println!("{:>6} {:>9} {:>9} {:>12} {:>12}", "lines", "message", "deliver", "verify", "a line");
    for lines in SIZES {
        let number = format!("NZ2026/LINES/{lines}");
        let text = |path| String::from_utf8(examples::message(path));
        let certificate = repeated(&text(CERTIFICATE)?, "IncludedSPSTradeLineItem", lines)?
            .replace("NZ2026/HDM/21500", &number);
        let declaration = repeated(&text(DECLARATION)?, "GovernmentAgencyGoodsItem", lines)?
            .replace("NZ2026/HDM/21500", &number)
            .replace("THAM260611-903", &format!("LINES-{lines}"))
            .replace("26GB8385424Q57K023", &format!("26GB{lines:014}"));
        let begun = Instant::now();
        let answer = hub.xml("/v1/certificates", certificate.as_bytes());
        let delivered = begun.elapsed();
        ensure!(answer.status == 201, "{}", answer.text());
        let begun = Instant::now();
        let answer = customs.xml("/v1/declarations", declaration.as_bytes());
        let took = begun.elapsed();
        ensure!(answer.status == 200, "{}", answer.text());
        println!(
            "{lines:>6} {:>6} KB {:>6} ms {:>9.1} ms {:>9.1} µs  {}",
            declaration.len() / 1_000,
            delivered.as_millis(),
            took.as_secs_f64() * 1e3,
            took.as_secs_f64() * 1e6 / lines as f64,
            answer.json()["verdict"]
        );
    }
    Ok(())
}

/// The message with the first of its lines so many times, numbered, in place
/// of all of them.
fn repeated(text: &str, element: &str, times: usize) -> Result<String> {
    let (opening, closing) = (format!("<{element}>"), format!("</{element}>"));
    let start = text.find(&opening).with_context(|| format!("there is no {element}"))?;
    let first = text[start..].find(&closing).context("it is not closed")? + start + closing.len();
    let end = text.rfind(&closing).context("it is not closed")? + closing.len();
    let line = &text[start..first];
    let mut made = text[..start].to_owned();
    for index in 1..=times {
        made.push_str(&numbered(line, index));
    }
    made.push_str(&text[end..]);
    Ok(made)
}

fn numbered(line: &str, index: usize) -> String {
    let (opening, closing) = ("<SequenceNumeric>", "</SequenceNumeric>");
    let Some((head, rest)) = line.split_once(opening) else { return line.to_owned() };
    let Some((_, tail)) = rest.split_once(closing) else { return line.to_owned() };
    format!("{head}{opening}{index}{closing}{tail}")
}
