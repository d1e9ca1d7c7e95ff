//! One declared item: `GovernmentAgencyGoodsItem`.

use ecert_sdk::adapter::Problems;
use ecert_sdk::model::declarations::GoodsItem;
use ecert_sdk::model::parts::{Classification, Packages, ReferencedDocument};
use ecert_sdk::model::values::{Code, Extension};
use ecert_sdk::xml::Element;

use crate::documents::Documents;
use crate::parties::party_at;
use crate::statements::Statements;
use crate::transport::{container_numbers, sequence_is_order};
use crate::values::{
    all_filled, code, code_at, count_at, country_at, extension, extensions_at, filled, measure_at, number_at,
    pass_over, text,
};

/// The unit of weights that name none.
pub(crate) const KILOGRAM: Option<&str> = Some("KGM");

/// Values, duties and what they rest on.
const MONEY: &[&str] = &[
    "CustomsValueAmount",
    "StatisticalValueAmount",
    "TransactionNatureCode",
    "CustomsValuation",
    "DomesticDutyTaxParty",
    "ValuationAdjustment",
];

/// The item, and the transport documents that it names for the declaration.
pub(crate) fn read(element: Element<'_>, problems: &Problems) -> (GoodsItem, Vec<ReferencedDocument>) {
    pass_over(element, MONEY);
    let documents = Documents::of(element, problems);
    let statements = Statements::of(element, problems);
    let mut supporting = documents.supporting;
    statements.name_lines(&mut supporting, problems);
    let goods = element.child("Commodity").map(|commodity| goods(commodity, problems)).unwrap_or_default();
    let (procedure, previous_procedure, additional) = procedures(element);
    let (origin, origin_subdivision, other_origins) = origin(element);
    let mut extensions = extensions_at(element, &["UCR/ID", "UCR/TraderAssignedReferenceID"]);
    extensions.extend(additional);
    extensions.extend(other_origins);
    extensions.extend(other_parties(element));
    let item = GoodsItem {
        sequence: count_at(element, "SequenceNumeric", problems).unwrap_or_default(),
        origin,
        origin_subdivision,
        dispatch_country: country_at(element, "ExportCountry/ID"),
        destination_country: country_at(element, "Destination/CountryCode"),
        exporter: party_at(element, "Exporter").or_else(|| party_at(element, "Consignor")),
        importer: party_at(element, "Importer").or_else(|| party_at(element, "Consignee")),
        procedure,
        previous_procedure,
        packages: element.children("Packaging").map(|packaging| packages(packaging, problems)).collect(),
        purpose: statements.purpose,
        establishments: statements.establishments,
        production: statements.production,
        expiry: statements.expiry,
        batches: statements.batches,
        documents: supporting,
        predecessors: documents.predecessors,
        notes: statements.notes,
        extensions,
        place: element.place(),
        ..goods
    };
    (item, documents.transport)
}

/// What `Commodity` says of the goods.
fn goods(commodity: Element<'_>, problems: &Problems) -> GoodsItem {
    pass_over(commodity, &["DutyTaxFee", "InvoiceLine"]);
    let (joined, mut classifications) = commodity_code(commodity);
    let dangerous = commodity.children("DangerousGoods").filter_map(|goods| filled(goods, "UNDGID"));
    classifications.extend(dangerous.map(|number| classification("UNDG", number.text().into(), number)));
    GoodsItem {
        commodity: joined,
        classifications,
        descriptions: all_filled(commodity, "Description").map(text).collect(),
        net_weight: measure_at(commodity, "GoodsMeasure/NetNetWeightMeasure", KILOGRAM, problems),
        gross_weight: measure_at(commodity, "GoodsMeasure/GrossMassMeasure", KILOGRAM, problems),
        // The tariff prescribes the unit of the supplementary quantity; where
        // the message does not name it, it is unknown here.
        quantities: measure_at(commodity, "GoodsMeasure/TariffQuantity", None, problems)
            .into_iter()
            .collect(),
        containers: container_numbers(commodity),
        ..GoodsItem::default()
    }
}

/// The commodity code joined from its parts, and the codes beside it.
///
/// The parts: HS (six digits) and CN (two more), or TSP (all eight at once),
/// then TRC (TARIC, two more). TRA and GN are additional codes, CV is the
/// customs union and statistics number of a chemical.
fn commodity_code(commodity: Element<'_>) -> (Option<Classification>, Vec<Classification>) {
    let parts: Vec<_> = commodity.children("Classification").filter_map(part).collect();
    let value = |kind: &str| parts.iter().find(|(known, _)| *known == kind).map(|(_, id)| *id);
    let tariff = value("TSP").or_else(|| value("CN").filter(|_| value("HS").is_none()));
    let joined: Vec<_> = match tariff {
        Some(tariff) => [Some(tariff), value("TRC")].into_iter().flatten().collect(),
        None => [value("HS"), value("CN"), value("TRC")].into_iter().flatten().collect(),
    };
    let digits: String = joined.iter().map(|id| id.text()).collect();
    let system = match digits.len() {
        0..=6 => "HS",
        7..=8 => "CN",
        _ => "TARIC",
    };
    let code = joined.first().map(|first| classification(system, digits, *first));
    let others = parts.iter().filter(|(_, id)| !joined.iter().any(|used| used.place() == id.place()));
    (code, others.map(|(kind, id)| classification(kind, id.text().into(), *id)).collect())
}

fn part(element: Element<'_>) -> Option<(&str, Element<'_>)> {
    Some((element.text_of("IdentificationTypeCode").unwrap_or("TSP"), filled(element, "ID")?))
}

fn classification(system: &str, code: String, element: Element<'_>) -> Classification {
    Classification {
        system: Some(system.into()),
        edition: None,
        class_code: Some(code),
        names: Vec::new(),
        place: element.place(),
    }
}

/// Requested and previous procedure (two digits each), and additional
/// procedures (three signs), which the model has no place for.
fn procedures(item: Element<'_>) -> (Option<Code>, Option<Code>, Vec<Extension>) {
    let (mut requested, mut previous, mut additional) = (None, None, Vec::new());
    for procedure in item.children("GovernmentProcedure") {
        let Some(current) = filled(procedure, "CurrentCode") else { continue };
        if requested.is_none() && current.text().len() == 2 {
            requested = Some(code(current, "UCC 1/10"));
            previous = code_at(procedure, "PreviousCode", "UCC 1/10");
        } else {
            additional.push(extension("AdditionalProcedure", current));
        }
    }
    (requested, previous, additional)
}

/// Country and region of origin. A declaration may state the origin twice:
/// without preference (type 1) and for a preference (type 2). The first
/// decides; another country claimed for the preference is kept by name.
fn origin(item: Element<'_>) -> (Option<Code>, Option<Code>, Vec<Extension>) {
    let origins = || item.children("Origin");
    let kind = |origin: Element<'_>| origin.text_of("TypeCode").map_or(String::new(), str::to_owned);
    let Some(decisive) = origins().find(|origin| kind(*origin) == "1").or_else(|| origins().next()) else {
        return (None, None, Vec::new());
    };
    let country = country_at(decisive, "CountryCode");
    let region = code_at(decisive, "RegionID", "ISO3166-2");
    let others = origins().filter(|origin| origin.place() != decisive.place()).filter_map(|origin| {
        let name = ["Origin/", &kind(origin)].concat();
        let other = filled(origin, "CountryCode")?;
        let differs = country.as_ref().is_none_or(|country| country.value != other.text());
        differs.then(|| extension(name, other))
    });
    let others = others.collect();
    (country, region, others)
}

fn packages(packaging: Element<'_>, problems: &Problems) -> Packages {
    sequence_is_order(packaging);
    Packages {
        level: None,
        type_code: code_at(packaging, "TypeCode", "REC21"),
        count: number_at(packaging, "QuantityQuantity", problems),
        marks: all_filled(packaging, "MarksNumbersID").map(text).collect(),
        place: packaging.place(),
    }
}

/// Parties to the sale, which the model has no place for.
fn other_parties(item: Element<'_>) -> Vec<Extension> {
    let consignor_is_exporter = item.child("Exporter").is_none();
    let mut names = vec!["Buyer/Name", "Buyer/ID", "Seller/Name", "Seller/ID"];
    if !consignor_is_exporter {
        names.extend(["Consignor/Name", "Consignor/ID"]);
    }
    extensions_at(item, &names)
}
