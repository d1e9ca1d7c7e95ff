//! What calls took, against what they may, as a table.

use comfy_table::{CellAlignment, Table};

use crate::cli::table_output::table;
use crate::fixtures::{Share, Spent};

const HEAD: [&str; 5] = ["", "time", "fuel", "memory", "results"];

/// A row for each call, with the share of its limits.
pub(super) fn spent_table<'s>(calls: impl IntoIterator<Item = (&'s str, Option<Spent>)>) -> Table {
    let mut table = table(HEAD, calls.into_iter().map(|(name, spent)| row(name, spent)));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn row(name: &str, spent: Option<Spent>) -> [String; 5] {
    let Some(Spent { time, fuel, memory, results }) = spent else {
        return [name.to_owned(), "-".into(), "-".into(), "-".into(), "-".into()];
    };
    let share = |text: String, share: Share| format!("{text} ({:.1} %)", share.percent());
    let micros = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let (taken, allowed) = (micros(time.0), micros(time.1));
    [
        name.to_owned(),
        share(format!("{} µs", grouped(taken)), Share { used: taken, limit: allowed }),
        share(grouped(fuel.used), fuel),
        share(format!("{} KiB", grouped(memory.used >> 10)), memory),
        share(grouped(results.used), results),
    ]
}

/// A number with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn rows_show_shares_of_limits() {
        let spent = Spent {
            time: (Duration::from_micros(1500), Duration::from_secs(1)),
            fuel: Share { used: 1_234_567, limit: 20_000_000 },
            memory: Share { used: 1 << 20, limit: 16 << 20 },
            results: Share { used: 2, limit: 256 },
        };
        assert_eq!(
            row("one", Some(spent)),
            ["one", "1,500 µs (0.1 %)", "1,234,567 (6.2 %)", "1,024 KiB (6.2 %)", "2 (0.8 %)"]
        );
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1000), "1,000");
    }
}
