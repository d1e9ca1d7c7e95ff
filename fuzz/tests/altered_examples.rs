//! The fuzz targets' checks on the project's examples, as they are and with
//! bytes changed, cut and repeated: what the stable compiler can do.

use std::path::Path;

/// Alterations of each example.
const ROUNDS: u64 = 40;

/// A small generator (xorshift), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).expect("less than a usize")
    }
}

/// Pieces that change what a message means to its reader.
const PIECES: &[&str] = &[
    "<",
    ">",
    "&",
    "&#x0;",
    "\"",
    "]]>",
    "<![CDATA[",
    "<!--",
    "<?x?>",
    "<!DOCTYPE a>",
    "NULL",
    "-1",
    "1e9",
    "\u{feff}",
    "9999-12-31T24:00:00Z",
    "{",
    "]",
    ",",
    "\\ud800",
    "\0",
];

fn altered(message: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut message = message.to_vec();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(message.len());
        match dice.roll(4) {
            0 => message.truncate(at),
            1 => drop(message.drain(at..(at + dice.roll(40)).min(message.len()))),
            2 => drop(message.splice(at..at, PIECES[dice.roll(PIECES.len())].bytes())),
            _ => {
                let copied = message[at..(at + dice.roll(200)).min(message.len())].to_vec();
                let to = dice.roll(message.len());
                message.splice(to..to, copied);
            }
        }
    }
    message
}

fn examples(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("the examples") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            examples(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "xml" || extension == "json") {
            found.push(std::fs::read(path).expect("an example"));
        }
    }
}

#[test]
fn checks_hold_for_altered_examples() {
    let mut found = Vec::new();
    examples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/messages"), &mut found);
    assert!(found.len() > 100, "only {} examples", found.len());
    for (seed, message) in (1..).zip(found.iter().step_by(7)) {
        let mut dice = Dice(seed);
        for round in 0..ROUNDS {
            let message = if round == 0 { message.clone() } else { altered(message, &mut dice) };
            ecert_fuzz::xml(&message);
            ecert_fuzz::json(&message);
            ecert_fuzz::adapters(&message);
        }
    }
}

/// No two adapters are equally sure of a message: which one reads it never
/// depends on the order they are asked in.
#[test]
fn one_adapter_is_surest_of_each_example() {
    let mut found = Vec::new();
    examples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/messages"), &mut found);
    let mut recognised = 0;
    for message in found {
        let mut confidences = ecert_fuzz::confidences(&message);
        confidences.sort_by_key(|(_, confidence)| std::cmp::Reverse(*confidence));
        if let [(_, surest), (_, next), ..] = confidences.as_slice() {
            assert!(surest > next, "{confidences:?}: {}", String::from_utf8_lossy(&message[..200]));
        }
        recognised += usize::from(!confidences.is_empty());
    }
    assert!(recognised > 150, "only {recognised} messages are known to any adapter");
}

#[test]
fn checks_hold_for_texts() {
    let mut dice = Dice(1);
    let signs: Vec<char> = "0159-+.:TZeE KGMkgéß李公斤Ltdµ\u{0}\u{301}\u{1F600}".chars().collect();
    for _ in 0..20_000 {
        let length = dice.roll(24);
        let text: String = (0..length).map(|_| signs[dice.roll(signs.len())]).collect();
        ecert_fuzz::values(&text);
    }
}
