//! Where an issued certificate stands, and what may become of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Status of an issued certificate (UNCL 4405).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// 70: it is in force. 39, approved, counts as this.
    Issued,
    /// 40: its authority no longer stands by it, and may yet again.
    Withdrawn,
    /// 44: another certificate stands in its place.
    Replaced,
    /// 64: it is as if it had not been issued.
    Cancelled,
}

impl Status {
    /// The status of a code; none for one that no issued certificate has, such
    /// as a draft.
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "70" | "39" => Some(Self::Issued),
            "40" => Some(Self::Withdrawn),
            "44" => Some(Self::Replaced),
            "64" => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Issued => "70",
            Self::Withdrawn => "40",
            Self::Replaced => "44",
            Self::Cancelled => "64",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether this may follow. What is replaced or cancelled stays so.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Issued => next != Self::Issued,
            Self::Withdrawn => matches!(next, Self::Issued | Self::Cancelled),
            Self::Replaced | Self::Cancelled => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Status; 4] = [Status::Issued, Status::Withdrawn, Status::Replaced, Status::Cancelled];

    #[test]
    fn codes_are_read_back() {
        for status in ALL {
            assert_eq!(Status::of(status.code()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
        assert_eq!(Status::of("47"), None, "a draft was not issued");
    }

    proptest! {
        #[test]
        fn nothing_comes_back_from_an_end(wanted in proptest::collection::vec(0_usize..4, 0..20)) {
            let mut status = Status::Issued;
            let mut ended = false;
            for next in wanted.into_iter().map(|index| ALL[index]) {
                if status.may_become(next) {
                    prop_assert!(!ended && next != status);
                    status = next;
                }
                ended |= matches!(status, Status::Replaced | Status::Cancelled);
            }
        }
    }
}
