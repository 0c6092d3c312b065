//! The twelve endpoints of ScaiKey's webhook administration, under `/api/v1/admin/webhooks/`.
//!
//! The server is the customer's own, so the base URL always comes from the caller. Bodies are published as
//! `object` and `any` only: they pass through as JSON text, both ways. The collection's trailing slash is part
//! of its path.

use crate::error::{Error, Reason};
use crate::http::url::{integer, push_id, push_query};
use crate::http::{BaseUrl, Method, Request};
use crate::json;
use crate::text::number;

/// Items follow the collection's trailing slash.
const COLLECTION: &str = "/api/v1/admin/webhooks";

/// The endpoints.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    List,
    Create,
    Events,
    Delete,
    Get,
    Update,
    Deliveries,
    Delivery,
    Retry,
    RotateSecret,
    Stats,
    Test,
}

impl Call {
    /// In the order of their numbers.
    #[cfg(all(target_arch = "wasm32", feature = "sdk"))]
    pub(crate) const ALL: [Self; 12] = [
        Self::List,
        Self::Create,
        Self::Events,
        Self::Delete,
        Self::Get,
        Self::Update,
        Self::Deliveries,
        Self::Delivery,
        Self::Retry,
        Self::RotateSecret,
        Self::Stats,
        Self::Test,
    ];

    /// The method, and the path below the collection or the item.
    const fn line(self) -> (Method, &'static str) {
        match self {
            Self::List => (Method::Get, "/"),
            Self::Create => (Method::Post, "/"),
            Self::Events => (Method::Get, "/events"),
            Self::Delete => (Method::Delete, ""),
            Self::Get => (Method::Get, ""),
            Self::Update => (Method::Patch, ""),
            Self::Deliveries => (Method::Get, "/deliveries"),
            Self::Delivery => (Method::Get, "/deliveries/"),
            Self::Retry => (Method::Post, "/deliveries/"),
            Self::RotateSecret => (Method::Post, "/rotate-secret"),
            Self::Stats => (Method::Get, "/stats"),
            Self::Test => (Method::Post, "/test"),
        }
    }

    /// What it asks for in its query, of the arguments from the first one up. The first two are integers.
    const fn query(self) -> &'static [&'static str] {
        match self {
            Self::List => &["page", "per_page", "tenant_id", "partner_id"],
            Self::Deliveries => &["page", "per_page", "status"],
            _ => &[],
        }
    }
}

/// A call's arguments: the item's id, unless it is about the collection; then a body, a delivery's id in digits, or
/// what goes into the query.
type Arguments<'a> = [Option<&'a str>; 4];

/// The request of any call.
pub(crate) fn request(
    base: &BaseUrl,
    call: Call,
    arguments: Arguments<'_>,
) -> Result<Request, Reason> {
    let (method, below) = call.line();
    let mut rest = arguments.iter().copied();
    let mut url = base.at(COLLECTION);
    if !matches!(call, Call::List | Call::Create | Call::Events) {
        push_id(&mut url, rest.next().flatten().unwrap_or_default())?;
    }
    url.push_str(below);
    // The schema says of a page's number and size that they are integers, and no more.
    for (at, (name, value)) in call.query().iter().zip(rest.clone()).enumerate() {
        if at < 2 && value.is_some_and(|number| integer(number).is_none()) {
            return Err(Reason::InvalidNumber);
        }
        push_query(&mut url, name, value);
    }
    let second = rest.next().flatten().unwrap_or_default();
    if matches!(call, Call::Delivery | Call::Retry) {
        integer(second).ok_or(Reason::InvalidDeliveryId)?;
        url.push_str(second);
        if call == Call::Retry {
            url.push_str("/retry");
        }
    }
    let request = Request::new(method, url);
    if !matches!(call, Call::Create | Call::Update) {
        return Ok(request);
    }
    if !json::is_json(second) {
        return Err(Reason::BodyNotJson);
    }
    if !json::is_object(second) {
        return Err(Reason::InvalidBody);
    }
    Ok(request.json(second.into()))
}

fn of_item(base: &BaseUrl, call: Call, id: &str, second: Option<&str>) -> Result<Request, Error> {
    Ok(request(base, call, [Some(id), second, None, None])?)
}

/// Which webhooks to list. All of it may be left out.
///
/// ```
/// use hookseal::scaikey::admin::Listing;
///
/// let listing = Listing { page: Some(2), tenant_id: Some("t_1"), ..Listing::default() };
/// # let _ = listing;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listing<'l> {
    /// Which page.
    pub page: Option<i64>,
    /// How many on a page.
    pub per_page: Option<i64>,
    /// Only this tenant's.
    pub tenant_id: Option<&'l str>,
    /// Only this partner's.
    pub partner_id: Option<&'l str>,
}

/// Lists webhooks: `GET /api/v1/admin/webhooks/`.
///
/// # Errors
///
/// [`Reason::InvalidNumber`] for a number that JSON clients could not hold exactly.
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin::{self, Listing}};
///
/// let base = BaseUrl::parse("https://id.example.com")?;
/// let request = admin::list(&base, Listing { page: Some(2), ..Listing::default() })?;
/// assert_eq!(request.url(), "https://id.example.com/api/v1/admin/webhooks/?page=2");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn list(base: &BaseUrl, listing: Listing<'_>) -> Result<Request, Error> {
    let page = listing.page.map(number);
    let per_page = listing.per_page.map(number);
    let scope = (listing.tenant_id, listing.partner_id);
    let arguments = [page.as_deref(), per_page.as_deref(), scope.0, scope.1];
    Ok(request(base, Call::List, arguments)?)
}

/// Creates a webhook: `POST /api/v1/admin/webhooks/`, answered with 201.
///
/// # Errors
///
/// [`Reason::InvalidBody`] unless the body is a JSON object; [`Reason::BodyNotJson`] if it is no JSON.
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// let base = BaseUrl::parse("https://id.example.com")?;
/// let request = admin::create(&base, r#"{"url":"https://example.com/hook"}"#)?;
/// assert_eq!(request.url(), "https://id.example.com/api/v1/admin/webhooks/");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn create(base: &BaseUrl, body: &str) -> Result<Request, Error> {
    Ok(request(base, Call::Create, [Some(body), None, None, None])?)
}

/// Lists the event types: `GET /api/v1/admin/webhooks/events`.
///
/// # Errors
///
/// None today.
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// let request = admin::events(&BaseUrl::parse("https://id.example.com")?)?;
/// assert_eq!(request.url(), "https://id.example.com/api/v1/admin/webhooks/events");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn events(base: &BaseUrl) -> Result<Request, Error> {
    Ok(request(base, Call::Events, [None; 4])?)
}

/// Removes a webhook: `DELETE /api/v1/admin/webhooks/{webhook_id}`, answered with 204.
///
/// # Errors
///
/// [`Reason::InvalidPathId`] for an empty id, `.` and `..`.
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// assert!(admin::delete(&BaseUrl::parse("https://id.example.com")?, "").is_err());
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn delete(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    of_item(base, Call::Delete, id, None)
}

/// Reads a webhook: `GET /api/v1/admin/webhooks/{webhook_id}`.
///
/// # Errors
///
/// As [`delete`].
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// let request = admin::get(&BaseUrl::parse("https://id.example.com")?, "wh_1")?;
/// assert_eq!(request.url(), "https://id.example.com/api/v1/admin/webhooks/wh_1");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn get(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    of_item(base, Call::Get, id, None)
}

/// Changes a webhook: `PATCH /api/v1/admin/webhooks/{webhook_id}`.
///
/// # Errors
///
/// As [`delete`] and [`create`].
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// assert!(admin::update(&BaseUrl::parse("https://id.example.com")?, "wh_1", "[]").is_err());
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn update(base: &BaseUrl, id: &str, body: &str) -> Result<Request, Error> {
    of_item(base, Call::Update, id, Some(body))
}

/// Which deliveries to list. All of it may be left out.
///
/// ```
/// use hookseal::scaikey::admin::DeliveryListing;
///
/// let listing = DeliveryListing { status: Some("failed"), ..DeliveryListing::default() };
/// # let _ = listing;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryListing<'l> {
    /// Which page.
    pub page: Option<i64>,
    /// How many on a page.
    pub per_page: Option<i64>,
    /// Only those of this status.
    pub status: Option<&'l str>,
}

/// Lists a webhook's deliveries: `GET /api/v1/admin/webhooks/{webhook_id}/deliveries`.
///
/// # Errors
///
/// As [`delete`] and [`list`].
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin::{self, DeliveryListing}};
///
/// let listing = DeliveryListing { status: Some("failed"), ..DeliveryListing::default() };
/// let request = admin::deliveries(&BaseUrl::parse("https://id.example.com")?, "wh_1", listing)?;
/// assert_eq!(request.url(), "https://id.example.com/api/v1/admin/webhooks/wh_1/deliveries?status=failed");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn deliveries(
    base: &BaseUrl,
    id: &str,
    listing: DeliveryListing<'_>,
) -> Result<Request, Error> {
    let page = listing.page.map(number);
    let per_page = listing.per_page.map(number);
    let arguments = [
        Some(id),
        page.as_deref(),
        per_page.as_deref(),
        listing.status,
    ];
    Ok(request(base, Call::Deliveries, arguments)?)
}

/// Reads one delivery: `GET /api/v1/admin/webhooks/{webhook_id}/deliveries/{delivery_id}`.
///
/// # Errors
///
/// As [`delete`]; [`Reason::InvalidDeliveryId`] for an id that is not exact in an `f64`.
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// let request = admin::delivery(&BaseUrl::parse("https://id.example.com")?, "wh_1", 7)?;
/// assert_eq!(request.url(), "https://id.example.com/api/v1/admin/webhooks/wh_1/deliveries/7");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn delivery(base: &BaseUrl, id: &str, delivery_id: i64) -> Result<Request, Error> {
    of_item(base, Call::Delivery, id, Some(&number(delivery_id)))
}

/// Delivers once more: `POST /api/v1/admin/webhooks/{webhook_id}/deliveries/{delivery_id}/retry`.
///
/// # Errors
///
/// As [`delivery`].
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// let request = admin::retry(&BaseUrl::parse("https://id.example.com")?, "wh_1", 7)?;
/// assert!(request.url().ends_with("/wh_1/deliveries/7/retry"));
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn retry(base: &BaseUrl, id: &str, delivery_id: i64) -> Result<Request, Error> {
    of_item(base, Call::Retry, id, Some(&number(delivery_id)))
}

/// Gives a webhook a new signing secret: `POST /api/v1/admin/webhooks/{webhook_id}/rotate-secret`.
///
/// # Errors
///
/// As [`delete`].
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// let request = admin::rotate_secret(&BaseUrl::parse("https://id.example.com")?, "wh_1")?;
/// assert!(!request.is_repeatable() && request.url().ends_with("/wh_1/rotate-secret"));
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn rotate_secret(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    of_item(base, Call::RotateSecret, id, None)
}

/// Reads a webhook's statistics: `GET /api/v1/admin/webhooks/{webhook_id}/stats`.
///
/// # Errors
///
/// As [`delete`].
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// let request = admin::stats(&BaseUrl::parse("https://id.example.com")?, "wh_1")?;
/// assert!(request.url().ends_with("/wh_1/stats"));
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn stats(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    of_item(base, Call::Stats, id, None)
}

/// Sends a test event: `POST /api/v1/admin/webhooks/{webhook_id}/test`.
///
/// # Errors
///
/// As [`delete`].
///
/// ```
/// use hookseal::{http::BaseUrl, scaikey::admin};
///
/// let request = admin::test(&BaseUrl::parse("https://id.example.com")?, "wh_1")?;
/// assert!(request.body().is_none() && request.url().ends_with("/wh_1/test"));
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn test(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    of_item(base, Call::Test, id, None)
}

#[cfg(feature = "payload")]
pub use typed::read;

#[cfg(feature = "payload")]
mod typed {
    use crate::http::{ApiError, Response, ResponseError};
    use serde::de::DeserializeOwned;

    /// Reads an answer as whatever type the caller knows it to have; `serde_json::Value` takes anything.
    /// For [`delete`](super::delete), which answers with nothing, use `Option<Value>`.
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    ///
    /// ```
    /// use hookseal::{http::Response, scaikey::admin};
    ///
    /// let value: serde_json::Value = admin::read(&Response::new(201, &[], br#"{"id":"wh_1"}"#))?;
    /// assert_eq!(value["id"], "wh_1");
    /// # Ok::<(), hookseal::http::ApiError>(())
    /// ```
    pub fn read<T: DeserializeOwned>(response: &Response) -> Result<T, ApiError> {
        let text = response.success()?;
        let text = if response.status() == 204 && text.is_empty() {
            "null"
        } else {
            text
        };
        serde_json::from_str(text).map_err(|_| ResponseError::of(response).into())
    }
}
