//! Two good plugins and what they say of a good pair: whatever else ran
//! before, they say it again.

use std::sync::Arc;

use certificate_consistency::CertificateConsistency;
use ecert::contract::NoTables;
use ecert::engine::{Engine, Plugin};
use ecert_model::cases::Case;
use ecert_model::documents::Document;
use ecert_model::readings::Reading;
use ecert_model::reports::Report;
use ecert_sdk::adapter::Adapter as _;
use uncefact_sps::UncefactSps;
use wco_declaration::{FORMAT, WcoDeclaration};

use super::pair::{ROOT, case, component};

pub(crate) struct Good {
    sps: Plugin,
    consistency: Plugin,
    message: Vec<u8>,
    format: String,
    reading: Reading,
    case: Case,
    report: Report,
}

impl Good {
    /// Loads the plugins; what they have to say is computed natively.
    pub(crate) fn new(engine: &Engine) -> Self {
        let file = |name: &str| std::fs::read(format!("{ROOT}/examples/messages/{name}")).unwrap();
        let message = file("discrepancy/net-weight/certificate.xml");
        let format = UncefactSps::recognise(&message).expect("an SPS certificate").format;
        let reading = UncefactSps::read(&message, &format);
        let declared = WcoDeclaration::read(&file("discrepancy/net-weight/declaration.xml"), FORMAT);
        let (Document::Certificate(certificate), Document::Declaration(declaration)) =
            (&reading.documents[0], &declared.documents[0])
        else {
            panic!("the examples hold a certificate and a declaration")
        };
        let case = case(certificate, declaration);
        let report = ecert_sdk::rules::run::<CertificateConsistency>(&case, &ecert_sdk::tables::NoTables);
        assert!(!report.findings.is_empty() && report.outcomes.len() > 10, "{report:?}");
        let plugin = |name| engine.load(&component(name)).unwrap();
        let (sps, consistency) = (plugin("uncefact-sps"), plugin("certificate-consistency"));
        Self { sps, consistency, message, format, reading, case, report }
    }

    /// Asserts that both say what they should.
    #[track_caller]
    pub(crate) fn assert_right(&self, engine: &Engine) {
        let read = engine.read(&self.sps, &self.message, &self.format).unwrap();
        assert_eq!(read.output, self.reading);
        let judged = engine.verify(&self.consistency, &self.case, &(Arc::new(NoTables) as _)).unwrap();
        assert_eq!(judged.output, self.report);
    }
}
