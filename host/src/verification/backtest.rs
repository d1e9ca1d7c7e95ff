//! A candidate over stored cases: whose verdict would change?
//!
//! A backtest is a row of the database that some host works on, page by page.
//! After each page the position and the tally are stored together, so another
//! host, or the same after a restart, goes on where it stopped and counts
//! nothing twice.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::past::{Kept, Past};
use super::service::CurrentJudges;
use super::trial::{Tally, Trial};
use crate::audit;
use crate::digest::Digest;
use crate::engine::Plugin;
use crate::registry::{Actor, RegistryError};
use crate::store::{Row, StoreError, Transaction, Value, new_id, now};

/// Cases that are read and stored at a time.
const PAGE: u32 = 1_024;
/// How often a host looks for work.
const LOOKED_EVERY: Duration = Duration::from_millis(250);
/// After how long without progress another host takes over, in microseconds.
const ABANDONED: i64 = 15_000_000;
/// Most cases that one backtest may ask for.
const MOST: u64 = 10_000_000;

/// Where a backtest stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BacktestState {
    /// A host works on it, or will.
    Running,
    /// It came to its end.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// It could not go on.
    Failed,
}

impl BacktestState {
    const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Stopped, Self::Failed];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}

/// A backtest.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// Its identifier.
    pub id: String,
    /// Name of the candidate.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its component.
    pub digest: Digest,
    /// How many of the latest cases were asked for.
    pub wanted: u64,
    /// The version it is compared with; without one, what was recorded.
    pub against: Option<String>,
    /// Where it stands.
    pub state: BacktestState,
    /// Why it failed.
    pub reason: String,
    /// What it came to so far.
    pub tally: Tally,
    /// Wall time spent on it.
    pub busy: Duration,
    /// When it was started, in microseconds since 1970.
    pub started_at: i64,
    /// By whom.
    pub started_by: String,
}

/// Why a backtest was not started.
#[derive(Debug, thiserror::Error)]
pub enum BacktestError {
    /// What was asked for makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A page of work on a backtest.
struct Work {
    id: String,
    component: Vec<u8>,
    baseline: Option<Digest>,
    position: String,
    left: u64,
}

impl Past {
    /// Starts a backtest of a rule set over the latest stored cases: compared
    /// with what was recorded, or with a published version of it.
    pub fn start_backtest(
        &self,
        candidate: &Plugin,
        component: &[u8],
        baseline: Option<&Plugin>,
        wanted: u64,
        by: &Actor,
    ) -> Result<Backtest, BacktestError> {
        let manifest = candidate.manifest();
        if manifest.kind != ecert_model::manifest::Kind::RuleSet {
            let text = format!("{} is an adapter; only rule sets judge cases", manifest.name);
            return Err(BacktestError::Invalid(text));
        }
        if !(1..=MOST).contains(&wanted) {
            return Err(BacktestError::Invalid(format!("{wanted} cases were asked for; 1 to {MOST} can be")));
        }
        if let Some(other) = baseline.filter(|baseline| baseline.manifest().name != manifest.name) {
            let text = format!("{} is no version of {}", other.manifest().name, manifest.name);
            return Err(BacktestError::Invalid(text));
        }
        let against = baseline.map(|plugin| (plugin.digest(), plugin.manifest().version.clone()));
        let (id, component, by) = (new_id(), component.to_vec(), by.clone());
        let (name, version, digest) = (manifest.name.clone(), manifest.version.clone(), candidate.digest());
        let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
        let made = id.clone();
        self.store.write(move |transaction| {
            transaction.execute(
                "INSERT INTO backtest (id, name, version, digest, component, wanted, state, reason, position, tally, \
                 busy_microseconds, started_at, started_by, worked_by, worked_at, against, baseline) \
                 VALUES ($1, $2, $3, $4, $5, $6, 'running', '', '', '{}', 0, $7, $8, '', 0, $9, $10)",
                &[
                    (&id).into(),
                    (&name).into(),
                    (&version).into(),
                    digest.as_bytes().into(),
                    (&component).into(),
                    wanted.into(),
                    now().into(),
                    (&by.principal.name).into(),
                    against.as_ref().map(|(_, version)| version).into(),
                    against.as_ref().map(|(digest, _)| digest.as_bytes()).into(),
                ],
            )?;
            let entry = audit::Entry {
                principal: &by.principal,
                source: &by.source,
                action: "backtest-started",
                subject: &format!("backtest/{id}"),
                content: digest.as_bytes(),
            };
            audit::record(transaction, &entry).map(drop)
        })?;
        let started = self.backtest(&made)?;
        started.ok_or_else(|| StoreError::Value("the backtest is not there".into()).into())
    }

    /// One backtest.
    pub fn backtest(&self, id: &str) -> Result<Option<Backtest>, StoreError> {
        const SELECT: &str = "SELECT id, name, version, digest, wanted, state, reason, tally, busy_microseconds, \
            started_at, started_by, against FROM backtest WHERE id = $1";
        let row = self.store.read(|transaction| transaction.query_optional(SELECT, &[id.into()]))?;
        row.as_ref().map(backtest).transpose()
    }

    /// All backtests, the latest first.
    pub fn backtests(&self, limit: u32) -> Result<Vec<Backtest>, StoreError> {
        const SELECT: &str = "SELECT id, name, version, digest, wanted, state, reason, tally, busy_microseconds, \
            started_at, started_by, against FROM backtest ORDER BY id DESC LIMIT $1";
        let rows =
            self.store.read(|transaction| transaction.query(SELECT, &[Value::Integer(limit.into())]))?;
        rows.iter().map(backtest).collect()
    }

    /// Stops a backtest; what it came to stays. None if there is none.
    pub fn stop_backtest(&self, id: &str) -> Result<Option<Backtest>, StoreError> {
        let owned = id.to_owned();
        self.store.write(move |transaction| {
            transaction.execute(
                "UPDATE backtest SET state = 'stopped' WHERE id = $1 AND state = 'running'",
                &[(&owned).into()],
            )
        })?;
        self.backtest(id)
    }

    /// Starts the thread that works on backtests.
    pub fn work_on_backtests(self: &Arc<Self>, judges: CurrentJudges) -> std::io::Result<()> {
        let past = Arc::downgrade(self);
        let host = new_id();
        let run = move || {
            while let Some(past) = past.upgrade() {
                let worked = past.work(&host, &judges).unwrap_or_else(|error| {
                    tracing::warn!(%error, "a backtest does not go on at the moment");
                    false
                });
                drop(past);
                if !worked {
                    std::thread::sleep(LOOKED_EVERY);
                }
            }
        };
        std::thread::Builder::new().name("backtest".into()).spawn(run).map(drop)
    }

    /// Does one page of some backtest; says whether there was one.
    fn work(&self, host: &str, judges: &CurrentJudges) -> Result<bool, StoreError> {
        let open = self.store.read(|transaction| {
            transaction.query("SELECT id FROM backtest WHERE state = 'running' LIMIT 1", &[])
        })?;
        if open.is_empty() {
            return Ok(false);
        }
        let owned = host.to_owned();
        let Some(work) = self.store.write(move |transaction| take(transaction, &owned))? else {
            return Ok(false);
        };
        let begun = Instant::now();
        let (candidate, baseline) = match self.versions(&work) {
            Ok(versions) => versions,
            Err(error) => {
                let (id, reason) = (work.id, error.to_string());
                self.store.write(move |transaction| {
                    transaction.execute(
                        "UPDATE backtest SET state = 'failed', reason = $1 WHERE id = $2",
                        &[(&reason).into(), (&id).into()],
                    )
                })?;
                return Ok(true);
            }
        };
        let page = u32::try_from(work.left).unwrap_or(PAGE).min(PAGE);
        let cases = self.before(&work.position, page, i64::MIN)?;
        let position = cases.last().map(|kept| kept.id.clone());
        let done = (cases.len() as u64) < u64::from(page) || cases.len() as u64 >= work.left;
        let judges = judges();
        let trial = Trial {
            engine: &self.engine,
            candidate: &candidate,
            baseline: baseline.as_deref(),
            parameters: &*judges.parameters,
            agreements: &judges.agreements,
        };
        let tally = self.on_all_processors(cases, |kept, tally| self.try_one(&trial, kept, tally));
        let busy = i64::try_from(begun.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.store.write(move |transaction| {
            keep_page(transaction, &work, position.as_deref().unwrap_or(&work.position), &tally, busy, done)
        })?;
        Ok(true)
    }

    /// The candidate, and the version it is compared with.
    fn versions(&self, work: &Work) -> Result<(Arc<Plugin>, Option<Arc<Plugin>>), RegistryError> {
        let candidate = self.registry.load(&work.component)?;
        let Some(digest) = work.baseline else { return Ok((candidate, None)) };
        let baseline = self.registry.by_digest(digest)?;
        let gone = || RegistryError::Invalid(format!("the component {digest} is not kept"));
        Ok((candidate, Some(baseline.ok_or_else(gone)?)))
    }

    /// Does something with each of some cases, on all processors, and adds up
    /// what it counts.
    pub(super) fn on_all_processors(
        &self,
        cases: Vec<Kept>,
        work: impl Fn(Kept, &mut Tally) + Sync,
    ) -> Tally {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut shares: Vec<Vec<Kept>> = (0..threads).map(|_| Vec::new()).collect();
        for (index, kept) in cases.into_iter().enumerate() {
            shares[index % threads].push(kept);
        }
        let run = |share: Vec<Kept>| {
            let mut tally = Tally::default();
            share.into_iter().for_each(|kept| work(kept, &mut tally));
            tally
        };
        let mut sum = Tally::default();
        std::thread::scope(|scope| {
            let runs: Vec<_> = shares.into_iter().map(|share| scope.spawn(|| run(share))).collect();
            for tally in runs.into_iter().filter_map(|run| run.join().ok()) {
                sum.add(tally);
            }
        });
        sum
    }

    fn try_one(&self, trial: &Trial<'_>, kept: Kept, tally: &mut Tally) {
        let Ok(mut past) = kept.restore() else { return tally.count_lost() };
        let Ok(tables) = self.tables(&past.record.pins.tables) else { return tally.count_lost() };
        past.standardise(&*tables);
        tally.count(trial.run(&past, &tables));
    }
}

/// Takes a backtest to work on: one of this host's own, or one that no other
/// host works on any more.
fn take(transaction: &mut dyn Transaction, host: &str) -> Result<Option<Work>, StoreError> {
    transaction.lock(&["backtest"])?;
    let rows = transaction.query(
        "SELECT id, component, position, wanted, tally, baseline FROM backtest WHERE state = 'running' \
         AND (worked_by = $1 OR worked_at < $2) ORDER BY id LIMIT 1",
        &[host.into(), (now() - ABANDONED).into()],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let tally: Tally = tally(row, 4)?;
    transaction.execute(
        "UPDATE backtest SET worked_by = $1, worked_at = $2 WHERE id = $3",
        &[host.into(), now().into(), row.text(0)?.into()],
    )?;
    Ok(Some(Work {
        id: row.text(0)?.to_owned(),
        component: row.bytes(1)?.to_vec(),
        baseline: row.optional_bytes(5)?.map(digest).transpose()?,
        position: row.text(2)?.to_owned(),
        left: row.integer(3)?.unsigned_abs().saturating_sub(tally.cases),
    }))
}

/// Stores what a page came to, unless another host did the page meanwhile.
fn keep_page(
    transaction: &mut dyn Transaction,
    work: &Work,
    position: &str,
    page: &Tally,
    busy: i64,
    done: bool,
) -> Result<(), StoreError> {
    transaction.lock(&["backtest"])?;
    let rows = transaction.query(
        "SELECT tally FROM backtest WHERE id = $1 AND state = 'running' AND position = $2",
        &[(&work.id).into(), (&work.position).into()],
    )?;
    let Some(row) = rows.first() else { return Ok(()) };
    let mut sum: Tally = tally(row, 0)?;
    sum.add(page.clone());
    let text = serde_json::to_string(&sum).unwrap_or_default();
    let state = if done { BacktestState::Done } else { BacktestState::Running };
    transaction.execute(
        "UPDATE backtest SET tally = $1, position = $2, state = $3, busy_microseconds = busy_microseconds + $4, \
         worked_at = $5 WHERE id = $6",
        &[
            (&text).into(),
            position.into(),
            state.name().into(),
            busy.into(),
            now().into(),
            (&work.id).into(),
        ],
    )?;
    Ok(())
}

fn tally(row: &Row, column: usize) -> Result<Tally, StoreError> {
    serde_json::from_str(row.text(column)?)
        .map_err(|error| StoreError::Value(format!("a backtest's tally: {error}")))
}

fn damaged(what: &str) -> StoreError {
    StoreError::Value(format!("a backtest's {what} is damaged"))
}

fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    <[u8; 32]>::try_from(bytes).map(Digest::from).map_err(|_| damaged("digest"))
}

fn backtest(row: &Row) -> Result<Backtest, StoreError> {
    let state = row.text(5)?;
    let state = BacktestState::ALL.into_iter().find(|known| known.name() == state);
    Ok(Backtest {
        id: row.text(0)?.into(),
        name: row.text(1)?.into(),
        version: row.text(2)?.into(),
        digest: digest(row.bytes(3)?)?,
        wanted: row.integer(4)?.unsigned_abs(),
        state: state.ok_or_else(|| damaged("state"))?,
        reason: row.text(6)?.into(),
        tally: tally(row, 7)?,
        busy: Duration::from_micros(row.integer(8)?.unsigned_abs()),
        started_at: row.integer(9)?,
        started_by: row.text(10)?.into(),
        against: row.optional_text(11)?.map(str::to_owned),
    })
}
