//! Holds the page on JSON to what the commands print.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};

use serde_json::Value;

use crate::docs::{committed, pieces};
use crate::sandbox::{Killed, Sandbox};

/// The names in the row of a command: those of the top level, as the page has them.
fn documented(command: &str) -> BTreeSet<String> {
    let page = committed("docs/exit-codes-and-json.md");
    let start = format!("| `{command}` |");
    let row = page.lines().find(|line| line.starts_with(&start));
    let row = row.unwrap_or_else(|| panic!("the page has no row of {command}"));
    let cell = row[start.len()..].split(" | ").next().unwrap();
    pieces(cell).map(str::to_owned).collect()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

fn first(args: &[&str]) -> Value {
    let sandbox = Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo").stdin("abc123\n");
    sandbox.run(&[args, &["-o", "json"]].concat()).ends(0).json().remove(0)
}

#[test]
fn the_page_has_the_fields_that_commands_print() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("s.png").display().to_string();
    let sheet = folder.path().join("s.html").display().to_string();
    let script = folder.path().join("script").display().to_string();
    std::fs::write(&script, format!("screenshot {picture}")).unwrap();
    for (command, args) in [
        ("vnc-url", &["vnc-url", "web-01"][..]),
        ("screenshot", &["screenshot", "web-01", "-f", &picture]),
        ("text", &["text", "web-01"]),
        ("check", &["check", "web-01"]),
        ("check --list-rules", &["check", "--list-rules"]),
        ("sheet", &["sheet", "web-01", "-f", &sheet]),
        ("key", &["key", "web-01", "shift"]),
        ("type", &["type", "web-01", "x"]),
        ("login", &["login", "web-01", "--user", "root", "--stdin"]),
        ("wait", &["wait", "web-01", "--still", "200ms"]),
        ("wait --text", &["wait", "web-01", "--text", "login"]),
        ("script", &["script", "web-01", &script]),
        ("bootlog", &["bootlog", "web-01"]),
        ("regions", &["regions"]),
        ("policy", &["policy"]),
        ("version", &["version"]),
        ("profile list", &["profile", "list"]),
        ("profile show", &["profile", "show"]),
        ("start", &["start", "db-01", "--yes"]),
        ("password set", &["password", "set", "web-01"]),
        ("doctor", &["doctor"]),
    ] {
        assert_eq!(keys(&first(args)), documented(command), "{command}");
    }
    assert_eq!(keys(&first(&["doctor"])["Checks"][0]), documented("Checks"));
    assert_eq!(keys(&first(&["check", "web-01"])["BootLog"]), documented("BootLog"));
    assert_eq!(keys(&first(&["check", "web-01", "--probe"])["Probe"]), documented("Probe"));
    let demo = Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo");
    let lines = demo.run(&["check", "state-login-*", "-o", "json"]).ends(0).json();
    let troubled = lines.iter().find(|line| !line["Trouble"].is_null()).expect("one has a trouble below it");
    assert_eq!(keys(&troubled["Trouble"]), documented("Trouble"));
}

#[test]
fn the_page_has_the_fields_of_commands_that_serve() {
    for (command, args) in
        [("relay", &["relay", "web-01"][..]), ("open --print", &["open", "--print", "web-01"]), ("demo", &["demo"])]
    {
        let sandbox = Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo");
        let mut child = Killed(sandbox.spawn(&[args, &["-o", "json"]].concat()));
        let mut line = String::new();
        BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(keys(&serde_json::from_str(&line).unwrap()), documented(command), "{command}");
    }
}

#[test]
fn the_page_has_the_fields_of_errors() {
    let sandbox = Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo");
    let error = sandbox.run(&["vnc-url", "-q", "twin-01", "-o", "json"]).ends(4).json_error();
    assert_eq!(keys(&error), documented("Error"));
    assert_eq!(keys(&error["Candidates"][0]), documented("Candidates"));
}
