//! Texts as the application sees them: references resolved, line ends and
//! white space normalised.

use std::borrow::Cow;

use super::names::is_char;

/// Why a reference cannot be resolved.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BadReference {
    UnknownEntity,
    Malformed,
    IllegalCharacter,
}

/// Resolves what stands between `&` and `;`.
pub(super) fn resolve(reference: &str) -> Result<char, BadReference> {
    match reference {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => {}
    }
    let Some(number) = reference.strip_prefix('#') else {
        return Err(match super::names::is_name(reference) {
            true => BadReference::UnknownEntity,
            false => BadReference::Malformed,
        });
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(BadReference::Malformed);
    }
    let digits = digits.trim_start_matches('0');
    let code = if digits.len() > 7 { None } else { u32::from_str_radix(digits, radix).ok() };
    code.and_then(char::from_u32)
        .filter(|&character| is_char(character))
        .ok_or(BadReference::IllegalCharacter)
}

/// Cuts white space at both ends. The form feed, which is no white space to
/// XML, stands in no message.
pub(super) fn trim(text: &str) -> &str {
    text.trim_ascii()
}

/// Adds a stretch of character data to an element's text. White space before
/// the first character is left out. `returns` says whether the message has
/// carriage returns at all.
pub(super) fn append<'a>(text: &mut Cow<'a, str>, stretch: &'a str, returns: bool) {
    let stretch = if text.is_empty() { stretch.trim_ascii_start() } else { stretch };
    if stretch.is_empty() {
        return;
    }
    let stretch = if returns { normalise_line_ends(stretch) } else { Cow::Borrowed(stretch) };
    if text.is_empty() {
        *text = stretch;
    } else {
        text.to_mut().push_str(&stretch);
    }
}

/// Cuts white space at both ends of a finished text.
pub(super) fn trim_in_place(text: &mut Cow<'_, str>) {
    match text {
        Cow::Borrowed(borrowed) => *borrowed = trim(borrowed),
        Cow::Owned(owned) => {
            let trimmed = trim(owned);
            if trimmed.len() < owned.len() {
                *owned = trimmed.into();
            }
        }
    }
}

fn normalise_line_ends(stretch: &str) -> Cow<'_, str> {
    match stretch.contains('\r') {
        true => Cow::Owned(stretch.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(stretch),
    }
}

/// An attribute's value, normalised (section 3.3.3; all are of type CDATA).
/// The error says at which byte of `raw` the bad reference starts.
pub(super) fn attribute_value(raw: &str) -> Result<Cow<'_, str>, (usize, BadReference)> {
    if !raw.bytes().any(|byte| matches!(byte, b'&' | b'\t' | b'\r' | b'\n')) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(special) = rest.find(['&', '\t', '\r', '\n']) {
        value.push_str(&rest[..special]);
        let at = raw.len() - rest.len() + special;
        rest = &rest[special..];
        if let Some(reference) = rest.strip_prefix('&') {
            let end = reference.find(';').ok_or((at, BadReference::Malformed))?;
            value.push(resolve(&reference[..end]).map_err(|bad| (at, bad))?);
            rest = &reference[end + 1..];
        } else {
            value.push(' ');
            rest = rest.strip_prefix("\r\n").unwrap_or(&rest[1..]);
        }
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}
