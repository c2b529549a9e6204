use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{DuplexStream, ReadBuf, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::Message;

use super::*;
use crate::relay::bridge::BridgeOutcome;
use crate::relay::bridge::tests::{close, heard, means, numbers, say, session, to_the_end};
use crate::relay::{BridgeEnd, bridge};
use crate::websocket::frame::Close;

/// Both ends of a session as they are, through so many bytes.
fn bare(viewer: usize, far: usize) -> (DuplexStream, DuplexStream, JoinHandle<BridgeOutcome>) {
    let (viewer, near) = duplex(viewer);
    let (far, console) = duplex(far);
    let (means, _) = means(None);
    (viewer, console, tokio::spawn(async move { to_the_end(near, far, &means).await }))
}

/// A Close frame with 4321.
const CLOSE: [u8; 4] = [0x88, 2, 0x10, 0xE1];

fn closed() -> BridgeEnd {
    BridgeEnd::Closed(Close { code: Some(4321), reason: String::new() })
}

#[tokio::test]
async fn a_viewer_that_talks_at_the_end_gets_the_last_bytes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut viewer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (mut near, _) = listener.accept().await.unwrap();
    let (far, mut console) = duplex(1 << 20);
    // Less than what a system takes for a socket that nobody reads.
    let last = numbers(65_000);
    let frame = [&[0x82, 126][..], &(last.len() as u16).to_be_bytes(), &last, &CLOSE].concat();
    console.write_all(&frame).await.unwrap();
    let (means, _) = means(None);
    assert_eq!(bridge(&mut near, far, &means).await.end, closed());
    // Nobody carries this any more.
    viewer.write_all(&[5, 0, 0, 1, 0, 1]).await.unwrap();
    near.readable().await.unwrap();
    let leaving = tokio::spawn(drain(near));
    // Long before it has read the end it goes on talking.
    let mut got = vec![0; 1000];
    viewer.read_exact(&mut got).await.unwrap();
    viewer.write_all(&[5, 0, 0, 1, 0, 1]).await.unwrap();
    viewer.read_to_end(&mut got).await.unwrap();
    assert_eq!(got, last);
    drop(viewer);
    leaving.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_stays_is_not_waited_for_without_end() {
    let (mut viewer, near) = duplex(64);
    let leaving = tokio::spawn(drain(near));
    assert_eq!(viewer.read(&mut [0]).await.unwrap(), 0, "it is told at once");
    let began = Instant::now();
    leaving.await.unwrap();
    assert_eq!(began.elapsed().as_secs(), STALL.as_secs());
    // Nor is all taken that one says.
    let (mut viewer, near) = duplex(1 << 20);
    let leaving = tokio::spawn(drain(near));
    let mut said = 0;
    while viewer.write_all(&[0; 1 << 20]).await.is_ok() {
        said += 1 << 20;
    }
    assert!((MOST..=MOST + (2 << 20)).contains(&said), "{said}");
    leaving.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_comes_slowly_still_comes_after_a_half_close() {
    let (mut viewer, mut console, carried) = session(None).await;
    viewer.shutdown().await.unwrap();
    let serving = async {
        assert_eq!(console.next().await.unwrap().unwrap(), close(1000, ""));
        // RFC 6455, section 5.5.1: what was begun is sent to its end before the answer.
        let raw = console.get_mut();
        for byte in 0..60 {
            sleep(QUIET * 3 / 4).await;
            raw.write_all(&[0x82, 1, byte]).await.unwrap();
        }
        raw.write_all(&CLOSE).await.unwrap();
    };
    let mut down = Vec::new();
    let (read, ()) = tokio::join!(viewer.read_to_end(&mut down), serving);
    read.unwrap();
    assert_eq!(down, (0..60).collect::<Vec<u8>>());
    assert_eq!(carried.await.unwrap().end, BridgeEnd::ViewerLeft);
}

#[tokio::test(start_paused = true)]
async fn a_slow_viewer_is_waited_for_after_a_half_close_and_one_that_stands_still_is_not() {
    let (mut viewer, mut console, carried) = bare(64, 4096);
    viewer.shutdown().await.unwrap();
    console.write_all(&[0x82, 126, 2, 0x80]).await.unwrap();
    console.write_all(&numbers(640)).await.unwrap();
    let mut got = Vec::new();
    for _ in 0..5 {
        sleep(STALL * 2 / 3).await;
        let mut piece = [0; 64];
        viewer.read_exact(&mut piece).await.unwrap();
        got.extend(piece);
    }
    assert_eq!(got, numbers(320));
    let began = Instant::now();
    assert_eq!(carried.await.unwrap().end, BridgeEnd::ViewerLeft);
    assert!((STALL..=STALL + 2 * QUIET).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_console_that_does_not_answer_is_not_waited_for_when_nothing_comes() {
    let (viewer, console, carried) = bare(64, 64);
    let began = Instant::now();
    drop(viewer);
    assert_eq!(carried.await.unwrap().end, BridgeEnd::ViewerLeft);
    assert_eq!(began.elapsed(), QUIET);
    drop(console);
}

/// A viewer whose system has said that it is gone.
struct Reset(DuplexStream);

impl AsyncRead for Reset {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
    }
}

impl AsyncWrite for Reset {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_viewer_that_is_reset() {
    let (_viewer, near) = duplex(64);
    let (far, mut console) = duplex(64);
    let (means, _) = means(None);
    let began = Instant::now();
    assert_eq!(to_the_end(Reset(near), far, &means).await.end, BridgeEnd::ViewerLeft);
    assert_eq!(began.elapsed(), Duration::ZERO);
    let mut last = [0; 8];
    console.read_exact(&mut last).await.unwrap();
    assert_eq!(last[..2], [0x88, 0x82], "a Close frame, masked");
}

#[tokio::test(start_paused = true)]
async fn a_console_that_takes_nothing_is_gone_after_a_while() {
    let (mut viewer, mut console, carried) = bare(64, 64);
    let began = Instant::now();
    let talking = tokio::spawn(async move {
        while viewer.write_all(&[7; 64]).await.is_ok() {}
        viewer
    });
    // One that takes little, and seldom, is there.
    for _ in 0..100 {
        sleep(STALL * 2 / 3).await;
        console.read_exact(&mut [0; 64]).await.unwrap();
    }
    assert!(!carried.is_finished());
    let stands_still = Instant::now();
    let end = carried.await.unwrap().end;
    assert_eq!(end, BridgeEnd::Vanished(Some("it has taken nothing for 30 s".to_owned())));
    assert!((STALL..=STALL + QUIET).contains(&stands_still.elapsed()), "{:?}", stands_still.elapsed());
    assert!(began.elapsed() > STALL * 60);
    talking.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_has_left_a_console_that_takes_nothing_has_left() {
    let (mut viewer, _console, carried) = bare(4096, 64);
    viewer.write_all(&[7; 4096]).await.unwrap();
    drop(viewer);
    let began = Instant::now();
    assert_eq!(carried.await.unwrap().end, BridgeEnd::ViewerLeft);
    assert!((STALL..=STALL + QUIET).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_is_gone_is_noticed_when_the_console_takes_nothing_but_speaks() {
    let (mut viewer, mut console, carried) = bare(64, 64);
    viewer.write_all(&[7; 64]).await.unwrap();
    viewer.write_all(&[7; 64]).await.unwrap();
    drop(viewer);
    let began = Instant::now();
    console.write_all(&[0x82, 1, b'x']).await.unwrap();
    assert_eq!(carried.await.unwrap().end, BridgeEnd::ViewerLeft);
    assert!(began.elapsed() <= QUIET, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_ping_before_the_close_does_not_make_it_the_viewers_end() {
    let (mut viewer, mut console, carried) = bare(64, 4096);
    let last = numbers(1000);
    console.write_all(&[&[0x82, 126, 3, 0xE8][..], &last, &[0x89, 0], &CLOSE].concat()).await.unwrap();
    // The ping is answered while the viewer takes nothing.
    let mut pong = [0; 6];
    console.read_exact(&mut pong).await.unwrap();
    assert_eq!(pong[..2], [0x8A, 0x80]);
    let mut got = Vec::new();
    viewer.read_to_end(&mut got).await.unwrap();
    assert_eq!(got, last);
    assert_eq!(carried.await.unwrap().end, closed());
    let mut answer = [0; 8];
    console.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer[..2], [0x88, 0x82]);
}

#[tokio::test]
async fn what_a_console_says_before_it_takes_the_last_word_arrives() {
    let (mut viewer, mut console, carried) = session(None).await;
    viewer.write_all(&[7; 64]).await.unwrap();
    viewer.shutdown().await.unwrap();
    let serving = async {
        // All of it before it reads: the Close frame does not fit in yet.
        console.feed(Message::Binary(Bytes::from(numbers(5000)))).await.unwrap();
        say(&mut console, b"!").await;
        assert_eq!(heard(&mut console, 64).await, [7; 64]);
        assert_eq!(console.next().await.unwrap().unwrap(), close(1000, ""));
    };
    let mut got = Vec::new();
    let (read, ()) = tokio::join!(viewer.read_to_end(&mut got), serving);
    read.unwrap();
    assert_eq!(got.len(), 5001);
    assert_eq!(carried.await.unwrap().end, BridgeEnd::ViewerLeft);
}
