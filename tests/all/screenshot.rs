//! `screenshot`, as a user and a script meet it.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use ecs_vnc::demo::Options;
use ecs_vnc::picture::{Picture, compare};
use ecs_vnc::system::clock::Clock;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Message, WebSocket};

use crate::fake::{Fake, console, good, http, refusal, switching};
use crate::keyed::Keyed;
#[cfg(unix)]
use crate::pty::OnTerminal;
use crate::sandbox::{Sandbox, account, with_account};

/// RFC 6143, sections 7.1.1 to 7.1.3: version 3.8, security None, taken; section 7.3.2: a screen of 2 x 1 pixels, 32 bits
/// each, called `t`.
pub(crate) const WELCOME: &[u8] =
    b"RFB 003.008\n\x01\x01\0\0\0\0\0\x02\0\x01\x20\x18\0\x01\0\xff\0\xff\0\xff\x10\x08\0\0\0\0\0\0\0\x01t";

/// RFC 6143, section 7.6.1: all of that screen in Raw (section 7.7.1), red and blue as this client asks for its pixels.
pub(crate) const FRAME: &[u8] = &[0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0];

/// An account with a console that says the first of these at once and each other when the screen is asked for; then,
/// where there are last words, it closes. What it hears comes when the client has left.
pub(crate) fn speaking(speech: &[&[u8]], last_words: Option<&'static str>) -> (Sandbox, Receiver<Vec<u8>>) {
    let speech: Vec<Vec<u8>> = speech.iter().map(|words| words.to_vec()).collect();
    let (sender, heard) = channel();
    let (fake, asked) = console(move |mut stream: TcpStream, header| {
        stream.write_all(switching(header).as_bytes()).unwrap();
        let (speech, sender) = (speech.clone(), sender.clone());
        thread::spawn(move || {
            let mut socket = WebSocket::from_raw_socket(stream, Role::Server, None);
            let (mut speech, mut all) = (speech.into_iter().peekable(), Vec::new());
            let mut is_asked = true;
            loop {
                if let Some(words) = speech.next_if(|_| is_asked) {
                    socket.send(Message::binary(words)).unwrap();
                    if let (Some(words), None) = (last_words, speech.peek()) {
                        let _ = socket.close(Some(CloseFrame { code: 1000.into(), reason: words.into() }));
                    }
                }
                match socket.read() {
                    Ok(Message::Binary(bytes)) => all.extend(bytes),
                    Ok(_) => {}
                    Err(_) => break,
                }
                is_asked = is_request(&all);
            }
            let _ = sender.send(all);
        });
    });
    thread::spawn(move || asked.iter().for_each(drop));
    (Sandbox::with_account(&fake.endpoint), heard)
}

/// Whether what was heard ends with a FramebufferUpdateRequest. RFC 6143, section 7.5.3.
fn is_request(heard: &[u8]) -> bool {
    matches!(heard, [.., 3, 0 | 1, 0, 0, 0, 0, 0, _, 0, _])
}

pub(crate) fn picture(path: &str) -> Picture {
    let file = fs::read(path).unwrap();
    assert!(file.starts_with(b"\x89PNG\r\n\x1a\n"), "RFC 2083, section 3.1");
    Picture::decode(&file).unwrap()
}

/// Colours that the demo's Windows has in its bars, at the middle of each: those of a TV's test picture.
fn has_bars(picture: &Picture, tolerance: u8) -> bool {
    let bars = [[255, 255, 255], [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255]];
    bars.iter().zip(0..).all(|(bar, nth)| {
        let seen = picture.pixel(picture.width() * (2 * nth + 1) / 16, 60).unwrap();
        seen.iter().zip(bar).all(|(value, bar): (&u8, &u8)| value.abs_diff(*bar) <= tolerance)
    })
}

/// The prompt of the demo's Linux in the last row of a VGA's text screen: cells of 9 x 16 pixels, of which the rows 2 to
/// 11 have ink.
const WEB_01: [&str; 10] = [
    "..................###.................####......##....",
    "...................##................##..##....###....",
    "...................##...............##....##..####....",
    "##....##..#####....####.............##....##....##....",
    "##....##.##...##...##.##............##.##.##....##....",
    "##....##.#######...##..##..#######..##.##.##....##....",
    "##.##.##.##........##..##...........##....##....##....",
    "##.##.##.##........##..##...........##....##....##....",
    "########.##...##...##..##............##..##.....##....",
    ".##..##...#####....#####..............####....######..",
];

/// Whether this is the demo's Linux at its login prompt, light gray on black.
fn has_login_prompt(picture: &Picture) -> bool {
    let ink = |x: u32, y: u32| match picture.pixel(x, y) {
        Some([0xaa, 0xaa, 0xaa]) => '#',
        Some([0, 0, 0]) => '.',
        other => panic!("{other:?} at ({x}, {y})"),
    };
    let rows = (24 * 16 + 2..24 * 16 + 12).map(|y| (0..6 * 9).map(|x| ink(x, y)).collect::<String>());
    (picture.width(), picture.height()) == (720, 400) && rows.eq(WEB_01)
}

/// The file in the sandbox, for `-f`.
fn file(sandbox: &Sandbox, name: &str) -> String {
    sandbox.path(name).display().to_string()
}

#[test]
fn each_instance_has_a_png_that_only_its_owner_reads() {
    let sandbox = with_account();
    let name = file(&sandbox, "{instance}.png");
    let run = sandbox.run(&["screenshot", "i-demo-linux", "office-01", "-f", &name]).ends(0);
    let (linux, windows) = (file(&sandbox, "i-demo-linux.png"), file(&sandbox, "i-demo-windows.png"));
    assert_eq!((run.stdout, run.stderr.as_str()), (format!("{linux}\n{windows}\n"), ""));
    let (linux, windows) = (picture(&linux), picture(&windows));
    // The demo's Windows gives a JPG, which is not exact.
    assert!(has_login_prompt(&linux));
    assert_eq!((windows.width(), windows.height(), has_bars(&windows, 6)), (1024, 768, true));
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        assert_eq!(fs::metadata(sandbox.path("i-demo-linux.png")).unwrap().mode() & 0o777, 0o600);
    }
    let files = fs::read_dir(sandbox.path("")).unwrap().count();
    assert_eq!(files, 2, "nothing is left beside them");
}

#[test]
fn the_picture_over_vnc_is_exact() {
    let sandbox = with_account();
    let (by_api, by_vnc, name) = (file(&sandbox, "a.png"), file(&sandbox, "v.png"), file(&sandbox, "w.png"));
    sandbox.run(&["screenshot", "i-demo-linux", "-f", &by_api]).ends(0);
    sandbox.run(&["screenshot", "-i", "i-demo-linux", "--via", "vnc", "-f", &by_vnc]).ends(0);
    // Above the cursor, which blinks.
    let (by_api, by_vnc) = (picture(&by_api), picture(&by_vnc));
    let similarity = compare(&by_api, &by_vnc, Some("0,0,720,397".parse().unwrap()), 0);
    assert!(similarity.is_equal() && has_login_prompt(&by_vnc), "{similarity}");
    // Colours, which the API's JPG gives but roughly.
    sandbox.run(&["screenshot", "i-demo-windows", "--via", "vnc", "-f", &name]).ends(0);
    assert!(has_bars(&picture(&name), 0));
    // Two pixels that a server of the test sends, red and blue by RFC 6143, section 7.4.
    let (sandbox, _) = speaking(&[WELCOME, FRAME], None);
    let small = file(&sandbox, "s.png");
    sandbox.run(&["screenshot", "i-1", "--via", "vnc", "-f", &small]).ends(0);
    assert_eq!(picture(&small).rgb(), [255, 0, 0, 0, 0, 255]);
}

#[test]
fn json_tells_what_was_taken() {
    let sandbox = with_account();
    let name = file(&sandbox, "{time}.png");
    for via in ["api", "vnc"] {
        let run = sandbox.run(&["screenshot", "i-demo-linux", "-f", &name, "--via", via, "-o", "json"]).ends(0);
        let line = &run.json()[0];
        let mut keys: Vec<&String> = line.as_object().unwrap().keys().collect();
        keys.sort_unstable();
        assert_eq!(keys, ["File", "Height", "InstanceId", "RegionId", "Time", "Via", "Width"]);
        assert_eq!((&line["Via"], &line["Width"], &line["Height"]), (&via.into(), &720.into(), &400.into()));
        let time: String = line["Time"].as_str().unwrap().replace(['-', ':'], "");
        assert_eq!(line["File"].as_str().unwrap(), file(&sandbox, &format!("{time}.png")));
        picture(line["File"].as_str().unwrap());
    }
}

#[test]
fn one_that_fails_does_not_stop_the_others() {
    let sandbox = with_account();
    let name = file(&sandbox, "{instance}.png");
    let run = sandbox.run(&["screenshot", "i-demo-linux", "i-demo-stopped", "i-nope", "i-demo-windows", "-f", &name]);
    assert_eq!((run.code, run.stdout.lines().count()), (5, 2), "{run:#?}");
    run.says(&["error: i-demo-stopped: ", "error: i-nope: "]);
}

#[test]
fn a_png_on_stdout_is_nothing_else() {
    let sandbox = with_account();
    let output = sandbox.spawn(&["screenshot", "i-demo-linux", "-f", "-"]).wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(has_login_prompt(&Picture::decode(&output.stdout).unwrap()));
}

#[test]
fn what_cannot_be_is_said_before_anything_is_asked() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let dir = file(&sandbox, "");
    let none = file(&sandbox, "none/a.png");
    for (args, code, words) in [
        (&["-f", "a.png", "i-1", "i-2"][..], 2, "{instance}"),
        (&["-f", "-", "i-1", "i-2"], 2, "-f - takes one picture, but there are 2 instances"),
        (&["-f", "-", "-o", "json", "i-1"], 2, "-o json"),
        (&["-f", "-", "--show=blocks", "i-1"], 2, "--show"),
        (&["--show", "i-1"], 2, "--show=blocks"),
        (&["--show=blocks", "-o", "json", "i-1"], 2, "-o json"),
        (&["-f", "{name}.png", "i-1"], 2, "unknown placeholder {name}"),
        (&["-f", &none, "i-1"], 30, "does not exist"),
        (&["-f", &dir, "i-1"], 30, "is a directory"),
    ] {
        let run = sandbox.run(&[&["screenshot"], args].concat()).ends(code);
        assert!(run.stderr.contains(words), "{args:?}: {}", run.stderr);
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
}

#[test]
fn half_blocks_are_drawn_wherever_they_are_asked_for() {
    let run = with_account().run(&["screenshot", "i-demo-linux", "--show=blocks"]).ends(0);
    // 720 x 400 in 80 columns: 44 pixels high, two in a line.
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 22, "{}", run.stdout);
    assert!(run.stdout.contains('▀') && run.stdout.contains("\x1b[48;5;") && run.stderr.is_empty(), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn text_is_shown_as_text_where_the_terminal_has_no_graphics() {
    let sandbox = |term: &str| Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo").env("TERM", term);
    let shown = |sandbox: &Sandbox, args: &[&str]| {
        let mut terminal = OnTerminal::start(sandbox, &[&["screenshot"], args].concat());
        assert_eq!(terminal.ends(), Some(0), "{}", terminal.text());
        terminal
    };
    let plain = sandbox("xterm");
    let terminal = shown(&plain, &["db-02", "--show"]);
    terminal.shows("(or press Control-D to continue):");
    // Green, by ECMA-48.
    terminal.shows("[  \x1b[0;32mOK  \x1b[0m]");
    assert!(!terminal.text().contains('▀'), "{}", terminal.text());
    shown(&plain, &["db-02", "--show", "--color", "never"]).shows("[  OK  ]");
    // Half blocks where they are asked for, and where there is no text.
    shown(&plain, &["db-02", "--show=blocks"]).shows("▀");
    shown(&plain, &["office-01", "--show"]).shows("▀");
    // The graphics protocol of kitty.
    shown(&sandbox("xterm-kitty"), &["db-02", "--show"]).shows("\x1b_G");
}

#[test]
fn the_distance_between_two_of_the_apis_is_waited_for_rather_than_taking_the_console() {
    let png = base64_of_a_png();
    let server = Fake::start(move |number, _| match number {
        0 => http("429 Too Many Requests", "x-acs-retry-after: 20\r\n", r#"{"Code":"Throttling","Message":"m"}"#),
        _ => http("200 OK", "", &format!(r#"{{"RequestId":"R-1","Screenshot":"{png}"}}"#)),
    });
    let sandbox = Sandbox::with_account(&server.endpoint);
    let run = sandbox.run(&["screenshot", "i-1", "--wake", "-o", "json", "-f", &file(&sandbox, "a.png")]).ends(0);
    assert_eq!((&run.json()[0]["Via"], run.stderr.as_str()), (&"api".into(), ""));
    let asked = server.requests_for("GetInstanceScreenshot");
    assert_eq!((asked.len(), server.requests().len()), (2, 2));
    assert!(asked[0].contains("WakeUp=true"), "{}", asked[0]);
}

#[test]
fn wake_waits_for_a_screen_and_not_for_an_update_that_shows_none() {
    for (wake, pixel) in [(true, [3, 2, 1]), (false, [0, 0, 0])] {
        let console = Keyed::start_asleep();
        let sandbox = console.sandbox();
        let name = file(&sandbox, "a.png");
        let args = ["screenshot", "i-1", "--via", "vnc", "-f", &name, "--wake"];
        sandbox.run(&args[..args.len() - usize::from(!wake)]).ends(0);
        let picture = Picture::decode(&fs::read(&name).unwrap()).unwrap();
        assert_eq!(picture.rgb(), pixel, "wake: {wake}");
        assert_eq!(console.heard().is_empty(), !wake);
    }
}

/// A PNG of one black pixel, by the `png` crate.
fn base64_of_a_png() -> String {
    use base64::Engine as _;
    let mut file = Vec::new();
    png::Encoder::new(&mut file, 1, 1).write_header().unwrap().write_image_data(&[0]).unwrap();
    base64::prelude::BASE64_STANDARD.encode(file)
}

#[test]
fn vnc_takes_the_place_of_the_api_only_where_that_has_no_pictures() {
    let answer = |code: &'static str| {
        let server = Fake::start(move |_, request| match request.contains("Action=GetInstanceScreenshot&") {
            true => refusal(code),
            false => refusal("IncorrectInstanceStatus"),
        });
        let sandbox = Sandbox::with_account(&server.endpoint);
        let run = sandbox.run(&["screenshot", "i-1", "-f", &file(&sandbox, "a.png"), "--timeout", "2"]);
        (run, server.requests_for("DescribeInstanceVncUrl").len())
    };
    for code in ["NotSupported", "UnsupportedOperation", "InvalidAction.NotFound"] {
        let (run, vnc_urls) = answer(code);
        run.ends(5).says(&[code, "using VNC, which disconnects anyone on the console", "IncorrectInstanceStatus"]);
        assert_eq!(vnc_urls, 1, "{code}");
    }
    for (code, exit_code, hint) in [
        ("Forbidden.RAM", 3, "lacks the RAM action ecs:GetInstanceScreenshot"),
        ("Forbidden.RAM", 3, "or use --via vnc, which disconnects anyone on the console"),
        ("Throttling", 6, "one screenshot of an instance in 10 s"),
        ("InternalError", 6, "a fault of the service"),
        ("IncorrectInstanceStatus", 5, "i-1"),
        ("InvalidInstanceId.NotFound", 4, "i-1"),
    ] {
        let (run, vnc_urls) = answer(code);
        let run = run.ends(exit_code);
        let run = run.says(&[code, hint]);
        assert!(!run.stderr.contains("using VNC") && vnc_urls == 0, "{code}");
    }
}

#[test]
fn an_unreachable_api_costs_no_one_the_console() {
    let sandbox = Sandbox::with_account("http://127.0.0.1:1");
    let run = sandbox.run(&["screenshot", "i-1", "-f", &file(&sandbox, "a.png"), "--timeout", "2"]).ends(10);
    assert!(!run.stderr.contains("using VNC"), "{run:#?}");
}

#[test]
fn an_answer_that_is_no_picture_is_named() {
    // "GIF89a" in base64.
    let server = Fake::start(|_, _| http("200 OK", "", r#"{"RequestId":"R-7","Screenshot":"R0lGODlh"}"#));
    let sandbox = Sandbox::with_account(&server.endpoint);
    for via in ["api", "auto"] {
        let run = sandbox.run(&["screenshot", "i-1", "-f", &file(&sandbox, "a.png"), "--via", via]).ends(20);
        run.says(&["neither PNG nor JPG", "GIF", "--via vnc", "R-7"]);
    }
    assert_eq!(server.requests_for("DescribeInstanceVncUrl").len(), 0);
}

#[test]
fn a_screen_is_woken_by_a_key_that_types_nothing() {
    let sandbox = with_account();
    let shot = |instance: &str, args: &[&str]| {
        let name = file(&sandbox, "a.png");
        sandbox.run(&[&["screenshot", instance, "--via", "vnc", "-f", &name], args].concat()).ends(0);
        picture(&name)
    };
    let (before, after) = (shot("i-demo-windows", &[]), shot("i-demo-windows", &["--wake"]));
    // The block on the demo's Windows changes with every key; what was typed stands beside it, from its prompt on.
    assert_ne!(before.pixel(80, 330), after.pixel(80, 330));
    let similarity = compare(&before, &after, Some("180,306,440,20".parse().unwrap()), 0);
    assert!(similarity.is_equal(), "{similarity}");
    let (before, after) = (shot("i-demo-linux", &[]), shot("i-demo-linux", &["--wake"]));
    let similarity = compare(&before, &after, Some("0,0,720,397".parse().unwrap()), 0);
    assert!(similarity.is_equal() && has_login_prompt(&after), "{similarity}");
}

#[test]
fn a_console_that_fails_is_told_from_one_that_is_lost() {
    let refused: &[u8] = b"RFB 003.008\n\0\0\0\0\x03abc";
    let asking: &[u8] = b"RFB 003.008\n\x01\x02";
    let wrong: &[u8] = b"RFB 003.008\n\x01\x020123456789abcdef\0\0\0\x01\0\0\0\x03no!";
    let cut: &[u8] = &FRAME[..18];
    for (speech, last_words, code, words) in [
        (&[&b""[..]][..], Some("kicked"), 11, "before it showed a desktop: kicked"),
        (&[WELCOME, cut], Some("kicked"), 11, "the console of i-1 was lost: kicked"),
        (&[refused], None, 6, "abc"),
        (&[b"HTTP/1.1 400 Bad"], None, 20, "cannot be understood"),
        (&[WELCOME, b"\x09"], None, 20, "unknown type 9"),
        (&[asking], None, 3, "--password-stdin"),
        (&[WELCOME, cut], None, 40, "did not show a whole screen within 1 s"),
        (&[b"RFB"], None, 40, "did not complete the VNC handshake within 1 s"),
    ] {
        let (sandbox, _) = speaking(speech, last_words);
        let timeout = if code == 40 { "1" } else { "20" };
        let name = file(&sandbox, "a.png");
        let run = sandbox.run(&["screenshot", "i-1", "--via", "vnc", "-f", &name, "--timeout", timeout]).ends(code);
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        assert!(!sandbox.path("a.png").exists());
    }
    let (sandbox, _) = speaking(&[wrong], None);
    let run =
        sandbox.stdin("abc123\n").run(&["screenshot", "i-1", "--via", "vnc", "--password-stdin", "-f", "-"]).ends(3);
    assert!(run.stderr.contains("rejected the VNC password: no!") && !run.stderr.contains("abc123"), "{run:#?}");
}

#[test]
fn a_screen_comes_from_far_away_too() {
    let sandbox = Sandbox::with_account(&account(Options::new(Clock::system())));
    let name = file(&sandbox, "a.png");
    let run =
        sandbox.run(&["screenshot", "gateway-01", "--region", "cn-wulanchabu", "-f", &name, "-o", "json"]).ends(0);
    assert_eq!(run.json()[0]["RegionId"], "cn-wulanchabu");
}

#[test]
fn the_name_of_the_file_decides_its_format() {
    let sandbox = Sandbox::new();
    let (jpg, gif) = (sandbox.path("a.jpg"), sandbox.path("a.gif"));
    let take = |file: &std::path::Path| {
        sandbox.run(&["screenshot", "--profile", "demo", "i-demo-linux", "-f", file.to_str().unwrap()])
    };
    take(&jpg).ends(0);
    let file = fs::read(&jpg).unwrap();
    // ITU-T T.81, B.1.1.3: SOI and the FF of the next marker; EOI at the end.
    assert!(file.starts_with(b"\xff\xd8\xff") && file.ends_with(b"\xff\xd9"));
    take(&gif).ends(2).says(&["cannot write a picture as GIF", ".png or .jpg"]);
    assert!(!gif.exists());
    let wait = ["wait", "--profile", "demo", "i-demo-linux", "--still", "1s", "--save", "a.webp"];
    sandbox.run(&wait).ends(2).says(&["cannot write a picture as WEBP"]);
    let script = Sandbox::new().stdin("screenshot a.bmp");
    script.run(&["script", "--profile", "demo", "i-demo-linux", "-"]).ends(2).says(&["line 1: ", "BMP"]);
}
