//! What the standard has no element for, and notes and processes carry instead:
//! their subject or type is of a list of our own, so that they are told from
//! the sender's. What is written this way is taken back on reading.

use ecert_sdk::date;
use ecert_sdk::model::certificates::{Animal, Certificate, CertificateRole, TradeLine};
use ecert_sdk::model::parts::Note;
use ecert_sdk::model::values::{Code, DateTime, Extension, Identifier, Measure, Period};
use ecert_sdk::reference_number;

/// The list of subjects and types that are ours.
pub(crate) const LIST: &str = "ecert";

pub(crate) const ROLE: &str = "ROLE";
pub(crate) const VERSION: &str = "VERSION";
pub(crate) const TEMPLATE: &str = "TEMPLATE";
pub(crate) const VALID_FROM: &str = "VALID_FROM";
pub(crate) const VALID_UNTIL: &str = "VALID_UNTIL";
pub(crate) const ISSUING_COUNTRY: &str = "ISSUING_COUNTRY";
pub(crate) const REPLACES: &str = "REPLACES";
pub(crate) const CITES: &str = "CITES";
pub(crate) const EXTENSION: &str = "EXTENSION";
pub(crate) const STORAGE_CONDITION: &str = "STORAGE_CONDITION";
pub(crate) const COUNT: &str = "COUNT";
/// The next note is a particular of the animal of this number.
pub(crate) const PARTICULAR: &str = "PARTICULAR";
/// A process that is a period of production.
pub(crate) const PRODUCTION: &str = "PRODUCTION";
/// A process that is a laboratory observation.
pub(crate) const OBSERVATION: &str = "OBSERVATION";
/// The clause that makes a control of an authentication.
pub(crate) const CONTROL: &str = "CONTROL";

/// What stands in a note of our own.
pub(crate) fn subject(note: &Note) -> Option<&str> {
    let subject = note.subject.as_ref().filter(|subject| subject.code_list.as_deref() == Some(LIST))?;
    Some(&subject.value)
}

/// Takes the notes of our own out of the sender's.
pub(crate) fn take(notes: &mut Vec<Note>) -> Vec<Note> {
    notes.extract_if(.., |note| subject(note).is_some_and(|subject| subject != PARTICULAR)).collect()
}

/// The role, where the type does not tell it.
pub(crate) fn role(notes: &[Note]) -> Option<CertificateRole> {
    match text(notes.iter().find(|note| subject(note) == Some(ROLE))?)? {
        "entry-document" => Some(CertificateRole::EntryDocument),
        "official-certificate" => Some(CertificateRole::OfficialCertificate),
        _ => None,
    }
}

/// Gives a certificate what its notes of our own say.
pub(crate) fn complete_certificate(certificate: &mut Certificate, notes: &[Note]) {
    for note in notes {
        match subject(note).unwrap_or_default() {
            VERSION => certificate.version = text(note).map(Into::into),
            TEMPLATE => certificate.template = identifier(note),
            VALID_FROM => period(&mut certificate.validity, note).start = moment(note),
            VALID_UNTIL => period(&mut certificate.validity, note).end = moment(note),
            ISSUING_COUNTRY => certificate.issuing_country = note.content_codes.first().cloned(),
            REPLACES => certificate.replaces.extend(identifier(note)),
            CITES => certificate.cites.extend(identifier(note)),
            _ => {}
        }
    }
    certificate.extensions.extend(extensions(notes));
}

/// Gives a line what its notes of our own say.
pub(crate) fn complete_line(line: &mut TradeLine, notes: &[Note]) {
    for note in notes {
        match subject(note).unwrap_or_default() {
            STORAGE_CONDITION => line.storage_condition = note.content_codes.first().cloned(),
            COUNT => line.count = measure(note),
            _ => {}
        }
    }
    line.extensions.extend(extensions(notes));
}

/// Gives animals the particulars that follow their marks.
pub(crate) fn complete_animals(animals: &mut [Animal], notes: &mut Vec<Note>) {
    let mut owner = None;
    for note in std::mem::take(notes) {
        if subject(&note) == Some(PARTICULAR) {
            owner = note.subject.and_then(|subject| subject.name?.parse::<usize>().ok());
        } else if let Some(animal) = owner.take().and_then(|number| animals.get_mut(number.checked_sub(1)?)) {
            animal.particulars.push(note);
        } else {
            notes.push(note);
        }
    }
}

/// The extensions among notes of our own.
pub(crate) fn extensions(notes: &[Note]) -> Vec<Extension> {
    let extension = |note: &Note| {
        let subject = note.subject.as_ref().filter(|subject| subject.value == EXTENSION)?;
        let (name, value) = (subject.name.clone()?, text(note).unwrap_or_default().into());
        Some(Extension { scheme: code(note).unwrap_or_default().into(), name, value, place: note.place })
    };
    notes.iter().filter_map(extension).collect()
}

fn text(note: &Note) -> Option<&str> {
    note.contents.first().map(|text| text.value.as_str())
}

fn code(note: &Note) -> Option<&str> {
    note.content_codes.first().map(|code| code.value.as_str())
}

fn identifier(note: &Note) -> Option<Identifier> {
    let text = note.contents.first()?;
    let normalised = Some(reference_number::normalise(&text.value)).filter(|it| *it != text.value);
    Some(Identifier {
        value: text.value.clone(),
        normalised,
        scheme: code(note).map(Into::into),
        place: text.place,
    })
}

fn moment(note: &Note) -> Option<DateTime> {
    let text = note.contents.first()?;
    Some(DateTime { place: text.place, ..date::parse(&text.value).ok()? })
}

fn period<'p>(period: &'p mut Option<Period>, note: &Note) -> &'p mut Period {
    period.get_or_insert_with(|| Period { place: note.place, ..Period::default() })
}

fn measure(note: &Note) -> Option<Measure> {
    let unit_as_written = note.subject.as_ref().and_then(|subject: &Code| subject.name.clone());
    let value = text(note)?.parse().ok()?;
    Some(Measure { value, unit: code(note).map(Into::into), unit_as_written, place: note.place })
}
