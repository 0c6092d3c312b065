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
    let mut times = fields(header, b"t=");
    let (Some(timestamp), None, Some(_)) =
        (times.next(), times.next(), fields(header, b"v1=").next())
    else {
        return Err(error(Reason::MalformedSignature));
    };
    let at = Timestamp::parse(timestamp).ok_or(error(Reason::InvalidTimestamp))?;
    Ok(Claim {
        id: None,
        timestamp,
        at,
    })
}

/// The values of one key.
fn fields<'h>(header: &'h [u8], key: &'static [u8]) -> impl Iterator<Item = &'h [u8]> {
    header
        .split(|c| *c == b',')
        .filter_map(move |field| field.strip_prefix(key))
}

impl Sealed for ScaiKey {
    fn claim<'h, H: Headers + ?Sized>(self, headers: &'h H) -> Result<Claim<'h>, Error> {
        claim(Value::of(headers.values(SIGNATURE)))
    }

    fn signatures<H: Headers + ?Sized>(self, headers: &H) -> impl Iterator<Item = &[u8]> {
        headers.values(SIGNATURE)
    }

    fn holds(self, signatures: &[u8], tag: &Tag) -> bool {
        any_is(signatures, b',', &field(tag))
    }

    fn write(self, timestamp: &[u8], tag: &Tag) -> Signature {
        Signature::from_parts([b"t=", timestamp, b",", &field(tag)])
    }
}

/// `v1=<hex>`.
fn field(tag: &Tag) -> [u8; 67] {
    let mut field = [0; 67];
    let (key, text) = field.split_at_mut(3);
    key.copy_from_slice(b"v1=");
    text.copy_from_slice(&hex_encode(&tag.0));
    field
}
