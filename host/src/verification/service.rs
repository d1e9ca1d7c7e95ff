//! Takes declarations in, judges them, and keeps what came of it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use ecert_model::cases::{Authenticity, Channel, Standing};
use ecert_model::certificates::Certificate;
use ecert_model::declarations::Declaration;
use jiff::Timestamp;
use uuid::Uuid;

use super::citation::DocumentCodes;
use super::evaluate::{Evaluation, Judges, Subject, evaluate};
use super::finding::HostFinding;
use super::gather::{Archive, Gathered, gather};
use super::record::Record;
use crate::digest::Digest;
use crate::intake::compress::compress;
use crate::intake::identity::{CertificateKey, DeclarationKey};
use crate::intake::number::normalise;
use crate::intake::places::Places;
use crate::intake::read::{Declared, Found, Unreadable};
use crate::intake::{Body, Held, Incoming, Intake, IntakeError, Sender};
use crate::store::{Store, StoreError, Transaction, Value};

/// How often a declaration is judged anew because a certificate changed while
/// it was judged.
const MAX_ATTEMPTS: usize = 4;

/// Where the current state of all that judges comes from.
pub type CurrentJudges = Arc<dyn Fn() -> Judges + Send + Sync>;

/// What a ledger is asked within the transaction that stores a verification.
pub trait Ledger: Send + Sync {
    /// Reserves what the declaration takes of its certificates, in place of
    /// what it reserved before: all or nothing. What cannot be reserved comes
    /// back as findings.
    fn reserve(
        &self,
        transaction: &mut dyn Transaction,
        declaration: &DeclarationKey,
        evaluation: &Evaluation,
    ) -> Result<Vec<HostFinding>, StoreError>;
}

/// What is done with a record in the transaction that stores it.
pub type Finish = Box<dyn Fn(&mut dyn Transaction, &Record) -> Result<(), StoreError> + Send + Sync>;

/// Judges declarations. Clones share it.
#[derive(Clone)]
pub struct Verification {
    pub(super) store: Store,
    intake: Intake,
    judges: CurrentJudges,
    codes: Arc<DocumentCodes>,
    ledger: Option<Arc<dyn Ledger>>,
}

/// What came of the store's transaction.
enum Kept {
    /// Everything is stored; the record is this one.
    Stored(Box<Record>),
    /// A certificate or the declaration changed meanwhile.
    Changed,
}

/// What a transaction needs.
struct Pending {
    incoming: Incoming,
    key: DeclarationKey,
    version: u32,
    known: Option<String>,
    declaration_id: String,
    body: Vec<u8>,
    evaluation: Evaluation,
    record: Vec<u8>,
    digest: Digest,
    frame: Vec<u8>,
}

impl Verification {
    /// A service over an intake.
    pub fn new(
        store: Store,
        intake: Intake,
        judges: CurrentJudges,
        codes: DocumentCodes,
        ledger: Option<Arc<dyn Ledger>>,
    ) -> Self {
        Self { store, intake, judges, codes: Arc::new(codes), ledger }
    }

    /// Takes a declaration in, judges it, and stores message, declaration,
    /// record and reservation in one transaction.
    ///
    /// `finish` is called in that transaction, last: what it stores is there
    /// when the record is, and not otherwise.
    pub fn declare(
        &self,
        sender: &Sender,
        bytes: &[u8],
        declared: Declared<'_>,
        finish: Option<Finish>,
    ) -> Result<Record, IntakeError> {
        let finish = finish.map(Arc::new);
        let (mut message, incoming) = self.intake.read(sender, bytes, declared)?;
        let mut found = message.declarations();
        if found.len() != 1 {
            let text = format!("There are {} declarations in the message; one is taken.", found.len());
            return Err(self.intake.refuse(incoming, "no-declaration", &text)?);
        }
        let Some(Found { document: mut declaration, places }) = found.pop() else {
            return Err(self.intake.refuse(
                incoming,
                "no-declaration",
                "There is no declaration in the message.",
            )?);
        };
        let Some(key) = DeclarationKey::of(&declaration, &sender.principal.id) else {
            let text = "The declaration has neither a local nor a movement reference number.";
            return Err(self.intake.refuse(incoming, "no-reference-number", text)?);
        };
        let body = compress(&serde_json::to_vec(&declaration).unwrap_or_default());
        let mut incoming = incoming;
        for _ in 0..MAX_ATTEMPTS {
            let (latest, gathered) = self.store.read(|transaction| -> Result<_, StoreError> {
                let latest = latest(transaction, &key)?;
                Ok((latest, self.gather(transaction, &declaration)?))
            })?;
            // The same message again is the same version of the declaration.
            let known = latest.as_ref().filter(|l| l.digest == incoming.digest).map(|l| l.id.clone());
            let version = latest.map_or(1, |l| if known.is_some() { l.version } else { l.version + 1 });
            let mut evaluation = evaluate(
                &(self.judges)(),
                Subject {
                    declaration,
                    places: Arc::clone(&places),
                    digest: incoming.digest,
                    gathered,
                    decided: Vec::new(),
                    received: incoming.received,
                    requested_by: sender.principal.name.clone(),
                },
            );
            let declaration_id = known.clone().unwrap_or_else(|| Uuid::now_v7().to_string());
            evaluation.record.id = Uuid::now_v7().to_string();
            evaluation.record.declaration.id.clone_from(&declaration_id);
            evaluation.record.declaration.version = version;
            let (record, digest) = encode(&evaluation.record);
            let frame_bytes = compress(&serde_json::to_vec(&evaluation.frame).unwrap_or_default());
            let pending = Arc::new(Pending {
                incoming,
                key: key.clone(),
                version,
                known,
                declaration_id,
                body: body.clone(),
                evaluation,
                record,
                digest,
                frame: frame_bytes,
            });
            let (work, ledger, finish) = (Arc::clone(&pending), self.ledger.clone(), finish.clone());
            let kept = self.store.write(move |transaction| {
                let kept = keep(transaction, &work, ledger.as_deref())?;
                if let (Kept::Stored(record), Some(finish)) = (&kept, &finish) {
                    finish(transaction, record)?;
                }
                Ok::<_, StoreError>(kept)
            });
            match kept? {
                Kept::Stored(record) => {
                    metrics::counter!("ecert_verifications_total", "verdict" => record.verdict.name())
                        .increment(1);
                    return Ok(*record);
                }
                Kept::Changed => {
                    // The job is done, so nobody else holds it.
                    let Some(pending) = Arc::into_inner(pending) else { break };
                    incoming = pending.incoming;
                    declaration = pending.evaluation.case.declaration;
                }
            }
        }
        Err(StoreError::Value(
            "the certificates of this declaration change faster than it can be judged".into(),
        )
        .into())
    }

    /// Judges a declaration against the certificates that come with it and
    /// those that are held. Nothing is stored.
    pub fn dry_run(
        &self,
        sender: &Sender,
        certificates: &[(&[u8], Declared<'_>)],
        declaration: (&[u8], Declared<'_>),
    ) -> Result<Record, DryRunError> {
        let mut given = Given::default();
        for (bytes, declared) in certificates {
            given.add(self.intake.read_only(bytes, *declared)?, bytes);
        }
        let (bytes, declared) = declaration;
        let mut found = self.intake.read_only(bytes, declared)?.declarations();
        let Some(Found { document, places }) = found.pop() else { return Err(DryRunError::NoDeclaration) };
        let gathered = self.store.read(|transaction| -> Result<_, StoreError> {
            let stored = Stored { transaction: RefCell::new(transaction), intake: &self.intake };
            gather(&document, &self.codes, &Both { given: &given, stored: &stored })
        })?;
        let subject = Subject {
            declaration: document,
            places,
            digest: Digest::of(bytes),
            gathered,
            decided: Vec::new(),
            received: Timestamp::now(),
            requested_by: sender.principal.name.clone(),
        };
        Ok(evaluate(&(self.judges)(), subject).record)
    }

    fn gather(
        &self,
        transaction: &mut dyn Transaction,
        declaration: &Declaration,
    ) -> Result<Gathered, StoreError> {
        let stored = Stored { transaction: RefCell::new(transaction), intake: &self.intake };
        gather(declaration, &self.codes, &stored)
    }
}

/// Why a dry run came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum DryRunError {
    /// A message cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// There is no declaration in the message.
    #[error("there is no declaration in the message")]
    NoDeclaration,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Certificates that came with the question.
#[derive(Default)]
pub struct Given {
    by_number: HashMap<String, Vec<Arc<Held>>>,
}

impl Given {
    /// Adds the certificates of a message. Nobody delivered them: whether
    /// their sender may speak for their authority stays open.
    pub fn add(&mut self, mut message: crate::intake::read::Message, bytes: &[u8]) {
        let digest = Digest::of(bytes);
        for Found { document, places } in message.certificates() {
            self.add_certificate(document, places, digest);
        }
        self.link();
    }

    fn add_certificate(&mut self, certificate: Certificate, places: Arc<Places>, digest: Digest) {
        let standing = Standing {
            status: certificate.status.clone(),
            first_issued: certificate.issued,
            channel: Channel::Offline,
            authenticity: Authenticity::Unknown,
            ..Standing::default()
        };
        let key = CertificateKey::of(&certificate);
        let body = Arc::new(Body { certificate, places, digest });
        let (id, chain) = (String::new(), String::new());
        let held = Arc::new(Held { id, version: 1, chain, body, standing, contradicted: false });
        let same = self.by_number.entry(key.number.clone()).or_default();
        // A later message about the same certificate amends the earlier one.
        same.retain(|known| CertificateKey::of(&known.body.certificate) != key);
        same.push(held);
    }

    /// A certificate that replaces another of those given supersedes it, and
    /// inherits the date its chain was first issued.
    fn link(&mut self) {
        let all: Vec<Arc<Held>> = self.by_number.values().flatten().cloned().collect();
        for successor in &all {
            for replaced in &successor.body.certificate.replaces {
                let number = normalise(&replaced.value);
                let mut first = None;
                for held in self.by_number.get_mut(&number).into_iter().flatten() {
                    let held = Arc::make_mut(held);
                    held.standing.replaced_by = Some(successor.body.certificate.number.clone());
                    first = held.standing.first_issued.or(first);
                }
                let own = normalise(&successor.body.certificate.number.value);
                for held in self.by_number.get_mut(&own).into_iter().flatten() {
                    let held = Arc::make_mut(held);
                    held.standing.first_issued = first.or(held.standing.first_issued);
                }
            }
        }
    }
}

impl Archive for Given {
    type Error = std::convert::Infallible;

    fn find(&self, number: &str) -> Result<Vec<Arc<Held>>, Self::Error> {
        Ok(self.by_number.get(number).cloned().unwrap_or_default())
    }
}

struct Stored<'t> {
    transaction: RefCell<&'t mut dyn Transaction>,
    intake: &'t Intake,
}

impl Archive for Stored<'_> {
    type Error = StoreError;

    fn find(&self, number: &str) -> Result<Vec<Arc<Held>>, StoreError> {
        self.intake.find(&mut **self.transaction.borrow_mut(), number)
    }
}

/// What was given counts before what is held.
struct Both<'b> {
    given: &'b Given,
    stored: &'b Stored<'b>,
}

impl Archive for Both<'_> {
    type Error = StoreError;

    fn find(&self, number: &str) -> Result<Vec<Arc<Held>>, StoreError> {
        match self.given.by_number.get(number) {
            Some(held) => Ok(held.clone()),
            None => self.stored.find(number),
        }
    }
}

/// The latest version of a declaration.
struct Latest {
    id: String,
    version: u32,
    digest: Digest,
}

fn latest(transaction: &mut dyn Transaction, key: &DeclarationKey) -> Result<Option<Latest>, StoreError> {
    const SELECT: &str = "SELECT id, version, message_digest FROM declaration \
        WHERE country = $1 AND declarant = $2 AND reference = $3 ORDER BY version DESC LIMIT 1";
    let parameters = [Value::from(&key.country), Value::from(&key.declarant), Value::from(&key.reference)];
    let rows = transaction.query(SELECT, &parameters)?;
    rows.first()
        .map(|row| {
            let digest = <[u8; 32]>::try_from(row.bytes(2)?)
                .map_err(|_| StoreError::Value("a stored digest is damaged".into()))?;
            Ok(Latest {
                id: row.text(0)?.to_owned(),
                version: u32::try_from(row.integer(1)?).unwrap_or_default(),
                digest: digest.into(),
            })
        })
        .transpose()
}

/// A record as it is stored, and its digest.
fn encode(record: &Record) -> (Vec<u8>, Digest) {
    let json = serde_json::to_vec(record).unwrap_or_default();
    (compress(&json), Digest::of(&json))
}

/// Stores all that belongs to a verification, unless something it rests on
/// changed meanwhile.
fn keep(
    transaction: &mut dyn Transaction,
    pending: &Pending,
    ledger: Option<&dyn Ledger>,
) -> Result<Kept, StoreError> {
    let key = &pending.key;
    let declaration = format!("declaration/{}/{}/{}", key.country, key.declarant, key.reference);
    let certificates = pending.evaluation.held.iter().map(|held| format!("certificate/{}", held.id));
    let locks: Vec<String> = certificates.chain([declaration]).collect();
    transaction.lock(&locks.iter().map(String::as_str).collect::<Vec<_>>())?;
    if changed(transaction, pending)? {
        return Ok(Kept::Changed);
    }
    let refused = match ledger {
        Some(ledger) => ledger.reserve(transaction, key, &pending.evaluation)?,
        None => Vec::new(),
    };
    pending.incoming.insert(transaction, "read")?;
    let subject = format!("verification/{}", pending.evaluation.record.id);
    pending.incoming.audit(transaction, "declaration-verified", &subject)?;
    if pending.known.is_none() {
        insert_declaration(transaction, pending)?;
    }
    if refused.is_empty() {
        let record = &pending.evaluation.record;
        insert_verification(transaction, pending, record, &pending.record, pending.digest)?;
        return Ok(Kept::Stored(Box::new(record.clone())));
    }
    let record = pending.evaluation.with(&refused);
    let (body, digest) = encode(&record);
    insert_verification(transaction, pending, &record, &body, digest)?;
    Ok(Kept::Stored(Box::new(record)))
}

fn changed(transaction: &mut dyn Transaction, pending: &Pending) -> Result<bool, StoreError> {
    const SELECT: &str = "SELECT version, contradicted, replaced_by FROM certificate WHERE id = $1";
    for held in &pending.evaluation.held {
        let rows = transaction.query(SELECT, &[Value::from(&held.id)])?;
        let same = match rows.first() {
            None => false,
            Some(row) => {
                row.integer(0)? == i64::from(held.version)
                    && (row.integer(1)? != 0) == held.contradicted
                    && row.optional_text(2)? == held.standing.replaced_by.as_ref().map(|n| n.value.as_str())
            }
        };
        if !same {
            return Ok(true);
        }
    }
    let latest = latest(transaction, &pending.key)?;
    Ok(match (latest, &pending.known) {
        (Some(latest), Some(known)) => latest.id != *known,
        (Some(latest), None) => latest.version + 1 != pending.version,
        (None, known) => known.is_some(),
    })
}

fn insert_declaration(transaction: &mut dyn Transaction, pending: &Pending) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO declaration (id, country, declarant, reference, version, mrn, lrn, message_id, \
        message_digest, principal_id, received_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let Pending { incoming, key, evaluation, .. } = pending;
    let summary = &evaluation.record.declaration;
    let parameters = [
        Value::from(&pending.declaration_id),
        Value::from(&key.country),
        Value::from(&key.declarant),
        Value::from(&key.reference),
        Value::Integer(pending.version.into()),
        Value::from(summary.mrn.as_ref()),
        Value::from(summary.lrn.as_ref()),
        Value::from(&incoming.id),
        Value::Bytes(incoming.digest.as_bytes()),
        Value::from(&incoming.sender.principal.id),
        Value::Integer(incoming.received.as_microsecond()),
        Value::from(&pending.body),
    ];
    transaction.execute(INSERT, &parameters).map(drop)
}

fn insert_verification(
    transaction: &mut dyn Transaction,
    pending: &Pending,
    record: &Record,
    body: &[u8],
    digest: Digest,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO verification (id, declaration_id, at, verdict, decided, reference, \
        principal_id, digest, record) VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8)";
    let parameters = [
        Value::from(&record.id),
        Value::from(&pending.declaration_id),
        Value::Integer(Timestamp::now().as_microsecond()),
        Value::Text(record.verdict.name()),
        Value::from(&pending.key.reference),
        Value::from(&pending.incoming.sender.principal.id),
        Value::Bytes(digest.as_bytes()),
        Value::Bytes(body),
    ];
    transaction.execute(INSERT, &parameters)?;
    transaction.execute(
        "INSERT INTO verification_frame (verification_id, frame) VALUES ($1, $2)",
        &[Value::from(&record.id), Value::from(&pending.frame)],
    )?;
    Ok(())
}
