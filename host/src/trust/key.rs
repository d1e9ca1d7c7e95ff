//! Keys of publishers: Ed25519, in the formats that other tools read too. A
//! private key is PKCS#8 in PEM, encrypted (PBES2: scrypt and AES-256); a
//! public one is SPKI in PEM, and known by the SHA-256 of its DER.

use ed25519_dalek::Signer as _;
use ed25519_dalek::pkcs8::KeypairBytes;
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use pkcs8::der::pem::PemLabel as _;
use pkcs8::der::zeroize::Zeroizing;
use pkcs8::pkcs5::pbes2;
use pkcs8::pkcs5::scrypt;
use pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    EncryptedPrivateKeyInfo, EncryptedPrivateKeyInfoRef, LineEnding, SecretDocument,
};

use crate::digest::Digest;

/// Bytes that a key file may have.
const MOST: usize = 4096;
/// Characters that a passphrase has at least.
const SHORTEST_PASSPHRASE: usize = 8;
/// Binary logarithm of scrypt's cost: the most that OpenSSL takes unasked.
const SCRYPT_LOG_N: u8 = 14;

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not a key file.
    #[error("not {0}: {1}")]
    Malformed(&'static str, String),
    /// Anyone could sign for it.
    #[error("the key is weak: signatures by it prove nothing; make one with `ecert plugin key new`")]
    Weak,
    /// The passphrase is not the one it was encrypted with.
    #[error("the passphrase does not open the private key")]
    Passphrase,
    /// A new passphrase is too short.
    #[error("a passphrase has at least {SHORTEST_PASSPHRASE} characters")]
    ShortPassphrase,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

/// What a publisher signs with.
pub struct PrivateKey(SigningKey);

impl PrivateKey {
    /// Makes a new one.
    pub fn generate() -> Result<Self, KeyError> {
        let mut secret = Zeroizing::new([0; 32]);
        random(secret.as_mut_slice())?;
        Ok(Self(SigningKey::from_bytes(&secret)))
    }

    /// Reads a PEM file that [`Self::to_pem`] or another tool wrote
    /// (`ENCRYPTED PRIVATE KEY`). One that is not encrypted is not taken.
    pub fn from_pem(pem: &str, passphrase: &str) -> Result<Self, KeyError> {
        const WHAT: &str = "an encrypted private key in PEM";
        if pem.len() > MOST {
            return Err(KeyError::Malformed(WHAT, format!("it is larger than {MOST} bytes")));
        }
        let malformed = |error: pkcs8::Error| KeyError::Malformed(WHAT, error.to_string());
        let (label, document) = SecretDocument::from_pem(pem).map_err(|error| malformed(error.into()))?;
        EncryptedPrivateKeyInfoRef::validate_pem_label(label).map_err(|error| malformed(error.into()))?;
        let encrypted = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(malformed)?;
        let opened = encrypted.decrypt(passphrase).map_err(|_| KeyError::Passphrase)?;
        SigningKey::from_pkcs8_der(opened.as_bytes()).map(Self).map_err(malformed)
    }

    /// As a PEM file, encrypted with the passphrase.
    pub fn to_pem(&self, passphrase: &str) -> Result<Zeroizing<String>, KeyError> {
        if passphrase.chars().count() < SHORTEST_PASSPHRASE {
            return Err(KeyError::ShortPassphrase);
        }
        let failed =
            |error: pkcs8::Error| KeyError::Malformed("a key that can be written", error.to_string());
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        random(&mut salt)?;
        random(&mut iv)?;
        // Without the public key, which not every tool expects there.
        let pair = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let clear = pair.to_pkcs8_der().map_err(failed)?;
        let cost =
            scrypt::Params::new(SCRYPT_LOG_N, 8, 1).map_err(|_| failed(pkcs8::Error::ParametersMalformed))?;
        let scheme = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt, iv);
        let scheme = scheme.map_err(|error| failed(error.into()))?;
        let data = scheme.encrypt(passphrase, clear.as_bytes()).map_err(|error| failed(error.into()))?;
        let data = pkcs8::der::asn1::OctetString::new(data).map_err(|error| failed(error.into()))?;
        let encrypted = EncryptedPrivateKeyInfo { encryption_algorithm: scheme.into(), encrypted_data: data };
        let document = SecretDocument::try_from(encrypted).map_err(failed)?;
        let pem = document.to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF);
        pem.map_err(|error| failed(error.into()))
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

/// By which a publisher's signatures are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a PEM file (`PUBLIC KEY`).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        const WHAT: &str = "an Ed25519 public key in PEM";
        if pem.len() > MOST {
            return Err(KeyError::Malformed(WHAT, format!("it is larger than {MOST} bytes")));
        }
        let key = VerifyingKey::from_public_key_pem(pem.trim())
            .map_err(|error| KeyError::Malformed(WHAT, error.to_string()))?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(Self(key)) }
    }

    /// As a PEM file.
    #[must_use]
    pub fn to_pem(&self) -> String {
        // Thirty-two bytes in a fixed frame: there is nothing that can fail.
        self.0.to_public_key_pem(LineEnding::LF).unwrap_or_default()
    }

    /// What it is known by: SHA-256 of the DER of its SPKI.
    #[must_use]
    pub fn id(&self) -> Digest {
        let der = self.0.to_public_key_der();
        Digest::of(der.as_ref().map_or(&[], |der| der.as_bytes()))
    }

    /// Whether the signature is by this key; malleable encodings and keys are
    /// refused.
    pub(super) fn verifies(&self, bytes: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(bytes, &Signature::from_bytes(signature)).is_ok()
    }
}

fn random(bytes: &mut [u8]) -> Result<(), KeyError> {
    getrandom::fill(bytes).map_err(|error| KeyError::Random(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_files() {
        let key = PrivateKey::generate().unwrap();
        let pem = key.to_pem("correct horse").unwrap();
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        let again = PrivateKey::from_pem(&pem, "correct horse").unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(PublicKey::from_pem(&key.public().to_pem()), Ok(key.public()));
        assert!(key.public().verifies(b"x", &again.sign(b"x")));
        assert!(!key.public().verifies(b"y", &again.sign(b"x")));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let key = PrivateKey::generate().unwrap();
        let pem = key.to_pem("correct horse").unwrap();
        assert_eq!(PrivateKey::from_pem(&pem, "wrong horse").err(), Some(KeyError::Passphrase));
        assert_eq!(key.to_pem("short").err(), Some(KeyError::ShortPassphrase));
        let public = key.public().to_pem();
        assert!(matches!(PrivateKey::from_pem(&public, "correct horse"), Err(KeyError::Malformed(..))));
        let clear = key.0.to_pkcs8_pem(LineEnding::LF).unwrap();
        assert!(matches!(PrivateKey::from_pem(&clear, ""), Err(KeyError::Malformed(..))));
        for broken in ["", "x", &pem, &public[..60], &format!("{public}{public}"), &"x".repeat(MOST + 1)] {
            assert!(matches!(PublicKey::from_pem(broken), Err(KeyError::Malformed(..))), "{broken}");
        }
    }

    #[test]
    fn keys_of_other_algorithms_and_weak_ones_are_refused() {
        let ec = "-----BEGIN PUBLIC KEY-----\n\
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAETjt4HIsv4OScD9xUaWcoDRDW+mGU\n\
            5yxT+rR/IA2FVe5O5xpSgtGMJZ2gFDWCJUOlvCaeoO8vdZzq6Ntnquqjjg==\n\
            -----END PUBLIC KEY-----\n";
        assert!(matches!(PublicKey::from_pem(ec), Err(KeyError::Malformed(..))));
        // The neutral element: its signatures verify for many messages.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let weak = VerifyingKey::from_bytes(&neutral).unwrap().to_public_key_pem(LineEnding::LF).unwrap();
        assert_eq!(PublicKey::from_pem(&weak), Err(KeyError::Weak));
    }

    /// RFC 8410, section 10.1 and 10.3: another implementation's key pair.
    #[test]
    fn the_standards_example_is_read() {
        let public = "-----BEGIN PUBLIC KEY-----\n\
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
            -----END PUBLIC KEY-----\n";
        let key = PublicKey::from_pem(public).unwrap();
        assert_eq!(key.to_pem(), public);
        let private = "-----BEGIN PRIVATE KEY-----\n\
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
            -----END PRIVATE KEY-----\n";
        let private = PrivateKey(SigningKey::from_pkcs8_pem(private).unwrap());
        assert_eq!(private.public(), key);
    }
}
