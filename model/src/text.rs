//! How exact numbers, dates and times are written as text, in JSON too.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::values::{Date, DateTime, Decimal, Place, Time};

/// Keeps place 0, the message as a whole, out of the JSON.
pub(crate) fn is_whole_message(place: &Place) -> bool {
    *place == 0
}

/// A text that is not the value it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseValueError {
    what: &'static str,
    text: String,
}

impl fmt::Display for ParseValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not {}", self.text, self.what)
    }
}

impl std::error::Error for ParseValueError {}

const MAX_SCALE: u8 = 28;

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.coefficient.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let sign = if self.coefficient < 0 { "-" } else { "" };
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl FromStr for Decimal {
    type Err = ParseValueError;

    /// Reads `[+-]digits[.digits]`, as XML Schema's `decimal` allows it.
    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let error = || ParseValueError { what: "a decimal number of at most 18 digits", text: text.into() };
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.len() > usize::from(MAX_SCALE) {
            return Err(error());
        }
        let mut coefficient: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0')).ok_or_else(error)?;
            coefficient = coefficient.checked_mul(10).and_then(|c| c.checked_add(digit)).ok_or_else(error)?;
        }
        let scale = u8::try_from(fraction.len()).map_err(|_| error())?;
        Ok(Self { coefficient: if negative { -coefficient } else { coefficient }, scale })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Date {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.year, self.month, self.day).cmp(&(other.year, other.month, other.day))
    }
}

impl FromStr for Date {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let error = || ParseValueError { what: "a date such as 2026-03-31", text: text.into() };
        let parsed: jiff::civil::Date = text.parse().map_err(|_| error())?;
        Self::try_from(parsed).map_err(|()| error())
    }
}

impl TryFrom<jiff::civil::Date> for Date {
    type Error = ();

    /// Fails for years before 1.
    fn try_from(date: jiff::civil::Date) -> Result<Self, ()> {
        let year = u16::try_from(date.year()).ok().filter(|year| *year > 0).ok_or(())?;
        let part = |value: i8| u8::try_from(value).map_err(drop);
        Ok(Self { year, month: part(date.month())?, day: part(date.day())? })
    }
}

impl TryFrom<Date> for jiff::civil::Date {
    type Error = ();

    /// Fails for a day that is not in the calendar.
    fn try_from(date: Date) -> Result<Self, ()> {
        let year = i16::try_from(date.year).map_err(drop)?;
        let part = |value: u8| i8::try_from(value).map_err(drop);
        jiff::civil::Date::new(year, part(date.month)?, part(date.day)?).map_err(drop)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        if self.nanosecond != 0 {
            let fraction = format!("{:09}", self.nanosecond);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl FromStr for Time {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let error = || ParseValueError { what: "a time such as 08:15:00", text: text.into() };
        let parsed: jiff::civil::Time = text.parse().map_err(|_| error())?;
        let part = |value: i8| u8::try_from(value).map_err(|_| error());
        Ok(Self {
            hour: part(parsed.hour())?,
            minute: part(parsed.minute())?,
            second: part(parsed.second())?,
            nanosecond: u32::try_from(parsed.subsec_nanosecond()).map_err(|_| error())?,
        })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        if let Some(time) = self.time {
            write!(f, "T{time}")?;
        }
        match self.offset_minutes {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

macro_rules! text_in_json {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

text_in_json!(Decimal, Date, Time);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_scale() {
        for text in ["0", "1.50", "-0.001", "18000", "922337203685477580.7", "-12.000"] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), text);
        }
        assert_eq!("+.5".parse::<Decimal>().unwrap(), Decimal { coefficient: 5, scale: 1 });
        for text in ["", ".", "1,5", "1e3", "--1", "NULL", "92233720368547758070", "0x1", "1.2.3", "١"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn dates_are_in_the_calendar() {
        assert_eq!("2024-02-29".parse::<Date>().unwrap().to_string(), "2024-02-29");
        for text in ["2023-02-29", "2023-13-01", "23-01-01", "", "0000-01-01", "2023-01-01x"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn json_is_text() {
        let date: Date = serde_json::from_str("\"2026-03-31\"").unwrap();
        assert_eq!(serde_json::to_string(&date).unwrap(), "\"2026-03-31\"");
        let time: Time = serde_json::from_str("\"08:15:00.25\"").unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"08:15:00.25\"");
    }
}
