//! Memory of processes, as Linux counts it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;

/// Resident memory of a process in bytes: as it is now, and the most since it
/// began or since [`forget_peak`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Resident {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

/// Of a process by its id; none when it has ended.
pub(crate) fn resident(process: u32) -> Option<Resident> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kib = |field: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok()
    };
    Some(Resident { now: kib("VmRSS:")? << 10, peak: kib("VmHWM:")? << 10 })
}

/// Of this process.
pub(crate) fn own() -> Resident {
    resident(std::process::id()).expect("this process is running")
}

/// Lets the peak begin anew.
pub(crate) fn forget_peak(process: u32) {
    fs::write(format!("/proc/{process}/clear_refs"), "5").expect("a process may reset its own peak");
}
