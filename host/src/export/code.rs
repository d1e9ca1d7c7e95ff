//! Check codes: what is printed on a certificate beside its number, so that
//! only who holds the certificate can look it up.
//!
//! A code is fifteen letters and digits from the system's randomness, about 68
//! bits. Only a digest of it is stored: a stolen database gives no code away,
//! and trying all codes against one digest would take longer than the
//! certificate matters.

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use crate::intake::number::normalise;

/// Letters and digits that nobody takes for one another, in print or aloud.
const ALPHABET: &[u8; 24] = b"34679ACDEFGHJKMNPQRTVWXY";
/// Characters of a code.
const LENGTH: usize = 15;
/// Characters written together.
const GROUP: usize = 5;
/// Bytes above this would make some characters likelier than others.
const FAIR: u8 = 240;

/// What is stored of a code.
pub(super) type CodeDigest = [u8; 16];

/// A new code, as it is printed: `XXXXX-XXXXX-XXXXX`.
pub(super) fn new_code() -> Result<String, getrandom::Error> {
    let mut code = String::with_capacity(LENGTH + 2);
    let mut random = [0_u8; 32];
    let mut characters = 0;
    while characters < LENGTH {
        getrandom::fill(&mut random)?;
        for byte in random.iter().filter(|byte| **byte < FAIR).take(LENGTH - characters) {
            if characters > 0 && characters.is_multiple_of(GROUP) {
                code.push('-');
            }
            code.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
            characters += 1;
        }
    }
    Ok(code)
}

/// What is stored of a code, for the certificate's normalised number. Groups,
/// spaces and lower case do not matter.
pub(super) fn digest(number: &str, code: &str) -> CodeDigest {
    let mut hash = Sha256::new();
    for part in ["ecert check code", number, &normalise(code)] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut kept = CodeDigest::default();
    kept.copy_from_slice(&digest[..16]);
    kept
}

/// Whether a code is the stored one. It takes the same time for every code,
/// and for a certificate without one.
pub(super) fn matches(stored: Option<&[u8]>, given: &CodeDigest) -> Choice {
    let known = stored.filter(|stored| stored.len() == given.len());
    let same = known.unwrap_or(&[0; 16]).ct_eq(given);
    same & Choice::from(u8::from(known.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_of_the_alphabet_in_groups_and_never_alike() {
        let mut seen = std::collections::BTreeSet::new();
        let mut used = std::collections::BTreeSet::new();
        for _ in 0..2_000 {
            let code = new_code().unwrap();
            let groups: Vec<&str> = code.split('-').collect();
            assert!(groups.len() == 3 && groups.iter().all(|group| group.len() == GROUP), "{code}");
            used.extend(groups.concat().into_bytes());
            assert!(seen.insert(code));
        }
        assert_eq!(used.into_iter().collect::<Vec<_>>(), ALPHABET);
        assert!((ALPHABET.len() as f64).log2() * LENGTH as f64 > 60.0, "at least 60 bits");
    }

    #[test]
    fn a_code_opens_its_certificate_only() {
        let stored = digest("NZ1", "34679-ACDEF-GHJKM");
        let opens = |number, code| bool::from(matches(Some(&stored), &digest(number, code)));
        assert!(opens("NZ1", "34679-ACDEF-GHJKM"));
        assert!(opens("NZ1", "34679acdef ghjkm"));
        assert!(!opens("NZ2", "34679-ACDEF-GHJKM"));
        assert!(!opens("NZ1", "34679-ACDEF-GHJKN"));
        assert!(!opens("NZ1", ""));
        assert!(!bool::from(matches(None, &stored)), "one without a code is opened by none");
        assert!(!bool::from(matches(None, &[0; 16])));
    }
}
