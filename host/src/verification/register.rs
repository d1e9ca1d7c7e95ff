//! Whether the authority of a certificate is known for its country and type.

use ecert_model::certificates::{Certificate, CertificateRole};
use ecert_model::manifest::{Match, Table};
use ecert_model::values::Date;

use crate::contract::Tables;
use crate::intake::number::normalise;

/// Name of the reference table.
const TABLE: &str = "issuing-authorities";

/// Looks the issuer up in the register of authorities, by identifier or name,
/// on the day of issue. None where there is no such register, or the
/// certificate names no issuer or country.
pub(super) fn authority_known(
    tables: &dyn Tables,
    certificate: &Certificate,
    decision: Date,
) -> Option<bool> {
    if certificate.role == CertificateRole::EntryDocument {
        return None;
    }
    let (issuer, country) = (certificate.issuer.as_ref()?, certificate.issuing_country.as_ref()?);
    let table = Table {
        name: TABLE.to_owned(),
        keys: vec!["country".to_owned()],
        columns: ["authority", "name", "certificateTypes"].map(str::to_owned).to_vec(),
        matching: Match::Exact,
    };
    let day = certificate.issued.map_or(decision, |issued| issued.date);
    let answers = tables.lookup(&table, &[vec![country.value.clone()]], day).ok()?;
    let same = |a: &str, b: &str| normalise(a) == normalise(b);
    let mut rows = answers.iter().flatten();
    Some(rows.any(|row| {
        let [authority, name, types] = row.cells.as_slice() else { return false };
        let mut types = types.split_whitespace().peekable();
        let issues = types.peek().is_none() || types.any(|t| t == certificate.type_code.value);
        issues
            && (issuer.identifiers.iter().any(|id| same(&id.value, authority))
                || issuer.names.iter().any(|n| same(&n.value, name)))
    }))
}
