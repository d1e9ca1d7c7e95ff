//! What an agreement says, and what may stand in it.

use std::collections::BTreeMap;

use ecert_model::values::{Date, Decimal};
use ecert_sdk::unit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reference::{SchemaProblem, is_country};

/// Which way the goods of an agreement go, as the declaring authority sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the partner.
    Import,
    /// To the partner.
    Export,
}

/// How certificates are exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Exchange {
    /// System to system, each certificate as it is issued.
    RealTime,
    /// System to system, several at a time.
    Batch,
    /// They stay with the partner and are asked for.
    Query,
}

/// Days on which the electronic exchange is out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outage {
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Last day; none while nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// How far a declared quantity may exceed the certified one: the larger of
/// both counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tolerance {
    /// In the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub absolute: Option<Decimal>,
    /// In percent of what is certified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub percent: Option<Decimal>,
}

/// What an agreement says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AgreementTerms)]
pub struct Terms {
    /// Title for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The partner (ISO 3166-1 alpha-2).
    pub partner: String,
    /// Which way the goods go.
    pub direction: Direction,
    /// First day it holds, if bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_from: Option<Date>,
    /// Last day it holds, if bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_until: Option<Date>,
    /// First digits of the commodity codes it is about.
    pub commodities: Vec<String>,
    /// How certificates are exchanged.
    pub exchange: Exchange,
    /// Whether the electronic certificate suffices; else an officer has to see
    /// the one on paper.
    pub paperless: bool,
    /// Whether the partner is told why goods under its certificates were
    /// refused at the border, as the code of the decision; that they were, it
    /// is told in any case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refusal_reasons: bool,
    /// By unit (UN/ECE Recommendation 20).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tolerances: BTreeMap<String, Tolerance>,
    /// Days on which the electronic exchange is out, and paper counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outages: Vec<Outage>,
}

impl Outage {
    /// Whether a day is one of it.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl Terms {
    /// The outage that a day falls into.
    #[must_use]
    pub fn outage(&self, day: Date) -> Option<&Outage> {
        self.outages.iter().find(|outage| outage.covers(day))
    }

    /// The longest of its commodity prefixes that a code begins with.
    pub(super) fn covers(&self, code: &str) -> Option<usize> {
        let fitting = self.commodities.iter().filter(|prefix| code.starts_with(prefix.as_str()));
        fitting.map(String::len).max()
    }

    /// What is wrong with it, field by field.
    pub(super) fn problems(&self) -> Vec<SchemaProblem> {
        let mut problems = Vec::new();
        let mut wrong = |pointer: String, text: String| problems.push(SchemaProblem { pointer, text });
        if !is_country(&self.partner) {
            let text = format!("{:?} is not a country code such as NZ (ISO 3166-1 alpha-2)", self.partner);
            wrong("/partner".into(), text);
        }
        if let (Some(from), Some(until)) = (self.valid_from, self.valid_until)
            && until < from
        {
            wrong("/validUntil".into(), format!("{until} is before validFrom, {from}"));
        }
        if self.commodities.is_empty() {
            wrong("/commodities".into(), "names no commodity; 02 stands for all meat".into());
        }
        for (index, prefix) in self.commodities.iter().enumerate() {
            let digits = (2..=12).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_digit());
            if !digits {
                let text = format!("{prefix:?} should be the first 2 to 12 digits of commodity codes");
                wrong(format!("/commodities/{index}"), text);
            }
            if self.commodities[..index].contains(prefix) {
                wrong(format!("/commodities/{index}"), format!("{prefix} stands there twice"));
            }
        }
        for (code, tolerance) in &self.tolerances {
            if unit::find(code).is_none() {
                let text =
                    format!("{code:?} is not a unit such as KGM, LTR or H87 (UN/ECE Recommendation 20)");
                wrong(format!("/tolerances/{code}"), text);
            }
            for text in tolerance.problems() {
                wrong(format!("/tolerances/{code}"), text);
            }
        }
        for (index, outage) in self.outages.iter().enumerate() {
            if let Some(until) = outage.until.filter(|until| *until < outage.from) {
                let text = format!("{until} is before from, {}", outage.from);
                wrong(format!("/outages/{index}/until"), text);
            }
        }
        problems
    }
}

impl Tolerance {
    /// The percentage in hundredths of a percent, as the ledger counts it.
    #[must_use]
    pub fn basis_points(&self) -> Option<u32> {
        let percent = self.percent?;
        let hundredths = match percent.scale {
            scale @ 0..=2 => percent.coefficient.checked_mul(10_i64.pow(2 - u32::from(scale)))?,
            _ => return None,
        };
        u32::try_from(hundredths).ok().filter(|points| *points <= 10_000)
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.absolute.is_none() && self.percent.is_none() {
            problems.push("needs absolute, percent or both".to_owned());
        }
        if self.absolute.is_some_and(|absolute| absolute.coefficient < 0) {
            problems.push("absolute must not be negative".to_owned());
        }
        if self.percent.is_some() && self.basis_points().is_none() {
            problems.push("percent should be 0 to 100 with at most two decimals".to_owned());
        }
        problems
    }
}
