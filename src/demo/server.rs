//! The account's HTTP server: the API, the console page, and the VNC WebSocket.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header;
use hyper::{Method, Request, StatusCode};
use tokio::sync::watch;

use super::response::plain;
use super::state::{Account, ConsoleCounts, Options};
use super::{CONSOLE_PATH, api, proxy};
use crate::http_server::{self, HttpResponse, serve_connection};
use crate::listen::{ListenEvent, Listener};
use crate::page;

/// The most connections at the same time: two hundred consoles of one relay take some five thousand.
const MAX_CONNECTIONS: usize = 16_384;

const NOTHING: &str = "There is nothing here.";

/// The directory of the console page's files.
const CONSOLE_DIRECTORY: &str = "/console/";

/// A running account. Its tasks end with the runtime, so the sender of `consoles` outlives each wait on them.
#[derive(Debug)]
pub struct Demo {
    address: SocketAddr,
    consoles: watch::Receiver<ConsoleCounts>,
}

impl Demo {
    /// Runs an account on a port of loopback; 0 lets the system choose.
    pub async fn start(port: u16, options: Options) -> io::Result<Self> {
        let listener = Listener::tcp_for_all_users((Ipv4Addr::LOCALHOST, port).into()).await?;
        let address = listener.address().ok_or(io::ErrorKind::AddrNotAvailable)?;
        let (sender, consoles) = watch::channel(ConsoleCounts::default());
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

async fn accept(listener: Listener, account: Arc<Account>) {
    let on_event = |event| {
        if let ListenEvent::Connected { stream, .. } = event {
            let account = account.clone();
            tokio::spawn(serve_connection(stream, true, move |request| route(account.clone(), request)));
        }
    };
    listener.accept_loop(MAX_CONNECTIONS, on_event).await;
}

async fn route(account: Arc<Account>, request: Request<Incoming>) -> HttpResponse {
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::POST, "/") => api::serve(account, request).await,
        (&Method::GET, "/websockify/") => proxy::serve(account, request),
        (&Method::GET, path) => console_page(&account, path),
        _ => plain(StatusCode::NOT_FOUND, NOTHING),
    }
}

/// The console page at [`CONSOLE_PATH`], and its files beside it.
fn console_page(account: &Account, path: &str) -> HttpResponse {
    let file = match path {
        CONSOLE_PATH => Some(page::PAGE),
        path => path.strip_prefix(CONSOLE_DIRECTORY).filter(|file| *file != page::PAGE),
    };
    let Some(asset) = file.and_then(page::asset) else {
        return plain(StatusCode::NOT_FOUND, NOTHING);
    };
    let policy = page::policy(&format!("ws://{}", account.authority));
    http_server::response(200, &policy)
        .header(header::CONTENT_TYPE, asset.media_type)
        .body(Full::from(Bytes::from_static(asset.body)))
        .expect("the headers above are valid")
}
