//! The link that shows the built-in console page: its files, and a WebSocket to the console.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use hyper::header;
use serde::{Serialize, Serializer};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::error_page::RefusedRequest;
use super::open_pages::OpenPages;
use super::page_event::{PageEvent, PageSessionEnd};
use super::screen_text::{self, ReadTextFn};
use super::server::{LocalServer, check_request, host};
use super::{request_guard, response};
use crate::http_server::{HttpResponse, NO_CONTENT_POLICY, serve_connection};
use crate::language::translate;
use crate::secret::Secret;
use crate::vnc::password::VncPassword;
use crate::{page, websocket};

/// The size of the buffer between the page's WebSocket and the console, in bytes.
const STREAM_BUFFER_LEN: usize = 64 << 10;

/// How long the console's session may take to end after the browser has disconnected.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a `presence` request is left unanswered. Browsers give up after some minutes.
const PRESENCE_TIME: Duration = Duration::from_secs(30);

/// Connects to the console and copies bytes between it and the stream until one side ends. The VncUrl is issued there, so
/// it never reaches the browser. When the browser disconnects, the stream ends; the future is dropped 2 s later.
pub(crate) type ConnectConsoleFn = Arc<dyn Fn(DuplexStream) -> BoxFuture<'static, PageSessionEnd> + Send + Sync>;

/// The information about the console that the page requests, as JSON.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PageInfo {
    pub(crate) instance_id: String,
    /// Empty if it is unknown.
    pub(crate) instance_name: String,
    pub(crate) region_id: String,
    /// The instance's VNC password, if the user gave it. Knowing the link is as good as knowing the password.
    #[serde(serialize_with = "expose_password")]
    pub(crate) vnc_password: Option<VncPassword>,
}

fn expose_password<S: Serializer>(password: &Option<VncPassword>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(password.as_ref().map_or("", VncPassword::expose))
}

impl LocalServer {
    /// Serves the page until it is dropped. Only the page's own WebSockets are connected to the console.
    pub(crate) async fn serve_console_page(
        self,
        info: PageInfo,
        connect: ConnectConsoleFn,
        read_text: ReadTextFn,
        events: UnboundedSender<PageEvent>,
    ) {
        let service = Arc::new(PageService::new(self.secret_path(), info, connect, read_text, events));
        let serve = |stream| {
            let service = service.clone();
            tokio::spawn(async move { serve_connection(stream, true, |request| service.answer(request)).await });
        };
        self.accept(serve, |peer| service.open_pages.send(PageEvent::Refused(peer.to_string()))).await;
    }
}

struct PageService {
    secret_path: Secret,
    info: PageInfo,
    connect: ConnectConsoleFn,
    read_text: ReadTextFn,
    /// How the last session ended. A Close frame has room for 123 bytes of the reason only.
    last_end: Mutex<PageSessionEnd>,
    open_pages: Arc<OpenPages>,
}

impl PageService {
    fn new(
        secret_path: Secret,
        info: PageInfo,
        connect: ConnectConsoleFn,
        read_text: ReadTextFn,
        events: UnboundedSender<PageEvent>,
    ) -> Self {
        Self {
            secret_path,
            info,
            connect,
            read_text,
            last_end: Mutex::new(PageSessionEnd { reason: String::new(), may_reconnect: true }),
            open_pages: OpenPages::new(events),
        }
    }

    async fn answer(self: &Arc<Self>, request: Request<Incoming>) -> HttpResponse {
        let path = match check_request(&request, &self.secret_path) {
            Ok(path) => path.to_owned(),
            Err(refused) => return response::refuse(refused),
        };
        match path.as_str() {
            // The URLs in the page are relative to a directory.
            "" => response::redirect(&Secret::new(format!("{}/", self.secret_path.expose()))),
            "/socket" => self.socket(request).unwrap_or_else(response::refuse),
            "/info" => json(&self.info),
            "/last-end" => json(&*self.last_end.lock().unwrap_or_else(PoisonError::into_inner)),
            "/presence" => self.presence().await,
            "/text" => self.text(request).await.unwrap_or_else(response::refuse),
            "/" => asset(&request, page::PAGE),
            // At its file name, the page would expect its parameters in the query; see `src/page`.
            path => asset(&request, path.strip_prefix('/').filter(|path| *path != page::PAGE).unwrap_or_default()),
        }
    }

    /// Counts as an open page until it is answered, after 30 s. The page then asks again.
    async fn presence(&self) -> HttpResponse {
        let _open_page = self.open_pages.add();
        sleep(PRESENCE_TIME).await;
        json(&())
    }

    /// Reads the text of a picture that this page sent.
    async fn text(&self, request: Request<Incoming>) -> Result<HttpResponse, RefusedRequest> {
        check_origin(&request)?;
        screen_text::read(request, self.read_text.clone()).await.map(|text| json(&text))
    }

    /// Accepts a WebSocket that this page opened, and no other one.
    fn socket(self: &Arc<Self>, mut request: Request<Incoming>) -> Result<HttpResponse, RefusedRequest> {
        check_origin(&request)?;
        let (response, accepted) =
            websocket::accept_handshake(&mut request).map_err(|_| RefusedRequest::NoHandshake)?;
        let (service, open_page) = (self.clone(), self.open_pages.add());
        tokio::spawn(async move {
            if let Some(socket) = accepted.open().await {
                service.session(socket).await;
            }
            drop(open_page);
        });
        Ok(response)
    }

    async fn session<S>(&self, socket: WebSocketStream<S>)
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.open_pages.send(PageEvent::Connecting);
        let (page_side, console_side) = tokio::io::duplex(STREAM_BUFFER_LEN);
        let (close, closing) = oneshot::channel();
        let mut serving = pin!(async {
            let end = (self.connect)(console_side).await;
            // Set before the Close frame is sent, as the page asks for it then.
            self.set_last_end(end.clone());
            let _ = close.send(close_frame(&end));
            end
        });
        let mut bridging = pin!(websocket::bridge(socket, page_side, async {
            closing.await.unwrap_or(CloseFrame { code: CloseCode::Away, reason: "".into() })
        }));
        let end = tokio::select! {
            end = &mut serving => {
                let _ = bridging.await;
                end
            }
            bridged = &mut bridging => {
                let _ = timeout(DISCONNECT_TIMEOUT, serving).await;
                let reason = bridged.map_or_else(|error| error.to_string(), |()| "The browser disconnected.".to_owned());
                PageSessionEnd { reason, may_reconnect: true }
            }
        };
        self.open_pages.send(PageEvent::Disconnected(end));
    }

    fn set_last_end(&self, end: PageSessionEnd) {
        let end = PageSessionEnd { reason: translate(&end.reason).into_owned(), ..end };
        *self.last_end.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }
}

/// Accepts a request of this page, and no other one.
fn check_origin(request: &Request<Incoming>) -> Result<(), RefusedRequest> {
    // With several Origin headers it is undefined which of them counts.
    let origins: Vec<_> = request.headers().get_all(header::ORIGIN).iter().collect();
    let origin = match origins[..] {
        [origin] => origin.to_str().ok(),
        _ => None,
    };
    request_guard::check_origin(origin, host(request))
}

/// A file of the page.
fn asset(request: &Request<Incoming>, path: &str) -> HttpResponse {
    let Some(asset) = page::asset(path) else {
        return response::refuse(RefusedRequest::WrongPath);
    };
    let policy = page::policy(&format!("ws://{}", host(request)));
    response::respond(200, header::CONTENT_TYPE, asset.media_type, &policy, Bytes::from_static(asset.body))
}

/// 4000: the page may reconnect; 4001: it may not. These codes are for applications: RFC 6455, section 7.4.2.
fn close_frame(end: &PageSessionEnd) -> CloseFrame {
    let code = if end.may_reconnect { 4000 } else { 4001 };
    CloseFrame { code: CloseCode::from(code), reason: translate(&end.reason).as_ref().into() }
}

fn json(value: &impl Serialize) -> HttpResponse {
    let body = serde_json::to_vec(value).unwrap_or_default();
    response::respond(200, header::CONTENT_TYPE, "application/json", NO_CONTENT_POLICY, body.into())
}

#[cfg(test)]
#[path = "console_page_tests.rs"]
mod tests;
