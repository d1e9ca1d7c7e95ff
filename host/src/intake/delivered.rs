//! What came of the certificates in a message, as its sender may know it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Principal;
use crate::store::{Row, StoreError, Transaction, Value};

/// What came of a delivered certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivered {
    /// Identifier of the certificate. Who may not deliver for its country is
    /// not told what is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its number as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Version that counts now, counted by this host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// `first`, `amendment`, `repeat` or `conflict`; `not-entitled` for who
    /// may not deliver for the country.
    pub outcome: String,
    /// `authentic`, `not-entitled` or `unknown`.
    pub authenticity: String,
    #[serde(skip)]
    pub(crate) country: String,
    #[serde(skip)]
    pub(crate) type_code: String,
}

/// Outcome for who may not deliver for the country of a certificate.
pub(crate) const NOT_ENTITLED: &str = "not-entitled";

/// What came of the certificates in a message, in their order.
pub(crate) fn delivered(
    transaction: &mut dyn Transaction,
    message: &str,
    reader: &Principal,
) -> Result<Vec<Delivered>, StoreError> {
    const SELECT: &str = "SELECT c.id, c.written_number, c.version, d.outcome, c.authenticity, c.country, \
        c.type_code FROM certificate_delivery d JOIN certificate c ON c.id = d.certificate_id \
        WHERE d.message_id = $1 ORDER BY d.id";
    let rows = transaction.query(SELECT, &[Value::Text(message)])?;
    rows.iter().map(|row| one(row, reader)).collect()
}

fn one(row: &Row, reader: &Principal) -> Result<Delivered, StoreError> {
    let country = row.text(5)?.to_owned();
    if !reader.covers(&country) {
        return Ok(Delivered {
            id: None,
            number: None,
            version: None,
            outcome: NOT_ENTITLED.to_owned(),
            authenticity: NOT_ENTITLED.to_owned(),
            country,
            type_code: String::new(),
        });
    }
    Ok(Delivered {
        id: Some(row.text(0)?.to_owned()),
        number: Some(row.text(1)?.to_owned()),
        version: u32::try_from(row.integer(2)?).ok(),
        outcome: row.text(3)?.to_owned(),
        authenticity: row.text(4)?.to_owned(),
        country,
        type_code: row.text(6)?.to_owned(),
    })
}
