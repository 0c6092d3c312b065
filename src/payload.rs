//! What a payload must look like, field by field.
//!
//! A [`Shape`] decides over kinds of values, not over values, so that one decision serves Rust
//! (which parses with serde) and JavaScript (which parses with `JSON.parse`, and looks the kinds up in a table
//! that is generated from the shapes: `src/table.rs`).

use crate::error::{Error, Reason};
use serde_json::Value;

/// The kind of a JSON value, or of nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Absent,
    Null,
    Boolean,
    Number,
    EmptyString,
    String,
    Array,
    Object,
}

/// A field, by its path from the root, and the kinds that it may have.
pub(crate) struct Field {
    pub(crate) path: &'static str,
    /// A bit for each [`Kind`].
    pub(crate) accepts: u8,
}

impl Field {
    pub(crate) const fn new(path: &'static str, mut accepts: &[Kind]) -> Self {
        let mut bits = 0;
        while let [kind, rest @ ..] = accepts {
            bits |= 1 << *kind as u8;
            accepts = rest;
        }
        Self {
            path,
            accepts: bits,
        }
    }

    pub(crate) fn check(&self, kind: Kind) -> Result<(), Reason> {
        let accepted = self.accepts >> kind as u8 & 1 == 1;
        accepted.then_some(()).ok_or(Reason::InvalidPayload)
    }
}

/// The fields of a payload that its type makes a promise about, parents before their children.
pub(crate) struct Shape {
    /// The name of its constant in the generated table.
    #[cfg(test)]
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

/// The shapes of what is delivered.
#[cfg(test)]
pub(crate) const SHAPES: [&Shape; 2] = [
    &crate::reducto::payload::JOB_UPDATE,
    &crate::scaikey::payload::EVENT,
];

/// The shapes of what the services answer.
#[cfg(test)]
pub(crate) const RESPONSES: [&Shape; 5] = [
    &crate::reducto::responses::ANY_JSON,
    &crate::reducto::responses::PORTAL_URL,
    &crate::reducto::responses::SUBMITTED,
    &crate::reducto::responses::JOB,
    &crate::reducto::responses::JOB_PAGE,
];

impl Kind {
    fn of(value: Option<&Value>) -> Self {
        match value {
            None => Self::Absent,
            Some(Value::Null) => Self::Null,
            Some(Value::Bool(_)) => Self::Boolean,
            Some(Value::Number(_)) => Self::Number,
            Some(Value::String(text)) if text.is_empty() => Self::EmptyString,
            Some(Value::String(_)) => Self::String,
            Some(Value::Array(_)) => Self::Array,
            Some(Value::Object(_)) => Self::Object,
        }
    }
}

impl Shape {
    /// Parses a body and checks it.
    pub(crate) fn parse(&self, body: &[u8]) -> Result<Value, Error> {
        let value = serde_json::from_slice(body).map_err(|_| Reason::InvalidJson)?;
        self.check(&value)?;
        Ok(value)
    }

    pub(crate) fn check(&self, value: &Value) -> Result<(), Error> {
        self.fields.iter().try_for_each(|field| {
            let mut keys = field.path.split('.').skip(1);
            let found = keys.try_fold(value, |value, key| value.get(key));
            field
                .check(Kind::of(found))
                .map_err(|reason| Error::at(reason, field.path))
        })
    }
}
