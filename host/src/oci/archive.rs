//! One tar file with a component and its signatures, in OCI's image layout:
//! for hosts that no network reaches. Other tools read it too.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use oci_client::manifest::OciImageIndex;
use serde_json::json;

use super::layout::{self, Artifact, BUNDLE, Blob, MANIFEST, Packed};
use super::{Fetched, OciError, same};
use crate::contract::inspect;
use crate::digest::Digest;
use crate::engine::MAX_COMPONENT;

/// Entries that an archive may have.
const MOST_ENTRIES: usize = 32;
/// Bytes of all entries together.
const MOST_BYTES: u64 = MAX_COMPONENT as u64 + (8 << 20);

/// Blobs by their digests.
type Blobs = BTreeMap<Digest, Vec<u8>>;

/// Writes an archive. The same content gives the same bytes.
pub fn save(packed: &Packed, to: impl Write) -> Result<(), OciError> {
    let artifacts: Vec<(&Artifact, Option<&str>)> = std::iter::once((&packed.component, None))
        .chain(packed.signatures.as_ref().map(|signatures| (signatures, Some(BUNDLE))))
        .collect();
    let manifests: Vec<_> = artifacts
        .iter()
        .map(|(Artifact { manifest, .. }, artifact_type)| {
            let (digest, size) = (layout::written(manifest.digest), manifest.bytes.len());
            let mut entry = json!({"mediaType": MANIFEST, "digest": digest, "size": size});
            if let Some(artifact_type) = artifact_type {
                entry["artifactType"] = (*artifact_type).into();
            }
            entry
        })
        .collect();
    let media_type = "application/vnd.oci.image.index.v1+json";
    let index = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": manifests});
    let mut tar = tar::Builder::new(to);
    append(&mut tar, "oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#)?;
    append(&mut tar, "index.json", index.to_string().as_bytes())?;
    let blobs =
        artifacts.iter().flat_map(|(artifact, _)| [&artifact.manifest, &artifact.config, &artifact.layer]);
    let blobs: BTreeMap<Digest, &Blob> = blobs.map(|blob| (blob.digest, blob)).collect();
    for (digest, blob) in blobs {
        append(&mut tar, &format!("blobs/sha256/{digest}"), &blob.bytes)?;
    }
    Ok(tar.into_inner()?.flush()?)
}

fn append(tar: &mut tar::Builder<impl Write>, path: &str, bytes: &[u8]) -> Result<(), OciError> {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    Ok(tar.append_data(&mut header, path, bytes)?)
}

/// Reads an archive and verifies every digest.
pub fn load(from: impl Read) -> Result<Fetched, OciError> {
    let (index, blobs) = entries(from)?;
    let index: OciImageIndex = layout::json("index.json", &index)?;
    let blob = |digest: &str| {
        let digest = layout::read_digest(digest)?;
        let missing = || OciError::Malformed(format!("the blob {digest} is missing"));
        blobs.get(&digest).map(|bytes| (digest, bytes.as_slice())).ok_or_else(missing)
    };
    let mut found = None;
    let mut signatures = Vec::new();
    for entry in &index.manifests {
        let (digest, manifest) = blob(&entry.digest)?;
        if entry.artifact_type.as_deref() == Some(BUNDLE) {
            let parts = layout::bundle_parts(manifest)?;
            signatures.extend(layout::signatures(blob(&parts.layer.digest)?.1)?);
        } else if found.is_none() {
            let parts = layout::component_parts(manifest)?;
            let config = blob(&parts.config.digest)?.1;
            layout::check_config(config, &parts)?;
            let component = blob(&parts.layer.digest)?.1;
            layout::check_component(config, &inspect(component)?)?;
            found = Some((component.to_vec(), digest));
        } else {
            return Err(OciError::Malformed("there is more than one component".into()));
        }
    }
    let nothing = || OciError::Malformed("there is no component".into());
    let (component, manifest) = found.ok_or_else(nothing)?;
    Ok(Fetched { component, signatures, manifest })
}

/// The index, and the blobs.
fn entries(from: impl Read) -> Result<(Vec<u8>, Blobs), OciError> {
    // What is read stays bounded, whatever the headers say.
    let mut tar = tar::Archive::new(from.take(MOST_BYTES + 512 * 3 * MOST_ENTRIES as u64));
    let mut index = None;
    let mut blobs = Blobs::new();
    for (number, entry) in tar.entries()?.enumerate() {
        if number == MOST_ENTRIES {
            return Err(OciError::Malformed(format!("more than {MOST_ENTRIES} entries")));
        }
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let size = entry.size();
        let mut bytes = Vec::new();
        entry.by_ref().take(MOST_BYTES).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Err(OciError::Malformed(format!("{:?} is cut off or too large", path)));
        }
        if let Some(digits) = path.strip_prefix("blobs/sha256/").filter(|digits| !digits.is_empty()) {
            let digest = layout::read_digest(&format!("sha256:{digits}"))?;
            same("a blob", &bytes, digest)?;
            blobs.insert(digest, bytes);
        } else if path == "index.json" {
            index = Some(bytes);
        }
    }
    let index = index.ok_or_else(|| OciError::Malformed("there is no index.json".into()))?;
    Ok((index, blobs))
}
