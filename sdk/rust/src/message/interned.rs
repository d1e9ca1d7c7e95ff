//! Names, each kept once.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many slots [`slot`] tells apart: a power of two; messages have some
/// sixty names.
pub(crate) const SLOTS: usize = 256;

/// Texts kept once each, known by number.
#[derive(Debug)]
pub(crate) struct Interned<'a> {
    texts: Vec<Cow<'a, str>>,
    /// By hash: the first text that has it, as its number and 1; 0 for none.
    slots: Vec<u32>,
    /// The texts whose slot was taken. However many were made to clash, a
    /// look-up stays cheap.
    clashing: BTreeMap<Cow<'a, str>, u32>,
}

impl<'a> Interned<'a> {
    pub(crate) fn new() -> Self {
        Self { texts: Vec::with_capacity(64), slots: vec![0; SLOTS], clashing: BTreeMap::new() }
    }

    /// The number of a text.
    pub(crate) fn number(&mut self, text: Cow<'a, str>) -> u32 {
        if let Some(known) = self.find(&text) {
            return known;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        match &mut self.slots[slot(&text)] {
            free @ 0 => *free = number + 1,
            _ => drop(self.clashing.insert(text.clone(), number)),
        }
        self.texts.push(text);
        number
    }

    /// The number of a text, if it is kept.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let first = self.slots[slot(text)].checked_sub(1)?;
        match self.text(first) == text {
            true => Some(first),
            false => self.clashing.get(text).copied(),
        }
    }

    /// The text of a number.
    pub(crate) fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }
}

/// Where a text is looked for first: a cheap hash of its length and its ends.
pub(crate) fn slot(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).rotate_left(29) ^ u64::from_le_bytes(*last),
        _ => bytes.iter().fold(0, |ends, &byte| ends << 8 | u64::from(byte)),
    };
    let mixed = (ends ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    usize::try_from(mixed).unwrap_or_default() % SLOTS
}
