//! The definition of a rule.

use ecert_model::manifest::{self, GoverningDate, Subject};
use ecert_model::reports::Severity;
use ecert_model::values::Date;

use super::{Check, ItemCheck, Judgement};
use crate::Texts;

/// The function that judges.
pub enum Test<P: 'static> {
    /// Each due item by itself.
    Item(fn(&ItemCheck<'_, P>) -> Judgement),
    /// The declaration as a whole.
    Declaration(fn(&Check<'_, P>) -> Judgement),
}

/// A rule: what it demands, for people and for the machine.
///
/// Made as a constant, part by part:
///
/// ```
/// use ecert_sdk::rules::{ItemCheck, Judgement, Rule};
///
/// const ORIGIN: Rule<()> = Rule::of_item("origin-stated", origin_stated)
///     .titles(&[("en", "The item states its origin"), ("zh", "商品项应申报原产地")])
///     .messages(&[("en", "No origin is declared."), ("zh", "未申报原产地。")])
///     .legal_basis("Customs law: particulars of an import declaration");
///
/// fn origin_stated(check: &ItemCheck<'_, ()>) -> Judgement {
///     Judgement::when(check.item().origin.is_some())
/// }
/// ```
pub struct Rule<P: 'static> {
    pub(crate) id: &'static str,
    pub(crate) test: Test<P>,
    pub(crate) titles: Texts,
    pub(crate) messages: Texts,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) severity: Severity,
    pub(crate) legal_basis: &'static str,
    pub(crate) help: Option<&'static str>,
    pub(crate) governed_by: GoverningDate,
    pub(crate) valid_from: Option<Date>,
    pub(crate) valid_until: Option<Date>,
    pub(crate) prerequisites: &'static [&'static str],
    pub(crate) needs: &'static [&'static str],
}

impl<P: 'static> Rule<P> {
    /// A rule on each due item. Its findings are discrepancies unless
    /// [`severity`](Self::severity) says otherwise.
    #[must_use]
    pub const fn of_item(id: &'static str, test: fn(&ItemCheck<'_, P>) -> Judgement) -> Self {
        Self::new(id, Test::Item(test))
    }

    /// A rule on the declaration as a whole.
    #[must_use]
    pub const fn of_declaration(id: &'static str, test: fn(&Check<'_, P>) -> Judgement) -> Self {
        Self::new(id, Test::Declaration(test))
    }

    const fn new(id: &'static str, test: Test<P>) -> Self {
        Self {
            id,
            test,
            titles: &[],
            messages: &[],
            arguments: &[],
            severity: Severity::Discrepancy,
            legal_basis: "",
            help: None,
            governed_by: GoverningDate::Decision,
            valid_from: None,
            valid_until: None,
            prerequisites: &[],
            needs: &[],
        }
    }

    /// What the rule demands, by language; English and Chinese at least.
    #[must_use]
    pub const fn titles(mut self, titles: Texts) -> Self {
        self.titles = titles;
        self
    }

    /// What a finding says, by language; `{name}` stands for an argument.
    #[must_use]
    pub const fn messages(mut self, messages: Texts) -> Self {
        self.messages = messages;
        self
    }

    /// Names of the arguments of the messages.
    #[must_use]
    pub const fn arguments(mut self, arguments: &'static [&'static str]) -> Self {
        self.arguments = arguments;
        self
    }

    /// Severity of the findings unless a parameter says otherwise.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The kind of law, protocol or standard the rule stands for.
    #[must_use]
    pub const fn legal_basis(mut self, legal_basis: &'static str) -> Self {
        self.legal_basis = legal_basis;
        self
    }

    /// Where officers read more.
    #[must_use]
    pub const fn help(mut self, link: &'static str) -> Self {
        self.help = Some(link);
        self
    }

    /// The date whose law governs the rule. Where it is not known, the
    /// decision date governs.
    #[must_use]
    pub const fn governed_by(mut self, date: GoverningDate) -> Self {
        self.governed_by = date;
        self
    }

    /// First and last governing date the rule is in force.
    #[must_use]
    pub const fn in_force(mut self, from: Option<Date>, until: Option<Date>) -> Self {
        self.valid_from = from;
        self.valid_until = until;
        self
    }

    /// Rules that come earlier and must not have failed for this one to be
    /// judged. Only a failure that stops a release counts: a lawful
    /// difference must not hide a discrepancy. A prerequisite that is not
    /// evaluable does not stand in the way either.
    #[must_use]
    pub const fn after(mut self, prerequisites: &'static [&'static str]) -> Self {
        self.prerequisites = prerequisites;
        self
    }

    /// Names of what the rule needs, for [`Judgement::NotEvaluable`].
    #[must_use]
    pub const fn needs(mut self, needs: &'static [&'static str]) -> Self {
        self.needs = needs;
        self
    }

    /// The rule's identifier.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }
}

impl<P> From<&Rule<P>> for manifest::Rule {
    fn from(rule: &Rule<P>) -> Self {
        let owned = |names: &[&str]| names.iter().map(|&name| name.into()).collect();
        Self {
            id: rule.id.into(),
            titles: crate::manifest::localised(rule.titles),
            subject: match rule.test {
                Test::Item(_) => Subject::Item,
                Test::Declaration(_) => Subject::Declaration,
            },
            severity: rule.severity,
            legal_basis: rule.legal_basis.into(),
            help: rule.help.map(Into::into),
            governed_by: rule.governed_by,
            valid_from: rule.valid_from,
            valid_until: rule.valid_until,
            prerequisites: owned(rule.prerequisites),
            needs: owned(rule.needs),
            messages: crate::manifest::localised(rule.messages),
            arguments: owned(rule.arguments),
        }
    }
}
