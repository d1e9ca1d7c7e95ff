//! What holds of the JSON reader whatever it is given.

use std::time::Duration;

use ecert_sdk::json::{Document, Kind, Limits, Value, failed_reading};
use proptest::prelude::*;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Map, Value as Plain};

/// A message to damage: every kind of value, two scripts, a byte order mark.
const MESSAGE: &str = "\u{FEFF}{\"number\": \"NZ \\u0026 1\",\r\n \"lines\": [{\"mass\": -12.50e+1, \"乳粉\": null},\n\
    [true, false, \"\\ud83d\\ude00 ü\\n\"], {}], \"inner\": {\"number\": \"\"}}\n";

/// Every place lies in the message, within its parent, at the right line and
/// column; what is taken is JSON, what is refused is not or is said to be more
/// than what is read.
fn check_reading(message: &[u8]) {
    let reading = match Document::parse(message, &Limits::default()) {
        Ok(document) => document.finish(vec![], vec![]),
        Err(error) => {
            assert!(error.bytes.start <= error.bytes.end && error.bytes.end <= message.len(), "{error:?}");
            assert!(error.line >= 1 && error.column >= 1 && !error.text.is_empty());
            failed_reading(&error)
        }
    };
    let in_order = reading.problems.is_empty();
    let plain = message.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(message);
    match serde_json::from_slice::<Plain>(plain) {
        Ok(_) => assert!(in_order || reading.problems[0].code == "json-duplicate-key", "{reading:?}"),
        // Its numbers have an end.
        Err(error) => assert!(!in_order || error.to_string().starts_with("number out of range"), "{error}"),
    }
    for (index, place) in reading.places.iter().enumerate() {
        let (start, end) = (place.start as usize, place.end as usize);
        assert!(start <= end && end <= message.len());
        assert!((place.name as usize) < reading.names.len());
        assert!((place.parent as usize) < index.max(1), "parents come first");
        if in_order && index > 0 {
            let parent = reading.places[place.parent as usize];
            assert!(parent.start <= place.start && place.end <= parent.end || place.parent == 0);
            let before = std::str::from_utf8(&message[..start]).unwrap().trim_start_matches('\u{FEFF}');
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            let line = before.matches('\n').count() + 1;
            assert_eq!((place.line as usize, place.column as usize), (line, column));
        }
    }
}

fn plain() -> impl Strategy<Value = Plain> {
    let leaf = prop_oneof![
        Just(Plain::Null),
        any::<bool>().prop_map(Plain::from),
        any::<i64>().prop_map(Plain::from),
        "\\PC{0,12}".prop_map(Plain::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Plain::from),
            proptest::collection::vec(("[a-e]|\\PC{0,4}", inner), 0..5)
                .prop_map(|members| Plain::Object(Map::from_iter(members))),
        ]
    })
}

fn is(plain: &Plain, value: Value<'_>) -> bool {
    match plain {
        Plain::Null => value.kind() == Kind::Null && value.is_blank(),
        Plain::Bool(truth) => value.kind() == Kind::Boolean && value.text() == truth.to_string(),
        Plain::Number(number) => value.kind() == Kind::Number && value.text() == number.to_string(),
        Plain::String(text) => value.kind() == Kind::String && value.text() == text.trim_ascii(),
        Plain::Array(elements) => {
            value.kind() == Kind::Array
                && value.items().count() == elements.len()
                && elements.iter().zip(value.items()).all(|(plain, value)| is(plain, value))
        }
        Plain::Object(members) => {
            value.kind() == Kind::Object
                && value.members().count() == members.len()
                && members.iter().all(|(key, plain)| value.get(key).is_some_and(|value| is(plain, value)))
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(message in proptest::collection::vec(any::<u8>(), 0..100)) {
        check_reading(&message);
    }

    #[test]
    fn any_tokens_are_read_or_refused(parts in proptest::collection::vec(0..22usize, 0..24)) {
        const PARTS: [&str; 22] = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"b\":", "1", "-", ".5",
            "e9", "true", "null", " ", "\n", "\\u00e9", "\u{1F600}", "\\ud83d", "\t"];
        let message: String = parts.into_iter().map(|part| PARTS[part]).collect();
        check_reading(message.as_bytes());
    }

    #[test]
    fn any_damage_is_read_or_refused(at in 0..MESSAGE.len(), cut in 0..20usize, insert in any::<Option<u8>>()) {
        let mut message = MESSAGE.as_bytes().to_vec();
        message.splice(at..(at + cut).min(MESSAGE.len()), insert);
        check_reading(&message);
    }

    #[test]
    fn what_is_written_is_read(plain in plain(), pretty in any::<bool>()) {
        let written = if pretty { serde_json::to_string_pretty(&plain) } else { serde_json::to_string(&plain) };
        let message = written.unwrap();
        let document = Document::parse(message.as_bytes(), &Limits::default()).unwrap();
        prop_assert!(is(&plain, document.root()), "{}", message);
        check_reading(message.as_bytes());
    }
}

/// The processor time it takes to read, or refuse, a message: other work on the
/// machine does not count.
fn time(message: &str) -> Duration {
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let started = processor_time();
    if let Ok(document) = Document::parse(message.as_bytes(), &limits) {
        document.finish(vec![], vec![]);
    }
    processor_time() - started
}

/// Of this thread.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).expect("below a second"))
}

/// Makes a message of a size.
type Make = fn(usize) -> String;

/// Sixteen times the message must not take much more than sixteen times the
/// time; a quadratic step would take 256 times.
#[test]
fn reading_takes_linear_time() {
    fn list(part: fn(usize) -> String, n: usize) -> String {
        (0..n).map(part).collect::<Vec<_>>().join(",")
    }
    let cases: [(&str, Make); 11] = [
        ("keys", |n| format!("{{{}}}", list(|i| format!("\"k{i}\":1"), n))),
        ("keys within keys", |n| "{\"a\":{\"b\":".repeat(n / 2) + "1" + &"}}".repeat(n / 2)),
        ("objects", |n| format!("[{}]", list(|_| "{\"a\":1,\"b\":{}}".into(), n))),
        ("keys of objects", |n| format!("[{}]", list(|i| format!("{{\"a{i}\":1}}"), n))),
        ("depth", |n| "[".repeat(n) + &"]".repeat(n)),
        ("open arrays", |n| "[".repeat(n)),
        ("open objects", |n| "{\"a\":".repeat(n)),
        ("escapes", |n| format!("\"{}\"", "\\u00e9\\n".repeat(n))),
        ("escaped strings", |n| format!("[{}]", list(|_| "\"\\n\"".into(), n))),
        ("white space", |n| " \n".repeat(n)),
        ("an open string", |n| format!("[\"{}", "é\\\"".repeat(n))),
    ];
    for (name, make) in cases {
        let small = make(4_000);
        let large = make(64_000);
        let of_small = (0..3).map(|_| time(&small)).min().unwrap_or_default();
        let of_large = (0..3).map(|_| time(&large)).min().unwrap_or_default();
        let allowed = of_small * 16 * 4 + Duration::from_millis(30);
        assert!(of_large < allowed, "{name}: {of_small:?} became {of_large:?}");
    }
}
