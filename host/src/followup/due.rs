//! Declarations that are to be verified again.

use super::notice::{self, Event};
use super::{LEASE, TAKEN_BACK, pause};
use crate::store::{Store, StoreError, Transaction, Value, new_id, now};

/// A certificate that came or changed.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// Identifier of the certificate.
    pub certificate: &'a str,
    /// Numbers (normalised) under which declarations may cite it: its own, and
    /// those that it replaces.
    pub numbers: &'a [String],
    /// Its status now (UNCL 4405).
    pub status: &'a str,
    /// What became of it, for the record.
    pub why: &'a str,
}

/// A declaration that somebody works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Identifier of the declaration.
    pub declaration: String,
    /// Why it is verified again.
    pub why: String,
    lease: i64,
    attempts: i64,
}

/// Notes the numbers that a verification rests on, each with the certificate
/// that was held. A certificate that came in the meantime makes the
/// declaration due at once; the caller holds the numbers locked.
pub fn cite(
    transaction: &mut dyn Transaction,
    (declaration, verification): (&str, &str),
    numbers: &[(String, Option<String>)],
) -> Result<(), StoreError> {
    for (number, certificate) in numbers {
        let id = certificate.as_deref().unwrap_or_default();
        transaction.execute(
            "INSERT INTO verification_citation (verification_id, number, certificate_id) VALUES ($1, $2, $3) \
             ON CONFLICT (verification_id, number, certificate_id) DO NOTHING",
            &[verification.into(), number.into(), id.into()],
        )?;
        if certificate.is_none() {
            let came = "SELECT id FROM certificate WHERE number = $1 LIMIT 1";
            if transaction.query_optional(came, &[number.into()])?.is_some() {
                make_due(transaction, declaration, &format!("certificate {number} came"))?;
            }
        }
    }
    Ok(())
}

/// Makes declarations due that cite a certificate, and opens tasks of recall
/// where their goods are released and it was taken back.
pub fn certificate_changed(transaction: &mut dyn Transaction, change: Change<'_>) -> Result<(), StoreError> {
    const CONCERNED: &str = "SELECT DISTINCT d.id, v.id, d.settled, v.decided, c.certificate_id, d.principal_id, \
        d.reference FROM verification_citation c JOIN verification v ON v.id = c.verification_id \
        JOIN declaration d ON d.id = v.declaration_id WHERE c.number = $1 AND d.settled <> 'withdrawn' \
        AND NOT EXISTS (SELECT 1 FROM declaration e JOIN verification l ON l.declaration_id = e.id \
        WHERE e.country = d.country AND e.declarant = d.declarant AND e.reference = d.reference AND l.id > v.id)";
    let taken_back = TAKEN_BACK.contains(&change.status);
    for number in change.numbers {
        for row in transaction.query(CONCERNED, &[number.into()])? {
            let (declaration, verification) = (row.text(0)?, row.text(1)?);
            let past = row.text(2)? == "released" || matches!(row.text(3)?, "accept" | "refuse");
            if !past {
                make_due(transaction, declaration, change.why)?;
                continue;
            }
            let entered = row.text(3)? != "refuse";
            if entered && taken_back && row.text(4)? == change.certificate {
                let opened = open_recall(transaction, change, declaration, verification)?;
                if let Some(recall) = opened {
                    let event = Event::RecallOpened { recall, why: change.why.to_owned() };
                    let about = (declaration, row.text(6)?, verification);
                    notice::tell(transaction, row.text(5)?, about, &event)?;
                }
            }
        }
    }
    Ok(())
}

/// Opens a task, unless there is one of this certificate and declaration.
fn open_recall(
    transaction: &mut dyn Transaction,
    change: Change<'_>,
    declaration: &str,
    verification: &str,
) -> Result<Option<String>, StoreError> {
    const INSERT: &str = "INSERT INTO recall (id, certificate_id, verification_id, declaration_id, status, opened_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (certificate_id, declaration_id) DO NOTHING";
    let id = new_id();
    let parameters = [
        Value::from(&id),
        change.certificate.into(),
        verification.into(),
        declaration.into(),
        change.status.into(),
        now().into(),
    ];
    Ok((transaction.execute(INSERT, &parameters)? == 1).then_some(id))
}

fn make_due(transaction: &mut dyn Transaction, declaration: &str, why: &str) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO verification_due (declaration_id, why, due_at, attempts) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (declaration_id) DO UPDATE SET why = $2, due_at = $3, attempts = 0",
            &[declaration.into(), why.into(), now().into()],
        )
        .map(drop)
}

/// Takes on the declaration that is due the longest, if any is.
pub fn take(store: &Store) -> Result<Option<Due>, StoreError> {
    const NEXT: &str = "SELECT declaration_id, why, due_at, attempts FROM verification_due WHERE due_at <= $1 \
        ORDER BY due_at, declaration_id LIMIT 1";
    const TAKE: &str = "UPDATE verification_due SET due_at = $1, attempts = attempts + 1 \
        WHERE declaration_id = $2 AND due_at = $3";
    let moment = now();
    let next = store.read(|transaction| transaction.query_optional(NEXT, &[moment.into()]))?;
    let Some(row) = next else { return Ok(None) };
    let due = Due {
        declaration: row.text(0)?.to_owned(),
        why: row.text(1)?.to_owned(),
        lease: moment + LEASE,
        attempts: row.integer(3)? + 1,
    };
    let (taking, known) = (due.clone(), row.integer(2)?);
    let taken = store.write(move |transaction| {
        transaction.execute(TAKE, &[taking.lease.into(), Value::from(&taking.declaration), known.into()])
    })?;
    // Another host may have been faster.
    Ok((taken == 1).then_some(due))
}

/// Strikes off a declaration, unless it became due once more meanwhile.
pub fn done(transaction: &mut dyn Transaction, due: &Due) -> Result<(), StoreError> {
    const DONE: &str = "DELETE FROM verification_due WHERE declaration_id = $1 AND due_at = $2";
    transaction.execute(DONE, &[Value::from(&due.declaration), due.lease.into()]).map(drop)
}

/// Tries again later, each time after a longer pause.
pub fn put_off(transaction: &mut dyn Transaction, due: &Due) -> Result<(), StoreError> {
    const LATER: &str = "UPDATE verification_due SET due_at = $1 WHERE declaration_id = $2 AND due_at = $3";
    let at = now() + pause(due.attempts);
    transaction.execute(LATER, &[at.into(), Value::from(&due.declaration), due.lease.into()]).map(drop)
}
