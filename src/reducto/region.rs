//! Where Reducto is.

use crate::error::{Error, Reason};
use crate::http::BaseUrl;

/// One of Reducto's environments.
///
/// ```
/// use hookseal::reducto::Region;
///
/// assert_eq!(Region::Eu.base_url()?.as_str(), "https://eu.platform.reducto.ai");
/// # Ok::<(), hookseal::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Region {
    /// `https://platform.reducto.ai`
    #[default]
    Production,
    /// `https://eu.platform.reducto.ai`
    Eu,
    /// `https://au.platform.reducto.ai`
    Au,
}

impl Region {
    /// Its base URL.
    ///
    /// # Errors
    ///
    /// None; the type is that of a URL from elsewhere.
    ///
    /// ```
    /// # use hookseal::reducto::Region;
    /// assert_eq!(Region::default().base_url()?.as_str(), "https://platform.reducto.ai");
    /// # Ok::<(), hookseal::Error>(())
    /// ```
    pub fn base_url(self) -> Result<BaseUrl, Error> {
        BaseUrl::parse(match self {
            Self::Production => "https://platform.reducto.ai",
            Self::Eu => "https://eu.platform.reducto.ai",
            Self::Au => "https://au.platform.reducto.ai",
        })
    }

    /// By its name, as `production`.
    #[cfg_attr(not(feature = "sdk"), allow(dead_code))]
    pub(crate) fn named(name: &str) -> Result<Self, Error> {
        match name {
            "production" => Ok(Self::Production),
            "eu" => Ok(Self::Eu),
            "au" => Ok(Self::Au),
            _ => Err(Reason::InvalidEnvironment.into()),
        }
    }
}
