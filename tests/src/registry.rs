//! A registry of its own for a test: Debian's `docker-registry` on a free port
//! of the loopback interface. `ECERT_REGISTRY` names the program.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{Client, openssl};

/// User and password of a [guarded](Registry::guarded) registry.
pub const USER: (&str, &str) = ("publisher", "U*U");

/// The user's line in the registry's file of passwords (bcrypt).
const PASSWORDS: &str = "publisher:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n";

/// A running registry; it is killed when the test ends.
pub struct Registry {
    folder: TempDir,
    child: Child,
    port: u16,
}

impl Registry {
    /// Starts one, empty.
    ///
    /// # Panics
    ///
    /// When there is no program: tests that need it are left out where there
    /// is none, and none may pass without it.
    #[must_use]
    pub fn start() -> Self {
        Self::with(|_| String::new())
    }

    /// Starts one that speaks TLS, under a [certificate](Self::certificate) of
    /// its own, and knows one [user](USER).
    #[must_use]
    pub fn guarded() -> Self {
        Self::with(|folder| {
            std::fs::write(folder.join("passwords"), PASSWORDS).expect("a file");
            let _ = openssl::certificate(folder, "certificate");
            let folder = folder.display();
            format!(
                "  tls:\n    certificate: {folder}/certificate.pem\n    key: {folder}/certificate.key.pem\n\
                 auth:\n  htpasswd:\n    realm: plugins\n    path: {folder}/passwords\n"
            )
        })
    }

    /// Starts one with more settings, the first of them about its HTTP.
    fn with(more: impl FnOnce(&Path) -> String) -> Self {
        let program = std::env::var_os("ECERT_REGISTRY")
            .expect("ECERT_REGISTRY names the program docker-registry; cargo xtask test installs it");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = port.expect("a free port").port();
        let root = folder.path().join("data");
        let config = format!(
            "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: 127.0.0.1:{port}\n{}",
            root.display(),
            more(folder.path())
        );
        std::fs::write(folder.path().join("config.yml"), config).expect("a file");
        let log = std::fs::File::create(folder.path().join("log")).expect("a file");
        let child = Command::new(program)
            .arg("serve")
            .arg(folder.path().join("config.yml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file"))
            .stderr(log)
            .spawn();
        let registry = Self { folder, child: child.expect("docker-registry starts"), port };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "it does not listen: {}", registry.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        registry
    }

    /// A reference to something in it.
    #[must_use]
    pub fn reference(&self, name: &str) -> String {
        format!("oci://127.0.0.1:{}/{name}", self.port)
    }

    /// The certificate of one that speaks TLS.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// A client that knows nothing of ecert.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&format!("http://127.0.0.1:{}", self.port), None)
    }

    /// What it was asked so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The file in which it keeps the bytes of a digest (64 digits).
    #[must_use]
    pub fn blob(&self, digest: &str) -> PathBuf {
        let blobs = self.folder.path().join("data/docker/registry/v2/blobs/sha256");
        blobs.join(&digest[..2]).join(digest).join("data")
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // Killing fails only when it is dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
