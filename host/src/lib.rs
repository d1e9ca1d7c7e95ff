//! The ecert host: takes electronic certificates and customs declarations in,
//! has sandboxed plugins compare them, and answers with a verdict and its
//! reasons.
//!
//! Modules depend one way: the command line and the HTTP interface stand on
//! the services, the services on the engine and the store. Nothing points
//! back.

pub mod access;
pub mod api;
pub mod audit;
pub mod cli;
pub mod contract;
pub mod deliveries;
pub mod digest;
pub mod engine;
pub mod export;
pub mod fixtures;
pub mod followup;
pub mod hex;
pub mod intake;
pub mod ledger;
pub mod oci;
pub mod problem_texts;
pub mod reference;
pub mod registry;
pub mod store;
pub mod trust;
pub mod verification;
