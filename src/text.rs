//! Texts and numbers, without the weight of the standard library's searching and formatting: this code is
//! in the `sdk` artifact, where each of these would cost a kilobyte.

use alloc::string::String;

/// Where a text first occurs in another.
pub(crate) fn find(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes()
        .windows(wanted.len().max(1))
        .position(|window| window == wanted.as_bytes())
}

/// Splits a text around the first occurrence of another.
pub(crate) fn split<'t>(text: &'t str, at: &str) -> Option<(&'t str, &'t str)> {
    let found = find(text, at)?;
    Some((
        text.get(..found)?,
        text.get(found.checked_add(at.len())?..)?,
    ))
}

/// A number of at most 18 digits, without sign.
pub(crate) fn digits(text: &str) -> Option<u64> {
    if !(1..=18).contains(&text.len()) {
        return None;
    }
    text.bytes().try_fold(0_u64, |number, byte| {
        let digit = byte.is_ascii_digit().then_some(u64::from(byte & 15))?;
        Some(number.wrapping_mul(10).wrapping_add(digit))
    })
}

/// Appends a number's digits.
pub(crate) fn push_digits(out: &mut String, number: u64) {
    if number >= 10 {
        push_digits(out, number / 10);
    }
    out.push(char::from(b'0' | (number % 10) as u8));
}

/// A whole number's digits, with its sign.
pub(crate) fn number(number: i64) -> String {
    let mut out = String::from(if number < 0 { "-" } else { "" });
    push_digits(&mut out, number.unsigned_abs());
    out
}
