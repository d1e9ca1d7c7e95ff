//! Whether the cited certificates hold: status, successor, time of issue,
//! validity.

use std::cmp::Ordering;

use ecert_sdk::date;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::{Code, DateTime};
use ecert_sdk::rules::{Cited, Difference, Judgement, Rule};

use crate::common::{official, same_identifier};
use crate::parameters::{Movement, ValidOn};
use crate::{GUIDELINES, OnItem, Parameters};

const KNOWN_STATUS: &str = "status of the certificate";

pub(crate) const STATUS: Rule<Parameters> = Rule::of_item("certificate-status", status)
    .titles(&[("en", "The certificate is issued and not withdrawn"), ("zh", "证书已签发且未被撤销")])
    .messages(&[
        ("en", "Certificate {number} has status {status}: it does not cover the goods."),
        ("zh", "证书 {number} 的状态为 {status}，不能用于该批货物。"),
    ])
    .arguments(&["number", "status"])
    .needs(&[KNOWN_STATUS])
    .after(&["citation-resolves"])
    .legal_basis("Official certification: only an issued certificate that is in force attests anything")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

/// What a status (UNCL 4405, and the codes TRACES adds) means for the goods.
enum Holds {
    Yes,
    NotYet,
    NoMore,
    Unknown,
}

fn meaning(status: &Code) -> Holds {
    match status.value.trim() {
        // Issued, approved; replaced certificates are the next rule's; the
        // others are decisions on entry documents that let goods move on.
        "70" | "39" | "44" | "35" | "97" | "99" | "124" | "146" => Holds::Yes,
        // New, in progress, draft, partly rejected.
        "1" | "42" | "47" | "122" => Holds::NotYet,
        // Withdrawn, rejected, deleted, cancelled.
        "40" | "41" | "55" | "64" => Holds::NoMore,
        _ => Holds::Unknown,
    }
}

fn status(check: &OnItem<'_>) -> Judgement {
    let mut differences = Vec::new();
    let (mut any, mut unknown) = (false, false);
    for cited in check.certificates() {
        any = true;
        let severity = match meaning(&cited.standing.status) {
            Holds::Yes => continue,
            Holds::NotYet => Severity::Discrepancy,
            Holds::NoMore => Severity::Prohibition,
            Holds::Unknown => {
                unknown = true;
                continue;
            }
        };
        let place = cited.certificate.status.place;
        differences.push(
            about(cited)
                .severity(severity)
                .argument("status", &cited.standing.status)
                .actual(&cited.standing.status)
                .in_certificate(cited.index, place),
        );
    }
    match (any, differences.is_empty() && unknown) {
        (false, _) => Judgement::NotApplicable,
        (true, true) => Judgement::NotEvaluable(KNOWN_STATUS),
        (true, false) => Judgement::of(differences),
    }
}

pub(crate) const NOT_SUPERSEDED: Rule<Parameters> =
    Rule::of_item("certificate-not-superseded", not_superseded)
        .titles(&[("en", "The certificate has not been replaced"), ("zh", "证书未被替换")])
        .messages(&[
            ("en", "Certificate {number} was replaced; its successor is {successor}."),
            ("zh", "证书 {number} 已被替换，替换证书为 {successor}。"),
        ])
        .arguments(&["number", "successor"])
        .after(&["citation-resolves"])
        .legal_basis("Official certification: a replacement takes the place of the certificate it replaces")
        .governed_by(GoverningDate::Decision)
        .in_force(GUIDELINES, None);

fn not_superseded(check: &OnItem<'_>) -> Judgement {
    let mut differences = Vec::new();
    let mut any = false;
    for cited in check.certificates() {
        any = true;
        let successor = cited.standing.replaced_by.as_ref();
        if successor.is_none() && cited.standing.status.value.trim() != "44" {
            continue;
        }
        // Who cites the successor as well has cited what counts.
        let cites_successor = |other: Cited<'_>| {
            let number = &cited.certificate.number;
            successor.is_some_and(|successor| same_identifier(successor, &other.certificate.number))
                || other.certificate.replaces.iter().any(|replaced| same_identifier(replaced, number))
        };
        if check.certificates().any(cites_successor) {
            continue;
        }
        let name = successor.map_or("?", |successor| successor.value.as_str());
        differences.push(
            about(cited)
                .argument("successor", name)
                .expected(name)
                .actual(&cited.certificate.number.value)
                .in_certificate(cited.index, cited.certificate.number.place),
        );
    }
    if any { Judgement::of(differences) } else { Judgement::NotApplicable }
}

const ISSUE_DATE: &str = "date of issue";
const MOVEMENT_DATE: &str = "date of departure or arrival";

pub(crate) const ISSUED_BEFORE_MOVEMENT: Rule<Parameters> =
    Rule::of_item("issued-before-movement", issued_before_movement)
        .titles(&[
            ("en", "The certificate was first issued before the goods moved"),
            ("zh", "证书在货物启运或到达前首次签发"),
        ])
        .messages(&[
            (
                "en",
                "Certificate {number} was first issued on {issued}, after the goods had moved on {moved}.",
            ),
            ("zh", "证书 {number} 首次签发日期为 {issued}，晚于货物运输日期 {moved}。"),
        ])
        .arguments(&["number", "issued", "moved"])
        .needs(&[ISSUE_DATE, MOVEMENT_DATE])
        .after(&["citation-resolves", "certificate-status"])
        .legal_basis("Official certification: goods are certified while the authority can still inspect them")
        .governed_by(GoverningDate::Issue)
        .in_force(GUIDELINES, None);

fn issued_before_movement(check: &OnItem<'_>) -> Judgement {
    let mut differences = Vec::new();
    let mut missing = None;
    let mut any = false;
    for cited in official(check) {
        any = true;
        // A replacement bears a later date than the certificate it stands for.
        let Some(issued) = cited.standing.first_issued.or(cited.certificate.issued) else {
            missing = Some(ISSUE_DATE);
            continue;
        };
        let Some(moved) = moved(check, cited) else {
            missing = Some(MOVEMENT_DATE);
            continue;
        };
        if date::order(&issued, &moved) == Ordering::Greater {
            differences.push(
                about(cited)
                    .argument("issued", issued.date)
                    .argument("moved", moved.date)
                    .expected(moved.date)
                    .actual(issued.date)
                    .in_certificate(cited.index, cited.certificate.issued.map_or(0, |issued| issued.place)),
            );
        }
    }
    conclude(any, differences, missing)
}

/// When the goods had moved, as the type of the certificate counts it. What
/// was declared goes before what the certificate foresaw.
fn moved(check: &OnItem<'_>, cited: Cited<'_>) -> Option<DateTime> {
    let (declaration, consignment) = (check.declaration(), &cited.certificate.consignment);
    let dates = check.dates();
    match check.parameters().issued_before(&cited.certificate.type_code.value) {
        Movement::Departure => {
            declaration.dispatched.or(dates.dispatch.map(date::moment)).or(consignment.departure)
        }
        Movement::Arrival => declaration.arrival.or(dates.arrival.map(date::moment)).or(consignment.arrival),
    }
}

pub(crate) const VALIDITY: Rule<Parameters> = Rule::of_item("certificate-validity", validity)
    .titles(&[("en", "The certificate is valid on the day that counts"), ("zh", "证书在有效期内")])
    .messages(&[
        ("en", "Certificate {number} is valid until {limit}; the day that counts is {day}."),
        ("zh", "证书 {number} 的有效期限为 {limit}，适用日期为 {day}。"),
    ])
    .arguments(&["number", "limit", "day"])
    .after(&["citation-resolves", "certificate-status"])
    .legal_basis("Official certification: a certificate attests for the period it states")
    .governed_by(GoverningDate::Decision)
    .in_force(GUIDELINES, None);

fn validity(check: &OnItem<'_>) -> Judgement {
    let dates = check.dates();
    let day = match check.parameters().valid_on {
        ValidOn::Decision => dates.decision,
        ValidOn::Arrival => dates.arrival.unwrap_or(dates.decision),
    };
    let mut differences = Vec::new();
    let mut any = false;
    for cited in check.certificates() {
        let Some(validity) = &cited.certificate.validity else { continue };
        any = true;
        let on_day = date::moment(day);
        let early = validity.start.filter(|start| date::order(start, &on_day) == Ordering::Greater);
        let late = validity.end.filter(|end| date::order(end, &on_day) == Ordering::Less);
        if let Some(limit) = early.or(late) {
            differences.push(
                about(cited)
                    .argument("limit", limit.date)
                    .argument("day", day)
                    .expected(limit.date)
                    .actual(day)
                    .in_certificate(cited.index, limit.place),
            );
        }
    }
    conclude(any, differences, None)
}

/// A difference on a certificate, with its number.
pub(crate) fn about(cited: Cited<'_>) -> Difference {
    Difference::new().argument("number", &cited.certificate.number.value)
}

/// What certificates come to together: a difference goes before what is
/// missing.
pub(crate) fn conclude(any: bool, differences: Vec<Difference>, missing: Option<&'static str>) -> Judgement {
    match missing {
        _ if !any => Judgement::NotApplicable,
        Some(need) if differences.is_empty() => Judgement::NotEvaluable(need),
        _ => Judgement::of(differences),
    }
}
