//! What follows when a certificate comes, changes or is taken back after a
//! declaration cited it.
//!
//! A change touches the future, never the past. A declaration whose goods are
//! not released yet is verified again; goods that were released on a
//! certificate which is taken back become a task of recall. What customs were
//! told before and is otherwise now, they are told again until they
//! acknowledge it.
//!
//! All of it is written down in the transaction that causes it, so a crash
//! loses nothing. Whoever works on something puts its time ahead; if that work
//! does not come to an end, the next one takes over, on any host.

mod due;
mod notice;
mod push;

pub use due::{Change, Due, certificate_changed, cite, done, put_off, take};
pub use notice::{Event, Notice, NoticeError, acknowledge, notices, tell};
pub use push::{Push, start};

/// Statuses (UNCL 4405) by which a certificate is taken back: withdrawn,
/// rejected, deleted, cancelled.
const TAKEN_BACK: [&str; 4] = ["40", "41", "55", "64"];

/// How long somebody may work on something before others take over, in
/// microseconds.
const LEASE: i64 = 60_000_000;

/// How long to wait after so many attempts, in microseconds: from a second,
/// twice as long each time, up to ten minutes.
fn pause(attempts: i64) -> i64 {
    let seconds = 1_i64 << attempts.clamp(0, 10);
    seconds.min(600) * 1_000_000
}
