//! What holds of the XML reader whatever it is given.

use std::time::Duration;

use ecert_sdk::xml::{Document, Element, Limits, failed_reading};
use proptest::prelude::*;
use rustix::time::{ClockId, clock_gettime};

/// A message to damage: every kind of markup, two scripts, a byte order mark.
const MESSAGE: &str = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- made up -->\n\
    <c:Certificate xmlns:c=\"urn:c\" xmlns=\"urn:d\" c:lang='中文'>\n <Number schemeID='a &#38; b'>NZ &amp; 1</Number>\
    <Lines><Line unit=\"KGM\"/><Line>乳粉<![CDATA[ <x> ]]> ü</Line></Lines><?pi some?></c:Certificate>\n";

/// Every place lies in the message, within its parent, at the right line and
/// column.
fn check_reading(message: &[u8]) {
    let reading = match Document::parse(message, &Limits::default()) {
        Ok(document) => document.finish(vec![], vec![]),
        Err(error) => {
            assert!(error.bytes.start <= error.bytes.end && error.bytes.end <= message.len(), "{error:?}");
            assert!(error.line >= 1 && error.column >= 1 && !error.text.is_empty());
            failed_reading(&error)
        }
    };
    let well_formed = reading.problems.is_empty();
    for (index, place) in reading.places.iter().enumerate() {
        let (start, end) = (place.start as usize, place.end as usize);
        assert!(start <= end && end <= message.len());
        assert!((place.name as usize) < reading.names.len());
        assert!((place.parent as usize) < index.max(1), "parents come first");
        if well_formed && index > 0 {
            let parent = reading.places[place.parent as usize];
            assert!(parent.start <= place.start && place.end <= parent.end);
            let before = std::str::from_utf8(&message[..start]).unwrap().trim_start_matches('\u{FEFF}');
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            let line = before.matches('\n').count() + 1;
            assert_eq!((place.line as usize, place.column as usize), (line, column));
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(message in proptest::collection::vec(any::<u8>(), 0..300)) {
        check_reading(&message);
    }

    #[test]
    fn any_markup_is_read_or_refused(parts in proptest::collection::vec(0..24usize, 0..40)) {
        const PARTS: [&str; 24] = ["<", ">", "/", "a", "b:", " ", "=", "'", "\"", "&", ";", "#x41", "amp", "<!--", "-->",
            "<![CDATA[", "]]>", "<?", "?>", "<a>", "</a>", "xmlns:b='u'", "<!DOCTYPE a", "\u{1F600}"];
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
    fn what_is_written_is_read(tree in tree()) {
        let mut message = String::new();
        tree.write(&mut message);
        let document = Document::parse(message.as_bytes(), &Limits::default()).unwrap();
        prop_assert!(tree.is(document.root()), "{}", message);
        check_reading(message.as_bytes());
    }
}

/// A tree of elements to write and read back.
#[derive(Clone, Debug)]
struct Tree {
    name: String,
    attribute: Option<String>,
    text: String,
    children: Vec<Tree>,
}

fn tree() -> impl Strategy<Value = Tree> {
    let name = "[A-Za-z_é中][A-Za-z0-9._é中-]{0,8}";
    let text = "[ -~\u{e9}\u{4e2d}\u{1F600}\n]{0,12}";
    let leaf = (name, proptest::option::of(text), text).prop_map(|(name, attribute, text)| Tree {
        name,
        attribute,
        text,
        children: vec![],
    });
    leaf.prop_recursive(4, 30, 5, |inner| {
        (inner.clone(), proptest::collection::vec(inner, 0..5))
            .prop_map(|(top, children)| Tree { children, ..top })
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&#34;")
}

impl Tree {
    fn write(&self, out: &mut String) {
        let attribute =
            self.attribute.as_ref().map(|value| format!(" a=\"{}\"", escape(value).replace('\n', "&#10;")));
        out.push_str(&format!("<{}{}>{}", self.name, attribute.unwrap_or_default(), escape(&self.text)));
        self.children.iter().for_each(|child| child.write(out));
        out.push_str(&format!("</{}>", self.name));
    }

    fn is(&self, element: Element<'_>) -> bool {
        element.name() == self.name
            && element.attribute("a").map(|attribute| attribute.value()) == self.attribute.as_deref()
            && element.text() == self.text.trim_matches([' ', '\n'])
            && element.elements().count() == self.children.len()
            && self.children.iter().zip(element.elements()).all(|(child, element)| child.is(element))
    }
}

/// The processor time it takes to read, or refuse, a message: other work on the
/// machine does not count.
fn time(message: &str) -> Duration {
    let limits = Limits { depth: usize::MAX, attributes: usize::MAX, ..Limits::default() };
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
type Make = Box<dyn Fn(usize) -> String>;

/// Sixteen times the message must not take much more than sixteen times the
/// time; a quadratic step would take 256 times.
#[test]
fn reading_takes_linear_time() {
    let numbered = |part: fn(usize) -> String| move |n: usize| (0..n).map(part).collect::<String>();
    let around = |part: fn(usize) -> String| move |n| format!("<a>{}</a>", numbered(part)(n));
    let cases: Vec<(&str, Make)> = vec![
        ("attributes", Box::new(move |n| format!("<a{}/>", numbered(|i| format!(" b{i}=''"))(n)))),
        ("names of elements", Box::new(around(|i| format!("<b{i}/>")))),
        ("names within names", Box::new(around(|i| format!("<b{i}><c/><d/></b{i}>")))),
        ("declarations", Box::new(around(|i| format!("<p:b xmlns:p='u{i}'/>")))),
        ("depth", Box::new(|n| "<a>".repeat(n) + &"</a>".repeat(n))),
        ("open elements", Box::new(|n| "<a>".repeat(n))),
        ("references", Box::new(around(|_| "&amp;x".into()))),
        ("references in attributes", Box::new(move |n| format!("<a b='{}'/>", "&lt; ".repeat(n)))),
        ("CDATA", Box::new(around(|_| "<![CDATA[]]]]>".into()))),
        ("mixed content", Box::new(around(|_| "text<b/>".into()))),
        ("blank", Box::new(around(|_| " \n".into()))),
        ("comments", Box::new(around(|_| "<!-- -->".into()))),
        ("open comments", Box::new(around(|_| "<!--".into()))),
        ("open CDATA", Box::new(around(|_| "<![CDATA[".into()))),
        ("brackets", Box::new(around(|_| "]]".into()))),
        ("open tags", Box::new(around(|_| "<b '".into()))),
        ("ampersands", Box::new(around(|_| "&".into()))),
        ("lines", Box::new(around(|_| "é\n<b/>".into()))),
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
