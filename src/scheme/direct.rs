//! Reducto's direct mode: no signature, but a token that the job's submitter put into `metadata`.
//!
//! ```text
//! {"status":"Completed","job_id":"204a39e4-…","metadata":{"secret":"the token","user_id":"123"}}
//! ```
//!
//! Both sides are hashed before they are compared, so that neither bytes nor length leak
//! (Reducto's [direct webhooks] page has the pattern; the rule is ours).
//!
//! [direct webhooks]: https://docs.reducto.ai/workflows/direct-webhooks

use crate::error::{Error, Reason};
use crate::mac::{Key, Mac, Tag};
use core::fmt;

/// The field of `metadata` that holds the token unless the caller names another.
#[cfg(feature = "payload")]
pub(crate) const DEFAULT_FIELD: &str = "secret";

/// Separates token hashes from any other use of the same text.
const LABEL: &[u8] = b"hookseal direct token";

/// An expected token, kept as a hash.
///
/// ```
/// let token = hookseal::Token::new("a long random text")?;
/// assert!(token.is("a long random text"));
/// assert!(!token.is("a long random tex"));
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Token(Tag);

impl Token {
    /// Takes the token's text.
    ///
    /// # Errors
    ///
    /// [`Reason::EmptySecret`] if there is none.
    ///
    /// ```
    /// assert!(hookseal::Token::new("").is_err());
    /// ```
    pub fn new(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Reason::EmptySecret.into());
        }
        Ok(Self(hash(text)))
    }

    /// Whether a presented text is the token, in a time that depends on the presented text alone.
    ///
    /// ```
    /// # let token = hookseal::Token::new("a")?;
    /// assert!(token.is("a"));
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn is(&self, presented: &str) -> bool {
        self.0.same(&hash(presented))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// The key that tokens are hashed under.
pub(crate) fn key() -> Key {
    Key::new(LABEL)
}

fn hash(text: &str) -> Tag {
    let key = key();
    let mut mac = Mac::new(&key);
    mac.update(text.as_bytes());
    mac.finish()
}
