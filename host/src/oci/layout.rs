//! A plugin as an OCI artifact, after the CNCF's layout for WebAssembly: an
//! image manifest with the config `application/vnd.wasm.config.v0+json` and
//! exactly one layer `application/wasm`. Signatures are an artifact of their
//! own, which refers to it.
//!
//! The same component always makes the same bytes: the date of creation, which
//! the layout asks for, is the beginning of 1970.

use std::collections::BTreeMap;

use ecert_model::manifest::Kind;
use oci_client::manifest::{OciDescriptor, OciImageManifest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::OciError;
use crate::contract::{Inspection, MalformedComponent, export_of, may_import};
use crate::digest::Digest;
use crate::engine::MAX_COMPONENT;
use crate::trust::{Envelope, MOST_BUNDLE_BYTES, parse_bundle, write_bundle};

/// Media type of manifests.
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media type, and type of artifact, of signatures.
pub(super) const BUNDLE: &str = "application/vnd.in-toto.bundle";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const LAYER: &str = "application/wasm";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// Bytes that a manifest or a config may have.
pub(super) const MOST_JSON: usize = 256 * 1024;

/// The config of a component.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    architecture: String,
    os: String,
    layer_digests: Vec<String>,
    component: ConfigComponent,
}

#[derive(Serialize, Deserialize)]
struct ConfigComponent {
    exports: Vec<String>,
    imports: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<String>,
}

/// Bytes that are known by their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256.
    pub digest: Digest,
}

impl Blob {
    fn new(bytes: Vec<u8>) -> Self {
        Self { digest: Digest::of(&bytes), bytes }
    }

    fn of(value: &impl Serialize) -> Result<Self, OciError> {
        let bytes = serde_json_canonicalizer::to_vec(value);
        Ok(Self::new(bytes.map_err(|error| OciError::Malformed(error.to_string()))?))
    }

    fn describe(&self, media_type: &str) -> OciDescriptor {
        OciDescriptor {
            media_type: media_type.into(),
            digest: written(self.digest),
            size: i64::try_from(self.bytes.len()).unwrap_or(i64::MAX),
            ..OciDescriptor::default()
        }
    }
}

/// A manifest with what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The manifest; its digest is what a reference is pinned to.
    pub manifest: Blob,
    /// The config.
    pub config: Blob,
    /// The one layer.
    pub layer: Blob,
}

/// A component as an artifact, and its signatures as another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The component.
    pub component: Artifact,
    /// Its signatures, if there are any.
    pub signatures: Option<Artifact>,
}

/// Packs a component and its signatures.
pub fn pack(
    component: Vec<u8>,
    inspection: &Inspection,
    signatures: &[Envelope],
) -> Result<Packed, OciError> {
    let layer = Blob::new(component);
    let config = Blob::of(&Config {
        created: "1970-01-01T00:00:00Z".into(),
        author: None,
        architecture: "wasm".into(),
        os: "wasip2".into(),
        layer_digests: vec![written(layer.digest)],
        component: ConfigComponent {
            exports: inspection.exports.clone(),
            imports: inspection.imports.clone(),
            target: None,
        },
    })?;
    let manifest = Blob::of(&OciImageManifest {
        media_type: Some(MANIFEST.into()),
        config: config.describe(CONFIG),
        layers: vec![layer.describe(LAYER)],
        annotations: Some(annotations(inspection)),
        ..OciImageManifest::default()
    })?;
    let subject = manifest.describe(MANIFEST);
    let component = Artifact { manifest, config, layer };
    let signatures = if signatures.is_empty() { None } else { Some(bundle(subject, signatures)?) };
    Ok(Packed { component, signatures })
}

fn bundle(subject: OciDescriptor, signatures: &[Envelope]) -> Result<Artifact, OciError> {
    let layer = Blob::new(write_bundle(signatures).into_bytes());
    let config = Blob::new(b"{}".to_vec());
    let manifest = Blob::of(&OciImageManifest {
        media_type: Some(MANIFEST.into()),
        config: config.describe(EMPTY),
        layers: vec![layer.describe(BUNDLE)],
        subject: Some(subject),
        artifact_type: Some(BUNDLE.into()),
        ..OciImageManifest::default()
    })?;
    Ok(Artifact { manifest, config, layer })
}

/// The standard's annotations; each on one line, as registries want them.
fn annotations(of: &Inspection) -> BTreeMap<String, String> {
    let manifest = &of.manifest;
    let mut annotations = BTreeMap::from([
        ("org.opencontainers.image.title".to_owned(), manifest.name.clone()),
        ("org.opencontainers.image.version".to_owned(), manifest.version.clone()),
    ]);
    if let Some(title) = manifest.titles.get("en").filter(|title| !title.contains('\n')) {
        annotations.insert("org.opencontainers.image.description".to_owned(), title.clone());
    }
    annotations
}

/// Where a manifest says that its parts are.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) config: OciDescriptor,
    pub(super) layer: OciDescriptor,
}

/// Reads the manifest of a component.
pub(super) fn component_parts(manifest: &[u8]) -> Result<Parts, OciError> {
    parts(manifest, CONFIG, LAYER, MAX_COMPONENT)
}

/// Reads the manifest of signatures.
pub(super) fn bundle_parts(manifest: &[u8]) -> Result<Parts, OciError> {
    parts(manifest, EMPTY, BUNDLE, MOST_BUNDLE_BYTES)
}

fn parts(manifest: &[u8], config: &str, layer: &str, most: usize) -> Result<Parts, OciError> {
    let manifest: OciImageManifest = json("the manifest", manifest)?;
    let [one] = manifest.layers.as_slice() else {
        let count = manifest.layers.len();
        return Err(OciError::Malformed(format!("the manifest has {count} layers where one is expected")));
    };
    for (found, expected, what, most) in
        [(&manifest.config, config, "config", MOST_JSON), (one, layer, "layer", most)]
    {
        if found.media_type != expected {
            let found = found.media_type.escape_debug();
            return Err(OciError::Malformed(format!("the {what} is {found}, not {expected}")));
        }
        if usize::try_from(found.size).map_or(true, |size| size > most) {
            let size = found.size;
            return Err(OciError::Malformed(format!(
                "the {what} has {size} bytes; at most {most} are taken"
            )));
        }
    }
    Ok(Parts { config: manifest.config.clone(), layer: one.clone() })
}

/// Refuses a component by its config, before the component itself is fetched:
/// one that imports more than the contract offers, or that is no plugin.
pub(super) fn check_config(config: &[u8], parts: &Parts) -> Result<(), OciError> {
    let config: Config = json("the config", config)?;
    if config.layer_digests != [parts.layer.digest.as_str()] {
        return Err(OciError::Malformed("the config is for another layer than the manifest names".into()));
    }
    let exports = |kind: &Kind| config.component.exports.iter().any(|name| name == export_of(*kind));
    let kind = [Kind::FormatAdapter, Kind::RuleSet].into_iter().find(exports);
    let kind = kind.ok_or(MalformedComponent::NoInterface)?;
    match config.component.imports.iter().find(|import| !may_import(kind, import)) {
        Some(import) => Err(MalformedComponent::ForeignImport(import.clone()).into()),
        None => Ok(()),
    }
}

/// Refuses a component that is not what its config said.
pub(super) fn check_component(config: &[u8], inspection: &Inspection) -> Result<(), OciError> {
    let config: Config = json("the config", config)?;
    let ConfigComponent { exports, imports, .. } = &config.component;
    if *exports != inspection.exports || *imports != inspection.imports {
        return Err(OciError::Malformed(
            "the component has other imports or exports than its config says".into(),
        ));
    }
    Ok(())
}

/// Reads the signatures in a layer.
pub(super) fn signatures(layer: &[u8]) -> Result<Vec<Envelope>, OciError> {
    parse_bundle(layer).map_err(|error| OciError::Malformed(error.to_string()))
}

/// Reads JSON of bounded size.
pub(super) fn json<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, OciError> {
    if bytes.len() > MOST_JSON {
        return Err(OciError::Malformed(format!("{what} has more than {MOST_JSON} bytes")));
    }
    serde_json::from_slice(bytes).map_err(|error| OciError::Malformed(format!("{what}: {error}")))
}

/// A digest as OCI writes it.
pub(super) fn written(digest: Digest) -> String {
    format!("sha256:{digest}")
}

/// Reads a digest as OCI writes it.
pub(super) fn read_digest(text: &str) -> Result<Digest, OciError> {
    let digest = text.strip_prefix("sha256:").and_then(|digits| digits.parse().ok());
    digest.ok_or_else(|| {
        OciError::Malformed(format!("{:?} is no SHA-256 digest", text.escape_debug().to_string()))
    })
}
