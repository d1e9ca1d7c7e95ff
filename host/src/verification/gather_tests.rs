use std::collections::HashMap;
use std::convert::Infallible;

use ecert_model::cases::Standing;
use ecert_model::certificates::Certificate;
use ecert_model::declarations::{GoodsItem, SupportingDocument};
use ecert_model::values::{Code, Identifier};

use super::*;
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::intake::Body;

struct Shelf(HashMap<String, Vec<Arc<Held>>>);

impl Archive for Shelf {
    type Error = Infallible;

    fn find(&self, number: &str) -> Result<Vec<Arc<Held>>, Infallible> {
        Ok(self.0.get(number).cloned().unwrap_or_default())
    }
}

fn shelf(certificates: &[Certificate]) -> Shelf {
    let mut shelf: HashMap<String, Vec<Arc<Held>>> = HashMap::new();
    for certificate in certificates {
        let number = normalise(&certificate.number.value);
        let held = Held {
            id: number.clone(),
            version: 1,
            chain: number.clone(),
            body: Arc::new(Body {
                certificate: certificate.clone(),
                places: Arc::new(Places::default()),
                digest: Digest::of(b""),
            }),
            standing: Standing::default(),
            contradicted: false,
        };
        shelf.entry(number).or_default().push(Arc::new(held));
    }
    Shelf(shelf)
}

fn number(value: &str) -> Identifier {
    Identifier { value: value.into(), ..Identifier::default() }
}

fn certificate(value: &str, type_code: &str, cites: &[&str]) -> Certificate {
    Certificate {
        number: number(value),
        type_code: Code { value: type_code.into(), ..Code::default() },
        role: if type_code == "636" {
            CertificateRole::EntryDocument
        } else {
            CertificateRole::OfficialCertificate
        },
        cites: cites.iter().map(|value| number(value)).collect(),
        ..Certificate::default()
    }
}

/// One item for each list of cited numbers.
fn declaration(items: &[&[&str]]) -> Declaration {
    let document = |value: &&str| SupportingDocument {
        type_code: Some(Code { value: "N853".into(), ..Code::default() }),
        number: Some(number(value)),
        ..SupportingDocument::default()
    };
    let item = |numbers: &&[&str]| GoodsItem {
        documents: numbers.iter().map(document).collect(),
        ..GoodsItem::default()
    };
    Declaration { items: items.iter().map(item).collect(), ..Declaration::default() }
}

fn gathered(declaration: &Declaration, shelf: &Shelf) -> Gathered {
    match gather(declaration, &DocumentCodes::default(), shelf) {
        Ok(gathered) => gathered,
        Err(never) => match never {},
    }
}

#[test]
fn a_certificate_cited_twice_is_in_the_case_once() {
    let shelf = shelf(&[certificate("NZ-1", "853", &[])]);
    let found = gathered(&declaration(&[&["NZ-1"], &["nz 1"]]), &shelf);
    assert_eq!(found.certificates.len(), 1);
    assert!(found.citations.iter().all(|c| c.certificate == Some(0)));
    assert!(found.findings.is_empty());
}

#[test]
fn a_missing_certificate_is_found_missing() {
    let found = gathered(&declaration(&[&["NZ-9"]]), &shelf(&[]));
    assert_eq!(found.citations[0].resolution, Resolution::NotFound);
    assert_eq!(found.findings[0].code, HostCode::CertificateMissing);
    assert_eq!(found.findings[0].arguments["number"], "NZ-9");
}

#[test]
fn entry_documents_lead_to_the_certificates_they_cite() {
    let shelf = shelf(&[certificate("CHED-1", "636", &["NZ-1", "NZ-2"]), certificate("NZ-1", "853", &[])]);
    let found = gathered(&declaration(&[&["CHED-1"], &["CHED-1", "NZ-1"]]), &shelf);
    assert_eq!(found.certificates.len(), 2);
    let of_item = |item| {
        let cited = found.citations.iter().filter(|c| c.item == Some(item));
        cited.map(|c| c.certificate).collect::<Vec<_>>()
    };
    assert_eq!(of_item(0), [Some(0), Some(1)]);
    assert_eq!(of_item(1), [Some(0), Some(1)]);
    assert!(found.findings.iter().all(|f| f.code == HostCode::EntryDocumentOnly));
    assert_eq!(found.findings[0].arguments["missing"], "NZ-2");
}
