//! How goods are kept, as certificates say it.

use ecert_sdk::model::certificates::TradeLine;
use ecert_sdk::model::values::Code;

use crate::process::Step;

/// How goods are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Fresh or chilled.
    Chilled,
    /// Frozen.
    Frozen,
    /// At room temperature.
    Ambient,
}

impl Storage {
    /// Name for findings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chilled => "chilled",
            Self::Frozen => "frozen",
            Self::Ambient => "ambient",
        }
    }

    fn of_code(code: &Code) -> Option<Self> {
        Some(match code.value.trim().to_lowercase().as_str() {
            "frozen" | "deep_frozen" | "deep frozen" | "quick frozen" | "冷冻" => Self::Frozen,
            "chilled" | "fresh" | "refrigerated" | "冷藏" | "冰鲜" => Self::Chilled,
            "ambient" | "常温" => Self::Ambient,
            _ => return None,
        })
    }
}

/// How a line says the goods are kept: by its storage condition; goods that
/// went through freezing are frozen.
pub fn certified(line: &TradeLine) -> Option<Storage> {
    if let Some(code) = &line.storage_condition {
        return Storage::of_code(code);
    }
    let frozen = line.processes.iter().any(|process| Step::of(process) == Some(Step::Freezing));
    frozen.then_some(Storage::Frozen)
}
