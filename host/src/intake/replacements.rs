//! Chains of certificates that replace one another.
//!
//! A link counts as soon as both ends are held, whichever came first. The
//! number of the successor stands with the certificate it replaces, and the
//! date of issue of the chain's first certificate with every later one, so
//! that a verification needs no look-up for either.

use super::certificates::issued;
use super::number::normalise;
use super::service::Prepared;
use crate::store::{StoreError, Transaction, Value};

/// Longest chain that is followed.
const MAX_CHAIN: usize = 16;

/// Statuses in which a certificate replaces others: approved, issued, and
/// replaced in its turn.
const IN_FORCE: [&str; 3] = ["39", "70", "44"];

/// Links a certificate that was stored with those before and behind it.
pub(super) fn link(
    transaction: &mut dyn Transaction,
    id: &str,
    prepared: &Prepared,
) -> Result<(), StoreError> {
    let country = &prepared.key.country;
    for replaced in &prepared.certificate.replaces {
        const INSERT: &str = "INSERT INTO certificate_replacement (certificate_id, country, number) \
            VALUES ($1, $2, $3) ON CONFLICT (certificate_id, number) DO NOTHING";
        let number = normalise(&replaced.value);
        if number.is_empty() || number == prepared.key.number {
            continue;
        }
        transaction.execute(INSERT, &[Value::Text(id), Value::from(country), Value::from(&number)])?;
        if IN_FORCE.contains(&prepared.certificate.status.value.as_str()) {
            supersede(transaction, id, country, &number)?;
        }
    }
    superseded_already(transaction, id, country, &prepared.key.number)?;
    let first = first_issued(transaction, id, issued(&prepared.certificate))?;
    pass_on(transaction, id, first)
}

/// Writes the successor's number to the certificate it replaces. Only who is
/// authentic, or sent the replaced one too, can replace it.
fn supersede(
    transaction: &mut dyn Transaction,
    successor: &str,
    country: &str,
    number: &str,
) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE certificate SET replaced_by = \
        (SELECT s.written_number FROM certificate s WHERE s.id = $1) \
        WHERE country = $2 AND number = $3 AND id <> $1 AND EXISTS (SELECT 1 FROM certificate s \
        WHERE s.id = $1 AND (s.authenticity = 'authentic' OR s.sender_id = certificate.sender_id))";
    const CHAINS: &str = "SELECT r.chain_id, s.chain_id FROM certificate r, certificate s \
        WHERE r.country = $2 AND r.number = $3 AND s.id = $1 AND r.chain_id <> s.chain_id";
    let parameters = [Value::Text(successor), Value::Text(country), Value::Text(number)];
    if transaction.execute(UPDATE, &parameters)? == 0 {
        return Ok(());
    }
    for row in transaction.query(CHAINS, &parameters)? {
        join(transaction, row.text(0)?, row.text(1)?)?;
    }
    Ok(())
}

/// Makes two chains one: what was taken from the one was taken from both.
fn join(transaction: &mut dyn Transaction, kept: &str, joining: &str) -> Result<(), StoreError> {
    const CERTIFICATES: &str = "UPDATE certificate SET chain_id = $1 WHERE chain_id = $2";
    const MOVEMENTS: &str = "UPDATE ledger_movement SET certificate_id = $1 WHERE certificate_id = $2";
    let parameters = [Value::Text(kept), Value::Text(joining)];
    transaction.execute(CERTIFICATES, &parameters)?;
    transaction.execute(MOVEMENTS, &parameters).map(drop)
}

/// The successor may have come first.
fn superseded_already(
    transaction: &mut dyn Transaction,
    id: &str,
    country: &str,
    number: &str,
) -> Result<(), StoreError> {
    const SUCCESSORS: &str = "SELECT c.id, c.status FROM certificate_replacement r \
        JOIN certificate c ON c.id = r.certificate_id WHERE r.country = $1 AND r.number = $2 AND c.id <> $3";
    let parameters = [Value::Text(country), Value::Text(number), Value::Text(id)];
    for row in transaction.query(SUCCESSORS, &parameters)? {
        if IN_FORCE.contains(&row.text(1)?) {
            supersede(transaction, row.text(0)?, country, number)?;
        }
    }
    Ok(())
}

/// Date of issue of the first certificate of the chain, as far as it is held.
fn first_issued(
    transaction: &mut dyn Transaction,
    id: &str,
    own: Option<String>,
) -> Result<Option<String>, StoreError> {
    const REPLACED: &str = "SELECT c.first_issued FROM certificate_replacement r \
        JOIN certificate c ON c.country = r.country AND c.number = r.number \
        WHERE r.certificate_id = $1 AND c.id <> $1 AND c.first_issued IS NOT NULL";
    let mut first = own;
    for row in transaction.query(REPLACED, &[Value::Text(id)])? {
        let replaced = row.text(0)?.to_owned();
        if first.as_ref().is_none_or(|known| replaced < *known) {
            first = Some(replaced);
        }
    }
    Ok(first)
}

/// Stores the date with the certificate and with all that replace it.
fn pass_on(transaction: &mut dyn Transaction, id: &str, first: Option<String>) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE certificate SET first_issued = $2 WHERE id = $1 \
        AND (first_issued IS NULL OR first_issued > $2)";
    const SUCCESSORS: &str = "SELECT s.certificate_id FROM certificate c JOIN certificate_replacement s \
        ON s.country = c.country AND s.number = c.number WHERE c.id = $1 AND s.certificate_id <> $1";
    let Some(first) = first else { return Ok(()) };
    let mut ids = vec![id.to_owned()];
    for step in 0..MAX_CHAIN {
        let Some(id) = ids.get(step).cloned() else { break };
        transaction.execute(UPDATE, &[Value::from(&id), Value::from(&first)])?;
        for row in transaction.query(SUCCESSORS, &[Value::from(&id)])? {
            let successor = row.text(0)?.to_owned();
            if !ids.contains(&successor) {
                ids.push(successor);
            }
        }
    }
    Ok(())
}
