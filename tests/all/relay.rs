//! `relay`: where it listens, what a viewer gets, and how a console ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::ChildStderr;
use std::sync::mpsc::Sender;
use std::time::Duration;

use serde_json::Value;

use crate::fake::{Fake, Reply, console, http, switching};
use crate::sandbox::{Killed, Sandbox, watchdog, with_account};
#[cfg(unix)]
use crate::sandbox::{interrupt, signal, take_hangups};
use crate::viewer::{answer_greeting, greet, hears_the_end, is_refused};

/// `relay` as it runs.
pub(crate) struct Relay {
    child: Killed,
    lines: Vec<Value>,
    stderr: BufReader<ChildStderr>,
    /// Dropped with it.
    _watchdog: Sender<()>,
}

impl Relay {
    /// Starts it, and reads the lines of so many instances.
    pub(crate) fn start(sandbox: &Sandbox, count: usize, args: &[&str]) -> Self {
        let mut child = sandbox.spawn(&[&["relay", "-o", "json"], args].concat());
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let _watchdog = watchdog(child.id());
        let mut relay = Self { child: Killed(child), lines: Vec::new(), stderr, _watchdog };
        for _ in 0..count {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            match serde_json::from_str(&line) {
                Ok(line) => relay.lines.push(line),
                Err(_) => panic!("no line, but {:?}", relay.end()),
            }
        }
        relay
    }

    pub(crate) fn viewer(&self, index: usize) -> TcpStream {
        let line = &self.lines[index];
        let viewer =
            TcpStream::connect((line["Host"].as_str().unwrap(), line["Port"].as_u64().unwrap() as u16)).unwrap();
        viewer.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        viewer
    }

    /// The first line of stderr that holds `part`.
    #[track_caller]
    pub(crate) fn says(&mut self, part: &str) -> String {
        let mut before = String::new();
        loop {
            let mut line = String::new();
            assert!(self.stderr.read_line(&mut line).unwrap() > 0, "`{part}` is not in {before}");
            if line.contains(part) {
                return line;
            }
            before += &line;
        }
    }

    /// How it ends by itself, and the rest of stderr.
    pub(crate) fn end(mut self) -> (i32, String) {
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).unwrap();
        (self.child.0.wait().unwrap().code().unwrap(), stderr)
    }
}

#[test]
fn a_viewer_leaves_and_comes_back() {
    let relay = Relay::start(&Sandbox::new(), 1, &["--profile", "demo", "i-demo-linux"]);
    let line = relay.lines[0].as_object().unwrap();
    assert_eq!(line.keys().collect::<Vec<_>>(), ["Host", "InstanceId", "Port", "RegionId", "Socket"]);
    assert_eq!(
        (&line["InstanceId"], &line["Host"], &line["Socket"]),
        (&"i-demo-linux".into(), &"127.0.0.1".into(), &Value::Null)
    );
    for _ in 0..3 {
        // Its name says how old its VncUrl is: each has its own.
        let name = greet(&mut relay.viewer(0));
        assert!(name.starts_with("i-demo-linux (connected after "), "{name}");
    }
}

#[test]
fn each_instance_has_a_port_of_its_own() {
    let ids = ["i-demo-windows", "i-demo-linux"];
    let relay = Relay::start(&Sandbox::new(), 2, &["--profile", "demo", ids[0], ids[1]]);
    for (index, id) in ids.iter().enumerate() {
        assert_eq!(relay.lines[index]["InstanceId"], *id);
        assert!(greet(&mut relay.viewer(index)).starts_with(id));
    }
    // Ports from a given one on.
    let first = loop {
        let (one, two) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
        let port = one.local_addr().unwrap().port();
        drop((one, two));
        if port < 65_000 && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            break port;
        }
    };
    let relay = Relay::start(&Sandbox::new(), 2, &["--profile", "demo", "--port", &first.to_string(), ids[0], ids[1]]);
    assert_eq!((&relay.lines[0]["Port"], &relay.lines[1]["Port"]), (&first.into(), &(first + 1).into()));
}

#[test]
fn text_is_what_a_viewer_is_told() {
    let sandbox = Sandbox::new();
    let mut child = Killed(sandbox.spawn(&["relay", "--profile", "demo", "i-demo-linux"]));
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim_end().strip_prefix("127.0.0.1::").unwrap().parse::<u16>().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
}

#[test]
fn what_cannot_be_listened_on_is_told_before_anything_is_minted() {
    let demo = |args: &[&str]| Sandbox::new().run(&[&["relay", "--profile", "demo", "i-demo-linux"], args].concat());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    demo(&["--port", &port]).ends(30).says(&[&format!("could not listen on 127.0.0.1:{port}"), "--port"]);
    demo(&["--listen", "0.0.0.0"]).ends(2).says(&["other machines", "--allow-remote"]);
    demo(&["--listen", "192.0.2.1", "--allow-remote"]).ends(30).says(&["could not listen on 192.0.2.1:0"]);
    demo(&["--port", "65535", "i-demo-windows"]).ends(2).says(&["2 instances need 2 ports"]);
    demo(&["--unix", "/nonexistent/x", "i-demo-windows"]).ends(2).says(&["one instance"]);
    demo(&["--unix", "x", "--port", "1"]).ends(2).says(&["cannot be used with"]);
    for (bad, why) in [("forever", "not a time"), ("1ms", "at least 100ms"), ("999h", "at most 720h")] {
        demo(&["--keepalive", bad]).ends(2).says(&["--keepalive", why]);
    }
    Sandbox::new().run(&["relay", "--profile", "demo"]).ends(2).says(&["INSTANCE"]);
    Sandbox::new().run(&["relay", "--profile", "demo", "none-such", "i-demo-linux"]).ends(4).says(&["none-such"]);
}

#[test]
fn whoever_lets_others_in_is_warned() {
    let mut relay = Relay::start(
        &Sandbox::new(),
        1,
        &["--profile", "demo", "--listen", "0.0.0.0", "--allow-remote", "i-demo-linux"],
    );
    relay.says("warning: anyone who can reach 0.0.0.0 can use the console");
}

#[test]
fn an_instance_without_a_console_is_told_and_the_relay_goes_on() {
    // Without ecs:DescribeInstances, the status is not known before a viewer connects.
    let narrow = with_account()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "demo-narrow-key-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "demo-narrow-secret");
    let mut relay = Relay::start(&narrow, 2, &["i-demo-stopped", "i-demo-linux"]);
    for _ in 0..2 {
        is_refused(&mut relay.viewer(0));
        assert!(relay.says("IncorrectInstanceStatus").contains(r#""InstanceId":"i-demo-stopped""#));
    }
    greet(&mut relay.viewer(1));
}

#[test]
fn a_stopped_instance_is_refused_by_id_as_by_name() {
    let sandbox = with_account();
    for instance in ["i-demo-stopped", "db-01"] {
        let run = sandbox.run(&["relay", instance]).ends(5);
        run.says(&["i-demo-stopped is Stopped", "ecs-vnc start i-demo-stopped --region cn-hangzhou"]);
    }
}

#[test]
fn the_time_limit_is_also_that_of_a_viewers_url() {
    let server = Fake::start(|_, request| match request.contains("Action=DescribeInstanceVncUrl&") {
        true => Reply::Silence,
        false => http("403 Forbidden", "", r#"{"Code":"Forbidden.RAM","Message":"No."}"#),
    });
    let mut relay = Relay::start(&Sandbox::with_account(&server.endpoint), 1, &["i-1", "--timeout", "1"]);
    is_refused(&mut relay.viewer(0));
    relay.says("within the time limit of 1 s");
}

#[test]
fn the_users_own_viewers_take_over_from_each_other_and_are_no_fight() {
    let mut relay = Relay::start(&Sandbox::new(), 1, &["--profile", "demo", "-v", "i-demo-linux"]);
    let mut viewers = Vec::new();
    for number in 0..4 {
        let mut viewer = relay.viewer(0);
        greet(&mut viewer);
        viewers.push(viewer);
        if number > 0 {
            hears_the_end(&mut viewers[number - 1]);
            relay.says("another viewer of this command has the console now");
        }
    }
    // The last one still has it: it is answered.
    let last = &mut viewers[3];
    last.write_all(&[3, 0, 0, 0, 0, 0, 0, 1, 0, 1]).unwrap();
    last.read_exact(&mut [0; 4]).unwrap();
}

#[test]
fn more_than_30_viewers_a_minute_are_not_even_asked_for() {
    let server = Fake::start(|_, _| http("403 Forbidden", "", r#"{"Code":"Forbidden.RAM","Message":"No."}"#));
    let mut relay = Relay::start(&Sandbox::with_account(&server.endpoint), 2, &["i-1", "i-1"]);
    // Whatever port they come by: the instance is the same.
    for number in 0..30 {
        is_refused(&mut relay.viewer(number % 2));
    }
    assert_eq!(server.requests_for("DescribeInstanceVncUrl").len(), 30);
    is_refused(&mut relay.viewer(0));
    assert!(relay.says("30 connections within a minute").contains("connect again in "));
    assert_eq!(server.requests_for("DescribeInstanceVncUrl").len(), 30);
}

#[cfg(unix)]
#[test]
fn whatever_asks_it_to_end_the_socket_is_gone() {
    take_hangups();
    for name in ["INT", "TERM", "HUP"] {
        // Without a terminal, only Linux tells that SIGHUP is not ignored.
        if name == "HUP" && !cfg!(target_os = "linux") {
            continue;
        }
        let sandbox = Sandbox::new();
        let path = sandbox.path("private/console");
        let mut relay =
            Relay::start(&sandbox, 1, &["--profile", "demo", "--unix", path.to_str().unwrap(), "i-demo-linux"]);
        assert!(path.exists());
        // Ctrl-C is how it is meant to end.
        assert_eq!(signal(&mut relay.child.0, name), Some(if name == "INT" { 0 } else { 130 }), "{name}");
        assert!(!path.exists(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_in_the_middle_of_a_session_and_the_socket_is_gone() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixStream;

    let sandbox = Sandbox::new();
    let (dir, path) = (sandbox.path("private"), sandbox.path("private/console"));
    let mut relay = Relay::start(&sandbox, 1, &["--profile", "demo", "--unix", path.to_str().unwrap(), "i-demo-linux"]);
    assert_eq!((&relay.lines[0]["Socket"], &relay.lines[0]["Port"]), (&path.to_str().unwrap().into(), &Value::Null));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&dir)), (0o600, 0o700));
    let mut viewer = UnixStream::connect(&path).unwrap();
    viewer.read_exact(&mut [0; 12]).unwrap();
    assert_eq!(interrupt(&mut relay.child.0), Some(0));
    assert!(!path.exists() && dir.exists());
}

/// What a viewer of this console hears after the greeting, and what the relay says about its end.
fn heard(part: &str, serve: impl Fn(TcpStream, &str) + Send + Sync + 'static) -> (Vec<u8>, String) {
    let (account, _asked) = console(serve);
    let mut relay = Relay::start(&Sandbox::with_account(&account.endpoint), 1, &["i-1"]);
    let mut viewer = relay.viewer(0);
    answer_greeting(&mut viewer);
    let mut heard = Vec::new();
    let _ = viewer.read_to_end(&mut heard);
    (heard, relay.says(part))
}

#[test]
fn the_console_is_asked_for_as_it_wants() {
    let (account, asked) = console(|mut stream, header| {
        stream.write_all(switching(header).as_bytes()).unwrap();
        // The viewer's version, in a masked frame.
        stream.read_exact(&mut [0; 18]).unwrap();
        // A text in parts, with a ping between them.
        stream.write_all(b"\x02\x03RFB\x89\x00\x80\x03 00").unwrap();
        let mut pong = [0; 6];
        stream.read_exact(&mut pong).unwrap();
        assert_eq!(pong[..2], [0x8A, 0x80]);
        stream.write_all(b"\x82\x083.008\nhi").unwrap();
        stream.write_all(b"\x88\x02\x03\xE8").unwrap();
    });
    let relay = Relay::start(&Sandbox::with_account(&account.endpoint), 1, &["i-1"]);
    let mut viewer = relay.viewer(0);
    answer_greeting(&mut viewer);
    let mut heard = Vec::new();
    viewer.read_to_end(&mut heard).unwrap();
    assert_eq!(heard, b"hi");
    let header = asked.recv().unwrap();
    assert!(header.starts_with("GET /websockify/?s=to%2Fken HTTP/1.1\r\n"), "{header}");
    for line in
        ["sec-websocket-protocol: binary", "sec-websocket-version: 13", "upgrade: websocket", "connection: Upgrade"]
    {
        assert!(header.contains(&format!("\r\n{line}\r\n")), "{header}");
    }
    assert!(!header.contains("origin:") && !header.contains("cookie:"), "{header}");
}

#[test]
fn a_console_that_does_not_open_is_told_with_what_to_do() {
    let answer = |text: &'static str| move |mut stream: TcpStream, _: &str| drop(stream.write_all(text.as_bytes()));
    let opened = |change: fn(String) -> String| {
        move |mut stream: TcpStream, header: &str| drop(stream.write_all(change(switching(header)).as_bytes()))
    };
    let (_, line) = heard("could not open the console", answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    assert!(line.contains("the console at 127.0.0.1:") && line.contains("HTTP 403"), "{line}");
    let (_, line) = heard("could not open the console", answer("HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n"));
    assert!(line.contains("HTTP 429"), "{line}");
    let (_, line) = heard("could not open the console", opened(|text| text.replace("Accept: ", "Accept: x")));
    assert!(line.contains("does not match the key"), "{line}");
    let (_, line) =
        heard("could not open the console", opened(|text| text.replace("Protocol: binary", "Protocol: base64")));
    assert!(line.contains("the subprotocol is not `binary`"), "{line}");
    let (_, line) = heard("could not connect", |stream, _| drop(stream));
    assert!(line.contains("the console at 127.0.0.1:"), "{line}");
    assert!(!line.contains("ken"), "{line}");
}

#[test]
fn faults_of_a_console_end_the_viewer_and_are_told() {
    for (wire, part) in [
        (&b"\x81\x01x"[..], "a text frame"),
        (b"\x82\x7F\xFF\0\0\0\0\0\0\0", "more than 67108864"),
        (b"\x82\x85abcdhello", "a masked frame"),
        (b"\x88\x07\x03\xF3sorry", "sorry"),
        (b"\x82\x7E", "before it showed a desktop"),
    ] {
        let (said, line) = heard("warning: i-1: the console was lost: ", move |mut stream, header| {
            stream.write_all(switching(header).as_bytes()).unwrap();
            // The viewer's version, in a masked frame.
            stream.read_exact(&mut [0; 18]).unwrap();
            stream.write_all(b"\x82\x0eRFB 003.008\nhi").unwrap();
            let _ = stream.write_all(wire);
        });
        assert_eq!(said, b"hi", "{line}");
        assert!(line.contains(part), "{line}");
    }
}

#[test]
fn a_connection_that_is_no_viewer_costs_the_viewer_nothing() {
    let mut relay = Relay::start(&Sandbox::new(), 1, &["--profile", "demo", "-v", "i-demo-linux"]);
    let mut viewer = relay.viewer(0);
    greet(&mut viewer);
    // More than two short sessions, which would look like a takeover.
    for said in [&b""[..], b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"", b"RFB", b"RFB 003,008\n"] {
        let mut stranger = relay.viewer(0);
        stranger.read_exact(&mut [0; 12]).unwrap();
        stranger.write_all(said).unwrap();
        stranger.shutdown(Shutdown::Write).unwrap();
        hears_the_end(&mut stranger);
        relay.says("ignored the connection from 127.0.0.1:");
    }
    viewer.write_all(&[3, 0, 0, 0, 0, 0, 0, 1, 0, 1]).unwrap();
    viewer.read_exact(&mut [0; 4]).unwrap();
}

#[test]
fn a_url_is_requested_when_the_viewer_has_answered() {
    let server = Fake::start(|_, _| http("403 Forbidden", "", r#"{"Code":"Forbidden.RAM","Message":"No."}"#));
    let mut relay = Relay::start(&Sandbox::with_account(&server.endpoint), 1, &["-v", "i-1"]);
    let mut stranger = relay.viewer(0);
    stranger.read_exact(&mut [0; 12]).unwrap();
    // It says nothing, and is let go.
    hears_the_end(&mut stranger);
    relay.says("it sent no RFB version within 5 s");
    assert_eq!(server.requests_for("DescribeInstanceVncUrl").len(), 0);
    is_refused(&mut relay.viewer(0));
    assert_eq!(server.requests_for("DescribeInstanceVncUrl").len(), 1);
}

#[test]
fn a_console_of_an_older_version_is_told_and_greets_the_next_viewer() {
    let (account, _asked) = console(|mut stream, header| {
        stream.write_all(switching(header).as_bytes()).unwrap();
        stream.write_all(b"\x82\x0cRFB 003.003\n").unwrap();
        // The viewer's version, in a masked frame.
        let mut frame = [0; 18];
        if stream.read_exact(&mut frame).is_ok() {
            let _ = stream.write_all(b"\x82\x04\0\0\0\x01\x88\0");
        }
    });
    let mut relay = Relay::start(&Sandbox::with_account(&account.endpoint), 1, &["i-1"]);
    is_refused(&mut relay.viewer(0));
    relay.says("the console speaks an older RFB version than the viewer was greeted with; connect the viewer again");
    let mut viewer = relay.viewer(0);
    let mut version = [0; 12];
    viewer.read_exact(&mut version).unwrap();
    assert_eq!(&version, b"RFB 003.003\n");
    viewer.write_all(&version).unwrap();
    let mut security = [0; 4];
    viewer.read_exact(&mut security).unwrap();
    assert_eq!(security, [0, 0, 0, 1]);
}
