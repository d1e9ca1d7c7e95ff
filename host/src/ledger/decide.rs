//! Whether a reservation is possible: no store, no clock, only arithmetic.

use std::collections::BTreeMap;

use serde::Serialize;

use super::quantity::{Amount, Kind, Quantity};

/// A line of a certificate as the ledger sees it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number: that of the message, or the position from 1.
    pub number: u32,
    /// What is certified, at most one quantity per kind.
    pub certified: Vec<Quantity>,
    /// Prefixes, one of which the declared commodity code must have; empty
    /// leaves the code to the rules.
    pub commodity_prefixes: Vec<String>,
}

/// A certificate that a declaration takes from.
#[derive(Clone, Debug)]
pub struct Account {
    /// Identifier of the certificate; of a replacement, that of the first of
    /// its chain, so that it inherits what was taken.
    pub certificate: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// How much more than certified may be taken.
    pub tolerance: Tolerance,
    /// The same where it was agreed on, by unit.
    pub agreed: BTreeMap<String, Tolerance>,
    /// Whether its status lets anything be taken from it.
    pub usable: bool,
}

/// A margin above what is certified: the larger of both counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// In hundredths of a percent.
    pub basis_points: u32,
    /// In units.
    pub absolute: Amount,
}

/// What an item of a declaration takes from a certificate line.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Sequence number of the goods item.
    pub item: u32,
    /// Identifier of the account.
    pub certificate: String,
    /// Number of the line.
    pub line: u32,
    /// Declared commodity code.
    pub commodity: Option<String>,
    /// How much, at most one quantity per kind.
    pub quantities: Vec<Quantity>,
}

/// What declarations hold of a line already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Identifier of the account.
    pub certificate: String,
    /// Number of the line.
    pub line: u32,
    /// What and how much.
    pub quantity: Quantity,
}

/// Why nothing was reserved. The codes are those of the European Union's
/// CERTEX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// 03: the declared commodity is not the certified one.
    CommodityMismatch,
    /// 04: nothing may be taken from a certificate of this status.
    Status,
    /// 05: more is declared than is left.
    Insufficient,
    /// 06: the declaration's goods were released already.
    WrittenOff,
    /// 06 too: an officer refused the goods, and has not freed them since.
    Blocked,
    /// 07: the certificate has no such line.
    NoSuchLine,
    /// 10: the units cannot be converted into each other.
    UnitMismatch,
    /// 11: certificate or declaration lack the quantities to compare.
    NotValidated,
}

impl Reason {
    /// The code of CERTEX.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CommodityMismatch => "03",
            Self::Status => "04",
            Self::Insufficient => "05",
            Self::WrittenOff | Self::Blocked => "06",
            Self::NoSuchLine => "07",
            Self::UnitMismatch => "10",
            Self::NotValidated => "11",
        }
    }
}

/// A reservation that was refused, and what for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// Sequence number of the goods item; none where the whole is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The certificate.
    pub certificate: String,
    /// Its line, where it is about one that there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What was asked for by all items of the declaration together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Quantity>,
    /// What is left for this declaration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Quantity>,
}

/// Decides whether all demands can be met beside what others hold. What
/// declarations hold that this one follows on from is there for it.
///
/// Checks in the order of CERTEX: the certificates' statuses, for each demand
/// its line, commodity and units, then the quantities, all items of the
/// declaration together.
pub fn decide(
    accounts: &[Account],
    others: &[Taken],
    inherited: &[Taken],
    demands: &[Demand],
) -> Result<(), Box<Refusal>> {
    let unusable = |demand: &&Demand| {
        accounts.iter().any(|account| account.certificate == demand.certificate && !account.usable)
    };
    if let Some(demand) = demands.iter().find(unusable) {
        return Err(Box::new(Refusal { item: None, line: None, ..refusal(Reason::Status, demand) }));
    }
    let mut sums: BTreeMap<(&str, u32, Kind), (i128, &Demand, &Quantity)> = BTreeMap::new();
    for demand in demands {
        let refuse = |reason| Box::new(refusal(reason, demand));
        let none = || Box::new(Refusal { line: None, ..refusal(Reason::NoSuchLine, demand) });
        let (_, line) = line(accounts, demand).ok_or_else(none)?;
        if !commodity_fits(line, demand) {
            return Err(refuse(Reason::CommodityMismatch));
        }
        for quantity in comparable(line, demand).map_err(refuse)? {
            let key = (demand.certificate.as_str(), demand.line, quantity.kind);
            sums.entry(key).or_insert((0, demand, quantity)).0 += i128::from(quantity.amount.0);
        }
    }
    for ((certificate, _, kind), (asked, demand, quantity)) in sums {
        let Some((account, line)) = line(accounts, demand) else { continue };
        let certified = line.certified.iter().find(|c| c.kind == kind).map_or(0, |c| c.amount.0);
        let sum = |taken: &[Taken]| -> i128 {
            let of =
                |t: &&Taken| t.certificate == certificate && t.line == demand.line && t.quantity.kind == kind;
            taken.iter().filter(of).map(|taken| i128::from(taken.quantity.amount.0)).sum()
        };
        // What is not taken over of an earlier declaration's stays with it.
        let kept = (sum(inherited) - asked).max(0);
        let left = account.ceiling(&quantity.unit, certified) - sum(others) - kept;
        if asked > left {
            let shown = |value: i128| Quantity {
                amount: Amount(i64::try_from(value.max(0)).unwrap_or(i64::MAX)),
                ..quantity.clone()
            };
            return Err(Box::new(Refusal {
                asked: Some(shown(asked)),
                left: Some(shown(left)),
                ..refusal(Reason::Insufficient, demand)
            }));
        }
    }
    Ok(())
}

/// The quantities of a demand that its line certifies too. A kind that one
/// side does not mention is not compared; at least one has to be.
pub(super) fn comparable<'d>(line: &Line, demand: &'d Demand) -> Result<Vec<&'d Quantity>, Reason> {
    let mut found = Vec::new();
    for quantity in &demand.quantities {
        match line.certified.iter().find(|certified| certified.kind == quantity.kind) {
            Some(certified) if certified.unit != quantity.unit => return Err(Reason::UnitMismatch),
            Some(_) => found.push(quantity),
            None => {}
        }
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let both_measured = !line.certified.is_empty() && !demand.quantities.is_empty();
    Err(if both_measured { Reason::UnitMismatch } else { Reason::NotValidated })
}

pub(super) fn line<'a>(accounts: &'a [Account], demand: &Demand) -> Option<(&'a Account, &'a Line)> {
    let account = accounts.iter().find(|account| account.certificate == demand.certificate)?;
    Some((account, account.lines.iter().find(|line| line.number == demand.line)?))
}

fn commodity_fits(line: &Line, demand: &Demand) -> bool {
    let code = demand.commodity.as_deref().unwrap_or("");
    line.commodity_prefixes.is_empty()
        || line.commodity_prefixes.iter().any(|prefix| code.starts_with(prefix))
}

pub(super) fn refusal(reason: Reason, demand: &Demand) -> Refusal {
    Refusal {
        reason,
        item: Some(demand.item),
        certificate: demand.certificate.clone(),
        line: Some(demand.line),
        asked: None,
        left: None,
    }
}

impl Account {
    /// The most that may be taken where so much is certified, in a unit.
    pub(super) fn ceiling(&self, unit: &str, certified: i64) -> i128 {
        self.agreed.get(unit).copied().unwrap_or(self.tolerance).ceiling(certified)
    }
}

impl Tolerance {
    fn ceiling(self, certified: i64) -> i128 {
        let certified = i128::from(certified);
        let relative = certified * i128::from(self.basis_points) / 10_000;
        (certified + relative.max(self.absolute.0.into())).min(i64::MAX.into())
    }
}
