//! What the material is, and what for.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule};
use goods::assurances::concerns;
use goods::registrations;
use goods::species::{self, Species};
use goods::stated::{self, Stated};
use goods::{HS_2022, coded, is_of, tables};

use crate::parameters::Parameters;

/// Prefixes of what becomes feed.
const FEED: [&str; 2] = ["2301", "2309"];

/// The by-products are of an accepted category.
pub const CATEGORY: Rule<Parameters> = Rule::of_item("category-accepted", category)
    .titles(&[("en", "Animal by-products are of an accepted category"), ("zh", "动物副产品属于获准的类别")])
    .messages(&[
        ("en", "The material is of category {category}; accepted are {accepted}."),
        ("zh", "材料为第 {category} 类；获准类别为 {accepted}。"),
    ])
    .arguments(&["category", "accepted"])
    .severity(Severity::Prohibition)
    .needs(&["certificate-line", "category"])
    .legal_basis("Health rules on animal by-products: categories by risk")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// The use is one that the category allows.
pub const USE: Rule<Parameters> = Rule::of_item("use-fits-category", intended_use)
    .titles(&[
        ("en", "Material that becomes feed is of a category for feed"),
        ("zh", "饲料用途的材料属于可作饲料的类别"),
    ])
    .messages(&[
        ("en", "The material is for \"{use}\", but of category {category}."),
        ("zh", "材料用途为“{use}”，但属于第 {category} 类。"),
    ])
    .arguments(&["use", "category"])
    .after(&["category-accepted"])
    .needs(&["certificate-line", "category", "intended-use"])
    .legal_basis("Health rules on animal by-products: only material fit for human consumption becomes feed")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// The species is one that the meal's subheading is for.
pub const SPECIES: Rule<Parameters> = Rule::of_item("species-matches-heading", species_matches)
    .titles(&[("en", "Meal of fish holds no material of land animals"), ("zh", "鱼粉不含陆生动物成分")])
    .messages(&[
        ("en", "Commodity code {code} is for meal of fish, the certificate names {species}."),
        ("zh", "商品编码 {code} 为鱼粉，证书列明含 {species}。"),
    ])
    .arguments(&["code", "species"])
    .needs(&["certificate-line", "names"])
    .legal_basis("Harmonized System, heading 2301: meal of meat and meal of fish have codes of their own")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// Nothing is of a species that is refused from the origin.
pub const REFUSED: Rule<Parameters> = Rule::of_item("refused-species", refused)
    .titles(&[
        ("en", "No material is of a species refused from its origin"),
        ("zh", "不含禁止从该原产国进口的动物种类"),
    ])
    .messages(&[
        ("en", "Material of {species} from {origin} is refused."),
        ("zh", "禁止进口来自 {origin} 的 {species} 材料。"),
    ])
    .arguments(&["species", "origin"])
    .severity(Severity::Prohibition)
    .needs(&["certificate-line", "origin", "names"])
    .legal_basis(
        "WOAH terrestrial code, bovine spongiform encephalopathy: ruminant proteins not to be traded",
    )
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Prepared feed is registered.
pub const REGISTRATION: Rule<Parameters> = Rule::of_item("feed-registration", registration)
    .titles(&[
        ("en", "Prepared feed is registered with the importing authority"),
        ("zh", "配制饲料已在进口国登记"),
    ])
    .messages(&[
        ("en", "Registration {registration} is {status} for feed of {origin}."),
        ("zh", "登记证 {registration} 对原产于 {origin} 的饲料状态为 {status}。"),
    ])
    .arguments(&["registration", "status", "origin"])
    .needs(&["origin", "registration", "product-registrations"])
    .legal_basis("Registration of imported feed, premixes and feed additives")
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

fn said<'a>(line: &Line<'a>) -> Option<(&'a str, Stated<'a>)> {
    let said = stated::about(line, &["CATEGORY", "ABP_CATEGORY"]).into_iter().next()?;
    let digit = said.value.find(|sign: char| sign.is_ascii_digit());
    Some((digit.map_or(said.value, |at| &said.value[at..=at]), said))
}

fn category(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let accepted = &check.parameters().categories;
    check.each_line(|line, tally| {
        let Some((category, said)) = said(line) else { return tally.missing("category") };
        tally.check(accepted.iter().any(|one| one == category), || {
            Difference::new()
                .argument("category", category)
                .argument("accepted", accepted.join(", "))
                .actual(category)
                .in_line(line, said.place)
        });
    })
}

fn intended_use(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let for_feed = |text: &str| {
        let text = text.to_lowercase();
        ["feed", "petfood", "pet food", "饲料"].iter().any(|word| text.contains(word))
    };
    check.each_line(|line, tally| {
        let Some((category, said)) = said(line) else { return tally.missing("category") };
        if line.line.intended_uses.is_empty() {
            tally.missing("intended-use");
        }
        for stated in &line.line.intended_uses {
            let fits = check.parameters().feed_categories.iter().any(|one| one == category);
            tally.check(fits || !for_feed(&stated.value), || {
                Difference::new()
                    .argument("use", &stated.value)
                    .argument("category", category)
                    .actual(&stated.value)
                    .in_line(line, stated.place)
                    .in_line(line, said.place)
            });
        }
    })
}

/// The land animals that a line names.
fn animals(line: &Line<'_>) -> Vec<Species> {
    let mut animals = species::of_line(line.line);
    animals.extend(species::in_words(&line.line.descriptions));
    animals.dedup();
    animals
}

fn species_matches(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["230120"]) {
        return Judgement::NotApplicable;
    }
    let code = goods::declared_code(check).unwrap_or_default();
    check.each_line(|line, tally| {
        if line.line.scientific_names.is_empty() && line.line.descriptions.is_empty() {
            return tally.missing("names");
        }
        let found = animals(line);
        tally.check(found.is_empty(), || {
            let name = coded("species", found[0].name());
            Difference::new()
                .argument("code", code.as_str())
                .argument("species", &name)
                .actual(&name)
                .in_line(line, line.line.place)
        });
    })
}

fn refused(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let all = check.parameters().refused.iter().filter(|refused| concerns(&refused.goods, check));
    let refused: Vec<&str> = all.flat_map(|refused| &refused.species).map(String::as_str).collect();
    if refused.is_empty() {
        return Judgement::NotApplicable;
    }
    let Some(origin) = tables::origin(check) else { return Judgement::NotEvaluable("origin") };
    check.each_line(|line, tally| {
        let found = animals(line);
        if found.is_empty() {
            tally.missing("names");
        }
        for species in found {
            tally.check(!refused.contains(&species.name()), || {
                let name = coded("species", species.name());
                Difference::new()
                    .argument("species", &name)
                    .argument("origin", origin)
                    .actual(&name)
                    .in_line(line, line.line.place)
            });
        }
    })
}

fn registration(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    if !is_of(check, &FEED) || !is_of(check, &parameters.registered) {
        return Judgement::NotApplicable;
    }
    let Some(origin) = tables::origin(check) else { return Judgement::NotEvaluable("origin") };
    let documents = stated::documents(check, &parameters.registration_documents);
    let Some(number) = documents.iter().find_map(|document| document.number.as_ref()) else {
        return Judgement::NotEvaluable("registration");
    };
    let day = check.dates().arrival.unwrap_or(check.dates().decision);
    let Some(found) = registrations::find(check, origin, &number.value, day) else {
        return Judgement::NotEvaluable("product-registrations");
    };
    let covers = |one: &registrations::Registration| one.prefixes.is_empty() || is_of(check, &one.prefixes);
    if found.iter().any(covers) {
        return Judgement::Passed;
    }
    let status = coded(
        "registration",
        if found.is_empty() { "not-registered" } else { "not-registered-for-the-product" },
    );
    Difference::new()
        .argument("registration", &number.value)
        .argument("status", &status)
        .argument("origin", origin)
        .actual(&status)
        .in_declaration(number.place)
        .into()
}
