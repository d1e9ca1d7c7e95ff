//! Everything an author of ecert plugins imports.

mod guest;

pub use ecert_model as model;
pub use guest::__guest;
