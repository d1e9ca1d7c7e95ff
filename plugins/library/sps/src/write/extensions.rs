//! Extensions: elements of the standard where they are some, else notes.

use ecert_sdk::model::values::Extension;

use super::Tree;
use super::values::own_note;
use crate::dialect::SCHEME;
use crate::own;

/// The elements that extensions stand for, if the first of their path is among
/// `names`, and notes of a name for the others.
pub(super) fn elements_and_notes(
    extensions: &[Extension],
    names: &[&str],
    note: &'static str,
) -> (Vec<Tree>, Vec<Tree>) {
    let (elements, others) = elements(extensions, names);
    let notes = others
        .into_iter()
        .map(|it| own_note(note, own::EXTENSION, Some(&it.name), Some(&it.scheme), &it.value));
    (elements, notes.collect())
}

/// The elements that extensions stand for, and the extensions that are none.
pub(super) fn elements<'e>(extensions: &'e [Extension], names: &[&str]) -> (Vec<Tree>, Vec<&'e Extension>) {
    let (mut elements, mut others) = (Vec::new(), Vec::new());
    for extension in extensions {
        let first = extension.name.split('/').next().unwrap_or_default();
        let ours = extension.scheme == SCHEME && names.contains(&first);
        match ours && extension.name.split('/').all(is_name) {
            true => place(&mut elements, &extension.name, &extension.value),
            false => others.push(extension),
        }
    }
    (elements, others)
}

/// Whether a step of a path is an element's name.
fn is_name(step: &str) -> bool {
    step.starts_with(|first: char| first.is_ascii_alphabetic())
        && step.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a path can continue within an element without coming between
/// elements of one name: syntaxes that keep those together would change the
/// order.
fn takes(element: &Tree, path: &str) -> bool {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match element.children.iter().rposition(|child| child.name == first) {
        None => true,
        Some(last) => {
            last + 1 == element.children.len() && rest.is_none_or(|rest| takes(&element.children[last], rest))
        }
    }
}

/// Puts a value at the end of a path, below the last elements of its names:
/// read in order, the same paths and values come of it.
fn place(elements: &mut Vec<Tree>, path: &str, value: &str) {
    let Some((first, rest)) = path.split_once('/') else {
        elements.push(Tree::text(path.to_owned(), value));
        return;
    };
    if elements.last().is_none_or(|last| last.name != first || !takes(last, rest)) {
        elements.push(Tree::new(first.to_owned()));
    }
    if let Some(last) = elements.last_mut() {
        place(&mut last.children, rest, value);
    }
}
