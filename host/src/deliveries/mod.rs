//! Batches of messages that partners hand in.
//!
//! A batch is stored whole before it is acknowledged ([`Deliveries::accept`]).
//! Its messages wait in the store and are worked off in the background
//! ([`Deliveries::work`]), each in one transaction with what comes of it, so
//! that a crash loses none and repeats none.

mod acknowledgement;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use acknowledgement::{Stage, Written};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Principal;
use crate::audit;
use crate::digest::Digest;
use crate::intake::read::{Declared, LocatedProblem};
use crate::intake::{
    Delivered, Incoming, Intake, KeptMessage, READ, REJECTED, Sender, WAITING, delivered, messages,
};
use crate::reference::Reference;
use crate::store::{Row, Store, StoreError, Transaction, Value, new_id};

/// Messages that wait which are listed at a time.
const WAITING_LISTED: i64 = 500;

/// Batches in a store. Clones share it.
#[derive(Clone)]
pub struct Deliveries {
    store: Store,
    intake: Intake,
    reference: Arc<Reference>,
}

/// A message of a batch that is handed in.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    /// What its sender calls it, such as a file name.
    pub name: String,
    /// The message.
    pub bytes: Vec<u8>,
    /// Its media type, without parameters.
    pub media_type: Option<String>,
    /// Its format; recognised unless given.
    pub format: Option<String>,
    /// Why no message can be taken from this entry of the batch; its bytes are
    /// then the entry as it came.
    pub broken: Option<LocatedProblem>,
}

/// A batch that is to be stored.
pub struct Prepared {
    sender: Sender,
    delivery: Delivery,
    messages: Vec<(String, Incoming)>,
}

impl Prepared {
    /// The batch as it will be once it is stored.
    #[must_use]
    pub fn delivery(&self) -> &Delivery {
        &self.delivery
    }
}

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DeliveryState)]
pub enum State {
    /// Messages wait.
    Open,
    /// All messages were worked off.
    Finished,
}

/// A batch and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Identifier.
    pub id: String,
    /// `open` or `finished`.
    #[schema(value_type = String)]
    pub state: State,
    /// When it was received (RFC 3339, UTC).
    pub received: String,
    /// When the last message was worked off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// Who handed it in.
    pub sender: String,
    /// How many messages are in which state.
    pub progress: Progress,
    /// How many certificates had which outcome: `first`, `amendment`,
    /// `repeat`, `conflict`.
    pub certificates: BTreeMap<String, u64>,
}

/// How many messages of a batch are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeliveryProgress)]
pub struct Progress {
    /// All of them.
    pub messages: u64,
    /// Not worked off yet.
    pub waiting: u64,
    /// Read.
    pub read: u64,
    /// Not taken in, but kept.
    pub rejected: u64,
}

/// A message of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageOfDelivery {
    /// Its position in the batch, from 1.
    pub number: u32,
    /// What its sender calls it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What is kept of it.
    #[serde(flatten)]
    pub kept: KeptMessage,
    /// What came of the certificates in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<Delivered>,
}

/// Which messages of a batch to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// `waiting`, `read` or `rejected`.
    pub state: Option<String>,
    /// Position behind which to go on.
    pub after: u32,
    /// How many at most.
    pub limit: u32,
}

impl Deliveries {
    /// Batches in a store, whose messages an intake reads. The agreements say
    /// what partners are told.
    #[must_use]
    pub fn new(store: Store, intake: Intake, reference: Arc<Reference>) -> Self {
        Self { store, intake, reference }
    }

    /// Gets a batch ready to be stored.
    #[must_use]
    pub fn prepare(&self, sender: &Sender, messages: &[Handed]) -> Prepared {
        let incoming = |handed: &Handed| {
            let declared =
                Declared { media_type: handed.media_type.as_deref(), format: handed.format.as_deref() };
            let incoming = Incoming::new(sender, &handed.bytes, declared);
            (handed.name.clone(), incoming.with_problems(handed.broken.as_slice()))
        };
        let rejected = messages.iter().filter(|handed| handed.broken.is_some()).count() as u64;
        let all = messages.len() as u64;
        let delivery = Delivery {
            id: new_id(),
            state: State::Open,
            received: Timestamp::now().to_string(),
            finished: None,
            sender: sender.principal.name.clone(),
            progress: Progress { messages: all, waiting: all - rejected, read: 0, rejected },
            certificates: BTreeMap::new(),
        };
        Prepared { sender: sender.clone(), delivery, messages: messages.iter().map(incoming).collect() }
    }

    /// Stores a batch, all of it or nothing. `finish` is called in that
    /// transaction, last.
    pub fn accept(
        &self,
        prepared: Prepared,
        finish: impl Fn(&mut dyn Transaction) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        const INSERT: &str = "INSERT INTO delivery (id, principal_id, principal_name, received_at, worked_by, \
            worked_at) VALUES ($1, $2, $3, $4, '', 0)";
        const MESSAGE: &str =
            "INSERT INTO delivery_message (delivery_id, number, message_id, name) VALUES ($1, $2, $3, $4)";
        let received = prepared.delivery.received.parse::<Timestamp>().unwrap_or_else(|_| Timestamp::now());
        self.store.write(move |transaction| {
            let Prepared { sender: Sender { principal, source }, delivery, messages } = &prepared;
            let parameters = [
                Value::from(&delivery.id),
                Value::from(&principal.id),
                Value::from(&principal.name),
                Value::Integer(received.as_microsecond()),
            ];
            transaction.execute(INSERT, &parameters)?;
            let mut content = Vec::with_capacity(messages.len() * size_of::<Digest>());
            for (number, (name, incoming)) in (1..).zip(messages) {
                incoming.store(transaction, if incoming.problems.is_some() { REJECTED } else { WAITING })?;
                let parameters = [
                    Value::from(&delivery.id),
                    Value::Integer(number),
                    Value::from(&incoming.id),
                    Value::from(name),
                ];
                transaction.execute(MESSAGE, &parameters)?;
                content.extend_from_slice(incoming.digest.as_bytes());
            }
            let subject = format!("delivery/{}", delivery.id);
            let entry = audit::Entry {
                principal,
                source,
                action: "delivery-received",
                subject: &subject,
                content: &content,
            };
            audit::record(transaction, &entry)?;
            finish(transaction)
        })
    }

    /// A batch and how far it is; none that the reader may not see.
    pub fn get(&self, id: &str, reader: &Principal) -> Result<Option<Delivery>, StoreError> {
        const SELECT: &str = "SELECT id, principal_name, received_at, finished_at FROM delivery \
            WHERE id = $1 AND ($2 = '' OR principal_id = $2)";
        self.store.read(|transaction| {
            let row = transaction.query_optional(SELECT, &[Value::Text(id), Value::Text(own(reader))])?;
            row.map(|row| delivery(transaction, &row)).transpose()
        })
    }

    /// Batches that the reader may see, the latest first.
    pub fn list(
        &self,
        reader: &Principal,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        const SELECT: &str = "SELECT id, principal_name, received_at, finished_at FROM delivery \
            WHERE ($1 = '' OR principal_id = $1) AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3";
        let parameters =
            [Value::Text(own(reader)), Value::Text(after.unwrap_or_default()), Value::Integer(limit.into())];
        self.store.read(|transaction| {
            let rows = transaction.query(SELECT, &parameters)?;
            rows.iter().map(|row| delivery(transaction, row)).collect()
        })
    }

    /// Messages of a batch, in their order.
    pub fn messages(
        &self,
        id: &str,
        filter: &MessageFilter,
        reader: &Principal,
    ) -> Result<Vec<MessageOfDelivery>, StoreError> {
        const SELECT: &str = "SELECT m.id, m.state, m.received_at, m.principal_name, m.media_type, m.format, \
            m.size, m.digest, m.problems, d.number, d.name \
            FROM delivery_message d JOIN message m ON m.id = d.message_id \
            WHERE d.delivery_id = $1 AND d.number > $2 AND ($3 = '' OR m.state = $3) \
            ORDER BY d.number LIMIT $4";
        let parameters = [
            Value::Text(id),
            Value::Integer(filter.after.into()),
            Value::Text(filter.state.as_deref().unwrap_or_default()),
            Value::Integer(filter.limit.into()),
        ];
        self.store.read(|transaction| {
            let rows = transaction.query(SELECT, &parameters)?;
            let message = |row: &Row| {
                let kept = messages::message(row)?;
                Ok(MessageOfDelivery {
                    number: u32::try_from(row.integer(9)?).unwrap_or_default(),
                    name: row.text(10)?.to_owned(),
                    certificates: delivered(transaction, &kept.id, reader)?,
                    kept,
                })
            };
            rows.iter().map(message).collect()
        })
    }

    /// References of the messages of somebody that wait, some of them.
    pub fn waiting_of(&self, sender: &Principal) -> Result<Vec<String>, StoreError> {
        const SELECT: &str = "SELECT m.id FROM delivery e JOIN delivery_message d ON d.delivery_id = e.id \
            JOIN message m ON m.id = d.message_id WHERE e.finished_at IS NULL AND e.principal_id = $1 \
            AND m.state = $2 ORDER BY e.id, d.number LIMIT $3";
        let parameters = [Value::from(&sender.id), Value::Text(WAITING), Value::Integer(WAITING_LISTED)];
        self.store.read(|transaction| {
            let rows = transaction.query(SELECT, &parameters)?;
            rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
        })
    }

    /// Reference of the message at a position of a batch.
    pub fn message_at(
        &self,
        id: &str,
        number: u32,
        reader: &Principal,
    ) -> Result<Option<String>, StoreError> {
        const SELECT: &str = "SELECT m.message_id FROM delivery_message m JOIN delivery d ON d.id = m.delivery_id \
            WHERE d.id = $1 AND m.number = $2 AND ($3 = '' OR d.principal_id = $3)";
        let parameters = [Value::Text(id), Value::Integer(number.into()), Value::Text(own(reader))];
        self.store.read(|transaction| {
            let row = transaction.query_optional(SELECT, &parameters)?;
            row.map(|row| row.text(0).map(str::to_owned)).transpose()
        })
    }
}

/// Whose batches alone the reader may see; empty for those who see all.
fn own(reader: &Principal) -> &str {
    if reader.role.is_bound_to_countries() { &reader.id } else { "" }
}

fn delivery(transaction: &mut dyn Transaction, row: &Row) -> Result<Delivery, StoreError> {
    const STATES: &str = "SELECT m.state, COUNT(*) FROM delivery_message d JOIN message m ON m.id = d.message_id \
        WHERE d.delivery_id = $1 GROUP BY m.state";
    const OUTCOMES: &str = "SELECT c.outcome, COUNT(*) FROM delivery_message d \
        JOIN certificate_delivery c ON c.message_id = d.message_id WHERE d.delivery_id = $1 GROUP BY c.outcome";
    let id = row.text(0)?.to_owned();
    let mut progress = Progress::default();
    for row in transaction.query(STATES, &[Value::from(&id)])? {
        let count = row.integer(1)?.unsigned_abs();
        progress.messages += count;
        match row.text(0)? {
            WAITING => progress.waiting += count,
            READ => progress.read += count,
            _ => progress.rejected += count,
        }
    }
    let outcomes = transaction.query(OUTCOMES, &[Value::from(&id)])?;
    let count = |row: &Row| Ok((row.text(0)?.to_owned(), row.integer(1)?.unsigned_abs()));
    let instant = |at: i64| Timestamp::from_microsecond(at).unwrap_or_default().to_string();
    let finished = row.optional_integer(3)?.map(instant);
    Ok(Delivery {
        id,
        state: if finished.is_some() { State::Finished } else { State::Open },
        received: instant(row.integer(2)?),
        finished,
        sender: row.text(1)?.to_owned(),
        progress,
        certificates: outcomes.iter().map(count).collect::<Result<_, StoreError>>()?,
    })
}
