//! The first administrator.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::{
    AccessError, MICROSECONDS_A_DAY, NewToken, Principal, Proof, Role, insert_principal, insert_token,
    new_id, new_secret, now,
};
use crate::store::Store;

/// Name of the file in the data folder.
const FILE: &str = "administrator.token";
/// How long the first token lasts; it is meant for making others.
const DAYS: i64 = 30;

/// Makes the principal `administrator` and a token for it, unless there is any
/// principal already, and answers the path of the file with the token (mode
/// 0600) for the one who starts the host. Read it, keep it elsewhere, remove
/// the file.
pub fn bootstrap(store: &Store, folder: &Path) -> Result<Option<PathBuf>, AccessError> {
    let any = store.read(|transaction| transaction.query("SELECT id FROM principal LIMIT 1", &[]))?;
    if !any.is_empty() {
        return Ok(None);
    }
    let secret = new_secret()?;
    // The file comes first: a token without its file would lock everybody out.
    let path = folder.join(FILE);
    write_private(&path, &secret)
        .map_err(|error| AccessError::File(format!("{} cannot be written: {error}", path.display())))?;
    let proof = Proof::Token(secret.clone());
    let expires_at = now() + DAYS * MICROSECONDS_A_DAY;
    let token = NewToken { id: new_id(), secret: Some(secret), expires_at };
    let made = store.write(move |transaction| {
        // Several hosts may start on an empty database at once.
        transaction.lock(&["bootstrap"])?;
        if !transaction.query("SELECT id FROM principal LIMIT 1", &[])?.is_empty() {
            return Ok::<_, AccessError>(false);
        }
        let system = Principal::system();
        let administrator = Principal {
            id: new_id(),
            name: "administrator".into(),
            role: Role::Administrator,
            countries: BTreeSet::new(),
        };
        insert_principal(transaction, &system, "bootstrap", &administrator)?;
        let owner = &administrator.id;
        insert_token(transaction, (&system, "bootstrap"), owner, "first start", &token, &proof.digest())?;
        Ok(true)
    })?;
    Ok(made.then_some(path))
}

fn write_private(path: &Path, secret: &str) -> std::io::Result<()> {
    // A file left by a start that failed half-way holds a token nobody knows.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{secret}")?;
    file.sync_all()
}
