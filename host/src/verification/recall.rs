//! Goods that were released on a certificate which was taken back since.

use ecert_model::declarations::Declaration;
use ecert_model::parts::{Location, Party};
use serde::Serialize;
use utoipa::ToSchema;

use super::decision::{ListedVerification, listed};
use super::service::Verification;
use crate::audit;
use crate::intake::Sender;
use crate::intake::compress::decompress;
use crate::store::{Row, StoreError, Value, now};

/// A task: find goods that entered on a certificate which does not count any
/// more.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recall {
    /// Identifier.
    pub id: String,
    /// Identifier of the certificate.
    pub certificate: String,
    /// Its number.
    pub number: String,
    /// The status by which it was taken back (UNCL 4405).
    pub status: String,
    /// Identifier of the declaration.
    pub declaration: String,
    /// Reference number of the declaration.
    pub reference: String,
    /// Identifier of the verification that relied on the certificate.
    pub verification: String,
    /// Who receives the goods, as certified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignee: Option<String>,
    /// Who receives the goods, as declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importer: Option<String>,
    /// Where the goods are, as declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// What the goods are.
    pub goods: Vec<String>,
    /// When the task was opened (RFC 3339, UTC).
    pub opened: String,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// Why a task is not closed.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// There is no such task.
    #[error("there is no recall {0}")]
    Unknown(String),
    /// It was closed before.
    #[error("the recall was closed already")]
    Closed,
    /// Nothing says what came of it.
    #[error("say what came of the recall")]
    NoOutcome,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Verification {
    /// Tasks, the latest first.
    pub fn recalls(&self, open: bool, after: Option<&str>, limit: u32) -> Result<Vec<Recall>, StoreError> {
        const SELECT: &str = "SELECT r.id, r.certificate_id, c.written_number, r.status, r.declaration_id, d.reference, \
            r.verification_id, d.body, r.opened_at, r.closed_at, r.closed_by, r.outcome FROM recall r \
            JOIN certificate c ON c.id = r.certificate_id JOIN declaration d ON d.id = r.declaration_id \
            WHERE ($1 = 0 OR r.closed_at IS NULL) AND ($2 = '' OR r.id < $2) ORDER BY r.id DESC LIMIT $3";
        let parameters =
            [Value::Integer(open.into()), after.unwrap_or_default().into(), Value::Integer(limit.into())];
        let found: Result<Vec<Recall>, StoreError> = self
            .store
            .read(|transaction| transaction.query(SELECT, &parameters)?.iter().map(recall).collect());
        found?.into_iter().map(|recall| self.with_consignee(recall)).collect()
    }

    fn with_consignee(&self, recall: Recall) -> Result<Recall, StoreError> {
        let held = self.intake.held(&recall.certificate)?;
        let certified = held.as_ref().and_then(|held| held.body.certificate.consignment.consignee.as_ref());
        Ok(Recall { consignee: certified.and_then(in_words), ..recall })
    }

    /// Closes a task.
    pub fn close_recall(&self, by: &Sender, id: &str, outcome: &str) -> Result<(), RecallError> {
        const CLOSE: &str = "UPDATE recall SET closed_at = $1, closed_by = $2, outcome = $3 \
            WHERE id = $4 AND closed_at IS NULL";
        if outcome.trim().is_empty() {
            return Err(RecallError::NoOutcome);
        }
        let (by, id, outcome) = (by.clone(), id.to_owned(), outcome.to_owned());
        self.store.write(move |transaction| {
            let parameters =
                [now().into(), Value::from(&by.principal.name), Value::from(&outcome), Value::from(&id)];
            if transaction.execute(CLOSE, &parameters)? == 0 {
                let known =
                    transaction.query_optional("SELECT id FROM recall WHERE id = $1", &[(&id).into()])?;
                return Err(known.map_or_else(|| RecallError::Unknown(id.clone()), |_| RecallError::Closed));
            }
            let entry = audit::Entry {
                principal: &by.principal,
                source: &by.source,
                action: "recall-closed",
                subject: &format!("recall/{id}"),
                content: outcome.as_bytes(),
            };
            audit::record(transaction, &entry)?;
            Ok(())
        })
    }

    /// The verifications that relied on a certificate, the latest first.
    pub fn reliant(
        &self,
        certificate: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<ListedVerification>, StoreError> {
        const SELECT: &str = "SELECT v.id, v.declaration_id, v.reference, v.verdict, v.decided, v.at \
            FROM certificate h JOIN verification_citation c ON c.number = h.number AND c.certificate_id = h.id \
            JOIN verification v ON v.id = c.verification_id \
            WHERE h.id = $1 AND ($2 = '' OR v.id < $2) ORDER BY v.id DESC LIMIT $3";
        let parameters = [certificate.into(), after.unwrap_or_default().into(), Value::Integer(limit.into())];
        self.store.read(|transaction| transaction.query(SELECT, &parameters)?.iter().map(listed).collect())
    }
}

fn recall(row: &Row) -> Result<Recall, StoreError> {
    let declared: Option<Declaration> =
        decompress(row.bytes(7)?).and_then(|json| serde_json::from_slice(&json).ok());
    let declared = declared.unwrap_or_default();
    let of_items = declared.items.iter().find_map(|item| item.importer.as_ref());
    let party = declared.consignee.as_ref().or(declared.importer.as_ref()).or(of_items);
    let location = declared.goods_location.as_ref().or(declared.entry_place.as_ref());
    let goods = declared.items.iter().filter_map(|item| {
        let code = item.commodity.as_ref().and_then(|commodity| commodity.class_code.clone());
        let text = item.descriptions.first().map(|text| text.value.clone());
        let parts: Vec<String> = [code, text].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    Ok(Recall {
        id: row.text(0)?.to_owned(),
        certificate: row.text(1)?.to_owned(),
        number: row.text(2)?.to_owned(),
        status: row.text(3)?.to_owned(),
        declaration: row.text(4)?.to_owned(),
        reference: row.text(5)?.to_owned(),
        verification: row.text(6)?.to_owned(),
        consignee: None,
        importer: party.and_then(in_words),
        location: location.and_then(place_in_words),
        goods: goods.collect(),
        opened: instant(row.integer(8)?),
        closed: row.optional_integer(9)?.map(instant),
        closed_by: row.optional_text(10)?.map(str::to_owned),
        outcome: row.optional_text(11)?.map(str::to_owned),
    })
}

/// A party's name, identifiers and address in one line.
fn in_words(party: &Party) -> Option<String> {
    let address = party.address.as_ref();
    let lines = address.into_iter().flat_map(|address| {
        let end = [&address.postcode, &address.city].into_iter().flatten();
        address.lines.iter().chain(end).chain(address.country.as_ref().map(|country| &country.value))
    });
    let identifiers = party.identifiers.iter().map(|identifier| &identifier.value);
    joined(party.names.first().map(|name| &name.value).into_iter().chain(identifiers).chain(lines))
}

/// A place's names and identifiers in one line.
fn place_in_words(location: &Location) -> Option<String> {
    let names = location.names.iter().map(|name| &name.value);
    joined(names.chain(location.identifiers.iter().map(|identifier| &identifier.value)))
}

fn joined<'t>(parts: impl Iterator<Item = &'t String>) -> Option<String> {
    let parts: Vec<&str> = parts.map(String::as_str).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn instant(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}
