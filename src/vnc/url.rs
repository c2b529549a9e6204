//! The VncUrl: a credential that lives 15 seconds and knows its age.

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

/// How long a VncUrl can be used. Source: the vendor's page on DescribeInstanceVncUrl.
pub(crate) const LIFETIME: Duration = Duration::from_secs(15);

/// No VncUrl comes near this length, in bytes; nor may it fill a browser's address bar with more.
const LONGEST: usize = 8192;

/// A URL of an instance's VNC WebSocket. It is not printed.
#[derive(Clone)]
pub struct VncUrl {
    given: Secret,
    encoded: Secret,
    decoded: Secret,
    asked: Timestamp,
}

/// Why a text is no VncUrl. It says nothing of the text itself.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NotAVncUrl {
    /// Another scheme, or none.
    #[error("it does not begin with ws:// or wss://, plain or percent-encoded")]
    Scheme,
    /// No host follows the scheme.
    #[error("it names no host")]
    Host,
    /// Longer than any VncUrl.
    #[error("it is longer than {LONGEST} bytes")]
    Length,
    /// A character that no URL holds in that place.
    #[error("it holds a character that no URL holds")]
    Character,
}

impl VncUrl {
    /// Reads the API's VncUrl, which arrives percent-encoded once, or (should that change) plain.
    ///
    /// The token inside has escapes of its own (`%252F` as it arrives), so the text is decoded exactly once for a
    /// socket, and never decoded and encoded again for the page. `asked` is the moment before its request left.
    pub fn parse(given: &Secret, asked: Timestamp) -> Result<Self, NotAVncUrl> {
        let text = given.expose();
        if text.len() > LONGEST {
            return Err(NotAVncUrl::Length);
        }
        let (encoded, decoded) = if starts_with_any(text, ["ws://", "wss://"]) {
            (encode(text), text.to_owned())
        } else if starts_with_any(text, ["ws%3a", "wss%3a"]) {
            if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte)) {
                return Err(NotAVncUrl::Character);
            }
            let decoded = percent_decode_str(text).decode_utf8().map_err(|_| NotAVncUrl::Character)?;
            (text.to_owned(), decoded.into_owned())
        } else {
            return Err(NotAVncUrl::Scheme);
        };
        check(&decoded)?;
        Ok(Self { given: given.clone(), encoded: Secret::new(encoded), decoded: Secret::new(decoded), asked })
    }

    /// As the API gave it.
    pub fn given(&self) -> &Secret {
        &self.given
    }

    /// Percent-encoded once: the value of the console page's `vncUrl`.
    pub(crate) fn encoded(&self) -> &Secret {
        &self.encoded
    }

    /// `wss://…`, for a WebSocket.
    pub fn web_socket_url(&self) -> &Secret {
        &self.decoded
    }

    /// Until when it works, by the local clock.
    pub(crate) fn expires_at(&self) -> DateTime<Utc> {
        self.asked.utc + TimeDelta::from_std(LIFETIME).unwrap_or_default()
    }

    /// Its age: at most this.
    pub(crate) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.asked.instant)
    }
}

impl fmt::Debug for VncUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VncUrl").field("asked", &self.asked.utc).finish_non_exhaustive()
    }
}

fn starts_with_any<const N: usize>(text: &str, heads: [&str; N]) -> bool {
    heads.iter().any(|head| text.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head)))
}

fn check(decoded: &str) -> Result<(), NotAVncUrl> {
    if !starts_with_any(decoded, ["ws://", "wss://"]) {
        return Err(NotAVncUrl::Scheme);
    }
    // RFC 3986, section 2: what is left of ASCII; and a fragment (`#`) has no meaning for a WebSocket (RFC 6455, 3).
    let outside = |byte: u8| !byte.is_ascii_graphic() || b"\"<>\\^`{|}#".contains(&byte);
    if decoded.bytes().any(outside) {
        return Err(NotAVncUrl::Character);
    }
    // The parser would make a host of a path that follows too many slashes.
    let has_authority = !decoded.split_once("://").is_some_and(|(_, rest)| rest.starts_with(['/', '?']));
    let url = Url::parse(decoded).ok().filter(|url| has_authority && url.has_host());
    let is_anonymous = |url: &Url| url.username().is_empty() && url.password().is_none();
    if url.is_some_and(|url| is_anonymous(&url)) { Ok(()) } else { Err(NotAVncUrl::Host) }
}

#[cfg(test)]
#[path = "url_tests.rs"]
mod tests;
