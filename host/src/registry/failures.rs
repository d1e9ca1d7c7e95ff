//! What plugins failed on by their own fault, and on whose cases.

use crate::store::{StoreError, Transaction, now};

/// Submitters of whom one case each is looked at.
const SUBMITTERS_HEARD: i64 = 20;

/// Notes that a version (name and number) gave no answer on something that a
/// submitter sent: a verification for a rule set, a message for an adapter.
pub fn note_failure(
    transaction: &mut dyn Transaction,
    (name, version): (&str, &str),
    subject: &str,
    submitter: &str,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO plugin_failure (name, version, subject, submitter, failed_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name, version, subject) DO NOTHING";
    let parameters = [name.into(), version.into(), subject.into(), submitter.into(), now().into()];
    transaction.execute(INSERT, &parameters).map(drop)
}

/// Of each submitter on whose cases a version failed, the first such subject:
/// as subject and submitter.
pub(crate) fn first_failures(
    transaction: &mut dyn Transaction,
    name: &str,
    version: &str,
) -> Result<Vec<(String, String)>, StoreError> {
    const SELECT: &str = "SELECT MIN(subject), submitter FROM plugin_failure \
        WHERE name = $1 AND version = $2 GROUP BY submitter ORDER BY MIN(subject) LIMIT $3";
    let rows = transaction.query(SELECT, &[name.into(), version.into(), SUBMITTERS_HEARD.into()])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}
