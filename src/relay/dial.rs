//! Opens the WebSocket of a VncUrl, with the same proxy and trusted certificates as the API.

use std::time::Duration;

use reqwest::Upgraded;
use reqwest::header::HOST;
use thiserror::Error;
use tokio::time::timeout_at;

use crate::api::endpoint::Endpoint;
use crate::api::{Network, NetworkSetupError, TlsFailure, find_tls_failure, root_cause};
use crate::system::clock::Deadline;
use crate::vnc::url::VncUrl;
use crate::websocket::client_handshake::{ClientHandshake, HandshakeError};

/// Why no WebSocket was opened. Addresses are `host:port`.
#[derive(Debug, Error)]
pub(crate) enum DialError {
    #[error(transparent)]
    NetworkSetup(#[from] NetworkSetupError),
    #[error("the VNC URL has no valid host")]
    InvalidHost,
    /// DNS, TCP, TLS or the proxy failed.
    #[error("could not connect to the console at {address}{}: {cause}", through(proxy.as_deref()))]
    Connect {
        address: String,
        /// The environment variable that sets a proxy for this address, and its value.
        proxy: Option<String>,
        cause: String,
        /// Why TLS failed, if it did.
        tls: Option<TlsFailure>,
    },
    #[error("the console at {address} did not answer within {} s", limit.as_secs_f64())]
    TimedOut { address: String, limit: Duration },
    /// The answer opens no WebSocket.
    #[error("could not open the console at {address}: {reason}")]
    HandshakeRefused { address: String, reason: HandshakeError },
}

fn through(proxy: Option<&str>) -> String {
    proxy.map(|proxy| format!(" (possibly through {proxy})")).unwrap_or_default()
}

/// Opens the WebSocket of a VncUrl. `key` is 16 random bytes. RFC 6455, section 4.1.
pub(crate) async fn dial(
    network: &Network,
    url: &VncUrl,
    key: [u8; 16],
    deadline: Deadline,
) -> Result<Upgraded, DialError> {
    // The handshake is an HTTP request: ws is http, wss is https.
    let http = url.web_socket_url().expose().replacen("ws", "http", 1);
    let (scheme, rest) = http.split_once("://").ok_or(DialError::InvalidHost)?;
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let endpoint = Endpoint::parse(&format!("{scheme}://{host}")).map_err(|_| DialError::InvalidHost)?;
    let address = endpoint.authority();
    let (client, proxy) = network.client(&endpoint)?;
    let handshake = ClientHandshake::new(key);
    let request = client.get(endpoint.url(&rest[host.len()..])).header(HOST, &address).headers(handshake.headers());
    let failed = |error: reqwest::Error| {
        let (address, proxy) = (address.clone(), proxy.clone());
        let tls = find_tls_failure(&error);
        DialError::Connect { address, proxy, cause: root_cause(&error.without_url()), tls }
    };
    let opening = async {
        let response = request.send().await.map_err(failed)?;
        handshake
            .check_response(response.status().as_u16(), response.headers())
            .map_err(|reason| DialError::HandshakeRefused { address: address.clone(), reason })?;
        response.upgrade().await.map_err(failed)
    };
    timeout_at(deadline.at, opening)
        .await
        .unwrap_or_else(|_| Err(DialError::TimedOut { address: address.clone(), limit: deadline.total }))
}
