//! What tests of deliveries share: batches, and waiting for them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Client, examples};

/// A certificate of New Zealand that has nothing wrong in it.
pub const CERTIFICATE: &str = "clean/beef-frozen/certificate.xml";

const NUMBER: &str = "NZ2026/HDM/20401";

/// The certificate under another number.
///
/// # Panics
///
/// When the example is not as it was.
#[must_use]
pub fn numbered(number: usize) -> String {
    let text = String::from_utf8(examples::message(CERTIFICATE)).expect("XML in UTF-8");
    assert!(text.contains(NUMBER), "the example bears another number");
    text.replace(NUMBER, &format!("NZ2026/BATCH/{number:06}"))
}

/// A batch, a JSON object a line.
#[must_use]
pub fn lines<'m>(messages: impl IntoIterator<Item = &'m str>) -> Vec<u8> {
    let line = |message: &str| format!("{}\n", json!({"message": message}));
    messages.into_iter().map(line).collect::<String>().into_bytes()
}

/// Delivers a batch; answers its address.
///
/// # Panics
///
/// When it is not accepted.
#[must_use]
#[track_caller]
pub fn deliver(client: &Client, lines: &[u8]) -> String {
    let headers = [("content-type", "application/x-ndjson")];
    let answer = client.send("POST", "/v1/deliveries", &headers, lines).expect(202);
    let location = answer.header("location").to_owned();
    assert_eq!(location, format!("/v1/deliveries/{}", answer.json()["id"].as_str().expect("an id")));
    location
}

/// Waits until all messages of a batch were worked off.
///
/// # Panics
///
/// When that takes too long.
#[must_use]
#[track_caller]
pub fn finished(client: &Client, address: &str) -> Value {
    let begun = Instant::now();
    loop {
        let last = match client.try_send("GET", &format!("{address}?limit=500"), &[], &[]) {
            Ok(answer) if answer.status == 200 && answer.json()["state"] == "finished" => {
                return answer.json();
            }
            Ok(answer) => answer.text(),
            Err(error) => error.to_string(),
        };
        assert!(begun.elapsed() < Duration::from_secs(60), "the batch is not finished: {last}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
