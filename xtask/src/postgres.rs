//! A private PostgreSQL cluster for the tests: its own data folder, its own
//! port on loopback, gone when the tests are.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::ask;

/// A running cluster. Dropping it stops the server and removes its data.
pub(crate) struct Cluster {
    server: Child,
    url: String,
    _data: tempfile::TempDir,
}

impl Cluster {
    /// Starts a cluster with the programs in `programs`.
    pub(crate) fn start(programs: &Path) -> Result<Self> {
        let account = unprivileged_account()?;
        let data = tempfile::tempdir()?;
        if let Some(account) = &account {
            ensure!(
                Command::new("chown").arg(account).arg(data.path()).status()?.success(),
                "the data folder could not be given to {account}"
            );
        }
        let folder = data.path().join("data");
        let made = as_account(account.as_deref(), &programs.join("initdb"))
            .args([
                "--auth=trust",
                "--username=ecert",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums",
                "--pgdata",
            ])
            .arg(&folder)
            .output()?;
        ensure!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim());

        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = as_account(account.as_deref(), &programs.join("postgres"))
            .arg("-D")
            .arg(&folder)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"])
            .arg("-k")
            .arg(data.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("postgres does not start")?;
        let cluster =
            Self { server, url: format!("postgres://ecert@127.0.0.1:{port}/postgres"), _data: data };
        cluster.wait(port)?;
        Ok(cluster)
    }

    /// How tests reach it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn wait(&self, port: u16) -> Result<()> {
        for _ in 0..300 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not answer on port {port} within 15 seconds")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// PostgreSQL refuses to run as root: the account to run it as, if we are.
fn unprivileged_account() -> Result<Option<String>> {
    if ask(Command::new("id").arg("-u"))? != "0" {
        return Ok(None);
    }
    for account in ["postgres", "nobody"] {
        if ask(Command::new("id").args(["-u", account])).is_ok() {
            return Ok(Some(account.to_owned()));
        }
    }
    bail!("PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody`")
}

fn as_account(account: Option<&str>, program: &PathBuf) -> Command {
    match account {
        None => Command::new(program),
        // setpriv replaces itself by the program, so that signals reach it.
        Some(account) => {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={account}"), "--clear-groups"]).arg(program).current_dir("/");
            command
        }
    }
}
