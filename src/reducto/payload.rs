//! The payload of `async.update`: an async job has ended.

use crate::payload::{Field, Kind, Shape};

/// `{"status", "job_id", "metadata"?}` (Reducto's webhook pages); further fields are kept.
pub(crate) const JOB_UPDATE: Shape = Shape {
    #[cfg(test)]
    name: "JOB_UPDATE",
    fields: &[
        Field::new("$", &[Kind::Object]),
        Field::new("$.status", &[Kind::EmptyString, Kind::String]),
        Field::new("$.job_id", &[Kind::String]),
    ],
};

pub use typed::{JobStatus, JobUpdate};

mod typed {
    use super::JOB_UPDATE;
    use crate::error::{Error, Reason};
    use crate::scheme::direct::{DEFAULT_FIELD, Token};
    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Serialize};
    use serde_json::Value;

    /// How a job ended. One that Reducto adds later is kept as it came.
    ///
    /// ```
    /// use hookseal::reducto::JobStatus;
    ///
    /// assert_eq!(JobStatus::from("Paused".to_owned()), JobStatus::Other("Paused".to_owned()));
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(from = "String", into = "String")]
    pub enum JobStatus {
        /// The result can be fetched, for 12 hours.
        Completed,
        /// The job has no result.
        Failed,
        /// Any other.
        Other(String),
    }

    impl From<String> for JobStatus {
        fn from(text: String) -> Self {
            match text.as_str() {
                "Completed" => Self::Completed,
                "Failed" => Self::Failed,
                _ => Self::Other(text),
            }
        }
    }

    impl From<JobStatus> for String {
        fn from(status: JobStatus) -> Self {
            match status {
                JobStatus::Completed => "Completed".into(),
                JobStatus::Failed => "Failed".into(),
                JobStatus::Other(text) => text,
            }
        }
    }

    /// What a delivery says of a job, with the metadata that its submitter sent along.
    ///
    /// ```
    /// use hookseal::reducto::{JobStatus, JobUpdate};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Metadata {
    ///     user_id: String,
    /// }
    ///
    /// let body = br#"{"status":"Completed","job_id":"204a39e4","metadata":{"user_id":"123"}}"#;
    /// let update = JobUpdate::<Metadata>::parse(body)?;
    /// assert_eq!(update.status, JobStatus::Completed);
    /// assert_eq!(update.metadata.unwrap().user_id, "123");
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct JobUpdate<M = Value> {
        /// How it ended.
        pub status: JobStatus,
        /// The job, to fetch its result by.
        pub job_id: String,
        /// Whatever was sent with the job; `None` if absent or null.
        #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
        pub metadata: Option<M>,
    }

    impl<M: DeserializeOwned> JobUpdate<M> {
        /// Parses a body that was verified.
        ///
        /// # Errors
        ///
        /// [`Reason::InvalidJson`], or [`Reason::InvalidPayload`] with the path of the first field
        /// that is wrong.
        ///
        /// ```
        /// use hookseal::reducto::JobUpdate;
        ///
        /// let error = JobUpdate::<serde_json::Value>::parse(br#"{"status":"Failed"}"#).unwrap_err();
        /// assert_eq!(error.path(), "$.job_id");
        /// ```
        pub fn parse(body: &[u8]) -> Result<Self, Error> {
            Self::from_checked(JOB_UPDATE.parse(body)?)
        }

        /// Judges and parses a direct (unsigned) delivery: its `metadata.secret` must be one of the
        /// tokens. The token is not in what is returned.
        ///
        /// # Errors
        ///
        /// [`Reason::NoMatchingToken`] (answer 401) if the token is wrong or missing, or the body is not
        /// JSON; else as [`JobUpdate::parse`]. [`Reason::NoSecret`] for an empty list.
        ///
        /// ```
        /// use hookseal::{Token, reducto::JobUpdate};
        ///
        /// let tokens = [Token::new("a long random text")?];
        /// let body = br#"{"status":"Completed","job_id":"1","metadata":{"secret":"a long random text"}}"#;
        /// let update = JobUpdate::<serde_json::Value>::verify_direct(body, &tokens)?;
        /// assert_eq!(update.metadata, Some(serde_json::json!({})));
        /// # Ok::<(), hookseal::Error>(())
        /// ```
        pub fn verify_direct(body: &[u8], tokens: &[Token]) -> Result<Self, Error> {
            Self::verify_direct_in(DEFAULT_FIELD, body, tokens)
        }

        /// As [`JobUpdate::verify_direct`], for a token in another field of `metadata`.
        ///
        /// # Errors
        ///
        /// As [`JobUpdate::verify_direct`].
        ///
        /// ```
        /// # use hookseal::{Token, reducto::JobUpdate};
        /// let body = br#"{"status":"Completed","job_id":"1","metadata":{"key":"t"}}"#;
        /// assert!(JobUpdate::<serde_json::Value>::verify_direct_in("key", body, &[Token::new("t")?]).is_ok());
        /// # Ok::<(), hookseal::Error>(())
        /// ```
        pub fn verify_direct_in(field: &str, body: &[u8], tokens: &[Token]) -> Result<Self, Error> {
            if tokens.is_empty() {
                return Err(Reason::NoSecret.into());
            }
            let mut value: Value =
                serde_json::from_slice(body).map_err(|_| Reason::NoMatchingToken)?;
            let metadata = value.get_mut("metadata").and_then(Value::as_object_mut);
            let presented = metadata.and_then(|metadata| metadata.remove(field));
            let presented = presented
                .as_ref()
                .and_then(Value::as_str)
                .ok_or(Reason::NoMatchingToken)?;
            if !tokens
                .iter()
                .fold(false, |found, token| found | token.is(presented))
            {
                return Err(Reason::NoMatchingToken.into());
            }
            JOB_UPDATE.check(&value)?;
            Self::from_checked(value)
        }

        /// Only the metadata can still be of another form: the caller's type decides.
        fn from_checked(value: Value) -> Result<Self, Error> {
            serde_json::from_value(value)
                .map_err(|_| Error::at(Reason::InvalidPayload, "$.metadata"))
        }
    }
}
