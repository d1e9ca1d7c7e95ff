use ecert_sdk::model::values::Decimal;
use ecert_sdk::{commodity, country, date, decimal, party_name, reference_number, unit};

/// Reads a text as every small value there is: what is read comes back as it
/// was written, and what is found is found again under its own code.
pub fn values(text: &str) {
    if let Ok(moment) = date::parse(text) {
        assert_eq!(date::parse(&moment.to_string()), Ok(moment));
        assert_eq!(date::days_between(moment.date, moment.date), Some(0));
    }
    if let Ok(number) = text.parse::<Decimal>() {
        assert_eq!(number.to_string().parse(), Ok(number));
        assert_eq!(decimal::decimal(decimal::number(number)), Some(number));
        let kilograms = unit::convert(decimal::number(number), "KGM", "KGM");
        assert!(kilograms.is_none_or(|value| value == decimal::number(number)));
    }
    if let Some(code) = unit::code(text) {
        assert_eq!(unit::find(code).map(|unit| unit.code), Some(code));
    }
    if let Some(found) = country::find(text) {
        assert_eq!(country::find(found.alpha2), Some(found));
        assert_eq!(country::same(text, found.alpha2), Some(true));
    }
    if let Some(digits) = commodity::digits(text) {
        assert_eq!(commodity::digits(&digits).as_ref(), Some(&digits));
    }
    let normalised = reference_number::normalise(text);
    assert_eq!(reference_number::normalise(&normalised), normalised);
    assert!(!reference_number::near_miss(text, &normalised));
    assert_ne!(party_name::compare_texts([text], [text]), party_name::Comparison::Different);
}
