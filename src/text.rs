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
    let (before, after) = cut(text, find(text, at)?);
    Some((before, cut(after, at.len()).1))
}

/// Splits a text before so many bytes; all of it is before where that is inside of a character, or beyond the end.
pub(crate) fn cut(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Splits a text before the first byte of ASCII that is one of some; all of it is before where there is none.
#[inline(never)]
pub(crate) fn until(text: &str, is: fn(u8) -> bool) -> (&str, &str) {
    cut(text, text.bytes().position(is).unwrap_or(text.len()))
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
    push_byte(out, b'0' | (number % 10) as u8);
}

/// Appends a byte's two hexadecimal digits.
pub(crate) fn push_hex(out: &mut String, byte: u8) {
    for digit in [byte >> 4, byte & 15] {
        let letter = if digit > 9 { b'A' - 10 } else { b'0' };
        push_byte(out, letter.wrapping_add(digit));
    }
}

/// Appends a character of ASCII.
#[inline(never)]
pub(crate) fn push_byte(out: &mut String, byte: u8) {
    out.push(char::from(byte & 127));
}

/// A whole number's digits, with its sign.
pub(crate) fn number(number: i64) -> String {
    let mut out = String::from(if number < 0 { "-" } else { "" });
    push_digits(&mut out, number.unsigned_abs());
    out
}
