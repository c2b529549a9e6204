//! The list from which the user picks an instance, on a terminal.
#![cfg(unix)]

use std::fs;

use crate::fake::{Fake, good, http};
use crate::pty::OnTerminal;
use crate::sandbox::{Sandbox, signal, until, with_account};

const ENTER: &str = "\r";
const ESCAPE: &str = "\x1b";
const CTRL_C: &str = "\x03";
const DOWN: &str = "\x1b[B";

/// The end of the question of the list.
const HELP: &str = "Esc to leave";

fn start(sandbox: &Sandbox, args: &[&str]) -> OnTerminal {
    let terminal = OnTerminal::start_with_size(sandbox, args, (120, 24));
    terminal.shows(HELP);
    terminal
}

/// What stands on the terminal at the end, as a person sees it.
fn screen(terminal: &OnTerminal) -> String {
    let mut emulator = vt100::Parser::new(24, 120, 0);
    emulator.process(&terminal.bytes());
    emulator.screen().contents()
}

#[test]
fn an_instance_that_is_left_out_is_picked_by_typing_a_part_of_it() {
    let mut run = start(&with_account(), &["vnc-url", "-o", "json"]);
    let shown = screen(&run);
    for part in ["i-demo-linux", "web-01", "Running", "cn-hangzhou", "10.0.0.10"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    run.types("office");
    until("the list is filtered", || !screen(&run).contains("i-demo-linux"));
    run.types(ENTER);
    assert_eq!(run.ends(), Some(0), "{}", run.text());
    run.shows("\"InstanceId\":\"i-demo-windows\"");
}

#[test]
fn a_name_that_fits_several_is_a_list_of_these() {
    let mut run = start(&with_account(), &["vnc-url", "-o", "json", "twin-01"]);
    let shown = screen(&run);
    assert!(shown.contains("twin-01 matches 2") && !shown.contains("web-01"), "{shown}");
    run.types(DOWN);
    until("the second line is marked", || screen(&run).contains("> i-demo-0101"));
    run.types(ENTER);
    assert_eq!(run.ends(), Some(0), "{}", run.text());
    run.shows("\"InstanceId\":\"i-demo-0101\"");
    // A pattern that matches more than an error would list.
    let mut run = start(&with_account(), &["bootlog", "-o", "json", "web-*"]);
    run.types("web-329");
    until("one line is left", || screen(&run).contains("> i-demo-0329"));
    run.types(ESCAPE);
    assert_eq!(run.ends(), Some(130), "{}", run.text());
}

#[test]
fn escape_and_ctrl_c_leave_and_the_terminal_is_as_before() {
    for key in [ESCAPE, CTRL_C] {
        let sandbox = with_account();
        let mut run = OnTerminal::start_with_size(&sandbox, &["stop"], (120, 24));
        let before = run.modes();
        run.shows(HELP);
        assert_ne!(run.modes(), before, "the terminal is in raw mode");
        run.types(key);
        assert_eq!(run.ends(), Some(130), "{key:?}: {}", run.text());
        assert_eq!(run.modes(), before);
        for (on, off) in [("\x1b[?25h", "\x1b[?25l"), ("\x1b[?2004l", "\x1b[?2004h")] {
            until("the last mode", || run.text().rfind(on) > run.text().rfind(off));
        }
        assert!(!run.text().contains("error:"), "{}", run.text());
    }
}

#[test]
fn a_signal_puts_the_terminal_back() {
    let sandbox = with_account();
    let mut run = OnTerminal::start_with_size(&sandbox, &["text"], (120, 24));
    let before = run.modes();
    run.shows(HELP);
    assert_eq!(signal(&mut run.child.0, "TERM"), Some(130));
    assert_eq!(run.modes(), before);
    until("the list is erased", || !screen(&run).contains("i-demo-linux"));
    assert!(run.text().ends_with("\x1b[?2004l\x1b[?25h\r\x1b[J"), "{:?}", run.text());
}

#[test]
fn the_argument_of_a_command_is_not_taken_for_the_instance() {
    let mut run = start(&with_account(), &["key", "-o", "json", "ctrl-c"]);
    run.types(&format!("web-01{ENTER}"));
    assert_eq!(run.ends(), Some(0), "{}", run.text());
    run.shows("\"InstanceId\":\"i-demo-linux\"");
    let mut run = start(&with_account(), &["type", "-o", "json", "ls"]);
    run.types(&format!("web-01{ENTER}"));
    assert_eq!(run.ends(), Some(0), "{}", run.text());
    run.shows("\"Characters\":2");
}

#[test]
fn no_input_and_pipes_never_ask() {
    let sandbox = with_account();
    for args in [&["vnc-url", "--no-input"][..], &["--no-input", "stop"]] {
        let mut run = OnTerminal::start(&sandbox, args);
        assert_eq!(run.ends(), Some(2), "{}", run.text());
        run.shows("no instance is named");
    }
    let variable = with_account().env("ECS_VNC_NO_INPUT", "1");
    let mut run = OnTerminal::start(&variable, &["vnc-url", "twin-01"]);
    assert_eq!(run.ends(), Some(4), "{}", run.text());
    run.shows("twin-01 matches 2 instances; use an id instead");
    let mut run = OnTerminal::start(&variable, &["stop", "web-01"]);
    assert_eq!(run.ends(), Some(2), "{}", run.text());
    run.shows("--no-input forbids it; add --yes");
    let mut run = OnTerminal::start(&variable, &["password", "set", "web-01"]);
    assert_eq!(run.ends(), Some(2), "{}", run.text());
    run.shows("--no-input forbids it");
    let mut run = OnTerminal::start(&variable, &["key", "--password-stdin", "web-01", "enter"]);
    assert_eq!(run.ends(), Some(2), "{}", run.text());
    run.shows("the VNC password would be asked for, and --no-input forbids it");
    // stdout goes into a pipe.
    let script = "\"$0\" vnc-url > \"$HOME/out\"; echo $? > \"$HOME/code\"";
    let mut run = OnTerminal::start_command(sandbox.in_shell(script, &[]), (120, 24));
    run.ends();
    assert_eq!(fs::read_to_string(sandbox.path("code")).unwrap().trim(), "2", "{}", run.text());
    assert!(fs::read(sandbox.path("out")).unwrap().is_empty());
}

#[test]
fn names_from_the_account_do_not_act_on_the_terminal() {
    let instance = "{\"InstanceId\":\"i-1\",\"InstanceName\":\"a\\u001b[2Jb\\u202ec\",\"Status\":\"Running\\u0007\"}";
    let page = format!(r#"{{"RequestId":"R","NextToken":"","Instances":{{"Instance":[{instance}]}}}}"#);
    let server = Fake::start(move |_, request| match request.contains("Action=DescribeInstances&") {
        true => http("200 OK", "", &page),
        false => good(request),
    });
    let mut run = start(&Sandbox::with_account(&server.endpoint), &["vnc-url", "--no-windows"]);
    assert!(run.text().contains("a\u{FFFD}[2Jb\u{FFFD}c"), "{:?}", run.text());
    assert!(!run.text().contains('\u{7}') && !run.text().contains('\u{202e}'), "{:?}", run.text());
    run.types(ENTER);
    assert_eq!(run.ends(), Some(0), "{}", run.text());
    assert!(!run.text().contains("\x1b[2J"), "{:?}", run.text());
}

#[test]
fn the_time_of_the_choice_does_not_count_and_a_thousand_instances_are_no_burden() {
    let server = Fake::start(move |number, request| {
        if !request.contains("Action=DescribeInstances&") {
            return good(request);
        }
        let one = |number: usize| {
            format!(r#"{{"InstanceId":"i-{number}","InstanceName":"name-{number}","Status":"Running"}}"#)
        };
        let list: Vec<String> = (number * 100..number * 100 + 100).map(one).collect();
        let next = if number < 9 { format!("t{number}") } else { String::new() };
        let body = format!(r#"{{"NextToken":"{next}","Instances":{{"Instance":[{}]}}}}"#, list.join(","));
        http("200 OK", "", &body)
    });
    let mut run = start(&Sandbox::with_account(&server.endpoint), &["vnc-url", "--no-windows", "-o", "json"]);
    run.types("name-999");
    until("the last one is found", || screen(&run).contains("> i-999"));
    run.types(ENTER);
    assert_eq!(run.ends(), Some(0), "{}", run.text());
    run.shows("\"InstanceId\":\"i-999\"");
}

#[test]
fn on_a_narrow_terminal_no_line_of_the_list_wraps() {
    for columns in [50, 20] {
        let sandbox = with_account();
        let mut run = OnTerminal::start_with_size(&sandbox, &["vnc-url", "-r", "cn-hangzhou"], (columns, 24));
        run.shows("i-demo-00");
        until("the first page", || run.text().matches("i-demo-").count() >= 10);
        let mut emulator = vt100::Parser::new(24, 300, 0);
        emulator.process(&run.bytes());
        let shown = emulator.screen().contents();
        run.types(ESCAPE);
        assert_eq!(run.ends(), Some(130), "{}", run.text());
        let lines: Vec<&str> = shown.lines().filter(|line| line.contains("i-demo-")).collect();
        assert!(lines.len() > 5 && lines.iter().all(|line| line.chars().count() <= columns.into()), "{shown}");
    }
}
