//! The VNC URL of an instance: a credential that is valid for 15 seconds.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use thiserror::Error;
use tokio::time::Instant;

use crate::secret::Secret;
use crate::system::clock::Timestamp;
use crate::text::percent::encode;

/// How long a VNC URL is valid. Source: the vendor's page on DescribeInstanceVncUrl.
pub(crate) const VNC_URL_LIFETIME: Duration = Duration::from_secs(15);

/// The longest VNC URL that is accepted, in bytes. Real ones are far shorter.
const MAX_LEN: usize = 8192;

/// The URL of an instance's VNC WebSocket, which `Debug` does not show.
#[derive(Clone)]
pub struct VncUrl {
    original: Secret,
    percent_encoded: Secret,
    web_socket_url: Secret,
    requested_at: Timestamp,
}

/// Why a text is not a VNC URL. The error does not quote the text, which may be a secret.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VncUrlError {
    /// The scheme is missing, or another one.
    #[error("it does not start with ws:// or wss://, plain or percent-encoded")]
    Scheme,
    /// The host is missing, or has a user name.
    #[error("it has no valid host")]
    Host,
    /// Longer than any VNC URL.
    #[error("it is longer than {MAX_LEN} bytes")]
    Length,
    /// A character that a URL cannot have.
    #[error("it has a character that is not allowed in a URL")]
    Character,
}

impl VncUrl {
    /// Parses the API's VncUrl, which is percent-encoded once today; a plain one is accepted, too.
    ///
    /// The token in it has escapes of its own (`%252F` in the API's answer). The text is therefore decoded exactly once for the
    /// WebSocket, and passed to the page without being decoded and encoded again. `requested_at` is the time before the request
    /// was sent.
    pub fn parse(original: &Secret, requested_at: Timestamp) -> Result<Self, VncUrlError> {
        let text = original.expose();
        if text.len() > MAX_LEN {
            return Err(VncUrlError::Length);
        }
        let (encoded, decoded) = if starts_with_any(text, ["ws://", "wss://"]) {
            (encode(text), text.to_owned())
        } else if starts_with_any(text, ["ws%3a", "wss%3a"]) {
            if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte)) {
                return Err(VncUrlError::Character);
            }
            let decoded = percent_decode_str(text).decode_utf8().map_err(|_| VncUrlError::Character)?;
            (text.to_owned(), decoded.into_owned())
        } else {
            return Err(VncUrlError::Scheme);
        };
        check_url(&decoded)?;
        let decoded = with_lower_case_scheme(decoded);
        Ok(Self {
            original: original.clone(),
            percent_encoded: Secret::new(encoded),
            web_socket_url: Secret::new(decoded),
            requested_at,
        })
    }

    /// The text of the API, unchanged.
    pub fn original(&self) -> &Secret {
        &self.original
    }

    /// The URL percent-encoded once, for the console page's parameter `vncUrl`.
    pub(crate) fn percent_encoded(&self) -> &Secret {
        &self.percent_encoded
    }

    /// The URL as `ws://…` or `wss://…`, with the scheme in lower case.
    pub fn web_socket_url(&self) -> &Secret {
        &self.web_socket_url
    }

    /// When the URL expires, by the local clock.
    pub(crate) fn expires_at(&self) -> DateTime<Utc> {
        self.requested_at.utc + TimeDelta::from_std(VNC_URL_LIFETIME).unwrap_or_default()
    }

    /// An upper bound of the URL's age.
    pub(crate) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.requested_at.instant)
    }
}

impl fmt::Debug for VncUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VncUrl").field("requested_at", &self.requested_at.utc).finish_non_exhaustive()
    }
}

/// Compares without regard to ASCII case.
fn starts_with_any<const N: usize>(text: &str, prefixes: [&str; N]) -> bool {
    prefixes.iter().any(|prefix| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

/// RFC 3986, section 3.1: schemes are case-insensitive, and lower case is their canonical form.
fn with_lower_case_scheme(mut url: String) -> String {
    if let Some(scheme) = url.find("://").and_then(|end| url.get_mut(..end)) {
        scheme.make_ascii_lowercase();
    }
    url
}

fn check_url(decoded: &str) -> Result<(), VncUrlError> {
    if !starts_with_any(decoded, ["ws://", "wss://"]) {
        return Err(VncUrlError::Scheme);
    }
    // RFC 3986, section 2, and no fragment (`#`), which a WebSocket URL cannot have (RFC 6455, section 3).
    let is_forbidden = |byte: u8| !byte.is_ascii_graphic() || b"\"<>\\^`{|}#".contains(&byte);
    if decoded.bytes().any(is_forbidden) {
        return Err(VncUrlError::Character);
    }
    // The parser would take a path after too many slashes for the host.
    let has_authority = !decoded.split_once("://").is_some_and(|(_, rest)| rest.starts_with(['/', '?']));
    let url = Url::parse(decoded).ok().filter(|url| has_authority && url.has_host());
    let is_anonymous = |url: &Url| url.username().is_empty() && url.password().is_none();
    if url.is_some_and(|url| is_anonymous(&url)) { Ok(()) } else { Err(VncUrlError::Host) }
}

#[cfg(test)]
#[path = "url_tests.rs"]
mod tests;
