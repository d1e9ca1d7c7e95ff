//! Comparing bytes.
//!
//! The standard library's comparison for guests goes byte by byte. Adapters
//! compare names all the time, so here it is in words of eight bytes. The
//! linker takes these functions for the ones of the same name that it would
//! fall back on.

use std::cmp::Ordering;

/// Compares so many bytes. The last word overlaps the one before it.
///
/// # Safety
/// `size` bytes from both addresses may be read.
#[inline(always)]
pub(crate) unsafe fn compare(one: *const u8, other: *const u8, size: usize) -> Ordering {
    // SAFETY: no offset goes beyond `size`.
    unsafe {
        // A number that compares like the bytes it is made of.
        let half = |at: *const u8| u32::from_be(at.cast::<u32>().read_unaligned());
        let word = |at: *const u8| u64::from_be(at.cast::<u64>().read_unaligned());
        let halves = |offset| half(one.add(offset)).cmp(&half(other.add(offset)));
        let words = |offset| word(one.add(offset)).cmp(&word(other.add(offset)));
        match size {
            0..4 => {
                let byte = |offset| one.add(offset).read().cmp(&other.add(offset).read());
                (0..size).map(byte).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            }
            4..8 => halves(0).then_with(|| halves(size - 4)),
            _ => {
                let before = (0..size - 8).step_by(8).map(words).find(|order| order.is_ne());
                before.unwrap_or_else(|| words(size - 8))
            }
        }
    }
}

/// `memcmp` of C.
///
/// # Safety
/// `size` bytes from both addresses may be read.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, size: usize) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { compare(one, other, size) as i32 }
}

/// `bcmp` of C.
///
/// # Safety
/// `size` bytes from both addresses may be read.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(one: *const u8, other: *const u8, size: usize) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { compare(one, other, size) as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_compared_as_slices_are() {
        let text = b"the first byte that differs decides";
        for size in 0..text.len() {
            for at in 0..size {
                for byte in [0, 0x7F, 0xFF] {
                    let mut other = *text;
                    other[at] = byte;
                    // SAFETY: both are longer than `size`.
                    let order = unsafe { compare(text.as_ptr(), other.as_ptr(), size) };
                    assert_eq!(order, text[..size].cmp(&other[..size]), "{size} {at} {byte}");
                }
            }
        }
    }
}
