//! The memory of the `sdk` artifact: one region that grows during a call, and is emptied after it; and the texts
//! that go over the boundary, which lie in it.
//!
//! Nothing outlives a call, so nothing has to be freed one by one. That takes less
//! code than a general allocator, and makes wiping what a call left (a token, a body) one step.

use alloc::string::String;
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

/// How many texts a call takes at most.
const TEXTS: usize = 8;

/// The address and length of each text that a call takes, and last of the one that it gives; 0 for none.
static SLOTS: [[AtomicUsize; 2]; TEXTS + 1] =
    [const { [const { AtomicUsize::new(0) }; 2] }; TEXTS + 1];

fn set(slot: usize, at: usize, length: usize) {
    if let Some([first, second]) = SLOTS.get(slot) {
        first.store(at, Relaxed);
        second.store(length, Relaxed);
    }
}

/// Makes room for a call's text, and tells where: JavaScript writes UTF-8 there.
pub(super) fn put(slot: usize, length: usize) -> *mut u8 {
    let mut room = alloc::vec::Vec::<u8>::with_capacity(length.max(1));
    let at = room.as_mut_ptr();
    core::mem::forget(room);
    set(slot, at as usize, length);
    at
}

/// A call's texts.
pub(super) struct Texts(());

impl Texts {
    /// `None` for one that was left out.
    pub(super) fn get(&self, slot: usize) -> Option<&str> {
        let [at, length] = SLOTS.get(slot)?;
        let at = at.load(Relaxed) as *const u8;
        // SAFETY: `put` has given that range out, and JavaScript has filled it with what `TextEncoder` made.
        (!at.is_null()).then(|| unsafe {
            core::str::from_utf8_unchecked(core::slice::from_raw_parts(at, length.load(Relaxed)))
        })
    }
}

/// Runs a call on its texts.
pub(super) fn with<R>(call: impl FnOnce(&Texts) -> R) -> R {
    call(&Texts(()))
}

/// Keeps a text for JavaScript to read.
pub(super) fn give(text: String) {
    let text = text.leak();
    set(TEXTS, text.as_ptr() as usize, text.len());
}

/// The address (0) or the length (1) of the text that was given.
pub(super) fn given(part: usize) -> usize {
    let part = SLOTS.last().and_then(|slot| slot.get(part));
    part.map_or(0, |part| part.load(Relaxed))
}

/// Empties the region, and overwrites what was in it. Nothing that was allocated may still be in use.
pub(super) fn clear() {
    for slot in 0..SLOTS.len() {
        set(slot, 0, 0);
    }
    let (start, next) = (ARENA.start.load(Relaxed), ARENA.next.load(Relaxed));
    ARENA.next.store(start, Relaxed);
    // SAFETY: the range was given out by `alloc`, and by the above nobody uses it any more.
    unsafe { core::ptr::write_bytes(start as *mut u8, 0, next.saturating_sub(start)) };
}
