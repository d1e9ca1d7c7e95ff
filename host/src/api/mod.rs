//! The HTTP interface. A request passes the layers in `request` and `guard`,
//! a handler reads what it needs, has a worker do the work, and answers.
//!
//! Nothing below this folder knows HTTP: services have errors of their own,
//! which `edge` turns into problems.

mod agreements;
mod backtests;
mod body;
mod certificates;
mod check;
mod declarations;
mod deliveries;
mod delivery_batch;
mod dry_run;
mod edge;
mod export_batch;
mod export_certificates;
mod extract;
mod form;
mod guard;
mod health;
mod ledger;
mod lifecycle;
pub mod listen;
mod messages;
pub mod metrics;
mod negotiate;
mod notices;
mod once;
mod openapi;
mod page;
mod parameters;
mod plugins;
pub mod problem;
mod queries;
mod query_accounts;
mod readiness;
mod recalls;
mod request;
mod router;
mod soap;
mod table_history;
mod table_proposals;
mod tables;
mod tokens;
mod trial;
mod trust;
mod verifications;
mod work;

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use ecert_model::values::Date;
use metrics_exporter_prometheus::PrometheusHandle;

pub use readiness::Readiness;
pub use router::router;
pub use work::Workers;

use problem::{Code, Problem};
use work::Refused;

use crate::access::{Access, Idempotency};
use crate::deliveries::Deliveries;
use crate::export::Export;
use crate::intake::Intake;
use crate::reference::Reference;
use crate::registry::Registry;
use crate::store::Store;
use crate::trust::Trust;
use crate::verification::{Past, Verification};

/// What every request may need. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The collaborators of the interface.
pub struct Parts {
    /// The store.
    pub store: Store,
    /// Who may do what.
    pub access: Access,
    /// Requests that may come twice.
    pub idempotency: Idempotency,
    /// The plugins.
    pub registry: Arc<Registry>,
    /// Whose plugins are let in.
    pub trust: Trust,
    /// Tables and parameters.
    pub reference: Arc<Reference>,
    /// Takes messages in.
    pub intake: Intake,
    /// Batches of messages.
    pub deliveries: Deliveries,
    /// Judges declarations.
    pub verification: Verification,
    /// Certificates of the own authority.
    pub export: Export,
    /// Proves verdicts again.
    pub past: Arc<Past>,
    /// The worker threads.
    pub workers: Workers,
    /// Whether requests can be served.
    pub readiness: Readiness,
    /// Addresses of proxies that say for whom they ask.
    pub proxies: Vec<IpAddr>,
    /// What `/metrics` shows.
    pub metrics: Option<PrometheusHandle>,
    /// Limits on requests.
    pub limits: Limits,
    /// The description of the interface, once the router is made.
    pub description: OnceLock<Vec<u8>>,
}

/// Limits on requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
}

impl App {
    /// Puts the interface together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Has a worker do something.
    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Parts) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.clone();
        match self.workers.run(move || job(&app)).await {
            Ok(result) => result,
            Err(Refused::Full) => {
                ::metrics::counter!("ecert_busy_total").increment(1);
                Err(Problem::new(Code::Busy, "Too many requests wait already. Try again in a second."))
            }
            Err(Refused::Stopping) => Err(Problem::new(Code::NotReady, "The host is stopping.")),
            Err(refused @ Refused::Panicked) => Err(Problem::internal(&refused)),
        }
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// An instant of the store as people and machines read it: RFC 3339, in UTC.
fn instant(microseconds: i64) -> String {
    jiff::Timestamp::from_microsecond(microseconds).unwrap_or_default().to_string()
}

/// An instant given by the caller (RFC 3339), as the store keeps it.
fn micros(name: &str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let wrong = |_| Problem::invalid(format!("{name} should be an instant such as 2027-01-31T08:00:00Z."));
    let parsed = text.map(|text| text.parse::<jiff::Timestamp>().map_err(wrong)).transpose()?;
    Ok(parsed.map(jiff::Timestamp::as_microsecond))
}

/// Whether only what is open is asked for.
fn open(state: Option<&str>) -> Result<bool, Problem> {
    match state {
        None => Ok(false),
        Some("open") => Ok(true),
        Some(other) => Err(Problem::invalid(format!("state is {other:?}; it can only be open."))),
    }
}

/// A day given by the caller.
fn day(name: &str, text: Option<&str>) -> Result<Option<Date>, Problem> {
    let wrong = |_| Problem::invalid(format!("{name} should be a date such as 2027-01-31."));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}

/// Today, in UTC.
fn today() -> Date {
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    Date::try_from(today).unwrap_or_default()
}
