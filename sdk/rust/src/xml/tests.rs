//! Tests of the reader.

use super::{Document, Error, Limits, failed_reading};

fn parse(message: &str) -> Result<Document<'_>, Error> {
    Document::parse(message.as_bytes(), &Limits::default())
}

fn refused(message: &str) -> (&'static str, u32, u32) {
    let error = parse(message).expect_err(message);
    (error.code, error.line, error.column)
}

#[test]
fn names_texts_and_attributes_are_found() {
    let message = "<?xml version='1.0' encoding='utf-8'?>\n<!-- of our own making -->\n\
        <c:Certificate xmlns:c='urn:c' xmlns='urn:d'>\n  <Number>  AB &amp; 1 &#x41;<![CDATA[<&]]> </Number>\n\
        <c:Line kind=' a\n&lt;b' c:kind='other'/><c:Line/>\n</c:Certificate>\n<?pi done?>\n";
    let document = parse(message).unwrap();
    let root = document.root();
    assert!(root.is("urn:c", "Certificate"));
    assert_eq!(root.text_of("Number"), Some("AB & 1 A<&"));
    assert_eq!(root.child("Number").unwrap().namespace(), "urn:d");
    assert!(root.child_in("urn:c", "Number").is_none());
    let line = root.child("Line").unwrap();
    assert_eq!(line.attribute("kind").unwrap().value(), " a <b");
    assert_eq!(line.attribute_in("urn:c", "kind").unwrap().value(), "other");
    assert_eq!(root.children("Line").count(), 2);
    assert_eq!(root.elements().map(|element| element.name()).collect::<Vec<_>>(), ["Number", "Line", "Line"]);
    assert_eq!(root.find("Line").unwrap().parent().unwrap().name(), "Certificate");
}

#[test]
fn faults_are_named_and_placed() {
    let cases = [
        ("", "xml-no-root", 1, 1),
        ("text", "xml-text-outside-root", 1, 1),
        ("<a/>\n<b/>", "xml-several-roots", 2, 1),
        ("<a/><![CDATA[]]>", "xml-text-outside-root", 1, 5),
        ("<a/>&#32;", "xml-text-outside-root", 1, 5),
        ("<a>\n <b></a>", "xml-mismatched-tag", 2, 5),
        ("</a>", "xml-unexpected-end-tag", 1, 1),
        ("<a><b/>", "xml-unclosed-element", 1, 8),
        ("<a", "xml-unclosed-tag", 1, 1),
        ("<a b='", "xml-unclosed-tag", 1, 1),
        ("<é>\n<é:b/></é>", "xml-undeclared-prefix", 2, 2),
        ("<a b:c=''/>", "xml-undeclared-prefix", 1, 4),
        ("<!DOCTYPE a><a/>", "xml-doctype", 1, 1),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "xml-doctype", 1, 1),
        ("<a>&b;</a>", "xml-unknown-entity", 1, 4),
        ("<a b='1 &b; 2'/>", "xml-unknown-entity", 1, 9),
        ("<a>1 & 2</a>", "xml-bad-reference", 1, 6),
        ("<a>&#x;</a>", "xml-bad-reference", 1, 4),
        ("<a>&#X41;</a>", "xml-bad-reference", 1, 4),
        ("<a>&#0;</a>", "xml-illegal-character", 1, 4),
        ("<a>&#xD800;</a>", "xml-illegal-character", 1, 4),
        ("<a>&#99999999999;</a>", "xml-illegal-character", 1, 4),
        ("<a>é\u{1}</a>", "xml-illegal-character", 1, 5),
        ("<a b='\u{FFFE}'/>", "xml-illegal-character", 1, 7),
        ("<a>]]></a>", "xml-cdata-end-in-text", 1, 4),
        ("<a b='<'/>", "xml-less-than-in-attribute", 1, 7),
        ("<a b/>", "xml-bad-attribute", 1, 5),
        ("<a b=1/>", "xml-bad-attribute", 1, 6),
        ("<a b='1'c='2'/>", "xml-bad-attribute", 1, 9),
        ("<a b='1' b='2'/>", "xml-duplicate-attribute", 1, 10),
        ("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "xml-duplicate-attribute", 1, 36),
        ("<a xmlns:=''/>", "xml-bad-name", 1, 4),
        ("<a xmlns:p='' />", "xml-bad-namespace", 1, 4),
        ("<a xmlns:xml='urn:x'/>", "xml-bad-namespace", 1, 4),
        ("<1a/>", "xml-bad-name", 1, 2),
        ("<a:b:c/>", "xml-bad-name", 1, 2),
        ("< a/>", "xml-bad-name", 1, 2),
        ("<a><!-- -- --></a>", "xml-bad-comment", 1, 4),
        ("<a><!-- ---></a>", "xml-bad-comment", 1, 4),
        ("<a><!-- </a>", "xml-bad-comment", 1, 4),
        ("<a><?xml version='1.0'?></a>", "xml-bad-declaration", 1, 4),
        ("<?xml encoding='UTF-8'?><a/>", "xml-bad-declaration", 1, 1),
        ("<?xml version='2.0'?><a/>", "xml-bad-declaration", 1, 1),
        ("<?xml version='1.0' standalone='maybe'?><a/>", "xml-bad-declaration", 1, 1),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "xml-encoding", 1, 1),
        ("<a><?XML x?></a>", "xml-bad-instruction", 1, 4),
        ("<a><![CDATA[</a>", "xml-unclosed-cdata", 1, 4),
        ("<a><!b></a>", "xml-bad-markup", 1, 4),
    ];
    for (message, code, line, column) in cases {
        assert_eq!(refused(message), (code, line, column), "{message}");
    }
    let error = Document::parse(b"<a>\xFF</a>", &Limits::default()).unwrap_err();
    assert_eq!((error.code, error.column), ("xml-encoding", 4));
    let error = Document::parse(b"\xFF\xFE<\0a\0", &Limits::default()).unwrap_err();
    assert_eq!(error.code, "xml-encoding");
}

#[test]
fn a_failed_reading_has_the_place() {
    let reading = failed_reading(&parse("<a>\n <b>\n  <c></b></a>").unwrap_err());
    let problem = &reading.problems[0];
    assert_eq!(problem.code, "xml-mismatched-tag");
    assert_eq!(problem.text, "the end tag </b> stands where </c> should, which was opened on line 3");
    let place = reading.places[problem.place as usize];
    assert_eq!((place.line, place.column, reading.names[place.name as usize].as_str()), (3, 6, "c"));
    assert_eq!(reading.names[reading.places[place.parent as usize].name as usize], "b");
}

#[test]
fn limits_hold() {
    let limits = Limits { bytes: 90, depth: 2, nodes: 4, attributes: 2, namespaces: 3, name: 5, text: 8 };
    let cases = [
        ("<a><b><c/></b></a>", "xml-too-deep"),
        ("<a><b/><b/><b/><b/></a>", "xml-too-many-nodes"),
        ("<a b='' c='' d=''/>", "xml-too-many-attributes"),
        ("<a xmlns:b='u' xmlns:c='u'/>", "xml-too-many-namespaces"),
        ("<abcdef/>", "xml-name-too-long"),
        ("<a>123456789</a>", "xml-text-too-long"),
        ("<a>1234567<![CDATA[89]]></a>", "xml-text-too-long"),
        ("<a b='123456789'/>", "xml-text-too-long"),
    ];
    for (message, code) in cases {
        assert_eq!(Document::parse(message.as_bytes(), &limits).unwrap_err().code, code, "{message}");
    }
    let long = format!("<a>{}</a>", " ".repeat(90));
    assert_eq!(Document::parse(long.as_bytes(), &limits).unwrap_err().code, "xml-too-large");
}

#[test]
fn places_and_unmapped_are_told() {
    let message = "\u{FEFF}<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>\n<b>ü<c d='1'/></b>\
        <b><c d='2' e='3' xsi:nil='true'/>x</b><f>left</f><g h='i'> AAAA </g></a>";
    let document = parse(message).unwrap();
    let root = document.root();
    let second = root.children("b").nth(1).unwrap();
    let attribute = second.child("c").unwrap().attribute("d").unwrap();
    assert_eq!(attribute.value(), "2");
    let ignored = root.child("g").unwrap();
    ignored.ignore();
    let content = ignored.content_place();
    let reading = document.finish(vec![], vec![]);

    let place = reading.places[attribute.place() as usize];
    assert_eq!(&message[place.start as usize..place.end as usize], "d='2'");
    assert_eq!((place.line, place.column), (2, 25));
    assert_eq!(reading.names[place.name as usize], "@d");
    let place = reading.places[second.place() as usize];
    assert_eq!(place.ordinal, 2);
    assert_eq!(&message[place.start as usize..place.end as usize], "<b><c d='2' e='3' xsi:nil='true'/>x</b>");
    let place = reading.places[content as usize];
    assert_eq!(&message[place.start as usize..place.end as usize], "AAAA");
    assert_eq!(reading.names[place.name as usize], "g");

    let unmapped: Vec<_> = reading.unmapped.iter().map(|path| (path.path.as_str(), path.count)).collect();
    assert_eq!(unmapped, [("/a/b", 2), ("/a/f", 1), ("/a/b/c/@d", 1), ("/a/b/c/@e", 1)]);
}

#[test]
fn contents_are_told_apart_from_their_wrapping() {
    let cases = [
        ("<a> text </a>", "text", true),
        ("<a/>", "", true),
        ("<a>\n<![CDATA[ <b>&amp;</b>\r\n]]> </a>", "<b>&amp;</b>", true),
        ("<a>&lt;b/></a>", "&lt;b/>", false),
        ("<a>one<!-- two --></a>", "one<!-- two -->", false),
        ("<a><![CDATA[x]]><![CDATA[y]]></a>", "<![CDATA[x]]><![CDATA[y]]>", false),
        ("<a><![CDATA[x]]>y</a>", "<![CDATA[x]]>y", false),
    ];
    for (message, content, verbatim) in cases {
        let document = parse(message).unwrap();
        assert_eq!(document.root().is_verbatim(), verbatim, "{message}");
        let place = document.root().content_place();
        let place = document.finish(vec![], vec![]).places[place as usize];
        assert_eq!(&message[place.start as usize..place.end as usize], content);
    }
}

#[test]
fn inner_declarations_end_with_their_element() {
    let message = "<p:a xmlns:p='u1'><p:b xmlns:p='u2'><p:c/></p:b><p:b/><b xmlns='u3'><c/></b><b/></p:a>";
    let document = parse(message).unwrap();
    let namespaces: Vec<_> = document.root().subtree().map(|element| element.namespace()).collect();
    assert_eq!(namespaces, ["u1", "u2", "u2", "u1", "u3", "u3", ""]);
}
