//! What every manifest must have.

use std::collections::BTreeSet;

use crate::adapter::Adapter;
use crate::manifest::{self, Localised, Manifest};
use crate::rules::RuleSet;

/// Asserts that the manifest of a rule set is complete: titles and messages in
/// English and Chinese, a legal basis, identifiers in kebab case and unique,
/// prerequisites that come earlier, and templates whose arguments are declared.
///
/// # Panics
/// When it is not.
pub fn assert_rules_manifest<R: RuleSet>() -> Manifest {
    let manifest = manifest::of_rules::<R>();
    assert_name(&manifest.name);
    assert_texts(&manifest.name, "titles", &manifest.titles);
    let mut earlier = BTreeSet::new();
    for rule in &manifest.rules {
        let id = rule.id.as_str();
        assert_name(id);
        assert_texts(id, "titles", &rule.titles);
        assert_texts(id, "messages", &rule.messages);
        assert!(!rule.legal_basis.is_empty(), "rule `{id}` has no legal basis");
        for prerequisite in &rule.prerequisites {
            assert!(earlier.contains(prerequisite.as_str()), "`{id}`: `{prerequisite}` must come earlier");
        }
        let declared: BTreeSet<&str> = rule.arguments.iter().map(String::as_str).collect();
        for (language, message) in &rule.messages {
            for used in arguments(message) {
                assert!(declared.contains(used), "`{id}` ({language}): argument `{used}` is not declared");
            }
        }
        assert!(earlier.insert(id), "rule `{id}` is there twice");
    }
    assert_eq!(manifest::text(&manifest), manifest::text(&manifest::of_rules::<R>()));
    manifest
}

/// Asserts that the manifest of an adapter is complete.
///
/// # Panics
/// When it is not.
pub fn assert_adapter_manifest<A: Adapter>() -> Manifest {
    let manifest = manifest::of_adapter::<A>();
    assert_name(&manifest.name);
    assert_texts(&manifest.name, "titles", &manifest.titles);
    assert!(!manifest.formats.is_empty(), "an adapter knows at least one format");
    for format in &manifest.formats {
        assert_name(&format.id);
        assert_texts(&format.id, "titles", &format.titles);
        assert!(!format.media_types.is_empty(), "format `{}` has no media type", format.id);
    }
    manifest
}

fn assert_name(name: &str) {
    let kebab = name.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit())
    });
    assert!(kebab, "`{name}` is not in kebab case");
}

fn assert_texts(of: &str, what: &str, texts: &Localised) {
    for language in ["en", "zh"] {
        let text = texts.get(language).map(String::as_str);
        assert!(text.is_some_and(|text| !text.is_empty()), "`{of}` lacks its {what} in `{language}`");
    }
}

/// The names in braces.
fn arguments(message: &str) -> impl Iterator<Item = &str> {
    message.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}
