//! A database of its own for a test, on the server that
//! `ECERT_TEST_POSTGRES` names. It is dropped when the test ends.

use std::net::SocketAddr;

use postgres::{Client, NoTls};

/// A fresh, empty database.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes one; `purpose` is part of its name.
    ///
    /// # Panics
    ///
    /// When there is no server: tests that need one are left out where there
    /// is none, and none may pass without it.
    #[must_use]
    pub fn create(purpose: &str) -> Self {
        let server = std::env::var("ECERT_TEST_POSTGRES")
            .expect("ECERT_TEST_POSTGRES names a PostgreSQL server; cargo xtask test starts one");
        let name = format!("ecert_{purpose}_{}", std::process::id());
        let database = Self { server, name };
        database.administer(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name));
        database.administer(&format!("CREATE DATABASE {}", database.name));
        database
    }

    fn administer(&self, statement: &str) {
        let mut client = Client::connect(&self.server, NoTls).expect("the PostgreSQL server answers");
        client.batch_execute(statement).expect("databases may be made and dropped");
    }

    /// Its address for `--database`.
    #[must_use]
    pub fn url(&self) -> String {
        let (base, _) = self.server.rsplit_once('/').expect("a URL with a database");
        format!("{base}/{}", self.name)
    }

    /// Changes what stands in it, as only time can do otherwise.
    ///
    /// # Panics
    ///
    /// When that cannot be done.
    pub fn run(&self, statement: &str) {
        let mut client = Client::connect(&self.url(), NoTls).expect("the database is there");
        client.batch_execute(statement).expect("the statement can be run");
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        let (head, _) = self.server.rsplit_once('/').expect("a URL with a database");
        let authority = head.rsplit('/').next().unwrap_or(head);
        let host = authority.rsplit('@').next().unwrap_or(authority);
        host.parse().expect("ECERT_TEST_POSTGRES names the server by address and port")
    }

    /// Its address through a proxy.
    #[must_use]
    pub fn url_through(&self, proxy: SocketAddr) -> String {
        self.url().replacen(&self.address().to_string(), &proxy.to_string(), 1)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut client) = Client::connect(&self.server, NoTls) {
            // What is left over goes with the cluster.
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}
