// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! Certificates, in the terms of UN/CEFACT `SPSCertificate`.

/// What a certificate is to the goods.
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
pub enum CertificateRole {
    /// A certificate by the exporting country's authority.
    #[cfg_attr(feature = "host", component(name = "official-certificate"))]
    #[default]
    OfficialCertificate,
    /// An entry document of the importing side (a CHED, say), which only
    /// cites the exporter's certificates.
    #[cfg_attr(feature = "host", component(name = "entry-document"))]
    EntryDocument,
}

/// One attested clause.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Clause {
    /// Its identifier or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Its wording, codes among it as texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<crate::values::Text>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Clause {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.contents, walker);
        walker.place(self.place);
    }
}

/// Who authenticated a certificate, and what they attested
/// (`SPSAuthentication`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Authentication {
    /// UNCL 9417: 1 clearance, 4 inspection.
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// When (`ActualDateTime`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<crate::values::DateTime>,
    /// Where (`IssueSPSLocation`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<crate::parts::Location>,
    /// Who (`ProviderSPSParty`), with the signing persons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<crate::parts::Party>,
    /// What was attested (`IncludedSPSClause`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<crate::certificates::Clause>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Authentication {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.at, walker);
        crate::walk::Walk::walk(&self.location, walker);
        crate::walk::Walk::walk(&self.provider, walker);
        crate::walk::Walk::walk(&self.clauses, walker);
        walker.place(self.place);
    }
}

/// A control by an authority, and what it decided.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Control {
    /// Kind: documentary, identity, physical, laboratory.
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<crate::values::Code>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<crate::values::DateTime>,
    /// Which authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<crate::parts::Party>,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<crate::values::Text>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Control {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.decision, walker);
        crate::walk::Walk::walk(&self.at, walker);
        crate::walk::Walk::walk(&self.authority, walker);
        crate::walk::Walk::walk(&self.remarks, walker);
        walker.place(self.place);
    }
}

/// Stated totals of a consignment.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Totals {
    /// Net weight.
    #[cfg_attr(feature = "host", component(name = "net-weight"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_weight: Option<crate::values::Measure>,
    /// Gross weight.
    #[cfg_attr(feature = "host", component(name = "gross-weight"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross_weight: Option<crate::values::Measure>,
    /// Volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<crate::values::Measure>,
    /// Number of animals or pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<crate::values::Measure>,
    /// Packages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<crate::parts::Packages>,
    /// Where they were read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Totals {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.net_weight, walker);
        crate::walk::Walk::walk(&self.gross_weight, walker);
        crate::walk::Walk::walk(&self.volume, walker);
        crate::walk::Walk::walk(&self.count, walker);
        crate::walk::Walk::walk(&self.packages, walker);
        walker.place(self.place);
    }
}

/// A characteristic of a process (`SPSProcessCharacteristic`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Characteristic {
    /// What is characterised: an IPPC code (`TTCH` chemical, `TTCO`
    /// concentration, `TTTM` temperature) or another list's.
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// Its description.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<crate::values::Text>,
    /// Its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<crate::values::Measure>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Characteristic {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.descriptions, walker);
        crate::walk::Walk::walk(&self.value, walker);
        walker.place(self.place);
    }
}

/// A step the goods went through (`SPSProcess`): slaughter, cutting,
/// freezing, heat treatment, fumigation, storage.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Process {
    /// Kind of process or, for a treatment, its method.
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// Where it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub establishment: Option<crate::parts::Establishment>,
    /// Country it was done in (`OperationSPSCountry`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<crate::values::Code>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<crate::values::Period>,
    /// How long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<crate::values::Measure>,
    /// Chemical, dose, temperature and other characteristics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub characteristics: Vec<crate::certificates::Characteristic>,
    /// What the model does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<crate::values::Extension>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Process {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.establishment, walker);
        crate::walk::Walk::walk(&self.country, walker);
        crate::walk::Walk::walk(&self.period, walker);
        crate::walk::Walk::walk(&self.duration, walker);
        crate::walk::Walk::walk(&self.characteristics, walker);
        crate::walk::Walk::walk(&self.extensions, walker);
        walker.place(self.place);
    }
}

/// One identified animal, or a group that shares identifiers.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Animal {
    /// Ear tag, microchip, passport; the scheme says which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<crate::values::Identifier>,
    /// Other particulars: sex, age, breed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub particulars: Vec<crate::parts::Note>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Animal {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.identifiers, walker);
        crate::walk::Walk::walk(&self.particulars, walker);
        walker.place(self.place);
    }
}

/// A laboratory result on a line.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct LaboratoryObservation {
    /// What was looked for (analyte, pest, pathogen).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substance: Option<crate::values::Code>,
    /// Method used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<crate::values::Text>,
    /// Measured value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<crate::values::Measure>,
    /// Result in words or code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<crate::values::Code>,
    /// When the sample was taken or analysed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<crate::values::DateTime>,
    /// Which laboratory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laboratory: Option<crate::parts::Party>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for LaboratoryObservation {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.substance, walker);
        crate::walk::Walk::walk(&self.method, walker);
        crate::walk::Walk::walk(&self.value, walker);
        crate::walk::Walk::walk(&self.verdict, walker);
        crate::walk::Walk::walk(&self.at, walker);
        crate::walk::Walk::walk(&self.laboratory, walker);
        walker.place(self.place);
    }
}

/// One certified line (`SPSTradeLineItem`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct TradeLine {
    /// Sequence number as written (`SequenceNumeric`).
    pub sequence: u32,
    /// Descriptions as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<crate::values::Text>,
    /// Common names.
    #[cfg_attr(feature = "host", component(name = "common-names"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub common_names: Vec<crate::values::Text>,
    /// Scientific names of the species.
    #[cfg_attr(feature = "host", component(name = "scientific-names"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scientific_names: Vec<crate::values::Text>,
    /// Intended use.
    #[cfg_attr(feature = "host", component(name = "intended-uses"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intended_uses: Vec<crate::values::Text>,
    /// Commodity codes and other classifications.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classifications: Vec<crate::parts::Classification>,
    /// Net weight.
    #[cfg_attr(feature = "host", component(name = "net-weight"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_weight: Option<crate::values::Measure>,
    /// Gross weight.
    #[cfg_attr(feature = "host", component(name = "gross-weight"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross_weight: Option<crate::values::Measure>,
    /// Net volume.
    #[cfg_attr(feature = "host", component(name = "net-volume"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_volume: Option<crate::values::Measure>,
    /// Gross volume.
    #[cfg_attr(feature = "host", component(name = "gross-volume"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross_volume: Option<crate::values::Measure>,
    /// Number of animals, pieces or units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<crate::values::Measure>,
    /// Packages by level and kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<crate::parts::Packages>,
    /// Countries and regions of origin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<crate::parts::CountryArea>,
    /// Production, treatment and storage the goods went through.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<crate::certificates::Process>,
    /// When produced, slaughtered, packed: by `process.type-code` where
    /// the kind is known, here where it is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub production: Vec<crate::values::Period>,
    /// Expiry, best-before or use-by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<crate::values::DateTime>,
    /// Batch and lot numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<crate::values::Identifier>,
    /// Containers the line is loaded in, by container number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<crate::values::Identifier>,
    /// Identified animals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub animals: Vec<crate::certificates::Animal>,
    /// Laboratory results.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<crate::certificates::LaboratoryObservation>,
    /// Temperature class or storage condition (frozen, chilled, ambient).
    #[cfg_attr(feature = "host", component(name = "storage-condition"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_condition: Option<crate::values::Code>,
    /// Notes on the line (`AdditionalInformationSPSNote`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<crate::parts::Note>,
    /// Documents the line refers to.
    #[cfg_attr(feature = "host", component(name = "referenced-documents"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub referenced_documents: Vec<crate::parts::ReferencedDocument>,
    /// What the model does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<crate::values::Extension>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for TradeLine {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.descriptions, walker);
        crate::walk::Walk::walk(&self.common_names, walker);
        crate::walk::Walk::walk(&self.scientific_names, walker);
        crate::walk::Walk::walk(&self.intended_uses, walker);
        crate::walk::Walk::walk(&self.classifications, walker);
        crate::walk::Walk::walk(&self.net_weight, walker);
        crate::walk::Walk::walk(&self.gross_weight, walker);
        crate::walk::Walk::walk(&self.net_volume, walker);
        crate::walk::Walk::walk(&self.gross_volume, walker);
        crate::walk::Walk::walk(&self.count, walker);
        crate::walk::Walk::walk(&self.packages, walker);
        crate::walk::Walk::walk(&self.origins, walker);
        crate::walk::Walk::walk(&self.processes, walker);
        crate::walk::Walk::walk(&self.production, walker);
        crate::walk::Walk::walk(&self.expiry, walker);
        crate::walk::Walk::walk(&self.batches, walker);
        crate::walk::Walk::walk(&self.containers, walker);
        crate::walk::Walk::walk(&self.animals, walker);
        crate::walk::Walk::walk(&self.observations, walker);
        crate::walk::Walk::walk(&self.storage_condition, walker);
        crate::walk::Walk::walk(&self.notes, walker);
        crate::walk::Walk::walk(&self.referenced_documents, walker);
        crate::walk::Walk::walk(&self.extensions, walker);
        walker.place(self.place);
    }
}

/// The consignment that is certified (`SPSConsignment`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Consignment {
    /// Who sends (`ConsignorSPSParty`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignor: Option<crate::parts::Party>,
    /// Who receives (`ConsigneeSPSParty`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignee: Option<crate::parts::Party>,
    /// Whom it is dispatched from (`DespatchSPSParty`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub despatch: Option<crate::parts::Party>,
    /// Whom it is delivered to (`DeliverySPSParty`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<crate::parts::Party>,
    /// The operator responsible for it (`CustomsTransitAgent` and others).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<crate::parts::Party>,
    /// Exporting country (`ExportSPSCountry`).
    #[cfg_attr(feature = "host", component(name = "export-country"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export_country: Option<crate::parts::CountryArea>,
    /// Re-exporting countries in order (`ReexportSPSCountry`).
    #[cfg_attr(feature = "host", component(name = "reexport-countries"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reexport_countries: Vec<crate::parts::CountryArea>,
    /// Importing country (`ImportSPSCountry`).
    #[cfg_attr(feature = "host", component(name = "import-country"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_country: Option<crate::parts::CountryArea>,
    /// Countries it passes (`TransitSPSCountry`).
    #[cfg_attr(feature = "host", component(name = "transit-countries"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transit_countries: Vec<crate::parts::CountryArea>,
    /// Where it is loaded (`LoadingBaseportSPSLocation`).
    #[cfg_attr(feature = "host", component(name = "loading-place"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loading_place: Option<crate::parts::Location>,
    /// Where it enters (`UnloadingBaseportSPSLocation`).
    #[cfg_attr(feature = "host", component(name = "unloading-place"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unloading_place: Option<crate::parts::Location>,
    /// Where it is inspected (`ExaminationSPSEvent`).
    #[cfg_attr(feature = "host", component(name = "examination-place"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examination_place: Option<crate::parts::Location>,
    /// When it leaves the exporting country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departure: Option<crate::values::DateTime>,
    /// When it is expected to arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival: Option<crate::values::DateTime>,
    /// Legs of the transport (`MainCarriageSPSTransportMovement`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transport: Vec<crate::parts::TransportMovement>,
    /// Bills of lading, air waybills, consignment notes.
    #[cfg_attr(feature = "host", component(name = "transport-documents"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transport_documents: Vec<crate::parts::ReferencedDocument>,
    /// Containers (`UtilizedSPSTransportEquipment`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<crate::parts::Equipment>,
    /// Totals over all lines, as the message states them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<crate::certificates::Totals>,
    /// What is certified, line by line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<crate::certificates::TradeLine>,
    /// Notes on the consignment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<crate::parts::Note>,
    /// What the model does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<crate::values::Extension>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Consignment {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.consignor, walker);
        crate::walk::Walk::walk(&self.consignee, walker);
        crate::walk::Walk::walk(&self.despatch, walker);
        crate::walk::Walk::walk(&self.delivery, walker);
        crate::walk::Walk::walk(&self.operator, walker);
        crate::walk::Walk::walk(&self.export_country, walker);
        crate::walk::Walk::walk(&self.reexport_countries, walker);
        crate::walk::Walk::walk(&self.import_country, walker);
        crate::walk::Walk::walk(&self.transit_countries, walker);
        crate::walk::Walk::walk(&self.loading_place, walker);
        crate::walk::Walk::walk(&self.unloading_place, walker);
        crate::walk::Walk::walk(&self.examination_place, walker);
        crate::walk::Walk::walk(&self.departure, walker);
        crate::walk::Walk::walk(&self.arrival, walker);
        crate::walk::Walk::walk(&self.transport, walker);
        crate::walk::Walk::walk(&self.transport_documents, walker);
        crate::walk::Walk::walk(&self.equipment, walker);
        crate::walk::Walk::walk(&self.totals, walker);
        crate::walk::Walk::walk(&self.lines, walker);
        crate::walk::Walk::walk(&self.notes, walker);
        crate::walk::Walk::walk(&self.extensions, walker);
        walker.place(self.place);
    }
}

/// A sanitary, phytosanitary or veterinary certificate.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Certificate {
    /// Official certificate or entry document.
    pub role: crate::certificates::CertificateRole,
    /// Which model it follows (a TRACES template or a national form).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<crate::values::Identifier>,
    /// Title as written (Name).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<crate::values::Text>,
    /// Number given by the issuing authority (ID).
    pub number: crate::values::Identifier,
    /// Version, where the issuer counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// UNCL 1001: 851 phytosanitary, 657 re-export phytosanitary, 852
    /// sanitary, 853 veterinary, 636 health, 856 inspection.
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    pub type_code: crate::values::Code,
    /// UNCL 4405: 39 approved, 40 withdrawn, 41 rejected, 44 replaced,
    /// 47 draft, 64 cancelled, 70 issued.
    pub status: crate::values::Code,
    /// When it was issued (`IssueDateTime`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<crate::values::DateTime>,
    /// When it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<crate::values::Period>,
    /// The authority that issued it (`IssuerSPSParty`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<crate::parts::Party>,
    /// The country whose authority issued it: as the message states it,
    /// else the exporting country (re-exporting for 657).
    #[cfg_attr(feature = "host", component(name = "issuing-country"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_country: Option<crate::values::Code>,
    /// Signatures and attestations (`SignatorySPSAuthentication`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authentications: Vec<crate::certificates::Authentication>,
    /// Controls and decisions by authorities on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<crate::certificates::Control>,
    /// Notes on the document (`IncludedSPSNote`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<crate::parts::Note>,
    /// Documents it refers to: replaced certificates, permits, bills.
    #[cfg_attr(feature = "host", component(name = "referenced-documents"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub referenced_documents: Vec<crate::parts::ReferencedDocument>,
    /// Numbers of the certificates this one replaces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<crate::values::Identifier>,
    /// Numbers of the certificates an entry document cites.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<crate::values::Identifier>,
    /// What is certified.
    pub consignment: crate::certificates::Consignment,
    /// What the model does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<crate::values::Extension>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Certificate {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.template, walker);
        crate::walk::Walk::walk(&self.titles, walker);
        crate::walk::Walk::walk(&self.number, walker);
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.status, walker);
        crate::walk::Walk::walk(&self.issued, walker);
        crate::walk::Walk::walk(&self.validity, walker);
        crate::walk::Walk::walk(&self.issuer, walker);
        crate::walk::Walk::walk(&self.issuing_country, walker);
        crate::walk::Walk::walk(&self.authentications, walker);
        crate::walk::Walk::walk(&self.controls, walker);
        crate::walk::Walk::walk(&self.notes, walker);
        crate::walk::Walk::walk(&self.referenced_documents, walker);
        crate::walk::Walk::walk(&self.replaces, walker);
        crate::walk::Walk::walk(&self.cites, walker);
        crate::walk::Walk::walk(&self.consignment, walker);
        crate::walk::Walk::walk(&self.extensions, walker);
        walker.place(self.place);
    }
}
