//! Writing for the hub: certificates in their envelope, acknowledgements, and
//! what a check found.

use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::documents::{Acknowledgement, Document};
use ecert_sdk::model::parts::CountryArea;
use ecert_sdk::model::readings::Problem;
use ecert_sdk::model::values::Code;
use sps::write::xml::{namespaces, write_as};
use sps::write::{Tree, acknowledgement, certificate, refused};

use crate::answers::{LEVEL_LIST, RESULT};
use crate::envelope::{NUMBER, STATUS, TYPE};
use crate::fit::fit;
use crate::{FORMAT, NAMESPACE, profile};

const ENTITIES: &str = "http://ephyto.ippc.int/HUB.Entities";
const ENVELOPE: &str = "ePhytoEnvelope";

/// Writes a document in its envelope, or bare.
pub(crate) fn write(document: &Document, format: &str) -> Result<Vec<u8>, Vec<Problem>> {
    match document {
        Document::Certificate(certificate) => write_certificate(certificate, format == FORMAT),
        Document::Acknowledgement(answer) if is_result(answer) => write_result(answer),
        Document::Acknowledgement(answer) => {
            let text = "the hub's StatusCode is a whole number of UNCL 4405, such as 39 for approved";
            let tree = fit(acknowledgement(answer), &profile::ACKNOWLEDGEMENT)
                .ok_or_else(|| refused(text, answer.status.place))?;
            let written = write_as(&tree, &namespaces(&tree), &profile::prefix);
            written.map_err(|text| refused(&text, answer.place))
        }
        Document::Declaration(declaration) => {
            Err(refused("the hub passes on no declarations", declaration.place))
        }
        Document::Embedded(embedded) => Err(refused(
            "a message within a message is written by the adapter of its own format",
            embedded.place,
        )),
    }
}

fn write_certificate(document: &Certificate, enveloped: bool) -> Result<Vec<u8>, Vec<Problem>> {
    let text = "the hub's TypeCode and StatusCode are whole numbers, such as 851 and 70";
    let tree = fit(certificate(document), &profile::CERTIFICATE)
        .ok_or_else(|| refused(text, document.type_code.place))?;
    let written = match enveloped {
        true => write_enveloped(tree, document)?,
        false => write_as(&tree, &namespaces(&tree), &profile::prefix),
    };
    written.map_err(|text| refused(&text, document.place))
}

/// The certificate within `DeliverPhytoEnvelope`, as an organisation hands it
/// to the hub.
fn write_enveloped(tree: Tree, document: &Certificate) -> Result<Result<Vec<u8>, String>, Vec<Problem>> {
    let area = |area: &Option<CountryArea>| area.as_ref().map(|area| area.country.clone());
    let consignment = &document.consignment;
    let from = document.issuing_country.clone().or_else(|| area(&consignment.export_country));
    let to = area(&consignment.import_country);
    let named = |country: Option<Code>, what: &str| {
        country.map(|code| code.value).ok_or_else(|| refused(what, consignment.place))
    };
    let from =
        named(from, "the envelope says who sends: the certificate names no issuing or exporting country")?;
    let to = named(to, "the envelope says who receives: the certificate names no importing country")?;
    let mut declared = namespaces(&tree).to_vec();
    declared.extend([("xmlns:e", NAMESPACE.to_owned()), ("xmlns:h", ENTITIES.to_owned())]);
    let envelope = Tree::new(ENVELOPE).containing([
        Tree::text("From", from),
        Tree::text("To", to),
        Tree::text(TYPE, &document.type_code.value),
        Tree::text(STATUS, &document.status.value),
        Tree::text(NUMBER, &document.number.value),
        tree,
    ]);
    let root = Tree::new("DeliverPhytoEnvelope").containing([envelope]);
    Ok(write_as(&root, &declared, &|around, name| match (around, name) {
        (None, _) | (_, ENVELOPE) => "e:",
        (Some(ENVELOPE), "SPSCertificate") => "rsm:",
        (Some(ENVELOPE), _) => "h:",
        _ => profile::prefix(around, name),
    }))
}

/// Whether an acknowledgement is what a check of the hub found.
fn is_result(answer: &Acknowledgement) -> bool {
    answer.status.code_list.as_deref() == Some(LEVEL_LIST)
}

/// `ValidatePhytoXMLResponse`, from the parts of its results.
fn write_result(answer: &Acknowledgement) -> Result<Vec<u8>, Vec<Problem>> {
    let mut root = Tree::new("ValidatePhytoXMLResponse");
    for extension in &answer.extensions {
        let Some(part) = extension.name.strip_prefix(RESULT).and_then(|name| name.strip_prefix('/')) else {
            continue;
        };
        if part == "area" {
            root.children.push(Tree::new(RESULT));
        }
        if let Some(result) = root.children.last_mut() {
            result.add([Tree::text(part.to_owned(), &extension.value)]);
        }
    }
    let declared = [("xmlns:e", NAMESPACE.to_owned())];
    let prefix = |around: Option<&str>, _: &str| if around == Some(RESULT) { "" } else { "e:" };
    write_as(&root, &declared, &prefix).map_err(|text| refused(&text, answer.place))
}
