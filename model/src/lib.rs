//! The canonical model of certificates and declarations, and everything else
//! that the plugin contract is made of, as Rust types.
//!
//! The modules [`values`] to [`reports`] are written from the contract
//! (`wit/`) by `cargo xtask model`; host and plugins share them. [`manifest`]
//! is the JSON in which a plugin describes itself.
//!
//! In JSON, names are camelCase, empty fields are left out, and numbers, dates
//! and times are strings (`"12.50"`, `"2026-03-31"`, `"08:15:00"`), so that
//! nothing is rounded.

pub mod cases;
pub mod certificates;
pub mod declarations;
pub mod documents;
pub mod manifest;
pub mod parts;
pub mod readings;
pub mod reports;
mod text;
pub mod values;
pub mod walk;

pub use text::ParseValueError;
