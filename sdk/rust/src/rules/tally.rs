//! Judging several things by one rule.

use super::{Difference, ItemCheck, Judgement, Line};

/// What a rule gathers from several lines (or animals, treatments, tests)
/// before it judges: a single difference fails it, a single comparison is
/// enough to pass it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    differences: Vec<Difference>,
    missing: Option<&'static str>,
    compared: bool,
}

impl Tally {
    /// Something was compared: it holds, or differs thus.
    pub fn check(&mut self, holds: bool, difference: impl FnOnce() -> Difference) {
        self.compared = true;
        if !holds {
            let difference = difference();
            // Several items of one line say the same once.
            if !self.differences.contains(&difference) {
                self.differences.push(difference);
            }
        }
    }

    /// Something could not be compared for want of this; the first one named
    /// is what the judgement says.
    pub fn missing(&mut self, need: &'static str) {
        self.missing = self.missing.or(Some(need));
    }

    /// What it all comes to: failed by any difference, else passed by any
    /// comparison, else not evaluable where something was missing, else there
    /// was nothing to check.
    #[must_use]
    pub fn judgement(self) -> Judgement {
        match self.missing {
            _ if !self.differences.is_empty() => Judgement::Failed(self.differences),
            _ if self.compared => Judgement::Passed,
            Some(need) => Judgement::NotEvaluable(need),
            None => Judgement::NotApplicable,
        }
    }
}

impl<'a, P> ItemCheck<'a, P> {
    /// Judges the certificate lines of the item one by one. Without any it is
    /// not evaluable for want of `certificate-line`.
    pub fn each_line(&self, mut judge: impl FnMut(&Line<'a>, &mut Tally)) -> Judgement {
        let mut tally = Tally::default();
        let mut any = false;
        for line in self.lines() {
            any = true;
            judge(&line, &mut tally);
        }
        if any { tally.judgement() } else { Judgement::NotEvaluable("certificate-line") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_difference_fails_and_one_comparison_passes() {
        assert_eq!(Tally::default().judgement(), Judgement::NotApplicable);
        let mut tally = Tally::default();
        tally.missing("expiry");
        tally.missing("arrival");
        assert_eq!(tally.clone().judgement(), Judgement::NotEvaluable("expiry"));
        tally.check(true, Difference::new);
        assert_eq!(tally.clone().judgement(), Judgement::Passed);
        tally.check(false, Difference::new);
        tally.check(false, Difference::new);
        assert_eq!(tally.judgement(), Judgement::Failed(vec![Difference::new()]));
    }
}
