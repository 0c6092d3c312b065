//! The shared buffer: the one place where JavaScript's bytes and Rust meet, and all `unsafe`.

use crate::mac::{BLOCK, Hash, Key, PADDING};
use crate::scheme::MAX_SIGNATURE;
use crate::scheme::standard::MAX_ID;
use crate::timestamp::MAX_DIGITS;
use core::cell::UnsafeCell;

/// Where the first block goes that a native hash begins with: in front of what is signed.
pub(super) const GAP: usize = BLOCK;

/// One byte more than a header may have is room enough: JavaScript cuts off what is longer, and the length rule stays where
/// it belongs. 64 KiB of a body pass at once; what is longer passes in pieces, so that no delivery makes the memory grow.
const REGION: usize = MAX_SIGNATURE + 1 + GAP + MAX_ID + 1 + 1 + MAX_DIGITS + 1 + 1 + 64 * 1024;

/// The regions, and what is under way.
#[repr(C)]
pub(super) struct Scratch {
    /// Stays here between calls: JavaScript writes it again only when another one is to be used.
    pub(super) key: Key,
    /// Behind the key: its inner pad when it was just derived; or the inner hash, whoever computed it, which is padded there.
    pub(super) beside: [u8; BLOCK],
    /// The signature header, a gap, the id, a dot, the timestamp, a dot, and the body: what is signed is in one piece and
    /// is hashed where it is.
    pub(super) text: [u8; REGION + PADDING],
    /// Of what is signed, what was hashed so far.
    pub(super) hash: Hash,
    /// Where in the text the bytes start that are hashed next.
    pub(super) start: usize,
    /// Where the body starts, or its next piece.
    pub(super) body: usize,
    /// How long the timestamp in front of the body is.
    pub(super) digits: usize,
}

struct Shared(UnsafeCell<Scratch>);

// SAFETY: wasm32-unknown-unknown has one thread here (no `atomics` feature, no shared memory).
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared(UnsafeCell::new(Scratch {
    key: Key::NONE,
    beside: [0; BLOCK],
    text: [0; REGION + PADDING],
    hash: Hash::NONE,
    start: 0,
    body: 0,
    digits: 0,
}));

/// Runs one exported call on the buffer. Exports do not call each other or JavaScript, so this never
/// nests.
pub(super) fn with<R>(call: impl FnOnce(&mut Scratch) -> R) -> R {
    // SAFETY: one thread, and by the above no other reference exists while `call` runs.
    call(unsafe { &mut *SHARED.0.get() })
}

impl Scratch {
    /// Where a region starts; for the number after the last one, where the last one ends.
    pub(super) fn region(&self, number: u32) -> *const u8 {
        match number {
            0 => (&raw const self.key).cast(),
            1 => self.text.as_ptr(),
            _ => self.text.as_ptr().wrapping_add(REGION),
        }
    }
}

/// The core allocates nothing, but `wasm-bindgen`'s library asks for an allocator. This one has no
/// memory to give; none of it is left in the linked file.
#[cfg(not(any(feature = "payload", feature = "sdk")))]
mod no_allocator {
    use core::alloc::{GlobalAlloc, Layout};

    struct None;

    // SAFETY: a null pointer is the defined answer for "no memory".
    unsafe impl GlobalAlloc for None {
        unsafe fn alloc(&self, _: Layout) -> *mut u8 {
            core::ptr::null_mut()
        }
        unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
    }

    #[global_allocator]
    static ALLOCATOR: None = None;
}
