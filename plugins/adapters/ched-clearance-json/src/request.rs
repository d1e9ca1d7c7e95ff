//! The request as a whole, as it is sent and as it is kept.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::declarations::{Declaration, Direction};
use ecert_sdk::model::parts::{Location, Party};
use ecert_sdk::model::values::{Code, Identifier};

use crate::FORMAT;
use crate::item;
use crate::member::Member;

/// Kinds of declaration: S supplementary to a simplified one, F full.
const DECLARATION_TYPE: &str = "GB-CLEARANCE-DECLARATION-TYPE";

/// How the parts of a request are named: as customs send it (`header` and
/// `items`), or as the receiving service keeps it and passes it on (all in
/// `clearanceRequest`, with `commodities`).
struct Names {
    version: &'static str,
    arrival: &'static str,
    items: &'static str,
    extensions: &'static [&'static str],
}

const SENT: Names = Names {
    version: "entryVersionNumber",
    arrival: "arrivalDateTime",
    items: "items",
    extensions: &["previousVersionNumber", "declarationUCR", "declarationPartNumber", "masterUCR"],
};
const KEPT: Names = Names {
    version: "externalVersion",
    arrival: "arrivesAt",
    items: "commodities",
    extensions: &[
        "previousExternalVersion",
        "declarationUcr",
        "declarationPartNumber",
        "masterUcr",
        "externalCorrelationId",
        "messageSentAt",
    ],
};
const SERVICE: &[&str] = &["sourceSystem", "destinationSystem", "correlationId", "serviceCallTimestamp"];
/// What the receiving service keeps beside the request.
const BESIDE_THE_REQUEST: &[&str] =
    &["clearanceDecision", "finalisation", "externalErrors", "inboundError", "created", "updated", "etag"];

/// Reads a request; none if it asks for nothing.
pub(crate) fn read(root: Member<'_>, problems: &Problems) -> Option<Declaration> {
    // A notice of a change has the resource below it.
    let kept = root.child("resource").unwrap_or(root);
    let Some((head, list, names, mrn)) = parts(root, kept) else {
        let text = "The message holds neither header and items nor commodities: it is no clearance request.";
        problems.fatal("not-a-clearance-request", root.place(), text);
        return None;
    };
    BESIDE_THE_REQUEST.iter().for_each(|name| kept.pass_over(name));
    ["resourceType", "subResourceType", "operation", "timestamp"]
        .iter()
        .for_each(|name| root.pass_over(name));
    let mut extensions = head.extensions_at(FORMAT, names.extensions);
    extensions.extend(
        root.child("serviceHeader").into_iter().flat_map(|header| header.extensions_at(FORMAT, SERVICE)),
    );
    let declaration = Declaration {
        direction: Direction::Import,
        country: Some(country(mrn.as_ref(), head)),
        version: head.text_at(names.version).map(str::to_owned),
        type_code: head.code_at("declarationType", DECLARATION_TYPE),
        arrival: head.moment_at(names.arrival, problems),
        declarant: party(head, "declarantId", Some("declarantName")),
        agent: party(head, "submitterTURN", None),
        dispatch_country: head.code_at("dispatchCountryCode", "ISO3166-1"),
        goods_location: head.filled("goodsLocationCode").map(|code| Location {
            identifiers: vec![code.identifier(Some("goods-location"))],
            place: code.place(),
            ..Location::default()
        }),
        items: list.list(names.items).map(|one| item::read(one, problems)).collect(),
        extensions,
        place: head.place(),
        mrn,
        ..Declaration::default()
    };
    check(&declaration, head, problems).then_some(declaration)
}

type Parts<'d> = (Member<'d>, Member<'d>, &'static Names, Option<Identifier>);

/// Where head and items are, and the movement reference number.
fn parts<'d>(root: Member<'d>, kept: Member<'d>) -> Option<Parts<'d>> {
    if let Some(head) = root.child("header") {
        return Some((head, root, &SENT, head.identifier_at("entryReference", Some("MRN"))));
    }
    let request = kept.child("clearanceRequest").unwrap_or(kept);
    request.child(KEPT.items)?;
    let number = |of: Member<'d>, name: &str| of.identifier_at(name, Some("MRN"));
    let mrn = number(kept, "movementReferenceNumber").or_else(|| number(root, "resourceId"));
    Some((request, request, &KEPT, mrn))
}

/// The country in the movement reference number; these requests are the United
/// Kingdom's.
fn country(mrn: Option<&Identifier>, head: Member<'_>) -> Code {
    let in_number = mrn.and_then(|mrn| mrn.value.get(2..4).map(|country| (country, mrn.place)));
    let (value, place) = in_number.filter(|(country, _)| *country == "XI").unwrap_or(("GB", head.place()));
    Code { value: value.into(), code_list: Some("ISO3166-1".into()), name: None, place }
}

/// A trader by number; the name often repeats the number.
pub(crate) fn party(parent: Member<'_>, number: &str, name: Option<&str>) -> Option<Party> {
    let number = parent.filled(number);
    let name = name
        .and_then(|name| parent.filled(name))
        .filter(|name| number.is_none_or(|number| number.text() != name.text()));
    let place = number.or(name)?.place();
    Some(Party {
        names: name.map(|name| name.spoken(None)).into_iter().collect(),
        identifiers: number.map(|number| number.identifier(Some("EORI"))).into_iter().collect(),
        place,
        ..Party::default()
    })
}

/// What a request needs to be one.
fn check(declaration: &Declaration, head: Member<'_>, problems: &Problems) -> bool {
    if declaration.mrn.is_none() {
        let text = "No movement reference number: the declaration cannot be told from others.";
        problems.fatal("no-number", head.place(), text);
    }
    if declaration.items.is_empty() {
        problems.fatal("declaration-without-items", head.place(), "The request lists no goods.");
    }
    declaration.mrn.is_some() && !declaration.items.is_empty()
}
