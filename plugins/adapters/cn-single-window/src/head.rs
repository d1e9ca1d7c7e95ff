//! The declaration as a whole: `DecHead`, and the lists beside it.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::declarations::{Declaration, Direction};
use ecert_sdk::model::parts::{Equipment, Location, Note, ReferencedDocument, TransportMovement};
use ecert_sdk::model::values::{Code, Extension, Identifier};

use crate::lists::{
    CONTAINER, CUSTOMS_OFFICE, ENTRY_TYPE, INSPECTION_OFFICE, ISO_COUNTRY, OPERATION, PACKAGE, PORT,
    REQUESTED_CERTIFICATE, TRANSPORT_MODE,
};
use crate::message::Node;
use crate::origin::country;
use crate::{XML, documents, item, parties};

/// What concerns payment, the software, or the people who typed.
const BESIDE_THE_GOODS: &[&str] = &[
    "FeeCurr",
    "FeeMark",
    "FeeRate",
    "InsurCurr",
    "InsurMark",
    "InsurRate",
    "OtherCurr",
    "OtherMark",
    "OtherRate",
    "TransMode",
    "CutMode",
    "PayWay",
    "PaymentMark",
    "TypistNo",
    "InputerName",
    "PartenerID",
    "DataSource",
    "Risk",
    "ChkSurety",
    "TaxAaminMark",
    "CheckFlow",
    "PromiseItmes",
    "DeclareName",
    "CopName",
    "CopCode",
    "CopCodeScc",
    "BillType",
    "DeclTrnRel",
    "SpecDeclFlag",
    "OrigBoxFlag",
    "NoOtherPack",
    "Type",
    "TgdNo",
    "EdiId",
];
/// Parts of the message that say nothing of the goods.
const OTHER_PARTS: &[&str] =
    &["DecUsers", "DecCopPromises", "TrnHead", "TrnList", "TrnContainers", "TrnContaGoodsList", "SddTax"];
const SIGNATURE: &[&str] = &[
    "ICCode",
    "CopCode",
    "OperName",
    "Sign",
    "SignDate",
    "Certificate",
    "HostId",
    "DomainId",
    "BillSeqNo",
    "Note",
];
const HEAD_EXTENSIONS: &[&str] = &[
    "ManualNo",
    "ContrNo",
    "ApprNo",
    "BLNo",
    "CmplDschrgDt",
    "CorrelationNo",
    "CorrelationReasonFlag",
    "MarkNo",
];

/// Reads a declaration; none if it declares nothing.
pub(crate) fn read(message: Node<'_>, head: Node<'_>, problems: &Problems) -> Option<Declaration> {
    head.pass_over(BESIDE_THE_GOODS);
    message.pass_over(OTHER_PARTS);
    let direction = direction(head, problems);
    let imports = direction == Direction::Import;
    let signature = message.child("DecSign");
    let free = message.child("DecFreeTxt");
    if let Some(signature) = signature {
        signature.pass_over(SIGNATURE);
    }
    let client = signature.and_then(|signature| signature.identifier_at("ClientSeqNo", Some("ClientSeqNo")));
    let numbered = |name: &str| head.identifier_at(name, Some(name));
    let (window, preliminary) = (numbered("SeqNo"), numbered("PreEntryId"));
    let other_numbers = [&window, &preliminary].into_iter().flatten().filter(|_| client.is_some());
    let other_numbers: Vec<_> = other_numbers.map(kept_number).collect();
    let moved = head.moment_at("IEDate", problems);
    let started = head.moment_at("DespDate", problems);
    let traded_with = country(head, "TradeCountry");
    let (trader, owner) = (parties::domestic_trader(head), parties::owner(head));
    let mut declaration = Declaration {
        direction,
        country: Some(Code {
            value: "CN".into(),
            code_list: Some(ISO_COUNTRY.into()),
            name: None,
            place: head.place(),
        }),
        mrn: numbered("EntryId"),
        lrn: client.or(window).or(preliminary),
        type_code: head.code_at("EntryType", ENTRY_TYPE),
        function: signature.and_then(|signature| signature.code_at("OperType", OPERATION)),
        declarant: parties::declarant(head),
        offices: offices(head),
        goods_location: head.filled("GoodsPlace").map(|place| Location {
            names: vec![place.spoken(Some("zh"))],
            place: place.place(),
            ..Location::default()
        }),
        transport: movement(head, free).into_iter().collect(),
        transport_documents: head.identifier_at("BillNo", None).map(bill).into_iter().collect(),
        equipment: containers(message),
        gross_weight: head.measure_at("GrossWet", Some("KGM"), problems),
        net_weight: head.measure_at("NetWt", Some("KGM"), problems),
        package_count: head.number_at("PackNo", problems),
        documents: documents::of_declaration(message, head),
        predecessors: free.map(predecessors).unwrap_or_default(),
        notes: head.filled("NoteS").map(note).into_iter().collect(),
        extensions: other_numbers,
        place: message.place(),
        ..Declaration::default()
    };
    if imports {
        declaration.importer = trader;
        declaration.consignee = owner;
        declaration.exporter = parties::overseas_consignor(head);
        declaration.dispatch_country = traded_with;
        (declaration.arrival, declaration.dispatched) = (moved, started);
        declaration.entry_place = port(head, "EntyPortCode");
        declaration.loading_place = port(head, "DespPortCode");
    } else {
        declaration.exporter = trader;
        declaration.importer = parties::overseas_consignee(head);
        declaration.destination_country = traded_with;
        declaration.dispatched = moved.or(started);
        declaration.entry_place = port(head, "DistinatePort");
        declaration.loading_place = port(head, "EntyPortCode").or_else(|| port(head, "DespPortCode"));
    }
    declaration.extensions.extend(extensions(message, head, free, imports));
    declaration.items = item::all(message, head, direction, problems);
    if let [only] = declaration.items.as_mut_slice() {
        only.packages.extend(item::packages(head, declaration.package_count));
    }
    check(&declaration, head, problems).then_some(declaration)
}

fn direction(head: Node<'_>, problems: &Problems) -> Direction {
    match head.text_at("IEFlag") {
        Some("I" | "i") => Direction::Import,
        Some("E" | "e") => Direction::Export,
        _ => {
            let text = "IEFlag says neither I (import) nor E (export): read as import.";
            let place = head.child("IEFlag").map_or(head.place(), Field::place);
            problems.warning("unknown-direction", place, text);
            Direction::Import
        }
    }
}

/// A number of the declaration beside the one it is known by.
fn kept_number(number: &Identifier) -> Extension {
    Extension {
        scheme: XML.into(),
        name: number.scheme.clone().unwrap_or_default(),
        value: number.value.clone(),
        place: number.place,
    }
}

fn offices(head: Node<'_>) -> Vec<Code> {
    let customs = ["CustomMaster", "IEPort"].iter().filter_map(|name| head.code_at(name, CUSTOMS_OFFICE));
    let inspection = ["OrgCode", "InspOrgCode", "VsaOrgCode", "PurpOrgCode"];
    customs.chain(inspection.iter().filter_map(|name| head.code_at(name, INSPECTION_OFFICE))).collect()
}

fn movement(head: Node<'_>, free: Option<Node<'_>>) -> Option<TransportMovement> {
    let mode = head.code_at("TrafMode", TRANSPORT_MODE);
    let name = head.filled("TrafName");
    let voyage = free.and_then(|free| free.identifier_at("VoyNo", Some("voyage-number")));
    let place = mode.as_ref().map(|mode| mode.place).or(name.map(Field::place));
    let place = place.or(voyage.as_ref().map(|voyage| voyage.place))?;
    Some(TransportMovement {
        mode,
        identifiers: voyage.into_iter().collect(),
        means: name.map(|name| name.spoken(None)).into_iter().collect(),
        nationality: None,
        place,
    })
}

/// The number of the bill of lading or waybill; the message does not say which.
fn bill(number: Identifier) -> ReferencedDocument {
    ReferencedDocument { place: number.place, number: Some(number), ..ReferencedDocument::default() }
}

fn port(head: Node<'_>, name: &str) -> Option<Location> {
    let field = head.filled(name)?;
    // Some senders write the name where the code belongs.
    let is_code = field.text().bytes().all(|byte| byte.is_ascii_alphanumeric());
    let location = match is_code {
        true => Location { identifiers: vec![field.identifier(Some(PORT))], ..Location::default() },
        false => Location { names: vec![field.spoken(Some("zh"))], ..Location::default() },
    };
    Some(Location { place: field.place(), ..location })
}

fn containers(message: Node<'_>) -> Vec<Equipment> {
    let one = |container: Node<'_>| {
        container.pass_over(&["LclFlag", "GoodsContaWt", "TareWeight"]);
        Equipment {
            identifier: container.identifier_at("ContainerId", None),
            type_code: container.code_at("ContainerMd", CONTAINER),
            place: container.place(),
            ..Equipment::default()
        }
    };
    message.list("DecContainers", "Container").into_iter().map(one).collect()
}

/// Declarations and records that this one belongs to.
fn predecessors(free: Node<'_>) -> Vec<ReferencedDocument> {
    let numbers = ["RelId", "RelManNo"].iter().filter_map(|name| free.identifier_at(name, Some(name)));
    numbers.map(bill).collect()
}

fn note(field: Node<'_>) -> Note {
    Note { contents: vec![field.spoken(None)], place: field.place(), ..Note::default() }
}

fn extensions(message: Node<'_>, head: Node<'_>, free: Option<Node<'_>>, imports: bool) -> Vec<Extension> {
    let mut extensions = head.extensions_at(XML, HEAD_EXTENSIONS);
    let area = country(head, "TradeAreaCode").and_then(|area| area.code_list);
    extensions.extend(area.and_then(|list| head.coded("TradeAreaCode", &list)));
    extensions.extend(head.coded("WrapType", PACKAGE));
    let elsewhere: &[&str] = match imports {
        true => &["DistinatePort"],
        false => &["OwnerName", "OwnerCode", "OwnerCodeScc", "OwnerCiqCode"],
    };
    extensions.extend(head.extensions_at(XML, elsewhere));
    if let Some(free) = free {
        extensions.extend(free.extensions_at(XML, &["BonNo", "CusFie", "DecBpNo", "DecNo"]));
    }
    for pack in message.list("DecOtherPacks", "DecOtherPack") {
        extensions.extend(pack.extensions_at(XML, &["PackQty"]));
        extensions.extend(pack.coded("PackType", PACKAGE));
    }
    for wanted in message.list("DecRequestCerts", "DecRequestCert") {
        extensions.extend(wanted.coded("AppCertCode", REQUESTED_CERTIFICATE));
        extensions.extend(wanted.extensions_at(XML, &["ApplOri", "ApplCopyQuan"]));
    }
    extensions
}

/// What a declaration needs to be one.
fn check(declaration: &Declaration, head: Node<'_>, problems: &Problems) -> bool {
    if declaration.lrn.is_none() && declaration.mrn.is_none() {
        let text = "Neither EntryId nor ClientSeqNo, SeqNo or PreEntryId: the declaration cannot be told from \
                    others, and is not kept as one.";
        problems.error("no-number", head.place(), text);
    }
    if declaration.items.is_empty() {
        let text = "No DecList: the declaration declares nothing.";
        problems.fatal("declaration-without-items", head.place(), text);
    }
    !declaration.items.is_empty()
}
