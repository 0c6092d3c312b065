//! The Webhook Portal, in which a user sets endpoints up and reads their secrets.
//!
//! `POST /configure_webhook` without a body answers with a JSON *string*: the portal's URL. Its fragment
//! carries a key, so the URL belongs to that one user, and into no log.

use crate::error::{Error, Reason};
use crate::http::{ApiError, BaseUrl, Method, Request, Response, ResponseError};
use crate::json;
use alloc::string::String;

/// Asks for a portal. The optional header `user-id` is in Reducto's older documentation only.
///
/// # Errors
///
/// [`Reason::InvalidUserId`] unless the id is visible ASCII characters, with spaces inside only: it becomes a
/// header.
///
/// ```
/// use hookseal::{http::BaseUrl, reducto::portal};
///
/// let request = portal::open(&BaseUrl::parse("https://platform.reducto.ai")?, None)?;
/// assert_eq!(request.url(), "https://platform.reducto.ai/configure_webhook");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn open(base: &BaseUrl, user_id: Option<&str>) -> Result<Request, Error> {
    let request = Request::new(Method::Post, base.at("/configure_webhook"));
    let Some(id) = user_id else {
        return Ok(request);
    };
    if id.is_empty() || id != id.trim_ascii() || !id.bytes().all(|byte| matches!(byte, b' '..=b'~'))
    {
        return Err(Reason::InvalidUserId.into());
    }
    Ok(request.user_id(id))
}

/// Reads the answer: the portal's URL.
///
/// # Errors
///
/// See [`ApiError`].
///
/// ```
/// use hookseal::{http::Response, reducto::portal};
///
/// let response = Response::new(200, &[], br#""https://app.svix.com/login#key=abc""#);
/// assert_eq!(portal::url(&response)?, "https://app.svix.com/login#key=abc");
/// # Ok::<(), hookseal::http::ApiError>(())
/// ```
pub fn url(response: &Response) -> Result<String, ApiError> {
    let url = json::string(response.success()?).filter(|url| !url.is_empty());
    url.ok_or_else(|| ResponseError::of(response).into())
}
