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
use alloc::string::String;

/// Items follow the collection's trailing slash.
const COLLECTION: &str = "/api/v1/admin/webhooks";

/// The collection itself.
fn collection(base: &BaseUrl) -> String {
    base.at("/api/v1/admin/webhooks/")
}

fn item(base: &BaseUrl, id: &str, below: &str) -> Result<String, Error> {
    let mut url = base.at(COLLECTION);
    push_id(&mut url, id)?;
    url.push_str(below);
    Ok(url)
}

/// A page's number or size: the schema says that it is an integer, and no more.
fn push_number(url: &mut String, name: &str, number: Option<&str>) -> Result<(), Error> {
    if number.is_some_and(|number| integer(number).is_none()) {
        return Err(Reason::InvalidNumber.into());
    }
    push_query(url, name, number);
    Ok(())
}

/// A body must be a JSON object.
fn object(body: &str) -> Result<String, Error> {
    if !json::is_json(body) {
        return Err(Reason::BodyNotJson.into());
    }
    if !json::is_object(body) {
        return Err(Reason::InvalidBody.into());
    }
    Ok(body.into())
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
    list_text(
        base,
        page.as_deref(),
        per_page.as_deref(),
        listing.tenant_id,
        listing.partner_id,
    )
}

/// As [`list`], with the numbers in digits.
pub(crate) fn list_text(
    base: &BaseUrl,
    page: Option<&str>,
    per_page: Option<&str>,
    tenant_id: Option<&str>,
    partner_id: Option<&str>,
) -> Result<Request, Error> {
    let mut url = collection(base);
    push_number(&mut url, "page", page)?;
    push_number(&mut url, "per_page", per_page)?;
    push_query(&mut url, "tenant_id", tenant_id);
    push_query(&mut url, "partner_id", partner_id);
    Ok(Request::new(Method::Get, url))
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
    Ok(Request::new(Method::Post, collection(base)).json(object(body)?))
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
    Ok(Request::new(Method::Get, item(base, "events", "")?))
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
    Ok(Request::new(Method::Delete, item(base, id, "")?))
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
    Ok(Request::new(Method::Get, item(base, id, "")?))
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
    Ok(Request::new(Method::Patch, item(base, id, "")?).json(object(body)?))
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
    deliveries_text(
        base,
        id,
        page.as_deref(),
        per_page.as_deref(),
        listing.status,
    )
}

/// As [`deliveries`], with the numbers in digits.
pub(crate) fn deliveries_text(
    base: &BaseUrl,
    id: &str,
    page: Option<&str>,
    per_page: Option<&str>,
    status: Option<&str>,
) -> Result<Request, Error> {
    let mut url = item(base, id, "/deliveries")?;
    push_number(&mut url, "page", page)?;
    push_number(&mut url, "per_page", per_page)?;
    push_query(&mut url, "status", status);
    Ok(Request::new(Method::Get, url))
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
    delivery_text(base, id, &number(delivery_id))
}

/// As [`delivery`], with the id in digits.
pub(crate) fn delivery_text(base: &BaseUrl, id: &str, delivery_id: &str) -> Result<Request, Error> {
    Ok(Request::new(
        Method::Get,
        delivery_url(base, id, delivery_id)?,
    ))
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
    retry_text(base, id, &number(delivery_id))
}

/// As [`retry`], with the id in digits.
pub(crate) fn retry_text(base: &BaseUrl, id: &str, delivery_id: &str) -> Result<Request, Error> {
    let mut url = delivery_url(base, id, delivery_id)?;
    url.push_str("/retry");
    Ok(Request::new(Method::Post, url))
}

fn delivery_url(base: &BaseUrl, id: &str, delivery_id: &str) -> Result<String, Error> {
    let mut url = item(base, id, "/deliveries/")?;
    integer(delivery_id).ok_or(Reason::InvalidDeliveryId)?;
    url.push_str(delivery_id);
    Ok(url)
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
    Ok(Request::new(
        Method::Post,
        item(base, id, "/rotate-secret")?,
    ))
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
    Ok(Request::new(Method::Get, item(base, id, "/stats")?))
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
    Ok(Request::new(Method::Post, item(base, id, "/test")?))
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
