//! The wasm boundary: what `pkg-template/core.ts` calls, with numbers only.
//!
//! JavaScript writes bytes into the regions of `wasm/scratch.rs`, calls with lengths, and gets a number
//! back, an error's or a result. All that stays here between calls is
//! the key that was used last. It was derived once and is kept by JavaScript as 64 bytes, so there is
//! nothing to free or to leak, and a fresh instance serves as well as the one before it.
//!
//! A delivery whose body fits into its region is one call, `verify` or `sign`. A longer one is `begin`,
//! any number of `feed`, then `finish`; or `begin_sign`, `feed`, `finish_sign`. No call in between may
//! belong to another operation (JavaScript runs each operation in one turn, without calling anything of
//! the user's).

#[allow(unsafe_code)]
mod scratch;

use crate::encoding::base64_encode;
use crate::error::{Error, Reason};
use crate::headers::Value;
use crate::mac::{BLOCK, Key, TAG_BYTES, Tag, pad, same};
use crate::payload::{Kind, SHAPES};
use crate::scheme::direct;
use crate::scheme::scaikey::{self, ScaiKey};
use crate::scheme::sealed::Sealed;
use crate::scheme::standard::{Family, Standard};
use crate::secret;
use crate::sign;
use crate::timestamp::{Timestamp, Tolerance};
use scratch::{GAP, Scratch, TIMESTAMP};
use wasm_bindgen::prelude::wasm_bindgen;

/// The form of a delivery that is neither svix (0) nor webhook (1).
const SCAIKEY: u32 = 2;
/// In place of the last piece's length: the region has the inner hash of everything instead.
const HASHED: usize = usize::MAX;
/// A good delivery, whose body has ASCII characters only.
const ASCII: u32 = 1 << 16;

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
        .get(from..from.saturating_add(length))
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
        let given = part(&scratch.text, 0, length);
        let block = match form {
            0 => secret::decoded(given, pad),
            1 => secret::sized(given, pad),
            _ => secret::sized(secret::trim(given), pad),
        };
        wipe(&mut scratch.text, length);
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

/// Which header family is complete: 0 svix, 1 webhook. Else the error's number (they start above 1).
#[wasm_bindgen]
pub fn family(svix: u8, webhook: u8) -> u32 {
    match Family::choose(svix, webhook) {
        Ok(Family::Svix) => 0,
        Ok(Family::Webhook) => 1,
        Err(error) => error.number() | 1 << 16,
    }
}

/// Judges a delivery, given its form (0 svix, 1 webhook, 2 ScaiKey), the lengths of its parts in the text (of a header 0 if
/// it is missing, negative if it is repeated; then it is not there), the time now in milliseconds and the tolerance in seconds.
///
/// The text is the signature header, 64 bytes, the id, any byte, the timestamp, any byte, the body. ScaiKey has its timestamp
/// in the signature header: in place of both are 16 bytes.
///
/// Gives the error's number; or 0, or 1 << 16 if all of the body is ASCII.
#[wasm_bindgen]
pub fn verify(
    form: u32,
    signature: i32,
    id: i32,
    timestamp: i32,
    now: f64,
    seconds: f64,
    length: usize,
) -> u32 {
    scratch::with(|scratch| {
        let failed = scratch.begin(form, signature, id, timestamp, now, seconds);
        if failed != 0 {
            return failed;
        }
        // Before the hash pads it.
        let ascii = is_ascii(part(&scratch.text, scratch.body, length));
        match scratch.finish(form, signature, length) {
            0 if ascii => ASCII,
            failed => failed,
        }
    })
}

/// The first half of [`verify`]: all that can be judged without the body.
#[wasm_bindgen]
pub fn begin(form: u32, signature: i32, id: i32, timestamp: i32, now: f64, seconds: f64) -> u32 {
    scratch::with(|scratch| scratch.begin(form, signature, id, timestamp, now, seconds))
}

/// How many bytes are signed in front of the body, once an operation has begun.
#[wasm_bindgen]
pub fn prefix() -> usize {
    scratch::with(|scratch| scratch.body.saturating_sub(scratch.start))
}

/// Takes a piece of the body. What does not fill a block moves to the body's front; the next piece goes behind it, and its
/// length counts it, too.
#[wasm_bindgen]
pub fn feed(length: usize) -> usize {
    scratch::with(|scratch| {
        let end = scratch.body.saturating_add(length);
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
pub fn finish(form: u32, signature: i32, length: usize) -> u32 {
    scratch::with(|scratch| scratch.finish(form, signature, length))
}

/// Signs, and writes the signature to the front of the text; which is as for [`verify`], without signature header, and
/// without id for ScaiKey. Gives the signature's length, or the error's number, negative.
#[wasm_bindgen]
pub fn sign(form: u32, id: i32, timestamp: i32, length: usize) -> i32 {
    scratch::with(|scratch| match scratch.begin_sign(form, id, timestamp) {
        0 => scratch.finish_sign(form, timestamp, length),
        failed => 0i32.wrapping_sub_unsigned(failed),
    })
}

/// The first half of [`sign`].
#[wasm_bindgen]
pub fn begin_sign(form: u32, id: i32, timestamp: i32) -> u32 {
    scratch::with(|scratch| scratch.begin_sign(form, id, timestamp))
}

/// The second half of [`sign`]; its length as that of [`finish`].
#[wasm_bindgen]
pub fn finish_sign(form: u32, timestamp: i32, length: usize) -> i32 {
    scratch::with(|scratch| scratch.finish_sign(form, timestamp, length))
}

/// Starts the hash of a direct-mode token, under a key of its own. It is the body, and the text has nothing else.
#[wasm_bindgen]
pub fn begin_token() {
    scratch::with(|scratch| {
        scratch.key = direct::key();
        scratch.start(0, 0);
    });
}

/// Takes the token's last piece, and writes its hash beside the key. Fails if the token is empty.
#[wasm_bindgen]
pub fn finish_token(length: usize) -> u32 {
    scratch::with(|scratch| {
        if length == 0 {
            return Error::from(Reason::EmptySecret).number();
        }
        let tag = scratch.tag(length);
        wipe(&mut scratch.text, length);
        write(&mut scratch.beside, &tag.0);
        0
    })
}

/// Takes the presented token's last piece, and compares its hash with the one beside the key.
#[wasm_bindgen]
pub fn match_token(length: usize) -> u32 {
    scratch::with(|scratch| {
        let tag = scratch.tag(length);
        wipe(&mut scratch.text, length);
        let found = same(part(&scratch.beside, 0, TAG_BYTES), &tag.0);
        answer(found.then_some(()).ok_or(Reason::NoMatchingToken.into()))
    })
}

/// Judges one field of a payload by its kind (the numbers of both are in the generated table).
#[wasm_bindgen]
pub fn check_field(shape: usize, field: usize, kind: usize) -> u32 {
    let field = SHAPES.get(shape).and_then(|shape| shape.fields.get(field));
    let kind = Kind::ALL.get(kind).copied().unwrap_or(Kind::Absent);
    field.map_or(0, |field| answer(field.check(kind).map_err(Error::from)))
}

/// Replaces 32 random bytes at the front of the text by a secret's base64.
#[wasm_bindgen]
pub fn encode_secret() -> usize {
    scratch::with(|scratch| {
        let text = scratch.text.first_chunk().map_or([0; 44], base64_encode);
        write(&mut scratch.text, &text)
    })
}

impl Scratch {
    /// Judges what a delivery's headers claim, and starts the hash of what is signed.
    #[inline(never)]
    fn begin(
        &mut self,
        form: u32,
        signature: i32,
        id: i32,
        timestamp: i32,
        now: f64,
        seconds: f64,
    ) -> u32 {
        let from = size(signature).saturating_add(GAP);
        let claim = if form == SCAIKEY {
            scaikey::claim(header(&self.text, 0, signature))
        } else {
            let family = if form == 0 {
                Family::Svix
            } else {
                Family::Webhook
            };
            let behind = from.saturating_add(size(id)).saturating_add(1);
            let (id, timestamp) = (
                header(&self.text, from, id),
                header(&self.text, behind, timestamp),
            );
            family.claim(id, timestamp, size(signature))
        };
        let judged = claim.and_then(|claim| judge_time(claim.at, now, seconds).map(|()| claim));
        match judged {
            Ok(claim) if form == SCAIKEY => {
                let mut digits = [0; TIMESTAMP];
                let length = write(&mut digits, claim.timestamp);
                let from = from.saturating_add(TIMESTAMP.saturating_sub(length.saturating_add(1)));
                write(
                    self.text.get_mut(from..).unwrap_or_default(),
                    part(&digits, 0, length),
                );
                self.begin_text(from, None, length);
            }
            Ok(_) => self.begin_text(from, Some(size(id)), size(timestamp)),
            Err(error) => return error.number(),
        }
        0
    }

    /// Checks what is to be signed in front of the body, and starts the hash.
    #[inline(never)]
    fn begin_sign(&mut self, form: u32, id: i32, timestamp: i32) -> u32 {
        let length = (form != SCAIKEY).then_some(size(id));
        let behind = GAP.saturating_add(length.map_or(0, |length| length.saturating_add(1)));
        let id = length.map(|length| part(&self.text, GAP, length));
        match sign::claim(id, part(&self.text, behind, size(timestamp))) {
            Ok(_) => {
                self.begin_text(GAP, length, size(timestamp));
                0
            }
            Err(error) => error.number(),
        }
    }

    /// Puts a dot behind the id, if there is one, and behind the timestamp, and starts the hash there.
    fn begin_text(&mut self, from: usize, id: Option<usize>, timestamp: usize) {
        let mut at = from;
        for length in [id, Some(timestamp)].into_iter().flatten() {
            at = at.saturating_add(length);
            if let Some(byte) = self.text.get_mut(at) {
                *byte = b'.';
            }
            at = at.saturating_add(1);
        }
        self.start(from, at);
    }

    /// Starts a hash of what lies from a place on, given where the body starts.
    const fn start(&mut self, from: usize, body: usize) {
        self.start = from;
        self.body = body;
        self.hash = self.key.hash();
    }

    /// Takes the last piece, and ends the MAC.
    fn tag(&mut self, length: usize) -> Tag {
        if length == HASHED {
            let inner = self.beside.first_chunk().copied().unwrap_or_default();
            return self.key.tag(&inner);
        }
        let length = self.body.saturating_add(length).saturating_sub(self.start);
        let room = self.text.get_mut(self.start..).unwrap_or_default();
        self.key.tag(&self.hash.finish(room, length).0)
    }

    #[inline(never)]
    fn finish(&mut self, form: u32, signature: i32, length: usize) -> u32 {
        let tag = self.tag(length);
        let signatures = part(&self.text, 0, size(signature));
        let found = if form == SCAIKEY {
            ScaiKey.holds(signatures, &tag)
        } else {
            Standard.holds(signatures, &tag)
        };
        answer(
            found
                .then_some(())
                .ok_or(Reason::NoMatchingSignature.into()),
        )
    }

    #[inline(never)]
    fn finish_sign(&mut self, form: u32, timestamp: i32, length: usize) -> i32 {
        let tag = self.tag(length);
        // It ends with a dot in front of the body.
        let timestamp = size(timestamp);
        let from = self.body.saturating_sub(timestamp.saturating_add(1));
        let text = sign::claim(None, part(&self.text, from, timestamp)).map(|claim| {
            if form == SCAIKEY {
                ScaiKey.write(&claim, &tag)
            } else {
                Standard.write(&claim, &tag)
            }
        });
        text.map_or(0, |text| write(&mut self.text, text.as_bytes()) as i32)
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

/// Clears the front of a region.
fn wipe(region: &mut [u8], length: usize) {
    let length = length.min(region.len());
    region.get_mut(..length).unwrap_or_default().fill(0);
}
