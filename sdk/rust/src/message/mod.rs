//! What the readers of XML and of JSON have in common.

mod decode;
mod error;
mod interned;
mod position;
mod unread;

pub(crate) use decode::{Codes, decode};
pub use error::{Error, failed_reading};
pub(crate) use interned::{Interned, SLOTS, slot};
pub(crate) use position::Cursor;
pub(crate) use unread::{Tree, Unread};

/// Byte positions are kept as `u32`; [`decode()`] refuses longer messages.
pub(crate) fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
