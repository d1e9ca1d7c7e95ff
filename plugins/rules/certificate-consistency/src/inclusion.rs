//! Comparing quantities by inclusion.
//!
//! Several items may share a certificate line, and an item may be spread over
//! several lines. An item is judged by its own lines: all items that belong to
//! nothing else may together declare what those lines certify. Where lines
//! are shared further, it must be possible as well to share out the amounts of
//! the whole group.

use ecert_sdk::decimal::{Number, sum};
use ecert_sdk::model::cases::PairingBasis;
use ecert_sdk::model::certificates::TradeLine;
use ecert_sdk::model::declarations::GoodsItem;

use crate::{OnItem, allotment};

/// A certificate line, by the indexes of certificate and line.
type LineIndex = (u32, u32);

/// How the quantities of one kind are read.
pub(crate) trait Quantity {
    /// What an item declares; none where it declares nothing comparable.
    fn declared(&self, item: &GoodsItem) -> Option<Number>;
    /// What a line certifies; none where it certifies nothing comparable.
    fn certified(&self, line: &TradeLine) -> Option<Number>;
}

/// What an item, or the items it shares lines with, declare and may declare.
#[derive(Clone, Debug)]
pub(crate) struct Balance {
    pub(crate) declared: Number,
    pub(crate) certified: Number,
    /// The lines that were summed.
    pub(crate) lines: Vec<LineIndex>,
    /// The items that were summed.
    pub(crate) items: Vec<u32>,
}

/// Why there is no balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// The item has no line.
    Line,
    /// The item declares nothing comparable.
    Declared,
    /// A line certifies nothing comparable.
    Certified,
}

/// The balances of an item over its lines on official certificates or on
/// entry documents: its own and, where the group it belongs to cannot be
/// served, that of the items which together draw too much.
pub(crate) fn balances(
    check: &OnItem<'_>,
    official: bool,
    quantity: &impl Quantity,
) -> Result<Vec<Balance>, Gap> {
    let of_role = |line: &ecert_sdk::rules::Line<'_>| line.cited.is_official() == official;
    let own: Vec<LineIndex> =
        check.all_lines().filter(of_role).map(|line| (line.cited.index, line.index)).collect();
    if own.is_empty() {
        return Err(Gap::Line);
    }
    quantity.declared(check.item()).ok_or(Gap::Declared)?;
    let group = connected(check, &own);
    let mut result = vec![balance(check, quantity, own)?];
    if group.len() > result[0].lines.len() {
        let overdrawn = overdrawn_with(check, quantity, &group)?;
        if !overdrawn.is_empty() {
            result.push(balance(check, quantity, overdrawn)?);
        }
    }
    Ok(result)
}

/// The lines on which the item and others together draw too much; none if the
/// item is not among those who do.
fn overdrawn_with(
    check: &OnItem<'_>,
    quantity: &impl Quantity,
    group: &[LineIndex],
) -> Result<Vec<LineIndex>, Gap> {
    let items = confined(check, group);
    let goods = &check.declaration().items;
    let need = |&item: &u32| goods.get(item as usize).and_then(|goods| quantity.declared(goods));
    let needs: Vec<_> = items.iter().map(|item| need(item).unwrap_or_default()).collect();
    let stock: Option<Vec<_>> = group.iter().map(|&line| certified(check, quantity, line)).collect();
    let place = |line: LineIndex| group.iter().position(|&known| known == line);
    let lines_of = |&item: &u32| {
        let own = pairings(check).filter(|&(of, _)| of == item);
        own.filter_map(|(_, line)| place(line)).collect::<Vec<_>>()
    };
    let draws: Vec<_> = items.iter().map(lines_of).collect();
    let overdrawn =
        allotment::overdrawn(&needs, &stock.ok_or(Gap::Certified)?, &draws).ok_or(Gap::Declared)?;
    let Some(item) = items.iter().position(|&item| item == check.index()) else { return Ok(Vec::new()) };
    Ok(together(item, &overdrawn, &draws).into_iter().map(|line| group[line]).collect())
}

/// The lines of an item and of those among `items` that are connected with it;
/// none if it is not one of them.
fn together(item: usize, items: &[usize], draws: &[Vec<usize>]) -> Vec<usize> {
    if !items.contains(&item) {
        return Vec::new();
    }
    let mut lines = draws[item].clone();
    let mut reached = 0;
    while reached < lines.len() {
        let line = lines[reached];
        reached += 1;
        for &other in items.iter().filter(|&&other| draws[other].contains(&line)) {
            let more: Vec<_> = draws[other].iter().filter(|line| !lines.contains(line)).copied().collect();
            lines.extend(more);
        }
    }
    lines
}

/// What a line certifies.
fn certified(check: &OnItem<'_>, quantity: &impl Quantity, (certificate, line): LineIndex) -> Option<Number> {
    let certificate = check.case().certificates.get(certificate as usize)?;
    quantity.certified(certificate.certificate.consignment.lines.get(line as usize)?)
}

fn balance(check: &OnItem<'_>, quantity: &impl Quantity, lines: Vec<LineIndex>) -> Result<Balance, Gap> {
    let items = confined(check, &lines);
    let certified = lines.iter().map(|&line| certified(check, quantity, line));
    let certified = certified.collect::<Option<Vec<_>>>().and_then(sum).ok_or(Gap::Certified)?;
    let declared_items = &check.declaration().items;
    let declared = items.iter().filter_map(|&item| quantity.declared(declared_items.get(item as usize)?));
    let declared = sum(declared).ok_or(Gap::Declared)?;
    Ok(Balance { declared, certified, lines, items })
}

/// Decided pairings: item and line.
fn pairings<'a>(check: &OnItem<'a>) -> impl Iterator<Item = (u32, LineIndex)> + use<'a> {
    let decided = check.case().pairings.iter().filter(|pairing| pairing.basis != PairingBasis::Ambiguous);
    decided.map(|pairing| (pairing.item, (pairing.certificate, pairing.line)))
}

/// Whether a line stands on the same kind of document as these.
fn same_role(check: &OnItem<'_>, lines: &[LineIndex], other: LineIndex) -> bool {
    let role = |line: LineIndex| check.certificate(line.0).map(|cited| cited.is_official());
    lines.first().is_some_and(|&first| role(first) == role(other))
}

/// The items whose lines are all among these.
fn confined(check: &OnItem<'_>, lines: &[LineIndex]) -> Vec<u32> {
    let mut items = Vec::new();
    for (item, line) in pairings(check) {
        if !lines.contains(&line) || items.contains(&item) {
            continue;
        }
        let mut own = pairings(check).filter(|&(of, line)| of == item && same_role(check, lines, line));
        if own.all(|(_, line)| lines.contains(&line)) {
            items.push(item);
        }
    }
    items
}

/// These lines, and all that are connected with them through items.
fn connected(check: &OnItem<'_>, lines: &[LineIndex]) -> Vec<LineIndex> {
    let mut group = lines.to_vec();
    let mut reached = 0;
    while reached < group.len() {
        let line = group[reached];
        reached += 1;
        for (item, _) in pairings(check).filter(|&(_, other)| other == line) {
            for (_, other) in pairings(check).filter(|&(of, _)| of == item) {
                if !group.contains(&other) && same_role(check, lines, other) {
                    group.push(other);
                }
            }
        }
    }
    group
}
