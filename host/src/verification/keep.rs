//! Stores a verification with all that belongs to it, in one transaction.

use std::collections::BTreeMap;

use ecert_model::cases::Resolution;
use ecert_model::certificates::CertificateRole;
use jiff::Timestamp;

use super::evaluate::Evaluation;
use super::pairing::document;
use super::record::Record;
use super::service::Ledger;
use crate::digest::Digest;
use crate::followup::{self, Event};
use crate::intake::compress::compress;
use crate::intake::identity::DeclarationKey;
use crate::intake::number::normalise;
use crate::intake::{Incoming, READ};
use crate::store::{StoreError, Transaction, Value};

/// What came of the store's transaction.
pub(super) enum Kept {
    /// Everything is stored; the record is this one.
    Stored(Box<Record>),
    /// A certificate or the declaration changed meanwhile.
    Changed,
}

/// What a transaction needs.
pub(super) struct Pending {
    pub(super) incoming: Incoming,
    key: DeclarationKey,
    version: u32,
    known: Option<String>,
    declaration_id: String,
    body: Vec<u8>,
    pub(super) evaluation: Evaluation,
    record: Vec<u8>,
    digest: Digest,
    frame: Vec<u8>,
    cited: Vec<(String, Option<String>)>,
}

impl Pending {
    pub(super) fn new(
        incoming: Incoming,
        key: DeclarationKey,
        version: u32,
        known: Option<String>,
        declaration_id: String,
        body: Vec<u8>,
        evaluation: Evaluation,
    ) -> Self {
        let (record, digest) = encode(&evaluation.record);
        let frame = compress(&serde_json::to_vec(&evaluation.frame).unwrap_or_default());
        let cited = cited(&evaluation);
        Self { incoming, key, version, known, declaration_id, body, evaluation, record, digest, frame, cited }
    }
}

/// The latest version of a declaration.
pub(super) struct Latest {
    pub(super) id: String,
    pub(super) version: u32,
    pub(super) digest: Digest,
}

pub(super) fn latest(
    transaction: &mut dyn Transaction,
    key: &DeclarationKey,
) -> Result<Option<Latest>, StoreError> {
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
pub(super) fn keep(
    transaction: &mut dyn Transaction,
    pending: &Pending,
    ledger: Option<&dyn Ledger>,
) -> Result<Kept, StoreError> {
    let key = &pending.key;
    let declaration = format!("declaration/{}/{}/{}", key.country, key.declarant, key.reference);
    let certificates = pending.evaluation.held.iter().map(|held| format!("certificate/{}", held.id));
    let missing = pending.cited.iter().filter(|(_, certificate)| certificate.is_none());
    let missing = missing.map(|(number, _)| format!("number/{number}"));
    let locks: Vec<String> = certificates.chain(missing).chain([declaration]).collect();
    transaction.lock(&locks.iter().map(String::as_str).collect::<Vec<_>>())?;
    if changed(transaction, pending)? {
        return Ok(Kept::Changed);
    }
    let refused = match ledger {
        Some(ledger) => ledger.reserve(transaction, key, &pending.evaluation)?,
        None => Vec::new(),
    };
    pending.incoming.store(transaction, READ)?;
    let subject = format!("verification/{}", pending.evaluation.record.id);
    pending.incoming.audit(transaction, "declaration-verified", &subject)?;
    if pending.known.is_none() {
        insert_declaration(transaction, pending)?;
    }
    let record = if refused.is_empty() {
        let record = &pending.evaluation.record;
        insert_verification(transaction, pending, record, &pending.record, pending.digest)?;
        record.clone()
    } else {
        let record = pending.evaluation.with(&refused);
        let (body, digest) = encode(&record);
        insert_verification(transaction, pending, &record, &body, digest)?;
        record
    };
    followup::cite(transaction, (&pending.declaration_id, &record.id), &pending.cited)?;
    supersede(transaction, pending, &record)?;
    Ok(Kept::Stored(Box::new(record)))
}

/// Takes earlier verifications of the declaration that nobody decided on out
/// of the officers' queue. Customs are told when a verification that they did
/// not ask for comes to another verdict.
fn supersede(
    transaction: &mut dyn Transaction,
    pending: &Pending,
    record: &Record,
) -> Result<(), StoreError> {
    const BEFORE: &str = "SELECT v.id, v.verdict, v.decided FROM declaration d \
        JOIN verification v ON v.declaration_id = d.id \
        WHERE d.country = $1 AND d.declarant = $2 AND d.reference = $3 AND v.id <> $4 ORDER BY v.id DESC LIMIT 1";
    const SUPERSEDE: &str = "UPDATE verification SET decided = 'superseded' WHERE id = $1 AND decided = ''";
    let key = &pending.key;
    let parameters =
        [(&key.country).into(), (&key.declarant).into(), (&key.reference).into(), (&record.id).into()];
    let before = transaction.query(BEFORE, &parameters)?;
    let Some(before) = before.first() else { return Ok(()) };
    transaction.execute(SUPERSEDE, &[before.text(0)?.into()])?;
    let verdict = record.verdict.name();
    if pending.incoming.kept.is_none() || before.text(1)? == verdict {
        return Ok(());
    }
    let event = Event::VerdictChanged {
        before: before.text(1)?.to_owned(),
        verdict: verdict.to_owned(),
        why: pending.incoming.sender.source.clone(),
    };
    let about = (pending.declaration_id.as_str(), key.reference.as_str(), record.id.as_str());
    followup::tell(transaction, &pending.incoming.sender.principal.id, about, &event)
}

/// The numbers that a verification rests on, each with the certificate that is
/// held: those that the declaration cites, those found by them, and those that
/// the entry documents among them cite.
fn cited(evaluation: &Evaluation) -> Vec<(String, Option<String>)> {
    let mut numbers: BTreeMap<String, Option<String>> = BTreeMap::new();
    let case = &evaluation.case;
    for citation in &case.citations {
        let number = document(&case.declaration, citation).and_then(|document| document.number.as_ref());
        let number = number.map(|number| normalise(&number.value)).unwrap_or_default();
        if citation.resolution != Resolution::NotACertificate && !number.is_empty() {
            numbers.entry(number).or_default();
        }
    }
    for held in &evaluation.held {
        let certificate = &held.body.certificate;
        if certificate.role == CertificateRole::EntryDocument {
            for number in &certificate.cites {
                numbers.entry(normalise(&number.value)).or_default();
            }
        }
    }
    for held in &evaluation.held {
        numbers.insert(normalise(&held.body.certificate.number.value), Some(held.id.clone()));
    }
    numbers.into_iter().collect()
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
    insert_failures(transaction, pending, record)
}

/// Notes which rule sets failed on this case by their own fault.
fn insert_failures(
    transaction: &mut dyn Transaction,
    pending: &Pending,
    record: &Record,
) -> Result<(), StoreError> {
    let submitter = &pending.key.declarant;
    for run in record.rule_sets.iter().filter(|run| run.failed_by_itself()) {
        crate::registry::note_failure(transaction, (&run.name, &run.version), &record.id, submitter)?;
    }
    Ok(())
}
