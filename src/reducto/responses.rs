//! What Reducto's answers must look like, for whoever parses them. Anything more is kept.

use crate::payload::{Field, Kind, Shape};

/// `GET /job/{job_id}`.
pub(crate) const JOB: Shape = Shape {
    #[cfg(test)]
    name: "JOB",
    fields: &[
        Field::new("$", &[Kind::Object]),
        Field::new("$.status", &[Kind::String]),
        Field::new(
            "$.reason",
            &[Kind::Absent, Kind::Null, Kind::EmptyString, Kind::String],
        ),
    ],
};

/// `GET /jobs`.
pub(crate) const JOB_PAGE: Shape = Shape {
    #[cfg(test)]
    name: "JOB_PAGE",
    fields: &[
        Field::new("$", &[Kind::Object]),
        Field::new("$.jobs", &[Kind::Array]),
        Field::new(
            "$.next_cursor",
            &[Kind::Absent, Kind::Null, Kind::EmptyString, Kind::String],
        ),
    ],
};

/// The answer to a submission.
#[cfg(any(test, feature = "sdk"))]
pub(crate) const SUBMITTED: Shape = Shape {
    #[cfg(test)]
    name: "SUBMITTED",
    fields: &[
        Field::new("$", &[Kind::Object]),
        Field::new("$.job_id", &[Kind::String]),
    ],
};

/// The answer to `POST /configure_webhook`.
#[cfg(any(test, feature = "sdk"))]
pub(crate) const PORTAL_URL: Shape = Shape {
    #[cfg(test)]
    name: "PORTAL_URL",
    fields: &[Field::new("$", &[Kind::String])],
};

/// Anything that is JSON.
#[cfg(any(test, feature = "sdk"))]
pub(crate) const ANY_JSON: Shape = Shape {
    #[cfg(test)]
    name: "ANY_JSON",
    fields: &[],
};
