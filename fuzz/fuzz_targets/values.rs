//! Reads any text as every small value there is. What is read comes back as it
//! was written.
#![no_main]

use ecert_sdk::model::values::Decimal;
use ecert_sdk::{commodity, country, date, decimal, party_name, reference_number, unit};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(moment) = date::parse(text) {
        assert_eq!(date::parse(&moment.to_string()), Ok(moment));
    }
    if let Ok(number) = text.parse::<Decimal>() {
        assert_eq!(number.to_string().parse(), Ok(number));
        assert_eq!(decimal::decimal(decimal::number(number)), Some(number));
    }
    let normalised = reference_number::normalise(text);
    assert_eq!(reference_number::normalise(&normalised), normalised);
    assert_ne!(party_name::compare_texts([text], [text]), party_name::Comparison::Different);
    let _ = (unit::code(text), country::find(text), commodity::digits(text));
});
