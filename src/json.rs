//! The little of JSON that the calls need: walking over a text that is JSON, and writing strings.
//!
//! Not a parser: bodies pass through as text, and what has to be valid is checked where it is made (by
//! `JSON.stringify`, or by serde). Any other text gives nothing, or something harmless, and never a panic.
//! Nothing recurses, so depth costs nothing.

use crate::text::{cut, push_byte, push_hex, until};
use alloc::string::String;

/// Whether a text is JSON, as far as that can be said here: without serde the text comes from
/// `JSON.stringify`, and is empty where that gave none.
pub(crate) fn is_json(text: &str) -> bool {
    #[cfg(feature = "payload")]
    return serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    #[cfg(not(feature = "payload"))]
    return !text.is_empty();
}

/// The text without white space around it (JSON's, and the form feed).
pub(crate) fn trim(text: &str) -> &str {
    text.trim_ascii()
}

/// What is between a value's first and last character, if they are these.
fn inside<'t>(value: &'t str, ends: &[u8; 2]) -> Option<&'t str> {
    let value = trim(value);
    match value.as_bytes() {
        [first, inner @ .., last] if [*first, *last] == *ends => {
            Some(cut(cut(value, 1).1, inner.len()).0)
        }
        _ => None,
    }
}

/// The values in a text, one after the other, whatever stands between them.
struct Values<'t>(&'t str);

impl<'t> Iterator for Values<'t> {
    type Item = &'t str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'t str> {
        let (value, rest) = take(self.0)?;
        self.0 = rest;
        Some(value)
    }
}

/// An array's elements, as text. `None` if it is no array.
pub(crate) fn elements(value: &str) -> Option<impl Iterator<Item = &str>> {
    inside(value, b"[]").map(Values)
}

/// An object's member of that name, as text; the last one, as `JSON.parse` has it.
pub(crate) fn member<'t>(value: &'t str, name: &str) -> Option<&'t str> {
    let mut values = Values(inside(value, b"{}")?);
    let mut found = None;
    while let (Some(key), Some(value)) = (values.next(), values.next()) {
        if string(key)? == name {
            found = Some(value);
        }
    }
    found
}

/// Whether a byte stands between values.
const fn is_between(byte: u8) -> bool {
    byte <= b' ' || byte == b',' || byte == b':'
}

/// Splits the first value off, with what stands before it.
fn take(text: &str) -> Option<(&str, &str)> {
    let (_, text) = until(text, |byte| !is_between(byte));
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => {
                escaped = false;
                continue;
            }
            b'\\' => {
                escaped = quoted;
                continue;
            }
            b'"' => quoted = !quoted,
            _ if quoted => continue,
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.checked_sub(1)?,
            // A number or a word ends where something else begins.
            _ if depth == 0 && is_between(byte) => return Some(cut(text, at)),
            _ => continue,
        }
        if depth == 0 && !quoted {
            return Some(cut(text, at.saturating_add(1)));
        }
    }
    (!quoted && depth == 0 && !text.is_empty()).then_some((text, ""))
}

/// Decodes a string. `None` if it is none. What stands for half a character becomes U+FFFD.
#[inline(never)]
pub(crate) fn string(value: &str) -> Option<String> {
    let mut rest = inside(value, b"\"\"")?;
    let mut out = String::new();
    loop {
        let (plain, escape) = until(rest, |byte| byte == b'\\');
        out.push_str(plain);
        let [_, kind, ..] = *escape.as_bytes() else {
            return Some(out);
        };
        rest = cut(escape, 2).1;
        let mut code = match kind {
            b'n' => 10,
            b't' => 9,
            b'r' => 13,
            b'b' => 8,
            b'f' => 12,
            b'u' => unit(rest)?,
            other => other.into(),
        };
        if kind == b'u' {
            rest = cut(rest, 4).1;
            let low = rest.strip_prefix("\\u").and_then(unit).unwrap_or(0);
            if code >> 10 == 0xD800 >> 10 && low >> 10 == 0xDC00 >> 10 {
                code = ((code & 0x3FF) << 10 | (low & 0x3FF)).wrapping_add(0x10000);
                rest = cut(rest, 6).1;
            }
        }
        out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
}

/// Half a character, or a whole one, of its four digits.
fn unit(text: &str) -> Option<u32> {
    let digit = |byte| char::from(byte).to_digit(16);
    let mut digits = text.get(..4)?.bytes();
    digits.try_fold(0, |unit, byte| Some(unit << 4 | digit(byte)?))
}

/// Appends a string's JSON.
pub(crate) fn quote(out: &mut String, text: &str) {
    push_byte(out, b'"');
    let mut rest = text;
    loop {
        let (plain, special) = until(rest, |byte| matches!(byte, b'"' | b'\\' | 0..32));
        out.push_str(plain);
        let Some(byte) = special.bytes().next() else {
            break;
        };
        if byte < b' ' {
            out.push_str("\\u00");
            push_hex(out, byte);
        } else {
            push_byte(out, b'\\');
            push_byte(out, byte);
        }
        rest = cut(special, 1).1;
    }
    push_byte(out, b'"');
}

/// Appends `"name":value`, behind a comma unless it is an object's first member. Nothing without a value.
pub(crate) fn put(out: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        if out.as_bytes().last() != Some(&b'{') {
            push_byte(out, b',');
        }
        quote(out, name);
        push_byte(out, b':');
        out.push_str(value);
    }
}

/// Whether a text that is JSON is an object.
pub(crate) fn is_object(value: &str) -> bool {
    inside(value, b"{}").is_some()
}

/// An object's text up to its closing brace, to [`put`] more members into. `None` if it is no object.
pub(crate) fn open(value: &str) -> Option<String> {
    let inner = trim(inside(value, b"{}")?);
    let mut out = String::from("{");
    out.push_str(inner);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_over_objects_and_arrays() {
        let text = r#" { "a" : [1, "],", {"b":"}"}] ,"b\n":null, "c":-1.5e3 } "#;
        for (name, value) in [
            ("a", r#"[1, "],", {"b":"}"}]"#),
            ("b\n", "null"),
            ("c", "-1.5e3"),
        ] {
            assert_eq!(member(text, name), Some(value));
        }
        assert_eq!(member(text, "b"), None);
        assert_eq!(elements("[]").map(Iterator::count), Some(0));
        assert_eq!(elements("[1, 2 ,[3,4]]").map(Iterator::count), Some(3));
        assert_eq!(member("[]", "a"), None);
        assert_eq!(member(r#"{"a":1,"a":2}"#, "a"), Some("2"));
    }

    #[test]
    fn writes_and_reads_strings() {
        for text in ["", "a\"b\\c", "\u{1}\n\u{7f}", "é 😀"] {
            let mut out = String::new();
            quote(&mut out, text);
            assert_eq!(string(&out).as_deref(), Some(text));
            assert_eq!(
                serde_json::from_str::<String>(&out).ok().as_deref(),
                Some(text)
            );
        }
        for code in [
            '\u{10000}',
            '\u{1F600}',
            '\u{10FFFF}',
            '\u{20000}',
            '\u{FFFFF}',
        ] {
            let mut units = [0; 2];
            let escaped: String = code
                .encode_utf16(&mut units)
                .iter()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect();
            assert_eq!(
                string(&format!("\"{escaped}\"")),
                Some(code.into()),
                "{escaped}"
            );
        }
        assert_eq!(string(r#""\ud800x""#).as_deref(), Some("\u{fffd}x"));
        assert_eq!(string(r#""\u00e9\/""#).as_deref(), Some("é/"));
    }

    #[test]
    fn survives_anything() {
        for text in [
            "",
            "{",
            "{}}",
            "{\"a\"}",
            "{\"a\":}",
            "[,]",
            "\"",
            "\"\\\"",
            "{:1}",
            "]",
            "[[[",
            "{\"a\":1 2}",
        ] {
            let _ = member(text, "a");
            let _ = elements(text).map(Iterator::count);
            let _ = string(text);
        }
    }
}
