//! Async jobs: submit one, look at it, list them, cancel one, fetch a result.
//!
//! A job's own body passes through as it is. What is said of its delivery goes to where Reducto reads it:
//! `parse`, `extract`, `split` and `pipeline` have `"async": {"webhook", "metadata", "priority"}`, while `edit`
//! has `"webhook"` and `"priority"` at the top, and the metadata inside `webhook`.

use super::WebhookConfig;
use crate::error::{Error, Reason};
use crate::http::url::{integer, is_safe, push_id, push_query};
use crate::http::{ApiError, BaseUrl, Method, Request, Response, ResponseError};
use crate::json;
use crate::text::push_byte;
use alloc::string::String;

/// What a job does.
///
/// ```
/// use hookseal::reducto::jobs::JobKind;
///
/// assert_eq!(JobKind::Parse.path(), "/parse_async");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobKind {
    /// Reads a document.
    Parse,
    /// Finds values in a document.
    Extract,
    /// Divides a document.
    Split,
    /// Runs a configured pipeline.
    Pipeline,
    /// Changes a document.
    Edit,
}

impl JobKind {
    /// The path to submit it to.
    ///
    /// ```
    /// # use hookseal::reducto::jobs::JobKind;
    /// assert_eq!(JobKind::Edit.path(), "/edit_async");
    /// ```
    pub const fn path(self) -> &'static str {
        match self {
            Self::Parse => "/parse_async",
            Self::Extract => "/extract_async",
            Self::Split => "/split_async",
            Self::Pipeline => "/pipeline_async",
            Self::Edit => "/edit_async",
        }
    }

    /// By its name, as `parse`.
    #[cfg_attr(not(feature = "sdk"), allow(dead_code))]
    pub(crate) fn named(name: &str) -> Result<Self, Error> {
        const ALL: [JobKind; 5] = [
            JobKind::Parse,
            JobKind::Extract,
            JobKind::Split,
            JobKind::Pipeline,
            JobKind::Edit,
        ];
        let is = |kind: &JobKind| {
            let path = kind.path();
            path.get(1..path.len().saturating_sub(6)) == Some(name)
        };
        let found = ALL.iter().find(|kind| is(kind));
        found.copied().ok_or(Reason::InvalidJobKind.into())
    }
}

/// What is said of a job's delivery. All of it may be left out.
///
/// ```
/// use hookseal::reducto::jobs::Submission;
///
/// let submission = Submission { metadata: Some(r#"{"user_id":"123"}"#), ..Submission::default() };
/// # let _ = submission;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Submission<'s> {
    /// Where to deliver the update.
    pub webhook: Option<&'s WebhookConfig>,
    /// Any JSON; it comes back in the update.
    pub metadata: Option<&'s str>,
    /// Whether the job goes before others.
    pub priority: Option<bool>,
}

/// Submits a job. `body` is its own JSON, an object.
///
/// # Errors
///
/// [`Reason::BodyNotJson`] if the body is empty; [`Reason::InvalidJobBody`] if it is no object;
/// [`Reason::RepeatedMember`] if it has a member that the submission is to set; [`Reason::MisplacedMember`] if
/// it says of the delivery what this kind has elsewhere; [`Reason::InvalidMetadata`] if there is a token to put
/// into metadata that is no object, or that has such a member. With the feature `payload`, a text that is not
/// JSON is refused, too.
///
/// ```
/// use hookseal::http::BaseUrl;
/// use hookseal::reducto::{WebhookConfig, jobs::{self, JobKind, Submission}};
///
/// let webhook = WebhookConfig::svix([])?;
/// let submission = Submission { webhook: Some(&webhook), ..Submission::default() };
/// let base = BaseUrl::parse("https://platform.reducto.ai")?;
/// let request = jobs::submit(&base, JobKind::Parse, r#"{"input":"https://example.com/a.pdf"}"#, submission)?;
/// assert_eq!(
///     request.body(),
///     Some(r#"{"input":"https://example.com/a.pdf","async":{"webhook":{"mode":"svix","channels":[]}}}"#)
/// );
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn submit(
    base: &BaseUrl,
    kind: JobKind,
    body: &str,
    submission: Submission<'_>,
) -> Result<Request, Error> {
    let webhook = submission.webhook;
    let request = submit_text(
        base,
        kind,
        body,
        webhook.map(WebhookConfig::as_json),
        webhook.and_then(WebhookConfig::token),
        submission.metadata,
        submission.priority.map(flag),
    )?;
    Ok(request)
}

const fn flag(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// As [`submit`], of texts. `webhook` is what [`WebhookConfig::as_json`] gave.
pub(crate) fn submit_text(
    base: &BaseUrl,
    kind: JobKind,
    body: &str,
    webhook: Option<&str>,
    token: Option<(&str, &str)>,
    metadata: Option<&str>,
    priority: Option<&str>,
) -> Result<Request, Reason> {
    if !json::is_json(body) {
        return Err(Reason::BodyNotJson);
    }
    if metadata.is_some_and(|metadata| !json::is_json(metadata)) {
        return Err(Reason::InvalidMetadata);
    }
    let mut out = json::open(body).ok_or(Reason::InvalidJobBody)?;
    let edit = kind == JobKind::Edit;
    let has = |name| json::member(body, name).is_some();
    let misplaced = if edit {
        has("async")
    } else {
        has("webhook") || has("priority")
    };
    if misplaced {
        return Err(Reason::MisplacedMember);
    }
    let with_token = match token {
        Some((field, token)) => Some(with_token(metadata.unwrap_or("{}"), field, token)?),
        None => None,
    };
    let metadata = with_token.as_deref().or(metadata);
    let mut set = |name, value: Option<&str>| {
        if value.is_some() && has(name) {
            return Err(Reason::RepeatedMember);
        }
        json::put(&mut out, name, value);
        Ok(())
    };
    if edit {
        if webhook.is_some() || metadata.is_some() {
            // Metadata without a webhook: the mode is the one that Reducto takes by default.
            let config = webhook.unwrap_or(r#"{"mode":"disabled"}"#);
            let mut config = json::open(config).unwrap_or_default();
            json::put(&mut config, "metadata", metadata);
            push_byte(&mut config, b'}');
            set("webhook", Some(&config))?;
        }
        set("priority", priority)?;
    } else {
        let mut inner = String::from("{");
        json::put(&mut inner, "webhook", webhook);
        json::put(&mut inner, "metadata", metadata);
        json::put(&mut inner, "priority", priority);
        push_byte(&mut inner, b'}');
        set("async", (inner.len() > 2).then_some(&inner))?;
    }
    push_byte(&mut out, b'}');
    Ok(Request::new(Method::Post, base.at(kind.path())).json(out))
}

/// Looks at a job.
///
/// # Errors
///
/// [`Reason::InvalidPathId`] for an empty id, `.` and `..`.
///
/// ```
/// use hookseal::{http::BaseUrl, reducto::jobs};
///
/// let base = BaseUrl::parse("https://platform.reducto.ai")?;
/// assert_eq!(jobs::get(&base, "a/b")?.url(), "https://platform.reducto.ai/job/a%2Fb");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn get(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    of_id(base, Method::Get, "/job", id)
}

/// Cancels a job.
///
/// # Errors
///
/// As [`get`].
///
/// ```
/// use hookseal::{http::BaseUrl, reducto::jobs};
///
/// assert!(jobs::cancel(&BaseUrl::parse("https://platform.reducto.ai")?, "..").is_err());
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn cancel(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    of_id(base, Method::Post, "/cancel", id)
}

/// What to list. All of it may be left out.
///
/// ```
/// use hookseal::reducto::jobs::Listing;
///
/// let listing = Listing { limit: Some(500), ..Listing::default() };
/// # let _ = listing;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listing<'l> {
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<&'l str>,
    /// How many on a page: 1 to 500. Reducto's default is 100.
    pub limit: Option<i64>,
    /// Whether to leave the jobs' configurations out.
    pub exclude_configs: Option<bool>,
}

/// Lists jobs, a page at a time.
///
/// # Errors
///
/// [`Reason::InvalidLimit`].
///
/// ```
/// use hookseal::http::BaseUrl;
/// use hookseal::reducto::jobs::{self, Listing};
///
/// let base = BaseUrl::parse("https://platform.reducto.ai")?;
/// let request = jobs::list(&base, Listing { limit: Some(7), ..Listing::default() })?;
/// assert_eq!(request.url(), "https://platform.reducto.ai/jobs?limit=7");
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn list(base: &BaseUrl, listing: Listing<'_>) -> Result<Request, Error> {
    let limit = listing.limit.map(crate::text::number);
    let exclude = listing.exclude_configs.map(flag);
    list_text(base, listing.cursor, limit.as_deref(), exclude)
}

pub(crate) fn list_text(
    base: &BaseUrl,
    cursor: Option<&str>,
    limit: Option<&str>,
    exclude_configs: Option<&str>,
) -> Result<Request, Error> {
    let allowed = |text| integer(text).is_some_and(|limit| (1..=500).contains(&limit));
    if limit.is_some_and(|limit| !allowed(limit)) {
        return Err(Reason::InvalidLimit.into());
    }
    let mut url = base.at("/jobs");
    push_query(&mut url, "cursor", cursor);
    push_query(&mut url, "limit", limit);
    push_query(&mut url, "exclude_configs", exclude_configs);
    Ok(Request::new(Method::Get, url))
}

/// Fetches a result that a job has as `{"type":"url","url":…}`. It lies with another host: no credential may go
/// there ([`Request::is_public`]).
///
/// # Errors
///
/// [`Reason::InvalidResultUrl`] unless it is `https`, or `http` on this machine.
///
/// ```
/// use hookseal::reducto::jobs;
///
/// let request = jobs::stored_result("https://storage.example.com/1?signature=x")?;
/// assert!(request.is_public() && !format!("{request:?}").contains("signature"));
/// # Ok::<(), hookseal::Error>(())
/// ```
pub fn stored_result(url: &str) -> Result<Request, Error> {
    if !is_safe(url) {
        return Err(Reason::InvalidResultUrl.into());
    }
    Ok(Request::new(Method::Get, url.into()).public())
}

/// Whether a job of that status has ended. One that we do not know has not: it may be a new stage.
///
/// ```
/// use hookseal::reducto::jobs::has_ended;
///
/// assert!(has_ended("Completed") && has_ended("Failed") && has_ended("Cancelled"));
/// assert!(!has_ended("Completing") && !has_ended("Paused"));
/// ```
pub fn has_ended(status: &str) -> bool {
    matches!(status, "Completed" | "Failed" | "Cancelled")
}

/// Reads the answer to [`submit`]: the job's id.
///
/// # Errors
///
/// See [`ApiError`].
///
/// ```
/// use hookseal::{http::Response, reducto::jobs};
///
/// assert_eq!(jobs::submitted(&Response::new(200, &[], br#"{"job_id":"204a39e4"}"#))?, "204a39e4");
/// # Ok::<(), hookseal::http::ApiError>(())
/// ```
pub fn submitted(response: &Response) -> Result<String, ApiError> {
    let text = response.success()?;
    let id = json::member(text, "job_id")
        .and_then(json::string)
        .filter(|id| !id.is_empty() && json::is_json(text));
    id.ok_or_else(|| ResponseError::of(response).into())
}

/// Fails if the body has a member already.
fn of_id(base: &BaseUrl, method: Method, path: &str, id: &str) -> Result<Request, Error> {
    let mut url = base.at(path);
    push_id(&mut url, id)?;
    Ok(Request::new(method, url))
}

/// Metadata with a token in it.
fn with_token(metadata: &str, field: &str, token: &str) -> Result<String, Reason> {
    let mut out = json::open(metadata).ok_or(Reason::InvalidMetadata)?;
    if json::member(metadata, field).is_some() {
        return Err(Reason::InvalidMetadata);
    }
    let mut quoted = String::new();
    json::quote(&mut quoted, token);
    json::put(&mut out, field, Some(&quoted));
    push_byte(&mut out, b'}');
    Ok(out)
}

#[cfg(feature = "payload")]
pub use typed::{Job, JobPage, job, page};

#[cfg(feature = "payload")]
mod typed {
    use crate::http::{ApiError, Response, ResponseError};
    use crate::payload::Shape;
    use crate::reducto::responses;
    use alloc::collections::BTreeMap;
    use alloc::string::String;
    use alloc::vec::Vec;
    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    /// A job as it stands. What Reducto adds is kept in `extra`.
    ///
    /// ```
    /// use hookseal::{http::Response, reducto::jobs};
    ///
    /// let response = Response::new(200, &[], br#"{"status":"Failed","reason":"unreadable"}"#);
    /// assert_eq!(jobs::job(&response)?.reason.as_deref(), Some("unreadable"));
    /// # Ok::<(), hookseal::http::ApiError>(())
    /// ```
    #[derive(Clone, Debug, PartialEq, Deserialize)]
    pub struct Job {
        /// `Pending`, `Idle`, `InProgress`, `Completing`, `Completed`, `Failed`, `Cancelled`, or another.
        pub status: String,
        /// How far it is.
        #[serde(default)]
        pub progress: Option<Value>,
        /// Why it failed.
        #[serde(default)]
        pub reason: Option<String>,
        /// What it gave: `{"type":"full",…}`, or `{"type":"url","url":…}` (see [`stored_result`](super::stored_result)).
        #[serde(default)]
        pub result: Option<Value>,
        /// The other fields.
        #[serde(flatten)]
        pub extra: BTreeMap<String, Value>,
    }

    /// A page of jobs.
    ///
    /// ```
    /// use hookseal::{http::Response, reducto::jobs};
    ///
    /// let page = jobs::page(&Response::new(200, &[], br#"{"jobs":[{}],"next_cursor":"c"}"#))?;
    /// assert_eq!((page.jobs.len(), page.next_cursor.as_deref()), (1, Some("c")));
    /// # Ok::<(), hookseal::http::ApiError>(())
    /// ```
    #[derive(Clone, Debug, PartialEq, Deserialize)]
    pub struct JobPage {
        /// The jobs; their form is not published.
        pub jobs: Vec<Value>,
        /// Where the next page starts; `None` on the last one.
        #[serde(default)]
        pub next_cursor: Option<String>,
    }

    /// Reads the answer to [`get`](super::get).
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    ///
    /// ```
    /// use hookseal::{http::Response, reducto::jobs};
    ///
    /// let job = jobs::job(&Response::new(200, &[], br#"{"status":"Paused","x":1}"#))?;
    /// assert_eq!((job.status.as_str(), &job.extra["x"]), ("Paused", &1.into()));
    /// # Ok::<(), hookseal::http::ApiError>(())
    /// ```
    pub fn job(response: &Response) -> Result<Job, ApiError> {
        read(response, &responses::JOB)
    }

    /// Reads the answer to [`list`](super::list).
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    ///
    /// ```
    /// use hookseal::{http::Response, reducto::jobs};
    ///
    /// assert!(jobs::page(&Response::new(200, &[], br#"{"jobs":{}}"#)).is_err());
    /// ```
    pub fn page(response: &Response) -> Result<JobPage, ApiError> {
        read(response, &responses::JOB_PAGE)
    }

    fn read<T: DeserializeOwned>(response: &Response, shape: &Shape) -> Result<T, ApiError> {
        let unexpected = |_| ApiError::from(ResponseError::of(response));
        let value = shape
            .parse(response.success()?.as_bytes())
            .map_err(unexpected)?;
        serde_json::from_value(value).map_err(|_| ResponseError::of(response).into())
    }
}
