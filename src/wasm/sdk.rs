//! The boundary of the services' calls: what `pkg-template/sdk.ts` calls, with texts and numbers.
//!
//! JavaScript puts each text into its slot ([`sdk_put`]; one that is left out is an option that was), runs the call
//! ([`sdk_call`]), reads the text that it gives ([`sdk_given`]), and clears all of it ([`sdk_clear`]). A request comes
//! as HTTP writes it, without the version: `POST https://… ` and a line for each header, an empty line, the body.

#![cfg(not(feature = "payload"))]

#[allow(unsafe_code)]
#[path = "arena.rs"]
mod arena;

use crate::error::{Error, Reason};
use crate::http::{self, BaseUrl, Failure, Method, Request, Retry, Sent};
use crate::json;
use crate::reducto::jobs::{self, JobKind};
use crate::reducto::{Region, WebhookConfig, portal};
use crate::scaikey::admin::{self, Call};
use crate::timestamp::Timestamp;
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

/// As in the core: a panic is a trap and nothing else.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Makes room for a text of so many bytes, and tells where.
#[wasm_bindgen]
pub fn sdk_put(slot: usize, length: usize) -> *mut u8 {
    arena::put(slot, length)
}

/// The address (0) or the length (1) of the text that the call gave.
#[wasm_bindgen]
pub fn sdk_given(part: usize) -> usize {
    arena::given(part)
}

/// Forgets, and overwrites, what a call has left. Its text must have been read.
#[wasm_bindgen]
pub fn sdk_clear() {
    arena::clear();
}

/// Runs a call on the texts in their slots. One that gives a text answers with 0; or with the number of a refusal,
/// and gives the path that it is about.
///
/// | number | call | texts |
/// |---|---|---|
/// | 0, 1, 2 | checks and trims a base URL, a credential; the base URL of an environment | what is given |
/// | 3 | a webhook configuration of channels (a JSON array), of a URL, or none | channels, URL |
/// | 4 | fails if a direct webhook's token is empty | token |
/// | 5 | the front of a body, or of a host's message, for an error | body, credential |
/// | 6 | a request id that may be shown, or nothing | header |
/// | 7 | the code and message of status `a`, with a line break between; `b` as in `Sent::of` | body |
/// | 8 | whether a job of that status has ended | status |
/// | 9 | milliseconds to wait before the next attempt, or negative (see `wait`) | method, code, `retry-after`, `retry-after-ms` |
/// | 10 | whether to follow a redirect of status `a`; `b` is 1 within the origin | method |
/// | 20 | the request that submits a job | base, kind, body, configuration, field, token, metadata, priority |
/// | 21 … 25 | portal, job, jobs, cancel, a stored result | base, arguments |
/// | 30 … 41 | the requests to ScaiKey, in the order of `admin::Call` | base, arguments |
#[wasm_bindgen]
pub fn sdk_call(call: u32, a: u32, b: u32, c: u32, now: f64, random: f64) -> i32 {
    arena::with(|texts| {
        let text = |slot| texts.get(slot);
        let given = |slot| texts.get(slot).unwrap_or_default();
        let first = given(0);
        let result = match call {
            0 => BaseUrl::parse(first).map(String::from),
            1 => http::credential(first).map(String::from),
            2 => Region::named(first)
                .and_then(Region::base_url)
                .map(String::from),
            3 => webhook(text(0), text(1)),
            4 => WebhookConfig::check_token(first).map(|()| String::new()),
            5 => Ok(http::excerpt(first, given(1))),
            6 => Ok(http::request_id(first).unwrap_or_default().into()),
            7 => Ok(http::status_lines(status(a), first, Sent::of(b))),
            8 => return jobs::has_ended(first).into(),
            9 => {
                let failure = match status(c) {
                    0 if http::is_unreached(given(1)) => Failure::Unreached,
                    0 => Failure::Lost,
                    status => Failure::Status {
                        status,
                        retry_after: text(2),
                        retry_after_ms: text(3),
                    },
                };
                return wait(a, b, method_of(first), failure, now, random);
            }
            10 => return http::follows_redirect(method_of(first), status(a), b == 1).into(),
            _ => {
                let base = BaseUrl::checked(first);
                request(call, &base, |slot| texts.get(slot)).map(String::from)
            }
        };
        match result {
            Ok(text) => {
                arena::give(text);
                0
            }
            Err(error) => {
                arena::give(error.path().into());
                error.number() as i32
            }
        }
    })
}

fn request<'t>(
    call: u32,
    base: &BaseUrl,
    text: impl Fn(usize) -> Option<&'t str>,
) -> Result<Request, Error> {
    let (a, b, c, d) = (text(1), text(2), text(3), text(4));
    let id = a.unwrap_or_default();
    let second = b.unwrap_or_default();
    match call {
        20 => jobs::submit_text(
            base,
            JobKind::named(id)?,
            second,
            c,
            d.zip(text(5)),
            text(6),
            text(7),
        )
        .map_err(Error::from),
        21 => portal::open(base, a),
        22 => jobs::get(base, id),
        23 => jobs::list_text(base, a, b, c),
        24 => jobs::cancel(base, id),
        25 => jobs::stored_result(id),
        _ => {
            let call = Call::ALL.get(call.wrapping_sub(30) as usize);
            admin::request(base, *call.unwrap_or(&Call::Test), [a, b, c, d]).map_err(Error::from)
        }
    }
}

fn webhook(channels: Option<&str>, url: Option<&str>) -> Result<String, Error> {
    let config = match (channels, url) {
        (Some(channels), _) => {
            let elements = json::elements(channels).ok_or(Reason::InvalidChannels)?;
            // What is no string is no channel either.
            WebhookConfig::of_channels(
                elements.map(|element| json::string(element).unwrap_or_default()),
            )
        }
        (None, Some(url)) => WebhookConfig::direct(url),
        (None, None) => Ok(WebhookConfig::disabled()),
    };
    config.map(String::from)
}

/// `most` retries, of which there were `retries`; `now` is in milliseconds.
fn wait(
    most: u32,
    retries: u32,
    method: Method,
    failure: Failure<'_>,
    now: f64,
    random: f64,
) -> i32 {
    let now = Timestamp::from_secs((now as i64).div_euclid(1000));
    let wait = Retry::at_most(most).wait_ms(method.is_idempotent(), failure, retries, now, random);
    wait.map_or(-1, |wait| wait as i32)
}

fn status(number: u32) -> u16 {
    u16::try_from(number).unwrap_or_default()
}

fn method_of(name: &str) -> Method {
    match name {
        "GET" => Method::Get,
        "DELETE" => Method::Delete,
        _ => Method::Post,
    }
}
