//! Declarations in the store.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::service::Verification;
use crate::intake::number::normalise;
use crate::store::{Row, StoreError, Value};

/// A version of a declaration as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedDeclaration {
    /// Identifier.
    pub id: String,
    /// Country it was made to.
    pub country: String,
    /// Movement reference number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrn: Option<String>,
    /// Local reference number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lrn: Option<String>,
    /// Version, counted by this host.
    pub version: u32,
    /// When it was received (RFC 3339, UTC).
    pub received: String,
}

/// Which declarations to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclarationFilter {
    /// Reference number, in any way of writing.
    pub reference: Option<String>,
    /// Identifier behind which to go on.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

impl Verification {
    /// Declarations, the latest first.
    pub fn declarations(&self, filter: &DeclarationFilter) -> Result<Vec<ListedDeclaration>, StoreError> {
        const SELECT: &str = "SELECT id, country, mrn, lrn, version, received_at FROM declaration \
            WHERE ($1 = '' OR reference = $1) AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3";
        let reference = filter.reference.as_deref().map(normalise).unwrap_or_default();
        let parameters = [
            Value::from(&reference),
            Value::Text(filter.after.as_deref().unwrap_or_default()),
            Value::Integer(i64::from(filter.limit.clamp(1, 1_000))),
        ];
        self.store.read(|transaction| transaction.query(SELECT, &parameters)?.iter().map(listed).collect())
    }
}

fn listed(row: &Row) -> Result<ListedDeclaration, StoreError> {
    Ok(ListedDeclaration {
        id: row.text(0)?.to_owned(),
        country: row.text(1)?.to_owned(),
        mrn: row.optional_text(2)?.map(str::to_owned),
        lrn: row.optional_text(3)?.map(str::to_owned),
        version: u32::try_from(row.integer(4)?).unwrap_or_default(),
        received: Timestamp::from_microsecond(row.integer(5)?).unwrap_or_default().to_string(),
    })
}
