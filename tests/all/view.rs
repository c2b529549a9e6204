//! `view`: which viewer is started and how, and when it is started again or ended.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use crate::fake::{console, switching};
use crate::sandbox::{Killed, Sandbox, interrupt, until, watchdog, with_account};
use crate::viewer::{answer_greeting, greet, hears_the_end, is_refused};

/// Says in `args` how it was started and as which process, a line each time, and stays until `end` is there, or its home is
/// gone: a killed `view` leaves it behind.
const VIEWER: &str =
    r#"echo "$$ $*" >> args; while [ -e args ] && ! [ -e end ]; do sleep 0.05; done; exit "$(cat end)""#;

/// `view`, and the directory in which its viewer waits.
struct View {
    child: Killed,
    sandbox: Sandbox,
    _watchdog: Sender<()>,
}

impl View {
    fn start(sandbox: Sandbox, arguments: &str, args: &[&str]) -> Self {
        let home = sandbox.path("").display().to_string();
        let viewer = sandbox.script("viewer", &format!("cd '{home}'\n{VIEWER}"));
        let sandbox = sandbox.env("ECS_VNC_VIEWER", &format!("{viewer} {arguments}"));
        let child = sandbox.spawn(&[&["view"], args].concat());
        let _watchdog = watchdog(child.id());
        Self { child: Killed(child), sandbox, _watchdog }
    }

    /// The process and the arguments of the viewer that was started as this, from 1.
    fn started(&self, number: usize) -> (u32, String) {
        let mut found = None;
        until("a viewer's start", || {
            let lines = fs::read_to_string(self.sandbox.path("args")).unwrap_or_default();
            found = lines.split_inclusive('\n').nth(number - 1).filter(|line| line.ends_with('\n')).map(str::to_owned);
            found.is_some()
        });
        let line = found.unwrap();
        let (process, arguments) = line.trim_end().split_once(' ').unwrap();
        (process.parse().unwrap(), arguments.to_owned())
    }

    /// A viewer that connects where the one of this number was told to.
    fn connect(&self, number: usize) -> TcpStream {
        let (host, port) = self
            .started(number)
            .1
            .split_once("::")
            .map(|(host, port)| (host.to_owned(), port.parse::<u16>().unwrap()))
            .unwrap();
        let viewer = TcpStream::connect((host, port)).unwrap();
        viewer.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        viewer
    }

    /// Lets the viewer end by itself.
    fn end(&self, code: u8) {
        fs::write(self.sandbox.path("end.new"), code.to_string()).unwrap();
        fs::rename(self.sandbox.path("end.new"), self.sandbox.path("end")).unwrap();
    }

    /// How it ends: exit code, stdout, stderr.
    fn ends(&mut self) -> (i32, String, String) {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.child.0.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        self.child.0.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        (self.child.0.wait().unwrap().code().unwrap(), stdout, stderr)
    }
}

fn has_ended(process: u32) -> bool {
    // The shell's own: not every system has /proc.
    let asked = Command::new("sh").args(["-c", &format!("kill -0 {process}")]).stderr(Stdio::null()).status();
    !asked.unwrap().success()
}

#[test]
fn it_ends_with_its_viewer() {
    let mut view = View::start(Sandbox::new(), "-x", &["--profile", "demo", "i-demo-linux"]);
    assert!(view.started(1).1.starts_with("-x 127.0.0.1::"));
    let name = {
        let port = view.started(1).1.rsplit(':').next().unwrap().parse::<u16>().unwrap();
        greet(&mut TcpStream::connect(("127.0.0.1", port)).unwrap())
    };
    assert!(name.starts_with("i-demo-linux"), "{name}");
    view.end(0);
    let (code, stdout, stderr) = view.ends();
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (0, "", 3), "{stderr}");
}

#[test]
fn a_quiet_one_says_nothing_of_a_takeover() {
    let mut view = View::start(Sandbox::new(), "", &["-q", "--profile", "demo", "i-demo-linux"]);
    greet(&mut view.connect(1));
    view.end(0);
    assert_eq!(view.ends(), (0, String::new(), String::new()));
}

#[test]
fn a_viewer_that_fails_is_a_failure_with_its_last_words() {
    let mut view = View::start(Sandbox::new(), "", &["--profile", "demo", "i-demo-linux"]);
    view.started(1);
    view.end(7);
    let (code, stdout, stderr) = view.ends();
    assert_eq!((code, stdout.as_str()), (30, ""));
    assert!(stderr.contains("exited before connecting (exit status 7)") && stderr.contains("--viewer"), "{stderr}");
    let sandbox = Sandbox::new();
    let script = sandbox.script("broken", "echo 'Cannot open display' >&2; exit 1");
    sandbox
        .run(&["view", "--profile", "demo", "--viewer", &script, "i-demo-linux"])
        .ends(30)
        .says(&["Cannot open display"]);
}

/// It prints where, serves the test's own viewer there, and ends with Ctrl-C; gives what it has said on stderr.
fn serves_until_ctrl_c(sandbox: &Sandbox) -> String {
    let mut child = Killed(sandbox.spawn(&["view", "--profile", "demo", "i-demo-linux"]));
    let _watchdog = watchdog(child.0.id());
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim_end().strip_prefix("127.0.0.1::").unwrap().parse::<u16>().unwrap();
    greet(&mut TcpStream::connect(("127.0.0.1", port)).unwrap());
    assert_eq!(interrupt(&mut child.0), Some(0));
    let mut stderr = String::new();
    child.0.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    stderr
}

#[cfg(target_os = "linux")]
#[test]
fn a_viewer_that_was_only_found_and_fails_is_not_the_end() {
    let sandbox = Sandbox::new();
    sandbox.script("xtigervncviewer", "echo \"Can't open display\" >&2; exit 1");
    let home = sandbox.path("").display().to_string();
    let sandbox = sandbox.env("PATH", &format!("{home}:/usr/bin:/bin")).env("DISPLAY", ":4242");
    let stderr = serves_until_ctrl_c(&sandbox);
    assert!(
        stderr.contains("the viewer \"TigerVNC\" exited before connecting") && stderr.contains("Can't open"),
        "{stderr}"
    );
}

#[test]
fn a_viewer_whose_password_is_refused_is_left_alone() {
    let served = AtomicUsize::new(0);
    let (account, asked) = console(move |mut stream, header| {
        stream.write_all(switching(header).as_bytes()).unwrap();
        if served.fetch_add(1, Ordering::Relaxed) == 0 {
            // The viewer leaves before it is shown anything.
            let _ = stream.read_to_end(&mut Vec::new());
        } else {
            stream.write_all(b"\x88\0").unwrap();
        }
    });
    let mut view = View::start(Sandbox::with_account(&account.endpoint), "", &["i-1", "--no-share"]);
    answer_greeting(&mut view.connect(1));
    // Its console is the first one only if the next viewer comes later.
    asked.recv().unwrap();
    for _ in 0..2 {
        is_refused(&mut view.connect(1));
    }
    assert!(!has_ended(view.started(1).0));
    view.end(0);
    let (code, _, stderr) = view.ends();
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("before it showed a desktop") && !stderr.contains("reconnecting in"), "{stderr}");
}

#[test]
fn what_cannot_work_is_told_before_anything_is_started() {
    let demo = |args: &[&str]| Sandbox::new().run(&[&["view", "--profile", "demo", "i-demo-linux"], args].concat());
    demo(&["--viewer", "none-such {host}"]).ends(30).says(&["viewer not found: none-such", "ECS_VNC_VIEWER"]);
    demo(&["--viewer", "'"]).ends(30).says(&["not a command line"]);
    demo(&["--viewer", "sh {display}", "--port", "1234"]).ends(2).says(&["--port 1234 is not a display"]);
    Sandbox::new().run(&["view", "--profile", "demo", "none-such"]).ends(4).says(&["none-such"]);
    Sandbox::new().run(&["view", "--profile", "demo"]).ends(2).says(&["INSTANCE"]);
}

#[test]
fn a_console_that_cannot_be_had_ends_the_viewer_and_the_command() {
    let mut view = View::start(with_account(), "", &["i-demo-stopped"]);
    let (process, _) = view.started(1);
    is_refused(&mut view.connect(1));
    let (code, _, stderr) = view.ends();
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("IncorrectInstanceStatus"), "{stderr}");
    until("the viewer's end", || has_ended(process));
}

#[test]
fn a_drop_starts_the_viewer_again_and_two_in_a_row_are_somebody_else() {
    let account = crate::sandbox::account(ecs_vnc::demo::Options::new(ecs_vnc::system::clock::Clock::system()));
    let mut view = View::start(Sandbox::with_account(&account), "", &["i-demo-linux", "--no-share"]);
    let mut before = 0;
    for number in 1..=2 {
        let (process, _) = view.started(number);
        assert_ne!(process, before);
        before = process;
        let mut viewer = view.connect(number);
        // Each has a VncUrl of its own, and it is fresh.
        assert!(greet(&mut viewer).starts_with("i-demo-linux (connected after "));
        // Somebody else takes the console.
        let other = View::start(Sandbox::with_account(&account), "", &["i-demo-linux"]);
        greet(&mut other.connect(1));
        hears_the_end(&mut viewer);
        until("the viewer's end", || has_ended(process));
    }
    let (code, _, stderr) = view.ends();
    assert_eq!(code, 11, "{stderr}");
    assert!(stderr.contains("reconnecting in 1 s") && stderr.contains("somebody else"), "{stderr}");
}

#[test]
fn the_viewer_stays_when_the_session_is_lost() {
    let sandbox = with_account();
    let mut view = View::start(sandbox, "", &["i-demo-linux"]);
    let (process, _) = view.started(1);
    let mut viewer = view.connect(1);
    greet(&mut viewer);
    let sessions = view.sandbox.run(&["sessions", "-o", "json"]).ends(0).json();
    assert_eq!(sessions[0]["Clients"], 1, "the viewer counts once");
    let take_over = || view.sandbox.run(&["key", "i-demo-linux", "shift", "--no-share"]).ends(0);
    take_over();
    // The console is back once another command has got its screen through it.
    let screenshot = ["screenshot", "i-demo-linux", "--via", "vnc", "-f", "/dev/null", "-v"];
    view.sandbox.run(&screenshot).ends(0).says(&["joined the session of `ecs-vnc view` (process "]);
    assert!(!has_ended(process));
    viewer.set_nonblocking(true).unwrap();
    assert_eq!(viewer.read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "it is connected");
    viewer.set_nonblocking(false).unwrap();
    take_over();
    hears_the_end(&mut viewer);
    let (code, _, stderr) = view.ends();
    assert_eq!(code, 11, "{stderr}");
    assert!(stderr.contains("reconnecting in 1 s") && stderr.contains("somebody else"), "{stderr}");
    until("the viewer's end", || has_ended(process));
}

/// The console asks for its password, which only its viewer knows: the viewer has a session of its own.
#[test]
fn a_console_with_a_password_is_shared_only_if_that_is_known() {
    let serve = |mut stream: TcpStream, header: &str| {
        stream.write_all(switching(header).as_bytes()).unwrap();
        // RFC 6143, section 7.1: VNC authentication only.
        let said = [b"RFB 003.008\n", &[1, 2][..]].concat();
        stream.write_all(&[&[0x82, said.len() as u8], &said[..]].concat()).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    };
    let (account, _asked) = console(serve);
    let mut view = View::start(Sandbox::with_account(&account.endpoint), "", &["i-1"]);
    let mut viewer = view.connect(1);
    answer_greeting(&mut viewer);
    let mut types = [0; 2];
    viewer.read_exact(&mut types).unwrap();
    assert_eq!(types, [1, 2], "the console's own question");
    view.end(0);
    drop(viewer);
    let (code, _, stderr) = view.ends();
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("password") && stderr.contains("the session is not shared"), "{stderr}");
}

#[test]
fn a_console_that_is_not_back_yet_is_tried_again() {
    let served = AtomicUsize::new(0);
    let (account, _asked) = console(move |mut stream, header| {
        stream.write_all(switching(header).as_bytes()).unwrap();
        // Before the second shows a desktop, it closes.
        if served.fetch_add(1, Ordering::Relaxed) != 1 {
            // RFC 6143, sections 7.1 to 7.3, all that a server says, in one frame; then the end.
            let said = [b"RFB 003.008\n", &[1, 1, 0, 0, 0, 0][..], &[0; 23], &[1, b'n']].concat();
            stream.write_all(&[&[0x82, said.len() as u8], &said[..]].concat()).unwrap();
            // The version, the type and ClientInit, in masked frames.
            let mut heard = 0;
            while heard < 12 + 1 + 1 {
                let mut head = [0; 6];
                stream.read_exact(&mut head).unwrap();
                let length = usize::from(head[1] & 0x7F);
                stream.read_exact(&mut vec![0; length]).unwrap();
                heard += length;
            }
        }
        stream.write_all(b"\x88\0").unwrap();
    });
    let view = View::start(Sandbox::with_account(&account.endpoint), "", &["i-1", "--no-share"]);
    let mut viewer = view.connect(1);
    greet(&mut viewer);
    hears_the_end(&mut viewer);
    is_refused(&mut view.connect(2));
    assert_eq!(greet(&mut view.connect(3)), "n");
}

#[test]
fn without_a_viewer_it_serves_and_says_where() {
    let stderr = serves_until_ctrl_c(&Sandbox::new());
    assert!(stderr.starts_with("warning: ") && stderr.contains("serving until Ctrl-C"), "{stderr}");
}

#[test]
fn a_viewer_may_want_a_socket_or_a_display() {
    let sandbox = Sandbox::new();
    let runtime = sandbox.path("run");
    fs::create_dir(&runtime).unwrap();
    let sandbox = sandbox.env("XDG_RUNTIME_DIR", runtime.to_str().unwrap());
    let mut view = View::start(sandbox, "--to {socket} '{title}'", &["--profile", "demo", "i-demo-linux"]);
    let arguments = view.started(1).1;
    let process = view.started(1).0;
    let path = arguments.strip_prefix("--to ").unwrap().strip_suffix(" i-demo-linux").unwrap();
    greet(&mut UnixStream::connect(path).unwrap());
    assert_eq!(interrupt(&mut view.child.0), Some(130));
    assert!(!std::path::Path::new(path).exists());
    until("the viewer's end", || has_ended(process));

    let view = View::start(Sandbox::new(), "{host}:{display}", &["--profile", "demo", "i-demo-linux"]);
    let display = view.started(1).1.strip_prefix("127.0.0.1:").unwrap().parse::<u16>().unwrap();
    assert!(display < 100, "{display}");
    greet(&mut TcpStream::connect(("127.0.0.1", 5900 + display)).unwrap());
}
