//! What tests of export certificates share: certificates to load, accounts to
//! ask under, and the public check.

use serde_json::{Value, json};

use crate::generator::{Generator, Made, batch};
use crate::host::component;
use crate::{Answer, Client, Host, Setup};

/// Where batches go.
pub const BATCH: &str = "/v1/export-certificates/batch";

/// A host that reads SPS messages.
#[must_use]
pub fn host(setup: Setup) -> Host {
    let host = setup.start();
    host.publish(&component("uncefact-sps"));
    host
}

/// So many certificates, the same each time.
#[must_use]
pub fn made(count: usize) -> Vec<Made> {
    let mut generator = Generator::new(7, 1);
    (0..count).map(|_| generator.certificate()).collect()
}

/// Sends a batch.
#[must_use]
pub fn send_batch(client: &Client, lines: &[u8]) -> Answer {
    client.send("POST", BATCH, &[("content-type", "application/x-ndjson")], lines)
}

/// Loads certificates and answers what became of each.
///
/// # Panics
///
/// When one is refused.
#[must_use]
pub fn load(host: &Host, certificates: &[Made]) -> Vec<Value> {
    let lines = batch(certificates.iter().map(|made| made.message.as_str()));
    let answer = send_batch(&host.admin, &lines).expect(200).json();
    assert_eq!(answer["refused"], 0, "{answer}");
    let results = answer["results"].as_array().expect("results");
    results.iter().map(|result| result["certificates"][0].clone()).collect()
}

/// A member that is a text.
///
/// # Panics
///
/// When it is not there.
#[must_use]
pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is missing: {value}"))
}

/// An account for an institution; answers its identifier and its manager.
#[must_use]
pub fn account(host: &Host, name: &str, more: &Value) -> (String, Client) {
    let mut wanted = json!({
        "name": name, "expires": "2099-12-31", "rate": 6000, "users": [{"name": "li", "role": "manager"}],
    });
    for (member, value) in more.as_object().into_iter().flatten() {
        wanted[member] = value.clone();
    }
    let answer = host.admin.json("POST", "/v1/query-accounts", &wanted).expect(201).json();
    let client = host.admin.with_token(answer["users"][0]["token"].as_str());
    (text(&answer, "id").to_owned(), client)
}

/// A number as it stands in an address.
#[must_use]
pub fn encoded(number: &str) -> String {
    number.replace('/', "%2F")
}

/// Asks for a certificate under an account.
#[must_use]
pub fn ask(client: &Client, number: &str, more: &str) -> Value {
    client.get(&format!("/v1/queries/certificates/{}{more}", encoded(number))).expect(200).json()
}

/// Checks a certificate as the public does.
#[must_use]
pub fn check(host: &Host, number: &str, code: &str) -> Answer {
    host.admin.with_token(None).get(&format!("/check?number={}&code={code}", encoded(number)))
}
