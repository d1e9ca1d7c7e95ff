//! Mānuka honey.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::assurances::observations;
use goods::{HS_2022, is_of};

use crate::parameters::Parameters;

/// Honey that is called mānuka honey is that.
pub const MANUKA: Rule<Parameters> = Rule::of_item("manuka-definition", manuka)
    .titles(&[
        ("en", "Honey called mānuka honey has the markers of it"),
        ("zh", "麦卢卡蜂蜜符合新西兰官方定义的特征标志物"),
    ])
    .messages(&[
        ("en", "{marker} is {measured}; mānuka honey has {least} at least."),
        ("zh", "{marker} 为 {measured}；麦卢卡蜂蜜不低于 {least}。"),
    ])
    .arguments(&["marker", "measured", "least"])
    .needs(&["certificate-line", "description", "laboratory-results", "unit"])
    .legal_basis("Export requirements of the partner for bee products: scientific definition of mānuka honey")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

fn manuka(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0409"]) {
        return Judgement::NotApplicable;
    }
    let is_manuka = |text: &str| {
        let text = text.to_lowercase();
        ["manuka", "mānuka", "麦卢卡"].iter().any(|word| text.contains(word))
    };
    check.each_line(|line, tally| {
        let texts =
            line.line.descriptions.iter().chain(&line.line.common_names).chain(&check.item().descriptions);
        let texts: Vec<&str> = texts.map(|text| text.value.as_str()).collect();
        if texts.is_empty() {
            return tally.missing("description");
        }
        if !texts.into_iter().any(is_manuka) {
            return;
        }
        for marker in &check.parameters().manuka_markers {
            let found = observations(line.line, &marker.any_of);
            let Some(measured) = found.iter().find_map(|one| one.value.as_ref()) else {
                tally.missing("laboratory-results");
                continue;
            };
            let Some(order) = marker.least.compare(measured) else {
                tally.missing("unit");
                continue;
            };
            tally.check(order.is_ge(), || {
                Difference::new()
                    .argument("marker", marker.any_of.first().map_or("", String::as_str))
                    .argument("measured", measured)
                    .argument("least", marker.least.measure())
                    .expected(marker.least.measure())
                    .actual(measured)
                    .in_line(line, measured.place)
            });
        }
    })
}
