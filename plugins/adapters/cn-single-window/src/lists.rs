//! Names of the national code lists, and of the schemes of identifiers.

/// Units of quantity: 035 is the kilogram, 070 the tonne.
pub(crate) const UNIT: &str = "CN-UNIT";
/// Countries, by the three digits in use until 2018: 142 is China.
pub(crate) const COUNTRY: &str = "CN-COUNTRY";
/// Kinds of packages.
pub(crate) const PACKAGE: &str = "CN-PACKAGE";
/// Currencies, by the three digits in use until 2018.
pub(crate) const CURRENCY: &str = "CN-CURRENCY";
/// Modes of transport; their numbers are not those of Recommendation 19.
pub(crate) const TRANSPORT_MODE: &str = "CN-TRANSPORT-MODE";
/// Modes of customs supervision (ordinary trade, processing, bonded …).
pub(crate) const TRADE_MODE: &str = "CN-TRADE-MODE";
/// How the declaration is made (paperless, with papers).
pub(crate) const ENTRY_TYPE: &str = "CN-ENTRY-TYPE";
/// What is to be done with the declaration.
pub(crate) const OPERATION: &str = "CN-OPERATION";
/// Customs offices.
pub(crate) const CUSTOMS_OFFICE: &str = "CN-CUSTOMS";
/// Offices of inspection and quarantine.
pub(crate) const INSPECTION_OFFICE: &str = "CN-INSPECTION-OFFICE";
/// Ports abroad and at home.
pub(crate) const PORT: &str = "CN-PORT";
/// Regions within countries of origin.
pub(crate) const ORIGIN_REGION: &str = "CN-ORIGIN-REGION";
/// Purposes of goods.
pub(crate) const PURPOSE: &str = "CN-PURPOSE";
/// Kinds and sizes of containers.
pub(crate) const CONTAINER: &str = "CN-CONTAINER";
/// Licence documents, one letter or digit each.
pub(crate) const LICENCE_DOCUMENT: &str = "CN-LICENCE-DOCUMENT";
/// Qualifications of products: permits, registrations, certificates.
pub(crate) const QUALIFICATION: &str = "CN-QUALIFICATION";
/// Qualifications of enterprises.
pub(crate) const ENTERPRISE_QUALIFICATION: &str = "CN-ENTERPRISE-QUALIFICATION";
/// Documents that are attached electronically.
pub(crate) const ATTACHED_DOCUMENT: &str = "CN-ATTACHED-DOCUMENT";
/// Certificates that customs are asked to issue.
pub(crate) const REQUESTED_CERTIFICATE: &str = "CN-REQUESTED-CERTIFICATE";
/// Certificates of origin under trade agreements.
pub(crate) const ORIGIN_CERTIFICATE: &str = "CN-ORIGIN-CERTIFICATE";

/// ISO 3166-1, in use since 2018 by its three letters.
pub(crate) const ISO_COUNTRY: &str = "ISO3166-1";
/// ISO 4217, in use since 2018.
pub(crate) const ISO_CURRENCY: &str = "ISO4217";
/// The Chinese tariff: ten digits, and three more for inspection.
pub(crate) const TARIFF: &str = "CIQ";

/// Ten digits by which customs know an enterprise.
pub(crate) const CUSTOMS_REGISTRATION: &str = "CN-CUSTOMS-REGISTRATION";
/// The unified social credit code, 18 signs.
pub(crate) const SOCIAL_CREDIT: &str = "CN-USCC";
/// Ten digits by which inspection knew an enterprise.
pub(crate) const INSPECTION_REGISTRATION: &str = "CN-INSPECTION-REGISTRATION";
