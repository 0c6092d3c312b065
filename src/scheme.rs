//! What a signing scheme is: which headers it reads, what it signs, how a signature is written.
//!
//! One scheme a file. A scheme turns headers into a [`Claim`]; [`Webhook`](crate::Webhook) judges it.

pub mod direct;
pub mod scaikey;
pub mod standard;

use crate::error::Error;
use crate::headers::Headers;
use crate::mac::{Key, Mac, Tag};
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
        /// Writes a signature.
        fn write(self, claim: &Claim<'_>, tag: &Tag) -> Signature;
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
    pub(crate) fn mac(&self, key: &Key) -> Mac {
        let mut mac = Mac::new(key);
        for part in [self.id, Some(self.timestamp)].into_iter().flatten() {
            mac.update(part);
            mac.update(b".");
        }
        mac
    }
}

/// Whether any of the tokens is the tag. All are compared: no early exit.
pub(crate) fn any_is(tag: &Tag, tokens: impl Iterator<Item = [u8; 32]>) -> bool {
    tokens.fold(false, |found, token| found | Tag(token).same(tag))
}

/// A set of the headers that any scheme knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Names(pub(crate) u8);

impl Names {
    pub(crate) const NONE: Self = Self(0);

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
