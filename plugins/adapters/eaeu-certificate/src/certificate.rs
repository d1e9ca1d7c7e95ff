//! One certificate.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::certificates::{Authentication, Certificate, Clause, Consignment};
use ecert_sdk::model::parts::{CountryArea, Location, Party, Person, TransportMovement};
use ecert_sdk::model::values::{Code, DateTime, Identifier, Period};
use ecert_sdk::xml::Element;

use crate::FORMAT;
use crate::goods;
use crate::parties::party;
use crate::values::{Texts, country, moment_at};

/// UNCL 1001: phytosanitary certificate, the only kind this request carries.
const PHYTOSANITARY: &str = "851";
/// UNCL 4405.
const ISSUED: &str = "70";
const CANCELLED: &str = "64";
const EXTENSIONS: &[&str] = &["ID", "GUID", "SendDateTime", "Blanc", "EntryCheckpointCode"];

/// Reads a certificate; none if it has no number.
pub(crate) fn read(element: Element<'_>, problems: &Problems) -> Option<Certificate> {
    let Some(number) = element.filled("Number") else {
        let text = "The certificate has no Number, by which it would be known.";
        problems.fatal("no-number", element.place(), text);
        return None;
    };
    let mut texts = Texts::new(problems);
    let consignment = consignment(element, &mut texts, problems);
    let issued = moment_at(element, "Date", problems);
    let mut certificate = Certificate {
        number: number.identifier(None),
        type_code: Code {
            value: PHYTOSANITARY.into(),
            code_list: Some("UNCL1001".into()),
            name: None,
            place: element.place(),
        },
        status: status(element, problems),
        issued,
        validity: moment_at(element, "ExpirationDate", problems).map(|end| Period {
            start: None,
            place: end.place,
            end: Some(end),
        }),
        issuing_country: country(element, "CountryCode", None, &mut texts),
        authentications: authentication(element, issued, &mut texts).into_iter().collect(),
        consignment,
        extensions: element.extensions_at(FORMAT, EXTENSIONS),
        place: element.place(),
        ..Certificate::default()
    };
    certificate.extensions.extend(texts.damaged);
    Some(certificate)
}

/// Whether it was cancelled. One that does not say so is not taken as valid.
fn status(element: Element<'_>, problems: &Problems) -> Code {
    let field = element.filled("Canceled");
    let place = field.map_or(element.place(), Element::place);
    let value = match field.map(Element::text) {
        Some("false" | "0") => ISSUED,
        Some("true" | "1") => CANCELLED,
        _ => {
            let text = "Canceled says neither true nor false: whether the certificate holds is not known.";
            problems.error("unknown-status", place, text);
            ""
        }
    };
    Code { value: value.into(), code_list: Some("UNCL4405".into()), name: None, place }
}

/// Who signed, and where.
fn authentication(
    element: Element<'_>,
    at: Option<DateTime>,
    texts: &mut Texts<'_>,
) -> Option<Authentication> {
    let inspector = texts.take(element, "Inspector");
    let location = texts.take(element, "IssuePlace");
    let declaration = texts.take(element, "AdditionalDeclaration");
    let place = [&inspector, &location, &declaration].into_iter().flatten().map(|text| text.place).min()?;
    Some(Authentication {
        at,
        location: location.map(|name| Location {
            place: name.place,
            names: vec![name],
            ..Location::default()
        }),
        provider: inspector.map(|name| Party {
            place: name.place,
            persons: vec![Person { place: name.place, names: vec![name], ..Person::default() }],
            ..Party::default()
        }),
        clauses: declaration
            .map(|text| Clause { identifier: None, place: text.place, contents: vec![text] })
            .into_iter()
            .collect(),
        place,
        ..Authentication::default()
    })
}

fn consignment(element: Element<'_>, texts: &mut Texts<'_>, problems: &Problems) -> Consignment {
    let area = |country: Code| CountryArea { place: country.place, country, subdivisions: Vec::new() };
    let export = country(element, "DepartureCountryCode", Some("DepartureCountry"), texts);
    let import = country(element, "DestinationCountryCode", Some("DestinationCountry"), texts);
    let products = element.child("Products").into_iter().flat_map(|list| list.children("Product")).zip(1..);
    let lines: Vec<_> = products.map(|(product, number)| goods::read(product, number, problems)).collect();
    if lines.is_empty() {
        let text = "Products lists no Product: the certificate certifies nothing.";
        problems.warning("no-goods", element.place(), text);
    }
    Consignment {
        consignor: party(element, "Consignor", problems),
        consignee: party(element, "Consignee", problems),
        export_country: export.map(area),
        import_country: import.map(area),
        unloading_place: texts.take(element, "EntryCheckpoint").map(|name| Location {
            place: name.place,
            names: vec![name],
            ..Location::default()
        }),
        transport: transport(element, texts).into_iter().collect(),
        lines,
        place: element.place(),
        ..Consignment::default()
    }
}

fn transport(element: Element<'_>, texts: &mut Texts<'_>) -> Option<TransportMovement> {
    let kind = texts.take(element, "TransportType");
    let number: Option<Identifier> = element.identifier_at("TransportNumber", None);
    let place = kind.as_ref().map(|kind| kind.place).or(number.as_ref().map(|number| number.place))?;
    Some(TransportMovement {
        means: kind.into_iter().collect(),
        identifiers: number.into_iter().collect(),
        place,
        ..TransportMovement::default()
    })
}
