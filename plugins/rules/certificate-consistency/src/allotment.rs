//! Sharing certified amounts out among the items that draw on them.
//!
//! Where items share lines in a chain, it is not enough that each item fits
//! its own lines and all items together fit all lines: two neighbours may
//! declare more than both of them can get, while a line at the other end has
//! something left. So the amounts are shared out, each item drawing on its
//! lines, and taking from a line what another item can replace from elsewhere
//! (a maximum flow, found by augmenting paths).

use std::collections::{BTreeMap, VecDeque};

use ecert_sdk::decimal::{Number, sum};

/// The items that cannot all be served, whatever is given to whom: together
/// they need more than all their lines hold. Empty if everyone can be served;
/// none if the numbers have too many digits.
///
/// `needs` is by item, `stock` by line, `draws` the lines of each item.
pub(crate) fn overdrawn(needs: &[Number], stock: &[Number], draws: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut allotment = Allotment { draws, left: stock.to_vec(), given: BTreeMap::new() };
    let mut unserved = Vec::new();
    for (item, &need) in needs.iter().enumerate() {
        if allotment.serve(item, need)? > Number::ZERO {
            unserved.push(item);
        }
    }
    // Who could get more only if these got less is in the same boat.
    let searches: Vec<_> = unserved.into_iter().map(|item| allotment.search(item)).collect();
    let reached = |&item: &usize| searches.iter().any(|search| search.items[item].is_some());
    Some((0..needs.len()).filter(reached).collect())
}

struct Allotment<'a> {
    draws: &'a [Vec<usize>],
    /// What is left on each line.
    left: Vec<Number>,
    /// What a line gives to an item, by line and item.
    given: BTreeMap<(usize, usize), Number>,
}

/// What can be reached from an item, going to its lines, and from a line to the
/// items it gives to.
struct Search {
    /// By line: the item it was reached from.
    lines: Vec<Option<usize>>,
    /// By item: the line it was reached from; the first item stands for itself.
    items: Vec<Option<Origin>>,
    /// The nearest line that has something left.
    end: Option<usize>,
}

#[derive(Clone, Copy)]
enum Origin {
    Start,
    Line(usize),
}

impl Allotment<'_> {
    /// Gives an item what it needs, as far as possible; returns what is
    /// lacking.
    fn serve(&mut self, item: usize, mut need: Number) -> Option<Number> {
        while need > Number::ZERO {
            let search = self.search(item);
            let Some(end) = search.end else { break };
            let way = way(&search, end);
            let amount = self.passable(&way, need);
            for (position, &(taker, line)) in way.iter().enumerate() {
                self.change(line, taker, amount)?;
                if let Some(&(giver, _)) = way.get(position + 1) {
                    self.change(line, giver, -amount)?;
                }
            }
            self.left[end] = sum([self.left[end], -amount])?;
            need = sum([need, -amount])?;
        }
        Some(need)
    }

    fn search(&self, start: usize) -> Search {
        let mut search =
            Search { lines: vec![None; self.left.len()], items: vec![None; self.draws.len()], end: None };
        search.items[start] = Some(Origin::Start);
        let mut next = VecDeque::from([start]);
        while let Some(item) = next.pop_front() {
            for &line in &self.draws[item] {
                if search.lines[line].is_some() {
                    continue;
                }
                search.lines[line] = Some(item);
                if self.left[line] > Number::ZERO {
                    search.end = Some(line);
                    return search;
                }
                for (&(_, other), _) in self.given.range((line, 0)..=(line, usize::MAX)) {
                    if search.items[other].is_none() {
                        search.items[other] = Some(Origin::Line(line));
                        next.push_back(other);
                    }
                }
            }
        }
        search
    }

    /// How much can be passed along a way: each item on it gives up what it
    /// has of the line before.
    fn passable(&self, way: &[(usize, usize)], need: Number) -> Number {
        let end = way.last().map_or(Number::ZERO, |&(_, line)| self.left[line]);
        let given = way.windows(2).filter_map(|step| self.given.get(&(step[0].1, step[1].0)).copied());
        given.chain([end]).fold(need, Number::min)
    }

    fn change(&mut self, line: usize, item: usize, amount: Number) -> Option<()> {
        let before = self.given.remove(&(line, item)).unwrap_or_default();
        let after = sum([before, amount])?;
        if !after.is_zero() {
            self.given.insert((line, item), after);
        }
        Some(())
    }
}

/// The way to a line: who takes of which line, from the one who started.
fn way(search: &Search, end: usize) -> Vec<(usize, usize)> {
    let mut way = Vec::new();
    let mut line = Some(end);
    while let Some(at) = line {
        let Some(item) = search.lines[at] else { break };
        way.push((item, at));
        line = match search.items[item] {
            Some(Origin::Line(before)) => Some(before),
            _ => None,
        };
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: [usize; 0] = [];

    fn judge(needs: &[i64], stock: &[i64], draws: &[&[usize]]) -> Vec<usize> {
        let numbers = |values: &[i64]| values.iter().map(|&value| value.into()).collect::<Vec<Number>>();
        let draws: Vec<_> = draws.iter().map(|lines| lines.to_vec()).collect();
        overdrawn(&numbers(needs), &numbers(stock), &draws).unwrap()
    }

    #[test]
    fn what_others_can_replace_is_taken_over() {
        // The first item could take all of line 0, which the second needs.
        assert_eq!(judge(&[100, 100], &[100, 100], &[&[0, 1], &[0]]), NOBODY);
        assert_eq!(judge(&[100, 100, 100], &[100, 100, 100], &[&[0, 1], &[1, 2], &[0]]), NOBODY);
    }

    #[test]
    fn neighbours_in_a_chain_are_found_out() {
        let chain: &[&[usize]] = &[&[0, 1], &[1, 2], &[2, 3]];
        assert_eq!(judge(&[150, 150, 100], &[100; 4], chain), NOBODY);
        // 310 of 300, although 100 are left on the last line.
        assert_eq!(judge(&[150, 160, 0], &[100; 4], chain), [0, 1]);
        // Only who lacks something, and who shares lines with them.
        assert_eq!(judge(&[201, 50, 50], &[100; 4], chain), [0]);
    }

    #[test]
    fn nothing_is_needed_of_nothing() {
        assert_eq!(judge(&[0, -5], &[0, -1], &[&[0], &[1]]), NOBODY);
        assert_eq!(judge(&[1], &[0], &[&[0]]), [0]);
        assert_eq!(judge(&[1], &[], &[&[]]), [0]);
    }
}
