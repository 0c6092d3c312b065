//! Verification, over any scheme.

use crate::error::{Error, Reason};
use crate::headers::Headers;
use crate::scheme::{Claim, Scheme};
use crate::secret::Secret;
use crate::timestamp::{Timestamp, Tolerance};

/// One endpoint's receiver (and, in tests and simulators, sender): a scheme and its signing secrets.
///
/// Several secrets are for rotation: any one that matches is enough. `K` is whatever holds them:
/// an array, a slice, a `Vec`.
///
/// ```
/// use hookseal::{Secret, Standard, Timestamp, Tolerance, Webhook};
///
/// let secrets = [Secret::from_bytes(&[1; 24])?, Secret::from_bytes(&[2; 24])?];
/// let webhook = Webhook::new(Standard, secrets)?.with_tolerance(Tolerance::from_secs(60));
///
/// let now = Timestamp::from_secs(1_614_265_330);
/// let signature = webhook.sign("msg_1", now, b"{}")?;
/// let headers = [("svix-id", "msg_1"), ("svix-timestamp", "1614265330"), ("svix-signature", signature.as_str())];
/// assert!(webhook.verify(&headers, b"{}", now).is_ok());
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Webhook<S, K> {
    pub(crate) scheme: S,
    secrets: K,
    tolerance: Tolerance,
}

impl<S: Scheme, K: AsRef<[Secret]>> Webhook<S, K> {
    /// A receiver with the default tolerance.
    ///
    /// # Errors
    ///
    /// [`Reason::NoSecret`] if there is no secret.
    ///
    /// ```
    /// use hookseal::{Standard, Webhook};
    ///
    /// assert!(Webhook::new(Standard, []).is_err());
    /// ```
    pub fn new(scheme: S, secrets: K) -> Result<Self, Error> {
        let webhook = Self {
            scheme,
            secrets,
            tolerance: Tolerance::default(),
        };
        webhook.first_secret()?;
        Ok(webhook)
    }

    /// The same with another tolerance.
    ///
    /// ```
    /// # use hookseal::{Secret, Standard, Tolerance, Webhook};
    /// let webhook = Webhook::new(Standard, [Secret::from_bytes(&[1; 24])?])?;
    /// let webhook = webhook.with_tolerance(Tolerance::from_secs(0));
    /// # let _ = webhook;
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    #[must_use]
    pub fn with_tolerance(self, tolerance: Tolerance) -> Self {
        Self { tolerance, ..self }
    }

    /// Judges a delivery: its headers, its body's bytes just as received, and the time now.
    ///
    /// # Errors
    ///
    /// A [`Reason`] of [`Kind::Verification`](crate::Kind::Verification); answer 401.
    ///
    /// ```
    /// # use hookseal::{Reason, Secret, Standard, Timestamp, Webhook};
    /// # let webhook = Webhook::new(Standard, [Secret::from_bytes(&[1; 24])?])?;
    /// # let (headers, body, now) = ([("a", "b")], b"{}", Timestamp::from_secs(0));
    /// match webhook.verify(&headers, body, now) {
    ///     Ok(delivery) => println!("{:?}", delivery.id()),
    ///     Err(error) => assert_eq!(error.reason(), Reason::MissingHeader),
    /// }
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn verify<'h, H: Headers + ?Sized>(
        &self,
        headers: &'h H,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Delivery<'h>, Error> {
        let claim = self.scheme.claim(headers)?;
        self.tolerance.check(claim.at, now)?;
        let found = self.secrets.as_ref().iter().any(|secret| {
            let mut mac = claim.mac(secret.key());
            mac.update(body);
            let tag = mac.finish();
            self.scheme
                .signatures(headers)
                .fold(false, |found, value| found | self.scheme.holds(value, &tag))
        });
        found
            .then_some(Delivery { claim })
            .ok_or(Reason::NoMatchingSignature.into())
    }

    pub(crate) fn first_secret(&self) -> Result<&Secret, Error> {
        self.secrets.as_ref().first().ok_or(Reason::NoSecret.into())
    }
}

/// An authentic delivery's signed facts.
///
/// ```
/// # use hookseal::{Secret, Standard, Timestamp, Webhook};
/// # let webhook = Webhook::new(Standard, [Secret::from_bytes(&[1; 24])?])?;
/// # let now = Timestamp::from_secs(5);
/// # let signature = webhook.sign("msg_1", now, b"{}")?;
/// # let headers = [("svix-id", "msg_1"), ("svix-timestamp", "5"), ("svix-signature", signature.as_str())];
/// let delivery = webhook.verify(&headers, b"{}", now)?;
/// assert_eq!(delivery.id(), Some("msg_1"));
/// assert_eq!(delivery.timestamp().as_secs(), 5);
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Delivery<'h> {
    claim: Claim<'h>,
}

impl<'h> Delivery<'h> {
    /// The idempotency key: the same for every attempt and resend of one message. `None` for
    /// ScaiKey, whose key is the payload's `event_id`.
    ///
    /// ```
    /// # fn example(delivery: hookseal::Delivery<'_>) {
    /// let key: Option<&str> = delivery.id();
    /// # let _ = key; }
    /// ```
    pub fn id(&self) -> Option<&'h str> {
        core::str::from_utf8(self.claim.id?).ok()
    }

    /// When this attempt was made; a new one for each attempt.
    ///
    /// ```
    /// # fn example(delivery: hookseal::Delivery<'_>) {
    /// let seconds: i64 = delivery.timestamp().as_secs();
    /// # let _ = seconds; }
    /// ```
    pub const fn timestamp(&self) -> Timestamp {
        self.claim.at
    }
}

impl core::fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id())
            .field("timestamp", &self.timestamp())
            .finish()
    }
}
