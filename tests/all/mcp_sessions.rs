//! `mcp`: how often a console is opened for several calls.

use serde_json::json;

use crate::agent::{Agent, framed};
use crate::keyed::Heard::Keysym;
use crate::keyed::Keyed;
use crate::sandbox::with_account;

/// How often a console was opened.
fn opened(console: &Keyed) -> usize {
    console.account.requests_for("DescribeInstanceVncUrl").len()
}

#[test]
fn calls_that_follow_each_other_use_one_session() {
    let console = Keyed::start(false);
    let mut agent = Agent::start(&console.sandbox(), &["--allow-input"]);
    for (tool, arguments) in [
        ("type_text", json!({ "text": "a" })),
        ("press_keys", json!({ "chords": ["b"] })),
        ("type_text", json!({ "text": "c" })),
    ] {
        let mut arguments = arguments;
        arguments["instance"] = "i-1".into();
        let arguments = agent.planned(tool, arguments);
        agent.text(tool, arguments);
    }
    agent.text("read_screen", json!({ "instance": "i-1", "via": "vnc" }));
    let keys: Vec<_> = ('a'..='c').flat_map(|key| [true, false].map(|is_down| Keysym(is_down, key.into()))).collect();
    assert_eq!((console.heard(), opened(&console)), (keys, 1));
    // Its session ends with the server, and the console serves the next one.
    assert_eq!(agent.leave(), Some(0));
    let mut next = Agent::start(&console.sandbox(), &["--allow-input"]);
    next.text("read_screen", json!({ "instance": "i-1", "via": "vnc" }));
    assert_eq!(opened(&console), 2);
}

#[test]
fn a_call_that_is_cancelled_or_fails_closes_its_session() {
    let console = Keyed::start(false);
    let mut agent = Agent::start(&console.sandbox(), &["--allow-input"]);
    let press =
        |agent: &mut Agent, chord: &str| agent.planned("press_keys", json!({ "instance": "i-1", "chords": [chord] }));
    let arguments = press(&mut agent, "a");
    agent.text("press_keys", arguments);
    let arguments = press(&mut agent, "hold:b:60s");
    let id = agent.begin_call("press_keys", arguments);
    let pressed = [console.hears(), console.hears(), console.hears()];
    assert_eq!(pressed, [Keysym(true, 0x61), Keysym(false, 0x61), Keysym(true, 0x62)]);
    let params = json!({ "requestId": id });
    agent.send(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params }));
    assert_eq!(console.hears(), Keysym(false, 0x62));
    assert_eq!(opened(&console), 1);
    let arguments = press(&mut agent, "c");
    agent.text("press_keys", arguments);
    assert_eq!(opened(&console), 2);
    let click = agent.planned("click", json!({ "instance": "i-1", "x": 99, "y": 99 }));
    agent.failure("click", click);
    agent.text("read_screen", json!({ "instance": "i-1", "via": "vnc" }));
    assert_eq!(opened(&console), 3);
}

#[test]
fn a_takeover_between_two_calls_is_told_and_not_undone() {
    let sandbox = with_account();
    let mut agent = Agent::start(&sandbox, &["--allow-input"]);
    let text =
        |agent: &mut Agent, text: &str| agent.planned("type_text", json!({ "instance": "web-01", "text": text }));
    let arguments = text(&mut agent, "one");
    agent.text("type_text", arguments);
    // Another client takes the console.
    sandbox.run(&["type", "web-01", "two"]).ends(0);
    let arguments = text(&mut agent, "three");
    let said = agent.failure("type_text", arguments);
    let said = framed(&said).0;
    assert!(said.contains("nothing was done: the session of the call before is over"), "{said}");
    assert!(said.contains("another session was opened") && said.contains("hint: another client may use"), "{said}");
    let arguments = text(&mut agent, "four");
    let screen = framed(&agent.text("type_text", arguments)).0;
    assert!(screen.ends_with("login: onetwofour"), "{screen}");
}

#[cfg(unix)]
#[test]
fn a_command_of_the_user_that_took_the_console_is_joined() {
    let sandbox = with_account();
    let mut agent = Agent::start(&sandbox, &["--allow-input"]);
    let arguments = agent.planned("type_text", json!({ "instance": "i-demo-linux", "text": "one" }));
    agent.text("type_text", arguments);
    let mut terminal = crate::pty::OnTerminal::start_with_size(&sandbox, &["console", "i-demo-linux"], (100, 30));
    terminal.shows("web-01 login: one");
    let arguments = agent.planned("type_text", json!({ "instance": "i-demo-linux", "text": "two" }));
    agent.text("type_text", arguments);
    let joined = ["joined the session of `ecs-vnc console` (process "];
    sandbox.run(&["wait", "i-demo-linux", "--text", "onetwo$", "-v"]).ends(0).says(&joined);
    terminal.types("\x1dq");
    assert_eq!(terminal.ends(), Some(0));
}
