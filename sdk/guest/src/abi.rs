//! The canonical ABI: how the values of the contract lie in a guest's memory.
//!
//! Each type has one function that reads it and one that writes it. Inlined
//! into one function per export instead, as bindings are usually generated,
//! the model's boundary was a quarter of a megabyte of code in one piece, and
//! took a compiler minutes.
//!
//! The layout is that of the component model's explainer, "Canonical ABI":
//! fields in order, each aligned to its own size; pointers are 32 bits wide.
//! The host checks discriminants and UTF-8 before a guest sees them.

use std::alloc::Layout;

/// A value of the contract in linear memory.
///
/// Sizes and alignments are the same whatever this is compiled for; reading
/// and writing make sense in a guest only.
pub trait Abi: Sized {
    /// Size in bytes.
    const SIZE: usize;
    /// Alignment in bytes.
    const ALIGN: usize;

    /// Takes the value over, with all memory it owns.
    ///
    /// # Safety
    /// A valid value of the type lies at `at` and is read only once; what it
    /// points to was allocated by this guest.
    unsafe fn lift(at: *const u8) -> Self;

    /// Writes the value; what it points to is left to whoever reads it.
    ///
    /// # Safety
    /// `SIZE` bytes at `at`, aligned to `ALIGN`, may be written.
    unsafe fn lower(self, at: *mut u8);

    /// Takes a list of values over.
    ///
    /// # Safety
    /// As for [`lift`](Self::lift), for `count` values one behind the other in
    /// an allocation of their own.
    #[inline]
    unsafe fn lift_list(at: *mut u8, count: usize) -> Vec<Self> {
        let mut list = Vec::with_capacity(count);
        for index in 0..count {
            // SAFETY: the caller's promise.
            list.push(unsafe { Self::lift(at.add(index * Self::SIZE)) });
        }
        if let Some(layout) = list_layout::<Self>(count) {
            // SAFETY: the list was an allocation of this size and alignment.
            unsafe { std::alloc::dealloc(at, layout) };
        }
        list
    }

    /// Writes a list of values into an allocation of its own and answers where
    /// that is.
    #[inline]
    fn lower_list(list: Vec<Self>) -> *mut u8 {
        let Some(layout) = list_layout::<Self>(list.len()) else {
            return std::ptr::without_provenance_mut(Self::ALIGN);
        };
        let at = allocate(layout);
        for (index, value) in list.into_iter().enumerate() {
            // SAFETY: the allocation has room for every value of the list.
            unsafe { value.lower(at.add(index * Self::SIZE)) };
        }
        at
    }
}

/// The layout of a list, unless it takes no memory.
fn list_layout<T: Abi>(count: usize) -> Option<Layout> {
    let size = count.checked_mul(T::SIZE).filter(|size| *size > 0)?;
    Layout::from_size_align(size, T::ALIGN).ok()
}

fn allocate(layout: Layout) -> *mut u8 {
    // SAFETY: no caller passes a layout without a size.
    let at = unsafe { std::alloc::alloc(layout) };
    if at.is_null() {
        std::alloc::handle_alloc_error(layout);
    }
    at
}

/// Room for one value.
pub(crate) fn room<T: Abi>() -> *mut u8 {
    list_layout::<T>(1).map_or(std::ptr::without_provenance_mut(T::ALIGN), allocate)
}

/// The next multiple of `align` from `offset`.
pub(crate) const fn aligned(offset: usize, align: usize) -> usize {
    offset.next_multiple_of(align)
}

pub(crate) const fn larger(one: usize, other: usize) -> usize {
    if one > other { one } else { other }
}

/// Fields of a record, one behind the other.
pub(crate) struct Fields {
    at: *mut u8,
    offset: usize,
}

impl Fields {
    #[inline(always)]
    pub(crate) fn at(at: *const u8) -> Self {
        Self { at: at.cast_mut(), offset: 0 }
    }

    /// Where the next field lies.
    #[inline(always)]
    fn next<T: Abi>(&mut self) -> *mut u8 {
        let start = aligned(self.offset, T::ALIGN);
        self.offset = start + T::SIZE;
        // SAFETY: the fields of a record lie within it.
        unsafe { self.at.add(start) }
    }

    #[inline(always)]
    pub(crate) unsafe fn lift<T: Abi>(&mut self) -> T {
        // SAFETY: whoever made the fields vouched for the record.
        unsafe { T::lift(self.next::<T>()) }
    }

    #[inline(always)]
    pub(crate) unsafe fn lower<T: Abi>(&mut self, value: T) {
        // SAFETY: whoever made the fields vouched for the room.
        unsafe { value.lower(self.next::<T>()) }
    }
}

macro_rules! number {
    ($($number:ty),*) => {$(
        impl Abi for $number {
            const SIZE: usize = size_of::<Self>();
            const ALIGN: usize = size_of::<Self>();

            #[inline(always)]
            unsafe fn lift(at: *const u8) -> Self {
                // SAFETY: the caller's promise.
                unsafe { at.cast::<Self>().read() }
            }

            #[inline(always)]
            unsafe fn lower(self, at: *mut u8) {
                // SAFETY: the caller's promise.
                unsafe { at.cast::<Self>().write(self) }
            }

            #[inline]
            unsafe fn lift_list(at: *mut u8, count: usize) -> Vec<Self> {
                if count == 0 {
                    return Vec::new();
                }
                // SAFETY: a list of numbers lies in memory as a vector does.
                unsafe { Vec::from_raw_parts(at.cast(), count, count) }
            }

            #[inline]
            fn lower_list(list: Vec<Self>) -> *mut u8 {
                std::mem::ManuallyDrop::new(list).as_mut_ptr().cast()
            }
        }
    )*};
}

number!(u8, u16, u32, u64, i8, i16, i32, i64);

impl Abi for bool {
    const SIZE: usize = 1;
    const ALIGN: usize = 1;

    #[inline(always)]
    unsafe fn lift(at: *const u8) -> Self {
        // SAFETY: the caller's promise.
        unsafe { at.read() != 0 }
    }

    #[inline(always)]
    unsafe fn lower(self, at: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { at.write(self.into()) }
    }
}

/// A pointer and a length, as lists and strings begin.
#[inline(always)]
unsafe fn lift_slice(at: *const u8) -> (*mut u8, usize) {
    // SAFETY: the caller vouches for both numbers.
    let (pointer, length) = unsafe { (u32::lift(at), u32::lift(at.add(4))) };
    (std::ptr::with_exposed_provenance_mut(pointer as usize), length as usize)
}

/// In a guest addresses and lengths have 32 bits.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "addresses of a guest have 32 bits")]
unsafe fn lower_slice(pointer: *mut u8, length: usize, at: *mut u8) {
    // SAFETY: the caller vouches for the room.
    unsafe {
        (pointer.expose_provenance() as u32).lower(at);
        (length as u32).lower(at.add(4));
    }
}

impl Abi for String {
    const SIZE: usize = 8;
    const ALIGN: usize = 4;

    #[inline]
    unsafe fn lift(at: *const u8) -> Self {
        // SAFETY: the host writes nothing but UTF-8 into a string.
        unsafe {
            let (pointer, length) = lift_slice(at);
            Self::from_utf8_unchecked(u8::lift_list(pointer, length))
        }
    }

    #[inline]
    unsafe fn lower(self, at: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { self.into_bytes().lower(at) }
    }
}

impl<T: Abi> Abi for Vec<T> {
    const SIZE: usize = 8;
    const ALIGN: usize = 4;

    #[inline]
    unsafe fn lift(at: *const u8) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            let (pointer, count) = lift_slice(at);
            T::lift_list(pointer, count)
        }
    }

    #[inline]
    unsafe fn lower(self, at: *mut u8) {
        let count = self.len();
        // SAFETY: the caller's promise.
        unsafe { lower_slice(T::lower_list(self), count, at) }
    }
}

impl<T: Abi> Abi for Option<T> {
    const ALIGN: usize = T::ALIGN;
    const SIZE: usize = aligned(aligned(1, T::ALIGN) + T::SIZE, T::ALIGN);

    #[inline]
    unsafe fn lift(at: *const u8) -> Self {
        // SAFETY: the payload lies behind the discriminant.
        unsafe { bool::lift(at).then(|| T::lift(at.add(T::ALIGN))) }
    }

    #[inline]
    unsafe fn lower(self, at: *mut u8) {
        // SAFETY: the payload lies behind the discriminant.
        unsafe {
            self.is_some().lower(at);
            if let Some(value) = self {
                value.lower(at.add(T::ALIGN));
            }
        }
    }
}

impl<T: Abi, E: Abi> Abi for Result<T, E> {
    const ALIGN: usize = larger(T::ALIGN, E::ALIGN);
    const SIZE: usize = aligned(Self::ALIGN + larger(T::SIZE, E::SIZE), Self::ALIGN);

    #[inline]
    unsafe fn lift(at: *const u8) -> Self {
        // SAFETY: the payload lies behind the discriminant.
        unsafe {
            let payload = at.add(Self::ALIGN);
            if bool::lift(at) { Err(E::lift(payload)) } else { Ok(T::lift(payload)) }
        }
    }

    #[inline]
    unsafe fn lower(self, at: *mut u8) {
        // SAFETY: the payload lies behind the discriminant.
        unsafe {
            let payload = at.add(Self::ALIGN);
            self.is_err().lower(at);
            match self {
                Ok(value) => value.lower(payload),
                Err(error) => error.lower(payload),
            }
        }
    }
}

impl<A: Abi, B: Abi> Abi for (A, B) {
    const ALIGN: usize = larger(A::ALIGN, B::ALIGN);
    const SIZE: usize = aligned(aligned(A::SIZE, B::ALIGN) + B::SIZE, Self::ALIGN);

    #[inline]
    unsafe fn lift(at: *const u8) -> Self {
        let mut fields = Fields::at(at);
        // SAFETY: the caller's promise, field by field.
        unsafe { (fields.lift(), fields.lift()) }
    }

    #[inline]
    unsafe fn lower(self, at: *mut u8) {
        let mut fields = Fields::at(at);
        // SAFETY: the caller's promise, field by field.
        unsafe {
            fields.lower(self.0);
            fields.lower(self.1);
        }
    }
}

/// A record: its fields in order, with their types.
macro_rules! record {
    ($name:ty { $($field:ident: $type:ty),+ $(,)? }) => {
        impl $crate::abi::Abi for $name {
            const ALIGN: usize = {
                let mut align = 1;
                $(align = $crate::abi::larger(align, <$type as $crate::abi::Abi>::ALIGN);)+
                align
            };
            const SIZE: usize = {
                let mut end = 0;
                $(end = $crate::abi::aligned(end, <$type as $crate::abi::Abi>::ALIGN)
                    + <$type as $crate::abi::Abi>::SIZE;)+
                $crate::abi::aligned(end, Self::ALIGN)
            };

            unsafe fn lift(at: *const u8) -> Self {
                let mut fields = $crate::abi::Fields::at(at);
                // SAFETY: the caller's promise, field by field.
                unsafe { Self { $($field: fields.lift()),+ } }
            }

            unsafe fn lower(self, at: *mut u8) {
                let mut fields = $crate::abi::Fields::at(at);
                // SAFETY: the caller's promise, field by field.
                $(unsafe { fields.lower(self.$field) };)+
            }
        }
    };
}

/// An enumeration: its cases in order.
macro_rules! enumeration {
    ($name:ty { $($case:ident = $number:literal),+ $(,)? }) => {
        impl $crate::abi::Abi for $name {
            const ALIGN: usize = 1;
            const SIZE: usize = 1;

            #[inline]
            unsafe fn lift(at: *const u8) -> Self {
                // SAFETY: the caller's promise.
                match unsafe { at.read() } {
                    $($number => Self::$case,)+
                    _ => unreachable!("the host checks discriminants"),
                }
            }

            #[inline]
            unsafe fn lower(self, at: *mut u8) {
                // SAFETY: the caller's promise.
                unsafe { at.write(self as u8) }
            }
        }
    };
}

/// A variant: its cases in order, with the type each carries, if any.
macro_rules! variant {
    ($name:ty { $($case:ident $(($type:ty))? = $number:literal),+ $(,)? }) => {
        impl $crate::abi::Abi for $name {
            const ALIGN: usize = {
                let mut align = 1;
                $($(align = $crate::abi::larger(align, <$type as $crate::abi::Abi>::ALIGN);)?)+
                align
            };
            const SIZE: usize = {
                let mut payload = 0;
                $($(payload = $crate::abi::larger(payload, <$type as $crate::abi::Abi>::SIZE);)?)+
                $crate::abi::aligned(Self::ALIGN + payload, Self::ALIGN)
            };

            unsafe fn lift(at: *const u8) -> Self {
                // SAFETY: the payload lies behind the discriminant.
                unsafe {
                    match at.read() {
                        $($number => variant!(@lift at, $case $(, $type)?),)+
                        _ => unreachable!("the host checks discriminants"),
                    }
                }
            }

            unsafe fn lower(self, at: *mut u8) {
                // SAFETY: the payload lies behind the discriminant.
                unsafe {
                    $(variant!(@lower self, at, $number, $case $(, $type)?);)+
                }
            }
        }
    };
    (@lift $at:ident, $case:ident) => { Self::$case };
    (@lift $at:ident, $case:ident, $type:ty) => {
        Self::$case(<$type as $crate::abi::Abi>::lift($at.add(Self::ALIGN)))
    };
    (@lower $self:ident, $at:ident, $number:literal, $case:ident) => {
        if let Self::$case = $self {
            return $at.write($number);
        }
    };
    (@lower $self:ident, $at:ident, $number:literal, $case:ident, $type:ty) => {
        if let Self::$case(value) = $self {
            $at.write($number);
            return <$type as $crate::abi::Abi>::lower(value, $at.add(Self::ALIGN));
        }
    };
}

pub(crate) use {enumeration, record, variant};
