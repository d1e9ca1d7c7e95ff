//! Countries, and which of two is the origin.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::declarations::Direction;
use ecert_sdk::model::values::Code;

use crate::lists::{COUNTRY, ISO_COUNTRY};
use crate::message::Node;

/// China in the national list and in ISO 3166-1.
const CHINA: &[&str] = &["142", "CHN"];

/// A country, in the list its form shows.
pub(crate) fn country(parent: Node<'_>, name: &str) -> Option<Code> {
    let field = parent.filled(name)?;
    let letters = field.text().bytes().all(|byte| byte.is_ascii_alphabetic());
    Some(field.code(if letters { ISO_COUNTRY } else { COUNTRY }))
}

/// Origin and destination of an item.
///
/// In declarations for export the dictionary of the single window has the two
/// change places: `OriginCountry` is where the goods go, `DestinationCountry`
/// where they are from. Not every sender follows it. Where just one of the two
/// is China, that one is the origin of what leaves China; otherwise the
/// dictionary counts.
pub(crate) fn origin_and_destination(
    item: Node<'_>,
    direction: Direction,
    problems: &Problems,
) -> (Option<Code>, Option<Code>) {
    let origin = country(item, "OriginCountry");
    let destination = country(item, "DestinationCountry");
    if direction != Direction::Export {
        return (origin, destination);
    }
    let is_china =
        |code: &Option<Code>| code.as_ref().is_some_and(|code| CHINA.contains(&code.value.as_str()));
    if is_china(&origin) && !is_china(&destination) {
        let text = "OriginCountry is China on an export, where the destination belongs: read as the origin.";
        problems.information("origin-not-exchanged", item.place(), text);
        return (origin, destination);
    }
    (destination, origin)
}
