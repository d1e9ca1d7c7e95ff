//! Whether the goods travel on the right kind of certificate, or rightly on
//! none.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::cases::Resolution;
use ecert_sdk::model::declarations::SupportingDocument;
use ecert_sdk::model::reports::Value;
use ecert_sdk::rules::{Difference, Judgement, Rule};

use crate::common::{NO_CODE_DECLARED, begins, declared_code, official};
use crate::{GUIDELINES, OnItem, Parameters};

/// Sanitary, veterinary and health certificates: authorities use them side by
/// side for products of animals.
const ANIMAL: &[&str] = &["852", "853", "636"];
/// Phytosanitary certificates, original and for re-export.
const PLANT: &[&str] = &["851", "657"];

/// Types of certificate (UNCL 1001) by commodity (Harmonized System). The
/// longest prefix counts.
const TYPES: &[(&str, &[&str])] = &[
    ("01", &["853", "852", "636", "856"]),
    ("02", ANIMAL),
    ("03", ANIMAL),
    ("04", ANIMAL),
    ("05", ANIMAL),
    ("06", PLANT),
    ("0701", PLANT),
    ("0702", PLANT),
    ("0703", PLANT),
    ("0704", PLANT),
    ("0705", PLANT),
    ("0706", PLANT),
    ("0707", PLANT),
    ("0708", PLANT),
    ("0709", PLANT),
    ("0804", PLANT),
    ("0805", PLANT),
    ("0806", PLANT),
    ("0807", PLANT),
    ("0808", PLANT),
    ("0809", PLANT),
    ("0810", PLANT),
    ("10", PLANT),
    ("1209", PLANT),
    ("1601", ANIMAL),
    ("1602", ANIMAL),
    ("1603", ANIMAL),
    ("1604", ANIMAL),
    ("1605", ANIMAL),
];

/// The types that fit a commodity: the parameters' word, else the table's.
fn fitting<'a>(parameters: &'a Parameters, code: &str) -> Vec<&'a str> {
    let stated = parameters.document_types.iter().filter(|entry| begins(code, &entry.prefix));
    if let Some(entry) = stated.max_by_key(|entry| entry.prefix.len()) {
        return entry.types.iter().map(String::as_str).collect();
    }
    let known = TYPES.iter().filter(|(prefix, _)| begins(code, prefix));
    known.max_by_key(|(prefix, _)| prefix.len()).map_or(Vec::new(), |(_, types)| types.to_vec())
}

pub(crate) const TYPE: Rule<Parameters> = Rule::of_item("document-type", document_type)
    .titles(&[("en", "The type of certificate fits the goods"), ("zh", "证书类型与商品相符")])
    .messages(&[
        ("en", "Goods of code {commodity} do not travel on a certificate of type {type}."),
        ("zh", "商品编码 {commodity} 不适用类型为 {type} 的证书。"),
    ])
    .arguments(&["commodity", "type"])
    .needs(&[NO_CODE_DECLARED])
    .after(&["citation-resolves", "certificate-status"])
    .legal_basis("Import conditions: each kind of goods has its model certificate")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn document_type(check: &OnItem<'_>) -> Judgement {
    let Some(first) = official(check).next() else { return Judgement::NotApplicable };
    let Some(code) = declared_code(check.item()) else { return Judgement::NotEvaluable(NO_CODE_DECLARED) };
    let types = fitting(check.parameters(), code);
    if types.is_empty() {
        return Judgement::NotApplicable;
    }
    if official(check).any(|cited| types.contains(&cited.certificate.type_code.value.as_str())) {
        return Judgement::Passed;
    }
    let expected = types.into_iter().map(|expected| Value::Text(expected.into()));
    let found = &first.certificate.type_code;
    let difference = Difference::new()
        .argument("commodity", code)
        .argument("type", found)
        .actual(found)
        .in_certificate(first.index, found.place)
        .in_declaration(check.item().commodity.as_ref().map_or(0, |commodity| commodity.place));
    expected.fold(difference, Difference::expected).into()
}

pub(crate) const EXEMPTION_VALID: Rule<Parameters> = Rule::of_item("exemption-valid", exemption_valid)
    .titles(&[("en", "A declared exemption is one that is granted"), ("zh", "申报的豁免有效")])
    .messages(&[
        ("en", "An exemption from document {document} is declared ({reason}), but goods of code {commodity} need it."),
        ("zh", "申报免交单证 {document}（{reason}），但商品编码 {commodity} 须提交该单证。"),
    ])
    .arguments(&["document", "reason", "commodity"])
    .needs(&[NO_CODE_DECLARED])
    .legal_basis("Import conditions: exemptions are listed by commodity and purpose")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn exemption_valid(check: &OnItem<'_>) -> Judgement {
    let exempted = |resolution| resolution == Resolution::Exempted;
    let claims: Vec<&SupportingDocument> = check
        .citations()
        .filter_map(|(citation, document)| exempted(citation.resolution).then_some(document))
        .collect();
    if claims.is_empty() {
        return Judgement::NotApplicable;
    }
    let Some(code) = declared_code(check.item()) else { return Judgement::NotEvaluable(NO_CODE_DECLARED) };
    let types = fitting(check.parameters(), code);
    // An exemption beside the certificate that the goods need harms nothing.
    if types.is_empty() || official(check).next().is_some() {
        return Judgement::Passed;
    }
    let refused = claims.into_iter().filter(|document| {
        is_health_document(written_type(document)) && !is_granted(check.parameters(), code, document)
    });
    Judgement::of(refused.map(|document| refusal(code, document)).collect())
}

fn refusal(code: &str, document: &SupportingDocument) -> Difference {
    let reason = document.exemption.as_ref().map_or("", |reason| reason.value.as_str());
    let status = document.status.as_ref().map_or("", |status| status.value.as_str());
    let reason = if reason.is_empty() { status } else { reason };
    Difference::new()
        .argument("document", written_type(document))
        .argument("reason", reason)
        .argument("commodity", code)
        .actual(reason)
        .in_declaration(document.place)
}

fn written_type(document: &SupportingDocument) -> &str {
    document.type_code.as_ref().map_or("", |code| code.value.as_str())
}

/// Whether a declared document is a health certificate or an entry document
/// for health controls, by its type without the category letter.
fn is_health_document(declared: &str) -> bool {
    let number = declared.trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
    matches!(number, "851" | "852" | "853" | "657" | "636" | "856" | "640" | "678" | "085")
}

fn is_granted(parameters: &Parameters, code: &str, document: &SupportingDocument) -> bool {
    let status = document.status.as_ref().map_or("", |status| status.value.as_str());
    parameters.exemptions.iter().any(|granted| {
        begins(code, &granted.prefix)
            && (granted.document.is_empty() || granted.document == written_type(document))
            && (granted.status.is_empty() || granted.status == status)
    })
}
