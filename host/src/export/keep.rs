//! Stores certificates that were read: new, amended, repeated or in conflict,
//! and linked with those they replace.

use ecert_model::certificates::Certificate;

use super::body::{Dictionaries, damaged};
use super::load::{Loaded, Loading, Prepared};
use super::status::Status;
use super::{audit, events, qr};
use crate::digest::Digest;
use crate::intake::Sender;
use crate::intake::identity::{CertificateKey, Delivery, Known, compare};
use crate::intake::number::normalise;
use crate::store::{Row, StoreError, Transaction, Value, now};

/// What a certificate is found by besides its number.
pub(super) struct FoundBy {
    issued_on: String,
    destination: String,
    transit: Vec<String>,
    containers: Vec<String>,
    replaces: Vec<String>,
}

impl FoundBy {
    pub(super) fn of(certificate: &Certificate) -> Self {
        let consignment = &certificate.consignment;
        let destination = consignment.import_country.as_ref().map(|area| area.country.value.clone());
        let destination = destination.unwrap_or_default();
        let transit = consignment.transit_countries.iter().map(|area| area.country.value.clone());
        let containers = consignment.equipment.iter().filter_map(|equipment| equipment.identifier.as_ref());
        let own = normalise(&certificate.number.value);
        let replaces = certificate.replaces.iter().map(|number| normalise(&number.value));
        Self {
            issued_on: certificate.issued.map(|issued| issued.date.to_string()).unwrap_or_default(),
            transit: unique(transit.filter(|country| *country != destination)),
            containers: unique(containers.map(|number| normalise(&number.value))),
            replaces: unique(replaces.filter(|number| *number != own)),
            destination,
        }
    }

    /// The countries it concerns, and whether it only passes through.
    fn reach(&self) -> impl Iterator<Item = (&String, i64)> {
        let destination = Some((&self.destination, 0)).filter(|(country, _)| !country.is_empty());
        destination.into_iter().chain(self.transit.iter().map(|country| (country, 1)))
    }
}

/// Each once, without the empty.
fn unique(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// The identifier after the last. Whoever asks holds the lock.
pub(super) fn next_id(transaction: &mut dyn Transaction) -> Result<i64, StoreError> {
    let row = transaction.query_optional("SELECT MAX(id) FROM export_certificate", &[])?;
    Ok(row.map(|row| row.optional_integer(0)).transpose()?.flatten().unwrap_or(0) + 1)
}

/// Stores certificates in one transaction.
pub(super) struct Loader<'l> {
    pub(super) transaction: &'l mut dyn Transaction,
    pub(super) sender: &'l Sender,
    pub(super) how: Loading,
    /// Identifier of the next new certificate.
    pub(super) next: i64,
}

impl Loader<'_> {
    /// Stores a certificate, and says what became of it.
    pub(super) fn store(
        &mut self,
        prepared: &Prepared,
        dictionaries: &Dictionaries,
        address: &str,
    ) -> Result<Loaded, StoreError> {
        for (digest, body) in &prepared.attachments {
            const KEEP: &str =
                "INSERT INTO export_attachment (digest, body) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            self.transaction.execute(KEEP, &[digest.as_bytes().into(), body.into()])?;
        }
        let (id, version, status, delivery) = if self.insert(prepared)? {
            let id = self.next;
            self.next += 1;
            self.index(id, &prepared.key.country, &prepared.found_by)?;
            let status = self.replaced_already(id, prepared)?;
            (id, 1, status, Delivery::First)
        } else {
            self.again(prepared, dictionaries)?
        };
        if delivery == Delivery::First || delivery == Delivery::Amendment {
            self.replace_others(id, prepared)?;
        }
        let renewed = self.how.renew_codes && delivery != Delivery::First;
        if let (true, Some((_, digest))) = (renewed, &prepared.code) {
            events::set_code(self.transaction, id, digest)?;
        }
        let shown = prepared.code.as_ref().filter(|_| renewed || delivery == Delivery::First);
        Ok(Loaded {
            id,
            number: prepared.certificate.number.value.clone(),
            outcome: delivery.name(),
            version,
            status,
            check_code: shown.map(|(code, _)| code.clone()),
            link: shown.map(|(code, _)| qr::link(address, &prepared.certificate.number.value, code)),
        })
    }

    /// Stores a new certificate; answers whether it is new.
    fn insert(&mut self, prepared: &Prepared) -> Result<bool, StoreError> {
        const INSERT: &str = "INSERT INTO export_certificate (id, number, type_code, country, authority, \
            written_number, issued_on, destination, status, status_since, version, loaded_at, code, content, body) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $10, $11, $12, $13) ON CONFLICT DO NOTHING";
        let Prepared { key, certificate, .. } = prepared;
        let code = prepared.code.as_ref().map(|(_, digest)| digest);
        let parameters = [
            Value::Integer(self.next),
            Value::from(&key.number),
            Value::from(&key.type_code),
            Value::from(&key.country),
            Value::from(&key.authority),
            Value::from(&certificate.number.value),
            Value::from(&prepared.found_by.issued_on),
            Value::from(&prepared.found_by.destination),
            Value::Text(prepared.status.code()),
            Value::Integer(now()),
            Value::from(code),
            Value::Bytes(prepared.content.as_bytes()),
            Value::from(&prepared.body),
        ];
        Ok(self.transaction.execute(INSERT, &parameters)? == 1)
    }

    /// Writes what a certificate is found by.
    fn index(&mut self, id: i64, country: &String, found_by: &FoundBy) -> Result<(), StoreError> {
        const REACH: &str = "INSERT INTO export_reach (country, issued_on, certificate_id, transit) \
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        const CONTAINER: &str = "INSERT INTO export_container (container, certificate_id) VALUES ($1, $2)";
        const REPLACEMENT: &str =
            "INSERT INTO export_replacement (number, country, certificate_id) VALUES ($1, $2, $3)";
        for (reached, transit) in found_by.reach() {
            let parameters = [reached.into(), (&found_by.issued_on).into(), id.into(), transit.into()];
            self.transaction.execute(REACH, &parameters)?;
        }
        for container in &found_by.containers {
            self.transaction.execute(CONTAINER, &[container.into(), id.into()])?;
        }
        for number in &found_by.replaces {
            self.transaction.execute(REPLACEMENT, &[number.into(), country.into(), id.into()])?;
        }
        Ok(())
    }

    /// Takes back what [`Self::index`] wrote.
    fn forget(&mut self, id: i64, country: &String, found_by: &FoundBy) -> Result<(), StoreError> {
        const REACH: &str =
            "DELETE FROM export_reach WHERE country = $1 AND issued_on = $2 AND certificate_id = $3";
        const CONTAINER: &str = "DELETE FROM export_container WHERE container = $1 AND certificate_id = $2";
        const REPLACEMENT: &str =
            "DELETE FROM export_replacement WHERE number = $1 AND country = $2 AND certificate_id = $3";
        for (reached, _) in found_by.reach() {
            let parameters = [reached.into(), (&found_by.issued_on).into(), id.into()];
            self.transaction.execute(REACH, &parameters)?;
        }
        for container in &found_by.containers {
            self.transaction.execute(CONTAINER, &[container.into(), id.into()])?;
        }
        for number in &found_by.replaces {
            self.transaction.execute(REPLACEMENT, &[number.into(), country.into(), id.into()])?;
        }
        Ok(())
    }

    /// A certificate that is held comes again.
    fn again(
        &mut self,
        prepared: &Prepared,
        dictionaries: &Dictionaries,
    ) -> Result<(i64, i64, Status, Delivery), StoreError> {
        const SELECT: &str = "SELECT id, version, status, content, body FROM export_certificate \
            WHERE number = $1 AND type_code = $2 AND country = $3 AND authority = $4";
        let CertificateKey { country, authority, type_code, number } = &prepared.key;
        let parameters = [number.into(), type_code.into(), country.into(), authority.into()];
        let row = self.transaction.query_optional(SELECT, &parameters)?;
        let row = row.ok_or_else(|| StoreError::Value("a certificate in the way is not there".to_owned()))?;
        let (id, version) = (row.integer(0)?, row.integer(1)?);
        let status = Status::of(row.text(2)?).ok_or_else(|| damaged("status"))?;
        if row.bytes(3)? == prepared.content.as_bytes() {
            return Ok((id, version, status, Delivery::Repeat));
        }
        let held = self.held(&row, dictionaries)?;
        let known = Known {
            content: Digest::of(b"another"),
            status: &held.status.value,
            version: held.version.as_deref(),
            may_amend: true,
        };
        let delivery = compare(&prepared.certificate, prepared.content, &known);
        let next = if prepared.status == status { status } else { prepared.status };
        if delivery != Delivery::Amendment || (next != status && !status.may_become(next)) {
            return Ok((id, version, status, Delivery::Conflict));
        }
        self.forget(id, country, &FoundBy::of(&held))?;
        self.index(id, country, &prepared.found_by)?;
        self.amend(id, version + 1, (status, next), prepared, row.bytes(4)?)?;
        Ok((id, version + 1, next, Delivery::Amendment))
    }

    fn held(&mut self, row: &Row, dictionaries: &Dictionaries) -> Result<Certificate, StoreError> {
        let body = match dictionaries.unpack(row.bytes(4)?)? {
            Some(body) => Some(body),
            // Another host may have trained one meanwhile.
            None => Dictionaries::load(self.transaction)?.unpack(row.bytes(4)?)?,
        };
        let body = body.ok_or_else(|| damaged("dictionary"))?;
        serde_json::from_slice(&body.certificate).map_err(|_| damaged("certificate"))
    }

    fn amend(
        &mut self,
        id: i64,
        version: i64,
        (from, to): (Status, Status),
        prepared: &Prepared,
        before: &[u8],
    ) -> Result<(), StoreError> {
        const UPDATE: &str = "UPDATE export_certificate SET version = $2, written_number = $3, issued_on = $4, \
            destination = $5, status = $6, status_since = CASE WHEN status = $6 THEN status_since ELSE $7 END, \
            content = $8, body = $9 WHERE id = $1";
        let parameters = [
            id.into(),
            version.into(),
            (&prepared.certificate.number.value).into(),
            (&prepared.found_by.issued_on).into(),
            (&prepared.found_by.destination).into(),
            to.code().into(),
            now().into(),
            prepared.content.as_bytes().into(),
            (&prepared.body).into(),
        ];
        self.transaction.execute(UPDATE, &parameters)?;
        let event = events::New {
            action: "amended",
            status: from,
            version: version - 1,
            reason: "",
            body: Some(before),
        };
        events::record(self.transaction, id, self.sender, &event)
    }

    /// Its successor may have come before it.
    fn replaced_already(&mut self, id: i64, prepared: &Prepared) -> Result<Status, StoreError> {
        const SELECT: &str = "SELECT c.written_number FROM export_replacement r \
            JOIN export_certificate c ON c.id = r.certificate_id \
            WHERE r.number = $1 AND r.country = $2 AND c.status = '70' ORDER BY c.id DESC LIMIT 1";
        let parameters = [(&prepared.key.number).into(), (&prepared.key.country).into()];
        let Some(successor) = self.transaction.query_optional(SELECT, &parameters)? else {
            return Ok(prepared.status);
        };
        if !prepared.status.may_become(Status::Replaced) {
            return Ok(prepared.status);
        }
        let reason = "its successor had come before it";
        events::change(
            self.transaction,
            id,
            self.sender,
            (prepared.status, Status::Replaced),
            1,
            reason,
            Some(successor.text(0)?),
        )?;
        Ok(Status::Replaced)
    }

    /// Those that this certificate replaces are replaced now.
    fn replace_others(&mut self, id: i64, prepared: &Prepared) -> Result<(), StoreError> {
        const SELECT: &str = "SELECT id, status, version FROM export_certificate \
            WHERE number = $1 AND country = $2 AND id <> $3";
        if prepared.status != Status::Issued {
            return Ok(());
        }
        let successor = prepared.certificate.number.value.as_str();
        for number in &prepared.found_by.replaces {
            let parameters = [number.into(), (&prepared.key.country).into(), id.into()];
            for row in self.transaction.query(SELECT, &parameters)? {
                let Some(status) = Status::of(row.text(1)?).filter(|s| s.may_become(Status::Replaced)) else {
                    continue;
                };
                let change = (status, Status::Replaced);
                let (replaced, version) = (row.integer(0)?, row.integer(2)?);
                events::change(
                    self.transaction,
                    replaced,
                    self.sender,
                    change,
                    version,
                    "a successor was loaded",
                    Some(successor),
                )?;
            }
        }
        Ok(())
    }

    /// One leaf for all that was loaded together.
    pub(super) fn audit<'o>(&mut self, outcomes: impl Iterator<Item = &'o Loaded>) -> Result<(), StoreError> {
        let loaded: Vec<(i64, &str, i64)> =
            outcomes.map(|loaded| (loaded.id, loaded.outcome, loaded.version)).collect();
        let subject = match loaded.as_slice() {
            [(id, ..)] => format!("export-certificate/{id}"),
            _ => "export-certificates".to_owned(),
        };
        let content = serde_json::to_vec(&loaded).unwrap_or_default();
        audit(self.transaction, self.sender, "export-certificates-loaded", &subject, &content)
    }
}
