//! Parameters of a rule set.
//!
//! A rule set names its parameters as a type with defaults:
//!
//! ```
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//!
//! /// Parameters of the rule set.
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(default, rename_all = "camelCase")]
//! struct Parameters {
//!     /// Days that must be left until expiry when the goods arrive.
//!     days_left: u16,
//! }
//!
//! impl Default for Parameters {
//!     fn default() -> Self {
//!         Self { days_left: 30 }
//!     }
//! }
//! ```
//!
//! `#[serde(default)]` on the type lets an agreement state only what differs.
//! Members that the type does not know are passed over, so an older rule set
//! runs with newer parameters. [`Common`] parameters are there in every rule
//! set.

use std::collections::BTreeMap;

use ecert_model::reports::Severity;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What the parameters of a rule set must be able to do.
pub trait Parameters: DeserializeOwned + JsonSchema + Default + 'static {}

impl<T: DeserializeOwned + JsonSchema + Default + 'static> Parameters for T {}

/// For rule sets without parameters of their own.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
pub struct NoParameters {}

/// Parameters that every rule set has, beside its own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Common {
    /// Severity of a rule's findings, by rule, in place of the default; or
    /// `off`.
    pub severities: BTreeMap<String, SeverityOrOff>,
    /// Rules whose fields are expected to be there: where such a rule is not
    /// evaluable, the declaration goes to review.
    pub expected: Vec<String>,
}

/// A severity, or nothing at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeverityOrOff {
    /// The rule is not judged.
    Off,
    /// Lawful, worth knowing.
    Information,
    /// Unusual.
    Warning,
    /// Declaration and certificate disagree.
    Discrepancy,
    /// The goods must not enter.
    Prohibition,
}

impl SeverityOrOff {
    /// The severity, unless off.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Information => Some(Severity::Information),
            Self::Warning => Some(Severity::Warning),
            Self::Discrepancy => Some(Severity::Discrepancy),
            Self::Prohibition => Some(Severity::Prohibition),
        }
    }
}

/// Reads a parameter text; an empty one means the defaults.
pub(crate) fn read<P: Parameters>(text: &str) -> Result<(P, Common), serde_json::Error> {
    match text.trim_ascii() {
        "" | "{}" => Ok((P::default(), Common::default())),
        text => Ok((serde_json::from_str(text)?, serde_json::from_str(text)?)),
    }
}

/// JSON Schema (draft 2020-12) of a rule set's own and the common parameters.
/// It allows no others: a misspelt one would be without effect.
pub(crate) fn schema<P: Parameters>() -> serde_json::Value {
    let mut own = schemars::schema_for!(P).to_value();
    let common = schemars::schema_for!(Common).to_value();
    for member in ["properties", "$defs"] {
        let Some(added) = common.get(member).and_then(serde_json::Value::as_object) else { continue };
        let members = own.as_object_mut().map(|own| {
            own.entry(member).or_insert_with(|| serde_json::Value::Object(serde_json::Map::new()))
        });
        if let Some(members) = members.and_then(serde_json::Value::as_object_mut) {
            members.extend(added.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
    }
    if let Some(own) = own.as_object_mut() {
        own.insert("additionalProperties".to_owned(), false.into());
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, JsonSchema)]
    #[serde(default, rename_all = "camelCase")]
    struct Days {
        days_left: u16,
        from: String,
    }

    impl Default for Days {
        fn default() -> Self {
            Self { days_left: 30, from: "arrival".into() }
        }
    }

    #[test]
    fn what_is_not_stated_keeps_its_default() {
        let text = r#"{"daysLeft": 10, "severities": {"expiry": "off"}, "later": true}"#;
        let (days, common) = read::<Days>(text).expect("valid parameters");
        assert_eq!((days.days_left, days.from.as_str()), (10, "arrival"));
        assert_eq!(common.severities["expiry"].severity(), None);
        assert_eq!(read::<Days>("").expect("defaults").0.days_left, 30);
    }

    #[test]
    fn the_schema_holds_own_and_common_parameters() {
        let schema = schema::<Days>();
        assert_eq!(schema["additionalProperties"], false, "{schema}");
        for name in ["daysLeft", "from", "severities", "expected"] {
            assert!(schema["properties"].get(name).is_some(), "{name} in {schema}");
        }
        assert!(schema["$defs"].get("SeverityOrOff").is_some());
    }
}
