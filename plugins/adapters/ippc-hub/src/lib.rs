//! Reads and writes messages of the IPPC ePhyto hub: the envelope, and the certificate or
//! acknowledgement in it, which must agree.

mod answers;
mod content;
mod envelope;
mod fit;
mod profile;
mod write;

use ecert_sdk::adapter::{About, Adapter, Format};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::{Problem, Reading, Recognition};
use sps::{Dialect, Version, message, xml_head};

/// The adapter for the IPPC ePhyto hub.
pub struct IppcHub;

ecert_sdk::export_adapter!(IppcHub);

/// Identifier of the format.
pub const FORMAT: &str = "ippc-hub";

/// Namespaces of the hub start like this.
const NAMESPACE: &str = "http://ephyto.ippc.int/";

const FORMATS: &[Format] = &[
    Format {
        id: FORMAT,
        titles: &[("en", "IPPC ePhyto hub envelope"), ("zh", "IPPC电子植检证书枢纽信封")],
        media_types: &["application/xml", "text/xml", "application/soap+xml"],
        reads: true,
        writes: true,
    },
    Format {
        id: "ippc-ephyto",
        titles: &[
            ("en", "SPSCertificate in the profile of the IPPC ePhyto hub"),
            ("zh", "符合IPPC电子植检证书枢纽规范的SPS证书"),
        ],
        media_types: &["application/xml", "text/xml"],
        reads: false,
        writes: true,
    },
];

impl Adapter for IppcHub {
    fn about() -> About {
        About {
            name: "ippc-hub",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "IPPC ePhyto hub"), ("zh", "IPPC电子植检证书枢纽")],
            formats: FORMATS,
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let head = xml_head(head)?;
        let known = head.contains(NAMESPACE);
        // The document may come further down than the first bytes, or as a text.
        let confidence = if Version::declared(&head).is_some() { 95 } else { 60 };
        known.then(|| Recognition { format: FORMAT.into(), confidence })
    }

    fn read(message: &[u8], format: &str) -> Reading {
        message::read(message, |root, found| {
            found.read_below(root, format, |_, _| Dialect::plain(FORMAT));
            envelope::check(root, found);
            content::read(root, found);
            answers::read(root, found);
        })
    }

    fn write(document: &Document, format: &str) -> Result<Vec<u8>, Vec<Problem>> {
        write::write(document, format)
    }
}
