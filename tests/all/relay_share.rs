//! `relay --share`: one session for all viewers, who may join, and what happens when it is lost.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;

use crate::relay::Relay;
use crate::sandbox::{Sandbox, with_account};
use crate::viewer::{answer_greeting, greet, hears_the_end};

/// The screen of i-demo-linux: 80 x 25 characters of 9 x 16 pixels.
const SIZE: (u16, u16) = (720, 400);

fn share(sandbox: &Sandbox, args: &[&str]) -> Relay {
    Relay::start(sandbox, 1, &[&["--share", "-v", "i-demo-linux"], args].concat())
}

fn send(viewer: &mut TcpStream, message: &[u8]) {
    viewer.write_all(message).unwrap();
}

/// A FramebufferUpdateRequest for the whole screen. RFC 6143, section 7.5.3.
fn request(viewer: &mut TcpStream, is_incremental: bool) {
    let ([w0, w1], [h0, h1]) = (SIZE.0.to_be_bytes(), SIZE.1.to_be_bytes());
    send(viewer, &[3, is_incremental.into(), 0, 0, 0, 0, w0, w1, h0, h1]);
}

/// The rectangles of the next update, by their pixels in Raw or their name. RFC 6143, sections 7.6.1 and 7.7.1.
fn update(viewer: &mut TcpStream) -> Vec<Result<(usize, Vec<u8>), String>> {
    let mut header = [0; 4];
    viewer.read_exact(&mut header).unwrap();
    assert_eq!(header[..2], [0, 0]);
    let rectangle = |_| {
        let mut header = [0; 12];
        viewer.read_exact(&mut header).unwrap();
        let at = |index: usize| usize::from(u16::from_be_bytes([header[index], header[index + 1]]));
        match i32::from_be_bytes([header[8], header[9], header[10], header[11]]) {
            0 => {
                let mut pixels = vec![0; at(4) * at(6) * 4];
                viewer.read_exact(&mut pixels).unwrap();
                Ok((at(2) * usize::from(SIZE.0) + at(0), pixels))
            }
            -307 => {
                let mut length = [0; 4];
                viewer.read_exact(&mut length).unwrap();
                let mut name = vec![0; u32::from_be_bytes(length) as usize];
                viewer.read_exact(&mut name).unwrap();
                Err(String::from_utf8(name).unwrap())
            }
            other => panic!("encoding {other}"),
        }
    };
    (0..u16::from_be_bytes([header[2], header[3]])).map(rectangle).collect()
}

/// The whole screen, in Raw.
fn screen(viewer: &mut TcpStream) -> Vec<u8> {
    request(viewer, false);
    let mut all = update(viewer).into_iter().map(Result::unwrap);
    let (start, pixels) = all.next().unwrap();
    assert_eq!((start, pixels.len(), all.len()), (0, usize::from(SIZE.0) * usize::from(SIZE.1) * 4, 0));
    pixels
}

/// Whether something is typed at the prompt. "web-01 login: " has 14 characters of 9 pixels and is in the last row; the cursor is
/// in the lowest three rows of pixels of its cell.
fn has_letter(pixels: &[u8]) -> bool {
    let mut rows = pixels.chunks(usize::from(SIZE.0) * 4).skip(384).take(13);
    rows.any(|row| row[126 * 4..135 * 4].iter().any(|part| *part != 0))
}

/// KeyEvents for a key that goes down and up. RFC 6143, section 7.5.4.
fn press(viewer: &mut TcpStream, keysym: u8) {
    send(viewer, &[4, 1, 0, 0, 0, 0, 0, keysym, 4, 0, 0, 0, 0, 0, 0, keysym]);
}

/// Waits for the next name, while other updates come.
fn name(viewer: &mut TcpStream) -> String {
    loop {
        if let Some(Err(name)) = update(viewer).into_iter().find(Result::is_err) {
            return name;
        }
        request(viewer, true);
    }
}

#[test]
fn viewers_see_and_use_one_session() {
    let mut relay = share(&Sandbox::new(), &["--profile", "demo"]);
    let (mut one, mut two, mut three) = (relay.viewer(0), relay.viewer(0), relay.viewer(0));
    let names = [&mut one, &mut two, &mut three].map(greet);
    // The name of a simulated desktop says how old its VncUrl was: there was one.
    assert!(names[0].starts_with("i-demo-linux (connected after "), "{names:?}");
    assert_eq!((&names[1], &names[2]), (&names[0], &names[0]));
    assert!(![&mut one, &mut two].map(screen).iter().any(|pixels| has_letter(pixels)));
    press(&mut three, b'x');
    for viewer in [&mut one, &mut two] {
        while !has_letter(&screen(viewer)) {
            request(viewer, true);
            update(viewer);
        }
    }
    drop((one, two));
    // Two left, and the session stays.
    screen(&mut three);
    drop(three);
    relay.says("the viewer left");
    // The session has ended with the last viewer; the next one opens another.
    let again = greet(&mut relay.viewer(0));
    assert!(again.starts_with("i-demo-linux (connected after "), "{again}");
    relay.says("viewer connected, ");
}

#[test]
fn what_a_watcher_types_is_ignored() {
    let relay = share(&Sandbox::new(), &["--profile", "demo", "--read-only"]);
    let (mut one, mut two) = (relay.viewer(0), relay.viewer(0));
    greet(&mut one);
    greet(&mut two);
    press(&mut one, b'x');
    // Its picture comes after its key was read, and the cursor blinks on the console after that.
    screen(&mut one);
    for _ in 0..2 {
        assert!(!has_letter(&screen(&mut two)));
        request(&mut two, true);
        update(&mut two);
    }
}

#[test]
fn others_need_the_password() {
    let sandbox = Sandbox::new().env("ECS_VNC_SHARE_PASSWORD", "letmein");
    let mut relay = share(&sandbox, &["--profile", "demo", "--listen", "0.0.0.0", "--allow-remote"]);
    relay.says("warning: anyone who knows the password and can reach 0.0.0.0 can use the console");
    let mut viewer = relay.viewer(0);
    answer_greeting(&mut viewer);
    let mut types = [0; 2];
    viewer.read_exact(&mut types).unwrap();
    assert_eq!(types, [1, 2], "VNC authentication only");
    send(&mut viewer, &[2]);
    viewer.read_exact(&mut [0; 16]).unwrap();
    send(&mut viewer, &[0; 16]);
    // RFC 6143, section 7.1.3.
    let mut result = [0; 8 + 21];
    viewer.read_exact(&mut result).unwrap();
    assert_eq!(&result, b"\0\0\0\x01\0\0\0\x15the password is wrong");
    hears_the_end(&mut viewer);
    let told = relay.says("a client with a wrong password");
    assert!(!told.contains("letmein"));
}

#[test]
fn a_console_is_not_shared_with_anyone_by_mistake() {
    let demo = |args: &[&str]| {
        Sandbox::new().stdin("abc\n").run(&[&["relay", "--profile", "demo", "i-demo-linux"], args].concat()).ends(2)
    };
    let remote = ["--share", "--listen", "0.0.0.0", "--allow-remote"];
    demo(&remote).says(&["needs a password", "--share-password-stdin", "ECS_VNC_SHARE_PASSWORD"]);
    demo(&remote[..3]).says(&["--allow-remote"]);
    demo(&[&remote[..], &["--share-password-stdin"]].concat()).says(&["stdin: ", "six to eight"]);
    demo(&["--read-only"]).says(&["--share"]);
    demo(&["--share-password-stdin"]).says(&["--share"]);
    let sandbox = Sandbox::new().env("ECS_VNC_SHARE_PASSWORD", "far too long");
    let run = sandbox.run(&["relay", "--profile", "demo", "i-demo-linux", "--share"]).ends(2);
    assert!(!run.says(&["ECS_VNC_SHARE_PASSWORD: "]).stderr.contains("far too"));
}

#[test]
fn a_viewer_is_told_why_there_is_no_console() {
    let narrow = with_account()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "demo-narrow-key-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "demo-narrow-secret");
    let mut relay = Relay::start(&narrow, 2, &["--share", "i-demo-stopped", "i-demo-linux"]);
    for _ in 0..2 {
        let mut viewer = relay.viewer(0);
        answer_greeting(&mut viewer);
        viewer.read_exact(&mut [0; 2]).unwrap();
        send(&mut viewer, &[1]);
        let mut told = Vec::new();
        viewer.read_to_end(&mut told).unwrap();
        let told = String::from_utf8_lossy(&told);
        assert!(told.starts_with("\0\0\0\u{1}") && told.contains("IncorrectInstanceStatus"), "{told:?}");
        relay.says("IncorrectInstanceStatus");
    }
    greet(&mut relay.viewer(1));
}

#[test]
fn viewers_stay_when_the_session_is_lost_and_a_second_loss_is_a_takeover() {
    let sandbox = with_account();
    let mut relay = share(&sandbox, &[]);
    let (mut one, mut two) = (relay.viewer(0), relay.viewer(0));
    for viewer in [&mut one, &mut two] {
        greet(viewer);
        // Raw, and names: -307.
        send(viewer, &[2, 0, 0, 2, 0, 0, 0, 0, 0xff, 0xff, 0xfe, 0xcd]);
        screen(viewer);
        request(viewer, true);
    }
    let take_over =
        || sandbox.run(&["screenshot", "i-demo-linux", "--via", "vnc", "--no-share", "-f", "/dev/null"]).ends(0);
    take_over();
    relay.says("another session was opened; reconnecting in 1 s");
    for viewer in [&mut one, &mut two] {
        let name = name(viewer);
        assert!(name.ends_with(" (lost: another session was opened; reconnecting)"), "{name}");
    }
    // The next picture ends the notice.
    for viewer in [&mut one, &mut two] {
        request(viewer, true);
        let name = name(viewer);
        assert!(name.starts_with("i-demo-linux (connected after ") && !name.contains("lost"), "{name}");
    }
    thread::scope(|scope| {
        // Each asks at once: it is told within a second, and then disconnected.
        for viewer in [&mut one, &mut two] {
            scope.spawn(|| {
                request(viewer, true);
                let name = name(viewer);
                assert!(name.contains("somebody else is probably using this console"), "{name}");
            });
        }
        scope.spawn(take_over);
    });
    let (code, told) = relay.end();
    assert_eq!(code, 11, "{told}");
}
