//! Certificates as the authority itself sees them.

use ecert_model::certificates::Certificate;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Body, damaged};
use super::events::Event;
use super::status::Status;
use super::{Export, ExportError};
use crate::intake::Original;
use crate::intake::compress::decompress;
use crate::intake::number::normalise;
use crate::store::{Row, StoreError, Transaction, Value};

/// An export certificate as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExportCertificateListed)]
pub struct Listed {
    /// Identifier; later ones are higher.
    pub id: i64,
    /// Number as written.
    pub number: String,
    /// Type (UNCL 1001).
    pub type_code: String,
    /// Issuing country.
    pub country: String,
    /// Identifier of the authority, normalised; empty where it has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// Day of issue.
    pub issued_on: String,
    /// Country of destination.
    pub destination: String,
    /// Status that holds.
    pub status: Status,
    /// Since when (RFC 3339, UTC).
    pub status_since: String,
    /// Version, counted by this host.
    pub version: i64,
    /// Number of the certificate that replaced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// Whether it has a check code.
    pub has_code: bool,
    /// When it was loaded (RFC 3339, UTC).
    pub loaded: String,
}

/// Which certificates to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Number, in any way of writing.
    pub number: Option<String>,
    /// Container, in any way of writing.
    pub container: Option<String>,
    /// Country of destination or transit.
    pub country: Option<String>,
    /// Issued on or after this day, with a country.
    pub issued_from: Option<String>,
    /// Issued on or before this day, with a country.
    pub issued_to: Option<String>,
    /// Status.
    pub status: Option<Status>,
    /// Identifier behind which to go on.
    pub after: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

/// A certificate with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What lists show of it.
    pub listed: Listed,
    /// What it says.
    pub certificate: Certificate,
    /// What became of it, oldest first.
    pub events: Vec<Event>,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.written_number, c.type_code, c.country, c.authority, c.issued_on, c.destination, \
             c.status, c.status_since, c.version, c.replaced_by, c.code IS NOT NULL, c.loaded_at ",
            $rest
        )
    };
}

impl Export {
    /// Certificates, the last loaded first; of a country, the last issued
    /// first.
    pub fn search(&self, filter: &Filter) -> Result<Vec<Listed>, ExportError> {
        let after = filter.after.unwrap_or(i64::MAX);
        let limit = i64::from(filter.limit.clamp(1, 1_000));
        let status = filter.status.map_or("", Status::code);
        let rows = self.store.read(|transaction| match filter {
            Filter { number: Some(number), .. } => {
                const SELECT: &str = columns!("FROM export_certificate c WHERE c.number = $1 AND c.id < $2 \
                    AND ($3 = '' OR c.status = $3) ORDER BY c.id DESC LIMIT $4");
                transaction.query(SELECT, &[(&normalise(number)).into(), after.into(), status.into(), limit.into()])
            }
            Filter { container: Some(container), .. } => {
                const SELECT: &str = columns!("FROM export_container f JOIN export_certificate c \
                    ON c.id = f.certificate_id WHERE f.container = $1 AND f.certificate_id < $2 \
                    AND ($3 = '' OR c.status = $3) ORDER BY f.certificate_id DESC LIMIT $4");
                transaction.query(SELECT, &[(&normalise(container)).into(), after.into(), status.into(), limit.into()])
            }
            Filter { country: Some(country), .. } => {
                const SELECT: &str = columns!("FROM export_reach r JOIN export_certificate c \
                    ON c.id = r.certificate_id WHERE r.country = $1 AND r.issued_on >= $2 AND r.issued_on <= $3 \
                    AND (r.issued_on, r.certificate_id) < ($4, $5) AND ($6 = '' OR c.status = $6) \
                    ORDER BY r.issued_on DESC, r.certificate_id DESC LIMIT $7");
                let day = match filter.after {
                    Some(after) => issued_on(transaction, after)?.unwrap_or_default(),
                    None => "9999-12-31".to_owned(),
                };
                let parameters = [
                    Value::from(country),
                    Value::Text(filter.issued_from.as_deref().unwrap_or("0000-01-01")),
                    Value::Text(filter.issued_to.as_deref().unwrap_or("9999-12-31")),
                    Value::from(&day),
                    Value::Integer(after),
                    Value::Text(status),
                    Value::Integer(limit),
                ];
                transaction.query(SELECT, &parameters)
            }
            Filter { status: Some(wanted), .. } if *wanted != Status::Issued => {
                const SELECT: &str = columns!("FROM export_certificate c WHERE c.status = $1 AND c.status <> '70' \
                    AND c.id < $2 ORDER BY c.id DESC LIMIT $3");
                transaction.query(SELECT, &[status.into(), after.into(), limit.into()])
            }
            _ => {
                const SELECT: &str = columns!("FROM export_certificate c WHERE c.id < $1 \
                    AND ($2 = '' OR c.status = $2) ORDER BY c.id DESC LIMIT $3");
                transaction.query(SELECT, &[after.into(), status.into(), limit.into()])
            }
        })?;
        Ok(rows.iter().map(listed).collect::<Result<_, _>>()?)
    }

    /// A certificate with its history.
    pub fn show(&self, id: i64) -> Result<Option<Shown>, ExportError> {
        const EVENTS: &str = "SELECT at, action, status, version, reason, principal_name FROM export_event \
            WHERE certificate_id = $1 ORDER BY id";
        let found = self.store.read(|transaction| -> Result<_, StoreError> {
            let Some(row) = by_id(transaction, id)? else { return Ok(None) };
            let events = transaction.query(EVENTS, &[id.into()])?;
            Ok(Some((row, events)))
        })?;
        let Some((row, events)) = found else { return Ok(None) };
        Ok(Some(Shown {
            certificate: certificate(&self.unpack(row.bytes(13)?)?)?,
            events: events.iter().map(event).collect::<Result<_, _>>()?,
            listed: listed(&row)?,
        }))
    }

    /// The message that a certificate's current version came in, with its
    /// attachments where they were; none for one that came without a message.
    pub fn original(&self, id: i64) -> Result<Option<Original>, ExportError> {
        let Some(row) = self.store.read(|transaction| by_id(transaction, id))? else { return Ok(None) };
        let body = self.unpack(row.bytes(13)?)?;
        if body.message.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.whole(body)?))
    }

    /// A message with its attachments put back.
    fn whole(&self, body: Body) -> Result<Original, StoreError> {
        const SELECT: &str = "SELECT body FROM export_attachment WHERE digest = $1";
        let mut bytes = Vec::with_capacity(body.message.len());
        let mut done = 0;
        for cut in &body.head.attachments {
            let row = self
                .store
                .read(|transaction| transaction.query_optional(SELECT, &[cut.digest.as_bytes().into()]))?;
            let row = row.ok_or_else(|| damaged("attachment"))?;
            bytes.extend_from_slice(body.message.get(done..cut.at).ok_or_else(|| damaged("certificate"))?);
            bytes.extend(decompress(row.bytes(0)?).ok_or_else(|| damaged("attachment"))?);
            done = cut.at;
        }
        bytes.extend_from_slice(&body.message[done..]);
        let media_type = Some(body.head.media_type).filter(|known| !known.is_empty());
        Ok(Original {
            digest: crate::digest::Digest::of(&bytes),
            bytes,
            media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        })
    }
}

/// The columns of a list and the body of a certificate.
pub(super) fn by_id(transaction: &mut dyn Transaction, id: i64) -> Result<Option<Row>, StoreError> {
    const SELECT: &str = "SELECT c.id, c.written_number, c.type_code, c.country, c.authority, c.issued_on, \
        c.destination, c.status, c.status_since, c.version, c.replaced_by, c.code IS NOT NULL, c.loaded_at, c.body \
        FROM export_certificate c WHERE c.id = $1";
    transaction.query_optional(SELECT, &[id.into()])
}

/// The day of issue of a certificate.
pub(super) fn issued_on(transaction: &mut dyn Transaction, id: i64) -> Result<Option<String>, StoreError> {
    let row =
        transaction.query_optional("SELECT issued_on FROM export_certificate WHERE id = $1", &[id.into()])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// What a kept certificate says.
pub(super) fn certificate(body: &Body) -> Result<Certificate, StoreError> {
    serde_json::from_slice(&body.certificate).map_err(|_| damaged("certificate"))
}

/// An instant as people and machines read it.
pub(super) fn instant(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds).unwrap_or_default().to_string()
}

/// An entry of a list, from its columns.
pub(super) fn listed(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        id: row.integer(0)?,
        number: row.text(1)?.to_owned(),
        type_code: row.text(2)?.to_owned(),
        country: row.text(3)?.to_owned(),
        authority: row.text(4)?.to_owned(),
        issued_on: row.text(5)?.to_owned(),
        destination: row.text(6)?.to_owned(),
        status: Status::of(row.text(7)?).ok_or_else(|| damaged("status"))?,
        status_since: instant(row.integer(8)?),
        version: row.integer(9)?,
        replaced_by: row.optional_text(10)?.map(str::to_owned),
        has_code: row.integer(11)? != 0,
        loaded: instant(row.integer(12)?),
    })
}

fn event(row: &Row) -> Result<Event, StoreError> {
    Ok(Event {
        at: instant(row.integer(0)?),
        action: row.text(1)?.to_owned(),
        from: Status::of(row.text(2)?).ok_or_else(|| damaged("status"))?,
        version: row.integer(3)?,
        reason: row.text(4)?.to_owned(),
        by: row.text(5)?.to_owned(),
    })
}
