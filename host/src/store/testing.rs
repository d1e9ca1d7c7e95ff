//! Stores for tests: the same test runs on SQLite and on PostgreSQL.
//!
//! ```ignore
//! on_each_database! {
//!     fn keeps_what_it_was_given(store: Store) { … }
//! }
//! ```
//!
//! makes `sqlite_keeps_what_it_was_given` and `postgres_keeps_what_it_was_given`.
//! The latter needs the URL of a server in `ECERT_TEST_POSTGRES` and is
//! nothing where that is not set; `cargo xtask test` counts it as not run then.

use tempfile::TempDir;

use super::Store;

/// A store of its own, gone with its guard.
pub(crate) struct Fresh {
    pub(crate) store: Store,
    pub(crate) url: String,
    _guard: Guard,
}

enum Guard {
    Folder { _folder: TempDir },
    Schema { server: String, schema: String },
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Self::Schema { server, schema } = self
            && let Ok(mut client) = postgres::Client::connect(server, postgres::NoTls)
        {
            // A schema left behind does no harm to other tests.
            let _ = client.batch_execute(&format!("DROP SCHEMA \"{schema}\" CASCADE"));
        }
    }
}

/// A new SQLite file.
pub(crate) fn sqlite() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("ecert.db").to_str().unwrap().to_owned();
    let store = Store::open(&url).unwrap();
    Fresh { store, url, _guard: Guard::Folder { _folder: folder } }
}

/// A new schema on the server for tests, if there is one.
pub(crate) fn postgres() -> Option<Fresh> {
    let server = std::env::var("ECERT_TEST_POSTGRES").ok()?;
    let schema = format!("test_{}", super::new_id().replace('-', ""));
    let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
    client.batch_execute(&format!("CREATE SCHEMA \"{schema}\"")).unwrap();
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options=-csearch_path%3D{schema}");
    let store = Store::open(&url).unwrap();
    Some(Fresh { store, url, _guard: Guard::Schema { server, schema } })
}

macro_rules! on_each_database {
    ($($(#[$attribute:meta])* fn $name:ident($fresh:ident: Fresh) $body:block)*) => {$(
        mod $name {
            use super::*;

            $(#[$attribute])*
            fn check($fresh: $crate::store::testing::Fresh) $body

            #[test]
            fn sqlite_store() {
                check($crate::store::testing::sqlite());
            }

            #[test]
            fn postgres_store() {
                if let Some(fresh) = $crate::store::testing::postgres() {
                    check(fresh);
                }
            }
        }
    )*};
}
pub(crate) use on_each_database;
