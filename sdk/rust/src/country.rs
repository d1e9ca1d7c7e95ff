//! Countries and territories of ISO 3166-1.
//!
//! ```
//! use ecert_sdk::country;
//!
//! let new_zealand = country::find("NZL").unwrap();
//! assert_eq!(new_zealand.alpha2, "NZ");
//! assert_eq!(country::find("554"), Some(new_zealand));
//! assert_eq!(country::same("nz", "554"), Some(true));
//! assert_eq!(country::same("NZ", "New Zealand"), None);
//! ```

/// A country or territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// Two letters (ISO 3166-1 alpha-2).
    pub alpha2: &'static str,
    /// Three letters (ISO 3166-1 alpha-3); empty where there are none.
    pub alpha3: &'static str,
    /// Number (ISO 3166-1 numeric), 0 where there is none.
    pub numeric: u16,
    /// English name.
    pub name: &'static str,
    /// How far ISO 3166-1 knows the code.
    pub status: Status,
}

/// How far ISO 3166-1 knows a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Assigned to a country or territory.
    Assigned,
    /// Reserved exceptionally: `EU`.
    Reserved,
    /// From the range left to users, with a meaning that European customs and
    /// TRACES agree on: `XI` Northern Ireland, `XK` Kosovo.
    UserAssigned,
}

impl Country {
    /// The country that customs treat this code as a part of: `XI`, which
    /// stands for Northern Ireland where the Union's rules apply, belongs to
    /// the United Kingdom.
    pub fn part_of(&self) -> Option<&'static Country> {
        (self.alpha2 == "XI").then(|| find("GB")).flatten()
    }
}

/// Finds a country by its two letters, three letters or three digits, in any
/// case. Names are not looked up, and `UK` and `EL`, which some European
/// systems write, are taken for `GB` and `GR`.
pub fn find(code: &str) -> Option<&'static Country> {
    let code = code.trim();
    if !code.is_ascii() {
        return None;
    }
    let upper = code.to_ascii_uppercase();
    match upper.as_str() {
        "UK" => return find("GB"),
        "EL" => return find("GR"),
        _ => {}
    }
    let upper = upper.as_str();
    let index = match upper.len() {
        2 => COUNTRIES.binary_search_by(|country| country.alpha2.cmp(upper)).ok()?,
        3 if upper.bytes().all(|byte| byte.is_ascii_digit()) => {
            let number: u16 = upper.parse().ok().filter(|number| *number > 0)?;
            by(&BY_NUMERIC, |country| country.numeric.cmp(&number))?
        }
        3 => by(&BY_ALPHA3, |country| country.alpha3.cmp(upper))?,
        _ => return None,
    };
    COUNTRIES.get(index)
}

/// Whether both codes mean the same country, whichever of the three forms each
/// has; none when one of them is unknown.
pub fn same(a: &str, b: &str) -> Option<bool> {
    Some(find(a)?.alpha2 == find(b)?.alpha2)
}

fn by(order: &[u16], compare: impl Fn(&Country) -> std::cmp::Ordering) -> Option<usize> {
    let found = order.binary_search_by(|index| compare(&COUNTRIES[usize::from(*index)])).ok()?;
    order.get(found).map(|index| usize::from(*index))
}

/// Indices of [`COUNTRIES`] in the order of alpha-3, made by the compiler.
static BY_ALPHA3: [u16; COUNTRIES.len()] = sorted(false);
/// Indices of [`COUNTRIES`] in the order of the numbers.
static BY_NUMERIC: [u16; COUNTRIES.len()] = sorted(true);

const fn sorted(by_number: bool) -> [u16; COUNTRIES.len()] {
    let mut order = [0; COUNTRIES.len()];
    let mut next = 0;
    while next < order.len() {
        let mut at = next;
        while at > 0 && key(order[at - 1], by_number) > key(next as u16, by_number) {
            order[at] = order[at - 1];
            at -= 1;
        }
        order[at] = next as u16;
        next += 1;
    }
    order
}

const fn key(index: u16, by_number: bool) -> u32 {
    let country = &COUNTRIES[index as usize];
    if by_number {
        return country.numeric as u32;
    }
    match country.alpha3.as_bytes() {
        [a, b, c] => (*a as u32) << 16 | (*b as u32) << 8 | *c as u32,
        _ => 0,
    }
}

const fn assigned(alpha2: &'static str, alpha3: &'static str, numeric: u16, name: &'static str) -> Country {
    Country { alpha2, alpha3, numeric, name, status: Status::Assigned }
}

const fn other(alpha2: &'static str, alpha3: &'static str, name: &'static str, status: Status) -> Country {
    Country { alpha2, alpha3, numeric: 0, name, status }
}

/// All of them, in the order of alpha-2.
#[rustfmt::skip]
pub static COUNTRIES: [Country; 252] = [
    assigned("AD", "AND", 20, "Andorra"),
    assigned("AE", "ARE", 784, "United Arab Emirates"),
    assigned("AF", "AFG", 4, "Afghanistan"),
    assigned("AG", "ATG", 28, "Antigua and Barbuda"),
    assigned("AI", "AIA", 660, "Anguilla"),
    assigned("AL", "ALB", 8, "Albania"),
    assigned("AM", "ARM", 51, "Armenia"),
    assigned("AO", "AGO", 24, "Angola"),
    assigned("AQ", "ATA", 10, "Antarctica"),
    assigned("AR", "ARG", 32, "Argentina"),
    assigned("AS", "ASM", 16, "American Samoa"),
    assigned("AT", "AUT", 40, "Austria"),
    assigned("AU", "AUS", 36, "Australia"),
    assigned("AW", "ABW", 533, "Aruba"),
    assigned("AX", "ALA", 248, "Åland Islands"),
    assigned("AZ", "AZE", 31, "Azerbaijan"),
    assigned("BA", "BIH", 70, "Bosnia and Herzegovina"),
    assigned("BB", "BRB", 52, "Barbados"),
    assigned("BD", "BGD", 50, "Bangladesh"),
    assigned("BE", "BEL", 56, "Belgium"),
    assigned("BF", "BFA", 854, "Burkina Faso"),
    assigned("BG", "BGR", 100, "Bulgaria"),
    assigned("BH", "BHR", 48, "Bahrain"),
    assigned("BI", "BDI", 108, "Burundi"),
    assigned("BJ", "BEN", 204, "Benin"),
    assigned("BL", "BLM", 652, "Saint Barthélemy"),
    assigned("BM", "BMU", 60, "Bermuda"),
    assigned("BN", "BRN", 96, "Brunei"),
    assigned("BO", "BOL", 68, "Bolivia"),
    assigned("BQ", "BES", 535, "Caribbean Netherlands"),
    assigned("BR", "BRA", 76, "Brazil"),
    assigned("BS", "BHS", 44, "Bahamas"),
    assigned("BT", "BTN", 64, "Bhutan"),
    assigned("BV", "BVT", 74, "Bouvet Island"),
    assigned("BW", "BWA", 72, "Botswana"),
    assigned("BY", "BLR", 112, "Belarus"),
    assigned("BZ", "BLZ", 84, "Belize"),
    assigned("CA", "CAN", 124, "Canada"),
    assigned("CC", "CCK", 166, "Cocos Islands"),
    assigned("CD", "COD", 180, "Democratic Republic of the Congo"),
    assigned("CF", "CAF", 140, "Central African Republic"),
    assigned("CG", "COG", 178, "Republic of the Congo"),
    assigned("CH", "CHE", 756, "Switzerland"),
    assigned("CI", "CIV", 384, "Ivory Coast"),
    assigned("CK", "COK", 184, "Cook Islands"),
    assigned("CL", "CHL", 152, "Chile"),
    assigned("CM", "CMR", 120, "Cameroon"),
    assigned("CN", "CHN", 156, "China"),
    assigned("CO", "COL", 170, "Colombia"),
    assigned("CR", "CRI", 188, "Costa Rica"),
    assigned("CU", "CUB", 192, "Cuba"),
    assigned("CV", "CPV", 132, "Cabo Verde"),
    assigned("CW", "CUW", 531, "Curaçao"),
    assigned("CX", "CXR", 162, "Christmas Island"),
    assigned("CY", "CYP", 196, "Cyprus"),
    assigned("CZ", "CZE", 203, "Czechia"),
    assigned("DE", "DEU", 276, "Germany"),
    assigned("DJ", "DJI", 262, "Djibouti"),
    assigned("DK", "DNK", 208, "Denmark"),
    assigned("DM", "DMA", 212, "Dominica"),
    assigned("DO", "DOM", 214, "Dominican Republic"),
    assigned("DZ", "DZA", 12, "Algeria"),
    assigned("EC", "ECU", 218, "Ecuador"),
    assigned("EE", "EST", 233, "Estonia"),
    assigned("EG", "EGY", 818, "Egypt"),
    assigned("EH", "ESH", 732, "Western Sahara"),
    assigned("ER", "ERI", 232, "Eritrea"),
    assigned("ES", "ESP", 724, "Spain"),
    assigned("ET", "ETH", 231, "Ethiopia"),
    other("EU", "", "European Union", Status::Reserved),
    assigned("FI", "FIN", 246, "Finland"),
    assigned("FJ", "FJI", 242, "Fiji"),
    assigned("FK", "FLK", 238, "Falkland Islands"),
    assigned("FM", "FSM", 583, "Micronesia"),
    assigned("FO", "FRO", 234, "Faroe Islands"),
    assigned("FR", "FRA", 250, "France"),
    assigned("GA", "GAB", 266, "Gabon"),
    assigned("GB", "GBR", 826, "United Kingdom"),
    assigned("GD", "GRD", 308, "Grenada"),
    assigned("GE", "GEO", 268, "Georgia"),
    assigned("GF", "GUF", 254, "French Guiana"),
    assigned("GG", "GGY", 831, "Guernsey"),
    assigned("GH", "GHA", 288, "Ghana"),
    assigned("GI", "GIB", 292, "Gibraltar"),
    assigned("GL", "GRL", 304, "Greenland"),
    assigned("GM", "GMB", 270, "Gambia"),
    assigned("GN", "GIN", 324, "Guinea"),
    assigned("GP", "GLP", 312, "Guadeloupe"),
    assigned("GQ", "GNQ", 226, "Equatorial Guinea"),
    assigned("GR", "GRC", 300, "Greece"),
    assigned("GS", "SGS", 239, "South Georgia and the South Sandwich Islands"),
    assigned("GT", "GTM", 320, "Guatemala"),
    assigned("GU", "GUM", 316, "Guam"),
    assigned("GW", "GNB", 624, "Guinea-Bissau"),
    assigned("GY", "GUY", 328, "Guyana"),
    assigned("HK", "HKG", 344, "Hong Kong"),
    assigned("HM", "HMD", 334, "Heard Island and McDonald Islands"),
    assigned("HN", "HND", 340, "Honduras"),
    assigned("HR", "HRV", 191, "Croatia"),
    assigned("HT", "HTI", 332, "Haiti"),
    assigned("HU", "HUN", 348, "Hungary"),
    assigned("ID", "IDN", 360, "Indonesia"),
    assigned("IE", "IRL", 372, "Ireland"),
    assigned("IL", "ISR", 376, "Israel"),
    assigned("IM", "IMN", 833, "Isle of Man"),
    assigned("IN", "IND", 356, "India"),
    assigned("IO", "IOT", 86, "British Indian Ocean Territory"),
    assigned("IQ", "IRQ", 368, "Iraq"),
    assigned("IR", "IRN", 364, "Iran"),
    assigned("IS", "ISL", 352, "Iceland"),
    assigned("IT", "ITA", 380, "Italy"),
    assigned("JE", "JEY", 832, "Jersey"),
    assigned("JM", "JAM", 388, "Jamaica"),
    assigned("JO", "JOR", 400, "Jordan"),
    assigned("JP", "JPN", 392, "Japan"),
    assigned("KE", "KEN", 404, "Kenya"),
    assigned("KG", "KGZ", 417, "Kyrgyzstan"),
    assigned("KH", "KHM", 116, "Cambodia"),
    assigned("KI", "KIR", 296, "Kiribati"),
    assigned("KM", "COM", 174, "Comoros"),
    assigned("KN", "KNA", 659, "Saint Kitts and Nevis"),
    assigned("KP", "PRK", 408, "North Korea"),
    assigned("KR", "KOR", 410, "South Korea"),
    assigned("KW", "KWT", 414, "Kuwait"),
    assigned("KY", "CYM", 136, "Cayman Islands"),
    assigned("KZ", "KAZ", 398, "Kazakhstan"),
    assigned("LA", "LAO", 418, "Laos"),
    assigned("LB", "LBN", 422, "Lebanon"),
    assigned("LC", "LCA", 662, "Saint Lucia"),
    assigned("LI", "LIE", 438, "Liechtenstein"),
    assigned("LK", "LKA", 144, "Sri Lanka"),
    assigned("LR", "LBR", 430, "Liberia"),
    assigned("LS", "LSO", 426, "Lesotho"),
    assigned("LT", "LTU", 440, "Lithuania"),
    assigned("LU", "LUX", 442, "Luxembourg"),
    assigned("LV", "LVA", 428, "Latvia"),
    assigned("LY", "LBY", 434, "Libya"),
    assigned("MA", "MAR", 504, "Morocco"),
    assigned("MC", "MCO", 492, "Monaco"),
    assigned("MD", "MDA", 498, "Moldova"),
    assigned("ME", "MNE", 499, "Montenegro"),
    assigned("MF", "MAF", 663, "Saint Martin"),
    assigned("MG", "MDG", 450, "Madagascar"),
    assigned("MH", "MHL", 584, "Marshall Islands"),
    assigned("MK", "MKD", 807, "North Macedonia"),
    assigned("ML", "MLI", 466, "Mali"),
    assigned("MM", "MMR", 104, "Myanmar"),
    assigned("MN", "MNG", 496, "Mongolia"),
    assigned("MO", "MAC", 446, "Macao"),
    assigned("MP", "MNP", 580, "Northern Mariana Islands"),
    assigned("MQ", "MTQ", 474, "Martinique"),
    assigned("MR", "MRT", 478, "Mauritania"),
    assigned("MS", "MSR", 500, "Montserrat"),
    assigned("MT", "MLT", 470, "Malta"),
    assigned("MU", "MUS", 480, "Mauritius"),
    assigned("MV", "MDV", 462, "Maldives"),
    assigned("MW", "MWI", 454, "Malawi"),
    assigned("MX", "MEX", 484, "Mexico"),
    assigned("MY", "MYS", 458, "Malaysia"),
    assigned("MZ", "MOZ", 508, "Mozambique"),
    assigned("NA", "NAM", 516, "Namibia"),
    assigned("NC", "NCL", 540, "New Caledonia"),
    assigned("NE", "NER", 562, "Niger"),
    assigned("NF", "NFK", 574, "Norfolk Island"),
    assigned("NG", "NGA", 566, "Nigeria"),
    assigned("NI", "NIC", 558, "Nicaragua"),
    assigned("NL", "NLD", 528, "Netherlands"),
    assigned("NO", "NOR", 578, "Norway"),
    assigned("NP", "NPL", 524, "Nepal"),
    assigned("NR", "NRU", 520, "Nauru"),
    assigned("NU", "NIU", 570, "Niue"),
    assigned("NZ", "NZL", 554, "New Zealand"),
    assigned("OM", "OMN", 512, "Oman"),
    assigned("PA", "PAN", 591, "Panama"),
    assigned("PE", "PER", 604, "Peru"),
    assigned("PF", "PYF", 258, "French Polynesia"),
    assigned("PG", "PNG", 598, "Papua New Guinea"),
    assigned("PH", "PHL", 608, "Philippines"),
    assigned("PK", "PAK", 586, "Pakistan"),
    assigned("PL", "POL", 616, "Poland"),
    assigned("PM", "SPM", 666, "Saint Pierre and Miquelon"),
    assigned("PN", "PCN", 612, "Pitcairn Islands"),
    assigned("PR", "PRI", 630, "Puerto Rico"),
    assigned("PS", "PSE", 275, "Palestine"),
    assigned("PT", "PRT", 620, "Portugal"),
    assigned("PW", "PLW", 585, "Palau"),
    assigned("PY", "PRY", 600, "Paraguay"),
    assigned("QA", "QAT", 634, "Qatar"),
    assigned("RE", "REU", 638, "Réunion"),
    assigned("RO", "ROU", 642, "Romania"),
    assigned("RS", "SRB", 688, "Serbia"),
    assigned("RU", "RUS", 643, "Russia"),
    assigned("RW", "RWA", 646, "Rwanda"),
    assigned("SA", "SAU", 682, "Saudi Arabia"),
    assigned("SB", "SLB", 90, "Solomon Islands"),
    assigned("SC", "SYC", 690, "Seychelles"),
    assigned("SD", "SDN", 729, "Sudan"),
    assigned("SE", "SWE", 752, "Sweden"),
    assigned("SG", "SGP", 702, "Singapore"),
    assigned("SH", "SHN", 654, "Saint Helena, Ascension and Tristan da Cunha"),
    assigned("SI", "SVN", 705, "Slovenia"),
    assigned("SJ", "SJM", 744, "Svalbard and Jan Mayen"),
    assigned("SK", "SVK", 703, "Slovakia"),
    assigned("SL", "SLE", 694, "Sierra Leone"),
    assigned("SM", "SMR", 674, "San Marino"),
    assigned("SN", "SEN", 686, "Senegal"),
    assigned("SO", "SOM", 706, "Somalia"),
    assigned("SR", "SUR", 740, "Suriname"),
    assigned("SS", "SSD", 728, "South Sudan"),
    assigned("ST", "STP", 678, "São Tomé and Príncipe"),
    assigned("SV", "SLV", 222, "El Salvador"),
    assigned("SX", "SXM", 534, "Sint Maarten"),
    assigned("SY", "SYR", 760, "Syria"),
    assigned("SZ", "SWZ", 748, "Eswatini"),
    assigned("TC", "TCA", 796, "Turks and Caicos Islands"),
    assigned("TD", "TCD", 148, "Chad"),
    assigned("TF", "ATF", 260, "French Southern Territories"),
    assigned("TG", "TGO", 768, "Togo"),
    assigned("TH", "THA", 764, "Thailand"),
    assigned("TJ", "TJK", 762, "Tajikistan"),
    assigned("TK", "TKL", 772, "Tokelau"),
    assigned("TL", "TLS", 626, "Timor-Leste"),
    assigned("TM", "TKM", 795, "Turkmenistan"),
    assigned("TN", "TUN", 788, "Tunisia"),
    assigned("TO", "TON", 776, "Tonga"),
    assigned("TR", "TUR", 792, "Türkiye"),
    assigned("TT", "TTO", 780, "Trinidad and Tobago"),
    assigned("TV", "TUV", 798, "Tuvalu"),
    assigned("TW", "TWN", 158, "Taiwan"),
    assigned("TZ", "TZA", 834, "Tanzania"),
    assigned("UA", "UKR", 804, "Ukraine"),
    assigned("UG", "UGA", 800, "Uganda"),
    assigned("UM", "UMI", 581, "United States Minor Outlying Islands"),
    assigned("US", "USA", 840, "United States"),
    assigned("UY", "URY", 858, "Uruguay"),
    assigned("UZ", "UZB", 860, "Uzbekistan"),
    assigned("VA", "VAT", 336, "Vatican City"),
    assigned("VC", "VCT", 670, "Saint Vincent and the Grenadines"),
    assigned("VE", "VEN", 862, "Venezuela"),
    assigned("VG", "VGB", 92, "British Virgin Islands"),
    assigned("VI", "VIR", 850, "United States Virgin Islands"),
    assigned("VN", "VNM", 704, "Vietnam"),
    assigned("VU", "VUT", 548, "Vanuatu"),
    assigned("WF", "WLF", 876, "Wallis and Futuna"),
    assigned("WS", "WSM", 882, "Samoa"),
    other("XI", "", "Northern Ireland", Status::UserAssigned),
    other("XK", "XKX", "Kosovo", Status::UserAssigned),
    assigned("YE", "YEM", 887, "Yemen"),
    assigned("YT", "MYT", 175, "Mayotte"),
    assigned("ZA", "ZAF", 710, "South Africa"),
    assigned("ZM", "ZMB", 894, "Zambia"),
    assigned("ZW", "ZWE", 716, "Zimbabwe"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_is_found_by_every_code() {
        assert!(COUNTRIES.is_sorted_by(|a, b| a.alpha2 < b.alpha2));
        for country in &COUNTRIES {
            assert_eq!(find(country.alpha2), Some(country));
            if !country.alpha3.is_empty() {
                assert_eq!(find(country.alpha3), Some(country));
            }
            if country.status == Status::Assigned {
                assert_eq!(find(&format!("{:03}", country.numeric)), Some(country));
            }
        }
        assert_eq!(COUNTRIES.iter().filter(|country| country.status == Status::Assigned).count(), 249);
    }

    #[test]
    fn what_is_no_code_is_not_found() {
        for text in ["", "N", "ZZ", "AN", "000", "54", "NZLD", "新西兰", "New Zealand", "é"] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn european_customs_codes() {
        assert_eq!(find("XI").unwrap().part_of(), find("GB"));
        assert_eq!(find("uk"), find("GB"));
        assert_eq!(same("EL", "GRC"), Some(true));
        assert_eq!(find("XK").unwrap().name, "Kosovo");
        assert_eq!(same("XI", "GB"), Some(false));
    }
}
