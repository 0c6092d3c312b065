//! What a signing scheme is: which headers it reads, what it signs, how a signature is written.
//!
//! One scheme a file. A scheme turns headers into a [`Claim`]; [`Webhook`](crate::Webhook) judges it.

pub mod direct;
pub mod scaikey;
pub mod standard;

use crate::error::Error;
use crate::headers::Headers;
use crate::mac::{Key, Mac, Tag, same};
use crate::sign::Signature;
use crate::timestamp::Timestamp;

/// A signature header may be this long; one with eleven keys is under 2 KiB.
pub(crate) const MAX_SIGNATURE: usize = 8192;

/// A signing scheme. The two are [`Standard`](standard::Standard) and [`ScaiKey`](scaikey::ScaiKey).
///
/// ```
/// use hookseal::{Secret, ScaiKey, Standard, Webhook};
///
/// let secret = Secret::from_bytes(&[7; 32])?;
/// let reducto = Webhook::new(Standard, [secret.clone()])?;
/// let scaikey = Webhook::new(ScaiKey, [secret])?;
/// # let _ = (reducto, scaikey);
/// # Ok::<(), hookseal::Error>(())
/// ```
pub trait Scheme: sealed::Sealed {}

pub(crate) mod sealed {
    use super::*;

    /// What a scheme says of its form. Private, so that schemes can grow.
    pub trait Sealed: Copy {
        /// Reads what the headers claim.
        fn claim<'h, H: Headers + ?Sized>(self, headers: &'h H) -> Result<Claim<'h>, Error>;
        /// The values of the signature header.
        fn signatures<H: Headers + ?Sized>(self, headers: &H) -> impl Iterator<Item = &[u8]>;
        /// Whether a signature header's value holds the tag. Compares every token it finds.
        fn holds(self, signatures: &[u8], tag: &Tag) -> bool;
        /// Writes a signature, given the timestamp that was signed.
        fn write(self, timestamp: &[u8], tag: &Tag) -> Signature;
    }
}

/// What a delivery's headers claim, well-formed but not yet believed.
#[derive(Clone, Copy)]
pub struct Claim<'h> {
    /// Signed in front of the timestamp, where the scheme has one.
    pub(crate) id: Option<&'h [u8]>,
    /// The header's own text: it is signed, never a re-serialised number.
    pub(crate) timestamp: &'h [u8],
    pub(crate) at: Timestamp,
}

impl Claim<'_> {
    /// Starts the MAC of the signed content: `{id}.{timestamp}.` or `{timestamp}.`; the body follows.
    pub(crate) fn mac<'k>(&self, key: &'k Key) -> Mac<'k> {
        let mut mac = Mac::new(key);
        for part in [self.id, Some(self.timestamp)].into_iter().flatten() {
            mac.update(part);
            mac.update(b".");
        }
        mac
    }
}

/// Whether a list has an item that is the wanted one. All are compared: no early exit.
///
/// The tag that was computed is written out and compared as text. A tag has one spelling in either scheme's encoding, so
/// this decides as decoding every token would, and does what takes time once.
#[inline(never)]
pub(crate) fn any_is(mut list: &[u8], separator: u8, wanted: &[u8]) -> bool {
    let mut found = false;
    loop {
        if let Some((item, rest)) = list.split_at_checked(wanted.len())
            && rest.first().is_none_or(|c| *c == separator)
        {
            found |= same(item, wanted);
        }
        // No item fits into what is left: it need not be searched.
        if list.len() <= wanted.len() {
            return found;
        }
        let Some(end) = list.iter().position(|c| *c == separator) else {
            return found;
        };
        list = list.get(end.saturating_add(1)..).unwrap_or_default();
    }
}

/// A set of the headers that any scheme knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Names(pub(crate) u8);

impl Names {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const SVIX_ID: Self = Self(1);

    /// Every header a scheme reads, in the order of their bits.
    pub(crate) const ALL: [&'static str; 7] = {
        let ([a, b, c], [d, e, f]) = (
            standard::Family::Svix.names(),
            standard::Family::Webhook.names(),
        );
        [a, b, c, d, e, f, scaikey::SIGNATURE]
    };

    pub(crate) fn iter(self) -> impl Iterator<Item = &'static str> {
        let named = move |(bit, name)| (self.0 >> bit & 1 == 1).then_some(name);
        (0u32..).zip(Self::ALL).filter_map(named)
    }
}

#[cfg(test)]
mod tests {
    use super::any_is;

    #[test]
    fn an_item_is_found_whole_or_not_at_all() {
        let found = |list: &str| any_is(list.as_bytes(), b' ', b"abc");
        for list in [
            "abc",
            "x abc",
            "abc x",
            " abc ",
            "abcd abc",
            "ab abc",
            "abc abc",
            "abcabc  abc",
        ] {
            assert!(found(list), "{list:?}");
        }
        for list in [
            "",
            " ",
            "ab",
            "abd",
            "abcd",
            "xabc",
            "abcabc",
            "ab c",
            "abc,",
            "x xabc abcx",
            "abC",
        ] {
            assert!(!found(list), "{list:?}");
        }
    }
}
