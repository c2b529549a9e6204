//! The demo account's consoles: who is let in, who must go, and when.

use std::io::{BufRead as _, BufReader};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ecs_vnc::demo::{Event, Options};
use ecs_vnc::system::clock::Clock;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::http::send;
use crate::sandbox::{Killed, Sandbox, account, until};

/// A viewer's WebSocket.
pub(crate) type Viewer = WebSocketStream<TcpStream>;

/// What was told of consoles that were left.
pub(crate) type Told = Arc<Mutex<Vec<String>>>;

/// An account that tells how its consoles are left.
pub(crate) fn telling(options: Options) -> (String, Told) {
    let told = Told::default();
    let listener = told.clone();
    let endpoint = account(options.listener(move |event| {
        if let Event::Left { instance, how } = event {
            listener.lock().unwrap().push(format!("{instance}: {how}"));
        }
    }));
    (endpoint, told)
}

/// The console of `instance`, asked for as a page would.
pub(crate) async fn console(endpoint: &str, instance: &str) -> Viewer {
    connect(&web_socket_url(endpoint, instance), Some("binary")).await.unwrap()
}

fn web_socket_url(endpoint: &str, instance: &str) -> String {
    let run = Sandbox::with_account(endpoint).run(&["vnc-url", "-o", "json", "--no-windows", instance]).ends(0);
    run.json()[0]["WebSocketUrl"].as_str().unwrap().to_owned()
}

async fn connect(url: &str, protocol: Option<&str>) -> Result<Viewer, Error> {
    let mut request = url.into_client_request().unwrap();
    if let Some(protocol) = protocol {
        request.headers_mut().insert("Sec-WebSocket-Protocol", protocol.parse().unwrap());
    }
    let address = request.uri().authority().unwrap().as_str().to_owned();
    let stream = TcpStream::connect(address).await.unwrap();
    let (socket, response) = client_async(request, stream).await?;
    assert_eq!(response.headers()["Sec-WebSocket-Protocol"], "binary");
    Ok(socket)
}

fn status(outcome: Result<Viewer, Error>) -> u16 {
    match outcome {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("not refused over HTTP: {other:?}"),
    }
}

/// What comes next, which is not waited for for ever.
async fn next(socket: &mut Viewer) -> Option<Message> {
    let next = tokio::time::timeout(Duration::from_secs(20), socket.next());
    next.await.expect("something within 20 s").map(|message| message.expect("a message"))
}

/// The bytes of `count` at least, over as many frames as they come in.
pub(crate) async fn read(socket: &mut Viewer, count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < count {
        match next(socket).await.expect("more bytes") {
            Message::Binary(more) => bytes.extend(more),
            Message::Pong(_) => {}
            other => panic!("{} of {count} bytes, then {other:?}", bytes.len()),
        }
    }
    bytes
}

/// All that still comes, and the Close frame behind it.
pub(crate) async fn rest(socket: &mut Viewer) -> (Vec<u8>, CloseFrame) {
    let mut bytes = Vec::new();
    loop {
        match next(socket).await.expect("a Close frame") {
            Message::Binary(more) => bytes.extend(more),
            Message::Close(frame) => {
                // It is answered by listening on.
                while next(socket).await.is_some() {}
                return (bytes, frame.unwrap());
            }
            _ => {}
        }
    }
}

/// A Close frame.
pub(crate) fn closed(code: CloseCode, reason: &str) -> CloseFrame {
    CloseFrame { code, reason: reason.to_owned().into() }
}

/// Says `message` every 100 ms, and measures how long that is let pass.
pub(crate) async fn stay(socket: Viewer, message: Message) -> (Duration, CloseFrame) {
    let start = Instant::now();
    let (mut say, mut hear) = socket.split();
    let talking = async {
        while say.send(message.clone()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        std::future::pending().await
    };
    let listening = async {
        loop {
            if let Message::Close(frame) = hear.next().await.unwrap().unwrap() {
                return frame.unwrap();
            }
        }
    };
    let listening = tokio::time::timeout(Duration::from_secs(20), listening);
    tokio::select! {
        frame = listening => (start.elapsed(), frame.expect("an end within 20 s")),
        () = talking => unreachable!(),
    }
}

/// Speaks RFB with the test card up to ServerInit (RFC 6143, section 7.1 to 7.3), and gives the name.
async fn greet(socket: &mut Viewer) -> String {
    assert_eq!(read(socket, 12).await, b"RFB 003.008\n");
    socket.send(Message::binary(&b"RFB 003.008\n"[..])).await.unwrap();
    assert_eq!(read(socket, 2).await, [1, 1], "one security type: None");
    socket.send(Message::binary(&[1][..])).await.unwrap();
    assert_eq!(read(socket, 4).await, [0; 4], "SecurityResult");
    socket.send(Message::binary(&[1][..])).await.unwrap();
    String::from_utf8(read(socket, 25).await[24..].to_vec()).unwrap()
}

#[tokio::test]
async fn a_vnc_url_opens_one_console() {
    let endpoint = account(Options::new(Clock::system()));
    let url = web_socket_url(&endpoint, "i-demo-linux");
    let mut socket = connect(&url, Some("binary")).await.unwrap();
    let name = greet(&mut socket).await;
    assert!(name.starts_with("i-demo-linux (connected after ") && name.ends_with(" ms of 15000 ms)"), "{name}");
    assert_eq!(status(connect(&url, Some("binary")).await), 403, "a second use");
}

#[tokio::test]
async fn what_is_typed_at_the_console_stays() {
    let endpoint = account(Options::new(Clock::system()));
    let mut socket = console(&endpoint, "i-demo-windows").await;
    greet(&mut socket).await;
    // RFC 6143, section 7.5.4: a, down and up; then the whole screen, of which the answer says that both were taken.
    let keys = [4, 1, 0, 0, 0, 0, 0, 0x61, 4, 0, 0, 0, 0, 0, 0, 0x61];
    let request = [3, 0, 0, 0, 0, 0, 4, 0, 3, 0];
    socket.send(Message::binary([&keys[..], &request].concat())).await.unwrap();
    let seen = read(&mut socket, 16 + 1024 * 768 * 4).await;
    let of = |x: usize, y: usize| {
        let [blue, green, red, _] = seen[16 + (y * 1024 + x) * 4..][..4].try_into().unwrap();
        [red, green, blue]
    };
    // The block's second colour, where no bit is set.
    assert_eq!(of(20, 290), [220, 130, 30]);
    socket.close(None).await.unwrap();
    // Nobody is at the console any more, and whoever comes next finds what was typed.
    let mut socket = console(&endpoint, "i-demo-windows").await;
    greet(&mut socket).await;
    socket.send(Message::binary(request.to_vec())).await.unwrap();
    let again = read(&mut socket, 16 + 1024 * 768 * 4).await;
    let typing = |pixels: &[u8]| pixels[16 + 284 * 1024 * 4..].to_vec();
    assert!(typing(&again) == typing(&seen));
}

#[tokio::test]
async fn what_is_no_console_is_refused() {
    let endpoint = account(Options::new(Clock::system()));
    let url = web_socket_url(&endpoint, "i-demo-linux");
    assert_eq!(status(connect(&url, None).await), 400, "the subprotocol is not optional");
    assert_eq!(status(connect(&url, Some("base64")).await), 400);
    // Decoded once too often, the token is another one.
    let mangled = url.replace("%2F", "/").replace("%2B", "+");
    assert_eq!(status(connect(&mangled, Some("binary")).await), 403);
    let host = endpoint.strip_prefix("http://").unwrap();
    let path = url.split_once(host).unwrap().1;
    assert_eq!(send(host, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).status, 400);
    assert!(connect(&url, Some("chat, binary")).await.is_ok(), "none of these used the ticket up");
}

#[tokio::test]
async fn an_instance_takes_30_consoles_a_minute() {
    let endpoint = account(Options::new(Clock::system()));
    let urls: Vec<String> = (0..31).map(|_| web_socket_url(&endpoint, "i-demo-linux")).collect();
    for url in &urls[..30] {
        connect(url, Some("binary")).await.unwrap();
    }
    assert_eq!(status(connect(&urls[30], Some("binary")).await), 429);
    greet(&mut console(&endpoint, "i-demo-windows").await).await;
}

#[tokio::test]
async fn a_second_session_drops_the_first() {
    let (endpoint, told) = telling(Options::new(Clock::system()));
    let mut elsewhere = console(&endpoint, "i-demo-windows").await;
    let mut first = console(&endpoint, "i-demo-linux").await;
    greet(&mut first).await;
    let mut second = console(&endpoint, "i-demo-linux").await;
    let start = Instant::now();
    assert_eq!(rest(&mut first).await, (vec![], closed(CloseCode::Normal, "another session was opened")));
    assert!(start.elapsed() < Duration::from_secs(1), "at once, not after {:?}", start.elapsed());
    until("the first one's end is told of", || !told.lock().unwrap().is_empty());
    assert_eq!(told.lock().unwrap()[0], "i-demo-linux: taken over by another session");
    // The second works, until there is a third.
    greet(&mut second).await;
    let mut third = console(&endpoint, "i-demo-linux").await;
    assert_eq!(rest(&mut second).await.1, closed(CloseCode::Normal, "another session was opened"));
    greet(&mut third).await;
    third.close(None).await.unwrap();
    while third.next().await.is_some() {}
    // Several instances' consoles do not know of each other.
    greet(&mut elsewhere).await;
    until("all that left are told of", || told.lock().unwrap().len() == 3);
    assert_eq!(told.lock().unwrap()[2], "i-demo-linux: the viewer left");
}

#[tokio::test]
async fn an_idle_console_is_cut_and_a_ping_is_no_activity() {
    let (endpoint, told) = telling(Options::new(Clock::system()).idle_limit(Duration::from_millis(500)));
    let ping = Message::Ping(Vec::new().into());
    let (time, frame) = stay(console(&endpoint, "i-demo-linux").await, ping).await;
    assert_eq!(frame, closed(CloseCode::Normal, "nothing was heard from the viewer for too long"));
    assert!((400..5000).contains(&time.as_millis()), "{time:?}");
    until("the cut is told of", || !told.lock().unwrap().is_empty());
    assert_eq!(told.lock().unwrap()[0], "i-demo-linux: idle for 0.5 s");
}

#[tokio::test]
async fn the_command_tells_of_all_this() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.spawn(&["demo", "-o", "json", "--idle-limit", "2.5"]);
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let _child = Killed(child);
    let endpoint = serde_json::from_str::<serde_json::Value>(&line).unwrap()["Endpoint"].as_str().unwrap().to_owned();
    let mut said = |words: &str| {
        let line = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains(words)));
        assert!(line.is_some(), "{words}");
    };
    let mut viewers = vec![console(&endpoint, "i-demo-linux").await];
    said("console of i-demo-linux opened, ");
    viewers.push(console(&endpoint, "i-demo-linux").await);
    rest(&mut viewers[0]).await;
    said("console of i-demo-linux closed: taken over by another session");
    assert_eq!(rest(&mut viewers[1]).await.1.code, CloseCode::Normal);
    said("console of i-demo-linux closed: idle for 2.5 s");
    for _ in 2..30 {
        console(&endpoint, "i-demo-linux").await;
    }
    assert_eq!(status(connect(&web_socket_url(&endpoint, "i-demo-linux"), Some("binary")).await), 429);
    said("console refused: too many connections");
}
