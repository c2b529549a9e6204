//! The account's HTTP server: the API, the console page, and the VNC WebSocket.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::CONSOLE_PATH;
use super::answer::{self, Form};
use super::fault::Fault;
use super::gateway::{Gateway, Received};
use super::service::Service;
use super::tickets::{Admitted, Refused};
use super::vnc;
use crate::clock::Clock;
use crate::random;
use crate::vnc_url::LIFETIME;

/// The most a request may hold, in bytes.
const LIMIT: usize = 1 << 20;

/// A client that sends no whole header within this time is dropped.
const HEADER_LIMIT: Duration = Duration::from_secs(10);

/// An idle console is cut after this long. Source: the vendor's pages, which say 60 s (to early 2024) or 300 s.
const IDLE_LIMIT: Duration = Duration::from_secs(300);

/// What happens at the account, for those who want to tell it.
#[derive(Debug)]
pub enum Event<'a> {
    /// The API answered.
    Answered {
        /// Action, as far as it is known.
        action: &'a str,
        /// InstanceId, if one was named.
        instance: Option<&'a str>,
        /// The error's code, or nothing.
        code: Option<&'a str>,
    },
    /// A console was opened.
    Opened {
        /// The instance.
        instance: &'a str,
        /// How long after its VncUrl was minted.
        after: Duration,
    },
    /// A console could not be opened.
    Refused {
        /// Why.
        why: &'a str,
    },
    /// A console was left.
    Left {
        /// The instance.
        instance: &'a str,
        /// How.
        how: &'a str,
    },
}

type Listener = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// How the account behaves.
#[derive(Clone)]
pub struct Options {
    clock: Clock,
    idle_limit: Duration,
    listener: Listener,
}

/// How many consoles were opened, and how many are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consoles {
    /// Ever.
    pub opened: u64,
    /// Now.
    pub open: u64,
}

/// A running account. Its tasks end with the runtime, so whoever waits for it here waits for a sender that lives.
#[derive(Debug)]
pub struct Demo {
    address: SocketAddr,
    consoles: watch::Receiver<Consoles>,
}

struct Account {
    authority: String,
    options: Options,
    state: Mutex<State>,
    consoles: watch::Sender<Consoles>,
}

#[derive(Default)]
struct State {
    gateway: Gateway,
    service: Service,
}

impl Options {
    /// As the service behaves, by this clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock, idle_limit: IDLE_LIMIT, listener: Arc::new(|_| {}) }
    }

    /// Cuts idle consoles after `limit`.
    pub fn idle_limit(mut self, limit: Duration) -> Self {
        self.idle_limit = limit;
        self
    }

    /// Tells `listener` what happens.
    pub fn listener(mut self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.listener = Arc::new(listener);
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("idle_limit", &self.idle_limit).finish_non_exhaustive()
    }
}

impl Demo {
    /// Runs an account on a port of loopback; 0 lets the system choose.
    pub async fn start(port: u16, options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let (sender, consoles) = watch::channel(Consoles::default());
        let state = Mutex::default();
        let account = Arc::new(Account { authority: address.to_string(), options, state, consoles: sender });
        tokio::spawn(accept(listener, account));
        Ok(Self { address, consoles })
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until a console was opened.
    pub async fn console_opened(&self) {
        let _ = self.consoles.clone().wait_for(|consoles| consoles.opened > 0).await;
    }

    /// Waits until a console was opened and none is open any more.
    pub async fn consoles_left(&self) {
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
        let account = account.clone();
        let service = service_fn(move |request| {
            let account = account.clone();
            async move { Ok::<_, std::convert::Infallible>(account.serve(request).await) }
        });
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT);
        // A client that leaves in the middle is its own affair.
        tokio::spawn(async move { drop(server.serve_connection(TokioIo::new(stream), service).with_upgrades().await) });
    }
}

impl Account {
    async fn serve(self: Arc<Self>, request: Request<Incoming>) -> Response<Full<Bytes>> {
        match (request.method(), request.uri().path()) {
            (&Method::GET | &Method::POST, "/") => self.serve_api(request).await,
            (&Method::GET, CONSOLE_PATH) => console_page(),
            (&Method::GET, "/websockify/") => self.serve_vnc(request),
            _ => plain(StatusCode::NOT_FOUND, "There is nothing here."),
        }
    }

    async fn serve_api(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let host = header_text(request.headers(), &header::HOST).to_owned();
        let date = self.options.clock.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let Some(received) = receive(request).await else {
            return plain(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large.");
        };
        let request_id = random::hex_128().to_uppercase();
        let asks_for_json = |name: &str| received.query.get(name).or(received.form.get(name)).map(String::as_str);
        let is_json = received.headers.contains_key("authorization") || asks_for_json("Format") == Some("JSON");
        let form = if is_json { Form::Json } else { Form::Xml };

        let action =
            asks_for_json("Action").or(received.headers.get("x-acs-action").map(String::as_str)).unwrap_or("-");
        let instance = asks_for_json("InstanceId");
        let outcome = self.run(&received);
        let code = outcome.as_ref().err().map(|fault| fault.code.as_str());
        (self.options.listener)(&Event::Answered { action, instance, code });

        let (status, body) = match &outcome {
            Ok((action, fields)) => (200, answer::result(action, fields.clone(), &request_id, form)),
            Err(fault) => (fault.status, answer::fault(fault, &host, &request_id, form)),
        };
        let media_type = if form == Form::Json { "application/json" } else { "text/xml" };
        let mut builder = Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, format!("{media_type};charset=utf-8"))
            .header(header::DATE, date)
            .header("x-acs-request-id", &request_id);
        if let Some(wait) = outcome.err().and_then(|fault| fault.retry_after) {
            builder = builder.header("x-acs-retry-after", wait.as_millis().to_string());
        }
        builder.body(Full::from(body)).expect("the headers above are valid")
    }

    fn run(&self, received: &Received) -> Result<(String, serde_json::Value), Fault> {
        let clock = &self.options.clock;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = state.gateway.check(received, clock.utc())?;
        let fields = state.service.run(&passed, &self.authority, clock.instant())?;
        Ok((passed.action, fields))
    }

    fn serve_vnc(self: Arc<Self>, mut request: Request<Incoming>) -> Response<Full<Bytes>> {
        let refuse = |status, why: &str| {
            (self.options.listener)(&Event::Refused { why });
            plain(status, why)
        };
        let headers = request.headers();
        let has =
            |name, token: &str| header_text(headers, &name).split(',').any(|t| t.trim().eq_ignore_ascii_case(token));
        let key = header_text(headers, &header::SEC_WEBSOCKET_KEY).to_owned();
        // RFC 6455, section 4.2.1.
        let is_handshake = has(header::UPGRADE, "websocket") && has(header::SEC_WEBSOCKET_VERSION, "13");
        if !is_handshake || !has(header::CONNECTION, "upgrade") || key.is_empty() {
            return refuse(StatusCode::BAD_REQUEST, "not a WebSocket handshake");
        }
        if !has(header::SEC_WEBSOCKET_PROTOCOL, "binary") {
            return refuse(StatusCode::BAD_REQUEST, "the subprotocol `binary` was not asked for");
        }
        let token = parameters(request.uri().query().unwrap_or_default()).remove("s").unwrap_or_default();
        let admitted = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.service.tickets.redeem(&token, self.options.clock.instant())
        };
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(why @ Refused::TooMany) => return refuse(StatusCode::TOO_MANY_REQUESTS, &why.to_string()),
            Err(why) => return refuse(StatusCode::FORBIDDEN, &why.to_string()),
        };
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            if let Ok(upgraded) = upgrade.await {
                let config = Some(vnc::config());
                let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, config).await;
                self.play(socket, admitted).await;
            }
        });
        Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
            .header(header::SEC_WEBSOCKET_PROTOCOL, "binary")
            .body(Full::default())
            .expect("the headers above are valid")
    }

    async fn play(&self, socket: WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>, admitted: Admitted) {
        let Admitted { instance, age } = admitted;
        (self.options.listener)(&Event::Opened { instance, after: age });
        self.consoles
            .send_modify(|consoles| *consoles = Consoles { opened: consoles.opened + 1, open: consoles.open + 1 });
        let name = format!("{instance} (connected after {} ms of {} ms)", age.as_millis(), LIFETIME.as_millis());
        let end = vnc::session(socket, &name, self.options.idle_limit).await;
        self.consoles.send_modify(|consoles| consoles.open -= 1);
        let how = match end {
            Ok(vnc::End::ClientLeft) => "the viewer left".to_owned(),
            Ok(vnc::End::Idle) => format!("cut: idle for {} s", self.options.idle_limit.as_secs()),
            Err(error) => error.to_string(),
        };
        (self.options.listener)(&Event::Left { instance, how: &how });
    }
}

/// Reads a request to its end; nothing where it is too large.
async fn receive(request: Request<Incoming>) -> Option<Received> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LIMIT).collect().await.ok()?.to_bytes().to_vec();
    let headers: BTreeMap<String, String> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let is_form =
        headers.get("content-type").is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    let form = if is_form { parameters(&String::from_utf8_lossy(&body)) } else { BTreeMap::new() };
    let query = parameters(parts.uri.query().unwrap_or_default());
    Some(Received { method: parts.method.to_string(), query, form, headers, body })
}

/// `k=v&k=v`, where `+` is a space as well.
fn parameters(text: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(key, value)| (decode(key), decode(value))).collect()
}

fn header_text<'a>(headers: &'a HeaderMap<HeaderValue>, name: &header::HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn console_page() -> Response<Full<Bytes>> {
    let nonce = random::hex_128();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src ws://127.0.0.1:*; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Full::from(include_str!("console.html").replace("{{nonce}}", &nonce)))
        .expect("the headers above are valid")
}

fn plain(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let response = Response::builder().status(status).header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
    response.body(Full::from(format!("{text}\n"))).expect("the header above is valid")
}
