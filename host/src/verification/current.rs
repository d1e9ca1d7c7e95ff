//! The state of a running host, as verifications need it.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::tz::TimeZone;

use super::evaluate::{Judges, ParameterContext, Parameters, RuleSets};
use super::requirement::{self, Requirement};
use super::service::CurrentJudges;
use crate::engine::Engine;
use crate::reference::{Question, Reference, Snapshot, Version};
use crate::registry::Registry;

impl Parameters for Snapshot {
    fn effective(&self, context: &ParameterContext<'_>) -> Cow<'_, str> {
        self.parameters.effective(&Question {
            rule_set: context.rule_set,
            commodity: context.commodity,
            partner: context.origin,
            agreement: context.agreement,
            tolerances: context.tolerances,
            day: context.date,
        })
    }
}

/// What was made of a state of the reference data.
struct Prepared {
    snapshot: Arc<Snapshot>,
    judges: Judges,
}

/// The judges of a host: its active rule sets, tables and parameters. What
/// depends on the reference data alone is made once for each state of it.
pub fn current(
    engine: Engine,
    registry: Arc<Registry>,
    reference: Arc<Reference>,
    zone: TimeZone,
) -> CurrentJudges {
    let prepared: RwLock<Option<Prepared>> = RwLock::new(None);
    Arc::new(move || {
        let snapshot = reference.snapshot();
        let rule_sets = registry.fresh();
        {
            let known = prepared.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = known.as_ref().filter(|known| Arc::ptr_eq(&known.snapshot, &snapshot)) {
                return Judges { rule_sets, ..known.judges.clone() };
            }
        }
        let judges = over(&snapshot, engine.clone(), rule_sets, zone.clone());
        let mut known = prepared.write().unwrap_or_else(PoisonError::into_inner);
        *known = Some(Prepared { snapshot, judges: judges.clone() });
        judges
    })
}

fn over(snapshot: &Arc<Snapshot>, engine: Engine, rule_sets: Arc<dyn RuleSets>, zone: TimeZone) -> Judges {
    let digest = |table: &Arc<Version>| (table.definition.name.clone(), table.digest.to_string());
    Judges {
        engine,
        rule_sets,
        table_versions: Arc::new(snapshot.tables().map(digest).collect()),
        requirements: requirements(snapshot),
        parameters: Arc::clone(snapshot) as Arc<dyn Parameters>,
        agreements: Arc::clone(&snapshot.agreements),
        tables: Arc::clone(snapshot) as Arc<dyn crate::contract::Tables>,
        zone,
    }
}

impl Judges {
    /// The same with another state of tables, parameters and agreements.
    #[must_use]
    pub fn with(&self, snapshot: &Arc<Snapshot>) -> Self {
        over(snapshot, self.engine.clone(), Arc::clone(&self.rule_sets), self.zone.clone())
    }
}

fn requirements(snapshot: &Snapshot) -> Option<Arc<[Requirement]>> {
    let table = snapshot.table(requirement::TABLE)?;
    let position = |column: &str| table.definition.position(column);
    let positions = |columns: [&str; 3]| -> Option<[usize; 3]> {
        let [a, b, c] = columns;
        Some([position(a)?, position(b)?, position(c)?])
    };
    let (keys, columns) = (positions(requirement::KEYS)?, positions(requirement::COLUMNS)?);
    let row = |row: crate::reference::RowRef<'_>| {
        let cells = |positions: [usize; 3]| positions.map(|position| row.cell(position));
        let (valid_from, valid_until) = row.days();
        Requirement::from_cells(cells(keys), cells(columns), valid_from, valid_until)
    };
    Some(table.rows().map(row).collect())
}
