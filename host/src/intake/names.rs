//! The names under which the store keeps how certificates came.

use ecert_model::cases::{Authenticity, Channel};

/// The stable name of a channel or an authenticity.
pub(super) fn name(value: &dyn Named) -> &'static str {
    value.name()
}

/// What has a stable name.
pub(super) trait Named {
    fn name(&self) -> &'static str;
}

impl Named for Channel {
    fn name(&self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Query => "query",
            Self::Submission => "submission",
            Self::Paper => "paper",
            Self::Offline => "offline",
        }
    }
}

impl Named for Authenticity {
    fn name(&self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::NotEntitled => "not-entitled",
            Self::Unknown => "unknown",
        }
    }
}

pub(super) fn channel(name: &str) -> Channel {
    match name {
        "delivery" => Channel::Delivery,
        "query" => Channel::Query,
        "paper" => Channel::Paper,
        "offline" => Channel::Offline,
        _ => Channel::Submission,
    }
}

pub(super) fn authenticity(name: &str) -> Authenticity {
    match name {
        "authentic" => Authenticity::Authentic,
        "not-entitled" => Authenticity::NotEntitled,
        _ => Authenticity::Unknown,
    }
}
