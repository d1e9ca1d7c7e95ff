//! Units of UN/ECE Recommendation 20: families, conversion, and the ways
//! units are written.
//!
//! ```
//! use ecert_sdk::decimal::number;
//! use ecert_sdk::unit::{self, Family};
//!
//! let certified = number("18.2".parse().unwrap());
//! let declared = number("18200.0".parse().unwrap());
//! assert_eq!(unit::convert(certified, "TNE", "KGM"), Some(declared));
//! assert_eq!(unit::compare(certified, "TNE", declared, "KGM"), Some(std::cmp::Ordering::Equal));
//! assert_eq!(unit::find("H87").unwrap().family, Family::Count);
//! assert_eq!(unit::code("公斤"), Some("KGM"));
//! assert_eq!(unit::code("MT"), None); // tonne? megatonne? Never guessed.
//! ```

use std::cmp::Ordering;

use crate::decimal::{self, Number};

/// Units of one family convert into each other; units of two never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Base: kilogram.
    Mass,
    /// Base: litre.
    Volume,
    /// Base: metre.
    Length,
    /// Base: square metre.
    Area,
    /// Base: second.
    Time,
    /// Base: milligram per kilogram.
    MassRatio,
    /// Base: pascal.
    Pressure,
    /// Base: the degree Rankine, since all others become it exactly.
    Temperature,
    /// Single things, whatever they are called: one (`C62`), piece (`H87`),
    /// article (`NAR`), each (`EA`), head (`HEA`), and multiples such as the
    /// dozen. Recommendation 20 defines each of them as a number of single
    /// items. Pairs, sets, packs and parts are not single items: they only
    /// compare with themselves.
    Count,
}

/// A unit that can be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Recommendation 20 common code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Symbol for people, empty where there is none.
    pub symbol: &'static str,
    /// What it converts within.
    pub family: Family,
    /// One of it in the family's base: coefficient and scale.
    factor: (i64, u32),
    /// Its zero in the family's base: coefficient and scale.
    zero: (i64, u32),
}

impl Unit {
    /// A value of this unit in its family's base; none when that has more
    /// digits than a number holds.
    fn to_base(self, value: Number) -> Option<Number> {
        let scaled = decimal::product(value, Number::new(self.factor.0, self.factor.1))?;
        decimal::sum([scaled, Number::new(self.zero.0, self.zero.1)])
    }

    fn of_base(self, value: Number) -> Option<Number> {
        let from_zero = decimal::sum([value, -Number::new(self.zero.0, self.zero.1)])?;
        from_zero.checked_div(Number::new(self.factor.0, self.factor.1))
    }
}

/// Finds a unit by its Recommendation 20 code, as written there.
///
/// Units without a family here (international units, pairs, packs …) and the
/// codes that Recommendation 20 has given up are not found; kinds of packages
/// such as `BX` and `BG` belong to Recommendation 21.
pub fn find(code: &str) -> Option<&'static Unit> {
    UNITS.binary_search_by(|unit| unit.code.cmp(code)).ok().map(|index| &UNITS[index])
}

/// The Recommendation 20 code that a message means by what it wrote: the code
/// itself, or a name or symbol that can mean nothing else.
///
/// `ton`, `MT` and `T` mean different things in different countries and are
/// never guessed.
pub fn code(written: &str) -> Option<&'static str> {
    let written = written.trim();
    if let Some(unit) = find(written) {
        return Some(unit.code);
    }
    let symbol = |(text, code): &(&str, &'static str)| (*text == written).then_some(*code);
    if let Some(code) = SYMBOLS.iter().find_map(symbol) {
        return Some(code);
    }
    let word = written.trim_end_matches('.').to_ascii_lowercase();
    let found = WORDS.binary_search_by(|(text, _)| (*text).cmp(word.as_str()));
    found.ok().map(|index| WORDS[index].1)
}

/// Whether quantities in both units can be compared.
pub fn comparable(a: &str, b: &str) -> bool {
    a == b || matches!((find(a), find(b)), (Some(a), Some(b)) if a.family == b.family)
}

/// The value in another unit; none when the units are of different families or
/// unknown. A unit converts to itself even when it is unknown.
///
/// Exact wherever the result has an end; a result without one (kilograms in
/// pounds, say) is rounded at the 28th digit. To compare, use [`compare`].
pub fn convert(value: Number, from: &str, to: &str) -> Option<Number> {
    if from == to {
        return Some(value);
    }
    let (from, to) = (find(from)?, find(to)?);
    (from.family == to.family).then(|| to.of_base(from.to_base(value)?)).flatten()
}

/// The value in its family's base unit, exactly; none for an unknown unit.
///
/// Two values of one family are compared or added in it without any rounding.
pub fn in_base(value: Number, unit: &str) -> Option<(Number, Family)> {
    let unit = find(unit)?;
    Some((unit.to_base(value)?, unit.family))
}

/// Compares two quantities exactly; none when their units are of different
/// families or unknown.
pub fn compare(a: Number, unit_of_a: &str, b: Number, unit_of_b: &str) -> Option<Ordering> {
    if unit_of_a == unit_of_b {
        return Some(a.cmp(&b));
    }
    let ((a, family_a), (b, family_b)) = (in_base(a, unit_of_a)?, in_base(b, unit_of_b)?);
    (family_a == family_b).then(|| a.cmp(&b))
}

const NO_OFFSET: (i64, u32) = (0, 0);

const fn unit(
    code: &'static str,
    family: Family,
    factor: (i64, u32),
    symbol: &'static str,
    name: &'static str,
) -> Unit {
    Unit { code, name, symbol, family, factor, zero: NO_OFFSET }
}

const fn degree(
    code: &'static str,
    factor: (i64, u32),
    zero: (i64, u32),
    symbol: &'static str,
    name: &'static str,
) -> Unit {
    Unit { code, name, symbol, family: Family::Temperature, factor, zero }
}

use Family::{Area, Count, Length, Mass, MassRatio, Pressure, Time, Volume};

/// In the order of the codes. Factors are the exact definitions (yard and
/// pound of the international agreement of 1959, litre as cubic decimetre,
/// gallons as defined by law); Recommendation 20 prints some of them rounded.
#[rustfmt::skip]
static UNITS: [Unit; UNIT_COUNT] = [
    unit("2U", Mass, (1_000, 0), "Mg", "megagram"),
    unit("4G", Volume, (1, 6), "µl", "microlitre"),
    unit("4H", Length, (1, 6), "µm", "micrometre"),
    unit("A44", Volume, (10, 0), "dal", "decalitre"),
    unit("A45", Length, (10, 0), "dam", "decametre"),
    degree("A48", (1, 0), NO_OFFSET, "°R", "degree Rankine"),
    unit("ACR", Area, (40_468_564_224, 7), "acre", "acre"),
    unit("APZ", Mass, (311_034_768, 10), "tr oz", "troy ounce"),
    unit("ARE", Area, (100, 0), "a", "are"),
    unit("BAR", Pressure, (100_000, 0), "bar", "bar"),
    unit("BLL", Volume, (158_987_294_928, 9), "barrel (US)", "barrel (US)"),
    unit("C26", Time, (1, 3), "ms", "millisecond"),
    unit("C45", Length, (1, 9), "nm", "nanometre"),
    unit("C62", Count, (1, 0), "1", "one"),
    degree("CEL", (18, 1), (49_167, 2), "°C", "degree Celsius"),
    unit("CEN", Count, (100, 0), "hundred", "hundred"),
    unit("CGM", Mass, (1, 5), "cg", "centigram"),
    unit("CLT", Volume, (1, 2), "cl", "centilitre"),
    unit("CMK", Area, (1, 4), "cm²", "square centimetre"),
    unit("CMQ", Volume, (1, 3), "cm³", "cubic centimetre"),
    unit("CMT", Length, (1, 2), "cm", "centimetre"),
    unit("CWA", Mass, (45_359_237, 6), "cwt (US)", "hundredweight (US)"),
    unit("CWI", Mass, (5_080_234_544, 8), "cwt (UK)", "hundredweight (UK)"),
    unit("DAA", Area, (1_000, 0), "daa", "decare"),
    unit("DAY", Time, (86_400, 0), "d", "day"),
    unit("DG", Mass, (1, 4), "dg", "decigram"),
    unit("DJ", Mass, (1, 2), "dag", "decagram"),
    unit("DLT", Volume, (1, 1), "dl", "decilitre"),
    unit("DMK", Area, (1, 2), "dm²", "square decimetre"),
    unit("DMQ", Volume, (1, 0), "dm³", "cubic decimetre"),
    unit("DMT", Length, (1, 1), "dm", "decimetre"),
    unit("DTN", Mass, (100, 0), "dt", "decitonne"),
    unit("DZN", Count, (12, 0), "DOZ", "dozen"),
    unit("EA", Count, (1, 0), "", "each"),
    degree("FAH", (1, 0), (45_967, 2), "°F", "degree Fahrenheit"),
    unit("FOT", Length, (3_048, 4), "ft", "foot"),
    unit("FTK", Area, (9_290_304, 8), "ft²", "square foot"),
    unit("FTQ", Volume, (28_316_846_592, 9), "ft³", "cubic foot"),
    unit("G26", Volume, (1_000, 0), "st", "stere"),
    unit("GLI", Volume, (454_609, 5), "gal (UK)", "gallon (UK)"),
    unit("GLL", Volume, (3_785_411_784, 9), "gal (US)", "gallon (US)"),
    unit("GRM", Mass, (1, 3), "g", "gram"),
    unit("GRN", Mass, (6_479_891, 11), "gr", "grain"),
    unit("GRO", Count, (144, 0), "gr", "gross"),
    unit("H87", Count, (1, 0), "", "piece"),
    unit("HAR", Area, (10_000, 0), "ha", "hectare"),
    unit("HEA", Count, (1, 0), "", "head"),
    unit("HGM", Mass, (1, 1), "hg", "hectogram"),
    unit("HLT", Volume, (100, 0), "hl", "hectolitre"),
    unit("HMT", Length, (100, 0), "hm", "hectometre"),
    unit("HUR", Time, (3_600, 0), "h", "hour"),
    unit("INH", Length, (254, 4), "in", "inch"),
    unit("INK", Area, (64_516, 8), "in²", "square inch"),
    unit("INQ", Volume, (16_387_064, 9), "in³", "cubic inch"),
    unit("J33", MassRatio, (1, 3), "µg/kg", "microgram per kilogram"),
    unit("K6", Volume, (1_000, 0), "kl", "kilolitre"),
    degree("KEL", (18, 1), NO_OFFSET, "K", "kelvin"),
    unit("KGM", Mass, (1, 0), "kg", "kilogram"),
    unit("KMK", Area, (1_000_000, 0), "km²", "square kilometre"),
    unit("KMT", Length, (1_000, 0), "km", "kilometre"),
    unit("KPA", Pressure, (1_000, 0), "kPa", "kilopascal"),
    unit("KTN", Mass, (1_000_000, 0), "kt", "kilotonne"),
    unit("LBR", Mass, (45_359_237, 8), "lb", "pound"),
    unit("LTN", Mass, (10_160_469_088, 7), "ton (UK)", "long ton"),
    unit("LTR", Volume, (1, 0), "l", "litre"),
    unit("M86", Mass, (5, 1), "Pfd", "pfund"),
    unit("MAL", Volume, (1_000_000, 0), "Ml", "megalitre"),
    unit("MC", Mass, (1, 9), "µg", "microgram"),
    unit("MGM", Mass, (1, 6), "mg", "milligram"),
    unit("MIK", Area, (2_589_988_110_336, 6), "mile²", "square mile"),
    unit("MIL", Count, (1_000, 0), "thousand", "thousand"),
    unit("MIN", Time, (60, 0), "min", "minute"),
    unit("MIO", Count, (1_000_000, 0), "million", "million"),
    unit("MLT", Volume, (1, 3), "ml", "millilitre"),
    unit("MMK", Area, (1, 6), "mm²", "square millimetre"),
    unit("MMQ", Volume, (1, 6), "mm³", "cubic millimetre"),
    unit("MMT", Length, (1, 3), "mm", "millimetre"),
    unit("MPA", Pressure, (1_000_000, 0), "MPa", "megapascal"),
    unit("MTK", Area, (1, 0), "m²", "square metre"),
    unit("MTQ", Volume, (1_000, 0), "m³", "cubic metre"),
    unit("MTR", Length, (1, 0), "m", "metre"),
    unit("NA", MassRatio, (1, 0), "mg/kg", "milligram per kilogram"),
    unit("NAR", Count, (1, 0), "", "article"),
    unit("NMI", Length, (1_852, 0), "n mile", "nautical mile"),
    unit("ONZ", Mass, (28_349_523_125, 12), "oz", "ounce"),
    unit("OZA", Volume, (295_735_295_625, 13), "fl oz (US)", "fluid ounce (US)"),
    unit("OZI", Volume, (284_130_625, 10), "fl oz (UK)", "fluid ounce (UK)"),
    unit("PAL", Pressure, (1, 0), "Pa", "pascal"),
    unit("PTI", Volume, (56_826_125, 8), "pt (UK)", "pint (UK)"),
    unit("PTL", Volume, (473_176_473, 9), "liq pt (US)", "liquid pint (US)"),
    unit("QTI", Volume, (11_365_225, 7), "qt (UK)", "quart (UK)"),
    unit("QTL", Volume, (946_352_946, 9), "liq qt (US)", "liquid quart (US)"),
    unit("SEC", Time, (1, 0), "s", "second"),
    unit("SMI", Length, (1_609_344, 3), "mile", "mile"),
    unit("STI", Mass, (635_029_318, 8), "st", "stone"),
    unit("STN", Mass, (90_718_474, 5), "ton (US)", "short ton"),
    unit("TNE", Mass, (1_000, 0), "t", "tonne"),
    unit("WEE", Time, (604_800, 0), "wk", "week"),
    unit("YDK", Area, (83_612_736, 8), "yd²", "square yard"),
    unit("YDQ", Volume, (764_554_857_984, 9), "yd³", "cubic yard"),
    unit("YRD", Length, (9_144, 4), "yd", "yard"),
];

const UNIT_COUNT: usize = 101;

/// Symbols, exactly as written: case matters for them.
static SYMBOLS: &[(&str, &str)] = &[
    ("g", "GRM"),
    ("mg", "MGM"),
    ("t", "TNE"),
    ("l", "LTR"),
    ("L", "LTR"),
    ("ml", "MLT"),
    ("mL", "MLT"),
    ("hl", "HLT"),
    ("hL", "HLT"),
    ("m", "MTR"),
    ("cm", "CMT"),
    ("mm", "MMT"),
    ("km", "KMT"),
    ("ha", "HAR"),
    ("m2", "MTK"),
    ("m²", "MTK"),
    ("m3", "MTQ"),
    ("m³", "MTQ"),
    ("h", "HUR"),
    ("d", "DAY"),
    ("mg/kg", "NA"),
    ("µg/kg", "J33"),
    ("°C", "CEL"),
    ("ºC", "CEL"),
    ("℃", "CEL"),
    ("°F", "FAH"),
    ("℉", "FAH"),
    ("公斤", "KGM"),
    ("千克", "KGM"),
    ("克", "GRM"),
    ("吨", "TNE"),
    ("公吨", "TNE"),
    ("噸", "TNE"),
    ("公噸", "TNE"),
    ("升", "LTR"),
    ("公升", "LTR"),
    ("毫升", "MLT"),
    ("米", "MTR"),
    ("平方米", "MTK"),
    ("立方米", "MTQ"),
    ("头", "HEA"),
    ("頭", "HEA"),
    ("打", "DZN"),
    ("摄氏度", "CEL"),
    ("天", "DAY"),
    ("小时", "HUR"),
    ("кг", "KGM"),
    ("г", "GRM"),
    ("キログラム", "KGM"),
    ("トン", "TNE"),
    ("킬로그램", "KGM"),
];

/// Names in lower case, in order.
static WORDS: &[(&str, &str)] = &[
    ("cbm", "MTQ"),
    ("celsius", "CEL"),
    ("cubic meter", "MTQ"),
    ("cubic meters", "MTQ"),
    ("cubic metre", "MTQ"),
    ("cubic metres", "MTQ"),
    ("day", "DAY"),
    ("days", "DAY"),
    ("deg c", "CEL"),
    ("deg f", "FAH"),
    ("degree celsius", "CEL"),
    ("degree fahrenheit", "FAH"),
    ("degrees celsius", "CEL"),
    ("degrees fahrenheit", "FAH"),
    ("doz", "DZN"),
    ("dozen", "DZN"),
    ("dozens", "DZN"),
    ("ea", "EA"),
    ("each", "EA"),
    ("fahrenheit", "FAH"),
    ("gram", "GRM"),
    ("gramme", "GRM"),
    ("grammes", "GRM"),
    ("gramo", "GRM"),
    ("gramos", "GRM"),
    ("grams", "GRM"),
    ("hd", "HEA"),
    ("head", "HEA"),
    ("heads", "HEA"),
    ("hectare", "HAR"),
    ("hectares", "HAR"),
    ("hectoliter", "HLT"),
    ("hectoliters", "HLT"),
    ("hectolitre", "HLT"),
    ("hectolitres", "HLT"),
    ("hour", "HUR"),
    ("hours", "HUR"),
    ("hrs", "HUR"),
    ("kelvin", "KEL"),
    ("kg", "KGM"),
    ("kgs", "KGM"),
    ("kilo", "KGM"),
    ("kilogram", "KGM"),
    ("kilogramme", "KGM"),
    ("kilogrammes", "KGM"),
    ("kilogramo", "KGM"),
    ("kilogramos", "KGM"),
    ("kilograms", "KGM"),
    ("kilos", "KGM"),
    ("lb", "LBR"),
    ("lbs", "LBR"),
    ("liter", "LTR"),
    ("liters", "LTR"),
    ("litre", "LTR"),
    ("litres", "LTR"),
    ("litro", "LTR"),
    ("litros", "LTR"),
    ("ltr", "LTR"),
    ("ltrs", "LTR"),
    ("meter", "MTR"),
    ("meters", "MTR"),
    ("metre", "MTR"),
    ("metres", "MTR"),
    ("metric ton", "TNE"),
    ("metric tonne", "TNE"),
    ("metric tonnes", "TNE"),
    ("metric tons", "TNE"),
    ("milligram", "MGM"),
    ("milligrams", "MGM"),
    ("milliliter", "MLT"),
    ("milliliters", "MLT"),
    ("millilitre", "MLT"),
    ("millilitres", "MLT"),
    ("mins", "MIN"),
    ("minute", "MIN"),
    ("minutes", "MIN"),
    ("oz avdp", "ONZ"),
    ("pc", "H87"),
    ("pcs", "H87"),
    ("piece", "H87"),
    ("pieces", "H87"),
    ("pound", "LBR"),
    ("pounds", "LBR"),
    ("pza", "H87"),
    ("pzas", "H87"),
    ("quilograma", "KGM"),
    ("quilogramas", "KGM"),
    ("sqm", "MTK"),
    ("square meter", "MTK"),
    ("square meters", "MTK"),
    ("square metre", "MTK"),
    ("square metres", "MTK"),
    ("tne", "TNE"),
    ("tonelada métrica", "TNE"),
    ("tonne", "TNE"),
    ("tonnes", "TNE"),
    ("unidad", "C62"),
    ("unidades", "C62"),
    ("unit", "C62"),
    ("units", "C62"),
    ("week", "WEE"),
    ("weeks", "WEE"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        decimal::number(text.parse().unwrap())
    }

    #[test]
    fn tables_are_in_order() {
        assert!(UNITS.is_sorted_by(|a, b| a.code < b.code));
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0));
        for (text, code) in SYMBOLS.iter().chain(WORDS) {
            assert!(find(code).is_some(), "{text} means {code}");
            assert!(find(text).is_none(), "{text} is a code");
        }
    }

    #[test]
    fn masses_and_volumes_convert_exactly() {
        assert_eq!(convert(n("1.5"), "TNE", "KGM"), Some(n("1500")));
        assert_eq!(convert(n("250"), "GRM", "KGM"), Some(n("0.25")));
        assert_eq!(convert(n("100"), "LBR", "KGM"), Some(n("45.359237")));
        assert_eq!(convert(n("2"), "DTN", "KGM"), Some(n("200")));
        assert_eq!(convert(n("1"), "MTQ", "LTR"), Some(n("1000")));
        assert_eq!(convert(n("3"), "HLT", "LTR"), Some(n("300")));
        assert_eq!(convert(n("1"), "KGM", "LTR"), None);
        assert_eq!(convert(n("1"), "XYZ", "XYZ"), Some(n("1")));
    }

    #[test]
    fn temperatures_compare_exactly() {
        assert_eq!(compare(n("-18"), "CEL", n("-0.4"), "FAH"), Some(Ordering::Equal));
        assert_eq!(compare(n("-18"), "CEL", n("255.15"), "KEL"), Some(Ordering::Equal));
        assert_eq!(compare(n("-18"), "CEL", n("0"), "FAH"), Some(Ordering::Less));
        assert_eq!(convert(n("-0.4"), "FAH", "CEL"), Some(n("-18")));
        assert_eq!(convert(n("0"), "CEL", "KEL"), Some(n("273.15")));
    }

    #[test]
    fn single_things_are_counted_together() {
        for unit in ["C62", "H87", "NAR", "EA", "HEA"] {
            assert_eq!(compare(n("24"), unit, n("2"), "DZN"), Some(Ordering::Equal), "{unit}");
        }
        assert!(!comparable("H87", "PR"));
        assert!(!comparable("H87", "KGM"));
        assert!(comparable("PR", "PR"));
        assert_eq!(find("BX"), None);
    }

    #[test]
    fn only_what_is_certain_is_read() {
        for (written, expected) in [
            ("kg", "KGM"),
            ("KG", "KGM"),
            ("Kgs.", "KGM"),
            ("千克", "KGM"),
            ("吨", "TNE"),
            ("°C", "CEL"),
            ("head", "HEA"),
        ] {
            assert_eq!(code(written), Some(expected), "{written}");
        }
        for written in ["MT", "ton", "T", "", "BX", "cartons", "NULL", "KGM KGM", "mt"] {
            assert_eq!(code(written), None, "{written}");
        }
    }
}
