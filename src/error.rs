//! Everything that can be refused, and its stable code.
//!
//! The one list: the npm package's table of codes, messages and hints is generated from it
//! (`src/table.rs`). No message holds a secret, a signature or a body.

use crate::scheme::Names;
use core::fmt;

/// What sort of failure a [`Reason`] is: who has to act.
///
/// ```
/// use hookseal::{Kind, Reason};
///
/// assert_eq!(Reason::NoMatchingSignature.kind(), Kind::Verification);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The delivery is not authentic, or cannot be judged: answer 401.
    Verification,
    /// The delivery is authentic, but not what was expected: answer 400.
    Payload,
    /// The caller passed something that can never work: a mistake in the program or its settings.
    Usage,
    /// As [`Kind::Usage`], where a number is out of its range.
    Range,
    /// The wasm core could not be started, or failed. Rust callers never see it.
    Core,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $kind:ident, $code:literal, $message:literal, $hint:literal;)*) => {
        /// Why something was refused.
        ///
        /// ```
        /// use hookseal::Reason;
        ///
        /// assert_eq!(Reason::MissingHeader.code(), "missing_header");
        /// assert_eq!(Reason::MissingHeader.to_string(), "Missing required headers");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Reason {
            $($(#[$doc])* $name = $number,)*
        }

        impl Reason {
            /// Every reason.
            ///
            /// ```
            /// assert!(hookseal::Reason::ALL.len() > 5);
            /// ```
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)*];

            /// Who has to act.
            ///
            /// ```
            /// use hookseal::{Kind, Reason};
            ///
            /// assert_eq!(Reason::InvalidPayload.kind(), Kind::Payload);
            /// ```
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }

            /// The stable code, the same in Rust and JavaScript. Several reasons may share one.
            ///
            /// ```
            /// assert_eq!(hookseal::Reason::InvalidId.code(), "invalid_header");
            /// ```
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The message. Those of the five verification codes are the ones that users of svix and
            /// standardwebhooks match on, word for word.
            ///
            /// ```
            /// assert_eq!(hookseal::Reason::InvalidId.message(), "Invalid Signature Headers");
            /// ```
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)* }
            }

            /// What usually causes it and what to do, where the message does not say so; else empty.
            ///
            /// ```
            /// assert!(hookseal::Reason::InvalidId.hint().contains("id"));
            /// ```
            pub const fn hint(self) -> &'static str {
                match self { $(Self::$name => $hint,)* }
            }
        }
    };
}

reasons! {
    /// A header that the scheme needs is not there, or is empty.
    MissingHeader = 1, Verification, "missing_header", "Missing required headers",
        "Not a signed webhook, or a proxy dropped its headers.";
    /// The id or timestamp header is given more than once.
    RepeatedHeader = 2, Verification, "invalid_header", "Invalid Signature Headers",
        "A header that may be given once is repeated.";
    /// The id is not 1 to 256 visible ASCII characters without a dot.
    InvalidId = 3, Verification, "invalid_header", "Invalid Signature Headers",
        "The id must be 1 to 256 visible ASCII characters without a dot.";
    /// The timestamp is not 1 to 15 digits.
    InvalidTimestamp = 4, Verification, "invalid_header", "Invalid Signature Headers",
        "The timestamp must be 1 to 15 digits: Unix seconds.";
    /// The signature header is longer than 8 KiB.
    SignatureTooLong = 5, Verification, "invalid_header", "Invalid Signature Headers",
        "The signature is longer than 8192 bytes.";
    /// The signature header lacks its one timestamp or any signature (ScaiKey).
    MalformedSignature = 6, Verification, "invalid_header", "Invalid Signature Headers",
        "The signature must be t=<unix seconds>,v1=<hex>.";
    /// The timestamp lies too far in the past.
    TimestampTooOld = 7, Verification, "timestamp_too_old", "Message timestamp too old",
        "A replay, or this machine's clock is ahead.";
    /// The timestamp lies too far in the future.
    TimestampTooNew = 8, Verification, "timestamp_too_new", "Message timestamp too new",
        "This machine's clock is behind, or the timestamp is not in seconds.";
    /// No signature is the one of this body under any of the secrets.
    NoMatchingSignature = 9, Verification, "no_matching_signature", "No matching signature found",
        "The secret is another endpoint's, or the body is not byte for byte what was sent: pass it raw, before any parser.";
    /// The payload does not carry the expected token (direct mode).
    NoMatchingToken = 10, Verification, "no_matching_signature", "No matching signature found",
        "The payload's metadata does not carry the token.";

    /// The body is not JSON.
    InvalidJson = 20, Payload, "invalid_json", "The payload is not JSON", "";
    /// A field of the payload is not what its type promises.
    InvalidPayload = 21, Payload, "invalid_payload", "The payload does not have the expected form", "";

    /// The secret is empty.
    EmptySecret = 30, Usage, "invalid_secret",
        "The secret is empty: every signature would be forgeable. Is the environment variable set?", "";
    /// The secret is not base64.
    InvalidSecret = 31, Usage, "invalid_secret",
        "The secret is not base64: copy the whole whsec_… from the endpoint's page, or pass format: \"raw\" if it is plain text", "";
    /// The secret is an asymmetric key.
    AsymmetricSecret = 32, Usage, "invalid_secret",
        "The secret is an ed25519 key (whsk_, whpk_), for v1a signatures, which need another library: pass the endpoint's whsec_ secret", "";
    /// The secret is longer than 4096 bytes.
    SecretTooLong = 33, Usage, "invalid_secret", "The secret is longer than 4096 bytes", "";
    /// The list of secrets is empty.
    NoSecret = 34, Usage, "invalid_secret", "There is no secret", "";
    /// The secret is neither text nor bytes (JavaScript).
    SecretType = 35, Usage, "invalid_secret",
        "The secret must be a string or a Uint8Array. Is the environment variable set?", "";

    /// The tolerance is not a whole number of seconds from 0 up.
    InvalidTolerance = 40, Range, "invalid_option", "tolerance must be a whole number of seconds, 0 or more", "";
    /// The caller's clock gave no number.
    InvalidClock = 41, Range, "invalid_option", "clock must return milliseconds since 1970, as Date.now does", "";
    /// Another option is not one of its values.
    InvalidOption = 42, Usage, "invalid_option", "The option has a value that it cannot have", "";
    /// An id to sign is not 1 to 256 visible ASCII characters without a dot.
    InvalidMessageId = 43, Usage, "invalid_id", "The id must be 1 to 256 visible ASCII characters without a dot", "";
    /// A timestamp to sign lies before 1970 or has more than 15 digits.
    InvalidMessageTime = 44, Range, "invalid_timestamp", "The timestamp must be a valid Date from 1970 on", "";
    /// The body was already parsed (JavaScript).
    BodyNotRaw = 50, Usage, "body_not_raw",
        "The body must be raw: a string, Uint8Array or ArrayBuffer, as received. If it is an object, express.json() or another parser ran first: use express.raw({ type: () => true }), or await request.text()", "";
    /// The body is a string with a lone surrogate (JavaScript).
    BodyNotUnicode = 51, Usage, "body_not_unicode",
        "The body is a string with a lone surrogate: pass the bytes as received", "";
    /// The headers could not be read (JavaScript).
    InvalidHeaders = 52, Usage, "invalid_headers",
        "The headers must be a Headers, Map, pairs or object of strings, and readable", "";
    /// The object was disposed (JavaScript).
    Disposed = 53, Usage, "disposed", "This object was disposed", "";
    /// The host cannot compile or start WebAssembly (JavaScript).
    CoreUnavailable = 60, Core, "core_unavailable",
        "WebAssembly with SIMD could not be started", "";
    /// The core trapped; a fresh instance serves the next call (JavaScript).
    CoreTrapped = 61, Core, "core_trapped", "WebAssembly failed and was restarted: call again", "";

    // From here on: the services' calls. The package has these in a table of their own (CLIENT).

    /// The API key or token is empty, or has other than visible ASCII characters.
    InvalidApiKey = 70, Usage, "invalid_api_key",
        "The API key or token must be visible ASCII characters, without \"Bearer \": pass it, or set the environment variable (REDUCTO_API_KEY for Reducto)", "";
    /// The base URL is none.
    InvalidBaseUrl = 71, Usage, "invalid_base_url",
        "The base URL must look like https://host[:port][/path], without user, query and fragment", "";
    /// The environment is not one of Reducto's.
    InvalidEnvironment = 72, Usage, "invalid_option", "environment must be \"production\", \"eu\" or \"au\"", "";
    /// An id cannot be a path segment.
    InvalidPathId = 73, Usage, "invalid_id",
        "The id must be a text that is not empty, \".\" or \"..\": is the variable that holds it set?", "";
    /// A delivery's id is no integer.
    InvalidDeliveryId = 74, Usage, "invalid_id", "The delivery id must be an integer, exact in a number", "";
    /// More than ten channels.
    TooManyChannels = 75, Usage, "invalid_channels", "A webhook may name at most 10 channels", "";
    /// A channel's name is not allowed.
    InvalidChannel = 76, Usage, "invalid_channels",
        "A channel must be 1 to 128 of the characters a-z A-Z 0-9 - _ . : +", "";
    /// The URL to deliver to is not safe.
    InvalidWebhookUrl = 77, Usage, "invalid_url",
        "The webhook URL must be an https URL (http only on localhost and loopback addresses), ASCII, without user and white space", "";
    /// The token for direct deliveries is empty.
    EmptyToken = 78, Usage, "invalid_secret",
        "The token for direct deliveries must be a text that is not empty: anybody could forge a delivery. Is the environment variable set?", "";
    /// The metadata cannot take the token.
    InvalidMetadata = 79, Usage, "invalid_metadata",
        "The metadata must be JSON; to carry a direct webhook's token, an object without a member of the token's name", "";
    /// The job's body is no object.
    InvalidJobBody = 80, Usage, "invalid_body", "The job's body must be a JSON object, as { input: … }", "";
    /// The job's body has what the submission sets.
    RepeatedMember = 81, Usage, "invalid_body",
        "The job's body already has the member that webhook, metadata and priority go into (\"async\"; for edit \"webhook\" and \"priority\"): say it once", "";
    /// The kind of job is not known.
    InvalidJobKind = 82, Usage, "invalid_option",
        "The kind of job must be \"parse\", \"extract\", \"split\", \"pipeline\" or \"edit\"", "";
    /// The user id cannot be a header.
    InvalidUserId = 83, Usage, "invalid_option", "userId must be a text of visible ASCII characters, with spaces inside only: it becomes a header", "";
    /// The page's size is out of range.
    InvalidLimit = 84, Range, "invalid_option", "limit must be a whole number from 1 to 500", "";
    /// A number of a listing is no integer.
    InvalidNumber = 85, Range, "invalid_option", "page and perPage must be whole numbers", "";
    /// A body to send is no object.
    InvalidBody = 86, Usage, "invalid_body", "The body must be a JSON object", "";
    /// A result lies where it will not be fetched from.
    InvalidResultUrl = 87, Usage, "invalid_url", "The result's URL is not an https URL, and is not fetched", "";
    /// The webhook was not made by one of the builders (JavaScript).
    InvalidWebhookConfig = 88, Usage, "invalid_option",
        "webhook must be made by svixWebhook, directWebhook or noWebhook", "";
    /// A number of the client's options is out of range (JavaScript).
    InvalidLimits = 89, Range, "invalid_option",
        "timeout, pollInterval and maxResponseBytes must be numbers above 0, maxRetries a whole number from 0 up", "";
    /// A header of the client's options cannot be sent (JavaScript).
    InvalidClientHeaders = 90, Usage, "invalid_headers", "headers must be names and values that HTTP allows", "";
    /// There is no fetch (JavaScript).
    NoFetch = 91, Usage, "invalid_option", "fetch must be a function: this host has none, or the option is none", "";
    /// Another option of a call is not what it must be (JavaScript).
    InvalidCallOption = 92, Usage, "invalid_option", "An option of the call has a value that it cannot have", "";
    /// The channels are no list.
    InvalidChannels = 93, Usage, "invalid_channels", "channels must be a list of channel names", "";
    /// A body to send is no JSON.
    BodyNotJson = 94, Usage, "invalid_body",
        "The body is not JSON and cannot be turned into it: is it undefined, or does it hold a cycle or a BigInt?", "";
    /// The job's body has a member where only other kinds of jobs have it.
    MisplacedMember = 95, Usage, "invalid_body",
        "Only edit has \"webhook\" and \"priority\" at the body's top, and all others have them in \"async\"; as options they go to the right place", "";

    // From here on: the receiver's options. The package has these in a third table (RECEIVER).

    /// The webhook cannot verify (JavaScript).
    InvalidVerifier = 110, Usage, "invalid_option",
        "webhook must be a Webhook, ReductoWebhook, ScaiKeyWebhook or directWebhookVerifier(), or a function of env that gives one", "";
    /// There is nothing to do with a delivery (JavaScript).
    NoHandler = 111, Usage, "invalid_option",
        "Pass onDelivery, or on: { completed, failed, other }, as functions: one of the two", "";
    /// A delivery is to be answered before it is processed, but nothing keeps it (JavaScript).
    NoEnqueue = 112, Usage, "invalid_option",
        "respond: \"before\" answers before the delivery is processed, so a queue must have it first: pass enqueue, a function that resolves once it has. With respond: \"after\" there is no enqueue", "";
    /// The order of answer and processing is unknown (JavaScript).
    InvalidRespond = 113, Usage, "invalid_option", "respond must be \"after\" or \"before\"", "";
    /// A limit is none (JavaScript).
    InvalidReceiverLimit = 114, Range, "invalid_option",
        "maxBody (bytes), bodyTimeout, deadline, lease and ttl (milliseconds) must be numbers above 0, and times at most 2147483647, ttl excepted", "";
    /// The store cannot store (JavaScript).
    InvalidStore = 115, Usage, "invalid_option",
        "store must have claim, complete and release, as memoryStore() or redisStore(client) have, or be a function of env that gives one", "";
    /// The hooks are no functions (JavaScript).
    InvalidHook = 116, Usage, "invalid_option",
        "onRejected must be a function, and logger an object with the functions warn and error", "";
    /// Not a receiver (JavaScript).
    InvalidReceiver = 117, Usage, "invalid_option", "Pass what createReceiver() returned", "";
    /// A store's client is not one it can use (JavaScript).
    InvalidStoreClient = 118, Usage, "invalid_option", "The store cannot use what it was given", "";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

/// A refusal: its [`Reason`], and which headers or field it is about.
///
/// ```
/// use hookseal::{Reason, Secret};
///
/// let error = Secret::decode("whsec_").unwrap_err();
/// assert_eq!(error.reason(), Reason::EmptySecret);
/// assert_eq!(error.code(), "invalid_secret");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Error {
    reason: Reason,
    headers: Names,
    /// Only who checks payloads has one; the wasm core goes without.
    #[cfg(any(feature = "payload", feature = "client"))]
    path: &'static str,
}

impl Error {
    pub(crate) const fn in_headers(reason: Reason, headers: Names) -> Self {
        Self {
            reason,
            headers,
            #[cfg(any(feature = "payload", feature = "client"))]
            path: "",
        }
    }

    #[cfg(any(feature = "payload", feature = "client"))]
    pub(crate) const fn at(reason: Reason, path: &'static str) -> Self {
        Self {
            reason,
            headers: Names::NONE,
            path,
        }
    }

    /// Why it was refused.
    ///
    /// ```
    /// # use hookseal::{Reason, Secret};
    /// assert_eq!(Secret::decode("?").unwrap_err().reason(), Reason::InvalidSecret);
    /// ```
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The reason's stable code.
    ///
    /// ```
    /// # use hookseal::Secret;
    /// assert_eq!(Secret::decode("?").unwrap_err().code(), "invalid_secret");
    /// ```
    pub const fn code(&self) -> &'static str {
        self.reason.code()
    }

    /// The lower-case names of the headers it is about: the missing ones, or the one that is wrong.
    ///
    /// ```
    /// use hookseal::{Secret, Standard, Timestamp, Webhook};
    ///
    /// let webhook = Webhook::new(Standard, [Secret::decode("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?])?;
    /// let error = webhook.verify(&[("svix-id", "msg_1")], b"", Timestamp::from_secs(0)).unwrap_err();
    /// assert_eq!(error.headers().collect::<Vec<_>>(), ["svix-timestamp", "svix-signature"]);
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = &'static str> {
        self.headers.iter()
    }

    /// Whether one of these headers is among those it is about.
    pub(crate) const fn is_about(&self, headers: Names) -> bool {
        self.headers.0 & headers.0 != 0
    }

    /// The path of the payload's field it is about, as in `$.job_id`; empty for any other error.
    ///
    /// ```
    /// let error = hookseal::Secret::decode("?").unwrap_err();
    /// assert_eq!(error.path(), "");
    /// ```
    pub const fn path(&self) -> &'static str {
        #[cfg(any(feature = "payload", feature = "client"))]
        return self.path;
        #[cfg(not(any(feature = "payload", feature = "client")))]
        ""
    }

    /// The reason's number and, from the ninth bit up, the headers' bits.
    #[cfg(target_arch = "wasm32")]
    pub(crate) const fn number(&self) -> u32 {
        self.reason as u32 | (self.headers.0 as u32) << 8
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::in_headers(reason, Names::NONE)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.reason)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.message())?;
        for (index, name) in self.headers().enumerate() {
            write!(f, "{}{name}", if index == 0 { ": " } else { ", " })?;
        }
        if !self.path().is_empty() {
            write!(f, ": {}", self.path())?;
        }
        Ok(())
    }
}

impl core::error::Error for Error {}
