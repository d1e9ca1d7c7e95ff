//! The private folder of compiled plugins.
//!
//! Compiled code is believed when it is loaded, so it must have been written
//! by this user and by nobody else: the folder is 0700, files are 0600, appear
//! under their name only when complete, and are compared with their digest.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::digest::Digest;

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

    /// The compiled code under a key, if it is there and whole.
    pub(super) fn find(&self, key: &str) -> Option<PathBuf> {
        let code = self.code(key);
        let expected: Digest = fs::read_to_string(self.digest(key)).ok()?.parse().ok()?;
        let whole = Digest::of_reader(File::open(&code).ok()?).ok()? == expected;
        if !whole {
            tracing::warn!(file = %code.display(), "compiled plugin is damaged and will be compiled again");
        }
        whole.then_some(code)
    }

    /// A new file in the folder, without a name that anything looks for.
    pub(super) fn draft(&self) -> io::Result<tempfile::NamedTempFile> {
        tempfile::Builder::new().prefix(".draft-").tempfile_in(&self.folder)
    }

    /// Puts compiled code under a key, first the code, then its digest.
    pub(super) fn keep(&self, key: &str, code: tempfile::NamedTempFile) -> io::Result<PathBuf> {
        let path = self.code(key);
        let digest = Digest::of_reader(code.reopen()?)?;
        code.as_file().sync_all()?;
        code.persist(&path)?;
        let mut note = self.draft()?;
        write!(note, "{digest}")?;
        note.as_file().sync_all()?;
        note.persist(self.digest(key))?;
        File::open(&self.folder)?.sync_all()?;
        Ok(path)
    }

    fn code(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.code"))
    }

    fn digest(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.sha256"))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn gives_back_what_is_whole_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("cache")).unwrap();
        assert_eq!(cache.find("k"), None);
        let mut draft = cache.draft().unwrap();
        draft.write_all(b"code").unwrap();
        let path = cache.keep("k", draft).unwrap();
        assert_eq!(cache.find("k"), Some(path.clone()));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        fs::write(&path, b"c0de").unwrap();
        assert_eq!(cache.find("k"), None);
    }

    #[test]
    fn refuses_a_folder_that_others_can_enter() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(Cache::open(folder.path()).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }
}
