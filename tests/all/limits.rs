//! What hostile programs and small limits of the system cannot do.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::relay::Relay;
use crate::sandbox::{Killed, Sandbox};
use crate::viewer::greet;

/// More than a relay (128) and a link (64) serve at a time.
const IDLE: usize = 400;

/// What an idle connection may keep others waiting is less than what it may idle: 5 s at a relay, 10 s at a link.
const AT_ONCE: Duration = Duration::from_secs(4);

#[test]
fn idle_connections_do_not_keep_a_viewer_from_a_relay() {
    let relay = Relay::start(&Sandbox::new(), 1, &["--profile", "demo", "i-demo-linux"]);
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| relay.viewer(0)).collect();
    let started = Instant::now();
    assert!(greet(&mut relay.viewer(0)).starts_with("i-demo-linux"));
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    drop(idle);
}

#[test]
fn idle_connections_do_not_keep_a_browser_from_a_link() {
    let mut child = Killed(Sandbox::new().spawn(&["open", "--profile", "demo", "--print", "i-demo-linux"]));
    let mut link = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut link).unwrap();
    let (address, path) = link.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| TcpStream::connect(address).unwrap()).collect();
    let started = Instant::now();
    let mut browser = TcpStream::connect(address).unwrap();
    browser.write_all(format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    browser.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    drop(idle);
}

/// Whether this system writes core dumps at all, and whether the binary's process leaves one.
#[cfg(target_os = "linux")]
#[test]
fn a_crash_leaves_no_core_dump() {
    use std::os::unix::process::ExitStatusExt as _;
    let sandbox = Sandbox::new();
    let home = sandbox.path("");
    let shell = |command: &str| {
        sandbox.spawn_program("sh", &["-c", &format!("cd {} && ulimit -c unlimited && {command}", home.display())])
    };
    if !shell("kill -ABRT $$").wait().unwrap().core_dumped() {
        return;
    }
    let binary = assert_cmd::cargo::cargo_bin("ecs-vnc");
    let mut relay = Killed(shell(&format!("exec {} relay --profile demo i-demo-linux", binary.display())));
    BufReader::new(relay.0.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
    let id = relay.0.id().to_string();
    assert!(std::process::Command::new("sh").args(["-c", &format!("kill -ABRT {id}")]).status().unwrap().success());
    let status = relay.0.wait().unwrap();
    assert!(status.signal() == Some(6) && !status.core_dumped(), "{status}");
}
