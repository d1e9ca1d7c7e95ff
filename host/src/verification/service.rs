//! Takes declarations in, judges them, and keeps what came of it.

use std::cell::RefCell;
use std::sync::Arc;

use ecert_model::declarations::Declaration;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::citation::DocumentCodes;
use super::evaluate::{Evaluation, Judges, Subject, evaluate};
use super::finding::HostFinding;
use super::gather::{Archive, Gathered, gather};
use super::given::Given;
use super::keep::{Kept, Pending, keep, latest};
use super::observer::Observer;
use super::record::Record;
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::intake::compress::compress;
use crate::intake::identity::DeclarationKey;
use crate::intake::read::{Declared, Found, Message, Unreadable};
use crate::intake::{Held, Incoming, Intake, IntakeError, Received, Sender};
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
    pub(super) intake: Intake,
    judges: CurrentJudges,
    codes: Arc<DocumentCodes>,
    ledger: Option<Arc<dyn Ledger>>,
    observer: Option<Observer>,
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
        Self { store, intake, judges, codes: Arc::new(codes), ledger, observer: None }
    }

    /// The same service, which tells an observer of what it stored.
    #[must_use]
    pub fn observed(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// What judges at the moment.
    #[must_use]
    pub fn judges(&self) -> Judges {
        (self.judges)()
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
        let (message, incoming) = self.intake.read(sender, bytes, declared)?;
        self.take_declaration(message, incoming, finish.map(Arc::new))
    }

    fn take_declaration(
        &self,
        mut message: Message,
        incoming: Incoming,
        finish: Option<Arc<Finish>>,
    ) -> Result<Record, IntakeError> {
        let mut found = message.declarations();
        if found.len() != 1 {
            let text = format!("There are {} declarations in the message; one is taken.", found.len());
            return Err(self.intake.refuse(incoming, "no-declaration", &text)?);
        }
        let Some(Found { document: declaration, places }) = found.pop() else {
            return Err(self.intake.refuse(
                incoming,
                "no-declaration",
                "There is no declaration in the message.",
            )?);
        };
        let Some(key) = DeclarationKey::of(&declaration, &incoming.sender.principal.id) else {
            let text = "The declaration has neither a local nor a movement reference number.";
            return Err(self.intake.refuse(incoming, "no-reference-number", text)?);
        };
        self.judge_and_keep(incoming, key, declaration, &places, finish)
    }

    /// Judges a declaration that is kept once more, from its message: what
    /// judges now may be other than what judged then. None if there is no such
    /// declaration, a later version of it came, or its message is not kept any
    /// more. `finish` is called as when it is declared.
    pub fn again(
        &self,
        declaration: &str,
        why: &str,
        finish: Option<Finish>,
    ) -> Result<Option<Record>, IntakeError> {
        const SELECT: &str = "SELECT d.message_id FROM declaration d WHERE d.id = $1 AND NOT EXISTS \
            (SELECT 1 FROM declaration e WHERE e.country = d.country AND e.declarant = d.declarant \
            AND e.reference = d.reference AND e.version > d.version)";
        let row =
            self.store.read(|transaction| transaction.query_optional(SELECT, &[Value::Text(declaration)]))?;
        let Some(row) = row else { return Ok(None) };
        let Some((message, incoming)) = self.intake.again(row.text(0)?, why)? else { return Ok(None) };
        self.take_declaration(message, incoming, finish.map(Arc::new)).map(Some)
    }

    /// Reads a message that was rejected once more, and takes in what is in it
    /// as if it came now from who sent it then. None if it is not kept.
    pub fn read_again(&self, message: &str, why: &str) -> Result<Option<ReadAgain>, IntakeError> {
        let Some((message, incoming)) = self.intake.again(message, why)? else { return Ok(None) };
        if message.holds_declaration() {
            let record = self.take_declaration(message, incoming, None)?;
            return Ok(Some(ReadAgain::Declaration(Box::new(record))));
        }
        self.intake.take_certificates(message, incoming).map(ReadAgain::Certificates).map(Some)
    }

    fn judge_and_keep(
        &self,
        mut incoming: Incoming,
        key: DeclarationKey,
        mut declaration: Declaration,
        places: &Arc<Places>,
        finish: Option<Arc<Finish>>,
    ) -> Result<Record, IntakeError> {
        let body = compress(&serde_json::to_vec(&declaration).unwrap_or_default());
        for _ in 0..MAX_ATTEMPTS {
            let judges = (self.judges)();
            judges.standardise(&mut declaration, incoming.received);
            let (latest, gathered) = self.store.read(|transaction| -> Result<_, StoreError> {
                let latest = latest(transaction, &key)?;
                Ok((latest, self.gather(transaction, &declaration)?))
            })?;
            // The same message again is the same version of the declaration.
            let known = latest.as_ref().filter(|l| l.digest == incoming.digest).map(|l| l.id.clone());
            let version = latest.map_or(1, |l| if known.is_some() { l.version } else { l.version + 1 });
            let mut evaluation = evaluate(
                &judges,
                Subject {
                    declaration,
                    places: Arc::clone(places),
                    digest: incoming.digest,
                    gathered,
                    decided: Vec::new(),
                    received: incoming.received,
                    requested_by: incoming.sender.principal.name.clone(),
                },
            );
            let declaration_id = known.clone().unwrap_or_else(|| Uuid::now_v7().to_string());
            evaluation.record.id = Uuid::now_v7().to_string();
            evaluation.record.declaration.id.clone_from(&declaration_id);
            evaluation.record.declaration.version = version;
            let pending =
                Pending::new(incoming, key.clone(), version, known, declaration_id, body.clone(), evaluation);
            let pending = Arc::new(pending);
            let (work, ledger, finish) = (Arc::clone(&pending), self.ledger.clone(), finish.clone());
            let kept = self.store.write(move |transaction| {
                let kept = keep(transaction, &work, ledger.as_deref())?;
                if let (Kept::Stored(record), Some(finish)) = (&kept, &finish) {
                    finish(transaction, record)?;
                }
                Ok::<_, StoreError>(kept)
            })?;
            // The job is done, so nobody else holds it.
            let Some(pending) = Arc::into_inner(pending) else { break };
            match kept {
                Kept::Stored(record) => {
                    metrics::counter!("ecert_verifications_total", "verdict" => record.verdict.name())
                        .increment(1);
                    if let Some(observer) = &self.observer {
                        observer.observe(&judges, &record, pending.evaluation);
                    }
                    return Ok(*record);
                }
                Kept::Changed => {
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
        let Some(Found { mut document, places }) = found.pop() else {
            return Err(DryRunError::NoDeclaration);
        };
        let (judges, received) = ((self.judges)(), Timestamp::now());
        judges.standardise(&mut document, received);
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
            received,
            requested_by: sender.principal.name.clone(),
        };
        Ok(evaluate(&judges, subject).record)
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

/// What came of a message that was read once more.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadAgain {
    /// It holds certificates.
    Certificates(Received),
    /// It holds a declaration, which was verified.
    Declaration(Box<Record>),
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

struct Stored<'t> {
    transaction: RefCell<&'t mut dyn Transaction>,
    intake: &'t Intake,
}

impl Archive for Stored<'_> {
    type Error = StoreError;

    fn find(&self, number: &str) -> Result<Vec<Arc<Held>>, StoreError> {
        self.intake.find(&mut **self.transaction.borrow_mut(), number)
    }

    fn similar(&self, number: &str) -> Result<Vec<String>, StoreError> {
        self.intake.similar(&mut **self.transaction.borrow_mut(), number)
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

    fn similar(&self, number: &str) -> Result<Vec<String>, StoreError> {
        self.stored.similar(number)
    }
}
