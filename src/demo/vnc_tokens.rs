//! The tokens of VncUrls: each is valid for 15 s and opens one connection, and an instance takes 30 connections a minute.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::time::Instant;

use crate::system::random;
use crate::text::percent::encode;
use crate::vnc::url::VNC_URL_LIFETIME;

/// Source: the vendor's page on DescribeInstanceVncUrl: "up to 30 reconnections per minute".
const MAX_CONNECTIONS_PER_MINUTE: usize = 30;

/// How long a token is remembered, so that late and second uses have errors of their own.
const RETENTION: Duration = Duration::from_secs(60);

/// The most tokens remembered. Beyond it all are forgotten.
const MAX_TOKENS: usize = 10_000;

#[derive(Debug)]
struct VncToken {
    instance: Arc<str>,
    issued: Instant,
    is_used: bool,
}

/// A token that was used in time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RedeemedToken {
    /// The InstanceId that it is for.
    pub(crate) instance: Arc<str>,
    pub(crate) age: Duration,
}

/// Why a token opens no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// Never issued, or longer ago than [`RETENTION`].
    #[error("unknown token")]
    Unknown,
    /// Older than 15 s.
    #[error("token expired")]
    Expired,
    /// Used by another connection.
    #[error("token already used")]
    Used,
    /// More than 30 connections to the instance within a minute.
    #[error("too many connections")]
    TooManyConnections,
}

#[derive(Debug, Default)]
pub(crate) struct VncTokens {
    issued: HashMap<String, VncToken>,
    /// The connections of the last minute, by InstanceId.
    connections: HashMap<Arc<str>, VecDeque<Instant>>,
}

impl VncTokens {
    /// Issues a VncUrl, percent-encoded once more as the API returns it.
    pub(crate) fn issue(&mut self, instance: &str, authority: &str, now: Instant) -> String {
        self.issued.retain(|_, token| now.saturating_duration_since(token.issued) < RETENTION);
        if self.issued.len() >= MAX_TOKENS {
            self.issued.clear();
        }
        let mut bytes = [0u8; 48];
        random::fill(&mut bytes);
        // The token begins with `+/`, so that a client that decodes it once too often sends a space and fails.
        bytes[..2].copy_from_slice(&[0xFB, 0xFF]);
        let token = BASE64_STANDARD.encode(bytes);
        let url = format!("ws://{authority}/websockify/?s={}", encode(&token));
        self.issued.insert(token, VncToken { instance: instance.into(), issued: now, is_used: false });
        encode(&url)
    }

    /// Uses a token for a connection.
    pub(crate) fn redeem(&mut self, token: &str, now: Instant) -> Result<RedeemedToken, TokenError> {
        let token = self.issued.get_mut(token).ok_or(TokenError::Unknown)?;
        let age = now.saturating_duration_since(token.issued);
        if token.is_used {
            return Err(TokenError::Used);
        }
        if age > VNC_URL_LIFETIME {
            return Err(TokenError::Expired);
        }
        token.is_used = true;
        let recent = self.connections.entry(token.instance.clone()).or_default();
        recent.retain(|at| now.saturating_duration_since(*at) < Duration::from_secs(60));
        if recent.len() >= MAX_CONNECTIONS_PER_MINUTE {
            return Err(TokenError::TooManyConnections);
        }
        recent.push_back(now);
        Ok(RedeemedToken { instance: token.instance.clone(), age })
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;

    use super::*;

    /// The query parameter `s` that a correct client sends.
    fn token(url: &str) -> String {
        let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        decode(decode(url).split_once("?s=").unwrap().1)
    }

    #[test]
    fn a_token_opens_one_connection_within_15_seconds() {
        let (mut tokens, start) = (VncTokens::default(), Instant::now());
        let first = token(&tokens.issue("i-1", "h:1", start));
        let second = token(&tokens.issue("i-1", "h:1", start));
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(
            tokens.redeem(&first, at(15)),
            Ok(RedeemedToken { instance: "i-1".into(), age: Duration::from_secs(15) })
        );
        assert_eq!(tokens.redeem(&first, at(15)), Err(TokenError::Used));
        assert_eq!(tokens.redeem(&second, at(16)), Err(TokenError::Expired));
        assert_eq!(tokens.redeem("x", at(0)), Err(TokenError::Unknown));
    }

    #[test]
    fn the_token_holds_escapes_of_its_own() {
        let url = VncTokens::default().issue("i-1", "127.0.0.1:80", Instant::now());
        assert!(url.starts_with("ws%3A%2F%2F127.0.0.1%3A80%2Fwebsockify%2F%3Fs%3D%252B%252F"), "{url}");
    }

    #[test]
    fn an_instance_takes_30_connections_a_minute() {
        let (mut tokens, start) = (VncTokens::default(), Instant::now());
        let mut connect = |at: Instant| {
            let token = token(&tokens.issue("i-1", "h:1", at));
            tokens.redeem(&token, at).map(|_| ())
        };
        for _ in 0..30 {
            assert_eq!(connect(start), Ok(()));
        }
        assert_eq!(connect(start), Err(TokenError::TooManyConnections));
        assert_eq!(connect(start + Duration::from_secs(60)), Ok(()));
    }
}
