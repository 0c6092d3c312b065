//! The memory of the `sdk` artifact: one region that grows during a call, and is emptied after it.
//!
//! Nothing outlives a call, so nothing has to be freed one by one. That takes less
//! code than a general allocator, and makes wiping what a call left (a token, a body) one step.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const PAGE: usize = 65_536;

struct Arena {
    /// Where the region starts; 0 before the first allocation.
    start: AtomicUsize,
    /// Where the next allocation goes.
    next: AtomicUsize,
}

#[global_allocator]
static ARENA: Arena = Arena {
    start: AtomicUsize::new(0),
    next: AtomicUsize::new(0),
};

impl Arena {
    /// Makes room up to an address.
    fn reach(end: usize) -> bool {
        let have = memory_size(0).saturating_mul(PAGE);
        let missing = end.saturating_sub(have).div_ceil(PAGE);
        missing == 0 || memory_grow(0, missing) != usize::MAX
    }
}

// SAFETY: each allocation is a range of its own above `start`, which is the end of the memory that the
// linker laid out; nothing is given out twice until `clear`, and this target has one thread.
unsafe impl GlobalAlloc for Arena {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.start.load(Relaxed) == 0 {
            let start = memory_size(0).saturating_mul(PAGE);
            self.start.store(start, Relaxed);
            self.next.store(start, Relaxed);
        }
        let at = self.next.load(Relaxed).next_multiple_of(layout.align());
        let Some(end) = at.checked_add(layout.size()) else {
            return core::ptr::null_mut();
        };
        if !Self::reach(end) {
            return core::ptr::null_mut();
        }
        self.next.store(end, Relaxed);
        at as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    #[inline(never)]
    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let end = (old as usize).saturating_add(layout.size());
        // The last allocation grows where it is.
        if end == self.next.load(Relaxed) {
            let Some(end) = (old as usize).checked_add(size) else {
                return core::ptr::null_mut();
            };
            if !Self::reach(end) {
                return core::ptr::null_mut();
            }
            self.next.store(end, Relaxed);
            return old;
        }
        // SAFETY: the new range is another one, and both hold the smaller of the two sizes.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                core::ptr::copy_nonoverlapping(old, new, layout.size().min(size));
            }
            new
        }
    }
}

/// Empties the region, and overwrites what was in it. Nothing that was allocated may still be in use.
pub(super) fn clear() {
    let (start, next) = (ARENA.start.load(Relaxed), ARENA.next.load(Relaxed));
    ARENA.next.store(start, Relaxed);
    // SAFETY: the range was given out by `alloc`, and by the above nobody uses it any more.
    unsafe { core::ptr::write_bytes(start as *mut u8, 0, next.saturating_sub(start)) };
}
