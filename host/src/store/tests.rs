use std::sync::atomic::{AtomicU32, Ordering};

use super::testing::on_each_database;
use super::*;

const INSERT: &str = "INSERT INTO audit_leaf (digest, subject, action, source, principal_name, \
    principal_id, at, id) VALUES ($8, $7, $6, $5, $4, $3, $2, $1)";
const COUNT: &str = "SELECT COUNT(*) FROM audit_leaf";

fn insert(transaction: &mut dyn Transaction, id: &str, at: i64) -> Result<u64, StoreError> {
    let text = Value::Text("x");
    transaction.execute(INSERT, &[id.into(), at.into(), text, text, text, text, text, (&[1, 2]).into()])
}

fn count(store: &Store) -> i64 {
    store.read(|t| t.query(COUNT, &[])?[0].integer(0)).unwrap()
}

on_each_database! {
    fn parameters_are_bound_by_number(fresh: Fresh) {
        fresh.store.write(|t| insert(t, "a", 42)).unwrap();
        let row = fresh.store
            .read(|t| t.query_optional(
                "SELECT at, digest, subject, id FROM audit_leaf WHERE at = $2 AND id = $1",
                &["a".into(), 42.into()],
            ))
            .unwrap()
            .unwrap();
        assert_eq!(row.integer(0), Ok(42));
        assert_eq!(row.bytes(1), Ok(&[1_u8, 2][..]));
        assert_eq!(row.optional_text(2), Ok(Some("x")));
        assert!(matches!(row.integer(3), Err(StoreError::Value(_))));
        assert!(matches!(row.integer(4), Err(StoreError::Value(_))));
    }

    fn a_failed_job_leaves_nothing_and_harms_nobody(fresh: Fresh) {
        let store = &fresh.store;
        std::thread::scope(|scope| {
            for number in 0..24 {
                scope.spawn(move || {
                    let id = format!("job-{number}");
                    let outcome = store.write(move |t| {
                        insert(t, &id, number)?;
                        match number % 3 {
                            0 => Ok(()),
                            1 => Err(StoreError::Value("refused".into())),
                            _ => panic!("broken"),
                        }
                    });
                    match number % 3 {
                        0 => assert_eq!(outcome, Ok(())),
                        1 => assert_eq!(outcome, Err(StoreError::Value("refused".into()))),
                        _ => assert_eq!(outcome, Err(StoreError::Panicked("broken".into()))),
                    }
                });
            }
        });
        assert_eq!(count(store), 8);
    }

    fn a_swallowed_error_still_rolls_back(fresh: Fresh) {
        fresh.store.write(|t| insert(t, "a", 1)).unwrap();
        let outcome: Result<(), StoreError> = fresh.store.write(|t| {
            insert(t, "b", 1)?;
            // The identifier is taken.
            let _ = insert(t, "a", 2);
            Ok(())
        });
        assert!(matches!(outcome, Err(StoreError::Constraint(_))), "{outcome:?}");
        assert_eq!(count(&fresh.store), 1);
    }

    fn defects_are_told_from_the_database(fresh: Fresh) {
        let misspelt = fresh.store.read(|t| t.query("SELECT nothing FROM nowhere", &[]));
        assert!(matches!(misspelt, Err(StoreError::Statement(_))), "{misspelt:?}");
        let missing = fresh.store.read(|t| t.query("SELECT id FROM audit_leaf WHERE id = $1", &[]));
        assert!(matches!(missing, Err(StoreError::Statement(_))), "{missing:?}");
        fresh.store.ping().unwrap();
    }

    fn a_reader_cannot_write_and_sees_one_snapshot(fresh: Fresh) {
        let written = fresh.store.read(|t| insert(t, "a", 1));
        assert!(written.is_err());
        fresh.store
            .read(|t| {
                assert_eq!(t.query(COUNT, &[])?[0].integer(0)?, 0);
                fresh.store.write(|t| insert(t, "a", 1))?;
                assert_eq!(t.query(COUNT, &[])?[0].integer(0)?, 0);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(count(&fresh.store), 1);
    }

    fn what_was_read_behind_a_lock_holds(fresh: Fresh) {
        let store = &fresh.store;
        store.write(|t| insert(t, "counter", 0)).unwrap();
        let runs = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        store
                            .write(|t| {
                                t.lock(&["counter", "another"])?;
                                let at = t.query("SELECT at FROM audit_leaf WHERE id = 'counter'", &[])?[0].integer(0)?;
                                t.execute("UPDATE audit_leaf SET at = $1 WHERE id = 'counter'", &[(at + 1).into()])
                            })
                            .unwrap();
                        runs.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        let at = store.read(|t| t.query("SELECT at FROM audit_leaf", &[])?[0].integer(0)).unwrap();
        assert_eq!(at, i64::from(runs.into_inner()));
    }

    fn opens_again_with_its_content(fresh: Fresh) {
        fresh.store.write(|t| insert(t, "a", 1)).unwrap();
        let again = Store::open(&fresh.url).unwrap();
        assert_eq!(count(&again), 1);
    }

    fn several_open_an_empty_database_at_once(fresh: Fresh) {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Store::open(&fresh.url).unwrap().ping().unwrap());
            }
        });
    }
}

#[test]
fn sqlite_is_durable_and_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let fresh = testing::sqlite();
    let mode = std::fs::metadata(&fresh.url).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let journal: String = rusqlite::Connection::open(&fresh.url)
        .unwrap()
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(journal, "wal");
}

#[test]
fn sqlite_locked_by_another_process_says_so() {
    let fresh = testing::sqlite();
    let other = rusqlite::Connection::open(&fresh.url).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let outcome = fresh.store.write(|t| insert(t, "a", 1));
    assert!(matches!(outcome, Err(StoreError::Locked(_))), "{outcome:?}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(fresh.store.write(|t| insert(t, "a", 1)), Ok(1));
}

#[test]
fn sqlite_out_of_space_says_so_and_recovers() {
    let fresh = testing::sqlite();
    let pages = fresh.store.write(|t| {
        let pages = t.query("PRAGMA page_count", &[])?[0].integer(0)?;
        t.query("PRAGMA max_page_count = 1", &[])?;
        Ok::<_, StoreError>(pages)
    });
    assert!(pages.unwrap() > 1);
    let blob = vec![7_u8; 1 << 20];
    let outcome = fresh.store.write(move |t| {
        t.execute(
            "INSERT INTO idempotent_answer (caller, route, key, body_digest, status, headers, body, answered_at) \
             VALUES ('a', 'b', 'c', $1, 200, '', $1, 0)",
            &[(&blob).into()],
        )
    });
    assert!(matches!(outcome, Err(StoreError::Full(_))), "{outcome:?}");
    fresh.store.write(|t| t.query("PRAGMA max_page_count = 1000000", &[])).unwrap();
    assert_eq!(fresh.store.write(|t| insert(t, "a", 1)), Ok(1));
}

#[test]
fn a_newer_database_is_refused() {
    let fresh = testing::sqlite();
    fresh
        .store
        .write(|t| t.execute("INSERT INTO migration VALUES (9999, '9999_later', 'digest', 0)", &[]))
        .unwrap();
    drop(fresh.store.clone());
    let refused = Store::open(&fresh.url).map(drop);
    assert!(matches!(refused, Err(StoreError::Schema(_))), "{refused:?}");
}

#[test]
fn an_unreachable_database_says_so() {
    for url in ["/nonexistent/folder/ecert.db", "postgres://nobody@127.0.0.1:1/none", "postgres://?port=x"] {
        let refused = Store::open(url).map(drop);
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{url}: {refused:?}");
    }
}

#[test]
fn postgres_connections_that_died_are_replaced() {
    let Some(fresh) = testing::postgres() else { return };
    fresh.store.write(|t| insert(t, "a", 1)).unwrap();
    // Another connection ends all of this store's idle ones.
    let server = std::env::var("ECERT_TEST_POSTGRES").unwrap();
    let schema = fresh.url.rsplit("%3D").next().unwrap().to_owned();
    let pids = fresh.store.read(|t| t.query("SELECT pg_backend_pid()", &[])?[0].integer(0)).unwrap();
    let mut killer = ::postgres::Client::connect(&server, ::postgres::NoTls).unwrap();
    killer.query("SELECT pg_terminate_backend($1)", &[&i32::try_from(pids).unwrap()]).unwrap();
    fresh.store.write(|t| insert(t, "b", 1)).unwrap();
    assert_eq!(count(&fresh.store), 2, "{schema}");
}

#[test]
fn postgres_with_unsafe_settings_is_refused() {
    let Some(fresh) = testing::postgres() else { return };
    let url = fresh.url.replace("options=", "options=-csynchronous_commit%3Doff%20");
    let refused = Store::open(&url).map(drop);
    assert!(matches!(refused, Err(StoreError::Unsafe(_))), "{refused:?}");
}

#[test]
fn postgres_and_sqlite_have_the_same_columns() {
    let Some(postgres) = testing::postgres() else { return };
    let sqlite = testing::sqlite();
    let columns = |store: &Store, sql: &'static str| -> Vec<String> {
        let rows = store.read(|t| t.query(sql, &[])).unwrap();
        let mut columns: Vec<String> =
            rows.iter().map(|row| format!("{}.{}", row.text(0).unwrap(), row.text(1).unwrap())).collect();
        columns.sort();
        columns
    };
    assert_eq!(
        columns(
            &sqlite.store,
            "SELECT m.name, c.name || ' ' || lower(replace(replace(c.type, 'BLOB', 'BYTEA'), 'INTEGER', 'BIGINT')) || ' ' || \
             CASE c.\"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        ),
        columns(
            &postgres.store,
            "SELECT CAST(table_name AS TEXT), column_name || ' ' || data_type || ' ' || is_nullable \
             FROM information_schema.columns WHERE table_schema = current_schema()"
        )
    );
}
