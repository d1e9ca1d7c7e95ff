//! Plugins as the host knows them: how a core module becomes a component,
//! which versions there are, and which of them judges what.

mod assemble;

pub use assemble::{AssembleError, assemble, encode, seal};
