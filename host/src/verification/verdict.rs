//! From findings to a verdict: the worst counts.

use ecert_model::reports::Severity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a verification comes to, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No item needs a certificate, and none is cited.
    NoneRequired,
    /// Nothing stands against a release.
    Release,
    /// An officer has to look.
    Review,
    /// The goods must not enter: a proposal until an officer decides.
    Refuse,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 4] = [Self::NoneRequired, Self::Release, Self::Review, Self::Refuse];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoneRequired => "none-required",
            Self::Release => "release",
            Self::Review => "review",
            Self::Refuse => "refuse",
        }
    }

    /// Whether the goods may go.
    pub fn releases(self) -> bool {
        self <= Self::Release
    }

    /// What a finding of a severity asks for.
    pub fn asked_by(severity: Severity) -> Self {
        match severity {
            Severity::Information | Severity::Warning => Self::Release,
            Severity::Discrepancy => Self::Review,
            Severity::Prohibition => Self::Refuse,
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Verdict {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = Self::ALL.into_iter().find(|verdict| verdict.name() == text);
        named.ok_or_else(|| format!("{text:?} is not a verdict: none-required, release, review or refuse"))
    }
}

/// The verdict on a declaration: the worst that a finding asks for.
/// `concerned` says that an item needs a certificate or cites one.
pub fn verdict(severities: impl IntoIterator<Item = Severity>, concerned: bool) -> Verdict {
    let best = if concerned { Verdict::Release } else { Verdict::NoneRequired };
    severities
        .into_iter()
        .filter(|severity| *severity > Severity::Warning)
        .map(Verdict::asked_by)
        .fold(best, Verdict::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEVERITIES: [Severity; 4] =
        [Severity::Information, Severity::Warning, Severity::Discrepancy, Severity::Prohibition];

    #[test]
    fn the_worst_finding_decides() {
        use Severity::{Discrepancy, Information, Prohibition, Warning};
        assert_eq!(verdict([], false), Verdict::NoneRequired);
        assert_eq!(verdict([Information], false), Verdict::NoneRequired);
        assert_eq!(verdict([Information, Warning], true), Verdict::Release);
        assert_eq!(verdict([Warning, Discrepancy], true), Verdict::Review);
        assert_eq!(verdict([Prohibition, Discrepancy], true), Verdict::Refuse);
        for verdict in Verdict::ALL {
            assert_eq!(verdict.name().parse(), Ok(verdict));
        }
    }

    proptest! {
        /// One finding more never makes a verdict milder, and order is nothing.
        #[test]
        fn verdicts_are_monotone(
            severities in prop::collection::vec(0usize..4, 0..8),
            more in 0usize..4,
            concerned in any::<bool>(),
        ) {
            let mut list: Vec<Severity> = severities.iter().map(|&s| SEVERITIES[s]).collect();
            let before = verdict(list.clone(), concerned);
            list.push(SEVERITIES[more]);
            let after = verdict(list.clone(), concerned);
            prop_assert!(before <= after);
            list.reverse();
            prop_assert_eq!(verdict(list, concerned), after);
        }
    }
}
