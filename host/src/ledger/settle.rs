//! What becomes of a reservation: consumed, freed, blocked.

use serde::Serialize;
use utoipa::ToSchema;

use super::movement::{self, Movement, State};
use crate::store::{StoreError, Transaction};

/// What came of settling a declaration's reservation. The codes are those of
/// the European Union's CERTEX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Settled {
    /// 01: done.
    Done,
    /// 02: the declaration holds nothing.
    NoRecord,
    /// 03: its goods were released already.
    AlreadyConsumed,
    /// 04: done, though a certificate's status has changed since.
    StatusWarning,
    /// Its goods were refused: an officer has to free them first. CERTEX knows
    /// no such case.
    Blocked,
}

impl Settled {
    /// The code of CERTEX, where it has one.
    #[must_use]
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Done => Some("01"),
            Self::NoRecord => Some("02"),
            Self::AlreadyConsumed => Some("03"),
            Self::StatusWarning => Some("04"),
            Self::Blocked => None,
        }
    }
}

/// Consumes what a declaration has reserved: customs released the goods.
pub fn consume(
    transaction: &mut dyn Transaction,
    declaration: &str,
    by: &str,
) -> Result<Settled, StoreError> {
    settle(transaction, declaration, by, State::Reserved, Some(State::Consumed))
}

/// Frees what a declaration has reserved: it was withdrawn.
pub fn free(transaction: &mut dyn Transaction, declaration: &str, by: &str) -> Result<Settled, StoreError> {
    settle(transaction, declaration, by, State::Reserved, None)
}

/// Blocks what a declaration has reserved: an officer refused the goods.
pub fn block(transaction: &mut dyn Transaction, declaration: &str, by: &str) -> Result<Settled, StoreError> {
    settle(transaction, declaration, by, State::Reserved, Some(State::Blocked))
}

/// Ends a block: the goods may be released after all, or their quantities are
/// free again for others.
pub fn unblock(
    transaction: &mut dyn Transaction,
    declaration: &str,
    by: &str,
    still_reserved: bool,
) -> Result<Settled, StoreError> {
    let to = still_reserved.then_some(State::Reserved);
    settle(transaction, declaration, by, State::Blocked, to)
}

fn settle(
    transaction: &mut dyn Transaction,
    declaration: &str,
    by: &str,
    from: State,
    to: Option<State>,
) -> Result<Settled, StoreError> {
    transaction.lock(&[&format!("ledger/declaration/{declaration}")])?;
    let held = movement::of_declaration(transaction, declaration)?;
    let is_any = |state| held.iter().any(|movement| movement.state == state);
    if is_any(State::Consumed) {
        return Ok(Settled::AlreadyConsumed);
    }
    if from != State::Blocked && is_any(State::Blocked) {
        return Ok(Settled::Blocked);
    }
    let concerned: Vec<Movement> = held.into_iter().filter(|movement| movement.state == from).collect();
    if concerned.is_empty() {
        return Ok(Settled::NoRecord);
    }
    movement::end(transaction, &concerned, by)?;
    for movement in concerned {
        if let Some(state) = to {
            movement::insert(transaction, &Movement { state, ..movement }, by)?;
        }
    }
    Ok(Settled::Done)
}
