//! The server's side of the opening handshake. RFC 6455, section 4.2.

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::bridge;

/// The subprotocol in which binary messages carry RFB. Source: noVNC and websockify; the vendor's page asks for it.
pub const SUBPROTOCOL: &str = "binary";

/// Why a request does not open a WebSocket.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RequestError {
    /// Section 4.2.1.
    #[error("not a WebSocket handshake")]
    Malformed,
    /// The client would send base64.
    #[error("the request does not offer the subprotocol `binary`")]
    Subprotocol,
}

/// A WebSocket that opens once the response has been sent.
#[derive(Debug)]
pub(crate) struct PendingWebSocket(OnUpgrade);

/// Accepts a request that offers the subprotocol `binary`. Returns the response to send, and the WebSocket that it opens.
pub(crate) fn accept_handshake(
    request: &mut Request<Incoming>,
) -> Result<(Response<Full<Bytes>>, PendingWebSocket), RequestError> {
    let key = check_request(request.headers())?;
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
        .header(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL)
        .body(Full::default())
        .expect("the headers above are valid");
    Ok((response, PendingWebSocket(hyper::upgrade::on(request))))
}

/// Checks the request's headers and returns its Sec-WebSocket-Key.
pub fn check_request(headers: &HeaderMap) -> Result<String, RequestError> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let has = |name, token: &str| text(name).split(',').any(|one| one.trim().eq_ignore_ascii_case(token));
    let key = text(header::SEC_WEBSOCKET_KEY);
    let is_handshake = has(header::UPGRADE, "websocket") && has(header::SEC_WEBSOCKET_VERSION, "13");
    if !is_handshake || !has(header::CONNECTION, "upgrade") || key.is_empty() {
        return Err(RequestError::Malformed);
    }
    if !has(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
        return Err(RequestError::Subprotocol);
    }
    Ok(key.to_owned())
}

impl PendingWebSocket {
    /// Waits until the WebSocket is open. `None` if the client has left before the response.
    pub(crate) async fn open(self) -> Option<WebSocketStream<TokioIo<Upgraded>>> {
        let upgraded = TokioIo::new(self.0.await.ok()?);
        Some(WebSocketStream::from_raw_socket(upgraded, Role::Server, Some(bridge::websocket_config())).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_with(change: impl FnOnce(&mut HeaderMap)) -> Result<String, RequestError> {
        let mut headers = HeaderMap::new();
        // RFC 6455, section 1.2.
        for (name, value) in [
            (header::UPGRADE, "websocket"),
            (header::CONNECTION, "keep-alive, Upgrade"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_PROTOCOL, "base64, binary"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        change(&mut headers);
        check_request(&headers)
    }

    #[test]
    fn a_request_without_a_header_is_an_error() {
        assert_eq!(check_with(|_| {}), Ok("dGhlIHNhbXBsZSBub25jZQ==".to_owned()));
        for name in [header::UPGRADE, header::CONNECTION, header::SEC_WEBSOCKET_KEY, header::SEC_WEBSOCKET_VERSION] {
            let without = check_with(|headers| drop(headers.remove(&name)));
            assert_eq!(without, Err(RequestError::Malformed), "{name}");
        }
        let without = check_with(|headers| drop(headers.remove(header::SEC_WEBSOCKET_PROTOCOL)));
        assert_eq!(without, Err(RequestError::Subprotocol));
    }
}
