//! The shared buffer: the one place where JavaScript's bytes and Rust meet, and all `unsafe`.

use crate::mac::{KEY_BYTES, Mac};
use crate::scheme::MAX_SIGNATURE;
use crate::scheme::standard::MAX_ID;
use crate::timestamp::MAX_DIGITS;
use core::cell::UnsafeCell;

/// Bodies longer than this pass in pieces, so that no delivery makes the memory grow.
const BODY_BYTES: usize = 64 * 1024;

/// The regions, in the order of their numbers, and what is under way. Where a header has a longest
/// form its region has room for one byte more, so that JavaScript can cut off what is longer, and
/// the length rule stays where it belongs.
#[repr(C)]
pub(super) struct Scratch {
    pub(super) key: [u8; KEY_BYTES],
    pub(super) id: [u8; MAX_ID + 1],
    pub(super) timestamp: [u8; MAX_DIGITS + 1],
    pub(super) signature: [u8; MAX_SIGNATURE + 1],
    pub(super) body: [u8; BODY_BYTES],
    pub(super) session: Option<Session>,
}

/// An operation between its first call and its last.
pub(super) struct Session {
    pub(super) mac: Mac,
    /// Of the text that the last call reads again: the signature header, or the timestamp to sign.
    pub(super) length: usize,
}

struct Shared(UnsafeCell<Scratch>);

// SAFETY: wasm32-unknown-unknown has one thread here (no `atomics` feature, no shared memory).
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared(UnsafeCell::new(Scratch {
    key: [0; KEY_BYTES],
    id: [0; MAX_ID + 1],
    timestamp: [0; MAX_DIGITS + 1],
    signature: [0; MAX_SIGNATURE + 1],
    body: [0; BODY_BYTES],
    session: None,
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
            0 => self.key.as_ptr(),
            1 => self.id.as_ptr(),
            2 => self.timestamp.as_ptr(),
            3 => self.signature.as_ptr(),
            4 => self.body.as_ptr(),
            _ => self.body.as_ptr_range().end,
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
