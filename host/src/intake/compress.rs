//! Compressed bodies.

use std::cell::RefCell;

/// Largest body that is taken back out of the store.
const MAX_BODY: usize = 64 << 20;

thread_local! {
    // Setting a compressor up costs more than compressing a small message.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses a body to be stored.
pub(crate) fn compress(bytes: &[u8]) -> Vec<u8> {
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = zstd::bulk::Compressor::new(1).ok();
        }
        // Compressing into memory fails only for want of memory.
        let compressed = slot.as_mut().and_then(|compressor| compressor.compress(bytes).ok());
        compressed.unwrap_or_else(|| zstd::encode_all(bytes, 1).unwrap_or_default())
    })
}

/// Takes a body out again; none if it is damaged.
pub(crate) fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten();
    match size {
        Some(size) => zstd::bulk::decompress(bytes, usize::try_from(size).ok()?.min(MAX_BODY)).ok(),
        None => zstd::decode_all(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        for body in [&b""[..], b"a", &[7; 100_000]] {
            assert_eq!(decompress(&compress(body)).as_deref(), Some(body));
        }
        assert_eq!(decompress(b"not compressed"), None);
    }
}
