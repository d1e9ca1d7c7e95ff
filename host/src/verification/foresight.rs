//! What a change of tables, parameters or agreements would change in stored
//! cases: each is judged twice by what judges now, without the change and with
//! it, so that nothing but the change makes a difference.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use utoipa::ToSchema;

use super::evaluate::{Judges, Subject, evaluate};
use super::finding::{HostCode, HostFinding};
use super::gather::Gathered;
use super::past::{Kept, Past, PastCase};
use super::record::Record;
use super::trial::{CaseDifference, Tally, Tried, changes};
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::intake::Held;
use crate::store::StoreError;

/// Cases that are read at a time.
const PAGE: u32 = 256;
/// How long it may take. Whoever asks waits for the answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a change would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Foresight {
    /// The change in numbers, per rule, and some of the cases.
    pub tally: Tally,
    /// Whether all cases of those days were judged; else the latest were.
    pub complete: bool,
}

/// What evaluating a case again does not find out anew.
const KEPT: [HostCode; 5] = [
    HostCode::CertificateMissing,
    HostCode::CertificateSimilar,
    HostCode::CitationAmbiguous,
    HostCode::CertificateConflict,
    HostCode::EntryDocumentOnly,
];

impl Past {
    /// Judges the stored cases since an instant (microseconds since 1970),
    /// the latest first, without a change and with it.
    pub fn foresee(&self, without: &Judges, with: &Judges, since: i64) -> Result<Foresight, StoreError> {
        let begun = Instant::now();
        let mut tally = Tally::default();
        let mut position = String::new();
        loop {
            let cases = self.before(&position, PAGE, since)?;
            let Some(last) = cases.last() else { return Ok(Foresight { tally, complete: true }) };
            position.clone_from(&last.id);
            let page = self.on_all_processors(cases, |kept, tally| tally.count_kept(kept, without, with));
            tally.add(page);
            if begun.elapsed() > PATIENCE {
                return Ok(Foresight { tally, complete: false });
            }
        }
    }
}

impl Tally {
    fn count_kept(&mut self, kept: Kept, without: &Judges, with: &Judges) {
        match kept.restore() {
            Ok(past) => {
                let (before, after) = (judged(without, &past), judged(with, &past));
                self.count(compare(&past, &before, &after));
            }
            Err(_) => self.count_lost(),
        }
    }
}

/// The case as these judges judge it.
fn judged(judges: &Judges, past: &PastCase) -> Record {
    let held = |held: &Arc<Held>| {
        let mut held = (**held).clone();
        // Whether the authority is known is looked up again.
        held.standing.authority_known = None;
        Arc::new(held)
    };
    let ledger = past.record.findings.iter().filter_map(|finding| {
        let of_host = finding.source == super::render::HOST;
        let code = HostCode::ALL.into_iter().find(|code| of_host && code.name() == finding.rule)?;
        code.is_of_ledger().then(|| HostFinding::new(code, finding.item))
    });
    let framed = past.frame.host.iter().map(|framed| HostFinding::from(*framed));
    let received = past.record.dates.received.parse().unwrap_or_default();
    let mut declaration = past.case.declaration.clone();
    judges.standardise(&mut declaration, received);
    let subject = Subject {
        declaration,
        places: Arc::new(Places::default()),
        digest: Digest::of(&[]),
        gathered: Gathered {
            certificates: past.held.iter().map(held).collect(),
            citations: past.case.citations.clone(),
            findings: framed.filter(|finding| KEPT.contains(&finding.code)).chain(ledger).collect(),
        },
        decided: Vec::new(),
        received,
        requested_by: String::new(),
    };
    evaluate(judges, subject).record
}

fn compare(past: &PastCase, before: &Record, after: &Record) -> Tried {
    let findings = changes(after, &before.findings, &after.findings);
    if findings.is_empty() && before.verdict == after.verdict {
        return Tried::Same;
    }
    Tried::Different(Box::new(CaseDifference {
        verification: past.record.id.clone(),
        verdict: before.verdict,
        candidate: after.verdict,
        findings,
        failure: None,
    }))
}
