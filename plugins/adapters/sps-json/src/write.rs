//! Writing the standard's elements as JSON.

use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::Problem;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use sps::write::{Tree, acknowledgement, certificate, refused};

/// Elements that the standard lets stand several times, and that are arrays
/// therefore, even of one.
const SEVERAL: &[&str] = &[
    "ActivityAuthorizedSPSParty",
    "AdditionalInformationSPSNote",
    "AffixedSPSSeal",
    "ApplicableSPSClassification",
    "ApplicableSPSProcessCharacteristic",
    "AppliedSPSProcess",
    "AssociatedSPSTransportEquipment",
    "AttachmentBinaryObject",
    "ClassName",
    "CommonName",
    "Content",
    "ContentCode",
    "Description",
    "IncludedSPSClause",
    "IncludedSPSConsignmentItem",
    "IncludedSPSNote",
    "IncludedSPSTradeLineItem",
    "Information",
    "IntendedUse",
    "MainCarriageSPSTransportMovement",
    "OriginSPSCountry",
    "PhysicalSPSPackage",
    "ReasonInformation",
    "ReexportSPSCountry",
    "ReferenceSPSReferencedDocument",
    "ScientificName",
    "SignatorySPSAuthentication",
    "SubordinateSPSCountrySubDivision",
    "SystemName",
    "TransitSPSCountry",
    "UtilizedSPSTransportEquipment",
];

/// Writes a document. Its root has no name: its parts tell what it is.
pub(crate) fn write(document: &Document) -> Result<Vec<u8>, Vec<Problem>> {
    let tree = match document {
        Document::Certificate(document) => certificate(document),
        Document::Acknowledgement(document) => acknowledgement(document),
        Document::Declaration(declaration) => {
            return Err(refused("a declaration is no document of this standard", declaration.place));
        }
        Document::Embedded(embedded) => {
            let text = "a message within a message is written by the adapter of its own format";
            return Err(refused(text, embedded.place));
        }
    };
    serde_json::to_vec_pretty(&Object(&tree)).map_err(|error| refused(&error.to_string(), 0))
}

/// An element as an object: its text as `value`, its attributes, and the
/// elements within it, those of one name together.
struct Object<'t>(&'t Tree);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Tree { attributes, text, children, .. } = self.0;
        let mut object = serializer.serialize_map(None)?;
        if !text.is_empty() || children.is_empty() {
            object.serialize_entry("value", text)?;
        }
        for (name, value) in attributes {
            object.serialize_entry(name, value)?;
        }
        for (position, child) in children.iter().enumerate() {
            if children[..position].iter().any(|before| before.name == child.name) {
                continue;
            }
            let alike: Vec<_> =
                children[position..].iter().filter(|it| it.name == child.name).map(Object).collect();
            match alike.as_slice() {
                [only] if !SEVERAL.contains(&child.name.as_ref()) => {
                    object.serialize_entry(&key(&child.name), only)?
                }
                several => object.serialize_entry(&key(&child.name), several)?,
            }
        }
        object.end()
    }
}

/// The key of an element: `includedSpsNote` for `IncludedSPSNote`. Dates and
/// times are written as `dateTime`.
fn key(name: &str) -> String {
    if name == "ID" {
        return "id".into();
    }
    let name = if name == "DateTimeString" { "DateTime" } else { name };
    let name = name.replace("SPS", "Sps");
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}
