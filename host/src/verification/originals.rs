//! The messages that a verification rests on, as they were received.

use super::frame::FramedCertificate;
use crate::digest::Digest;
use crate::intake::compress::decompress;
use crate::store::{Row, StoreError, Transaction, Value};

/// Which of them are not kept any more, or not as they were received.
pub(super) fn missing(
    transaction: &mut dyn Transaction,
    verification: &str,
    certificates: &[FramedCertificate],
) -> Result<Vec<String>, StoreError> {
    const DECLARATION: &str = "SELECT m.body, d.message_digest FROM verification v \
        JOIN declaration d ON d.id = v.declaration_id LEFT JOIN message m ON m.id = d.message_id WHERE v.id = $1";
    const CERTIFICATE: &str = "SELECT m.body, c.message_digest FROM certificate_version c \
        LEFT JOIN message m ON m.id = c.message_id WHERE c.certificate_id = $1 AND c.version = $2";
    let rows = transaction.query(DECLARATION, &[Value::Text(verification)])?;
    let mut missing = Vec::new();
    for row in &rows {
        missing.extend(fault(row)?.map(|fault| format!("the declaration's message {fault}")));
    }
    for FramedCertificate { id, version, .. } in certificates {
        let rows = transaction.query(CERTIFICATE, &[Value::from(id), Value::Integer((*version).into())])?;
        for row in &rows {
            missing.extend(fault(row)?.map(|fault| format!("the message of certificate {id} {fault}")));
        }
    }
    Ok(missing)
}

/// What is wrong with a message in the first column whose digest is in the
/// second.
fn fault(row: &Row) -> Result<Option<&'static str>, StoreError> {
    let Some(body) = row.optional_bytes(0)?.filter(|body| !body.is_empty()) else {
        return Ok(Some("was erased"));
    };
    let digest = decompress(body).map(|bytes| Digest::of(&bytes));
    let same = digest.is_some_and(|digest| digest.as_bytes().as_slice() == row.bytes(1).unwrap_or_default());
    Ok((!same).then_some("is not what was received"))
}
