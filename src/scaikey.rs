//! ScaiKey: what it tells a receiver, and its administration. Its signing scheme is [`ScaiKey`](crate::ScaiKey).

#[cfg(feature = "client")]
pub mod admin;
#[cfg(feature = "payload")]
pub(crate) mod payload;

#[cfg(feature = "payload")]
pub use payload::{Actor, Event, Resource};
