//! What happens after a verdict was answered, on a thread of its own: versions
//! in shadow run on the same case, and versions that fail are watched.
//!
//! Nothing here delays or changes an answer. When the thread cannot keep up,
//! cases are left out and counted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use ecert_model::manifest::Kind;
use serde::Serialize;
use utoipa::ToSchema;

use super::evaluate::{Evaluation, Judges};
use super::judge::judge;
use super::past::{Past, PastCase};
use super::record::Record;
use super::service::Verification;
use super::trial::{CaseDifference, Tally, Trial, Tried};
use crate::access::Principal;
use crate::engine::Plugin;
use crate::registry::{Actor, Registry, Version, first_failures};
use crate::store::{Row, Store, StoreError, Transaction, Value};

/// Cases that may wait.
const WAITING: usize = 512;
/// How often tallies are stored.
const STORED_EVERY: Duration = Duration::from_secs(1);
/// Submitters on whose cases a version has to fail before it is set aside.
const SUBMITTERS: usize = 3;

/// Takes cases that were answered.
#[derive(Clone)]
pub struct Observer {
    cases: SyncSender<Observed>,
}

enum Observed {
    /// A case was judged.
    Case(Box<(Judges, PastCase)>),
    /// An adapter failed on a message: its name and version.
    Adapter(String, String),
}

/// What a version in shadow would have changed so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShadowReport {
    /// In numbers.
    #[serde(flatten)]
    pub tally: Tally,
    /// The latest cases that would have come out otherwise.
    pub differences: Vec<CaseDifference>,
}

impl ShadowReport {
    /// Without what tells of traders: for publishers.
    #[must_use]
    pub fn masked(self) -> Self {
        let differences = self.differences.into_iter().map(CaseDifference::masked).collect();
        Self { tally: self.tally.masked(), differences }
    }
}

impl Observer {
    /// Gets ready to observe; cases wait until the watch is run.
    pub fn new() -> (Self, Watch) {
        let (cases, waiting) = sync_channel(WAITING);
        (Self { cases }, Watch { waiting })
    }

    /// Takes a case, if there is anything to be done with it.
    pub(super) fn observe(&self, judges: &Judges, record: &Record, evaluation: Evaluation) {
        let failed = record.rule_sets.iter().any(|run| run.failure.is_some());
        if !failed && judges.rule_sets.shadows().is_empty() {
            return;
        }
        let Evaluation { case, held, frame, .. } = evaluation;
        let past = PastCase { record: record.clone(), frame, case, held, intact: true };
        self.send(Observed::Case(Box::new((judges.clone(), past))));
    }

    /// Takes an adapter that failed on a message.
    pub fn adapter_failed(&self, (name, version): (String, String)) {
        self.send(Observed::Adapter(name, version));
    }

    fn send(&self, observed: Observed) {
        match self.cases.try_send(observed) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(_)) => metrics::counter!("ecert_shadow_cases_left_out_total").increment(1),
        }
    }
}

/// The cases that wait to be looked at.
pub struct Watch {
    waiting: Receiver<Observed>,
}

impl Watch {
    /// Starts the thread that looks at them.
    pub fn run(
        self,
        past: Arc<Past>,
        registry: Arc<Registry>,
        verification: Verification,
    ) -> std::io::Result<()> {
        let watcher = Watcher { past, registry, verification, tallies: BTreeMap::new() };
        let run = move || watcher.run(&self.waiting);
        std::thread::Builder::new().name("observer".into()).spawn(run).map(drop)
    }
}

struct Watcher {
    past: Arc<Past>,
    registry: Arc<Registry>,
    verification: Verification,
    /// What was not stored yet, by name and version.
    tallies: BTreeMap<(String, String), (Tally, Vec<CaseDifference>)>,
}

impl Watcher {
    fn run(mut self, waiting: &Receiver<Observed>) {
        let mut stored = Instant::now();
        loop {
            match waiting.recv_timeout(STORED_EVERY) {
                Ok(observed) => self.look_at(&observed),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return self.store(),
            }
            if stored.elapsed() >= STORED_EVERY {
                stored = Instant::now();
                self.store();
            }
        }
    }

    fn look_at(&mut self, observed: &Observed) {
        let (judges, past) = match observed {
            Observed::Case(case) => &**case,
            Observed::Adapter(name, version) => return self.consider(name, version),
        };
        for shadow in judges.rule_sets.shadows().iter() {
            let trial = Trial {
                engine: &judges.engine,
                candidate: shadow,
                baseline: None,
                parameters: &*judges.parameters,
                agreements: &judges.agreements,
            };
            let tried = trial.run(past, &judges.tables);
            let key = (shadow.manifest().name.clone(), shadow.manifest().version.clone());
            let (tally, differences) = self.tallies.entry(key).or_default();
            if let Tried::Different(difference) = &tried {
                differences.push((**difference).clone());
            }
            tally.count(tried);
        }
        for run in past.record.rule_sets.iter().filter(|run| run.failed_by_itself()) {
            self.consider(&run.name, &run.version);
        }
    }

    fn consider(&self, name: &str, version: &str) {
        if let Err(error) = self.weigh(name, version) {
            tracing::error!(plugin = name, version, %error, "a failing version cannot be judged");
        }
    }

    fn store(&mut self) {
        for ((name, version), (tally, differences)) in std::mem::take(&mut self.tallies) {
            let work = move |transaction: &mut dyn Transaction| {
                store_tally(transaction, &name, &version, &tally, &differences)
            };
            if let Err(error) = self.past.store.write(work) {
                tracing::warn!(%error, "what a version in shadow came to was not stored");
            }
        }
    }

    /// Sets a version aside if it fails on cases of several submitters which
    /// the version before it passes. One submitter alone can never cause it.
    fn weigh(&self, name: &str, version: &str) -> anyhow::Result<()> {
        let failures = self.past.store.read(|transaction| first_failures(transaction, name, version))?;
        if failures.len() < SUBMITTERS {
            return Ok(());
        }
        let Some(before) = self.registry.predecessor(name, version)? else {
            tracing::error!(
                plugin = name,
                version,
                submitters = failures.len(),
                "a version fails on cases of several submitters, and there is none before it to go back to"
            );
            return Ok(());
        };
        let mut passed = Vec::new();
        for (subject, submitter) in &failures {
            let passes = match before.plugin.manifest().kind {
                Kind::RuleSet => self.judges(&before.plugin, subject)?,
                Kind::FormatAdapter => self.past.intake.is_read_with(&before.plugin, subject)?,
            };
            if passes {
                passed.push(submitter.as_str());
            }
        }
        if passed.len() < SUBMITTERS {
            return Ok(());
        }
        self.set_aside(name, version, &before, passed.len())
    }

    /// Whether a plugin judges the case of a stored verification without
    /// failing.
    fn judges(&self, plugin: &Arc<Plugin>, verification: &str) -> anyhow::Result<bool> {
        let Some(kept) = self.past.one(verification)? else { return Ok(false) };
        let Ok(mut past) = kept.restore() else { return Ok(false) };
        let tables = self.past.tables(&past.record.pins.tables)?;
        past.standardise(&*tables);
        let name = &plugin.manifest().name;
        let runs = past.record.rule_sets.iter().zip(&past.frame.runs);
        let mut case = past.case.clone();
        for (_, framed) in runs.filter(|(run, _)| run.name == *name && run.failure.is_some()) {
            framed.set(&mut case);
            if judge(&self.past.engine, &tables, plugin, &case).record.failure.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn set_aside(
        &self,
        name: &str,
        version: &str,
        before: &Version,
        submitters: usize,
    ) -> anyhow::Result<()> {
        let older = &before.plugin.manifest().version;
        let why = format!("it failed on cases of {submitters} submitters, which {older} passes");
        let host = Actor { principal: Principal::system(), source: "observer".into() };
        if !self.registry.set_aside(name, version, &why, &host)? {
            return Ok(());
        }
        tracing::error!(plugin = name, version, why, serves = older, "a version was set aside");
        metrics::counter!("ecert_plugins_set_aside_total", "plugin" => name.to_owned()).increment(1);
        let why = format!("{name} {version} was set aside");
        for declaration in self.past.store.read(|transaction| affected(transaction, name, version))? {
            match self.verification.again(&declaration, &why, None) {
                Ok(Some(again)) => {
                    tracing::info!(declaration, verification = %again.id, verdict = %again.verdict, "verified again");
                }
                Ok(None) => tracing::warn!(declaration, "it cannot be verified again"),
                Err(error) => tracing::error!(declaration, %error, "it was not verified again"),
            }
        }
        for message in self.past.store.read(|transaction| unread(transaction, name, version))? {
            match self.verification.read_again(&message, &why) {
                Ok(Some(_)) => tracing::info!(message, "read again and taken in"),
                Ok(None) => tracing::warn!(message, "it is not kept any more"),
                Err(error) => tracing::error!(message, %error, "it was not taken in"),
            }
        }
        Ok(())
    }
}

/// The declarations on which a version failed.
fn affected(transaction: &mut dyn Transaction, name: &str, version: &str) -> Result<Vec<String>, StoreError> {
    const SELECT: &str = "SELECT DISTINCT v.declaration_id FROM plugin_failure f \
        JOIN verification v ON v.id = f.subject WHERE f.name = $1 AND f.version = $2";
    let rows = transaction.query(SELECT, &[name.into(), version.into()])?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

/// The messages on which a version failed, and that nobody read since.
fn unread(transaction: &mut dyn Transaction, name: &str, version: &str) -> Result<Vec<String>, StoreError> {
    const SELECT: &str = "SELECT DISTINCT m.id FROM plugin_failure f \
        JOIN message m ON m.id = f.subject WHERE f.name = $1 AND f.version = $2 AND m.state = 'rejected' ORDER BY m.id";
    let rows = transaction.query(SELECT, &[name.into(), version.into()])?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

fn store_tally(
    transaction: &mut dyn Transaction,
    name: &str,
    version: &str,
    tally: &Tally,
    differences: &[CaseDifference],
) -> Result<(), StoreError> {
    transaction.lock(&[&format!("shadow/{name}/{version}")])?;
    let mut sum = read_tally(transaction, name, version)?;
    sum.add(tally.clone());
    let text = serde_json::to_string(&sum).unwrap_or_default();
    transaction.execute(
        "INSERT INTO shadow_tally (name, version, tally) VALUES ($1, $2, $3) \
         ON CONFLICT (name, version) DO UPDATE SET tally = $3",
        &[name.into(), version.into(), (&text).into()],
    )?;
    for difference in differences {
        let text = serde_json::to_string(difference).unwrap_or_default();
        transaction.execute(
            "INSERT INTO shadow_difference (name, version, verification_id, difference) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name, version, verification_id) DO NOTHING",
            &[name.into(), version.into(), (&difference.verification).into(), (&text).into()],
        )?;
    }
    Ok(())
}

fn read_tally(transaction: &mut dyn Transaction, name: &str, version: &str) -> Result<Tally, StoreError> {
    let row = transaction.query_optional(
        "SELECT tally FROM shadow_tally WHERE name = $1 AND version = $2",
        &[name.into(), version.into()],
    )?;
    row.map_or(Ok(Tally::default()), |row| parsed(row.text(0)?))
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Value(format!("what was tallied: {error}")))
}

/// What a version in shadow would have changed, with so many of the latest
/// differences.
pub(super) fn shadow_report(
    store: &Store,
    name: &str,
    version: &str,
    latest: u32,
) -> Result<ShadowReport, StoreError> {
    store.read(|transaction| {
        let mut tally = read_tally(transaction, name, version)?;
        // The latest are shown instead.
        tally.examples.clear();
        let rows = transaction.query(
            "SELECT difference FROM shadow_difference WHERE name = $1 AND version = $2 \
             ORDER BY verification_id DESC LIMIT $3",
            &[name.into(), version.into(), Value::Integer(latest.into())],
        )?;
        let difference = |row: &Row| parsed(row.text(0)?);
        Ok(ShadowReport { tally, differences: rows.iter().map(difference).collect::<Result<_, _>>()? })
    })
}
