//! UN/CEFACT `SPSCertificate` and `SPSAcknowledgement`, as the adapters of this
//! family share them.
//!
//! The modules follow the standard's elements: `exchanged` maps
//! `SPSExchangedDocument`, `consignment` `SPSConsignment`, `line`
//! `SPSTradeLineItem`, `process` `SPSProcess`, `parties` what acts and where,
//! `animals` and `laboratory` what notes and tests tell about single animals
//! and samples, and `basics` the unqualified data types. [`Node`] is what all
//! of them are read from, [`message`] finds the documents in an XML message,
//! and a [`Dialect`] says what its sender does differently.
//! [`mod@write`] goes the other way.

mod acknowledgement;
mod animals;
mod basics;
mod consignment;
mod controls;
mod dialect;
mod exchanged;
mod implied;
mod laboratory;
mod line;
pub mod message;
mod node;
mod own;
mod parties;
mod process;
mod references;
mod version;
pub mod write;

pub use basics::{Reader, identifier};
pub use dialect::{Dialect, SCHEME};
pub use node::{Inside, Node};
pub use version::{Root, Version, xml_head};
