//! Messages that are kept, read once more: by the adapters of today, or to see
//! what an adapter would make of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::compress::decompress;
use super::read::{Declared, Message, Unreadable, read};
use super::{Incoming, Intake, IntakeError, Sender};
use crate::access::{Principal, Role};
use crate::digest::Digest;
use crate::engine::Plugin;
use crate::store::{Row, StoreError, Value};

/// A message as the database keeps it.
struct StoredMessage {
    bytes: Vec<u8>,
    row: Row,
}

impl StoredMessage {
    /// What its sender said of it, or what it was found to be.
    fn declared(&self) -> Result<Declared<'_>, StoreError> {
        Ok(Declared {
            media_type: Some(self.row.text(1)?).filter(|text| !text.is_empty()),
            format: Some(self.row.text(2)?).filter(|text| !text.is_empty()),
        })
    }

    /// The message as it came, from whom it came.
    fn incoming(&self, id: &str, why: &str) -> Result<Incoming, StoreError> {
        let row = &self.row;
        let countries = row.optional_text(7)?.unwrap_or_default();
        let principal = Principal {
            id: row.text(4)?.to_owned(),
            name: row.text(5)?.to_owned(),
            role: row.optional_text(6)?.and_then(|role| role.parse().ok()).unwrap_or(Role::Operator),
            countries: countries.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>(),
        };
        Ok(Incoming {
            id: id.to_owned(),
            received: Timestamp::from_microsecond(row.integer(3)?).unwrap_or_default(),
            digest: Digest::of(&self.bytes),
            media_type: row.text(1)?.to_owned(),
            format: row.text(2)?.to_owned(),
            adapter: String::new(),
            size: self.bytes.len(),
            body: Vec::new(),
            problems: None,
            sender: Sender { principal, source: why.to_owned() },
            kept: Some(row.text(8)?.to_owned()),
        })
    }
}

impl Intake {
    /// Reads a message that is kept once more, by the adapters of today. None
    /// if it is not kept. What its sender may do counts as it is today.
    pub(crate) fn again(&self, id: &str, why: &str) -> Result<Option<(Message, Incoming)>, IntakeError> {
        let Some(kept) = self.stored_message(id)? else { return Ok(None) };
        let incoming = kept.incoming(id, why)?;
        self.read_into(&kept.bytes, kept.declared()?, incoming).map(Some)
    }

    /// Reads a message that waits, and takes in the certificates in it. What
    /// cannot be read is kept as rejected. None if it is not kept, or damaged.
    pub(crate) fn take_waiting(&self, id: &str) -> Result<Option<()>, StoreError> {
        let taken = match self.again(id, "delivery") {
            Ok(Some((message, incoming))) => self.take_certificates(message, incoming).map(drop),
            Ok(None) => return Ok(None),
            Err(error) => Err(error),
        };
        match taken {
            Err(IntakeError::Store(error)) => Err(error),
            Ok(()) | Err(IntakeError::Rejected(_)) => Ok(Some(())),
        }
    }

    /// Whether a kept message is read without any adapter failing, with one
    /// version of an adapter in place of the one that serves.
    pub(crate) fn is_read_with(&self, adapter: &Arc<Plugin>, id: &str) -> Result<bool, StoreError> {
        let Some(kept) = self.stored_message(id)? else { return Ok(false) };
        let name = &adapter.manifest().name;
        let mut adapters: Vec<Arc<Plugin>> = (self.adapters)().to_vec();
        adapters.retain(|known| known.manifest().name != *name);
        adapters.push(Arc::clone(adapter));
        let result = read(&self.engine, &adapters, &kept.bytes, kept.declared()?);
        Ok(!matches!(result, Err(Unreadable::Adapter { .. } | Unreadable::UnknownFormat { .. })))
    }

    /// A message that is kept, if it still is.
    fn stored_message(&self, id: &str) -> Result<Option<StoredMessage>, StoreError> {
        const SELECT: &str = "SELECT m.body, m.media_type, m.format, m.received_at, m.principal_id, m.principal_name, \
            p.role, p.countries, m.state FROM message m LEFT JOIN principal p ON p.id = m.principal_id WHERE m.id = $1";
        let row = self.store.read(|transaction| transaction.query_optional(SELECT, &[Value::Text(id)]))?;
        let Some(row) = row else { return Ok(None) };
        let bytes = decompress(row.bytes(0)?);
        Ok(bytes.map(|bytes| StoredMessage { bytes, row }))
    }
}
