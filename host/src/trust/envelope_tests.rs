use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate().unwrap());
static OTHER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate().unwrap());

fn release() -> Release {
    Release {
        name: "meat".into(),
        version: "1.2.3".into(),
        contract: "0.1.0".into(),
        digest: Digest::of(b"component"),
    }
}

fn signed_by(key: &PrivateKey, role: Role) -> Envelope {
    Envelope::sign(&release(), role, key).unwrap()
}

/// Signs any payload under any type, as a foreign tool might.
fn foreign(payload: &[u8], payload_type: &str, key: &PrivateKey) -> String {
    let message =
        [format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).as_bytes(), payload]
            .concat();
    serde_json::json!({
        "payload": STANDARD.encode(payload),
        "payloadType": payload_type,
        "signatures": [{"keyid": key.public().id(), "sig": STANDARD.encode(key.sign(&message))}],
    })
    .to_string()
}

fn verify_text(text: &str) -> Result<Verified, SignatureError> {
    verify(&parse_bundle(text.as_bytes())?, &release(), &[KEY.public()])
}

fn payload() -> serde_json::Value {
    serde_json::to_value(Statement::new(&release(), Role::Author)).unwrap()
}

#[test]
fn signatures_survive_their_files() {
    let envelopes = [signed_by(&KEY, Role::Author), signed_by(&OTHER, Role::Authority)];
    let bundle = write_bundle(&envelopes);
    assert_eq!(parse_bundle(bundle.as_bytes()).unwrap(), envelopes);
    let found = verify(&envelopes, &release(), &[KEY.public(), OTHER.public()]).unwrap();
    let who: Vec<_> = found.signatures.iter().map(|(key, role, _)| (*key, *role)).collect();
    assert_eq!(who, [(KEY.public().id(), Role::Author), (OTHER.public().id(), Role::Authority)]);
    assert!(found.unknown.is_empty());
}

#[test]
fn signing_twice_gives_the_same_bytes() {
    assert_eq!(signed_by(&KEY, Role::Author).to_json(), signed_by(&KEY, Role::Author).to_json());
}

/// The envelope as the specifications of DSSE and in-toto write it.
#[test]
fn the_envelope_is_of_the_standards_form() {
    let envelope: serde_json::Value = serde_json::from_str(&signed_by(&KEY, Role::Author).to_json()).unwrap();
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    let payload = STANDARD.decode(envelope["payload"].as_str().unwrap()).unwrap();
    insta::assert_snapshot!(
        String::from_utf8(payload).unwrap(),
        @r#"{"_type":"https://in-toto.io/Statement/v1","predicate":{"contract":"0.1.0","name":"meat","role":"author","version":"1.2.3"},"predicateType":"urn:ecert:predicate:plugin-release:v1","subject":[{"digest":{"sha256":"6985ca1f4daa5a584a28eae043a239cb96689af1337ea13afb63e00c2bf512fa"},"name":"meat"}]}"#
    );
}

#[test]
fn a_key_counts_once_per_role_however_often_it_signs() {
    let twice = signed_by(&KEY, Role::Author);
    let mut inside = twice.clone();
    inside.signatures.push(inside.signatures[0].clone());
    let found = verify(&[twice.clone(), inside, twice], &release(), &[KEY.public()]).unwrap();
    assert_eq!(found.signatures.len(), 1);
}

#[test]
fn a_key_that_is_not_known_proves_nothing_and_is_named() {
    let found = verify(&[signed_by(&OTHER, Role::Author)], &release(), &[KEY.public()]).unwrap();
    assert!(found.signatures.is_empty());
    assert_eq!(found.unknown, [OTHER.public().id().to_string()]);
    // Claiming to be a known key does not help.
    let mut claims = signed_by(&OTHER, Role::Author);
    claims.signatures[0].key = Some(KEY.public().id().to_string());
    assert_eq!(
        verify(&[claims], &release(), &[KEY.public()]),
        Err(SignatureError::Broken(KEY.public().id()))
    );
}

#[test]
fn a_signature_without_a_key_name_is_found_by_trying() {
    let mut nameless = signed_by(&KEY, Role::Author);
    nameless.signatures[0].key = None;
    let found = verify(std::slice::from_ref(&nameless), &release(), &[OTHER.public(), KEY.public()]).unwrap();
    assert_eq!(found.signatures[0].0, KEY.public().id());
    let found = verify(&[nameless], &release(), &[OTHER.public()]).unwrap();
    assert_eq!((found.signatures.len(), found.unknown.len()), (0, 1));
}

#[test]
fn a_signature_is_for_one_component_only() {
    let envelope = signed_by(&KEY, Role::Author);
    let others = [
        Release { digest: Digest::of(b"another"), ..release() },
        Release { version: "1.2.4".into(), ..release() },
        Release { name: "fish".into(), ..release() },
        Release { contract: "0.2.0".into(), ..release() },
    ];
    for other in others {
        let refused = verify(std::slice::from_ref(&envelope), &other, &[KEY.public()]);
        assert!(matches!(refused, Err(SignatureError::OtherComponent { .. })), "{other:?}");
    }
}

/// Signed by a known key and still not what it takes.
#[test]
fn statements_of_another_form_are_refused() {
    let change = |pointer: &str, value: serde_json::Value| {
        let mut payload = payload();
        *payload.pointer_mut(pointer).unwrap() = value;
        payload.to_string()
    };
    let subject = payload()["subject"][0].clone();
    let mut more = payload();
    more["predicate"]["more"] = true.into();
    for (text, said) in [
        (change("/_type", "https://in-toto.io/Statement/v0.1".into()), "its type"),
        (change("/predicateType", "https://slsa.dev/provenance/v1".into()), "its predicate"),
        (change("/subject", serde_json::json!([])), "0 subjects"),
        (change("/subject", serde_json::json!([subject, subject])), "2 subjects"),
        (change("/subject/0/name", "fish".into()), "different plugins"),
        (change("/subject/0/digest", serde_json::json!({"sha1": "00"})), "sha1"),
        (change("/predicate/role", "owner".into()), "owner"),
        (more.to_string(), "more"),
        (format!("{}{{}}", payload()), "trailing"),
        ("[]".into(), "invalid"),
    ] {
        let refused = verify_text(&foreign(text.as_bytes(), PAYLOAD_TYPE, &KEY)).unwrap_err();
        assert!(matches!(&refused, SignatureError::Statement(why) if why.contains(said)), "{refused}");
    }
    let fine = foreign(payload().to_string().as_bytes(), PAYLOAD_TYPE, &KEY);
    assert_eq!(verify_text(&fine).unwrap().signatures.len(), 1);
}

#[test]
fn another_payload_type_is_refused() {
    let text = foreign(payload().to_string().as_bytes(), "application/json", &KEY);
    assert!(matches!(verify_text(&text), Err(SignatureError::Malformed(_))));
    // Nor does relabelling help: the type is signed too.
    let relabelled = text.replace("\"application/json\"", "\"application/vnd.in-toto+json\"");
    assert_eq!(verify_text(&relabelled), Err(SignatureError::Broken(KEY.public().id())));
}

#[test]
fn envelopes_of_another_form_are_refused() {
    let good = signed_by(&KEY, Role::Author).to_json();
    let value: serde_json::Value = serde_json::from_str(&good).unwrap();
    let change = |pointer: &str, to: serde_json::Value| {
        let mut value = value.clone();
        *value.pointer_mut(pointer).unwrap() = to;
        value.to_string()
    };
    let signature = value["signatures"][0].clone();
    let malformed = [
        "{".into(),
        "null".into(),
        format!("{good} {good}"),
        format!("{good}]"),
        good.replacen("{\"payload\"", "{\"extra\":1,\"payload\"", 1),
        good.replacen("{\"payload\"", "{\"payload\":\"\",\"payload\"", 1),
        change("/payload", "*".into()),
        change("/signatures", serde_json::json!([])),
        change("/signatures/0/sig", "AAAA".into()),
        change("/signatures/0/sig", "not base64".into()),
    ];
    for text in malformed {
        assert!(matches!(verify_text(&text), Err(SignatureError::Malformed(_))), "{text}");
    }
    for text in [
        change("/signatures", vec![signature; MOST_SIGNATURES + 1].into()),
        change("/payload", "A".repeat(MOST_BYTES).into()),
        format!("{good}\n").repeat(MOST_ENVELOPES + 1),
        "\n".repeat(MOST_BUNDLE_BYTES + 1),
    ] {
        assert!(matches!(verify_text(&text), Err(SignatureError::TooMuch(_))), "{}", text.len());
    }
}

#[test]
fn both_alphabets_of_base64_are_read() {
    let text = signed_by(&KEY, Role::Author).to_json().replace('+', "-");
    let text = text.replace("in-toto-json", "in-toto+json");
    let (head, sig) = text.split_once("\"sig\"").unwrap();
    let url_safe = format!("{head}\"sig\"{}", sig.replace('/', "_"));
    assert_eq!(verify_text(&url_safe).unwrap().signatures.len(), 1);
}

proptest! {
    /// Whatever byte of the payload or of the signature is another one, the
    /// signature is worth nothing.
    #[test]
    fn an_altered_byte_is_found(place in any::<prop::sample::Index>(), change in 1_u8.., in_payload: bool) {
        let mut envelope = signed_by(&KEY, Role::Author);
        let bytes = if in_payload { &mut envelope.payload[..] } else { &mut envelope.signatures[0].bytes[..] };
        bytes[place.index(bytes.len())] ^= change;
        prop_assert_eq!(
            verify(&[envelope], &release(), &[KEY.public()]),
            Err(SignatureError::Broken(KEY.public().id()))
        );
    }

    #[test]
    fn no_input_makes_the_reader_panic(text in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse_bundle(&text);
    }

    #[test]
    fn no_change_of_the_text_makes_more_of_it(place in any::<prop::sample::Index>(), byte: u8) {
        let mut text = signed_by(&KEY, Role::Author).to_json().into_bytes();
        let place = place.index(text.len());
        text[place] = byte;
        if let Ok(found) = parse_bundle(&text).and_then(|bundle| verify(&bundle, &release(), &[KEY.public()])) {
            let as_signed = found.signatures.iter().all(|(key, role, _)| {
                (*key, *role) == (KEY.public().id(), Role::Author)
            });
            prop_assert!(as_signed);
        }
    }
}
