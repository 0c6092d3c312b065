//! Reducto: what it tells a receiver, and its calls.
//!
//! Signed deliveries come through Svix, so they are verified with the
//! [`Standard`](crate::Standard) scheme; direct ones carry a [`Token`](crate::Token).

#[cfg(feature = "client")]
pub mod jobs;
#[cfg(feature = "payload")]
pub(crate) mod payload;
#[cfg(feature = "client")]
pub mod portal;
#[cfg(feature = "client")]
mod region;
#[cfg(all(feature = "client", feature = "payload"))]
pub(crate) mod responses;
#[cfg(feature = "client")]
mod webhook_config;

#[cfg(feature = "payload")]
pub use payload::{JobStatus, JobUpdate};
#[cfg(feature = "client")]
pub use region::Region;
#[cfg(feature = "client")]
pub use webhook_config::WebhookConfig;
