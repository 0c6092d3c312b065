//! Reducto: what it tells a receiver.
//!
//! Signed deliveries come through Svix, so they are verified with the
//! [`Standard`](crate::Standard) scheme; direct ones carry a [`Token`](crate::Token).

pub(crate) mod payload;

#[cfg(feature = "payload")]
pub use payload::{JobStatus, JobUpdate};
