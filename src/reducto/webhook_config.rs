//! Where Reducto is to deliver a job's update: the `webhook` of a submission.
//!
//! `{"mode":"disabled"}`, `{"mode":"svix","channels":[…]}` or `{"mode":"direct","url":"https://…"}` (Reducto's
//! webhook pages). The rules for channels are Svix's: at most 10, each 1 to 128 of `[a-zA-Z0-9-_.:+]`. That a
//! URL must be `https`, or `http` on this machine, is ours: a direct delivery is unsigned, and carries its
//! token in the open.

use crate::error::{Error, Reason};
use crate::http::url::is_safe;
use crate::json;
use crate::text::push_byte;
use alloc::string::String;
use core::fmt;

const MAX_CHANNELS: usize = 10;
const MAX_CHANNEL: usize = 128;

/// For an error's path: which one it is.
/// The path of each, and how long one is.
const PATHS: &str = "channels[0]channels[1]channels[2]channels[3]channels[4]\
                     channels[5]channels[6]channels[7]channels[8]channels[9]";
const PATH: usize = PATHS.len() / MAX_CHANNELS;

/// A checked webhook configuration, ready for [`jobs::submit`](super::jobs::submit).
///
/// ```
/// use hookseal::reducto::WebhookConfig;
///
/// assert_eq!(WebhookConfig::svix(["team:a"])?.as_json(), r#"{"mode":"svix","channels":["team:a"]}"#);
/// assert!(WebhookConfig::svix(["team a"]).is_err());
/// assert!(WebhookConfig::direct("http://example.com/hook").is_err());
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookConfig {
    json: String,
    /// The member of the metadata, and its value.
    token: Option<(String, String)>,
}

impl WebhookConfig {
    /// Nothing is delivered; Reducto's default.
    ///
    /// ```
    /// assert_eq!(hookseal::reducto::WebhookConfig::disabled().as_json(), r#"{"mode":"disabled"}"#);
    /// ```
    pub fn disabled() -> Self {
        Self::of(r#"{"mode":"disabled"}"#.into())
    }

    /// Signed deliveries, through Svix, to the endpoints of the portal that listen to one of the channels;
    /// without channels, to all.
    ///
    /// # Errors
    ///
    /// [`Reason::TooManyChannels`], or [`Reason::InvalidChannel`] with its place as the path.
    ///
    /// ```
    /// use hookseal::reducto::WebhookConfig;
    ///
    /// let error = WebhookConfig::svix(["good", "not good"]).unwrap_err();
    /// assert_eq!(error.path(), "channels[1]");
    /// ```
    pub fn svix<'c>(channels: impl IntoIterator<Item = &'c str>) -> Result<Self, Error> {
        Self::of_channels(channels)
    }

    pub(crate) fn of_channels<C: AsRef<str>>(
        channels: impl IntoIterator<Item = C>,
    ) -> Result<Self, Error> {
        let mut json = String::from(r#"{"mode":"svix","channels":["#);
        for (at, channel) in channels.into_iter().enumerate() {
            push_channel(&mut json, at, channel.as_ref())?;
        }
        json.push_str("]}");
        Ok(Self::of(json))
    }

    /// Unsigned deliveries to one URL. Give it a [token](Self::with_token), or anybody can forge one.
    ///
    /// # Errors
    ///
    /// [`Reason::InvalidWebhookUrl`] unless it is `https`, or `http` on localhost or a loopback address.
    ///
    /// ```
    /// use hookseal::reducto::WebhookConfig;
    ///
    /// assert!(WebhookConfig::direct("http://localhost:3000/hook").is_ok());
    /// ```
    pub fn direct(url: &str) -> Result<Self, Error> {
        if !is_safe(url) {
            return Err(Reason::InvalidWebhookUrl.into());
        }
        let mut json = String::from(r#"{"mode":"direct","url":"#);
        json::quote(&mut json, url);
        push_byte(&mut json, b'}');
        Ok(Self::of(json))
    }

    /// Puts a token into the submission's metadata, under that name, for
    /// [`JobUpdate::verify_direct_in`](super::JobUpdate::verify_direct_in) to find (which looks under
    /// `secret` unless told otherwise).
    ///
    /// # Errors
    ///
    /// [`Reason::EmptyToken`].
    ///
    /// ```
    /// use hookseal::reducto::WebhookConfig;
    ///
    /// let webhook = WebhookConfig::direct("https://example.com/hook")?.with_token("secret", "a long random text")?;
    /// assert!(!format!("{webhook:?}").contains("random"));
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn with_token(mut self, field: &str, token: &str) -> Result<Self, Error> {
        Self::check_token(token)?;
        self.token = Some((field.into(), token.into()));
        Ok(self)
    }

    /// The configuration as Reducto takes it. The token is not in it: it goes into the metadata.
    ///
    /// ```
    /// use hookseal::reducto::WebhookConfig;
    ///
    /// let webhook = WebhookConfig::direct("https://example.com/hook")?;
    /// assert_eq!(webhook.as_json(), r#"{"mode":"direct","url":"https://example.com/hook"}"#);
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn as_json(&self) -> &str {
        &self.json
    }

    pub(crate) fn token(&self) -> Option<(&str, &str)> {
        self.token
            .as_ref()
            .map(|(field, token)| (field.as_str(), token.as_str()))
    }

    pub(crate) fn check_token(token: &str) -> Result<(), Error> {
        let empty = token.is_empty();
        (!empty).then_some(()).ok_or(Reason::EmptyToken.into())
    }

    fn of(json: String) -> Self {
        Self { json, token: None }
    }
}

fn push_channel(json: &mut String, at: usize, channel: &str) -> Result<(), Error> {
    let start = at.saturating_mul(PATH);
    let path = PATHS.get(start..start.saturating_add(PATH));
    let path = path.ok_or(Reason::TooManyChannels)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:+".contains(&byte);
    if !(1..=MAX_CHANNEL).contains(&channel.len()) || !channel.bytes().all(allowed) {
        return Err(Error::at(Reason::InvalidChannel, path));
    }
    json.push_str(if at > 0 { "," } else { "" });
    json::quote(json, channel);
    Ok(())
}

#[cfg(all(target_arch = "wasm32", feature = "sdk"))]
impl From<WebhookConfig> for String {
    fn from(config: WebhookConfig) -> Self {
        config.json
    }
}

impl fmt::Debug for WebhookConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookConfig({})", self.json)
    }
}
