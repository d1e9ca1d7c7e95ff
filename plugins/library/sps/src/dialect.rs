//! What senders do differently.

/// Who defines the names of extensions: they are paths of the standard's
/// elements, whatever the message came in.
pub const SCHEME: &str = "uncefact-sps";

/// A way of filling the standard, and the format it is listed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The format's identifier.
    pub format: &'static str,
    /// Whether `Name` of a place is repeated for its country, its codes and
    /// its address, as TRACES does.
    pub names_hold_codes: bool,
    /// Whether a document may lack its number, since the receiver gives it.
    pub numberless: bool,
    /// Names that are written in place of a status (UNCL 4405), with the
    /// status they stand for.
    pub status_names: &'static [(&'static str, &'static str)],
}

impl Dialect {
    /// The standard as it is written.
    pub const fn plain(format: &'static str) -> Self {
        Self { format, names_hold_codes: false, numberless: false, status_names: &[] }
    }
}
