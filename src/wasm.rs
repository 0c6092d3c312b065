//! The wasm boundary: what `pkg-template/core.ts` calls, with numbers only.
//!
//! JavaScript writes bytes into the regions of `wasm/scratch.rs`, calls with lengths, and gets a number
//! back, an error's or a result. All that stays here between calls is
//! the key that was used last. It was derived once and is kept by JavaScript as 64 bytes, so there is
//! nothing to free or to leak, and a fresh instance serves as well as the one before it.
//!
//! A delivery whose body fits into its region is one call, `verify`, whether it is judged or signed. A longer one is
//! `begin`, any number of `feed`, then `finish`. No call in between may belong to another operation (JavaScript runs each operation in one turn, without calling anything of
//! the user's).

#[allow(unsafe_code)]
mod scratch;

use crate::error::{Error, Reason};
use crate::headers::Value;
use crate::mac::{BLOCK, Key, Tag, pad};
use crate::payload::{Kind, SHAPES};
use crate::scheme::scaikey::{self, ScaiKey};
use crate::scheme::sealed::Sealed;
use crate::scheme::standard::{Family, Standard};
use crate::secret;
use crate::sign;
use crate::timestamp::{Timestamp, Tolerance};
use scratch::{GAP, Scratch, TIMESTAMP};
use wasm_bindgen::prelude::wasm_bindgen;

/// The form of a ScaiKey delivery.
pub const SCAIKEY: u32 = 1 << 6;
/// Added to the form of a delivery that is to be signed.
pub const SIGN: u32 = 1 << 7;
/// In place of the last piece's length: the region has the inner hash of everything instead.
const HASHED: usize = usize::MAX;
/// A good delivery, whose body has ASCII characters only.
const ASCII: i32 = 1 << 16;

/// Without the standard library a panic is a trap and nothing else; no path in the core leads here.
#[cfg(not(feature = "payload"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// 0, or the error's number.
fn answer(result: Result<(), Error>) -> u32 {
    result.map_or_else(|error| error.number(), |()| 0)
}

/// So many bytes of a region from a place on.
fn part(region: &[u8], from: usize, length: usize) -> &[u8] {
    region
        .get(from..from.wrapping_add(length))
        .unwrap_or_default()
}

/// A length that JavaScript gave: negative for a header that was given more than once.
fn size(length: i32) -> usize {
    usize::try_from(length).unwrap_or_default()
}

/// A header that may be given once.
fn header(text: &[u8], from: usize, length: i32) -> Value<'_> {
    match length {
        0 => Value::Missing,
        1.. => Value::Once(part(text, from, size(length))),
        _ => Value::Repeated,
    }
}

/// The address of a region: 0 key and what is beside it, 1 text, 2 the text's end.
#[wasm_bindgen]
pub fn region(number: u32) -> *const u8 {
    scratch::with(|scratch| scratch.region(number))
}

/// Derives a key from the secret at the front of the text, and leaves it in the key region; beside it its inner pad, if
/// that is wanted. Forms: 0 Standard Webhooks text, 1 bytes as they are, 2 text as its UTF-8 bytes.
#[wasm_bindgen]
pub fn key(form: u32, length: usize, wanted: bool) -> u32 {
    scratch::with(|scratch| {
        let (given, room) = scratch
            .text
            .split_at_mut_checked(length)
            .unwrap_or_default();
        let bytes = match form {
            0 => secret::decoded(given, room),
            1 => Ok(&*given),
            _ => Ok(secret::trim(given)),
        };
        let block = bytes.and_then(|bytes| secret::sized(bytes, pad));
        given.fill(0);
        let used = room.len().min(length);
        room.get_mut(..used).unwrap_or_default().fill(0);
        answer(block.map(|block| {
            scratch.key = Key::of(block);
            if wanted {
                scratch.beside = block;
            }
        }))
    })
}

/// Fails unless the number is a tolerance in seconds.
#[wasm_bindgen]
pub fn check_tolerance(seconds: f64) -> u32 {
    answer(tolerance(seconds).map(|_| ()))
}

/// Judges a delivery, or signs one, given its form, the lengths of its parts in the text (of a header 0 if it is missing,
/// negative if it is repeated; then it is not there), the time now in milliseconds and the tolerance in seconds.
///
/// Forms: which of the svix headers are there (bits 0 to 2) and which of the webhook ones (bits 3 to 5; the text has those of
/// the first family that is complete); or [`SCAIKEY`]; and with [`SIGN`] it is signed, not judged.
///
/// The text is the signature header, 64 bytes, the id, any byte, the timestamp, any byte, the body. ScaiKey has no id, and
/// its timestamp, unless it is to be signed, in the signature header: in its place and the dot's are 16 bytes.
///
/// Gives the error's number; or 0, or 1 << 16 if all of the body is ASCII; or, when signing, the length of the signature,
/// negative: it is at the front of the text.
#[wasm_bindgen]
pub fn verify(
    form: u32,
    signature: i32,
    id: i32,
    timestamp: i32,
    now: f64,
    seconds: f64,
    length: usize,
) -> i32 {
    scratch::with(|scratch| {
        let failed = scratch.begin(form, signature, id, timestamp, now, seconds);
        if failed > 0 {
            return failed;
        }
        // Before the hash pads it.
        let ascii = form & SIGN == 0 && is_ascii(part(&scratch.text, scratch.body, length));
        match scratch.finish(form, signature, length) {
            0 if ascii => ASCII,
            done => done,
        }
    })
}

/// The first half of [`verify`]: all that can be judged without the body. Gives the error's number; or, negative or 0, how
/// many bytes are signed in front of the body.
#[wasm_bindgen]
pub fn begin(form: u32, signature: i32, id: i32, timestamp: i32, now: f64, seconds: f64) -> i32 {
    scratch::with(|scratch| scratch.begin(form, signature, id, timestamp, now, seconds))
}

/// Takes a piece of the body. What does not fill a block moves to the body's front; the next piece goes behind it, and its
/// length counts it, too.
#[wasm_bindgen]
pub fn feed(length: usize) -> usize {
    scratch::with(|scratch| {
        let end = scratch.body.wrapping_add(length);
        let (blocks, rest) = scratch
            .text
            .get(scratch.start..end)
            .unwrap_or_default()
            .as_chunks();
        scratch.hash.absorb(blocks);
        let left = rest.len();
        let mut moved = [0; BLOCK];
        write(&mut moved, rest);
        let front = scratch.text.get_mut(scratch.body..).unwrap_or_default();
        write(front, part(&moved, 0, left));
        scratch.start = scratch.body;
        left
    })
}

/// The second half of [`verify`], with the last piece; or with a length of -1 if the inner hash of everything is beside the key.
#[wasm_bindgen]
pub fn finish(form: u32, signature: i32, length: usize) -> i32 {
    scratch::with(|scratch| scratch.finish(form, signature, length))
}

/// Judges one field of a payload by its kind (the numbers of both are in the generated table).
#[wasm_bindgen]
pub fn check_field(shape: usize, field: usize, kind: usize) -> u32 {
    let field = SHAPES.get(shape).and_then(|shape| shape.fields.get(field));
    let kind = Kind::ALL.get(kind).copied().unwrap_or(Kind::Absent);
    field.map_or(0, |field| answer(field.check(kind).map_err(Error::from)))
}

impl Scratch {
    /// Judges what a delivery's headers claim, or what is to be signed in front of the body, and starts the hash.
    #[inline(never)]
    fn begin(
        &mut self,
        form: u32,
        signature: i32,
        id: i32,
        timestamp: i32,
        now: f64,
        seconds: f64,
    ) -> i32 {
        let from = size(signature).wrapping_add(GAP);
        let (named, signs) = (form & SCAIKEY == 0, form & SIGN != 0);
        let behind = match named {
            true => from.wrapping_add(size(id)).wrapping_add(1),
            false => from,
        };
        let claim = if signs {
            let id = named.then(|| part(&self.text, from, size(id)));
            sign::claim(id, part(&self.text, behind, size(timestamp)))
        } else {
            let claim = if named {
                let (id, timestamp) = (
                    header(&self.text, from, id),
                    header(&self.text, behind, timestamp),
                );
                Family::choose(form as u8 & 7, (form >> 3) as u8 & 7)
                    .and_then(|family| family.claim(id, timestamp, size(signature)))
            } else {
                scaikey::claim(header(&self.text, 0, signature))
            };
            claim.and_then(|claim| judge_time(claim.at, now, seconds).map(|()| claim))
        };
        let claim = match claim {
            Ok(claim) => claim,
            Err(error) => return error.number() as i32,
        };
        let (id, length) = (claim.id.map(<[u8]>::len), claim.timestamp.len());
        let mut start = from;
        if !named && !signs {
            let mut digits = [0; TIMESTAMP];
            write(&mut digits, claim.timestamp);
            start = from.wrapping_add(TIMESTAMP.wrapping_sub(length.wrapping_add(1)));
            write(
                self.text.get_mut(start..).unwrap_or_default(),
                part(&digits, 0, length),
            );
        }
        self.digits = length;
        self.begin_text(start, id, length);
        (start as i32).wrapping_sub(self.body as i32)
    }

    /// Puts a dot behind the id, if there is one, and behind the timestamp, and starts the hash there.
    fn begin_text(&mut self, from: usize, id: Option<usize>, timestamp: usize) {
        let mut at = from;
        for length in [id, Some(timestamp)].into_iter().flatten() {
            at = at.wrapping_add(length);
            if let Some(byte) = self.text.get_mut(at) {
                *byte = b'.';
            }
            at = at.wrapping_add(1);
        }
        self.start = from;
        self.body = at;
        self.hash = self.key.hash();
    }

    /// Takes the last piece, and ends the MAC.
    fn tag(&mut self, length: usize) -> Tag {
        let inner = if length == HASHED {
            self.beside.first_chunk().copied().unwrap_or_default()
        } else {
            let length = self.body.wrapping_add(length).wrapping_sub(self.start);
            let room = self.text.get_mut(self.start..).unwrap_or_default();
            self.hash.finish(room, length).0
        };
        self.key.tag(&inner)
    }

    #[inline(never)]
    fn finish(&mut self, form: u32, signature: i32, length: usize) -> i32 {
        let tag = self.tag(length);
        let named = form & SCAIKEY == 0;
        if form & SIGN != 0 {
            // It ends with a dot in front of the body.
            let from = self.body.wrapping_sub(self.digits.wrapping_add(1));
            let timestamp = part(&self.text, from, self.digits);
            let text = match named {
                true => Standard.write(timestamp, &tag),
                false => ScaiKey.write(timestamp, &tag),
            };
            return (write(&mut self.text, text.as_bytes()) as i32).wrapping_neg();
        }
        let signatures = part(&self.text, 0, size(signature));
        let found = match named {
            true => Standard.holds(signatures, &tag),
            false => ScaiKey.holds(signatures, &tag),
        };
        match found {
            true => 0,
            false => Error::from(Reason::NoMatchingSignature).number() as i32,
        }
    }
}

/// Whether all bytes are ASCII, looked at in whole words.
fn is_ascii(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    let all = words
        .iter()
        .fold(0, |all, word| all | u64::from_le_bytes(*word));
    let last = rest.iter().fold(0, |all, byte| all | byte);
    (all & 0x8080_8080_8080_8080) | u64::from(last & 0x80) == 0
}

fn tolerance(seconds: f64) -> Result<Tolerance, Error> {
    // The cast saturates, and gives 0 for NaN: it comes back unchanged from whole numbers only.
    let whole = seconds as u64;
    // Above 2^53 - 1 a number of JavaScript is no longer exact.
    let exact = whole as f64 == seconds && whole < 1 << 53;
    exact
        .then_some(Tolerance::from_secs(whole))
        .ok_or(Reason::InvalidTolerance.into())
}

fn judge_time(at: Timestamp, now: f64, seconds: f64) -> Result<(), Error> {
    if !now.is_finite() {
        return Err(Reason::InvalidClock.into());
    }
    let now = Timestamp::from_secs((now as i64).div_euclid(1000));
    tolerance(seconds)?.check(at, now)
}

/// Copies a text to the front of a region.
fn write(region: &mut [u8], text: &[u8]) -> usize {
    region
        .iter_mut()
        .zip(text)
        .map(|(to, from)| *to = *from)
        .count()
}
