//! The link that shows the console's page itself: our page, and a WebSocket that leads to the console.

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
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::error_page::Refusal;
use super::open_pages::Presence;
use super::server::{Answer, Link, admit, host, serve};
use super::{request_guard, response};
use crate::secret::Secret;
use crate::vnc::password::VncPassword;
use crate::{page, websocket};

/// How much may be on its way between the page and the console, in bytes.
const ON_ITS_WAY: usize = 64 << 10;

/// How long a console may take to notice that the browser has gone.
const LEAVING: Duration = Duration::from_secs(2);

/// How long a page's `here` is left without an answer. Browsers give up after some minutes.
const HERE: Duration = Duration::from_secs(30);

/// Connects to the console, and carries the page's bytes to it and back until one side ends. It mints the VncUrl, which
/// therefore never reaches the browser. When the browser goes, the stream ends; what does not return then is dropped.
pub(crate) type ConsoleFn = Arc<dyn Fn(DuplexStream) -> BoxFuture<'static, Ended> + Send + Sync>;

/// How a console ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Ended {
    /// Why, as the page says it.
    pub(crate) reason: String,
    /// Whether the page may connect again by itself.
    pub(crate) may_reconnect: bool,
}

/// Which console it is, as the page says it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct About {
    /// InstanceId.
    pub(crate) instance_id: String,
    /// InstanceName, or nothing.
    pub(crate) instance_name: String,
    /// RegionId.
    pub(crate) region_id: String,
    /// The instance's VNC password, where the user has given it: whoever has this link has the console as well.
    #[serde(serialize_with = "exposed")]
    pub(crate) vnc_password: Option<VncPassword>,
}

/// The password itself, or nothing.
fn exposed<S: Serializer>(password: &Option<VncPassword>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(password.as_ref().map_or("", VncPassword::expose))
}

/// What happens at the page. Each `Arrived` is followed by a `Left`, each `Connecting` by an `Ended`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageVisit {
    /// A page is open, where none was.
    Arrived,
    /// Its WebSocket is there, and the console is being connected.
    Connecting,
    /// That is over, and the page has been told how.
    Ended(Ended),
    /// The last page is gone, or has been reloaded.
    Left,
    /// Somebody else's program has come, and was sent away; why.
    Refused(String),
}

impl Link {
    /// Serves the page until it is dropped. Only its own WebSocket has `console` called, one at
    /// a time: a second takes over from the first.
    pub(crate) async fn serve_page(self, about: About, console: ConsoleFn, visits: mpsc::UnboundedSender<PageVisit>) {
        let desk = Arc::new(Desk::new(self.path(), about, console, visits));
        let receive = |stream| {
            let desk = desk.clone();
            tokio::spawn(async move { serve(stream, true, |request| desk.answer(request)).await });
        };
        self.accept(receive, |stranger| desk.presence.tell(PageVisit::Refused(stranger.to_string()))).await;
    }
}

struct Desk {
    path: Secret,
    about: About,
    console: ConsoleFn,
    /// How the last console ended, in full: a Close frame takes 123 bytes.
    last: Mutex<Ended>,
    /// Tells whoever has the console that somebody else takes it.
    seat: Mutex<Option<oneshot::Sender<()>>>,
    presence: Arc<Presence>,
}

impl Desk {
    fn new(path: Secret, about: About, console: ConsoleFn, visits: mpsc::UnboundedSender<PageVisit>) -> Self {
        Self {
            path,
            about,
            console,
            last: Mutex::new(Ended { reason: String::new(), may_reconnect: true }),
            seat: Mutex::default(),
            presence: Presence::new(visits),
        }
    }

    async fn answer(self: &Arc<Self>, request: Request<Incoming>) -> Answer {
        let place = match admit(&request, &self.path) {
            Ok(place) => place.to_owned(),
            Err(refusal) => return response::refuse(refusal),
        };
        match place.as_str() {
            // What the page names is relative to it.
            "" => response::redirect(&Secret::new(format!("{}/", self.path.expose()))),
            "/socket" => self.socket(request).unwrap_or_else(response::refuse),
            "/about" => json(&self.about),
            "/reason" => json(&*self.last.lock().unwrap_or_else(PoisonError::into_inner)),
            "/here" => self.here().await,
            "/" => file(&request, page::PAGE),
            // The page at another place would take itself for the other kind; see `src/page`.
            place => file(&request, place.strip_prefix('/').filter(|path| *path != page::PAGE).unwrap_or_default()),
        }
    }

    /// Somebody is there for as long as this is awaited.
    async fn here(&self) -> Answer {
        let _present = self.presence.enter();
        sleep(HERE).await;
        json(&())
    }

    /// The WebSocket: nothing is minted for one that is not this page's.
    fn socket(self: &Arc<Self>, mut request: Request<Incoming>) -> Result<Answer, Refusal> {
        // Of two Origins, nobody knows which one counts.
        let origins: Vec<_> = request.headers().get_all(header::ORIGIN).iter().collect();
        let origin = match origins[..] {
            [origin] => origin.to_str().ok(),
            _ => None,
        };
        request_guard::check_origin(origin, host(&request))?;
        let (response, accepted) = websocket::accept(&mut request).map_err(|_| Refusal::NotAHandshake)?;
        let (mine, taken_over) = oneshot::channel();
        let before = self.seat.lock().unwrap_or_else(PoisonError::into_inner).replace(mine);
        if let Some(before) = before {
            // It may have left long ago.
            let _ = before.send(());
        }
        let (desk, present) = (self.clone(), self.presence.enter());
        tokio::spawn(async move {
            if let Some(socket) = accepted.socket().await {
                desk.session(socket, taken_over).await;
            }
            drop(present);
        });
        Ok(response)
    }

    async fn session<S>(&self, socket: WebSocketStream<S>, taken_over: oneshot::Receiver<()>)
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.presence.tell(PageVisit::Connecting);
        let (near, far) = tokio::io::duplex(ON_ITS_WAY);
        let (done, told) = oneshot::channel();
        let mut serving = pin!(async {
            let ended = tokio::select! {
                ended = (self.console)(near) => ended,
                Ok(()) = taken_over => Ended { reason: "Another tab took the console over.".to_owned(), may_reconnect: false },
            };
            // Before the page is told, which may ask for the rest.
            self.remember(ended.clone());
            let _ = done.send(farewell(&ended));
            ended
        });
        let mut pumping = pin!(websocket::join(socket, far, async {
            told.await.unwrap_or(CloseFrame { code: CloseCode::Away, reason: "".into() })
        }));
        let ended = tokio::select! {
            ended = &mut serving => {
                let _ = pumping.await;
                ended
            }
            pumped = &mut pumping => {
                let _ = timeout(LEAVING, serving).await;
                let reason = pumped.map_or_else(|error| error.to_string(), |()| "The browser left.".to_owned());
                Ended { reason, may_reconnect: true }
            }
        };
        self.presence.tell(PageVisit::Ended(ended));
    }

    fn remember(&self, ended: Ended) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = ended;
    }
}

/// A file of the page.
fn file(request: &Request<Incoming>, path: &str) -> Answer {
    let Some(asset) = page::asset(path) else {
        return response::refuse(Refusal::WrongPath);
    };
    let policy = page::policy(&format!("ws://{}", host(request)));
    response::respond(200, header::CONTENT_TYPE, asset.media_type, &policy, Bytes::from_static(asset.body))
}

/// 4000 and 4001 are for applications: the page may connect again, or not. RFC 6455, section 7.4.2.
fn farewell(ended: &Ended) -> CloseFrame {
    let code = if ended.may_reconnect { 4000 } else { 4001 };
    CloseFrame { code: CloseCode::from(code), reason: ended.reason.as_str().into() }
}

fn json(value: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(value).unwrap_or_default();
    response::respond(200, header::CONTENT_TYPE, "application/json", "default-src 'none'", body.into())
}

#[cfg(test)]
#[path = "console_page_tests.rs"]
mod tests;
