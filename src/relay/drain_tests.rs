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
use crate::relay::bridge::tests::{bridge_and_drain, close, context, numbers, receive, send, session};
use crate::relay::{BridgeEnd, bridge};
use crate::websocket::frame::Close;

/// A session whose console side is the byte stream below the WebSocket, over buffers of these lengths.
fn unframed_session(viewer_len: usize, console_len: usize) -> (DuplexStream, DuplexStream, JoinHandle<BridgeOutcome>) {
    let (viewer, viewer_side) = duplex(viewer_len);
    let (console_side, console) = duplex(console_len);
    let (context, _) = context(None);
    (viewer, console, tokio::spawn(async move { bridge_and_drain(viewer_side, console_side, &context).await }))
}

/// A Close frame with code 4321.
const CLOSE: [u8; 4] = [0x88, 2, 0x10, 0xE1];

fn closed() -> BridgeEnd {
    BridgeEnd::Closed(Close { code: Some(4321), reason: String::new() })
}

#[tokio::test]
async fn a_viewer_that_still_sends_gets_the_last_bytes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut viewer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (mut viewer_side, _) = listener.accept().await.unwrap();
    let (console_side, mut console) = duplex(1 << 20);
    // Less than the operating system buffers for a socket that is not read.
    let last = numbers(65_000);
    let frame = [&[0x82, 126][..], &(last.len() as u16).to_be_bytes(), &last, &CLOSE].concat();
    console.write_all(&frame).await.unwrap();
    let (context, _) = context(None);
    assert_eq!(bridge(&mut viewer_side, console_side, &context).await.end, closed());
    // The session has ended, so this is not forwarded.
    viewer.write_all(&[5, 0, 0, 1, 0, 1]).await.unwrap();
    viewer_side.readable().await.unwrap();
    let draining = tokio::spawn(drain(viewer_side));
    // The viewer keeps sending before it has read everything.
    let mut got = vec![0; 1000];
    viewer.read_exact(&mut got).await.unwrap();
    viewer.write_all(&[5, 0, 0, 1, 0, 1]).await.unwrap();
    viewer.read_to_end(&mut got).await.unwrap();
    assert_eq!(got, last);
    drop(viewer);
    draining.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn draining_is_limited_in_time_and_bytes() {
    let (mut viewer, viewer_side) = duplex(64);
    let draining = tokio::spawn(drain(viewer_side));
    assert_eq!(viewer.read(&mut [0]).await.unwrap(), 0, "its input ends at once");
    let began = Instant::now();
    draining.await.unwrap();
    assert_eq!(began.elapsed().as_secs(), STALL_TIMEOUT.as_secs());
    // Not everything that it sends is read.
    let (mut viewer, viewer_side) = duplex(1 << 20);
    let draining = tokio::spawn(drain(viewer_side));
    let mut sent = 0;
    while viewer.write_all(&[0; 1 << 20]).await.is_ok() {
        sent += 1 << 20;
    }
    assert!((MAX_DISCARDED_LEN..=MAX_DISCARDED_LEN + (2 << 20)).contains(&sent), "{sent}");
    draining.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_slow_console_is_forwarded_after_a_half_close() {
    let (mut viewer, mut console, bridging) = session(None).await;
    viewer.shutdown().await.unwrap();
    let serving = async {
        assert_eq!(console.next().await.unwrap().unwrap(), close(1000, ""));
        // RFC 6455, section 5.5.1: the console may finish what it is sending before it answers.
        let raw = console.get_mut();
        for byte in 0..60 {
            sleep(QUIET_TIME * 3 / 4).await;
            raw.write_all(&[0x82, 1, byte]).await.unwrap();
        }
        raw.write_all(&CLOSE).await.unwrap();
    };
    let mut down = Vec::new();
    let (read, ()) = tokio::join!(viewer.read_to_end(&mut down), serving);
    read.unwrap();
    assert_eq!(down, (0..60).collect::<Vec<u8>>());
    assert_eq!(bridging.await.unwrap().end, BridgeEnd::ViewerLeft);
}

#[tokio::test(start_paused = true)]
async fn after_a_half_close_a_slow_viewer_is_waited_for_but_a_stalled_one_is_not() {
    let (mut viewer, mut console, bridging) = unframed_session(64, 4096);
    viewer.shutdown().await.unwrap();
    console.write_all(&[0x82, 126, 2, 0x80]).await.unwrap();
    console.write_all(&numbers(640)).await.unwrap();
    let mut got = Vec::new();
    for _ in 0..5 {
        sleep(STALL_TIMEOUT * 2 / 3).await;
        let mut piece = [0; 64];
        viewer.read_exact(&mut piece).await.unwrap();
        got.extend(piece);
    }
    assert_eq!(got, numbers(320));
    let began = Instant::now();
    assert_eq!(bridging.await.unwrap().end, BridgeEnd::ViewerLeft);
    assert!((STALL_TIMEOUT..=STALL_TIMEOUT + 2 * QUIET_TIME).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_silent_console_is_not_waited_for_after_a_half_close() {
    let (viewer, console, bridging) = unframed_session(64, 64);
    let began = Instant::now();
    drop(viewer);
    assert_eq!(bridging.await.unwrap().end, BridgeEnd::ViewerLeft);
    assert_eq!(began.elapsed(), QUIET_TIME);
    drop(console);
}

/// A viewer whose system has sent that it is gone.
struct ResetViewer(DuplexStream);

impl AsyncRead for ResetViewer {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
    }
}

impl AsyncWrite for ResetViewer {
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
async fn a_reset_viewer_is_not_waited_for() {
    let (_viewer, viewer_side) = duplex(64);
    let (console_side, mut console) = duplex(64);
    let (context, _) = context(None);
    let began = Instant::now();
    assert_eq!(bridge_and_drain(ResetViewer(viewer_side), console_side, &context).await.end, BridgeEnd::ViewerLeft);
    assert_eq!(began.elapsed(), Duration::ZERO);
    let mut last = [0; 8];
    console.read_exact(&mut last).await.unwrap();
    assert_eq!(last[..2], [0x88, 0x82], "a Close frame, masked");
}

#[tokio::test(start_paused = true)]
async fn a_console_that_accepts_nothing_counts_as_lost() {
    // The viewer never stops: 64 MiB of it are discarded, which takes long in small pieces.
    let (mut viewer, mut console, bridging) = unframed_session(1 << 16, 64);
    let began = Instant::now();
    let sending = tokio::spawn(async move {
        while viewer.write_all(&[7; 1 << 16]).await.is_ok() {}
        viewer
    });
    // A console that accepts a little from time to time is not stalled.
    for _ in 0..100 {
        sleep(STALL_TIMEOUT * 2 / 3).await;
        console.read_exact(&mut [0; 64]).await.unwrap();
    }
    assert!(!bridging.is_finished());
    let stalled_since = Instant::now();
    let end = bridging.await.unwrap().end;
    assert_eq!(end, BridgeEnd::ConnectionLost(Some("the console accepted no data for 30 s".to_owned())));
    assert!(
        (STALL_TIMEOUT..=STALL_TIMEOUT + QUIET_TIME).contains(&stalled_since.elapsed()),
        "{:?}",
        stalled_since.elapsed()
    );
    assert!(began.elapsed() > STALL_TIMEOUT * 60);
    sending.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_leaves_a_stalled_console_is_no_lost_connection() {
    let (mut viewer, _console, bridging) = unframed_session(4096, 64);
    viewer.write_all(&[7; 4096]).await.unwrap();
    drop(viewer);
    let began = Instant::now();
    assert_eq!(bridging.await.unwrap().end, BridgeEnd::ViewerLeft);
    assert!((STALL_TIMEOUT..=STALL_TIMEOUT + QUIET_TIME).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_closed_viewer_is_noticed_when_a_stalled_console_sends() {
    let (mut viewer, mut console, bridging) = unframed_session(64, 64);
    viewer.write_all(&[7; 64]).await.unwrap();
    viewer.write_all(&[7; 64]).await.unwrap();
    drop(viewer);
    let began = Instant::now();
    console.write_all(&[0x82, 1, b'x']).await.unwrap();
    assert_eq!(bridging.await.unwrap().end, BridgeEnd::ViewerLeft);
    assert!(began.elapsed() <= QUIET_TIME, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_ping_before_the_close_is_answered() {
    let (mut viewer, mut console, bridging) = unframed_session(64, 4096);
    let last = numbers(1000);
    console.write_all(&[&[0x82, 126, 3, 0xE8][..], &last, &[0x89, 0], &CLOSE].concat()).await.unwrap();
    // The ping is answered although the viewer reads nothing.
    let mut pong = [0; 6];
    console.read_exact(&mut pong).await.unwrap();
    assert_eq!(pong[..2], [0x8A, 0x80]);
    let mut got = Vec::new();
    viewer.read_to_end(&mut got).await.unwrap();
    assert_eq!(got, last);
    assert_eq!(bridging.await.unwrap().end, closed());
    let mut answer = [0; 8];
    console.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer[..2], [0x88, 0x82]);
}

#[tokio::test]
async fn bytes_that_the_console_sends_before_it_reads_the_close_arrive() {
    let (mut viewer, mut console, bridging) = session(None).await;
    viewer.write_all(&[7; 64]).await.unwrap();
    viewer.shutdown().await.unwrap();
    let serving = async {
        // The console sends everything before it reads, so there is no room for the Close frame yet.
        console.feed(Message::Binary(Bytes::from(numbers(5000)))).await.unwrap();
        send(&mut console, b"!").await;
        assert_eq!(receive(&mut console, 64).await, [7; 64]);
        assert_eq!(console.next().await.unwrap().unwrap(), close(1000, ""));
    };
    let mut got = Vec::new();
    let (read, ()) = tokio::join!(viewer.read_to_end(&mut got), serving);
    read.unwrap();
    assert_eq!(got.len(), 5001);
    assert_eq!(bridging.await.unwrap().end, BridgeEnd::ViewerLeft);
}
