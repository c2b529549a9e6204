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

/// Runs the binary as another user, if this is root: limits on processes do not count for root.
#[cfg(target_os = "linux")]
fn limited(limits: &[&str], args: &[&str]) -> Option<(i32, String)> {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    std::fs::metadata("/usr/bin/prlimit").ok()?;
    let home = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    // The other user may not be able to reach the directory of the build. Another process copies it: a program that another
    // test starts meanwhile would inherit the file open for writing, and Linux executes no such file.
    let binary = home.path().join("ecs-vnc");
    let copied = std::process::Command::new("cp").arg(assert_cmd::cargo::cargo_bin("ecs-vnc")).arg(&binary).status();
    assert!(copied.unwrap().success());
    let mut command = std::process::Command::new("/usr/bin/prlimit");
    command.args(limits).arg(&binary).args(args).env_clear().stdin(std::process::Stdio::null());
    command.env("HOME", home.path()).env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id").env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
    if std::os::unix::fs::chown(home.path(), Some(65_534), None).is_ok() {
        command.uid(65_534);
    }
    let output = command.output().unwrap();
    assert!(output.status.code().is_some(), "{limits:?} {args:?}: {}", output.status);
    Some((output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap()))
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_threads_or_files_ends_in_an_error() {
    let by_name = &["vnc-url", "--endpoint", "http://name.invalid", "--region", "cn-x", "--no-windows", "i-1"][..];
    for args in [by_name, &["list", "--profile", "demo"], &["profile", "add", "new", "--no-verify"]] {
        for count in 1..4 {
            let Some((code, stderr)) = limited(&[&format!("--nproc={count}")], args) else { return };
            assert!(code < 128 && !stderr.contains("panicked"), "{count} {args:?}: {code} {stderr}");
            assert!(count > 1 || (code == 1 && stderr.contains("could not start a thread")), "{code} {stderr}");
        }
    }
    // Below that the system cannot load the binary.
    for count in 5..20 {
        let Some((code, stderr)) = limited(&[&format!("--nofile={count}")], by_name) else { return };
        assert!(matches!(code, 1 | 2 | 10) && !stderr.contains("panicked"), "{count}: {code} {stderr}");
        assert!(stderr.starts_with("error: ") || stderr.contains("\nerror: "), "{count}: {stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_given_as_a_file_obeys_the_time_limit() {
    let sandbox = Sandbox::new();
    let pipe = sandbox.path("pipe").display().to_string();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for args in [
        &["vnc-url", "--profile", "demo", "--config", &pipe, "i-demo-linux"][..],
        &["profile", "list", "--config", &pipe],
        &["profile", "add", "new", "--no-verify", "--config", &pipe],
        &["script", "--profile", "demo", "i-demo-linux", &pipe],
        &["type", "--profile", "demo", "i-demo-linux", "--file", &pipe],
    ] {
        let started = Instant::now();
        sandbox.run(&[args, &["--timeout", "1"]].concat()).ends(40).says(&["a pipe or a device"]);
        assert!(started.elapsed() < Duration::from_secs(20), "{args:?}: {:?}", started.elapsed());
    }
}
