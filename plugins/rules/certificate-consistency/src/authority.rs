//! Who speaks: the issuing authority, the sender, the signatory.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::cases::{Authenticity, Channel};
use ecert_sdk::model::certificates::Authentication;
use ecert_sdk::model::parts::Party;
use ecert_sdk::rules::{Judgement, Rule};

use crate::common::{first, official};
use crate::standing::{about, conclude};
use crate::{GUIDELINES, OnItem, Parameters};

const REGISTER: &str = "register of authorities";
const SENDER: &str = "sender of the certificate";

pub(crate) const KNOWN: Rule<Parameters> = Rule::of_item("issuing-authority-known", known)
    .titles(&[("en", "The issuer is an authority of its country"), ("zh", "签发机构为该国主管机构")])
    .messages(&[
        ("en", "Certificate {number} names {issuer} as issuer, which is not a known authority of {country}."),
        ("zh", "证书 {number} 的签发机构 {issuer} 不是 {country} 的已知主管机构。"),
    ])
    .arguments(&["number", "issuer", "country"])
    .needs(&[REGISTER])
    .after(&["citation-resolves", "certificate-status"])
    .legal_basis("Official certification: certificates are issued by the competent authority")
    .governed_by(GoverningDate::Issue)
    .in_force(GUIDELINES, None);

fn known(check: &OnItem<'_>) -> Judgement {
    let mut differences = Vec::new();
    let (mut any, mut missing) = (false, None);
    for cited in official(check) {
        any = true;
        match cited.standing.authority_known {
            Some(true) => {}
            None => missing = Some(REGISTER),
            Some(false) => {
                let issuer = cited.certificate.issuer.as_ref();
                let name = issuer.map_or("?", |issuer| first(&issuer.names));
                let country = cited.certificate.issuing_country.as_ref();
                differences.push(
                    about(cited)
                        .argument("issuer", name)
                        .argument("country", country.map_or("?", |country| country.value.as_str()))
                        .actual(name)
                        .in_certificate(cited.index, issuer.map_or(0, |issuer| issuer.place)),
                );
            }
        }
    }
    conclude(any, differences, missing)
}

pub(crate) const AUTHENTIC_DELIVERY: Rule<Parameters> =
    Rule::of_item("authentic-delivery", authentic_delivery)
        .titles(&[
            ("en", "The certificate came from its authority or an agreed hub"),
            ("zh", "证书由签发机构或约定的交换平台传送"),
        ])
        .messages(&[
            ("en", "Certificate {number} did not come from its authority or a hub agreed with it."),
            ("zh", "证书 {number} 并非由签发机构或约定的交换平台传送。"),
        ])
        .arguments(&["number"])
        .needs(&[SENDER])
        .after(&["citation-resolves", "certificate-status"])
        .legal_basis("Agreements on electronic certificates: only the authority or its hub delivers")
        .governed_by(GoverningDate::Decision)
        .in_force(GUIDELINES, None);

fn authentic_delivery(check: &OnItem<'_>) -> Judgement {
    let mut differences = Vec::new();
    let (mut any, mut missing) = (false, None);
    for cited in check.certificates() {
        any = true;
        match (cited.standing.authenticity, cited.standing.channel) {
            (Authenticity::Authentic, _) => {}
            // The command line has no senders; paper is the officer's matter.
            (Authenticity::Unknown, Channel::Offline | Channel::Paper) => missing = Some(SENDER),
            (Authenticity::NotEntitled | Authenticity::Unknown, _) => {
                differences.push(about(cited).in_certificate(cited.index, cited.certificate.place));
            }
        }
    }
    conclude(any, differences, missing)
}

pub(crate) const SIGNATORY: Rule<Parameters> = Rule::of_item("signatory", signatory)
    .titles(&[("en", "Somebody answers for the certificate"), ("zh", "证书有签字人")])
    .messages(&[
        ("en", "Certificate {number} names nobody who signed it."),
        ("zh", "证书 {number} 未列明签字人。"),
    ])
    .arguments(&["number"])
    .after(&["citation-resolves", "certificate-status"])
    .legal_basis("Official certification: a certifying officer signs each certificate")
    .governed_by(GoverningDate::Issue)
    .in_force(GUIDELINES, None);

fn signatory(check: &OnItem<'_>) -> Judgement {
    let mut differences = Vec::new();
    let mut any = false;
    for cited in official(check) {
        any = true;
        if !cited.certificate.authentications.iter().any(is_signed) {
            differences.push(about(cited).in_certificate(cited.index, cited.certificate.place));
        }
    }
    conclude(any, differences, None)
}

fn is_signed(authentication: &Authentication) -> bool {
    authentication.provider.as_ref().is_some_and(names_somebody)
}

fn names_somebody(party: &Party) -> bool {
    let named = party.names.iter().chain(party.persons.iter().flat_map(|person| &person.names));
    named.into_iter().any(|name| !name.value.is_empty()) || !party.identifiers.is_empty()
}
