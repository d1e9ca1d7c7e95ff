//! What can go wrong in the store, told apart by what the caller can do.

/// A failure of the store.
///
/// It is `Clone` because one failed commit answers every job of its group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached. Nothing was stored, unless the
    /// connection broke while the commit was on its way: repeat the request
    /// with the same idempotency key.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// Another process or connection holds the database for too long.
    #[error("the database is locked by someone else: {0}; end the other process or try again")]
    Locked(String),
    /// No space is left for the database.
    #[error("the database has no space left: {0}; free some, nothing was stored")]
    Full(String),
    /// A constraint (unique, foreign key, check, not null) was violated.
    #[error("a constraint of the database was violated: {0}")]
    Constraint(String),
    /// A conflict between transactions did not go away by trying again.
    #[error("too many transactions at once on the same rows: {0}; try again")]
    Contention(String),
    /// The database is set up so that acknowledged work could get lost.
    #[error("the database's durability is unsafe: {0}")]
    Unsafe(String),
    /// The schema is not the one this version works with.
    #[error("the database's schema does not fit: {0}")]
    Schema(String),
    /// A stored value is not what the code expects.
    #[error("a stored value is unusable: {0}")]
    Value(String),
    /// The database is damaged.
    #[error("the database is damaged: {0}; restore a backup")]
    Damaged(String),
    /// Any other failure of a statement: a defect of this program.
    #[error("a statement failed: {0}")]
    Statement(String),
    /// The job panicked. It was rolled back.
    #[error("a job of the store panicked: {0}")]
    Panicked(String),
}

impl StoreError {
    /// Whether the same request may succeed later without anyone changing it.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Locked(_) | Self::Full(_) | Self::Contention(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Locked(text),
            Some(Code::DiskFull) => Self::Full(text),
            Some(Code::ConstraintViolation) => Self::Constraint(text),
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(text),
            Some(
                Code::CannotOpen
                | Code::SystemIoFailure
                | Code::ReadOnly
                | Code::PermissionDenied
                | Code::OutOfMemory
                | Code::FileLockingProtocolFailed,
            ) => Self::Unavailable(text),
            _ => Self::Statement(text),
        }
    }
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        let Some(database) = error.as_db_error() else {
            return if error.is_closed() || has_io_source(&error) {
                Self::Unavailable(full_text(&error))
            } else {
                Self::Statement(full_text(&error))
            };
        };
        let text = database.message().to_owned();
        let code = database.code().code();
        match (&code[..2], code) {
            (_, "40001" | "40P01") => Self::Contention(text),
            (_, "55P03" | "57014") => Self::Locked(text),
            (_, "53100" | "53200") => Self::Full(text),
            (_, "XX001" | "XX002") => Self::Damaged(text),
            ("08" | "28" | "3D" | "53" | "57" | "58", _) => Self::Unavailable(text),
            ("23", _) => Self::Constraint(text),
            // Read-only after a fail-over: another server has to be found.
            (_, "25006") => Self::Unavailable(text),
            _ => Self::Statement(format!("{text} ({code})")),
        }
    }
}

fn has_io_source(error: &postgres::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.is::<std::io::Error>() {
            return true;
        }
        source = inner.source();
    }
    false
}

fn full_text(error: &postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
