//! The boundary of the services' calls: what `pkg-template/sdk.ts` calls, with texts.
//!
//! A call takes texts (`None` is an option that was left out) and gives one back. What begins with `!` is a
//! refusal: its number, and after a space the path it is about. A request comes as HTTP writes it, without
//! the version: `POST https://… ` and a line for each header, an empty line, the body.

use crate::error::{Error, Reason};
use crate::http::{self, BaseUrl, Failure, Method, Request, Retry, Sent};
use crate::payload::{Kind, RESPONSES};
use crate::reducto::jobs::{self, JobKind, Submission};
use crate::reducto::{Region, WebhookConfig, portal};
use crate::scaikey::admin;
use crate::text::push_digits;
use crate::timestamp::Timestamp;
use crate::{json, wasm::answer};
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

/// An option that is a text.
type Text = Option<String>;

fn text(result: Result<String, Error>) -> String {
    result.unwrap_or_else(|error| {
        let mut out = String::from("!");
        push_digits(&mut out, error.number().into());
        out.push(' ');
        out.push_str(error.path());
        out
    })
}

fn request(result: Result<Request, Error>) -> String {
    text(result.map(|request| {
        let mut out = String::from(request.method().as_str());
        out.push(' ');
        out.push_str(request.url());
        out.push('\n');
        for (name, value) in request.headers() {
            out.push_str(name);
            out.push_str(": ");
            out.push_str(value);
            out.push('\n');
        }
        out.push('\n');
        out.push_str(request.body().unwrap_or_default());
        out
    }))
}

/// A flag, of its text.
fn flag(text: Option<&str>) -> Option<bool> {
    text.map(|text| text == "true")
}

/// Checks and trims: 0 a base URL, 1 a credential; 2 gives the base URL of an environment.
#[wasm_bindgen]
pub fn sdk_setting(form: u32, given: Text) -> String {
    let given = given.as_deref().unwrap_or_default();
    text(match form {
        0 => BaseUrl::parse(given).map(|url| url.as_str().into()),
        1 => http::credential(given).map(String::from),
        _ => Region::named(given)
            .and_then(Region::base_url)
            .map(|url| url.as_str().into()),
    })
}

/// A webhook configuration: of channels (a JSON array), of a URL, or none.
#[wasm_bindgen]
pub fn sdk_webhook(channels: Text, url: Text) -> String {
    let config = match (channels, url) {
        (Some(channels), _) => match json::elements(&channels) {
            None => Err(Reason::InvalidChannels.into()),
            Some(elements) => {
                // What is no string is no channel either.
                let channels: alloc::vec::Vec<_> = elements
                    .map(|element| json::string(element).unwrap_or_default())
                    .collect();
                WebhookConfig::svix(channels.iter().map(String::as_str))
            }
        },
        (None, Some(url)) => WebhookConfig::direct(&url),
        (None, None) => Ok(WebhookConfig::disabled()),
    };
    text(config.map(|config| config.as_json().into()))
}

/// Fails if a direct webhook's token is empty.
#[wasm_bindgen]
pub fn sdk_token(token: Text) -> String {
    let config = WebhookConfig::disabled().with_token("", token.as_deref().unwrap_or_default());
    text(config.map(|_| String::new()))
}

/// The request that submits a job. `webhook` is what [`sdk_webhook`] gave.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn sdk_submit(
    base: String,
    kind: Text,
    body: Text,
    webhook: Text,
    field: Text,
    token: Text,
    metadata: Text,
    priority: Text,
) -> String {
    request((|| {
        let mut config = webhook.map(WebhookConfig::of);
        if let (Some(given), Some(field), Some(token)) = (config.clone(), field, token) {
            config = Some(given.with_token(&field, &token)?);
        }
        let submission = Submission {
            webhook: config.as_ref(),
            metadata: metadata.as_deref(),
            priority: flag(priority.as_deref()),
        };
        let kind = JobKind::named(&kind.unwrap_or_default())?;
        jobs::submit(
            &BaseUrl::parse(&base)?,
            kind,
            &body.unwrap_or_default(),
            submission,
        )
    })())
}

/// The other requests to Reducto: 0 portal, 1 job, 2 jobs, 3 cancel, 4 a stored result.
#[wasm_bindgen]
pub fn sdk_reducto(call: u32, base: String, a: Text, b: Text, c: Text) -> String {
    let (a, b, c) = (a.as_deref(), b.as_deref(), c.as_deref());
    let id = a.unwrap_or_default();
    request(BaseUrl::parse(&base).and_then(|base| match call {
        0 => portal::open(&base, a),
        1 => jobs::get(&base, id),
        2 => jobs::list_text(&base, a, b, flag(c)),
        3 => jobs::cancel(&base, id),
        _ => jobs::stored_result(id),
    }))
}

/// The requests to ScaiKey, in the order of [`admin`].
#[wasm_bindgen]
pub fn sdk_scaikey(call: u32, base: String, a: Text, b: Text, c: Text, d: Text) -> String {
    let (a, b, c, d) = (a.as_deref(), b.as_deref(), c.as_deref(), d.as_deref());
    let id = a.unwrap_or_default();
    let second = b.unwrap_or_default();
    request(BaseUrl::parse(&base).and_then(|base| match call {
        0 => admin::list_text(&base, a, b, c, d),
        1 => admin::create(&base, second),
        2 => admin::events(&base),
        3 => admin::delete(&base, id),
        4 => admin::get(&base, id),
        5 => admin::update(&base, id, second),
        6 => admin::deliveries_text(&base, id, b, c, d),
        7 => admin::delivery_text(&base, id, second),
        8 => admin::retry_text(&base, id, second),
        9 => admin::rotate_secret(&base, id),
        10 => admin::stats(&base, id),
        _ => admin::test(&base, id),
    }))
}

/// How many milliseconds to wait before the next attempt; negative for none. A status of 0 is a connection
/// that failed, with the host's code for it in `code`; `now` is in milliseconds.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn sdk_wait(
    most: u32,
    retries: u32,
    method: String,
    status: u32,
    code: String,
    after: Text,
    after_ms: Text,
    now: f64,
    random: f64,
) -> f64 {
    let failure = match status {
        0 if http::is_unreached(&code) => Failure::Unreached,
        0 => Failure::Lost,
        _ => Failure::Status {
            status: u16::try_from(status).unwrap_or_default(),
            retry_after: after.as_deref(),
            retry_after_ms: after_ms.as_deref(),
        },
    };
    let now = Timestamp::from_secs((now as i64).div_euclid(1000));
    let wait = Retry::at_most(most).wait_ms(
        method_of(&method).is_idempotent(),
        failure,
        retries,
        now,
        random,
    );
    wait.map_or(-1.0, |wait| wait as f64)
}

/// Whether to follow a redirect.
#[wasm_bindgen]
pub fn sdk_follows(method: String, status: u32, same_origin: bool) -> bool {
    http::follows_redirect(
        method_of(&method),
        u16::try_from(status).unwrap_or_default(),
        same_origin,
    )
}

fn method_of(name: &str) -> Method {
    match name {
        "GET" => Method::Get,
        "DELETE" => Method::Delete,
        _ => Method::Post,
    }
}

/// A status's code and message, with a line break between them. `sent` is 0 for a request to the service, 1 for one
/// that it redirected too often, 2 for one to a result's URL.
#[wasm_bindgen]
pub fn sdk_status(status: u32, body: String, sent: u32) -> String {
    let sent = match sent {
        0 => Sent::Service,
        1 => Sent::Around,
        _ => Sent::Public,
    };
    let status = u16::try_from(status).unwrap_or_default();
    let mut out = String::from(http::code_of(status));
    out.push('\n');
    out.push_str(&http::status_message(status, &body, sent));
    out
}

/// The front of a body, or of a host's message, for an error.
#[wasm_bindgen]
pub fn sdk_excerpt(body: String, credential: String) -> String {
    http::excerpt(&body, &credential)
}

/// A request id that may be shown, or nothing.
#[wasm_bindgen]
pub fn sdk_request_id(value: String) -> String {
    http::request_id(&value).unwrap_or_default().into()
}

/// Whether a job of that status has ended.
#[wasm_bindgen]
pub fn sdk_has_ended(status: String) -> bool {
    jobs::has_ended(&status)
}

/// Judges one field of an answer by its kind.
#[wasm_bindgen]
pub fn sdk_check_field(shape: usize, field: usize, kind: usize) -> u32 {
    let field = RESPONSES
        .get(shape)
        .and_then(|shape| shape.fields.get(field));
    let kind = Kind::ALL.get(kind).copied().unwrap_or(Kind::Absent);
    field.map_or(0, |field| answer(field.check(kind).map_err(Error::from)))
}

/// Forgets, and overwrites, what the calls before have left. The last text must have been read.
#[wasm_bindgen]
pub fn sdk_clear() {
    #[cfg(not(feature = "payload"))]
    super::arena::clear();
}
