//! Documents as XML, version 17 of the standard.

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::Tree;

const DATA_TYPES: &str = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21";
const ENTITIES: &str = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21";
const STANDARD: &str = "urn:un:unece:uncefact:data:standard:";

/// Gives the prefix of a name, its colon included, by the name of the element
/// around it.
pub type Prefixes = dyn Fn(Option<&str>, &str) -> &'static str;

/// Writes a document of the standard as a message of its own.
///
/// # Errors
/// A character that XML cannot hold, and where it stands.
pub fn write(document: &Tree) -> Result<Vec<u8>, String> {
    write_as(document, &namespaces(document), &prefix)
}

/// Writes an element as a message, with these declarations of namespaces.
///
/// # Errors
/// A character that XML cannot hold, and where it stands.
pub fn write_as(root: &Tree, declared: &[(&str, String)], prefix: &Prefixes) -> Result<Vec<u8>, String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
    writer.write_event(declaration).map_err(|error| error.to_string())?;
    write_element(&mut writer, root, declared, None, prefix)?;
    let mut message = writer.into_inner();
    message.push(b'\n');
    Ok(message)
}

/// The namespaces of a document of the standard, by the prefixes that
/// [`prefix`] gives.
pub fn namespaces(document: &Tree) -> [(&'static str, String); 3] {
    let root = [STANDARD, &document.name, ":17"].concat();
    [("xmlns:rsm", root), ("xmlns:ram", ENTITIES.into()), ("xmlns:udt", DATA_TYPES.into())]
}

/// The prefix of an element of the standard, by the name of the one it stands
/// in, if that is one of the standard as well.
pub fn prefix(around: Option<&str>, name: &str) -> &'static str {
    match (around, name) {
        (None | Some("SPSCertificate" | "SPSAcknowledgement"), _) => "rsm:",
        (_, "DateTimeString") => "udt:",
        _ => "ram:",
    }
}

fn write_element(
    writer: &mut Writer<Vec<u8>>,
    element: &Tree,
    declared: &[(&str, String)],
    around: Option<&str>,
    prefix: &Prefixes,
) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let name = [prefix(around, &element.name), &element.name].concat();
    let mut start = BytesStart::new(name.as_str());
    declared.iter().for_each(|(name, namespace)| start.push_attribute((*name, namespace.as_str())));
    for (attribute, value) in &element.attributes {
        check(value, &element.name)?;
        start.push_attribute((*attribute, value.as_str()));
    }
    if element.text.is_empty() && element.children.is_empty() {
        return writer.write_event(Event::Empty(start)).map_err(failed);
    }
    writer.write_event(Event::Start(start)).map_err(failed)?;
    if !element.text.is_empty() {
        check(&element.text, &element.name)?;
        // A reader would take a bare carriage return for the end of a line.
        let text = escape(element.text.as_str()).replace('\r', "&#13;");
        writer.write_event(Event::Text(BytesText::from_escaped(text))).map_err(failed)?;
    }
    for child in &element.children {
        write_element(writer, child, &[], Some(&element.name), prefix)?;
    }
    writer.write_event(Event::End(BytesEnd::new(name.as_str()))).map_err(failed)
}

/// Refuses the characters that XML has no way to write.
fn check(text: &str, element: &str) -> Result<(), String> {
    let illegal = |it: &char| matches!(it, '\0'..'\t' | '\u{B}' | '\u{C}' | '\u{E}'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}');
    match text.chars().find(illegal).map(u32::from) {
        Some(code) => {
            Err(format!("{element} holds the character U+{code:04X}, which XML has no way to write"))
        }
        None => Ok(()),
    }
}
