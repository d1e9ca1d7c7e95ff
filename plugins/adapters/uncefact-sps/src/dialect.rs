//! Who fills the standard in which way, and how to tell.

use ecert_sdk::model::readings::Recognition;
use ecert_sdk::xml::Element;

/// A way of filling `SPSCertificate`, and the format it is listed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sps17,
    Sps11,
    Sps8,
    TracesChedV1,
    TracesChedV2,
    TracesIntra,
    TracesCertex,
    IppcHub,
}

/// Namespaces that only one kind of envelope declares, most telling first.
const ENVELOPES: &[(&str, Dialect)] = &[
    ("http://ec.europa.eu/tracesnt/certificate/ched/v2", Dialect::TracesChedV2),
    ("http://ec.europa.eu/tracesnt/certificate/ched/submission/v01", Dialect::TracesChedV1),
    ("http://ec.europa.eu/tracesnt/certificate/ched/v1", Dialect::TracesChedV1),
    ("http://ec.europa.eu/tracesnt/certificate/ched/v01", Dialect::TracesChedV1),
    ("http://ec.europa.eu/tracesnt/certificate/euintra", Dialect::TracesIntra),
    ("http://ec.europa.eu/sanco/tracesnt/customs_certex/ched", Dialect::TracesCertex),
    ("http://ephyto.ippc.int/", Dialect::IppcHub),
];

const CERTIFICATE: &str = "urn:un:unece:uncefact:data:standard:SPSCertificate:";
const ACKNOWLEDGEMENT: &str = "urn:un:unece:uncefact:data:standard:SPSAcknowledgement:";

impl Dialect {
    /// The format's identifier.
    pub(crate) const fn format(self) -> &'static str {
        match self {
            Self::Sps17 => "uncefact-sps-17",
            Self::Sps11 => "uncefact-sps-11",
            Self::Sps8 => "uncefact-sps-8",
            Self::TracesChedV1 => "traces-ched-v1",
            Self::TracesChedV2 => "traces-ched-v2",
            Self::TracesIntra => "traces-intra",
            Self::TracesCertex => "traces-certex",
            Self::IppcHub => "ippc-hub",
        }
    }

    /// Whether the message comes from TRACES NT.
    pub(crate) fn is_traces(self) -> bool {
        matches!(self, Self::TracesChedV1 | Self::TracesChedV2 | Self::TracesIntra | Self::TracesCertex)
    }

    /// The dialect of a message: by the namespace of any element around the
    /// document, else by the version of the document itself.
    pub(crate) fn of(document: Element<'_>, version: Version) -> Self {
        let mut around = std::iter::successors(document.parent(), |element| element.parent());
        let envelope = around.find_map(|element| {
            let namespace = element.namespace();
            ENVELOPES.iter().find(|(known, _)| namespace.starts_with(known)).map(|&(_, dialect)| dialect)
        });
        envelope.unwrap_or(version.dialect())
    }
}

/// The versions of the standard that are read, told apart by namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V17,
    V11,
    V8,
}

impl Version {
    fn dialect(self) -> Dialect {
        match self {
            Self::V17 => Dialect::Sps17,
            Self::V11 => Dialect::Sps11,
            Self::V8 => Dialect::Sps8,
        }
    }

    fn of_number(number: &str) -> Option<Self> {
        match number {
            "17" => Some(Self::V17),
            "11" => Some(Self::V11),
            "8" => Some(Self::V8),
            _ => None,
        }
    }
}

/// What an element is to this adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Certificate(Version),
    Acknowledgement(Version),
    /// One of these documents in a version that is not read.
    Unknown,
}

impl Root {
    /// Whether an element is a document of the standard, and which. TRACES
    /// answers with an `SPSCertificate` in a namespace of its own whose parts
    /// are in the standard's.
    pub(crate) fn of(element: Element<'_>) -> Option<Self> {
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

/// Takes a message for one of the formats by its first bytes. Namespaces are
/// declared there, whatever prefixes, comments or white space come before.
pub(crate) fn recognise(head: &[u8]) -> Option<Recognition> {
    let text = String::from_utf8_lossy(head);
    let is_xml = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).starts_with('<');
    let sure =
        |dialect: Dialect, confidence| Some(Recognition { format: dialect.format().into(), confidence });
    if !is_xml {
        return None;
    }
    let version = [CERTIFICATE, ACKNOWLEDGEMENT].iter().find_map(|prefix| {
        let declared = &text[text.find(prefix)? + prefix.len()..];
        let digits = declared.bytes().take_while(u8::is_ascii_digit).count();
        Version::of_number(&declared[..digits])
    });
    let envelope = ENVELOPES.iter().find(|(namespace, _)| text.contains(namespace));
    match (envelope, version) {
        (Some(&(_, dialect)), Some(_)) => sure(dialect, 95),
        (None, Some(version)) => sure(version.dialect(), 90),
        // The document may come further down than the first bytes.
        (Some(&(_, dialect)), None) => sure(dialect, 60),
        // A wrong or missing declaration: reading it says what is wrong.
        (None, None) if text.contains("SPSCertificate") => sure(Dialect::Sps17, 30),
        (None, None) => None,
    }
}
