//! What was decided, and whether commodity and quantities are within it.

use ecert_sdk::decimal::{Number, number};
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::{CertificateRole, TradeLine};
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::Measure;
use ecert_sdk::rules::{ItemCheck, Judgement, Rule};
use ecert_sdk::unit::{self, Family};
use ecert_sdk::{commodity, decimal};
use goods::{HS_2022, declared_code, stated};

use crate::documents::{Stage, each};
use crate::parameters::{Parameters, is_one, listed};
use crate::standing::ARGUMENTS;

const LAW: &str =
    "Official controls at the border: customs release goods by the decision on their entry document";
const LEVELS: &str = "Official controls at the border: declared goods are among those of the entry document";

/// Fish was not caught illegally.
pub const CATCH: Rule<Parameters> = Rule::of_item("catch-legal", catch_legal)
    .titles(&[("en", "Fish may enter by its catch documents"), ("zh", "水产品合法捕捞核查允许入境")])
    .messages(&[
        ("en", "{decision}: fish of entry document {document} may only pass in transit or for export ({detail})."),
        ("zh", "{decision}：入境单证 {document} 项下水产品仅可过境或出口（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .after(&["document-not-ended"])
    .needs(&["document-type"])
    .legal_basis("Measures against illegal, unreported and unregulated fishing: checks of catch documents")
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// The goods were accepted.
pub const ACCEPTED: Rule<Parameters> = Rule::of_item("goods-accepted", accepted)
    .titles(&[("en", "The authority accepted the goods"), ("zh", "主管机关准予货物入境")])
    .messages(&[
        ("en", "{decision}: the goods of entry document {document} were not accepted ({detail})."),
        ("zh", "{decision}：入境单证 {document} 项下货物未获准入（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .after(&["catch-legal"])
    .needs(&["document-type"])
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// The declared code begins with the certified one.
pub const COMMODITY: Rule<Parameters> = Rule::of_item("commodity-level", commodity_level)
    .titles(&[
        ("en", "The declared commodity code begins with one of the entry document"),
        ("zh", "申报商品编码以入境单证所列编码开头"),
    ])
    .messages(&[
        (
            "en",
            "{decision}: {declared} begins with no commodity code of entry document {document} ({detail}).",
        ),
        ("zh", "{decision}：{declared} 与入境单证 {document} 所列商品编码不符（{detail}）。"),
    ])
    .arguments(&["document", "decision", "detail", "declared"])
    .after(&["document-not-ended", "goods-accepted"])
    .needs(&["commodity-code", "certified-code"])
    .legal_basis(LEVELS)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// No more weight is declared than the entry document is for.
pub const WEIGHT: Rule<Parameters> = quantity("weight-level", weight_level)
    .titles(&[
        ("en", "All items together weigh no more than the entry document is for"),
        ("zh", "各商品项净重合计未超过入境单证数量"),
    ])
    .messages(&[
        (
            "en",
            "{decision}: {declared} are declared, entry document {document} is for {certified} ({detail}).",
        ),
        ("zh", "{decision}：申报合计 {declared}，入境单证 {document} 为 {certified}（{detail}）。"),
    ]);

/// Nor more animals or pieces.
pub const COUNT: Rule<Parameters> = quantity("count-level", count_level)
    .titles(&[
        ("en", "All items together are no more animals or pieces than the entry document is for"),
        ("zh", "各商品项数量合计未超过入境单证数量"),
    ])
    .messages(&[
        (
            "en",
            "{decision}: {declared} are declared, entry document {document} is for {certified} ({detail}).",
        ),
        ("zh", "{decision}：申报合计 {declared}，入境单证 {document} 为 {certified}（{detail}）。"),
    ]);

const fn quantity(id: &'static str, test: fn(&ItemCheck<'_, Parameters>) -> Judgement) -> Rule<Parameters> {
    Rule::of_item(id, test)
        .arguments(&["document", "decision", "detail", "declared", "certified"])
        .after(&["commodity-level"])
        .needs(&["declared-quantity", "certified-quantity"])
        .legal_basis(LEVELS)
        .governed_by(GoverningDate::Decision)
        .in_force(HS_2022, None)
}

fn catch_legal(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    each(check, |entry, tally| {
        let Some(kind) = entry.kind(parameters) else { return tally.missing("document-type") };
        let settled = entry.stage(parameters) == Stage::Other;
        if kind != "CHED-P" || !settled {
            return;
        }
        let said = stated::of_certificate(entry.cited.certificate, &["IUU", "IUU_OPTION"]);
        let illegal = said.iter().any(|said| is_one(&parameters.illegal_catch, said.value));
        tally.check(!illegal, || entry.difference("E03", "illegal-catch"));
    })
}

fn accepted(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    each(check, |entry, tally| {
        let Some(kind) = entry.kind(parameters) else { return tally.missing("document-type") };
        // Of plants the services' checks decide, and nothing is decided yet
        // while the document is under way.
        if kind == "CHED-PP" || entry.stage(parameters) != Stage::Other {
            return;
        }
        let decisions = entry.decisions(parameters);
        if let Some(code) = decisions.iter().find_map(|word| listed(&parameters.refusals, word)) {
            return tally
                .check(false, || entry.difference(code, "not-acceptable").severity(Severity::Prohibition));
        }
        let accepted = decisions.iter().any(|word| is_one(&parameters.acceptable, word));
        tally.check(accepted, || entry.difference("X00", "unknown-decision"));
    })
}

/// The lines of an entry document, each with its commodity code.
fn lines(entry: &crate::documents::Entry<'_>) -> Vec<(String, u32)> {
    let lines = &entry.cited.certificate.consignment.lines;
    let coded = lines.iter().filter_map(|line| {
        let of = commodity::of(&line.classifications)?;
        Some((commodity::digits(of.class_code.as_deref()?)?, of.place))
    });
    coded.collect()
}

fn commodity_level(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let Some(declared) = declared_code(check) else { return Judgement::NotEvaluable("commodity-code") };
    each(check, |entry, tally| {
        let certified = lines(entry);
        let Some((_, place)) = certified.first() else { return tally.missing("certified-code") };
        tally.check(certified.iter().any(|(code, _)| declared.starts_with(code.as_str())), || {
            let difference =
                certified.iter().fold(entry.difference("X00", "E20"), |it, (code, _)| it.expected(code));
            difference.argument("declared", &declared).in_certificate(entry.cited.index, *place)
        });
    })
}

fn weight_level(check: &ItemCheck<'_, Parameters>) -> Judgement {
    level(
        check,
        "E30",
        "KGM",
        |line| line.net_weight.as_ref().into_iter().collect(),
        |item| item.net_weight.as_ref().into_iter().collect(),
    )
}

fn count_level(check: &ItemCheck<'_, Parameters>) -> Judgement {
    level(
        check,
        "E31",
        "H87",
        |line| line.count.as_ref().into_iter().collect(),
        |item| {
            let is_count = |one: &&Measure| {
                one.unit.as_deref().and_then(unit::find).is_some_and(|unit| unit.family == Family::Count)
            };
            item.quantities.iter().filter(is_count).collect()
        },
    )
}

/// Holds what all items that cite an entry document declare together against
/// all of its lines.
fn level(
    check: &ItemCheck<'_, Parameters>,
    error: &str,
    to: &str,
    certified: fn(&TradeLine) -> Vec<&Measure>,
    declared: fn(&ecert_sdk::model::declarations::GoodsItem) -> Vec<&Measure>,
) -> Judgement {
    each(check, |entry, tally| {
        let items = check.items().filter(|item| {
            item.certificates().any(|cited| {
                cited.index == entry.cited.index && cited.certificate.role == CertificateRole::EntryDocument
            })
        });
        let declared: Vec<&Measure> = items.flat_map(|item| declared(item.item())).collect();
        let certified: Vec<&Measure> =
            entry.cited.certificate.consignment.lines.iter().flat_map(certified).collect();
        let Some(total) = sum(&declared, to) else { return tally.missing("declared-quantity") };
        let Some(most) = sum(&certified, to) else { return tally.missing("certified-quantity") };
        tally.check(number(total.value) <= number(most.value), || {
            entry
                .difference("X00", error)
                .argument("declared", &total)
                .argument("certified", &most)
                .expected(&most)
                .in_certificate(entry.cited.index, certified[0].place)
                .in_declaration(declared[0].place)
        });
    })
}

/// The sum in a unit; none of nothing, or where one has no unit of the kind.
fn sum(all: &[&Measure], to: &str) -> Option<Measure> {
    if all.is_empty() {
        return None;
    }
    let values: Option<Vec<Number>> =
        all.iter().map(|one| unit::convert(number(one.value), one.unit.as_deref()?, to)).collect();
    let total = decimal::sum(values?)?;
    Some(Measure { value: decimal::decimal(total)?, unit: Some(to.into()), ..Measure::default() })
}
