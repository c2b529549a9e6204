use bytes::Bytes;
use futures_util::{FutureExt as _, SinkExt, StreamExt};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role};

use super::*;
use crate::relay::drain;
use crate::rfb::observer::KEEPALIVE_LENGTH;

/// The console's end, in another implementation.
pub(crate) type Console = WebSocketStream<DuplexStream>;

fn chance(bytes: &mut [u8]) {
    bytes.iter_mut().zip(1..).for_each(|(byte, index)| *byte = index);
}

pub(crate) fn means(keepalive: Option<Keepalive>) -> (BridgeContext, Arc<Mutex<Vec<DesyncReason>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let lost = {
        let heard = heard.clone();
        Arc::new(move |lost| heard.lock().unwrap().push(lost))
    };
    (BridgeContext { clock: Clock::system(), chance, pool: BufferPool::default(), keepalive, lost }, heard)
}

/// Carries a session, and leaves its viewer.
pub(crate) async fn to_the_end<V>(mut viewer: V, far: DuplexStream, means: &BridgeContext) -> BridgeOutcome
where
    V: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let outcome = bridge(&mut viewer, far, means).await;
    tokio::spawn(drain(viewer));
    outcome
}

/// A viewer, a console, and a session between them, all through a few bytes.
pub(crate) async fn session(keepalive: Option<Keepalive>) -> (DuplexStream, Console, JoinHandle<BridgeOutcome>) {
    let (viewer, near) = duplex(64);
    let (far, console) = duplex(64);
    let (means, _) = means(keepalive);
    let carried = tokio::spawn(async move { to_the_end(near, far, &means).await });
    (viewer, WebSocketStream::from_raw_socket(console, Role::Server, None).await, carried)
}

pub(crate) async fn heard(console: &mut Console, length: usize) -> Vec<u8> {
    let mut heard = Vec::new();
    while heard.len() < length {
        match console.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => heard.extend(bytes),
            other => panic!("{other:?}"),
        }
    }
    heard
}

pub(crate) fn numbers(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n % 251) as u8).collect()
}

pub(crate) async fn say(console: &mut Console, bytes: &[u8]) {
    for piece in bytes.chunks(997) {
        console.send(Message::Binary(Bytes::copy_from_slice(piece))).await.unwrap();
    }
    console.send(Message::Binary(Bytes::new())).await.unwrap();
}

pub(crate) fn close(code: u16, reason: &str) -> Message {
    Message::Close(Some(CloseFrame { code: code.into(), reason: reason.to_owned().into() }))
}

#[tokio::test]
async fn one_direction_does_not_wait_for_the_other() {
    let (viewer, mut console, carried) = session(None).await;
    let (mut from, mut to) = tokio::io::split(viewer);
    let numbers_up = numbers(100_000);
    let talking = async {
        to.write_all(&numbers_up).await.unwrap();
        to.shutdown().await.unwrap();
    };
    let listening = async {
        let mut heard = Vec::new();
        from.read_to_end(&mut heard).await.unwrap();
        heard
    };
    let serving = async {
        // Nothing is taken before all is said, so the way up stands still meanwhile.
        say(&mut console, &numbers(200_000)).await;
        let up = heard(&mut console, numbers_up.len()).await;
        let ended = console.next().await.unwrap().unwrap();
        assert!(console.next().await.is_none(), "tungstenite answers the Close, and is done");
        (up, ended)
    };
    let ((), down, (up, ended)) = tokio::join!(talking, listening, serving);
    assert_eq!((down, up), (numbers(200_000), numbers(100_000)));
    assert_eq!(ended, close(1000, ""));
    assert_eq!(carried.await.unwrap().end, BridgeEnd::ViewerLeft);
}

#[tokio::test]
async fn a_viewer_that_has_said_its_last_still_hears_the_last() {
    let (mut viewer, mut console, carried) = session(None).await;
    viewer.write_all(b"?").await.unwrap();
    viewer.shutdown().await.unwrap();
    let serving = async {
        assert_eq!(heard(&mut console, 1).await, b"?");
        say(&mut console, &numbers(100_000)).await;
        assert_eq!(console.next().await.unwrap().unwrap(), close(1000, ""));
        assert!(console.next().await.is_none());
    };
    let mut down = Vec::new();
    let (read, ()) = tokio::join!(viewer.read_to_end(&mut down), serving);
    assert_eq!((read.unwrap(), down), (100_000, numbers(100_000)));
    assert_eq!(carried.await.unwrap().end, BridgeEnd::ViewerLeft);
}

#[tokio::test]
async fn the_last_words_of_the_console_arrive_before_its_end() {
    let (mut viewer, mut console, carried) = session(None).await;
    let serving = async {
        say(&mut console, &numbers(10_000)).await;
        console.send(close(4321, "bye")).await.unwrap();
        // Its own code comes back.
        assert_eq!(console.next().await.unwrap().unwrap(), close(4321, ""));
        assert!(console.next().await.is_none());
    };
    let mut down = Vec::new();
    let (read, ()) = tokio::join!(viewer.read_to_end(&mut down), serving);
    assert_eq!((read.unwrap(), down), (10_000, numbers(10_000)));
    let end = carried.await.unwrap().end;
    assert_eq!(end, BridgeEnd::Closed(Close { code: Some(4321), reason: "bye".to_owned() }));
}

#[tokio::test]
async fn pings_are_answered_and_not_passed_on() {
    let (mut viewer, mut console, _carried) = session(None).await;
    for payload in [&b""[..], b"idle", &[7; 125]] {
        console.send(Message::Ping(Bytes::copy_from_slice(payload))).await.unwrap();
        assert_eq!(console.next().await.unwrap().unwrap(), Message::Pong(Bytes::copy_from_slice(payload)));
    }
    viewer.write_all(b"a").await.unwrap();
    assert_eq!(heard(&mut console, 1).await, b"a");
    say(&mut console, b"b").await;
    assert_eq!(viewer.read_u8().await.unwrap(), b'b');
}

#[tokio::test]
async fn a_viewer_that_is_gone_closes_the_console() {
    for says in [false, true] {
        let (viewer, mut console, carried) = session(None).await;
        drop(viewer);
        if says {
            // Nobody takes this.
            console.send(Message::Binary(Bytes::from_static(b"x"))).await.unwrap();
        }
        assert!(matches!(console.next().await.unwrap().unwrap(), Message::Close(_)));
        drop(console);
        let outcome = carried.await.unwrap();
        assert_eq!((outcome.end, outcome.has_begun), (BridgeEnd::ViewerLeft, false));
    }
}

/// A session whose console says these bytes, as they are, and is gone.
async fn after(wire: &[u8]) -> (Vec<u8>, BridgeEnd) {
    let (mut viewer, near) = duplex(64);
    let (far, mut console) = duplex(64);
    let (means, _) = means(None);
    let carried = tokio::spawn(async move { to_the_end(near, far, &means).await });
    console.write_all(wire).await.unwrap();
    drop(console);
    let mut down = Vec::new();
    viewer.read_to_end(&mut down).await.unwrap();
    (down, carried.await.unwrap().end)
}

#[tokio::test]
async fn faults_of_the_console() {
    let hello = [0x82, 2, b'h', b'i'];
    let with = |rest: &[u8]| [&hello, rest].concat();
    for (wire, end) in [
        (with(&[]), BridgeEnd::Vanished(None)),
        // Half a frame.
        (with(&[0x82, 0x7E]), BridgeEnd::Vanished(None)),
        (with(&[0x81, 1, b'x']), BridgeEnd::Broken(FrameError::Text)),
        (with(&[0x82, 0x7F, 0xFF, 0, 0, 0, 0, 0, 0, 0]), BridgeEnd::Broken(FrameError::TooLong(0xFF << 56))),
        (with(&[0x88, 2, 3, 0xE8]), BridgeEnd::Closed(Close { code: Some(1000), reason: String::new() })),
    ] {
        assert_eq!(after(&wire).await, (b"hi".to_vec(), end), "{wire:x?}");
    }
    // A frame that says it is longer than what comes of it: that is passed on.
    assert_eq!(after(&with(&[0x82, 9, b'!'])).await, (b"hi!".to_vec(), BridgeEnd::Vanished(None)));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_take_the_bytes_stops_who_sends_them() {
    let (mut viewer, mut console, _carried) = session(None).await;
    let mut sent = 0;
    while let Ok(done) = timeout(Duration::from_secs(1), console.send(Message::Binary(vec![7; 1000].into()))).await {
        done.unwrap();
        sent += 1000;
    }
    assert!(sent <= 4 * crate::relay::buffer_pool::PIECE, "{sent} bytes were taken for nobody");
    let mut sent = 0;
    while timeout(Duration::from_secs(1), viewer.write_all(&[7; 1000])).await.is_ok() {
        sent += 1000;
    }
    assert!(sent <= 4 * crate::relay::buffer_pool::PIECE, "{sent} bytes were taken for nobody");
}

const EVERY: Duration = Duration::from_secs(45);
const UNTIL: Duration = Duration::from_secs(200);
const KEEPALIVE: Option<Keepalive> = Some(Keepalive { every: EVERY, until: UNTIL });

/// RFC 6143, sections 7.1 to 7.3: security None, 0x0280 x 0x01E0. What the viewer says, and the server.
async fn greet(viewer: &mut DuplexStream, console: &mut Console) {
    let init = [&[2, 0x80, 1, 0xE0][..], &[0; 16], &[0, 0, 0, 1, b'i']].concat();
    for (server, client) in
        [(&b"RFB 003.008\n"[..], &b"RFB 003.008\n"[..]), (&[1, 1], &[1]), (&[0, 0, 0, 0], &[1]), (&init, &[])]
    {
        say(console, server).await;
        let mut hears = vec![0; server.len()];
        viewer.read_exact(&mut hears).await.unwrap();
        viewer.write_all(client).await.unwrap();
        heard(console, client.len()).await;
    }
}

const REQUEST: [u8; KEEPALIVE_LENGTH] = [3, 1, 0, 0, 0, 0, 0x02, 0x80, 0x01, 0xE0];

#[tokio::test(start_paused = true)]
async fn a_silent_viewer_is_spoken_for_until_the_bound() {
    let (mut viewer, mut console, carried) = session(KEEPALIVE).await;
    greet(&mut viewer, &mut console).await;
    let begin = Instant::now();
    for count in 1..=4 {
        assert_eq!(heard(&mut console, KEEPALIVE_LENGTH).await, REQUEST);
        assert_eq!(begin.elapsed().as_secs(), count * EVERY.as_secs());
    }
    assert!(timeout(Duration::from_secs(10_000), console.next()).await.is_err(), "beyond the bound");
    console.send(close(1000, "")).await.unwrap();
    _ = console.next().await;
    let outcome = carried.await.unwrap();
    assert!(outcome.has_begun);
    assert_eq!((outcome.lasted.as_secs(), outcome.idle.as_secs()), (10_180, 10_000));
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_speaks_is_not_spoken_for() {
    let (mut viewer, mut console, _carried) = session(KEEPALIVE).await;
    greet(&mut viewer, &mut console).await;
    let key = [4, 1, 0, 0, 0, 0, 0, 97];
    for _ in 0..3 {
        sleep(EVERY - Duration::from_secs(1)).await;
        viewer.write_all(&key).await.unwrap();
        assert_eq!(heard(&mut console, key.len()).await, key);
    }
    assert_eq!(heard(&mut console, KEEPALIVE_LENGTH).await, REQUEST);
}

#[tokio::test(start_paused = true)]
async fn off_is_off_and_a_greeting_has_none() {
    let (mut viewer, mut console, _carried) = session(None).await;
    greet(&mut viewer, &mut console).await;
    assert!(timeout(Duration::from_secs(100_000), console.next()).await.is_err());
    let (_viewer, mut console, _carried) = session(KEEPALIVE).await;
    assert!(timeout(Duration::from_secs(100_000), console.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_message_in_two_halves_is_not_torn() {
    let (mut viewer, mut console, _carried) = session(KEEPALIVE).await;
    greet(&mut viewer, &mut console).await;
    let paste = [&[6, 0, 0, 0, 0, 0, 0, 100][..], &[b'x'; 100]].concat();
    let format = [&[0; 4][..], &[32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]].concat();
    for message in [&paste[..], &format, &[4, 1, 0, 0, 0, 0, 0, 97], &[5, 1, 0, 1, 0, 2], &REQUEST] {
        let (first, second) = message.split_at(message.len() / 2);
        viewer.write_all(first).await.unwrap();
        assert_eq!(heard(&mut console, first.len()).await, first);
        let silence = EVERY + Duration::from_millis(500);
        assert!(timeout(silence, console.next()).await.is_err(), "something was put into {message:?}");
        viewer.write_all(second).await.unwrap();
        assert_eq!(heard(&mut console, second.len()).await, second);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_understood_passes_and_is_told_once() {
    let (mut viewer, near) = duplex(64);
    let (far, console) = duplex(64);
    let (means, lost) = means(KEEPALIVE);
    let _carried = tokio::spawn(async move { to_the_end(near, far, &means).await });
    let mut console = WebSocketStream::from_raw_socket(console, Role::Server, None).await;
    greet(&mut viewer, &mut console).await;
    for _ in 0..2 {
        viewer.write_all(&[199, 1, 2, 3]).await.unwrap();
        assert_eq!(heard(&mut console, 4).await, [199, 1, 2, 3]);
        assert!(timeout(Duration::from_secs(1000), console.next()).await.is_err());
    }
    assert_eq!(*lost.lock().unwrap(), [DesyncReason::UnknownMessage(199)]);
}

#[tokio::test]
async fn an_idle_session_holds_no_buffer() {
    let pool = BufferPool::default();
    let (mut near, mut far) = duplex(64);
    let mut reading = Box::pin(async { pool.read(&mut near).await.unwrap().bytes().to_vec() });
    assert!((&mut reading).now_or_never().is_none());
    assert_eq!(pool.kept(), 1, "it was given back");
    far.write_all(b"x").await.unwrap();
    assert_eq!(reading.await, b"x");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever the frames and the pieces, the bytes are the same.
    #[test]
    fn the_stream_is_the_same(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..20),
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 1..20),
        space in 1usize..400,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (viewer, near) = duplex(space);
            let (far, console) = duplex(space);
            let (means, _) = means(None);
            let (mut from, mut to) = tokio::io::split(viewer);
            let console = WebSocketStream::from_raw_socket(console, Role::Server, None).await;
            let (mut says, mut hears) = console.split();
            let (outcome, (), down, up) = tokio::join!(
                to_the_end(near, far, &means),
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
