//! The link on loopback: one secret path that leads to a freshly minted console URL.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderName};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::guard;
use super::page::{self, Refusal};
use crate::budget::Budget;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::secret::Secret;

/// A client that sends no whole header within this time is dropped.
const HEADER_LIMIT: Duration = Duration::from_secs(10);

/// The most a request's header may hold, in bytes. The link's own is a few hundred.
const HEADER_SIZE: usize = 16 << 10;

/// Mints a console URL.
pub type MintFn = Arc<dyn Fn() -> BoxFuture<'static, Result<Secret, Failure>> + Send + Sync>;

/// What happens at the link. Each arrival is followed by one of the others, when its answer has been written.
#[derive(Debug)]
pub enum Visit {
    /// A browser has come; its URL is being minted.
    Arrived,
    /// It has the console's URL.
    HandedOver,
    /// There was no URL to be had; it shows why.
    Failed(Failure),
    /// It did not wait.
    Left,
}

/// The link, not served yet.
pub struct Link {
    listener: TcpListener,
    address: SocketAddr,
    path: Secret,
}

impl Link {
    /// Takes a free port of loopback. `secret` becomes the path.
    pub async fn bind(secret: String) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, path: Secret::new(format!("/{secret}")) })
    }

    /// The link itself. Whoever has it gets the console, while it is served.
    pub fn url(&self) -> Secret {
        Secret::new(format!("http://{}{}", self.address, self.path.expose()))
    }

    /// The port it is on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Serves until it is dropped. Only a browser's own visit has `mint` called, at most 30 times a minute.
    pub async fn serve(self, mint: MintFn, clock: Clock, visits: mpsc::UnboundedSender<Visit>) {
        let door = Arc::new(Door { path: self.path, mint, clock, budget: Mutex::default() });
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(door.clone().receive(stream, visits.clone()))),
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

struct Door {
    path: Secret,
    mint: MintFn,
    clock: Clock,
    budget: Mutex<Budget>,
}

impl Door {
    /// Serves one request on one connection, and tells how it ended when the answer is out. That nobody listens any
    /// more is so only when the command is about to end.
    async fn receive(self: Arc<Self>, stream: TcpStream, visits: mpsc::UnboundedSender<Visit>) {
        let ended: Mutex<Option<Visit>> = Mutex::default();
        let end = |visit| *ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(visit);
        let answer = async |request: Request<Incoming>| {
            if let Err(refusal) = self.admit(&request) {
                return page(refusal.status(), refusal.page());
            }
            // Until it is known better: a browser that leaves in the middle drops all that follows.
            end(Visit::Left);
            let _ = visits.send(Visit::Arrived);
            match (self.mint)().await {
                Ok(url) => {
                    end(Visit::HandedOver);
                    redirect(&url)
                }
                Err(failure) => {
                    let (status, html) = page::of_failure(&failure);
                    end(Visit::Failed(failure));
                    page(status, html)
                }
            }
        };
        let answer = &answer;
        let service = service_fn(async move |request| Ok::<_, std::convert::Infallible>(answer(request).await));
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT).max_buf_size(HEADER_SIZE).keep_alive(false);
        drop(server.serve_connection(TokioIo::new(stream), service).await);
        if let Some(visit) = ended.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let _ = visits.send(visit);
        }
    }

    fn admit(&self, request: &Request<Incoming>) -> Result<(), Refusal> {
        let text = |name: &HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
        let purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
        // Of two Hosts, nobody knows which one counts.
        let hosts = request.headers().get_all(header::HOST).iter().count();
        let seen = guard::Request {
            method: request.method().as_str(),
            path: request.uri().path(),
            host: text(&header::HOST).filter(|_| hosts == 1).unwrap_or_default(),
            purposes: purposes.map(|name| text(&HeaderName::from_static(name))),
        };
        guard::check(seen, self.path.expose())?;
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        budget.take(self.clock.instant()).map_err(|wait| Refusal::TooMany { wait })
    }
}

/// 303: whatever the method was, the next is GET; and nothing of this is kept or passed on.
fn redirect(url: &Secret) -> Response<Full<Bytes>> {
    respond(303, header::LOCATION, url.expose(), Bytes::new())
}

fn page(status: u16, html: String) -> Response<Full<Bytes>> {
    respond(status, header::CONTENT_TYPE, "text/html; charset=utf-8", html.into())
}

fn respond(status: u16, name: HeaderName, value: &str, body: Bytes) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header(name, value)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        )
        .body(Full::from(body))
        .expect("a checked URL is a valid header")
}
