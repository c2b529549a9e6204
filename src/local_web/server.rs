//! The link on loopback: one secret path, and whoever comes there with it.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::error_page::Refusal;
use super::request_guard;
use crate::listen::{Listener, RefusedPeer, Stream};
use crate::secret::Secret;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderName};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};

/// A client that sends no whole header within this time is dropped.
const HEADER_LIMIT: Duration = Duration::from_secs(10);

/// The most a request's header may hold, in bytes. The link's own is a few hundred.
const HEADER_SIZE: usize = 16 << 10;

/// The link, not served yet: to lead on (`serve`), or to show the console's page itself (`serve_page`).
pub(crate) struct Link {
    listener: Listener,
    address: SocketAddr,
    path: Secret,
}

impl Link {
    /// Takes a free port of loopback. `secret` becomes the path.
    pub(crate) async fn bind(secret: String) -> io::Result<Self> {
        let listener = Listener::tcp((Ipv4Addr::LOCALHOST, 0).into()).await?;
        let address = listener.address().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Self { listener, address, path: Secret::new(format!("/{secret}")) })
    }

    /// The link itself. Whoever has it gets the console, while it is served.
    pub(crate) fn url(&self) -> Secret {
        Secret::new(format!("http://{}{}", self.address, self.path.expose()))
    }

    /// The port it is on.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The secret path.
    pub(super) fn path(&self) -> Secret {
        self.path.clone()
    }

    /// Hands each of the user's connections to `receive`, until it is dropped, and tells of those that are not. Others
    /// may have read the link where it stands in the browser's arguments.
    pub(super) async fn accept(self, mut receive: impl FnMut(Stream), refuse: impl Fn(RefusedPeer)) {
        loop {
            match self.listener.accept().await {
                Ok(Ok((stream, _))) => receive(stream),
                Ok(Err(stranger)) if stranger.is_gone() => {}
                Ok(Err(stranger)) => refuse(stranger),
                // Out of file descriptors, most likely: let some go.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Serves one connection to its end. A client that leaves in the middle has the answer's future dropped.
pub(super) async fn serve<F, A>(stream: Stream, keep_alive: bool, answer: F)
where
    F: Fn(Request<Incoming>) -> A + Send,
    A: Future<Output = Answer> + Send,
{
    let service = service_fn(|request| {
        let answer = answer(request);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT).max_buf_size(HEADER_SIZE).keep_alive(keep_alive);
    drop(server.serve_connection(TokioIo::new(stream), service).with_upgrades().await);
}

/// What is answered.
pub(super) type Answer = Response<Full<Bytes>>;

/// Lets a browser's own visit pass, and says what it wants below the secret path.
pub(super) fn admit<'a>(request: &'a Request<Incoming>, path: &Secret) -> Result<&'a str, Refusal> {
    let text = |name: &HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    let purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    let seen = request_guard::Request {
        method: request.method().as_str(),
        path: request.uri().path(),
        host: host(request),
        purposes: purposes.map(|name| text(&HeaderName::from_static(name))),
    };
    request_guard::check(seen, path.expose())
}

/// The Host a request was sent to. Of two, nobody knows which one counts.
pub(super) fn host(request: &Request<Incoming>) -> &str {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or("?"),
        _ => "",
    }
}
