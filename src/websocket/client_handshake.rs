//! The client's side of the opening handshake. RFC 6455, section 4.1. Pure.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::server_handshake::SUBPROTOCOL;

/// Why a response does not open a WebSocket.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum HandshakeError {
    #[error("it answered HTTP {0}, not 101 (Switching Protocols)")]
    Status(u16),
    /// Section 4.1 does not allow the response.
    #[error("its WebSocket handshake is invalid: {0}")]
    Malformed(&'static str),
}

/// A handshake with the key of its request.
#[derive(Debug)]
pub(crate) struct ClientHandshake {
    key: String,
}

impl ClientHandshake {
    /// Starts a handshake. `key` must be random.
    pub(crate) fn new(key: [u8; 16]) -> Self {
        Self { key: BASE64_STANDARD.encode(key) }
    }

    /// The headers of the GET request.
    pub(crate) fn headers(&self) -> HeaderMap {
        let key = HeaderValue::from_str(&self.key).expect("base64 is valid in a header");
        let fixed = |name: HeaderName, text: &'static str| (name, HeaderValue::from_static(text));
        [
            fixed(header::CONNECTION, "Upgrade"),
            fixed(header::UPGRADE, "websocket"),
            fixed(header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, key),
            fixed(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL),
        ]
        .into_iter()
        .collect()
    }

    /// Checks whether the response opens the WebSocket. A response without a subprotocol has chosen none, which section 4.2.2
    /// allows.
    pub(crate) fn check_response(&self, status: u16, headers: &HeaderMap) -> Result<(), HandshakeError> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let has = |name, token: &str| {
            text(name).is_some_and(|list| list.split(',').any(|one| one.trim().eq_ignore_ascii_case(token)))
        };
        if status != 101 {
            return Err(HandshakeError::Status(status));
        }
        if !has(header::UPGRADE, "websocket") || !has(header::CONNECTION, "upgrade") {
            return Err(HandshakeError::Malformed("it does not upgrade to a WebSocket"));
        }
        if text(header::SEC_WEBSOCKET_ACCEPT) != Some(&derive_accept_key(self.key.as_bytes())) {
            return Err(HandshakeError::Malformed("Sec-WebSocket-Accept does not match the key"));
        }
        if headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().any(|chosen| chosen != SUBPROTOCOL) {
            return Err(HandshakeError::Malformed("the subprotocol is not `binary`"));
        }
        if text(header::SEC_WEBSOCKET_EXTENSIONS).is_some_and(|list| !list.trim().is_empty()) {
            return Err(HandshakeError::Malformed("an extension that was not requested"));
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

    fn check_with(name: HeaderName, value: &'static str) -> Result<(), HandshakeError> {
        let mut headers = HeaderMap::new();
        for (name, value) in
            [(header::UPGRADE, "WebSocket"), (header::CONNECTION, "upgrade"), (header::SEC_WEBSOCKET_ACCEPT, ACCEPT)]
        {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(name, HeaderValue::from_static(value));
        ClientHandshake::new(NONCE).check_response(101, &headers)
    }

    #[test]
    fn the_example_of_the_rfc_opens_a_websocket() {
        assert_eq!(ClientHandshake::new(NONCE).headers()[header::SEC_WEBSOCKET_KEY], "dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(check_with(header::SEC_WEBSOCKET_PROTOCOL, "binary"), Ok(()));
    }

    /// RFC 6455, section 4.2.2: the absence of the header means that the server has chosen no subprotocol.
    #[test]
    fn a_response_without_a_subprotocol_opens_a_websocket() {
        assert_eq!(check_with(header::SERVER, "any"), Ok(()));
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::UPGRADE, "websocket"),
            (header::CONNECTION, "Upgrade"),
            (header::SEC_WEBSOCKET_ACCEPT, ACCEPT),
            (header::SEC_WEBSOCKET_PROTOCOL, "binary"),
            (header::SEC_WEBSOCKET_PROTOCOL, "base64"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        let two = ClientHandshake::new(NONCE).check_response(101, &headers);
        assert_eq!(two, Err(HandshakeError::Malformed("the subprotocol is not `binary`")));
    }

    #[test]
    fn a_wrong_header_or_status_is_an_error() {
        for (name, value) in [
            (header::UPGRADE, "h2c"),
            (header::CONNECTION, "close"),
            (header::SEC_WEBSOCKET_ACCEPT, "s3pPLMBiTxaQ9kYGzzhZRbK+xOp="),
            (header::SEC_WEBSOCKET_PROTOCOL, "base64"),
            (header::SEC_WEBSOCKET_PROTOCOL, ""),
            (header::SEC_WEBSOCKET_EXTENSIONS, "permessage-deflate"),
        ] {
            assert!(matches!(check_with(name.clone(), value), Err(HandshakeError::Malformed(_))), "{name}: {value}");
        }
        assert_eq!(
            ClientHandshake::new(NONCE).check_response(403, &HeaderMap::new()),
            Err(HandshakeError::Status(403))
        );
        assert!(ClientHandshake::new(NONCE).check_response(101, &HeaderMap::new()).is_err());
    }
}
