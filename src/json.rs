//! The little of JSON that the calls need: walking over a text that is JSON, and writing strings.
//!
//! Not a parser: bodies pass through as text, and what has to be valid is checked where it is made (by
//! `JSON.stringify`, or by serde). Any other text gives nothing, or something harmless, and never a panic.
//! Nothing recurses, so depth costs nothing.

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
fn inside(value: &str, open: char, close: char) -> Option<&str> {
    trim(value).strip_prefix(open)?.strip_suffix(close)
}

/// An object's members: decoded names, and values as text. `None` if it is no object.
pub(crate) fn members(value: &str) -> Option<impl Iterator<Item = (String, &str)>> {
    let mut rest = trim(inside(value, '{', '}')?);
    Some(core::iter::from_fn(move || {
        let (name, after) = take(rest)?;
        let (member, after) = take(trim(trim(after).strip_prefix(':')?))?;
        rest = next(after);
        Some((string(name)?, member))
    }))
}

/// An array's elements, as text. `None` if it is no array.
pub(crate) fn elements(value: &str) -> Option<impl Iterator<Item = &str>> {
    let mut rest = trim(inside(value, '[', ']')?);
    Some(core::iter::from_fn(move || {
        let (element, after) = take(rest)?;
        rest = next(after);
        Some(element)
    }))
}

/// An object's member of that name; the last one, as `JSON.parse` has it.
pub(crate) fn member<'t>(value: &'t str, name: &str) -> Option<&'t str> {
    members(value)?
        .filter_map(|(found, member)| (found == name).then_some(member))
        .last()
}

/// Steps over the comma behind a value.
fn next(rest: &str) -> &str {
    trim(trim(rest).strip_prefix(',').unwrap_or(""))
}

/// Splits the first value off.
fn take(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        let mut closed = false;
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    quoted = false;
                    closed = true;
                }
                _ => {}
            }
        } else {
            match byte {
                b'"' => quoted = true,
                b'{' | b'[' => depth = depth.saturating_add(1),
                b'}' | b']' if depth > 0 => {
                    depth = depth.saturating_sub(1);
                    closed = true;
                }
                // A number or a word ends where something else begins.
                b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => {
                    return if at == 0 {
                        None
                    } else {
                        text.split_at_checked(at)
                    };
                }
                _ => {}
            }
        }
        if closed && depth == 0 {
            return text.split_at_checked(at.saturating_add(1));
        }
    }
    (!quoted && depth == 0 && !text.is_empty()).then_some((text, ""))
}

/// Decodes a string. `None` if it is none. What stands for half a character becomes U+FFFD.
pub(crate) fn string(value: &str) -> Option<String> {
    let mut chars = inside(value, '"', '"')?.chars();
    let mut out = String::new();
    let mut high: Option<u32> = None;
    while let Some(c) = chars.next() {
        let unit = if c != '\\' {
            Err(c)
        } else {
            match chars.next()? {
                'n' => Err('\n'),
                't' => Err('\t'),
                'r' => Err('\r'),
                'b' => Err('\u{8}'),
                'f' => Err('\u{c}'),
                'u' => {
                    let mut unit = 0_u32;
                    for _ in 0..4 {
                        unit = unit << 4 | chars.next()?.to_digit(16)?;
                    }
                    Ok(unit)
                }
                other => Err(other),
            }
        };
        match (high.take(), unit) {
            (Some(first), Ok(second @ 0xDC00..=0xDFFF)) => {
                let low: u32 = (first & 0x3FF) << 10 | (second & 0x3FF);
                let code = low.wrapping_add(0x10000);
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (before, unit) => {
                if before.is_some() {
                    out.push(char::REPLACEMENT_CHARACTER);
                }
                match unit {
                    Err(c) => out.push(c),
                    Ok(first @ 0xD800..=0xDBFF) => high = Some(first),
                    Ok(unit) => {
                        out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
                    }
                }
            }
        }
    }
    if high.is_some() {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    Some(out)
}

/// Appends a string's JSON.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\0'..='\x1f' => {
                out.push_str("\\u00");
                for digit in [c as u32 >> 4, c as u32 & 15] {
                    out.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// Appends `"name":value`, behind a comma unless it is an object's first member.
pub(crate) fn put(out: &mut String, name: &str, value: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    quote(out, name);
    out.push(':');
    out.push_str(value);
}

/// An object's text up to its closing brace, to [`put`] more members into. `None` if it is no object.
pub(crate) fn open(value: &str) -> Option<String> {
    let inner = trim(inside(value, '{', '}')?);
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
        let found: Vec<_> = members(text).into_iter().flatten().collect();
        let names = ["a", "b\n", "c"].map(String::from);
        assert_eq!(found.len(), 3);
        for ((name, value), (wanted, text)) in
            found.iter().zip(
                names
                    .iter()
                    .zip([r#"[1, "],", {"b":"}"}]"#, "null", "-1.5e3"]),
            )
        {
            assert_eq!((name, *value), (wanted, text));
        }
        assert_eq!(elements("[]").map(Iterator::count), Some(0));
        assert_eq!(elements("[1, 2 ,[3,4]]").map(Iterator::count), Some(3));
        assert!(members("[]").is_none());
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
            let _ = members(text).map(Iterator::count);
            let _ = elements(text).map(Iterator::count);
            let _ = string(text);
        }
    }
}
