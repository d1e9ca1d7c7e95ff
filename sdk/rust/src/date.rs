//! Dates and moments: reading them as messages write them, order, days between.
//!
//! ```
//! use ecert_sdk::date;
//!
//! let slaughter = date::parse("20260302").unwrap();
//! let issued = date::parse("2026-03-09T16:20:00.000+13:00").unwrap();
//! assert_eq!(date::days_between(slaughter.date, issued.date), Some(7));
//! assert!(date::order(&slaughter, &issued).is_lt());
//! ```

use std::cmp::Ordering;
use std::fmt;

use ecert_model::values::{Date, DateTime, Period, Time};

/// A text that is no date or moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    text: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a date: expected one in the calendar such as 2026-03-31, 20260331 or \
             2026-03-31T08:15:00+02:00",
            self.text
        )
    }
}

impl std::error::Error for ParseError {}

/// Reads a date or a moment.
///
/// Understood are XML Schema's `date` and `dateTime` (ISO 8601-1 extended
/// format; fractions of a second; `Z` or an offset of hours and minutes), and
/// the compact forms of UN/EDIFACT code list 2379: `CCYYMMDD` (102),
/// `CCYYMMDDHHMM` (203), `CCYYMMDDHHMMSS` (204), each also with `Z` or an
/// offset behind (205, 304). A text of which only a part makes sense is no
/// date. The place of the result is 0.
pub fn parse(text: &str) -> Result<DateTime, ParseError> {
    let mut scanner = Scanner { rest: text.trim_matches([' ', '\t', '\r', '\n']).as_bytes() };
    scanner.moment().filter(|_| scanner.rest.is_empty()).ok_or_else(|| ParseError { text: text.into() })
}

/// Reads a text from its beginning; every step takes off what it understood.
struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    fn moment(&mut self) -> Option<DateTime> {
        let year = u16::try_from(self.digits(4)?).ok()?;
        let extended = self.take(b'-');
        let month = u8::try_from(self.digits(2)?).ok()?;
        if extended && !self.take(b'-') {
            return None;
        }
        let day = u8::try_from(self.digits(2)?).ok()?;
        let date = valid(Date { year, month, day })?;
        let has_time = match extended {
            true => self.take(b'T'),
            false => self.rest.first().is_some_and(u8::is_ascii_digit),
        };
        let (date, time) = if has_time { self.time(date, extended)? } else { (date, None) };
        let offset_minutes = self.offset()?;
        Some(DateTime { date, time, offset_minutes, place: 0 })
    }

    /// The time of day. 24:00:00 is the first moment of the next day.
    fn time(&mut self, date: Date, extended: bool) -> Option<(Date, Option<Time>)> {
        let hour = u8::try_from(self.digits(2)?).ok()?;
        if extended && !self.take(b':') {
            return None;
        }
        let minute = u8::try_from(self.digits(2)?).ok()?;
        let has_second = match extended {
            true => self.take(b':'),
            false => self.rest.first().is_some_and(u8::is_ascii_digit),
        };
        let second = if has_second { u8::try_from(self.digits(2)?).ok()? } else { 0 };
        let nanosecond = if has_second && self.take(b'.') { self.fraction()? } else { 0 };
        if (hour, minute, second, nanosecond) == (24, 0, 0, 0) {
            return Some((plus_days(date, 1)?, Some(Time::default())));
        }
        // A leap second counts as the second before it.
        let second = if second == 60 && minute == 59 { 59 } else { second };
        let in_clock = hour < 24 && minute < 60 && second < 60;
        in_clock.then_some((date, Some(Time { hour, minute, second, nanosecond })))
    }

    /// One to nine digits count; finer ones must be there as digits too.
    fn fraction(&mut self) -> Option<u32> {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = self.rest.get(..length).filter(|digits| !digits.is_empty())?;
        let nanosecond =
            (0..9).fold(0, |value, i| value * 10 + u32::from(digits.get(i).map_or(0, |digit| digit - b'0')));
        self.rest = &self.rest[length..];
        Some(nanosecond)
    }

    /// None when what stands there is no offset.
    fn offset(&mut self) -> Option<Option<i16>> {
        if self.rest.is_empty() {
            return Some(None);
        }
        if self.take(b'Z') {
            return Some(Some(0));
        }
        let sign = if self.take(b'-') { -1 } else { self.take(b'+').then_some(1)? };
        let hours = i16::try_from(self.digits(2)?).ok()?;
        self.take(b':');
        let minutes = i16::try_from(self.digits(2)?).ok()?;
        let total = hours * 60 + minutes;
        (minutes < 60 && total <= 14 * 60).then_some(Some(sign * total))
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let digits = self.rest.get(..count).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
        let value = digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
        self.rest = &self.rest[count..];
        Some(value)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }
}

fn valid(date: Date) -> Option<Date> {
    (date.year > 0 && civil(date).is_some()).then_some(date)
}

/// The date as the calendar library knows it; none when it is not in the
/// calendar.
pub fn civil(date: Date) -> Option<jiff::civil::Date> {
    date.try_into().ok()
}

/// Whole days from one date to another, negative when `to` is earlier; none
/// when one of them is not in the calendar.
pub fn days_between(from: Date, to: Date) -> Option<i64> {
    Some(day_number(to)? - day_number(from)?)
}

/// The date some days later (or earlier); none when it leaves the calendar.
pub fn plus_days(date: Date, days: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    Date::try_from(civil(date)?.checked_add(span).ok()?).ok()
}

/// A bare date as a moment.
pub fn moment(date: Date) -> DateTime {
    DateTime { date, ..DateTime::default() }
}

const DAY: i64 = 86_400 * 1_000_000_000;
const MINUTE: i64 = 60 * 1_000_000_000;

/// Compares two moments as far as they are known: `Equal` means that neither
/// is certainly before the other.
///
/// A bare date may be any moment of its day. Two moments without an offset are
/// taken as told by the same clock; when only one of them has an offset, the
/// other may have been told anywhere in the world (12 hours west to 14 hours
/// east of UTC). So dates of one day in two time zones never contradict each
/// other by accident.
pub fn order(a: &DateTime, b: &DateTime) -> Ordering {
    let one_sided = a.offset_minutes.is_some() != b.offset_minutes.is_some();
    let (Some((first_a, last_a)), Some((first_b, last_b))) = (span(a, one_sided), span(b, one_sided)) else {
        return Ordering::Equal;
    };
    if last_a < first_b {
        Ordering::Less
    } else if last_b < first_a {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// First and last nanosecond that the moment may be.
fn span(moment: &DateTime, widen: bool) -> Option<(i128, i128)> {
    let day = i128::from(day_number(moment.date)?) * i128::from(DAY);
    let (start, end) = match moment.time {
        None => (day, day + i128::from(DAY) - 1),
        Some(time) => {
            let seconds = (i64::from(time.hour) * 60 + i64::from(time.minute)) * 60 + i64::from(time.second);
            let instant = day + i128::from(seconds) * 1_000_000_000 + i128::from(time.nanosecond);
            (instant, instant)
        }
    };
    let minutes = |count: i64| i128::from(count * MINUTE);
    Some(match moment.offset_minutes {
        Some(offset) => (start - minutes(i64::from(offset)), end - minutes(i64::from(offset))),
        None if widen => (start - minutes(14 * 60), end + minutes(12 * 60)),
        None => (start, end),
    })
}

fn day_number(date: Date) -> Option<i64> {
    let days = civil(date)?.since(jiff::civil::date(1970, 1, 1)).ok()?.get_days();
    Some(i64::from(days))
}

/// The last moment that a period names: its end, else its start.
pub fn latest(period: &Period) -> Option<&DateTime> {
    period.end.as_ref().or(period.start.as_ref())
}

/// The first moment that a period names: its start, else its end.
pub fn earliest(period: &Period) -> Option<&DateTime> {
    period.start.as_ref().or(period.end.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, as_written: &str) {
        assert_eq!(parse(text).unwrap().to_string(), as_written, "{text}");
    }

    #[test]
    fn every_form_is_read() {
        reads("2026-03-31", "2026-03-31");
        reads(" 2026-03-31\n", "2026-03-31");
        reads("2026-03-31Z", "2026-03-31Z");
        reads("2026-03-31T08:15", "2026-03-31T08:15:00");
        reads("2026-03-31T08:15:00.120", "2026-03-31T08:15:00.12");
        reads("2026-03-31T08:15:00.1234567891-03:30", "2026-03-31T08:15:00.123456789-03:30");
        reads("2026-03-31T24:00:00Z", "2026-04-01T00:00:00Z");
        reads("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z");
        reads("20260331", "2026-03-31");
        reads("202603310815", "2026-03-31T08:15:00");
        reads("20260331081500Z", "2026-03-31T08:15:00Z");
        reads("20260331081500+0100", "2026-03-31T08:15:00+01:00");
    }

    #[test]
    fn what_is_half_a_date_is_none() {
        for text in [
            "",
            "NULL",
            "2026",
            "2026-03",
            "2026-02-29",
            "2026-13-01",
            "0000-01-01",
            "2026-03-31T",
            "2026-03-31T25:00:00",
            "2026-03-31T08:60:00",
            "2026-03-31T08:15:61",
            "2026-03-31T08:15:00.",
            "2026-03-31T08:15:00+15:00",
            "2026-03-31T08:15:00+01",
            "2026-03-31T08:15:00Zulu",
            "2026-0331",
            "202603-31",
            "2026-03-31 08:15:00",
            "2026033108",
            "31/03/2026",
            "2026-03-3१",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[track_caller]
    fn in_order(a: &str, b: &str, expected: Ordering) {
        let (a, b) = (parse(a).unwrap(), parse(b).unwrap());
        assert_eq!(order(&a, &b), expected);
        assert_eq!(order(&b, &a), expected.reverse());
    }

    #[test]
    fn order_is_what_is_certain() {
        in_order("2026-03-30", "2026-03-31", Ordering::Less);
        in_order("2026-03-31", "2026-03-31T08:15:00", Ordering::Equal);
        in_order("2026-03-31T08:15:00+02:00", "2026-03-31T06:15:00Z", Ordering::Equal);
        in_order("2026-03-31T08:15:00+02:00", "2026-03-31T06:15:01Z", Ordering::Less);
        in_order("2026-03-31", "2026-03-30T22:00:00Z", Ordering::Equal);
        in_order("2026-04-02", "2026-03-31T22:00:00Z", Ordering::Greater);
        in_order("2026-03-31Z", "2026-04-01T00:00:00Z", Ordering::Less);
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        let date = |text: &str| parse(text).unwrap().date;
        assert_eq!(days_between(date("2024-02-28"), date("2024-03-01")), Some(2));
        assert_eq!(days_between(date("2024-03-01"), date("2023-03-01")), Some(-366));
        assert_eq!(plus_days(date("2024-02-28"), 2), Some(date("2024-03-01")));
        assert_eq!(plus_days(date("9999-12-31"), 1), None);
        assert_eq!(days_between(Date { year: 2023, month: 2, day: 30 }, date("2024-01-01")), None);
    }
}
