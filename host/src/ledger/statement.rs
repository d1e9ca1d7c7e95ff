//! What is left of a certificate, to be read.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::decide::Account;
use super::movement::{self, Movement, State};
use super::quantity::{Amount, Quantity};
use crate::store::{StoreError, Transaction};

/// A line of a certificate and what was taken of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineStatement {
    /// Its number.
    pub line: u32,
    /// Its quantities, each kind apart.
    pub quantities: Vec<QuantityStatement>,
}

/// A quantity of a line and what was taken of it. Amounts are decimal numbers
/// in the unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuantityStatement {
    /// `weight`, `volume`, `count` or `packages`.
    #[schema(value_type = String)]
    pub kind: super::Kind,
    /// Unit (UN/ECE Recommendation 20); none for packages.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What is certified.
    #[schema(value_type = String)]
    pub certified: Amount,
    /// The most that may be taken: with what is tolerated.
    #[schema(value_type = String)]
    pub ceiling: Amount,
    /// What declarations have reserved.
    #[schema(value_type = String)]
    pub reserved: Amount,
    /// What was released.
    #[schema(value_type = String)]
    pub consumed: Amount,
    /// What was refused and not freed.
    #[schema(value_type = String)]
    pub blocked: Amount,
    /// What is left.
    #[schema(value_type = String)]
    pub available: Amount,
    /// Who took it, the oldest first.
    pub movements: Vec<MovementStatement>,
}

/// A movement, as a statement shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementStatement {
    /// Country, declarant and reference number of the declaration.
    pub declaration: String,
    /// Sequence number of its goods item.
    pub item: u32,
    /// How much.
    #[schema(value_type = String)]
    pub amount: Amount,
    /// How firmly.
    pub state: State,
    /// Since when (RFC 3339, UTC).
    pub since: String,
}

/// What is held of a certificate, by line and age.
pub fn movements(transaction: &mut dyn Transaction, certificate: &str) -> Result<Vec<Movement>, StoreError> {
    movement::of_certificate(transaction, certificate)
}

/// What is certified, taken and left of each line.
#[must_use]
pub fn lines(account: &Account, movements: &[Movement]) -> Vec<LineStatement> {
    let line = |line: &super::Line| LineStatement {
        line: line.number,
        quantities: line
            .certified
            .iter()
            .map(|certified| {
                let of = |movement: &&Movement| {
                    movement.line == line.number && movement.quantity.kind == certified.kind
                };
                quantity(account, certified, movements.iter().filter(of))
            })
            .collect(),
    };
    account.lines.iter().map(line).collect()
}

fn quantity<'m>(
    account: &Account,
    certified: &Quantity,
    movements: impl Iterator<Item = &'m Movement>,
) -> QuantityStatement {
    let movements: Vec<&Movement> = movements.collect();
    let amount = |sum: i128| Amount(i64::try_from(sum.max(0)).unwrap_or(i64::MAX));
    let sum = |state: Option<State>| -> i128 {
        let of = |movement: &&&Movement| state.is_none_or(|state| movement.state == state);
        movements.iter().filter(of).map(|movement| i128::from(movement.quantity.amount.0)).sum()
    };
    let ceiling = account.ceiling(&certified.unit, certified.amount.0);
    QuantityStatement {
        kind: certified.kind,
        unit: certified.unit.clone(),
        certified: certified.amount,
        ceiling: amount(ceiling),
        reserved: amount(sum(Some(State::Reserved))),
        consumed: amount(sum(Some(State::Consumed))),
        blocked: amount(sum(Some(State::Blocked))),
        available: amount(ceiling - sum(None)),
        movements: movements
            .iter()
            .map(|movement| MovementStatement {
                declaration: movement.declaration.clone(),
                item: movement.item,
                amount: movement.quantity.amount,
                state: movement.state,
                since: Timestamp::from_microsecond(movement.since).unwrap_or_default().to_string(),
            })
            .collect(),
    }
}
