//! How agreements are kept: entries, added one at a time.

use ecert_model::values::Date;

use super::{AgreementEntry, Agreements, Outage, Terms};
use crate::access::Principal;
use crate::audit;
use crate::reference::{ReferenceError, SchemaProblem};
use crate::store::{StoreError, Transaction, new_id, now};

/// Everything that was ever said of agreements.
pub(in crate::reference) fn load(transaction: &mut dyn Transaction) -> Result<Agreements, StoreError> {
    let rows = transaction.query(
        "SELECT e.id, e.name, e.valid_from, e.valid_until, e.content, e.recorded_at, \
         COALESCE(p.name, e.recorded_by), e.reason \
         FROM agreement_entry e LEFT JOIN principal p ON p.id = e.recorded_by ORDER BY e.recorded_at, e.id",
        &[],
    )?;
    let mut agreements = Agreements::default();
    for row in &rows {
        let broken = |what: &str| StoreError::Value(format!("an agreement has an unusable {what}"));
        let day = |text: Option<&str>| text.map(str::parse).transpose().map_err(|_| broken("day"));
        agreements.add(AgreementEntry {
            id: row.text(0)?.into(),
            name: row.text(1)?.into(),
            valid_from: day(row.optional_text(2)?)?,
            valid_until: day(row.optional_text(3)?)?,
            terms: serde_json::from_str(row.text(4)?).map_err(|_| broken("content"))?,
            recorded_at: row.integer(5)?,
            recorded_by: row.text(6)?.into(),
            reason: row.text(7)?.into(),
        });
    }
    Ok(agreements)
}

/// Refuses an entry that is wrong in itself, or contradicts others.
pub(in crate::reference) fn check(
    agreements: &Agreements,
    entry: &AgreementEntry,
) -> Result<(), ReferenceError> {
    let named = (1..=64).contains(&entry.name.len())
        && entry.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !named {
        let text =
            format!("{:?} is not a name of small letters, digits and hyphens, such as nz-meat", entry.name);
        return Err(ReferenceError::Invalid(text));
    }
    if entry.terms.is_none() && agreements.history(&entry.name).is_none() {
        return Err(ReferenceError::Invalid(format!("there is no agreement {} to take back", entry.name)));
    }
    let mut problems = entry.terms.as_ref().map(Terms::problems).unwrap_or_default();
    if problems.is_empty() {
        problems = agreements.contradictions(entry);
    }
    if problems.is_empty() { Ok(()) } else { Err(ReferenceError::Fields(problems)) }
}

/// Stores entries, in their order, or none of them when something is wrong
/// with one; problems are then told with its index.
pub(in crate::reference) fn set(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    entries: Vec<AgreementEntry>,
) -> Result<Vec<AgreementEntry>, ReferenceError> {
    // What is checked must not change before it is stored.
    transaction.lock(&["reference/agreements"])?;
    let mut agreements = load(transaction)?;
    check_all(&agreements, &entries)?;
    let mut said = Vec::with_capacity(entries.len());
    for entry in entries {
        let last = agreements.history(&entry.name).and_then(<[_]>::last);
        let known = last.filter(|known| known.terms == entry.terms && known.valid_from == entry.valid_from);
        // What has just been said is not said again.
        let entry = match known {
            Some(known) => (**known).clone(),
            None => {
                let entry = insert(transaction, by, source, entry)?;
                agreements.add(entry.clone());
                entry
            }
        };
        said.push(entry);
    }
    Ok(said)
}

/// Refuses entries of which one is wrong, or contradicts others or one before
/// it.
fn check_all(agreements: &Agreements, entries: &[AgreementEntry]) -> Result<(), ReferenceError> {
    if let [entry] = entries {
        return check(agreements, entry);
    }
    let mut agreements = agreements.clone();
    let mut wrong = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        match check(&agreements, entry) {
            Ok(()) => agreements.add(entry.clone()),
            Err(ReferenceError::Fields(problems)) => wrong.extend(problems.into_iter().map(|problem| {
                let pointer = format!("/{index}{}", problem.pointer);
                SchemaProblem { pointer, text: format!("{}: {}", entry.name, problem.text) }
            })),
            Err(ReferenceError::Invalid(text)) => {
                wrong.push(SchemaProblem { pointer: format!("/{index}/name"), text });
            }
            Err(other) => return Err(other),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(ReferenceError::Fields(wrong)) }
}

/// Adds an outage to what an agreement says on the outage's first day.
pub(in crate::reference) fn add_outage(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    name: &str,
    outage: Outage,
) -> Result<AgreementEntry, ReferenceError> {
    transaction.lock(&["reference/agreements"])?;
    let entry = with_outage(&load(transaction)?, name, outage)?;
    insert(transaction, by, source, entry)
}

/// What an agreement says when an outage is added to it.
pub(in crate::reference) fn with_outage(
    agreements: &Agreements,
    name: &str,
    outage: Outage,
) -> Result<AgreementEntry, ReferenceError> {
    if agreements.history(name).is_none() {
        return Err(ReferenceError::UnknownAgreement(name.into()));
    }
    let Some(entry) = agreements.on(name, outage.from) else {
        let text = format!("the agreement {name} does not hold on {}", outage.from);
        return Err(ReferenceError::Fields(vec![SchemaProblem { pointer: "/from".into(), text }]));
    };
    let reason = outage.reason.clone();
    let terms = entry.terms.clone().map(|mut terms| {
        // What is said again of an outage replaces what was said of it.
        terms.outages.retain(|known| known.from != outage.from);
        terms.outages.push(outage);
        terms.outages.sort_by_key(|outage| outage.from);
        terms
    });
    let entry = AgreementEntry { terms, reason, ..(**entry).clone() };
    check(agreements, &entry)?;
    Ok(entry)
}

fn insert(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    entry: AgreementEntry,
) -> Result<AgreementEntry, ReferenceError> {
    let entry = AgreementEntry { id: new_id(), recorded_at: now(), recorded_by: by.name.clone(), ..entry };
    let text =
        serde_json::to_string(&entry.terms).map_err(|error| ReferenceError::Invalid(error.to_string()))?;
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    let (from, until) = (day(entry.valid_from), day(entry.valid_until));
    transaction.execute(
        "INSERT INTO agreement_entry (id, name, valid_from, valid_until, content, recorded_at, recorded_by, \
         reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            (&entry.id).into(),
            (&entry.name).into(),
            from.as_ref().into(),
            until.as_ref().into(),
            (&text).into(),
            entry.recorded_at.into(),
            (&by.id).into(),
            (&entry.reason).into(),
        ],
    )?;
    let subject = format!("agreement/{}", entry.name);
    let leaf = audit::Entry {
        principal: by,
        source,
        action: "agreement-set",
        subject: &subject,
        content: text.as_bytes(),
    };
    audit::record(transaction, &leaf)?;
    Ok(entry)
}
