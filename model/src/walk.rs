//! A walk through a document, for whoever took it from a stranger: is every
//! value what its type promises, and how far do its places reach?

use crate::values::{Date, DateTime, Decimal, Place, Time};

/// What was met on a walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walker {
    /// The highest place met.
    pub highest_place: Place,
    /// The first value met that its type forbids.
    pub fault: Option<&'static str>,
}

impl Walker {
    /// Walks through a value.
    pub fn through(value: &impl Walk) -> Self {
        let mut walker = Self::default();
        value.walk(&mut walker);
        walker
    }

    pub(crate) fn place(&mut self, place: Place) {
        self.highest_place = self.highest_place.max(place);
    }

    fn demand(&mut self, holds: bool, fault: &'static str) {
        if !holds && self.fault.is_none() {
            self.fault = Some(fault);
        }
    }
}

/// What can be walked through.
pub trait Walk {
    /// Shows the walker every place and every value that could be out of its
    /// range.
    fn walk(&self, walker: &mut Walker);
}

impl<T: Walk> Walk for Vec<T> {
    fn walk(&self, walker: &mut Walker) {
        self.iter().for_each(|value| value.walk(walker));
    }
}

impl<T: Walk> Walk for Option<T> {
    fn walk(&self, walker: &mut Walker) {
        if let Some(value) = self {
            value.walk(walker);
        }
    }
}

impl Walk for Decimal {
    fn walk(&self, walker: &mut Walker) {
        walker.demand(self.scale <= 28, "a decimal's scale exceeds 28");
    }
}

impl Walk for Date {
    fn walk(&self, walker: &mut Walker) {
        let exists = i16::try_from(self.year)
            .ok()
            .zip(i8::try_from(self.month).ok())
            .zip(i8::try_from(self.day).ok())
            .is_some_and(|((year, month), day)| year > 0 && jiff::civil::Date::new(year, month, day).is_ok());
        walker.demand(exists, "a date is none of the calendar's");
    }
}

impl Walk for Time {
    fn walk(&self, walker: &mut Walker) {
        let exists =
            self.hour < 24 && self.minute < 60 && self.second < 60 && self.nanosecond < 1_000_000_000;
        walker.demand(exists, "a time is none of the day's");
    }
}

impl Walk for DateTime {
    fn walk(&self, walker: &mut Walker) {
        self.date.walk(walker);
        self.time.walk(walker);
        let minutes = self.offset_minutes.unwrap_or_default();
        walker.demand((-840..=840).contains(&minutes), "an offset exceeds fourteen hours");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::{Certificate, TradeLine};
    use crate::values::Measure;

    #[test]
    fn finds_the_highest_place_and_the_first_fault() {
        let mut certificate = Certificate { place: 3, ..Default::default() };
        certificate.issued =
            Some(DateTime { date: Date { year: 2026, month: 2, day: 28 }, ..Default::default() });
        certificate.consignment.lines.push(TradeLine { place: 70, ..Default::default() });
        assert_eq!(Walker::through(&certificate), Walker { highest_place: 70, fault: None });
        certificate.consignment.lines[0].net_weight =
            Some(Measure { value: Decimal { coefficient: 1, scale: 29 }, ..Default::default() });
        assert_eq!(Walker::through(&certificate).fault, Some("a decimal's scale exceeds 28"));
        certificate.issued =
            Some(DateTime { date: Date { year: 2026, month: 2, day: 29 }, ..Default::default() });
        assert_eq!(Walker::through(&certificate).fault, Some("a date is none of the calendar's"));
    }
}
