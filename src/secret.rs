//! Signing secrets: decoded once, kept as a key state, never shown.

use crate::encoding::base64_decode;
use crate::error::{Error, Reason};
use crate::mac::Key;
use core::fmt;
use core::str::FromStr;
use zeroize::Zeroize;

/// The longest secret, in bytes.
const MAX_BYTES: usize = 4096;
/// What decoding needs: base64 of one or two bytes too many must be told from what is not base64.
const ROOM: usize = MAX_BYTES + 2;

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
        let mut room = [0; ROOM];
        let key = decoded(text.as_bytes(), &mut room).and_then(|bytes| sized(bytes, Key::new));
        // No more can have been written, and wiping byte by byte takes time.
        let used = text.len().min(ROOM);
        room.get_mut(..used).unwrap_or_default().zeroize();
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
        sized(bytes, Key::new).map(Self)
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
        Self::from_bytes(trim(text.as_bytes()))
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

/// Decodes a Standard Webhooks secret into a room, which the caller wipes: no more of it is used than the text is long.
pub(crate) fn decoded<'r>(text: &[u8], room: &'r mut [u8]) -> Result<&'r [u8], Error> {
    let text = trim(text);
    if let [b'w', b'h', b's' | b'p', b'k', b'_', ..]
    | [b'w', b'h', b's' | b'p', b'k', b'1', b'_', ..] = text
    {
        return Err(Reason::AsymmetricSecret.into());
    }
    let text = text.strip_prefix(b"whsec_").unwrap_or(text);
    if text.is_empty() {
        return Err(Reason::EmptySecret.into());
    }
    let unpadded = unpad(text).ok_or(Reason::InvalidSecret)?;
    if unpadded.len() > MAX_BYTES.div_ceil(3).saturating_mul(4) {
        return Err(Reason::SecretTooLong.into());
    }
    let room = room.get_mut(..ROOM).unwrap_or_default();
    match base64_decode(unpadded, room) {
        Some(length) => Ok(room.get(..length).unwrap_or_default()),
        None => Err(Reason::InvalidSecret.into()),
    }
}

/// Makes something of a secret's bytes, if there are neither none nor too many.
pub(crate) fn sized<T>(bytes: &[u8], take: impl FnOnce(&[u8]) -> T) -> Result<T, Error> {
    match bytes.len() {
        0 => Err(Reason::EmptySecret.into()),
        1..=MAX_BYTES => Ok(take(bytes)),
        _ => Err(Reason::SecretTooLong.into()),
    }
}

/// Strips ASCII white space: secrets come from environment files.
pub(crate) const fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

/// Strips base64 padding, which may be absent, but must be whole where it is there.
fn unpad(text: &[u8]) -> Option<&[u8]> {
    let Some(one) = text.strip_suffix(b"=") else {
        return Some(text);
    };
    let unpadded = one.strip_suffix(b"=").unwrap_or(one);
    text.len().is_multiple_of(4).then_some(unpadded)
}
