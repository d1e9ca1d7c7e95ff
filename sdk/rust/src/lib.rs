//! Everything an author of ecert plugins imports.
//!
//! A **rule set** compares certificates with a declaration; a **format
//! adapter** turns a partner's messages into documents. Both are ordinary
//! Rust crates: written against this one, tested natively, and then built for
//! WebAssembly. This page takes you from nothing to a working rule set.
//!
//! # 1. A crate
//!
//! In the folder `plugins/rules/honey`, a `Cargo.toml`:
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
//! ```
//!
//! # 2. A rule
//!
//! A rule is a constant that says what it demands, and a function that
//! judges. This one wants honey to travel in containers that are not set to
//! more than 25 degrees:
//!
//! ```
//! use ecert_sdk::decimal::number;
//! use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
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
//!             known = true;
//!             if number(set.value) > check.parameters().highest.into() {
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
//! ```
//!
//! Four things make a good rule. It says *not evaluable* when something is
//! missing, and never guesses. It gives values as they are (a quantity, a
//! date, a code), so that every language writes them its own way. It names the
//! places, so that an officer finds them. And it knows what is lawful: a
//! difference that trade brings about gets the severity `information`.
//!
//! # 3. A rule set
//!
//! A rule set names itself, what it covers, and its rules. The macro makes a
//! plugin of it; on your own machine it does nothing.
//!
//! ```
//! # use ecert_sdk::rules::{ItemCheck, Judgement};
//! # use ecert_sdk::parameters::NoParameters as Parameters;
//! # const TEMPERATURE: Rule<Parameters> = Rule::of_item("temperature", |_| Judgement::Passed)
//! #     .titles(&[("en", "Honey is kept cool"), ("zh", "蜂蜜须低温运输")])
//! #     .messages(&[("en", "Too warm."), ("zh", "温度过高。")])
//! #     .legal_basis("Codex standard for honey: heating must not change its composition");
//! use ecert_sdk::manifest::Scope;
//! use ecert_sdk::rules::{About, Rule, RuleSet};
//!
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
//! # ecert_sdk::testing::assert_rules_manifest::<Honey>();
//! ```
//!
//! The manifest is derived from this code. Write one test that calls
//! [`testing::assert_rules_manifest`]: it finds a missing translation, an
//! argument that is not declared, a prerequisite that comes too late.
//!
//! # 4. Tests
//!
//! [`testing::Scenario`] is a case to change, and asserts what came of it:
//!
//! ```
//! # use ecert_sdk::rules::{About, Difference, ItemCheck, Judgement, Rule, RuleSet};
//! # use ecert_sdk::parameters::NoParameters;
//! # struct Honey;
//! # const TEMPERATURE: Rule<NoParameters> = Rule::of_item("temperature", |check| {
//! #     for cited in check.certificates() {
//! #         if let Some(set) = &cited.certificate.consignment.equipment[0].set_temperature {
//! #             let warm = set.value.coefficient > 25;
//! #             return if warm { Difference::new().argument("actual", set).into() } else { Judgement::Passed };
//! #         }
//! #     }
//! #     Judgement::NotEvaluable("set temperature")
//! # }).arguments(&["actual"]).needs(&["set temperature"]).messages(&[("en", "{actual}")]);
//! # impl RuleSet for Honey {
//! #     type Parameters = NoParameters;
//! #     fn about() -> About {
//! #         About { name: "honey", version: "0.1.0", titles: &[], rule_kind: "honey", scope: vec![],
//! #             valid_from: None, valid_until: None, tables: &[] }
//! #     }
//! #     fn rules() -> &'static [Rule<NoParameters>] { const { &[TEMPERATURE] } }
//! # }
//! use ecert_sdk::testing::{Scenario, measure};
//!
//! let set_to = |degrees: &str| {
//!     let degrees = measure(degrees, "CEL");
//!     Scenario::consistent()
//!         .change(|_, cited| cited[0].certificate.consignment.equipment[0].set_temperature = Some(degrees))
//! };
//! set_to("18").judge::<Honey>().assert_passed("temperature");
//! set_to("31").judge::<Honey>().assert_failed("temperature");
//! Scenario::consistent().judge::<Honey>().assert_not_evaluable("temperature", "set temperature");
//! ```
//!
//! # 5. A plugin
//!
//! ```console
//! $ ecert plugin build plugins/rules/honey --out target/plugins
//! $ ecert verify --certificate CERTIFICATE.xml --declaration DECLARATION.xml
//! ```
//!
//! # Where things are
//!
//! | module | for |
//! |---|---|
//! | [`rules`], [`parameters`], [`tables`], [`testing`] | rule sets |
//! | [`adapter`], [`xml`] | format adapters |
//! | [`decimal`], [`mod@unit`], [`date`], [`country`], [`commodity`], [`reference_number`], [`party_name`] | comparing values |
//! | [`model`] | the documents |
//! | [`log`] | messages to yourself |

pub mod adapter;
pub mod allocator;
pub mod commodity;
pub mod country;
pub mod date;
pub mod decimal;
mod guest;
pub mod log;
pub mod manifest;
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
