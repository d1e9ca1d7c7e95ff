//! Small comparisons that several rules share.

use ecert_sdk::country;
use ecert_sdk::model::declarations::{GoodsItem, SupportingDocument};
use ecert_sdk::model::values::{Identifier, Text};
use ecert_sdk::reference_number;
use ecert_sdk::rules::{Cited, ItemCheck};

use crate::Parameters;

/// Names of what rules need.
pub(crate) const NO_CODE_DECLARED: &str = "declared commodity code";

/// The official certificates that an item cites.
pub(crate) fn official<'a>(check: &ItemCheck<'a, Parameters>) -> impl Iterator<Item = Cited<'a>> + use<'a> {
    check.certificates().filter(Cited::is_official)
}

/// Whether two country codes mean the same country; none when one is unknown.
/// Northern Ireland (XI) is a part of the United Kingdom.
pub(crate) fn same_country(a: &str, b: &str) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    let whole = |code| country::find(code).map(|found| found.part_of().unwrap_or(found).alpha2);
    Some(whole(a)? == whole(b)?)
}

/// Whether two identifiers are the same number, however written.
pub(crate) fn same_identifier(a: &Identifier, b: &Identifier) -> bool {
    a.value == b.value || normalised(a) == normalised(b)
}

/// An identifier without blanks, separators and case.
pub(crate) fn normalised(identifier: &Identifier) -> String {
    reference_number::normalise(&identifier.value)
}

/// The digits of the item's commodity code as written.
pub(crate) fn declared_code(item: &GoodsItem) -> Option<&str> {
    item.commodity.as_ref()?.class_code.as_deref().filter(|code| !code.is_empty())
}

/// Whether a code, with or without separators, begins with a prefix.
pub(crate) fn begins(code: &str, prefix: &str) -> bool {
    let mut digits = code.bytes().filter(u8::is_ascii_alphanumeric);
    prefix.bytes().filter(u8::is_ascii_alphanumeric).all(|digit| digits.next() == Some(digit))
}

/// The first text, for a finding.
pub(crate) fn first(texts: &[Text]) -> &str {
    texts.first().map_or("", |text| text.value.as_str())
}

/// The number of a declared document as written.
pub(crate) fn number(document: &SupportingDocument) -> &str {
    document.number.as_ref().map_or("", |number| number.value.as_str())
}
