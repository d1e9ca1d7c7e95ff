//! What becomes of the quantities that a declaration reserved: customs release
//! the goods, the declaration is withdrawn, an officer refuses or frees them.

use serde::Serialize;
use utoipa::ToSchema;

use super::reserve::{account_of, holder, is_usable};
use super::service::Verification;
use crate::audit;
use crate::intake::Sender;
use crate::intake::identity::DeclarationKey;
use crate::intake::number::normalise;
use crate::ledger::{self, LineStatement, Settled};
use crate::store::{StoreError, Transaction, Value};

/// What is to become of a declaration's reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Customs released the goods: the quantities are consumed.
    Release,
    /// The declaration is withdrawn: the quantities are free for others.
    Withdrawal,
    /// An officer frees what a refusal blocks.
    Freeing,
}

impl Settlement {
    fn action(self) -> &'static str {
        match self {
            Self::Release => "declaration-released",
            Self::Withdrawal => "declaration-withdrawn",
            Self::Freeing => "quantities-freed",
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Settling {
    /// Country, declarant and reference number of the declaration.
    pub declaration: String,
    /// What came of it.
    pub outcome: Settled,
    /// Its code in the European Union's CERTEX: 01 done, 02 no record, 03
    /// consumed already, 04 done though a certificate's status has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// There is no such declaration.
    #[error("there is no declaration {0}")]
    Unknown(String),
    /// Several declarations bear the number.
    #[error("several declarants used the reference number {0}: give the identifier of the declaration")]
    Ambiguous(String),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is left of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerStatement {
    /// Identifier of the certificate.
    pub certificate: String,
    /// Its number.
    pub number: String,
    /// Identifier of the first of its chain of replacements, under which all
    /// of them are counted.
    pub chain: String,
    /// Its lines.
    pub lines: Vec<LineStatement>,
}

impl Verification {
    /// Settles what a declaration, by its identifier or its reference number,
    /// has reserved.
    pub fn settle(
        &self,
        by: &Sender,
        declaration: &str,
        settlement: Settlement,
    ) -> Result<Settling, SettleError> {
        let (by, declaration) = (by.clone(), declaration.to_owned());
        self.store.write(move |transaction| {
            let key = find(transaction, &declaration)?;
            let held = holder(&key);
            let who = format!("{} {}", settlement.action(), by.principal.name);
            let mut outcome = match settlement {
                Settlement::Release => ledger::consume(transaction, &held, &who)?,
                Settlement::Withdrawal => ledger::free(transaction, &held, &who)?,
                Settlement::Freeing => ledger::unblock(transaction, &held, &who, false)?,
            };
            if (outcome, settlement) == (Settled::Done, Settlement::Release)
                && has_lapsed(transaction, &held)?
            {
                outcome = Settled::StatusWarning;
            }
            settled(transaction, &key, settlement)?;
            let settling = Settling { declaration: held, outcome, code: outcome.code().map(str::to_owned) };
            let content = serde_json::to_vec(&settling).unwrap_or_default();
            let entry = audit::Entry {
                principal: &by.principal,
                source: &by.source,
                action: settlement.action(),
                subject: &format!("declaration/{}", settling.declaration),
                content: &content,
            };
            audit::record(transaction, &entry)?;
            Ok(settling)
        })
    }

    /// What is certified, taken and left of a certificate. None if it is not
    /// held.
    pub fn statement(&self, certificate: &str) -> Result<Option<LedgerStatement>, StoreError> {
        let Some(held) = self.intake.held(certificate)? else { return Ok(None) };
        let account = account_of(&held);
        let movements = self.store.read(|transaction| ledger::movements(transaction, &held.chain))?;
        Ok(Some(LedgerStatement {
            certificate: held.id.clone(),
            number: held.body.certificate.number.value.clone(),
            chain: held.chain.clone(),
            lines: ledger::lines(&account, &movements),
        }))
    }
}

/// Notes what customs said of a declaration: what comes after touches goods
/// that are gone, or that never came.
fn settled(
    transaction: &mut dyn Transaction,
    key: &DeclarationKey,
    settlement: Settlement,
) -> Result<(), StoreError> {
    const UPDATE: &str =
        "UPDATE declaration SET settled = $1 WHERE country = $2 AND declarant = $3 AND reference = $4";
    let state = match settlement {
        Settlement::Release => "released",
        Settlement::Withdrawal => "withdrawn",
        Settlement::Freeing => return Ok(()),
    };
    let parameters = [state.into(), (&key.country).into(), (&key.declarant).into(), (&key.reference).into()];
    transaction.execute(UPDATE, &parameters).map(drop)
}

/// The declaration of an identifier or a reference number.
fn find(transaction: &mut dyn Transaction, declaration: &str) -> Result<DeclarationKey, SettleError> {
    const SELECT: &str = "SELECT DISTINCT country, declarant, reference FROM declaration \
        WHERE id = $1 OR reference = $2 OR mrn = $1 LIMIT 2";
    let normal = normalise(declaration);
    let rows = transaction.query(SELECT, &[Value::Text(declaration), Value::from(&normal)])?;
    match rows.as_slice() {
        [] => Err(SettleError::Unknown(declaration.to_owned())),
        [row] => Ok(DeclarationKey {
            country: row.text(0)?.into(),
            declarant: row.text(1)?.into(),
            reference: row.text(2)?.into(),
        }),
        _ => Err(SettleError::Ambiguous(declaration.to_owned())),
    }
}

/// Whether the status of a certificate that a declaration took from lets
/// nothing be taken any more.
fn has_lapsed(transaction: &mut dyn Transaction, holder: &str) -> Result<bool, StoreError> {
    const SELECT: &str = "SELECT DISTINCT c.status FROM ledger_movement m \
        JOIN certificate c ON c.chain_id = m.certificate_id \
        WHERE m.declaration_id = $1 AND m.ended_at IS NULL";
    let rows = transaction.query(SELECT, &[holder.into()])?;
    let statuses = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(statuses.into_iter().any(|status| !is_usable(status)))
}

/// Blocks what a declaration reserved when an officer refuses it, and takes
/// that back when an officer accepts it after all.
pub(super) fn after_decision(
    transaction: &mut dyn Transaction,
    verification: &str,
    action: super::decision::Action,
    by: &str,
) -> Result<(), StoreError> {
    use super::decision::Action;
    const SELECT: &str = "SELECT d.country, d.declarant, d.reference FROM verification v \
        JOIN declaration d ON d.id = v.declaration_id WHERE v.id = $1";
    let Some(row) = transaction.query_optional(SELECT, &[verification.into()])? else { return Ok(()) };
    let key = DeclarationKey {
        country: row.text(0)?.into(),
        declarant: row.text(1)?.into(),
        reference: row.text(2)?.into(),
    };
    let held = holder(&key);
    match action {
        Action::Refuse => ledger::block(transaction, &held, by).map(drop),
        Action::Accept => ledger::unblock(transaction, &held, by, true).map(drop),
        Action::Hold | Action::Inspect => Ok(()),
    }
}
