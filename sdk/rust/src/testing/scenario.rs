//! Cases put together for a test.

use std::collections::BTreeMap;

use ecert_model::cases::{Case, Citation, CitedCertificate, DueItem, Pairing, PairingBasis, Resolution};
use ecert_model::certificates::{Authentication, Certificate, CertificateRole, Consignment, TradeLine};
use ecert_model::declarations::{Declaration, GoodsItem, SupportingDocument};
use ecert_model::parts::{Classification, Equipment, Packages};
use ecert_model::values::Date;

use super::Judged;
use super::values::{code, country_area, date, date_time, decimal, identifier, measure, party, text};
use crate::manifest;
use crate::rules::{RuleSet, run};
use crate::tables::{LookupError, Row, Tables};

/// Reference tables in memory: rows by exact key.
#[derive(Clone, Debug, Default)]
pub struct MemoryTables(BTreeMap<String, Vec<(Vec<String>, Row)>>);

impl MemoryTables {
    /// Adds a row that holds without bounds.
    pub fn add(&mut self, table: &str, key: &[&str], cells: &[&str]) {
        self.add_row(table, key, Row { cells: owned(cells), ..Row::default() });
    }

    /// Rows of each table: key and row.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &[(Vec<String>, Row)])> {
        self.0.iter().map(|(name, rows)| (name.as_str(), rows.as_slice()))
    }

    /// Has a row that holds without bounds in place of those of its key.
    pub fn replace(&mut self, table: &str, key: &[&str], cells: &[&str]) {
        self.0.entry(table.into()).or_default().retain(|(of, _)| of != key);
        self.add(table, key, cells);
    }

    /// Adds a row.
    pub fn add_row(&mut self, table: &str, key: &[&str], row: Row) {
        self.0.entry(table.into()).or_default().push((owned(key), row));
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.into()).collect()
}

impl Tables for MemoryTables {
    fn lookup(&self, table: &str, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError> {
        let rows = self.0.get(table).ok_or(LookupError::UnknownTable)?;
        let order = |date: Date| (date.year, date.month, date.day);
        let holds = |row: &Row| {
            row.valid_from.is_none_or(|from| order(from) <= order(as_of))
                && row.valid_until.is_none_or(|until| order(as_of) <= order(until))
        };
        let matching = |key: &Vec<String>| {
            rows.iter().filter(|(of, row)| of == key && holds(row)).map(|(_, row)| row.clone()).collect()
        };
        Ok(keys.iter().map(matching).collect())
    }
}

/// A case, its parameters and its tables.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The case.
    pub case: Case,
    /// The tables.
    pub tables: MemoryTables,
}

impl Scenario {
    /// One item of frozen beef from New Zealand, and its certificate: no rule
    /// should find anything. Tests change what they are about.
    #[must_use]
    pub fn consistent() -> Self {
        Self::of(beef_declaration(), vec![beef_certificate()])
    }

    /// The same trade with other goods: commodity code of the Harmonized
    /// System or the nomenclature of a union, country of origin, what the goods
    /// are, and the type of the certificate (UNCL 1001).
    #[must_use]
    pub fn of_goods(commodity: &str, origin: &str, description: &str, certificate_type: &str) -> Self {
        Self::consistent().change(|declaration, cited| {
            declaration.dispatch_country = Some(code(origin));
            let item = &mut declaration.items[0];
            item.origin = Some(code(origin));
            item.descriptions = vec![text(description)];
            if let Some(classification) = &mut item.commodity {
                classification.class_code = Some(commodity.into());
            }
            item.documents[0].type_code = Some(code(&format!("N{certificate_type}")));
            let certificate = &mut cited[0].certificate;
            certificate.type_code = code(certificate_type);
            certificate.issuing_country = Some(code(origin));
            certificate.consignment.export_country = Some(country_area(origin));
            let line = &mut certificate.consignment.lines[0];
            line.origins = vec![country_area(origin)];
            line.descriptions = vec![text(description)];
            line.classifications[0].class_code = Some(commodity.chars().take(6).collect());
        })
    }

    /// Changes the first line of the first certificate.
    #[must_use]
    pub fn line(self, change: impl FnOnce(&mut TradeLine)) -> Self {
        self.change(|_, cited| change(&mut cited[0].certificate.consignment.lines[0]))
    }

    /// Changes the first certificate.
    #[must_use]
    pub fn certificate(self, change: impl FnOnce(&mut Certificate)) -> Self {
        self.change(|_, cited| change(&mut cited[0].certificate))
    }

    /// Changes the first item.
    #[must_use]
    pub fn item(self, change: impl FnOnce(&mut GoodsItem)) -> Self {
        self.change(|declaration, _| change(&mut declaration.items[0]))
    }

    /// A declaration and the certificates it may cite. Citations are resolved
    /// by number, and an item belongs to the first line of each certificate it
    /// cites; [`pair`](Self::pair) says otherwise.
    #[must_use]
    pub fn of(declaration: Declaration, certificates: Vec<Certificate>) -> Self {
        let certificates = certificates.into_iter().map(|certificate| {
            let mut cited = CitedCertificate { certificate, ..CitedCertificate::default() };
            cited.standing.status = cited.certificate.status.clone();
            cited.standing.first_issued = cited.certificate.issued;
            cited.standing.authority_known = Some(true);
            cited
        });
        let mut case = Case { declaration, certificates: certificates.collect(), ..Case::default() };
        case.dates.decision = date("2026-03-31");
        case.dates.received = date("2026-03-31");
        case.dates.arrival = case.declaration.arrival.map(|arrival| arrival.date);
        case.dates.dispatch = case.declaration.dispatched.map(|dispatched| dispatched.date);
        case.parameters = vec!["{}".into()];
        let mut scenario = Self { case, tables: MemoryTables::default() };
        scenario.connect();
        scenario
    }

    /// Changes the declaration and the certificates, and connects them anew.
    #[must_use]
    pub fn change(mut self, change: impl FnOnce(&mut Declaration, &mut [CitedCertificate])) -> Self {
        change(&mut self.case.declaration, &mut self.case.certificates);
        self.connect();
        self
    }

    /// Changes the case as it is.
    #[must_use]
    pub fn adjust(mut self, change: impl FnOnce(&mut Case)) -> Self {
        change(&mut self.case);
        self
    }

    /// Replaces all pairings by these: item, certificate, line.
    #[must_use]
    pub fn pair(mut self, pairings: &[(u32, u32, u32)]) -> Self {
        let pairing = |&(item, certificate, line)| Pairing {
            item,
            certificate,
            line,
            basis: PairingBasis::LineReference,
        };
        self.case.pairings = pairings.iter().map(pairing).collect();
        self
    }

    /// Sets the parameters (JSON) of all items.
    #[must_use]
    pub fn parameters(mut self, text: &str) -> Self {
        self.case.parameters = vec![text.into()];
        self
    }

    /// Adds a row to a table.
    #[must_use]
    pub fn row(mut self, table: &str, key: &[&str], cells: &[&str]) -> Self {
        self.tables.add(table, key, cells);
        self
    }

    /// Has a row in a table in place of those of its key.
    #[must_use]
    pub fn instead(mut self, table: &str, key: &[&str], cells: &[&str]) -> Self {
        self.tables.replace(table, key, cells);
        self
    }

    /// Judges the case by a rule set.
    #[must_use]
    pub fn judge<R: RuleSet>(&self) -> Judged {
        Judged { manifest: manifest::of_rules::<R>(), report: run::<R>(&self.case, &self.tables) }
    }

    fn connect(&mut self) {
        let case = &mut self.case;
        case.citations.clear();
        case.pairings.clear();
        case.due.clear();
        let header =
            case.declaration.documents.iter().enumerate().map(|(index, document)| (None, index, document));
        let of_items = case.declaration.items.iter().enumerate().flat_map(|(item, goods)| {
            let documents = goods.documents.iter().enumerate();
            documents.map(move |(index, document)| (Some(position(item)), index, document))
        });
        for (item, index, document) in header.chain(of_items) {
            let citation = resolve(&case.certificates, item, index, document);
            if let (Some(item), Some(certificate)) = (citation.item, citation.certificate) {
                let basis = PairingBasis::UniqueCode;
                case.pairings.push(Pairing { item, certificate, line: 0, basis });
            }
            case.citations.push(citation);
        }
        case.due = (0..case.declaration.items.len())
            .map(|item| DueItem { item: position(item), parameters: 0 })
            .collect();
    }
}

fn resolve(
    certificates: &[CitedCertificate],
    item: Option<u32>,
    document: usize,
    declared: &SupportingDocument,
) -> Citation {
    let number = declared.number.as_ref().map(|number| number.value.as_str());
    let certificate =
        certificates.iter().position(|cited| Some(cited.certificate.number.value.as_str()) == number);
    let resolution = match certificate {
        Some(_) => Resolution::Resolved,
        None if declared.exemption.is_some() => Resolution::Exempted,
        None => Resolution::NotFound,
    };
    Citation { item, document: position(document), resolution, certificate: certificate.map(position) }
}

fn position(index: usize) -> u32 {
    u32::try_from(index).expect("a test case is small")
}

fn beef_declaration() -> Declaration {
    let container = Equipment {
        identifier: Some(identifier("MSKU0000014")),
        seals: vec![identifier("NZ4471")],
        ..Equipment::default()
    };
    Declaration {
        country: Some(code("GB")),
        lrn: Some(identifier("LRN-TEST-1")),
        dispatched: Some(date_time("2026-02-10")),
        arrival: Some(date_time("2026-03-28")),
        importer: Some(party("Thames Provisions Ltd")),
        exporter: Some(party("Waikato Meats Limited")),
        dispatch_country: Some(code("NZ")),
        destination_country: Some(code("GB")),
        equipment: vec![container],
        net_weight: Some(measure("1000", "KGM")),
        gross_weight: Some(measure("1080", "KGM")),
        items: vec![GoodsItem {
            sequence: 1,
            commodity: Some(Classification {
                system: Some("TARIC".into()),
                class_code: Some("0202309000".into()),
                ..Classification::default()
            }),
            origin: Some(code("NZ")),
            net_weight: Some(measure("1000", "KGM")),
            packages: vec![Packages {
                type_code: Some(code("CT")),
                count: Some(decimal("40")),
                ..Packages::default()
            }],
            containers: vec![identifier("MSKU0000014")],
            documents: vec![SupportingDocument {
                type_code: Some(code("N853")),
                number: Some(identifier("NZL2026/TEST1")),
                ..SupportingDocument::default()
            }],
            ..GoodsItem::default()
        }],
        ..Declaration::default()
    }
}

fn beef_certificate() -> Certificate {
    let mut signatory = Authentication {
        type_code: Some(code("1")),
        at: Some(date_time("2026-02-08")),
        ..Authentication::default()
    };
    signatory.provider = Some(party("Dr A. Ngata"));
    Certificate {
        role: CertificateRole::OfficialCertificate,
        number: identifier("NZL2026/TEST1"),
        type_code: code("852"),
        status: code("70"),
        issued: Some(date_time("2026-02-08")),
        issuer: Some(party("Ministry for Primary Industries")),
        issuing_country: Some(code("NZ")),
        authentications: vec![signatory],
        consignment: Consignment {
            consignor: Some(party("Waikato Meats Ltd")),
            consignee: Some(party("Thames Provisions Limited")),
            export_country: Some(country_area("NZ")),
            import_country: Some(country_area("GB")),
            equipment: vec![Equipment {
                identifier: Some(identifier("MSKU0000014")),
                seals: vec![identifier("NZ4471")],
                ..Equipment::default()
            }],
            lines: vec![TradeLine {
                sequence: 1,
                descriptions: vec![text("Frozen boneless beef")],
                classifications: vec![Classification {
                    system: Some("HS".into()),
                    class_code: Some("020230".into()),
                    ..Classification::default()
                }],
                net_weight: Some(measure("1000", "KGM")),
                gross_weight: Some(measure("1080", "KGM")),
                packages: vec![Packages {
                    level: Some(code("4")),
                    type_code: Some(code("CT")),
                    count: Some(decimal("40")),
                    ..Packages::default()
                }],
                origins: vec![country_area("NZ")],
                ..TradeLine::default()
            }],
            ..Consignment::default()
        },
        ..Certificate::default()
    }
}
