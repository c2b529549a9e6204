//! From a VncUrl to an open WebSocket, by the same way and the same trust as the API.

use std::time::Duration;

use reqwest::Upgraded;
use reqwest::header::HOST;
use thiserror::Error;
use tokio::time::timeout_at;

use crate::api::endpoint::Endpoint;
use crate::api::{Network, NetworkSetupError, innermost};
use crate::system::clock::Deadline;
use crate::text::sanitize::sanitize;
use crate::vnc::url::VncUrl;
use crate::websocket::client_handshake::{Ask, Refused};

/// Why there is no console.
#[derive(Debug, Error)]
pub(crate) enum DialError {
    /// No way out of this machine.
    #[error(transparent)]
    SetUp(#[from] NetworkSetupError),
    /// The VncUrl's host is none.
    #[error("the VncUrl names no host that can be connected to")]
    Host,
    /// DNS, TCP, TLS, or the proxy.
    #[error("could not connect to the console at {at}{}: {cause}", through(proxy.as_deref()))]
    Connect {
        /// `host:port`
        at: String,
        /// The variable that names a proxy, and the proxy, if one may be on the way.
        proxy: Option<String>,
        /// Why.
        cause: String,
    },
    /// It took too long.
    #[error("the console at {at} did not answer within {} s", limit.as_secs_f64())]
    TooSlow {
        /// `host:port`
        at: String,
        /// The time it was given.
        limit: Duration,
    },
    /// There was an answer, but no console.
    #[error("the console at {at} was not opened: {why}")]
    Refused {
        /// `host:port`
        at: String,
        /// Why.
        why: Refused,
    },
}

fn through(proxy: Option<&str>) -> String {
    proxy.map(|proxy| format!(" (the way may lead through {proxy})")).unwrap_or_default()
}

/// Opens the WebSocket of a VncUrl. `key` is 16 bytes of chance. RFC 6455, section 4.1.
pub(crate) async fn dial(
    network: &Network,
    url: &VncUrl,
    key: [u8; 16],
    limit: Deadline,
) -> Result<Upgraded, DialError> {
    // The handshake is an HTTP request, so it takes the API's way: ws is http, wss is https.
    let http = url.web_socket_url().expose().replacen("ws", "http", 1);
    let (scheme, rest) = http.split_once("://").ok_or(DialError::Host)?;
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let endpoint = Endpoint::parse(&format!("{scheme}://{host}")).map_err(|_| DialError::Host)?;
    let at = endpoint.authority();
    let (client, proxy) = network.client(&endpoint)?;
    let ask = Ask::new(key);
    let request = client.get(endpoint.url(&rest[host.len()..])).header(HOST, &at).headers(ask.headers());
    let failed = |error: reqwest::Error| {
        let (at, proxy) = (at.clone(), proxy.clone());
        DialError::Connect { at, proxy, cause: sanitize(&innermost(&error.without_url()), 200) }
    };
    let opening = async {
        let response = request.send().await.map_err(failed)?;
        ask.check(response.status().as_u16(), response.headers())
            .map_err(|why| DialError::Refused { at: at.clone(), why })?;
        response.upgrade().await.map_err(failed)
    };
    timeout_at(limit.at, opening)
        .await
        .unwrap_or_else(|_| Err(DialError::TooSlow { at: at.clone(), limit: limit.total }))
}
