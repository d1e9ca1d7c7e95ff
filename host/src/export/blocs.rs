//! Blocs of countries that an institution may act for as a whole.

/// Code and members (ISO 3166-1 alpha-2), as of 2026. Northern Ireland (XI)
/// follows the Union's law on goods.
const BLOCS: &[(&str, &[&str])] = &[
    (
        "EU",
        &[
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
            "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
        ],
    ),
    ("EAEU", &["AM", "BY", "KG", "KZ", "RU"]),
    ("GCC", &["AE", "BH", "KW", "OM", "QA", "SA"]),
    ("CAN", &["BO", "CO", "EC", "PE"]),
    ("MERCOSUR", &["AR", "BO", "BR", "PY", "UY"]),
    ("SACU", &["BW", "LS", "NA", "SZ", "ZA"]),
    ("EAC", &["BI", "CD", "KE", "RW", "SO", "SS", "TZ", "UG"]),
    ("ASEAN", &["BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"]),
];

/// The members of a bloc; none where there is no such bloc.
pub(super) fn members(code: &str) -> Option<&'static [&'static str]> {
    BLOCS.iter().find(|(known, _)| *known == code).map(|(_, members)| *members)
}

/// The blocs there are.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    BLOCS.iter().map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_country_codes_once_each() {
        for code in codes() {
            let members = members(code).unwrap();
            assert!(members.is_sorted_by(|one, next| one < next), "{code}");
            assert!(members.iter().all(|country| country.len() == 2), "{code}");
        }
        assert_eq!(members("XX"), None);
    }
}
