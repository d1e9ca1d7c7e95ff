// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! What certificates and declarations have in common: parties, locations,
//! referenced documents, transport, packages, classifications.

/// A postal address (`SPSAddress`; WCO Address).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Address {
    /// Street and other lines in order (`LineOne` … `LineFive`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Postcode (`PostcodeCode`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// City (`CityName`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Region (`CountrySubDivisionID`, ISO 3166-2 where given).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<crate::values::Code>,
    /// Country (`CountryID`, ISO 3166-1 alpha-2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<crate::values::Code>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Address {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.subdivision, walker);
        crate::walk::Walk::walk(&self.country, walker);
        walker.place(self.place);
    }
}

/// A natural person acting for a party (`SPSPerson`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Person {
    /// Names as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<crate::values::Text>,
    /// Qualification or title (`AttainedSPSQualification`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualification: Option<crate::values::Text>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Person {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.names, walker);
        crate::walk::Walk::walk(&self.qualification, walker);
        walker.place(self.place);
    }
}

/// A person or organisation (`SPSParty`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Party {
    /// Names as written, one per language or script.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<crate::values::Text>,
    /// Identifiers with their schemes (EORI, national register, …).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<crate::values::Identifier>,
    /// Roles it acts in (UNCL 3035).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<crate::values::Code>,
    /// What kind of party it is (`TypeCode`).
    #[cfg_attr(feature = "host", component(name = "type-codes"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub type_codes: Vec<crate::values::Code>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<crate::parts::Address>,
    /// Persons who act for it (`SpecifiedSPSPerson`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<crate::parts::Person>,
    /// What the model does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<crate::values::Extension>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Party {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.names, walker);
        crate::walk::Walk::walk(&self.identifiers, walker);
        crate::walk::Walk::walk(&self.roles, walker);
        crate::walk::Walk::walk(&self.type_codes, walker);
        crate::walk::Walk::walk(&self.address, walker);
        crate::walk::Walk::walk(&self.persons, walker);
        crate::walk::Walk::walk(&self.extensions, walker);
        walker.place(self.place);
    }
}

/// A place in the world (`SPSLocation`): port, border post, place of issue.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Location {
    /// Identifiers, UN/LOCODE where given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<crate::values::Identifier>,
    /// Names as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<crate::values::Text>,
    /// Country, when the location says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<crate::values::Code>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Location {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.identifiers, walker);
        crate::walk::Walk::walk(&self.names, walker);
        crate::walk::Walk::walk(&self.country, walker);
        walker.place(self.place);
    }
}

/// A country and the regions of it that are meant.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct CountryArea {
    /// The country (ISO 3166-1 alpha-2 where the message used it).
    pub country: crate::values::Code,
    /// Regions within it (`SubordinateSPSCountrySubDivision`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subdivisions: Vec<crate::values::Code>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for CountryArea {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.country, walker);
        crate::walk::Walk::walk(&self.subdivisions, walker);
        walker.place(self.place);
    }
}

/// How the bytes of an attachment stand in the message.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(enum))]
#[repr(u8)]
pub enum AttachmentEncoding {
    /// Base64 (RFC 4648) in the text at `place`.
    #[cfg_attr(feature = "host", component(name = "base64"))]
    #[default]
    Base64,
    /// Hexadecimal in the text at `place`.
    #[cfg_attr(feature = "host", component(name = "hexadecimal"))]
    Hexadecimal,
    /// As they are, at `place`.
    #[cfg_attr(feature = "host", component(name = "verbatim"))]
    Verbatim,
    /// Not in the message: only a link to it.
    #[cfg_attr(feature = "host", component(name = "external"))]
    External,
}

/// A file that came with a document. Its bytes stay in the stored
/// original; the place's byte range says where.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Attachment {
    /// File name as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// Media type as written.
    #[cfg_attr(feature = "host", component(name = "media-type"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// How the bytes are written.
    pub encoding: crate::parts::AttachmentEncoding,
    /// The link, for an external one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Where its content stands.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Attachment {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        walker.place(self.place);
    }
}

/// Another document that this one refers to (`SPSReferencedDocument`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct ReferencedDocument {
    /// What it is (UNCL 1001, or a national list).
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// How it relates to this one (UNCL 1153).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<crate::values::Code>,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<crate::values::Identifier>,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<crate::values::DateTime>,
    /// What is said about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub information: Vec<crate::values::Text>,
    /// The files it came with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<crate::parts::Attachment>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for ReferencedDocument {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.relationship, walker);
        crate::walk::Walk::walk(&self.number, walker);
        crate::walk::Walk::walk(&self.issued, walker);
        crate::walk::Walk::walk(&self.information, walker);
        crate::walk::Walk::walk(&self.attachments, walker);
        walker.place(self.place);
    }
}

/// A note (`SPSNote`): a subject and what is said about it.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Note {
    /// The subject: an IPPC or TRACES subject code, or a plain heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<crate::values::Code>,
    /// Contents that are codes.
    #[cfg_attr(feature = "host", component(name = "content-codes"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content_codes: Vec<crate::values::Code>,
    /// Contents that are texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<crate::values::Text>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Note {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.subject, walker);
        crate::walk::Walk::walk(&self.content_codes, walker);
        crate::walk::Walk::walk(&self.contents, walker);
        walker.place(self.place);
    }
}

/// A leg of the transport (`SPSTransportMovement`, `BorderTransportMeans`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct TransportMovement {
    /// Mode of transport (UN/ECE Recommendation 19).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<crate::values::Code>,
    /// Voyage, flight, train or registration number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<crate::values::Identifier>,
    /// Name of the vessel or vehicle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub means: Vec<crate::values::Text>,
    /// Country of registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nationality: Option<crate::values::Code>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for TransportMovement {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.mode, walker);
        crate::walk::Walk::walk(&self.identifiers, walker);
        crate::walk::Walk::walk(&self.means, walker);
        crate::walk::Walk::walk(&self.nationality, walker);
        walker.place(self.place);
    }
}

/// A container or other transport equipment (`SPSTransportEquipment`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Equipment {
    /// Container number (ISO 6346) or other identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<crate::values::Identifier>,
    /// Size and type (ISO 6346) or other type.
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// Seals that are affixed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<crate::values::Identifier>,
    /// Temperature it is set to.
    #[cfg_attr(feature = "host", component(name = "set-temperature"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_temperature: Option<crate::values::Measure>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Equipment {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.identifier, walker);
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.seals, walker);
        crate::walk::Walk::walk(&self.set_temperature, walker);
        walker.place(self.place);
    }
}

/// Packages of one kind (`SPSPackage`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Packages {
    /// Level (UNCL 7075: 1 inner, 2 intermediate, 3 outer, 4 no hierarchy).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<crate::values::Code>,
    /// Kind (UN/ECE Recommendation 21, or a national list).
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<crate::values::Decimal>,
    /// Shipping marks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<crate::values::Text>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Packages {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.level, walker);
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.count, walker);
        crate::walk::Walk::walk(&self.marks, walker);
        walker.place(self.place);
    }
}

/// A commodity code or another classification (`SPSClassification`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Classification {
    /// The system, such as `HS`, `CN`, `TARIC`, `IPPCPCC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Edition of the system, such as `2022`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The code as written.
    #[cfg_attr(feature = "host", component(name = "class-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_code: Option<String>,
    /// What the code stands for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<crate::values::Text>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Classification {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.names, walker);
        walker.place(self.place);
    }
}

/// A place of production approved by an authority: slaughterhouse, cutting
/// plant, cold store, dairy, packing house.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Establishment {
    /// Approval number.
    #[cfg_attr(feature = "host", component(name = "approval-number"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_number: Option<crate::values::Identifier>,
    /// Names as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<crate::values::Text>,
    /// Country of the establishment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<crate::values::Code>,
    /// What it is approved for (`SH` slaughterhouse, `CP` cutting plant …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<crate::values::Code>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<crate::parts::Address>,
    /// When the goods were produced there, where declared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub production: Vec<crate::values::Period>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Establishment {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.approval_number, walker);
        crate::walk::Walk::walk(&self.names, walker);
        crate::walk::Walk::walk(&self.country, walker);
        crate::walk::Walk::walk(&self.activity, walker);
        crate::walk::Walk::walk(&self.address, walker);
        crate::walk::Walk::walk(&self.production, walker);
        walker.place(self.place);
    }
}
