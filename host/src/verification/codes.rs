//! National codes as the standard ones they stand for, by the reference table
//! `code-maps`, so that rules compare like with like.
//!
//! Adapters keep a national code with the name of its list (a unit as
//! `LIST:CODE`). The standard code takes its place; the original stands beside
//! it as an extension: its list as the scheme, the name of the field, and the
//! code as written, at its place. A code that no row maps stays as it is.
//!
//! A commodity code that names its edition gets the codes that
//! `commodity-correlations` says it became, as further classifications.

use std::collections::HashMap;

use ecert_model::certificates::{Certificate, TradeLine};
use ecert_model::declarations::{Declaration, GoodsItem, SupportingDocument};
use ecert_model::manifest::{Match, Table};
use ecert_model::parts::{
    Classification, CountryArea, Establishment, Location, Packages, Party, TransportMovement,
};
use ecert_model::values::{Code, Date, Extension, Identifier, Measure};
use ecert_sdk::country;

use super::commodity;
use crate::contract::Tables;

/// Name of the reference table.
const TABLE: &str = "code-maps";
const CORRELATIONS: &str = "commodity-correlations";
/// The standard lists, as the model names them.
const COUNTRIES: &str = "ISO3166-1";
const DOCUMENTS: &str = "UNCL1001";
const PACKAGES: &str = "REC21";
const UNITS: &str = "REC20";
const MODES: &str = "REC19";
const PLACES: &str = "UNLOCODE";

fn table(name: &str, keys: &[&str], columns: &[&str]) -> Table {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Table { name: name.to_owned(), keys: texts(keys), columns: texts(columns), matching: Match::Exact }
}

/// Maps the codes of a declaration, as the table holds on a day.
pub fn standardise(declaration: &mut Declaration, tables: &dyn Tables, day: Date) {
    let mut mapper = Mapper::new(tables, day);
    mapper.declaration(declaration);
}

/// Maps the codes of a certificate, as the table holds on a day.
pub fn standardise_certificate(certificate: &mut Certificate, tables: &dyn Tables, day: Date) {
    let mut mapper = Mapper::new(tables, day);
    mapper.certificate(certificate);
}

struct Mapper<'t> {
    tables: &'t dyn Tables,
    table: Table,
    day: Date,
    /// What was looked up, by list, code and standard list.
    known: HashMap<(String, String, &'static str), Option<String>>,
    /// What was replaced and is not kept beside it yet.
    originals: Vec<Extension>,
}

impl<'t> Mapper<'t> {
    fn new(tables: &'t dyn Tables, day: Date) -> Self {
        let table = table(TABLE, &["list", "code", "toList"], &["toCode"]);
        Self { tables, table, day, known: HashMap::new(), originals: Vec::new() }
    }

    fn find(&mut self, list: &str, code: &str, standard: &'static str) -> Option<String> {
        let key = (list.to_owned(), code.to_owned(), standard);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let keys = [vec![list.to_owned(), code.to_owned(), standard.to_owned()]];
        // Without the table, or a row, nothing is mapped.
        let found = self.tables.lookup(&self.table, &keys, self.day).ok();
        let found = found.and_then(|rows| Some(rows.first()?.first()?.cells.first()?.to_string()));
        self.known.insert(key, found.clone());
        found
    }

    fn replace(&mut self, code: &mut Code, value: String, standard: &str, field: &str) {
        let original = std::mem::replace(&mut code.value, value);
        let list = code.code_list.replace(standard.to_owned()).unwrap_or_default();
        self.originals.push(Extension {
            scheme: list,
            name: field.to_owned(),
            value: original,
            place: code.place,
        });
    }

    fn code(&mut self, code: Option<&mut Code>, standard: &'static str, field: &str) {
        let Some(code) = code else { return };
        if let Some(list) = code.code_list.clone().filter(|list| list != standard)
            && let Some(found) = self.find(&list, &code.value, standard)
        {
            self.replace(code, found, standard, field);
        }
    }

    /// A country, also one in three letters or digits.
    fn country(&mut self, code: Option<&mut Code>, field: &str) {
        let Some(code) = code else { return };
        self.code(Some(code), COUNTRIES, field);
        let standard = code.code_list.as_deref().is_none_or(|list| list == COUNTRIES);
        if let Some(known) = country::find(&code.value).filter(|known| standard && known.alpha2 != code.value)
        {
            self.replace(code, known.alpha2.to_owned(), COUNTRIES, field);
        }
    }

    /// A unit as `LIST:CODE`; it stays as written.
    fn unit(&mut self, measure: Option<&mut Measure>) {
        let Some(measure) = measure.filter(|measure| measure.unit.is_none()) else { return };
        let written = measure.unit_as_written.as_deref().unwrap_or_default();
        if let Some((list, code)) = written.split_once(':') {
            measure.unit = self.find(list, code, UNITS);
        }
    }

    /// A place gets the standard code as a further identifier.
    fn location(&mut self, location: Option<&mut Location>) {
        let Some(location) = location else { return };
        self.country(location.country.as_mut(), "country");
        if location.identifiers.iter().any(|identifier| identifier.scheme.as_deref() == Some(PLACES)) {
            return;
        }
        let found = location.identifiers.iter().find_map(|identifier| {
            let value = self.find(identifier.scheme.as_deref()?, &identifier.value, PLACES)?;
            Some(Identifier {
                value,
                normalised: None,
                scheme: Some(PLACES.to_owned()),
                place: identifier.place,
            })
        });
        location.identifiers.extend(found);
    }

    fn area(&mut self, area: Option<&mut CountryArea>, field: &str) {
        if let Some(area) = area {
            self.country(Some(&mut area.country), field);
        }
    }

    fn party(&mut self, party: Option<&mut Party>) {
        if let Some(address) = party.and_then(|party| party.address.as_mut()) {
            self.country(address.country.as_mut(), "address-country");
        }
    }

    fn packages(&mut self, packages: &mut [Packages]) {
        for package in packages {
            self.code(package.type_code.as_mut(), PACKAGES, "package-type");
        }
    }

    fn transport(&mut self, transport: &mut [TransportMovement]) {
        for movement in transport {
            self.code(movement.mode.as_mut(), MODES, "transport-mode");
            self.country(movement.nationality.as_mut(), "transport-nationality");
        }
    }

    fn establishment(&mut self, establishment: Option<&mut Establishment>) {
        if let Some(establishment) = establishment {
            self.country(establishment.country.as_mut(), "establishment-country");
        }
    }

    fn documents(&mut self, documents: &mut [SupportingDocument]) {
        for document in documents {
            self.code(document.type_code.as_mut(), DOCUMENTS, "document-type");
            self.unit(document.write_off.as_mut());
        }
    }

    fn declaration(&mut self, declaration: &mut Declaration) {
        self.country(declaration.country.as_mut(), "country");
        self.country(declaration.dispatch_country.as_mut(), "dispatch-country");
        self.country(declaration.destination_country.as_mut(), "destination-country");
        for party in [
            &mut declaration.declarant,
            &mut declaration.agent,
            &mut declaration.importer,
            &mut declaration.exporter,
            &mut declaration.consignee,
        ] {
            self.party(party.as_mut());
        }
        self.location(declaration.entry_place.as_mut());
        self.location(declaration.goods_location.as_mut());
        self.location(declaration.loading_place.as_mut());
        self.transport(&mut declaration.transport);
        self.unit(declaration.gross_weight.as_mut());
        self.unit(declaration.net_weight.as_mut());
        self.documents(&mut declaration.documents);
        declaration.extensions.append(&mut self.originals);
        for item in &mut declaration.items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &mut GoodsItem) {
        self.country(item.origin.as_mut(), "origin");
        self.country(item.dispatch_country.as_mut(), "dispatch-country");
        self.country(item.destination_country.as_mut(), "destination-country");
        self.party(item.exporter.as_mut());
        self.party(item.importer.as_mut());
        self.unit(item.net_weight.as_mut());
        self.unit(item.gross_weight.as_mut());
        item.quantities.iter_mut().for_each(|quantity| self.unit(Some(quantity)));
        self.packages(&mut item.packages);
        item.establishments.iter_mut().for_each(|one| self.establishment(Some(one)));
        self.documents(&mut item.documents);
        item.extensions.append(&mut self.originals);
    }

    fn certificate(&mut self, certificate: &mut Certificate) {
        self.country(certificate.issuing_country.as_mut(), "issuing-country");
        self.party(certificate.issuer.as_mut());
        let consignment = &mut certificate.consignment;
        for party in [
            &mut consignment.consignor,
            &mut consignment.consignee,
            &mut consignment.despatch,
            &mut consignment.delivery,
            &mut consignment.operator,
        ] {
            self.party(party.as_mut());
        }
        self.area(consignment.export_country.as_mut(), "export-country");
        self.area(consignment.import_country.as_mut(), "import-country");
        consignment.reexport_countries.iter_mut().for_each(|area| self.area(Some(area), "reexport-country"));
        consignment.transit_countries.iter_mut().for_each(|area| self.area(Some(area), "transit-country"));
        self.location(consignment.loading_place.as_mut());
        self.location(consignment.unloading_place.as_mut());
        self.transport(&mut consignment.transport);
        certificate.extensions.append(&mut self.originals);
        for line in &mut certificate.consignment.lines {
            self.line(line);
        }
    }

    /// Adds what commodity codes of an edition became in others.
    fn correlate(&self, classifications: &mut Vec<Classification>) {
        let keys = ["system", "edition", "code"];
        let table = table(CORRELATIONS, &keys, &["toSystem", "toEdition", "toCode"]);
        let mut further: Vec<Classification> = Vec::new();
        for classification in classifications.iter() {
            let Some(code) = commodity::Code::of(classification) else { continue };
            let Some(edition) = code.edition() else { continue };
            let key = [code.system(), edition, code.digits()].map(str::to_owned).to_vec();
            let rows = self.tables.lookup(&table, &[key], self.day).unwrap_or_default();
            for row in rows.iter().flatten() {
                let [system, edition, code] = row.cells.as_slice() else { continue };
                further.push(Classification {
                    system: Some(system.to_string()),
                    edition: Some(edition.to_string()).filter(|edition| !edition.is_empty()),
                    class_code: Some(code.to_string()),
                    ..classification.clone()
                });
            }
        }
        further.retain(|new| {
            !classifications.iter().any(|c| {
                (&c.system, &c.edition, &c.class_code) == (&new.system, &new.edition, &new.class_code)
            })
        });
        classifications.append(&mut further);
    }

    fn line(&mut self, line: &mut TradeLine) {
        self.correlate(&mut line.classifications);
        for measure in [
            &mut line.net_weight,
            &mut line.gross_weight,
            &mut line.net_volume,
            &mut line.gross_volume,
            &mut line.count,
        ] {
            self.unit(measure.as_mut());
        }
        self.packages(&mut line.packages);
        line.origins.iter_mut().for_each(|area| self.area(Some(area), "origin"));
        for process in &mut line.processes {
            self.country(process.country.as_mut(), "process-country");
            self.establishment(process.establishment.as_mut());
            self.unit(process.duration.as_mut());
        }
        line.extensions.append(&mut self.originals);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::CsvTables;

    fn code(list: &str, value: &str) -> Option<Code> {
        Some(Code { value: value.into(), code_list: Some(list.into()), name: None, place: 7 })
    }

    #[test]
    fn the_standard_code_stands_beside_the_original() {
        let mut tables = CsvTables::default();
        let rows = "list,code,toList,toCode,name,validFrom,validUntil\n\
            CN-COUNTRY,609,ISO3166-1,NZ,新西兰,,\nCN-UNIT,035,REC20,KGM,千克,,\n\
            CN-PACKAGE,22,REC21,CT,纸箱,2020-01-01,\nCN-PORT,NZL081,UNLOCODE,NZTRG,陶朗加,,\n";
        tables.add(TABLE, rows.into()).unwrap();
        let weight = |unit: &str| Some(Measure { unit_as_written: Some(unit.into()), ..Measure::default() });
        let port =
            Identifier { value: "NZL081".into(), scheme: Some("CN-PORT".into()), ..Identifier::default() };
        let item = GoodsItem {
            origin: code("CN-COUNTRY", "609"),
            dispatch_country: code(COUNTRIES, "NZL"),
            destination_country: code("CN-COUNTRY", "999"),
            net_weight: weight("CN-UNIT:035"),
            gross_weight: weight("CN-UNIT:777"),
            packages: vec![Packages { type_code: code("CN-PACKAGE", "22"), ..Packages::default() }],
            ..GoodsItem::default()
        };
        let mut declaration = Declaration {
            items: vec![item],
            loading_place: Some(Location { identifiers: vec![port], ..Location::default() }),
            ..Declaration::default()
        };
        let before = declaration.clone();
        standardise(&mut declaration, &tables, "2026-03-01".parse().unwrap());
        let item = &declaration.items[0];
        let value =
            |code: &Option<Code>| code.as_ref().map(|c| (c.value.clone(), c.code_list.clone().unwrap()));
        assert_eq!(value(&item.origin), Some(("NZ".into(), COUNTRIES.into())));
        assert_eq!(value(&item.dispatch_country), Some(("NZ".into(), COUNTRIES.into())));
        assert_eq!(value(&item.destination_country), Some(("999".into(), "CN-COUNTRY".into())));
        assert_eq!(item.net_weight.as_ref().unwrap().unit.as_deref(), Some("KGM"));
        assert_eq!(item.net_weight.as_ref().unwrap().unit_as_written.as_deref(), Some("CN-UNIT:035"));
        assert_eq!(item.gross_weight.as_ref().unwrap().unit, None, "never guessed");
        assert_eq!(value(&item.packages[0].type_code), Some(("CT".into(), PACKAGES.into())));
        let original = |e: &Extension| format!("{} {} {} {}", e.scheme, e.name, e.value, e.place);
        assert_eq!(
            item.extensions.iter().map(original).collect::<Vec<_>>(),
            ["CN-COUNTRY origin 609 7", "ISO3166-1 dispatch-country NZL 7", "CN-PACKAGE package-type 22 7"]
        );
        let places = &declaration.loading_place.as_ref().unwrap().identifiers;
        assert_eq!((places.len(), places[1].value.as_str()), (2, "NZTRG"));
        // What is mapped is not mapped again; without the table nothing is.
        let once = declaration.clone();
        standardise(&mut declaration, &tables, "2026-03-01".parse().unwrap());
        assert_eq!(declaration, once);
        let mut other = before.clone();
        standardise(&mut other, &tables, "2019-03-01".parse().unwrap());
        assert_eq!(value(&other.items[0].packages[0].type_code), Some(("22".into(), "CN-PACKAGE".into())));
    }
    #[test]
    fn commodity_codes_of_an_older_edition_get_those_they_became() {
        let mut tables = CsvTables::default();
        let rows = "system,edition,code,toSystem,toEdition,toCode,validFrom,validUntil\n\
            HS,2017,030389,HS,2022,030384,,\nHS,2017,030389,HS,2022,030389,,\n";
        tables.add(CORRELATIONS, rows.into()).unwrap();
        let classification = |system: &str, code: &str| Classification {
            system: Some(system.into()),
            class_code: Some(code.into()),
            ..Classification::default()
        };
        let line =
            |classification| TradeLine { classifications: vec![classification], ..TradeLine::default() };
        let mut certificate = Certificate::default();
        certificate.consignment.lines =
            vec![line(classification("HS 2017", "0303.89")), line(classification("HS", "030389"))];
        for _ in 0..2 {
            standardise_certificate(&mut certificate, &tables, "2026-03-01".parse().unwrap());
        }
        let codes = |line: &TradeLine| -> Vec<String> {
            let text = |c: &Classification| {
                format!("{} {}", c.edition.clone().unwrap_or_default(), c.class_code.clone().unwrap())
            };
            line.classifications.iter().map(text).collect()
        };
        let lines = &certificate.consignment.lines;
        assert_eq!(codes(&lines[0]), [" 0303.89", "2022 030384", "2022 030389"]);
        assert_eq!(codes(&lines[1]), [" 030389"], "an edition is never guessed");
    }
}
