//! The allocator of guests.
//!
//! A plugin lives for one call: the host takes a fresh instance each time and
//! throws it away. Giving memory back is then wasted work, so the first
//! [`ARENA`] bytes are handed out by moving a pointer; only the last block can
//! shrink, grow in place or be given back. What does not fit goes to the
//! standard allocator, which frees properly, so a large message costs what it
//! needs and not all it ever touched.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;

/// Size of the arena. It is part of the initial linear memory, so it takes no
/// call to grow, and untouched pages of it cost nothing.
pub const ARENA: usize = 1 << 20;

/// An arena of `SIZE` bytes in front of the standard allocator.
pub struct Bump<const SIZE: usize> {
    arena: UnsafeCell<[MaybeUninit<u8>; SIZE]>,
    /// Offset of the first free byte.
    next: Cell<usize>,
}

// Only where there are no threads: elsewhere a `Bump` cannot be a global
// allocator at all.
#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "a guest has one thread")]
unsafe impl<const SIZE: usize> Sync for Bump<SIZE> {}

impl<const SIZE: usize> Bump<SIZE> {
    /// An empty arena.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a static needs a const function")]
    pub const fn new() -> Self {
        Self { arena: UnsafeCell::new([MaybeUninit::uninit(); SIZE]), next: Cell::new(0) }
    }

    fn base(&self) -> *mut u8 {
        self.arena.get().cast()
    }

    /// Offset of a pointer within the arena, if it lies there.
    fn offset(&self, pointer: *mut u8) -> Option<usize> {
        let offset = (pointer as usize).wrapping_sub(self.base() as usize);
        (offset < SIZE).then_some(offset)
    }

    /// Takes the next block, if it fits.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        let base = self.base();
        let address = base as usize + self.next.get();
        let start = address.checked_next_multiple_of(layout.align())? - base as usize;
        let end = start.checked_add(layout.size())?;
        // A block of no bytes at the very end would not be recognised by `offset`.
        if end > SIZE || start == SIZE {
            return None;
        }
        self.next.set(end);
        Some(base.wrapping_add(start))
    }
}

#[expect(unsafe_code, reason = "GlobalAlloc is an unsafe trait")]
// SAFETY: blocks of the arena never overlap, because `next` only moves back
// over the last block once that is given back or shrunk; they are aligned by
// `take`; and every block goes back where it came from, told by its address.
unsafe impl<const SIZE: usize> GlobalAlloc for Bump<SIZE>
where
    Self: Sized,
{
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.take(layout) {
            Some(pointer) => pointer,
            // SAFETY: the caller's promise about `layout` is passed on.
            None => unsafe { System.alloc(layout) },
        }
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        match self.offset(pointer) {
            Some(offset) if offset + layout.size() == self.next.get() => self.next.set(offset),
            Some(_) => {}
            // SAFETY: what is not in the arena came from `System`.
            None => unsafe { System.dealloc(pointer, layout) },
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Some(offset) = self.offset(pointer) else {
            // SAFETY: what is not in the arena came from `System`.
            return unsafe { System.realloc(pointer, layout, size) };
        };
        let is_last = offset + layout.size() == self.next.get();
        if is_last && size <= SIZE - offset {
            self.next.set(offset + size);
            return pointer;
        }
        if size <= layout.size() {
            return pointer;
        }
        // SAFETY: `size` is what the caller asks for, with its own alignment;
        // both blocks are at least `layout.size()` long and do not overlap.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                pointer.copy_to_nonoverlapping(moved, layout.size());
            }
            moved
        }
    }
}

#[cfg(test)]
#[expect(unsafe_code, reason = "the tests call the allocator by hand")]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).expect("a valid layout")
    }

    #[test]
    fn blocks_are_aligned_and_do_not_overlap() {
        let bump = Box::new(Bump::<256>::new());
        // SAFETY: the layouts have a size, and nothing is read.
        let (first, second) = unsafe { (bump.alloc(layout(3, 1)), bump.alloc(layout(8, 8))) };
        assert_eq!(second as usize % 8, 0);
        assert!(second as usize >= first as usize + 3);
    }

    #[test]
    fn the_last_block_is_given_back_and_grows_in_place() {
        let bump = Box::new(Bump::<256>::new());
        // SAFETY: every block is used with the layout it was made with.
        unsafe {
            let first = bump.alloc(layout(16, 8));
            let second = bump.alloc(layout(16, 8));
            assert_eq!(bump.realloc(second, layout(16, 8), 64), second);
            bump.dealloc(second, layout(64, 8));
            assert_eq!(bump.alloc(layout(8, 8)), second);
            bump.dealloc(first, layout(16, 8));
            assert_ne!(bump.alloc(layout(8, 8)), first, "an inner block stays taken");
        }
    }

    #[test]
    fn a_block_that_moves_keeps_its_content() {
        let bump = Box::new(Bump::<256>::new());
        // SAFETY: every block is used with the layout it was made with.
        unsafe {
            let first = bump.alloc(layout(4, 4));
            first.copy_from_nonoverlapping(b"beef".as_ptr(), 4);
            bump.alloc(layout(4, 4));
            let moved = bump.realloc(first, layout(4, 4), 1000);
            assert!(bump.offset(moved).is_none(), "a thousand bytes do not fit");
            assert_eq!(std::slice::from_raw_parts(moved, 4), b"beef");
            let again = bump.realloc(moved, layout(1000, 4), 2000);
            assert_eq!(std::slice::from_raw_parts(again, 4), b"beef");
            bump.dealloc(again, layout(2000, 4));
        }
    }

    #[test]
    fn a_full_arena_gives_way() {
        let bump = Box::new(Bump::<64>::new());
        // SAFETY: the block is given back with its layout.
        unsafe {
            assert!(bump.offset(bump.alloc(layout(64, 1))).is_some());
            let beyond = bump.alloc(layout(1, 1));
            assert!(bump.offset(beyond).is_none());
            bump.dealloc(beyond, layout(1, 1));
        }
    }
}
