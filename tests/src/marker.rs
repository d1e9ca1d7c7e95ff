//! Versions of a rule set that says, from within the sandbox, which of them
//! judged. Its source is in `tests/marker`; each version is built once.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{host, root};

/// What a version does.
#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    /// Its finding informs.
    Plain,
    /// Its finding stops a release.
    Strict,
    /// It traps on every case.
    Traps,
}

impl Behaviour {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Strict => "strict",
            Self::Traps => "traps",
        }
    }
}

/// The component of a version.
///
/// # Panics
///
/// When it cannot be built.
#[must_use]
pub fn component(version: &str, behaviour: Behaviour) -> PathBuf {
    let folder = root().join("target/test-plugins");
    let project = folder.join(format!("marker-{version}-{}", behaviour.name()));
    fs::create_dir_all(project.join("src")).expect("a folder for the project");
    // Tests run in processes of their own: one builds, the others wait.
    let lock = File::create(folder.join("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let sdk = root().join("sdk/rust");
    for file in ["Cargo.toml", "src/lib.rs"] {
        let source = fs::read_to_string(root().join("tests/marker").join(file)).expect("the source");
        // Under one name, cargo would take one version's output for another's.
        let name = format!("name = \"marker-{}-{}\"", version.replace('.', "-"), behaviour.name());
        let source = source.replace("name = \"marker\"", &name);
        let source = source.replace("\"VERSION\"", &format!("\"{version}\""));
        let source = source.replace("\"BEHAVIOUR\"", &format!("\"{}\"", behaviour.name()));
        write(&project.join(file), &source.replace("\"SDK\"", &format!("{sdk:?}")));
    }
    // The versions of dependencies that the project's own plugins have.
    fs::copy(root().join("plugins/Cargo.lock"), project.join("Cargo.lock")).expect("a lock file for cargo");
    let built = Command::new(host::binary())
        .args(["plugin", "build"])
        .arg(&project)
        .arg("--out")
        .arg(&project)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .expect("the binary starts");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    project.join("marker.component.wasm")
}

/// Writes a file unless it is so already, so that cargo sees no change.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return;
    }
    fs::write(path, text).expect("a file of the project");
}
