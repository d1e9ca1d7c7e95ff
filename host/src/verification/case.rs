//! Builds the case that rule sets judge.

use ecert_model::cases::{Case, CaseDates, CitedCertificate, DecisionBasis, DueItem};
use ecert_model::certificates::Certificate;
use ecert_model::declarations::{Declaration, GoodsItem};
use ecert_model::manifest::{Manifest, Scope};
use ecert_model::values::{Date, DateTime};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::pairing::item_code;

/// The dates that decide, in the authority's time zone. `received` is when
/// this host got the declaration.
pub fn dates(
    declaration: &Declaration,
    certificates: &[CitedCertificate],
    received: Timestamp,
    zone: &TimeZone,
) -> CaseDates {
    let received = Date::try_from(received.to_zoned_datetime(zone.clone()).date()).unwrap_or_default();
    let (decision, basis) = match &declaration.accepted {
        Some(accepted) => (day(accepted, zone), DecisionBasis::Acceptance),
        None => (received, DecisionBasis::Receipt),
    };
    let agreed = |from: fn(&Certificate) -> Option<DateTime>| {
        let mut days = certificates.iter().filter_map(|c| from(&c.certificate)).map(|at| day(&at, zone));
        let first = days.next()?;
        days.all(|other| other == first).then_some(first)
    };
    let declared = |at: &Option<DateTime>| at.as_ref().map(|at| day(at, zone));
    CaseDates {
        decision,
        basis,
        received,
        arrival: declared(&declaration.arrival).or_else(|| agreed(|c| c.consignment.arrival)),
        dispatch: declared(&declaration.dispatched).or_else(|| agreed(|c| c.consignment.departure)),
    }
}

/// The day of a moment in a time zone. A moment without an offset is local to
/// whoever wrote it, so its date stands as it is.
pub fn day(at: &DateTime, zone: &TimeZone) -> Date {
    moment(at)
        .and_then(|timestamp| Date::try_from(timestamp.to_zoned_datetime(zone.clone()).date()).ok())
        .unwrap_or(at.date)
}

/// The instant that a date-time with an offset means.
pub fn moment(at: &DateTime) -> Option<Timestamp> {
    let (time, minutes) = (at.time?, at.offset_minutes?);
    let part = |value: u8| i8::try_from(value).ok();
    let time = jiff::civil::Time::new(
        part(time.hour)?,
        part(time.minute)?,
        part(time.second)?,
        i32::try_from(time.nanosecond).ok()?,
    );
    let date = jiff::civil::Date::try_from(at.date).ok()?;
    let offset = Offset::from_seconds(i32::from(minutes) * 60).ok()?;
    offset.to_timestamp(date.to_datetime(time.ok()?)).ok()
}

/// Items of a case that are in a rule set's scope on the decision date.
pub fn items_in_scope(manifest: &Manifest, case: &Case) -> Vec<u32> {
    let date = case.dates.decision;
    let in_force = manifest.valid_from.is_none_or(|first| first <= date)
        && manifest.valid_until.is_none_or(|last| date <= last);
    if !in_force {
        return Vec::new();
    }
    let items = 0..u32::try_from(case.declaration.items.len()).unwrap_or(u32::MAX);
    items.filter(|item| is_in_scope(&manifest.scope, case, *item)).collect()
}

/// Whether one of the alternatives covers an item; no alternative covers all.
pub fn is_in_scope(scope: &[Scope], case: &Case, item: u32) -> bool {
    let Some(goods) = case.declaration.items.get(item as usize) else { return false };
    scope.is_empty() || scope.iter().any(|alternative| covers(alternative, case, item, goods))
}

/// Whether all that an alternative of a scope names holds for an item.
fn covers(scope: &Scope, case: &Case, index: u32, item: &GoodsItem) -> bool {
    let origin = || item.origin.as_ref().is_some_and(|o| scope.origins.contains(&o.value));
    let commodity = || {
        item_code(item).is_some_and(|code| {
            scope.hs_prefixes.iter().any(|prefix| code.digits().starts_with(prefix.as_str()))
        })
    };
    let certificate = || {
        certificates_of(case, index).any(|c| scope.certificate_types.contains(&c.certificate.type_code.value))
    };
    (scope.origins.is_empty() || origin())
        && (scope.hs_prefixes.is_empty() || commodity())
        && (scope.certificate_types.is_empty() || certificate())
        && scope.direction.is_none_or(|direction| direction == case.declaration.direction)
}

/// The certificates cited for an item, by itself or for the whole declaration.
pub fn certificates_of(case: &Case, item: u32) -> impl Iterator<Item = &CitedCertificate> {
    (0..).zip(&case.certificates).filter_map(move |(index, certificate)| {
        case.citations
            .iter()
            .any(|c| c.certificate == Some(index) && c.item.is_none_or(|i| i == item))
            .then_some(certificate)
    })
}

/// Makes a case the case of one rule set: the items it has to judge, and the
/// parameters that hold for each of them. Equal parameters are given once.
pub fn set_due(case: &mut Case, items: &[u32], mut parameters: impl FnMut(u32) -> String) {
    case.due.clear();
    case.parameters.clear();
    for &item in items {
        let text = parameters(item);
        let index = case.parameters.iter().position(|known| *known == text).unwrap_or_else(|| {
            case.parameters.push(text);
            case.parameters.len() - 1
        });
        let parameters = u32::try_from(index).unwrap_or_default();
        case.due.push(DueItem { item, parameters });
    }
}

#[cfg(test)]
mod tests {
    use ecert_model::cases::{Citation, Resolution};
    use ecert_model::values::{Code, Time};

    use super::*;
    use crate::intake::date_time;

    fn at(date: &str, hour: u8, offset_minutes: Option<i16>) -> DateTime {
        let time = Some(Time { hour, ..Time::default() });
        DateTime { date: date.parse().unwrap(), time, offset_minutes, place: 0 }
    }

    #[test]
    fn days_are_the_authoritys() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        assert_eq!(day(&at("2026-03-01", 20, Some(0)), &shanghai).to_string(), "2026-03-02");
        assert_eq!(day(&at("2026-03-01", 20, None), &shanghai).to_string(), "2026-03-01");
        let received: Timestamp = "2026-03-01T16:30:00Z".parse().unwrap();
        let declaration = Declaration::default();
        let dates = dates(&declaration, &[], received, &shanghai);
        assert_eq!(dates.decision.to_string(), "2026-03-02");
        assert_eq!(dates.basis, DecisionBasis::Receipt);
        assert_eq!(date_time(received).to_string(), "2026-03-01T16:30:00Z");
        assert_eq!(moment(&date_time(received)), Some(received));
    }

    #[test]
    fn certificates_that_disagree_give_no_arrival() {
        let arriving = |date: &str| {
            let mut cited = CitedCertificate::default();
            cited.certificate.consignment.arrival = Some(at(date, 8, None));
            cited
        };
        let utc = TimeZone::UTC;
        let received = Timestamp::UNIX_EPOCH;
        let declaration = Declaration::default();
        let one = [arriving("2026-03-01"), arriving("2026-03-01")];
        assert!(dates(&declaration, &one, received, &utc).arrival.is_some());
        let two = [arriving("2026-03-01"), arriving("2026-03-02")];
        assert!(dates(&declaration, &two, received, &utc).arrival.is_none());
    }

    #[test]
    fn scopes_name_what_must_hold() {
        let value = |value: &str| Code { value: value.into(), ..Code::default() };
        let mut case = Case::default();
        case.declaration.items = vec![GoodsItem { origin: Some(value("NZ")), ..GoodsItem::default() }; 2];
        case.certificates = vec![CitedCertificate::default()];
        case.certificates[0].certificate.type_code = value("852");
        case.citations = vec![Citation {
            item: Some(1),
            document: 0,
            resolution: Resolution::Resolved,
            certificate: Some(0),
        }];
        let manifest = |scope: Vec<Scope>| Manifest {
            schema: 1,
            name: "x".into(),
            version: "1.0.0".into(),
            kind: ecert_model::manifest::Kind::RuleSet,
            titles: Default::default(),
            formats: vec![],
            rule_kind: None,
            scope,
            valid_from: None,
            valid_until: None,
            rules: vec![],
            parameters: None,
            tables: vec![],
        };
        assert_eq!(items_in_scope(&manifest(vec![]), &case), [0, 1]);
        let by_type = Scope { certificate_types: vec!["852".into()], ..Scope::default() };
        assert_eq!(items_in_scope(&manifest(vec![by_type.clone()]), &case), [1]);
        let by_origin = Scope { origins: vec!["AR".into()], ..by_type.clone() };
        assert_eq!(items_in_scope(&manifest(vec![by_origin.clone()]), &case), [0; 0]);
        assert_eq!(items_in_scope(&manifest(vec![by_origin, by_type]), &case), [1]);
        let over = Manifest { valid_until: Some("2020-01-01".parse().unwrap()), ..manifest(vec![]) };
        case.dates.decision = "2026-01-01".parse().unwrap();
        assert!(items_in_scope(&over, &case).is_empty());

        set_due(&mut case, &[0, 1], |_| "{}".into());
        assert_eq!((case.due.len(), case.parameters.len()), (2, 1));
    }
}
