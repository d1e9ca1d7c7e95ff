//! Manifests, derived from the code so that both cannot disagree.

use crate::Texts;
use crate::adapter::Adapter;
use crate::parameters;
use crate::rules::RuleSet;

pub use ecert_model::manifest::{
    CONTRACT, CONTRACT_SECTION, Format, GoverningDate, Kind, Localised, Manifest, Match, Rule, SCHEMA,
    SECTION, Scope, Subject, Table,
};

/// The manifest of a rule set.
#[must_use]
pub fn of_rules<R: RuleSet>() -> Manifest {
    let about = R::about();
    Manifest {
        schema: SCHEMA,
        name: about.name.into(),
        version: about.version.into(),
        kind: Kind::RuleSet,
        titles: localised(about.titles),
        formats: Vec::new(),
        rule_kind: Some(about.rule_kind.into()),
        scope: about.scope,
        valid_from: about.valid_from,
        valid_until: about.valid_until,
        rules: R::rules().iter().map(Into::into).collect(),
        parameters: Some(parameters::schema::<R::Parameters>()),
        tables: about.tables.iter().map(Into::into).collect(),
    }
}

/// The manifest of an adapter.
#[must_use]
pub fn of_adapter<A: Adapter>() -> Manifest {
    let about = A::about();
    Manifest {
        schema: SCHEMA,
        name: about.name.into(),
        version: about.version.into(),
        kind: Kind::FormatAdapter,
        titles: localised(about.titles),
        formats: about.formats.iter().map(Into::into).collect(),
        rule_kind: None,
        scope: Vec::new(),
        valid_from: None,
        valid_until: None,
        rules: Vec::new(),
        parameters: None,
        tables: Vec::new(),
    }
}

/// The text that `describe` answers: members in the order of the types, texts
/// in the order of their languages, the same bytes every time.
#[must_use]
pub fn text(manifest: &Manifest) -> String {
    serde_json::to_string(manifest).expect("a manifest has only text keys")
}

pub(crate) fn localised(texts: Texts) -> Localised {
    texts.iter().map(|&(language, text)| (language.into(), text.into())).collect()
}
