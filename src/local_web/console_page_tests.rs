use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::*;
use crate::demo::display::Display;
use crate::demo::display::shared_display::SharedDisplay;
use crate::demo::display::test_card::TestCard;
use crate::demo::display::vga::{Cell, TextFrame};
use crate::demo::vnc;
use crate::font::shipped;
use crate::picture::Picture;
use crate::screen_text::{self, GlyphTable};
use crate::system::clock::Clock;

type Socket = WebSocketStream<TcpStream>;

/// A console page on a local server.
struct Served {
    host: String,
    events: UnboundedReceiver<PageEvent>,
}

fn info() -> PageInfo {
    let vnc_password = Some(VncPassword::try_from(&"Hunt3r".into()).unwrap());
    PageInfo { instance_id: "i-1".into(), instance_name: "\"web\" <1>".into(), region_id: "r".into(), vnc_password }
}

async fn served(console: ConnectConsoleFn) -> Served {
    let link = LocalServer::bind("secret".to_owned()).await.unwrap();
    let host = format!("127.0.0.1:{}", link.port());
    let (sender, events) = unbounded_channel();
    tokio::spawn(link.serve_console_page(info(), console, read_text(), sender));
    Served { host, events }
}

fn read_text() -> ReadTextFn {
    let table = GlyphTable::new(shipped(), Vec::new());
    Arc::new(move |picture| screen_text::read_picture(picture, &table, None))
}

/// A simulated console, which needs no VncUrl.
fn test_card() -> ConnectConsoleFn {
    Arc::new(|stream| {
        async move {
            let display = SharedDisplay::new(Display::Windows(TestCard::new("card", "")));
            let console = vnc::Console { name: "card (1)", display: &display, clock: &Clock::system() };
            let ended = vnc::rfb::serve(stream, console, Duration::from_secs(60)).await;
            PageSessionEnd { reason: format!("{ended:?}"), may_reconnect: true }
        }
        .boxed()
    })
}

/// A console that ends at once.
fn ends(reason: &str, may_reconnect: bool) -> ConnectConsoleFn {
    let ended = PageSessionEnd { reason: reason.to_owned(), may_reconnect };
    Arc::new(move |_| std::future::ready(ended.clone()).boxed())
}

impl Served {
    async fn raw(&self, request: &str) -> String {
        self.exchange(request.as_bytes()).await
    }

    async fn exchange(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn get(&self, path: &str) -> String {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host)).await
    }

    async fn connect_as(&self, origin: Option<&str>) -> Result<Socket, Error> {
        let mut request = format!("ws://{}/secret/socket", self.host).into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", "binary".parse().unwrap());
        if let Some(origin) = origin {
            request.headers_mut().insert("Origin", origin.parse().unwrap());
        }
        let stream = TcpStream::connect(&self.host).await.unwrap();
        client_async(request, stream).await.map(|(socket, _)| socket)
    }

    async fn connect(&self) -> Socket {
        self.connect_as(Some(&format!("http://{}", self.host))).await.unwrap()
    }

    async fn event(&mut self) -> PageEvent {
        timeout(Duration::from_secs(20), self.events.recv()).await.expect("an event").unwrap()
    }
}

/// All bytes up to the Close frame, and that.
async fn hear(socket: &mut Socket) -> (Vec<u8>, Option<CloseFrame>) {
    let (mut heard, mut frame) = (Vec::new(), None);
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Binary(bytes) => heard.extend(bytes),
            Message::Close(given) => frame = given,
            _ => {}
        }
    }
    (heard, frame)
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

fn refused(result: Result<Socket, Error>) -> u16 {
    match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_page_is_below_the_secret_with_strict_headers() {
    let page = served(test_card()).await;
    let answer = page.get("/secret").await;
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("location: /secret/\r\n"), "{answer}");
    let answer = page.get("/secret/").await;
    assert_eq!(status(&answer), "200");
    let policy = format!("content-security-policy: {}\r\n", page::policy(&format!("ws://{}", page.host)));
    for line in [
        "content-type: text/html; charset=utf-8\r\n",
        "cache-control: no-store\r\n",
        "referrer-policy: no-referrer\r\n",
        "x-content-type-options: nosniff\r\n",
        policy.as_str(),
    ] {
        assert!(answer.contains(line), "{line} in {answer}");
    }
    assert!(page.get("/secret/novnc/core/rfb.js").await.contains("text/javascript"));
    let info = page.get("/secret/info").await;
    let info: serde_json::Value = serde_json::from_str(info.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let expected = serde_json::json!({
        "InstanceId": "i-1", "InstanceName": "\"web\" <1>", "RegionId": "r", "VncPassword": "Hunt3r",
    });
    assert_eq!(info, expected);
}

#[tokio::test]
async fn only_the_page_gets_the_password() {
    let page = served(test_card()).await;
    for (path, host) in [("/info", page.host.as_str()), ("/secre/info", &page.host), ("/secret/info", "evil.example")] {
        let answer = page.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
        assert!(status(&answer).starts_with('4') && !answer.contains("Hunt3r"), "{path}: {answer}");
    }
    let answer = page.get("/secret/info").await;
    assert!(answer.contains("cache-control: no-store") && !answer.contains("access-control-allow"), "{answer}");
    let without = serde_json::to_value(PageInfo { vnc_password: None, ..info() }).unwrap();
    assert_eq!(without["VncPassword"], "");
    assert!(!format!("{:?}", info()).contains("Hunt3r"));
}

#[tokio::test]
async fn other_requests_are_refused() {
    let page = served(test_card()).await;
    for path in [
        "/",
        "/info",
        "/console.html",
        "/secre/",
        "/secret2/",
        "/secret/mod.rs",
        "/secret/console.html",
        "/secret//",
        "/favicon.ico",
    ] {
        assert_eq!(status(&page.get(path).await), "404", "{path}");
    }
    for path in ["/secret/", "/secret/info", "/secret/presence", "/secret/socket"] {
        let request = |rest: &str| format!("GET {path} HTTP/1.1\r\n{rest}Connection: close\r\n\r\n");
        assert_eq!(status(&page.raw(&request("Host: evil.example\r\n")).await), "403", "{path}");
        let guess = request(&format!("Host: {}\r\nSec-Purpose: prefetch\r\n", page.host));
        assert_eq!(status(&page.raw(&guess).await), "503", "{path}");
        let post = guess.replace("GET", "POST");
        assert_eq!(status(&page.raw(&post).await), "405", "{path}");
    }
}

#[tokio::test]
async fn only_the_page_reaches_the_console() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let page = served(Arc::new(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        std::future::pending().boxed()
    }))
    .await;
    let (port, own) = (page.host.rsplit_once(':').unwrap().1, format!("http://{}", page.host));
    let localhost = format!("http://localhost:{port}");
    for origin in [None, Some("http://evil.example"), Some("null"), Some(localhost.as_str())] {
        assert_eq!(refused(page.connect_as(origin).await), 403, "{origin:?}");
    }
    // Both a right and a wrong Origin, and no handshake at all.
    let head = format!("GET /secret/socket HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nOrigin: {own}\r\n", page.host);
    assert_eq!(status(&page.raw(&format!("{head}Origin: http://evil.example\r\n\r\n")).await), "403");
    assert_eq!(status(&page.raw(&format!("{head}\r\n")).await), "400");
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    let _socket = page.connect().await;
    while calls.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn bytes_pass_both_ways() {
    let mut page = served(test_card()).await;
    let mut socket = page.connect().await;
    assert_eq!(page.event().await, PageEvent::Opened);
    assert_eq!(page.event().await, PageEvent::Connecting);
    let mut heard = Vec::new();
    // RFC 6143, sections 7.1.1, 7.1.2 and 7.3.1: version, None, and a shared session.
    for said in [&b"RFB 003.008\n"[..], &[1], &[1]] {
        socket.send(Message::Binary(said.to_vec().into())).await.unwrap();
    }
    while !heard.ends_with(b"card (1)") {
        match socket.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => heard.extend(bytes),
            other => panic!("{other:?}"),
        }
    }
    assert!(heard.starts_with(b"RFB 003.008\n"));
    // A client that the console does not understand: the reason comes, and may be longer than a Close frame.
    socket.send(Message::Binary(vec![99].into())).await.unwrap();
    let (_, frame) = hear(&mut socket).await;
    let frame = frame.unwrap();
    assert!(u16::from(frame.code) == 4000 && frame.reason.contains("Message(99)"), "{frame:?}");
    assert!(
        matches!(page.event().await, PageEvent::Disconnected(PageSessionEnd { may_reconnect: true, reason }) if reason.contains("99"))
    );
    assert_eq!(page.event().await, PageEvent::Closed);
}

#[tokio::test]
async fn a_long_reason_can_be_fetched_in_full() {
    let long = "é".repeat(200);
    let mut page = served(ends(&long, false)).await;
    let mut socket = page.connect().await;
    let (_, frame) = hear(&mut socket).await;
    let frame = frame.unwrap();
    assert_eq!((u16::from(frame.code), frame.reason.as_str()), (4001, "é".repeat(61).as_str()));
    let answer = page.get("/secret/last-end").await;
    let told: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(told, serde_json::json!({"Reason": long, "MayReconnect": false}));
    assert_eq!(page.event().await, PageEvent::Opened);
    assert_eq!(page.event().await, PageEvent::Connecting);
    assert_eq!(page.event().await, PageEvent::Disconnected(PageSessionEnd { reason: long, may_reconnect: false }));
}

#[tokio::test]
async fn each_tab_is_connected() {
    let mut page = served(test_card()).await;
    let (mut first, mut second) = (page.connect().await, page.connect().await);
    for tab in [&mut first, &mut second] {
        assert!(matches!(tab.next().await, Some(Ok(Message::Binary(_)))), "the console speaks first");
    }
    drop((first, second));
    let mut events = Vec::new();
    while events.last() != Some(&PageEvent::Closed) {
        events.push(page.event().await);
    }
    let count = |wanted: &PageEvent| events.iter().filter(|visit| *visit == wanted).count();
    assert_eq!((count(&PageEvent::Opened), count(&PageEvent::Connecting)), (1, 2), "{events:?}");
    let left =
        PageEvent::Disconnected(PageSessionEnd { reason: "The browser disconnected.".into(), may_reconnect: true });
    assert_eq!((count(&left), events.len()), (2, 6), "{events:?}");
}

/// No network, so that time can be paused.
fn service(console: ConnectConsoleFn) -> (PageService, UnboundedReceiver<PageEvent>) {
    let (sender, events) = unbounded_channel();
    (PageService::new("/secret".into(), info(), console, read_text(), sender), events)
}

#[tokio::test(start_paused = true)]
async fn a_console_that_does_not_end_is_dropped() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let held = dropped.clone();
    let (service, mut events) = service(Arc::new(move |stream| {
        let held = (Counts(held.clone()), stream);
        async move {
            let _held = held;
            std::future::pending().await
        }
        .boxed()
    }));
    let (near, far) = tokio::io::duplex(64);
    let socket = WebSocketStream::from_raw_socket(near, Role::Server, Some(websocket::websocket_config())).await;
    let started = Instant::now();
    let leaving = async {
        sleep(Duration::from_secs(60)).await;
        drop(far);
    };
    tokio::join!(service.session(socket), leaving);
    assert_eq!((started.elapsed().as_secs(), dropped.load(Ordering::SeqCst)), (62, 1));
    assert_eq!(events.recv().await, Some(PageEvent::Connecting));
    assert!(matches!(events.recv().await, Some(PageEvent::Disconnected(_))));
}

/// Counts when it is dropped.
struct Counts(Arc<AtomicUsize>);

impl Drop for Counts {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn opening_and_closing_the_page_are_noticed() {
    let mut page = served(test_card()).await;
    let ask = format!("GET /secret/presence HTTP/1.1\r\nHost: {}\r\n\r\n", page.host);
    let mut tabs = Vec::new();
    for _ in 0..2 {
        let mut tab = TcpStream::connect(&page.host).await.unwrap();
        tab.write_all(ask.as_bytes()).await.unwrap();
        tabs.push(tab);
    }
    assert_eq!(page.event().await, PageEvent::Opened);
    drop(tabs.pop());
    assert_eq!(status(&page.get("/secret/").await), "200");
    assert!(page.events.try_recv().is_err(), "one tab is still open");
    drop(tabs);
    assert_eq!(page.event().await, PageEvent::Closed);
}

#[tokio::test(start_paused = true)]
async fn presence_is_answered_before_a_browser_gives_up() {
    let (service, mut events) = service(test_card());
    let started = Instant::now();
    assert_eq!(service.presence().await.status(), 200);
    assert_eq!(started.elapsed().as_secs(), 30);
    assert_eq!((events.try_recv(), events.try_recv()), (Ok(PageEvent::Opened), Ok(PageEvent::Closed)));
}

#[tokio::test]
async fn only_the_page_gets_the_text_of_a_picture() {
    let served = served(ends("", true)).await;
    let cell = |character: char| Cell { character: character as u8, ..Cell::BLANK };
    let frame = TextFrame::new("login:".chars().map(cell).collect(), None);
    let pixels = (0..400).flat_map(|y| (0..720).map(move |x| (x, y)));
    let rgb = pixels.flat_map(|(x, y)| frame.pixel(x, y)).collect();
    let picture = Picture::new(720, 400, rgb).unwrap().to_png().unwrap();
    let post = async |origin: &str, body: &[u8]| {
        let head = format!(
            "POST /secret/text HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            served.host,
            body.len()
        );
        served.exchange(&[head.as_bytes(), body].concat()).await
    };
    let own = format!("http://{}", served.host);
    let text = post(&own, &picture).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(
        text.contains(r#""IsText":true,"CellWidth":9,"CellHeight":16,"OffsetX":0,"OffsetY":0,"Lines":["login:","""#),
        "{text}"
    );
    assert!(post("http://evil.example", &picture).await.starts_with("HTTP/1.1 403"));
    assert!(post(&own, b"no picture").await.starts_with("HTTP/1.1 400"));
    assert!(served.get("/secret/text").await.starts_with("HTTP/1.1 403"), "without an origin");
}
