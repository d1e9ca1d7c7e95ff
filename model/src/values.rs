// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! The small values that every document is made of.
//!
//! Numbers are exact, dates are dates, codes keep the list they were taken
//! from, and each value knows the place in the message it was read from.

/// Index into the place table of the reading that a value came from
/// (`readings.reading.places`). Index 0 is the message as a whole and
/// serves where a value has no narrower place.
pub type Place = u32;

/// An exact decimal number: `coefficient` × 10^-`scale`.
///
/// The scale is kept as written: 1.50 is 150 with scale 2. `scale` is at
/// most 28. What does not fit is a problem of the reading, never rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Decimal {
    /// All digits of the number, with its sign.
    pub coefficient: i64,
    /// How many of the digits stand behind the decimal point.
    pub scale: u8,
}

/// A calendar date of the Gregorian calendar (ISO 8601-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Date {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to the length of the month.
    pub day: u8,
}

/// A time of day. Leap seconds are read as second 59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Time {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Parts of a second, in nanoseconds.
    pub nanosecond: u32,
}

/// A moment as far as the message gave it (UDT `DateTimeType`). A bare date
/// has no time; a time without an offset is local to whoever wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct DateTime {
    /// The calendar date.
    pub date: crate::values::Date,
    /// The time of day, when the message gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<crate::values::Time>,
    /// Minutes east of UTC, when the message gave an offset. -840 to 840.
    #[cfg_attr(feature = "host", component(name = "offset-minutes"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_minutes: Option<i16>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

/// A stretch of time; either end may be open or unknown.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Period {
    /// First moment, included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<crate::values::DateTime>,
    /// Last moment, included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<crate::values::DateTime>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Period {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.start, walker);
        crate::walk::Walk::walk(&self.end, walker);
        walker.place(self.place);
    }
}

/// A text and its language. Several languages stand side by side as
/// several texts.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Text {
    /// The text as written, white space at both ends removed.
    pub value: String,
    /// Language tag as written (`languageID`, ISO 639-1 or BCP 47).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Text {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        walker.place(self.place);
    }
}

/// A coded value (UDT `CodeType`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Code {
    /// The code as written.
    pub value: String,
    /// The code list: `listID`, or the list the standard prescribes for
    /// the element, such as `UNCL1001`, `ISO3166-1`, `REC21`; for national
    /// codes the name of the national list.
    #[cfg_attr(feature = "host", component(name = "code-list"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_list: Option<String>,
    /// What the message itself says the code means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Code {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        walker.place(self.place);
    }
}

/// An identifier (UDT `IDType`) of a party, a document, a place or a thing.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Identifier {
    /// The identifier as written.
    pub value: String,
    /// The form that comparisons use, when it differs from `value`:
    /// upper case, without separators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalised: Option<String>,
    /// The scheme it belongs to (`schemeID`): `EORI`, `UNLOCODE`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Identifier {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        walker.place(self.place);
    }
}

/// A measured or counted quantity (UDT `MeasureType`, `QuantityType`).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Measure {
    /// The number.
    pub value: crate::values::Decimal,
    /// The unit as a UN/ECE Recommendation 20 code (`KGM`, `TNE`, `H87`),
    /// when it is known. A missing unit is never guessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The unit as written, when that is not the Recommendation 20 code.
    #[cfg_attr(feature = "host", component(name = "unit-as-written"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_as_written: Option<String>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Measure {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.value, walker);
        walker.place(self.place);
    }
}

/// What the model does not hold: a partner's peculiarity, kept by name so
/// that it never gets lost.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Extension {
    /// Who defines the name, such as the format's identifier.
    pub scheme: String,
    /// The name within the scheme.
    pub name: String,
    /// The value as written.
    pub value: String,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Extension {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        walker.place(self.place);
    }
}
