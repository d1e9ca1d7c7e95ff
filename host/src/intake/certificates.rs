//! Certificates in the store.

use std::sync::Arc;

use ecert_model::cases::{Authenticity, Standing};
use ecert_model::certificates::Certificate;
use ecert_model::values::{Code, DateTime, Identifier};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::compress::decompress;
use super::identity::{Delivery, Known, compare};
use super::names::{authenticity, channel, name};
use super::number::{likeness, normalise};
use super::replacements::link;
use super::service::{Incoming, Prepared};
use super::{Body, Held, Intake, date_time};
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::followup::{Change, certificate_changed};
use crate::store::{Row, StoreError, Transaction, Value};

/// A certificate as lists show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// Identifier.
    pub id: String,
    /// Number as written.
    pub number: String,
    /// Issuing country.
    pub country: String,
    /// Type (UNCL 1001).
    pub type_code: String,
    /// Status that holds (UNCL 4405).
    pub status: String,
    /// Version, counted by this host.
    pub version: u32,
    /// Number of the certificate that replaced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// Whether someone who may not amend it sent other content.
    pub contradicted: bool,
    /// How it came: `delivery`, `submission` and others.
    pub channel: String,
    /// `authentic`, `not-entitled` or `unknown`.
    pub authenticity: String,
    /// When it was received first (RFC 3339, UTC).
    pub received: String,
}

/// Which certificates to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Number, in any way of writing.
    pub number: Option<String>,
    /// Issuing country.
    pub country: Option<String>,
    /// Type (UNCL 1001).
    pub type_code: Option<String>,
    /// Status (UNCL 4405).
    pub status: Option<String>,
    /// Received at or after this instant, in microseconds since 1970.
    pub received_from: Option<i64>,
    /// Received before this instant.
    pub received_to: Option<i64>,
    /// Identifier behind which to go on.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// A message as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its media type as given.
    pub media_type: String,
    /// SHA-256 of the bytes.
    pub digest: Digest,
}

impl Intake {
    /// A certificate as lists show it.
    pub fn certificate(&self, id: &str) -> Result<Option<Listed>, StoreError> {
        const SELECT: &str = "SELECT id, written_number, country, type_code, status, version, replaced_by, \
            contradicted, channel, authenticity, received_at FROM certificate WHERE id = $1";
        self.store.read(|transaction| {
            transaction.query(SELECT, &[Value::Text(id)])?.first().map(listed).transpose()
        })
    }

    /// Certificates, the latest first.
    pub fn certificates(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        const SELECT: &str = "SELECT id, written_number, country, type_code, status, version, replaced_by, \
            contradicted, channel, authenticity, received_at FROM certificate \
            WHERE ($1 = '' OR number = $1) AND ($2 = '' OR country = $2) AND ($3 = '' OR type_code = $3) \
            AND ($4 = '' OR status = $4) AND ($5 = '' OR id < $5) \
            AND received_at >= $6 AND received_at < $7 ORDER BY id DESC LIMIT $8";
        let number = filter.number.as_deref().map(super::number::normalise).unwrap_or_default();
        let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
        let (country, type_code) = (text(&filter.country), text(&filter.type_code));
        let (status, after) = (text(&filter.status), text(&filter.after));
        let limit = i64::from(filter.limit.clamp(1, 1_000));
        self.store.read(|transaction| {
            let parameters = [
                Value::from(&number),
                Value::from(&country),
                Value::from(&type_code),
                Value::from(&status),
                Value::from(&after),
                Value::Integer(filter.received_from.unwrap_or(i64::MIN)),
                Value::Integer(filter.received_to.unwrap_or(i64::MAX)),
                Value::Integer(limit),
            ];
            transaction.query(SELECT, &parameters)?.iter().map(listed).collect()
        })
    }

    /// What a certificate says, and where it stands.
    pub fn held(&self, id: &str) -> Result<Option<Arc<Held>>, StoreError> {
        self.store.read(|transaction| self.held_in(transaction, id))
    }

    /// The same within a transaction.
    pub(crate) fn held_in(
        &self,
        transaction: &mut dyn Transaction,
        id: &str,
    ) -> Result<Option<Arc<Held>>, StoreError> {
        let rows = transaction.query(BY_ID, &[Value::Text(id)])?;
        rows.first().map(|row| self.held_from(transaction, row)).transpose()
    }

    /// The message that a certificate's current version came in.
    pub fn original(&self, id: &str) -> Result<Option<Original>, StoreError> {
        const SELECT: &str = "SELECT m.body, m.media_type FROM certificate c \
            JOIN certificate_version v ON v.certificate_id = c.id AND v.version = c.version \
            JOIN message m ON m.id = v.message_id WHERE c.id = $1";
        self.store.read(|transaction| {
            let rows = transaction.query(SELECT, &[Value::Text(id)])?;
            rows.first().map(original).transpose()
        })
    }

    /// A message that was kept, rejected ones among them.
    pub fn message(&self, id: &str) -> Result<Option<Original>, StoreError> {
        const SELECT: &str = "SELECT body, media_type FROM message WHERE id = $1";
        self.store.read(|transaction| {
            let rows = transaction.query(SELECT, &[Value::Text(id)])?;
            rows.first().map(original).transpose()
        })
    }

    /// The certificates that bear a number (normalised).
    pub(crate) fn find(
        &self,
        transaction: &mut dyn Transaction,
        number: &str,
    ) -> Result<Vec<Arc<Held>>, StoreError> {
        let rows = transaction.query(BY_NUMBER, &[Value::Text(number)])?;
        rows.iter().map(|row| self.held_from(transaction, row)).collect()
    }

    /// Numbers as written of certificates whose number looks like one
    /// (normalised) that no certificate bears; a few of them.
    pub(crate) fn similar(
        &self,
        transaction: &mut dyn Transaction,
        number: &str,
    ) -> Result<Vec<String>, StoreError> {
        const SELECT: &str = "SELECT written_number FROM certificate WHERE likeness = $1 ORDER BY id LIMIT 5";
        let rows = transaction.query(SELECT, &[Value::from(&likeness(number))])?;
        rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
    }

    /// What a version of a certificate said; none if it is not kept any more.
    pub(crate) fn body(
        &self,
        transaction: &mut dyn Transaction,
        id: &str,
        version: u32,
    ) -> Result<Option<Arc<Body>>, StoreError> {
        let key = (id.to_owned(), version);
        if let Some(body) = self.bodies.get(&key) {
            return Ok(Some(body));
        }
        let body = load(transaction, id, version)?.map(Arc::new);
        if let Some(body) = &body {
            self.bodies.insert(key, Arc::clone(body));
        }
        Ok(body)
    }

    fn held_from(&self, transaction: &mut dyn Transaction, row: &Row) -> Result<Arc<Held>, StoreError> {
        let id = row.text(0)?.to_owned();
        let version = u32::try_from(row.integer(1)?).unwrap_or_default();
        let body = self.body(transaction, &id, version)?.ok_or_else(|| damaged("certificate"))?;
        let moment = |at: i64| Timestamp::from_microsecond(at).ok().map(date_time);
        let status = Code { value: row.text(2)?.to_owned(), ..body.certificate.status.clone() };
        let standing = Standing {
            status,
            since: moment(row.integer(3)?),
            replaced_by: row
                .optional_text(4)?
                .map(|number| Identifier { value: number.to_owned(), ..Identifier::default() }),
            first_issued: row.optional_text(5)?.and_then(|json| serde_json::from_str(json).ok()),
            received: moment(row.integer(9)?),
            channel: channel(row.text(7)?),
            authenticity: authenticity(row.text(8)?),
            authority_known: None,
        };
        let contradicted = row.integer(6)? != 0;
        let chain = row.text(10)?.to_owned();
        Ok(Arc::new(Held { id, version, chain, body, standing, contradicted }))
    }
}

const BY_NUMBER: &str = "SELECT id, version, status, status_since, replaced_by, first_issued, contradicted, \
    channel, authenticity, received_at, chain_id FROM certificate WHERE number = $1 ORDER BY id";
const BY_ID: &str = "SELECT id, version, status, status_since, replaced_by, first_issued, contradicted, \
    channel, authenticity, received_at, chain_id FROM certificate WHERE id = $1";

fn listed(row: &Row) -> Result<Listed, StoreError> {
    let received = Timestamp::from_microsecond(row.integer(10)?).unwrap_or_default();
    Ok(Listed {
        id: row.text(0)?.to_owned(),
        number: row.text(1)?.to_owned(),
        country: row.text(2)?.to_owned(),
        type_code: row.text(3)?.to_owned(),
        status: row.text(4)?.to_owned(),
        version: u32::try_from(row.integer(5)?).unwrap_or_default(),
        replaced_by: row.optional_text(6)?.map(str::to_owned),
        contradicted: row.integer(7)? != 0,
        channel: row.text(8)?.to_owned(),
        authenticity: row.text(9)?.to_owned(),
        received: received.to_string(),
    })
}

fn original(row: &Row) -> Result<Original, StoreError> {
    let bytes = decompress(row.bytes(0)?).ok_or_else(|| damaged("message"))?;
    Ok(Original { digest: Digest::of(&bytes), bytes, media_type: row.text(1)?.to_owned() })
}

fn damaged(what: &str) -> StoreError {
    StoreError::Value(format!("a stored {what} is damaged"))
}

fn load(transaction: &mut dyn Transaction, id: &str, version: u32) -> Result<Option<Body>, StoreError> {
    const SELECT: &str = "SELECT body, places, message_digest FROM certificate_version \
        WHERE certificate_id = $1 AND version = $2";
    let rows = transaction.query(SELECT, &[Value::Text(id), Value::Integer(version.into())])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let json = decompress(row.bytes(0)?).ok_or_else(|| damaged("certificate"))?;
    let places = decompress(row.bytes(1)?).and_then(|bytes| Places::from_bytes(&bytes));
    let digest = <[u8; 32]>::try_from(row.bytes(2)?).map_err(|_| damaged("digest"))?;
    Ok(Some(Body {
        certificate: serde_json::from_slice(&json).map_err(|_| damaged("certificate"))?,
        places: Arc::new(places.ok_or_else(|| damaged("place table"))?),
        digest: digest.into(),
    }))
}

/// Decides what a delivered certificate comes to, and stores it accordingly.
/// Answers its identifier and the version that counts.
pub(super) fn deliver(
    transaction: &mut dyn Transaction,
    prepared: &Prepared,
    incoming: &Incoming,
) -> Result<(String, u32, Delivery), StoreError> {
    const SELECT: &str = "SELECT c.id, c.version, c.status, c.sender_id, c.authenticity, v.content_digest \
        FROM certificate c JOIN certificate_version v ON v.certificate_id = c.id AND v.version = c.version \
        WHERE c.country = $1 AND c.authority = $2 AND c.type_code = $3 AND c.number = $4";
    let key = &prepared.key;
    let identity = [
        Value::from(&key.country),
        Value::from(&key.authority),
        Value::from(&key.type_code),
        Value::from(&key.number),
    ];
    let (id, version, delivery) = match transaction.query(SELECT, &identity)?.first() {
        None => {
            let id = Uuid::now_v7().to_string();
            insert(transaction, &id, prepared, incoming)?;
            (id, 1, Delivery::First)
        }
        Some(row) => {
            let id = row.text(0)?.to_owned();
            let version = u32::try_from(row.integer(1)?).unwrap_or_default();
            let held_authentic = row.text(4)? == name(&Authenticity::Authentic);
            let authentic = prepared.authenticity == Authenticity::Authentic;
            // The authority's own delivery outranks what others handed in.
            let outranks = authentic && !held_authentic;
            let content = <[u8; 32]>::try_from(row.bytes(5)?).map_err(|_| damaged("digest"))?.into();
            let held = load(transaction, &id, version)?.ok_or_else(|| damaged("certificate"))?;
            let known = Known {
                content,
                status: row.text(2)?,
                version: held.certificate.version.as_deref(),
                may_amend: outranks
                    || authentic
                    || (!held_authentic && row.text(3)? == incoming.sender.principal.id),
            };
            match compare(&prepared.certificate, prepared.content, &known) {
                Delivery::Conflict if outranks => {
                    amend(transaction, &id, version + 1, prepared, incoming)?;
                    (id, version + 1, Delivery::Amendment)
                }
                Delivery::Amendment => {
                    amend(transaction, &id, version + 1, prepared, incoming)?;
                    (id, version + 1, Delivery::Amendment)
                }
                Delivery::Conflict => {
                    const MARK: &str = "UPDATE certificate SET contradicted = 1 WHERE id = $1";
                    transaction.execute(MARK, &[Value::from(&id)])?;
                    (id, version, Delivery::Conflict)
                }
                delivery => {
                    if outranks {
                        vouch(transaction, &id, prepared, incoming)?;
                    }
                    (id, version, delivery)
                }
            }
        }
    };
    record_delivery(transaction, &id, incoming, delivery)?;
    if matches!(delivery, Delivery::First | Delivery::Amendment) {
        link(transaction, &id, prepared)?;
    }
    if delivery != Delivery::Repeat {
        follow_up(transaction, &id, prepared, delivery)?;
    }
    Ok((id, version, delivery))
}

/// Has those declarations verified again that cite the certificate, or one
/// that it replaces.
fn follow_up(
    transaction: &mut dyn Transaction,
    id: &str,
    prepared: &Prepared,
    delivery: Delivery,
) -> Result<(), StoreError> {
    let Prepared { key, certificate, .. } = prepared;
    let status = certificate.status.value.as_str();
    let what = match delivery {
        Delivery::First => "came",
        Delivery::Amendment => "was amended",
        Delivery::Repeat | Delivery::Conflict => "was contradicted",
    };
    // What contradicts a certificate does not change its status.
    let status = if delivery == Delivery::Conflict { "" } else { status };
    let why = format!("certificate {} {what}, status {}", certificate.number.value, certificate.status.value);
    let replaced = certificate.replaces.iter().map(|replaced| normalise(&replaced.value));
    let numbers: Vec<String> = std::iter::once(key.number.clone()).chain(replaced).collect();
    certificate_changed(transaction, Change { certificate: id, numbers: &numbers, status, why: &why })
}

fn insert(
    transaction: &mut dyn Transaction,
    id: &str,
    prepared: &Prepared,
    incoming: &Incoming,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO certificate (id, country, authority, type_code, number, written_number, \
        version, status, status_since, issued, first_issued, replaced_by, chain_id, contradicted, sender_id, channel, \
        authenticity, received_at, likeness) \
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $9, NULL, $1, 0, $10, $11, $12, $8, $13)";
    let Prepared { key, certificate, .. } = prepared;
    let (issued, likeness) = (issued(certificate), likeness(&key.number));
    let parameters = [
        Value::Text(id),
        Value::from(&key.country),
        Value::from(&key.authority),
        Value::from(&key.type_code),
        Value::from(&key.number),
        Value::from(&certificate.number.value),
        Value::from(&certificate.status.value),
        Value::Integer(incoming.received.as_microsecond()),
        Value::from(issued.as_ref()),
        Value::from(&incoming.sender.principal.id),
        Value::Text(name(&prepared.channel)),
        Value::Text(name(&prepared.authenticity)),
        Value::from(&likeness),
    ];
    transaction.execute(INSERT, &parameters)?;
    insert_version(transaction, id, 1, prepared, incoming)
}

fn insert_version(
    transaction: &mut dyn Transaction,
    id: &str,
    version: u32,
    prepared: &Prepared,
    incoming: &Incoming,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO certificate_version (certificate_id, version, message_id, message_digest, \
        content_digest, received_at, body, places) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let parameters = [
        Value::Text(id),
        Value::Integer(version.into()),
        Value::from(&incoming.id),
        Value::Bytes(incoming.digest.as_bytes()),
        Value::Bytes(prepared.content.as_bytes()),
        Value::Integer(incoming.received.as_microsecond()),
        Value::from(&prepared.body),
        Value::from(&prepared.places),
    ];
    transaction.execute(INSERT, &parameters).map(drop)
}

fn amend(
    transaction: &mut dyn Transaction,
    id: &str,
    version: u32,
    prepared: &Prepared,
    incoming: &Incoming,
) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE certificate SET version = $2, status = $3, status_since = \
        CASE WHEN status = $3 THEN status_since ELSE $4 END, issued = $5, written_number = $6 WHERE id = $1";
    let issued = issued(&prepared.certificate);
    let parameters = [
        Value::Text(id),
        Value::Integer(version.into()),
        Value::from(&prepared.certificate.status.value),
        Value::Integer(incoming.received.as_microsecond()),
        Value::from(issued.as_ref()),
        Value::from(&prepared.certificate.number.value),
    ];
    transaction.execute(UPDATE, &parameters)?;
    vouch(transaction, id, prepared, incoming)?;
    insert_version(transaction, id, version, prepared, incoming)
}

/// Whose word the certificate stands on from now on.
fn vouch(
    transaction: &mut dyn Transaction,
    id: &str,
    prepared: &Prepared,
    incoming: &Incoming,
) -> Result<(), StoreError> {
    const UPDATE: &str =
        "UPDATE certificate SET sender_id = $2, channel = $3, authenticity = $4 WHERE id = $1";
    let parameters = [
        Value::Text(id),
        Value::from(&incoming.sender.principal.id),
        Value::Text(name(&prepared.channel)),
        Value::Text(name(&prepared.authenticity)),
    ];
    transaction.execute(UPDATE, &parameters).map(drop)
}

fn record_delivery(
    transaction: &mut dyn Transaction,
    id: &str,
    incoming: &Incoming,
    delivery: Delivery,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO certificate_delivery (id, certificate_id, message_id, sender_id, \
        received_at, outcome) VALUES ($1, $2, $3, $4, $5, $6)";
    let event = Uuid::now_v7().to_string();
    let parameters = [
        Value::from(&event),
        Value::Text(id),
        Value::from(&incoming.id),
        Value::from(&incoming.sender.principal.id),
        Value::Integer(incoming.received.as_microsecond()),
        Value::Text(delivery.name()),
    ];
    transaction.execute(INSERT, &parameters).map(drop)
}

/// Date of issue, as the store keeps it.
pub(super) fn issued(certificate: &Certificate) -> Option<String> {
    let issued: DateTime = certificate.issued?;
    serde_json::to_string(&issued).ok()
}
