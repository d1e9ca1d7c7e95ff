//! Messages in: recognised, read by an adapter, and kept.
//!
//! [`read`] turns bytes into documents; [`Intake`] keeps messages and the
//! certificates in them, decides what a delivery comes to ([`identity`]), and
//! links certificates with those that replace them.

mod again;
mod certificates;
mod claims;
pub(crate) mod compress;
mod delivered;
pub mod identity;
pub(crate) mod messages;
mod names;
pub mod number;
pub mod read;
mod replacements;
mod service;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ecert_model::cases::Standing;
use ecert_model::certificates::Certificate;
use ecert_model::values::{Date, DateTime};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::access::{Principal, Role};
use crate::contract::places::Places;
use crate::digest::Digest;

pub use certificates::{Filter, Listed, Original};
pub use delivered::Delivered;
pub(crate) use delivered::delivered;
pub use messages::{KeptMessage, KeptProblem};
pub use service::{Adapters, Intake, IntakeError, Received, Rejected, TellOfFailure};
pub(crate) use service::{Incoming, READ, REJECTED, WAITING, host_failed};

/// A certificate as a message said it.
#[derive(Clone, Debug)]
pub struct Body {
    /// The certificate.
    pub certificate: Certificate,
    /// Its message's place table.
    pub places: Arc<Places>,
    /// SHA-256 of its message.
    pub digest: Digest,
}

/// A certificate that is held, and where it stands.
#[derive(Clone, Debug)]
pub struct Held {
    /// Identifier; empty where there is no store.
    pub id: String,
    /// Version, counted by this host.
    pub version: u32,
    /// Identifier of its chain of replacements, under which the ledger counts.
    pub chain: String,
    /// What it says.
    pub body: Arc<Body>,
    /// What is known of it beyond that.
    pub standing: Standing,
    /// Whether someone who may not amend it sent other content.
    pub contradicted: bool,
}

/// Who hands a message in, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Who.
    pub principal: Principal,
    /// An address, or the part of the host that acts by itself.
    pub source: String,
}

impl Sender {
    /// Whether it speaks for a country's authority: a partner bound to that
    /// country is the authority, or a hub agreed with it.
    pub fn speaks_for(&self, country: &str) -> bool {
        self.principal.role == Role::Partner && self.principal.countries.contains(country)
    }
}

/// An instant as the model writes it, in UTC.
pub fn date_time(at: Timestamp) -> DateTime {
    let utc = at.to_zoned_datetime(TimeZone::UTC);
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    let time = ecert_model::values::Time {
        hour: part(utc.hour()),
        minute: part(utc.minute()),
        second: part(utc.second()),
        nanosecond: u32::try_from(utc.subsec_nanosecond()).unwrap_or_default(),
    };
    let date = Date::try_from(utc.date()).unwrap_or_default();
    DateTime { date, time: Some(time), offset_minutes: Some(0), place: 0 }
}
