//! What is left of a certificate: movements of quantities per line.
//!
//! A declaration reserves; a later reservation of the same declaration
//! replaces its earlier one, all items or none. Customs' release consumes what
//! is reserved, a withdrawal frees it, an officer's refusal blocks it, and a
//! follow-on declaration takes over what the one before it holds. Weight,
//! volume, count and packages are tracked apart. The order of the checks and
//! the codes of their reasons are those of the European Union's CERTEX, which
//! customs know.
//!
//! [`decide()`] is pure; [`reserve`] locks the certificates, reads what others
//! hold and stores what was decided, within the caller's transaction.
//! A movement is never changed but to end it, so the past stays to be seen.
//! Whatever runs at the same time, on any number of hosts, the sum held never
//! exceeds what is certified and tolerated.

mod decide;
mod movement;
mod quantity;
#[cfg(test)]
mod replay_tests;
mod settle;
mod statement;
#[cfg(test)]
mod tests;

pub use decide::{Account, Demand, Line, Reason, Refusal, Taken, Tolerance, decide};
pub use movement::{Movement, State};
pub use quantity::{Amount, Kind, Quantity};
pub use settle::{Settled, block, consume, free, unblock};
pub use statement::{LineStatement, MovementStatement, QuantityStatement, lines, movements};

use crate::store::{StoreError, Transaction};

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

/// Names to lock before reading certificates whose lines are to be reserved.
/// [`reserve`] takes them itself; a caller that locks other things too passes
/// them all to one [`Transaction::lock`].
#[must_use]
pub fn lock_names(accounts: &[Account], declaration: &str) -> Vec<String> {
    let certificates = accounts.iter().map(|account| format!("ledger/certificate/{}", account.certificate));
    certificates.chain([format!("ledger/declaration/{declaration}")]).collect()
}

/// Reserves for a declaration, in place of what it reserved before. What the
/// declarations hold that it follows on from, it takes over as far as it needs.
///
/// `by` says what makes the movement: the verification's identifier.
pub fn reserve(
    transaction: &mut dyn Transaction,
    declaration: &str,
    predecessors: &[String],
    by: &str,
    accounts: &[Account],
    demands: &[Demand],
) -> Result<Outcome, StoreError> {
    let mut names = lock_names(accounts, declaration);
    names.extend(predecessors.iter().map(|earlier| format!("ledger/declaration/{earlier}")));
    transaction.lock(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let own = movement::of_declaration(transaction, declaration)?;
    let fixed = [(State::Consumed, Reason::WrittenOff), (State::Blocked, Reason::Blocked)];
    let fixed = fixed.iter().find(|(state, _)| own.iter().any(|movement| movement.state == *state));
    if let (Some((_, reason)), Some(first)) = (fixed, demands.first()) {
        return Ok(Outcome::Refused(decide::refusal(*reason, first)));
    }
    let mut others = Vec::new();
    let mut inherited = Vec::new();
    for account in accounts {
        for (holder, taken) in movement::sums(transaction, &account.certificate)? {
            if predecessors.contains(&holder) {
                inherited.push(taken);
            } else if holder != declaration {
                others.push(taken);
            }
        }
    }
    match decide(accounts, &others, &inherited, demands) {
        Ok(()) => {
            movement::end(transaction, &own, by)?;
            for demand in demands {
                let Some((_, line)) = decide::line(accounts, demand) else { continue };
                for quantity in decide::comparable(line, demand).unwrap_or_default() {
                    movement::take_over(transaction, predecessors, demand, quantity, by)?;
                    movement::insert(transaction, &Movement::reserved(declaration, demand, quantity), by)?;
                }
            }
            Ok(Outcome::Reserved)
        }
        Err(refusal) => {
            if refusal.reason == Reason::Insufficient {
                movement::end(transaction, &own, by)?;
            }
            Ok(Outcome::Refused(*refusal))
        }
    }
}
