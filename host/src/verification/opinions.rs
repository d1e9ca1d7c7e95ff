//! What officers thought of each rule's findings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decision::{Decision, Opinion};
use super::past::Past;
use super::record::Record;
use crate::store::{StoreError, Transaction, Value};

/// How often officers confirmed and dismissed a rule's findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opinions {
    /// It was as the finding said.
    pub confirmed: u64,
    /// It was a false alarm.
    pub dismissed: u64,
}

/// Stores what a decision says of the findings, by rule.
pub(super) fn store(
    transaction: &mut dyn Transaction,
    decision_id: &str,
    record: &Record,
    decision: &Decision,
) -> Result<(), StoreError> {
    for of in &decision.findings {
        let Some(finding) = record.findings.get(of.finding as usize) else { continue };
        let opinion = match of.opinion {
            Opinion::Confirmed => "confirmed",
            Opinion::Dismissed => "dismissed",
        };
        transaction.execute(
            "INSERT INTO finding_opinion (decision_id, finding, source, rule, opinion) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (decision_id, finding) DO NOTHING",
            &[
                decision_id.into(),
                Value::Integer(of.finding.into()),
                (&finding.source).into(),
                (&finding.rule).into(),
                opinion.into(),
            ],
        )?;
    }
    Ok(())
}

impl Past {
    /// What officers thought of the findings of a rule set, by rule.
    pub fn opinions(&self, rule_set: &str) -> Result<BTreeMap<String, Opinions>, StoreError> {
        const SELECT: &str = "SELECT rule, opinion, COUNT(*) FROM finding_opinion WHERE source = $1 \
            GROUP BY rule, opinion";
        let rows = self.store.read(|transaction| transaction.query(SELECT, &[rule_set.into()]))?;
        let mut opinions: BTreeMap<String, Opinions> = BTreeMap::new();
        for row in &rows {
            let of = opinions.entry(row.text(0)?.to_owned()).or_default();
            let count = row.integer(2)?.unsigned_abs();
            match row.text(1)? {
                "confirmed" => of.confirmed = count,
                _ => of.dismissed = count,
            }
        }
        Ok(opinions)
    }
}
