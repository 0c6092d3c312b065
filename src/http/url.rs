//! The rules for URLs and their parts.

use crate::error::{Error, Reason};
use crate::text::{self, cut, push_byte, push_hex, until};
use alloc::string::String;

/// Whether a text is an absolute `http` or `https` URL whose host and rest (path, query and fragment) are good.
/// Not one with user information, white space, backslashes or anything outside ASCII: different programs read these
/// differently.
fn is_url(text: &str, is_good: fn(secure: bool, host: &str, rest: &str) -> bool) -> bool {
    let odd =
        |byte: u8| !byte.is_ascii_graphic() || matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`');
    let Some((scheme, after)) = text::split(text, "://") else {
        return false;
    };
    let secure = scheme.eq_ignore_ascii_case("https");
    let (authority, rest) = until(after, |byte| matches!(byte, b'/' | b'?' | b'#'));
    // An IPv6 address has colons of its own.
    let end = text::find(authority, "]").map_or(0, |bracket| bracket.saturating_add(1));
    let (address, tail) = cut(authority, end);
    let (name, port) = until(tail, |byte| byte == b':');
    let host = if end > 0 { address } else { name };
    !text.bytes().any(odd)
        && (secure || scheme.eq_ignore_ascii_case("http"))
        && !host.is_empty()
        && (end == 0 || name.is_empty())
        && text::find(host, "@").is_none()
        && (port.is_empty() || text::digits(cut(port, 1).1).is_some_and(|port| port <= 65_535))
        && is_good(secure, host, rest)
}

/// Whether a host is this machine: `localhost`, a name below it, 127.0.0.0/8 or `[::1]`.
fn is_loopback(host: &str) -> bool {
    let (front, tail) = cut(host, host.len().saturating_sub(9));
    if tail.eq_ignore_ascii_case("localhost") || host == "[::1]" {
        return front.is_empty() || front.as_bytes().last() == Some(&b'.');
    }
    let Some(mut rest) = host.strip_prefix("127.") else {
        return false;
    };
    let mut numbers = 0_u32;
    loop {
        let (number, after) = until(rest, |byte| byte == b'.');
        if text::digits(number).is_none_or(|number| number > 255) {
            return false;
        }
        numbers = numbers.saturating_add(1);
        if after.is_empty() {
            return numbers == 3;
        }
        rest = cut(after, 1).1;
    }
}

/// Whether a URL is `https`, or `http` on this machine: one to send a payload to, or to fetch one from.
pub(crate) fn is_safe(text: &str) -> bool {
    is_url(text, |secure, host, _| secure || is_loopback(host))
}

/// Where a service is: an `http` or `https` URL without user information, query and fragment.
///
/// ```
/// use hookseal::http::BaseUrl;
///
/// assert_eq!(BaseUrl::parse(" https://id.example.com/ ")?.as_str(), "https://id.example.com");
/// assert!(BaseUrl::parse("id.example.com").is_err());
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Takes a URL; white space around it and slashes behind it are trimmed (it comes from settings).
    ///
    /// `http` is accepted on any host: where the service is, and how the way to it is protected, is the
    /// operator's business.
    ///
    /// # Errors
    ///
    /// [`Reason::InvalidBaseUrl`].
    ///
    /// ```
    /// use hookseal::http::BaseUrl;
    ///
    /// assert!(BaseUrl::parse("http://127.0.0.1:8080/scaikey").is_ok());
    /// assert!(BaseUrl::parse("https://user:password@id.example.com").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut text = text.trim_ascii();
        while let [front @ .., b'/'] = text.as_bytes() {
            text = cut(text, front.len()).0;
        }
        let ok = is_url(text, |_, _, rest| {
            until(rest, |byte| matches!(byte, b'?' | b'#')).1.is_empty()
        });
        ok.then(|| Self(text.into()))
            .ok_or(Reason::InvalidBaseUrl.into())
    }

    /// Of a text that [`BaseUrl::parse`] gave before.
    #[cfg(all(target_arch = "wasm32", feature = "sdk"))]
    pub(crate) fn checked(text: &str) -> Self {
        Self(text.into())
    }

    /// The URL, without a slash at its end.
    ///
    /// ```
    /// # use hookseal::http::BaseUrl;
    /// assert_eq!(BaseUrl::parse("https://id.example.com/a/")?.as_str(), "https://id.example.com/a");
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL of a path.
    pub(crate) fn at(&self, path: &str) -> String {
        let mut url = self.0.clone();
        url.push_str(path);
        url
    }
}

#[cfg(all(target_arch = "wasm32", feature = "sdk"))]
impl From<BaseUrl> for String {
    fn from(url: BaseUrl) -> Self {
        url.0
    }
}

/// Appends a text percent-encoded: everything but RFC 3986's unreserved characters.
pub(crate) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            push_byte(out, byte);
        } else {
            push_byte(out, b'%');
            push_hex(out, byte);
        }
    }
}

/// Appends `/` and an id as one path segment. An empty one, `.` and `..` would name another path.
pub(crate) fn push_id(url: &mut String, id: &str) -> Result<(), Reason> {
    if matches!(id, "" | "." | "..") {
        return Err(Reason::InvalidPathId);
    }
    push_byte(url, b'/');
    encode(url, id);
    Ok(())
}

/// Appends `?name=value` or `&name=value`.
pub(crate) fn push_query(url: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let first = text::find(url, "?").is_none();
        url.push_str(if first { "?" } else { "&" });
        url.push_str(name);
        push_byte(url, b'=');
        encode(url, value);
    }
}

/// Reads a whole number's text, as JavaScript prints it: an optional minus and digits, exact in an `f64`.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes() {
        [b'-', ..] => (-1, cut(text, 1).1),
        _ => (1, text),
    };
    let number = text::digits(digits).filter(|number| *number < 1 << 53)?;
    Some((number as i64).wrapping_mul(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_safe() {
        for good in [
            "https://example.com",
            "HTTPS://EXAMPLE.com:8443/hook?a=b#c",
            "http://localhost:3000/hook",
            "http://a.localhost",
            "http://127.0.0.1",
            "http://127.9.9.9:1/x",
            "http://[::1]:8080/",
            "https://[2001:db8::1]/",
        ] {
            assert!(is_safe(good), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "http://example.com",
            "ftp://localhost",
            "https://",
            "https:///x",
            "https://a b",
            "https://a@b",
            "http://localhost@evil.com",
            "http://localhost.evil.com",
            "http://evillocalhost",
            "http://127.evil.com",
            "http://127.0.0.1.evil.com",
            "http://127.1",
            "https:\\\\example.com",
            "https://example.com:99999",
            "https://example.com:x",
            "https://bücher.example",
            "https://example.com\n",
            "//example.com",
            "javascript://x",
            "http://[::2]",
            "https://[::1]x",
            "http://localhost\\@evil.com",
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
    }

    #[test]
    fn ids_stay_in_their_segment() {
        let mut url = String::from("https://x/job");
        assert!(push_id(&mut url, "a/../b?c#d%2e é").is_ok());
        assert_eq!(url, "https://x/job/a%2F..%2Fb%3Fc%23d%252e%20%C3%A9");
        for bad in ["", ".", ".."] {
            assert!(push_id(&mut url, bad).is_err());
        }
        assert!(push_id(&mut url, "...").is_ok());
    }

    #[test]
    fn integers() {
        for (text, number) in [
            ("0", Some(0)),
            ("-7", Some(-7)),
            ("9007199254740991", Some(9_007_199_254_740_991)),
            ("9007199254740992", None),
            ("1.5", None),
            ("1e3", None),
            ("+1", None),
            ("", None),
            ("-", None),
            ("NaN", None),
        ] {
            assert_eq!(integer(text), number, "{text}");
        }
    }
}
