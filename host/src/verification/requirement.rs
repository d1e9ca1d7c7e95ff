//! What a goods item needs, by the reference table `requirements`.
//!
//! A row says for an HS prefix, and where it matters for an origin and a
//! procedure, which certificates prove the goods and which kinds of rule set
//! have to judge them. Of the rows that fit an item, the one with the longest
//! prefix counts; among equals the one that names more.

use ecert_model::declarations::GoodsItem;
use ecert_model::values::Date;

use super::pairing::item_code;

/// Name of the reference table.
pub const TABLE: &str = "requirements";
/// Columns that a row is found by.
pub const KEYS: [&str; 3] = ["hsPrefix", "origin", "procedure"];
/// Columns that say what is needed.
pub const COLUMNS: [&str; 3] = ["certificateTypes", "ruleKinds", "form"];

/// How a certificate may be presented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Electronically.
    #[default]
    Paperless,
    /// On paper; an officer has to see it.
    Paper,
}

/// A row of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    /// First digits of the commodity code; empty fits every code.
    pub hs_prefix: String,
    /// Country of origin; none fits every origin.
    pub origin: Option<String>,
    /// Requested procedure; none fits every procedure.
    pub procedure: Option<String>,
    /// Certificate types (UNCL 1001), one of which has to be there. Empty: no
    /// certificate is needed.
    pub certificate_types: Vec<String>,
    /// Kinds of rule set that have to run, all of them.
    pub rule_kinds: Vec<String>,
    /// Paperless or on paper.
    pub form: Form,
    /// First day it holds, if bounded.
    pub valid_from: Option<Date>,
    /// Last day it holds, if bounded.
    pub valid_until: Option<Date>,
}

impl Requirement {
    /// Reads a row of the table: the cells of [`KEYS`], those of [`COLUMNS`],
    /// and the days it holds. Lists are separated by spaces; `*` and nothing
    /// mean any.
    pub fn from_cells(
        [hs_prefix, origin, procedure]: [&str; 3],
        [certificate_types, rule_kinds, form]: [&str; 3],
        valid_from: Option<Date>,
        valid_until: Option<Date>,
    ) -> Self {
        let any = |cell: &str| Some(cell.trim()).filter(|c| !matches!(*c, "" | "*")).map(str::to_owned);
        let list = |cell: &str| {
            cell.split([' ', ';', '|', ',']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        Self {
            hs_prefix: any(hs_prefix).unwrap_or_default(),
            origin: any(origin),
            procedure: any(procedure),
            certificate_types: list(certificate_types),
            rule_kinds: list(rule_kinds),
            form: if form.trim() == "paper" { Form::Paper } else { Form::Paperless },
            valid_from,
            valid_until,
        }
    }

    fn fits(&self, digits: &str, item: &GoodsItem, date: Date) -> bool {
        let same = |wanted: &Option<String>, code: &Option<ecert_model::values::Code>| {
            wanted.as_ref().is_none_or(|w| code.as_ref().is_some_and(|c| c.value == *w))
        };
        digits.starts_with(&self.hs_prefix)
            && same(&self.origin, &item.origin)
            && same(&self.procedure, &item.procedure)
            && self.valid_from.is_none_or(|first| first <= date)
            && self.valid_until.is_none_or(|last| date <= last)
    }

    fn specificity(&self) -> (usize, bool, bool) {
        (self.hs_prefix.len(), self.origin.is_some(), self.procedure.is_some())
    }
}

/// What an item needs on a date; none where the table says nothing of it.
pub fn needed<'r>(item: &GoodsItem, date: Date, requirements: &'r [Requirement]) -> Option<&'r Requirement> {
    let code = item_code(item);
    let digits = code.as_ref().map_or("", |code| code.digits());
    requirements.iter().filter(|r| r.fits(digits, item, date)).max_by_key(|r| (r.specificity(), r.valid_from))
}

#[cfg(test)]
mod tests {
    use ecert_model::parts::Classification;
    use ecert_model::values::Code;

    use super::*;

    fn row(prefix: &str, origin: &str, procedure: &str, types: &str) -> Requirement {
        Requirement::from_cells([prefix, origin, procedure], [types, "consistency meat", ""], None, None)
    }

    fn item(code: &str, origin: &str, procedure: &str) -> GoodsItem {
        let value = |value: &str| Some(Code { value: value.into(), ..Code::default() });
        GoodsItem {
            commodity: Some(Classification { class_code: Some(code.into()), ..Classification::default() }),
            origin: value(origin),
            procedure: value(procedure),
            ..GoodsItem::default()
        }
    }

    #[test]
    fn the_longest_prefix_then_the_most_specific_row_counts() {
        let table = [
            row("02", "*", "", "852"),
            row("0202", "", "", "853"),
            row("0202", "NZ", "", "851"),
            row("0202", "NZ", "40", "657"),
            row("0406", "", "40", "852"),
        ];
        let day = "2026-03-01".parse().unwrap();
        let types = |item: &GoodsItem| needed(item, day, &table).map(|r| r.certificate_types[0].clone());
        assert_eq!(types(&item("0203110000", "NZ", "40")).as_deref(), Some("852"));
        assert_eq!(types(&item("0202300000", "AR", "40")).as_deref(), Some("853"));
        assert_eq!(types(&item("0202300000", "NZ", "51")).as_deref(), Some("851"));
        assert_eq!(types(&item("0202300000", "NZ", "40")).as_deref(), Some("657"));
        assert_eq!(types(&item("0406900000", "NZ", "51")), None);
        assert_eq!(types(&item("8703000000", "NZ", "40")), None);
    }

    #[test]
    fn rows_hold_between_their_days() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let old = Requirement { valid_until: Some(day("2025-12-31")), ..row("02", "", "", "852") };
        let new = Requirement { valid_from: Some(day("2026-01-01")), ..row("02", "", "", "853") };
        let table = [old, new];
        let types = |date: &str| {
            needed(&item("020230", "NZ", "40"), day(date), &table).unwrap().certificate_types.clone()
        };
        assert_eq!(types("2025-12-31"), ["852"]);
        assert_eq!(types("2026-01-01"), ["853"]);
    }
}
