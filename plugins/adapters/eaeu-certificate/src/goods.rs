//! What is certified.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::certificates::TradeLine;
use ecert_sdk::model::parts::{Classification, CountryArea, Packages};
use ecert_sdk::model::values::Measure;
use ecert_sdk::unit;
use ecert_sdk::xml::Element;

use crate::values::{Texts, country};

/// The commodity nomenclature of the Union, ten digits.
const NOMENCLATURE: &str = "EAEU";

pub(crate) fn read(element: Element<'_>, number: u32, problems: &Problems) -> TradeLine {
    let mut texts = Texts::new(problems);
    let place = element.place();
    let weight = |name: &str| element.measure_at(name, Some("KGM"), problems);
    let origin = country(element, "OriginCountryCode", Some("OriginCountry"), &mut texts);
    TradeLine {
        sequence: element.count_at("Number", problems).unwrap_or(number),
        descriptions: texts.all(element, &["Name"]),
        scientific_names: texts.all(element, &["BotanicalName"]),
        intended_uses: texts.all(element, &["Purpose"]),
        classifications: element
            .filled("Code")
            .map(|code| Classification {
                system: Some(NOMENCLATURE.into()),
                class_code: Some(code.text().into()),
                place: code.place(),
                ..Classification::default()
            })
            .into_iter()
            .collect(),
        net_weight: weight("NetWeight"),
        gross_weight: weight("GrossWeight"),
        count: quantity(element, problems),
        packages: packages(element, &mut texts, problems).into_iter().collect(),
        origins: origin
            .map(|country| CountryArea { place: country.place, country, subdivisions: Vec::new() })
            .into_iter()
            .collect(),
        extensions: texts.damaged,
        place,
        ..TradeLine::default()
    }
}

/// A quantity in a unit that is written out, шт or pieces.
fn quantity(element: Element<'_>, problems: &Problems) -> Option<Measure> {
    let measure = element.measure_at("Quantity", None, problems)?;
    let Some(written) = element.text_of("Unit") else { return Some(measure) };
    let unit = unit::code(written).map(str::to_owned);
    let unit_as_written = (unit.as_deref() != Some(written)).then(|| written.to_owned());
    Some(Measure { unit, unit_as_written, ..measure })
}

fn packages(element: Element<'_>, texts: &mut Texts<'_>, problems: &Problems) -> Option<Packages> {
    let count = element.number_at("PackageCount", problems);
    let kind = texts.take(element, "PackageType");
    let place = element.filled("PackageCount").or_else(|| element.filled("PackageType"))?.place();
    let type_code = kind.and_then(|_| element.code_at("PackageType", "name"));
    Some(Packages { level: None, type_code, count, marks: texts.all(element, &["Marks"]), place })
}
