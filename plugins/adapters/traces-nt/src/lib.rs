//! Reads what TRACES NT answers, and what is submitted to it: the common health
//! entry documents, the certificates of trade with and within the EU, and the
//! messages by which customs ask for entry documents (CERTEX).

mod certex;
mod kind;

use ecert_sdk::adapter::{About, Adapter, Format};
use ecert_sdk::model::readings::{Reading, Recognition};
use sps::{Version, message, xml_head};

use kind::Kind;

/// The adapter for TRACES NT.
pub struct TracesNt;

ecert_sdk::export_adapter!(TracesNt);

const fn format(kind: Kind, titles: ecert_sdk::Texts) -> Format {
    let media_types = &["application/xml", "text/xml", "application/soap+xml"];
    Format { id: kind.format(), titles, media_types, reads: true, writes: false }
}

const FORMATS: &[Format] = &[
    format(
        Kind::ChedV1,
        &[("en", "TRACES NT: CHED, version 1"), ("zh", "TRACES NT：共同健康入境文件（第1版）")],
    ),
    format(
        Kind::ChedV2,
        &[("en", "TRACES NT: CHED, version 2"), ("zh", "TRACES NT：共同健康入境文件（第2版）")],
    ),
    format(Kind::Intra, &[("en", "TRACES NT: INTRA certificate"), ("zh", "TRACES NT：欧盟内部贸易证书")]),
    format(Kind::Import, &[("en", "TRACES NT: IMPORT certificate"), ("zh", "TRACES NT：进口证书")]),
    format(Kind::Export, &[("en", "TRACES NT: EXPORT certificate"), ("zh", "TRACES NT：出口证书")]),
    format(Kind::Phyto, &[("en", "TRACES NT: PHYTO certificate"), ("zh", "TRACES NT：植物检疫证书")]),
    format(
        Kind::Docom,
        &[("en", "TRACES NT: commercial document (DOCOM)"), ("zh", "TRACES NT：商业文件（DOCOM）")],
    ),
    format(
        Kind::Certex,
        &[("en", "TRACES NT: CHED for customs (CERTEX)"), ("zh", "TRACES NT：海关CHED数据（CERTEX）")],
    ),
];

impl Adapter for TracesNt {
    fn about() -> About {
        About {
            name: "traces-nt",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "TRACES NT of the European Union"), ("zh", "欧盟TRACES NT系统")],
            formats: FORMATS,
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let head = xml_head(head)?;
        let kind = Kind::declared(&head)?;
        // The document may come further down than the first bytes.
        let complete = Version::declared(&head).is_some() || kind == Kind::Certex;
        Some(Recognition { format: kind.format().into(), confidence: if complete { 95 } else { 60 } })
    }

    fn read(message: &[u8], format: &str) -> Reading {
        message::read(message, |root, found| {
            found.read_below(root, format, |element, _| Kind::around(element, format).dialect());
            certex::read(root, found);
        })
    }
}
