//! The wasm boundary: what `pkg-template/core.ts` calls, with numbers only.
//!
//! JavaScript writes bytes into the regions of `wasm/scratch.rs`, calls with lengths, and gets 0 or an
//! error's number back (`Error::number`). Nothing of a caller stays here between its calls: a key is
//! derived once, kept by JavaScript as 64 bytes, and written back before each use. So there is nothing
//! to free or to leak, and a fresh instance serves as well as the one before it.
//!
//! A verification is `begin_*`, any number of `feed`, then `finish`; a signature is `sign_*`, `feed`,
//! `sign_finish`. No call in between may belong to another operation (JavaScript runs each operation
//! in one turn, without calling anything of the user's).

#[cfg(all(feature = "sdk", not(feature = "payload")))]
#[allow(unsafe_code)]
mod arena;
#[allow(unsafe_code)]
mod scratch;
#[cfg(feature = "sdk")]
pub mod sdk;

use crate::encoding::base64_encode;
use crate::error::{Error, Reason};
use crate::headers::Value;
use crate::mac::{KEY_BYTES, Key, Tag};
use crate::payload::{Kind, SHAPES};
use crate::scheme::scaikey::{self, ScaiKey};
use crate::scheme::sealed::Sealed;
use crate::scheme::standard::{Family, Standard};
use crate::scheme::{Claim, direct};
use crate::secret::{Secret, trim};
use crate::sign::{self, Signature};
use crate::timestamp::{Timestamp, Tolerance};
use scratch::{Scratch, Session};
use wasm_bindgen::prelude::wasm_bindgen;

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

/// The front of a region.
fn front(region: &[u8], length: usize) -> &[u8] {
    region.get(..length).unwrap_or(region)
}

/// A header that may be given once: its length, 0 if missing, negative if repeated.
fn header(region: &[u8], length: i32) -> Value<'_> {
    match usize::try_from(length) {
        Ok(0) => Value::Missing,
        Ok(length) => Value::Once(front(region, length)),
        Err(_) => Value::Repeated,
    }
}

/// The address of a region: 0 key, 1 id, 2 timestamp, 3 signature, 4 body, 5 the body's end.
#[wasm_bindgen]
pub fn region(number: u32) -> *const u8 {
    scratch::with(|scratch| scratch.region(number))
}

/// Derives a key from the secret in the body region, and writes it to the key region.
/// Forms: 0 Standard Webhooks text, 1 bytes as they are, 2 text as its UTF-8 bytes.
#[wasm_bindgen]
pub fn key(form: u32, length: usize) -> u32 {
    scratch::with(|scratch| {
        let given = front(&scratch.body, length);
        let secret = match form {
            0 => Secret::decode_bytes(given),
            1 => Secret::from_bytes(given),
            _ => Secret::from_bytes(trim(given)),
        };
        let result = secret.map(|secret| scratch.key = secret.key().to_bytes());
        wipe(&mut scratch.body, length);
        answer(result)
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

/// Starts a verification: the key in its region, the three headers in theirs, the time now in
/// milliseconds, the tolerance in seconds.
#[wasm_bindgen]
pub fn begin_standard(
    webhook: bool,
    id: i32,
    timestamp: i32,
    signature: i32,
    now: f64,
    seconds: f64,
) -> u32 {
    let family = if webhook {
        Family::Webhook
    } else {
        Family::Svix
    };
    scratch::with(|scratch| {
        let length = usize::try_from(signature).unwrap_or_default();
        let (id, timestamp) = (
            header(&scratch.id, id),
            header(&scratch.timestamp, timestamp),
        );
        let claim = family
            .claim(id, timestamp, length)
            .and_then(|claim| judge_time(claim, now, seconds));
        begin(&mut scratch.session, &mut scratch.key, length, claim)
    })
}

/// As [`begin_standard`], for ScaiKey's one header in the signature region.
#[wasm_bindgen]
pub fn begin_scaikey(signature: i32, now: f64, seconds: f64) -> u32 {
    scratch::with(|scratch| {
        let length = usize::try_from(signature).unwrap_or_default();
        let claim = scaikey::claim(header(&scratch.signature, signature));
        let claim = claim.and_then(|claim| judge_time(claim, now, seconds));
        begin(&mut scratch.session, &mut scratch.key, length, claim)
    })
}

/// Takes the next piece of the body from its region.
#[wasm_bindgen]
pub fn feed(length: usize) {
    scratch::with(|scratch| {
        if let Some(session) = &mut scratch.session {
            session.mac.update(front(&scratch.body, length));
        }
    });
}

/// Takes the last piece and judges the Standard Webhooks signatures.
#[wasm_bindgen]
pub fn finish_standard(length: usize) -> u32 {
    finish(length, |signatures, tag| Standard.holds(signatures, tag))
}

/// Takes the last piece and judges the ScaiKey signatures.
#[wasm_bindgen]
pub fn finish_scaikey(length: usize) -> u32 {
    finish(length, |signatures, tag| ScaiKey.holds(signatures, tag))
}

/// Starts a Standard Webhooks signature, with the id and the timestamp's digits in their regions.
#[wasm_bindgen]
pub fn sign_standard(id: usize, timestamp: usize) -> u32 {
    scratch::with(|scratch| {
        let claim = sign::claim(
            Some(front(&scratch.id, id)),
            front(&scratch.timestamp, timestamp),
        );
        begin(&mut scratch.session, &mut scratch.key, timestamp, claim)
    })
}

/// Starts a ScaiKey signature.
#[wasm_bindgen]
pub fn sign_scaikey(timestamp: usize) -> u32 {
    scratch::with(|scratch| {
        let claim = sign::claim(None, front(&scratch.timestamp, timestamp));
        begin(&mut scratch.session, &mut scratch.key, timestamp, claim)
    })
}

/// Takes the last piece, and writes `v1,<base64>` to the signature region. Returns its length.
#[wasm_bindgen]
pub fn finish_sign_standard(length: usize) -> usize {
    finish_sign(length, |claim, tag| Standard.write(claim, tag))
}

/// Takes the last piece, and writes `t=…,v1=<hex>` to the signature region. Returns its length.
#[wasm_bindgen]
pub fn finish_sign_scaikey(length: usize) -> usize {
    finish_sign(length, |claim, tag| ScaiKey.write(claim, tag))
}

/// Starts the hash of a direct-mode token.
#[wasm_bindgen]
pub fn begin_token() {
    scratch::with(|scratch| {
        scratch.session = Some(Session {
            mac: direct::hasher(),
            length: 0,
        })
    });
}

/// Takes the token's last piece, and writes its hash to the front of the key region. Fails if the
/// token is empty.
#[wasm_bindgen]
pub fn finish_token(length: usize) -> u32 {
    scratch::with(|scratch| {
        let tag = end(scratch, length);
        wipe(&mut scratch.body, length);
        let empty = direct::hasher().finish().same(&tag);
        write(&mut scratch.key, &tag.0);
        answer(if empty {
            Err(Reason::EmptySecret.into())
        } else {
            Ok(())
        })
    })
}

/// Takes the presented token's last piece, and compares its hash with the one in the key region.
#[wasm_bindgen]
pub fn match_token(length: usize) -> u32 {
    scratch::with(|scratch| {
        let tag = end(scratch, length);
        let expected = scratch.key.first_chunk().copied().map(Tag);
        wipe(&mut scratch.key, KEY_BYTES);
        wipe(&mut scratch.body, length);
        let found = expected.is_some_and(|expected| expected.same(&tag));
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

/// Writes 32 random bytes in the body region as a secret's base64 to the signature region.
#[wasm_bindgen]
pub fn encode_secret() -> usize {
    scratch::with(|scratch| {
        let text = scratch
            .body
            .first_chunk()
            .map(base64_encode)
            .unwrap_or([0; 44]);
        wipe(&mut scratch.body, 32);
        write(&mut scratch.signature, &text)
    })
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

fn judge_time(claim: Claim<'_>, now: f64, seconds: f64) -> Result<Claim<'_>, Error> {
    if !now.is_finite() {
        return Err(Reason::InvalidClock.into());
    }
    tolerance(seconds)?.check(
        claim.at,
        Timestamp::from_secs((now as i64).div_euclid(1000)),
    )?;
    Ok(claim)
}

/// Moves the key out of its region and starts the MAC of what is claimed.
fn begin(
    session: &mut Option<Session>,
    key: &mut [u8; KEY_BYTES],
    length: usize,
    claim: Result<Claim<'_>, Error>,
) -> u32 {
    let result = claim.map(|claim| {
        let mac = claim.mac(&Key::from_bytes(key));
        *session = Some(Session { mac, length });
    });
    wipe(key, KEY_BYTES);
    answer(result)
}

/// Takes the last piece and ends the MAC.
fn end(scratch: &mut Scratch, length: usize) -> Tag {
    let mut mac = scratch
        .session
        .take()
        .map_or_else(direct::hasher, |session| session.mac);
    mac.update(front(&scratch.body, length));
    mac.finish()
}

fn finish(length: usize, holds: impl Fn(&[u8], &Tag) -> bool) -> u32 {
    scratch::with(|scratch| {
        let signature = scratch.session.as_ref().map_or(0, |session| session.length);
        let tag = end(scratch, length);
        let found = holds(front(&scratch.signature, signature), &tag);
        answer(
            found
                .then_some(())
                .ok_or(Reason::NoMatchingSignature.into()),
        )
    })
}

fn finish_sign(length: usize, write_text: impl Fn(&Claim<'_>, &Tag) -> Signature) -> usize {
    scratch::with(|scratch| {
        let timestamp = scratch.session.as_ref().map_or(0, |session| session.length);
        let tag = end(scratch, length);
        let text = sign::claim(None, front(&scratch.timestamp, timestamp))
            .map(|claim| write_text(&claim, &tag));
        text.map_or(0, |text| write(&mut scratch.signature, text.as_bytes()))
    })
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
    region.iter_mut().take(length).for_each(|byte| *byte = 0);
}
