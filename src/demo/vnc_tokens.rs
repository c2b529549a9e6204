//! VncUrls that are out: each lives 15 s and opens one connection; an instance takes 30 connections a minute.

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
const CONNECTIONS_A_MINUTE: usize = 30;

/// A ticket is remembered this long, so that a late or second use can be told from an unknown one.
const REMEMBERED: Duration = Duration::from_secs(60);

/// The most tickets out at once.
const MOST: usize = 10_000;

#[derive(Debug)]
struct Ticket {
    instance: Arc<str>,
    issued: Instant,
    used: bool,
}

/// What a good ticket opens.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// The instance.
    pub(crate) instance: Arc<str>,
    /// The ticket's age.
    pub(crate) age: Duration,
}

/// Why a connection is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// No such token, or one of long ago.
    #[error("unknown token")]
    Unknown,
    /// Older than 15 s.
    #[error("token expired")]
    Late,
    /// It opens one connection only.
    #[error("token already used")]
    Used,
    /// More than 30 connections a minute.
    #[error("too many connections")]
    TooMany,
}

/// The tickets of an account.
#[derive(Debug, Default)]
pub(crate) struct VncTokens {
    out: HashMap<String, Ticket>,
    connections: HashMap<Arc<str>, VecDeque<Instant>>,
}

impl VncTokens {
    /// A new VncUrl, percent-encoded once as the API gives it; its token holds escapes of its own.
    pub(crate) fn issue(&mut self, instance: &str, authority: &str, now: Instant) -> String {
        self.out.retain(|_, ticket| now.saturating_duration_since(ticket.issued) < REMEMBERED);
        if self.out.len() >= MOST {
            self.out.clear();
        }
        let mut bytes = [0u8; 48];
        random::fill(&mut bytes);
        // The token begins with `+/`, so that whoever decodes it once too often sends a space, and is found out.
        bytes[..2].copy_from_slice(&[0xFB, 0xFF]);
        let token = BASE64_STANDARD.encode(bytes);
        let url = format!("ws://{authority}/websockify/?s={}", encode(&token));
        self.out.insert(token, Ticket { instance: instance.into(), issued: now, used: false });
        encode(&url)
    }

    /// Takes a ticket.
    pub(crate) fn redeem(&mut self, token: &str, now: Instant) -> Result<Admitted, Refused> {
        let ticket = self.out.get_mut(token).ok_or(Refused::Unknown)?;
        let age = now.saturating_duration_since(ticket.issued);
        if ticket.used {
            return Err(Refused::Used);
        }
        if age > VNC_URL_LIFETIME {
            return Err(Refused::Late);
        }
        ticket.used = true;
        let recent = self.connections.entry(ticket.instance.clone()).or_default();
        recent.retain(|at| now.saturating_duration_since(*at) < Duration::from_secs(60));
        if recent.len() >= CONNECTIONS_A_MINUTE {
            return Err(Refused::TooMany);
        }
        recent.push_back(now);
        Ok(Admitted { instance: ticket.instance.clone(), age })
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;

    use super::*;

    /// What a client that decodes as it should sends as `s`.
    fn token(url: &str) -> String {
        let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        decode(decode(url).split_once("?s=").unwrap().1)
    }

    #[test]
    fn a_ticket_opens_one_connection_within_15_seconds() {
        let (mut tickets, start) = (VncTokens::default(), Instant::now());
        let first = token(&tickets.issue("i-1", "h:1", start));
        let second = token(&tickets.issue("i-1", "h:1", start));
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(
            tickets.redeem(&first, at(15)),
            Ok(Admitted { instance: "i-1".into(), age: Duration::from_secs(15) })
        );
        assert_eq!(tickets.redeem(&first, at(15)), Err(Refused::Used));
        assert_eq!(tickets.redeem(&second, at(16)), Err(Refused::Late));
        assert_eq!(tickets.redeem("x", at(0)), Err(Refused::Unknown));
    }

    #[test]
    fn the_token_holds_escapes_of_its_own() {
        let url = VncTokens::default().issue("i-1", "127.0.0.1:80", Instant::now());
        assert!(url.starts_with("ws%3A%2F%2F127.0.0.1%3A80%2Fwebsockify%2F%3Fs%3D%252B%252F"), "{url}");
    }

    #[test]
    fn an_instance_takes_30_connections_a_minute() {
        let (mut tickets, start) = (VncTokens::default(), Instant::now());
        let mut connect = |at: Instant| {
            let token = token(&tickets.issue("i-1", "h:1", at));
            tickets.redeem(&token, at).map(|_| ())
        };
        for _ in 0..30 {
            assert_eq!(connect(start), Ok(()));
        }
        assert_eq!(connect(start), Err(Refused::TooMany));
        assert_eq!(connect(start + Duration::from_secs(60)), Ok(()));
    }
}
