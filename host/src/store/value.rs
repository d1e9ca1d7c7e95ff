//! Parameters of statements and rows of answers.

use super::StoreError;

/// A parameter of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// A whole number; instants are microseconds since 1970 in UTC.
    Integer(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row of an answer; columns count from 0.
///
/// A column of another kind than asked for is [`StoreError::Value`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub(super) cells: Vec<Cell>,
}

macro_rules! accessors {
    ($($name:ident, $optional:ident, $kind:ident, $answer:ty, $what:literal, $convert:expr;)*) => {$(
        #[doc = concat!("The ", $what, " in a column.")]
        pub fn $name(&self, column: usize) -> Result<$answer, StoreError> {
            self.$optional(column)?.ok_or_else(|| wrong(column, $what, "null"))
        }

        #[doc = concat!("The ", $what, " in a column, none where it is null.")]
        pub fn $optional(&self, column: usize) -> Result<Option<$answer>, StoreError> {
            match self.cells.get(column) {
                Some(Cell::Null) => Ok(None),
                Some(Cell::$kind(value)) => Ok(Some($convert(value))),
                Some(_) => Err(wrong(column, $what, "another type")),
                None => Err(wrong(column, $what, "no column")),
            }
        }
    )*};
}

impl Row {
    accessors! {
        integer, optional_integer, Integer, i64, "integer", |value: &i64| *value;
        text, optional_text, Text, &str, "text", String::as_str;
        bytes, optional_bytes, Bytes, &[u8], "bytes", Vec::as_slice;
    }
}

fn wrong(column: usize, expected: &str, found: &str) -> StoreError {
    StoreError::Value(format!("column {column} should hold {expected}, it holds {found}"))
}
