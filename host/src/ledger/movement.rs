//! Movements in the database.

use serde::Serialize;
use utoipa::ToSchema;

use super::decide::{Demand, Taken};
use super::quantity::{Amount, Kind, Quantity};
use crate::store::{Row, StoreError, Transaction, new_id, now};

/// How firmly a declaration holds a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = MovementState)]
pub enum State {
    /// Until it is consumed or freed.
    Reserved,
    /// For good: the goods were released.
    Consumed,
    /// Until an officer frees it: the goods were refused.
    Blocked,
}

impl State {
    const ALL: [Self; 3] = [Self::Reserved, Self::Consumed, Self::Blocked];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Consumed => "consumed",
            Self::Blocked => "blocked",
        }
    }
}

/// A movement that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Identifier; empty before it is stored.
    pub id: String,
    /// The certificate, or the first of its chain.
    pub certificate: String,
    /// Its line.
    pub line: u32,
    /// Who holds it.
    pub declaration: String,
    /// For which of its items.
    pub item: u32,
    /// How much.
    pub quantity: Quantity,
    /// How firmly.
    pub state: State,
    /// Since when, in microseconds since 1970.
    pub since: i64,
}

impl Movement {
    /// What a demand reserves.
    pub(super) fn reserved(declaration: &str, demand: &Demand, quantity: &Quantity) -> Self {
        Self {
            id: String::new(),
            certificate: demand.certificate.clone(),
            line: demand.line,
            declaration: declaration.into(),
            item: demand.item,
            quantity: quantity.clone(),
            state: State::Reserved,
            since: 0,
        }
    }
}

/// What a declaration holds.
pub(super) fn of_declaration(
    transaction: &mut dyn Transaction,
    declaration: &str,
) -> Result<Vec<Movement>, StoreError> {
    const SELECT: &str = "SELECT id, certificate_id, line, declaration_id, item, kind, unit, amount, state, made_at \
        FROM ledger_movement WHERE ended_at IS NULL AND declaration_id = $1 ORDER BY made_at, id";
    transaction.query(SELECT, &[declaration.into()])?.iter().map(movement).collect()
}

/// What is held of a certificate, by line and age.
pub(super) fn of_certificate(
    transaction: &mut dyn Transaction,
    certificate: &str,
) -> Result<Vec<Movement>, StoreError> {
    const SELECT: &str = "SELECT id, certificate_id, line, declaration_id, item, kind, unit, amount, state, made_at \
        FROM ledger_movement WHERE ended_at IS NULL AND certificate_id = $1 ORDER BY line, made_at, id";
    transaction.query(SELECT, &[certificate.into()])?.iter().map(movement).collect()
}

/// What each declaration holds of a certificate, summed by the database: one
/// certificate may serve thousands of them.
pub(super) fn sums(
    transaction: &mut dyn Transaction,
    certificate: &str,
) -> Result<Vec<(String, Taken)>, StoreError> {
    const SELECT: &str = "SELECT declaration_id, line, kind, unit, CAST(SUM(amount) AS BIGINT) FROM ledger_movement \
        WHERE certificate_id = $1 AND ended_at IS NULL GROUP BY declaration_id, line, kind, unit";
    let rows = transaction.query(SELECT, &[certificate.into()])?;
    rows.iter()
        .map(|row| {
            let taken =
                Taken { certificate: certificate.into(), line: number(row, 1)?, quantity: quantity(row, 2)? };
            Ok((row.text(0)?.to_owned(), taken))
        })
        .collect()
}

/// Stores a movement that holds from now on.
pub(super) fn insert(
    transaction: &mut dyn Transaction,
    movement: &Movement,
    by: &str,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO ledger_movement (id, certificate_id, line, declaration_id, item, kind, unit, \
             amount, state, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            &[
                (&new_id()).into(),
                (&movement.certificate).into(),
                i64::from(movement.line).into(),
                (&movement.declaration).into(),
                i64::from(movement.item).into(),
                movement.quantity.kind.name().into(),
                (&movement.quantity.unit).into(),
                movement.quantity.amount.0.into(),
                movement.state.name().into(),
                now().into(),
                by.into(),
            ],
        )
        .map(drop)
}

/// Ends movements.
pub(super) fn end(
    transaction: &mut dyn Transaction,
    movements: &[Movement],
    by: &str,
) -> Result<(), StoreError> {
    for movement in movements {
        transaction.execute(
            "UPDATE ledger_movement SET ended_at = $1, ended_by = $2 WHERE id = $3 AND ended_at IS NULL",
            &[now().into(), by.into(), (&movement.id).into()],
        )?;
    }
    Ok(())
}

/// Ends of what earlier declarations hold what a later one takes over; the
/// rest stays with them.
pub(super) fn take_over(
    transaction: &mut dyn Transaction,
    predecessors: &[String],
    demand: &Demand,
    quantity: &Quantity,
    by: &str,
) -> Result<(), StoreError> {
    let mut wanted = quantity.amount.0;
    for earlier in predecessors {
        for held in of_declaration(transaction, earlier)? {
            let same = (&held.certificate, held.line) == (&demand.certificate, demand.line)
                && (held.quantity.kind, &held.quantity.unit) == (quantity.kind, &quantity.unit);
            if !same || wanted == 0 {
                continue;
            }
            let taken = wanted.min(held.quantity.amount.0);
            wanted -= taken;
            end(transaction, std::slice::from_ref(&held), by)?;
            let rest = held.quantity.amount.0 - taken;
            if rest > 0 {
                let quantity = Quantity { amount: Amount(rest), ..held.quantity.clone() };
                insert(transaction, &Movement { quantity, ..held }, by)?;
            }
        }
    }
    Ok(())
}

fn movement(row: &Row) -> Result<Movement, StoreError> {
    let state = row.text(8)?;
    let known = State::ALL.into_iter().find(|known| known.name() == state);
    Ok(Movement {
        id: row.text(0)?.into(),
        certificate: row.text(1)?.into(),
        line: number(row, 2)?,
        declaration: row.text(3)?.into(),
        item: number(row, 4)?,
        quantity: quantity(row, 5)?,
        state: known.ok_or_else(|| StoreError::Value(format!("{state:?} is not a state of a movement")))?,
        since: row.integer(9)?,
    })
}

fn number(row: &Row, column: usize) -> Result<u32, StoreError> {
    u32::try_from(row.integer(column)?)
        .map_err(|_| StoreError::Value("a line or item number of the ledger is out of range".into()))
}

/// Kind, unit and amount, in three columns from the first.
fn quantity(row: &Row, first: usize) -> Result<Quantity, StoreError> {
    let kind = row.text(first)?;
    Ok(Quantity {
        kind: Kind::from_name(kind)
            .ok_or_else(|| StoreError::Value(format!("{kind:?} is not a kind of quantity")))?,
        unit: row.text(first + 1)?.into(),
        amount: Amount(row.integer(first + 2)?),
    })
}
