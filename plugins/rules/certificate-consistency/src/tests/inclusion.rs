//! Properties of the comparison of net weights, for any way in which items
//! share the lines of certificates.

use std::collections::{BTreeMap, BTreeSet};

use ecert_sdk::model::cases::CitedCertificate;
use ecert_sdk::model::declarations::{GoodsItem, SupportingDocument};
use ecert_sdk::model::reports::Verdict;
use ecert_sdk::model::values::{Decimal, Identifier, Measure};
use ecert_sdk::testing::{Scenario, identifier};
use proptest::prelude::*;

use super::judge;

const ITEMS: usize = 4;
const LINES: usize = 5;
const CERTIFICATES: usize = 3;

/// Units of mass, and the power of ten that turns their numbers into grams.
const UNITS: &[(&str, u8)] = &[("GRM", 0), ("KGM", 3), ("TNE", 6)];

/// A line: the certificate it stands on, what each item takes of it (none:
/// the item has nothing to do with it), and what nobody takes; in grams.
#[derive(Clone, Debug)]
struct Line {
    certificate: usize,
    taken: Vec<Option<i64>>,
    left: i64,
}

impl Line {
    fn certified(&self) -> i64 {
        self.taken.iter().flatten().sum::<i64>() + self.left
    }
}

/// Certified amounts, split among items.
#[derive(Clone, Debug)]
struct Split {
    lines: Vec<Line>,
    /// What items declare beyond their shares, in grams.
    excess: [i64; ITEMS],
}

impl Split {
    fn declared(&self, item: usize) -> i64 {
        self.lines.iter().filter_map(|line| line.taken[item]).sum::<i64>() + self.excess[item]
    }

    /// What is certified and taken by nobody.
    fn left(&self) -> i64 {
        self.lines.iter().map(|line| line.left).sum()
    }

    fn certified(&self) -> i64 {
        self.lines.iter().map(Line::certified).sum()
    }

    /// What is certified on the lines that any of these items takes of.
    fn certified_to(&self, items: &[usize]) -> i64 {
        let theirs = |line: &&Line| items.iter().any(|&item| line.taken[item].is_some());
        self.lines.iter().filter(theirs).map(Line::certified).sum()
    }

    /// Whether these items declare more than all their lines certify.
    fn exceeds(&self, items: &[usize]) -> bool {
        items.iter().map(|&item| self.declared(item)).sum::<i64>() > self.certified_to(items)
    }

    fn raised(mut self, item: usize, by: i64) -> Self {
        self.excess[item] += by;
        self
    }
}

/// How a split is written down: in which order, and each amount in which unit.
#[derive(Clone, Debug)]
struct Writing {
    items: Vec<usize>,
    lines: Vec<usize>,
    certificates: Vec<usize>,
    units_of_items: Vec<usize>,
    units_of_lines: Vec<usize>,
}

impl Writing {
    /// As it comes, in grams.
    fn plain() -> Self {
        Self {
            items: (0..ITEMS).collect(),
            lines: (0..LINES).collect(),
            certificates: (0..CERTIFICATES).collect(),
            units_of_items: vec![0; ITEMS],
            units_of_lines: vec![0; LINES],
        }
    }
}

/// Every item takes of one line at least. With few lines most items are
/// connected; with more, groups of them stand apart.
fn splits(left: impl Strategy<Value = i64>) -> impl Strategy<Value = Split> {
    let taken = proptest::collection::vec(proptest::option::weighted(0.3, 0..5_000_000i64), ITEMS);
    let line = (0..CERTIFICATES, taken, left).prop_map(|(certificate, taken, left)| Line {
        certificate,
        taken,
        left,
    });
    (proptest::collection::vec(line, 1..=LINES), proptest::array::uniform4(0..LINES)).prop_map(
        |(mut lines, needed)| {
            for (item, line) in needed.into_iter().enumerate() {
                let line = line % lines.len();
                lines[line].taken[item].get_or_insert(1_500);
            }
            Split { lines, excess: [0; ITEMS] }
        },
    )
}

fn order(count: usize) -> impl Strategy<Value = Vec<usize>> {
    Just((0..count).collect::<Vec<_>>()).prop_shuffle()
}

fn writings() -> impl Strategy<Value = Writing> {
    let units = |count| proptest::collection::vec(0..UNITS.len(), count);
    (order(ITEMS), order(LINES), order(CERTIFICATES), units(ITEMS), units(LINES)).prop_map(
        |(items, lines, certificates, units_of_items, units_of_lines)| Writing {
            items,
            lines,
            certificates,
            units_of_items,
            units_of_lines,
        },
    )
}

/// By how much more may be declared than certified: kilograms, or tenths of a
/// percent.
#[derive(Clone, Copy, Debug)]
enum Allowance {
    Kilograms(i64),
    Tenths(i64),
}

impl Allowance {
    fn parameters(self) -> String {
        let tolerance = match self {
            Self::Kilograms(kilograms) => format!(r#"{{"absolute": "{kilograms}"}}"#),
            Self::Tenths(tenths) => {
                format!(r#"{{"percent": "{}"}}"#, Decimal { coefficient: tenths, scale: 1 })
            }
        };
        format!(r#"{{"tolerances": {{"KGM": {tolerance}}}}}"#)
    }

    /// The most that it allows on an amount, in grams, rounded up.
    fn on(self, certified: i64) -> i64 {
        match self {
            Self::Kilograms(kilograms) => kilograms * 1_000,
            Self::Tenths(tenths) => (certified * tenths + 999) / 1_000,
        }
    }
}

fn allowances() -> impl Strategy<Value = Allowance> {
    prop_oneof![(0..50i64).prop_map(Allowance::Kilograms), (0..50i64).prop_map(Allowance::Tenths)]
}

fn weight(grams: i64, unit: usize) -> Option<Measure> {
    let (unit, scale) = UNITS[unit];
    let value = Decimal { coefficient: grams, scale };
    Some(Measure { value, unit: Some(unit.into()), ..Measure::default() })
}

fn index(position: usize) -> u32 {
    u32::try_from(position).expect("a test case is small")
}

fn number(certificate: usize) -> Identifier {
    identifier(&format!("NZL2026/TEST{certificate}"))
}

/// Where each line comes to stand: certificate and position.
fn places(split: &Split, writing: &Writing) -> BTreeMap<usize, (usize, usize)> {
    let mut places = BTreeMap::new();
    for (position, &certificate) in writing.certificates.iter().enumerate() {
        let stands = |line: &&usize| split.lines.get(**line).is_some_and(|it| it.certificate == certificate);
        let lines = writing.lines.iter().filter(stands).enumerate();
        places.extend(lines.map(|(at, &line)| (line, (position, at))));
    }
    places
}

fn certificates(split: &Split, writing: &Writing, template: &CitedCertificate) -> Vec<CitedCertificate> {
    let numbered = |&certificate: &usize| {
        let mut cited = template.clone();
        cited.certificate.number = number(certificate);
        cited.certificate.consignment.lines.clear();
        cited
    };
    let mut certificates: Vec<_> = writing.certificates.iter().map(numbered).collect();
    for &line in writing.lines.iter().filter(|&&line| line < split.lines.len()) {
        let (certificate, _) = places(split, writing)[&line];
        let mut written = template.certificate.consignment.lines[0].clone();
        written.net_weight = weight(split.lines[line].certified(), writing.units_of_lines[line]);
        certificates[certificate].certificate.consignment.lines.push(written);
    }
    certificates
}

/// An item, which cites every certificate that it takes of.
fn item(split: &Split, writing: &Writing, item: usize, template: &GoodsItem) -> GoodsItem {
    let mut written = template.clone();
    written.net_weight = weight(split.declared(item), writing.units_of_items[item]);
    let used = split.lines.iter().filter(|line| line.taken[item].is_some());
    let used: BTreeSet<usize> = used.map(|line| line.certificate).collect();
    let cite = |&certificate: &usize| SupportingDocument {
        number: Some(number(certificate)),
        ..template.documents[0].clone()
    };
    written.documents = used.iter().map(cite).collect();
    written
}

/// The split as certificates and a declaration, paired as it says.
fn scenario(split: &Split, writing: &Writing, allowance: Allowance) -> Scenario {
    let mut scenario = Scenario::consistent();
    scenario.case.certificates = certificates(split, writing, &scenario.case.certificates[0]);
    let scenario = scenario.change(|declaration, _| {
        let template = declaration.items.remove(0);
        declaration.items = writing.items.iter().map(|&of| item(split, writing, of, &template)).collect();
    });
    let mut pairings = Vec::new();
    for (position, &item) in writing.items.iter().enumerate() {
        let taken =
            places(split, writing).into_iter().filter(|&(line, _)| split.lines[line].taken[item].is_some());
        pairings
            .extend(taken.map(|(_, (certificate, line))| (index(position), index(certificate), index(line))));
    }
    scenario.pair(&pairings).parameters(&allowance.parameters())
}

/// What the rule comes to on each item, in the order of the split.
fn verdicts(split: &Split, writing: &Writing, allowance: Allowance) -> Vec<Verdict> {
    let judged = judge(&scenario(split, writing, allowance)).verdicts("net-weight");
    let mut verdicts: Vec<_> = writing.items.iter().copied().zip(judged).collect();
    verdicts.sort_by_key(|&(item, _)| item);
    verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_split_up_always_fits(
        split in splits(0..3_000_000i64), writing in writings(), allowance in allowances(),
    ) {
        prop_assert_eq!(verdicts(&split, &writing, allowance), vec![Verdict::Passed; ITEMS]);
    }

    #[test]
    fn more_than_certified_and_allowed_never_fits(
        split in splits(0..3_000_000i64), writing in writings(), allowance in allowances(), item in 0..ITEMS,
    ) {
        let more = split.left() + allowance.on(split.certified()) + 1;
        let verdicts = verdicts(&split.raised(item, more), &writing, allowance);
        prop_assert_eq!(verdicts[item], Verdict::Failed);
    }

    #[test]
    fn the_allowance_is_met_to_the_gram(
        split in splits(Just(0)), writing in writings(), kilograms in 0..50i64, item in 0..ITEMS,
    ) {
        let allowance = Allowance::Kilograms(kilograms);
        let just = split.clone().raised(item, kilograms * 1_000);
        prop_assert_eq!(verdicts(&just, &writing, allowance), vec![Verdict::Passed; ITEMS]);
        let over = split.raised(item, kilograms * 1_000 + 1);
        prop_assert_eq!(verdicts(&over, &writing, allowance)[item], Verdict::Failed);
    }

    #[test]
    fn an_item_fails_where_any_items_together_exceed_their_lines(
        split in splits(0..20_000i64), excess in proptest::array::uniform4(0..20_000i64), writing in writings(),
    ) {
        let split = Split { excess, ..split };
        let verdicts = verdicts(&split, &writing, Allowance::Kilograms(0));
        let subsets = (1..1 << ITEMS).map(|bits: usize| (0..ITEMS).filter(|item| bits >> item & 1 == 1).collect());
        let too_much: Vec<Vec<usize>> = subsets.filter(|items: &Vec<_>| split.exceeds(items)).collect();
        prop_assert_eq!(verdicts.iter().all(|&verdict| verdict == Verdict::Passed), too_much.is_empty());
        // Nobody fails who has no part in it.
        for item in (0..ITEMS).filter(|&item| verdicts[item] == Verdict::Failed) {
            prop_assert!(too_much.iter().any(|items| items.contains(&item)));
        }
    }

    #[test]
    fn neither_order_nor_units_change_the_verdict(
        split in splits(0..20_000i64), excess in proptest::array::uniform4(0..20_000i64),
        writing in writings(), allowance in allowances(),
    ) {
        let split = Split { excess, ..split };
        prop_assert_eq!(verdicts(&split, &writing, allowance), verdicts(&split, &Writing::plain(), allowance));
    }
}
