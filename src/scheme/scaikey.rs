//! ScaiKey's own scheme.
//!
//! Signed content is `{t}.{body}`, the tag HMAC-SHA-256 under the secret's UTF-8 bytes (ScaiKey's
//! webhook reference). A real header:
//!
//! ```text
//! X-ScaiKey-Signature: t=1718000000,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd
//! ```
//!
//! Exactly one `t`; one or more `v1`; other keys are ignored.

use super::sealed::Sealed;
use super::{Claim, MAX_SIGNATURE, Names, Scheme, any_is};
use crate::encoding::hex_encode;
use crate::error::{Error, Reason};
use crate::headers::{Headers, Value};
use crate::mac::Tag;
use crate::sign::Signature;
use crate::timestamp::Timestamp;

/// The signature header's name.
pub(crate) const SIGNATURE: &str = "x-scaikey-signature";

/// In front of the timestamp.
pub(crate) const TIME: &[u8] = b"t=";

/// What divides the fields.
pub(crate) const SEPARATOR: u8 = b',';

/// ScaiKey's signing scheme.
///
/// ```
/// use hookseal::{ScaiKey, Secret, Timestamp, Webhook};
///
/// let webhook = Webhook::new(ScaiKey, [Secret::from_text("scaikey-signing-secret")?])?;
/// let now = Timestamp::from_secs(1_718_000_000);
/// let signature = webhook.sign(now, b"{}")?;
/// let headers = [("X-ScaiKey-Signature", signature.as_str())];
/// let delivery = webhook.verify(&headers, b"{}", now)?;
/// assert_eq!(delivery.timestamp(), now);
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ScaiKey;

impl Scheme for ScaiKey {}

/// Checks the form of the signature header.
pub(crate) fn claim(header: Value<'_>) -> Result<Claim<'_>, Error> {
    let error = |reason| Error::in_headers(reason, Names(1 << 6));
    let header = match header {
        Value::Once(header) => header,
        Value::Missing => return Err(error(Reason::MissingHeader)),
        Value::Repeated => return Err(error(Reason::RepeatedHeader)),
    };
    if header.len() > MAX_SIGNATURE {
        return Err(error(Reason::SignatureTooLong));
    }
    let (mut timestamp, mut is_signed) = (None, false);
    for field in header.split(|c| *c == SEPARATOR) {
        if let Some(time) = field.strip_prefix(TIME)
            && timestamp.replace(time).is_some()
        {
            return Err(error(Reason::MalformedSignature));
        }
        is_signed |= field.starts_with(b"v1=");
    }
    let Some(timestamp) = timestamp.filter(|_| is_signed) else {
        return Err(error(Reason::MalformedSignature));
    };
    let at = Timestamp::parse(timestamp).ok_or(error(Reason::InvalidTimestamp))?;
    Ok(Claim {
        id: None,
        timestamp,
        at,
    })
}

impl Sealed for ScaiKey {
    fn claim<'h, H: Headers + ?Sized>(self, headers: &'h H) -> Result<Claim<'h>, Error> {
        claim(Value::of(headers.values(SIGNATURE)))
    }

    fn signatures<H: Headers + ?Sized>(self, headers: &H) -> impl Iterator<Item = &[u8]> {
        headers.values(SIGNATURE)
    }

    fn holds(self, signatures: &[u8], tag: &Tag) -> bool {
        any_is(signatures, SEPARATOR, &field(tag))
    }

    fn write(self, timestamp: &[u8], tag: &Tag) -> Signature {
        Signature::from_parts([TIME, timestamp, &[SEPARATOR], &field(tag)])
    }
}

/// `v1=<hex>`.
pub(crate) fn field(tag: &Tag) -> [u8; 67] {
    let mut field = [0; 67];
    let (key, text) = field.split_at_mut(3);
    key.copy_from_slice(b"v1=");
    hex_encode(&tag.0, text);
    field
}
