//! The HTTP server of a link: a port of 127.0.0.1 and a secret path.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use hyper::Request;
use hyper::body::Incoming;
use hyper::header::{self, HeaderName};

use super::error_page::RefusedRequest;
use super::request_guard::{self, RequestHead};
use crate::listen::{ListenEvent, Listener, RefusedPeer, Stream};
use crate::secret::Secret;

/// A browser opens up to six connections per tab group to a server.
const MAX_CONNECTIONS: usize = 64;

/// A bound port, for [`LocalServer::serve_redirects`] or [`LocalServer::serve_console_page`].
pub(crate) struct LocalServer {
    listener: Listener,
    address: SocketAddr,
    secret_path: Secret,
}

impl LocalServer {
    /// Binds a free port of 127.0.0.1. `secret` becomes the path.
    pub(crate) async fn bind(secret: String) -> io::Result<Self> {
        let listener = Listener::tcp((Ipv4Addr::LOCALHOST, 0).into()).await?;
        let address = listener.address().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Self { listener, address, secret_path: Secret::new(format!("/{secret}")) })
    }

    /// The link. It opens the console for anyone who knows it, while it is served.
    pub(crate) fn url(&self) -> Secret {
        Secret::new(format!("http://{}{}", self.address, self.secret_path.expose()))
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(super) fn secret_path(&self) -> Secret {
        self.secret_path.clone()
    }

    /// Passes each connection of the user to `on_connection`, until it is dropped. Connections of other users are refused,
    /// as they may have seen the link among the browser's arguments.
    pub(super) async fn accept(self, mut on_connection: impl FnMut(Stream), on_refused: impl Fn(RefusedPeer)) {
        let on_event = |event| match event {
            ListenEvent::Connected { stream, .. } => on_connection(stream),
            ListenEvent::Refused(peer) if !peer.has_disconnected() => on_refused(peer),
            ListenEvent::Refused(_) | ListenEvent::Failed(_) => {}
        };
        self.listener.accept_loop(MAX_CONNECTIONS, on_event).await;
    }
}

impl fmt::Debug for LocalServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalServer").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Checks a request, and returns what follows the secret in its path.
pub(super) fn check_request<'a>(
    request: &'a Request<Incoming>,
    secret_path: &Secret,
) -> Result<&'a str, RefusedRequest> {
    let text = |name: &HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    let purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    let head = RequestHead {
        method: request.method().as_str(),
        path: request.uri().path(),
        host: host(request),
        purposes: purposes.map(|name| text(&HeaderName::from_static(name))),
    };
    request_guard::check(head, secret_path.expose())
}

/// The Host header. Empty if there are several, as it is undefined which of them counts.
pub(super) fn host(request: &Request<Incoming>) -> &str {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or("?"),
        _ => "",
    }
}
