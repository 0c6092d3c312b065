//! Moments and how far apart they may be, in whole seconds.

use crate::error::{Error, Reason};

/// The most digits a timestamp may have; any such number is exact in an `f64`, too.
pub(crate) const MAX_DIGITS: usize = 15;

/// A moment: whole seconds since 1970-01-01T00:00:00Z.
///
/// The crate reads no clock, so "now" is always an argument.
///
/// ```
/// use hookseal::Timestamp;
/// use std::time::{SystemTime, UNIX_EPOCH};
///
/// let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
/// assert!(Timestamp::from_secs(now as i64) > Timestamp::from_secs(1_614_265_330));
/// # Ok::<(), std::time::SystemTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment that many seconds after (or, negative, before) 1970-01-01T00:00:00Z.
    ///
    /// ```
    /// assert_eq!(hookseal::Timestamp::from_secs(1_614_265_330).as_secs(), 1_614_265_330);
    /// ```
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    ///
    /// ```
    /// assert_eq!(hookseal::Timestamp::from_secs(7).as_secs(), 7);
    /// ```
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// Reads a header's text: 1 to 15 ASCII digits and nothing else.
    #[inline(never)]
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        if text.is_empty() || text.len() > MAX_DIGITS || !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let add =
            |number: i64, digit: &u8| number.wrapping_mul(10).wrapping_add(i64::from(digit & 15));
        Some(Self(text.iter().fold(0, add)))
    }
}

/// How far a delivery's timestamp may lie from now, both ways, inclusive.
///
/// ```
/// use hookseal::Tolerance;
///
/// assert_eq!(Tolerance::default(), Tolerance::from_secs(300));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance(u64);

impl Default for Tolerance {
    /// 300 seconds.
    fn default() -> Self {
        Self(300)
    }
}

impl Tolerance {
    /// That many seconds; 0 accepts the exact second only. No value switches the check off: who has
    /// to replay old deliveries passes the `now` it wants.
    ///
    /// ```
    /// let tolerance = hookseal::Tolerance::from_secs(60);
    /// # let _ = tolerance;
    /// ```
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Refuses a moment that lies too far from now.
    pub(crate) fn check(self, at: Timestamp, now: Timestamp) -> Result<(), Error> {
        if at.0.abs_diff(now.0) <= self.0 {
            return Ok(());
        }
        Err(if at < now {
            Reason::TimestampTooOld
        } else {
            Reason::TimestampTooNew
        }
        .into())
    }
}
