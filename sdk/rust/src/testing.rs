//! Testing rules and adapters natively.
//!
//! ```no_run
//! # use ecert_sdk::rules::*;
//! # struct MyRules;
//! # impl RuleSet for MyRules {
//! #     type Parameters = ecert_sdk::parameters::NoParameters;
//! #     fn about() -> About { unreachable!() }
//! #     fn rules() -> &'static [Rule<Self::Parameters>] { &[] }
//! # }
//! use ecert_sdk::testing::{Scenario, code};
//!
//! Scenario::consistent()
//!     .change(|declaration, _| declaration.items[0].origin = Some(code("BR")))
//!     .judge::<MyRules>()
//!     .assert_failed("origin");
//! ```

mod fixtures;
mod judged;
mod manifests;
mod scenario;
mod values;

pub use fixtures::{Fixture, assert_fixtures};
pub use judged::Judged;
pub use manifests::{assert_adapter_manifest, assert_rules_manifest};
pub use scenario::{MemoryTables, Scenario};
pub use values::{
    characteristic, code, country_area, date, date_time, decimal, document, establishment, finding,
    identifier, measure, measured, moment, note, party, period, process, text,
};
