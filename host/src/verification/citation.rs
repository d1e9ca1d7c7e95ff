//! What the supporting documents of a declaration stand for.
//!
//! Customs authorities number document types by lists of their own. The table
//! [`DocumentCodes`] says which of them are certificates and of which types
//! (UNCL 1001); it can be replaced by a reference table.

use std::collections::BTreeMap;

use ecert_model::cases::{Citation, Resolution};
use ecert_model::declarations::{Declaration, SupportingDocument};

use crate::intake::number::normalise;

/// What a declared document type is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// A certificate, of one of these types (UNCL 1001; empty means any).
    Certificate(Vec<String>),
    /// A statement that no certificate is needed. The built-in table holds
    /// none: which statements are accepted is national law.
    Exemption,
}

/// Which declared document types are certificates or exemptions. All others
/// (invoices, authorisations) do not concern a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentCodes(BTreeMap<String, DocumentKind>);

/// Declared type and the certificate types it may stand for. 636 is what
/// entry documents (CHED) carry.
const CERTIFICATES: [(&str, &[&str]); 14] = [
    // European Union and United Kingdom.
    ("N851", &["851", "657", "636"]),
    ("N852", &["852", "853", "636"]),
    ("N853", &["852", "853", "636"]),
    ("N002", &["851", "636"]),
    ("C085", &["851", "657", "636"]),
    ("C640", &["853", "852", "636"]),
    ("C678", &["852", "636"]),
    ("9115", &["851", "657"]),
    // UNCL 1001 itself.
    ("851", &["851"]),
    ("852", &["852"]),
    ("853", &["853"]),
    ("657", &["657"]),
    ("636", &["636"]),
    ("856", &["856"]),
];

impl Default for DocumentCodes {
    fn default() -> Self {
        let certificates = CERTIFICATES.iter().map(|(code, types)| {
            let types = types.iter().map(|&t| t.to_owned()).collect();
            ((*code).to_owned(), DocumentKind::Certificate(types))
        });
        Self(certificates.collect())
    }
}

impl DocumentCodes {
    /// A table of its own instead of the default.
    pub fn new(codes: impl IntoIterator<Item = (String, DocumentKind)>) -> Self {
        Self(codes.into_iter().map(|(code, kind)| (normalise(&code), kind)).collect())
    }

    /// What a document is, if it concerns a verification.
    pub fn kind(&self, document: &SupportingDocument) -> Option<&DocumentKind> {
        let code = document.type_code.as_ref()?;
        self.0.get(code.value.as_str()).or_else(|| self.0.get(&normalise(&code.value)))
    }
}

/// A citation of a certificate, before it is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought<'a> {
    /// Index of the item, none for the whole declaration.
    pub item: Option<u32>,
    /// Index of the document in its list.
    pub document: u32,
    /// The number as look-ups use it.
    pub number: String,
    /// Types it may have (UNCL 1001); empty means any.
    pub types: &'a [String],
    /// Countries whose authority may have issued it, likeliest first.
    pub countries: Vec<&'a str>,
    /// Whether the declaration says at the same time that none is needed.
    pub exempted: bool,
}

/// What stands under a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Index into the case's certificates.
    pub certificate: u32,
    /// Type (UNCL 1001).
    pub type_code: String,
    /// Issuing country, where known.
    pub country: Option<String>,
}

/// The documents of a declaration, sorted by what they mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Citations<'a> {
    /// Certificates to look up.
    pub sought: Vec<Sought<'a>>,
    /// Documents that need no look-up.
    pub settled: Vec<Citation>,
}

/// Goes through all supporting documents.
pub fn citations<'a>(declaration: &'a Declaration, codes: &'a DocumentCodes) -> Citations<'a> {
    let mut result = Citations::default();
    add(&mut result, declaration, codes, None, &declaration.documents);
    for (index, item) in (0..).zip(&declaration.items) {
        add(&mut result, declaration, codes, Some(index), &item.documents);
    }
    result
}

fn add<'a>(
    result: &mut Citations<'a>,
    declaration: &'a Declaration,
    codes: &'a DocumentCodes,
    item: Option<u32>,
    documents: &'a [SupportingDocument],
) {
    for (index, document) in (0..).zip(documents) {
        let settled = |resolution| Citation { item, document: index, resolution, certificate: None };
        let number = document.number.as_ref().map(|n| normalise(&n.value)).unwrap_or_default();
        match codes.kind(document) {
            None => result.settled.push(settled(Resolution::NotACertificate)),
            Some(DocumentKind::Exemption) => result.settled.push(settled(Resolution::Exempted)),
            Some(DocumentKind::Certificate(_)) if number.is_empty() => {
                let exempted = document.exemption.is_some();
                let resolution = if exempted { Resolution::Exempted } else { Resolution::NotFound };
                result.settled.push(settled(resolution));
            }
            Some(DocumentKind::Certificate(types)) => result.sought.push(Sought {
                item,
                document: index,
                number,
                types,
                countries: countries(declaration, item, document),
                exempted: document.exemption.is_some(),
            }),
        }
    }
}

/// Countries that may have issued a cited certificate: the document's own
/// authority, the item's origin and where it was dispatched from.
fn countries<'a>(
    declaration: &'a Declaration,
    item: Option<u32>,
    document: &'a SupportingDocument,
) -> Vec<&'a str> {
    let issuer = document.issuer.as_ref().and_then(|p| p.address.as_ref()).and_then(|a| a.country.as_ref());
    let item = item.and_then(|index| declaration.items.get(index as usize));
    let codes = [
        issuer,
        item.and_then(|i| i.origin.as_ref()),
        item.and_then(|i| i.dispatch_country.as_ref()),
        declaration.dispatch_country.as_ref(),
    ];
    let mut countries: Vec<&str> = Vec::new();
    for code in codes.into_iter().flatten() {
        if !countries.contains(&code.value.as_str()) {
            countries.push(&code.value);
        }
    }
    countries
}

/// Decides which of the candidates a citation means. The type and then the
/// issuing country break a tie; what is left over is ambiguous.
pub fn resolve(sought: &Sought<'_>, candidates: &[Candidate]) -> Citation {
    let citation = |resolution, certificate| Citation {
        item: sought.item,
        document: sought.document,
        resolution,
        certificate,
    };
    let none_found = if sought.exempted { Resolution::Exempted } else { Resolution::NotFound };
    let mut left: Vec<&Candidate> = candidates.iter().collect();
    narrow(&mut left, |c| sought.types.is_empty() || sought.types.contains(&c.type_code));
    for country in &sought.countries {
        narrow(&mut left, |c| c.country.as_deref() == Some(*country));
    }
    match left.as_slice() {
        [] => citation(none_found, None),
        [one] => citation(Resolution::Resolved, Some(one.certificate)),
        _ => citation(Resolution::Ambiguous, None),
    }
}

/// Keeps what fulfils the condition, unless nothing does.
fn narrow<'c>(candidates: &mut Vec<&'c Candidate>, condition: impl Fn(&'c Candidate) -> bool) {
    if candidates.len() > 1 && candidates.iter().any(|c| condition(c)) {
        candidates.retain(|c| condition(c));
    }
}

#[cfg(test)]
#[path = "citation_tests.rs"]
mod tests;
