//! The private folder of compiled plugins.
//!
//! Compiled code is believed when it is loaded, so it must have been written
//! by this user and by nobody else: the folder is 0700, files are 0600, appear
//! under their name only when complete, and are compared with their checksum.
//! Beside the code stands what the component states of itself, so that a start
//! need not read the component.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::contract::Stated;

/// What was kept of a plugin.
#[derive(Debug)]
pub(super) struct Kept {
    /// Where its compiled code is.
    pub(super) code: PathBuf,
    /// What its component states of itself.
    pub(super) stated: Stated,
}

/// The folder.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Makes the folder, or makes sure that nobody else can write to it.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        if !folder.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let metadata = fs::metadata(folder)?;
        let ours = metadata.uid() == rustix::process::geteuid().as_raw();
        if !metadata.is_dir() || !ours || metadata.mode() & 0o077 != 0 {
            let path = folder.display();
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("{path} must be a folder of the host's user alone: `chmod 700 {path}`"),
            ));
        }
        Ok(Self { folder: folder.to_path_buf() })
    }

    /// What is kept under a key, if it is there and whole.
    pub(super) fn find(&self, key: &str) -> Option<Kept> {
        let note = fs::read(self.note(key)).ok()?;
        let code = self.code(key);
        let found = serde_json::from_slice::<Note>(&note).ok().filter(|note| {
            File::open(&code).and_then(checksum).is_ok_and(|checksum| checksum == note.checksum)
        });
        if found.is_none() {
            tracing::warn!(file = %code.display(), "compiled plugin is damaged and will be compiled again");
        }
        found.map(|note| Kept { code, stated: note.stated })
    }

    /// A new file in the folder, without a name that anything looks for.
    pub(super) fn draft(&self) -> io::Result<tempfile::NamedTempFile> {
        tempfile::Builder::new().prefix(".draft-").tempfile_in(&self.folder)
    }

    /// Puts compiled code under a key, first the code, then the note on it.
    pub(super) fn keep(
        &self,
        key: &str,
        code: tempfile::NamedTempFile,
        stated: Stated,
    ) -> io::Result<PathBuf> {
        let path = self.code(key);
        let note = Note { checksum: checksum(code.reopen()?)?, stated };
        code.as_file().sync_all()?;
        code.persist(&path)?;
        let mut file = self.draft()?;
        serde_json::to_writer(&mut file, &note)?;
        file.as_file().sync_all()?;
        file.persist(self.note(key))?;
        File::open(&self.folder)?.sync_all()?;
        Ok(path)
    }

    fn code(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.code"))
    }

    fn note(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }
}

/// The file that stands beside compiled code.
#[derive(Serialize, Deserialize)]
struct Note {
    /// XXH3 of the code, in hexadecimal digits.
    checksum: String,
    /// What the component states of itself.
    stated: Stated,
}

/// The checksum of a file. It finds damage, nothing else: whoever could write
/// the file could write the note as well.
fn checksum(mut file: File) -> io::Result<String> {
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(format!("{:032x}", hash.digest128())),
            Ok(length) => hash.update(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    use ecert_model::manifest::Kind;

    use super::*;
    use crate::contract::Inspection;

    #[test]
    fn gives_back_what_is_whole_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("cache")).unwrap();
        assert!(cache.find("k").is_none());
        let stated = Stated::from(&Inspection::unknown(b"component", Kind::RuleSet));
        let mut draft = cache.draft().unwrap();
        draft.write_all(b"code").unwrap();
        let path = cache.keep("k", draft, stated.clone()).unwrap();
        let kept = cache.find("k").unwrap();
        assert_eq!((kept.code, kept.stated), (path.clone(), stated));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        fs::write(&path, b"c0de").unwrap();
        assert!(cache.find("k").is_none());
    }

    #[test]
    fn refuses_a_folder_that_others_can_enter() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(Cache::open(folder.path()).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }
}
