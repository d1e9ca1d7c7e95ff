//! The declaration as a whole.

use ecert_sdk::adapter::Problems;
use ecert_sdk::model::declarations::{Declaration, Direction};
use ecert_sdk::model::parts::Party;
use ecert_sdk::model::values::{Code, Extension, Identifier};
use ecert_sdk::xml::Element;

use crate::documents::{Documents, add_transport};
use crate::item;
use crate::parties::party_at;
use crate::statements::Statements;
use crate::transport::{entry_place, equipment, goods_location, loading_place, movements};
use crate::values::{
    code, code_at, country_at, extension, extensions_at, filled, identifier_at, measure_at, moment_at,
    number_at, pass_over, text,
};

/// `FunctionCode` of a request to cancel a declaration, which names it and
/// nothing more.
const CANCELLATION: &str = "13";

/// Money, guarantees, and what only counts or signs the message.
const BESIDE_THE_GOODS: &[&str] =
    &["InvoiceAmount", "CurrencyExchange", "ObligationGuarantee", "LoadingListQuantity", "Authentication"];
const TERMS_OF_TRADE: &[&str] =
    &["TransactionNatureCode", "CustomsValuation", "DomesticDutyTaxParty", "Payer", "Surety", "TradeTerms"];

/// Reads a declaration; none if it has neither number nor goods.
pub(crate) fn read(
    metadata: Option<Element<'_>>,
    element: Element<'_>,
    problems: &Problems,
) -> Option<Declaration> {
    pass_over(element, BESIDE_THE_GOODS);
    let shipment = element.child("GoodsShipment");
    let consignment = shipment.and_then(|shipment| shipment.child("Consignment"));
    let type_code = code_at(element, "TypeCode", "UCC 1/1 1/2");
    let direction = direction(element, type_code.as_ref(), problems);
    let documents = Documents::of(element, problems);
    let statements = Statements::of(element, problems);
    let mut supporting = documents.supporting;
    statements.name_lines(&mut supporting, problems);
    let mrn = identifier_at(element, "ID", Some("MRN"));
    let declaration = Declaration {
        direction,
        country: country(metadata, mrn.as_ref()),
        authority: metadata.and_then(authority),
        lrn: identifier_at(element, "FunctionalReferenceID", Some("LRN")),
        version: element.text_of("VersionID").map(str::to_owned),
        type_code,
        function: code_at(element, "FunctionCode", "UNCL1225"),
        accepted: moment_at(element, "AcceptanceDateTime", problems),
        issued: moment_at(element, "IssueDateTime", problems),
        arrival: statements.arrival,
        dispatched: statements.dispatched,
        declarant: party_at(element, "Declarant"),
        agent: party_at(element, "Agent"),
        exporter: party_at(element, "Exporter"),
        offices: offices(element),
        transport: movements(element, consignment),
        transport_documents: documents.transport,
        gross_weight: measure_at(element, "TotalGrossMassMeasure", item::KILOGRAM, problems),
        package_count: number_at(element, "TotalPackageQuantity", problems),
        documents: supporting,
        predecessors: documents.predecessors,
        notes: statements.notes,
        extensions: extensions(element),
        place: element.place(),
        mrn,
        ..Declaration::default()
    };
    let declaration = match shipment {
        Some(shipment) => with_shipment(declaration, shipment, problems),
        None => declaration,
    };
    check(&declaration, element, problems).then_some(declaration)
}

/// Adds what `GoodsShipment` says.
fn with_shipment(mut declaration: Declaration, shipment: Element<'_>, problems: &Problems) -> Declaration {
    pass_over(shipment, TERMS_OF_TRADE);
    declaration.dispatched = moment_at(shipment, "ExitDateTime", problems).or(declaration.dispatched);
    declaration.importer = party_at(shipment, "Importer");
    declaration.consignee = party_at(shipment, "Consignee");
    declaration.exporter = declaration.exporter.or_else(|| party_at(shipment, "Consignor"));
    declaration.dispatch_country = country_at(shipment, "ExportCountry/ID");
    declaration.destination_country = country_at(shipment, "Destination/CountryCode");
    if let Some(consignment) = shipment.child("Consignment") {
        // Whether the goods are in containers; the list of them says so too.
        pass_over(consignment, &["ContainerCode"]);
        declaration.entry_place = entry_place(consignment);
        declaration.goods_location = goods_location(consignment);
        declaration.loading_place = loading_place(consignment);
        declaration.equipment = equipment(consignment);
    }
    let documents = Documents::of(shipment, problems);
    declaration.documents.extend(documents.supporting);
    declaration.predecessors.extend(documents.predecessors);
    add_transport(&mut declaration.transport_documents, documents.transport);
    declaration.extensions.extend(extensions_at(shipment, SHIPMENT_EXTENSIONS));
    for element in shipment.children("GovernmentAgencyGoodsItem") {
        let (item, transport) = item::read(element, problems);
        declaration.items.push(item);
        add_transport(&mut declaration.transport_documents, transport);
    }
    declaration
}

/// The first two letters of the type: IM and CO (goods of special territories)
/// bring goods in, EX takes them out.
fn direction(element: Element<'_>, type_code: Option<&Code>, problems: &Problems) -> Direction {
    match type_code.and_then(|code| code.value.get(..2)) {
        Some("EX") => Direction::Export,
        Some("IM" | "CO") => Direction::Import,
        Some("TR") => Direction::Transit,
        _ => {
            let text = "TypeCode says neither import (IM, CO) nor export (EX); read as import.";
            problems.warning("unknown-declaration-type", element.place(), text);
            Direction::Import
        }
    }
}

/// The country whose customs it is made to: as the wrapper says, else as the
/// movement reference number does in its third and fourth sign.
fn country(metadata: Option<Element<'_>>, mrn: Option<&Identifier>) -> Option<Code> {
    let stated = metadata.and_then(|metadata| country_at(metadata, "ResponsibleCountryCode"));
    stated.or_else(|| {
        let mrn = mrn.filter(|mrn| mrn.value.len() == 18)?;
        let country =
            mrn.value.get(2..4).filter(|letters| letters.bytes().all(|byte| byte.is_ascii_uppercase()))?;
        Some(Code {
            value: country.into(),
            code_list: Some("ISO3166-1".into()),
            name: None,
            place: mrn.place,
        })
    })
}

fn authority(metadata: Element<'_>) -> Option<Party> {
    // Versions of the model and of the profile: of the message, not of what it says.
    let versions = [
        "WCODataModelVersionCode",
        "WCOTypeName",
        "AgencyAssignedCustomizationCode",
        "AgencyAssignedCustomizationVersionCode",
    ];
    pass_over(metadata, &versions);
    let name = filled(metadata, "ResponsibleAgencyName")?;
    Some(Party { names: vec![text(name)], place: name.place(), ..Party::default() })
}

/// Offices that have to do with the declaration.
fn offices(element: Element<'_>) -> Vec<Code> {
    let paths = ["DeclarationOfficeID", "PresentationOffice/ID", "SupervisingOffice/ID", "ExitOffice/ID"];
    paths
        .iter()
        .filter_map(|path| filled(element, path))
        .map(|office| code(office, "customs-office"))
        .collect()
}

const SHIPMENT_EXTENSIONS: &[&str] = &[
    "UCR/ID",
    "UCR/TraderAssignedReferenceID",
    "Warehouse/ID",
    "Warehouse/TypeCode",
    "Invoice/ID",
    "Buyer/Name",
    "Buyer/ID",
    "Seller/Name",
    "Seller/ID",
    "Destination/RegionID",
];

/// Authorisations by their kind, and the other facts of the head.
fn extensions(element: Element<'_>) -> Vec<Extension> {
    let authorisation = |holder: Element<'_>| {
        let kind = filled(holder, "CategoryCode").map_or("", |kind| kind.text());
        let name = ["AuthorisationHolder/", kind].concat();
        filled(holder, "ID").map(|id| extension(name.trim_end_matches('/'), id))
    };
    let mut extensions: Vec<_> = element.children("AuthorisationHolder").filter_map(authorisation).collect();
    let head = ["Submitter/Name", "Submitter/ID", "SpecificCircumstancesCodeCode", "IssueLocationID"];
    extensions.extend(extensions_at(element, &head));
    extensions
}

/// What a declaration needs to be one.
fn check(declaration: &Declaration, element: Element<'_>, problems: &Problems) -> bool {
    let numbered = declaration.lrn.is_some() || declaration.mrn.is_some();
    if !numbered {
        let text = "Neither FunctionalReferenceID (LRN) nor ID (MRN): the declaration could not be told from others.";
        problems.fatal("no-number", element.place(), text);
    }
    let cancels = declaration.function.as_ref().is_some_and(|function| function.value == CANCELLATION);
    let has_goods = !declaration.items.is_empty() || cancels;
    if !has_goods {
        let text = "No GovernmentAgencyGoodsItem: the declaration declares nothing.";
        problems.fatal("declaration-without-items", element.place(), text);
    }
    if let Some(stated) = filled(element, "GoodsItemQuantity") {
        let found = declaration.items.len().to_string();
        if has_goods && !cancels && stated.text() != found {
            let text = format!("GoodsItemQuantity says {}, but there are {found} items.", stated.text());
            problems.warning("item-quantity-differs", stated.place(), text);
        }
    }
    numbered && has_goods
}
