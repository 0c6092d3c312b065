//! HMAC-SHA-256 with a key state that can be kept outside, and comparison in constant time.
//!
//! The two compression states of a key (after the inner and the outer pad) are all that HMAC needs
//! of it, so a caller holds 64 bytes and no call hashes the key again. The `hmac` crate does not
//! give these states out, which is why HMAC itself ([RFC 2104]) is written here, over `sha2`'s
//! block function (in wasm over [ours](simd)); the tests hold it against the `hmac` crate and the
//! vectors of [RFC 4231].
//!
//! This is the only file that names RustCrypto.
//!
//! [RFC 2104]: https://www.rfc-editor.org/rfc/rfc2104
//! [RFC 4231]: https://www.rfc-editor.org/rfc/rfc4231

#[cfg(target_arch = "wasm32")]
mod simd;
#[cfg(not(target_arch = "wasm32"))]
use sha2::block_api::compress256;
#[cfg(target_arch = "wasm32")]
use simd::compress;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of a block of SHA-256.
pub(crate) const BLOCK: usize = 64;
/// Bytes of a tag.
pub(crate) const TAG_BYTES: usize = 32;
/// Padding and length take at most this much behind the last byte.
pub(crate) const PADDING: usize = BLOCK + 8;

type State = [u32; 8];

/// SHA-256's initial state (FIPS 180-4, 5.3.3).
const START: State = [
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
        same(&self.0, &other.0)
    }
}

/// Whether two texts are the same, in a time that depends on their lengths alone.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && bool::from(differing.ct_eq(&0))
}

/// A key, as HMAC uses it: the hash state after the inner and after the outer pad.
///
/// Its memory is what the wasm boundary hands over to be kept, and takes back.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
#[repr(C)]
pub(crate) struct Key {
    inner: State,
    outer: State,
}

impl Key {
    pub(crate) const NONE: Self = Self {
        inner: [0; 8],
        outer: [0; 8],
    };

    /// Derives the state from the key's bytes, of any length.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let (mut key, mut pad) = (Self::NONE, [0; BLOCK]);
        key.derive(bytes, &mut pad);
        pad.zeroize();
        key
    }

    /// As [`Key::new`], where the key lies. Leaves the inner pad, the first block of what HMAC hashes, in the other place.
    pub(crate) fn derive(&mut self, bytes: &[u8], pad: &mut [u8; BLOCK]) {
        *pad = [0; BLOCK];
        if bytes.len() > BLOCK {
            let mut hash = Hash {
                state: START,
                total: 0,
            };
            let mut room = [0; BLOCK + PADDING];
            let (blocks, rest) = bytes.as_chunks();
            hash.absorb(blocks);
            let length = copy(&mut room, rest);
            hash.finish(&mut room, length, pad);
            room.zeroize();
        } else {
            copy(pad, bytes);
        }
        self.outer = absorbed(pad, [0x5c; 8]);
        // Undoes the first.
        self.inner = absorbed(pad, [0x5c ^ 0x36; 8]);
    }

    /// Starts the inner hash.
    pub(crate) const fn hash(&self) -> Hash {
        Hash {
            state: self.inner,
            total: BLOCK as u64,
        }
    }

    /// The tag of an inner hash, which is at the front of a block.
    pub(crate) fn tag(&self, inner: &mut [u8; BLOCK]) -> Tag {
        // The one block behind the outer pad: padded as any last one.
        let mut hash = Hash {
            state: self.outer,
            total: BLOCK as u64,
        };
        let mut tag = [0; TAG_BYTES];
        let (_, padding) = inner.split_at_mut(TAG_BYTES);
        padding.fill(0);
        let [end, .., high, low] = padding else {
            return Tag(tag);
        };
        *end = 0x80;
        [*high, *low] = (((BLOCK + TAG_BYTES) * 8) as u16).to_be_bytes();
        hash.end(core::slice::from_ref(inner), &mut tag);
        Tag(tag)
    }
}

/// Masks a pad, and gives the hash state after it.
#[inline(never)]
fn absorbed(pad: &mut [u8; BLOCK], mask: [u8; 8]) -> State {
    for word in pad.as_chunks_mut().0 {
        *word = (u64::from_ne_bytes(*word) ^ u64::from_ne_bytes(mask)).to_ne_bytes();
    }
    let mut state = START;
    compress(&mut state, core::slice::from_ref(pad));
    state
}

/// SHA-256 after a number of whole blocks.
#[derive(Clone, Copy)]
pub(crate) struct Hash {
    state: State,
    total: u64,
}

impl Hash {
    /// In wasm memory that starts as zeros nothing has to be stored for it.
    #[cfg(target_arch = "wasm32")]
    pub(crate) const NONE: Self = Self {
        state: [0; 8],
        total: 0,
    };

    /// Takes whole blocks.
    pub(crate) fn absorb(&mut self, blocks: &[[u8; BLOCK]]) {
        self.total = self
            .total
            .wrapping_add((blocks.len() as u64).wrapping_mul(BLOCK as u64));
        compress(&mut self.state, blocks);
    }

    /// The digest, given the last bytes at the front of a room. The padding is written behind them, where there must
    /// be room for [`PADDING`] bytes: so nothing is copied, however short the text.
    pub(crate) fn finish(&mut self, room: &mut [u8], length: usize, out: &mut [u8]) {
        let bits = self
            .total
            .wrapping_add(length as u64)
            .wrapping_mul(8)
            .to_be_bytes();
        let last = room.get_mut(length..).unwrap_or_default();
        if let Some(padding) = last.first_chunk_mut::<PADDING>() {
            *padding = [0; PADDING];
            padding[0] = 0x80;
        }
        // One byte ends the text and eight have its length.
        let count = length.saturating_add(BLOCK + 8) / BLOCK;
        let (blocks, _) = room.as_chunks_mut::<BLOCK>();
        let blocks = blocks.get_mut(..count).unwrap_or_default();
        if let Some(length) = blocks.last_mut().and_then(|block| block.last_chunk_mut()) {
            *length = bits;
        }
        self.end(blocks, out);
    }

    /// The digest behind blocks that are padded.
    fn end(&mut self, blocks: &[[u8; BLOCK]], out: &mut [u8]) {
        compress(&mut self.state, blocks);
        for (to, word) in out.as_chunks_mut().0.iter_mut().zip(self.state) {
            *to = word.to_be_bytes();
        }
    }
}

/// A MAC being computed, of pieces that lie anywhere.
pub(crate) struct Mac<'k> {
    key: &'k Key,
    hash: Hash,
    /// What does not fill a block yet, and room for the padding.
    room: [u8; BLOCK + PADDING],
    filled: usize,
}

impl<'k> Mac<'k> {
    pub(crate) const fn new(key: &'k Key) -> Self {
        Self {
            key,
            hash: key.hash(),
            room: [0; BLOCK + PADDING],
            filled: 0,
        }
    }

    pub(crate) fn update(&mut self, mut data: &[u8]) {
        let [block, _] = self.room.as_chunks_mut::<BLOCK>().0 else {
            return;
        };
        if self.filled > 0 {
            let taken = copy(block.get_mut(self.filled..).unwrap_or_default(), data);
            self.filled = self.filled.saturating_add(taken);
            if self.filled < BLOCK {
                return;
            }
            self.hash.absorb(&[*block]);
            data = data.get(taken..).unwrap_or_default();
        }
        let (blocks, rest) = data.as_chunks();
        self.hash.absorb(blocks);
        self.filled = copy(block, rest);
    }

    pub(crate) fn finish(mut self) -> Tag {
        let mut inner = [0; BLOCK];
        self.hash.finish(&mut self.room, self.filled, &mut inner);
        self.key.tag(&mut inner)
    }
}

/// `sha2`'s block function, kept as one function so that the wasm file holds it once.
#[cfg(not(target_arch = "wasm32"))]
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
        let key = Key::new(key);
        let mut mac = Mac::new(&key);
        parts.iter().for_each(|part| mac.update(part));
        mac.finish().0
    }

    /// As the wasm boundary does it: the whole text in one room, padded in place.
    fn tag_in_place(key: &[u8], text: &[u8]) -> [u8; 32] {
        let key = Key::new(key);
        let mut room = [text, &[0xff; PADDING]].concat();
        let mut inner = [0; BLOCK];
        key.hash().finish(&mut room, text.len(), &mut inner);
        key.tag(&mut inner).0
    }

    #[test]
    fn every_length_around_the_blocks_in_place() {
        for length in 0..300 {
            let text = vec![7; length];
            assert_eq!(tag_in_place(b"key", &text), tag(b"key", &[&text]));
        }
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
            let wanted = <[u8; 32]>::from(theirs.finalize().into_bytes());
            assert_eq!(tag(&key, &parts), wanted);
            assert_eq!(tag_in_place(&key, &parts.concat()), wanted);
        }
    }
}
