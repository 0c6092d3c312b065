//! The envelope of every ScaiKey event.

use crate::payload::{Field, Kind, Shape};

/// ScaiKey's webhook reference. `data` is open: it differs from event to event.
pub(crate) const EVENT: Shape = Shape {
    #[cfg(test)]
    name: "SCAIKEY_EVENT",
    fields: &[
        Field::new("$", &[Kind::Object]),
        Field::new("$.event_id", &[Kind::String]),
        Field::new("$.event_type", &[Kind::String]),
        Field::new("$.timestamp", &[Kind::EmptyString, Kind::String]),
        Field::new("$.resource", &[Kind::Object]),
        Field::new("$.resource.type", &[Kind::EmptyString, Kind::String]),
        Field::new("$.resource.id", &[Kind::EmptyString, Kind::String]),
        Field::new("$.actor", &[Kind::Object]),
        Field::new("$.actor.type", &[Kind::EmptyString, Kind::String]),
        Field::new("$.actor.id", &[Kind::Null, Kind::EmptyString, Kind::String]),
        Field::new(
            "$.tenant_id",
            &[Kind::Absent, Kind::Null, Kind::EmptyString, Kind::String],
        ),
        Field::new(
            "$.partner_id",
            &[Kind::Absent, Kind::Null, Kind::EmptyString, Kind::String],
        ),
    ],
};

pub use typed::{Actor, Event, Resource};

mod typed {
    use super::EVENT;
    use crate::error::{Error, Reason};
    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Serialize};
    use serde_json::Value;

    /// What an event is about.
    ///
    /// ```
    /// let resource: hookseal::scaikey::Resource = serde_json::from_str(r#"{"type":"user","id":"u_1"}"#)?;
    /// assert_eq!(resource.kind, "user");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Resource {
        /// Its type, such as `user`.
        #[serde(rename = "type")]
        pub kind: String,
        /// Its id.
        pub id: String,
    }

    /// Who caused an event.
    ///
    /// ```
    /// let actor: hookseal::scaikey::Actor = serde_json::from_str(r#"{"type":"system","id":null}"#)?;
    /// assert_eq!(actor.id, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Actor {
        /// Its type.
        #[serde(rename = "type")]
        pub kind: String,
        /// Its id, where it has one.
        pub id: Option<String>,
    }

    /// An event's envelope.
    ///
    /// ```
    /// use hookseal::scaikey::Event;
    ///
    /// let body = br#"{"event_id":"evt_1","event_type":"user.created","timestamp":"2026-01-01T00:00:00Z",
    ///     "resource":{"type":"user","id":"u_1"},"actor":{"type":"system","id":null},"data":{}}"#;
    /// let event = Event::<serde_json::Value>::parse(body)?;
    /// assert_eq!(event.event_type, "user.created");
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Event<D = Value> {
        /// The idempotency key: the same for every attempt.
        pub event_id: String,
        /// Family and verb, such as `user.created`.
        pub event_type: String,
        /// When it happened (ISO 8601).
        pub timestamp: String,
        /// What it is about.
        pub resource: Resource,
        /// Who caused it.
        pub actor: Actor,
        /// What the event says; its form depends on the type.
        #[serde(default = "Option::default")]
        pub data: Option<D>,
        /// The tenant, where there is one.
        #[serde(default)]
        pub tenant_id: Option<String>,
        /// The partner, where there is one.
        #[serde(default)]
        pub partner_id: Option<String>,
    }

    impl<D: DeserializeOwned> Event<D> {
        /// Parses a body that was verified.
        ///
        /// # Errors
        ///
        /// [`Reason::InvalidJson`], or [`Reason::InvalidPayload`] with the path of the first field
        /// that is wrong.
        ///
        /// ```
        /// use hookseal::scaikey::Event;
        ///
        /// assert_eq!(Event::<serde_json::Value>::parse(b"{}").unwrap_err().path(), "$.event_id");
        /// ```
        pub fn parse(body: &[u8]) -> Result<Self, Error> {
            let value = EVENT.parse(body)?;
            serde_json::from_value(value).map_err(|_| Error::at(Reason::InvalidPayload, "$.data"))
        }
    }
}
