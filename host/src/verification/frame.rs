//! What a verification's record does not hold, and judging its case again
//! needs: how the certificates stood, what was cited and paired, and what was
//! due in each rule set under which parameters. Certificates and declaration
//! themselves stay where they are kept.

use std::sync::Arc;

use ecert_model::cases::{Case, CaseDates, Citation, DueItem, Pairing, Standing};
use serde::{Deserialize, Serialize};

use super::finding::{HostCode, HostFinding};
use crate::intake::Held;

/// The frame of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Frame {
    pub(super) certificates: Vec<FramedCertificate>,
    pub(super) citations: Vec<Citation>,
    pub(super) pairings: Vec<Pairing>,
    pub(super) dates: CaseDates,
    /// Items that need or cite a certificate, or claim an exemption.
    pub(super) concerned: Vec<u32>,
    /// What the host found by itself, also what a rule said better.
    pub(super) host: Vec<FramedFinding>,
    /// In the order of the record's rule sets.
    pub(super) runs: Vec<FramedRun>,
}

/// A certificate of a case: which version, and how it stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FramedCertificate {
    pub(super) id: String,
    pub(super) version: u32,
    pub(super) standing: Standing,
}

/// What a rule set was given beside the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FramedRun {
    pub(super) due: Vec<DueItem>,
    pub(super) parameters: Vec<String>,
    /// What the host found about the run.
    pub(super) host: Vec<FramedFinding>,
}

/// A finding of the host, as far as it decides about a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FramedFinding {
    code: HostCode,
    item: Option<u32>,
}

impl From<&HostFinding> for FramedFinding {
    fn from(finding: &HostFinding) -> Self {
        Self { code: finding.code, item: finding.item }
    }
}

impl From<FramedFinding> for HostFinding {
    fn from(FramedFinding { code, item }: FramedFinding) -> Self {
        Self::new(code, item)
    }
}

impl FramedRun {
    pub(super) fn of(case: &Case) -> Self {
        Self { due: case.due.clone(), parameters: case.parameters.clone(), host: Vec::new() }
    }

    /// Makes a case the case of this run.
    pub(super) fn set(&self, case: &mut Case) {
        case.due.clone_from(&self.due);
        case.parameters.clone_from(&self.parameters);
    }
}

impl Frame {
    pub(super) fn of(
        case: &Case,
        held: &[Arc<Held>],
        concerned: Vec<u32>,
        host: &[HostFinding],
        runs: Vec<FramedRun>,
    ) -> Self {
        let certificates = held.iter().zip(&case.certificates).map(|(held, cited)| FramedCertificate {
            id: held.id.clone(),
            version: held.version,
            standing: cited.standing.clone(),
        });
        Self {
            certificates: certificates.collect(),
            citations: case.citations.clone(),
            pairings: case.pairings.clone(),
            dates: case.dates,
            concerned,
            host: host.iter().map(FramedFinding::from).collect(),
            runs,
        }
    }
}
