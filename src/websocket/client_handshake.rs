//! The client's half of the opening handshake. RFC 6455, section 4.1.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::server_handshake::SUBPROTOCOL;

/// Why an answer opens no WebSocket.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Another status than 101.
    #[error("it answered HTTP {0}, not 101 (Switching Protocols)")]
    Status(u16),
    /// An answer that section 4.1 does not allow.
    #[error("its WebSocket handshake is wrong: {0}")]
    Malformed(&'static str),
}

/// A request for a WebSocket.
#[derive(Debug)]
pub(crate) struct Ask {
    key: String,
}

impl Ask {
    /// A request with a key of 16 random bytes.
    pub(crate) fn new(key: [u8; 16]) -> Self {
        Self { key: BASE64_STANDARD.encode(key) }
    }

    /// The headers that make a GET such a request.
    pub(crate) fn headers(&self) -> HeaderMap {
        let key = HeaderValue::from_str(&self.key).expect("base64 is fit for a header");
        let of = |name: HeaderName, text: &'static str| (name, HeaderValue::from_static(text));
        [
            of(header::CONNECTION, "Upgrade"),
            of(header::UPGRADE, "websocket"),
            of(header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, key),
            of(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL),
        ]
        .into_iter()
        .collect()
    }

    /// Whether the answer opens it. The subprotocol is asserted: without it, the bytes may be base64.
    pub(crate) fn check(&self, status: u16, headers: &HeaderMap) -> Result<(), Refused> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let has = |name, token: &str| {
            text(name).is_some_and(|list| list.split(',').any(|one| one.trim().eq_ignore_ascii_case(token)))
        };
        if status != 101 {
            return Err(Refused::Status(status));
        }
        if !has(header::UPGRADE, "websocket") || !has(header::CONNECTION, "upgrade") {
            return Err(Refused::Malformed("it switches to something else"));
        }
        if text(header::SEC_WEBSOCKET_ACCEPT) != Some(&derive_accept_key(self.key.as_bytes())) {
            return Err(Refused::Malformed("Sec-WebSocket-Accept does not fit the key"));
        }
        if text(header::SEC_WEBSOCKET_PROTOCOL) != Some(SUBPROTOCOL) {
            return Err(Refused::Malformed("the subprotocol is not `binary`"));
        }
        if text(header::SEC_WEBSOCKET_EXTENSIONS).is_some_and(|list| !list.trim().is_empty()) {
            return Err(Refused::Malformed("an extension that was not asked for"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6455, section 1.3: the nonce and its answer.
    const NONCE: [u8; 16] = *b"the sample nonce";
    const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    fn verdict(name: HeaderName, value: &'static str) -> Result<(), Refused> {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::UPGRADE, "WebSocket"),
            (header::CONNECTION, "upgrade"),
            (header::SEC_WEBSOCKET_ACCEPT, ACCEPT),
            (header::SEC_WEBSOCKET_PROTOCOL, "binary"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(name, HeaderValue::from_static(value));
        Ask::new(NONCE).check(101, &headers)
    }

    #[test]
    fn the_rfcs_example() {
        assert_eq!(Ask::new(NONCE).headers()[header::SEC_WEBSOCKET_KEY], "dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(verdict(header::SERVER, "any"), Ok(()));
    }

    #[test]
    fn what_does_not_open_one() {
        for (name, value) in [
            (header::UPGRADE, "h2c"),
            (header::CONNECTION, "close"),
            (header::SEC_WEBSOCKET_ACCEPT, "s3pPLMBiTxaQ9kYGzzhZRbK+xOp="),
            (header::SEC_WEBSOCKET_PROTOCOL, "base64"),
            (header::SEC_WEBSOCKET_PROTOCOL, ""),
            (header::SEC_WEBSOCKET_EXTENSIONS, "permessage-deflate"),
        ] {
            assert!(matches!(verdict(name.clone(), value), Err(Refused::Malformed(_))), "{name}: {value}");
        }
        assert_eq!(Ask::new(NONCE).check(403, &HeaderMap::new()), Err(Refused::Status(403)));
        assert!(Ask::new(NONCE).check(101, &HeaderMap::new()).is_err());
    }
}
