// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! Customs declarations, in the terms of the WCO data model.

/// Which way the goods go.
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
pub enum Direction {
    /// Into the customs territory.
    #[cfg_attr(feature = "host", component(name = "import"))]
    #[default]
    Import,
    /// Out of the customs territory.
    #[cfg_attr(feature = "host", component(name = "export"))]
    Export,
    /// Through the customs territory.
    #[cfg_attr(feature = "host", component(name = "transit"))]
    Transit,
}

/// A document that supports a declaration (WCO `AdditionalDocument`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct SupportingDocument {
    /// Type as declared, category and type joined (`N851`, `C640`).
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// Number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<crate::values::Identifier>,
    /// Line of the document that is meant, when the declaration says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Status code (`AC`, `AE`, …; the declaring country's list).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<crate::values::Code>,
    /// The declared reason why no document is needed, when the status
    /// claims an exemption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exemption: Option<crate::values::Text>,
    /// What is said about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub information: Vec<crate::values::Text>,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<crate::values::DateTime>,
    /// Which authority issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<crate::parts::Party>,
    /// Quantity to write off.
    #[cfg_attr(feature = "host", component(name = "write-off"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write_off: Option<crate::values::Measure>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for SupportingDocument {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.number, walker);
        crate::walk::Walk::walk(&self.status, walker);
        crate::walk::Walk::walk(&self.exemption, walker);
        crate::walk::Walk::walk(&self.information, walker);
        crate::walk::Walk::walk(&self.issued, walker);
        crate::walk::Walk::walk(&self.issuer, walker);
        crate::walk::Walk::walk(&self.write_off, walker);
        walker.place(self.place);
    }
}

/// One declared item (WCO `GovernmentAgencyGoodsItem`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct GoodsItem {
    /// Sequence number as written.
    pub sequence: u32,
    /// Commodity code, joined from its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commodity: Option<crate::parts::Classification>,
    /// Further codes, additional codes among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classifications: Vec<crate::parts::Classification>,
    /// Descriptions as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<crate::values::Text>,
    /// Country of origin; the scheme of preference does not matter here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<crate::values::Code>,
    /// Region of origin.
    #[cfg_attr(feature = "host", component(name = "origin-subdivision"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_subdivision: Option<crate::values::Code>,
    /// Country of dispatch of this item, where declared per item.
    #[cfg_attr(feature = "host", component(name = "dispatch-country"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatch_country: Option<crate::values::Code>,
    /// Country of destination of this item, where declared per item.
    #[cfg_attr(feature = "host", component(name = "destination-country"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_country: Option<crate::values::Code>,
    /// Exporter of this item, where declared per item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exporter: Option<crate::parts::Party>,
    /// Importer or consignee of this item, where declared per item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importer: Option<crate::parts::Party>,
    /// Requested procedure (the first two digits of the procedure code).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure: Option<crate::values::Code>,
    /// Previous procedure.
    #[cfg_attr(feature = "host", component(name = "previous-procedure"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_procedure: Option<crate::values::Code>,
    /// Net weight.
    #[cfg_attr(feature = "host", component(name = "net-weight"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_weight: Option<crate::values::Measure>,
    /// Gross weight.
    #[cfg_attr(feature = "host", component(name = "gross-weight"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross_weight: Option<crate::values::Measure>,
    /// Supplementary quantities, numbers of animals or pieces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quantities: Vec<crate::values::Measure>,
    /// Packages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<crate::parts::Packages>,
    /// Containers the item is loaded in, by container number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<crate::values::Identifier>,
    /// Purpose or intended use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<crate::values::Code>,
    /// Establishments declared for the item.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub establishments: Vec<crate::parts::Establishment>,
    /// Production dates declared for the item.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub production: Vec<crate::values::Period>,
    /// Expiry declared for the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<crate::values::DateTime>,
    /// Batch and lot numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<crate::values::Identifier>,
    /// Certificates, permits and other documents for the item.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<crate::declarations::SupportingDocument>,
    /// Declarations it follows on (`PreviousDocument`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub predecessors: Vec<crate::parts::ReferencedDocument>,
    /// Statements and other information.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<crate::parts::Note>,
    /// What the model does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<crate::values::Extension>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for GoodsItem {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.commodity, walker);
        crate::walk::Walk::walk(&self.classifications, walker);
        crate::walk::Walk::walk(&self.descriptions, walker);
        crate::walk::Walk::walk(&self.origin, walker);
        crate::walk::Walk::walk(&self.origin_subdivision, walker);
        crate::walk::Walk::walk(&self.dispatch_country, walker);
        crate::walk::Walk::walk(&self.destination_country, walker);
        crate::walk::Walk::walk(&self.exporter, walker);
        crate::walk::Walk::walk(&self.importer, walker);
        crate::walk::Walk::walk(&self.procedure, walker);
        crate::walk::Walk::walk(&self.previous_procedure, walker);
        crate::walk::Walk::walk(&self.net_weight, walker);
        crate::walk::Walk::walk(&self.gross_weight, walker);
        crate::walk::Walk::walk(&self.quantities, walker);
        crate::walk::Walk::walk(&self.packages, walker);
        crate::walk::Walk::walk(&self.containers, walker);
        crate::walk::Walk::walk(&self.purpose, walker);
        crate::walk::Walk::walk(&self.establishments, walker);
        crate::walk::Walk::walk(&self.production, walker);
        crate::walk::Walk::walk(&self.expiry, walker);
        crate::walk::Walk::walk(&self.batches, walker);
        crate::walk::Walk::walk(&self.documents, walker);
        crate::walk::Walk::walk(&self.predecessors, walker);
        crate::walk::Walk::walk(&self.notes, walker);
        crate::walk::Walk::walk(&self.extensions, walker);
        walker.place(self.place);
    }
}

/// A customs declaration (WCO Declaration).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Declaration {
    /// Which way the goods go.
    pub direction: crate::declarations::Direction,
    /// Country whose customs it is made to (ISO 3166-1 alpha-2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<crate::values::Code>,
    /// The customs authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<crate::parts::Party>,
    /// Movement or master reference number given by customs (MRN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrn: Option<crate::values::Identifier>,
    /// Local reference number given by the declarant (LRN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lrn: Option<crate::values::Identifier>,
    /// Version, where the declarant or customs counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Type as written (IMA, IMD, …).
    #[cfg_attr(feature = "host", component(name = "type-code"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<crate::values::Code>,
    /// Function (WCO `FunctionCode`: 9 original, 13 cancellation request).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<crate::values::Code>,
    /// Acceptance by customs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<crate::values::DateTime>,
    /// When the declarant made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<crate::values::DateTime>,
    /// Arrival of the goods, as declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival: Option<crate::values::DateTime>,
    /// Dispatch of the goods, as declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatched: Option<crate::values::DateTime>,
    /// Declarant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declarant: Option<crate::parts::Party>,
    /// Representative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<crate::parts::Party>,
    /// Importer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importer: Option<crate::parts::Party>,
    /// Exporter; items may name their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exporter: Option<crate::parts::Party>,
    /// Consignee, where another than the importer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignee: Option<crate::parts::Party>,
    /// Country of dispatch or export.
    #[cfg_attr(feature = "host", component(name = "dispatch-country"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatch_country: Option<crate::values::Code>,
    /// Country of destination.
    #[cfg_attr(feature = "host", component(name = "destination-country"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_country: Option<crate::values::Code>,
    /// Customs offices: entry, presentation, supervision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offices: Vec<crate::values::Code>,
    /// Where the goods enter or are unloaded.
    #[cfg_attr(feature = "host", component(name = "entry-place"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_place: Option<crate::parts::Location>,
    /// Where the goods are.
    #[cfg_attr(feature = "host", component(name = "goods-location"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_location: Option<crate::parts::Location>,
    /// Where the goods were loaded.
    #[cfg_attr(feature = "host", component(name = "loading-place"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loading_place: Option<crate::parts::Location>,
    /// Legs of the transport.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transport: Vec<crate::parts::TransportMovement>,
    /// Bills of lading, air waybills, consignment notes.
    #[cfg_attr(feature = "host", component(name = "transport-documents"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transport_documents: Vec<crate::parts::ReferencedDocument>,
    /// Containers and seals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<crate::parts::Equipment>,
    /// Total gross weight.
    #[cfg_attr(feature = "host", component(name = "gross-weight"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross_weight: Option<crate::values::Measure>,
    /// Total net weight.
    #[cfg_attr(feature = "host", component(name = "net-weight"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_weight: Option<crate::values::Measure>,
    /// Total number of packages.
    #[cfg_attr(feature = "host", component(name = "package-count"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_count: Option<crate::values::Decimal>,
    /// Documents for the whole declaration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<crate::declarations::SupportingDocument>,
    /// Declarations it follows on (`PreviousDocument`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub predecessors: Vec<crate::parts::ReferencedDocument>,
    /// Statements and other information.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<crate::parts::Note>,
    /// What is declared, item by item.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<crate::declarations::GoodsItem>,
    /// What the model does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<crate::values::Extension>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Declaration {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.country, walker);
        crate::walk::Walk::walk(&self.authority, walker);
        crate::walk::Walk::walk(&self.mrn, walker);
        crate::walk::Walk::walk(&self.lrn, walker);
        crate::walk::Walk::walk(&self.type_code, walker);
        crate::walk::Walk::walk(&self.function, walker);
        crate::walk::Walk::walk(&self.accepted, walker);
        crate::walk::Walk::walk(&self.issued, walker);
        crate::walk::Walk::walk(&self.arrival, walker);
        crate::walk::Walk::walk(&self.dispatched, walker);
        crate::walk::Walk::walk(&self.declarant, walker);
        crate::walk::Walk::walk(&self.agent, walker);
        crate::walk::Walk::walk(&self.importer, walker);
        crate::walk::Walk::walk(&self.exporter, walker);
        crate::walk::Walk::walk(&self.consignee, walker);
        crate::walk::Walk::walk(&self.dispatch_country, walker);
        crate::walk::Walk::walk(&self.destination_country, walker);
        crate::walk::Walk::walk(&self.offices, walker);
        crate::walk::Walk::walk(&self.entry_place, walker);
        crate::walk::Walk::walk(&self.goods_location, walker);
        crate::walk::Walk::walk(&self.loading_place, walker);
        crate::walk::Walk::walk(&self.transport, walker);
        crate::walk::Walk::walk(&self.transport_documents, walker);
        crate::walk::Walk::walk(&self.equipment, walker);
        crate::walk::Walk::walk(&self.gross_weight, walker);
        crate::walk::Walk::walk(&self.net_weight, walker);
        crate::walk::Walk::walk(&self.package_count, walker);
        crate::walk::Walk::walk(&self.documents, walker);
        crate::walk::Walk::walk(&self.predecessors, walker);
        crate::walk::Walk::walk(&self.notes, walker);
        crate::walk::Walk::walk(&self.items, walker);
        crate::walk::Walk::walk(&self.extensions, walker);
        walker.place(self.place);
    }
}
