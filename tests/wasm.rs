//! The wasm boundary, called as `pkg-template/core.ts` calls it: bytes into the regions, numbers over the line.
//!
//! Unconfigured, so that the same tests run in Node, in pages and in workers (see `scripts/wasm-test.mjs`).
#![cfg(target_arch = "wasm32")]

use hookseal::wasm::*;
use hookseal::{Reason, Standard, Timestamp, Webhook};
use js_sys::{Uint8Array, WebAssembly::Memory};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

const KEY: u32 = 0;
const ID: u32 = 1;
const TIMESTAMP: u32 = 2;
const SIGNATURE: u32 = 3;
const BODY: u32 = 4;
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

/// Derives a key, and takes it out as JavaScript does.
fn derive(form: u32, secret: &[u8]) -> Result<Vec<u8>, u32> {
    match key(form, put(BODY, secret)) {
        0 => Ok(take(KEY, 64)),
        number => Err(number),
    }
}

fn number(reason: Reason) -> u32 {
    reason as u32
}

/// Feeds all of a body but its last piece, and gives that one's length.
fn pour(body: &[u8]) -> usize {
    let whole = view(BODY).length() as usize;
    let mut rest = body;
    while rest.len() > whole {
        feed(put(BODY, rest));
        rest = &rest[whole..];
    }
    put(BODY, rest)
}

/// A header's length as JavaScript gives it.
fn put_header(number: u32, values: &[&str]) -> i32 {
    match values {
        [] => 0,
        [value] => put(number, value.as_bytes()) as i32,
        _ => -1,
    }
}

fn verify(
    key: &[u8],
    webhook: bool,
    headers: [&[&str]; 3],
    body: &[u8],
    now: f64,
    tolerance: f64,
) -> u32 {
    put(KEY, key);
    let [id, timestamp, signature] = headers;
    let joined = signature.join(" ");
    let signature = if joined.is_empty() {
        0
    } else {
        put(SIGNATURE, joined.as_bytes()) as i32
    };
    let (id, timestamp) = (put_header(ID, id), put_header(TIMESTAMP, timestamp));
    match begin_standard(webhook, id, timestamp, signature, now, tolerance) {
        0 => finish_standard(pour(body)),
        failed => failed,
    }
}

fn verify_published(key: &[u8], body: &[u8]) -> u32 {
    let headers: [&[&str]; 3] = [
        &["msg_p5jXN8AQM9LWM0D4loKWxJek"],
        &["1614265330"],
        &["v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
    ];
    verify(key, false, headers, body, 1_614_265_330_000.0, 300.0)
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
fn nothing_of_a_caller_stays() {
    let key = derive(0, SECRET.as_bytes()).unwrap();
    assert_eq!(
        take(BODY, SECRET.len()),
        vec![0; SECRET.len()],
        "the secret's text"
    );
    assert_eq!(verify_published(&key, br#"{"test": 2432232314}"#), 0);
    assert_eq!(take(KEY, 64), vec![0; 64], "the key");
    // The key is gone, so the same call without it must fail.
    assert_eq!(
        verify_published(&[], br#"{"test": 2432232314}"#),
        number(Reason::NoMatchingSignature)
    );
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
                .map(|bit| u8::from(!triple[bit].is_empty()) << bit)
                .sum()
        };
        let (svix, webhook) = (triple("svix"), triple("webhook"));
        let got = match family(present(&svix), present(&webhook)) {
            chosen @ (0 | 1) => {
                let headers = if chosen == 0 { &svix } else { &webhook };
                let headers = [&headers[0][..], &headers[1][..], &headers[2][..]];
                let form = if case["format"] == "raw" { 1 } else { 0 };
                let now = (case["now"].as_f64().unwrap() * 1000.0).round();
                derive(form, secret.as_bytes()).map_or_else(
                    |failed| failed,
                    |key| verify(&key, chosen == 1, headers, body.as_bytes(), now, 300.0),
                )
            }
            failed => failed,
        };
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
    let missing = family(0b101, 0b001);
    assert_eq!(missing & 255, number(Reason::MissingHeader));
    assert_eq!(missing >> 8 & 0x7f, 0b010, "svix-timestamp");
    assert_eq!(family(0b001, 0b110) >> 8 & 0x7f, 0b001_000, "webhook-id");
    assert_eq!((family(7, 0), family(0, 7), family(7, 7)), (0, 1, 0));
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
            verify(&key, true, headers, &body, 5999.9, 0.0),
            0,
            "{length}"
        );

        put(KEY, &key);
        assert_eq!(sign_standard(put(ID, b"msg_1"), put(TIMESTAMP, b"5")), 0);
        let length = finish_sign_standard(pour(&body));
        assert_eq!(take(SIGNATURE, length), signature.as_str().as_bytes());
    }
}

#[wasm_bindgen_test]
fn scaikey_both_ways() {
    let key = derive(2, b" secret\n").unwrap();
    assert_eq!(key, derive(1, b"secret").unwrap());
    put(KEY, &key);
    assert_eq!(sign_scaikey(put(TIMESTAMP, b"1718000000")), 0);
    let header = take(SIGNATURE, finish_sign_scaikey(pour(b"{}")));
    assert_eq!(header.len(), "t=1718000000,v1=".len() + 64);

    let judge = |header: &[u8], body: &[u8], now: f64| {
        put(KEY, &key);
        match begin_scaikey(put(SIGNATURE, header) as i32, now, 300.0) {
            0 => finish_scaikey(pour(body)),
            failed => failed & 255,
        }
    };
    assert_eq!(judge(&header, b"{}", 1_718_000_300_999.0), 0);
    assert_eq!(
        judge(&header, b"{}", 1_718_000_301_000.0),
        number(Reason::TimestampTooOld)
    );
    assert_eq!(
        judge(&header, b"{ }", 1_718_000_000_000.0),
        number(Reason::NoMatchingSignature)
    );
    assert_eq!(judge(b"", b"{}", 0.0), number(Reason::MissingHeader));
    assert_eq!(
        judge(b"v1=0", b"{}", 0.0),
        number(Reason::MalformedSignature)
    );
    put(KEY, &key);
    assert_eq!(
        begin_scaikey(-1, 0.0, 300.0) & 255,
        number(Reason::RepeatedHeader)
    );
}

#[wasm_bindgen_test]
fn tokens_are_compared_by_hash() {
    begin_token();
    assert_eq!(finish_token(put(BODY, b"token")), 0);
    let hash = take(KEY, 32);
    for (presented, want) in [
        (&b"token"[..], 0),
        (b"toke", number(Reason::NoMatchingToken)),
        (b"", number(Reason::NoMatchingToken)),
    ] {
        begin_token();
        put(KEY, &hash);
        assert_eq!(match_token(put(BODY, presented)), want);
    }
    begin_token();
    assert_eq!(finish_token(0), number(Reason::EmptySecret));
}

#[wasm_bindgen_test]
fn numbers_that_are_no_settings_are_refused() {
    for seconds in [0.0, 300.0, 9_007_199_254_740_991.0] {
        assert_eq!(check_tolerance(seconds), 0);
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
        assert_eq!(
            check_tolerance(seconds),
            number(Reason::InvalidTolerance),
            "{seconds}"
        );
    }
    let key = derive(0, SECRET.as_bytes()).unwrap();
    for now in [f64::NAN, f64::INFINITY] {
        let headers: [&[&str]; 3] = [&["msg_1"], &["5"], &["v1,x"]];
        assert_eq!(
            verify(&key, false, headers, b"", now, 300.0),
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
        for form in 0..4 {
            key(form, length);
        }
        feed(length);
        finish_standard(length);
        finish_scaikey(length);
        finish_sign_standard(length);
        finish_sign_scaikey(length);
        begin_token();
        feed(length);
        match_token(length);
        finish_token(length);
        sign_standard(length, length);
        sign_scaikey(length);
        check_field(length, length, length);
        for negative in [length as i32, -1, i32::MIN] {
            begin_standard(
                true,
                negative,
                negative,
                negative,
                length as f64,
                length as f64,
            );
            begin_scaikey(negative, length as f64, length as f64);
        }
        region(length as u32);
        family(length as u8, !length as u8);
    }
    assert_eq!(encode_secret(), 44);
    assert_eq!(
        verify_published(
            &derive(0, SECRET.as_bytes()).unwrap(),
            br#"{"test": 2432232314}"#
        ),
        0
    );
}
