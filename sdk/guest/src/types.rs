// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! Layouts of the model's types.

use crate::abi::{enumeration, record, variant};

record!(ecert_model::values::Decimal { coefficient: i64, scale: u8 });

record!(ecert_model::values::Date { year: u16, month: u8, day: u8 });

record!(ecert_model::values::Time { hour: u8, minute: u8, second: u8, nanosecond: u32 });

record!(ecert_model::values::DateTime {
    date: ecert_model::values::Date,
    time: Option<ecert_model::values::Time>,
    offset_minutes: Option<i16>,
    place: u32,
});

record!(ecert_model::values::Period {
    start: Option<ecert_model::values::DateTime>,
    end: Option<ecert_model::values::DateTime>,
    place: u32,
});

record!(ecert_model::values::Text {
    value: String,
    language: Option<String>,
    place: u32,
});

record!(ecert_model::values::Code {
    value: String,
    code_list: Option<String>,
    name: Option<String>,
    place: u32,
});

record!(ecert_model::values::Identifier {
    value: String,
    normalised: Option<String>,
    scheme: Option<String>,
    place: u32,
});

record!(ecert_model::values::Measure {
    value: ecert_model::values::Decimal,
    unit: Option<String>,
    unit_as_written: Option<String>,
    place: u32,
});

record!(ecert_model::values::Extension { scheme: String, name: String, value: String, place: u32 });

record!(ecert_model::parts::Address {
    lines: Vec<String>,
    postcode: Option<String>,
    city: Option<String>,
    subdivision: Option<ecert_model::values::Code>,
    country: Option<ecert_model::values::Code>,
    place: u32,
});

record!(ecert_model::parts::Person {
    names: Vec<ecert_model::values::Text>,
    qualification: Option<ecert_model::values::Text>,
    place: u32,
});

record!(ecert_model::parts::Party {
    names: Vec<ecert_model::values::Text>,
    identifiers: Vec<ecert_model::values::Identifier>,
    roles: Vec<ecert_model::values::Code>,
    type_codes: Vec<ecert_model::values::Code>,
    address: Option<ecert_model::parts::Address>,
    persons: Vec<ecert_model::parts::Person>,
    extensions: Vec<ecert_model::values::Extension>,
    place: u32,
});

record!(ecert_model::parts::Location {
    identifiers: Vec<ecert_model::values::Identifier>,
    names: Vec<ecert_model::values::Text>,
    country: Option<ecert_model::values::Code>,
    place: u32,
});

record!(ecert_model::parts::CountryArea {
    country: ecert_model::values::Code,
    subdivisions: Vec<ecert_model::values::Code>,
    place: u32,
});

enumeration!(ecert_model::parts::AttachmentEncoding {
    Base64 = 0,
    Hexadecimal = 1,
    Verbatim = 2,
    External = 3,
});

record!(ecert_model::parts::Attachment {
    filename: Option<String>,
    media_type: Option<String>,
    encoding: ecert_model::parts::AttachmentEncoding,
    uri: Option<String>,
    place: u32,
});

record!(ecert_model::parts::ReferencedDocument {
    type_code: Option<ecert_model::values::Code>,
    relationship: Option<ecert_model::values::Code>,
    number: Option<ecert_model::values::Identifier>,
    issued: Option<ecert_model::values::DateTime>,
    information: Vec<ecert_model::values::Text>,
    attachments: Vec<ecert_model::parts::Attachment>,
    place: u32,
});

record!(ecert_model::parts::Note {
    subject: Option<ecert_model::values::Code>,
    content_codes: Vec<ecert_model::values::Code>,
    contents: Vec<ecert_model::values::Text>,
    place: u32,
});

record!(ecert_model::parts::TransportMovement {
    mode: Option<ecert_model::values::Code>,
    identifiers: Vec<ecert_model::values::Identifier>,
    means: Vec<ecert_model::values::Text>,
    nationality: Option<ecert_model::values::Code>,
    place: u32,
});

record!(ecert_model::parts::Equipment {
    identifier: Option<ecert_model::values::Identifier>,
    type_code: Option<ecert_model::values::Code>,
    seals: Vec<ecert_model::values::Identifier>,
    set_temperature: Option<ecert_model::values::Measure>,
    place: u32,
});

record!(ecert_model::parts::Packages {
    level: Option<ecert_model::values::Code>,
    type_code: Option<ecert_model::values::Code>,
    count: Option<ecert_model::values::Decimal>,
    marks: Vec<ecert_model::values::Text>,
    place: u32,
});

record!(ecert_model::parts::Classification {
    system: Option<String>,
    edition: Option<String>,
    class_code: Option<String>,
    names: Vec<ecert_model::values::Text>,
    place: u32,
});

record!(ecert_model::parts::Establishment {
    approval_number: Option<ecert_model::values::Identifier>,
    names: Vec<ecert_model::values::Text>,
    country: Option<ecert_model::values::Code>,
    activity: Option<ecert_model::values::Code>,
    address: Option<ecert_model::parts::Address>,
    production: Vec<ecert_model::values::Period>,
    place: u32,
});

enumeration!(ecert_model::certificates::CertificateRole {
    OfficialCertificate = 0,
    EntryDocument = 1,
});

record!(ecert_model::certificates::Clause {
    identifier: Option<String>,
    contents: Vec<ecert_model::values::Text>,
    place: u32,
});

record!(ecert_model::certificates::Authentication {
    type_code: Option<ecert_model::values::Code>,
    at: Option<ecert_model::values::DateTime>,
    location: Option<ecert_model::parts::Location>,
    provider: Option<ecert_model::parts::Party>,
    clauses: Vec<ecert_model::certificates::Clause>,
    place: u32,
});

record!(ecert_model::certificates::Control {
    type_code: Option<ecert_model::values::Code>,
    decision: Option<ecert_model::values::Code>,
    at: Option<ecert_model::values::DateTime>,
    authority: Option<ecert_model::parts::Party>,
    remarks: Vec<ecert_model::values::Text>,
    place: u32,
});

record!(ecert_model::certificates::Totals {
    net_weight: Option<ecert_model::values::Measure>,
    gross_weight: Option<ecert_model::values::Measure>,
    volume: Option<ecert_model::values::Measure>,
    count: Option<ecert_model::values::Measure>,
    packages: Vec<ecert_model::parts::Packages>,
    place: u32,
});

record!(ecert_model::certificates::Characteristic {
    type_code: Option<ecert_model::values::Code>,
    descriptions: Vec<ecert_model::values::Text>,
    value: Option<ecert_model::values::Measure>,
    place: u32,
});

record!(ecert_model::certificates::Process {
    type_code: Option<ecert_model::values::Code>,
    establishment: Option<ecert_model::parts::Establishment>,
    country: Option<ecert_model::values::Code>,
    period: Option<ecert_model::values::Period>,
    duration: Option<ecert_model::values::Measure>,
    characteristics: Vec<ecert_model::certificates::Characteristic>,
    extensions: Vec<ecert_model::values::Extension>,
    place: u32,
});

record!(ecert_model::certificates::Animal {
    identifiers: Vec<ecert_model::values::Identifier>,
    particulars: Vec<ecert_model::parts::Note>,
    place: u32,
});

record!(ecert_model::certificates::LaboratoryObservation {
    substance: Option<ecert_model::values::Code>,
    method: Option<ecert_model::values::Text>,
    value: Option<ecert_model::values::Measure>,
    verdict: Option<ecert_model::values::Code>,
    at: Option<ecert_model::values::DateTime>,
    laboratory: Option<ecert_model::parts::Party>,
    place: u32,
});

record!(ecert_model::certificates::TradeLine {
    sequence: u32,
    descriptions: Vec<ecert_model::values::Text>,
    common_names: Vec<ecert_model::values::Text>,
    scientific_names: Vec<ecert_model::values::Text>,
    intended_uses: Vec<ecert_model::values::Text>,
    classifications: Vec<ecert_model::parts::Classification>,
    net_weight: Option<ecert_model::values::Measure>,
    gross_weight: Option<ecert_model::values::Measure>,
    net_volume: Option<ecert_model::values::Measure>,
    gross_volume: Option<ecert_model::values::Measure>,
    count: Option<ecert_model::values::Measure>,
    packages: Vec<ecert_model::parts::Packages>,
    origins: Vec<ecert_model::parts::CountryArea>,
    processes: Vec<ecert_model::certificates::Process>,
    production: Vec<ecert_model::values::Period>,
    expiry: Option<ecert_model::values::DateTime>,
    batches: Vec<ecert_model::values::Identifier>,
    containers: Vec<ecert_model::values::Identifier>,
    animals: Vec<ecert_model::certificates::Animal>,
    observations: Vec<ecert_model::certificates::LaboratoryObservation>,
    storage_condition: Option<ecert_model::values::Code>,
    notes: Vec<ecert_model::parts::Note>,
    referenced_documents: Vec<ecert_model::parts::ReferencedDocument>,
    extensions: Vec<ecert_model::values::Extension>,
    place: u32,
});

record!(ecert_model::certificates::Consignment {
    consignor: Option<ecert_model::parts::Party>,
    consignee: Option<ecert_model::parts::Party>,
    despatch: Option<ecert_model::parts::Party>,
    delivery: Option<ecert_model::parts::Party>,
    operator: Option<ecert_model::parts::Party>,
    export_country: Option<ecert_model::parts::CountryArea>,
    reexport_countries: Vec<ecert_model::parts::CountryArea>,
    import_country: Option<ecert_model::parts::CountryArea>,
    transit_countries: Vec<ecert_model::parts::CountryArea>,
    loading_place: Option<ecert_model::parts::Location>,
    unloading_place: Option<ecert_model::parts::Location>,
    examination_place: Option<ecert_model::parts::Location>,
    departure: Option<ecert_model::values::DateTime>,
    arrival: Option<ecert_model::values::DateTime>,
    transport: Vec<ecert_model::parts::TransportMovement>,
    transport_documents: Vec<ecert_model::parts::ReferencedDocument>,
    equipment: Vec<ecert_model::parts::Equipment>,
    totals: Option<ecert_model::certificates::Totals>,
    lines: Vec<ecert_model::certificates::TradeLine>,
    notes: Vec<ecert_model::parts::Note>,
    extensions: Vec<ecert_model::values::Extension>,
    place: u32,
});

record!(ecert_model::certificates::Certificate {
    role: ecert_model::certificates::CertificateRole,
    template: Option<ecert_model::values::Identifier>,
    titles: Vec<ecert_model::values::Text>,
    number: ecert_model::values::Identifier,
    version: Option<String>,
    type_code: ecert_model::values::Code,
    status: ecert_model::values::Code,
    issued: Option<ecert_model::values::DateTime>,
    validity: Option<ecert_model::values::Period>,
    issuer: Option<ecert_model::parts::Party>,
    issuing_country: Option<ecert_model::values::Code>,
    authentications: Vec<ecert_model::certificates::Authentication>,
    controls: Vec<ecert_model::certificates::Control>,
    notes: Vec<ecert_model::parts::Note>,
    referenced_documents: Vec<ecert_model::parts::ReferencedDocument>,
    replaces: Vec<ecert_model::values::Identifier>,
    cites: Vec<ecert_model::values::Identifier>,
    consignment: ecert_model::certificates::Consignment,
    extensions: Vec<ecert_model::values::Extension>,
    place: u32,
});

enumeration!(ecert_model::declarations::Direction {
    Import = 0,
    Export = 1,
    Transit = 2,
});

record!(ecert_model::declarations::SupportingDocument {
    type_code: Option<ecert_model::values::Code>,
    number: Option<ecert_model::values::Identifier>,
    line: Option<u32>,
    status: Option<ecert_model::values::Code>,
    exemption: Option<ecert_model::values::Text>,
    information: Vec<ecert_model::values::Text>,
    issued: Option<ecert_model::values::DateTime>,
    issuer: Option<ecert_model::parts::Party>,
    write_off: Option<ecert_model::values::Measure>,
    place: u32,
});

record!(ecert_model::declarations::GoodsItem {
    sequence: u32,
    commodity: Option<ecert_model::parts::Classification>,
    classifications: Vec<ecert_model::parts::Classification>,
    descriptions: Vec<ecert_model::values::Text>,
    origin: Option<ecert_model::values::Code>,
    origin_subdivision: Option<ecert_model::values::Code>,
    dispatch_country: Option<ecert_model::values::Code>,
    destination_country: Option<ecert_model::values::Code>,
    exporter: Option<ecert_model::parts::Party>,
    importer: Option<ecert_model::parts::Party>,
    procedure: Option<ecert_model::values::Code>,
    previous_procedure: Option<ecert_model::values::Code>,
    net_weight: Option<ecert_model::values::Measure>,
    gross_weight: Option<ecert_model::values::Measure>,
    quantities: Vec<ecert_model::values::Measure>,
    packages: Vec<ecert_model::parts::Packages>,
    containers: Vec<ecert_model::values::Identifier>,
    purpose: Option<ecert_model::values::Code>,
    establishments: Vec<ecert_model::parts::Establishment>,
    production: Vec<ecert_model::values::Period>,
    expiry: Option<ecert_model::values::DateTime>,
    batches: Vec<ecert_model::values::Identifier>,
    documents: Vec<ecert_model::declarations::SupportingDocument>,
    predecessors: Vec<ecert_model::parts::ReferencedDocument>,
    notes: Vec<ecert_model::parts::Note>,
    extensions: Vec<ecert_model::values::Extension>,
    place: u32,
});

record!(ecert_model::declarations::Declaration {
    direction: ecert_model::declarations::Direction,
    country: Option<ecert_model::values::Code>,
    authority: Option<ecert_model::parts::Party>,
    mrn: Option<ecert_model::values::Identifier>,
    lrn: Option<ecert_model::values::Identifier>,
    version: Option<String>,
    type_code: Option<ecert_model::values::Code>,
    function: Option<ecert_model::values::Code>,
    accepted: Option<ecert_model::values::DateTime>,
    issued: Option<ecert_model::values::DateTime>,
    arrival: Option<ecert_model::values::DateTime>,
    dispatched: Option<ecert_model::values::DateTime>,
    declarant: Option<ecert_model::parts::Party>,
    agent: Option<ecert_model::parts::Party>,
    importer: Option<ecert_model::parts::Party>,
    exporter: Option<ecert_model::parts::Party>,
    consignee: Option<ecert_model::parts::Party>,
    dispatch_country: Option<ecert_model::values::Code>,
    destination_country: Option<ecert_model::values::Code>,
    offices: Vec<ecert_model::values::Code>,
    entry_place: Option<ecert_model::parts::Location>,
    goods_location: Option<ecert_model::parts::Location>,
    loading_place: Option<ecert_model::parts::Location>,
    transport: Vec<ecert_model::parts::TransportMovement>,
    transport_documents: Vec<ecert_model::parts::ReferencedDocument>,
    equipment: Vec<ecert_model::parts::Equipment>,
    gross_weight: Option<ecert_model::values::Measure>,
    net_weight: Option<ecert_model::values::Measure>,
    package_count: Option<ecert_model::values::Decimal>,
    documents: Vec<ecert_model::declarations::SupportingDocument>,
    predecessors: Vec<ecert_model::parts::ReferencedDocument>,
    notes: Vec<ecert_model::parts::Note>,
    items: Vec<ecert_model::declarations::GoodsItem>,
    extensions: Vec<ecert_model::values::Extension>,
    place: u32,
});

enumeration!(ecert_model::cases::Channel {
    Delivery = 0,
    Query = 1,
    Submission = 2,
    Paper = 3,
    Offline = 4,
});

enumeration!(ecert_model::cases::Authenticity {
    Authentic = 0,
    NotEntitled = 1,
    Unknown = 2,
});

record!(ecert_model::cases::Standing {
    status: ecert_model::values::Code,
    since: Option<ecert_model::values::DateTime>,
    replaced_by: Option<ecert_model::values::Identifier>,
    first_issued: Option<ecert_model::values::DateTime>,
    received: Option<ecert_model::values::DateTime>,
    channel: ecert_model::cases::Channel,
    authenticity: ecert_model::cases::Authenticity,
    authority_known: Option<bool>,
});

record!(ecert_model::cases::CitedCertificate {
    certificate: ecert_model::certificates::Certificate,
    standing: ecert_model::cases::Standing,
});

enumeration!(ecert_model::cases::Resolution {
    Resolved = 0,
    NotFound = 1,
    Ambiguous = 2,
    NotACertificate = 3,
    Exempted = 4,
});

record!(ecert_model::cases::Citation {
    item: Option<u32>,
    document: u32,
    resolution: ecert_model::cases::Resolution,
    certificate: Option<u32>,
});

enumeration!(ecert_model::cases::PairingBasis {
    LineReference = 0,
    UniqueCode = 1,
    Officer = 2,
    Ambiguous = 3,
});

record!(ecert_model::cases::Pairing {
    item: u32,
    certificate: u32,
    line: u32,
    basis: ecert_model::cases::PairingBasis,
});

record!(ecert_model::cases::DueItem { item: u32, parameters: u32 });

enumeration!(ecert_model::cases::DecisionBasis {
    Acceptance = 0,
    Receipt = 1,
});

record!(ecert_model::cases::CaseDates {
    decision: ecert_model::values::Date,
    basis: ecert_model::cases::DecisionBasis,
    received: ecert_model::values::Date,
    arrival: Option<ecert_model::values::Date>,
    dispatch: Option<ecert_model::values::Date>,
});

record!(ecert_model::cases::Case {
    declaration: ecert_model::declarations::Declaration,
    certificates: Vec<ecert_model::cases::CitedCertificate>,
    citations: Vec<ecert_model::cases::Citation>,
    pairings: Vec<ecert_model::cases::Pairing>,
    due: Vec<ecert_model::cases::DueItem>,
    parameters: Vec<String>,
    dates: ecert_model::cases::CaseDates,
});

record!(ecert_model::documents::Acknowledgement {
    number: Option<ecert_model::values::Identifier>,
    status: ecert_model::values::Code,
    issued: Option<ecert_model::values::DateTime>,
    reasons: Vec<ecert_model::values::Text>,
    subjects: Vec<ecert_model::parts::ReferencedDocument>,
    extensions: Vec<ecert_model::values::Extension>,
    place: u32,
});

record!(ecert_model::documents::EmbeddedMessage {
    format: Option<String>,
    encoding: ecert_model::parts::AttachmentEncoding,
    sender: Option<ecert_model::values::Identifier>,
    receiver: Option<ecert_model::values::Identifier>,
    claims: Vec<ecert_model::values::Extension>,
    place: u32,
});

variant!(ecert_model::documents::Document {
    Certificate(ecert_model::certificates::Certificate) = 0,
    Declaration(ecert_model::declarations::Declaration) = 1,
    Acknowledgement(ecert_model::documents::Acknowledgement) = 2,
    Embedded(ecert_model::documents::EmbeddedMessage) = 3,
});

record!(ecert_model::readings::Recognition { format: String, confidence: u8 });

enumeration!(ecert_model::readings::ProblemSeverity {
    Information = 0,
    Warning = 1,
    Error = 2,
    Fatal = 3,
});

record!(ecert_model::readings::Problem {
    code: String,
    text: String,
    severity: ecert_model::readings::ProblemSeverity,
    place: u32,
});

record!(ecert_model::readings::Unmapped { path: String, count: u32, place: u32 });

record!(ecert_model::readings::PlaceEntry {
    parent: u32,
    name: u32,
    ordinal: u32,
    start: u32,
    end: u32,
    line: u32,
    column: u32,
});

record!(ecert_model::readings::Reading {
    documents: Vec<ecert_model::documents::Document>,
    problems: Vec<ecert_model::readings::Problem>,
    unmapped: Vec<ecert_model::readings::Unmapped>,
    names: Vec<String>,
    places: Vec<ecert_model::readings::PlaceEntry>,
});

variant!(ecert_model::reports::Verdict {
    Passed = 0,
    Failed = 1,
    NotApplicable = 2,
    NotEvaluable(u16) = 3,
});

record!(ecert_model::reports::Outcome {
    rule: u16,
    item: Option<u32>,
    verdict: ecert_model::reports::Verdict,
});

enumeration!(ecert_model::reports::Severity {
    Information = 0,
    Warning = 1,
    Discrepancy = 2,
    Prohibition = 3,
});

variant!(ecert_model::reports::Value {
    Text(String) = 0,
    Number(ecert_model::values::Decimal) = 1,
    Quantity(ecert_model::values::Measure) = 2,
    Date(ecert_model::values::Date) = 3,
    Code(ecert_model::values::Code) = 4,
});

record!(ecert_model::reports::Argument { name: String, value: ecert_model::reports::Value });

record!(ecert_model::reports::CertificatePlace { certificate: u32, place: u32 });

record!(ecert_model::reports::Finding {
    rule: u16,
    item: Option<u32>,
    severity: ecert_model::reports::Severity,
    arguments: Vec<ecert_model::reports::Argument>,
    expected: Vec<ecert_model::reports::Value>,
    actual: Vec<ecert_model::reports::Value>,
    certificate_places: Vec<ecert_model::reports::CertificatePlace>,
    declaration_places: Vec<ecert_model::values::Place>,
});

record!(ecert_model::reports::Report {
    outcomes: Vec<ecert_model::reports::Outcome>,
    findings: Vec<ecert_model::reports::Finding>,
});
