//! The XML declaration (production 23).

use super::attributes::Scanner;

/// What is wrong with a declaration: error code and text.
pub(super) type Fault = (&'static str, String);

/// Checks what stands between `<?xml` and `?>`.
pub(super) fn check(inside: &str) -> Result<(), Fault> {
    let bad = |what: &str| {
        let right = "write <?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        ("xml-bad-declaration", format!("the XML declaration is not well-formed ({what}): {right}"))
    };
    let mut scanner = Scanner::new(inside, 0);
    let mut steps = ["version", "encoding", "standalone"].iter();
    let mut first = true;
    while let Some(attribute) = scanner.next() {
        let attribute = attribute.map_err(|_| bad("a part is not name=\"value\""))?;
        if !steps.any(|&step| step == attribute.name) {
            return Err(bad("its parts are version, encoding, standalone, each at most once, in this order"));
        }
        if first && attribute.name != "version" {
            return Err(bad("the version is missing"));
        }
        first = false;
        match attribute.name {
            "version" if !is_version(attribute.value) => return Err(bad("the version is not 1.0")),
            "encoding" => check_encoding(attribute.value)?,
            "standalone" if !matches!(attribute.value, "yes" | "no") => {
                return Err(bad("standalone is neither yes nor no"));
            }
            _ => {}
        }
    }
    if first { Err(bad("the version is missing")) } else { Ok(()) }
}

/// `1.` and digits: the fifth edition reads them all as 1.0.
fn is_version(version: &str) -> bool {
    let digits = version.strip_prefix("1.").unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_encoding(encoding: &str) -> Result<(), Fault> {
    if ["UTF-8", "US-ASCII"].iter().any(|known| known.eq_ignore_ascii_case(encoding)) {
        return Ok(());
    }
    let mut bytes = encoding.bytes();
    let named = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    Err(match named {
        true => (
            "xml-encoding",
            format!("the message says its encoding is {encoding}: send it in UTF-8 and say so"),
        ),
        false => ("xml-bad-declaration", "the encoding's name is not well-formed: write UTF-8".into()),
    })
}
