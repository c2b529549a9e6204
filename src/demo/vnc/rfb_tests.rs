use chrono::DateTime;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, DuplexStream, duplex};
use tokio::time::{Instant, sleep};

use super::*;
use crate::demo::display::linux::console::LinuxConsole;
use crate::demo::display::linux::machine::{Distribution, Machine};
use crate::demo::display::test_card::TestCard;
use crate::demo::display::{Display, Frame};

const NAME: &str = "i-1 (here)";
const LIMIT: Duration = Duration::from_secs(60);
/// RFC 6143, section 7.3.2: 1024 x 768, the format of section 7.4, and the name.
const SERVER_INIT: &[u8] = b"\x04\0\x03\0\x20\x18\0\x01\0\xff\0\xff\0\xff\x10\x08\0\0\0\0\0\0\0\x0ai-1 (here)";
/// What a connection holds on which whole pictures pass: a few bytes take minutes under Wine.
const PICTURE_ROOM: usize = 4096;
/// Version 3.8, None, shared.
const HELLO: &[u8] = b"RFB 003.008\n\x01\x01";
/// All that a 3.8 client hears up to its first message.
const WELCOME: usize = 12 + 2 + 4 + 24 + NAME.len();

/// Serves the test card, which changes by keys only.
async fn serve_card(stream: DuplexStream) -> Result<End, ServerError> {
    serve_display(stream, &SharedDisplay::new(Display::Windows(card()))).await
}

async fn serve_display(stream: DuplexStream, display: &SharedDisplay) -> Result<End, ServerError> {
    serve(stream, Console { name: NAME, display, clock: &Clock::of(|| DateTime::UNIX_EPOCH) }, LIMIT).await
}

fn card() -> TestCard {
    TestCard::new("i-1", "(here)")
}

/// Runs a client that says `said` and hangs up: how it ended, and what it heard. The stream holds 8 bytes.
async fn talk_to(said: &[u8]) -> (Result<End, ServerError>, Vec<u8>) {
    talk_through(8, said).await
}

/// The same through a connection that holds so many bytes.
async fn talk_through(room: usize, said: &[u8]) -> (Result<End, ServerError>, Vec<u8>) {
    let (near, far) = duplex(room);
    let (mut hear, mut say) = tokio::io::split(far);
    let mut heard = Vec::new();
    let client = async {
        let saying = async {
            // A server that has had enough closes: that is for the caller to judge.
            _ = say.write_all(said).await;
            _ = say.shutdown().await;
        };
        let hearing = async { hear.read_to_end(&mut heard).await.unwrap() };
        tokio::join!(saying, hearing)
    };
    let (end, _) = tokio::join!(serve_card(near), client);
    (end, heard)
}

/// Goes through the handshake of 3.8 step by step.
async fn greet(server: &mut DuplexStream) {
    server.read_exact(&mut [0; 12]).await.unwrap();
    server.write_all(b"RFB 003.008\n").await.unwrap();
    server.read_exact(&mut [0; 2]).await.unwrap();
    server.write_all(&[1]).await.unwrap();
    server.read_exact(&mut [0; 4]).await.unwrap();
    server.write_all(&[1]).await.unwrap();
    server.read_exact(&mut [0; SERVER_INIT.len()]).await.unwrap();
}

fn update_request(incremental: u8, area: [u16; 4]) -> Vec<u8> {
    let mut message = vec![3, incremental];
    message.extend(area.into_iter().flat_map(u16::to_be_bytes));
    message
}

const KEY_A: [u8; 8] = [4, 1, 0, 0, 0, 0, 0, 0x61];
const RGB565_BIG: [u8; 20] = [0, 0, 0, 0, 16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0];

#[tokio::test]
async fn each_version_has_its_own_handshake() {
    let cases: [(&[u8], &[u8]); 3] = [
        (b"RFB 003.003\n\x01", b"RFB 003.008\n\0\0\0\x01"),
        (b"RFB 003.007\n\x01\x00", b"RFB 003.008\n\x01\x01"),
        (b"RFB 003.008\n\x01\x01", b"RFB 003.008\n\x01\x01\0\0\0\0"),
    ];
    for (said, expected) in cases {
        let (end, heard) = talk_to(said).await;
        assert_eq!(end.unwrap(), End::ClientLeft);
        assert_eq!(heard.escape_ascii().to_string(), [expected, SERVER_INIT].concat().escape_ascii().to_string());
    }
}

#[tokio::test]
async fn what_was_not_offered_is_refused_in_the_versions_own_form() {
    let (end, heard) = talk_to(b"RFB 003.008\n\x02\x01").await;
    assert_eq!(end.unwrap_err().to_string(), "a client that chose security type 2, where only None (1) is offered");
    assert_eq!(heard, b"RFB 003.008\n\x01\x01\0\0\0\x01\0\0\0\x2aonly the security type None (1) is offered");
    let (end, heard) = talk_to(b"RFB 003.007\n\x02\x01").await;
    assert!(matches!(end, Err(ServerError::Security { chosen: 2, .. })), "{end:?}");
    assert_eq!(heard, b"RFB 003.008\n\x01\x01");
    let (end, heard) = talk_to(b"GET / HTTP/1.1\r\n").await;
    assert!(matches!(end, Err(ServerError::Version(_))), "{end:?}");
    assert_eq!(heard, b"RFB 003.008\n");
}

#[tokio::test]
async fn a_full_request_gets_its_area_raw_and_clipped() {
    // From the second bar into the third, and from inside the border to beyond the corner.
    let said = [HELLO, &update_request(0, [254, 1, 4, 1]), &update_request(0, [1022, 766, 9, 9])].concat();
    let (end, heard) = talk_to(&said).await;
    assert_eq!(end.unwrap(), End::ClientLeft);
    // RFC 6143, sections 7.6.1 and 7.7.1; the pixels are blue, green, red, nothing.
    let expected = b"\0\0\0\x01\0\xfe\0\x01\0\x04\0\x01\0\0\0\0\
        \0\xff\xff\0\0\xff\xff\0\xff\xff\0\0\xff\xff\0\0\
        \0\0\0\x01\x03\xfe\x02\xfe\0\x02\0\x02\0\0\0\0\
        \0\0\0\0\xff\xff\xff\0\xff\xff\xff\0\xff\xff\xff\0";
    assert_eq!(heard[WELCOME..].escape_ascii().to_string(), expected.escape_ascii().to_string());
}

#[tokio::test]
async fn the_whole_picture_in_a_client_s_own_format() {
    let said = [HELLO, &RGB565_BIG, &update_request(0, [0, 0, 1024, 768])].concat();
    let (_, heard) = talk_through(PICTURE_ROOM, &said).await;
    let pixels = &heard[WELCOME + 16..];
    assert_eq!(pixels.len(), 1024 * 768 * 2);
    // The sixth bar is red: 0xf800.
    assert_eq!(pixels[(100 * 1024 + 700) * 2..][..2], [0xf8, 0x00]);
}

#[tokio::test(start_paused = true)]
async fn an_incremental_request_is_answered_when_a_key_changes_the_picture() {
    let (near, mut far) = duplex(PICTURE_ROOM);
    let client = async move {
        greet(&mut far).await;
        far.write_all(&update_request(0, [0, 0, 1024, 768])).await.unwrap();
        far.read_exact(&mut vec![0; 16 + 1024 * 768 * 4]).await.unwrap();
        // The block's first pixel and its left neighbour.
        far.write_all(&[&update_request(1, [15, 284, 2, 1])[..], &[5, 0, 0, 1, 0, 1]].concat()).await.unwrap();
        assert!(timeout(LIMIT / 2, far.read_u8()).await.is_err(), "nothing has changed");
        far.write_all(&KEY_A).await.unwrap();
        let mut update = [0; 20];
        far.read_exact(&mut update).await.unwrap();
        assert_eq!(update[..16], *b"\0\0\0\x01\0\x10\x01\x1c\0\x01\0\x01\0\0\0\0");
        let mut typed = card();
        typed.press(Code::Keysym(0x61), true);
        let [red, green, blue] = typed.pixel(16, 284);
        assert_eq!(update[16..], [blue, green, red, 0]);
        assert_ne!(typed.pixel(16, 284), card().pixel(16, 284));
    };
    let (end, ()) = tokio::join!(serve_card(near), client);
    assert_eq!(end.unwrap(), End::ClientLeft);
}

#[tokio::test]
async fn who_offers_extended_keys_is_answered_and_types_by_scancode() {
    let (near, mut far) = duplex(8);
    let display = SharedDisplay::new(Display::Windows(card()));
    let client = async {
        greet(&mut far).await;
        // Raw and -258; QEMU's docs/interop: the answer is a rectangle of that encoding, without data.
        far.write_all(&[2, 0, 0, 2, 0, 0, 0, 0, 0xff, 0xff, 0xfe, 0xfe]).await.unwrap();
        let mut answer = [0; 16];
        far.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, *b"\0\0\0\x01\0\0\0\0\x04\0\x03\0\xff\xff\xfe\xfe");
        // Shift and the key of A; the keysym beside it is another's.
        for (down, scancode) in [(1, 0x2a), (1, 0x1e), (0, 0x1e), (0, 0x2a)] {
            far.write_all(&[255, 0, 0, down, 0, 0, 0, 0x7a, 0, 0, 0, scancode]).await.unwrap();
        }
        drop(far);
    };
    let (end, ()) = tokio::join!(serve_display(near, &display), client);
    assert_eq!(end.unwrap(), End::ClientLeft);
    let mut expected = card();
    for (code, is_down) in [(0x2a, true), (0x1e, true), (0x1e, false), (0x2a, false)] {
        expected.press(Code::Scancode(code), is_down);
    }
    assert!(display.frame(Instant::now()).rgb() == Frame::Card(Box::new(expected)).rgb());
}

/// Reads an update of one rectangle.
async fn update(server: &mut DuplexStream) -> Rectangle {
    let mut header = [0; 16];
    server.read_exact(&mut header).await.unwrap();
    let [_, _, _, count, x0, x1, y0, y1, w0, w1, h0, h1, ..] = header;
    let [x, y, width, height] = [[x0, x1], [y0, y1], [w0, w1], [h0, h1]].map(u16::from_be_bytes);
    assert_eq!(count, 1);
    server.read_exact(&mut vec![0; usize::from(width) * usize::from(height) * 4]).await.unwrap();
    Rectangle { x, y, width, height }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_sees_the_cursor_blink_and_no_other_does() {
    let (near, mut far) = duplex(PICTURE_ROOM);
    let start = Instant::now();
    let machine = Machine::new("web-01", Distribution::Debian, "10.0.0.10", false);
    let display = SharedDisplay::new(Display::Linux(LinuxConsole::new(machine, start)));
    let client = async {
        greet(&mut far).await;
        far.write_all(&update_request(0, [0, 0, 720, 400])).await.unwrap();
        assert_eq!(update(&mut far).await, Rectangle { x: 0, y: 0, width: 720, height: 400 });
        // "web-01 login: " in the last row; 5.1 s are an even number of phases, so that nothing has changed then.
        let cursor = Rectangle { x: 14 * 9, y: 24 * 16 + 13, width: 9, height: 2 };
        assert!(timeout(Duration::from_millis(5100), far.read_u8()).await.is_err(), "no request is open");
        for phase in 1..=3 {
            far.write_all(&update_request(1, [0, 0, 720, 400])).await.unwrap();
            assert_eq!(update(&mut far).await, cursor);
            let late = start.elapsed().checked_sub(Duration::from_millis(5000 + phase * 250));
            assert!(late.is_some_and(|late| late < Duration::from_millis(10)), "{late:?}");
        }
        drop(far);
    };
    let (end, ()) = tokio::join!(serve_display(near, &display), client);
    assert_eq!(end.unwrap(), End::ClientLeft);
}

#[tokio::test]
async fn a_request_for_nothing_gets_an_answer_of_nothing() {
    let (_, heard) = talk_to(&[HELLO, &update_request(0, [1024, 0, 5, 5])].concat()).await;
    assert_eq!(heard[WELCOME..], [0, 0, 0, 0]);
}

#[tokio::test]
async fn any_cut_is_an_end_or_an_error() {
    let said = [
        HELLO,
        &RGB565_BIG,
        &[255, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 30],
        &[2, 0, 0, 1, 0, 0, 0, 0],
        &update_request(0, [0, 0, 3, 2]),
        &update_request(1, [10, 280, 9, 9]),
        &KEY_A,
        &[5, 0, 0, 1, 0, 1],
        &[6, 0, 0, 0, 0, 0, 0, 2, 65, 66],
    ];
    let whole = said.concat();
    let mut ends = vec![0, 12, 13];
    ends.extend(said.iter().scan(0, |end, part| {
        *end += part.len();
        Some(*end)
    }));
    for length in 0..=whole.len() {
        match talk_to(&whole[..length]).await.0 {
            Ok(end) => assert!(end == End::ClientLeft && ends.contains(&length), "{length}: {end:?}"),
            Err(error) => assert!(matches!(error, ServerError::CutOff) && !ends.contains(&length), "{length}: {error}"),
        }
    }
}

/// Serves a client that does what it does, by the paused clock: how it ended, and after how long.
async fn timed<F: Future>(client: impl FnOnce(DuplexStream) -> F) -> (Result<End, ServerError>, Duration) {
    let (near, far) = duplex(8);
    let start = Instant::now();
    let serving = async { (serve_card(near).await, start.elapsed()) };
    tokio::join!(serving, client(far)).0
}

fn is_idle_after(outcome: (Result<End, ServerError>, Duration), seconds: u64) {
    assert_eq!(outcome.0.unwrap(), End::Idle);
    // Tokio's timers tick in milliseconds.
    let late = outcome.1.checked_sub(Duration::from_secs(seconds));
    assert!(late.is_some_and(|late| late < Duration::from_millis(100)), "{:?}", outcome.1);
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_cut_off_and_a_talking_one_is_not() {
    is_idle_after(timed(|far| async move { (far, sleep(LIMIT * 9).await).1 }).await, 60);
    let outcome = timed(|mut far| async move {
        greet(&mut far).await;
        for _ in 0..5 {
            sleep(Duration::from_secs(59)).await;
            far.write_all(&KEY_A).await.unwrap();
        }
        sleep(LIMIT * 9).await;
    });
    is_idle_after(outcome.await, 5 * 59 + 60);
}

#[tokio::test(start_paused = true)]
async fn half_a_message_is_no_message() {
    let outcome = timed(|mut far| async move {
        greet(&mut far).await;
        // A cut text of 100 bytes, one each second.
        far.write_all(&[6, 0, 0, 0, 0, 0, 0, 100]).await.unwrap();
        while far.write_all(&[65]).await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
    });
    is_idle_after(outcome.await, 60);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_answer_is_cut_off() {
    let outcome = timed(|mut far| async move {
        greet(&mut far).await;
        far.write_all(&update_request(0, [0, 0, 1024, 768])).await.unwrap();
        (far, sleep(LIMIT * 9).await).1
    });
    is_idle_after(outcome.await, 60);
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_of_an_answer_has_left() {
    let (near, mut far) = duplex(8);
    let client = async move {
        greet(&mut far).await;
        far.write_all(&update_request(0, [0, 0, 1024, 768])).await.unwrap();
        far.read_exact(&mut [0; 99]).await.unwrap();
    };
    let (end, ()) = tokio::join!(serve_card(near), client);
    assert_eq!(end.unwrap(), End::ClientLeft);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn nothing_panics_or_hangs(hello: bool, noise in prop::collection::vec(0..9u8, 0..200)) {
        // Time that passes only when all wait: a busy machine is not taken for a server that hangs.
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let said = [if hello { HELLO } else { b"" }, &noise].concat();
        let outcome = runtime.block_on(async { timeout(Duration::from_secs(20), talk_to(&said)).await });
        prop_assert!(!matches!(outcome.unwrap().0, Ok(End::Idle)));
    }
}
