//! ScaiKey: what it tells a receiver. Its signing scheme is [`ScaiKey`](crate::ScaiKey).

pub(crate) mod payload;

#[cfg(feature = "payload")]
pub use payload::{Actor, Event, Resource};
