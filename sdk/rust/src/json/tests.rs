//! Tests of the reader.

use super::{Document, Error, Kind, Limits, failed_reading};

fn parse(message: &str) -> Result<Document<'_>, Error> {
    Document::parse(message.as_bytes(), &Limits::default())
}

fn refused(message: &str) -> (&'static str, u32, u32) {
    let error = parse(message).expect_err(message);
    (error.code, error.line, error.column)
}

#[test]
fn values_are_found_by_key() {
    let message = "\u{FEFF}{\"number\": \" A\\u0042\\n\", \"lines\": [\n{\"mass\": -1.50e+2}, {\"mass\": null}, true],\n\
        \"inner\": {\"number\": \"2\", \"\": []}, \"乳粉\": false}";
    let document = parse(message).unwrap();
    let root = document.root();
    assert_eq!((root.kind(), root.key(), root.parent().is_none()), (Kind::Object, "", true));
    assert_eq!(root.text_of("number"), Some("AB"));
    assert_eq!(root.text_of("inner/number"), Some("2"));
    assert_eq!(root.text_of("乳粉"), Some("false"));
    assert_eq!(root.at("inner/").map(|empty| empty.items().count()), Some(0));
    let lines: Vec<_> = root.items_at("lines").collect();
    assert_eq!(lines[0].text_of("mass"), Some("-1.50e+2"));
    assert!(lines[1].text_of("mass").is_none() && lines[1].at("mass").unwrap().is_blank());
    assert_eq!((lines[2].kind(), lines[2].text()), (Kind::Boolean, "true"));
    assert_eq!(root.items_at("inner").count(), 1, "one without brackets");
    assert_eq!(root.items_at("missing").count() + lines[1].items_at("mass").count(), 0);
    assert_eq!(
        root.members().map(|member| member.key()).collect::<Vec<_>>(),
        ["number", "lines", "inner", "乳粉"]
    );
    assert_eq!(root.at("lines").unwrap().members().count(), 0);
    assert_eq!(root.get_ignoring_case("Inner").map(|inner| inner.key()), Some("inner"));
    assert_eq!(lines[0].at("mass").unwrap().parent().unwrap().parent().unwrap().key(), "lines");
}

#[test]
fn faults_are_named_and_placed() {
    let cases = [
        ("", "json-no-value", 1, 1),
        (" \n ", "json-no-value", 2, 2),
        ("\u{FEFF}\u{FEFF}{}", "json-syntax", 1, 1),
        ("{}\n{}", "json-several-values", 2, 1),
        ("1 x", "json-several-values", 1, 3),
        ("{", "json-unexpected-end", 1, 2),
        ("{\"a\":\n [1, ", "json-unexpected-end", 2, 6),
        ("[tru", "json-unexpected-end", 1, 2),
        ("[-", "json-unexpected-end", 1, 2),
        ("{\"a\": \"é\n", "json-unclosed-string", 1, 7),
        ("[1,]", "json-syntax", 1, 4),
        ("[1 2]", "json-syntax", 1, 4),
        ("{\"a\" 1}", "json-syntax", 1, 6),
        ("{a: 1}", "json-syntax", 1, 2),
        ("{1: 1}", "json-syntax", 1, 2),
        ("[01]", "json-syntax", 1, 3),
        ("[1.]", "json-syntax", 1, 4),
        ("[+1]", "json-syntax", 1, 2),
        ("[NaN]", "json-syntax", 1, 2),
        ("[trve]", "json-syntax", 1, 2),
        ("// text\n1", "json-syntax", 1, 1),
        ("['a']", "json-syntax", 1, 2),
        ("[é]", "json-syntax", 1, 2),
        ("[\"é\t\"]", "json-control-character", 1, 4),
        ("[\"a\\x\"]", "json-bad-escape", 1, 4),
        ("[\"\\u00g0\"]", "json-bad-escape", 1, 5),
        ("[\"\\ud800, alone\"]", "json-bad-escape", 1, 9),
        ("[\"\\ud800\\u0041\"]", "json-bad-escape", 1, 9),
        ("[\"\\udc00\\udc00\"]", "json-bad-escape", 1, 3),
        ("{\"a\": 1, \"b\": {\"a\": 2},\n \"\\u0061\": 3}", "json-duplicate-key", 2, 2),
        ("{\"a\": {\"b\": 1, \"b\": 1}}", "json-duplicate-key", 1, 16),
    ];
    for (message, code, line, column) in cases {
        assert_eq!(refused(message), (code, line, column), "{message:?}");
    }
    for bytes in [&b"\xFE\xFF\0{"[..], b"{\0}\0", b"[\"\xC3\"]", b"\xFF"] {
        let error = Document::parse(bytes, &Limits::default()).expect_err("not UTF-8");
        assert_eq!(error.code, "json-encoding");
    }
}

#[test]
fn faults_say_where_they_stand() {
    let error = parse("{\"items\": [{\"mass\": 1}, {\"mass\": x}]}").unwrap_err();
    assert_eq!(error.path, ["items", "mass"]);
    let reading = failed_reading(&error);
    let place = reading.places[reading.problems[0].place as usize];
    assert_eq!((place.line, place.column), (1, 34));
    assert_eq!(reading.names[place.name as usize], "mass");
    let error = parse("{\n \"items\": [").unwrap_err();
    assert_eq!(error.text, "the message ends within the array that starts on line 2");
}

#[test]
fn the_same_key_may_stand_in_several_objects() {
    assert!(
        parse("[{\"a\": {\"a\": {\"b\": 1}, \"b\": 2}, \"b\": 3}, {\"a\": 1, \"b\": [{\"a\": 1}]}]").is_ok()
    );
}

#[test]
fn limits_hold() {
    let limits = Limits { bytes: 60, depth: 2, values: 4, key: 3, number: 4, text: 5 };
    let code = |message: &str| Document::parse(message.as_bytes(), &limits).map_err(|error| error.code).err();
    assert_eq!(code("[[1, 1.25]]"), None);
    assert_eq!(code("[[[]]]"), Some("json-too-deep"));
    assert_eq!(code("[1, 2, 3, 4]"), Some("json-too-many-values"));
    assert_eq!(code("{\"abcd\": 1}"), Some("json-key-too-long"));
    assert_eq!(code("[1.255]"), Some("json-number-too-long"));
    assert_eq!(code("[\"乳粉\"]"), Some("json-text-too-long"));
    assert_eq!(code(&" ".repeat(61)), Some("json-too-large"));
}

#[test]
fn places_have_paths_and_bytes() {
    let message = "{\"a\": [1,\n {\"b\": \" x \"}], \"c\": [[true]]}";
    let document = parse(message).unwrap();
    let text = document.root().items_at("a").nth(1).unwrap().at("b").unwrap();
    let content = text.content_place();
    let truth = document.root().at("c").unwrap().items().next().unwrap().items().next().unwrap();
    let reading = document.finish(vec![], vec![]);
    let path = |mut at: u32| {
        let mut steps = Vec::new();
        while at != 0 {
            let entry = reading.places[at as usize];
            steps.insert(0, format!("{}{}", reading.names[entry.name as usize], entry.ordinal));
            at = entry.parent;
        }
        steps.join("/")
    };
    assert_eq!(path(text.place()), "0/a2/b0");
    assert_eq!(path(truth.place()), "0/c1/c1");
    let written = |place: u32| {
        let entry = reading.places[place as usize];
        (&message[entry.start as usize..entry.end as usize], entry.line, entry.column)
    };
    assert_eq!(written(text.place()), ("\" x \"", 2, 8));
    assert_eq!(written(content), (" x ", 2, 9));
    assert!(text.is_verbatim());
}

#[test]
fn what_nobody_read_is_unmapped() {
    let document = parse(
        "{\"a\": [{\"b\": 1}, {\"b\": \"\"}, {\"b\": null}, {\"b\": false}], \"c\": {\"d\": [1, 2]}, \"e\": 1}",
    );
    let document = document.unwrap();
    let _ = document.root().text_of("e");
    let unmapped = || {
        let unmapped = document.finish(vec![], vec![]).unmapped.into_iter();
        unmapped.map(|unmapped| (unmapped.path, unmapped.count)).collect::<Vec<_>>()
    };
    assert_eq!(unmapped(), [("/a/b".to_owned(), 2), ("/c/d".to_owned(), 2)]);
    document.root().at("c").unwrap().ignore();
    assert_eq!(unmapped(), [("/a/b".to_owned(), 2)]);
}
