//! What is left of a certificate: movements of quantities per line.
//!
//! A declaration reserves; a later reservation of the same declaration
//! replaces its earlier one, all items or none. Weight, volume, count and
//! packages are tracked apart. The order of the checks and the codes of their
//! reasons are those of the European Union's CERTEX, which customs know.
//!
//! [`decide()`] is pure; [`reserve`] locks the certificates, reads what others
//! hold and stores what was decided, within the caller's transaction.
//! Whatever runs at the same time, on any number of hosts, the sum held never
//! exceeds what is certified and tolerated.

mod decide;
mod quantity;
#[cfg(test)]
mod tests;

pub use decide::{Account, Demand, Line, Reason, Refusal, Taken, Tolerance, decide};
pub use quantity::{Amount, Kind, Quantity};

use crate::store::{Row, StoreError, Transaction, new_id, now};

const RESERVED: &str = "reserved";
const CONSUMED: &str = "consumed";

/// What citing a certificate does to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing is taken: the goods only pass or are stored.
    CiteOnly,
    /// The declared quantities are reserved.
    Reserve,
}

/// What a customs procedure does, by its two-digit code (the requested one of
/// the pair): transit (8x) and warehousing (7x, 53) cite; export and
/// re-export (1x, 2x, 3x) too, since the certificate is not used up by them;
/// everything else brings the goods into the country and reserves.
#[must_use]
pub fn effect_of_procedure(code: Option<&str>) -> Effect {
    let digits = code.map_or("", str::trim);
    match digits.as_bytes() {
        [b'1'..=b'3' | b'7' | b'8', ..] => Effect::CiteOnly,
        [b'5', b'3', ..] => Effect::CiteOnly,
        _ => Effect::Reserve,
    }
}

/// What came of a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All of it is reserved, and what the declaration held before is gone.
    Reserved,
    /// Nothing was reserved. What the declaration held before is gone too when
    /// the quantity was insufficient, and stays otherwise.
    Refused(Refusal),
}

/// A movement that holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Movement {
    /// The line.
    pub line: u32,
    /// Who holds it.
    pub declaration: String,
    /// For which of its items.
    pub item: u32,
    /// How much.
    pub quantity: Quantity,
    /// `reserved` or `consumed`.
    pub state: String,
    /// Since when, in microseconds since 1970.
    pub since: i64,
}

/// Names to lock before reading certificates whose lines are to be reserved.
/// [`reserve`] takes them itself; a caller that locks other things too passes
/// them all to one [`Transaction::lock`].
#[must_use]
pub fn lock_names(accounts: &[Account], declaration: &str) -> Vec<String> {
    let certificates = accounts.iter().map(|account| format!("ledger/certificate/{}", account.certificate));
    certificates.chain([format!("ledger/declaration/{declaration}")]).collect()
}

/// Reserves for a declaration, in place of what it reserved before.
///
/// `by` says what makes the movement: the verification's identifier.
pub fn reserve(
    transaction: &mut dyn Transaction,
    declaration: &str,
    by: &str,
    accounts: &[Account],
    demands: &[Demand],
) -> Result<Outcome, StoreError> {
    let names = lock_names(accounts, declaration);
    transaction.lock(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    if let (true, Some(first)) = (has_consumed(transaction, declaration)?, demands.first()) {
        return Ok(Outcome::Refused(decide::refusal(Reason::WrittenOff, first)));
    }
    let mut others = Vec::new();
    for account in accounts {
        others.extend(held_by_others(transaction, &account.certificate, declaration)?);
    }
    match decide(accounts, &others, demands) {
        Ok(()) => {
            free(transaction, declaration, by)?;
            for demand in demands {
                insert(transaction, declaration, by, accounts, demand)?;
            }
            Ok(Outcome::Reserved)
        }
        Err(refusal) => {
            if refusal.reason == Reason::Insufficient {
                free(transaction, declaration, by)?;
            }
            Ok(Outcome::Refused(refusal))
        }
    }
}

/// Frees what a declaration has reserved, and says how many movements ended.
pub fn free(transaction: &mut dyn Transaction, declaration: &str, by: &str) -> Result<u64, StoreError> {
    transaction.execute(
        "UPDATE ledger_movement SET ended_at = $1, ended_by = $2 \
         WHERE declaration_id = $3 AND ended_at IS NULL AND state = $4",
        &[now().into(), by.into(), declaration.into(), RESERVED.into()],
    )
}

/// The movements that hold on a certificate, by line and age.
pub fn statement(transaction: &mut dyn Transaction, certificate: &str) -> Result<Vec<Movement>, StoreError> {
    let rows = transaction.query(
        "SELECT line, kind, unit, amount, declaration_id, item, state, made_at FROM ledger_movement \
         WHERE certificate_id = $1 AND ended_at IS NULL ORDER BY line, made_at, id",
        &[certificate.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Movement {
                line: number(row, 0)?,
                quantity: quantity(row, 1)?,
                declaration: row.text(4)?.into(),
                item: number(row, 5)?,
                state: row.text(6)?.into(),
                since: row.integer(7)?,
            })
        })
        .collect()
}

fn has_consumed(transaction: &mut dyn Transaction, declaration: &str) -> Result<bool, StoreError> {
    let rows = transaction.query(
        "SELECT id FROM ledger_movement \
         WHERE declaration_id = $1 AND ended_at IS NULL AND state = $2 LIMIT 1",
        &[declaration.into(), CONSUMED.into()],
    )?;
    Ok(!rows.is_empty())
}

/// Summed by the database: a certificate may serve thousands of declarations.
fn held_by_others(
    transaction: &mut dyn Transaction,
    certificate: &str,
    declaration: &str,
) -> Result<Vec<Taken>, StoreError> {
    let rows = transaction.query(
        "SELECT line, kind, unit, CAST(SUM(amount) AS BIGINT) FROM ledger_movement \
         WHERE certificate_id = $1 AND ended_at IS NULL AND declaration_id <> $2 \
         GROUP BY line, kind, unit ORDER BY line, kind, unit",
        &[certificate.into(), declaration.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Taken { certificate: certificate.into(), line: number(row, 0)?, quantity: quantity(row, 1)? })
        })
        .collect()
}

fn insert(
    transaction: &mut dyn Transaction,
    declaration: &str,
    by: &str,
    accounts: &[Account],
    demand: &Demand,
) -> Result<(), StoreError> {
    let Some((_, line)) = decide::line(accounts, demand) else { return Ok(()) };
    for quantity in decide::comparable(line, demand).unwrap_or_default() {
        transaction.execute(
            "INSERT INTO ledger_movement (id, certificate_id, line, declaration_id, item, kind, unit, \
             amount, state, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            &[
                (&new_id()).into(),
                (&demand.certificate).into(),
                i64::from(demand.line).into(),
                declaration.into(),
                i64::from(demand.item).into(),
                quantity.kind.name().into(),
                (&quantity.unit).into(),
                quantity.amount.0.into(),
                RESERVED.into(),
                now().into(),
                by.into(),
            ],
        )?;
    }
    Ok(())
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
