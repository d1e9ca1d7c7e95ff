//! Pushing to and pulling from a registry.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use oci_client::client::{Certificate, CertificateEncoding, ClientConfig, ClientProtocol};
use oci_client::errors::OciDistributionError;
use oci_client::manifest::{ImageIndexEntry, OciDescriptor, OciImageIndex};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::io::AsyncWrite;
use ureq::http::HeaderValue;

use super::layout::{self, Artifact, BUNDLE, MANIFEST, Packed};
use super::{Fetched, OciError, same};
use crate::contract::inspect;
use crate::digest::Digest;
use crate::trust::Envelope;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Artifacts with signatures that are looked at.
const MOST_BUNDLES: usize = 16;
/// How long a registry may be silent.
const SILENCE: Duration = Duration::from_secs(30);

/// Where a plugin is in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Reference);

impl Address {
    /// Whether a text means a registry at all.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with("oci://")
    }

    /// Pinned to a manifest.
    #[must_use]
    pub fn pinned(&self, manifest: Digest) -> String {
        let of = &self.0;
        format!("oci://{}/{}@{}", of.registry(), of.repository(), layout::written(manifest))
    }
}

impl std::str::FromStr for Address {
    type Err = OciError;

    fn from_str(text: &str) -> Result<Self, OciError> {
        let wrong = || OciError::Reference(text.into());
        let reference = text.strip_prefix("oci://").ok_or_else(wrong)?;
        reference.parse().map(Self).map_err(|_| wrong())
    }
}

/// Who asks the registry.
#[derive(Clone, Default)]
pub enum Credentials {
    /// Nobody in particular.
    #[default]
    Anonymous,
    /// A user with a password.
    Password(String, String),
}

/// How bytes travel to a registry.
#[derive(Clone, Debug)]
pub enum Transport {
    /// By TLS. Certificates (PEM) that are trusted besides the usual ones.
    Tls(Vec<u8>),
    /// In the clear, to a registry on the same machine.
    Plain,
}

/// A connection to registries.
pub struct Registry {
    client: Client,
    auth: RegistryAuth,
}

impl Registry {
    /// Gets ready.
    pub fn new(credentials: Credentials, transport: Transport) -> Result<Self, OciError> {
        // Refused only where another was installed before, which will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (protocol, roots) = match transport {
            Transport::Plain => (ClientProtocol::Http, Vec::new()),
            Transport::Tls(roots) => (ClientProtocol::Https, certificates(&roots)?),
        };
        let client = ClientConfig {
            protocol,
            extra_root_certificates: roots,
            read_timeout: Some(SILENCE),
            connect_timeout: Some(SILENCE),
            platform_resolver: None,
            user_agent: concat!("ecert/", env!("CARGO_PKG_VERSION")),
            ..ClientConfig::default()
        };
        let client = Client::try_from(client).map_err(failed)?;
        let auth = match credentials {
            Credentials::Anonymous => RegistryAuth::Anonymous,
            Credentials::Password(user, password) => RegistryAuth::Basic(user, password),
        };
        Ok(Self { client, auth })
    }

    /// Pushes a component and its signatures; answers the digest of its
    /// manifest.
    pub async fn push(&self, to: &Address, packed: &Packed) -> Result<Digest, OciError> {
        let manifest = packed.component.manifest.digest;
        self.client.store_auth_if_needed(to.0.resolve_registry(), &self.auth).await;
        self.put(&to.0, &packed.component).await?;
        if let Some(signatures) = &packed.signatures {
            let by_digest = to.0.clone_with_digest(layout::written(signatures.manifest.digest));
            self.put(&by_digest, signatures).await?;
            self.refer(to, manifest, signatures).await?;
        }
        Ok(manifest)
    }

    async fn put(&self, to: &Reference, artifact: &Artifact) -> Result<(), OciError> {
        for blob in [&artifact.config, &artifact.layer] {
            let digest = layout::written(blob.digest);
            self.client.push_blob(to, blob.bytes.clone(), &digest).await.map_err(failed)?;
        }
        let media_type = HeaderValue::from_static(MANIFEST);
        let manifest = artifact.manifest.bytes.clone();
        self.client.push_manifest_raw(to, manifest, media_type).await.map_err(failed)?;
        Ok(())
    }

    /// Enters signatures under the tag by which registries that know no
    /// referrers list them. What else refers to the component stays.
    async fn refer(&self, to: &Address, manifest: Digest, signatures: &Artifact) -> Result<(), OciError> {
        let tag = layout::written(manifest).replace(':', "-");
        let of = &to.0;
        let index = Reference::with_tag(of.registry().into(), of.repository().into(), tag);
        let mut referrers = match self.client.pull_manifest_raw(&index, &self.auth, &[INDEX]).await {
            Ok((bytes, _)) => layout::json::<OciImageIndex>("the list of referrers", &bytes)?,
            Err(error) if is_absent(&error) => OciImageIndex {
                schema_version: 2,
                media_type: Some(INDEX.into()),
                manifests: Vec::new(),
                artifact_type: None,
                annotations: None,
            },
            Err(error) => return Err(failed(error)),
        };
        let digest = layout::written(signatures.manifest.digest);
        if referrers.manifests.iter().any(|known| known.digest == digest) {
            return Ok(());
        }
        referrers.manifests.push(ImageIndexEntry {
            media_type: MANIFEST.into(),
            digest,
            size: i64::try_from(signatures.manifest.bytes.len()).unwrap_or(i64::MAX),
            platform: None,
            annotations: None,
            artifact_type: Some(BUNDLE.into()),
        });
        let bytes = serde_json_canonicalizer::to_vec(&referrers)
            .map_err(|error| OciError::Malformed(error.to_string()))?;
        let media_type = HeaderValue::from_static(INDEX);
        self.client.push_manifest_raw(&index, bytes, media_type).await.map_err(failed)?;
        Ok(())
    }

    /// Fetches a component and its signatures. The config is looked at before
    /// the component is asked for.
    pub async fn pull(&self, from: &Address) -> Result<Fetched, OciError> {
        let pulled = self.client.pull_manifest_raw(&from.0, &self.auth, &[MANIFEST]).await;
        let (manifest, _) = pulled.map_err(failed)?;
        let digest = Digest::of(&manifest);
        if let Some(pinned) = from.0.digest() {
            same("the manifest", &manifest, layout::read_digest(pinned)?)?;
        }
        let parts = layout::component_parts(&manifest)?;
        let config = self.fetch(&from.0, &parts.config, "the config").await?;
        layout::check_config(&config, &parts)?;
        let component = self.fetch(&from.0, &parts.layer, "the component").await?;
        layout::check_component(&config, &inspect(&component)?)?;
        let signatures = self.signatures(from, digest).await?;
        Ok(Fetched { component, signatures, manifest: digest })
    }

    async fn signatures(&self, from: &Address, manifest: Digest) -> Result<Vec<Envelope>, OciError> {
        let subject = from.0.clone_with_digest(layout::written(manifest));
        let referrers = self.client.pull_referrers(&subject, Some(BUNDLE)).await.map_err(failed)?;
        let mut signatures: Vec<Envelope> = Vec::new();
        let ours = |entry: &&ImageIndexEntry| entry.artifact_type.as_deref() == Some(BUNDLE);
        for entry in referrers.manifests.iter().filter(ours).take(MOST_BUNDLES) {
            let expected = layout::read_digest(&entry.digest)?;
            let bundle = from.0.clone_with_digest(entry.digest.clone());
            let pulled = self.client.pull_manifest_raw(&bundle, &self.auth, &[MANIFEST]).await;
            let (bytes, _) = pulled.map_err(failed)?;
            same("a manifest of signatures", &bytes, expected)?;
            let parts = layout::bundle_parts(&bytes)?;
            let layer = self.fetch(&from.0, &parts.layer, "a bundle of signatures").await?;
            for envelope in layout::signatures(&layer)? {
                if !signatures.contains(&envelope) {
                    signatures.push(envelope);
                }
            }
        }
        Ok(signatures)
    }

    /// Fetches a blob of at most the size that its manifest says.
    async fn fetch(
        &self,
        from: &Reference,
        blob: &OciDescriptor,
        what: &'static str,
    ) -> Result<Vec<u8>, OciError> {
        let expected = layout::read_digest(&blob.digest)?;
        // Bounded: the size was checked with the manifest.
        let size = usize::try_from(blob.size).unwrap_or_default();
        let mut bytes = Bounded { bytes: Vec::new(), most: size };
        let digest_only = OciDescriptor { urls: None, ..blob.clone() };
        match self.client.pull_blob(from, &digest_only, &mut bytes).await {
            Ok(()) => {}
            Err(OciDistributionError::DigestError(_)) => same(what, &bytes.bytes, expected)?,
            Err(error) => return Err(failed(error)),
        }
        same(what, &bytes.bytes, expected)?;
        Ok(bytes.bytes)
    }
}

/// Takes so many bytes and no more.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl AsyncWrite for Bounded {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.bytes.len() + bytes.len() > self.most {
            return Poll::Ready(Err(io::Error::other("more bytes came than the manifest says")));
        }
        self.bytes.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// The certificates of a PEM file.
fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, OciError> {
    let read = |one: Result<CertificateDer<'_>, _>| match one {
        Ok(one) => Ok(Certificate { encoding: CertificateEncoding::Der, data: one.to_vec() }),
        Err(error) => Err(OciError::Malformed(format!("a trusted certificate: {error}"))),
    };
    CertificateDer::pem_slice_iter(pem).map(read).collect()
}

/// What the registry or the way to it did not do, with the causes: that a
/// request could not be sent says nothing without them.
fn failed(error: OciDistributionError) -> OciError {
    OciError::Registry(format!("{:#}", anyhow::Error::new(error)))
}

fn is_absent(error: &OciDistributionError) -> bool {
    use oci_client::errors::OciErrorCode::{ManifestUnknown, NameUnknown, NotFound};
    match error {
        OciDistributionError::ImageManifestNotFoundError(_)
        | OciDistributionError::ServerError { code: 404, .. } => true,
        OciDistributionError::RegistryError { envelope, .. } => {
            envelope.errors.iter().any(|one| matches!(one.code, ManifestUnknown | NameUnknown | NotFound))
        }
        _ => false,
    }
}
