//! Signing: what a sender does, for tests, simulators and relays.

use crate::error::{Error, Reason};
use crate::headers::Value;
use crate::scheme::scaikey::ScaiKey;
use crate::scheme::standard::{Family, Standard};
use crate::scheme::{Claim, Names, Scheme};
use crate::secret::Secret;
use crate::timestamp::{MAX_DIGITS, Timestamp};
use crate::verify::Webhook;
use core::fmt;

/// The longest signature: ScaiKey's, `t=<15 digits>,v1=<64 hex>`.
const MAX_BYTES: usize = 2 + MAX_DIGITS + 4 + 64;

impl<K: AsRef<[Secret]>> Webhook<Standard, K> {
    /// Signs with the first secret: `v1,<base64>`, for the signature header.
    ///
    /// # Errors
    ///
    /// [`Reason::InvalidMessageId`] unless the id is 1 to 256 visible ASCII characters without a dot;
    /// [`Reason::InvalidMessageTime`] before 1970 or beyond 15 digits.
    ///
    /// ```
    /// use hookseal::{Secret, Standard, Timestamp, Webhook};
    ///
    /// let webhook = Webhook::new(Standard, [Secret::decode("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?])?;
    /// let at = Timestamp::from_secs(1_614_265_330);
    /// let signature = webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, br#"{"test": 2432232314}"#)?;
    /// assert_eq!(signature.as_str(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn sign(&self, id: &str, at: Timestamp, body: &[u8]) -> Result<Signature, Error> {
        sign(self, Some(id.as_bytes()), at, body)
    }
}

impl<K: AsRef<[Secret]>> Webhook<ScaiKey, K> {
    /// Signs with the first secret: `t=<seconds>,v1=<hex>`, the whole signature header.
    ///
    /// # Errors
    ///
    /// [`Reason::InvalidMessageTime`] before 1970 or beyond 15 digits.
    ///
    /// ```
    /// use hookseal::{ScaiKey, Secret, Timestamp, Webhook};
    ///
    /// let webhook = Webhook::new(ScaiKey, [Secret::from_text("secret")?])?;
    /// assert!(webhook.sign(Timestamp::from_secs(7), b"{}")?.as_str().starts_with("t=7,v1="));
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn sign(&self, at: Timestamp, body: &[u8]) -> Result<Signature, Error> {
        sign(self, None, at, body)
    }
}

fn sign<S: Scheme, K: AsRef<[Secret]>>(
    webhook: &Webhook<S, K>,
    id: Option<&[u8]>,
    at: Timestamp,
    body: &[u8],
) -> Result<Signature, Error> {
    let text = Decimal::of(at)?;
    let claim = claim(id, text.digits())?;
    let mut mac = claim.mac(webhook.first_secret()?.key());
    mac.update(body);
    Ok(webhook.scheme.write(claim.timestamp, &mac.finish()))
}

/// Checks what is to be signed, by the rules for what is verified.
fn claim<'a>(id: Option<&'a [u8]>, timestamp: &'a [u8]) -> Result<Claim<'a>, Error> {
    let Some(id) = id else {
        let at = time(timestamp)?;
        return Ok(Claim { id, timestamp, at });
    };
    let (id, timestamp) = (Value::Once(id), Value::Once(timestamp));
    Family::Svix.claim(id, timestamp, 0).map_err(refused)
}

/// Checks the timestamp of what is to be signed without an id.
pub(crate) fn time(digits: &[u8]) -> Result<Timestamp, Error> {
    Timestamp::parse(digits).ok_or(Reason::InvalidMessageTime.into())
}

/// What the claim of a message was refused for, as who signs it is told.
pub(crate) fn refused(error: Error) -> Error {
    match error.is_about(Names::SVIX_ID) {
        true => Reason::InvalidMessageId.into(),
        false => Reason::InvalidMessageTime.into(),
    }
}

/// A signature's text.
///
/// ```
/// # use hookseal::{ScaiKey, Secret, Timestamp, Webhook};
/// # let webhook = Webhook::new(ScaiKey, [Secret::from_text("secret")?])?;
/// let signature = webhook.sign(Timestamp::from_secs(7), b"{}")?;
/// assert_eq!(signature.to_string(), signature.as_str());
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    text: [u8; MAX_BYTES],
    length: usize,
}

impl Signature {
    /// The header's value.
    ///
    /// ```
    /// # use hookseal::{ScaiKey, Secret, Timestamp, Webhook};
    /// # let webhook = Webhook::new(ScaiKey, [Secret::from_text("secret")?])?;
    /// assert_eq!(webhook.sign(Timestamp::from_secs(7), b"{}")?.as_str().len(), 71);
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }

    pub(crate) fn from_parts<const PARTS: usize>(parts: [&[u8]; PARTS]) -> Self {
        let mut text = [0; MAX_BYTES];
        let mut free = text.iter_mut();
        for byte in parts.into_iter().flatten() {
            if let Some(to) = free.next() {
                *to = *byte;
            }
        }
        let length = MAX_BYTES.saturating_sub(free.len());
        Self { text, length }
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A timestamp's decimal text, without an allocator.
struct Decimal([u8; MAX_DIGITS + 1]);

impl Decimal {
    fn of(at: Timestamp) -> Result<Self, Error> {
        let mut rest = u64::try_from(at.as_secs()).map_err(|_| Reason::InvalidMessageTime)?;
        let mut text = [b'0'; MAX_DIGITS + 1];
        for digit in text.iter_mut().rev() {
            *digit = b'0' | (rest % 10) as u8;
            rest /= 10;
        }
        Ok(Self(text))
    }

    /// The digits without leading zeros, but for one.
    fn digits(&self) -> &[u8] {
        let zeros = self
            .0
            .iter()
            .take(MAX_DIGITS)
            .take_while(|digit| **digit == b'0')
            .count();
        self.0.get(zeros..).unwrap_or_default()
    }
}
