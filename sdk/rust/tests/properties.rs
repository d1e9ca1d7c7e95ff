//! Properties that hold for every value, not only for those someone thought
//! of.

use std::cmp::Ordering;

use ecert_sdk::decimal::{self, Tolerance, number};
use ecert_sdk::model::parts::Classification;
use ecert_sdk::model::values::{DateTime, Decimal, Time};
use ecert_sdk::party_name::compare_texts;
use ecert_sdk::{commodity, country, date, party_name, reference_number, unit};
use proptest::prelude::*;

fn decimals() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0..=28u8).prop_map(|(coefficient, scale)| Decimal { coefficient, scale })
}

/// Numbers as they occur on certificates: exact sums never overflow.
fn quantities() -> impl Strategy<Value = Decimal> {
    (-1_000_000_000_000..1_000_000_000_000i64, 0..=6u8)
        .prop_map(|(coefficient, scale)| Decimal { coefficient, scale })
}

fn days() -> impl Strategy<Value = i64> {
    0..3_600_000i64
}

fn moments() -> impl Strategy<Value = DateTime> {
    let time = (0..24u8, 0..60u8, 0..60u8, 0..1_000_000_000u32)
        .prop_map(|(hour, minute, second, nanosecond)| Time { hour, minute, second, nanosecond });
    (days(), proptest::option::of(time), proptest::option::of(-840..=840i16)).prop_map(
        |(days, time, offset)| {
            let first = "0001-01-02".parse().expect("a date");
            let date = date::plus_days(first, days).expect("a date before the year 10000");
            DateTime { date, time, offset_minutes: offset, place: 0 }
        },
    )
}

const UNITS: &[&str] = &[
    "KGM", "GRM", "TNE", "LBR", "ONZ", "LTR", "MTQ", "GLL", "CEL", "FAH", "KEL", "H87", "DZN", "MTR", "FOT",
    "DAY",
];

fn units() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(UNITS)
}

fn classifications() -> impl Strategy<Value = Classification> {
    let system = proptest::option::of(proptest::sample::select(vec!["HS", "CN", "TARIC", "CIQ", "IPPCPCC"]));
    let edition = proptest::option::of(proptest::sample::select(vec!["2017", "2022"]));
    (system, edition, proptest::option::of("[0-2]{0,10}")).prop_map(|(system, edition, class_code)| {
        Classification {
            system: system.map(String::from),
            edition: edition.map(String::from),
            class_code,
            ..Classification::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_number_comes_back_as_it_was_written(value in decimals()) {
        prop_assert_eq!(decimal::decimal(number(value)), Some(value));
        prop_assert_eq!(value.to_string().parse::<Decimal>(), Ok(value));
    }

    #[test]
    fn sums_agree_with_whole_numbers(values in proptest::collection::vec(quantities(), 0..20)) {
        let exact: i128 = values
            .iter()
            .map(|value| i128::from(value.coefficient) * 10i128.pow(6 - u32::from(value.scale)))
            .sum();
        let sum = decimal::sum(values.into_iter().map(number)).expect("small numbers");
        prop_assert_eq!(sum, decimal::Number::from_i128_with_scale(exact, 6));
    }

    #[test]
    fn products_are_exact_or_refused(a in decimals(), b in decimals()) {
        let (x, y) = (number(a).normalize(), number(b).normalize());
        if let Some(product) = decimal::product(x, y) {
            let (x_mantissa, y_mantissa) = (x.mantissa(), y.mantissa());
            if let Some(exact) = x_mantissa.checked_mul(y_mantissa).filter(|_| !product.is_zero()) {
                prop_assert_eq!(product.mantissa(), exact);
                prop_assert_eq!(product.scale(), x.scale() + y.scale());
            }
        }
    }

    #[test]
    fn a_wider_tolerance_never_refuses_more(
        declared in quantities(), certified in quantities(), narrow in 0..500i64, more in 0..500i64,
    ) {
        let percent = |tenths| Tolerance {
            percent: Some(Decimal { coefficient: tenths, scale: 1 }),
            ..Tolerance::default()
        };
        let (declared, certified) = (number(declared), number(certified));
        if percent(narrow).allows(declared, certified) {
            prop_assert!(percent(narrow + more).allows(declared, certified));
        }
        prop_assert!(!percent(narrow).agree(declared, certified) || percent(narrow).allows(declared, certified));
    }

    #[test]
    fn a_moment_is_read_as_it_was_written(moment in moments()) {
        prop_assert_eq!(date::parse(&moment.to_string()), Ok(moment));
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC*") {
        let _ = date::parse(&text);
        let _ = text.parse::<Decimal>();
        let _ = unit::code(&text);
        let _ = country::find(&text);
        let _ = commodity::digits(&text);
        let _ = party_name::script(&text);
    }

    #[test]
    fn nearly_a_date_is_read_whole_or_not_at_all(text in "[0-9TZ:+.-]{0,30}") {
        if let Ok(moment) = date::parse(&text) {
            prop_assert_eq!(date::parse(&moment.to_string()), Ok(moment));
        }
    }

    #[test]
    fn the_order_of_moments_can_be_turned_round(a in moments(), b in moments()) {
        prop_assert_eq!(date::order(&a, &b), date::order(&b, &a).reverse());
        prop_assert_eq!(date::order(&a, &a), Ordering::Equal);
        // Two days apart is certain in every time zone.
        if date::days_between(a.date, b.date).is_some_and(|days| days > 2) {
            prop_assert_eq!(date::order(&a, &b), Ordering::Less);
        }
    }

    #[test]
    fn days_lead_where_they_say(moment in moments(), days in -10_000..10_000i64) {
        if let Some(other) = date::plus_days(moment.date, days) {
            prop_assert_eq!(date::days_between(moment.date, other), Some(days));
        }
    }

    #[test]
    fn units_compare_alike_either_way(
        a in quantities(), unit_of_a in units(), b in quantities(), unit_of_b in units(),
    ) {
        let (a, b) = (number(a), number(b));
        let compared = unit::compare(a, unit_of_a, b, unit_of_b);
        prop_assert_eq!(compared, unit::compare(b, unit_of_b, a, unit_of_a).map(Ordering::reverse));
        prop_assert_eq!(compared.is_some(), unit::comparable(unit_of_a, unit_of_b));
        prop_assert_eq!(compared.is_some(), unit::convert(a, unit_of_a, unit_of_b).is_some());
    }

    #[test]
    fn kilograms_to_tonnes_and_back_is_the_same(value in quantities()) {
        let tonnes = unit::convert(number(value), "KGM", "TNE").expect("both are masses");
        prop_assert_eq!(unit::convert(tonnes, "TNE", "KGM"), Some(number(value)));
    }

    #[test]
    fn codes_compare_alike_either_way(a in classifications(), b in classifications()) {
        prop_assert_eq!(commodity::compare(&a, &b), commodity::compare(&b, &a));
        let itself = commodity::compare(&a, &a);
        let differs = matches!(itself, commodity::Comparison::Different { .. });
        prop_assert!(!differs);
    }

    #[test]
    fn a_normalised_number_stays_as_it_is(text in "\\PC*") {
        let once = reference_number::normalise(&text);
        prop_assert_eq!(reference_number::normalise(&once), once.clone());
        prop_assert!(!reference_number::near_miss(&text, &once));
    }

    #[test]
    fn names_compare_alike_either_way(a in "\\PC{0,40}", b in "\\PC{0,40}") {
        let (a, b) = (a.as_str(), b.as_str());
        prop_assert_eq!(compare_texts([a], [b]), compare_texts([b], [a]));
        prop_assert_ne!(compare_texts([a], [a]), party_name::Comparison::Different);
    }

    #[test]
    fn a_legal_form_behind_a_name_changes_nothing(name in "[A-Z][a-z]{3,9} [A-Z][a-z]{3,9}ox") {
        for form in ["Ltd", "Co., Ltd.", "GmbH", "S.A.", "B. V.", "LIMITED"] {
            let full = format!("{name} {form}");
            if full.chars().count() == 35 { continue; }
            prop_assert_eq!(compare_texts([name.as_str()], [full.as_str()]), party_name::Comparison::Same);
        }
    }
}
