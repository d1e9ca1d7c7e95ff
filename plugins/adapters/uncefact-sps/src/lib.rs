//! Reads and writes UN/CEFACT `SPSCertificate` and `SPSAcknowledgement` messages that
//! come bare, or in an envelope that no other adapter is for.

use ecert_sdk::adapter::{About, Adapter, Format};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::{Problem, Reading, Recognition};
use sps::{Dialect, Version, message, write, xml_head};

/// The adapter for `SPSCertificate` XML.
pub struct UncefactSps;

ecert_sdk::export_adapter!(UncefactSps);

const XML: &[&str] = &["application/xml", "text/xml"];

const FORMATS: &[Format] = &[
    Format {
        id: format_of(Version::V17),
        titles: &[("en", "UN/CEFACT SPSCertificate, version 17"), ("zh", "UN/CEFACT SPS证书（第17版）")],
        media_types: XML,
        reads: true,
        writes: true,
    },
    Format {
        id: format_of(Version::V11),
        titles: &[("en", "UN/CEFACT SPSCertificate, version 11"), ("zh", "UN/CEFACT SPS证书（第11版）")],
        media_types: XML,
        reads: true,
        writes: false,
    },
    Format {
        id: format_of(Version::V8),
        titles: &[("en", "UN/CEFACT SPSCertificate, version 8"), ("zh", "UN/CEFACT SPS证书（第8版）")],
        media_types: XML,
        reads: true,
        writes: false,
    },
];

const fn format_of(version: Version) -> &'static str {
    match version {
        Version::V17 => "uncefact-sps-17",
        Version::V11 => "uncefact-sps-11",
        Version::V8 => "uncefact-sps-8",
    }
}

/// Whoever wraps documents of the standard has a namespace that starts like
/// this, and an adapter that knows the wrapping.
const ENVELOPES: &[&str] =
    &["http://ec.europa.eu/tracesnt/", "http://ec.europa.eu/sanco/tracesnt/", "http://ephyto.ippc.int/"];

impl Adapter for UncefactSps {
    fn about() -> About {
        About {
            name: "uncefact-sps",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "UN/CEFACT SPS certificates"), ("zh", "UN/CEFACT SPS证书")],
            formats: FORMATS,
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let head = xml_head(head)?;
        let enveloped = ENVELOPES.iter().any(|namespace| head.contains(namespace));
        let (version, confidence) = match Version::declared(&head) {
            // A host without the envelope's adapter still gets the certificate.
            Some(version) if enveloped => (version, 40),
            Some(version) => (version, 90),
            // A wrong or missing declaration: reading it says what is wrong.
            None if head.contains("SPSCertificate") => (Version::V17, 30),
            None => return None,
        };
        Some(Recognition { format: format_of(version).into(), confidence })
    }

    fn read(message: &[u8], format: &str) -> Reading {
        message::read(message, |root, found| {
            found.read_below(root, format, |_, version| Dialect::plain(format_of(version)));
        })
    }

    fn write(document: &Document, format: &str) -> Result<Vec<u8>, Vec<Problem>> {
        if format != format_of(Version::V17) {
            return Err(write::refused("only version 17 of the standard is written", 0));
        }
        let (tree, place) = match document {
            Document::Certificate(certificate) => (write::certificate(certificate), certificate.place),
            Document::Acknowledgement(answer) => (write::acknowledgement(answer), answer.place),
            Document::Declaration(declaration) => {
                let text = "a declaration is no document of this standard";
                return Err(write::refused(text, declaration.place));
            }
            Document::Embedded(embedded) => {
                let text = "a message within a message is written by the adapter of its own format";
                return Err(write::refused(text, embedded.place));
            }
        };
        write::xml::write(&tree).map_err(|text| write::refused(&text, place))
    }
}
