//! Standard Webhooks, as Svix sends it and so Reducto's signed webhooks.
//!
//! Signed content is `{id}.{timestamp}.{body}`, the tag HMAC-SHA-256, the signature header a list
//! of `v1,<base64>` divided by spaces ([specification], [Svix's documentation]). A real one, during
//! a rotation:
//!
//! ```text
//! svix-id: msg_p5jXN8AQM9LWM0D4loKWxJek
//! svix-timestamp: 1614265330
//! svix-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,bm9ldHUjKzFob2VudXRob2VodWUzMjRvdWVvdW9ldQo=
//! ```
//!
//! [specification]: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
//! [Svix's documentation]: https://docs.svix.com/receiving/verifying-payloads/how-manual

use super::sealed::Sealed;
use super::{Claim, Names, Scheme, any_is};
use crate::encoding::base64_encode;
use crate::error::{Error, Reason};
use crate::headers::{Headers, Value};
use crate::mac::Tag;
use crate::sign::Signature;
use crate::timestamp::Timestamp;

/// What divides the signatures.
pub(crate) const SEPARATOR: u8 = b' ';

/// The longest id, in bytes.
pub(crate) const MAX_ID: usize = 256;

/// The Standard Webhooks scheme, with symmetric (`v1`) signatures.
///
/// ```
/// use hookseal::{Secret, Standard, Timestamp, Webhook};
///
/// let secret: Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// let headers = [
///     ("svix-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
///     ("svix-timestamp", "1614265330"),
///     ("svix-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
/// ];
/// let now = Timestamp::from_secs(1_614_265_330);
/// let delivery = Webhook::new(Standard, [secret])?.verify(&headers, br#"{"test": 2432232314}"#, now)?;
/// assert_eq!(delivery.id(), Some("msg_p5jXN8AQM9LWM0D4loKWxJek"));
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Standard;

impl Scheme for Standard {}

/// One of the two sets of header names. A delivery uses one, whole; they are never mixed.
#[derive(Clone, Copy)]
pub(crate) enum Family {
    Svix,
    Webhook,
}

impl Family {
    /// The names of the id, the timestamp and the signature.
    pub(crate) const fn names(self) -> [&'static str; 3] {
        match self {
            Self::Svix => ["svix-id", "svix-timestamp", "svix-signature"],
            Self::Webhook => ["webhook-id", "webhook-timestamp", "webhook-signature"],
        }
    }

    /// The first family that is all there, given which of its three headers each one has (bits 0 to 2).
    pub(crate) fn choose(svix: u8, webhook: u8) -> Result<Self, Error> {
        match (svix, webhook) {
            (7, _) => Ok(Self::Svix),
            (_, 7) => Ok(Self::Webhook),
            _ if webhook.count_ones() > svix.count_ones() => Err(Self::Webhook.missing(webhook)),
            _ => Err(Self::Svix.missing(svix)),
        }
    }

    fn missing(self, present: u8) -> Error {
        self.error(Reason::MissingHeader, !present & 7)
    }

    fn error(self, reason: Reason, which: u8) -> Error {
        let bits = match self {
            Self::Svix => which,
            Self::Webhook => which << 3,
        };
        Error::in_headers(reason, Names(bits))
    }

    /// Checks the form of the three headers, the signature's by its length alone.
    pub(crate) fn claim<'h>(
        self,
        id: Value<'h>,
        timestamp: Value<'h>,
        signature_length: usize,
    ) -> Result<Claim<'h>, Error> {
        claim(id, timestamp, signature_length).map_err(|(reason, which)| self.error(reason, which))
    }

    fn of<H: Headers + ?Sized>(headers: &H) -> Result<Self, Error> {
        let present = |family: Self| {
            let bit = |name| u8::from(!Value::of(headers.values(name)).is_missing());
            let [id, timestamp, signature] = family.names().map(bit);
            id | timestamp << 1 | signature << 2
        };
        Self::choose(present(Self::Svix), present(Self::Webhook))
    }
}

/// As [`Family::claim`]: what is wrong, and with which of the three headers.
fn claim<'h>(
    id: Value<'h>,
    timestamp: Value<'h>,
    signature_length: usize,
) -> Result<Claim<'h>, (Reason, u8)> {
    const ID: u8 = 1;
    const TIMESTAMP: u8 = 2;
    const SIGNATURE: u8 = 4;
    let once = |value, which| match value {
        Value::Once(text) => Ok(text),
        Value::Missing => Err((Reason::MissingHeader, which)),
        Value::Repeated => Err((Reason::RepeatedHeader, which)),
    };
    let id = once(id, ID)?;
    if !is_id(id) {
        return Err((Reason::InvalidId, ID));
    }
    let text = once(timestamp, TIMESTAMP)?;
    let at = Timestamp::parse(text).ok_or((Reason::InvalidTimestamp, TIMESTAMP))?;
    if signature_length > super::MAX_SIGNATURE {
        return Err((Reason::SignatureTooLong, SIGNATURE));
    }
    Ok(Claim {
        id: Some(id),
        timestamp: text,
        at,
    })
}

/// Whether an id has the form that the specification asks for. A dot would let the same bytes be
/// split into id and body in two ways.
#[inline(never)]
fn is_id(id: &[u8]) -> bool {
    !id.is_empty() && id.len() <= MAX_ID && id.iter().all(|c| c.is_ascii_graphic() && *c != b'.')
}

impl Sealed for Standard {
    fn claim<'h, H: Headers + ?Sized>(self, headers: &'h H) -> Result<Claim<'h>, Error> {
        let family = Family::of(headers)?;
        let [id, timestamp, signature] = family.names();
        // Several signature headers count as one, joined by spaces.
        let length = headers.values(signature).fold(0usize, |sum, value| {
            sum.saturating_add(value.len()).saturating_add(1)
        });
        let (id, timestamp) = (
            Value::of(headers.values(id)),
            Value::of(headers.values(timestamp)),
        );
        family.claim(id, timestamp, length.saturating_sub(1))
    }

    fn signatures<H: Headers + ?Sized>(self, headers: &H) -> impl Iterator<Item = &[u8]> {
        let family = Family::of(headers).unwrap_or(Family::Svix);
        let [.., signature] = family.names();
        headers.values(signature)
    }

    fn holds(self, signatures: &[u8], tag: &Tag) -> bool {
        any_is(signatures, SEPARATOR, &token(tag))
    }

    fn write(self, _: &[u8], tag: &Tag) -> Signature {
        Signature::from_parts([&token(tag)])
    }
}

/// `v1,<base64>`.
pub(crate) fn token(tag: &Tag) -> [u8; 47] {
    let mut token = [0; 47];
    let (version, text) = token.split_at_mut(3);
    version.copy_from_slice(b"v1,");
    base64_encode(&tag.0, text);
    token
}
