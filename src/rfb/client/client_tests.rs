use std::io::Cursor;
use std::time::Duration;

use chrono::DateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, Join, Sink, duplex, join, sink};
use tokio::time::timeout;

use super::*;
use crate::demo::display::Display;
use crate::demo::display::shared_display::SharedDisplay;
use crate::demo::display::test_card::TestCard;
use crate::demo::vnc;
use crate::picture::Rectangle;
use crate::rfb::encoding::UnknownEncoding;
use crate::system::clock::Clock;

/// RFC 6143, section 7.3.2: 4 x 2 pixels, a format that makes no difference, and a name.
pub(super) const SERVER_INIT: &[u8] = b"\0\x04\0\x02\x08\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08box \x1b[2J";
/// Up to there: version 3.8, None, OK.
pub(super) const HELLO: &[u8] = b"RFB 003.008\n\x01\x01\0\0\0\0";
/// All of the screen in one colour: Tight, section "Tight Encoding" of rfbproto.rst.
const RED_SCREEN: &[u8] = b"\0\0\0\x01\0\0\0\0\0\x04\0\x02\0\0\0\x07\x80\xff\0\0";
pub(super) const BLUE_SCREEN: &[u8] = b"\0\0\0\x01\0\0\0\0\0\x04\0\x02\0\0\0\x07\x80\0\0\xff";
/// A part of it, Raw: (1, 1), 2 x 1.
pub(super) const PART: &[u8] = b"\0\0\0\x01\0\x01\0\x01\0\x02\0\x01\0\0\0\0\x01\0\0\0\x02\0\0\0";
pub(super) const FULL_REQUEST: [u8; 10] = [3, 0, 0, 0, 0, 0, 0, 4, 0, 2];

pub(super) type Server = Join<Cursor<Vec<u8>>, Sink>;

/// A server that says all this whatever the client says, and then closes.
pub(super) fn server(said: &[u8]) -> Server {
    join(Cursor::new(said.to_vec()), sink())
}

async fn client_of(said: &[&[u8]]) -> Client<Server> {
    Client::connect(server(&[HELLO, SERVER_INIT, &said.concat()].concat()), &ClientOptions::default()).await.unwrap()
}

/// A server's end of a session that has begun, over a stream that holds `room` bytes; the client's first words are gone.
pub(super) async fn begun(room: usize) -> (Client<DuplexStream>, DuplexStream) {
    let (near, mut far) = duplex(room);
    let greet = async {
        let (mut hear, mut say) = tokio::io::split(&mut far);
        let (said, mut heard) = ([HELLO, SERVER_INIT].concat(), [0; 14]);
        let (said, heard) = tokio::join!(say.write_all(&said), hear.read_exact(&mut heard));
        said.unwrap();
        heard.unwrap();
    };
    let options = ClientOptions::default();
    let (client, ()) = tokio::join!(Client::connect(near, &options), greet);
    (client.unwrap(), far)
}

/// What the client says next: SetPixelFormat and SetEncodings, which go ahead of all else.
pub(super) async fn settings(far: &mut DuplexStream) -> Vec<u8> {
    let mut said = vec![0; 20 + 4 + 11 * 4];
    far.read_exact(&mut said).await.unwrap();
    said
}

pub(super) async fn hears<const N: usize>(far: &mut DuplexStream, expected: [u8; N]) {
    let mut heard = [0; N];
    far.read_exact(&mut heard).await.unwrap();
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn the_pointers_shape_is_read_and_a_large_one_refused() {
    // RFC 6143, section 7.8.1: 9 x 2 pixels with the hotspot (1, 2); two bytes of the mask a row.
    let header = b"\0\0\0\x01\0\x01\0\x02\0\x09\0\x02\xff\xff\xff\x11";
    let pixels: Vec<u8> = (0..18).flat_map(|pixel| [pixel, 0, 2, 9]).collect();
    let mask = [0xff, 0x80, 0, 0];
    let mut client = client_of(&[header, &pixels, &mask]).await;
    assert_eq!(client.next_event().await.unwrap(), Event::Cursor);
    let shape = client.cursor().unwrap();
    assert_eq!((shape.hotspot, shape.width, shape.height), ((1, 2), 9, 2));
    assert_eq!((shape.pixels[0], shape.pixels[17], &shape.mask[..]), (0x02_00_00, 0x02_00_11, &mask[..]));
    let large = b"\0\0\0\x01\0\0\0\0\x02\x01\0\x02\xff\xff\xff\x11";
    let mut client = client_of(&[large]).await;
    assert!(matches!(client.next_event().await, Err(ClientError::CursorTooLarge { width: 513, height: 2 })));
}

#[tokio::test]
async fn pixel_format_and_encodings_are_sent_before_the_first_request() {
    let (mut client, mut far) = begun(1024).await;
    client.request_screen().await.unwrap();
    let mut expected = vec![0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 2, 0, 0, 11];
    // Tight, ZRLE, CopyRect, Hextile, Raw; DesktopSize, ExtendedDesktopSize, LastRect, QEMU's key events, LEDs and pointer.
    let numbers = [7, 16, 1, 5, 0, -223, -308, -224, -258, -261, -257];
    expected.extend(numbers.into_iter().flat_map(i32::to_be_bytes));
    assert_eq!(settings(&mut far).await, expected);
    hears(&mut far, FULL_REQUEST).await;
    client.request_changes().await.unwrap();
    hears(&mut far, [3, 1, 0, 0, 0, 0, 0, 4, 0, 2]).await;
}

#[tokio::test]
async fn every_message_is_an_event() {
    let mut client = client_of(&[
        b"\x02",
        b"\x03\0\0\0\0\0\0\x03cut",
        b"\x01\0\0\x05\0\x01\0\x01\0\x02\0\x03",
        PART,
        b"\0\0\0\0",
        // LastRect: the number is not known before.
        b"\0\0\xff\xff\0\0\0\0\0\x01\0\x01\0\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\x20",
        // QEMU's key events, and its LEDs: Num Lock and Caps Lock.
        b"\0\0\0\x02\0\0\0\0\0\0\0\0\xff\xff\xfe\xfe\0\0\0\0\0\0\0\0\xff\xff\xfe\xfb\x06",
        // ExtendedDesktopSize with the same size and a screen; with a size that the server refused; with a new size; DesktopSize.
        b"\0\0\0\x01\0\0\0\0\0\x04\0\x02\xff\xff\xfe\xcc\x01\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\x02\0\0\0\0",
        b"\0\0\0\x01\0\x01\0\x03\0\x09\0\x09\xff\xff\xfe\xcc\0\0\0\0",
        b"\0\0\0\x01\0\0\0\0\0\x06\0\x02\xff\xff\xfe\xcc\0\0\0\0",
        b"\0\0\0\x01\0\0\0\0\0\x01\0\x01\xff\xff\xff\x21",
    ])
    .await;
    let leds = Leds { scroll_lock: false, num_lock: true, caps_lock: true };
    let update = |damage| Event::Update { damage };
    let part = Rectangle { x: 1, y: 1, width: 2, height: 1 };
    let expected = [
        Event::Bell,
        update(Some(part)),
        update(None),
        update(Some(Rectangle { x: 0, y: 0, width: 1, height: 1 })),
        Event::Leds(leds),
        update(None),
        update(None),
        update(None),
        Event::Resized,
        update(None),
        Event::Resized,
        update(None),
    ];
    assert_eq!((client.accepts_scancodes(), client.leds()), (false, None));
    for (index, expected) in expected.into_iter().enumerate() {
        assert_eq!(client.next_event().await.unwrap(), expected, "{index}");
        if index == 3 {
            assert_eq!(client.screen().pixels(), [7, 0, 0, 0, 0, 1, 2, 0]);
        }
        if index == 8 {
            assert_eq!(client.screen().pixels(), [0; 12], "the screen of the new size is black");
        }
    }
    assert_eq!((client.accepts_scancodes(), client.leds()), (true, Some(leds)));
    assert!(matches!(client.next_event().await, Err(ClientError::Closed)));
}

#[tokio::test]
async fn an_unknown_or_too_long_message_is_an_error() {
    let unknown = ClientError::Decode(DecodeError::Encoding(UnknownEncoding(6))).to_string();
    for (said, expected) in [
        (&b"\x04"[..], "the server sent a message of the unknown type 4"),
        (b"\xff", "the server sent a message of the unknown type 255"),
        (b"\x03\0\0\0\xff\xff\xff\xff", "the server sent a cut text of 4294967295 bytes, more than 16777216"),
        (b"\x01\0\0\xff\0\x02", "the server sent 2 colours from number 255 on, but a colour map has 256"),
        (b"\0\0\0\x01\0\0\0\0\0\x04\0\x02\0\0\0\x06", unknown.as_str()),
        (b"\0\0\0\x01\0\0\0\0\0\x04\0\x02\xff\xff\xfe\xc8", "encoding -312 is unknown"),
        (
            b"\0\0\0\x01\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\x21",
            "a screen of 65535x65535 pixels is not supported; the limit is 16777216 pixels",
        ),
        (
            b"\0\0\0\x01\0\x01\0\x01\0\x04\0\x02\0\0\0\0",
            "the rectangle 1,1,4,2 reaches outside the screen of 4x2 pixels",
        ),
    ] {
        let error = client_of(&[said]).await.next_event().await.unwrap_err().to_string();
        assert_eq!(error, expected);
    }
}

/// A session with all kinds of messages, over a stream that holds 8 bytes.
#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_anywhere_is_an_end_or_an_error() {
    let leds = b"\0\0\0\x01\0\0\0\0\0\0\0\0\xff\xff\xfe\xfb\x06";
    let cut = b"\x03\0\0\0\0\0\0\x03cut";
    let zrle = b"\0\0\0\x01\0\0\0\0\0\x04\0\x02\0\0\0\x10\0\0\0\x0c\x78\x01\x62\xfc\xcf\xc0\0\0\0\0\xff\xff";
    let messages = [HELLO, SERVER_INIT, RED_SCREEN, leds, cut, PART, zrle, BLUE_SCREEN];
    let whole = messages.concat();
    let mut ends: Vec<usize> = messages
        .iter()
        .scan(0, |end, message| {
            *end += message.len();
            Some(*end)
        })
        .collect();
    ends.remove(0);
    for length in 0..=whole.len() {
        let (near, mut far) = duplex(8);
        let talk = async {
            let (mut hear, mut say) = tokio::io::split(&mut far);
            let saying = async {
                say.write_all(&whole[..length]).await.unwrap();
                say.shutdown().await.unwrap();
            };
            let mut heard = Vec::new();
            tokio::join!(saying, hear.read_to_end(&mut heard))
        };
        let run = async {
            let options = ClientOptions::default();
            let mut client = Client::connect(near, &options).await?;
            loop {
                client.next_event().await?;
            }
        };
        let session = async {
            let error: Result<std::convert::Infallible, ClientError> = run.await;
            error.unwrap_err()
        };
        let limit = Duration::from_secs(60);
        let (error, _) = timeout(limit, async { tokio::join!(session, talk) }).await.expect("an end");
        match error {
            ClientError::Closed => assert!(ends.contains(&length), "{length}"),
            ClientError::ClosedInMessage => assert!(!ends.contains(&length), "{length}"),
            other => panic!("{length}: {other}"),
        }
    }
}

/// Every call is cancelled after each of its steps, as by a time limit, and made again. Nothing is lost on either side.
#[tokio::test]
async fn calls_are_cancel_safe() {
    let (mut client, mut far) = begun(3).await;
    let (mut hear, mut say) = tokio::io::split(&mut far);
    let talk = async {
        let mut heard = vec![0; 68 + 10];
        let said = [RED_SCREEN, PART].concat();
        let (_, heard_all) = tokio::join!(say.write_all(&said), hear.read_exact(&mut heard));
        heard_all.unwrap();
        assert_eq!(heard[68..], FULL_REQUEST);
    };
    let look = async {
        let mut drops = 0;
        // The message is queued, whole or in part, when the call is cancelled.
        _ = client.request_screen().now_or_never();
        for expected in [Rectangle { x: 0, y: 0, width: 4, height: 2 }, Rectangle { x: 1, y: 1, width: 2, height: 1 }] {
            loop {
                if let Some(event) = client.next_event().now_or_never() {
                    assert_eq!(event.unwrap(), Event::Update { damage: Some(expected) });
                    break;
                }
                drops += 1;
                yield_now().await;
            }
        }
        assert!(drops > 10, "{drops}");
    };
    tokio::join!(look, talk);
    assert_eq!(
        client.screen().pixels(),
        [0xff_00_00, 0xff_00_00, 0xff_00_00, 0xff_00_00, 0xff_00_00, 1, 2, 0xff_00_00]
    );
}

#[tokio::test]
async fn a_refreshed_screen_is_complete() {
    let (mut client, mut far) = begun(1024).await;
    let talk = async {
        settings(&mut far).await;
        hears(&mut far, FULL_REQUEST).await;
        // In two updates, the second of which covers what the first did not.
        far.write_all(PART).await.unwrap();
        yield_now().await;
        far.write_all(BLUE_SCREEN).await.unwrap();
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().pixels(), [0xff; 8]);
}

#[tokio::test]
async fn an_answer_to_an_earlier_request_is_out_of_date() {
    let (mut client, mut far) = begun(1024).await;
    client.request_screen().await.unwrap();
    settings(&mut far).await;
    hears(&mut far, FULL_REQUEST).await;
    let talk = async {
        // The earlier request is answered late: the next one comes after.
        yield_now().await;
        far.write_all(RED_SCREEN).await.unwrap();
        hears(&mut far, FULL_REQUEST).await;
        far.write_all(BLUE_SCREEN).await.unwrap();
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().pixels(), [0xff; 8]);
}

#[tokio::test]
async fn what_has_arrived_is_read_before_the_request() {
    let (mut client, mut far) = begun(1024).await;
    client.request_changes().await.unwrap();
    settings(&mut far).await;
    hears(&mut far, [3, 1, 0, 0, 0, 0, 0, 4, 0, 2]).await;
    // The answer has begun to arrive before the call.
    far.write_all(&RED_SCREEN[..9]).await.unwrap();
    let talk = async {
        yield_now().await;
        far.write_all(&RED_SCREEN[9..]).await.unwrap();
        hears(&mut far, FULL_REQUEST).await;
        far.write_all(BLUE_SCREEN).await.unwrap();
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().pixels(), [0xff; 8]);
}

/// rfbproto.rst, "QEMU Extended Key Event Message"; 0xE01D is the right Control, 0x9D with QEMU and noVNC.
#[tokio::test]
async fn a_key_is_sent_by_scancode_if_the_server_accepts_it() {
    let (mut client, mut far) = begun(1024).await;
    client.send_key(0xffe4, Some(0xe01d), true).await.unwrap();
    settings(&mut far).await;
    hears(&mut far, [4, 1, 0, 0, 0, 0, 0xff, 0xe4]).await;
    far.write_all(b"\0\0\0\x01\0\0\0\0\0\0\0\0\xff\xff\xfe\xfe").await.unwrap();
    client.next_event().await.unwrap();
    client.send_key(0xffe4, Some(0xe01d), true).await.unwrap();
    hears(&mut far, [255, 0, 0, 1, 0, 0, 0xff, 0xe4, 0, 0, 0, 0x9d]).await;
    client.send_key(0x61, Some(0x1e), false).await.unwrap();
    hears(&mut far, [255, 0, 0, 0, 0, 0, 0, 0x61, 0, 0, 0, 0x1e]).await;
    client.send_key(0x61, None, false).await.unwrap();
    hears(&mut far, [4, 0, 0, 0, 0, 0, 0, 0x61]).await;
}

/// RFC 6143, section 7.5.5; rfbproto.rst, "QEMU Pointer Motion Change Pseudo-encoding": 0x7FFF is no motion.
#[tokio::test]
async fn the_pointer_is_absolute_unless_the_server_says_otherwise() {
    let (mut client, mut far) = begun(1024).await;
    assert_eq!(client.pointer_mode(), PointerMode::Absolute);
    client.send_pointer(4, 258, 3).await.unwrap();
    settings(&mut far).await;
    hears(&mut far, [5, 4, 1, 2, 0, 3]).await;
    assert!(!client.is_input_confirmed());
    // QEMU gives the size of the screen with it.
    for (x, mode) in [(0, PointerMode::Relative), (1, PointerMode::Absolute)] {
        far.write_all(&[0, 0, 0, 1, 0, x, 0, 0, 0, 4, 0, 2, 0xff, 0xff, 0xfe, 0xff]).await.unwrap();
        assert_eq!(client.next_event().await.unwrap(), Event::Update { damage: None });
        assert_eq!(client.pointer_mode(), mode);
    }
    for (dx, dy, x, y) in [(0, 0, 0x7fff, 0x7fff), (-1, 1, 0x7ffe, 0x8000), (-127, 127, 0x7f80, 0x807e)] {
        client.send_motion(0, dx, dy).await.unwrap();
        let ([x0, x1], [y0, y1]) = (u16::to_be_bytes(x), u16::to_be_bytes(y));
        hears(&mut far, [5, 0, x0, x1, y0, y1]).await;
    }
}

/// The simulated account's server gives the same picture in each pixel format, over a stream that holds a few requests.
#[tokio::test]
async fn the_simulated_console_is_read_in_all_pixel_formats() {
    let rgb565 = [16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0];
    let formats = [PixelFormat::NATIVE, PixelFormat::try_from(rgb565).unwrap()];
    for format in formats {
        let (near, far) = duplex(1024);
        let options = ClientOptions { pixels: PixelMode::TrueColour(format), ..ClientOptions::default() };
        let look = async {
            let mut client = Client::connect(near, &options).await.unwrap();
            client.refresh_screen().await.unwrap();
            (client.desktop_name().to_owned(), client.screen().clone())
        };
        let clock = Clock::of(|| DateTime::UNIX_EPOCH);
        let display = SharedDisplay::new(Display::Windows(TestCard::new("i-1", "")));
        let console = vnc::Console { name: "i-1", display: &display, clock: &clock };
        let serve = vnc::rfb::serve(far, console, Duration::from_secs(60));
        let ((name, screen), _) = tokio::join!(look, serve);
        assert_eq!((name.as_str(), screen.width(), screen.height()), ("i-1", 1024, 768));
        let rgb = display.frame(clock.instant()).rgb();
        let most = if format == PixelFormat::NATIVE { 0 } else { 4 };
        assert!(screen.rgb().iter().zip(&rgb).all(|(is, was)| is.abs_diff(*was) <= most));
    }
}
