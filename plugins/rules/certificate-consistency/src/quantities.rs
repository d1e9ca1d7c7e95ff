//! How much: net weight, numbers of pieces, packages, and the total.

use ecert_sdk::decimal::{Number, Tolerance, decimal, number, sum};
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::{Certificate, TradeLine};
use ecert_sdk::model::declarations::GoodsItem;
use ecert_sdk::model::parts::Packages;
use ecert_sdk::model::values::{Decimal, Measure, Place};
use ecert_sdk::rules::{Cited, Difference, Judgement, Rule};
use ecert_sdk::unit::{self, Family};

use crate::goods::SAME_GOODS;
use crate::inclusion::{Balance, Gap, Quantity, balances};
use crate::parameters::base;
use crate::{GUIDELINES, OnDeclaration, OnItem, Parameters};

const LINE: &str = "certificate line of the item";
const DECLARED: &str = "declared quantity with its unit";
const CERTIFIED: &str = "certified quantity in a comparable unit";
const ALL_ITEMS: &str = "certificates for all items";
const NEEDS: &[&str] = &[LINE, DECLARED, CERTIFIED];
const ARGUMENTS: &[&str] = &["declared", "certified"];
const LAW: &str = "Official controls: a certificate covers the quantity it states and no more";

pub(crate) const NET_WEIGHT: Rule<Parameters> = Rule::of_item("net-weight", net_weight)
    .titles(&[("en", "No more net weight is declared than certified"), ("zh", "申报净重不超过证书净重")])
    .messages(&[
        ("en", "A net weight of {declared} is declared, {certified} is certified."),
        ("zh", "申报净重为 {declared}，证书净重为 {certified}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .after(SAME_GOODS)
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn net_weight(check: &OnItem<'_>) -> Judgement {
    compare_measures(check, check.item().net_weight.as_ref(), &|item| item.net_weight.as_ref(), &|line| {
        line.net_weight.as_ref()
    })
}

pub(crate) const ITEM_COUNT: Rule<Parameters> = Rule::of_item("item-count", item_count)
    .titles(&[
        ("en", "No more pieces, animals or volume are declared than certified"),
        ("zh", "申报数量不超过证书数量"),
    ])
    .messages(&[
        ("en", "A quantity of {declared} is declared, {certified} is certified."),
        ("zh", "申报数量为 {declared}，证书数量为 {certified}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .after(SAME_GOODS)
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn item_count(check: &OnItem<'_>) -> Judgement {
    let mut result = Judgement::NotApplicable;
    for declared in &check.item().quantities {
        let Some(kind) = declared.unit.as_deref() else {
            result = worse(result, Judgement::NotEvaluable(DECLARED));
            continue;
        };
        // Weights are the net weight's matter.
        if family(kind) == Some(Family::Mass) {
            continue;
        }
        let of_kind =
            |measure: &&Measure| measure.unit.as_deref().is_some_and(|unit| unit::comparable(unit, kind));
        let judgement = compare_measures(
            check,
            Some(declared),
            &|item| item.quantities.iter().find(of_kind),
            // Some partners write numbers of pieces as a volume.
            &|line| [&line.count, &line.net_volume].into_iter().flatten().find(of_kind),
        );
        result = worse(result, judgement);
    }
    result
}

/// The graver of two judgements: failed, not evaluable, passed, nothing to
/// check.
fn worse(one: Judgement, other: Judgement) -> Judgement {
    let rank = |judgement: &Judgement| match judgement {
        Judgement::NotApplicable => 0,
        Judgement::Passed => 1,
        Judgement::NotEvaluable(_) => 2,
        Judgement::Failed(_) => 3,
    };
    if rank(&other) > rank(&one) { other } else { one }
}

/// Measures in the unit of the item that is judged; those of other families
/// are not comparable.
struct Measures<'q> {
    unit: &'q str,
    declared: &'q dyn Fn(&GoodsItem) -> Option<&Measure>,
    certified: &'q dyn Fn(&TradeLine) -> Option<&Measure>,
}

impl Quantity for Measures<'_> {
    fn declared(&self, item: &GoodsItem) -> Option<Number> {
        in_family_of(self.unit, (self.declared)(item)?)
    }

    fn certified(&self, line: &TradeLine) -> Option<Number> {
        in_family_of(self.unit, (self.certified)(line)?)
    }
}

/// A measure in the base of a unit's family. An unknown unit is its own base.
fn in_family_of(wanted: &str, measure: &Measure) -> Option<Number> {
    let value = number(measure.value);
    let written = measure.unit.as_deref()?;
    match unit::find(wanted) {
        None => (written == wanted).then_some(value),
        Some(wanted) => {
            let (value, family) = unit::in_base(value, written)?;
            (family == wanted.family).then_some(value)
        }
    }
}

fn family(code: &str) -> Option<Family> {
    unit::find(code).map(|unit| unit.family)
}

fn compare_measures<'a>(
    check: &OnItem<'a>,
    own: Option<&'a Measure>,
    declared: &dyn Fn(&GoodsItem) -> Option<&Measure>,
    certified: &dyn Fn(&TradeLine) -> Option<&Measure>,
) -> Judgement {
    if check.certificates().next().is_none() {
        return Judgement::NotApplicable;
    }
    let Some((own, kind)) = own.and_then(|own| Some((own, own.unit.as_deref()?))) else {
        return Judgement::NotEvaluable(DECLARED);
    };
    let family = family(kind);
    let (tolerance, in_unit) = check.parameters().tolerance(kind, family);
    let tolerance = if in_unit { tolerance_in_base(tolerance, kind) } else { tolerance };
    let shown = family.and_then(base).unwrap_or(kind);
    let quantity = Measures { unit: kind, declared, certified };
    compare(check, &quantity, tolerance, |balance| {
        let line_place = |line: &TradeLine| certified(line).map(|measure| measure.place);
        let difference = if balance.items.len() == 1 {
            Difference::new().argument("declared", own).actual(own)
        } else {
            let declared = measure(balance.declared, shown);
            Difference::new().argument("declared", declared.clone()).actual(declared)
        };
        let total = measure(balance.certified, shown);
        places(check, balance, difference.argument("certified", total.clone()).expected(total), line_place)
            .in_declaration(own.place)
    })
}

/// The allowance of a tolerance in the base of its unit's family.
fn tolerance_in_base(tolerance: Tolerance, kind: &str) -> Tolerance {
    let absolute = tolerance.absolute.and_then(|allowed| {
        let in_base = unit::in_base(number(allowed), kind);
        in_base.map_or(Some(allowed), |(allowed, _)| decimal(allowed))
    });
    // Digits behind the point mean something only in the unit itself.
    let is_base = family(kind).and_then(base).is_none_or(|base| base == kind);
    Tolerance { absolute, decimals: tolerance.decimals.filter(|_| is_base), ..tolerance }
}

fn measure(value: Number, unit: &str) -> Measure {
    Measure { value: shown(value), unit: Some(unit.into()), ..Measure::default() }
}

/// A number for a finding; what has more digits than the model holds is shown
/// rounded.
fn shown(value: Number) -> Decimal {
    decimal(value).or_else(|| decimal(value.round_dp(6))).unwrap_or_default()
}

/// Adds where the certified quantities stand.
fn places(
    check: &OnItem<'_>,
    balance: &Balance,
    difference: Difference,
    place: impl Fn(&TradeLine) -> Option<Place>,
) -> Difference {
    balance.lines.iter().fold(difference, |difference, &(certificate, line)| {
        let cited = check.certificate(certificate);
        let line = cited.and_then(|cited| cited.certificate.consignment.lines.get(line as usize));
        let place = line.map_or(0, |line| place(line).unwrap_or(line.place));
        difference.in_certificate(certificate, place)
    })
}

/// Compares with the official certificates and, apart from them, with the
/// entry documents.
fn compare(
    check: &OnItem<'_>,
    quantity: &impl Quantity,
    tolerance: Tolerance,
    describe: impl Fn(&Balance) -> Difference,
) -> Judgement {
    let mut gap = Gap::Line;
    let mut compared = false;
    for official in [true, false] {
        match balances(check, official, quantity) {
            Ok(balances) => {
                compared = true;
                let exceeded = balances.iter().find(|one| !tolerance.allows(one.declared, one.certified));
                if let Some(exceeded) = exceeded {
                    return describe(exceeded).into();
                }
            }
            Err(Gap::Line) => {}
            Err(other) => gap = other,
        }
    }
    match gap {
        _ if compared => Judgement::Passed,
        Gap::Line => Judgement::NotEvaluable(LINE),
        Gap::Declared => Judgement::NotEvaluable(DECLARED),
        Gap::Certified => Judgement::NotEvaluable(CERTIFIED),
    }
}

pub(crate) const PACKAGE_COUNT: Rule<Parameters> = Rule::of_item("package-count", package_count)
    .titles(&[("en", "No more packages are declared than certified"), ("zh", "申报件数不超过证书件数")])
    .messages(&[
        ("en", "{declared} packages are declared, {certified} are certified."),
        ("zh", "申报件数为 {declared}，证书件数为 {certified}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .after(SAME_GOODS)
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn package_count(check: &OnItem<'_>) -> Judgement {
    let packages = &check.item().packages;
    if packages.iter().all(|packages| packages.count.is_none()) || check.certificates().next().is_none() {
        return Judgement::NotApplicable;
    }
    let mut result = Judgement::NotApplicable;
    for own in packages.iter().filter(|packages| packages.count.is_some()) {
        let quantity = PackagesOf { kind: kind(own) };
        let judgement = compare(check, &quantity, check.parameters().package_tolerance, |balance| {
            let place = |line: &TradeLine| line.packages.first().map(|packages| packages.place);
            let (declared, certified) = (shown(balance.declared), shown(balance.certified));
            let difference = Difference::new()
                .argument("declared", declared)
                .argument("certified", certified)
                .expected(certified)
                .actual(declared);
            places(check, balance, difference, place).in_declaration(own.place)
        });
        result = worse(result, judgement);
    }
    result
}

fn kind(packages: &Packages) -> Option<&str> {
    packages.type_code.as_ref().map(|code| code.value.as_str())
}

/// Packages of one kind. A line that counts none of that kind is taken by the
/// level with the most: partners name the same packages differently, and count
/// jars, cartons or pallets.
struct PackagesOf<'q> {
    kind: Option<&'q str>,
}

impl Quantity for PackagesOf<'_> {
    fn declared(&self, item: &GoodsItem) -> Option<Number> {
        total(item.packages.iter().filter(|packages| kind(packages) == self.kind))
    }

    fn certified(&self, line: &TradeLine) -> Option<Number> {
        let of_kind = || line.packages.iter().filter(|packages| kind(packages) == self.kind);
        if self.kind.is_some() && of_kind().next().is_some() {
            return total(of_kind());
        }
        let level = |packages: &Packages| packages.level.as_ref().map(|level| level.value.clone());
        let levels = line.packages.iter().map(|packages| {
            let level_of_it = level(packages);
            total(line.packages.iter().filter(|other| level(other) == level_of_it))
        });
        levels.flatten().max()
    }
}

fn total<'a>(packages: impl Iterator<Item = &'a Packages>) -> Option<Number> {
    let mut counted = packages.filter_map(|packages| packages.count).map(number).peekable();
    counted.peek()?;
    sum(counted)
}

pub(crate) const TOTAL_WEIGHT: Rule<Parameters> = Rule::of_declaration("total-weight", total_weight)
    .titles(&[("en", "The total gross weight is within the certified"), ("zh", "申报总毛重不超过证书总毛重")])
    .messages(&[
        ("en", "A total gross weight of {declared} is declared, {certified} is certified."),
        ("zh", "申报总毛重为 {declared}，证书总毛重为 {certified}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(&[DECLARED, CERTIFIED, ALL_ITEMS])
    .after(&["citation-resolves", "certificate-status", "commodity-code", "net-weight"])
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn total_weight(check: &OnDeclaration<'_>) -> Judgement {
    let declaration = check.declaration();
    let cited = check.cited();
    if cited.is_empty() {
        return Judgement::NotApplicable;
    }
    let Some(written) = &declaration.gross_weight else { return Judgement::NotApplicable };
    let Some(declared) = in_family_of("KGM", written) else { return Judgement::NotEvaluable(DECLARED) };
    let certified_items = check.items().filter(|item| item.certificates().next().is_some()).count();
    if certified_items < declaration.items.len() {
        return Judgement::NotEvaluable(ALL_ITEMS);
    }
    let official = cited.iter().any(Cited::is_official);
    let weighed = cited.iter().filter(|cited| cited.is_official() == official);
    let weights = weighed.map(|cited| gross_weight(cited.certificate)).collect::<Option<Vec<_>>>();
    let Some(certified) = weights.and_then(sum) else { return Judgement::NotEvaluable(CERTIFIED) };
    if check.parameters().gross_tolerance().allows(declared, certified) {
        return Judgement::Passed;
    }
    let total = measure(certified, "KGM");
    let difference = Difference::new()
        .argument("declared", written)
        .argument("certified", total.clone())
        .expected(total)
        .actual(written)
        .in_declaration(written.place);
    let place = |cited: &Cited<'_>| {
        let consignment = &cited.certificate.consignment;
        consignment.totals.as_ref().map_or(consignment.place, |totals| totals.place)
    };
    cited
        .iter()
        .fold(difference, |difference, cited| difference.in_certificate(cited.index, place(cited)))
        .into()
}

/// Gross weight of a certificate in kilograms: the stated total, else the sum
/// of the lines.
fn gross_weight(certificate: &Certificate) -> Option<Number> {
    let consignment = &certificate.consignment;
    let stated = consignment.totals.as_ref().and_then(|totals| totals.gross_weight.as_ref());
    if let Some(total) = stated.and_then(|total| in_family_of("KGM", total)) {
        return Some(total);
    }
    if consignment.lines.is_empty() {
        return None;
    }
    let lines = consignment.lines.iter();
    sum(lines.map(|line| in_family_of("KGM", line.gross_weight.as_ref()?)).collect::<Option<Vec<_>>>()?)
}
