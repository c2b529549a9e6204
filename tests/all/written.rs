//! What is not written is a failure, never a success.
#![cfg(target_os = "linux")]

use std::fs::{File, OpenOptions};
use std::process::{Output, Stdio};

use crate::sandbox::Sandbox;

/// Commands that print a result at once.
const PRINTING: [&[&str]; 11] = [
    &["--help"],
    &["--version"],
    &["open", "--help"],
    &["man"],
    &["completions", "bash"],
    &["list", "--profile", "demo"],
    &["list", "--profile", "demo", "-o", "json"],
    &["profile", "list"],
    &["vnc-url", "--profile", "demo", "i-demo-linux"],
    &["screenshot", "--profile", "demo", "i-demo-linux", "-f", "-"],
    &["text", "--profile", "demo", "i-demo-linux"],
];

#[track_caller]
fn fails(output: &Output, word: &str, args: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(30), "{args:?}: {stderr}");
    assert!(stderr.contains("could not write to standard output") && stderr.contains(word), "{args:?}: {stderr}");
}

#[test]
fn a_full_disk_is_a_failure() {
    let sandbox = Sandbox::new();
    for args in PRINTING {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = sandbox.command(args).stdout(full).stderr(Stdio::piped()).output().unwrap();
        fails(&output, "No space left", args);
    }
    let shot = ["screenshot", "--profile", "demo", "i-demo-linux", "-f", "/dev/full"];
    sandbox.run(&shot).ends(30).says(&["could not write /dev/full", "No space left"]);
}

#[test]
fn a_stdout_that_is_not_open_for_writing_is_a_failure() {
    let sandbox = Sandbox::new();
    for args in [&PRINTING[..], &[&["demo"], &["relay", "--profile", "demo", "i-demo-linux"]]].concat() {
        let read_only = File::open("/dev/null").unwrap();
        let output = sandbox.command(args).stdout(read_only).stderr(Stdio::piped()).output().unwrap();
        fails(&output, "Bad file descriptor", args);
    }
}

#[test]
fn a_device_that_takes_everything_is_no_failure() {
    let sandbox = Sandbox::new();
    for args in PRINTING {
        // Opened for reading too, as other programs open it for a child.
        let null = OpenOptions::new().read(true).write(true).open("/dev/null").unwrap();
        let output = sandbox.command(args).stdout(null).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn a_reader_that_has_left_is_no_failure() {
    let sandbox = Sandbox::new();
    for args in PRINTING {
        let mut child = sandbox.in_shell("read -r line; exec \"$0\" \"$@\"", args);
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        std::io::Write::write_all(child.stdin.as_mut().unwrap(), b"\n").unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(0) && !stderr.contains("error"), "{args:?}: {stderr}");
    }
}
