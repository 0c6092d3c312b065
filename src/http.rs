//! Calls as plain data: a request to send, a response to read, and when to try again.
//!
//! The crate sends nothing. [`reducto`](crate::reducto) and [`scaikey`](crate::scaikey) turn arguments into
//! a [`Request`]; the program sends it with the HTTP client it has, asks the [`Retry`] policy after a
//! failure, and gives the [`Response`] back to be read.
//!
//! **The credential is not in a [`Request`].** Who sends it adds `Authorization: Bearer <API key or JWT>`
//! (see [`credential`]), and only for the request's own origin: so it cannot leak through this crate, and
//! a token that is renewed serves the retry, too. For a result that lies elsewhere, [`Request::is_public`]
//! says that no credential may be sent.
//!
//! ```
//! use hookseal::http::{BaseUrl, Failure, Method, Retry};
//! use hookseal::{reducto::jobs, Timestamp};
//! use std::time::Duration;
//!
//! let request = jobs::get(&BaseUrl::parse("https://platform.reducto.ai")?, "204a39e4")?;
//! assert_eq!((request.method(), request.url()), (Method::Get, "https://platform.reducto.ai/job/204a39e4"));
//!
//! // It was sent, and the answer is 429 with `Retry-After: 7`.
//! let failure = Failure::Status { status: 429, retry_after: Some("7"), retry_after_ms: None };
//! let wait = Retry::default().wait(&request, failure, 0, Timestamp::from_secs(0), 0.5);
//! assert_eq!(wait, Some(Duration::from_secs(7)));
//! # Ok::<(), hookseal::Error>(())
//! ```

mod error;
mod retry;
pub(crate) mod url;

pub use error::{ApiError, Detail, ResponseError, StatusError};
#[cfg(all(target_arch = "wasm32", feature = "sdk"))]
pub(crate) use error::{Sent, excerpt, request_id, status_lines};
pub use retry::{Failure, Retry, follows_redirect, is_unreached};
pub use url::BaseUrl;

use crate::error::{Error, Reason};
#[cfg(all(target_arch = "wasm32", feature = "sdk"))]
use crate::text::push_byte;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A request's method.
///
/// ```
/// use hookseal::http::Method;
///
/// assert_eq!(Method::Patch.as_str(), "PATCH");
/// assert!(!Method::Post.is_idempotent());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something, each time it is sent.
    Post,
    /// Changes a part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// As it stands in a request.
    ///
    /// ```
    /// assert_eq!(hookseal::http::Method::Get.as_str(), "GET");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether sending it twice does the same as once (RFC 9110, 9.2.2). The services' documents say
    /// nothing more of any call, so a `POST` and a `PATCH` never count as safe to repeat.
    ///
    /// ```
    /// assert!(hookseal::http::Method::Delete.is_idempotent());
    /// ```
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Delete)
    }
}

/// A request to send, complete but for the credential.
///
/// ```
/// use hookseal::http::BaseUrl;
/// use hookseal::reducto::portal;
///
/// let request = portal::open(&BaseUrl::parse("https://platform.reducto.ai")?, Some("user-7"))?;
/// assert_eq!(request.url(), "https://platform.reducto.ai/configure_webhook");
/// assert!(request.headers().any(|header| header == ("user-id", "user-7")));
/// assert_eq!(request.body(), None);
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    method: Method,
    url: String,
    user_id: Option<String>,
    body: Option<String>,
    public: bool,
}

impl Request {
    pub(crate) fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url,
            user_id: None,
            body: None,
            public: false,
        }
    }

    pub(crate) fn user_id(mut self, id: &str) -> Self {
        self.user_id = Some(id.into());
        self
    }

    pub(crate) fn json(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// The method.
    ///
    /// ```
    /// # use hookseal::{http::{BaseUrl, Method}, reducto::jobs};
    /// let request = jobs::cancel(&BaseUrl::parse("https://platform.reducto.ai")?, "1")?;
    /// assert_eq!(request.method(), Method::Post);
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The whole URL, ASCII.
    ///
    /// ```
    /// # use hookseal::{http::BaseUrl, reducto::jobs};
    /// let request = jobs::cancel(&BaseUrl::parse("https://platform.reducto.ai")?, "1")?;
    /// assert_eq!(request.url(), "https://platform.reducto.ai/cancel/1");
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers, with lower-case names, without `authorization`.
    ///
    /// ```
    /// # use hookseal::{http::BaseUrl, reducto::jobs};
    /// let request = jobs::cancel(&BaseUrl::parse("https://platform.reducto.ai")?, "1")?;
    /// assert_eq!(request.headers().collect::<Vec<_>>(), [("accept", "application/json")]);
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields().into_iter();
        fields.filter_map(|(name, value)| Some((name, value?)))
    }

    fn fields(&self) -> [(&'static str, Option<&str>); 3] {
        let json = "application/json";
        [
            ("accept", Some(json)),
            ("content-type", self.body.as_ref().map(|_| json)),
            ("user-id", self.user_id.as_deref()),
        ]
    }

    /// The body, JSON.
    ///
    /// ```
    /// # use hookseal::{http::BaseUrl, scaikey::admin};
    /// let request = admin::create(&BaseUrl::parse("https://id.example.com")?, r#"{"url":"https://example.com"}"#)?;
    /// assert_eq!(request.body(), Some(r#"{"url":"https://example.com"}"#));
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// Whether it may be sent again though the service may have acted on it.
    ///
    /// ```
    /// # use hookseal::{http::BaseUrl, reducto::jobs};
    /// let base = BaseUrl::parse("https://platform.reducto.ai")?;
    /// assert!(jobs::get(&base, "1")?.is_repeatable());
    /// assert!(!jobs::cancel(&base, "1")?.is_repeatable());
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub const fn is_repeatable(&self) -> bool {
        self.method.is_idempotent()
    }

    /// Whether it goes to another host than the service's, so that no credential and no header of the
    /// caller's may go with it.
    ///
    /// ```
    /// # use hookseal::reducto::jobs;
    /// assert!(jobs::stored_result("https://storage.example.com/1?signature=x")?.is_public());
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub const fn is_public(&self) -> bool {
        self.public
    }
}

/// Shows neither the query nor the body: they hold what is the caller's business (a direct token, a
/// signed URL).
/// As HTTP writes it, without the version: for the wasm boundary.
#[cfg(all(target_arch = "wasm32", feature = "sdk"))]
impl From<Request> for String {
    fn from(request: Request) -> Self {
        let mut out = Self::from(request.method.as_str());
        push_byte(&mut out, b' ');
        out.push_str(&request.url);
        push_byte(&mut out, b'\n');
        for (name, value) in request.fields() {
            if let Some(value) = value {
                out.push_str(name);
                out.push_str(": ");
                out.push_str(value);
                push_byte(&mut out, b'\n');
            }
        }
        push_byte(&mut out, b'\n');
        out.push_str(request.body().unwrap_or_default());
        out
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, _) = self.url.split_once('?').unwrap_or((&self.url, ""));
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &url)
            .field("body_bytes", &self.body.as_ref().map_or(0, String::len))
            .finish_non_exhaustive()
    }
}

/// What came back: the status, the headers, and the body after any content decoding.
///
/// ```
/// use hookseal::http::Response;
///
/// let response = Response::new(200, &[("Content-Type", "application/json")], br#"{"job_id":"1"}"#);
/// assert_eq!(response.header("content-type"), Some("application/json"));
/// ```
#[derive(Clone)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Response {
    /// Bytes that are no UTF-8 are replaced: no body of the services holds any.
    ///
    /// ```
    /// assert_eq!(hookseal::http::Response::new(204, &[], b"").status(), 204);
    /// ```
    pub fn new(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        Self {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
            body: String::from_utf8_lossy(body).into(),
        }
    }

    /// The status.
    ///
    /// ```
    /// assert_eq!(hookseal::http::Response::new(404, &[], b"").status(), 404);
    /// ```
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// A header's first value, by its name in any case.
    ///
    /// ```
    /// let response = hookseal::http::Response::new(429, &[("Retry-After", "7")], b"");
    /// assert_eq!(response.header("retry-after"), Some("7"));
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body's text, if the status is one of success.
    pub(crate) fn success(&self) -> Result<&str, ApiError> {
        if matches!(self.status, 200..=299) {
            return Ok(&self.body);
        }
        Err(StatusError::of(self).into())
    }

    pub(crate) fn text(&self) -> &str {
        &self.body
    }
}

/// Shows the size only: a body may hold a portal's URL or a signing secret.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Takes an API key or JWT, for `Authorization: Bearer <it>`: visible ASCII; white space around it is
/// trimmed (it comes from settings).
///
/// # Errors
///
/// [`Reason::InvalidApiKey`] if it is empty or has other characters, as a space behind `Bearer`.
///
/// ```
/// assert_eq!(hookseal::http::credential("key_123\n")?, "key_123");
/// assert!(hookseal::http::credential("Bearer key_123").is_err());
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn credential(text: &str) -> Result<&str, Error> {
    let text = text.trim_ascii();
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then_some(text).ok_or(Reason::InvalidApiKey.into())
}
