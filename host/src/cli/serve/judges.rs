//! All that judges, as one consistent state per verification: the active rule
//! sets, tables and parameters of one moment.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use crate::engine::Engine;
use crate::reference::{Question, Reference, Snapshot};
use crate::registry::Registry;
use crate::verification::CurrentJudges;
use crate::verification::evaluate::{Judges, ParameterContext, Parameters};
use crate::verification::requirement::{self, Requirement};

/// What follows from a state of the tables, made once per state.
struct Derived {
    of: Arc<Snapshot>,
    table_versions: Arc<BTreeMap<String, String>>,
    requirements: Option<Arc<[Requirement]>>,
}

/// The parameters of a state.
struct Layers(Arc<Snapshot>);

impl Parameters for Layers {
    fn effective(&self, context: &ParameterContext<'_>) -> Cow<'_, str> {
        self.0.parameters.effective(&Question {
            rule_set: context.rule_set,
            commodity: context.commodity,
            partner: context.origin,
            agreement: None,
            day: context.date,
        })
    }
}

/// The judges of whichever moment they are asked for.
pub(super) fn judges(
    engine: Engine,
    registry: Arc<Registry>,
    reference: Arc<Reference>,
    zone: TimeZone,
) -> CurrentJudges {
    let latest: Mutex<Option<Arc<Derived>>> = Mutex::default();
    Arc::new(move || {
        let snapshot = reference.snapshot();
        let derived = {
            let mut latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
            match &*latest {
                Some(derived) if Arc::ptr_eq(&derived.of, &snapshot) => Arc::clone(derived),
                _ => Arc::clone(latest.insert(Arc::new(derive(Arc::clone(&snapshot))))),
            }
        };
        Judges {
            engine: engine.clone(),
            rule_sets: registry.snapshot(),
            tables: Arc::clone(&snapshot) as _,
            table_versions: Arc::clone(&derived.table_versions),
            requirements: derived.requirements.clone(),
            parameters: Arc::new(Layers(snapshot)),
            zone: zone.clone(),
        }
    })
}

fn derive(snapshot: Arc<Snapshot>) -> Derived {
    let versions =
        snapshot.tables().map(|version| (version.definition.name.clone(), version.digest.to_string()));
    Derived {
        table_versions: Arc::new(versions.collect()),
        requirements: requirements(&snapshot),
        of: snapshot,
    }
}

fn requirements(snapshot: &Snapshot) -> Option<Arc<[Requirement]>> {
    let version = snapshot.table(requirement::TABLE)?;
    let positions = |names: [&str; 3]| names.map(|name| version.definition.position(name));
    let (keys, columns) = (positions(requirement::KEYS), positions(requirement::COLUMNS));
    let rows = version.rows().map(|row| {
        let cells = |positions: [Option<usize>; 3]| {
            positions.map(|position| position.map_or("", |position| &**row.cell(position)))
        };
        let (from, until) = row.days();
        Requirement::from_cells(cells(keys), cells(columns), from, until)
    });
    Some(rows.collect())
}
