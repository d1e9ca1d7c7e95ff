//! The standard's documents and their versions, told apart by namespace.

use ecert_sdk::xml::Element;

const CERTIFICATE: &str = "urn:un:unece:uncefact:data:standard:SPSCertificate:";
const ACKNOWLEDGEMENT: &str = "urn:un:unece:uncefact:data:standard:SPSAcknowledgement:";

/// The versions of the standard that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The one in use: IPPC ePhyto, TRACES.
    V17,
    /// Pacific Alliance.
    V11,
    /// Kenya.
    V8,
}

impl Version {
    fn of_number(number: &str) -> Option<Self> {
        match number {
            "17" => Some(Self::V17),
            "11" => Some(Self::V11),
            "8" => Some(Self::V8),
            _ => None,
        }
    }

    /// The version that the first bytes of an XML message declare.
    pub fn declared(head: &str) -> Option<Self> {
        [CERTIFICATE, ACKNOWLEDGEMENT].iter().find_map(|prefix| {
            let declared = &head[head.find(prefix)? + prefix.len()..];
            let digits = declared.bytes().take_while(u8::is_ascii_digit).count();
            Self::of_number(&declared[..digits])
        })
    }
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// `SPSCertificate`.
    Certificate(Version),
    /// `SPSAcknowledgement`.
    Acknowledgement(Version),
    /// One of these documents in a version that is not read.
    Unknown,
}

impl Root {
    /// Whether an element is a document of the standard, and which. TRACES
    /// answers with an `SPSCertificate` in a namespace of its own whose parts
    /// are in the standard's.
    pub fn of(element: Element<'_>) -> Option<Self> {
        let (prefix, part, make): (_, _, fn(Version) -> Self) = match element.name() {
            "SPSCertificate" => (CERTIFICATE, "SPSExchangedDocument", Self::Certificate),
            "SPSAcknowledgement" => (ACKNOWLEDGEMENT, "SPSAcknowledgementDocument", Self::Acknowledgement),
            _ => return None,
        };
        let inside = || element.child(part)?.namespace().strip_prefix(prefix);
        let number = element.namespace().strip_prefix(prefix).or_else(inside)?;
        Some(Version::of_number(number).map_or(Self::Unknown, make))
    }
}

/// The first bytes of a message as a text, if it may be XML: whatever
/// prefixes, comments or white space come before, namespaces are declared
/// there.
pub fn xml_head(head: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    let text = String::from_utf8_lossy(head);
    text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).starts_with('<').then_some(text)
}
