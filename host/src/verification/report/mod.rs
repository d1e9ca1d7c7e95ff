//! Verifications and certificates for people: text for the terminal, HTML for
//! the browser and the printer.

mod certificate;
mod check;
mod html;
mod text;
mod words;

pub use certificate::certificate_html;
pub use check::{CheckPage, check_html};
pub use html::verification_html;
pub use text::{Style, verification_text};
pub use words::Language;

use super::record::Shown;

/// A value as people write it in a language.
pub(crate) fn shown(value: &Shown, language: Language) -> String {
    let mut text = match (value.kind.as_str(), language) {
        ("date", Language::Chinese) => chinese_date(&value.value),
        ("number" | "quantity", _) => grouped(&value.value),
        _ => value.value.clone(),
    };
    if let Some(unit) = &value.unit {
        text.push(' ');
        text.push_str(words::unit(unit, language));
    }
    if let Some(name) = &value.name {
        text.push_str(" (");
        text.push_str(name);
        text.push(')');
    }
    text
}

/// `2026-03-01` as `2026年3月1日`.
fn chinese_date(date: &str) -> String {
    let parts: Vec<&str> = date.split('-').map(|part| part.trim_start_matches('0')).collect();
    match parts.as_slice() {
        [year, month, day] => format!("{year}年{month}月{day}日"),
        _ => date.to_owned(),
    }
}

/// `26000.500` as `26 000.500`, with a thin space that does not break.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() < 5 || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests;
