//! The schema, step by step.
//!
//! A step that was applied never changes: its digest is recorded with it, and
//! opening a database with another digest, or with a step this version does
//! not know, is refused.

use sha2::{Digest as _, Sha256};

use super::StoreError;

/// One step in both dialects.
pub(super) struct Migration {
    pub(super) number: i64,
    pub(super) name: &'static str,
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal,)*) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

/// All steps, in order.
pub(super) const MIGRATIONS: &[Migration] = migrations! {
    1 "0001_access",
    2 "0002_registry",
    3 "0003_intake",
    4 "0004_verification",
    5 "0005_ledger",
    6 "0006_reference",
    7 "0007_trust",
    8 "0008_lifecycle",
    9 "0009_management",
    10 "0010_export",
    11 "0011_baseline_and_clocks",
    12 "0012_deliveries",
    13 "0013_followup",
};

pub(super) const CREATE: &str = "CREATE TABLE IF NOT EXISTS migration (\
    number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)";
pub(super) const APPLIED: &str = "SELECT number, name, digest FROM migration ORDER BY number";
pub(super) const RECORD: &str =
    "INSERT INTO migration (number, name, digest, applied_at) VALUES ($1, $2, $3, $4)";

/// Digest of a step's text, in hexadecimal.
pub(super) fn digest(sql: &str) -> String {
    crate::hex::encode(&Sha256::digest(sql.as_bytes()))
}

/// The steps that are still to be applied, given those that were.
pub(super) fn pending<'a>(
    applied: &[(i64, String, String)],
    sql: impl Fn(&Migration) -> &'static str,
    all: &'a [Migration],
) -> Result<Vec<&'a Migration>, StoreError> {
    for (number, name, recorded) in applied {
        let known = all.iter().find(|migration| migration.number == *number).ok_or_else(|| {
            StoreError::Schema(format!("step {number} ({name}) is of a newer version; run that version"))
        })?;
        if digest(sql(known)) != *recorded {
            return Err(StoreError::Schema(format!(
                "step {number} ({name}) was applied in another form; restore a backup or start with a new database"
            )));
        }
    }
    Ok(all
        .iter()
        .filter(|migration| !applied.iter().any(|(number, ..)| *number == migration.number))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both folders in one form: without comments, white space and the words
    /// in which the dialects differ.
    fn normalised(sql: &str) -> Vec<String> {
        let code: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or(line)).collect();
        code.join(" ")
            .split(';')
            .map(|statement| {
                let words = statement.replace("BYTEA", "BLOB").replace("BIGINT", "INTEGER");
                words.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(" STRICT").to_owned()
            })
            .filter(|statement| !statement.is_empty())
            .collect()
    }

    #[test]
    fn both_dialects_define_the_same() {
        for migration in MIGRATIONS {
            assert_eq!(normalised(migration.sqlite), normalised(migration.postgres), "{}", migration.name);
        }
    }

    #[test]
    fn every_file_is_embedded_once_and_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        for dialect in ["sqlite", "postgres"] {
            let mut files: Vec<String> = std::fs::read_dir(format!("{folder}/{dialect}"))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            let embedded: Vec<String> = MIGRATIONS.iter().map(|m| format!("{}.sql", m.name)).collect();
            assert_eq!(files, embedded, "{dialect}");
        }
        for migration in MIGRATIONS {
            assert!(migration.name.starts_with(&format!("{:04}_", migration.number)), "{}", migration.name);
        }
    }

    #[test]
    fn every_sqlite_table_is_strict() {
        for migration in MIGRATIONS {
            let tables = migration.sqlite.matches("CREATE TABLE").count();
            assert_eq!(tables, migration.sqlite.matches("STRICT;").count(), "{}", migration.name);
        }
    }

    #[test]
    fn a_changed_or_unknown_step_is_refused() {
        let sql = |m: &Migration| m.sqlite;
        let first = &MIGRATIONS[0];
        let as_applied = (first.number, first.name.to_owned(), digest(first.sqlite));
        assert!(pending(std::slice::from_ref(&as_applied), sql, &MIGRATIONS[..1]).unwrap().is_empty());
        let changed = (as_applied.0, as_applied.1.clone(), digest("other"));
        assert!(matches!(pending(&[changed], sql, MIGRATIONS), Err(StoreError::Schema(_))));
        let unknown = (999, "0999_later".to_owned(), digest("later"));
        assert!(matches!(pending(&[unknown], sql, MIGRATIONS), Err(StoreError::Schema(_))));
    }
}
