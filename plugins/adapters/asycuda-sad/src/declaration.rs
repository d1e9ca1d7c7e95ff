//! The declaration as a whole.

use std::collections::BTreeMap;

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::declarations::{Declaration, Direction, GoodsItem};
use ecert_sdk::model::parts::{Equipment, Location, Note, TransportMovement};
use ecert_sdk::model::values::{Code, Identifier};
use ecert_sdk::xml::Element;

use crate::values::{Nation, day_at};
use crate::{FORMAT, item, parties};

/// Taxes, payment, valuation, forms, and copies of what customs answered.
const BESIDE_THE_GOODS: &[&str] = &[
    "Assessment_notice",
    "Global_taxes",
    "Financial",
    "Valuation",
    "Suppliers_documents",
    "Suppliers",
    "Export_release",
    "Identification/Assessment",
    "Identification/receipt",
    "Property/Forms",
    "Property/Selected_page",
    "Property/Nbers/Number_of_loading_lists",
    "Traders/Financial",
    "Transport/Delivery_terms",
    "Transport/Container_flag",
    "General_information/Value_details",
    "General_information/CAP",
    "General_information/Country/Export/Export_country_name",
    "General_information/Country/Destination/Destination_country_name",
    "Transit/Principal",
    "Transit/Signature",
];
const EXTENSIONS: &[&str] = &[
    "Identification/Manifest_reference_number",
    "Identification/Type/Type_of_transit_document",
    "General_information/Country/Country_first_destination",
    "General_information/Country/Trading_country",
    "General_information/Country/Country_of_origin_name",
    "General_information/Country/Export/Export_country_region",
    "General_information/Country/Destination/Destination_country_region",
    "Property/Place_of_declaration",
    "Warehouse/Identification",
    "Warehouse/Delay",
    "Transit/Destination/Office",
    "Transit/Destination/Country",
    "Transit/Result_of_control",
    "Transit/Time_limit",
    "Transit/Officer_name",
];

/// Reads a declaration; none if it has neither number nor goods.
pub(crate) fn read(root: Element<'_>, problems: &Problems) -> Option<Declaration> {
    BESIDE_THE_GOODS.iter().filter_map(|path| root.at(path)).for_each(Element::ignore);
    let direction = direction(root, problems);
    let export = root.filled("General_information/Country/Export/Export_country_code");
    let destination = root.filled("General_information/Country/Destination/Destination_country_code");
    let own = if direction == Direction::Export { export } else { destination };
    let nation = Nation(own.map(Element::text));
    let iso = |field: Element<'_>| field.code("ISO3166-1");
    let party = |path: &str, number: &str, name: &str| {
        root.at(path).and_then(|parent| parties::party(parent, number, name, nation))
    };
    let mut declaration = Declaration {
        direction,
        country: own.map(iso),
        mrn: registration(root, problems),
        lrn: root.identifier_at("Declarant/Reference/Number", Some("LRN")),
        type_code: type_code(root),
        accepted: day_at(root, "Identification/Registration/Date", problems),
        issued: day_at(root, "Property/Date_of_declaration", problems),
        declarant: party("Declarant", "Declarant_code", "Declarant_name"),
        exporter: party("Traders/Exporter", "Exporter_code", "Exporter_name"),
        importer: party("Traders/Consignee", "Consignee_code", "Consignee_name"),
        dispatch_country: export.map(iso),
        destination_country: destination.map(iso),
        offices: offices(root, nation),
        goods_location: root
            .at("Transport")
            .and_then(|transport| location(transport, "Location_of_goods", None)),
        loading_place: root
            .at("Transport/Place_of_loading")
            .and_then(|place| location(place, "Code", Some("Name"))),
        transport: movements(root),
        gross_weight: root.measure_at("Valuation/Weight/Gross_weight", Some("KGM"), problems),
        package_count: root.number_at("Property/Nbers/Total_number_of_packages", problems),
        notes: notes(root),
        extensions: root.extensions_at(FORMAT, EXTENSIONS),
        place: root.place(),
        ..Declaration::default()
    };
    let items = root.children("Item").zip(1..);
    declaration.items =
        items.map(|(element, number)| item::read(element, number, nation, problems)).collect();
    declaration.transport_documents = item::transport_documents(root);
    declaration.equipment = containers(root, &mut declaration.items, nation, problems);
    check(&declaration, root, problems).then_some(declaration)
}

fn direction(root: Element<'_>, problems: &Problems) -> Direction {
    let flow = root.text_of("Property/Sad_flow");
    let kind = root.text_of("Identification/Type/Type_of_declaration").and_then(|kind| kind.get(..2));
    match (flow, kind) {
        (Some("I"), _) | (None, Some("IM")) => Direction::Import,
        (Some("E"), _) | (None, Some("EX")) => Direction::Export,
        (Some("T"), _) | (None, Some("TR")) => Direction::Transit,
        _ => {
            let text = "Neither Sad_flow (I, E) nor Type_of_declaration (IM, EX) gives the direction; read as import.";
            problems.warning("unknown-direction", root.place(), text);
            Direction::Import
        }
    }
}

/// The number that customs gave: within an office and a year by serial letter
/// and number, written as one: `SUVA 2026 C 4471`.
fn registration(root: Element<'_>, problems: &Problems) -> Option<Identifier> {
    let element = root.at("Identification/Registration")?;
    let number = element.filled("Number")?;
    let year = day_at(element, "Date", &Problems::default()).map(|day| day.date.year.to_string());
    let office = root.text_of("Identification/Office_segment/Customs_clearance_office_code");
    if year.is_none() || office.is_none() {
        let text = "The registration lacks its date or office, without which its number is not unique.";
        problems.warning("incomplete-registration", element.place(), text);
    }
    let parts = [office, year.as_deref(), element.text_of("Serial_number"), Some(number.text())];
    let value = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(Identifier { value, scheme: Some("registration".into()), ..number.identifier(None) })
}

/// `IM` and general procedure 4 are one type: `IM4`.
fn type_code(root: Element<'_>) -> Option<Code> {
    let element = root.at("Identification/Type")?;
    let kind = element.filled("Type_of_declaration")?;
    let procedure = element.text_of("Declaration_gen_procedure_code").unwrap_or_default();
    Some(Code { value: [kind.text(), procedure].concat(), ..kind.code("ASYCUDA-TYPE") })
}

fn offices(root: Element<'_>, nation: Nation<'_>) -> Vec<Code> {
    let office = |path: &str, code: &str, name: &str| {
        let element = root.at(path)?;
        let name = element.text_of(name).map(str::to_owned);
        Some(Code { name, ..nation.code_at(element, code, "CUSTOMS")? })
    };
    let clearance = office(
        "Identification/Office_segment",
        "Customs_clearance_office_code",
        "Customs_Clearance_office_name",
    );
    clearance.into_iter().chain(office("Transport/Border_office", "Code", "Name")).collect()
}

fn location(parent: Element<'_>, code: &str, name: Option<&str>) -> Option<Location> {
    let code = parent.filled(code);
    let name = name.and_then(|name| parent.filled(name));
    Some(Location {
        identifiers: code.map(|code| code.identifier(None)).into_iter().collect(),
        names: name.map(|name| name.spoken(None)).into_iter().collect(),
        country: parent.code_at("Country", "ISO3166-1"),
        place: code.or(name)?.place(),
    })
}

/// Across the border, and on arrival or departure.
fn movements(root: Element<'_>) -> Vec<TransportMovement> {
    let means = root.at("Transport/Means_of_transport");
    let border = means.and_then(|means| means.child("Border_information"));
    let inland = means.and_then(|means| means.child("Departure_arrival_information"));
    let one = |element: Element<'_>| {
        let mode = element.code_at("Mode", "REC19");
        let name = element.filled("Identity");
        let nationality = element.code_at("Nationality", "ISO3166-1");
        (mode.is_some() || name.is_some()).then(|| TransportMovement {
            mode,
            means: name.map(|name| name.spoken(None)).into_iter().collect(),
            nationality,
            place: element.place(),
            ..TransportMovement::default()
        })
    };
    let mut movements: Vec<_> = [border, inland].into_iter().flatten().filter_map(one).collect();
    if let Some(mode) = means.and_then(|means| means.filled("Inland_mode_of_transport")) {
        let (mode, place) = (Some(mode.code("REC19")), mode.place());
        movements.push(TransportMovement { mode, place, ..TransportMovement::default() });
    }
    movements
}

/// Containers; each names the item that is in it.
fn containers(
    root: Element<'_>,
    items: &mut [GoodsItem],
    nation: Nation<'_>,
    problems: &Problems,
) -> Vec<Equipment> {
    let numbers: BTreeMap<u32, usize> = items.iter().map(|item| item.sequence).zip(0..).collect();
    let mut found: Vec<Equipment> = Vec::new();
    for element in root.children("Container") {
        for name in
            ["Goods_description", "Packages_type", "Packages_number", "Packages_weight", "Gross_weight"]
        {
            element.children(name).for_each(Element::ignore);
        }
        let identifier = element.identifier_at("Container_identity", None);
        let item = element.count_at("Item_Number", problems);
        if let (Some(&index), Some(number)) = (item.and_then(|item| numbers.get(&item)), &identifier) {
            items[index].containers.push(number.clone());
        }
        element.children("Empty_full_indicator").for_each(Element::ignore);
        found.push(Equipment {
            identifier,
            type_code: nation.code_at(element, "Container_type", "CONTAINER"),
            place: element.place(),
            ..Equipment::default()
        });
    }
    // Seals are those of the transport; which container bears which is only
    // plain where there is one.
    let seal = root.identifier_at("Transit/Seals/Identity", None);
    root.at("Transit/Seals/Number").into_iter().for_each(Element::ignore);
    match (found.as_mut_slice(), seal) {
        ([only], Some(seal)) => only.seals.push(seal),
        (_, Some(seal)) => {
            found.push(Equipment { place: seal.place, seals: vec![seal], ..Equipment::default() })
        }
        _ => {}
    }
    found
}

fn notes(root: Element<'_>) -> Vec<Note> {
    let paths = ["General_information/Additional_information", "General_information/Comments_free_text"];
    let note = |path: &&str| {
        let field = root.filled(path)?;
        Some(Note { contents: vec![field.spoken(None)], place: field.place(), ..Note::default() })
    };
    paths.iter().filter_map(note).collect()
}

/// What a declaration needs to be one.
fn check(declaration: &Declaration, root: Element<'_>, problems: &Problems) -> bool {
    let numbered = declaration.lrn.is_some() || declaration.mrn.is_some();
    if !numbered {
        let text = "Neither Declarant/Reference/Number nor Registration/Number: the declaration could not be told \
                    from others.";
        problems.fatal("no-number", root.place(), text);
    }
    if declaration.items.is_empty() {
        problems.fatal(
            "declaration-without-items",
            root.place(),
            "No Item: the declaration declares nothing.",
        );
    }
    if let Some(stated) = root.filled("Property/Nbers/Total_number_of_items") {
        let found = declaration.items.len().to_string();
        if stated.text() != found && found != "0" {
            let text = format!("Total_number_of_items says {}, but there are {found}.", stated.text());
            problems.warning("item-quantity-differs", stated.place(), text);
        }
    }
    numbered && !declaration.items.is_empty()
}
