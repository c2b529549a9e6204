use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{FutureExt as _, SinkExt, StreamExt};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role};

use super::*;
use crate::relay::{BufferPool, Keepalive, drain};
use crate::rfb::DesyncReason;
use crate::rfb::observer::KEEPALIVE_LENGTH;
use crate::system::clock::Clock;

/// The console's side, by another WebSocket implementation.
pub(crate) type Console = WebSocketStream<DuplexStream>;

fn fill_random(bytes: &mut [u8]) {
    bytes.iter_mut().zip(1..).for_each(|(byte, index)| *byte = index);
}

pub(crate) fn context(keepalive: Option<Keepalive>) -> (BridgeContext, Arc<Mutex<Vec<DesyncReason>>>) {
    let reasons = Arc::new(Mutex::new(Vec::new()));
    let on_desync = {
        let reasons = reasons.clone();
        Arc::new(move |reason| reasons.lock().unwrap().push(reason))
    };
    (BridgeContext { clock: Clock::system(), fill_random, pool: BufferPool::default(), keepalive, on_desync }, reasons)
}

/// Runs a session and drains its viewer.
pub(crate) async fn bridge_and_drain<V>(
    mut viewer: V,
    console_side: DuplexStream,
    context: &BridgeContext,
) -> BridgeOutcome
where
    V: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let outcome = bridge(&mut viewer, console_side, context).await;
    tokio::spawn(drain(viewer));
    outcome
}

/// A session between a viewer and a console, over small buffers.
pub(crate) async fn session(keepalive: Option<Keepalive>) -> (DuplexStream, Console, JoinHandle<BridgeOutcome>) {
    let (viewer, viewer_side) = duplex(64);
    let (console_side, console) = duplex(64);
    let (context, _) = context(keepalive);
    let bridging = tokio::spawn(async move { bridge_and_drain(viewer_side, console_side, &context).await });
    (viewer, WebSocketStream::from_raw_socket(console, Role::Server, None).await, bridging)
}

pub(crate) async fn receive(console: &mut Console, length: usize) -> Vec<u8> {
    let mut received = Vec::new();
    while received.len() < length {
        match console.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => received.extend(bytes),
            other => panic!("{other:?}"),
        }
    }
    received
}

pub(crate) fn numbers(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n % 251) as u8).collect()
}

pub(crate) async fn send(console: &mut Console, bytes: &[u8]) {
    for piece in bytes.chunks(997) {
        console.send(Message::Binary(Bytes::copy_from_slice(piece))).await.unwrap();
    }
    console.send(Message::Binary(Bytes::new())).await.unwrap();
}

pub(crate) fn close(code: u16, reason: &str) -> Message {
    Message::Close(Some(CloseFrame { code: code.into(), reason: reason.to_owned().into() }))
}

#[tokio::test]
async fn the_directions_are_independent() {
    let (viewer, mut console, bridging) = session(None).await;
    let (mut from, mut to) = tokio::io::split(viewer);
    let numbers_up = numbers(100_000);
    let talking = async {
        to.write_all(&numbers_up).await.unwrap();
        to.shutdown().await.unwrap();
    };
    let listening = async {
        let mut received = Vec::new();
        from.read_to_end(&mut received).await.unwrap();
        received
    };
    let serving = async {
        // The console reads nothing before it has sent everything, so upstream is blocked meanwhile.
        send(&mut console, &numbers(200_000)).await;
        let up = receive(&mut console, numbers_up.len()).await;
        let ended = console.next().await.unwrap().unwrap();
        assert!(console.next().await.is_none(), "tungstenite answers the Close, and is done");
        (up, ended)
    };
    let ((), down, (up, ended)) = tokio::join!(talking, listening, serving);
    assert_eq!((down, up), (numbers(200_000), numbers(100_000)));
    assert_eq!(ended, close(1000, ""));
    assert_eq!(bridging.await.unwrap().end, BridgeEnd::ViewerLeft);
}

#[tokio::test]
async fn a_half_closed_viewer_still_gets_the_last_bytes() {
    let (mut viewer, mut console, bridging) = session(None).await;
    viewer.write_all(b"?").await.unwrap();
    viewer.shutdown().await.unwrap();
    let serving = async {
        assert_eq!(receive(&mut console, 1).await, b"?");
        send(&mut console, &numbers(100_000)).await;
        assert_eq!(console.next().await.unwrap().unwrap(), close(1000, ""));
        assert!(console.next().await.is_none());
    };
    let mut down = Vec::new();
    let (read, ()) = tokio::join!(viewer.read_to_end(&mut down), serving);
    assert_eq!((read.unwrap(), down), (100_000, numbers(100_000)));
    assert_eq!(bridging.await.unwrap().end, BridgeEnd::ViewerLeft);
}

#[tokio::test]
async fn the_last_bytes_of_the_console_arrive_before_its_close() {
    let (mut viewer, mut console, bridging) = session(None).await;
    let serving = async {
        send(&mut console, &numbers(10_000)).await;
        console.send(close(4321, "bye")).await.unwrap();
        // Answered with the same code.
        assert_eq!(console.next().await.unwrap().unwrap(), close(4321, ""));
        assert!(console.next().await.is_none());
    };
    let mut down = Vec::new();
    let (read, ()) = tokio::join!(viewer.read_to_end(&mut down), serving);
    assert_eq!((read.unwrap(), down), (10_000, numbers(10_000)));
    let end = bridging.await.unwrap().end;
    assert_eq!(end, BridgeEnd::Closed(Close { code: Some(4321), reason: "bye".to_owned() }));
}

#[tokio::test]
async fn pings_are_answered_and_not_forwarded() {
    let (mut viewer, mut console, _bridging) = session(None).await;
    for payload in [&b""[..], b"idle", &[7; 125]] {
        console.send(Message::Ping(Bytes::copy_from_slice(payload))).await.unwrap();
        assert_eq!(console.next().await.unwrap().unwrap(), Message::Pong(Bytes::copy_from_slice(payload)));
    }
    viewer.write_all(b"a").await.unwrap();
    assert_eq!(receive(&mut console, 1).await, b"a");
    send(&mut console, b"b").await;
    assert_eq!(viewer.read_u8().await.unwrap(), b'b');
}

#[tokio::test]
async fn a_closed_viewer_closes_the_console() {
    for sends in [false, true] {
        let (viewer, mut console, bridging) = session(None).await;
        drop(viewer);
        if sends {
            // The viewer cannot read this any more.
            console.send(Message::Binary(Bytes::from_static(b"x"))).await.unwrap();
        }
        assert!(matches!(console.next().await.unwrap().unwrap(), Message::Close(_)));
        drop(console);
        let outcome = bridging.await.unwrap();
        assert_eq!((outcome.end, outcome.has_shown_desktop), (BridgeEnd::ViewerLeft, false));
    }
}

/// A session whose console sends these bytes, which are not framed here, and closes.
async fn after(wire: &[u8]) -> (Vec<u8>, BridgeEnd) {
    let (mut viewer, viewer_side) = duplex(64);
    let (console_side, mut console) = duplex(64);
    let (context, _) = context(None);
    let bridging = tokio::spawn(async move { bridge_and_drain(viewer_side, console_side, &context).await });
    console.write_all(wire).await.unwrap();
    drop(console);
    let mut down = Vec::new();
    viewer.read_to_end(&mut down).await.unwrap();
    (down, bridging.await.unwrap().end)
}

#[tokio::test]
async fn protocol_errors_and_lost_connections_are_reported() {
    let hello = [0x82, 2, b'h', b'i'];
    let with = |rest: &[u8]| [&hello, rest].concat();
    for (wire, end) in [
        (with(&[]), BridgeEnd::ConnectionLost(None)),
        // Part of a frame header.
        (with(&[0x82, 0x7E]), BridgeEnd::ConnectionLost(None)),
        (with(&[0x81, 1, b'x']), BridgeEnd::ProtocolError(FrameError::Text)),
        (with(&[0x82, 0x7F, 0xFF, 0, 0, 0, 0, 0, 0, 0]), BridgeEnd::ProtocolError(FrameError::TooLong(0xFF << 56))),
        (with(&[0x88, 2, 3, 0xE8]), BridgeEnd::Closed(Close { code: Some(1000), reason: String::new() })),
    ] {
        assert_eq!(after(&wire).await, (b"hi".to_vec(), end), "{wire:x?}");
    }
    // The payload of an incomplete frame is forwarded.
    assert_eq!(after(&with(&[0x82, 9, b'!'])).await, (b"hi!".to_vec(), BridgeEnd::ConnectionLost(None)));
}

#[tokio::test(start_paused = true)]
async fn each_direction_has_back_pressure() {
    let (mut viewer, mut console, _bridging) = session(None).await;
    let mut sent = 0;
    while let Ok(done) = timeout(Duration::from_secs(1), console.send(Message::Binary(vec![7; 1000].into()))).await {
        done.unwrap();
        sent += 1000;
    }
    assert!(sent <= 4 * crate::relay::buffer_pool::MAX_READ_LEN, "{sent} bytes were buffered");
    let mut sent = 0;
    while timeout(Duration::from_secs(1), viewer.write_all(&[7; 1000])).await.is_ok() {
        sent += 1000;
    }
    assert!(sent <= 4 * crate::relay::buffer_pool::MAX_READ_LEN, "{sent} bytes were buffered");
}

const INTERVAL: Duration = Duration::from_secs(45);
const UNTIL: Duration = Duration::from_secs(200);
const KEEPALIVE: Option<Keepalive> = Some(Keepalive { interval: INTERVAL, until: UNTIL });

/// RFC 6143, sections 7.1 to 7.3: security None, 0x0280 x 0x01E0. Messages of the server and of the viewer.
async fn handshake(viewer: &mut DuplexStream, console: &mut Console) {
    let init = [&[2, 0x80, 1, 0xE0][..], &[0; 16], &[0, 0, 0, 1, b'i']].concat();
    for (server, client) in
        [(&b"RFB 003.008\n"[..], &b"RFB 003.008\n"[..]), (&[1, 1], &[1]), (&[0, 0, 0, 0], &[1]), (&init, &[])]
    {
        send(console, server).await;
        let mut received = vec![0; server.len()];
        viewer.read_exact(&mut received).await.unwrap();
        viewer.write_all(client).await.unwrap();
        receive(console, client.len()).await;
    }
}

const REQUEST: [u8; KEEPALIVE_LENGTH] = [3, 1, 0, 0, 0, 0, 0x02, 0x80, 0x01, 0xE0];

#[tokio::test(start_paused = true)]
async fn keepalives_are_sent_for_a_silent_viewer_until_the_limit() {
    let (mut viewer, mut console, bridging) = session(KEEPALIVE).await;
    handshake(&mut viewer, &mut console).await;
    let begin = Instant::now();
    for count in 1..=4 {
        assert_eq!(receive(&mut console, KEEPALIVE_LENGTH).await, REQUEST);
        assert_eq!(begin.elapsed().as_secs(), count * INTERVAL.as_secs());
    }
    assert!(timeout(Duration::from_secs(10_000), console.next()).await.is_err(), "beyond the limit");
    console.send(close(1000, "")).await.unwrap();
    _ = console.next().await;
    let outcome = bridging.await.unwrap();
    assert!(outcome.has_shown_desktop);
    assert_eq!((outcome.duration.as_secs(), outcome.idle.as_secs()), (10_180, 10_000));
}

#[tokio::test(start_paused = true)]
async fn no_keepalive_is_sent_for_an_active_viewer() {
    let (mut viewer, mut console, _bridging) = session(KEEPALIVE).await;
    handshake(&mut viewer, &mut console).await;
    let key = [4, 1, 0, 0, 0, 0, 0, 97];
    for _ in 0..3 {
        sleep(INTERVAL - Duration::from_secs(1)).await;
        viewer.write_all(&key).await.unwrap();
        assert_eq!(receive(&mut console, key.len()).await, key);
    }
    assert_eq!(receive(&mut console, KEEPALIVE_LENGTH).await, REQUEST);
}

#[tokio::test(start_paused = true)]
async fn no_keepalive_is_sent_when_off_or_during_the_handshake() {
    let (mut viewer, mut console, _bridging) = session(None).await;
    handshake(&mut viewer, &mut console).await;
    assert!(timeout(Duration::from_secs(100_000), console.next()).await.is_err());
    let (_viewer, mut console, _bridging) = session(KEEPALIVE).await;
    assert!(timeout(Duration::from_secs(100_000), console.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn no_keepalive_is_inserted_into_a_message() {
    let (mut viewer, mut console, _bridging) = session(KEEPALIVE).await;
    handshake(&mut viewer, &mut console).await;
    let paste = [&[6, 0, 0, 0, 0, 0, 0, 100][..], &[b'x'; 100]].concat();
    let format = [&[0; 4][..], &[32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]].concat();
    for message in [&paste[..], &format, &[4, 1, 0, 0, 0, 0, 0, 97], &[5, 1, 0, 1, 0, 2], &REQUEST] {
        let (first, second) = message.split_at(message.len() / 2);
        viewer.write_all(first).await.unwrap();
        assert_eq!(receive(&mut console, first.len()).await, first);
        let silence = INTERVAL + Duration::from_millis(500);
        assert!(timeout(silence, console.next()).await.is_err(), "something was inserted into {message:?}");
        viewer.write_all(second).await.unwrap();
        assert_eq!(receive(&mut console, second.len()).await, second);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_message_is_forwarded_and_reported_once() {
    let (mut viewer, viewer_side) = duplex(64);
    let (console_side, console) = duplex(64);
    let (context, reasons) = context(KEEPALIVE);
    let _bridging = tokio::spawn(async move { bridge_and_drain(viewer_side, console_side, &context).await });
    let mut console = WebSocketStream::from_raw_socket(console, Role::Server, None).await;
    handshake(&mut viewer, &mut console).await;
    for _ in 0..2 {
        viewer.write_all(&[199, 1, 2, 3]).await.unwrap();
        assert_eq!(receive(&mut console, 4).await, [199, 1, 2, 3]);
        assert!(timeout(Duration::from_secs(1000), console.next()).await.is_err());
    }
    assert_eq!(*reasons.lock().unwrap(), [DesyncReason::UnknownMessage(199)]);
}

#[tokio::test]
async fn an_idle_session_holds_no_buffer() {
    let pool = BufferPool::default();
    let (mut viewer_side, mut console_side) = duplex(64);
    let mut reading = Box::pin(async { pool.read(&mut viewer_side).await.unwrap().bytes().to_vec() });
    assert!((&mut reading).now_or_never().is_none());
    assert_eq!(pool.unused_count(), 1, "it was given back");
    console_side.write_all(b"x").await.unwrap();
    assert_eq!(reading.await, b"x");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_bytes_do_not_depend_on_the_frames(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..20),
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 1..20),
        space in 1usize..400,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (viewer, viewer_side) = duplex(space);
            let (console_side, console) = duplex(space);
            let (context, _) = context(None);
            let (mut from, mut to) = tokio::io::split(viewer);
            let console = WebSocketStream::from_raw_socket(console, Role::Server, None).await;
            let (mut says, mut hears) = console.split();
            let (outcome, (), down, up) = tokio::join!(
                bridge_and_drain(viewer_side, console_side, &context),
                async {
                    for piece in &pieces {
                        to.write_all(piece).await.unwrap();
                    }
                },
                async {
                    let mut down = vec![0; frames.concat().len()];
                    from.read_exact(&mut down).await.unwrap();
                    down
                },
                async {
                    let mut up = Vec::new();
                    for frame in &frames {
                        says.feed(Message::Binary(frame.clone().into())).await.unwrap();
                    }
                    says.flush().await.unwrap();
                    while up.len() < pieces.concat().len() {
                        up.extend(hears.next().await.unwrap().unwrap().into_data());
                    }
                    says.send(Message::Close(Some(CloseFrame { code: CloseCode::Away, reason: "".into() }))).await.unwrap();
                    while hears.next().await.is_some() {}
                    up
                },
            );
            assert_eq!((down, up), (frames.concat(), pieces.concat()));
            assert!(matches!(outcome.end, BridgeEnd::Closed(_)));
        });
    }
}
