//! Signatures as they travel: DSSE envelopes (v1.0) around in-toto statements,
//! and bundles of them, one a line, in a file beside the component.
//!
//! Nothing here is trusted before it is verified: sizes are bounded, and the
//! payload is read only when a known key has signed it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde::{Deserialize, Serialize};

use super::key::{PrivateKey, PublicKey};
use super::statement::{Release, Role, Statement};
use crate::digest::Digest;

/// Media type of the payload.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// Bytes that an envelope may have.
const MOST_BYTES: usize = 16 * 1024;
/// Signatures that an envelope may hold.
const MOST_SIGNATURES: usize = 8;
/// Envelopes that a bundle may hold.
const MOST_ENVELOPES: usize = 32;

/// Bytes that a bundle may have.
pub const MOST_BUNDLE_BYTES: usize = MOST_ENVELOPES * (MOST_BYTES + 1);

/// Why a signature is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// Not a bundle of envelopes.
    #[error("not a DSSE envelope: {0}")]
    Malformed(String),
    /// More than is taken.
    #[error("too much for signatures: {0}")]
    TooMuch(String),
    /// A key that is known did not sign this.
    #[error("the signature by key {0} does not match what it is for: it was altered or copied")]
    Broken(Digest),
    /// Signed, but no statement of ecert's.
    #[error("the signed statement cannot be read: {0}")]
    Statement(String),
    /// About another component.
    #[error("the signature is for {signed}, and the component is {given}")]
    OtherComponent {
        /// What was signed.
        signed: String,
        /// What came.
        given: String,
    },
}

/// An envelope, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    payload: Vec<u8>,
    signatures: Vec<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    /// Whose it says it is; only a hint of which key to try.
    key: Option<String>,
    bytes: [u8; 64],
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenEnvelope {
    payload: String,
    payload_type: String,
    signatures: Vec<WrittenSignature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSignature {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keyid: Option<String>,
    sig: String,
}

/// A signature as it names itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claimed {
    /// The key, if it names one.
    pub key: Option<String>,
    /// As what it signs.
    pub role: Role,
}

/// What known keys have said of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Who signed as what, each once, with the envelope it stands in.
    pub signatures: Vec<(Digest, Role, Envelope)>,
    /// Keys that are not known, as the envelopes name them.
    pub unknown: Vec<String>,
}

impl Envelope {
    /// Signs a release.
    pub fn sign(release: &Release, role: Role, key: &PrivateKey) -> Result<Self, SignatureError> {
        let statement = Statement::new(release, role);
        let payload = serde_json_canonicalizer::to_vec(&statement)
            .map_err(|error| SignatureError::Statement(error.to_string()))?;
        let signature =
            Signature { key: Some(key.public().id().to_string()), bytes: key.sign(&signed(&payload)) };
        Ok(Self { payload, signatures: vec![signature] })
    }

    /// Reads one envelope.
    pub fn parse(text: &[u8]) -> Result<Self, SignatureError> {
        if text.len() > MOST_BYTES {
            return Err(SignatureError::TooMuch(format!("an envelope of more than {MOST_BYTES} bytes")));
        }
        let malformed = |what: String| SignatureError::Malformed(what);
        let written: WrittenEnvelope =
            serde_json::from_slice(text).map_err(|error| malformed(error.to_string()))?;
        if written.payload_type != PAYLOAD_TYPE {
            return Err(malformed(format!("its payload is {:?}, not {PAYLOAD_TYPE}", written.payload_type)));
        }
        if written.signatures.is_empty() {
            return Err(malformed("it holds no signature".into()));
        }
        if written.signatures.len() > MOST_SIGNATURES {
            return Err(SignatureError::TooMuch(format!("more than {MOST_SIGNATURES} in one envelope")));
        }
        let payload =
            decode(&written.payload).ok_or_else(|| malformed("its payload is not base64".into()))?;
        let signatures = written
            .signatures
            .into_iter()
            .map(|WrittenSignature { keyid, sig }| {
                let bytes = decode(&sig).and_then(|bytes| bytes.try_into().ok());
                let bytes = bytes.ok_or_else(|| malformed("a signature is not 64 bytes in base64".into()))?;
                Ok(Signature { key: keyid.filter(|key| !key.is_empty()), bytes })
            })
            .collect::<Result<_, SignatureError>>()?;
        Ok(Self { payload, signatures })
    }

    /// As JSON on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = WrittenEnvelope {
            payload: STANDARD.encode(&self.payload),
            payload_type: PAYLOAD_TYPE.into(),
            signatures: self
                .signatures
                .iter()
                .map(|signature| WrittenSignature {
                    keyid: signature.key.clone(),
                    sig: STANDARD.encode(signature.bytes),
                })
                .collect(),
        };
        // Texts and lists of texts: there is nothing that JSON cannot hold.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// Whether it says that it is for this release. Nothing is verified: this
    /// only tells old signatures of a file from those that may count.
    #[must_use]
    pub fn claims(&self, release: &Release) -> bool {
        Statement::read(&self.payload).is_ok_and(|statement| statement.release() == *release)
    }

    /// Who it says has signed this release, as what. Nothing is verified.
    #[must_use]
    pub fn claimed(&self, release: &Release) -> Vec<Claimed> {
        let Ok(statement) = Statement::read(&self.payload) else { return Vec::new() };
        if statement.release() != *release {
            return Vec::new();
        }
        let claimed = |signature: &Signature| Claimed { key: signature.key.clone(), role: statement.role() };
        self.signatures.iter().map(claimed).collect()
    }

    /// Adds to `found` what it says of the release. Where a known key's
    /// signature does not verify, or is for another component, that is an
    /// error: somebody has tampered, or mixed files up.
    fn verify(
        &self,
        release: &Release,
        keys: &[PublicKey],
        found: &mut Verified,
    ) -> Result<(), SignatureError> {
        let message = signed(&self.payload);
        let mut signers = Vec::new();
        for signature in &self.signatures {
            let claimed = keys.iter().find(|key| signature.key.as_deref() == Some(&key.id().to_string()));
            match (claimed, &signature.key) {
                (Some(key), _) if key.verifies(&message, &signature.bytes) => signers.push(key.id()),
                (Some(key), _) => return Err(SignatureError::Broken(key.id())),
                (None, Some(unknown)) => found.unknown.push(unknown.clone()),
                (None, None) => match keys.iter().find(|key| key.verifies(&message, &signature.bytes)) {
                    Some(key) => signers.push(key.id()),
                    None => found.unknown.push("without a name".into()),
                },
            }
        }
        if signers.is_empty() {
            return Ok(());
        }
        let statement = Statement::read(&self.payload).map_err(SignatureError::Statement)?;
        if statement.release() != *release {
            return Err(SignatureError::OtherComponent {
                signed: told(&statement.release()),
                given: told(release),
            });
        }
        for key in signers {
            let known = |(other, role, _): &(Digest, Role, _)| *other == key && *role == statement.role();
            if !found.signatures.iter().any(known) {
                found.signatures.push((key, statement.role(), self.clone()));
            }
        }
        Ok(())
    }
}

/// Reads a bundle: envelopes, one a line. An empty one is a bundle too.
pub fn parse_bundle(text: &[u8]) -> Result<Vec<Envelope>, SignatureError> {
    if text.len() > MOST_BUNDLE_BYTES {
        return Err(SignatureError::TooMuch(format!("a bundle of more than {MOST_BUNDLE_BYTES} bytes")));
    }
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let envelopes: Vec<_> = lines.map(Envelope::parse).collect::<Result<_, _>>()?;
    if envelopes.len() > MOST_ENVELOPES {
        return Err(SignatureError::TooMuch(format!("more than {MOST_ENVELOPES} envelopes")));
    }
    Ok(envelopes)
}

/// Writes a bundle.
#[must_use]
pub fn write_bundle(envelopes: &[Envelope]) -> String {
    envelopes.iter().map(|envelope| envelope.to_json() + "\n").collect()
}

/// What keys have said of a release in some envelopes. Each signature counts
/// once, however often it comes.
pub fn verify(
    envelopes: &[Envelope],
    release: &Release,
    keys: &[PublicKey],
) -> Result<Verified, SignatureError> {
    if envelopes.len() > MOST_ENVELOPES {
        return Err(SignatureError::TooMuch(format!("more than {MOST_ENVELOPES} envelopes")));
    }
    let mut found = Verified::default();
    for envelope in envelopes {
        envelope.verify(release, keys, &mut found)?;
    }
    found.unknown.sort();
    found.unknown.dedup();
    Ok(found)
}

/// The bytes that are signed: DSSE's pre-authentication encoding.
fn signed(payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// DSSE allows both alphabets.
fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

fn told(release: &Release) -> String {
    let Release { name, version, contract, digest } = release;
    format!("{name} {version} (contract {contract}, sha256 {digest})")
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
