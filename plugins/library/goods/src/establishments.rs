//! Establishments must be approved, for what they did, on the day they did it.

use std::collections::BTreeMap;

use ecert_sdk::model::manifest::{GoverningDate, Match};
use ecert_sdk::model::parts::Establishment;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::{Code, Date, Period};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use ecert_sdk::tables::{Row, Table};
use ecert_sdk::{country, date, reference_number};

use crate::parameters::{ApprovalDay, Parameters};
use crate::process::Step;
use crate::species::{self, Species};
use crate::{HS_2022, coded, lists};

/// Establishments from which the importing country accepts goods. The number is
/// in normalised form (upper case, letters and digits only). `activity` and
/// `species` are lists with blanks between; an empty cell means all. `status`
/// is `approved` or `suspended`.
pub const TABLE: Table = Table {
    name: "approved-establishments",
    keys: &["country", "number"],
    columns: &["activity", "species", "status"],
    matching: Match::Exact,
};

/// Every establishment the goods went through was approved.
pub const fn rule<P: AsRef<Parameters>>() -> Rule<P> {
    Rule::of_item("approved-establishment", approved::<P>)
        .titles(&[
            ("en", "Every establishment was approved for its activity and species on the day that counts"),
            ("zh", "有关企业在相应日期已获准从事该活动及动物种类"),
        ])
        .messages(&[
            ("en", "Establishment {number} ({country}) was {status} on {day} (activity {activity})."),
            ("zh", "企业 {number}（{country}）于 {day} 的状态为 {status}（活动：{activity}）。"),
        ])
        .arguments(&["number", "country", "activity", "day", "status"])
        .needs(&["establishment", "country", "day", "approved-establishments"])
        .legal_basis("Official controls: goods only from establishments listed for the exporting country")
        .governed_by(GoverningDate::Production)
        .in_force(HS_2022, None)
}

/// What an establishment did, and on which day its approval must hold.
#[derive(Clone)]
struct Use {
    country: String,
    number: String,
    written: String,
    activity: Option<String>,
    species: Vec<Species>,
    day: Date,
    certificate: Option<u32>,
    place: u32,
}

/// What the table says of a use, from the best to the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Approved,
    OtherActivity,
    OtherSpecies,
    NotListed,
    Suspended,
}

impl Standing {
    fn of(used: &Use, rows: &[Row]) -> Self {
        if rows.is_empty() {
            return Self::NotListed;
        }
        let cell = |row: &'_ Row, index: usize| row.cells.get(index).cloned().unwrap_or_default();
        let for_activity: Vec<&Row> = rows
            .iter()
            .filter(|row| used.activity.as_ref().is_none_or(|activity| lists(&cell(row, 0), activity)))
            .collect();
        let for_species =
            |row: &&&Row| used.species.iter().all(|species| lists_species(&cell(row, 1), *species));
        let fitting: Vec<&&Row> = for_activity.iter().filter(for_species).collect();
        match () {
            () if for_activity.is_empty() => Self::OtherActivity,
            () if fitting.is_empty() => Self::OtherSpecies,
            () if fitting.iter().all(|row| cell(row, 2).trim().eq_ignore_ascii_case("approved")) => {
                Self::Approved
            }
            () => Self::Suspended,
        }
    }

    fn code(self) -> Code {
        let word = match self {
            Self::Approved => "approved",
            Self::OtherActivity => "not-approved-for-the-activity",
            Self::OtherSpecies => "not-approved-for-the-species",
            Self::NotListed => "not-listed",
            Self::Suspended => "suspended",
        };
        coded("approval", word)
    }

    fn severity(self) -> Severity {
        if self == Self::Suspended { Severity::Prohibition } else { Severity::Discrepancy }
    }
}

fn approved<P: AsRef<Parameters>>(check: &ItemCheck<'_, P>) -> Judgement {
    let uses = match uses(check) {
        Ok(uses) => uses,
        Err(need) => return Judgement::NotEvaluable(need),
    };
    let Some(standings) = look_up(check, &uses) else {
        return Judgement::NotEvaluable("approved-establishments");
    };
    // Of each establishment, the worst that is to be said of it.
    let mut worst: BTreeMap<(&str, &str), (Standing, &Use)> = BTreeMap::new();
    for (used, standing) in uses.iter().zip(standings) {
        let entry = worst.entry((&used.country, &used.number)).or_insert((standing, used));
        if standing > entry.0 {
            *entry = (standing, used);
        }
    }
    let bad = worst.into_values().filter(|(standing, _)| *standing != Standing::Approved);
    Judgement::of(bad.map(|(standing, used)| difference(standing, used)).collect())
}

fn difference(standing: Standing, used: &Use) -> Difference {
    let activity = used.activity.as_deref().unwrap_or("any");
    let difference = Difference::new()
        .severity(standing.severity())
        .argument("number", used.written.as_str())
        .argument("country", used.country.as_str())
        .argument("activity", coded("activity", activity))
        .argument("day", used.day)
        .argument("status", standing.code())
        .expected(Standing::Approved.code())
        .actual(standing.code());
    match used.certificate {
        Some(index) => difference.in_certificate(index, used.place),
        None => difference.in_declaration(used.place),
    }
}

/// One look-up per day, all keys of the day at once. None without a table.
fn look_up<P>(check: &ItemCheck<'_, P>, uses: &[Use]) -> Option<Vec<Standing>> {
    let mut by_day: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (index, used) in uses.iter().enumerate() {
        by_day.entry(used.day).or_default().push(index);
    }
    let mut standings = vec![Standing::NotListed; uses.len()];
    for (day, indexes) in by_day {
        let mut keys: Vec<Vec<String>> = Vec::new();
        let mut position_of = Vec::with_capacity(indexes.len());
        for &index in &indexes {
            let key = vec![uses[index].country.clone(), uses[index].number.clone()];
            let position = keys.iter().position(|known| *known == key).unwrap_or(keys.len());
            if position == keys.len() {
                keys.push(key);
            }
            position_of.push(position);
        }
        let answers = check.lookup(TABLE.name, &keys, day).ok()?;
        for (index, position) in indexes.into_iter().zip(position_of) {
            standings[index] = Standing::of(&uses[index], answers.get(position)?);
        }
    }
    Some(standings)
}

/// All establishments of the item: those on its certificate lines and those it
/// declares itself. An error names what is missing.
fn uses<P: AsRef<Parameters>>(check: &ItemCheck<'_, P>) -> Result<Vec<Use>, &'static str> {
    let mut uses = Vec::new();
    let mut missing = "establishment";
    let species: Vec<Species> = check.lines().flat_map(|line| species::of_line(line.line)).collect();
    for line in check.lines() {
        let of_line = species::of_line(line.line);
        let origin = line.line.origins.first().map(|origin| &origin.country);
        for process in &line.line.processes {
            let Some(establishment) = &process.establishment else { continue };
            let country = establishment.country.as_ref().or(process.country.as_ref()).or(origin);
            let activity =
                activity(establishment).or_else(|| Step::of(process)?.activity().map(String::from));
            let days = days(
                check,
                process.period.iter(),
                check.lines().find_map(|line| {
                    line.cited.certificate.consignment.departure.map(|departure| departure.date)
                }),
            );
            let found =
                add(&mut uses, establishment, country, activity, &of_line, &days, Some(line.cited.index));
            if let Err(need) = found {
                missing = need;
            }
        }
    }
    for establishment in &check.item().establishments {
        let country = establishment.country.as_ref().or(check.item().origin.as_ref());
        let days = days(check, establishment.production.iter().chain(&check.item().production), None);
        let activity = activity(establishment);
        if let Err(need) = add(&mut uses, establishment, country, activity, &species, &days, None) {
            missing = need;
        }
    }
    if uses.is_empty() { Err(missing) } else { Ok(uses) }
}

fn add(
    uses: &mut Vec<Use>,
    establishment: &Establishment,
    country: Option<&Code>,
    activity: Option<String>,
    species: &[Species],
    days: &[Date],
    certificate: Option<u32>,
) -> Result<(), &'static str> {
    let number = establishment.approval_number.as_ref().ok_or("establishment")?;
    let normalised = reference_number::normalise(&number.value);
    if normalised.is_empty() {
        return Err("establishment");
    }
    let country = country.and_then(|code| country::find(&code.value)).ok_or("country")?;
    if days.is_empty() {
        return Err("day");
    }
    for &day in days {
        uses.push(Use {
            country: country.alpha2.into(),
            number: normalised.clone(),
            written: number.value.clone(),
            activity: activity.clone(),
            species: species.to_vec(),
            day,
            certificate,
            place: number.place,
        });
    }
    Ok(())
}

fn activity(establishment: &Establishment) -> Option<String> {
    establishment.activity.as_ref().map(|code| code.value.trim().to_owned()).filter(|code| !code.is_empty())
}

/// The days on which an approval must hold: first and last day of the work
/// there, or the day of dispatch, as the parameter says; where the one is not
/// known, the other.
fn days<'a, P: AsRef<Parameters>>(
    check: &ItemCheck<'_, P>,
    periods: impl Iterator<Item = &'a Period>,
    departure: Option<Date>,
) -> Vec<Date> {
    let dispatch = check.dates().dispatch.or(departure);
    let mut days: Vec<Date> = match (check.parameters().as_ref().approval_day, dispatch) {
        (ApprovalDay::Dispatch, Some(day)) => return vec![day],
        _ => periods
            .flat_map(|period| [date::earliest(period), date::latest(period)])
            .flatten()
            .map(|moment| moment.date)
            .collect(),
    };
    if days.is_empty() {
        days.extend(dispatch);
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// Poultry may be listed as such or by species.
fn lists_species(cell: &str, species: Species) -> bool {
    lists(cell, species.name()) || species.is_poultry() && lists(cell, "poultry")
}
