//! When to send a request again.
//!
//! | failure | repeatable request | any other request |
//! |---|---|---|
//! | the service was never reached | again | again |
//! | 429 | again | again: the service did not take it |
//! | 503 with `Retry-After` | again | again: the service says when |
//! | 408, 409, other 5xx | again | no |
//! | the connection was lost, or timed out | again | no |
//! | anything else | no | no |
//!
//! The wait is what the service asks for (`retry-after-ms`, else `Retry-After` in seconds or as a date); if
//! that is over a minute, the error is worth more to the caller than the wait. Else it is *full jitter*: a
//! random part of 0.5 s, doubled with each retry up to 8 s. Statuses, counts and the bounds are those of
//! Reducto's own client; the column for other requests is ours.

use super::{Method, Request};
use crate::text::{self, cut, until};
use crate::timestamp::Timestamp;
use core::time::Duration;

const FIRST_MS: u64 = 500;
const LONGEST_MS: u64 = 8_000;
/// Longer waits than this are not waited for.
const MOST_ASKED_MS: u64 = 60_000;

/// What went wrong with an attempt.
///
/// ```
/// use hookseal::http::Failure;
///
/// let failure = Failure::Status { status: 503, retry_after: Some("1"), retry_after_ms: None };
/// # let _ = failure;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure<'h> {
    /// The service answered with a status that is no success.
    Status {
        /// The status.
        status: u16,
        /// The header `Retry-After`.
        retry_after: Option<&'h str>,
        /// The header `retry-after-ms`.
        retry_after_ms: Option<&'h str>,
    },
    /// There was no connection, so the service has not seen the request.
    Unreached,
    /// The connection broke, or nothing came in time: the service may have acted on the request.
    Lost,
}

/// How often to try again. See the [module](crate::http) for an example.
///
/// ```
/// use hookseal::http::Retry;
///
/// assert_eq!(Retry::default(), Retry::at_most(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry(u32);

impl Default for Retry {
    /// Two retries, so three attempts.
    fn default() -> Self {
        Self(2)
    }
}

impl Retry {
    /// That many retries; 0 for none.
    ///
    /// ```
    /// # use hookseal::http::Retry;
    /// let never = Retry::at_most(0);
    /// # let _ = never;
    /// ```
    pub const fn at_most(retries: u32) -> Self {
        Self(retries)
    }

    /// How long to wait before the next attempt; `None` if there is to be none.
    ///
    /// `retries` is how many there were before; `now` matters for a date only; `random` is a random number
    /// from 0 to 1.
    ///
    /// ```
    /// use hookseal::http::{BaseUrl, Failure, Retry};
    /// use hookseal::{reducto::jobs, Timestamp};
    /// use std::time::Duration;
    ///
    /// let request = jobs::get(&BaseUrl::parse("https://platform.reducto.ai")?, "1")?;
    /// let wait = |retries| Retry::default().wait(&request, Failure::Lost, retries, Timestamp::from_secs(0), 1.0);
    /// assert_eq!(wait(0), Some(Duration::from_millis(500)));
    /// assert_eq!(wait(1), Some(Duration::from_millis(1000)));
    /// assert_eq!(wait(2), None);
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn wait(
        self,
        request: &Request,
        failure: Failure<'_>,
        retries: u32,
        now: Timestamp,
        random: f64,
    ) -> Option<Duration> {
        self.wait_ms(request.is_repeatable(), failure, retries, now, random)
            .map(Duration::from_millis)
    }

    pub(crate) fn wait_ms(
        self,
        repeatable: bool,
        failure: Failure<'_>,
        retries: u32,
        now: Timestamp,
        random: f64,
    ) -> Option<u64> {
        let (again, asked) = match failure {
            Failure::Unreached => (true, None),
            Failure::Lost => (repeatable, None),
            Failure::Status {
                status,
                retry_after,
                retry_after_ms,
            } => {
                let asked = asked_ms(retry_after, retry_after_ms, now);
                let safe = status == 429 || (status == 503 && asked.is_some());
                let worth = matches!(status, 408 | 409 | 500..=599);
                (safe || (repeatable && worth), asked)
            }
        };
        if !again || retries >= self.0 {
            return None;
        }
        match asked {
            Some(asked) => (asked <= MOST_ASKED_MS).then_some(asked),
            None => {
                let bound = FIRST_MS
                    .checked_shl(retries.min(8))
                    .unwrap_or(LONGEST_MS)
                    .min(LONGEST_MS);
                // The cast saturates, and gives 0 for NaN.
                Some(((bound as f64 * random) as u64).min(bound))
            }
        }
    }
}

/// Whether a redirect may be followed, with the credential: one that keeps the request as it is, to the
/// same origin.
///
/// ```
/// use hookseal::http::{Method, follows_redirect};
///
/// assert!(follows_redirect(Method::Get, 302, true));
/// assert!(follows_redirect(Method::Post, 308, true));
/// assert!(!follows_redirect(Method::Post, 302, true));
/// assert!(!follows_redirect(Method::Get, 302, false));
/// ```
pub const fn follows_redirect(method: Method, status: u16, same_origin: bool) -> bool {
    let kept = match status {
        307 | 308 => true,
        301..=303 => matches!(method, Method::Get),
        _ => false,
    };
    kept && same_origin
}

/// Whether a host's error code or text says that no connection was made.
///
/// ```
/// use hookseal::http::is_unreached;
///
/// assert!(is_unreached("ECONNREFUSED")); // Node
/// assert!(is_unreached("error sending request: client error (Connect)")); // Deno
/// assert!(!is_unreached("ECONNRESET"));
/// ```
pub fn is_unreached(code: &str) -> bool {
    let mut codes = "ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH UND_ERR_CONNECT_TIMEOUT \
                     ConnectionRefused DNSLookupFailed FailedToOpenSocket (Connect)";
    while !codes.is_empty() {
        let (known, rest) = until(codes, |byte| byte == b' ');
        if text::find(code, known).is_some() {
            return true;
        }
        codes = cut(rest, 1).1;
    }
    false
}

/// What the service asks for, in milliseconds. What cannot be read was not asked.
fn asked_ms(
    retry_after: Option<&str>,
    retry_after_ms: Option<&str>,
    now: Timestamp,
) -> Option<u64> {
    if let Some(milliseconds) = retry_after_ms.and_then(|text| decimal(text, 1)) {
        return Some(milliseconds);
    }
    let text = retry_after?;
    decimal(text, 1000).or_else(|| {
        let until = http_date(text)?.saturating_sub(now.as_secs());
        Some(
            u64::try_from(until)
                .unwrap_or(0)
                .min(LONG)
                .wrapping_mul(1000),
        )
    })
}

/// A number without sign, in a unit of so many parts (1 or 1000), rounded up where it has a fraction.
fn decimal(text: &str, parts: u64) -> Option<u64> {
    let (whole, fraction) = until(text.trim_ascii(), |byte| byte == b'.');
    let fraction = cut(fraction, 1).1;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    // One too long for this is too long to wait for as well.
    let whole = text::digits(whole).unwrap_or(LONG).min(LONG);
    let mut value = whole.wrapping_mul(parts);
    let mut unit = parts;
    for digit in fraction.bytes() {
        unit = unit.div_ceil(10);
        value = value.wrapping_add(unit.wrapping_mul(u64::from(digit & 15)));
    }
    Some(value)
}

/// So many seconds or milliseconds are more than anybody waits.
const LONG: u64 = 1 << 32;

/// Reads an HTTP date in its three forms (RFC 9110, 5.6.7), as seconds since 1970.
fn http_date(text: &str) -> Option<i64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    // The day of the week says nothing new.
    let mut rest = until(text.trim_ascii(), |byte| byte == b' ').1;
    let mut numbers = [0_u32; 5];
    let mut count = 0_usize;
    // How many numbers come before it, and which one it is.
    let mut month = None;
    while !rest.is_empty() && count < numbers.len() {
        let (word, after) = until(rest, |byte| matches!(byte, b' ' | b',' | b'-' | b':'));
        rest = cut(after, 1).1;
        if word.is_empty() {
            continue;
        }
        if let Some(number) = text::digits(word) {
            *numbers.get_mut(count)? = number.min(99_999) as u32;
            count = count.saturating_add(1);
        } else {
            let at = text::find(MONTHS, word).filter(|at| word.len() == 3 && at % 3 == 0)?;
            if month.is_some() || count > 1 {
                return None;
            }
            month = Some((count, at / 3));
        }
    }
    // Sun, 06 Nov 1994 08:49:37 GMT, and Sunday, 06-Nov-94 08:49:37 GMT; or Sun Nov  6 08:49:37 1994
    let (before, month) = month?;
    let [day, a, b, c, d] = numbers;
    let [year, hour, minute, second] = if before == 1 {
        [a, b, c, d]
    } else {
        [d, a, b, c]
    };
    // Two digits: the year that is near. Nobody asks to wait for the last century.
    let year = if year < 100 {
        year.wrapping_add(2000)
    } else {
        year
    };
    let sane = count == numbers.len()
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && (1970..10_000).contains(&year);
    if !sane {
        return None;
    }
    // Days from the civil calendar, with years that begin in March.
    let month = month as u32;
    let (year, month) = if month < 2 {
        (year.wrapping_sub(1), month.wrapping_add(10))
    } else {
        (year, month.wrapping_sub(2))
    };
    let leaps = (year / 4).wrapping_sub(year / 100).wrapping_add(year / 400);
    let days = year.wrapping_mul(365).wrapping_add(leaps);
    let days = days.wrapping_add(month.wrapping_mul(153).wrapping_add(2) / 5);
    let days = days.wrapping_add(day).wrapping_sub(719_469);
    let minutes = hour.wrapping_mul(60).wrapping_add(minute);
    let seconds = minutes.wrapping_mul(60).wrapping_add(second);
    Some(
        i64::from(days)
            .wrapping_mul(86_400)
            .wrapping_add(seconds.into()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_their_three_forms() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(http_date(text), Some(784_111_777), "{text}");
        }
        assert_eq!(
            http_date("Friday, 06-Nov-26 08:49:37 GMT"),
            http_date("Fri, 06 Nov 2026 08:49:37 GMT")
        );
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(
            http_date("Thu, 29 Feb 2024 00:00:00 GMT"),
            Some(1_709_164_800)
        );
        assert_eq!(
            http_date("Fri, 31 Dec 9999 23:59:59 GMT"),
            Some(253_402_300_799)
        );
        for text in [
            "",
            "soon",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 anF 1994 08:49:37 GMT",
            "Sun, 99 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    #[test]
    fn numbers() {
        for (text, wanted) in [
            ("0", Some(0)),
            (" 7 ", Some(7000)),
            ("1.5", Some(1500)),
            ("0.001", Some(1)),
            ("-1", None),
            ("1e3", None),
            ("", None),
            (".5", None),
            ("99999999999999999999", Some(LONG * 1000)),
        ] {
            assert_eq!(decimal(text, 1000), wanted, "{text}");
        }
        assert_eq!(decimal("1500.2", 1), Some(1502)); // never early
    }
}
