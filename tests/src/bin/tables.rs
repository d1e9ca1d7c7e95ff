//! Measures a reference table of many rows in a serving host of its own on
//! SQLite: the import, its memory, the exchange, a start with it, and an
//! export.
//!
//! ```console
//! $ cargo build --release --workspace
//! $ ECERT_BIN=target/release/ecert target/release/tables [ROWS]
//! ```
//!
//! The numbers are for people to compare; nothing is asserted of them. The
//! time of a look-up is measured by the bench `tables` of the host.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Result, ensure};
use ecert_tests::{Host, Setup};

const PATH: &str = "/v1/tables/approved-establishments";

fn main() -> Result<()> {
    let rows = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let mut host = Setup::default().start();
    let empty = host.resident_kib();
    println!("machine: {} processors", std::thread::available_parallelism().map_or(1, usize::from));
    let first = establishments(rows, "SH CP CS");
    println!("{rows} rows, {} MiB of CSV", first.len() >> 20);
    import(&host, &first)?;
    println!("  resident {} MiB, {} MiB before", host.resident_kib() >> 10, empty >> 10);
    import(&host, &establishments(rows, "SH CP"))?;
    println!("  resident {} MiB with the next version in its place", host.resident_kib() >> 10);
    let begun = Instant::now();
    host.restart();
    println!("start with it: {} ms, resident {} MiB", begun.elapsed().as_millis(), host.resident_kib() >> 10);
    let begun = Instant::now();
    let exported = host.admin.get_as(&format!("{PATH}/rows"), "text/csv").expect(200).body;
    println!("export: {} MiB in {} ms", exported.len() >> 20, begun.elapsed().as_millis());
    Ok(())
}

fn import(host: &Host, csv: &[u8]) -> Result<()> {
    let begun = Instant::now();
    let answer = host.admin.send("PUT", PATH, &[("content-type", "text/csv")], csv);
    ensure!(answer.status == 200, "{}", answer.text());
    println!("import: {} ms", begun.elapsed().as_millis());
    Ok(())
}

/// A table of establishments with numbers of their own.
fn establishments(rows: usize, activities: &str) -> Vec<u8> {
    const COUNTRIES: [&str; 8] = ["AU", "BR", "CL", "FR", "NL", "NO", "NZ", "TH"];
    const SPECIES: [&str; 4] = ["bovine", "bovine ovine", "porcine", "poultry"];
    let mut csv = String::from("country,number,activity,species,status,validFrom,validUntil\n");
    for row in 0..rows {
        let (country, species) = (COUNTRIES[row % 8], SPECIES[row % 4]);
        let year = 2000 + row % 25;
        // Writing to a string does not fail.
        let _ = writeln!(csv, "{country},EST{row:07},{activities},{species},approved,{year}-01-01,");
    }
    csv.into_bytes()
}
