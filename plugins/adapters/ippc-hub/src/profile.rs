//! The hub's profile of the standard: which elements it has, how often, in what
//! order, and of what type. It is that of the schemas in the hub's WSDL.

/// What an element may hold.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A text without attributes.
    Text,
    /// A text in a language.
    LanguageText,
    /// A whole number.
    Integer,
    /// A number, with its unit.
    Measure,
    /// A text with any attributes.
    Anything,
    /// These elements, in this order.
    Group(&'static [Rule]),
}

/// An element within another.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    /// How often it may stand there.
    pub(crate) most: usize,
    /// Whether it must.
    pub(crate) required: bool,
    pub(crate) kind: Kind,
}

const fn one(name: &'static str, kind: Kind) -> Rule {
    Rule { name, most: 1, required: false, kind }
}

const fn must(name: &'static str, kind: Kind) -> Rule {
    Rule { required: true, ..one(name, kind) }
}

const fn many(name: &'static str, kind: Kind) -> Rule {
    Rule { most: usize::MAX, ..one(name, kind) }
}

use Kind::{Anything, Group, Integer, LanguageText, Measure, Text};

const DATE_TIME: Kind = Group(&[one("DateTimeString", Text)]);
const PERSON: Kind = Group(&[one("Name", Text)]);
const COUNTRY: Kind = Group(&[one("ID", Text), one("Name", Text)]);
const MEANS: Kind = Group(&[one("Name", Text)]);
const SEAL: Kind = Group(&[one("ID", Text)]);
const PLACE_NAME: Kind = Group(&[one("Name", Text)]);

const PARTY: Kind =
    Group(&[one("Name", Text), many("TypeCode", Anything), one("SpecifiedSPSAddress", ADDRESS)]);

const ADDRESS: Kind = Group(&[
    one("LineOne", Text),
    one("LineTwo", Text),
    one("LineThree", Text),
    one("LineFour", Text),
    one("LineFive", Text),
]);

const REFERENCE: Kind = Group(&[
    one("IssueDateTime", DATE_TIME),
    must("TypeCode", Anything),
    one("RelationshipTypeCode", Text),
    one("ID", Anything),
    one("Information", LanguageText),
]);

const CLAUSE: Kind = Group(&[must("ID", Integer), one("Content", Text)]);

const AUTHENTICATION: Kind = Group(&[
    one("ActualDateTime", DATE_TIME),
    one("IssueSPSLocation", PLACE_NAME),
    one("ProviderSPSParty", Group(&[one("Name", Text), one("SpecifiedSPSPerson", PERSON)])),
    many("IncludedSPSClause", CLAUSE),
]);

const DOCUMENT_NOTE: Kind = Group(&[one("Subject", Text), one("Content", LanguageText)]);
const LINE_NOTE: Kind = Group(&[one("Subject", Text), many("Content", LanguageText)]);

const CLASSIFICATION: Kind =
    Group(&[one("SystemName", Text), one("ClassCode", Text), many("ClassName", LanguageText)]);

const PACKAGE: Kind =
    Group(&[must("LevelCode", Integer), one("TypeCode", Text), must("ItemQuantity", Measure)]);

const REGION: Kind = Group(&[one("Name", Text)]);
const ORIGIN: Kind =
    Group(&[one("ID", Text), one("Name", Text), one("SubordinateSPSCountrySubDivision", REGION)]);

const PROCESS: Kind = Group(&[
    one("TypeCode", Text),
    one(
        "CompletionSPSPeriod",
        Group(&[
            one("StartDateTime", DATE_TIME),
            one("EndDateTime", DATE_TIME),
            one("DurationMeasure", Measure),
        ]),
    ),
    many(
        "ApplicableSPSProcessCharacteristic",
        Group(&[many("Description", LanguageText), one("ValueMeasure", Measure)]),
    ),
]);

const LINE: Kind = Group(&[
    must("SequenceNumeric", Integer),
    many("Description", LanguageText),
    many("CommonName", LanguageText),
    many("ScientificName", LanguageText),
    many("IntendedUse", LanguageText),
    one("NetWeightMeasure", Measure),
    one("GrossWeightMeasure", Measure),
    one("NetVolumeMeasure", Measure),
    one("GrossVolumeMeasure", Measure),
    many("AdditionalInformationSPSNote", LINE_NOTE),
    many("ApplicableSPSClassification", CLASSIFICATION),
    many("PhysicalSPSPackage", PACKAGE),
    many("OriginSPSCountry", ORIGIN),
    many("AppliedSPSProcess", PROCESS),
]);

const ITEM: Kind = Group(&[
    one("NatureIdentificationSPSCargo", Group(&[one("TypeCode", Text)])),
    many("IncludedSPSTradeLineItem", LINE),
]);

const CONSIGNMENT: Kind = Group(&[
    one("ConsignorSPSParty", PARTY),
    one("ConsigneeSPSParty", PARTY),
    one("ExportSPSCountry", COUNTRY),
    one("ImportSPSCountry", COUNTRY),
    many("TransitSPSCountry", COUNTRY),
    one("UnloadingBaseportSPSLocation", Group(&[one("ID", Anything), one("Name", Text)])),
    one("ExaminationSPSEvent", Group(&[one("OccurrenceSPSLocation", PLACE_NAME)])),
    many(
        "MainCarriageSPSTransportMovement",
        Group(&[one("ID", Text), must("ModeCode", Integer), one("UsedSPSTransportMeans", MEANS)]),
    ),
    one("UtilizedSPSTransportEquipment", Group(&[one("ID", Text), one("AffixedSPSSeal", SEAL)])),
    many("IncludedSPSConsignmentItem", ITEM),
]);

/// `SPSExchangedDocument`.
const DOCUMENT: Kind = Group(&[
    one("Name", Text),
    one("ID", Text),
    must("TypeCode", Integer),
    must("StatusCode", Integer),
    one("IssueDateTime", DATE_TIME),
    one("IssuerSPSParty", Group(&[one("Name", Text)])),
    many("IncludedSPSNote", DOCUMENT_NOTE),
    many("ReferenceSPSReferencedDocument", REFERENCE),
    one("SignatorySPSAuthentication", AUTHENTICATION),
]);

/// `SPSCertificate`.
pub(crate) const CERTIFICATE: Rule = must(
    "SPSCertificate",
    Group(&[must("SPSExchangedDocument", DOCUMENT), must("SPSConsignment", CONSIGNMENT)]),
);

/// `SPSAcknowledgement`.
pub(crate) const ACKNOWLEDGEMENT: Rule = must(
    "SPSAcknowledgement",
    Group(&[must(
        "SPSAcknowledgementDocument",
        Group(&[
            one("IssueDateTime", DATE_TIME),
            must("StatusCode", Integer),
            one("ReasonInformation", LanguageText),
            many("ReferenceSPSReferencedDocument", REFERENCE),
        ]),
    )]),
);

/// Elements that stand in no namespace, with the one around them.
const UNQUALIFIED: &[(&str, &str)] = &[
    ("UtilizedSPSTransportEquipment", "ID"),
    ("AffixedSPSSeal", "ID"),
    ("IncludedSPSConsignmentItem", "NatureIdentificationSPSCargo"),
    ("NatureIdentificationSPSCargo", "TypeCode"),
];

/// The prefix of an element of the standard in the hub's profile.
pub(crate) fn prefix(around: Option<&str>, name: &str) -> &'static str {
    match around.is_some_and(|around| UNQUALIFIED.contains(&(around, name))) {
        true => "",
        false => sps::write::xml::prefix(around, name),
    }
}
