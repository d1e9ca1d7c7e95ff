//! Which certificate a certificate is, and whether it is the same again.

use ecert_model::certificates::Certificate;
use ecert_model::declarations::Declaration;
use serde_json::Value;

use super::number::normalise;
use crate::digest::Digest;

/// A certificate is known by issuing country, authority, type and number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateKey {
    /// Issuing country; empty where the message says nothing.
    pub country: String,
    /// Identifier of the authority. Its name is written in many ways, so it
    /// does not count; empty where there is only that.
    pub authority: String,
    /// Type (UNCL 1001).
    pub type_code: String,
    /// Number, normalised.
    pub number: String,
}

impl CertificateKey {
    /// The key of a certificate.
    pub fn of(certificate: &Certificate) -> Self {
        let issuer = certificate.issuer.as_ref().and_then(|party| party.identifiers.first());
        Self {
            country: certificate.issuing_country.as_ref().map(|c| c.value.clone()).unwrap_or_default(),
            authority: issuer.map(|i| normalise(&i.value)).unwrap_or_default(),
            type_code: certificate.type_code.value.clone(),
            number: normalise(&certificate.number.value),
        }
    }
}

/// A declaration is known by country, declarant and reference number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationKey {
    /// Country whose customs it is made to.
    pub country: String,
    /// Identifier of the declarant, normalised; else who handed it in.
    pub declarant: String,
    /// The declarant's reference, else the one customs gave; normalised.
    pub reference: String,
}

impl DeclarationKey {
    /// The key of a declaration; none where it has no number at all.
    pub fn of(declaration: &Declaration, principal: &str) -> Option<Self> {
        let declarant = declaration.declarant.as_ref().and_then(|party| party.identifiers.first());
        let number = declaration.lrn.as_ref().or(declaration.mrn.as_ref())?;
        Some(Self {
            country: declaration.country.as_ref().map(|c| c.value.clone()).unwrap_or_default(),
            declarant: declarant.map_or_else(|| principal.to_owned(), |i| normalise(&i.value)),
            reference: Some(normalise(&number.value)).filter(|n| !n.is_empty())?,
        })
    }
}

/// Digest of what a certificate says, wherever in the message it says it.
pub fn content_digest(certificate: &Certificate) -> Digest {
    Digest::of(&content(certificate))
}

/// What a certificate says, without its places: JSON in the one form of
/// RFC 8785.
pub fn content(certificate: &Certificate) -> Vec<u8> {
    let mut content = serde_json::to_value(certificate).unwrap_or_default();
    forget_places(&mut content);
    serde_json_canonicalizer::to_vec(&content).unwrap_or_default()
}

fn forget_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("place");
            members.values_mut().for_each(forget_places);
        }
        Value::Array(entries) => entries.iter_mut().for_each(forget_places),
        _ => {}
    }
}

/// What a delivery of a certificate comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It was not held before.
    First,
    /// A later version or another status, by a sender who may amend it.
    Amendment,
    /// The same content again.
    Repeat,
    /// Other content that is no amendment: an officer has to look.
    Conflict,
}

impl Delivery {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Amendment => "amendment",
            Self::Repeat => "repeat",
            Self::Conflict => "conflict",
        }
    }
}

/// What is known of the version that is held.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// Its content.
    pub content: Digest,
    /// Its status (UNCL 4405).
    pub status: &'k str,
    /// Version as its issuer counts.
    pub version: Option<&'k str>,
    /// Whether the sender of the new one sent it too, or speaks for the
    /// authority where its sender did not.
    pub may_amend: bool,
}

/// Compares a delivered certificate with the one that is held.
pub fn compare(certificate: &Certificate, content: Digest, known: &Known<'_>) -> Delivery {
    if content == known.content {
        return Delivery::Repeat;
    }
    let later = match (certificate.version.as_deref(), known.version) {
        (Some(new), Some(old)) => match (new.parse::<u64>(), old.parse::<u64>()) {
            (Ok(new), Ok(old)) => new > old,
            _ => new > old,
        },
        (Some(_), None) => true,
        (None, _) => false,
    };
    let changed = later || certificate.status.value != known.status;
    if known.may_amend && changed { Delivery::Amendment } else { Delivery::Conflict }
}

#[cfg(test)]
mod tests {
    use ecert_model::values::{Code, Identifier};

    use super::*;

    fn certificate(status: &str, version: Option<&str>) -> Certificate {
        Certificate {
            number: Identifier { value: "NZ-1".into(), ..Identifier::default() },
            status: Code { value: status.into(), ..Code::default() },
            version: version.map(str::to_owned),
            ..Certificate::default()
        }
    }

    #[test]
    fn places_are_no_content() {
        let mut moved = certificate("70", None);
        moved.place = 7;
        moved.number.place = 9;
        assert_eq!(content_digest(&moved), content_digest(&certificate("70", None)));
        assert_ne!(content_digest(&certificate("70", None)), content_digest(&certificate("40", None)));
    }

    #[test]
    fn only_who_may_amend_amends() {
        let held = certificate("70", Some("9"));
        let known =
            |may_amend| Known { content: content_digest(&held), status: "70", version: Some("9"), may_amend };
        let come = |c: &Certificate, may| compare(c, content_digest(c), &known(may));
        assert_eq!(come(&held, false), Delivery::Repeat);
        assert_eq!(come(&certificate("40", Some("9")), true), Delivery::Amendment);
        assert_eq!(come(&certificate("40", Some("9")), false), Delivery::Conflict);
        assert_eq!(come(&certificate("70", Some("10")), true), Delivery::Amendment);
        assert_eq!(come(&certificate("70", Some("8")), true), Delivery::Conflict);
        let mut other = certificate("70", Some("9"));
        other.titles.push(Default::default());
        assert_eq!(come(&other, true), Delivery::Conflict);
    }
}
