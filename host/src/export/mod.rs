//! Certificates of the own authority, and the institutions abroad that ask
//! for them.
//!
//! [`Export::load`] takes certificates in and gives each a check code;
//! [`Export::set_status`] says what becomes of them. Institutions abroad ask
//! under a query account ([`Account`]), which decides what they may see;
//! everybody may check one certificate whose number and code they hold. What
//! verifiers report comes back to the officers.

mod accounts;
mod blocs;
mod body;
mod check;
mod code;
mod events;
mod fields;
mod import;
mod keep;
mod load;
mod qr;
mod queries;
mod query_log;
mod rate;
mod records;
mod reports;
mod status;

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use body::{Body, Dictionaries};
use rate::Limiter;

pub use accounts::{Account, AccountWanted, NewUser, User, UserRole, UserWanted};
pub use check::Checked;
pub use events::Event;
pub use fields::{Field, essential};
pub use import::AccountFile;
pub use load::{Input, Loaded, Loading};
pub use queries::{Answer, Asked, Range, Seen, Summary};
pub use query_log::Logged;
pub use records::{Filter, Listed, Shown};
pub use reports::{Report, ReportOutcome, ReportWanted};
pub use status::Status;

use crate::access::AccessError;
use crate::audit as trail;
use crate::intake::read::Unreadable;
use crate::intake::{Intake, Sender};
use crate::reference::BadRows;
use crate::store::{Store, StoreError, Transaction};

/// Why something about export certificates was not done.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A certificate cannot be read, or is not what it should be.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Access refused something.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Rows of a file are wrong.
    #[error(transparent)]
    BadRows(#[from] BadRows),
    /// What was asked for makes no sense; the text says what would.
    #[error("{0}")]
    Invalid(String),
    /// It does not go with what there is.
    #[error("{0}")]
    Conflict(String),
    /// There is none.
    #[error("there is no {0}")]
    Unknown(String),
    /// The account is suspended or has expired, or the user's role does not
    /// allow it.
    #[error("{0}")]
    Refused(String),
    /// Too many requests; try again after so many seconds.
    #[error("too many queries; the next is answered in {0} seconds")]
    TooMany(u32),
}

/// What the own authority's certificates are loaded and shown by.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Address under which the public reaches this host, without a slash at
    /// the end; QR codes lead there.
    pub public_address: String,
    /// Country whose certificates these are (ISO 3166-1 alpha-2). Certificates
    /// of others are refused; none means any.
    pub country: Option<String>,
}

/// Certificates of the own authority. Clones share it.
#[derive(Clone)]
pub struct Export {
    store: Store,
    intake: Intake,
    public_address: Arc<str>,
    country: Option<Arc<str>>,
    dictionaries: Arc<RwLock<Arc<Dictionaries>>>,
    queries: Arc<Limiter<String>>,
    wrong_codes: Arc<Limiter<IpAddr>>,
}

impl Export {
    /// Export certificates in a store, read through an intake.
    pub fn open(store: Store, intake: Intake, settings: &Settings) -> Result<Self, StoreError> {
        let dictionaries = store.read(Dictionaries::load)?;
        Ok(Self {
            store,
            intake,
            public_address: settings.public_address.as_str().into(),
            country: settings.country.as_deref().map(Into::into),
            dictionaries: Arc::new(RwLock::new(Arc::new(dictionaries))),
            queries: Arc::new(Limiter::new()),
            wrong_codes: Arc::new(Limiter::new()),
        })
    }

    /// Address under which the public reaches this host, without a slash at
    /// the end.
    #[must_use]
    pub fn public_address(&self) -> &str {
        &self.public_address
    }

    fn dictionaries(&self) -> Arc<Dictionaries> {
        Arc::clone(&self.dictionaries.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn refresh_dictionaries(&self) -> Result<Arc<Dictionaries>, StoreError> {
        let fresh = Arc::new(self.store.read(Dictionaries::load)?);
        *self.dictionaries.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }

    /// Takes a packed body apart.
    fn unpack(&self, packed: &[u8]) -> Result<Body, StoreError> {
        if let Some(body) = self.dictionaries().unpack(packed)? {
            return Ok(body);
        }
        // Another host trained its dictionary.
        self.refresh_dictionaries()?.unpack(packed)?.ok_or_else(|| body::damaged("dictionary"))
    }

    /// Trains the dictionary once there is enough to train it on. Certificates
    /// are kept without one until then, and when it fails.
    fn train_when_due(&self) {
        if self.dictionaries().is_empty()
            && let Err(error) = self.train()
        {
            tracing::warn!(%error, "no dictionary was trained for export certificates");
        }
    }

    fn train(&self) -> Result<(), StoreError> {
        const LATEST: &str = "SELECT body FROM export_certificate ORDER BY id DESC LIMIT $1";
        let (least, most) = body::SAMPLES;
        let rows = self.store.read(|transaction| {
            let last = transaction.query("SELECT MAX(id) FROM export_certificate", &[])?;
            let enough = last[0].optional_integer(0)?.is_some_and(|last| last >= least);
            if enough { transaction.query(LATEST, &[most.into()]) } else { Ok(Vec::new()) }
        })?;
        if rows.is_empty() {
            return Ok(());
        }
        let bodies = rows.iter().map(|row| self.unpack(row.bytes(0)?)).collect::<Result<Vec<_>, _>>()?;
        let Some(dictionary) = body::train(&bodies) else { return Ok(()) };
        let size = dictionary.len();
        if self.store.write(move |transaction| body::keep_dictionary(transaction, &dictionary))? {
            tracing::info!(size, samples = bodies.len(), "a dictionary was trained for export certificates");
        }
        self.refresh_dictionaries().map(drop)
    }
}

/// Stores the audit leaf of a change.
fn audit(
    transaction: &mut dyn Transaction,
    sender: &Sender,
    action: &str,
    subject: &str,
    content: &[u8],
) -> Result<(), StoreError> {
    let Sender { principal, source } = sender;
    trail::record(transaction, &trail::Entry { principal, source, action, subject, content }).map(drop)
}
