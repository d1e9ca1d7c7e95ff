//! What a look-up in a table of a million rows takes.
//!
//! ```console
//! $ cargo bench --package ecert --bench tables
//! ```

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ecert::access::Principal;
use ecert::contract::Tables as _;
use ecert::reference::Reference;
use ecert::store::Store;
use ecert_model::manifest::{Match, Table};

const ROWS: usize = 1_000_000;

fn look_up(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bench.db");
    let store = Store::open(file.to_str().expect("UTF-8")).expect("a database");
    let reference = Reference::open(store).expect("an empty store");
    let mut csv = String::from("country,number,activity,species,status\n");
    for row in 0..ROWS {
        // Writing to a string does not fail.
        let _ = writeln!(csv, "NZ,EST{row:07},SH CP CS,bovine ovine,approved");
    }
    let imported =
        reference.import(&Principal::system(), "bench", "approved-establishments", csv.as_bytes(), "bench");
    assert_eq!(imported.expect("the rows are right").rows, ROWS);
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let table = Table {
        name: "approved-establishments".to_owned(),
        keys: texts(&["country", "number"]),
        columns: texts(&["activity", "species", "status"]),
        matching: Match::Exact,
    };
    let snapshot = reference.snapshot();
    let day = "2026-01-01".parse().expect("a day");
    let mut row = 0;
    let mut group = criterion.benchmark_group("a million rows");
    for keys in [1, 100] {
        group.bench_function(format!("{keys} keys"), |bencher| {
            bencher.iter(|| {
                let key = |offset: usize| texts(&["NZ", &format!("EST{:07}", (row + offset * 7_919) % ROWS)]);
                let keys: Vec<Vec<String>> = (0..keys).map(key).collect();
                row = (row + 104_729) % ROWS;
                black_box(snapshot.lookup(&table, &keys, day).expect("the table is there"))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, look_up);
criterion_main!(benches);
