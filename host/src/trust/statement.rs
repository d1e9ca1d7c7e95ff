//! What a signer says: an in-toto statement (v1) about one component, with a
//! predicate of ecert's own.

use ecert_model::manifest::Manifest;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contract::Inspection;
use crate::digest::Digest;

/// Type of the statement.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// Type of the predicate.
const PREDICATE: &str = "urn:ecert:predicate:plugin-release:v1";

/// As what somebody signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = SignerRole)]
pub enum Role {
    /// Who wrote the plugin, and answers for what it does.
    Author,
    /// The authority whose requirements it applies, or that has examined it.
    Authority,
}

impl Role {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Authority => "authority",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = [Self::Author, Self::Authority].into_iter().find(|role| role.name() == text);
        known.ok_or_else(|| format!("{text:?} is neither author nor authority"))
    }
}

/// The component that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Name of the plugin.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Version of the contract it was built for.
    pub contract: String,
    /// SHA-256 of the component.
    pub digest: Digest,
}

impl From<&Inspection> for Release {
    fn from(of: &Inspection) -> Self {
        let Manifest { name, version, .. } = &of.manifest;
        Self {
            name: name.clone(),
            version: version.clone(),
            contract: of.contract.clone(),
            digest: of.digest,
        }
    }
}

/// The statement, as it is written and read. What is not known is refused: a
/// signature must not say more than the host understands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: Sha256,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sha256 {
    sha256: Digest,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Predicate {
    name: String,
    version: String,
    contract: String,
    role: Role,
}

impl Statement {
    pub(super) fn new(release: &Release, role: Role) -> Self {
        Self {
            kind: STATEMENT.into(),
            subject: vec![Subject { name: release.name.clone(), digest: Sha256 { sha256: release.digest } }],
            predicate_type: PREDICATE.into(),
            predicate: Predicate {
                name: release.name.clone(),
                version: release.version.clone(),
                contract: release.contract.clone(),
                role,
            },
        }
    }

    /// Reads the payload of an envelope whose signature has been verified.
    pub(super) fn read(payload: &[u8]) -> Result<Self, String> {
        let statement: Self = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
        if statement.kind != STATEMENT {
            return Err(format!("its type is {:?}, not {STATEMENT}", statement.kind));
        }
        if statement.predicate_type != PREDICATE {
            return Err(format!("its predicate is of type {:?}, not {PREDICATE}", statement.predicate_type));
        }
        match statement.subject.as_slice() {
            [subject] if subject.name == statement.predicate.name => Ok(statement),
            [_] => Err("its subject and its predicate name different plugins".into()),
            subjects => Err(format!("it has {} subjects where one is expected", subjects.len())),
        }
    }

    pub(super) fn role(&self) -> Role {
        self.predicate.role
    }

    pub(super) fn release(&self) -> Release {
        let Predicate { name, version, contract, .. } = &self.predicate;
        // `read` and `new` see to it that there is exactly one subject.
        let digest = self.subject.first().map_or(Digest::from([0; 32]), |subject| subject.digest.sha256);
        Release { name: name.clone(), version: version.clone(), contract: contract.clone(), digest }
    }
}
