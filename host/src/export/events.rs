//! What becomes of a certificate after it was issued: each change, by whom and
//! why.

use serde::Serialize;
use utoipa::ToSchema;

use super::body::damaged;
use super::code::{CodeDigest, digest, new_code};
use super::status::Status;
use super::{Export, ExportError, audit, qr};
use crate::intake::Sender;
use crate::store::{StoreError, Transaction, Value, new_id, now};

/// Longest reason, in bytes.
const REASON: usize = 2_000;

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// When (RFC 3339, UTC).
    pub at: String,
    /// `amended`, `code-renewed`, or the status it got.
    pub action: String,
    /// Status before.
    pub from: Status,
    /// Version that held when it happened.
    pub version: i64,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who did it.
    pub by: String,
}

/// A change to be recorded.
pub(super) struct New<'e> {
    pub(super) action: &'e str,
    pub(super) status: Status,
    pub(super) version: i64,
    pub(super) reason: &'e str,
    /// What the certificate said before, where that changed.
    pub(super) body: Option<&'e [u8]>,
}

/// Records a change.
pub(super) fn record(
    transaction: &mut dyn Transaction,
    id: i64,
    sender: &Sender,
    event: &New<'_>,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO export_event (id, certificate_id, at, action, status, version, reason, \
        principal_name, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let event_id = new_id();
    let parameters = [
        Value::from(&event_id),
        Value::Integer(id),
        Value::Integer(now()),
        Value::Text(event.action),
        Value::Text(event.status.code()),
        Value::Integer(event.version),
        Value::Text(event.reason),
        Value::from(&sender.principal.name),
        Value::from(event.body),
    ];
    transaction.execute(INSERT, &parameters).map(drop)
}

/// Changes a status, and records that.
pub(super) fn change(
    transaction: &mut dyn Transaction,
    id: i64,
    sender: &Sender,
    (from, to): (Status, Status),
    version: i64,
    reason: &str,
    successor: Option<&str>,
) -> Result<(), StoreError> {
    const UPDATE: &str =
        "UPDATE export_certificate SET status = $2, status_since = $3, replaced_by = $4 WHERE id = $1";
    let parameters = [id.into(), to.code().into(), now().into(), successor.into()];
    transaction.execute(UPDATE, &parameters)?;
    record(transaction, id, sender, &New { action: to.name(), status: from, version, reason, body: None })
}

/// Puts a check code in place of the one before.
pub(super) fn set_code(
    transaction: &mut dyn Transaction,
    id: i64,
    digest: &CodeDigest,
) -> Result<(), StoreError> {
    let parameters = [id.into(), digest.into()];
    transaction.execute("UPDATE export_certificate SET code = $2 WHERE id = $1", &parameters).map(drop)
}

/// What a change needs to know of a certificate; the transaction holds it.
struct Current {
    number: String,
    written_number: String,
    status: Status,
    version: i64,
    code: Option<Vec<u8>>,
}

fn current(transaction: &mut dyn Transaction, id: i64) -> Result<Current, ExportError> {
    const SELECT: &str =
        "SELECT number, written_number, status, version, code FROM export_certificate WHERE id = $1";
    let row = transaction.query_optional(SELECT, &[id.into()])?;
    let row = row.ok_or_else(|| ExportError::Unknown(format!("export certificate {id}")))?;
    Ok(Current {
        number: row.text(0)?.to_owned(),
        written_number: row.text(1)?.to_owned(),
        status: Status::of(row.text(2)?).ok_or_else(|| damaged("status"))?,
        version: row.integer(3)?,
        code: row.optional_bytes(4)?.map(<[u8]>::to_vec),
    })
}

impl Export {
    /// Withdraws, cancels or replaces a certificate, or puts it in force
    /// again; `successor` is the number of the one that replaces it.
    pub fn set_status(
        &self,
        sender: &Sender,
        id: i64,
        status: Status,
        reason: &str,
        successor: Option<&str>,
    ) -> Result<(), ExportError> {
        if reason.trim().is_empty() || reason.len() > REASON {
            return Err(ExportError::Invalid(format!("a reason is needed, of at most {REASON} bytes")));
        }
        if (status == Status::Replaced) != successor.is_some_and(|number| !number.trim().is_empty()) {
            let text = "replacedBy names the certificate in its place, for status replaced only";
            return Err(ExportError::Invalid(text.to_owned()));
        }
        let (sender, reason) = (sender.clone(), reason.trim().to_owned());
        let successor = successor.map(|number| number.trim().to_owned());
        self.store.write(move |transaction| {
            transaction.lock(&["export-certificates"])?;
            let held = current(transaction, id)?;
            if !held.status.may_become(status) {
                let (from, to) = (held.status.name(), status.name());
                return Err(ExportError::Conflict(format!("what is {from} does not become {to}")));
            }
            let parts = (held.status, status);
            change(transaction, id, &sender, parts, held.version, &reason, successor.as_deref())?;
            let action = format!("export-certificate-{}", status.name());
            let subject = format!("export-certificate/{id}");
            Ok(audit(transaction, &sender, &action, &subject, reason.as_bytes())?)
        })
    }

    /// Makes a new check code, in place of the one before; answers it and the
    /// link of its QR code.
    pub fn renew_code(&self, sender: &Sender, id: i64) -> Result<(String, String), ExportError> {
        let code = new_code().map_err(|error| ExportError::Invalid(format!("no randomness: {error}")))?;
        let (sender, printed) = (sender.clone(), code.clone());
        let number = self.store.write(move |transaction| -> Result<_, ExportError> {
            transaction.lock(&["export-certificates"])?;
            let held = current(transaction, id)?;
            let digest = digest(&held.number, &printed);
            set_code(transaction, id, &digest)?;
            let event = New {
                action: "code-renewed",
                status: held.status,
                version: held.version,
                reason: "",
                body: None,
            };
            record(transaction, id, &sender, &event)?;
            let subject = format!("export-certificate/{id}");
            audit(transaction, &sender, "export-certificate-code-renewed", &subject, &digest)?;
            Ok(held.written_number)
        })?;
        let link = qr::link(&self.public_address, &number, &code);
        Ok((code, link))
    }

    /// The QR code of a certificate, whose code the caller knows.
    pub fn qr(&self, id: i64, code: &str, png: bool) -> Result<Vec<u8>, ExportError> {
        let held = self.store.read(|transaction| current(transaction, id))?;
        if !bool::from(super::code::matches(held.code.as_deref(), &digest(&held.number, code))) {
            return Err(ExportError::Invalid("this is not the check code of this certificate".to_owned()));
        }
        let link = qr::link(&self.public_address, &held.written_number, code);
        let image = if png { qr::png(&link) } else { qr::svg(&link) };
        image.map_err(|error| ExportError::Invalid(format!("no QR code holds the link: {error}")))
    }
}
