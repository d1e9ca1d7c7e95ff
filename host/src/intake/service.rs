//! Takes messages in.

use std::sync::{Arc, OnceLock};

use ecert_model::cases::{Authenticity, Channel};
use ecert_model::certificates::Certificate;
use ecert_model::documents::Document;
use ecert_model::readings::ProblemSeverity;
use jiff::Timestamp;
use quick_cache::sync::Cache;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::certificates::deliver;
use super::compress::compress;
use super::delivered::{Delivered, delivered};
use super::identity::{CertificateKey, content_digest};
use super::read::{Declared, Found, LocatedProblem, LocatedUnmapped, Message, Unreadable, read};
use super::{Body, Sender};
use crate::audit;
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::engine::{Engine, Failure, Plugin};
use crate::registry::note_failure;
use crate::store::{Store, StoreError, Transaction, Value};

/// Decoded certificates kept in memory.
const CACHED: usize = 4_096;

/// Where the active adapters come from.
pub type Adapters = Arc<dyn Fn() -> Arc<[Arc<Plugin>]> + Send + Sync>;

/// Takes name and version of a plugin that failed.
pub type TellOfFailure = Box<dyn Fn((String, String)) + Send + Sync>;

/// Takes messages in. Clones share it.
#[derive(Clone)]
pub struct Intake {
    pub(super) store: Store,
    pub(super) engine: Engine,
    pub(super) adapters: Adapters,
    pub(super) bodies: Arc<Cache<(String, u32), Arc<Body>>>,
    failed: Arc<OnceLock<TellOfFailure>>,
}

/// What came of a message of certificates.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    /// Identifier of the stored message.
    pub message: String,
    /// Format it was read as.
    pub format: String,
    /// What came of each certificate.
    pub certificates: Vec<Delivered>,
    /// Problems that did not stop the reading.
    pub problems: Vec<LocatedProblem>,
    /// What was not taken over.
    pub unmapped: Vec<LocatedUnmapped>,
}

/// A message that was not taken in, but kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// Identifier under which it is kept.
    pub reference: String,
    /// SHA-256 of the message.
    pub digest: Digest,
    /// Why.
    pub reason: Unreadable,
}

/// Why a message did not come in.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// It cannot be read. It is kept.
    #[error("{}", .0.reason)]
    Rejected(Box<Rejected>),
    /// Nothing could be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A message that was read and is to be stored.
pub(crate) struct Incoming {
    pub(crate) id: String,
    pub(crate) received: Timestamp,
    pub(crate) digest: Digest,
    pub(crate) media_type: String,
    pub(crate) format: String,
    pub(crate) adapter: String,
    pub(crate) size: usize,
    pub(crate) body: Vec<u8>,
    pub(crate) problems: Option<Vec<u8>>,
    pub(crate) sender: Sender,
    /// The state in which it is stored already, if it is.
    pub(crate) kept: Option<String>,
}

/// State of a message that a worker will read.
pub(crate) const WAITING: &str = "waiting";
/// State of a message that was read.
pub(crate) const READ: &str = "read";
/// State of a message that was not taken in.
pub(crate) const REJECTED: &str = "rejected";

/// A certificate that is to be stored.
pub(super) struct Prepared {
    pub(super) key: CertificateKey,
    pub(super) certificate: Certificate,
    pub(super) content: Digest,
    pub(super) body: Vec<u8>,
    pub(super) places: Vec<u8>,
    pub(super) channel: Channel,
    pub(super) authenticity: Authenticity,
}

impl Intake {
    /// An intake over a store.
    pub fn new(store: Store, engine: Engine, adapters: Adapters) -> Self {
        let bodies = Arc::new(Cache::new(CACHED));
        Self { store, engine, adapters, bodies, failed: Arc::default() }
    }

    /// Takes in a message with certificates: reads it, keeps it, and says what
    /// became of each certificate.
    pub fn receive_certificates(
        &self,
        sender: &Sender,
        bytes: &[u8],
        declared: Declared<'_>,
    ) -> Result<Received, IntakeError> {
        let (message, incoming) = self.read(sender, bytes, declared)?;
        self.take_certificates(message, incoming)
    }

    /// Stores a message that was read, and says what became of each
    /// certificate in it.
    pub(crate) fn take_certificates(
        &self,
        mut message: Message,
        incoming: Incoming,
    ) -> Result<Received, IntakeError> {
        let found = message.certificates();
        let numbered = |f: &Found<Certificate>| !CertificateKey::of(&f.document).number.is_empty();
        if found.is_empty() || !found.iter().all(numbered) {
            let (code, text) = if found.is_empty() {
                ("no-certificate", "There is no certificate in the message.")
            } else {
                ("no-number", "A certificate without a number cannot be kept.")
            };
            return Err(self.refuse(incoming, code, text)?);
        }
        let prepared: Vec<Prepared> = found.into_iter().map(|f| prepare(f, &incoming.sender)).collect();
        let incoming = Arc::new(incoming);
        let shared = Arc::new(prepared);
        let kept = Arc::clone(&incoming);
        let certificates = self.store.write(move |transaction| -> Result<Vec<Delivered>, StoreError> {
            // The number too: declarations that miss it hold it while they are
            // stored.
            let locks: Vec<String> = shared
                .iter()
                .flat_map(|Prepared { key, .. }| {
                    let certificate = format!("certificate/{}/{}", key.country, key.number);
                    [certificate, format!("number/{}", key.number)]
                })
                .collect();
            transaction.lock(&locks.iter().map(String::as_str).collect::<Vec<_>>())?;
            kept.store(transaction, READ)?;
            kept.audit(transaction, "certificates-received", &format!("message/{}", kept.id))?;
            for prepared in shared.iter() {
                deliver(transaction, prepared, &kept)?;
            }
            delivered(transaction, &kept.id, &kept.sender.principal)
        })?;
        metrics::counter!("ecert_certificates_total").increment(certificates.len() as u64);
        Ok(Received {
            message: incoming.id.clone(),
            format: incoming.format.clone(),
            certificates,
            problems: message.problems,
            unmapped: message.unmapped,
        })
    }

    /// Reads a message; one that cannot be read is kept as rejected.
    pub(crate) fn read(
        &self,
        sender: &Sender,
        bytes: &[u8],
        declared: Declared<'_>,
    ) -> Result<(Message, Incoming), IntakeError> {
        self.read_into(bytes, declared, Incoming::new(sender, bytes, declared))
    }

    /// Reads a message by the adapters of today.
    pub(super) fn read_into(
        &self,
        bytes: &[u8],
        declared: Declared<'_>,
        mut incoming: Incoming,
    ) -> Result<(Message, Incoming), IntakeError> {
        match read(&self.engine, &(self.adapters)(), bytes, declared) {
            Ok(message) => {
                let part = message.parts.first();
                incoming.format = part.map(|p| p.format.clone()).unwrap_or_default();
                incoming.adapter = part.map(|p| format!("{} {}", p.adapter, p.component)).unwrap_or_default();
                incoming.problems = encode(&message.problems);
                Ok((message, incoming))
            }
            Err(reason) => Err(self.reject(incoming, reason)?),
        }
    }

    /// Whom to tell when an adapter fails by its own fault; the first to be
    /// named is told.
    pub fn tell_of_failures(&self, tell: TellOfFailure) {
        // Whoever is named later is not told.
        let _ = self.failed.set(tell);
    }

    /// Reads a message that is not kept, whatever it is.
    pub fn read_only(&self, bytes: &[u8], declared: Declared<'_>) -> Result<Message, Unreadable> {
        read(&self.engine, &(self.adapters)(), bytes, declared)
    }

    /// Writes a document in a format, by the adapter that writes it; why not,
    /// where that cannot be done.
    pub fn write(&self, document: &Document, format: &str) -> Result<Vec<u8>, String> {
        let adapters = (self.adapters)();
        let writes = |plugin: &&Arc<Plugin>| {
            plugin.manifest().formats.iter().any(|known| known.writes && known.id == format)
        };
        let adapter =
            adapters.iter().find(writes).ok_or_else(|| format!("no adapter here writes {format}"))?;
        let run = self.engine.write(adapter, document, format).map_err(|failure| failure.to_string())?;
        run.output.map_err(|problems| {
            let first = problems.first().map_or("no reason given", |problem| problem.text.as_str());
            format!("it cannot be written as {format}: {first}")
        })
    }

    /// The formats that some adapter writes.
    pub fn written_formats(&self) -> Vec<String> {
        let adapters = (self.adapters)();
        let formats = adapters.iter().flat_map(|plugin| &plugin.manifest().formats);
        let mut written: Vec<String> =
            formats.filter(|known| known.writes).map(|known| known.id.clone()).collect();
        written.sort_unstable();
        written
    }

    /// Media type of a format, by the adapter that writes it.
    pub fn media_type(&self, format: &str) -> Option<String> {
        let adapters = (self.adapters)();
        let mut formats = adapters.iter().flat_map(|plugin| &plugin.manifest().formats);
        formats.find(|known| known.writes && known.id == format)?.media_types.first().cloned()
    }

    /// Keeps a message that was read, but is not what it should be.
    pub(crate) fn refuse(
        &self,
        incoming: Incoming,
        code: &str,
        text: &str,
    ) -> Result<IntakeError, StoreError> {
        let problem = LocatedProblem {
            code: code.to_owned(),
            text: text.to_owned(),
            severity: ProblemSeverity::Fatal,
            location: None,
        };
        self.reject(incoming, Unreadable::Problems { problems: vec![problem] })
    }

    fn reject(&self, mut incoming: Incoming, reason: Unreadable) -> Result<IntakeError, StoreError> {
        metrics::counter!("ecert_rejected_messages_total").increment(1);
        incoming.problems = encode(&reason.problems());
        let failed = match &reason {
            Unreadable::Adapter { name, version, failure }
                if !Failure::MACHINES_OWN.contains(&failure.code()) =>
            {
                tracing::error!(adapter = %name, %version, %failure, "adapter failed");
                Some((name.clone(), version.clone()))
            }
            _ => None,
        };
        let rejected = Rejected { reference: incoming.id.clone(), digest: incoming.digest, reason };
        let noted = failed.clone();
        self.store.write(move |transaction| -> Result<_, StoreError> {
            incoming.store(transaction, REJECTED)?;
            match &noted {
                Some((name, version)) => {
                    let submitter = &incoming.sender.principal.id;
                    note_failure(transaction, (name, version), &incoming.id, submitter)
                }
                None => Ok(()),
            }
        })?;
        if let (Some(failed), Some(tell)) = (failed, self.failed.get()) {
            tell(failed);
        }
        Ok(IntakeError::Rejected(Box::new(rejected)))
    }
}

impl Incoming {
    /// A message as it came, not read yet.
    pub(crate) fn new(sender: &Sender, bytes: &[u8], declared: Declared<'_>) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            received: Timestamp::now(),
            digest: Digest::of(bytes),
            media_type: declared.media_type.unwrap_or_default().to_owned(),
            format: declared.format.unwrap_or_default().to_owned(),
            adapter: String::new(),
            size: bytes.len(),
            body: compress(bytes),
            problems: None,
            sender: sender.clone(),
            kept: None,
        }
    }

    /// The same message with what is wrong with it.
    pub(crate) fn with_problems(mut self, problems: &[LocatedProblem]) -> Self {
        self.problems = encode(problems);
        self
    }

    /// Stores the audit trail's leaf of what was done with the message.
    pub(crate) fn audit(
        &self,
        transaction: &mut dyn Transaction,
        action: &str,
        subject: &str,
    ) -> Result<(), StoreError> {
        let Sender { principal, source } = &self.sender;
        let entry = audit::Entry { principal, source, action, subject, content: self.digest.as_bytes() };
        audit::record(transaction, &entry).map(drop)
    }

    /// Stores the message, or what became of one that is stored already. What
    /// was read once stays so, whatever comes of it later; one that waited
    /// for a worker is worked off by one of them only.
    pub(crate) fn store(&self, transaction: &mut dyn Transaction, state: &str) -> Result<(), StoreError> {
        const UPDATE: &str = "UPDATE message SET format = $1, adapter = $2, state = $3, problems = $4 \
            WHERE id = $5 AND state = $6";
        if let Some(kept) = self.kept.as_deref() {
            let waited = kept == WAITING;
            let parameters = [
                Value::from(&self.format),
                Value::from(&self.adapter),
                Value::Text(state),
                Value::from(self.problems.as_ref()),
                Value::from(&self.id),
                Value::Text(if waited { WAITING } else { REJECTED }),
            ];
            let touched = transaction.execute(UPDATE, &parameters)?;
            if waited && touched == 0 {
                return Err(StoreError::Constraint("another worker has done this message".into()));
            }
            return Ok(());
        }
        const INSERT: &str = "INSERT INTO message (id, digest, received_at, principal_id, principal_name, \
            media_type, format, adapter, state, size, body, problems) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let parameters = [
            Value::from(&self.id),
            Value::Bytes(self.digest.as_bytes()),
            Value::Integer(self.received.as_microsecond()),
            Value::from(&self.sender.principal.id),
            Value::from(&self.sender.principal.name),
            Value::from(&self.media_type),
            Value::from(&self.format),
            Value::from(&self.adapter),
            Value::Text(state),
            Value::Integer(i64::try_from(self.size).unwrap_or(i64::MAX)),
            Value::from(&self.body),
            Value::from(self.problems.as_ref()),
        ];
        transaction.execute(INSERT, &parameters).map(drop)
    }
}

fn encode(problems: &[LocatedProblem]) -> Option<Vec<u8>> {
    if problems.is_empty() {
        return None;
    }
    serde_json::to_vec(problems).ok().map(|json| compress(&json))
}

fn prepare(found: Found<Certificate>, sender: &Sender) -> Prepared {
    let Found { document: certificate, places } = found;
    let key = CertificateKey::of(&certificate);
    let entitled = sender.speaks_for(&key.country);
    Prepared {
        content: content_digest(&certificate),
        body: compress(&serde_json::to_vec(&certificate).unwrap_or_default()),
        places: compress(&Places::to_bytes(&places)),
        channel: if entitled { Channel::Delivery } else { Channel::Submission },
        authenticity: if entitled { Authenticity::Authentic } else { Authenticity::NotEntitled },
        key,
        certificate,
    }
}

/// What is wrong with a message on which the host itself failed, as the store
/// keeps it.
pub(crate) fn host_failed() -> Option<Vec<u8>> {
    encode(&[LocatedProblem {
        code: "host-failed".to_owned(),
        text: "The host failed on the message. It is kept, and an operator can have it read again."
            .to_owned(),
        severity: ProblemSeverity::Fatal,
        location: None,
    }])
}
