//! What an importing country or an agreement may set.

use goods::storage::Storage;
use goods::temperature::{Cold, Kept};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::heading;

/// Parameters of the rule set. All have defaults; an agreement states what
/// differs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// What holds for every commodity.
    #[serde(flatten)]
    pub goods: goods::Parameters,
    /// How cold meat must be kept.
    #[serde(flatten)]
    pub cold: Cold,
}

impl AsRef<goods::Parameters> for Parameters {
    fn as_ref(&self) -> &goods::Parameters {
        &self.goods
    }
}

impl Kept for Parameters {
    fn cold(&self) -> &Cold {
        &self.cold
    }

    fn by_heading(code: &str) -> Option<Storage> {
        heading::storage(code)
    }
}
