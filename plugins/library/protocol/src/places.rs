//! Registered orchards, packing houses, glasshouses, processors.

use ecert_sdk::model::values::Place;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line};
use ecert_sdk::{date, reference_number};
use goods::establishments::TABLE;
use goods::stated;
use goods::tables::{cells, origin};
use goods::{coded, is_of, lists};

/// What a rule on registered places always needs.
pub const NEEDS: &[&str] = &["certificate-line", "origin", "place", "approved-establishments"];
/// And the arguments of its findings.
pub const ARGUMENTS: &[&str] = &["place", "origin", "status", "day"];

/// A kind of place that a protocol wants registered.
pub struct Kind {
    /// Prefixes of the goods it matters for.
    pub prefixes: &'static [&'static str],
    /// Its activity in the table `approved-establishments`.
    pub activity: &'static str,
    /// Subjects under which certificates name its number.
    pub subjects: &'static [&'static str],
}

/// Judges whether each place of a kind that a line names is registered for its
/// activity, on the day the goods left it or were dispatched.
pub fn registered<P>(check: &ItemCheck<'_, P>, kind: &Kind) -> Judgement {
    if !is_of(check, kind.prefixes) {
        return Judgement::NotApplicable;
    }
    let Some(origin) = origin(check) else { return Judgement::NotEvaluable("origin") };
    check.each_line(|line, tally| {
        let named = named(line, kind);
        if named.is_empty() {
            tally.missing("place");
        }
        for (number, place, left) in named {
            let day = left.or(check.dates().dispatch).unwrap_or(check.dates().decision);
            let key = [origin, &reference_number::normalise(number)];
            let Ok(rows) = check.lookup_one(TABLE.name, &key, day) else { return tally.missing(TABLE.name) };
            let rows: Vec<[&str; 3]> = rows.iter().map(cells).collect();
            let status = match () {
                () if rows.is_empty() => "not-registered",
                () if !rows.iter().any(|[activity, ..]| lists(activity, kind.activity)) => {
                    "registered-for-other-work"
                }
                () if rows.iter().any(|[_, _, status]| *status == "suspended") => "suspended",
                () => "registered",
            };
            tally.check(status == "registered", || {
                Difference::new()
                    .argument("place", number)
                    .argument("origin", origin)
                    .argument("status", coded("registration", status))
                    .argument("day", day)
                    .actual(coded("registration", status))
                    .in_line(line, place)
            });
        }
    })
}

/// Numbers of the places of a kind, by the activity of the establishments and
/// by notes, and when the goods left each.
fn named<'a>(line: &Line<'a>, kind: &Kind) -> Vec<(&'a str, Place, Option<ecert_sdk::model::values::Date>)> {
    let of_processes = line.line.processes.iter().filter_map(|process| {
        let establishment = process.establishment.as_ref()?;
        let activity = establishment.activity.as_ref()?;
        let number = establishment.approval_number.as_ref().filter(|_| activity.value == kind.activity)?;
        let left = process.period.as_ref().and_then(date::latest).map(|at| at.date);
        Some((number.value.as_str(), number.place, left))
    });
    let said = stated::about(line, kind.subjects).into_iter().map(|said| (said.value, said.place, None));
    of_processes.chain(said).collect()
}
