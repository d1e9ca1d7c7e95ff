//! Messages in: recognised, read by an adapter, and kept.

pub mod number;
pub mod places;
pub mod read;
