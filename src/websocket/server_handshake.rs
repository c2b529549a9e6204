//! The server's half of the opening handshake. RFC 6455, section 4.2.

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

/// Why a request does not become a WebSocket.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum NotAHandshake {
    /// Section 4.2.1 is not kept.
    #[error("not a WebSocket handshake")]
    Malformed,
    /// The client would send something else.
    #[error("the subprotocol `binary` was not asked for")]
    Subprotocol,
}

/// A WebSocket, when the answer to its request has been sent.
#[derive(Debug)]
pub(crate) struct Accepted(OnUpgrade);

/// Accepts a client that asks for the subprotocol `binary`: the answer, and the WebSocket to be.
pub(crate) fn accept(request: &mut Request<Incoming>) -> Result<(Response<Full<Bytes>>, Accepted), NotAHandshake> {
    let key = key_of(request.headers())?;
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
        .header(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL)
        .body(Full::default())
        .expect("the headers above are valid");
    Ok((response, Accepted(hyper::upgrade::on(request))))
}

/// The client's Sec-WebSocket-Key, if it is a client of this kind.
fn key_of(headers: &HeaderMap) -> Result<String, NotAHandshake> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let has = |name, token: &str| text(name).split(',').any(|one| one.trim().eq_ignore_ascii_case(token));
    let key = text(header::SEC_WEBSOCKET_KEY);
    let is_handshake = has(header::UPGRADE, "websocket") && has(header::SEC_WEBSOCKET_VERSION, "13");
    if !is_handshake || !has(header::CONNECTION, "upgrade") || key.is_empty() {
        return Err(NotAHandshake::Malformed);
    }
    if !has(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
        return Err(NotAHandshake::Subprotocol);
    }
    Ok(key.to_owned())
}

impl Accepted {
    /// The WebSocket; nothing where the client has left before its answer.
    pub(crate) async fn socket(self) -> Option<WebSocketStream<TokioIo<Upgraded>>> {
        let upgraded = TokioIo::new(self.0.await.ok()?);
        Some(WebSocketStream::from_raw_socket(upgraded, Role::Server, Some(bridge::config())).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(change: impl FnOnce(&mut HeaderMap)) -> Result<String, NotAHandshake> {
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
        key_of(&headers)
    }

    #[test]
    fn a_handshake_asks_for_everything() {
        assert_eq!(verdict(|_| {}), Ok("dGhlIHNhbXBsZSBub25jZQ==".to_owned()));
        for name in [header::UPGRADE, header::CONNECTION, header::SEC_WEBSOCKET_KEY, header::SEC_WEBSOCKET_VERSION] {
            let without = verdict(|headers| drop(headers.remove(&name)));
            assert_eq!(without, Err(NotAHandshake::Malformed), "{name}");
        }
        let without = verdict(|headers| drop(headers.remove(header::SEC_WEBSOCKET_PROTOCOL)));
        assert_eq!(without, Err(NotAHandshake::Subprotocol));
    }
}
