//! Commands that join the session of another one.
// One of them needs a pseudoterminal.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};

use crate::relay::Relay;
use crate::sandbox::{Sandbox, with_account};

/// A relay that shares the console of `i-demo-linux`, and waits for clients.
fn share(sandbox: &Sandbox) -> Relay {
    Relay::start(sandbox, 1, &["--profile", "demo", "--share", "-v", "i-demo-linux"])
}

/// Runs a command with `-v` in the simulated account.
fn run(sandbox: &Sandbox, args: &[&str]) -> crate::sandbox::Run {
    sandbox.run(&[args, &["--profile", "demo", "-v"]].concat())
}

#[test]
fn commands_join_a_session_and_disconnect_nobody() {
    let sandbox = Sandbox::new();
    let mut relay = share(&sandbox);
    let joined = "joined the session of `ecs-vnc relay` (process ";
    let typed = run(&sandbox, &["type", "web-01", "abc", "--verify"]).ends(0);
    // Nobody has used the relay yet, so it opens the console now.
    typed.says(&["anyone already on it is disconnected", joined]);
    let mut viewer = relay.viewer(0);
    crate::viewer::greet(&mut viewer);
    relay.says("a viewer joined");
    let typed = run(&sandbox, &["type", "web-01", "xyz"]).ends(0);
    assert!(!typed.stderr.contains("anyone already on it"), "{}", typed.stderr);
    typed.says(&[joined]);
    let text = run(&sandbox, &["text", "web-01", "--lines", "1"]).ends(0);
    assert_eq!(text.stdout, "web-01 login: abcxyz\n");
    text.says(&[joined]);
    run(&sandbox, &["wait", "web-01", "--text", "xyz$"]).ends(0).says(&[joined]);
    run(&sandbox, &["key", "web-01", "ctrl-u"]).ends(0).says(&[joined]);
    let file = sandbox.path("a.png").display().to_string();
    let picture = run(&sandbox, &["screenshot", "web-01", "--via", "vnc", "-f", &file]).ends(0);
    picture.says(&[joined]);
    // The API does not need the session, and --no-share opens one of its own.
    let api = run(&sandbox, &["text", "web-01", "--via", "api"]).ends(0);
    assert!(!api.stderr.contains("joined"), "{}", api.stderr);
    let own = run(&sandbox, &["text", "web-01", "--via", "vnc", "--no-share", "--lines", "1"]).ends(0);
    assert_eq!(own.stdout, "web-01 login:\n", "another simulated account");
    own.says(&["anyone already on it is disconnected"]);
}

#[test]
fn sessions_lists_what_is_shared() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["sessions"]).ends(0).stdout, "");
    let mut relay = share(&sandbox);
    let mut viewer = relay.viewer(0);
    crate::viewer::greet(&mut viewer);
    relay.says("a viewer joined");
    let table = sandbox.run(&["sessions"]).ends(0);
    let lines: Vec<Vec<&str>> = table.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["ID", "NAME", "REGION", "COMMAND", "PROCESS", "CLIENTS", "SINCE"]);
    assert_eq!(lines[1][..4], ["i-demo-linux", "web-01", "cn-hangzhou", "relay"], "{}", table.stdout);
    assert_eq!((lines.len(), lines[1][5]), (2, "1"), "{}", table.stdout);
    let json = sandbox.run(&["sessions", "-o", "json"]).ends(0).json();
    let line = json[0].as_object().unwrap();
    assert_eq!(
        line.keys().collect::<Vec<_>>(),
        ["Clients", "Command", "InstanceId", "InstanceName", "ProcessId", "RegionId", "Since"]
    );
    drop(relay);
    assert_eq!(sandbox.run(&["sessions"]).ends(0).stdout, "", "nothing is left of a command that was killed");
    let alone = run(&sandbox, &["text", "web-01", "--via", "vnc"]).ends(0);
    alone.says(&["anyone already on it is disconnected"]);
}

#[test]
fn a_second_relay_joins_the_first() {
    let sandbox = Sandbox::new();
    let (mut one, mut two) = (share(&sandbox), share(&sandbox));
    let (mut first, mut second) = (one.viewer(0), two.viewer(0));
    crate::viewer::greet(&mut first);
    crate::viewer::greet(&mut second);
    two.says("joined the session of `ecs-vnc relay` (process ");
    one.says("2 share the console");
}

#[test]
fn a_command_that_has_joined_ends_with_the_session() {
    let sandbox = with_account();
    let relay = Relay::start(&sandbox, 1, &["--share", "i-demo-linux"]);
    let mut viewer = relay.viewer(0);
    crate::viewer::greet(&mut viewer);
    let mut waiting = sandbox.spawn(&["wait", "i-demo-linux", "--text", "never there", "--timeout", "60", "-v"]);
    let mut stderr = BufReader::new(waiting.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("joined the session of `ecs-vnc relay`") {
        line.clear();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "it has joined nothing");
    }
    // What is typed after that would be lost without a word.
    sandbox.run(&["screenshot", "i-demo-linux", "--via", "vnc", "--no-share", "-f", "/dev/null"]).ends(0);
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert_eq!(waiting.wait().unwrap().code(), Some(11), "{rest}");
    assert!(rest.contains("the session of `ecs-vnc relay` (process ") && rest.contains("has ended"), "{rest}");
}

#[test]
fn the_session_of_console_is_joined() {
    let sandbox = with_account();
    let mut terminal = crate::pty::OnTerminal::start_with_size(&sandbox, &["console", "i-demo-linux"], (100, 30));
    terminal.shows("web-01 login:");
    let joined = ["joined the session of `ecs-vnc console` (process "];
    let run = |args: &[&str]| sandbox.run(&[args, &["i-demo-linux", "-v"]].concat()).ends(0);
    sandbox.run(&["type", "i-demo-linux", "abc", "-v"]).ends(0).says(&joined);
    assert!(sandbox.run(&["sessions"]).ends(0).stdout.contains(" console "), "it is listed");
    // What the console types is seen by the others.
    terminal.types("xyz");
    run(&["wait", "--text", "abcxyz$"]).says(&joined);
    terminal.types("\x1dq");
    assert_eq!(terminal.ends(), Some(0));
    assert_eq!(sandbox.run(&["sessions"]).ends(0).stdout, "");
}

#[test]
fn a_takeover_ends_all_that_share_the_session() {
    let sandbox = with_account();
    let args = ["--share", "-v", "i-demo-linux"];
    let (mut one, mut two) = (Relay::start(&sandbox, 1, &args), Relay::start(&sandbox, 1, &args));
    let mut first = one.viewer(0);
    crate::viewer::greet(&mut first);
    let mut second = two.viewer(0);
    crate::viewer::greet(&mut second);
    two.says("joined the session of `ecs-vnc relay`");
    let take_over = || sandbox.run(&["key", "i-demo-linux", "shift", "--no-share"]).ends(0);
    take_over();
    one.says("reconnecting in 1 s");
    two.says("joined the session of `ecs-vnc relay`");
    take_over();
    assert_eq!(one.end().0, 11);
    let (code, told) = two.end();
    assert!(code == 11 && told.contains("somebody else"), "{told}");
    assert!(!told.contains("DescribeInstanceVncUrl"), "it has opened the console again: {told}");
}
