//! Signing secrets: decoded once, kept as a key state, never shown.

use crate::encoding::base64_decode;
use crate::error::{Error, Reason};
use crate::mac::Key;
use core::fmt;
use core::ops::Range;
use core::str::FromStr;
use zeroize::Zeroize;

/// The longest secret, in bytes.
const MAX_BYTES: usize = 4096;
/// The longest base64 that is looked at: of one or two bytes too many, to be told from what is not base64.
const MAX_ENCODED: usize = MAX_BYTES.div_ceil(3) * 4;

/// A signing secret.
///
/// Holds the HMAC state that the secret leads to, not the secret itself; both are wiped, the one
/// when decoding ends, the other on drop. `Debug` shows neither.
///
/// ```
/// use hookseal::Secret;
///
/// let secret: Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Secret(Key);

impl Secret {
    /// Decodes a Standard Webhooks secret: base64 (padding optional) behind an optional `whsec_`,
    /// with ASCII white space around it, as it comes out of an environment file.
    ///
    /// # Errors
    ///
    /// [`Reason::EmptySecret`], [`Reason::InvalidSecret`], [`Reason::AsymmetricSecret`] or
    /// [`Reason::SecretTooLong`].
    ///
    /// ```
    /// use hookseal::{Reason, Secret};
    ///
    /// assert!(Secret::decode(" whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").is_ok());
    /// assert_eq!(Secret::decode("whsec_").unwrap_err().reason(), Reason::EmptySecret);
    /// ```
    pub fn decode(text: &str) -> Result<Self, Error> {
        let mut room = [0; MAX_ENCODED];
        let text = text.trim_ascii().as_bytes();
        let encoded = text.get(encoded(text)?).unwrap_or_default();
        let room = room.get_mut(..encoded.len()).unwrap_or_default();
        room.copy_from_slice(encoded);
        let key = decoded(room).and_then(sized).map(Key::new);
        room.zeroize();
        key.map(Self)
    }

    /// Takes the secret's bytes as they are.
    ///
    /// # Errors
    ///
    /// [`Reason::EmptySecret`] or [`Reason::SecretTooLong`] (over 4096 bytes).
    ///
    /// ```
    /// assert!(hookseal::Secret::from_bytes(&[7; 32]).is_ok());
    /// assert!(hookseal::Secret::from_bytes(b"").is_err());
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        sized(bytes).map(|bytes| Self(Key::new(bytes)))
    }

    /// Takes a text's UTF-8 bytes, without ASCII white space around it: ScaiKey's secrets.
    ///
    /// # Errors
    ///
    /// As [`Secret::from_bytes`].
    ///
    /// ```
    /// assert!(hookseal::Secret::from_text("a shared text\n").is_ok());
    /// ```
    pub fn from_text(text: &str) -> Result<Self, Error> {
        Self::from_bytes(text.trim_ascii().as_bytes())
    }

    pub(crate) const fn key(&self) -> &Key {
        &self.0
    }
}

/// As [`Secret::decode`].
impl FromStr for Secret {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::decode(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Where the base64 is in a Standard Webhooks secret that was trimmed, without its padding.
pub(crate) fn encoded(text: &[u8]) -> Result<Range<usize>, Error> {
    if let [b'w', b'h', b's' | b'p', b'k', rest @ ..] = text
        && rest.strip_prefix(b"1").unwrap_or(rest).first() == Some(&b'_')
    {
        return Err(Reason::AsymmetricSecret.into());
    }
    let rest = text.strip_prefix(b"whsec_").unwrap_or(text);
    if rest.is_empty() {
        return Err(Reason::EmptySecret.into());
    }
    let unpadded = unpad(rest).ok_or(Reason::InvalidSecret)?;
    if unpadded.len() > MAX_ENCODED {
        return Err(Reason::SecretTooLong.into());
    }
    let start = text.len().saturating_sub(rest.len());
    Ok(start..start.saturating_add(unpadded.len()))
}

/// Decodes it where it lies. The caller wipes it.
pub(crate) fn decoded(encoded: &mut [u8]) -> Result<&[u8], Error> {
    let length = base64_decode(encoded).ok_or(Reason::InvalidSecret)?;
    Ok(encoded.get(..length).unwrap_or_default())
}

/// A secret's bytes, if there are neither none nor too many.
pub(crate) fn sized(bytes: &[u8]) -> Result<&[u8], Error> {
    match bytes.len() {
        0 => Err(Reason::EmptySecret.into()),
        1..=MAX_BYTES => Ok(bytes),
        _ => Err(Reason::SecretTooLong.into()),
    }
}

/// Where a text is without the ASCII white space around it: secrets come from environment files.
#[cfg(target_arch = "wasm32")]
pub(crate) const fn trimmed(text: &[u8]) -> Range<usize> {
    let end = text.trim_ascii_end().len();
    text.len().saturating_sub(text.trim_ascii_start().len())..end
}

/// Strips base64 padding, which may be absent, but must be whole where it is there.
fn unpad(text: &[u8]) -> Option<&[u8]> {
    let Some(one) = text.strip_suffix(b"=") else {
        return Some(text);
    };
    let unpadded = one.strip_suffix(b"=").unwrap_or(one);
    text.len().is_multiple_of(4).then_some(unpadded)
}
