//! Ctrl-C ends the program at every moment, with 130 where it interrupts something.
#![cfg(target_os = "linux")]

use std::process::Command;

use crate::fake::{Fake, Reply, good};
use crate::sandbox::{Sandbox, interrupt, until};

/// Waits until the process has done what it can and sleeps.
fn is_asleep(pid: u32) -> bool {
    // proc(5): the state follows the name in parentheses.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(") ").unwrap().1.starts_with('S')
}

#[test]
fn while_it_waits_for_stdin() {
    let sandbox = Sandbox::new();
    for args in [
        &["vnc-url", "--profile", "demo", "--password-stdin", "i-demo-linux"][..],
        &["open", "--profile", "demo", "--print", "--password-stdin", "i-demo-linux"],
        &["profile", "add", "new", "--no-verify"],
        &["password", "set", "--profile", "demo", "i-demo-linux"],
    ] {
        let mut child = sandbox.spawn(args);
        until("it waits", || is_asleep(child.id()));
        assert_eq!(interrupt(&mut child), Some(130), "{args:?}");
    }
}

#[test]
fn while_it_reads_a_file_that_does_not_end() {
    let sandbox = Sandbox::with_account("https://ecs.cn-test.invalid");
    let fifo = sandbox.path("fifo").display().to_string();
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let mut child = sandbox.spawn(&["vnc-url", "--config", &fifo, "i-1"]);
    until("it waits", || is_asleep(child.id()));
    assert_eq!(interrupt(&mut child), Some(130));
    let sandbox = sandbox.env("SSL_CERT_FILE", &fifo);
    let mut child = sandbox.spawn(&["vnc-url", "i-1"]);
    until("it waits", || is_asleep(child.id()));
    assert_eq!(interrupt(&mut child), Some(130));
}

#[test]
fn while_the_service_is_silent_and_while_nobody_reads() {
    let server = Fake::start(|_, _| Reply::Silence);
    let mut child = Sandbox::with_account(&server.endpoint).spawn(&["vnc-url", "i-1"]);
    until("a request", || !server.requests().is_empty());
    assert_eq!(interrupt(&mut child), Some(130));

    // More lines than a pipe holds (64 KiB on Linux).
    let server = Fake::start(|_, request| good(request));
    let ids: Vec<String> = (0..600).map(|number| format!("i-{number}")).collect();
    let mut args = vec!["vnc-url", "--no-windows"];
    args.extend(ids.iter().map(String::as_str));
    let mut child = Sandbox::with_account(&server.endpoint).spawn(&args);
    let mut before = 0;
    until("the pipe is full", || {
        let now = server.requests().len();
        let stands = now > 100 && now == before && is_asleep(child.id());
        before = now;
        stands
    });
    assert_eq!(interrupt(&mut child), Some(130));
}
