//! Food that is made in Macao.

use ecert_sdk::country;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::{HS_2022, coded, is_of, registrations, stated};
use protocol::places::{ARGUMENTS, Kind, NEEDS, registered};

use crate::parameters::Parameters;

/// Food, of whatever heading.
const FOOD: &[&str] = &["0210", "03", "16", "19", "21"];

/// The producer is registered.
pub const PRODUCER: Rule<Parameters> = Rule::of_item("producer-registered", producer)
    .titles(&[("en", "The food is from registered producers in Macao"), ("zh", "食品来自澳门注册生产企业")])
    .messages(&[
        ("en", "Producer {place} of {origin} was {status} on {day}."),
        ("zh", "{origin} 生产企业 {place} 于 {day} 的状态为 {status}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .legal_basis("Bilateral arrangement on food: producers registered by both authorities")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// It was made there, not packed anew.
pub const MADE: Rule<Parameters> = Rule::of_item("made-in-macao", made)
    .titles(&[
        ("en", "The food was made in Macao, not just packed there"),
        ("zh", "食品在澳门生产，而非仅分装"),
    ])
    .messages(&[
        ("en", "The certificate names as steps in Macao: {steps}. None of them makes the food."),
        ("zh", "证书所列在澳门的工序为：{steps}，均非实质性生产。"),
    ])
    .arguments(&["steps"])
    .needs(&["certificate-line", "processes"])
    .legal_basis("Closer economic partnership arrangement: goods of Macao origin by substantial processing")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Material from animals has certificates of its own.
pub const MATERIAL: Rule<Parameters> = Rule::of_item("raw-material-certificate", material)
    .titles(&[
        ("en", "Raw material from animals came with certificates of its own"),
        ("zh", "动物源性原料附有原产地官方证书"),
    ])
    .messages(&[
        ("en", "Certificate {number} names material from {source} and no certificate of it."),
        ("zh", "证书 {number} 列明原料来自 {source}，但未注明其官方证书。"),
    ])
    .arguments(&["number", "source"])
    .needs(&["certificate-line", "raw-material-origin"])
    .legal_basis("Bilateral arrangement on meat products: raw material from sources that both sides accept")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// The brand is registered.
pub const BRAND: Rule<Parameters> = Rule::of_item("brand-registered", brand)
    .titles(&[("en", "The brand of the food is registered"), ("zh", "食品品牌已登记")])
    .messages(&[
        ("en", "Registration {registration} is {status}."),
        ("zh", "登记编号 {registration} 的状态为 {status}。"),
    ])
    .arguments(&["registration", "status"])
    .needs(&["registration", "product-registrations"])
    .legal_basis("Bilateral arrangement on food: list of admitted products and brands")
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

fn producer(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(check, &Kind { prefixes: FOOD, activity: "PP", subjects: &["PRODUCER"] })
}

fn made(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, FOOD) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        // What was done elsewhere does not count.
        let own = line.line.processes.iter().filter(|process| {
            process.country.as_ref().is_none_or(|code| country::same(&code.value, "MO") != Some(false))
        });
        let codes: Vec<&str> =
            own.filter_map(|process| process.type_code.as_ref()).map(|code| code.value.as_str()).collect();
        if codes.is_empty() {
            return tally.missing("processes");
        }
        // UNCL 7187: 13 packing, 43 storage, 44 carriage, 36 examination.
        let makes = codes.iter().any(|code| !matches!(*code, "13" | "43" | "44" | "36" | "CS"));
        tally.check(makes, || {
            let place = line.line.processes.first().map_or(line.line.place, |process| process.place);
            Difference::new()
                .argument("steps", codes.join(", "))
                .actual(codes.join(", "))
                .in_line(line, place)
        });
    })
}

fn material(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &check.parameters().animal_material) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        let sources = stated::about(line, &["RAW_MATERIAL_ORIGIN"]);
        let Some(source) = sources.first() else { return tally.missing("raw-material-origin") };
        let certificates = stated::about(line, &["RAW_MATERIAL_CERTIFICATE"]);
        let documents =
            line.cited.certificate.referenced_documents.iter().chain(&line.line.referenced_documents);
        let referred = documents.filter(|document| {
            document.type_code.as_ref().is_some_and(|code| matches!(code.value.as_str(), "852" | "853"))
        });
        let named = !certificates.is_empty() || referred.count() > 0;
        tally.check(named, || {
            Difference::new()
                .argument("number", &line.cited.certificate.number.value)
                .argument("source", source.value)
                .in_line(line, source.place)
        });
    })
}

fn brand(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, FOOD) {
        return Judgement::NotApplicable;
    }
    let documents = stated::documents(check, &check.parameters().brand_documents);
    let Some(number) = documents.iter().find_map(|document| document.number.as_ref()) else {
        return Judgement::NotEvaluable("registration");
    };
    let day = check.dates().arrival.unwrap_or(check.dates().decision);
    let Some(found) = registrations::find(check, "MO", &number.value, day) else {
        return Judgement::NotEvaluable("product-registrations");
    };
    if found.iter().any(|one| one.prefixes.is_empty() || is_of(check, &one.prefixes)) {
        return Judgement::Passed;
    }
    let word = if found.is_empty() { "not-registered" } else { "not-registered-for-the-product" };
    let status = coded("registration", word);
    let difference = Difference::new().argument("registration", &number.value).argument("status", &status);
    difference.actual(&status).in_declaration(number.place).into()
}
