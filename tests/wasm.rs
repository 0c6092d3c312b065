//! The wasm boundary, called as `pkg-template/core.ts` calls it: bytes into the regions, numbers over the line.
//!
//! Unconfigured, so that the same tests run in Node, in pages and in workers (see `scripts/wasm-test.mjs`).
#![cfg(target_arch = "wasm32")]

use hmac::{Hmac, KeyInit, Mac};
use hookseal::wasm::{SCAIKEY, SIGN, begin, feed, finish, key, region};
use hookseal::{Reason, Standard, Timestamp, Webhook};
use js_sys::{Uint8Array, WebAssembly::Memory};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wasm_bindgen_test::wasm_bindgen_test;

const KEY: u32 = 0;
const TEXT: u32 = 1;

/// The forms of a delivery that has all headers of one family.
const SVIX: u32 = 0b111;
const WEBHOOK: u32 = 0b11_1000;

/// Bytes of a key, and of what is beside it.
const STATE: usize = 64;
/// Between the signature header and what is signed.
const GAP: &[u8] = &[b' '; 64];

/// Where a signature is written.
const SIGNATURE: usize = 62;

const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A region, as JavaScript sees it.
fn view(number: u32) -> Uint8Array {
    let memory = Memory::from(wasm_bindgen::memory());
    let (start, end) = (region(number) as u32, region(number + 1) as u32);
    Uint8Array::new_with_byte_offset_and_length(&memory.buffer(), start, end - start)
}

/// Writes as much as fits, and gives its length.
fn put(number: u32, bytes: &[u8]) -> usize {
    let view = view(number);
    let fitting = &bytes[..bytes.len().min(view.length() as usize)];
    view.subarray(0, fitting.len() as u32).copy_from(fitting);
    fitting.len()
}

/// What a region holds at its front.
fn take(number: u32, length: usize) -> Vec<u8> {
    view(number).subarray(0, length as u32).to_vec()
}

/// Derives a key, and takes it out as JavaScript does, with its inner pad.
fn derive(form: u32, secret: &[u8]) -> Result<Vec<u8>, u32> {
    match key(form, put(TEXT, secret), true, 300.0) {
        0 => Ok(take(KEY, 2 * STATE)),
        number => Err(number),
    }
}

fn load(key: &[u8]) {
    put(KEY, &key[..STATE.min(key.len())]);
}

fn number(reason: Reason) -> u32 {
    reason as u32
}

/// How a body is handed over.
#[derive(Clone, Copy, Debug)]
enum Way {
    Once,
    /// In pieces of so many bytes.
    Pieces(usize),
    /// As the hash of the inner pad and of what is signed.
    Hashed,
}

/// Feeds all of a body but its last piece, and gives that one's length.
fn pour(head: usize, body: &[u8], piece: usize) -> usize {
    let mut rest = body;
    let mut filled = 0;
    loop {
        let taken = rest.len().min(piece);
        let at = (head + filled) as u32;
        view(TEXT)
            .subarray(at, at + taken as u32)
            .copy_from(&rest[..taken]);
        filled += taken;
        rest = &rest[taken..];
        if rest.is_empty() {
            return filled;
        }
        filled = feed(filled);
    }
}

/// Hands a body over, behind a head of so many bytes, the last of which are signed, and gives the length to finish with.
fn pass(key: &[u8], head: usize, prefix: usize, body: &[u8], way: Way) -> usize {
    match way {
        Way::Once => pour(head, body, usize::MAX),
        Way::Pieces(piece) => pour(head, body, piece),
        Way::Hashed => {
            let signed = &take(TEXT, head)[head - prefix..];
            let inner = Sha256::digest([&key[STATE..], signed, body].concat());
            let beside = view(KEY).byte_offset() + STATE as u32;
            let memory = Memory::from(wasm_bindgen::memory());
            Uint8Array::new_with_byte_offset_and_length(&memory.buffer(), beside, 32)
                .copy_from(&inner);
            usize::MAX
        }
    }
}

/// A header's length as JavaScript gives it.
fn size(values: &[&str]) -> i32 {
    match values {
        [] => 0,
        [value] => value.len() as i32,
        _ => -1,
    }
}

fn verify_in(
    way: Way,
    key: &[u8],
    form: u32,
    headers: [&[&str]; 3],
    body: &[u8],
    now: f64,
    tolerance: f64,
) -> u32 {
    load(key);
    let once = |values: &[&str], most: usize| match values {
        [value] => value.as_bytes()[..value.len().min(most)].to_vec(),
        _ => Vec::new(),
    };
    let [id, timestamp, signature] = headers;
    let joined = signature.join(" ");
    let joined = &joined.as_bytes()[..joined.len().min(8193)];
    let (id_text, timestamp_text) = (once(id, 257), once(timestamp, 16));
    let signed = match form {
        SCAIKEY => b"               .".to_vec(), // in place of the timestamp
        _ => [&id_text[..], b".", &timestamp_text, b"."].concat(),
    };
    let head = [joined, GAP, &signed].concat();
    let signature = joined.len() as i32;
    let (id, timestamp) = (
        if size(id) > 0 {
            id_text.len() as i32
        } else {
            size(id)
        },
        if size(timestamp) > 0 {
            timestamp_text.len() as i32
        } else {
            size(timestamp)
        },
    );
    if matches!(way, Way::Once) {
        let length = put(TEXT, &[&head[..], body].concat()) - head.len();
        let got = hookseal::wasm::verify(form, signature, id, timestamp, now, tolerance, length);
        assert_eq!(got >> 16 == 1, got & 0xffff == 0 && body.is_ascii());
        return (got & 0xffff) as u32;
    }
    put(TEXT, &head);
    let begun = begin(form, signature, id, timestamp, now, tolerance);
    let done = if begun > 0 {
        begun
    } else {
        let length = pass(key, head.len(), -begun as usize, body, way);
        finish(form, signature, length)
    };
    done as u32
}

fn verify(
    key: &[u8],
    form: u32,
    headers: [&[&str]; 3],
    body: &[u8],
    now: f64,
    tolerance: f64,
) -> u32 {
    let first = if body.len() > 65_536 {
        Way::Pieces(65_536)
    } else {
        Way::Once
    };
    let ways = [first, Way::Pieces(100), Way::Hashed];
    let [one, pieces, hashed] =
        ways.map(|way| verify_in(way, key, form, headers, body, now, tolerance));
    assert_eq!((one, one), (pieces, hashed), "every way leads to the same");
    one
}

/// A signature, or the error's number.
fn sign_in(
    way: Way,
    key: &[u8],
    form: u32,
    id: &[u8],
    timestamp: &[u8],
    body: &[u8],
) -> Result<Vec<u8>, u32> {
    load(key);
    let head = match form {
        SCAIKEY => [GAP, timestamp, b"."].concat(),
        _ => [GAP, id, b".", timestamp, b"."].concat(),
    };
    let (id, timestamp) = (id.len() as i32, timestamp.len() as i32);
    let form = form | SIGN;
    let done = if matches!(way, Way::Once) {
        let length = put(TEXT, &[&head[..], body].concat()) - head.len();
        hookseal::wasm::verify(form, 0, id, timestamp, 0.0, 0.0, length)
    } else {
        put(TEXT, &head);
        let begun = begin(form, 0, id, timestamp, 0.0, 0.0);
        if begun > 0 {
            begun
        } else {
            let length = pass(key, head.len(), -begun as usize, body, way);
            finish(form, 0, length)
        }
    };
    match done {
        ..0 => Ok(take(TEXT, SIGNATURE + -done as usize).split_off(SIGNATURE)),
        _ => Err(done as u32),
    }
}

const PUBLISHED: [&[&str]; 3] = [
    &["msg_p5jXN8AQM9LWM0D4loKWxJek"],
    &["1614265330"],
    &["v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
];

fn verify_published(key: &[u8], body: &[u8]) -> u32 {
    verify(key, SVIX, PUBLISHED, body, 1_614_265_330_000.0, 300.0)
}

#[wasm_bindgen_test]
fn the_published_delivery_verifies() {
    let key = derive(0, b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    assert_eq!(verify_published(&key, br#"{"test": 2432232314}"#), 0);
    assert_eq!(
        verify_published(&key, br#"{"test": 2432232315}"#),
        number(Reason::NoMatchingSignature)
    );
}

#[wasm_bindgen_test]
fn nothing_of_a_secret_stays_but_the_key() {
    let key = derive(0, SECRET.as_bytes()).unwrap();
    assert_eq!(
        take(TEXT, SECRET.len()),
        vec![0; SECRET.len()],
        "the secret's text"
    );
    // The key is there, and serves as if it had been written.
    assert_eq!(take(KEY, STATE), key[..STATE]);
    let judge = |key: &[u8]| {
        let body = br#"{"test": 2432232314}"#;
        verify_in(
            Way::Once,
            key,
            SVIX,
            PUBLISHED,
            body,
            1_614_265_330_000.0,
            300.0,
        )
    };
    assert_eq!(judge(&[]), 0);
    assert_eq!(judge(&[0; STATE]), number(Reason::NoMatchingSignature));
}

#[wasm_bindgen_test]
fn every_standard_vector() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/standard.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let mut judged = 0;
    for case in cases
        .iter()
        .filter(|case| case["only"] != "js" && case["tolerance"].is_null())
    {
        let (Some(secret), Some(body)) = (case["secret"].as_str(), case["body"].as_str()) else {
            continue;
        };
        let values = |name: &str| -> Vec<&str> {
            let pairs = case["headers"].as_array().unwrap().iter();
            let named = pairs.filter(|pair| pair[0].as_str().unwrap().eq_ignore_ascii_case(name));
            let values = named.flat_map(|pair| match pair[1].as_array() {
                Some(list) => list.iter().map(|value| value.as_str().unwrap()).collect(),
                None => vec![pair[1].as_str().unwrap()],
            });
            let values: Vec<_> = values.collect();
            if values.iter().all(|value| value.is_empty()) {
                Vec::new()
            } else {
                values
            }
        };
        let triple = |prefix: &str| {
            ["id", "timestamp", "signature"].map(|part| values(&format!("{prefix}-{part}")))
        };
        let present = |triple: &[Vec<&str>; 3]| {
            (0..3)
                .map(|bit| u32::from(!triple[bit].is_empty()) << bit)
                .sum()
        };
        let (svix, webhook) = (triple("svix"), triple("webhook"));
        let (bits, others): (u32, u32) = (present(&svix), present(&webhook));
        let headers = if bits == 7 { &svix } else { &webhook };
        let headers = [&headers[0][..], &headers[1][..], &headers[2][..]];
        let form = if case["format"] == "raw" { 1 } else { 0 };
        let now = (case["now"].as_f64().unwrap() * 1000.0).round();
        let bits = bits | others << 3;
        let got = derive(form, secret.as_bytes()).map_or_else(
            |failed| failed,
            |key| verify(&key, bits, headers, body.as_bytes(), now, 300.0),
        );
        let code = Reason::ALL
            .iter()
            .find(|reason| number(**reason) == got & 255)
            .map(|reason| reason.code());
        let want = case["expect"]["error"]
            .as_str()
            .filter(|_| case["expect"]["class"] != "payload");
        assert_eq!(code, want, "{}", case["name"]);
        judged += 1;
    }
    assert!(judged > 300, "{judged}");
}

#[wasm_bindgen_test]
fn missing_headers_are_named_by_their_bits() {
    let family = |svix: u32, webhook: u32| begin(svix | webhook << 3, 0, 0, 0, 0.0, 0.0);
    let missing = family(0b101, 0b001);
    assert_eq!(missing as u32 & 255, number(Reason::MissingHeader));
    assert_eq!(missing >> 8 & 0x7f, 0b010, "svix-timestamp");
    assert_eq!(family(0b001, 0b110) >> 8 & 0x7f, 0b001_000, "webhook-id");
    // Of a family that is complete the headers are judged: here there is no id.
    let first = [family(7, 0), family(0, 7), family(7, 7)].map(|error| error >> 8);
    assert_eq!(first, [0b001, 0b001_000, 0b001]);
}

#[wasm_bindgen_test]
fn bodies_pass_in_pieces() {
    let key = derive(1, &[7; 32]).unwrap();
    let native = Webhook::new(Standard, [hookseal::Secret::from_bytes(&[7; 32]).unwrap()]).unwrap();
    for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001] {
        let body: Vec<u8> = (0..length).map(|at| at as u8).collect();
        let signature = native
            .sign("msg_1", Timestamp::from_secs(5), &body)
            .unwrap();
        let headers: [&[&str]; 3] = [&["msg_1"], &["5"], &[signature.as_str()]];
        assert_eq!(
            verify(&key, WEBHOOK, headers, &body, 5999.9, 0.0),
            0,
            "{length}"
        );

        for way in [Way::Pieces(65_536), Way::Pieces(1000), Way::Hashed] {
            let signed = sign_in(way, &key, WEBHOOK, b"msg_1", b"5", &body).unwrap();
            assert_eq!(signed, signature.as_str().as_bytes(), "{length} {way:?}");
        }
    }
}

/// Keys and bodies of every length around the blocks: the hash of wasm is our own.
#[wasm_bindgen_test]
fn every_tag_is_that_of_the_hmac_crate() {
    let bytes: Vec<u8> = (0u32..300).map(|at| ((at * at) >> 3) as u8).collect();
    for length in 0..300 {
        let (secret, body) = (&bytes[..1 + length % 200], &bytes[300 - length..]);
        let key = derive(1, secret).unwrap();
        let signed = sign_in(Way::Once, &key, SCAIKEY, b"", b"7", body).unwrap();
        let mut theirs = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        theirs.update(b"7.");
        theirs.update(body);
        let tag = theirs.finalize().into_bytes();
        let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(signed, format!("t=7,v1={hex}").into_bytes(), "{length}");
    }
}

#[wasm_bindgen_test]
fn scaikey_both_ways() {
    let key = derive(2, b" secret\n").unwrap();
    assert_eq!(key, derive(1, b"secret").unwrap());
    let headers = [Way::Once, Way::Pieces(1), Way::Hashed]
        .map(|way| sign_in(way, &key, SCAIKEY, b"", b"1718000000", b"{}").unwrap());
    let [header, ..] = &headers;
    assert!(headers.iter().all(|other| other == header));
    let header = str::from_utf8(header).unwrap();
    assert_eq!(header.len(), "t=1718000000,v1=".len() + 64);

    let judge = |header: &str, body: &[u8], now: f64| {
        let headers: [&[&str]; 3] = [&[], &[], &[header]];
        let ways = [Way::Once, Way::Pieces(1), Way::Hashed];
        let [one, pieces, hashed] =
            ways.map(|way| verify_in(way, &key, SCAIKEY, headers, body, now, 300.0) & 255);
        assert_eq!((one, one), (pieces, hashed));
        one
    };
    assert_eq!(judge(header, b"{}", 1_718_000_300_999.0), 0);
    assert_eq!(
        judge(header, b"{}", 1_718_000_301_000.0),
        number(Reason::TimestampTooOld)
    );
    assert_eq!(
        judge(header, b"{ }", 1_718_000_000_000.0),
        number(Reason::NoMatchingSignature)
    );
    assert_eq!(judge("", b"{}", 0.0), number(Reason::MissingHeader));
    assert_eq!(
        judge("v1=0", b"{}", 0.0),
        number(Reason::MalformedSignature)
    );
    assert_eq!(
        begin(SCAIKEY, -1, 0, 0, 0.0, 300.0) as u32 & 255,
        number(Reason::RepeatedHeader)
    );
}

#[wasm_bindgen_test]
fn what_is_signed_is_judged_as_what_is_verified() {
    let key = derive(1, b"secret").unwrap();
    let long = [b'i'; 257];
    for id in [&b""[..], b"a.b", b"a b", "é".as_bytes(), &long] {
        assert_eq!(
            sign_in(Way::Once, &key, SVIX, id, b"5", b""),
            Err(number(Reason::InvalidMessageId))
        );
    }
    for timestamp in [&b""[..], b"-1", b"1e9", b"1234567890123456"] {
        for form in [SVIX, SCAIKEY] {
            let id = if form == SVIX { &b"msg_1"[..] } else { b"" };
            assert_eq!(
                sign_in(Way::Once, &key, form, id, timestamp, b""),
                Err(number(Reason::InvalidMessageTime))
            );
        }
    }
}

#[wasm_bindgen_test]
fn numbers_that_are_no_settings_are_refused() {
    let with = |seconds| key(1, put(TEXT, b"secret"), false, seconds);
    for seconds in [0.0, 300.0, 9_007_199_254_740_991.0] {
        assert_eq!(with(seconds), 0);
    }
    for seconds in [
        -1.0,
        0.5,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        9_007_199_254_740_992.0,
        1e300,
    ] {
        assert_eq!(with(seconds), number(Reason::InvalidTolerance), "{seconds}");
    }
    let key = derive(0, SECRET.as_bytes()).unwrap();
    for now in [f64::NAN, f64::INFINITY] {
        let headers: [&[&str]; 3] = [&["msg_1"], &["5"], &["v1,x"]];
        assert_eq!(
            verify(&key, SVIX, headers, b"", now, 300.0),
            number(Reason::InvalidClock)
        );
    }
}

/// Wrong lengths, wrong order: an answer, never a trap.
#[wasm_bindgen_test]
fn no_number_traps() {
    let odd = [
        0,
        1,
        63,
        64,
        65,
        256,
        257,
        258,
        65_536,
        65_537,
        u32::MAX as usize,
    ];
    for length in odd {
        for form in [
            0,
            SVIX,
            WEBHOOK,
            63,
            SCAIKEY,
            SIGN,
            SIGN | SVIX,
            SIGN | SCAIKEY,
        ] {
            key(form & 3, length, true, length as f64);
            for negative in [length as i32, -1, i32::MIN] {
                let (now, seconds) = (length as f64, length as f64);
                hookseal::wasm::verify(form, negative, negative, negative, now, seconds, length);
                begin(form, negative, negative, negative, now, seconds);
                feed(length);
                finish(form, negative, length);
            }
        }
        region(length as u32);
    }
    assert_eq!(
        verify_published(
            &derive(0, SECRET.as_bytes()).unwrap(),
            br#"{"test": 2432232314}"#
        ),
        0
    );
}
