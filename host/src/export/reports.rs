//! What institutions abroad made of certificates, for the officers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::queries::shortened;
use super::query_log::{New, log};
use super::records::instant;
use super::{Export, ExportError, audit};
use crate::intake::Sender;
use crate::intake::number::normalise;
use crate::store::{Row, StoreError, Value, new_id, now};

/// Longest text, in bytes.
const TEXT: usize = 2_000;

/// What became of a certificate at the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportOutcome {
    /// The goods were let in on it.
    Accepted,
    /// They were not, for the reason given.
    Refused,
    /// It is suspected to be false.
    SuspectedFalse,
}

impl ReportOutcome {
    fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::SuspectedFalse => "suspected-false",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Accepted, Self::Refused, Self::SuspectedFalse]
            .into_iter()
            .find(|outcome| outcome.name() == name)
    }
}

/// A report to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportWanted {
    /// Number that stands on the certificate; it need not be one that was
    /// issued.
    pub number: String,
    /// What became of it.
    pub outcome: ReportOutcome,
    /// Why; needed unless it was accepted.
    #[serde(default)]
    pub reason: String,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VerifierReport)]
pub struct Report {
    /// Identifier; later ones sort behind.
    pub id: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Which institution.
    pub account: String,
    /// Which of its users.
    pub user: String,
    /// Number as written.
    pub number: String,
    /// What became of it.
    pub outcome: ReportOutcome,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Identifiers of the certificates that bear the number, for officers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<i64>,
    /// When an officer took note of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<String>,
    /// Which officer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_by: Option<String>,
    /// What the officer did about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Export {
    /// Takes a report; answers its identifier. It is taken for every number,
    /// so that it tells nothing of which exist.
    pub fn report(&self, sender: &Sender, wanted: ReportWanted) -> Result<String, ExportError> {
        const INSERT: &str = "INSERT INTO verifier_report (id, account_id, user_name, at, number, written_number, \
            outcome, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let number = normalise(&wanted.number);
        if number.is_empty() || wanted.number.len() > 200 {
            return Err(ExportError::Invalid("number is what stands on the certificate".to_owned()));
        }
        if wanted.reason.len() > TEXT
            || wanted.outcome != ReportOutcome::Accepted && wanted.reason.trim().is_empty()
        {
            return Err(ExportError::Invalid(format!("reason says why, in at most {TEXT} bytes")));
        }
        let (account, user) = self.admitted(sender, 1)?;
        let sender = sender.clone();
        self.store.write(move |transaction| {
            let id = new_id();
            let parameters = [
                Value::from(&id),
                Value::from(&account.id),
                Value::from(&user.name),
                Value::Integer(now()),
                Value::from(&number),
                Value::from(&wanted.number),
                Value::Text(wanted.outcome.name()),
                Value::Text(wanted.reason.trim()),
            ];
            transaction.execute(INSERT, &parameters)?;
            let query =
                New { kind: "report", asked: &shortened(&wanted.number), answer: wanted.outcome.name() };
            log(transaction, &account, &user, &sender.source, &[query])?;
            let subject = format!("verifier-report/{id}");
            audit(
                transaction,
                &sender,
                "verifier-report-received",
                &subject,
                wanted.outcome.name().as_bytes(),
            )?;
            Ok(id)
        })
    }

    /// Reports, the latest first: those nobody took note of yet, or all.
    pub fn reports(&self, open: bool, after: Option<&str>, limit: u32) -> Result<Vec<Report>, ExportError> {
        const SELECT: &str = "SELECT r.id, r.at, a.name, r.user_name, r.written_number, r.outcome, r.reason, \
            r.acknowledged_at, r.acknowledged_by, r.note, r.number FROM verifier_report r \
            JOIN query_account a ON a.id = r.account_id \
            WHERE ($1 = '' OR r.id < $1) AND ($2 = 0 OR r.acknowledged_at IS NULL) ORDER BY r.id DESC LIMIT $3";
        let parameters = [after.unwrap_or_default().into(), i64::from(open).into(), i64::from(limit).into()];
        self.store.read(|transaction| {
            let rows = transaction.query(SELECT, &parameters)?;
            let mut reports = rows.iter().map(report).collect::<Result<Vec<_>, _>>()?;
            for (report, row) in reports.iter_mut().zip(&rows) {
                const HELD: &str = "SELECT id FROM export_certificate WHERE number = $1 ORDER BY id";
                let held = transaction.query(HELD, &[row.text(10)?.into()])?;
                report.certificates = held.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
            }
            Ok(reports)
        })
    }

    /// The reports that the sender's own account made, the latest first.
    pub fn own_reports(
        &self,
        sender: &Sender,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Report>, ExportError> {
        const SELECT: &str = "SELECT r.id, r.at, a.name, r.user_name, r.written_number, r.outcome, r.reason, \
            r.acknowledged_at, NULL, NULL, r.number FROM verifier_report r \
            JOIN query_account a ON a.id = r.account_id \
            WHERE r.account_id = $1 AND ($2 = '' OR r.id < $2) ORDER BY r.id DESC LIMIT $3";
        let (account, _) = self.usable(&sender.principal)?;
        let parameters = [(&account.id).into(), after.unwrap_or_default().into(), i64::from(limit).into()];
        let rows = self.store.read(|transaction| transaction.query(SELECT, &parameters))?;
        Ok(rows.iter().map(report).collect::<Result<_, _>>()?)
    }

    /// An officer takes note of a report, and says what was done about it.
    pub fn acknowledge(&self, sender: &Sender, id: &str, note: &str) -> Result<(), ExportError> {
        const UPDATE: &str = "UPDATE verifier_report SET acknowledged_at = $2, acknowledged_by = $3, note = $4 \
            WHERE id = $1 AND acknowledged_at IS NULL";
        if note.len() > TEXT {
            return Err(ExportError::Invalid(format!("a note has at most {TEXT} bytes")));
        }
        let (sender, id, note) = (sender.clone(), id.to_owned(), note.to_owned());
        self.store.write(move |transaction| {
            let parameters = [(&id).into(), now().into(), (&sender.principal.name).into(), (&note).into()];
            if transaction.execute(UPDATE, &parameters)? == 0 {
                let there =
                    transaction.query("SELECT id FROM verifier_report WHERE id = $1", &[(&id).into()])?;
                let error = if there.is_empty() { ExportError::Unknown } else { ExportError::Conflict };
                let text = if there.is_empty() {
                    format!("report {id:?}")
                } else {
                    "it is acknowledged already".to_owned()
                };
                return Err(error(text));
            }
            let subject = format!("verifier-report/{id}");
            Ok(audit(transaction, &sender, "verifier-report-acknowledged", &subject, note.as_bytes())?)
        })
    }
}

fn report(row: &Row) -> Result<Report, StoreError> {
    Ok(Report {
        id: row.text(0)?.to_owned(),
        at: instant(row.integer(1)?),
        account: row.text(2)?.to_owned(),
        user: row.text(3)?.to_owned(),
        number: row.text(4)?.to_owned(),
        outcome: ReportOutcome::of(row.text(5)?).ok_or_else(|| super::body::damaged("report"))?,
        reason: row.text(6)?.to_owned(),
        certificates: Vec::new(),
        acknowledged: row.optional_integer(7)?.map(instant),
        acknowledged_by: row.optional_text(8)?.map(str::to_owned),
        note: row.optional_text(9)?.map(str::to_owned),
    })
}
