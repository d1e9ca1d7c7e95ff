//! Everything an author of ecert plugins imports.

pub mod adapter;
pub mod allocator;
pub mod commodity;
pub mod country;
pub mod date;
pub mod decimal;
mod guest;
pub mod log;
pub mod manifest;
pub mod parameters;
pub mod party_name;
pub mod reference_number;
pub mod rules;
pub mod tables;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
pub mod unit;
pub mod xml;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use ecert_guest as __guest;
pub use ecert_model as model;

/// Texts by language tag (BCP 47): `&[("en", "Origin"), ("zh", "原产地")]`.
pub type Texts = &'static [(&'static str, &'static str)];
