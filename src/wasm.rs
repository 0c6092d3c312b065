//! The wasm boundary: what `pkg-template/core.ts` calls, with numbers only.
//!
//! JavaScript writes bytes into the regions of `wasm/scratch.rs`, calls with lengths, and gets a number
//! back, an error's or a result. All that matters here between calls is the key that was used last. It was
//! derived once and is kept by JavaScript as 64 bytes, so there is nothing to free or to leak, and a fresh
//! instance serves as well as the one before it.
//!
//! A delivery whose body fits into its region is one call, `verify`, whether it is judged or signed. A longer one is
//! `begin`, any number of `feed`, then `finish`. No call in between may belong to another operation (JavaScript runs each
//! operation in one turn, without calling anything of the user's).

#[allow(unsafe_code)]
mod scratch;

use crate::error::{Error, Reason};
use crate::headers::Value;
use crate::mac::{BLOCK, Tag};
use crate::scheme::standard::{self, Family};
use crate::scheme::{any_is, scaikey};
use crate::secret;
use crate::sign;
use crate::timestamp::{MAX_DIGITS, Timestamp, Tolerance};
use scratch::{GAP, Scratch};
use wasm_bindgen::prelude::wasm_bindgen;

/// The form of a ScaiKey delivery.
pub const SCAIKEY: u32 = 1 << 6;
/// Added to the form of a delivery that is to be signed.
pub const SIGN: u32 = 1 << 7;
/// Where a signature is written: in front of a timestamp that is to be signed without an id, `t=` fits.
const SIGNATURE: usize = GAP - 2;

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

/// A length that JavaScript gave: negative for a header that was given more than once. The mask changes none that it gives
/// (8193 at most), and tells the compiler that all of them lie in the text.
fn size(length: i32) -> usize {
    usize::try_from(length).unwrap_or_default() & 0x3fff
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
///
/// Fails also if the tolerance that the key is to be used with is none, in seconds.
#[wasm_bindgen]
pub fn key(form: u32, length: usize, wanted: bool, seconds: f64) -> u32 {
    scratch::with(|scratch| {
        let given = scratch.text.get_mut(..length).unwrap_or_default();
        let text = match form {
            1 => &mut *given,
            _ => given.get_mut(secret::trimmed(given)).unwrap_or_default(),
        };
        let bytes = match form {
            0 => secret::encoded(text)
                .and_then(|place| secret::decoded(text.get_mut(place).unwrap_or_default())),
            _ => Ok(&*text),
        };
        let bytes = bytes.and_then(secret::sized);
        let derived = check_tolerance(seconds)
            .and(bytes)
            .map(|bytes| scratch.key.derive(bytes, &mut scratch.beside));
        given.fill(0);
        if !wanted {
            scratch.beside.fill(0);
        }
        answer(derived)
    })
}

/// Judges a delivery, or signs one, given its form, the lengths of its parts in the text (of a header 0 if it is missing,
/// negative if it is repeated; then it is not there), the time now in milliseconds and the tolerance in seconds.
///
/// Forms: which of the svix headers are there (bits 0 to 2) and which of the webhook ones (bits 3 to 5; the text has those of
/// the first family that is complete); or [`SCAIKEY`]; and with [`SIGN`] it is signed, not judged.
///
/// The text is the signature header, 64 bytes, the id, a dot, the timestamp, a dot, the body. ScaiKey has no id, and its
/// timestamp, unless it is to be signed, in the signature header: in its place are 15 bytes.
///
/// Gives the error's number; or 0, or 1 << 16 if all of the body is ASCII; or, when signing, the length of the signature,
/// negative: it is in the text, from byte 62 on.
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
        let ascii =
            form & SIGN == 0 && is_ascii(&scratch.text, scratch.body.wrapping_add(length), length);
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
        scratch.put(scratch.body, part(&moved, 0, left));
        scratch.start = scratch.body;
        left
    })
}

/// The second half of [`verify`], with the last piece; or with a length of -1 if the inner hash of everything is beside the key.
#[wasm_bindgen]
pub fn finish(form: u32, signature: i32, length: usize) -> i32 {
    scratch::with(|scratch| scratch.finish(form, signature, length))
}

/// What a delivery claims, or what is to be signed, where it lies in the text.
struct Claimed {
    /// Where it starts that is signed.
    start: usize,
    /// Where the timestamp ends, and how long it is.
    end: usize,
    digits: usize,
    at: Timestamp,
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
        let claimed = if form & SCAIKEY == 0 {
            self.standard(form, signature, id, timestamp)
        } else if form & SIGN == 0 {
            self.scaikey(signature)
        } else {
            self.unnamed(timestamp)
        };
        let judged = claimed.and_then(|claimed| {
            if form & SIGN == 0 {
                judge_time(claimed.at, now, seconds)?;
            }
            Ok(claimed)
        });
        let claimed = match judged {
            Ok(claimed) => claimed,
            Err(error) => return error.number() as i32,
        };
        self.digits = claimed.digits;
        self.start = claimed.start;
        self.body = claimed.end.wrapping_add(1);
        self.hash = self.key.hash();
        (self.start as i32).wrapping_sub(self.body as i32)
    }

    /// The claim of the headers of a family, or of an id and a timestamp that are to be signed.
    fn standard(
        &self,
        form: u32,
        signature: i32,
        id: i32,
        timestamp: i32,
    ) -> Result<Claimed, Error> {
        let start = size(signature).wrapping_add(GAP);
        let behind = start.wrapping_add(size(id)).wrapping_add(1);
        let id = header(&self.text, start, id);
        let text = header(&self.text, behind, timestamp);
        let claim = Family::choose(form as u8 & 7, (form >> 3) as u8 & 7)
            .and_then(|family| family.claim(id, text, size(signature)));
        let digits = size(timestamp);
        match claim {
            Ok(claim) => Ok(Claimed {
                start,
                end: behind.wrapping_add(digits),
                digits,
                at: claim.at,
            }),
            Err(error) if form & SIGN == 0 => Err(error),
            Err(error) => Err(sign::refused(error)),
        }
    }

    /// The claim of ScaiKey's header. Its timestamp goes in front of the body.
    fn scaikey(&mut self, signature: i32) -> Result<Claimed, Error> {
        let claim = scaikey::claim(header(&self.text, 0, signature))?;
        let (at, digits) = (claim.at, claim.timestamp.len());
        let mut copied = [0; MAX_DIGITS];
        write(&mut copied, claim.timestamp);
        let end = size(signature).wrapping_add(GAP).wrapping_add(MAX_DIGITS);
        let start = end.wrapping_sub(digits);
        self.put(start, part(&copied, 0, digits));
        Ok(Claimed {
            start,
            end,
            digits,
            at,
        })
    }

    /// A timestamp that is to be signed without an id.
    fn unnamed(&self, timestamp: i32) -> Result<Claimed, Error> {
        let digits = size(timestamp);
        let at = sign::time(part(&self.text, GAP, digits))?;
        Ok(Claimed {
            start: GAP,
            end: GAP.wrapping_add(digits),
            digits,
            at,
        })
    }

    /// Takes the last piece, and ends the MAC.
    fn tag(&mut self, length: usize) -> Tag {
        if length != HASHED {
            let length = self.body.wrapping_add(length).wrapping_sub(self.start);
            let room = self.text.get_mut(self.start..).unwrap_or_default();
            self.hash.finish(room, length, &mut self.beside);
        }
        self.key.tag(&mut self.beside)
    }

    #[inline(never)]
    fn finish(&mut self, form: u32, signature: i32, length: usize) -> i32 {
        let tag = self.tag(length);
        let (token, field);
        let (separator, text): (u8, &[u8]) = if form & SCAIKEY == 0 {
            token = standard::token(&tag);
            (standard::SEPARATOR, &token)
        } else {
            field = scaikey::field(&tag);
            (scaikey::SEPARATOR, &field)
        };
        if form & SIGN == 0 {
            return match any_is(part(&self.text, 0, size(signature)), separator, text) {
                true => 0,
                false => Error::from(Reason::NoMatchingSignature).number() as i32,
            };
        }
        let mut end = SIGNATURE;
        if form & SCAIKEY != 0 {
            // Around the timestamp, where that lies.
            self.put(SIGNATURE, scaikey::TIME);
            end = self.body;
            self.put(end.wrapping_sub(1), &[separator]);
        }
        let written = self.put(end, text);
        (SIGNATURE.wrapping_sub(end.wrapping_add(written))) as i32
    }

    /// Copies bytes to a place in the text.
    fn put(&mut self, at: usize, bytes: &[u8]) -> usize {
        write(self.text.get_mut(at..).unwrap_or_default(), bytes)
    }
}

/// Whether a body is ASCII, given its end and length. Looked at in whole words: what is in front of it is ASCII, too, where the
/// delivery is good.
fn is_ascii(text: &[u8], end: usize, length: usize) -> bool {
    let whole = length.wrapping_add(7) & !7;
    let (words, _) = part(text, end.wrapping_sub(whole), whole).as_chunks();
    let all = words
        .iter()
        .fold(0, |all, word| all | u64::from_le_bytes(*word));
    all & 0x8080_8080_8080_8080 == 0
}

/// Fails unless the number is a tolerance in seconds.
fn check_tolerance(seconds: f64) -> Result<(), Error> {
    // The cast saturates, and gives 0 for NaN: it comes back unchanged from whole numbers only.
    let whole = seconds as u64;
    // Above 2^53 - 1 a number of JavaScript is no longer exact.
    let exact = whole as f64 == seconds && whole < 1 << 53;
    exact.then_some(()).ok_or(Reason::InvalidTolerance.into())
}

fn judge_time(at: Timestamp, now: f64, seconds: f64) -> Result<(), Error> {
    if !now.is_finite() {
        return Err(Reason::InvalidClock.into());
    }
    let now = Timestamp::from_secs((now as i64).div_euclid(1000));
    // `key` took the tolerance.
    Tolerance::from_secs(seconds as u64).check(at, now)
}

/// Copies a text to the front of a region.
fn write(region: &mut [u8], text: &[u8]) -> usize {
    region
        .iter_mut()
        .zip(text)
        .map(|(to, from)| *to = *from)
        .count()
}
