//! What a receiver answers: every way in which a delivery can end, with its status and headers.
//!
//! The senders read nothing of an answer but its status (2xx: taken, anything else: try again) and,
//! with Svix, one header. So a receiver that wants another attempt says 5xx, one that will never
//! want it says 4xx, and the body is always empty: it would tell an attacker which check failed.
//!
//! ```
//! use hookseal::receive::Outcome;
//!
//! assert_eq!(Outcome::Duplicate.status(), 200);
//! assert_eq!(Outcome::InProgress.headers(), [("retry-after", "5")]);
//! ```

use crate::Kind;

macro_rules! outcomes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, [$($header:literal: $value:literal),*], $message:literal;)*) => {
        /// How a delivery ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Outcome {
            $($(#[$doc])* $name,)*
        }

        impl Outcome {
            /// Every outcome.
            pub const ALL: &'static [Outcome] = &[$(Outcome::$name,)*];

            /// The stable name, the same in Rust and JavaScript.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status to answer with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The headers to answer with: lower-case names, and values. `retry-after` is in seconds.
            pub const fn headers(self) -> &'static [(&'static str, &'static str)] {
                match self { $(Self::$name => &[$(($header, $value)),*],)* }
            }

            /// What the receiver's own log says; never in an answer. Empty where nothing is wrong.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)* }
            }
        }
    };
}

outcomes! {
    /// The handler ran, and is done.
    Processed = "processed", 200, [], "";
    /// An earlier attempt was processed.
    Duplicate = "duplicate", 200, [], "";
    /// A queue has it.
    Enqueued = "enqueued", 202, [], "";
    /// The handler wants this endpoint turned off. 410 says the same to senders that follow Standard Webhooks.
    EndpointStopped = "endpoint_stopped", 410, ["webhook-delivery": "disable"],
        "The handler stopped this endpoint: Svix sends nothing more to it";
    /// The handler wants no further attempt of this message. Svix heeds the header only where the answer is no success.
    MessageAborted = "message_aborted", 422, ["webhook-delivery": "abort-message"],
        "The handler refused this message: Svix tries no further";

    /// Authentic, but not what was expected.
    InvalidPayload = "invalid_payload", 400, [],
        "The delivery is authentic, but its payload is not what this receiver takes";
    /// The body is compressed. The signature is over what was sent before compression, and nobody sends this.
    EncodedBody = "encoded_body", 400, [],
        "The request's Content-Encoding is not identity: something between the sender and here compressed the body. Turn that off for this route";
    /// The request ended before its body did.
    BrokenBody = "broken_body", 400, ["connection": "close"], "The request broke off before its body was complete";
    /// Not authentic, or cannot be judged.
    NotAuthentic = "not_authentic", 401, [], "The delivery is not authentic";
    /// Not `POST`.
    MethodNotAllowed = "method_not_allowed", 405, ["allow": "POST"], "Webhooks are POST requests";
    /// The body did not arrive in time.
    SlowBody = "slow_body", 408, ["connection": "close"], "The body did not arrive within bodyTimeout";
    /// The body is too long. Never read further than the limit.
    BodyTooLarge = "body_too_large", 413, ["connection": "close"], "The body is longer than maxBody";

    /// The handler failed: the sender is to try again.
    HandlerFailed = "handler_failed", 500, [], "The handler failed; the sender will try again";
    /// The receiver cannot judge: a mistake in the program, or a core that failed.
    ReceiverFailed = "receiver_failed", 500, [], "The delivery could not be judged; the sender will try again";
    /// Something read the body before the receiver did, and kept nothing of it.
    BodyConsumed = "body_consumed", 500, [],
        "The body was read before it came here, and its bytes are gone: a body parser ran first. Mount the receiver before express.json() and the like, or keep the bytes: express.json({ verify: (req, res, buffer) => { req.rawBody = buffer } })";

    /// Another process, or an earlier attempt, has this delivery in hand. Nothing is wrong.
    InProgress = "in_progress", 503, ["retry-after": "5"], "";
    /// The store does not answer, so nobody knows whether this is a duplicate.
    StoreUnavailable = "store_unavailable", 503, ["retry-after": "5"],
        "The store failed or did not answer; the sender will try again";
    /// The queue did not take it.
    QueueUnavailable = "queue_unavailable", 503, ["retry-after": "5"],
        "The delivery could not be enqueued; the sender will try again";
    /// The handler is not done yet. It goes on; a later attempt finds a duplicate.
    Deadline = "deadline", 503, ["retry-after": "5"],
        "The handler is not done at the deadline. It goes on, and a later attempt will be answered as a duplicate";
}

impl Outcome {
    /// The outcome where verification failed with an error of that kind.
    ///
    /// ```
    /// use hookseal::{Kind, receive::Outcome};
    ///
    /// assert_eq!(Outcome::of(Kind::Verification), Outcome::NotAuthentic);
    /// ```
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Verification => Self::NotAuthentic,
            Kind::Payload => Self::InvalidPayload,
            Kind::Usage | Kind::Range | Kind::Core => Self::ReceiverFailed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn codes_are_unique_and_all_that_is_wrong_is_said() {
        for (at, outcome) in Outcome::ALL.iter().enumerate() {
            assert!(
                Outcome::ALL[..at]
                    .iter()
                    .all(|other| other.code() != outcome.code())
            );
            assert_eq!(
                outcome.message().is_empty(),
                matches!(outcome.status(), 200..=299) || *outcome == Outcome::InProgress,
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn who_shall_come_again_is_told_when() {
        for outcome in Outcome::ALL {
            let told = outcome
                .headers()
                .iter()
                .any(|(name, _)| *name == "retry-after");
            assert_eq!(told, outcome.status() == 503, "{outcome:?}");
        }
    }
}
