//! The export macros: what makes a component of an adapter or a rule set.

/// Makes a plugin of an [`Adapter`](crate::adapter::Adapter). A crate exports
/// one world, once.
///
/// On other targets than WebAssembly it does nothing, so that the crate's
/// tests run natively.
#[macro_export]
macro_rules! export_adapter {
    ($adapter:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the component boundary is made of raw exports")]
        const _: () = {
            use $crate::__guest as guest;
            use $crate::adapter::Adapter;
            use $crate::model::documents::Document;

            $crate::__export_common!();

            #[unsafe(export_name = "ecert:plugin/adapter@0.1.0#describe")]
            extern "C" fn describe() -> *mut u8 {
                guest::answer($crate::manifest::text(&$crate::manifest::of_adapter::<$adapter>()))
            }

            #[unsafe(export_name = "ecert:plugin/adapter@0.1.0#recognise")]
            unsafe extern "C" fn recognise(head: *mut u8, size: usize) -> *mut u8 {
                // SAFETY: the host calls with arguments of the contract.
                let head = unsafe { guest::bytes(head, size) };
                guest::answer(<$adapter as Adapter>::recognise(&head))
            }

            #[unsafe(export_name = "ecert:plugin/adapter@0.1.0#read")]
            unsafe extern "C" fn read(
                message: *mut u8,
                size: usize,
                format: *mut u8,
                length: usize,
            ) -> *mut u8 {
                // SAFETY: the host calls with arguments of the contract.
                let (message, format) = unsafe { (guest::bytes(message, size), guest::text(format, length)) };
                guest::answer(<$adapter as Adapter>::read(&message, &format))
            }

            #[unsafe(export_name = "ecert:plugin/adapter@0.1.0#write")]
            unsafe extern "C" fn write(arguments: *const u8) -> *mut u8 {
                // SAFETY: the host calls with arguments of the contract, which
                // are too many for parameters and lie in memory.
                let (document, format): (Document, String) = unsafe { guest::argument(arguments) };
                guest::answer(<$adapter as Adapter>::write(&document, &format))
            }
        };
    };
}

/// Makes a plugin of a [`RuleSet`](crate::rules::RuleSet). A crate exports one
/// world, once.
///
/// On other targets than WebAssembly it does nothing, so that the crate's
/// tests run natively.
#[macro_export]
macro_rules! export_rules {
    ($rules:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the component boundary is made of raw exports")]
        const _: () = {
            use $crate::__guest as guest;
            use $crate::model::cases::Case;

            $crate::__export_common!();

            #[unsafe(export_name = "ecert:plugin/rules@0.1.0#describe")]
            extern "C" fn describe() -> *mut u8 {
                guest::answer($crate::manifest::text(&$crate::manifest::of_rules::<$rules>()))
            }

            #[unsafe(export_name = "ecert:plugin/rules@0.1.0#verify")]
            unsafe extern "C" fn verify(case: *const u8) -> *mut u8 {
                // SAFETY: the host calls with arguments of the contract. The
                // instance ends with the call: taking the case apart would be
                // wasted work.
                let case: Case = unsafe { guest::argument(case) };
                let case = ::core::mem::ManuallyDrop::new(case);
                guest::answer($crate::rules::run::<$rules>(&case, &$crate::tables::HostTables))
            }
        };
    };
}

/// What both kinds of plugin have: an allocator, and the host's way to it.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_common {
    () => {
        #[global_allocator]
        static ALLOCATOR: $crate::allocator::Bump<{ $crate::allocator::ARENA }> =
            $crate::allocator::Bump::new();

        #[unsafe(export_name = "cabi_realloc")]
        unsafe extern "C" fn reallocate(old: *mut u8, size: usize, align: usize, wanted: usize) -> *mut u8 {
            // SAFETY: the host keeps to the canonical ABI.
            unsafe { $crate::__guest::reallocate(old, size, align, wanted) }
        }
    };
}
