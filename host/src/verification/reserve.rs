//! What a declaration takes from the certificates it cites, for the ledger.
//!
//! An item that belongs to one line takes all it declares from that line. One
//! that belongs to several (two certificates, two batches) takes from each
//! what is left there, in their order, so that a later part of the same goods
//! finds the rest. Entry documents and the certificates they cite certify the
//! same goods twice; an item takes its quantity from both.

use std::collections::{BTreeMap, BTreeSet};

use ecert_model::cases::{Case, PairingBasis};
use ecert_model::certificates::{CertificateRole, TradeLine};
use ecert_model::declarations::{Declaration, GoodsItem};
use ecert_model::values::{Decimal, Measure};

use super::evaluate::Evaluation;
use super::finding::{HostCode, HostFinding};
use super::service::Ledger;
use crate::intake::identity::DeclarationKey;
use crate::intake::number::normalise;
use crate::ledger::{
    Account, Amount, Demand, Effect, Kind, Line, Outcome, Quantity, Reason, Tolerance, effect_of_procedure,
    movements, reserve,
};
use crate::store::{StoreError, Transaction, Value};

/// How far declared quantities may exceed certified ones: scales round.
const TOLERANCE: u32 = 10;

/// The ledger of the store.
#[derive(Clone, Copy, Debug, Default)]
pub struct StoredLedger;

impl Ledger for StoredLedger {
    fn reserve(
        &self,
        transaction: &mut dyn Transaction,
        declaration: &DeclarationKey,
        evaluation: &Evaluation,
    ) -> Result<Vec<HostFinding>, StoreError> {
        let key = holder(declaration);
        let accounts = accounts(evaluation);
        let demands = demands(transaction, &key, evaluation, &accounts)?;
        if demands.is_empty() {
            return Ok(Vec::new());
        }
        let predecessors = predecessors(transaction, declaration, &evaluation.case.declaration)?;
        let by = &evaluation.record.id;
        match reserve(transaction, &key, &predecessors, by, &accounts, &demands)? {
            Outcome::Reserved => Ok(Vec::new()),
            Outcome::Refused(refusal) => {
                let held = evaluation.held.iter().find(|held| held.chain == refusal.certificate);
                let number = held.map_or("", |held| held.body.certificate.number.value.as_str());
                let items = &evaluation.case.declaration.items;
                let item = items.iter().position(|item| Some(item.sequence) == refusal.item);
                let quantity = |quantity: &Option<Quantity>| {
                    quantity.as_ref().map_or("—".to_owned(), |q| {
                        format!("{} {}", q.amount, q.unit).trim_end().to_owned()
                    })
                };
                let code = match refusal.reason {
                    Reason::WrittenOff => HostCode::LedgerWrittenOff,
                    Reason::Blocked => HostCode::LedgerBlocked,
                    Reason::Status => HostCode::LedgerStatus,
                    _ => HostCode::LedgerRefused,
                };
                let finding = HostFinding::new(code, item.and_then(|index| u32::try_from(index).ok()))
                    .argument("number", number)
                    .argument("line", refusal.line.map(|line| line.to_string()).unwrap_or_default())
                    .argument("available", quantity(&refusal.left))
                    .argument("wanted", quantity(&refusal.asked))
                    .in_declaration(item.map_or(0, |index| items[index].place));
                Ok(vec![finding])
            }
        }
    }
}

/// The name under which a declaration holds quantities, whatever its version.
pub(super) fn holder(declaration: &DeclarationKey) -> String {
    format!("{}/{}/{}", declaration.country, declaration.declarant, declaration.reference)
}

/// The declarations that one follows on from, where this host knows them.
fn predecessors(
    transaction: &mut dyn Transaction,
    key: &DeclarationKey,
    declaration: &Declaration,
) -> Result<Vec<String>, StoreError> {
    const SELECT: &str = "SELECT DISTINCT country, declarant, reference FROM declaration \
        WHERE country = $1 AND (reference = $2 OR mrn = $3) LIMIT 2";
    let of_items = declaration.items.iter().flat_map(|item| &item.predecessors);
    let mut found = Vec::new();
    for document in declaration.predecessors.iter().chain(of_items) {
        let Some(number) = document.number.as_ref().map(|number| number.value.as_str()) else { continue };
        let normal = normalise(number);
        let parameters = [Value::from(&key.country), Value::from(&normal), Value::from(number)];
        let rows = transaction.query(SELECT, &parameters)?;
        // One of two would be a guess.
        let [row] = rows.as_slice() else { continue };
        let earlier = DeclarationKey {
            country: row.text(0)?.into(),
            declarant: row.text(1)?.into(),
            reference: row.text(2)?.into(),
        };
        let earlier = holder(&earlier);
        if earlier != holder(key) && !found.contains(&earlier) {
            found.push(earlier);
        }
    }
    Ok(found)
}

/// The certificates of a case as the ledger sees them, each chain of
/// replacements once.
fn accounts(evaluation: &Evaluation) -> Vec<Account> {
    let mut accounts: Vec<Account> = Vec::new();
    for (index, held) in (0..).zip(&evaluation.held) {
        if accounts.iter().any(|account| account.certificate == held.chain) {
            continue;
        }
        accounts.push(Account { agreed: agreed(evaluation, index), ..account_of(held) });
    }
    accounts
}

/// A certificate as the ledger sees it, without what was agreed on.
pub(super) fn account_of(held: &crate::intake::Held) -> Account {
    let line = |line: &TradeLine| Line {
        number: line.sequence,
        certified: certified(line),
        commodity_prefixes: Vec::new(),
    };
    Account {
        certificate: held.chain.clone(),
        lines: held.body.certificate.consignment.lines.iter().map(line).collect(),
        tolerance: Tolerance { basis_points: TOLERANCE, absolute: Amount::default() },
        agreed: BTreeMap::new(),
        usable: is_usable(&held.standing.status.value),
    }
}

/// Whether goods may be taken from a certificate of a status (UNCL 4405):
/// approved or issued, or replaced, where its successor counts for the chain.
#[must_use]
pub(super) fn is_usable(status: &str) -> bool {
    matches!(status, "" | "39" | "44" | "70")
}

/// The tolerances of the agreement for the items that belong to a certificate,
/// by the units that quantities are kept in.
fn agreed(evaluation: &Evaluation, certificate: u32) -> BTreeMap<String, Tolerance> {
    let mut items = evaluation.case.pairings.iter().filter(|p| p.certificate == certificate).map(|p| p.item);
    let terms = items.find_map(|item| evaluation.agreed.of(item)?.said());
    let tolerance = |(unit, agreed): (&String, &crate::reference::Tolerance)| {
        let value = agreed.absolute.unwrap_or_default();
        let measure = Measure { value, unit: Some(unit.clone()), ..Measure::default() };
        let absolute = Quantity::from_measure(Kind::Weight, &measure)?;
        let basis_points = agreed.basis_points().unwrap_or_default();
        Some((absolute.unit, Tolerance { basis_points, absolute: absolute.amount }))
    };
    terms.into_iter().flat_map(|terms| &terms.tolerances).filter_map(tolerance).collect()
}

/// What a line certifies.
fn certified(line: &TradeLine) -> Vec<Quantity> {
    let measured = |kind, measure: &Option<_>| measure.as_ref().and_then(|m| Quantity::from_measure(kind, m));
    let counted = line.net_volume.as_ref().filter(|volume| volume.unit.as_deref() == Some("H87"));
    let count = line.count.as_ref().or(counted);
    let volume = if counted.is_some() { &None } else { &line.net_volume };
    let packages = match line.packages.as_slice() {
        [only] => only.count.and_then(Quantity::packages),
        _ => None,
    };
    [
        measured(Kind::Weight, &line.net_weight),
        measured(Kind::Volume, volume),
        count.and_then(|count| Quantity::from_measure(Kind::Count, count)),
        packages,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What an item declares, as far as a line certifies it in the same unit.
fn declared(item: &GoodsItem, line: &TradeLine, certified: &[Quantity]) -> Vec<Quantity> {
    let mut quantities: Vec<Quantity> = Vec::new();
    if let Some(weight) = &item.net_weight {
        quantities.extend(Quantity::from_measure(Kind::Weight, weight));
    }
    for measure in &item.quantities {
        let unit = measure.unit.as_deref().unwrap_or_default();
        let kind = match unit {
            "H87" | "C62" | "EA" | "NAR" => Kind::Count,
            "LTR" | "HLT" | "MTQ" | "MLT" => Kind::Volume,
            _ => continue,
        };
        if !quantities.iter().any(|known| known.kind == kind) {
            quantities.extend(Quantity::from_measure(kind, measure));
        }
    }
    // Packages compare only where both sides state one kind, and the same.
    if let ([declared], [on_line]) = (item.packages.as_slice(), line.packages.as_slice())
        && declared.type_code.as_ref().map(|c| &c.value) == on_line.type_code.as_ref().map(|c| &c.value)
    {
        quantities.extend(declared.count.and_then(Quantity::packages));
    }
    quantities.retain(|q| certified.iter().any(|c| (c.kind, &c.unit) == (q.kind, &q.unit)));
    quantities
}

/// A line that an item takes from.
struct Source<'c> {
    certificate: usize,
    line: &'c TradeLine,
}

fn demands(
    transaction: &mut dyn Transaction,
    declaration: &str,
    evaluation: &Evaluation,
    accounts: &[Account],
) -> Result<Vec<Demand>, StoreError> {
    let case = &evaluation.case;
    let mut demands: Vec<Demand> = Vec::new();
    for (index, item) in (0..).zip(&case.declaration.items) {
        if effect_of_procedure(item.procedure.as_ref().map(|c| c.value.as_str())) == Effect::CiteOnly {
            continue;
        }
        for role in [CertificateRole::OfficialCertificate, CertificateRole::EntryDocument] {
            let sources = sources(case, index, role);
            match sources.as_slice() {
                [] => {}
                [only] => demands.extend(whole(evaluation, item, only)),
                several => {
                    let taken = taken(transaction, declaration, evaluation, several)?;
                    demands.extend(split(evaluation, accounts, item, several, &taken, &demands));
                }
            }
        }
    }
    Ok(demands)
}

/// The lines that an item belongs to for certain, of certificates of a role.
fn sources(case: &Case, item: u32, role: CertificateRole) -> Vec<Source<'_>> {
    case.pairings
        .iter()
        .filter(|p| p.item == item && p.basis != PairingBasis::Ambiguous)
        .filter_map(|p| {
            let certificate = &case.certificates.get(p.certificate as usize)?.certificate;
            let line = certificate.consignment.lines.get(p.line as usize)?;
            (certificate.role == role).then_some(Source { certificate: p.certificate as usize, line })
        })
        .collect()
}

fn demand(
    evaluation: &Evaluation,
    item: &GoodsItem,
    source: &Source<'_>,
    quantities: Vec<Quantity>,
) -> Demand {
    Demand {
        item: item.sequence,
        certificate: evaluation.held[source.certificate].chain.clone(),
        line: source.line.sequence,
        commodity: None,
        quantities,
    }
}

fn whole(evaluation: &Evaluation, item: &GoodsItem, source: &Source<'_>) -> Option<Demand> {
    let quantities = declared(item, source.line, &certified(source.line));
    (!quantities.is_empty()).then(|| demand(evaluation, item, source, quantities))
}

/// What others hold, by certificate, line and kind.
type Held = BTreeMap<(String, u32, Kind), i128>;

fn taken(
    transaction: &mut dyn Transaction,
    declaration: &str,
    evaluation: &Evaluation,
    sources: &[Source<'_>],
) -> Result<Held, StoreError> {
    let mut taken = Held::new();
    let chains: BTreeSet<&String> = sources.iter().map(|s| &evaluation.held[s.certificate].chain).collect();
    for chain in chains {
        for movement in movements(transaction, chain)? {
            if movement.declaration != declaration {
                let key = (chain.clone(), movement.line, movement.quantity.kind);
                *taken.entry(key).or_default() += i128::from(movement.quantity.amount.billionths());
            }
        }
    }
    Ok(taken)
}

/// Splits what an item declares over several lines: from each what is left,
/// and from the last whatever remains.
fn split(
    evaluation: &Evaluation,
    accounts: &[Account],
    item: &GoodsItem,
    sources: &[Source<'_>],
    taken: &Held,
    earlier: &[Demand],
) -> Vec<Demand> {
    let mut remaining: BTreeMap<Kind, i64> = BTreeMap::new();
    let mut parts = Vec::new();
    for (position, source) in sources.iter().enumerate() {
        let certified = certified(source.line);
        let chain = &evaluation.held[source.certificate].chain;
        debug_assert!(accounts.iter().any(|account| account.certificate == *chain));
        let last = position + 1 == sources.len();
        let mut quantities = Vec::new();
        for quantity in declared(item, source.line, &certified) {
            let wanted = *remaining.entry(quantity.kind).or_insert(quantity.amount.billionths());
            let limit =
                certified.iter().find(|c| c.kind == quantity.kind).map_or(0, |c| c.amount.billionths());
            let held = taken.get(&(chain.clone(), source.line.sequence, quantity.kind)).copied().unwrap_or(0);
            let before: i128 = earlier
                .iter()
                .filter(|d| d.certificate == *chain && d.line == source.line.sequence)
                .flat_map(|d| &d.quantities)
                .filter(|q| q.kind == quantity.kind)
                .map(|q| i128::from(q.amount.billionths()))
                .sum();
            let left = i64::try_from((i128::from(limit) - held - before).max(0)).unwrap_or(i64::MAX);
            let part = if last { wanted } else { wanted.min(left) };
            remaining.insert(quantity.kind, wanted - part);
            let amount = Amount::new(Decimal { coefficient: part, scale: 9 }).unwrap_or_default();
            if part > 0 {
                quantities.push(Quantity { amount, ..quantity });
            }
        }
        if !quantities.is_empty() {
            parts.push(demand(evaluation, item, source, quantities));
        }
    }
    parts
}

#[cfg(test)]
#[path = "reserve_tests.rs"]
mod tests;
