//! What the sender of a message is told of it, in a format of its own.

use ecert_model::certificates::Certificate;
use ecert_model::documents::{Acknowledgement, Document};
use ecert_model::parts::ReferencedDocument;
use ecert_model::values::{Code, Date, Extension, Identifier, Text};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Deliveries;
use crate::access::Principal;
use crate::intake::read::LocatedProblem;
use crate::intake::{Delivered, KeptMessage, REJECTED, WAITING, date_time, delivered};
use crate::problem_texts::{Language, text};
use crate::reference::{Direction, governing};
use crate::store::{Row, StoreError, Transaction, Value};

/// Written where the format of the message is none that acknowledgements can
/// be written in.
const STANDARD: &str = "uncefact-sps-17";

/// How far a message and the certificates in it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It is kept, and was not read yet.
    Received,
    /// It was read; what is in it does not count as the authority's word.
    Readable,
    /// It was read, and what is in it counts.
    Accepted,
    /// It was not taken in.
    Rejected,
    /// Customs released goods that relied on it.
    Used,
    /// An officer refused goods that relied on it.
    Refused,
}

impl Stage {
    /// Name, code (UNCL 4405), and the sentence in each language.
    const fn told(self) -> (&'static str, &'static str, [&'static str; 4]) {
        match self {
            Self::Received => (
                "received",
                "73",
                [
                    "The message was received.",
                    "报文已收到。",
                    "Le message a été reçu.",
                    "El mensaje se ha recibido.",
                ],
            ),
            Self::Readable => (
                "readable",
                "42",
                [
                    "The message was read, and was not accepted.",
                    "报文已读取，但未被接受。",
                    "Le message a été lu, sans être accepté.",
                    "El mensaje se ha leído, pero no se ha aceptado.",
                ],
            ),
            Self::Accepted => (
                "accepted",
                "39",
                [
                    "The message was accepted.",
                    "报文已接受。",
                    "Le message a été accepté.",
                    "El mensaje se ha aceptado.",
                ],
            ),
            Self::Rejected => (
                "rejected",
                "41",
                [
                    "The message was rejected.",
                    "报文被拒绝。",
                    "Le message a été rejeté.",
                    "El mensaje se ha rechazado.",
                ],
            ),
            Self::Used => (
                "used",
                "2",
                [
                    "Goods that relied on the certificate were released.",
                    "依据该证书的货物已放行。",
                    "Des marchandises s'appuyant sur le certificat ont été libérées.",
                    "Se han despachado mercancías amparadas por el certificado.",
                ],
            ),
            Self::Refused => (
                "refused",
                "63",
                [
                    "Goods that relied on the certificate were refused at the border.",
                    "依据该证书的货物在口岸被拒绝入境。",
                    "Des marchandises s'appuyant sur le certificat ont été refusées à la frontière.",
                    "Se han rechazado en la frontera mercancías amparadas por el certificado.",
                ],
            ),
        }
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.told().0
    }
}

/// An acknowledgement as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The message.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: String,
}

/// What there is to say about a message.
struct Standing {
    stage: Stage,
    since: i64,
    /// Code of the authority's list for a refusal, where it is told.
    reason: Option<String>,
}

impl Deliveries {
    /// Writes the acknowledgement of a message: in the format asked for, else
    /// in that of the message where it has one, else in the standard's. Why
    /// not, where that cannot be done.
    pub fn acknowledge(
        &self,
        kept: &KeptMessage,
        format: Option<&str>,
        language: Language,
        reader: &Principal,
    ) -> Result<Result<Written, String>, StoreError> {
        let (certificates, standing) = self.look_up(kept, reader)?;
        let document = Document::Acknowledgement(document(kept, &certificates, &standing, language));
        Ok(match format {
            Some(format) => self.written(&document, format),
            None => self.written(&document, &kept.format).or_else(|_| self.written(&document, STANDARD)),
        })
    }

    /// How far a message came, and what there is to say about it, a sentence
    /// each.
    pub fn told(
        &self,
        kept: &KeptMessage,
        language: Language,
        reader: &Principal,
    ) -> Result<(Stage, Vec<String>), StoreError> {
        let (certificates, standing) = self.look_up(kept, reader)?;
        let said = document(kept, &certificates, &standing, language).reasons;
        Ok((standing.stage, said.into_iter().map(|text| text.value).collect()))
    }

    fn look_up(
        &self,
        kept: &KeptMessage,
        reader: &Principal,
    ) -> Result<(Vec<Delivered>, Standing), StoreError> {
        self.store.read(|transaction| {
            let certificates = delivered(transaction, &kept.id, reader)?;
            let standing = self.standing(transaction, kept, &certificates)?;
            Ok((certificates, standing))
        })
    }

    fn written(&self, document: &Document, format: &str) -> Result<Written, String> {
        let bytes = self.intake.write(document, format)?;
        let media_type = self.intake.media_type(format).unwrap_or_else(|| "application/xml".to_owned());
        Ok(Written { bytes, media_type })
    }

    fn standing(
        &self,
        transaction: &mut dyn Transaction,
        kept: &KeptMessage,
        certificates: &[Delivered],
    ) -> Result<Standing, StoreError> {
        let received = kept.received.parse::<Timestamp>().unwrap_or_default().as_microsecond();
        let at = |stage, since| Standing { stage, since, reason: None };
        match kept.state.as_str() {
            WAITING => return Ok(at(Stage::Received, received)),
            REJECTED => return Ok(at(Stage::Rejected, received)),
            _ => {}
        }
        if certificates.iter().any(|certificate| objection(certificate).is_some()) {
            return Ok(at(Stage::Readable, received));
        }
        let mut standing = at(Stage::Accepted, received);
        for id in certificates.iter().filter_map(|certificate| certificate.id.as_deref()) {
            if let Some(row) = settled(transaction, id)? {
                let stage = if row.text(0)? == "consumed" { Stage::Used } else { Stage::Refused };
                if stage > standing.stage {
                    standing = at(stage, row.integer(1)?);
                    if stage == Stage::Refused && self.tells_reasons(transaction, id)? {
                        standing.reason = row.optional_text(2)?.map(str::to_owned);
                    }
                }
            }
        }
        Ok(standing)
    }

    /// Whether it is agreed with the issuing country that it is told why goods
    /// under a certificate were refused.
    fn tells_reasons(&self, transaction: &mut dyn Transaction, id: &str) -> Result<bool, StoreError> {
        let Some(held) = self.intake.held_in(transaction, id)? else { return Ok(false) };
        let Ok(today) = Date::try_from(Timestamp::now().to_zoned_datetime(TimeZone::UTC).date()) else {
            return Ok(false);
        };
        let in_force: Vec<_> = self.reference.snapshot().agreements.all_on(today).cloned().collect();
        let certificate = &held.body.certificate;
        let partner = certificate.issuing_country.as_ref().map_or("", |country| country.value.as_str());
        let agreed = |code: String| governing(&in_force, partner, Direction::Import, &code);
        let mut governing = commodities(certificate).filter_map(agreed);
        Ok(governing.any(|entry| entry.said().is_some_and(|terms| terms.refusal_reasons)))
    }
}

/// The commodity codes of a certificate, their digits alone.
fn commodities(certificate: &Certificate) -> impl Iterator<Item = String> {
    let classifications = certificate.consignment.lines.iter().flat_map(|line| &line.classifications);
    let codes = classifications.filter_map(|classification| classification.class_code.as_deref());
    codes.map(|code| code.chars().filter(char::is_ascii_digit).collect())
}

/// What became last of goods that relied on a certificate: state of the
/// ledger's movement, since when, and the reason code of the decision.
fn settled(transaction: &mut dyn Transaction, certificate: &str) -> Result<Option<Row>, StoreError> {
    const SELECT: &str = "SELECT m.state, m.made_at, d.reason_code FROM certificate c \
        JOIN ledger_movement m ON m.certificate_id = c.chain_id AND m.ended_at IS NULL \
        LEFT JOIN decision d ON d.id = m.made_by \
        WHERE c.id = $1 AND m.state IN ('consumed', 'blocked') ORDER BY m.made_at DESC, m.id DESC LIMIT 1";
    transaction.query_optional(SELECT, &[Value::Text(certificate)])
}

/// Why a certificate that was read does not count as delivered.
fn objection(certificate: &Delivered) -> Option<&'static str> {
    match certificate.outcome.as_str() {
        "conflict" => Some("certificate-conflict"),
        _ if certificate.authenticity == "authentic" => None,
        _ => Some("not-entitled"),
    }
}

fn document(
    kept: &KeptMessage,
    certificates: &[Delivered],
    standing: &Standing,
    language: Language,
) -> Acknowledgement {
    let (name, code, sentences) = standing.stage.told();
    let column = Language::ALL.iter().position(|known| *known == language).unwrap_or_default();
    let said = |value: String| Text { value, language: Some(language.tag().to_owned()), place: 0 };
    let extension = |name: &str, value: &str| Extension {
        scheme: "ecert".to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        place: 0,
    };
    let number = |value: &str| Identifier { value: value.to_owned(), ..Identifier::default() };
    let mut reasons = vec![said(sentences[column].to_owned())];
    let mut extensions = vec![
        extension("state", name),
        extension("since", &Timestamp::from_microsecond(standing.since).unwrap_or_default().to_string()),
        extension("digest", &kept.digest),
    ];
    for code in certificates.iter().filter_map(objection) {
        reasons.push(said(format!("{code}: {}", text(code, language).unwrap_or_default())));
        extensions.push(extension("problem", code));
    }
    for problem in kept.problems.iter().map(|told| &told.problem) {
        reasons.push(said(sentence(problem, language)));
        extensions.push(extension("problem", &problem.code));
    }
    if let Some(reason) = &standing.reason {
        reasons.push(said(reason.clone()));
        extensions.push(extension("reason", reason));
    }
    let subject = |certificate: &Delivered| {
        let of_type = Code { value: certificate.type_code.clone(), ..Code::default() };
        Some(ReferencedDocument {
            type_code: Some(of_type),
            number: Some(number(certificate.number.as_deref()?)),
            ..ReferencedDocument::default()
        })
    };
    Acknowledgement {
        number: Some(number(&kept.id)),
        status: Code { value: code.to_owned(), ..Code::default() },
        issued: Some(date_time(Timestamp::now())),
        reasons,
        subjects: certificates.iter().filter_map(subject).collect(),
        extensions,
        place: 0,
    }
}

/// A problem as one sentence: its code, what it means, what is wrong this
/// time, and where.
fn sentence(problem: &LocatedProblem, language: Language) -> String {
    let meaning = text(&problem.code, language).map(|text| format!(" {text}.")).unwrap_or_default();
    let place = problem.location.as_ref().map(|at| format!(" ({}:{} {})", at.line, at.column, at.path));
    let place = place.as_deref().map(str::trim_end).unwrap_or_default();
    format!("{}:{meaning} {}{place}", problem.code, problem.text)
}
