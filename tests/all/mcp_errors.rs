//! `mcp`: what an error tells an agent, which has no flags.

use std::path::Path;

use serde_json::{Value, json};

use crate::agent::Agent;
use crate::keyed::{Keyed, mute};
use crate::sandbox::{Sandbox, with_account};
use crate::source_files::source_files;

/// The flags of the server: an agent may tell its user.
const SERVER_FLAGS: [&str; 4] = ["--allow-input", "--only", "--secret", "--audit"];

/// Rooms whose errors tools pass on.
const ROOMS: [&str; 12] = [
    "account",
    "api",
    "api_hints.rs",
    "auth",
    "command_error.rs",
    "console",
    "credentials",
    "guest_shell",
    "instances",
    "keyboard",
    "relay",
    "settings",
];

/// Files there with errors about flags, which no tool gets to: they read arguments of commands.
const OF_COMMANDS: [&str; 7] = [
    "console/guarded_typing.rs",
    "console/image_search.rs",
    "console/picture_file.rs",
    "console/pointing.rs",
    "console/screen_condition.rs",
    "console/verified_typing.rs",
    "instances/selection_args.rs",
];

/// What in a text only a person can use: flags, and commands of the program.
fn for_people(text: &str) -> Vec<&str> {
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-'));
    let is_flag = |word: &&str| {
        let rest = word.strip_prefix("--").unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_lowercase()) && !SERVER_FLAGS.contains(word)
    };
    words.filter(is_flag).chain(text.contains("`ecs-vnc ").then_some("`ecs-vnc ")).collect()
}

#[track_caller]
fn fails(agent: &mut Agent, tool: &str, arguments: Value) -> String {
    let said = agent.failure(tool, arguments.clone());
    assert_eq!(for_people(&said), [""; 0], "{tool} {arguments}: {said}");
    said
}

#[test]
fn no_error_of_a_tool_names_a_flag_of_a_command() {
    let sandbox = with_account().env("SECRET", "hunter-22");
    let mut agent = Agent::start(&sandbox, &["--allow-input", "--secret", "SECRET"]);
    for (tool, arguments) in [
        ("read_screen", json!({ "instance": "no-such" })),
        ("read_screen", json!({ "instance": "i-no-such" })),
        ("read_screen", json!({ "instance": "192.0.2.77" })),
        ("read_screen", json!({ "instance": "" })),
        ("read_screen", json!({ "instance": "twin-01" })),
        ("read_screen", json!({ "instance": "db-01" })),
        ("read_screen", json!({ "instance": "web-01", "area": "1,2,3" })),
        ("read_screen", json!({ "instance": "web-01", "area": "0,0,999,1" })),
        ("read_screen", json!({})),
        ("wait_for", json!({ "instance": "web-01", "text": "(" })),
        ("wait_for", json!({ "instance": "web-01", "change": true, "timeout": 1 })),
        ("boot_log", json!({ "instance": "office-01" })),
        ("check", json!({ "instances": ["*"] })),
        ("list_instances", json!({ "status": "Broken" })),
        ("list_instances", json!({ "region": "no-such-region" })),
        ("type_text", json!({ "instance": "web-01" })),
        ("type_text", json!({ "instance": "web-01", "text": "\u{7}" })),
        ("type_text", json!({ "instance": "web-01", "text": "\u{fc}" })),
        ("type_text", json!({ "instance": "web-01", "text": "" })),
        ("type_text", json!({ "instance": "web-01", "text": "a", "layout": "xx" })),
        ("type_text", json!({ "instance": "web-01", "text": "a", "after": "(" })),
        ("type_text", json!({ "instance": "web-01", "env": "OTHER" })),
        ("type_text", json!({ "instance": "web-01", "text": "a", "confirm": "00000000" })),
        ("press_keys", json!({ "instance": "web-01", "chords": [] })),
        ("press_keys", json!({ "instance": "web-01", "chords": ["no-such-key"] })),
        ("press_keys", json!({ "instance": "web-01", "chords": ["ctrl-"] })),
        ("run_command", json!({ "instance": "web-01", "command": "\u{7}" })),
        ("run_command", json!({ "instance": "web-01", "command": "echo \u{fc}" })),
        ("run_command", json!({ "instance": "web-01", "command": "x".repeat(100_000) })),
        ("run_command", json!({ "instance": "web-01", "command": "id", "user": "root" })),
        ("power", json!({ "instance": "web-01", "action": "start" })),
        ("power", json!({ "instance": "db-01", "action": "stop" })),
        ("power", json!({ "instance": "db-01", "action": "start", "force": true })),
    ] {
        fails(&mut agent, tool, arguments);
    }
    // Those that the console gives.
    for (tool, arguments) in [
        ("click", json!({ "instance": "web-01", "x": 60000, "y": 0 })),
        ("run_command", json!({ "instance": "web-01", "command": "id", "timeout": 1 })),
        ("run_command", json!({ "instance": "office-01", "command": "id", "timeout": 1 })),
    ] {
        let arguments = agent.planned(tool, arguments);
        fails(&mut agent, tool, arguments);
    }
}

#[test]
fn no_error_of_an_account_names_a_flag_of_a_command() {
    let read = || json!({ "instance": "i-1" });
    for sandbox in [
        Sandbox::new(),
        with_account().env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong"),
        with_account().env("ALIBABA_CLOUD_ACCESS_KEY_ID", "wrong"),
        with_account().env("ALIBABA_CLOUD_PROFILE", "no-such"),
        with_account().env("ALIBABA_CLOUD_REGION_ID", "no-such-region"),
        with_account().env("ALIBABA_CLOUD_ENDPOINT", "http://127.0.0.1:1"),
    ] {
        fails(&mut Agent::start(&sandbox, &[]), "read_screen", read());
    }
    // One that greets and is silent then, and one whose screen is a pixel.
    let (account, _asked) = mute();
    let silent = Sandbox::with_account(&account.endpoint);
    let mut agent = Agent::start(&silent, &["--allow-input", "--timeout", "2"]);
    let console = Keyed::start(false);
    let mut other = Agent::start(&console.sandbox(), &["--allow-input"]);
    for agent in [&mut agent, &mut other] {
        let click = agent.planned("click", json!({ "instance": "i-1", "x": 99, "y": 99 }));
        fails(agent, "click", click);
    }
    let command = json!({ "instance": "i-1", "command": "id", "timeout": 1 });
    let command = other.planned("run_command", command);
    fails(&mut other, "run_command", command);
}

#[test]
fn a_hint_names_the_argument_in_place_of_the_flag() {
    let mut agent = Agent::start(&with_account(), &["--allow-input"]);
    let said = fails(&mut agent, "type_text", json!({ "instance": "web-01", "text": "\u{fc}" }));
    assert!(said.contains("hint: layout ") && said.contains("can type it"), "{said}");
}

/// A message reaches an agent as it is, so those with flags stand only where no tool gets to. Hints are filtered.
#[test]
fn messages_that_name_flags_are_of_commands() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for file in source_files(&source) {
        let name = file.path.strip_prefix(&source).unwrap().display().to_string();
        let is_of_room = ROOMS.iter().any(|room| name == *room || name.starts_with(&format!("{room}/")));
        if !is_of_room || file.is_tests() || OF_COMMANDS.contains(&name.as_str()) {
            continue;
        }
        let code = file.text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
            let line = line.split(".hint(").next().unwrap();
            let is_message =
                ["CommandError::message(", "let message = ", "usage("].iter().any(|begin| line.contains(begin));
            if is_message && !for_people(line).is_empty() {
                found.push(format!("{name}: {line}"));
            }
        }
    }
    assert!(found.is_empty(), "name no flag in the message, but in the hint:\n{}", found.join("\n"));
}
