//! Small certificates of UN/CEFACT SPS.

/// The document part of a certificate with nothing but what it must say.
pub const DOCUMENT: &str = "<ID>A1</ID><TypeCode>852</TypeCode><StatusCode>70</StatusCode>";

/// A certificate of a version; `document` and `consignment` go into its parts.
#[must_use]
pub fn message(version: u8, document: &str, consignment: &str) -> String {
    format!(
        "<SPSCertificate xmlns='urn:un:unece:uncefact:data:standard:SPSCertificate:{version}'>\
         <SPSExchangedDocument>{document}</SPSExchangedDocument>\
         <SPSConsignment>{consignment}</SPSConsignment></SPSCertificate>"
    )
}

/// A certificate with one line.
#[must_use]
pub fn line(line: &str) -> String {
    lines(&format!("<SequenceNumeric>1</SequenceNumeric>{line}"))
}

/// A certificate with these lines, from the number of the first on.
#[must_use]
pub fn lines(line: &str) -> String {
    let item = "IncludedSPSConsignmentItem";
    let line = format!("<{item}><IncludedSPSTradeLineItem>{line}</IncludedSPSTradeLineItem></{item}>");
    message(17, DOCUMENT, &line)
}
