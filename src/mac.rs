//! HMAC-SHA-256 with a key state that can be kept outside, and comparison in constant time.
//!
//! The two compression states of a key (after the inner and the outer pad) are all that HMAC needs
//! of it, so a caller holds 64 bytes and no call hashes the key again. The `hmac` crate does not
//! give these states out, which is why HMAC itself ([RFC 2104]) is written here, over `sha2`'s
//! block function; the tests hold it against the `hmac` crate and the vectors of [RFC 4231].
//!
//! This is the only file that names RustCrypto.
//!
//! [RFC 2104]: https://www.rfc-editor.org/rfc/rfc2104
//! [RFC 4231]: https://www.rfc-editor.org/rfc/rfc4231

use sha2::block_api::compress256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

const BLOCK: usize = 64;
/// Bytes of a serialised [`Key`].
#[cfg(any(test, target_arch = "wasm32"))]
pub(crate) const KEY_BYTES: usize = 64;
/// Bytes of a tag.
pub(crate) const TAG_BYTES: usize = 32;

/// SHA-256's initial state (FIPS 180-4, 5.3.3).
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// An HMAC-SHA-256 tag. Compared in constant time only.
#[derive(Clone, Zeroize)]
pub struct Tag(pub(crate) [u8; TAG_BYTES]);

impl Tag {
    /// Whether both tags are the same, in a time that does not depend on their bytes.
    pub(crate) fn same(&self, other: &Tag) -> bool {
        bool::from(self.0.ct_eq(&other.0))
    }
}

/// A key, as HMAC uses it: the hash state after the inner and after the outer pad.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Key {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl Key {
    /// Derives the state from the key's bytes, of any length.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut block = [0u8; BLOCK];
        if bytes.len() > BLOCK {
            let mut hash = Hash::new(START, 0);
            hash.update(bytes);
            let mut digest = hash.finish();
            copy(&mut block, &digest.0);
            digest.zeroize();
        } else {
            copy(&mut block, bytes);
        }
        let pad = |block: &mut [u8; BLOCK], with: u8| {
            let mut state = START;
            block.iter_mut().for_each(|byte| *byte ^= with);
            compress(&mut state, &[*block]);
            state
        };
        let inner = pad(&mut block, 0x36);
        let outer = pad(&mut block, 0x36 ^ 0x5c);
        block.zeroize();
        Self { inner, outer }
    }

    /// The state as bytes, to be kept by the caller and given back to [`Key::from_bytes`].
    #[cfg(any(test, target_arch = "wasm32"))]
    pub(crate) fn to_bytes(&self) -> [u8; KEY_BYTES] {
        let mut out = [0; KEY_BYTES];
        let words = self.inner.iter().chain(&self.outer);
        for (to, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *to = word.to_le_bytes();
        }
        out
    }

    /// The inverse of [`Key::to_bytes`].
    #[cfg(any(test, target_arch = "wasm32"))]
    pub(crate) fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        let mut key = Self {
            inner: [0; 8],
            outer: [0; 8],
        };
        let words = key.inner.iter_mut().chain(&mut key.outer);
        for (from, word) in bytes.as_chunks::<4>().0.iter().zip(words) {
            *word = u32::from_le_bytes(*from);
        }
        key
    }
}

/// A MAC being computed.
#[derive(Clone, Zeroize)]
pub(crate) struct Mac {
    hash: Hash,
    outer: [u32; 8],
}

impl Mac {
    pub(crate) fn new(key: &Key) -> Self {
        Self {
            hash: Hash::new(key.inner, BLOCK as u64),
            outer: key.outer,
        }
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        self.hash.update(data);
    }

    pub(crate) fn finish(self) -> Tag {
        let mut outer = Hash::new(self.outer, BLOCK as u64);
        outer.update(&self.hash.finish().0);
        outer.finish()
    }
}

/// SHA-256 continued from a state that has already taken `total` bytes (whole blocks).
#[derive(Clone, Zeroize)]
struct Hash {
    state: [u32; 8],
    block: [u8; BLOCK],
    filled: usize,
    total: u64,
}

impl Hash {
    fn new(state: [u32; 8], total: u64) -> Self {
        Self {
            state,
            block: [0; BLOCK],
            filled: 0,
            total,
        }
    }

    fn update(&mut self, mut data: &[u8]) {
        self.total = self.total.wrapping_add(data.len() as u64);
        if self.filled > 0 {
            let room = self.block.get_mut(self.filled..).unwrap_or_default();
            let taken = copy(room, data);
            self.filled = self.filled.saturating_add(taken);
            if self.filled < BLOCK {
                return;
            }
            compress(&mut self.state, &[self.block]);
            data = data.get(taken..).unwrap_or_default();
        }
        let (blocks, rest) = data.as_chunks::<BLOCK>();
        compress(&mut self.state, blocks);
        self.filled = copy(&mut self.block, rest);
    }

    fn finish(mut self) -> Tag {
        let bits = self.total.wrapping_mul(8).to_be_bytes();
        let free = self.block.get_mut(self.filled..).unwrap_or_default();
        free.fill(0);
        if let Some(first) = free.first_mut() {
            *first = 0x80;
        }
        if self.filled > BLOCK - 9 {
            compress(&mut self.state, &[self.block]);
            self.block = [0; BLOCK];
        }
        if let Some(length) = self.block.last_chunk_mut() {
            *length = bits;
        }
        compress(&mut self.state, &[self.block]);
        let mut out = [0; TAG_BYTES];
        for (to, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(self.state) {
            *to = word.to_be_bytes();
        }
        Tag(out)
    }
}

/// `sha2`'s block function, kept as one function so that the wasm file holds it once.
#[inline(never)]
fn compress(state: &mut [u32; 8], blocks: &[[u8; BLOCK]]) {
    compress256(state, blocks);
}

/// Copies as much of `from` as fits, and says how much that was.
fn copy(to: &mut [u8], from: &[u8]) -> usize {
    let length = to.len().min(from.len());
    if let (Some(to), Some(from)) = (to.get_mut(..length), from.get(..length)) {
        to.copy_from_slice(from);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit, Mac as _};

    fn tag(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Mac::new(&Key::from_bytes(&Key::new(key).to_bytes()));
        parts.iter().for_each(|part| mac.update(part));
        mac.finish().0
    }

    #[test]
    fn rfc_4231_vectors() {
        let cases: [(&[u8], &[u8], &str); 6] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (
                &core::array::from_fn::<u8, 25, _>(|i| i as u8 + 1),
                &[0xcd; 50],
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                &[0xaa; 131],
                b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ];
        for (key, data, want) in cases {
            let got: String = tag(key, &[data])
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            assert_eq!(got, want);
        }
    }

    proptest::proptest! {
        #[test]
        fn same_as_the_hmac_crate(
            key in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
            parts in proptest::collection::vec(proptest::collection::vec(proptest::num::u8::ANY, 0..200), 0..6),
        ) {
            let mut theirs = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
            parts.iter().for_each(|part| theirs.update(part));
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            assert_eq!(tag(&key, &parts), <[u8; 32]>::from(theirs.finalize().into_bytes()));
        }
    }
}
