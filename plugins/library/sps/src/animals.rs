//! Single animals: the notes on a line that give their numbers.

use ecert_sdk::model::certificates::Animal;
use ecert_sdk::model::parts::{Classification, Note};

use crate::basics::identifier_in;

/// TRACES: each note is an animal.
const OF_AN_ANIMAL: &str = "INDIVIDUAL_IDENTIFICATION_NUMBER";
/// TRACES: the classification that says what the animals' numbers are, such as
/// `UNIQUE_CODE` or `LEG_RING`.
const SYSTEM: &str = "IDENTIFICATION_SYSTEM";
/// The United Kingdom's single trade window: the subject's text counts the
/// animals of the line, and the content's code says what the number is
/// (`MICROCHIP`, `PASSPORT`, `TATTOO`). Notes of one animal share its count.
const OF_A_COUNTED_ANIMAL: &str = "IDENTIFIER";

/// Takes the animals' numbers out of the notes of a line.
pub(crate) fn take_animals(notes: &mut Vec<Note>, classifications: &[Classification]) -> Vec<Animal> {
    let mut animals: Vec<(Option<String>, Animal)> = Vec::new();
    for note in notes.extract_if(.., |note| identifies(note)) {
        let subject = note.subject.unwrap_or_default();
        let count = subject.name.filter(|_| subject.value == OF_A_COUNTED_ANIMAL);
        let kind = note.content_codes.first().map(|code| code.value.as_str());
        let scheme = kind.or_else(|| system(classifications));
        let identifiers = note.contents.iter().map(|text| identifier_in(text, scheme));
        match animals.iter_mut().find(|(known, _)| count.is_some() && *known == count) {
            Some((_, animal)) => animal.identifiers.extend(identifiers),
            None => {
                let animal =
                    Animal { identifiers: identifiers.collect(), place: note.place, ..Animal::default() };
                animals.push((count, animal));
            }
        }
    }
    animals.into_iter().map(|(_, animal)| animal).collect()
}

fn identifies(note: &Note) -> bool {
    let subject = note.subject.as_ref().map(|code| code.value.as_str());
    matches!(subject, Some(OF_AN_ANIMAL | OF_A_COUNTED_ANIMAL)) && !note.contents.is_empty()
}

/// What the animals' numbers are, unless several answers are given.
fn system(classifications: &[Classification]) -> Option<&str> {
    let mut systems = classifications.iter().filter(|it| it.system.as_deref() == Some(SYSTEM));
    let system = systems.next()?.class_code.as_deref();
    system.filter(|_| systems.next().is_none())
}
