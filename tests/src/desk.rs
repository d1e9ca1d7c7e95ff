//! A publisher's desk: a folder with keys and components, and the command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::host::{Host, binary, component};

/// A folder that commands are run in.
pub struct Desk {
    folder: TempDir,
}

impl Desk {
    /// A desk with new keys of these names.
    #[must_use]
    pub fn new(keys: &[&str]) -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::write(desk.path("passphrase"), "correct horse\n").expect("a file");
        for key in keys {
            succeeds(&desk.ecert(&["plugin", "key", "new", key]));
        }
        desk
    }

    /// A file on the desk.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a plugin's component on the desk.
    #[must_use]
    pub fn take(&self, name: &str) -> PathBuf {
        let path = self.path(&format!("{name}.component.wasm"));
        std::fs::copy(component(name), &path).expect("cargo xtask plugins has built it");
        path
    }

    /// Signs a component.
    #[track_caller]
    pub fn sign(&self, component: &Path, key: &str, role: &str) {
        let key = format!("{key}.key.pem");
        succeeds(&self.ecert(&["plugin", "sign", "--role", role, "--key", &key, text(component)]));
    }

    /// Runs a command.
    #[must_use]
    pub fn ecert(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary starts")
    }

    /// Runs a command as a client of the host, as administrator.
    #[must_use]
    pub fn client(&self, host: &Host, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        command.env("ECERT_SERVER", host.address());
        command.env("ECERT_TOKEN", host.admin.token().expect("a token"));
        command.output().expect("the binary starts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(&self.folder);
        command.env_remove("ECERT_PASSPHRASE").env("ECERT_PASSPHRASE_FILE", self.path("passphrase"));
        command
    }

    /// Identifier of a key.
    #[must_use]
    pub fn id(&self, key: &str) -> String {
        let shown = succeeds(&self.ecert(&["plugin", "key", "show", &format!("{key}.pub.pem")]));
        let id = shown.lines().next().and_then(|line| line.strip_prefix("key "));
        id.expect("the first line names the key").to_owned()
    }
}

/// A path as an argument.
#[must_use]
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// What a command said that has to succeed.
#[track_caller]
pub fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", told(&output.stdout), told(&output.stderr));
    told(&output.stdout)
}

/// What a command said that has to end with this exit code.
#[track_caller]
#[must_use]
pub fn fails(output: &Output, code: i32) -> String {
    let said = told(&output.stdout) + &told(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// Bytes as text.
#[must_use]
pub fn told(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
