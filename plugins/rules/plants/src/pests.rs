//! What the importing country asks about pests: declarations, treatments, and
//! that none was found.

use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::model::reports::Severity;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule};
use ecert_sdk::tables::Table;
use goods::assurances::is_unfavourable;
use goods::process::of_types;
use goods::tables::{cells, distinct, rows_of_goods};
use goods::{HS_2022, names, stated};

use crate::parameters::Parameters;

/// Pests that goods of an origin must be free from, and what answers each: an
/// additional declaration with this code or these words, or a treatment of
/// this type (UNCL 7187). Where both are filled, either answers.
pub const TABLE: Table = Table {
    name: "plant-health-requirements",
    keys: &["hsPrefix", "origin"],
    columns: &["pest", "declaration", "treatment"],
    matching: Match::Exact,
};

/// Subjects of additional declarations: of the document and of a line, in IPPC
/// systems and elsewhere.
const DECLARATIONS: &[&str] = &[
    "ADEDL",
    "ADIPEDL",
    "ADDIEDL",
    "ADAOEDL",
    "ADTLIL",
    "ADIPTLIL",
    "ADDITLIL",
    "ADAOTLIL",
    "ADDITIONAL_DECLARATION",
];

/// Every pest is answered by an additional declaration (or a treatment).
pub const DECLARATION: Rule<Parameters> = Rule::of_item("additional-declaration", declaration)
    .titles(&[
        ("en", "The certificate bears the additional declarations required against pests"),
        ("zh", "证书载有针对有害生物的规定附加声明"),
    ])
    .messages(&[
        ("en", "Certificate {number} bears no additional declaration on {pest}."),
        ("zh", "证书 {number} 缺少关于 {pest} 的附加声明。"),
    ])
    .arguments(&["number", "pest"])
    .needs(&["certificate-line", "plant-health-requirements"])
    .legal_basis(
        "ISPM 12, additional declaration; phytosanitary import requirements of the importing country",
    )
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// Every pest that only a treatment answers was treated against.
pub const TREATMENT: Rule<Parameters> = Rule::of_item("required-treatment", treatment)
    .titles(&[
        ("en", "The goods were treated as required against pests"),
        ("zh", "已按规定进行针对有害生物的处理"),
    ])
    .messages(&[
        ("en", "Certificate {number} states no treatment {treatment} against {pest}."),
        ("zh", "证书 {number} 未列明针对 {pest} 的处理（{treatment}）。"),
    ])
    .arguments(&["number", "treatment", "pest"])
    .needs(&["certificate-line", "plant-health-requirements"])
    .legal_basis("ISPM 12, disinfestation and disinfection treatment; import requirements by pest and origin")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// No quarantine pest was found in the goods.
pub const FOUND: Rule<Parameters> = Rule::of_item("no-quarantine-pest-found", found)
    .titles(&[
        ("en", "No pest of quarantine concern was found in the goods"),
        ("zh", "货物中未检出检疫性有害生物"),
    ])
    .messages(&[
        ("en", "{pest}, which is of quarantine concern, was found: {verdict}."),
        ("zh", "检出检疫性有害生物 {pest}：{verdict}。"),
    ])
    .arguments(&["pest", "verdict"])
    .severity(Severity::Prohibition)
    .needs(&["certificate-line", "plant-health-requirements", "laboratory-results"])
    .legal_basis(
        "International Plant Protection Convention, article V: consignments free from quarantine pests",
    )
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

fn declaration(check: &ItemCheck<'_, Parameters>) -> Judgement {
    answered(check, |line, [pest, declaration, treatment]| {
        if declaration.is_empty() {
            return None;
        }
        let said = stated::about(line, DECLARATIONS);
        let names = |words: &str| said.iter().any(|one| contains(one.value, words));
        let holds = names(declaration) || names(pest) || is_treated(line, treatment);
        Some((
            holds,
            Difference::new().argument("number", &line.cited.certificate.number.value).argument("pest", pest),
        ))
    })
}

fn treatment(check: &ItemCheck<'_, Parameters>) -> Judgement {
    answered(check, |line, [pest, declaration, treatment]| {
        if treatment.is_empty() || !declaration.is_empty() {
            return None;
        }
        let difference = Difference::new()
            .argument("number", &line.cited.certificate.number.value)
            .argument("treatment", goods::coded("process", treatment))
            .argument("pest", pest);
        Some((is_treated(line, treatment), difference))
    })
}

/// Judges every requirement of the goods on every line. The answer is whether
/// it is met, and what to say if not; none where the rule is not about it.
fn answered(
    check: &ItemCheck<'_, Parameters>,
    judge: impl Fn(&Line<'_>, [&str; 3]) -> Option<(bool, Difference)>,
) -> Judgement {
    let Some(rows) = rows_of_goods(check, &TABLE, check.dates().decision) else {
        return Judgement::NotEvaluable(TABLE.name);
    };
    let rows = distinct(rows);
    check.each_line(|line, tally| {
        for row in &rows {
            let requirement: [&str; 3] = cells(row);
            if let Some((holds, difference)) = judge(line, requirement) {
                tally.check(holds, || {
                    difference
                        .expected(requirement[0])
                        .in_certificate(line.cited.index, line.cited.certificate.place)
                });
            }
        }
    })
}

fn found(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let Some(rows) = rows_of_goods(check, &TABLE, check.dates().decision) else {
        return Judgement::NotEvaluable(TABLE.name);
    };
    check.each_line(|line, tally| {
        for observation in &line.line.observations {
            let pest = goods::limits::name(observation);
            if !rows.iter().any(|row| names::agree(cells::<3>(row)[0], pest)) {
                continue;
            }
            let verdict = observation.verdict.clone().unwrap_or_default();
            tally.check(!is_unfavourable(observation, &[]), || {
                Difference::new()
                    .argument("pest", pest)
                    .argument("verdict", &verdict)
                    .actual(&verdict)
                    .in_line(line, observation.place)
            });
        }
        tally.missing("laboratory-results");
    })
}

fn is_treated(line: &Line<'_>, treatment: &str) -> bool {
    !treatment.is_empty() && !of_types(line.line, &[treatment.to_owned()]).is_empty()
}

fn contains(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(&words.to_lowercase())
}
