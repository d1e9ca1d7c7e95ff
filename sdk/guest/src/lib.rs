//! The component boundary of plugins, seen from inside: the
//! [canonical ABI](abi), what the host offers ([`host`]), and the steps that
//! the export macros of `ecert-sdk` are made of.
//!
//! `ecert plugin build` adds the types of the contract, so a plugin's own
//! module needs to carry none.
#![expect(unsafe_code, reason = "the boundary is made of raw memory")]

pub mod abi;
pub mod host;
#[cfg(any(test, target_arch = "wasm32"))]
mod memory;
mod types;

use std::alloc::Layout;

use abi::Abi;

/// Takes an argument over that the host wrote to memory.
///
/// # Safety
/// The host passed the address, as an argument of this type, in this call.
#[must_use]
pub unsafe fn argument<T: Abi>(at: *const u8) -> T {
    // SAFETY: the caller's promise.
    unsafe { T::lift(at) }
}

/// Takes bytes over that the host wrote to memory.
///
/// # Safety
/// The host passed address and size, as a list of bytes, in this call.
#[must_use]
pub unsafe fn bytes(at: *mut u8, size: usize) -> Vec<u8> {
    // SAFETY: the caller's promise.
    unsafe { u8::lift_list(at, size) }
}

/// Takes a text over that the host wrote to memory.
///
/// # Safety
/// The host passed address and size, as a string, in this call.
#[must_use]
pub unsafe fn text(at: *mut u8, size: usize) -> String {
    // SAFETY: the host writes nothing but UTF-8 into a string.
    unsafe { String::from_utf8_unchecked(bytes(at, size)) }
}

/// Leaves an answer in memory for the host, which ends the instance after it
/// has read it: nothing is freed.
#[must_use]
pub fn answer<T: Abi>(value: T) -> *mut u8 {
    let at = abi::room::<T>();
    // SAFETY: the room is for a value of this type.
    unsafe { value.lower(at) };
    at
}

/// What the host allocates by in a guest: `cabi_realloc` of the canonical ABI.
///
/// # Safety
/// `old` was allocated here with `size` and `align`, or `size` is 0.
pub unsafe fn reallocate(old: *mut u8, size: usize, align: usize, wanted: usize) -> *mut u8 {
    if wanted == 0 {
        return std::ptr::without_provenance_mut(align);
    }
    // SAFETY: the host keeps to the ABI: alignments are powers of two.
    unsafe {
        let layout = Layout::from_size_align_unchecked(wanted, align);
        let at = if size == 0 {
            std::alloc::alloc(layout)
        } else {
            std::alloc::realloc(old, Layout::from_size_align_unchecked(size, align), wanted)
        };
        if at.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        at
    }
}
