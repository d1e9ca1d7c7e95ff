//! What bilateral protocols ask alike.
//!
//! Rules that every protocol has stand here as functions that give them
//! ([`number`], [`eligible`], [`signatory`]); [`places`] looks up registered
//! orchards, packing houses, glasshouses and processors, [`cold`] judges cold
//! treatment in transit.

pub mod cold;
pub mod places;

use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Judgement, Rule, Tally};
use ecert_sdk::tables::Table;
use ecert_sdk::{country, party_name};
use goods::tables::cells;
use goods::{HS_2022, declared_code, is_of, lists};
use regex_lite::Regex;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters that protocols have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// How the authority writes the numbers of its certificates.
    pub numbers: Vec<NumberForm>,
    /// Prefixes of the commodity codes that the protocol is for; empty means
    /// all.
    pub eligible: Vec<String>,
}

/// How numbers of certificates are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct NumberForm {
    /// Types of certificate (UNCL 1001) it is for; empty for all.
    pub types: Vec<String>,
    /// Regular expression that the whole number matches.
    pub pattern: String,
}

/// How something is written.
pub struct Form(Regex);

impl Form {
    /// By a regular expression that the whole text matches; none where that is
    /// none.
    pub fn of(pattern: &str) -> Option<Self> {
        Regex::new(&format!("^(?:{pattern})$")).ok().map(Self)
    }

    /// Whether a text has this form.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// Officers whose signature the partner has notified. `signatory` is the name;
/// `certificateTypes` are UNCL 1001 codes with blanks between, empty for all.
pub const SIGNATORIES: Table = Table {
    name: "signatories",
    keys: &["country"],
    columns: &["authority", "signatory", "certificateTypes"],
    matching: Match::Exact,
};

/// The certificate's number has the form the authority uses.
pub const fn number<P: AsRef<Parameters>>() -> Rule<P> {
    Rule::of_item("certificate-number-form", judge_number::<P>)
        .titles(&[
            ("en", "The certificate's number has the form that the authority uses"),
            ("zh", "证书编号符合出证机关的编号规则"),
        ])
        .messages(&[
            ("en", "{number} is no number of a certificate of type {type}: {pattern}."),
            ("zh", "{number} 不符合 {type} 类证书的编号规则：{pattern}。"),
        ])
        .arguments(&["number", "type", "pattern"])
        .needs(&["certificate", "pattern"])
        .legal_basis(
            "Arrangement on electronic certification: numbering of certificates by the issuing authority",
        )
        .governed_by(GoverningDate::Issue)
        .in_force(HS_2022, None)
}

/// The commodity is one that the protocol is for.
pub const fn eligible<P: AsRef<Parameters>>() -> Rule<P> {
    Rule::of_item("eligible-commodity", judge_eligible::<P>)
        .titles(&[
            ("en", "The commodity is one that the protocol admits from this origin"),
            ("zh", "商品属于双边议定书准入范围"),
        ])
        .messages(&[
            ("en", "Commodity {code} is not admitted from {origin} by the protocol."),
            ("zh", "商品 {code} 未获准自 {origin} 输入。"),
        ])
        .arguments(&["code", "origin"])
        .needs(&["commodity-code", "origin"])
        .legal_basis(
            "Bilateral protocol on sanitary and phytosanitary requirements: products with market access",
        )
        .governed_by(GoverningDate::Dispatch)
        .in_force(HS_2022, None)
}

/// The officer who signed was notified.
pub const fn signatory<P>() -> Rule<P> {
    Rule::of_item("signatory-notified", judge_signatory::<P>)
        .titles(&[
            ("en", "The signing officer was notified for this kind of certificate on the day"),
            ("zh", "签证官在签证日已备案且有权签发该类证书"),
        ])
        .messages(&[
            ("en", "{officer}, who signed certificate {number} on {day}, was not notified for type {type}."),
            ("zh", "{day} 签发证书 {number} 的签证官 {officer} 未就 {type} 类证书备案。"),
        ])
        .arguments(&["officer", "number", "day", "type"])
        .needs(&["certificate", "signatory", "date", "signatories"])
        .legal_basis(
            "Bilateral protocol: exchange of the names and specimen signatures of certifying officers",
        )
        .governed_by(GoverningDate::Issue)
        .in_force(HS_2022, None)
}

fn judge_number<P: AsRef<Parameters>>(check: &ItemCheck<'_, P>) -> Judgement {
    let forms = &check.parameters().as_ref().numbers;
    let mut tally = Tally::default();
    let mut any = false;
    for cited in check.certificates().filter(Cited::is_official) {
        any = true;
        let certificate = cited.certificate;
        let kind = &certificate.type_code.value;
        let forms = forms.iter().filter(|form| form.types.is_empty() || form.types.contains(kind));
        let patterns: Vec<&str> = forms.map(|form| form.pattern.as_str()).collect();
        let compiled: Vec<Form> = patterns.iter().filter_map(|pattern| Form::of(pattern)).collect();
        if compiled.len() < patterns.len() {
            tally.missing("pattern");
        }
        if compiled.is_empty() {
            continue;
        }
        let number = certificate.number.value.trim();
        tally.check(compiled.iter().any(|form| form.is_match(number)), || {
            Difference::new()
                .argument("number", number)
                .argument("type", &certificate.type_code)
                .argument("pattern", patterns.join(" | "))
                .expected(patterns.join(" | "))
                .actual(number)
                .in_certificate(cited.index, certificate.number.place)
        });
    }
    if any { tally.judgement() } else { Judgement::NotEvaluable("certificate") }
}

fn judge_eligible<P: AsRef<Parameters>>(check: &ItemCheck<'_, P>) -> Judgement {
    let eligible = &check.parameters().as_ref().eligible;
    if eligible.is_empty() {
        return Judgement::NotApplicable;
    }
    let Some(code) = declared_code(check) else { return Judgement::NotEvaluable("commodity-code") };
    let Some(origin) = goods::tables::origin(check) else { return Judgement::NotEvaluable("origin") };
    if is_of(check, eligible) {
        return Judgement::Passed;
    }
    let place = check.item().commodity.as_ref().map_or(check.item().place, |commodity| commodity.place);
    let difference = eligible.iter().fold(Difference::new(), |it, prefix| it.expected(prefix));
    difference.argument("code", &code).argument("origin", origin).actual(&code).in_declaration(place).into()
}

fn judge_signatory<P>(check: &ItemCheck<'_, P>) -> Judgement {
    let mut tally = Tally::default();
    let mut any = false;
    for cited in check.certificates().filter(Cited::is_official) {
        any = true;
        let certificate = cited.certificate;
        let Some(issuer) = certificate.issuing_country.as_ref().and_then(|code| country::find(&code.value))
        else {
            tally.missing("signatory");
            continue;
        };
        for signature in &certificate.authentications {
            let Some(provider) = &signature.provider else { continue };
            let persons: Vec<_> = provider.persons.iter().flat_map(|person| &person.names).cloned().collect();
            let Some(officer) = persons.first() else {
                tally.missing("signatory");
                continue;
            };
            let Some(day) = signature.at.or(certificate.issued).map(|at| at.date) else {
                tally.missing("date");
                continue;
            };
            let Ok(rows) = check.lookup_one(SIGNATORIES.name, &[issuer.alpha2], day) else {
                return Judgement::NotEvaluable("signatories");
            };
            let kind = &certificate.type_code.value;
            let notified = rows.iter().map(cells::<3>).any(|[_, name, types]| {
                let same = persons
                    .iter()
                    .any(|own| party_name::normalise(&own.value) == party_name::normalise(name));
                same && lists(types, kind)
            });
            tally.check(notified, || {
                Difference::new()
                    .argument("officer", &officer.value)
                    .argument("number", &certificate.number.value)
                    .argument("day", day)
                    .argument("type", &certificate.type_code)
                    .actual(&officer.value)
                    .in_certificate(cited.index, officer.place)
            });
        }
    }
    if !any {
        return Judgement::NotEvaluable("certificate");
    }
    tally.missing("signatory");
    tally.judgement()
}
