//! The tables every host knows, with their columns.

use super::definition::{Column, Content, Definition};

/// All of them.
pub(super) fn built_in() -> Vec<Definition> {
    use Content::{
        CommodityPrefix, CommodityPrefixes, Country, CountryOrAny, DocumentTypes, Locode, LowerCase,
        Normalised, Number, Required, Script, Text, Unit,
    };
    let words = |words: &[&str]| Content::OneOf(words.iter().map(|word| (*word).to_owned()).collect());
    let optional = |content: Content| Content::Optional(Box::new(content));
    vec![
        // An establishment is suspended on the days of a row that says so.
        table(
            "approved-establishments",
            &["country", "number", "activity", "species"],
            vec![
                ("country", Country),
                ("number", Normalised),
                ("activity", Text),
                ("species", Text),
                ("status", words(&["approved", "suspended"])),
            ],
        ),
        table(
            "issuing-authorities",
            &["country", "authority"],
            vec![
                ("country", Country),
                ("authority", Required),
                ("name", Text),
                ("certificateTypes", DocumentTypes),
            ],
        ),
        // Who may sign for an authority.
        table(
            "signatories",
            &["country", "authority", "signatory"],
            vec![
                ("country", Country),
                ("authority", Required),
                ("signatory", Required),
                ("certificateTypes", DocumentTypes),
            ],
        ),
        table(
            "party-aliases",
            &["party", "alias"],
            vec![("party", Normalised), ("alias", Required), ("script", optional(Script))],
        ),
        // What an item needs.
        table(
            "requirements",
            &["hsPrefix", "origin", "procedure"],
            vec![
                ("hsPrefix", CommodityPrefix),
                ("origin", CountryOrAny),
                ("procedure", Text),
                ("certificateTypes", DocumentTypes),
                ("ruleKinds", Text),
                ("form", words(&["paperless", "paper"])),
            ],
        ),
        // Who else than a country's authority may deliver its certificates.
        table(
            "delivery-grants",
            &["principal", "country", "certificateTypes"],
            vec![("principal", Required), ("country", Country), ("certificateTypes", DocumentTypes)],
        ),
        // Statements that certificates for goods of an origin bear.
        table(
            "commodity-attestations",
            &["hsPrefix", "origin", "attestation"],
            vec![
                ("hsPrefix", CommodityPrefix),
                ("origin", CountryOrAny),
                ("attestation", Required),
                ("text", Text),
            ],
        ),
        // Pests that goods of an origin are to be free from, and the additional
        // declaration or the treatment (UNCL 7187) that answers each.
        table(
            "plant-health-requirements",
            &["hsPrefix", "origin", "pest", "declaration", "treatment"],
            vec![
                ("hsPrefix", CommodityPrefix),
                ("origin", CountryOrAny),
                ("pest", Required),
                ("declaration", Text),
                ("treatment", Text),
            ],
        ),
        // What treatments (UNCL 7187) have to reach; degrees are Celsius.
        table(
            "treatment-schedules",
            &[
                "treatment",
                "chemical",
                "minimumDose",
                "minimumDuration",
                "minimumTemperature",
                "maximumTemperature",
            ],
            vec![
                ("treatment", Required),
                ("chemical", LowerCase),
                ("minimumDose", optional(Number)),
                ("doseUnit", optional(Unit)),
                ("minimumDuration", optional(Number)),
                ("durationUnit", optional(Unit)),
                ("minimumTemperature", optional(Number)),
                ("maximumTemperature", optional(Number)),
            ],
        ),
        // The most that goods may hold of a substance.
        table(
            "residue-limits",
            &["substance", "hsPrefix"],
            vec![("substance", LowerCase), ("hsPrefix", CommodityPrefix), ("limit", Number), ("unit", Unit)],
        ),
        table(
            "botanical-names",
            &["hsPrefix", "name"],
            vec![("hsPrefix", CommodityPrefix), ("name", Required)],
        ),
        table(
            "zoological-names",
            &["hsPrefix", "name"],
            vec![("hsPrefix", CommodityPrefix), ("name", Required)],
        ),
        // Where a disease or pest is; the region * stands for the country.
        table(
            "disease-status",
            &["country", "region", "disease"],
            vec![("country", Country), ("region", Required), ("disease", LowerCase), ("status", LowerCase)],
        ),
        // Where what may enter; several activities have blanks between.
        table(
            "ports",
            &["country", "code"],
            vec![("code", Locode), ("name", Text), ("country", Country), ("activities", Text)],
        ),
        table(
            "product-registrations",
            &["country", "registration", "product"],
            vec![
                ("country", Country),
                ("registration", Normalised),
                ("establishment", optional(Normalised)),
                ("product", CommodityPrefixes),
            ],
        ),
        // National codes and the standard ones they stand for.
        table(
            "code-maps",
            &["list", "code", "toList"],
            vec![
                ("list", Required),
                ("code", Required),
                ("toList", Required),
                ("toCode", Content::CodeOf("toList".to_owned())),
                ("name", Text),
            ],
        ),
        // The codes of lists that others refer to.
        table(
            "code-lists",
            &["list", "code"],
            vec![("list", Required), ("code", Required), ("name", Required), ("nameZh", Text)],
        ),
        // Which code of one nomenclature became which of another.
        table(
            "commodity-correlations",
            &["system", "edition", "code", "toSystem", "toEdition", "toCode"],
            vec![
                ("system", Required),
                ("edition", Text),
                ("code", CommodityPrefix),
                ("toSystem", Required),
                ("toEdition", Text),
                ("toCode", CommodityPrefix),
            ],
        ),
    ]
}

fn table(name: &str, unique: &[&str], columns: Vec<(&str, Content)>) -> Definition {
    Definition {
        name: name.into(),
        columns: columns.into_iter().map(|(name, content)| Column { name: name.into(), content }).collect(),
        unique: unique.iter().map(|column| (*column).to_owned()).collect(),
    }
}
