//! The binary on a terminal: questions whose answers are not shown.
#![cfg(target_os = "linux")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{ChildStdin, ChildStdout, Command};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use assert_cmd::cargo::cargo_bin;
use ecs_vnc::demo::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, Options};
use ecs_vnc::system::clock::Clock;

use crate::fake::{Fake, http};
use crate::profile_change::{text, with_keys};
use crate::sandbox::{Killed, Sandbox, account, until, watchdog, with_account};

/// The binary on a pseudo-terminal, which script(1) of util-linux makes.
struct Terminal {
    child: Killed,
    keyboard: ChildStdin,
    screen: ChildStdout,
    shown: String,
    _watchdog: Sender<()>,
}

impl Terminal {
    /// Starts the binary with words that a shell does not change; `None` if there is no script(1).
    fn start(sandbox: &Sandbox, args: &[&str]) -> Option<Self> {
        std::fs::metadata("/usr/bin/script").ok()?;
        let command = format!("{} {}", cargo_bin("ecs-vnc").display(), args.join(" "));
        let mut child = sandbox.spawn_program("/usr/bin/script", &["-qec", &command, "/dev/null"]);
        let (keyboard, screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let _watchdog = watchdog(child.id());
        Some(Self { child: Killed(child), keyboard, screen, shown: String::new(), _watchdog })
    }

    /// Waits for a question, and types the answer once the terminal does not echo any more.
    #[track_caller]
    fn answer(&mut self, question: &str, answer: &str) {
        self.wait_for(question);
        // The question comes first, and then the terminal is told not to echo.
        until("the terminal does not echo", || !self.is_echoing());
        writeln!(self.keyboard, "{answer}").unwrap();
    }

    fn is_echoing(&self) -> bool {
        let id = self.child.0.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        let terminal = format!("/proc/{}/fd/0", children.split(' ').next().unwrap());
        let settings = Command::new("stty").args(["-a", "-F", &terminal]).output().unwrap();
        !String::from_utf8(settings.stdout).unwrap().contains(" -echo ")
    }

    /// Waits for a question, and types an answer that is shown.
    #[track_caller]
    fn answer_shown(&mut self, question: &str, answer: &str) {
        self.wait_for(question);
        writeln!(self.keyboard, "{answer}").unwrap();
    }

    #[track_caller]
    fn wait_for(&mut self, question: &str) {
        let start = self.shown.len();
        while !self.shown[start..].contains(question) {
            let mut bytes = [0; 256];
            let count = self.screen.read(&mut bytes).unwrap();
            assert!(count > 0, "`{question}` was not asked: {}", self.shown);
            self.shown += &String::from_utf8_lossy(&bytes[..count]);
        }
    }

    /// The exit code, and all that was shown.
    fn end(mut self) -> (i32, String) {
        let mut rest = Vec::new();
        self.screen.read_to_end(&mut rest).unwrap();
        self.shown += &String::from_utf8_lossy(&rest);
        (self.child.0.wait().unwrap().code().unwrap(), self.shown)
    }
}

#[test]
fn password_set_looks_the_instance_up_before_it_asks() {
    let Some(terminal) = Terminal::start(&with_account(), &["password", "set", "i-nope"]) else { return };
    let (code, shown) = terminal.end();
    assert_eq!(code, 4, "{shown}");
    assert!(shown.contains("no instance i-nope") && !shown.contains("New VNC password"), "{shown}");
}

#[test]
fn password_set_asks_again_when_the_password_breaks_the_rule_or_differs() {
    let server = Fake::start(|_, request| match request.contains("Action=DescribeInstances&") {
        true => http("200 OK", "", r#"{"Instances":{"Instance":[{"InstanceId":"i-1","RegionId":"cn-hangzhou"}]}}"#),
        false => http("200 OK", "", r#"{"RequestId":"R-1"}"#),
    });
    let sandbox = Sandbox::with_account(&server.endpoint);
    let Some(mut terminal) = Terminal::start(&sandbox, &["password", "set", "i-1"]) else { return };
    terminal.answer("New VNC password", "qwe12");
    terminal.answer("six letters (a-z, A-Z) or digits; try again\r\nNew VNC password", "Qwe123");
    terminal.answer("Repeat the password", "Qwe124");
    terminal.answer("the two passwords differ; try again\r\nNew VNC password", "Qwe125");
    terminal.answer("Repeat the password", "Qwe125");
    let (code, shown) = terminal.end();
    assert!(code == 0 && !shown.to_lowercase().contains("qwe12"), "{code}: {shown}");
    let requests = server.requests_for("ModifyInstanceVncPasswd");
    assert!(requests.len() == 1 && requests[0].contains("&VncPassword=Qwe125&"), "{requests:?}");
}

#[test]
fn a_password_read_from_a_terminal_is_not_shown() {
    for args in [&["vnc-url", "--password-stdin", "i-demo-linux"][..], &["password", "set", "--stdin", "i-demo-linux"]]
    {
        let Some(mut terminal) = Terminal::start(&with_account(), args) else { return };
        terminal.answer("VNC password (not shown): ", "Qwe123");
        let (code, shown) = terminal.end();
        // The connect URL of vnc-url holds the password: it is the result.
        assert!(code == 0 && !shown.contains("shown): Qwe123") && !shown.contains("\nQwe123"), "{code}: {shown}");
    }
}

/// A VNC server that wants a password, and what it was answered. RFC 6143, sections 7.1 to 7.3.
fn server_with_password() -> (String, Receiver<[u8; 16]>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, responses) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, sender) = (stream.unwrap(), sender.clone());
            // The client leaves when it has no password.
            thread::spawn(move || drop(serve_with_password(&mut stream, &sender)));
        }
    });
    (address, responses)
}

fn serve_with_password(stream: &mut TcpStream, sender: &Sender<[u8; 16]>) -> std::io::Result<()> {
    stream.write_all(b"RFB 003.008\n")?;
    stream.read_exact(&mut [0; 12])?;
    stream.write_all(&[1, 2])?;
    stream.read_exact(&mut [0; 1])?;
    stream.write_all(&[7; 16])?;
    let mut response = [0; 16];
    stream.read_exact(&mut response)?;
    let _ = sender.send(response);
    stream.write_all(&[0; 4])?;
    stream.read_exact(&mut [0; 1])?;
    let format = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
    stream.write_all(&[&[0, 8, 0, 8][..], &format, &[0, 0, 0, 1, b'x']].concat())?;
    loop {
        let mut kind = [0; 4];
        stream.read_exact(&mut kind)?;
        let rest = match kind {
            [0, ..] => 16,                                            // SetPixelFormat
            [2, _, high, low] => 4 * u16::from_be_bytes([high, low]), // SetEncodings
            [3, ..] => 6,                                             // FramebufferUpdateRequest
            [4, ..] => 4,                                             // KeyEvent
            [5, ..] => 2,                                             // PointerEvent
            other => panic!("{other:?}"),
        };
        stream.read_exact(&mut vec![0; rest.into()])?;
        if kind[0] == 3 {
            // One Raw rectangle of 8 x 8 black pixels.
            stream.write_all(&[&[0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0, 8, 0, 0, 0, 0][..], &[0; 8 * 8 * 4]].concat())?;
        }
    }
}

#[test]
fn a_command_asks_for_the_password_that_the_console_wants() {
    let (address, responses) = server_with_password();
    let endpoint = account(Options::new(Clock::system()).vnc_target(address.parse().unwrap()));
    let sandbox = Sandbox::with_account(&endpoint);
    sandbox.run(&["key", "i-demo-linux", "enter"]).ends(3).says(&["asks for a VNC password", "--password-stdin"]);
    let Some(mut terminal) = Terminal::start(&sandbox, &["key", "i-demo-linux", "enter"]) else { return };
    terminal.answer("VNC password of i-demo-linux (not shown): ", "Qwe123");
    let (code, shown) = terminal.end();
    assert!(code == 0 && !shown.contains("Qwe123"), "{code}: {shown}");
    assert_ne!(responses.recv().unwrap(), [7; 16], "the challenge was encrypted");
}

#[test]
fn profile_add_asks_again_for_what_the_service_refuses() {
    let sandbox = with_keys("");
    let Some(mut terminal) = Terminal::start(&sandbox, &["profile", "add", "prod"]) else { return };
    terminal.answer_shown("Region (such as cn-hangzhou): ", "cn-beijng");
    terminal.answer_shown("AccessKeyId: ", ACCESS_KEY_ID);
    terminal.answer("AccessKeySecret (not shown): ", "wrong");
    // The region was not refused yet.
    terminal.answer_shown("AccessKeyId: ", ACCESS_KEY_ID);
    assert!(terminal.shown.contains("SignatureDoesNotMatch") && text(&sandbox).is_empty(), "{}", terminal.shown);
    terminal.answer("AccessKeySecret (not shown): ", ACCESS_KEY_SECRET);
    terminal.answer_shown("Region (such as cn-hangzhou): ", "cn-beijing");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("the account has no region cn-beijng") && !shown.contains(ACCESS_KEY_SECRET), "{shown}");
    assert!(text(&sandbox).contains("region_id = \"cn-beijing\""), "{}", text(&sandbox));
}
