//! Reads UN/CEFACT `SPSCertificate` and `SPSAcknowledgement` messages.
//!
//! The modules follow the standard's elements: [`read`](self) finds the
//! documents in a message, `exchanged` maps `SPSExchangedDocument`,
//! `consignment` `SPSConsignment`, `line` `SPSTradeLineItem`, `process`
//! `SPSProcess`, `parties` what acts and where, `animals` and `laboratory` what
//! notes and tests tell about single animals and samples, and `basics` the
//! unqualified data types. What only one partner does stands in `dialect`.

mod animals;
mod basics;
mod consignment;
mod dialect;
mod envelope;
mod exchanged;
mod laboratory;
mod line;
mod parties;
mod process;
mod references;

use ecert_sdk::adapter::{About, Adapter, Format};
use ecert_sdk::model::readings::{Reading, Recognition};

use dialect::Dialect;

/// The adapter for `SPSCertificate` XML.
pub struct UncefactSps;

ecert_sdk::export_adapter!(UncefactSps);

const XML: &[&str] = &["application/xml", "text/xml"];
const SOAP: &[&str] = &["application/xml", "text/xml", "application/soap+xml"];

const FORMATS: &[Format] = &[
    Format {
        id: Dialect::Sps17.format(),
        titles: &[("en", "UN/CEFACT SPSCertificate, version 17"), ("zh", "UN/CEFACT SPS证书（第17版）")],
        media_types: XML,
        reads: true,
        writes: false,
    },
    Format {
        id: Dialect::Sps11.format(),
        titles: &[("en", "UN/CEFACT SPSCertificate, version 11"), ("zh", "UN/CEFACT SPS证书（第11版）")],
        media_types: XML,
        reads: true,
        writes: false,
    },
    Format {
        id: Dialect::Sps8.format(),
        titles: &[("en", "UN/CEFACT SPSCertificate, version 8"), ("zh", "UN/CEFACT SPS证书（第8版）")],
        media_types: XML,
        reads: true,
        writes: false,
    },
    Format {
        id: Dialect::TracesChedV1.format(),
        titles: &[("en", "TRACES NT: CHED, version 1"), ("zh", "TRACES NT：共同健康入境文件（第1版）")],
        media_types: SOAP,
        reads: true,
        writes: false,
    },
    Format {
        id: Dialect::TracesChedV2.format(),
        titles: &[("en", "TRACES NT: CHED, version 2"), ("zh", "TRACES NT：共同健康入境文件（第2版）")],
        media_types: SOAP,
        reads: true,
        writes: false,
    },
    Format {
        id: Dialect::TracesIntra.format(),
        titles: &[("en", "TRACES NT: INTRA certificate"), ("zh", "TRACES NT：欧盟内部贸易证书")],
        media_types: SOAP,
        reads: true,
        writes: false,
    },
    Format {
        id: Dialect::TracesCertex.format(),
        titles: &[
            ("en", "TRACES NT: CHED for customs (CERTEX)"),
            ("zh", "TRACES NT：海关CHED数据（CERTEX）"),
        ],
        media_types: SOAP,
        reads: true,
        writes: false,
    },
    Format {
        id: Dialect::IppcHub.format(),
        titles: &[("en", "IPPC ePhyto hub envelope"), ("zh", "IPPC电子植检证书枢纽信封")],
        media_types: SOAP,
        reads: true,
        writes: false,
    },
];

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
        dialect::recognise(head)
    }

    fn read(message: &[u8], format: &str) -> Reading {
        envelope::read(message, format)
    }
}
