//! How much a call may cost: a base and a factor by the size of its input, up
//! to a cap, for each class of plugin.

use std::time::Duration;

use ecert_model::cases::Case;

/// The limits of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Fuel: about one unit an instruction, and what host calls charge. This
    /// is the limit that counts, since it stops every run at the same point.
    pub fuel: u64,
    /// Bytes of linear memory.
    pub memory: usize,
    /// Bytes the host takes over in one call from plugin to host.
    pub output: usize,
    /// Findings, documents and other things the host goes on to handle one by
    /// one.
    pub results: usize,
    /// Wall time after which a call is stopped. Fuel ends any ordinary call
    /// long before; this is for the extraordinary.
    pub time: Duration,
}

/// A limit by the size of the input.
#[derive(Clone, Copy, Debug)]
pub struct Sized {
    /// What even an empty input is given.
    pub base: u64,
    /// What each unit of the input adds.
    pub factor: u64,
    /// What no input exceeds.
    pub cap: u64,
}

impl Sized {
    /// The limit for an input of this size.
    pub fn of(self, size: u64) -> u64 {
        self.base.saturating_add(self.factor.saturating_mul(size)).min(self.cap)
    }
}

const MIB: u64 = 1 << 20;

/// Most fuel that any class is given.
pub(crate) const MAX_FUEL: u64 = 10_000_000_000;

/// Most linear memory that any class is given.
pub(crate) const MAX_MEMORY: usize = 256 << 20;

/// Wall time: a hundred times what so much fuel usually takes (some 10⁹ units
/// a second), at least a second and at most thirty.
fn time(fuel: u64) -> Duration {
    Duration::from_millis((fuel / 10_000).clamp(1_000, 30_000))
}

fn limits(size: u64, fuel: Sized, memory: Sized, output: Sized, results: Sized) -> Limits {
    let fuel = fuel.of(size);
    Limits {
        fuel,
        memory: memory.of(size) as usize,
        output: output.of(size) as usize,
        results: results.of(size) as usize,
        time: time(fuel),
    }
}

/// The limits for reading or writing a message of so many bytes.
pub fn for_message(bytes: usize) -> Limits {
    limits(
        bytes as u64,
        Sized { base: 20_000_000, factor: 2_000, cap: MAX_FUEL },
        Sized { base: 16 * MIB, factor: 64, cap: MAX_MEMORY as u64 },
        Sized { base: 4 * MIB, factor: 64, cap: 128 * MIB },
        Sized { base: 1_000, factor: 1, cap: 1_000_000 },
    )
}

/// The limits for judging a case.
pub fn for_case(case: &Case) -> Limits {
    limits(
        records(case),
        Sized { base: 20_000_000, factor: 500_000, cap: MAX_FUEL },
        Sized { base: 16 * MIB, factor: 64 << 10, cap: MAX_MEMORY as u64 },
        Sized { base: 4 * MIB, factor: 16 << 10, cap: 64 * MIB },
        Sized { base: 256, factor: 16, cap: 100_000 },
    )
}

/// How much there is to judge: items, certified lines and what ties them,
/// and a unit for each KiB of parameters.
fn records(case: &Case) -> u64 {
    let lines: usize =
        case.certificates.iter().map(|cited| cited.certificate.consignment.lines.len() + 1).sum();
    let parameters: usize = case.parameters.iter().map(String::len).sum();
    (case.declaration.items.len()
        + lines
        + case.citations.len()
        + case.pairings.len()
        + case.due.len()
        + parameters / 1024) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_grow_with_the_input_up_to_a_cap() {
        let small = for_message(12_000);
        let large = for_message(10_000_000);
        assert!(small.fuel < large.fuel && small.memory < large.memory);
        assert_eq!(large.memory, MAX_MEMORY);
        assert_eq!(for_message(usize::MAX).fuel, 10_000_000_000);
        assert_eq!(large.time, Duration::from_secs(30));
        assert_eq!(for_case(&Case::default()).time, Duration::from_secs(2));
    }
}
