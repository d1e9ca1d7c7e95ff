//! Everything an author of ecert plugins imports.
//!
//! A **rule set** compares certificates with a declaration; a **format
//! adapter** turns a partner's messages into documents. Both are ordinary
//! Rust crates: written against this one, tested natively, and then built for
//! WebAssembly. They see what they are given and nothing else: no clock, no
//! files, no network, so that the same case always comes to the same verdict.
//!
//! This page takes you from nothing to a working rule set, on honey that must
//! travel cool; [`adapter`] shows an adapter. The plugins of the project, in
//! its folder `plugins`, are written to be read as well.
//!
//! # 1. A crate
//!
//! `ecert plugin new honey --kind rules` writes a crate like this one, with its
//! fixtures; to see what it is made of, make it by hand. Everything in
//! `plugins/rules` belongs to the workspace of the plugins. Make the folder
//! `plugins/rules/honey` with this `Cargo.toml`:
//!
//! ```toml
//! [package]
//! name = "honey"
//! version = "0.1.0"
//! edition.workspace = true
//!
//! [lib]
//! crate-type = ["cdylib", "rlib"]    # the plugin, and a library for tests
//!
//! [dependencies]
//! ecert-sdk = { workspace = true }
//! schemars = { workspace = true }    # the schema of your parameters
//! serde = { workspace = true }
//!
//! [lints]
//! workspace = true
//! ```
//!
//! What follows is its `src/lib.rs`, piece by piece, below a first line that
//! says what the crate is for (`//! Rules on honey.`).
//!
//! # 2. A rule
//!
//! A rule is a constant that says what it demands, and a function that
//! judges. This one looks at the temperature that containers are set to; how
//! warm they may be is a parameter, which an agreement with a partner may set
//! (`{"highest": 20}`):
//!
//! ```
//! use ecert_sdk::decimal::{Number, number};
//! use ecert_sdk::model::values::Measure;
//! use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
//! use ecert_sdk::unit;
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//!
//! /// What agreements may set.
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(default, rename_all = "camelCase")]
//! pub struct Parameters {
//!     /// The highest temperature, in degrees Celsius.
//!     highest: i64,
//! }
//!
//! impl Default for Parameters {
//!     fn default() -> Self {
//!         Self { highest: 25 }
//!     }
//! }
//!
//! const TEMPERATURE: Rule<Parameters> = Rule::of_item("temperature", temperature)
//!     .titles(&[("en", "Honey is kept cool"), ("zh", "蜂蜜须低温运输")])
//!     .messages(&[("en", "The container is set to {actual}."), ("zh", "集装箱设定温度为 {actual}。")])
//!     .arguments(&["actual"])
//!     .needs(&["set temperature"])
//!     .legal_basis("Codex standard for honey: heating must not change its composition");
//!
//! fn temperature(check: &ItemCheck<'_, Parameters>) -> Judgement {
//!     let mut known = false;
//!     for cited in check.certificates() {
//!         for container in &cited.certificate.consignment.equipment {
//!             let Some(set) = &container.set_temperature else { continue };
//!             let Some(degrees) = celsius(set) else { continue };
//!             known = true;
//!             if degrees > check.parameters().highest.into() {
//!                 return Difference::new()
//!                     .argument("actual", set)
//!                     .actual(set)
//!                     .in_certificate(cited.index, set.place)
//!                     .into();
//!             }
//!         }
//!     }
//!     if known { Judgement::Passed } else { Judgement::NotEvaluable("set temperature") }
//! }
//!
//! /// A temperature in degrees Celsius; none where the unit is missing or is no
//! /// unit of temperature.
//! fn celsius(set: &Measure) -> Option<Number> {
//!     unit::convert(number(set.value), set.unit.as_deref()?, "CEL")
//! }
//! ```
//!
//! Four things make a good rule. It says *not evaluable* when something is
//! missing, a unit say, and never guesses. It gives values as they are (a
//! quantity, a date, a code), so that every language writes them its own way.
//! It names the places, so that an officer finds them. And it knows what is
//! lawful: a difference that trade brings about gets the severity
//! `information`.
//!
//! # 3. A rule set
//!
//! A rule set names itself, what it covers, and its rules. The macro makes a
//! plugin of it; on your own machine it does nothing.
//!
//! ```
//! # use ecert_sdk::rules::Judgement;
//! # use ecert_sdk::parameters::NoParameters as Parameters;
//! # const TEMPERATURE: Rule<Parameters> = Rule::of_item("temperature", |_| Judgement::Passed)
//! #     .titles(&[("en", "Honey is kept cool"), ("zh", "蜂蜜须低温运输")])
//! #     .messages(&[("en", "Too warm."), ("zh", "温度过高。")])
//! #     .legal_basis("Codex standard for honey: heating must not change its composition");
//! # use ecert_sdk::rules::Rule;
//! use ecert_sdk::manifest::Scope;
//! use ecert_sdk::rules::{About, RuleSet};
//!
//! /// The rule set.
//! pub struct Honey;
//!
//! impl RuleSet for Honey {
//!     type Parameters = Parameters;
//!
//!     fn about() -> About {
//!         About {
//!             name: "honey",
//!             version: env!("CARGO_PKG_VERSION"),
//!             titles: &[("en", "Honey"), ("zh", "蜂蜜")],
//!             rule_kind: "honey",
//!             scope: vec![Scope { hs_prefixes: vec!["0409".into()], ..Scope::default() }],
//!             valid_from: None,
//!             valid_until: None,
//!             tables: &[],
//!         }
//!     }
//!
//!     fn rules() -> &'static [Rule<Parameters>] {
//!         const { &[TEMPERATURE] }
//!     }
//! }
//!
//! ecert_sdk::export_rules!(Honey);
//! ```
//!
//! The manifest, by which the host knows a plugin, is derived from this code.
//!
//! # 4. Tests
//!
//! [`testing::Scenario`] is a case to change, and asserts what came of it.
//! [`testing::assert_rules_manifest`] finds a missing translation, an argument
//! that is not declared, a prerequisite that comes too late:
//!
//! ```
//! #[cfg(test)]
//! mod tests {
//!     use super::*;
//!     use ecert_sdk::testing::{Scenario, assert_rules_manifest, measure};
//!
//!     #[test]
//!     fn the_manifest_is_complete() {
//!         assert_rules_manifest::<Honey>();
//!     }
//!
//!     #[test]
//!     fn honey_travels_cool() {
//!         let set_to = |degrees: &str, unit: &str| {
//!             let set = measure(degrees, unit);
//!             Scenario::consistent().change(|_, cited| {
//!                 cited[0].certificate.consignment.equipment[0].set_temperature = Some(set);
//!             })
//!         };
//!         set_to("18", "CEL").judge::<Honey>().assert_passed("temperature");
//!         set_to("31", "CEL").judge::<Honey>().assert_failed("temperature");
//!         set_to("64.4", "FAH").judge::<Honey>().assert_passed("temperature");
//!         let strict = set_to("18", "CEL").parameters(r#"{"highest": 15}"#);
//!         strict.judge::<Honey>().assert_failed("temperature");
//!         let unsaid = Scenario::consistent();
//!         unsaid.judge::<Honey>().assert_not_evaluable("temperature", "set temperature");
//!     }
//! }
//! ```
//!
//! ```console
//! $ (cd plugins && cargo test --package honey)
//! ```
//!
//! # 5. A plugin
//!
//! `ecert` (`cargo build` makes it, as `target/debug/ecert`) builds plugins and
//! judges a pair of messages without any server. It reads the messages by the
//! adapters in the same folder:
//!
//! ```console
//! $ ecert plugin build plugins/adapters/uncefact-sps --out target/plugins
//! $ ecert plugin build plugins/adapters/wco-declaration --out target/plugins
//! $ ecert plugin build plugins/rules/honey --out target/plugins
//! $ ecert verify --plugins target/plugins --certificate CERTIFICATE.xml --declaration DECLARATION.xml
//! ```
//!
//! `ecert plugin test` runs its fixtures in the sandbox, `ecert plugin check`
//! looks it over, `ecert plugin publish` and `ecert plugin activate` bring it to
//! a running host.
//!
//! # What else a rule can do
//!
//! | to | see |
//! |---|---|
//! | wait for other rules, so that one fault gives one finding | [`Rule::after`](rules::Rule::after) |
//! | warn or inform instead of stopping a release | [`Rule::severity`](rules::Rule::severity), [`Difference::severity`](rules::Difference::severity) |
//! | judge the declaration as a whole | [`Rule::of_declaration`](rules::Rule::of_declaration) |
//! | compare with the lines that belong to an item | [`ItemCheck::lines`](rules::ItemCheck::lines) |
//! | look something up in a table, as of a date | [`tables::Table`], [`Check::lookup`](rules::Check::lookup) |
//! | hold from a date on | [`Rule::in_force`](rules::Rule::in_force), [`About::valid_from`](rules::About::valid_from) |
//!
//! # Where things are
//!
//! | module | for |
//! |---|---|
//! | [`rules`], [`parameters`], [`tables`], [`testing`] | rule sets |
//! | [`adapter`], [`xml`], [`json`] | format adapters |
//! | [`decimal`], [`mod@unit`], [`date`], [`country`], [`commodity`], [`reference_number`], [`party_name`] | comparing values |
//! | [`model`] | the documents |
//! | [`manifest`] | what a plugin says of itself |
//! | [`log`] | messages to yourself |
//! | [`allocator`] | memory of a plugin; the export macros see to it |

#![expect(
    clippy::test_attr_in_doctest,
    reason = "the tests that the front page shows run in tests/front_page"
)]

pub mod adapter;
pub mod allocator;
pub mod commodity;
pub mod country;
pub mod date;
pub mod decimal;
mod guest;
pub mod json;
pub mod log;
pub mod manifest;
mod message;
pub mod parameters;
pub mod party_name;
pub mod reference_number;
pub mod rules;
pub mod tables;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
pub mod unit;
pub mod xml;

#[doc(hidden)]
pub use ecert_guest as __guest;
pub use ecert_model as model;

/// Texts by language tag (BCP 47): `&[("en", "Origin"), ("zh", "原产地")]`.
pub type Texts = &'static [(&'static str, &'static str)];
