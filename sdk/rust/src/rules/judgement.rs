//! What a rule comes to.

use ecert_model::reports::{Argument, CertificatePlace, Severity, Value};
use ecert_model::values::{Code, Date, Decimal, Measure, Place};

use super::Line;

/// What a rule comes to on an item or a declaration.
#[derive(Clone, Debug, PartialEq)]
pub enum Judgement {
    /// Checked, and as it should be.
    Passed,
    /// Nothing to check.
    NotApplicable,
    /// Could not be checked: the name, among the rule's needs, of what was
    /// missing.
    NotEvaluable(&'static str),
    /// Checked, and not as it should be: at least one difference.
    Failed(Vec<Difference>),
}

impl Judgement {
    /// Passed when the condition holds, else failed without further detail.
    #[must_use]
    pub fn when(condition: bool) -> Self {
        if condition { Self::Passed } else { Self::from(Difference::new()) }
    }

    /// Passed when there is no difference, else failed.
    #[must_use]
    pub fn of(differences: Vec<Difference>) -> Self {
        if differences.is_empty() { Self::Passed } else { Self::Failed(differences) }
    }
}

impl From<Difference> for Judgement {
    fn from(difference: Difference) -> Self {
        Self::Failed(vec![difference])
    }
}

/// A difference that a rule found; it becomes a finding.
///
/// Values are kept as they are (dates, quantities, codes), so that each
/// language writes them its own way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    pub(crate) severity: Option<Severity>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) expected: Vec<Value>,
    pub(crate) actual: Vec<Value>,
    pub(crate) certificate_places: Vec<CertificatePlace>,
    pub(crate) declaration_places: Vec<Place>,
}

impl Difference {
    /// A difference of which nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A severity other than the rule's. A parameter for the rule goes before
    /// it.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// A value for the rule's message.
    #[must_use]
    pub fn argument(mut self, name: &'static str, value: impl IntoValue) -> Self {
        self.arguments.push(Argument { name: name.into(), value: value.into_value() });
        self
    }

    /// One of the values that the certificate or the rule leads to expect.
    #[must_use]
    pub fn expected(mut self, value: impl IntoValue) -> Self {
        self.expected.push(value.into_value());
        self
    }

    /// One of the values found instead.
    #[must_use]
    pub fn actual(mut self, value: impl IntoValue) -> Self {
        self.actual.push(value.into_value());
        self
    }

    /// A place in a certificate, by its index in the case.
    #[must_use]
    pub fn in_certificate(mut self, certificate: u32, place: Place) -> Self {
        let place = CertificatePlace { certificate, place };
        if !self.certificate_places.contains(&place) {
            self.certificate_places.push(place);
        }
        self
    }

    /// A place on a certificate line that belongs to the item.
    #[must_use]
    pub fn in_line(self, line: &Line<'_>, place: Place) -> Self {
        self.in_certificate(line.cited.index, place)
    }

    /// A place in the declaration.
    #[must_use]
    pub fn in_declaration(mut self, place: Place) -> Self {
        if !self.declaration_places.contains(&place) {
            self.declaration_places.push(place);
        }
        self
    }
}

/// What can be shown in a finding.
pub trait IntoValue {
    /// The value as reports hold it.
    fn into_value(self) -> Value;
}

impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl IntoValue for &str {
    fn into_value(self) -> Value {
        Value::Text(self.into())
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(self)
    }
}

impl IntoValue for &String {
    fn into_value(self) -> Value {
        Value::Text(self.clone())
    }
}

impl IntoValue for Decimal {
    fn into_value(self) -> Value {
        Value::Number(self)
    }
}

impl IntoValue for Date {
    fn into_value(self) -> Value {
        Value::Date(self)
    }
}

impl IntoValue for u32 {
    fn into_value(self) -> Value {
        Value::Number(Decimal { coefficient: self.into(), scale: 0 })
    }
}

impl IntoValue for &Measure {
    fn into_value(self) -> Value {
        Value::Quantity(self.clone())
    }
}

impl IntoValue for Measure {
    fn into_value(self) -> Value {
        Value::Quantity(self)
    }
}

impl IntoValue for &Code {
    fn into_value(self) -> Value {
        Value::Code(self.clone())
    }
}

impl IntoValue for Code {
    fn into_value(self) -> Value {
        Value::Code(self)
    }
}
