//! Re-export: the phytosanitary certificate for re-export (657) and the
//! original one (851) that it rests on.

use std::cmp::Ordering;

use ecert_sdk::decimal::number;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::parts::ReferencedDocument;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::Measure;
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Judgement, Rule, Tally};
use ecert_sdk::{country, date, reference_number, unit};
use goods::{HS_2022, tables};

use crate::parameters::Parameters;

/// Plants of another origin than the certifying country are re-exported.
pub const KIND: Rule<Parameters> = Rule::of_item("reexport-kind", kind)
    .titles(&[
        ("en", "Goods of another origin come with a certificate for re-export"),
        ("zh", "第三国原产货物附有植物检疫转口证书"),
    ])
    .messages(&[
        ("en", "{issuer} certified goods of {origin} by certificate {number} as if they were its own."),
        ("zh", "{issuer} 以出口证书 {number} 为原产于 {origin} 的货物出证。"),
    ])
    .arguments(&["issuer", "origin", "number"])
    .severity(Severity::Warning)
    .needs(&["certificate-line", "origin", "issuing-country"])
    .legal_basis("ISPM 12, section 6: certificate for re-export where goods were not grown in the country")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// A certificate for re-export names its original.
pub const ORIGINAL: Rule<Parameters> = Rule::of_item("reexport-original", original_named)
    .titles(&[
        ("en", "A certificate for re-export names the original phytosanitary certificate"),
        ("zh", "转口证书注明原植物检疫证书"),
    ])
    .messages(&[
        ("en", "Certificate for re-export {number} names no original phytosanitary certificate."),
        ("zh", "转口证书 {number} 未注明原植物检疫证书。"),
    ])
    .arguments(&["number"])
    .needs(&["certificate"])
    .legal_basis(
        "ISPM 12, section 6: the original certificate or its certified copy accompanies the consignment",
    )
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// The origin stays what the original says.
pub const ORIGIN: Rule<Parameters> = Rule::of_item("reexport-origin-kept", origin_kept)
    .titles(&[
        ("en", "Re-exported goods keep the origin of their original certificate"),
        ("zh", "转口货物原产地与原证书一致"),
    ])
    .messages(&[
        (
            "en",
            "The goods are of {declared}, but original certificate {original} is for goods of {certified}.",
        ),
        ("zh", "货物原产地为 {declared}，而原证书 {original} 所列原产地为 {certified}。"),
    ])
    .arguments(&["declared", "original", "certified"])
    .after(&["reexport-original"])
    .needs(&["original-certificate", "origin"])
    .legal_basis("ISPM 12, section 6: country of origin on certificates for re-export")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// The original was issued first.
pub const DATES: Rule<Parameters> = Rule::of_item("reexport-dates-in-order", dates_in_order)
    .titles(&[
        ("en", "The original was issued before the certificate for re-export"),
        ("zh", "原证书签发早于转口证书"),
    ])
    .messages(&[
        ("en", "Original certificate {original} is of {later}, after certificate {number} of {issued}."),
        ("zh", "原证书 {original} 签发于 {later}，晚于转口证书 {number} 的 {issued}。"),
    ])
    .arguments(&["original", "later", "number", "issued"])
    .after(&["reexport-original"])
    .needs(&["original-date", "issue-date"])
    .legal_basis("ISPM 12, section 6: re-export follows import with the original certificate")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// No more is re-exported than the original was for.
pub const QUANTITY: Rule<Parameters> = Rule::of_item("reexport-quantity-kept", quantity_kept)
    .titles(&[
        ("en", "No more is re-exported than the original certificate was for"),
        ("zh", "转口数量未超过原证书数量"),
    ])
    .messages(&[
        ("en", "{reexported} are re-exported, original certificate {original} was for {certified}."),
        ("zh", "转口数量为 {reexported}，原证书 {original} 数量为 {certified}。"),
    ])
    .arguments(&["reexported", "original", "certified"])
    .after(&["reexport-original"])
    .needs(&["original-certificate", "quantity"])
    .legal_basis("ISPM 12, section 6: consignments split or combined for re-export keep their identity")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// The certificates for re-export that an item cites.
fn reexports<'a>(check: &ItemCheck<'a, Parameters>) -> Vec<Cited<'a>> {
    check
        .certificates()
        .filter(|cited| cited.is_official() && cited.certificate.type_code.value == "657")
        .collect()
}

/// The reference of a certificate to the original one.
fn reference<'a>(cited: &Cited<'a>) -> Option<&'a ReferencedDocument> {
    let is_original = |document: &&ReferencedDocument| {
        let code = |code: &Option<ecert_sdk::model::values::Code>, value: &str| {
            code.as_ref().is_some_and(|it| it.value == value)
        };
        code(&document.type_code, "851") || code(&document.relationship, "AWR")
    };
    cited.certificate.referenced_documents.iter().find(is_original)
}

/// The original itself, where it is among the cited certificates.
fn original<'a>(check: &ItemCheck<'a, Parameters>, reference: &ReferencedDocument) -> Option<Cited<'a>> {
    let number = reference.number.as_ref()?;
    check.certificates().find(|cited| reference_number::same(&cited.certificate.number.value, &number.value))
}

fn kind(check: &ItemCheck<'_, Parameters>) -> Judgement {
    check.each_line(|line, tally| {
        let certificate = line.cited.certificate;
        let Some(issuer) = &certificate.issuing_country else { return tally.missing("issuing-country") };
        if line.line.origins.is_empty() {
            tally.missing("origin");
        }
        for origin in &line.line.origins {
            let own = country::same(&issuer.value, &origin.country.value) != Some(false);
            tally.check(own || certificate.type_code.value == "657", || {
                Difference::new()
                    .argument("issuer", issuer)
                    .argument("origin", &origin.country)
                    .argument("number", &certificate.number.value)
                    .expected("657")
                    .actual(&certificate.type_code)
                    .in_line(line, certificate.type_code.place)
                    .in_line(line, origin.place)
            });
        }
    })
}

fn original_named(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if check.certificates().next().is_none() {
        return Judgement::NotEvaluable("certificate");
    }
    let mut tally = Tally::default();
    for cited in reexports(check) {
        tally.check(reference(&cited).is_some(), || {
            Difference::new()
                .argument("number", &cited.certificate.number.value)
                .in_certificate(cited.index, cited.certificate.place)
        });
    }
    tally.judgement()
}

fn origin_kept(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let mut tally = Tally::default();
    for cited in reexports(check) {
        let Some(original) = reference(&cited).and_then(|it| original(check, it)) else {
            tally.missing("original-certificate");
            continue;
        };
        let Some(declared) = tables::origin(check) else { return Judgement::NotEvaluable("origin") };
        let origins: Vec<_> =
            original.certificate.consignment.lines.iter().flat_map(|line| &line.origins).collect();
        let Some(first) = origins.first() else {
            tally.missing("origin");
            continue;
        };
        let kept = origins.iter().any(|area| country::same(&area.country.value, declared) != Some(false));
        tally.check(kept, || {
            Difference::new()
                .argument("declared", declared)
                .argument("original", &original.certificate.number.value)
                .argument("certified", &first.country)
                .expected(&first.country)
                .actual(declared)
                .in_certificate(original.index, first.place)
        });
    }
    tally.judgement()
}

fn dates_in_order(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let mut tally = Tally::default();
    for cited in reexports(check) {
        let Some(reference) = reference(&cited) else { continue };
        let own = original(check, reference).and_then(|it| it.certificate.issued);
        let Some(first) = own.or(reference.issued) else {
            tally.missing("original-date");
            continue;
        };
        let Some(issued) = cited.certificate.issued else {
            tally.missing("issue-date");
            continue;
        };
        tally.check(!date::order(&first, &issued).is_gt(), || {
            Difference::new()
                .argument("original", reference.number.as_ref().map_or("", |it| it.value.as_str()))
                .argument("later", first.date)
                .argument("number", &cited.certificate.number.value)
                .argument("issued", issued.date)
                .expected(first.date)
                .actual(issued.date)
                .in_certificate(cited.index, issued.place)
                .in_certificate(cited.index, reference.place)
        });
    }
    tally.judgement()
}

fn quantity_kept(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let mut tally = Tally::default();
    for cited in reexports(check) {
        let Some(original) = reference(&cited).and_then(|it| original(check, it)) else {
            tally.missing("original-certificate");
            continue;
        };
        let total = |cited: &Cited<'_>| {
            sum(cited
                .certificate
                .consignment
                .lines
                .iter()
                .map(|line| line.net_weight.as_ref().or(line.count.as_ref())))
        };
        let (Some(reexported), Some(certified)) = (total(&cited), total(&original)) else {
            tally.missing("quantity");
            continue;
        };
        match compare(&reexported, &certified) {
            None => tally.missing("quantity"),
            Some(order) => tally.check(order.is_le(), || {
                Difference::new()
                    .argument("reexported", &reexported)
                    .argument("original", &original.certificate.number.value)
                    .argument("certified", &certified)
                    .expected(&certified)
                    .actual(&reexported)
                    .in_certificate(cited.index, cited.certificate.consignment.place)
                    .in_certificate(original.index, original.certificate.consignment.place)
            }),
        }
    }
    tally.judgement()
}

fn compare(a: &Measure, b: &Measure) -> Option<Ordering> {
    unit::compare(number(a.value), a.unit.as_deref()?, number(b.value), b.unit.as_deref()?)
}

/// The sum in the unit of the first; none where one is missing or of another
/// kind.
fn sum<'a>(quantities: impl Iterator<Item = Option<&'a Measure>>) -> Option<Measure> {
    let mut all = quantities.collect::<Option<Vec<&Measure>>>()?.into_iter();
    let first = all.next()?;
    let to = first.unit.as_deref()?;
    let total = all.try_fold(number(first.value), |total, one| {
        Some(total + unit::convert(number(one.value), one.unit.as_deref()?, to)?)
    })?;
    Some(Measure { value: ecert_sdk::decimal::decimal(total)?, ..first.clone() })
}
