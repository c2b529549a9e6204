//! Consoles that speak WebSocket and RFB otherwise than the simulated account does.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::Receiver;

use crate::fake::{Fake, console, http, switching};
use crate::keyed::Heard::{self, Keysym, Scancode};
use crate::keyed::Keyed;
use crate::sandbox::Sandbox;
use crate::screenshot::{FRAME, WELCOME, picture, speaking};

const RED: [u8; 3] = [255, 0, 0];
const BLUE: [u8; 3] = [0, 0, 255];

/// FramebufferUpdates with the left and the right pixel of the screen of [`WELCOME`], Raw, as [`FRAME`] has them in one.
const LEFT: &[u8] = &[0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 255, 0];
const RIGHT: &[u8] = &[0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 255, 0, 0, 0];

/// rfbproto.rst, "DesktopSize Pseudo-encoding" (-223): 0 x 0 pixels, and 2 x 1.
const SIZE_0: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21];
const SIZE_2: [u8; 12] = [0, 0, 0, 0, 0, 2, 0, 1, 0xff, 0xff, 0xff, 0x21];

/// Takes a screenshot, and gives its pixels.
#[track_caller]
fn pixels(sandbox: &Sandbox) -> Vec<[u8; 3]> {
    let name = sandbox.path("s.png").display().to_string();
    sandbox.run(&["screenshot", "i-1", "--via", "vnc", "-f", &name, "--timeout", "20"]).ends(0);
    let picture = picture(&name);
    (0..picture.width()).map(|x| picture.pixel(x, 0).unwrap()).collect()
}

/// An account whose console opens its WebSocket with this answer.
fn answering(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> (Fake, Receiver<String>) {
    console(move |mut stream: TcpStream, header| {
        // All that it ever says: RFC 6455, section 5.2, a frame each.
        let frames = [WELCOME, FRAME].map(|said| [&[0x82, u8::try_from(said.len()).unwrap()], said].concat());
        stream.write_all(answer(header).as_bytes()).unwrap();
        let _ = stream.write_all(&frames[0]);
        // Early, but a client makes no difference: it has what it is going to ask for. One that refuses the answer is gone.
        let _ = stream.write_all(&frames[1]);
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

/// RFC 6455, section 4.2.2, item 5: without the header, the server has chosen no subprotocol.
#[test]
fn a_console_may_choose_no_subprotocol_but_not_another() {
    let protocol = "Sec-WebSocket-Protocol: binary\r\n";
    let (account, _asked) = answering(move |header| switching(header).replace(protocol, ""));
    let run = Sandbox::with_account(&account.endpoint).run(&["key", "i-1", "a", "--timeout", "20"]);
    run.ends(0);
    for other in ["base64", "Binary", ""] {
        let chosen = format!("Sec-WebSocket-Protocol: {other}\r\n");
        let (account, _asked) = answering(move |header| switching(header).replace(protocol, &chosen));
        let run = Sandbox::with_account(&account.endpoint).run(&["key", "i-1", "a", "--timeout", "20"]);
        assert!(run.code != 0 && run.stderr.contains("the subprotocol is not `binary`"), "{other:?}: {run:#?}");
    }
}

#[test]
fn a_screen_in_several_updates_is_finished() {
    // Each update is the answer to a request. RFC 6143, section 7.5.3.
    for parts in [&[LEFT, RIGHT][..], &[RIGHT, &[0, 0, 0, 0], LEFT], &[LEFT, LEFT, RIGHT]] {
        let (sandbox, _) = speaking(&[&[WELCOME], parts].concat(), None);
        assert_eq!(pixels(&sandbox), [RED, BLUE], "{parts:?}");
    }
}

#[test]
fn a_screen_without_a_size_is_waited_through() {
    let update = |rectangles: &[&[u8]]| [&[0, 0, 0, rectangles.len() as u8], &*rectangles.concat()].concat();
    // ServerInit begins after the 18 bytes of the handshake. RFC 6143, section 7.3.2.
    let without_size = [&WELCOME[..18], &[0, 0, 0, 0], &WELCOME[22..]].concat();
    for (name, speech) in [
        ("at first", &[&*without_size, &update(&[&SIZE_2]), FRAME][..]),
        ("later", &[WELCOME, &update(&[&SIZE_0, &SIZE_2]), FRAME]),
        ("with the screen in one update", &[WELCOME, &update(&[&SIZE_0, &SIZE_2, &FRAME[4..]])]),
    ] {
        let (sandbox, _) = speaking(speech, None);
        assert_eq!(pixels(&sandbox), [RED, BLUE], "{name}");
    }
    // One that never gets a size is reported, and not a picture without pixels.
    let (sandbox, _) = speaking(&[&without_size], None);
    let run = sandbox.run(&["screenshot", "i-1", "--via", "vnc", "-f", "-", "--timeout", "1"]).ends(40);
    run.says(&["did not show a whole screen within 1 s"]);
}

/// RFC 3986, section 3.1.
#[test]
fn the_scheme_of_a_vncurl_may_be_in_any_case() {
    let (console, _asked) = answering(switching);
    let plain = console.endpoint.clone();
    // What the account of that console says, with another scheme.
    let account = Fake::start(move |_, request| {
        let mut stream = TcpStream::connect(plain.trim_start_matches("http://")).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        http("200 OK", "", &body.replace("\"ws%3A", "\"WS%3a"))
    });
    Sandbox::with_account(&account.endpoint).run(&["key", "i-1", "a", "--timeout", "20"]).ends(0);
}

/// TigerVNC's server first answers with what is no picture, and shows the screen when it is asked for changes.
#[test]
fn keys_are_confirmed_by_a_console_that_first_answers_without_a_picture() {
    for extended in [false, true] {
        let console = Keyed::start_like_tigervnc(extended);
        console.sandbox().run(&["key", "i-1", "a"]).ends(0);
        let key: fn(bool) -> Heard = match extended {
            true => |is_down| Scancode(is_down, 0x1e),
            false => |is_down| Keysym(is_down, 0x61),
        };
        assert_eq!(console.heard(), [key(true), key(false)]);
    }
}

/// The German keyboard has `z` where a US one has `y`. keysymdef.h: Shift_L, ISO_Level3_Shift, ssharp.
#[test]
fn a_console_that_takes_keysyms_gets_those_of_the_characters() {
    let console = Keyed::start(false);
    console.sandbox().run(&["type", "--layout", "de", "i-1", "zY@ß"]).ends(0);
    let down: Vec<u32> = console
        .heard()
        .into_iter()
        .filter_map(|heard| match heard {
            Keysym(true, keysym) => Some(keysym),
            _ => None,
        })
        .collect();
    assert_eq!(down, [u32::from('z'), 0xffe1, u32::from('Y'), 0xfe03, u32::from('@'), 0xdf]);
}
