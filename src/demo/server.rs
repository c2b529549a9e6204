//! The account's HTTP server: the API, the console page, and the VNC WebSocket.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::state::{Account, Consoles, Options};
use super::{CONSOLE_PATH, api, proxy};
use crate::page;

/// A client that sends no whole header within this time is dropped.
const HEADER_LIMIT: Duration = Duration::from_secs(10);

const NOTHING: &str = "There is nothing here.";

/// Where the console page's files are: beside it.
const CONSOLE_DIRECTORY: &str = "/console/";

/// A running account. Its tasks end with the runtime, so whoever waits for it here waits for a sender that lives.
#[derive(Debug)]
pub struct Demo {
    address: SocketAddr,
    consoles: watch::Receiver<Consoles>,
}

impl Demo {
    /// Runs an account on a port of loopback; 0 lets the system choose.
    pub async fn start(port: u16, options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let (sender, consoles) = watch::channel(Consoles::default());
        let account = Arc::new(Account::new(address.to_string(), options, sender));
        tokio::spawn(accept(listener, account));
        Ok(Self { address, consoles })
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until a console was opened.
    pub(crate) async fn console_opened(&self) {
        let _ = self.consoles.clone().wait_for(|consoles| consoles.opened > 0).await;
    }

    /// Waits until a console was opened and none is open any more.
    pub(crate) async fn consoles_left(&self) {
        let _ = self.consoles.clone().wait_for(|consoles| consoles.opened > 0 && consoles.open == 0).await;
    }
}

async fn accept(listener: TcpListener, account: Arc<Account>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: let some go.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Pictures end in small pieces, and wait for nothing.
        _ = stream.set_nodelay(true);
        let account = account.clone();
        let service = service_fn(move |request| {
            let account = account.clone();
            async move { Ok::<_, std::convert::Infallible>(route(account, request).await) }
        });
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT);
        // A client that leaves in the middle is its own affair.
        tokio::spawn(async move { drop(server.serve_connection(TokioIo::new(stream), service).with_upgrades().await) });
    }
}

async fn route(account: Arc<Account>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::POST, "/") => api::serve(account, request).await,
        (&Method::GET, "/websockify/") => proxy::serve(account, request),
        (&Method::GET, path) => console_page(&account, path),
        _ => plain(StatusCode::NOT_FOUND, NOTHING),
    }
}

/// A header as text, or nothing.
pub(crate) fn header_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The console page at [`CONSOLE_PATH`], and its files beside it.
fn console_page(account: &Account, path: &str) -> Response<Full<Bytes>> {
    let file = match path {
        CONSOLE_PATH => Some(page::PAGE),
        path => path.strip_prefix(CONSOLE_DIRECTORY).filter(|file| *file != page::PAGE),
    };
    let Some(asset) = file.and_then(page::asset) else {
        return plain(StatusCode::NOT_FOUND, NOTHING);
    };
    Response::builder()
        .header(header::CONTENT_TYPE, asset.media_type)
        .header(header::CONTENT_SECURITY_POLICY, page::policy(&format!("ws://{}", account.authority)))
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Full::from(Bytes::from_static(asset.body)))
        .expect("the headers above are valid")
}

/// An answer in words.
pub(crate) fn plain(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let response = Response::builder().status(status).header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
    response.body(Full::from(format!("{text}\n"))).expect("the header above is valid")
}
