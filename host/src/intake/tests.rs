//! What deliveries come to, on both databases.

use ecert_model::cases::{Authenticity, Channel};
use ecert_model::certificates::Certificate;
use ecert_model::values::{Code, DateTime, Identifier};
use jiff::Timestamp;

use super::Sender;
use super::certificates::deliver;
use super::compress::compress;
use super::identity::{CertificateKey, Delivery, content_digest};
use super::service::{Incoming, Prepared};
use crate::access::{Principal, Role};
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::store::testing::on_each_database;
use crate::store::{Store, StoreError, Value, new_id};

/// A certificate of New Zealand, issued on a day of March 2026.
fn certificate(number: &str, status: &str, day: u8) -> Certificate {
    let code = |value: &str| Code { value: value.into(), ..Code::default() };
    let issued = DateTime { date: format!("2026-03-{day:02}").parse().unwrap(), ..DateTime::default() };
    Certificate {
        number: Identifier { value: number.into(), ..Identifier::default() },
        type_code: code("852"),
        status: code(status),
        issued: Some(issued),
        issuing_country: Some(code("NZ")),
        ..Certificate::default()
    }
}

fn replacing(number: &str, replaced: &str, day: u8) -> Certificate {
    let replaces = vec![Identifier { value: replaced.into(), ..Identifier::default() }];
    Certificate { replaces, ..certificate(number, "70", day) }
}

fn sender(name: &str, country: &str) -> Sender {
    let principal = Principal {
        id: name.into(),
        name: name.into(),
        role: Role::Partner,
        countries: [country.to_owned()].into(),
    };
    Sender { principal, source: "test".into() }
}

/// Delivers a certificate; answers its identifier, the version that counts
/// and what the delivery came to.
fn send(store: &Store, certificate: Certificate, sender: &Sender) -> (String, u32, Delivery) {
    let bytes = serde_json::to_vec(&certificate).unwrap();
    let incoming = Incoming {
        id: new_id(),
        received: Timestamp::now(),
        digest: Digest::of(&bytes),
        media_type: "application/xml".into(),
        format: "test".into(),
        adapter: "test".into(),
        size: bytes.len(),
        body: compress(&bytes),
        problems: None,
        sender: sender.clone(),
        kept: None,
    };
    let authentic = sender.speaks_for("NZ");
    let prepared = Prepared {
        key: CertificateKey::of(&certificate),
        content: content_digest(&certificate),
        body: compress(&bytes),
        places: compress(&Places::default().to_bytes()),
        channel: if authentic { Channel::Delivery } else { Channel::Submission },
        authenticity: if authentic { Authenticity::Authentic } else { Authenticity::NotEntitled },
        certificate,
    };
    store
        .write(move |transaction| -> Result<_, StoreError> {
            incoming.store(transaction, "read")?;
            deliver(transaction, &prepared, &incoming)
        })
        .unwrap()
}

/// Status, authenticity, whether contradicted, successor, first issued.
fn state(store: &Store, id: &str) -> (String, String, bool, Option<String>, String) {
    const SELECT: &str = "SELECT status, authenticity, contradicted, replaced_by, first_issued \
        FROM certificate WHERE id = $1";
    store
        .read(|transaction| -> Result<_, StoreError> {
            let rows = transaction.query(SELECT, &[Value::Text(id)])?;
            let row = &rows[0];
            let first: DateTime = serde_json::from_str(row.text(4)?).unwrap();
            Ok((
                row.text(0)?.to_owned(),
                row.text(1)?.to_owned(),
                row.integer(2)? != 0,
                row.optional_text(3)?.map(str::to_owned),
                first.date.to_string(),
            ))
        })
        .unwrap()
}

on_each_database! {
    fn deliveries_are_told_apart(fresh: Fresh) {
        let store = &fresh.store;
        let authority = sender("authority", "NZ");
        let forwarder = sender("forwarder", "PA");
        let (id, version, first) = send(store, certificate("NZ-1", "70", 1), &authority);
        assert_eq!((version, first), (1, Delivery::First));
        let again = send(store, certificate("nz 1", "70", 1), &authority);
        // Another way of writing the number is other content, not another certificate.
        assert_eq!((again.0.as_str(), again.2), (id.as_str(), Delivery::Conflict));
        let repeat = send(store, certificate("NZ-1", "70", 1), &forwarder);
        assert_eq!(repeat, (id.clone(), 1, Delivery::Repeat));
        let withdrawn = send(store, certificate("NZ-1", "40", 1), &authority);
        assert_eq!(withdrawn, (id.clone(), 2, Delivery::Amendment));
        assert_eq!(state(store, &id).0, "40");
        let forged = send(store, certificate("NZ-1", "70", 2), &forwarder);
        assert_eq!(forged, (id.clone(), 2, Delivery::Conflict));
        let (status, authenticity, contradicted, ..) = state(store, &id);
        assert_eq!((status.as_str(), authenticity.as_str(), contradicted), ("40", "authentic", true));
    }

    fn the_authority_outranks_who_came_first(fresh: Fresh) {
        let store = &fresh.store;
        let authority = sender("authority", "NZ");
        let forwarder = sender("forwarder", "PA");
        let (id, ..) = send(store, certificate("NZ-2", "70", 1), &forwarder);
        assert_eq!(state(store, &id).1, "not-entitled");
        let same = send(store, certificate("NZ-2", "70", 1), &authority);
        assert_eq!(same, (id.clone(), 1, Delivery::Repeat));
        assert_eq!(state(store, &id).1, "authentic");
        let (id, ..) = send(store, certificate("NZ-3", "70", 1), &forwarder);
        let other = send(store, certificate("NZ-3", "70", 5), &authority);
        assert_eq!(other, (id.clone(), 2, Delivery::Amendment));
        assert_eq!(state(store, &id).1, "authentic");
    }

    fn chains_of_replacements_are_linked_in_any_order(fresh: Fresh) {
        let store = &fresh.store;
        let authority = sender("authority", "NZ");
        let (original, ..) = send(store, certificate("NZ-10", "70", 1), &authority);
        let (third, ..) = send(store, replacing("NZ-12", "NZ-11", 9), &authority);
        assert_eq!(state(store, &third).4, "2026-03-09");
        let (second, ..) = send(store, replacing("NZ-11", "nz10", 5), &authority);
        assert_eq!(state(store, &original).3.as_deref(), Some("NZ-11"));
        assert_eq!(state(store, &second).3.as_deref(), Some("NZ-12"));
        assert_eq!(state(store, &third).3, None);
        for id in [&original, &second, &third] {
            assert_eq!(state(store, id).4, "2026-03-01");
        }
    }

    fn a_stranger_cannot_replace_a_certificate(fresh: Fresh) {
        let store = &fresh.store;
        let authority = sender("authority", "NZ");
        let (id, ..) = send(store, certificate("NZ-20", "70", 1), &authority);
        send(store, replacing("NZ-21", "NZ-20", 5), &sender("forwarder", "PA"));
        assert_eq!(state(store, &id).3, None);
        let draft = Certificate { status: Code { value: "47".into(), ..Code::default() }, ..replacing("NZ-22", "NZ-20", 5) };
        send(store, draft, &authority);
        assert_eq!(state(store, &id).3, None);
    }
}
