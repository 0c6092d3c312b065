//! What a call can fail with, once there is a response.

use super::Response;
use crate::json;
use crate::text::{self, cut, push_byte, push_digits, until};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What an error shows of a body that was not as promised.
const EXCERPT_BYTES: usize = 200;
/// A message names so many details; the error holds them all.
const DETAILS_SHOWN: u64 = 10;
const TEXT_SHOWN: usize = 300;

/// A call that failed with a response.
///
/// ```
/// use hookseal::http::{ApiError, Response};
/// use hookseal::reducto::portal;
///
/// let response = Response::new(422, &[], br#"{"detail":[{"loc":["header","user-id"],"msg":"too long","type":"string_too_long"}]}"#);
/// match portal::url(&response).unwrap_err() {
///     ApiError::Status(error) => {
///         assert_eq!((error.status(), error.code()), (422, "validation_error"));
///         assert!(error.to_string().ends_with("header.user-id: too long"));
///     }
///     other => panic!("{other}"),
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiError {
    /// The status says so.
    Status(StatusError),
    /// The status is one of success, but the body is not what was promised.
    Response(ResponseError),
}

impl From<StatusError> for ApiError {
    fn from(error: StatusError) -> Self {
        Self::Status(error)
    }
}

impl From<ResponseError> for ApiError {
    fn from(error: ResponseError) -> Self {
        Self::Response(error)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(error) => error.fmt(f),
            Self::Response(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiError({self})")
    }
}

impl core::error::Error for ApiError {}

/// A status that is no success. See [`ApiError`] for an example.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusError {
    status: u16,
    message: String,
    request_id: Option<String>,
    detail: Vec<Detail>,
}

impl StatusError {
    pub(super) fn of(response: &Response) -> Self {
        Self {
            status: response.status(),
            message: status_message(response.status(), response.text(), Sent::Service),
            request_id: ["x-request-id", "request-id"]
                .iter()
                .find_map(|name| request_id(response.header(name)?))
                .map(String::from),
            detail: details(response.text()),
        }
    }

    /// The status.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// A stable name for the status.
    pub const fn code(&self) -> &'static str {
        code_of(self.status)
    }

    /// The service's own name for the request, to be told to its support.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// What a 422 says is wrong (`HTTPValidationError`).
    pub fn detail(&self) -> &[Detail] {
        &self.detail
    }
}

impl fmt::Display for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatusError({self})")
    }
}

impl core::error::Error for StatusError {}

/// One thing that is wrong with a request, as the service says. Its `input` is left out: it repeats what
/// was sent.
///
/// ```
/// # use hookseal::http::{ApiError, Response};
/// # use hookseal::reducto::portal;
/// let body = br#"{"detail":[{"loc":["body","input",0],"msg":"Field required","type":"missing"}]}"#;
/// let Err(ApiError::Status(error)) = portal::url(&Response::new(422, &[], body)) else { panic!() };
/// assert_eq!(error.detail()[0].loc, ["body", "input", "0"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detail {
    /// The path to what is wrong.
    pub loc: Vec<String>,
    /// What is wrong, for people.
    pub msg: String,
    /// What is wrong, for programs (`type`).
    pub kind: String,
}

/// A body that is not what was promised, with a success status.
///
/// ```
/// use hookseal::http::Response;
/// use hookseal::reducto::portal;
///
/// let response = Response::new(200, &[("content-type", "text/html")], b"<html>Sign in</html>");
/// let message = portal::url(&response).unwrap_err().to_string();
/// assert_eq!(message, "200 text/html is not the promised JSON: <html>Sign in</html>");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseError(String);

impl ResponseError {
    pub(crate) fn of(response: &Response) -> Self {
        let mut message = String::new();
        push_digits(&mut message, response.status().into());
        push_byte(&mut message, b' ');
        message.push_str(
            response
                .header("content-type")
                .unwrap_or("without content type"),
        );
        message.push_str(" is not the promised JSON: ");
        message.push_str(&excerpt(response.text(), ""));
        Self(message)
    }
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseError({self})")
    }
}

impl core::error::Error for ResponseError {}

/// Where a request went that failed.
#[derive(Clone, Copy)]
pub(crate) enum Sent {
    /// To the service.
    Service,
    /// To the service, which redirected it within its origin more often than is followed.
    #[cfg_attr(not(all(target_arch = "wasm32", feature = "sdk")), allow(dead_code))]
    Around,
    /// To a result's own URL, without credential.
    #[cfg_attr(not(all(target_arch = "wasm32", feature = "sdk")), allow(dead_code))]
    Public,
}

impl Sent {
    /// By its number.
    #[cfg(all(target_arch = "wasm32", feature = "sdk"))]
    pub(crate) const fn of(number: u32) -> Self {
        match number {
            0 => Self::Service,
            1 => Self::Around,
            _ => Self::Public,
        }
    }
}

/// A stable name for a status, and in another line what to do about it.
const fn meaning(status: u16) -> &'static str {
    match status {
        300..=399 => {
            "redirect\nthe service redirects elsewhere, or so that the request would change: check the base URL"
        }
        400 => "bad_request\nthe request was refused",
        401 => {
            "unauthorized\nthe credential was refused: check that it is complete, still valid, and of this base URL"
        }
        403 => "forbidden\nthe credential may not do this",
        404 => {
            "not_found\nnothing is there: check the id and the base URL (Reducto forgets a job 12 hours after completion)"
        }
        409 => "conflict\nthe request is in conflict with the present state",
        410 => "gone\nit is no longer there",
        422 => "validation_error\nthe request was refused",
        429 => "rate_limited\ntoo many requests",
        500..=599 => "server_error\nthe service failed",
        _ => "http_error\nthe request failed",
    }
}

/// The status's stable name.
const fn code_of(status: u16) -> &'static str {
    let meaning = meaning(status);
    let mut rest = meaning.as_bytes();
    while let [byte, after @ ..] = rest
        && *byte != b'\n'
    {
        rest = after;
    }
    match meaning.split_at_checked(meaning.len().saturating_sub(rest.len())) {
        Some((code, _)) => code,
        None => meaning,
    }
}

/// The status's stable name; and in a second line [`status_message`].
pub(crate) fn status_lines(status: u16, body: &str, sent: Sent) -> String {
    let (code, meant) = text::split(meaning(status), "\n").unwrap_or_default();
    let mut message = String::new();
    push_digits(&mut message, status.into());
    message.push_str(": ");
    message.push_str(match (sent, status) {
        (Sent::Around, _) => {
            "the service redirects within its origin again and again, in a loop: check the base URL"
        }
        (Sent::Public, 401 | 403 | 404) => {
            "the result's URL may have expired, or is not readable: result(id) asks for a new one"
        }
        _ => meant,
    });
    let detail = json::member(body, "detail").unwrap_or_default();
    let mut count = 0_u64;
    for element in json::elements(detail).into_iter().flatten() {
        let (place, said) = (place_of(element), said_in(element, "msg"));
        if place.is_empty() && said.is_empty() {
            continue;
        }
        count = count.saturating_add(1);
        if count <= DETAILS_SHOWN {
            message.push_str(if count == 1 { ": " } else { "; " });
            message.push_str(front(&place, TEXT_SHOWN));
            message.push_str(if place.is_empty() { "" } else { ": " });
            message.push_str(front(&said, TEXT_SHOWN));
        }
    }
    if count > DETAILS_SHOWN {
        message.push_str("; and ");
        push_digits(&mut message, count.saturating_sub(DETAILS_SHOWN));
        message.push_str(" more");
    }
    if let Some(said) = json::string(detail) {
        message.push_str(": ");
        message.push_str(front(&said, TEXT_SHOWN));
    }
    let mut lines = String::from(code);
    push_byte(&mut lines, b'\n');
    // One line: what the service says must not look like further lines of a log.
    push_line(&mut lines, &redact(&message, ""));
    lines
}

/// The status in one line, with what the body's `detail` says.
fn status_message(status: u16, body: &str, sent: Sent) -> String {
    let lines = status_lines(status, body, sent);
    text::split(&lines, "\n").unwrap_or_default().1.into()
}

/// The elements of `detail` that say something.
fn details(body: &str) -> Vec<Detail> {
    let elements = json::member(body, "detail").and_then(json::elements);
    let detail = |element| Detail {
        loc: loc(element).collect(),
        msg: said_in(element, "msg"),
        kind: said_in(element, "type"),
    };
    let says = |detail: &Detail| !detail.msg.is_empty() || !detail.loc.is_empty();
    let details = elements.into_iter().flatten().map(detail);
    details.filter(says).collect()
}

fn said_in(element: &str, name: &str) -> String {
    let member = json::member(element, name).and_then(json::string);
    member.unwrap_or_default()
}

/// The steps of the path to what is wrong.
fn loc(element: &str) -> impl Iterator<Item = String> {
    let steps = json::member(element, "loc").and_then(json::elements);
    let step = |step| json::string(step).unwrap_or_else(|| String::from(step));
    steps.into_iter().flatten().map(step)
}

/// The path to what is wrong.
fn place_of(element: &str) -> String {
    let mut place = String::new();
    for step in loc(element) {
        place.push_str(if place.is_empty() { "" } else { "." });
        place.push_str(&step);
    }
    place
}

/// A request id, if the header's value looks like one.
pub(crate) fn request_id(value: &str) -> Option<&str> {
    let plain =
        (1..=128).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then_some(value)
}

/// The front of a body for an error's message, on one line, without secrets.
pub(crate) fn excerpt(body: &str, credential: &str) -> String {
    // Only the front is looked at; more than enough of it that no secret is cut in two at its end.
    let text = redact(front(body, 16 * 1024), credential);
    let mut line = String::new();
    push_line(&mut line, front(&text, EXCERPT_BYTES));
    line
}

/// Takes out what must not be shown: the credential, what follows a `#` (a portal's URL carries a key there),
/// and the values of JSON members named like a secret.
pub(crate) fn redact(text: &str, credential: &str) -> String {
    let text = replace(text, credential, HIDDEN, |_, _| 0);
    let text = replace(&text, "#", "#", |out, after| {
        let ends = |byte: u8| byte <= b' ' || b"\"<>')".contains(&byte);
        let hidden = until(after, ends).0.len();
        out.push_str(if hidden > 0 { HIDDEN } else { "" });
        hidden
    });
    replace(&text, "secret", "secret", |out, after| {
        // secret_key": "…
        let (name, value) = until(after, |byte| matches!(byte, b'"' | b'{' | b' '));
        let value = value.strip_prefix('"').map(json::trim);
        let value = value
            .and_then(|value| value.strip_prefix(':'))
            .map(json::trim);
        let Some(value) = value.and_then(|value| value.strip_prefix('"')) else {
            return 0;
        };
        out.push_str(name);
        out.push_str("\": \"");
        out.push_str(HIDDEN);
        let mut escaped = false;
        let end = value.bytes().position(|byte| {
            let quote = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            quote
        });
        let left = end.map_or(0, |end| value.len().saturating_sub(end));
        after.len().saturating_sub(left)
    })
}

const HIDDEN: &str = "[redacted]";

/// Copies a text, with `shown` for each occurrence of another in it. What `hide` appends there stands for as many
/// bytes behind it as it says.
fn replace(text: &str, wanted: &str, shown: &str, hide: fn(&mut String, &str) -> usize) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = text::split(rest, wanted) {
        out.push_str(before);
        out.push_str(shown);
        let hidden = hide(&mut out, after);
        rest = cut(after, hidden).1;
    }
    out.push_str(rest);
    out
}

/// Appends a text without line breaks and other control characters.
fn push_line(out: &mut String, text: &str) {
    let mut rest = text;
    loop {
        // U+0080 to U+009F begin with 0xC2.
        let (plain, odd) = until(rest, |byte| matches!(byte, 0..32 | 0x7F | 0xC2));
        out.push_str(plain);
        let (odd, after) = match odd.as_bytes() {
            [] => return,
            [0xC2, last, ..] if *last >= 0xA0 => cut(odd, 2),
            [0xC2, ..] => (" ", cut(odd, 2).1),
            _ => (" ", cut(odd, 1).1),
        };
        out.push_str(odd);
        rest = after;
    }
}

/// The first bytes of a text, up to a character's end.
fn front(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out() {
        for (text, wanted) in [
            ("key_1 and key_1", "[redacted] and [redacted]"),
            (
                "\"https://x/login#key=abc\"",
                "\"https://x/login#[redacted]\"",
            ),
            ("\"https://x/login#key=abc", "\"https://x/login#[redacted]"),
            (
                r#"{"secret":"s\"x","id":1}"#,
                r#"{"secret": "[redacted]","id":1}"#,
            ),
            (
                r#"{"signing_secret" : "sss"#,
                r#"{"signing_secret": "[redacted]"#,
            ),
            ("a secret", "a secret"),
            ("# ", "# "),
        ] {
            assert_eq!(redact(text, "key_1"), wanted, "{text}");
        }
    }

    #[test]
    fn messages_stay_short_and_on_one_line() {
        let one = r#"{"loc":["a"],"msg":"b\nc","type":"d"}"#;
        let body = format!("{{\"detail\":[{}]}}", [one; 12].join(","));
        let message = status_message(422, &body, Sent::Service);
        assert!(
            message.starts_with("422: the request was refused: a: b c; a: b c"),
            "{message}"
        );
        assert!(message.ends_with("; and 2 more"), "{message}");
        let service = |status, body| status_message(status, body, Sent::Service);
        assert_eq!(service(401, "nonsense").lines().count(), 1);
        assert!(service(404, r#"{"detail":"Job not found"}"#).ends_with(": Job not found"));
    }

    #[test]
    fn messages_say_what_is_known_of_where_it_was_sent() {
        for status in [401, 403, 404] {
            let message = status_message(status, "", Sent::Public);
            assert!(message.contains("may have expired"), "{message}");
            assert!(!message.contains("credential"), "{message}");
        }
        let message = status_message(302, "", Sent::Around);
        assert!(
            message.contains("loop") && !message.contains("elsewhere"),
            "{message}"
        );
    }
}
