//! What a component file says of itself, read without running anything.

use std::collections::HashSet;

use ecert_model::manifest::{CONTRACT, CONTRACT_SECTION, FIXTURES_SECTION, Kind, Manifest, SCHEMA, SECTION};
use serde::{Deserialize, Serialize};
use wasmparser::{ComponentTypeRef, Encoding, Parser, Payload};

use super::{export_of, may_import, parameter_schema};
use crate::digest::Digest;

/// Largest manifest that is read, in bytes. The largest rule sets known have
/// some hundred KiB.
pub const MAX_MANIFEST: usize = 2 << 20;

/// What stands in a component that keeps to the contract.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// SHA-256 of the component.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: usize,
    /// Version of the contract it was built for.
    pub contract: String,
    /// Interfaces it imports.
    pub imports: Vec<String>,
    /// Interfaces it exports.
    pub exports: Vec<String>,
    /// How many fixtures it brings, as it says itself.
    pub fixtures: u32,
    /// The manifest.
    pub manifest: Manifest,
    /// The manifest as it was written.
    #[serde(skip)]
    pub manifest_text: String,
}

impl Inspection {
    /// Of a component that has no manifest yet.
    pub(crate) fn unknown(component: &[u8], kind: Kind) -> Self {
        let manifest = Manifest {
            schema: SCHEMA,
            name: "unknown".into(),
            version: "0.0.0".into(),
            kind,
            titles: Default::default(),
            formats: Vec::new(),
            rule_kind: None,
            scope: Vec::new(),
            valid_from: None,
            valid_until: None,
            rules: Vec::new(),
            parameters: None,
            tables: Vec::new(),
        };
        Self {
            digest: Digest::of(component),
            size: component.len(),
            contract: CONTRACT.into(),
            imports: Vec::new(),
            exports: Vec::new(),
            fixtures: 0,
            manifest,
            manifest_text: String::new(),
        }
    }
}

/// Why a file is not a component the host can take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedComponent {
    /// Not WebAssembly, or cut off, or damaged.
    #[error("not a readable WebAssembly component: {0}")]
    Unreadable(String),
    /// A core module.
    #[error("a core module, not a component: make it one with `ecert plugin build`")]
    CoreModule,
    /// A section is missing.
    #[error("the section `{0}` is missing: build the component with `ecert plugin build`")]
    NoSection(&'static str),
    /// A section stands there twice.
    #[error("the section `{0}` occurs more than once")]
    TwoSections(&'static str),
    /// Built for a contract that this host does not speak.
    #[error("built for contract {0}, and this host speaks {CONTRACT}")]
    OtherContract(String),
    /// The manifest cannot be read or contradicts itself.
    #[error("the manifest is not usable: {0}")]
    Manifest(String),
    /// Imports something that the contract does not offer.
    #[error("imports `{0}`, which the contract does not offer this kind of plugin")]
    ForeignImport(String),
    /// Exports neither of the contract's interfaces.
    #[error("exports neither an adapter nor rules: use `export_adapter!` or `export_rules!`")]
    NoInterface,
    /// Lacks the export of its kind.
    #[error("does not export `{0}`, as its manifest's kind requires")]
    NoExport(&'static str),
}

/// The sections of interest, as they stand in the file.
#[derive(Default)]
struct Sections<'a> {
    contract: Option<&'a [u8]>,
    manifest: Option<&'a [u8]>,
    fixtures: Option<&'a [u8]>,
    imports: Vec<String>,
    exports: Vec<String>,
}

/// What a component states of itself, unchecked: what has to be known of one
/// that was compiled before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stated {
    digest: Digest,
    size: usize,
    contract: String,
    imports: Vec<String>,
    exports: Vec<String>,
    fixtures: u32,
    manifest: String,
}

impl Stated {
    /// Checks what can be checked without running anything: contract version,
    /// manifest, imports and exports.
    pub(crate) fn check(self) -> Result<Inspection, MalformedComponent> {
        let Self { digest, size, contract, imports, exports, fixtures, manifest: manifest_text } = self;
        spoken(&contract)?;
        if manifest_text.len() > MAX_MANIFEST {
            let size = manifest_text.len();
            return Err(MalformedComponent::Manifest(format!(
                "it has {size} bytes, and {MAX_MANIFEST} are allowed"
            )));
        }
        let manifest: Manifest = serde_json::from_str(&manifest_text)
            .map_err(|error| MalformedComponent::Manifest(error.to_string()))?;
        check_manifest(&manifest).map_err(MalformedComponent::Manifest)?;
        let export = export_of(manifest.kind);
        if !exports.iter().any(|name| name == export) {
            return Err(MalformedComponent::NoExport(export));
        }
        check_imports(&imports, manifest.kind)?;
        Ok(Inspection { digest, size, contract, imports, exports, fixtures, manifest, manifest_text })
    }
}

impl From<&Inspection> for Stated {
    fn from(inspection: &Inspection) -> Self {
        let Inspection { digest, size, contract, imports, exports, fixtures, manifest_text, .. } =
            inspection.clone();
        Self { digest, size, contract, imports, exports, fixtures, manifest: manifest_text }
    }
}

/// Reads a whole component and checks what can be checked without running it.
pub fn inspect(component: &[u8]) -> Result<Inspection, MalformedComponent> {
    let sections = sections(component)?;
    let contract = text(sections.contract, CONTRACT_SECTION)?;
    // Another contract may name and shape its sections differently.
    spoken(contract)?;
    let stated = Stated {
        digest: Digest::of(component),
        size: component.len(),
        contract: contract.to_owned(),
        manifest: text(sections.manifest, SECTION)?.to_owned(),
        fixtures: sections.fixtures.map_or(Ok(0), fixture_count)?,
        imports: sections.imports,
        exports: sections.exports,
    };
    stated.check()
}

fn spoken(contract: &str) -> Result<(), MalformedComponent> {
    if contract == CONTRACT {
        return Ok(());
    }
    Err(MalformedComponent::OtherContract(contract.escape_debug().to_string()))
}

/// The section of a component that holds its fixtures, if it has one.
pub fn fixtures_section(component: &[u8]) -> Result<Option<&[u8]>, MalformedComponent> {
    Ok(sections(component)?.fixtures)
}

fn fixture_count(section: &[u8]) -> Result<u32, MalformedComponent> {
    let count = section.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    let cut = || MalformedComponent::Unreadable(format!("the section `{FIXTURES_SECTION}` is cut off"));
    count.ok_or_else(cut)
}

/// The kind of a component that has no manifest yet, by what it exports; its
/// imports are checked.
pub fn kind_of(component: &[u8]) -> Result<Kind, MalformedComponent> {
    let sections = sections(component)?;
    let exports = |kind| sections.exports.iter().any(|name| name == export_of(kind));
    let kind = [Kind::FormatAdapter, Kind::RuleSet].into_iter().find(|kind| exports(*kind));
    let kind = kind.ok_or(MalformedComponent::NoInterface)?;
    check_imports(&sections.imports, kind)?;
    Ok(kind)
}

fn check_imports(imports: &[String], kind: Kind) -> Result<(), MalformedComponent> {
    match imports.iter().find(|import| !may_import(kind, import)) {
        Some(import) => Err(MalformedComponent::ForeignImport(import.clone())),
        None => Ok(()),
    }
}

fn text<'a>(section: Option<&'a [u8]>, name: &'static str) -> Result<&'a str, MalformedComponent> {
    let bytes = section.ok_or(MalformedComponent::NoSection(name))?;
    str::from_utf8(bytes)
        .map_err(|_| MalformedComponent::Unreadable(format!("the section `{name}` is not UTF-8")))
}

fn sections(component: &[u8]) -> Result<Sections<'_>, MalformedComponent> {
    let unreadable = |error: wasmparser::BinaryReaderError| MalformedComponent::Unreadable(error.to_string());
    let mut found = Sections::default();
    // Modules and components nest; only what stands outermost speaks for the
    // plugin.
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(unreadable)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(MalformedComponent::CoreModule);
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            Payload::ComponentImportSection(imports) => {
                for import in imports {
                    let import = import.map_err(unreadable)?;
                    let name = import.name.name.to_owned();
                    // The contract offers interfaces; a bare function under
                    // the name of one must not pass for it.
                    let instance = matches!(import.ty, ComponentTypeRef::Instance(_));
                    found.imports.push(if instance { name } else { format!("{name} (not an interface)") });
                }
            }
            Payload::ComponentExportSection(exports) => {
                for export in exports {
                    found.exports.push(export.map_err(unreadable)?.name.name.to_owned());
                }
            }
            Payload::CustomSection(section) => {
                let (place, name) = match section.name() {
                    CONTRACT_SECTION => (&mut found.contract, CONTRACT_SECTION),
                    SECTION => (&mut found.manifest, SECTION),
                    FIXTURES_SECTION => (&mut found.fixtures, FIXTURES_SECTION),
                    _ => continue,
                };
                if place.replace(section.data()).is_some() {
                    return Err(MalformedComponent::TwoSections(name));
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// What a manifest must not contradict.
fn check_manifest(manifest: &Manifest) -> Result<(), String> {
    if manifest.schema != SCHEMA {
        return Err(format!("its schema is {}, and this host reads {SCHEMA}", manifest.schema));
    }
    if !is_kebab_case(&manifest.name) {
        return Err(format!("the name `{}` is not in kebab case", manifest.name.escape_debug()));
    }
    if !is_semantic_version(&manifest.version) {
        return Err(format!("the version `{}` is not of the form 1.2.3", manifest.version.escape_debug()));
    }
    match manifest.kind {
        Kind::FormatAdapter if manifest.formats.is_empty() => Err("an adapter without a format".into()),
        Kind::RuleSet if manifest.rules.is_empty() => Err("a rule set without a rule".into()),
        Kind::RuleSet if manifest.rules.len() > usize::from(u16::MAX) => Err("more than 65,535 rules".into()),
        Kind::RuleSet if manifest.rule_kind.is_none() => Err("a rule set without `ruleKind`".into()),
        _ => check_names(manifest),
    }
}

fn check_names(manifest: &Manifest) -> Result<(), String> {
    let mut rules = HashSet::new();
    if let Some(twice) = manifest.rules.iter().find(|rule| !rules.insert(rule.id.as_str())) {
        return Err(format!("two rules bear the id `{}`", twice.id));
    }
    for rule in &manifest.rules {
        if let Some(unknown) = rule.prerequisites.iter().find(|id| !rules.contains(id.as_str())) {
            return Err(format!("rule `{}` has the prerequisite `{unknown}`, which is no rule", rule.id));
        }
    }
    let mut formats = HashSet::new();
    if let Some(twice) = manifest.formats.iter().find(|format| !formats.insert(&format.id)) {
        return Err(format!("two formats bear the id `{}`", twice.id));
    }
    let mut tables = HashSet::new();
    if let Some(twice) = manifest.tables.iter().find(|table| !tables.insert(&table.name)) {
        return Err(format!("the table `{}` is declared twice", twice.name));
    }
    let schema = manifest.parameters.as_ref().map_or(Ok(()), parameter_schema::check);
    schema.map_err(|reason| format!("the schema of its parameters cannot be used: {reason}"))
}

fn is_kebab_case(name: &str) -> bool {
    name.len() <= 100
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_semantic_version(version: &str) -> bool {
    let numbers = version.split_once(['-', '+']).map_or(version, |(numbers, _)| numbers);
    let mut parts = numbers.split('.');
    let three = parts
        .by_ref()
        .take(3)
        .filter(|part| part.bytes().all(|b| b.is_ascii_digit()) && part.parse::<u32>().is_ok())
        .count()
        == 3;
    version.len() <= 100 && version.is_ascii() && three && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions_have_a_form() {
        assert!(is_kebab_case("certificate-consistency") && is_kebab_case("sps17"));
        assert!(
            !is_kebab_case("")
                && !is_kebab_case("Meat")
                && !is_kebab_case("a--b")
                && !is_kebab_case("../meat")
        );
        assert!(is_semantic_version("1.2.3") && is_semantic_version("0.1.0-rc.1"));
        assert!(
            !is_semantic_version("1.2") && !is_semantic_version("1.2.3.4") && !is_semantic_version("1..2")
        );
    }

    #[test]
    fn bytes_that_are_no_component_are_told_apart() {
        assert!(matches!(inspect(b""), Err(MalformedComponent::Unreadable(_))));
        assert!(matches!(inspect(b"not wasm at all"), Err(MalformedComponent::Unreadable(_))));
        assert_eq!(inspect(b"\0asm\x01\0\0\0"), Err(MalformedComponent::CoreModule));
        assert_eq!(inspect(b"\0asm\x0d\0\x01\0"), Err(MalformedComponent::NoSection(CONTRACT_SECTION)));
    }
}
