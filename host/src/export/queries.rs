//! What institutions abroad ask, and what they are answered.
//!
//! An institution sees the certificates that go to its countries, or pass
//! through them where its account says so. Of another destination's it learns
//! nothing, not even that it exists, unless it has the check code in hand (or,
//! for one that was printed without a code, its date of issue); then it learns
//! the status.

use std::collections::BTreeSet;
use std::time::Instant;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ecert_model::certificates::Certificate;
use ecert_model::documents::Document;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use utoipa::ToSchema;

use super::code::{digest, matches};
use super::query_log::{New, log};
use super::records::{Listed, by_id, certificate, listed};
use super::status::Status;
use super::{Account, Export, ExportError, Field, User, fields};
use crate::intake::number::normalise;
use crate::intake::{Original, Sender};
use crate::store::{Row, StoreError, Transaction};

/// The format in which certificates are exchanged as XML.
const SPS: &str = "uncefact-sps-17";
/// Certificates given of one container at most.
const CONTAINER: usize = 200;

/// A certificate asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    /// Number, in any way of writing.
    pub number: String,
    /// Check code that is printed on it.
    #[serde(default)]
    pub code: Option<String>,
    /// Day of issue, where it was printed without a code.
    #[serde(default)]
    #[schema(example = "2026-03-31")]
    pub issued: Option<String>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueryAnswer)]
pub struct Answer {
    /// Number as asked.
    pub number: String,
    /// `found`; `other-destination` where it exists and does not concern the
    /// institution's countries; `unknown`.
    #[schema(value_type = String)]
    pub answer: &'static str,
    /// The certificates, where they concern the institution's countries.
    /// Several authorities may give the same number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<Seen>,
    /// Status of one for another destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Since when it has that status (RFC 3339, UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_since: Option<String>,
}

/// A certificate as an institution sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CertificateSeen)]
pub struct Seen {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: Summary,
    /// The fields that the account sees, with the present status.
    #[schema(value_type = Object)]
    pub certificate: Certificate,
}

/// A certificate as lists for institutions show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = IssuedCertificate)]
pub struct Summary {
    /// Number as written.
    pub number: String,
    /// Type (UNCL 1001).
    pub type_code: String,
    /// Issuing country.
    pub country: String,
    /// Day of issue.
    pub issued_on: String,
    /// Country of destination.
    pub destination: String,
    /// Status that holds.
    pub status: Status,
    /// Since when (RFC 3339, UTC).
    pub status_since: String,
    /// Version that holds.
    pub version: i64,
    /// Number of the certificate that replaced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
}

impl From<Listed> for Summary {
    fn from(listed: Listed) -> Self {
        Self {
            number: listed.number,
            type_code: listed.type_code,
            country: listed.country,
            issued_on: listed.issued_on,
            destination: listed.destination,
            status: listed.status,
            status_since: listed.status_since,
            version: listed.version,
            replaced_by: listed.replaced_by,
        }
    }
}

/// Certificates issued on certain days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// One of the account's countries; all unless given.
    pub country: Option<String>,
    /// Where to go on.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

impl Answer {
    fn of(number: &str, answer: &'static str) -> Self {
        let number = number.to_owned();
        Self { number, answer, certificates: Vec::new(), status: None, status_since: None }
    }
}

impl Export {
    /// Answers queries by number, with or without code, in one go.
    pub fn ask(&self, sender: &Sender, asked: &[Asked]) -> Result<Vec<Answer>, ExportError> {
        let (account, user) = self.admitted(sender, asked.len())?;
        let kind = if asked.len() == 1 { "number" } else { "bulk" };
        let reach = account.reach();
        let answers: Vec<Answer> =
            asked.iter().map(|asked| self.answer(&account, &reach, asked)).collect::<Result<_, _>>()?;
        let told: Vec<(String, &'static str)> =
            answers.iter().map(|answer| (answer.number.clone(), answer.answer)).collect();
        self.log_all(&account, &user, sender, kind, told)?;
        Ok(answers)
    }

    /// A certificate in the institution's view as an SPS message; none where
    /// it would not be found.
    pub fn ask_for_message(&self, sender: &Sender, asked: &Asked) -> Result<Option<Original>, ExportError> {
        let (account, user) = self.admitted(sender, 1)?;
        let reach = account.reach();
        let answer = self.answer(&account, &reach, asked)?;
        self.log_all(&account, &user, sender, "number", vec![(answer.number.clone(), answer.answer)])?;
        let Some(seen) = answer.certificates.into_iter().next() else { return Ok(None) };
        let whole = account.fields.len() == Field::ALL.len();
        self.message(seen, whole).map(Some)
    }

    /// The certificates that travel in a container.
    pub fn ask_by_container(&self, sender: &Sender, container: &str) -> Result<Vec<Summary>, ExportError> {
        const SELECT: &str = "SELECT certificate_id FROM export_container WHERE container = $1 \
            ORDER BY certificate_id DESC LIMIT 1000";
        let (account, user) = self.admitted(sender, 1)?;
        let reach = account.reach();
        let rows = self.store.read(|transaction| -> Result<_, StoreError> {
            let found = transaction.query(SELECT, &[(&normalise(container)).into()])?;
            found.iter().map(|row| by_id(transaction, row.integer(0)?)).collect::<Result<Vec<_>, _>>()
        })?;
        let mut summaries = Vec::new();
        for row in rows.into_iter().flatten() {
            let body = self.unpack(row.bytes(13)?)?;
            if concerns(&account, &reach, &certificate(&body)?) && summaries.len() < CONTAINER {
                summaries.push(Summary::from(listed(&row)?));
            }
        }
        self.log_list(&account, &user, sender, "container", container, summaries.len())?;
        Ok(summaries)
    }

    /// Certificates by day of issue, oldest first, and where to go on.
    pub fn ask_by_range(
        &self,
        sender: &Sender,
        range: &Range,
    ) -> Result<(Vec<Summary>, Option<String>), ExportError> {
        let (account, user) = self.admitted(sender, 1)?;
        let mut reach = account.reach();
        if let Some(country) = &range.country {
            if !reach.contains(country) {
                let own = reach.into_iter().collect::<Vec<_>>().join(", ");
                return Err(ExportError::Invalid(format!("country must be one of the account's: {own}")));
            }
            reach = BTreeSet::from([country.clone()]);
        }
        let limit = range.limit as usize;
        let mut rows = self.store.read(|transaction| -> Result<_, ExportError> {
            let places = places(transaction, &account, &reach, range)?;
            let rows = places.iter().take(limit + 1).map(|(_, id)| by_id(transaction, *id));
            Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect::<Vec<Row>>())
        })?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(cursor).transpose()?;
        let summaries =
            rows.iter().map(|row| listed(row).map(Summary::from)).collect::<Result<Vec<_>, _>>()?;
        let asked = format!("{} to {}", range.from, range.to);
        self.log_list(&account, &user, sender, "range", &asked, summaries.len())?;
        Ok((summaries, next))
    }

    /// The account and user of a query that may be made now.
    pub(super) fn admitted(&self, sender: &Sender, count: usize) -> Result<(Account, User), ExportError> {
        let (account, user) = self.usable(&sender.principal)?;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let taken = self.queries.take(account.id.clone(), account.rate, count, Instant::now());
        taken.map_err(|wait| ExportError::TooMany(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX)))?;
        Ok((account, user))
    }

    fn answer(
        &self,
        account: &Account,
        reach: &BTreeSet<String>,
        asked: &Asked,
    ) -> Result<Answer, ExportError> {
        const SELECT: &str = "SELECT c.id, c.written_number, c.type_code, c.country, c.authority, c.issued_on, \
            c.destination, c.status, c.status_since, c.version, c.replaced_by, c.code IS NOT NULL, c.loaded_at, \
            c.body, c.code FROM export_certificate c WHERE c.number = $1 ORDER BY c.id";
        let number = normalise(&asked.number);
        let given = asked.code.as_deref().map(|code| digest(&number, code));
        let rows = self.store.read(|transaction| transaction.query(SELECT, &[(&number).into()]))?;
        let mut answer = Answer::of(&asked.number, "unknown");
        for row in &rows {
            let listed = listed(row)?;
            let whole = certificate(&self.unpack(row.bytes(13)?)?)?;
            let stored = row.optional_bytes(14)?;
            let opened = given.as_ref().is_some_and(|given| bool::from(matches(stored, given)))
                || stored.is_none()
                    && asked.issued.as_deref().is_some_and(|day| same(day, &listed.issued_on));
            if concerns(account, reach, &whole) {
                answer.answer = "found";
                answer.certificates.push(seen(listed, &whole, account));
            } else if opened && answer.answer == "unknown" {
                answer.answer = "other-destination";
                answer.status = Some(listed.status);
                answer.status_since = Some(listed.status_since);
            }
        }
        if answer.answer == "found" {
            (answer.status, answer.status_since) = (None, None);
        }
        Ok(answer)
    }

    /// What an institution sees of a certificate, as a message: the original
    /// where it sees all of it and nothing has changed since, else written
    /// anew.
    fn message(&self, seen: Seen, whole: bool) -> Result<Original, ExportError> {
        if whole && let Some(original) = self.unchanged(&seen)? {
            return Ok(original);
        }
        let written = self.intake.write(&Document::Certificate(seen.certificate), SPS);
        let bytes = written.map_err(ExportError::Invalid)?;
        let digest = crate::digest::Digest::of(&bytes);
        Ok(Original { bytes, media_type: "application/xml".to_owned(), digest })
    }

    fn unchanged(&self, seen: &Seen) -> Result<Option<Original>, ExportError> {
        const SELECT: &str = "SELECT id FROM export_certificate WHERE number = $1 AND type_code = $2 AND country = $3 \
            AND issued_on = $4 AND status = '70' ORDER BY id";
        let summary = &seen.summary;
        let number = normalise(&summary.number);
        let parameters = [
            (&number).into(),
            (&summary.type_code).into(),
            (&summary.country).into(),
            (&summary.issued_on).into(),
        ];
        let rows = self.store.read(|transaction| transaction.query(SELECT, &parameters))?;
        let [row] = rows.as_slice() else { return Ok(None) };
        let original = self.original(row.integer(0)?)?;
        Ok(original.filter(|original| original.media_type.ends_with("xml")))
    }

    fn log_list(
        &self,
        account: &Account,
        user: &User,
        sender: &Sender,
        kind: &'static str,
        asked: &str,
        count: usize,
    ) -> Result<(), ExportError> {
        let (account, user, source) = (account.clone(), user.clone(), sender.source.clone());
        let (asked, answer) = (shortened(asked), format!("{count} certificates"));
        self.store.write(move |transaction| -> Result<_, ExportError> {
            let query = New { kind, asked: &asked, answer: &answer };
            Ok(log(transaction, &account, &user, &source, &[query])?)
        })
    }

    fn log_all(
        &self,
        account: &Account,
        user: &User,
        sender: &Sender,
        kind: &'static str,
        told: Vec<(String, &'static str)>,
    ) -> Result<(), ExportError> {
        let (account, user, source) = (account.clone(), user.clone(), sender.source.clone());
        let told: Vec<(String, &str)> =
            told.into_iter().map(|(number, answer)| (shortened(&number), answer)).collect();
        self.store.write(move |transaction| -> Result<_, ExportError> {
            let queries: Vec<New<'_>> =
                told.iter().map(|(asked, answer)| New { kind, asked, answer }).collect();
            Ok(log(transaction, &account, &user, &source, &queries)?)
        })
    }
}

/// What is logged of a text that somebody sent.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

/// Whether a certificate goes to, or passes through, the account's countries.
fn concerns(account: &Account, reach: &BTreeSet<String>, certificate: &Certificate) -> bool {
    let consignment = &certificate.consignment;
    let transit = consignment.transit_countries.iter().filter(|_| account.transit);
    consignment.import_country.iter().chain(transit).any(|area| reach.contains(&area.country.value))
}

fn seen(listed: Listed, whole: &Certificate, account: &Account) -> Seen {
    let mut certificate = fields::visible(whole, &account.fields);
    certificate.status.value = listed.status.code().to_owned();
    certificate.status.name = None;
    Seen { summary: listed.into(), certificate }
}

fn same(given: &str, stored: &str) -> bool {
    given.as_bytes().ct_eq(stored.as_bytes()).into()
}

/// Day and identifier of the certificates of a range, over all countries.
fn places(
    transaction: &mut dyn Transaction,
    account: &Account,
    reach: &BTreeSet<String>,
    range: &Range,
) -> Result<BTreeSet<(String, i64)>, ExportError> {
    const SELECT: &str = "SELECT issued_on, certificate_id FROM export_reach WHERE country = $1 \
        AND issued_on >= $2 AND issued_on <= $3 AND (issued_on, certificate_id) > ($4, $5) AND transit <= $6 \
        ORDER BY issued_on, certificate_id LIMIT $7";
    let (day, id) = match &range.after {
        None => (String::new(), 0),
        Some(cursor) => {
            let place = resolve(transaction, account, reach, cursor)?;
            let text = "after is not the next of a page of this list";
            place.ok_or_else(|| ExportError::Invalid(text.to_owned()))?
        }
    };
    let mut places = BTreeSet::new();
    for country in reach {
        let parameters = [
            country.into(),
            (&range.from).into(),
            (&range.to).into(),
            (&day).into(),
            id.into(),
            i64::from(account.transit).into(),
            (i64::from(range.limit) + 1).into(),
        ];
        for row in transaction.query(SELECT, &parameters)? {
            places.insert((row.text(0)?.to_owned(), row.integer(1)?));
        }
    }
    Ok(places)
}

/// A cursor names the last certificate given, by what its reader saw of it, so
/// that it tells nothing of certificates in between.
fn cursor(row: &Row) -> Result<String, StoreError> {
    let key = [row.text(5)?, row.text(2)?, row.text(3)?, row.text(4)?, &normalise(row.text(1)?)];
    Ok(BASE64_URL_SAFE_NO_PAD.encode(key.join("\n")))
}

/// Day and identifier of the certificate that a cursor names, where the
/// account sees it.
fn resolve(
    transaction: &mut dyn Transaction,
    account: &Account,
    reach: &BTreeSet<String>,
    cursor: &str,
) -> Result<Option<(String, i64)>, StoreError> {
    const SELECT: &str = "SELECT c.id FROM export_certificate c JOIN export_reach r ON r.certificate_id = c.id \
        WHERE c.number = $1 AND c.type_code = $2 AND c.country = $3 AND c.authority = $4 \
        AND r.country = $5 AND r.issued_on = $6 AND r.transit <= $7";
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(decoded) = decoded else { return Ok(None) };
    let parts: Vec<&str> = decoded.split('\n').collect();
    let [day, type_code, country, authority, number] = parts.as_slice() else { return Ok(None) };
    for reached in reach {
        let parameters = [
            (*number).into(),
            (*type_code).into(),
            (*country).into(),
            (*authority).into(),
            reached.into(),
            (*day).into(),
            i64::from(account.transit).into(),
        ];
        if let Some(row) = transaction.query_optional(SELECT, &parameters)? {
            return Ok(Some(((*day).to_owned(), row.integer(0)?)));
        }
    }
    Ok(None)
}
