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
            use $crate::__guest::adapter::exports::ecert::plugin::adapter::Guest;
            use $crate::adapter::Adapter;
            use $crate::model::readings::{Problem, Reading, Recognition};

            #[global_allocator]
            static ALLOCATOR: $crate::allocator::Bump<{ $crate::allocator::ARENA }> =
                $crate::allocator::Bump::new();

            struct Plugin;

            impl Guest for Plugin {
                fn describe() -> String {
                    $crate::manifest::text(&$crate::manifest::of_adapter::<$adapter>())
                }

                fn recognise(head: Vec<u8>) -> Option<Recognition> {
                    <$adapter as Adapter>::recognise(&head)
                }

                fn read(message: Vec<u8>, format: String) -> Reading {
                    <$adapter as Adapter>::read(&message, &format)
                }

                fn write(document: String, format: String) -> Result<Vec<u8>, Vec<Problem>> {
                    <$adapter as Adapter>::write(&document, &format)
                }
            }

    $crate::__guest::adapter::export_bindings!(Plugin with_types_in $crate::__guest::adapter);
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
            use $crate::__guest::rules::exports::ecert::plugin::rules::Guest;
            use $crate::model::{cases::Case, reports::Report};

            #[global_allocator]
            static ALLOCATOR: $crate::allocator::Bump<{ $crate::allocator::ARENA }> =
                $crate::allocator::Bump::new();

            struct Plugin;

            impl Guest for Plugin {
                fn describe() -> String {
                    $crate::manifest::text(&$crate::manifest::of_rules::<$rules>())
                }

                fn verify(case: Case) -> Report {
                    // The instance ends with the call: taking the case apart
                    // would be wasted work.
                    let case = ::core::mem::ManuallyDrop::new(case);
                    $crate::rules::run::<$rules>(&case, &$crate::tables::HostTables)
                }
            }

    $crate::__guest::rules::export_bindings!(Plugin with_types_in $crate::__guest::rules);
        };
    };
}
