//! Every query that an institution makes, for the operator and for itself.

use serde::Serialize;
use utoipa::ToSchema;

use super::records::instant;
use super::{Account, Export, ExportError, User};
use crate::store::{Row, StoreError, Transaction, Value, new_id, now};

/// A query as it was logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LoggedQuery)]
pub struct Logged {
    /// Identifier; later ones sort behind.
    pub id: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Which user.
    pub user: String,
    /// From where: address and request.
    pub source: String,
    /// `number`, `container`, `range`, `bulk` or `report`.
    pub kind: String,
    /// What was asked for. Check codes are not kept.
    pub asked: String,
    /// What was answered: `found`, `other-destination`, `unknown`, or how many
    /// certificates.
    pub answer: String,
}

/// A query to be logged.
pub(super) struct New<'q> {
    pub(super) kind: &'static str,
    pub(super) asked: &'q str,
    pub(super) answer: &'q str,
}

/// Logs queries of a user, those of one request together.
pub(super) fn log(
    transaction: &mut dyn Transaction,
    account: &Account,
    user: &User,
    source: &str,
    queries: &[New<'_>],
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO query_log (id, account_id, user_name, source, at, kind, asked, answer) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    for query in queries {
        let id = new_id();
        let parameters = [
            Value::from(&id),
            Value::from(&account.id),
            Value::from(&user.name),
            Value::Text(source),
            Value::Integer(now()),
            Value::Text(query.kind),
            Value::Text(query.asked),
            Value::Text(query.answer),
        ];
        transaction.execute(INSERT, &parameters)?;
    }
    Ok(())
}

impl Export {
    /// The queries of an account, the latest first.
    pub fn queries(
        &self,
        account: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Logged>, ExportError> {
        const SELECT: &str = "SELECT id, at, user_name, source, kind, asked, answer FROM query_log \
            WHERE account_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3";
        let parameters = [account.into(), after.unwrap_or_default().into(), i64::from(limit).into()];
        let rows = self.store.read(|transaction| transaction.query(SELECT, &parameters))?;
        Ok(rows.iter().map(logged).collect::<Result<_, _>>()?)
    }
}

fn logged(row: &Row) -> Result<Logged, StoreError> {
    Ok(Logged {
        id: row.text(0)?.to_owned(),
        at: instant(row.integer(1)?),
        user: row.text(2)?.to_owned(),
        source: row.text(3)?.to_owned(),
        kind: row.text(4)?.to_owned(),
        asked: row.text(5)?.to_owned(),
        answer: row.text(6)?.to_owned(),
    })
}
