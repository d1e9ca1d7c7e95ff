//! Whether the declared document is an entry document of the right type, and
//! how far that has come.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::cases::Resolution;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule, Tally};
use goods::{HS_2022, coded, stated};

use crate::documents::{Stage, each};
use crate::parameters::{Parameters, is_one, listed, plain};

/// Arguments of every finding on a document.
pub const ARGUMENTS: &[&str] = &["document", "decision", "detail"];
const LAW: &str =
    "Official controls at the border: customs release goods by the decision on their entry document";

/// The reference leads to an entry document.
pub const LINKED: Rule<Parameters> = Rule::of_item("document-linked", linked)
    .titles(&[
        ("en", "The declared reference leads to an entry document"),
        ("zh", "申报的编号可关联到入境单证"),
    ])
    .messages(&[
        ("en", "{decision}: no entry document {document} is known ({detail})."),
        ("zh", "{decision}：未找到入境单证 {document}（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// The document code stands for entry documents.
pub const CODE: Rule<Parameters> = Rule::of_item("document-code-known", code_known)
    .titles(&[("en", "The declared code stands for an entry document"), ("zh", "申报的单证代码对应入境单证")])
    .messages(&[
        (
            "en",
            "{decision}: entry document {document} is declared by a code that stands for none ({detail}).",
        ),
        ("zh", "{decision}：入境单证 {document} 的申报代码无对应单证类型（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .after(&["document-linked"])
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// The entry document is of the type the code stands for.
pub const TYPE: Rule<Parameters> = Rule::of_item("document-type-fits", type_fits)
    .titles(&[
        ("en", "The entry document is of the type that the declared code stands for"),
        ("zh", "入境单证类型与申报代码相符"),
    ])
    .messages(&[
        (
            "en",
            "{decision}: entry document {document} is of another type than its code stands for ({detail}).",
        ),
        ("zh", "{decision}：入境单证 {document} 的类型与申报代码不符（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .after(&["document-code-known"])
    .needs(&["document-type"])
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// The entry document has not ended.
pub const ENDED: Rule<Parameters> = Rule::of_item("document-not-ended", not_ended)
    .titles(&[
        ("en", "The entry document was not cancelled, replaced, deleted or split"),
        ("zh", "入境单证未被取消、替换、删除或拆分"),
    ])
    .messages(&[
        ("en", "{decision}: entry document {document} has ended ({detail})."),
        ("zh", "{decision}：入境单证 {document} 已终止（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .after(&["document-type-fits"])
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// The services' checks on plants are done.
pub const CHECKS: Rule<Parameters> = Rule::of_item("plant-checks-done", checks_done)
    .titles(&[("en", "The checks on plants are done"), ("zh", "植物检查均已完成")])
    .messages(&[
        ("en", "{decision}: a check on entry document {document} is open ({detail})."),
        ("zh", "{decision}：入境单证 {document} 尚有未完成的检查（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .after(&["document-not-ended"])
    .needs(&["document-type"])
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// The entry document is not being amended.
pub const AMENDED: Rule<Parameters> = Rule::of_item("document-not-amended", amended)
    .titles(&[
        ("en", "While an entry document is amended, its earlier decision stands"),
        ("zh", "入境单证修改期间沿用此前决定"),
    ])
    .messages(&[
        ("en", "{decision}: entry document {document} is being amended ({detail})."),
        ("zh", "{decision}：入境单证 {document} 正在修改（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .after(&["plant-checks-done"])
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

/// The inspection is over.
pub const INSPECTION: Rule<Parameters> = Rule::of_item("inspection-over", inspection)
    .titles(&[("en", "The inspection of the goods is over"), ("zh", "货物查验已结束")])
    .messages(&[
        ("en", "{decision}: the goods of entry document {document} are held for inspection ({detail})."),
        ("zh", "{decision}：入境单证 {document} 项下货物待查验（{detail}）。"),
    ])
    .arguments(ARGUMENTS)
    .after(&["document-not-amended"])
    .legal_basis(LAW)
    .governed_by(GoverningDate::Decision)
    .in_force(HS_2022, None);

fn linked(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    let mut tally = Tally::default();
    for (citation, declared) in check.citations() {
        let Some(number) = &declared.number else { continue };
        let reference = plain(&number.value);
        if !parameters.reference_prefixes.iter().any(|prefix| reference.starts_with(&plain(prefix))) {
            continue;
        }
        tally.check(citation.resolution == Resolution::Resolved, || {
            Difference::new()
                .argument("document", &number.value)
                .argument("decision", coded("decision", "X00"))
                .argument("detail", coded("detail", "E70"))
                .actual(coded("decision", "X00"))
                .in_declaration(number.place)
        });
    }
    tally.judgement()
}

fn code_known(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let codes = &check.parameters().document_codes;
    each(check, |entry, tally| {
        let code = entry.declared.type_code.as_ref().map_or("", |code| code.value.as_str());
        tally.check(listed(codes, code).is_some(), || entry.difference("X00", "orphan-check-code"));
    })
}

fn type_fits(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    each(check, |entry, tally| {
        let code = entry.declared.type_code.as_ref().map_or("", |code| code.value.as_str());
        let Some(kind) = entry.kind(parameters) else { return tally.missing("document-type") };
        let fits = parameters.document_codes.get(&kind).is_some_and(|codes| is_one(codes, code));
        tally.check(fits, || entry.difference("X00", "wrong-type"));
    })
}

fn not_ended(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each(check, |entry, tally| match entry.stage(check.parameters()) {
        Stage::Ended(error) => tally.check(false, || entry.difference("X00", error)),
        _ => tally.check(true, Difference::new),
    })
}

fn checks_done(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    each(check, |entry, tally| {
        let Some(kind) = entry.kind(parameters) else { return tally.missing("document-type") };
        if kind != "CHED-PP" {
            return;
        }
        // The first service in the list counts first.
        let open = parameters.checks.iter().find(|service| {
            entry.cited.certificate.controls.iter().any(|control| {
                let of_service = control
                    .type_code
                    .as_ref()
                    .is_some_and(|code| plain(&code.value) == plain(&service.service));
                of_service
                    && control
                        .decision
                        .as_ref()
                        .is_some_and(|code| is_one(&parameters.open_checks, &code.value))
            })
        });
        tally.check(open.is_none(), || {
            let (hold, service) = open.map_or(("", ""), |open| (&open.hold, &open.service));
            entry.difference(hold, service)
        });
    })
}

fn amended(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each(check, |entry, tally| {
        if entry.stage(check.parameters()) != Stage::Amended {
            return tally.check(true, Difference::new);
        }
        let earlier = stated::of_certificate(entry.cited.certificate, &["PREVIOUS_DECISION"]);
        match earlier.first().map(|said| said.value.trim()) {
            Some("C02") => tally.check(true, Difference::new),
            Some(decision) => tally.check(false, || entry.difference(decision, "amended")),
            None => tally.check(false, || entry.difference("X00", "amended-without-decision")),
        }
    })
}

fn inspection(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each(check, |entry, tally| match entry.stage(check.parameters()) {
        Stage::Submitted => tally.check(false, || entry.difference("H01", "submitted")),
        Stage::InProgress => tally.check(false, || entry.difference("H02", "in-progress")),
        _ => tally.check(true, Difference::new),
    })
}
