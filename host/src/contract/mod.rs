//! What host and plugins agree on, seen from the host: the names of the
//! contract, what a component file says of itself, what the host offers, the
//! limits of a call and the checks of every answer.
//!
//! Nothing here runs a plugin; that is the engine's work.

mod inspect;
mod limits;
mod parameter_schema;
pub mod places;
mod section;
mod tables;
pub mod validate;

pub(crate) use inspect::Stated;
pub use inspect::{Inspection, MAX_MANIFEST, MalformedComponent, fixtures_section, inspect, kind_of};
pub use limits::{Limits, Sized, for_case, for_message};
pub(crate) use limits::{MAX_FUEL, MAX_MEMORY};
pub(crate) use section::append_section;
pub use tables::{LookupError, MAX_KEYS_PER_LOOKUP, NoTables, Row, Tables};
pub use validate::InvalidOutput;

use ecert_model::manifest::Kind;

/// The contract as it is written: file names and texts of the package
/// `ecert:plugin`.
pub const CONTRACT_SOURCES: [(&str, &str); 9] = [
    ("cases.wit", include_str!("../../../wit/cases.wit")),
    ("certificates.wit", include_str!("../../../wit/certificates.wit")),
    ("declarations.wit", include_str!("../../../wit/declarations.wit")),
    ("documents.wit", include_str!("../../../wit/documents.wit")),
    ("parts.wit", include_str!("../../../wit/parts.wit")),
    ("readings.wit", include_str!("../../../wit/readings.wit")),
    ("reports.wit", include_str!("../../../wit/reports.wit")),
    ("values.wit", include_str!("../../../wit/values.wit")),
    ("worlds.wit", include_str!("../../../wit/worlds.wit")),
];

/// The interface a format adapter exports.
pub const ADAPTER: &str = "ecert:plugin/adapter@0.1.0";
/// The interface a rule set exports.
pub const RULES: &str = "ecert:plugin/rules@0.1.0";
/// The interface by which rule sets look tables up.
pub const REFERENCE: &str = "ecert:plugin/reference@0.1.0";
/// The interface by which plugins write messages for their author.
pub const LOG: &str = "ecert:plugin/log@0.1.0";

/// Interfaces that hold nothing but types; every plugin may import them.
const TYPES: [&str; 8] = [
    "ecert:plugin/values@0.1.0",
    "ecert:plugin/parts@0.1.0",
    "ecert:plugin/certificates@0.1.0",
    "ecert:plugin/declarations@0.1.0",
    "ecert:plugin/documents@0.1.0",
    "ecert:plugin/readings@0.1.0",
    "ecert:plugin/cases@0.1.0",
    "ecert:plugin/reports@0.1.0",
];

/// The interface that a plugin of this kind exports.
pub fn export_of(kind: Kind) -> &'static str {
    match kind {
        Kind::FormatAdapter => ADAPTER,
        Kind::RuleSet => RULES,
    }
}

/// Whether a plugin of this kind may import the interface.
pub fn may_import(kind: Kind, interface: &str) -> bool {
    TYPES.contains(&interface) || interface == LOG || (kind == Kind::RuleSet && interface == REFERENCE)
}
