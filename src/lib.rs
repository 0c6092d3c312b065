//! Webhook signatures: who sent this request, and is its body what they sent?
//!
//! A sender and a receiver share a *signing secret*. The sender signs an id, a timestamp and the
//! body's bytes, and puts the signature into a header; the receiver computes the same and compares.
//! This crate does both for [Standard Webhooks / Svix](scheme::standard) (and so for Reducto) and
//! for [ScaiKey](scheme::scaikey), strictly: every accept and refuse decision is a row of
//! `docs/verification.md`. It reads no clock and does no I/O: headers, body and the time go in, a
//! verdict comes out.
//!
//! ```
//! use hookseal::{Secret, Standard, Timestamp, Webhook};
//!
//! let webhook = Webhook::new(Standard, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse::<Secret>()?])?;
//! let headers = [
//!     ("svix-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
//!     ("svix-timestamp", "1614265330"),
//!     ("svix-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
//! ];
//! let now = Timestamp::from_secs(1_614_265_330);
//! assert!(webhook.verify(&headers, br#"{"test": 2432232314}"#, now).is_ok());
//! assert!(webhook.verify(&headers, br#"{"test": 2432232315}"#, now).is_err());
//! # Ok::<(), hookseal::Error>(())
//! ```
//!
//! The services' own calls are here as plain data, without a network: see [`http`] (feature `client`).
//!
//! Nothing allocates but these calls and the typed payloads of [`reducto`] and [`scaikey`] (feature
//! `payload`); both features are on by default.

#![cfg_attr(all(target_arch = "wasm32", not(feature = "payload")), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]
// What only the core's boundary uses.
#![cfg_attr(all(target_arch = "wasm32", feature = "sdk"), allow(dead_code))]
#![cfg_attr(target_arch = "wasm32", deny(unsafe_code))]

#[cfg(feature = "client")]
extern crate alloc;

mod encoding;
mod error;
mod headers;
#[cfg(feature = "client")]
pub mod http;
#[cfg(feature = "client")]
mod json;
mod mac;
#[cfg(feature = "payload")]
mod payload;
pub mod receive;
pub mod reducto;
pub mod scaikey;
pub mod scheme;
mod secret;
mod sign;
#[cfg(test)]
mod table;
#[cfg(feature = "client")]
mod text;
mod timestamp;
mod verify;
#[cfg(all(target_arch = "wasm32", not(feature = "sdk")))]
pub mod wasm;
// In place of the core's boundary: what that exports would leave its tables and texts in this artifact.
#[cfg(all(target_arch = "wasm32", feature = "sdk"))]
#[path = "wasm/sdk.rs"]
pub mod wasm;

pub use error::{Error, Kind, Reason};
pub use headers::Headers;
pub use scheme::direct::Token;
pub use scheme::scaikey::ScaiKey;
pub use scheme::standard::Standard;
pub use secret::Secret;
pub use sign::Signature;
pub use timestamp::{Timestamp, Tolerance};
pub use verify::{Delivery, Webhook};
