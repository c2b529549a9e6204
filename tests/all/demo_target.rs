//! The demo account's consoles that lead to a VNC server (`--vnc-target`). The servers here are made up: what passes
//! is bytes, whatever they mean.

use std::time::{Duration, Instant};

use ecs_vnc::demo::Options;
use ecs_vnc::system::clock::Clock;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use crate::demo_vnc::{Told, Viewer, closed, console, read, rest, stay, telling};
use crate::sandbox::until;

const LINUX: &str = "i-demo-linux";

/// A port for a target, and an account that leads there.
async fn target(scheme: &str, path: &str, idle_limit: Duration) -> (TcpListener, String, Told) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = format!("{scheme}{}{path}", listener.local_addr().unwrap());
    let (endpoint, told) = account(&target, idle_limit);
    (listener, endpoint, told)
}

fn account(target: &str, idle_limit: Duration) -> (String, Told) {
    telling(Options::new(Clock::system()).idle_limit(idle_limit).vnc_target(target.parse().unwrap()))
}

/// A viewer and the target it has been led to.
async fn pair(listener: &TcpListener, endpoint: &str) -> (Viewer, TcpStream) {
    let viewer = console(endpoint, LINUX).await;
    (viewer, listener.accept().await.unwrap().0)
}

/// As QEMU answers, or, without a subprotocol, as a server of something else.
#[expect(clippy::result_large_err, reason = "tungstenite's own")]
async fn answer(stream: TcpStream, protocol: Option<&'static str>) -> WebSocketStream<TcpStream> {
    let callback = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        assert_eq!(request.headers()["Sec-WebSocket-Protocol"], "binary");
        assert_eq!(request.uri().path(), "/some/path");
        if let Some(protocol) = protocol {
            response.headers_mut().insert("Sec-WebSocket-Protocol", protocol.parse().unwrap());
        }
        Ok(response)
    };
    accept_hdr_async(stream, callback).await.unwrap()
}

fn numbers(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n % 251) as u8).collect()
}

fn left(told: &Told) -> String {
    until("the end is told of", || !told.lock().unwrap().is_empty());
    told.lock().unwrap()[0].clone()
}

const LONG: Duration = Duration::from_secs(60);
const MUCH: usize = 3_000_000;

#[tokio::test]
async fn bytes_pass_both_ways_up_to_the_last_one_of_the_viewer() {
    let (listener, endpoint, told) = target("", "", LONG).await;
    let (mut viewer, mut server) = pair(&listener, &endpoint).await;
    server.write_all(b"RFB 003.008\n").await.unwrap();
    assert_eq!(read(&mut viewer, 12).await, b"RFB 003.008\n");
    // It hears as slowly as it likes, whoever talks waits; and it talks to whoever has left.
    let (mut hear, mut say) = server.into_split();
    let serving = async {
        say.write_all(&numbers(MUCH)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let talking = tokio::spawn(async move { while say.write_all(b"picture").await.is_ok() {} });
        let mut heard = Vec::<u8>::new();
        let mut piece = vec![0; 50_000];
        loop {
            match hear.read(&mut piece).await.unwrap() {
                0 => break,
                count => heard.extend_from_slice(&piece[..count]),
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        talking.abort();
        heard
    };
    let viewing = async {
        assert!(read(&mut viewer, MUCH).await == numbers(MUCH));
        for piece in numbers(MUCH).chunks(100_000) {
            viewer.send(Message::binary(piece.to_vec())).await.unwrap();
        }
        viewer.close(None).await.unwrap();
        while viewer.next().await.is_some() {}
    };
    let (heard, ()) = tokio::join!(serving, viewing);
    assert!(heard == numbers(MUCH), "{}", heard.len());
    assert_eq!(left(&told), "i-demo-linux: the viewer left");
}

#[tokio::test]
async fn the_last_bytes_of_a_target_come_before_the_close() {
    let (listener, endpoint, told) = target("", "", LONG).await;
    let (mut viewer, mut server) = pair(&listener, &endpoint).await;
    let serving = async {
        server.write_all(&numbers(MUCH)).await.unwrap();
        drop(server);
    };
    let ((), (heard, frame)) = tokio::join!(serving, rest(&mut viewer));
    assert!(heard == numbers(MUCH), "{}", heard.len());
    assert_eq!(frame, closed(CloseCode::Normal, "the target closed the connection"));
    assert_eq!(left(&told), "i-demo-linux: the target closed the connection");
}

#[tokio::test]
async fn a_second_session_drops_the_first_at_the_target_too() {
    let (listener, endpoint, told) = target("", "", LONG).await;
    let (mut first, mut dropped) = pair(&listener, &endpoint).await;
    let (mut second, mut server) = pair(&listener, &endpoint).await;
    assert_eq!(rest(&mut first).await, (vec![], closed(CloseCode::Normal, "another session was opened")));
    assert_eq!(dropped.read(&mut [0]).await.unwrap(), 0);
    drop(dropped);
    server.write_all(b"RFB").await.unwrap();
    assert_eq!(read(&mut second, 3).await, b"RFB");
    assert_eq!(left(&told), "i-demo-linux: taken over by another session");
}

#[tokio::test]
async fn only_rfb_of_the_viewers_keeps_a_console_of_a_target() {
    let limit = Duration::from_secs(1);
    let (listener, endpoint, told) = target("", "", limit).await;
    let (viewer, mut server) = pair(&listener, &endpoint).await;
    // Neither pings nor a screen that changes count.
    let busy = tokio::spawn(async move { while server.write_all(b"picture").await.is_ok() {} });
    let (time, frame) = stay(viewer, Message::Ping(Vec::new().into())).await;
    assert_eq!(frame, closed(CloseCode::Normal, "nothing was heard from the viewer for too long"));
    assert!((900..6000).contains(&time.as_millis()), "{time:?}");
    assert_eq!(left(&told), "i-demo-linux: idle for 1 s");
    busy.await.unwrap();
    // Bytes do, any.
    let (viewer, _server) = pair(&listener, &endpoint).await;
    let staying = tokio::time::timeout(3 * limit, stay(viewer, Message::binary(&[3][..])));
    assert!(staying.await.is_err());
}

#[tokio::test]
async fn a_web_socket_is_a_target_as_well() {
    let (listener, endpoint, told) = target("ws://", "/some/path", LONG).await;
    let (mut viewer, stream) = pair(&listener, &endpoint).await;
    let mut server = answer(stream, Some("binary")).await;
    viewer.send(Message::binary(numbers(MUCH / 4))).await.unwrap();
    let mut heard = Vec::new();
    while heard.len() < MUCH / 4 {
        heard.extend(server.next().await.unwrap().unwrap().into_data());
    }
    assert!(heard == numbers(MUCH / 4));
    let serving = async {
        for piece in numbers(MUCH).chunks(70_000) {
            server.send(Message::binary(piece.to_vec())).await.unwrap();
        }
        server.close(None).await.unwrap();
        while server.next().await.is_some() {}
        // RFC 6455, section 7.1.1: the server is the one to close the connection.
        drop(server);
    };
    let ((), (heard, frame)) = tokio::join!(serving, rest(&mut viewer));
    assert!(heard == numbers(MUCH), "{}", heard.len());
    assert_eq!(frame, closed(CloseCode::Normal, "the target closed the connection"));
    assert_eq!(left(&told), "i-demo-linux: the target closed the connection");
}

/// RFC 3986, section 3.1: a scheme has no case.
#[tokio::test]
async fn the_scheme_of_a_web_socket_may_be_in_upper_case() {
    let (listener, endpoint, _told) = target("WS://", "/some/path", LONG).await;
    let (mut viewer, stream) = pair(&listener, &endpoint).await;
    let mut server = answer(stream, Some("binary")).await;
    server.send(Message::binary(numbers(12))).await.unwrap();
    assert_eq!(read(&mut viewer, 12).await, numbers(12));
}

#[tokio::test]
async fn a_web_socket_hears_the_viewers_last_bytes_and_a_close() {
    let (listener, endpoint, told) = target("ws://", "/some/path", LONG).await;
    let (mut viewer, stream) = pair(&listener, &endpoint).await;
    // What is said before the target is there waits for it.
    viewer.send(Message::binary(numbers(1000))).await.unwrap();
    let mut server = answer(stream, Some("binary")).await;
    viewer.close(None).await.unwrap();
    let mut heard = Vec::new();
    let frame = loop {
        match server.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => heard.extend(bytes),
            Message::Close(frame) => break frame.unwrap(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((heard, frame.code), (numbers(1000), CloseCode::Normal));
    while server.next().await.is_some() {}
    assert_eq!(left(&told), "i-demo-linux: the viewer left");
}

#[tokio::test]
async fn a_target_that_is_not_there_closes_the_console_and_says_so() {
    // A port that was free a moment ago.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for target in [format!("{gone}"), format!("ws://{gone}/")] {
        let (endpoint, told) = account(&target, LONG);
        let (heard, frame) = rest(&mut console(&endpoint, LINUX).await).await;
        let words = format!("could not connect to the target {gone}: ");
        assert_eq!((heard, frame.code), (vec![], CloseCode::Error));
        assert!(frame.reason.starts_with(&words), "{frame:?}");
        let left = left(&told);
        assert!(left.starts_with(&format!("i-demo-linux: {words}")), "{left}");
    }
}

#[tokio::test]
async fn a_web_socket_of_something_else_is_no_target() {
    let ends = async |listener: TcpListener, endpoint: String, said: Option<&'static str>| {
        let (mut viewer, stream) = pair(&listener, &endpoint).await;
        let serving = async {
            let mut server = answer(stream, said.map(|_| "binary")).await;
            if let Some(text) = said {
                server.send(Message::binary(&b"RFB"[..])).await.unwrap();
                server.send(Message::text(text)).await.unwrap();
            }
            while server.next().await.is_some_and(|message| message.is_ok()) {}
        };
        tokio::join!(rest(&mut viewer), serving).0
    };
    let (listener, endpoint, told) = target("ws://", "/some/path", LONG).await;
    let (heard, frame) = ends(listener, endpoint, None).await;
    assert_eq!((heard, frame.code), (vec![], CloseCode::Error));
    assert!(frame.reason.contains("is not a VNC WebSocket") && frame.reason.contains("subprotocol"), "{frame:?}");
    assert!(left(&told).contains("is not a VNC WebSocket"));

    let (listener, endpoint, told) = target("ws://", "/some/path", LONG).await;
    let (heard, frame) = ends(listener, endpoint, Some("text")).await;
    assert_eq!(heard, b"RFB");
    let words = "the target sent a text message; only binary messages are supported";
    assert_eq!(frame, closed(CloseCode::Error, words));
    assert_eq!(left(&told), format!("i-demo-linux: {words}"));
}

#[tokio::test]
async fn a_target_that_does_not_answer_is_not_waited_for() {
    let (_listener, endpoint, told) = target("ws://", "/", LONG).await;
    let mut patient = console(&endpoint, LINUX).await;
    let mut hasty = console(&endpoint, "i-demo-windows").await;
    let start = Instant::now();
    hasty.close(None).await.unwrap();
    assert_eq!(left(&told), "i-demo-windows: the viewer left");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    let (_, frame) = rest(&mut patient).await;
    assert_eq!(frame.code, CloseCode::Error);
    assert!(frame.reason.ends_with(" within 5 s"), "{frame:?}");
}
