//! Holds the help to what was reviewed, and to its own rules.
//!
//! `tests/all/snapshots` has the help of each command, as `-h` and as `--help`, for a terminal of 80 columns. After a
//! change, `SNAPSHOTS=overwrite cargo test --test all help::` writes the files anew; `git diff` shows what has changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use snapbox::data::DataFormat;
use snapbox::{Assert, Data, IntoData as _};

use crate::docs::verbs;
use crate::sandbox::Sandbox;

/// The width of the terminal.
const COLUMNS: usize = 80;

/// The flags that a variable can stand for, with a command that has them.
const VARIABLES: [(&str, &str, &str); 32] = [
    ("list", "--profile", "ALIBABA_CLOUD_PROFILE"),
    ("list", "--region", "ALIBABA_CLOUD_REGION_ID"),
    ("list", "--endpoint", "ALIBABA_CLOUD_ENDPOINT"),
    ("list", "--config", "ECS_VNC_CONFIG"),
    ("list", "--lang", "ECS_VNC_LANG"),
    ("list", "--color", "NO_COLOR"),
    ("open", "--password-stdin", "ECS_VNC_PASSWORD"),
    ("key", "--password-stdin", "ECS_VNC_PASSWORD"),
    ("relay", "--share-password-stdin", "ECS_VNC_SHARE_PASSWORD"),
    ("view", "--viewer", "ECS_VNC_VIEWER"),
    ("console", "--escape", "ECS_VNC_ESCAPE"),
    ("profile add", "--from-env", "ALIBABA_CLOUD_ACCESS_KEY_ID"),
    ("open", "[INSTANCE]", "ECS_VNC_INSTANCE"),
    ("screenshot", "[INSTANCE]...", "ECS_VNC_INSTANCE"),
    ("regions", "--output", "ECS_VNC_OUTPUT"),
    ("regions", "--timeout", "ECS_VNC_TIMEOUT"),
    ("regions", "--no-cache", "ECS_VNC_NO_CACHE"),
    ("list", "--no-input", "ECS_VNC_NO_INPUT"),
    ("list", "--verbose", "ECS_VNC_VERBOSE"),
    ("list", "--quiet", "ECS_VNC_QUIET"),
    ("list", "--color", "ECS_VNC_COLOR"),
    ("type", "--layout", "ECS_VNC_LAYOUT"),
    ("text", "--via", "ECS_VNC_VIA"),
    ("open", "--page", "ECS_VNC_PAGE"),
    ("check", "--rules", "ECS_VNC_RULES"),
    ("relay", "--keepalive <", "ECS_VNC_KEEPALIVE"),
    ("key", "--no-share", "ECS_VNC_NO_SHARE"),
    ("key", "--keysyms", "ECS_VNC_KEYSYMS"),
    ("type", "--delay", "ECS_VNC_DELAY"),
    ("list", "--columns", "ECS_VNC_COLUMNS"),
    ("list", "--sort", "ECS_VNC_SORT"),
    ("list", "--no-header", "ECS_VNC_NO_HEADER"),
];

/// Every command, those that have commands of their own and the root among them.
pub(crate) fn commands() -> BTreeSet<String> {
    let leaves = verbs(&[]);
    let parents = leaves.iter().filter_map(|verb| verb.split_once(' ')).map(|(parent, _)| parent.to_owned());
    parents.chain([String::new()]).chain(leaves.iter().cloned()).collect()
}

/// What a command prints for `-h` or `--help`, without spaces at the ends of lines: clap leaves some.
pub(crate) fn help(command: &str, flag: &str) -> String {
    let sandbox = Sandbox::new().env("COLUMNS", &COLUMNS.to_string());
    let words: Vec<&str> = command.split_whitespace().chain([flag]).collect();
    let printed = sandbox.run(&words).ends(0).stdout;
    printed.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn snapshots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/snapshots")
}

fn snapshot(command: &str) -> String {
    format!("{}.txt", format!("ecs-vnc {command}").trim_end().replace(' ', "-"))
}

#[test]
fn the_help_is_as_reviewed() {
    let assert = Assert::new().action_env("SNAPSHOTS");
    let faults: Vec<String> = commands()
        .iter()
        .filter_map(|command| {
            let shown = ["-h", "--help"].map(|flag| {
                let call = format!("ecs-vnc {command}");
                format!("$ {} {flag}\n{}", call.trim_end(), help(command, flag))
            });
            let reviewed = Data::read_from(&snapshots().join(snapshot(command)), Some(DataFormat::Text));
            assert.try_eq(None, shown.join("\n").into_data(), reviewed.raw()).err().map(|error| error.to_string())
        })
        .collect();
    let update = "SNAPSHOTS=overwrite cargo test --test all help::";
    assert!(faults.is_empty(), "{}\nif that is meant, run: {update}", faults.join("\n"));
}

#[test]
fn each_snapshot_is_that_of_a_command() {
    let known: BTreeSet<String> = commands().iter().map(|command| snapshot(command)).collect();
    let names = fs::read_dir(snapshots()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.collect::<BTreeSet<_>>(), known);
}

#[test]
fn the_help_fits_into_80_columns() {
    for command in commands() {
        for flag in ["-h", "--help"] {
            for line in help(&command, flag).lines() {
                assert!(line.chars().count() <= COLUMNS, "{command} {flag}: {line}");
            }
        }
    }
}

#[test]
fn the_short_help_has_a_line_for_each_option() {
    for command in commands() {
        let help = help(&command, "-h");
        let sections = help.split("\n\n").filter(|section| section.lines().next().unwrap().ends_with("ptions:"));
        for line in sections.flat_map(|section| section.lines().skip(1)) {
            assert!(line.starts_with("  -") || line.starts_with("      --"), "{command} -h: {line}");
            assert!(line.trim().contains("  "), "{command} -h: there is no text at {line}");
        }
    }
}

#[test]
fn a_flag_names_the_variable_that_stands_for_it() {
    for (command, flag, variable) in VARIABLES {
        let help = help(command, "--help");
        // The paragraphs of an option are indented further than its name.
        let (_, options) = help.split_once("Usage:").and_then(|(_, help)| help.split_once("\n\n")).unwrap();
        let (_, about) = options.split_once(flag).unwrap_or_else(|| panic!("{command} has no {flag}"));
        let about: Vec<&str> =
            about.lines().skip(1).take_while(|line| line.is_empty() || line.starts_with("       ")).collect();
        assert!(about.join(" ").contains(variable), "{command} {flag} does not name {variable}: {about:?}");
    }
}

#[test]
fn help_shows_no_value_of_a_variable() {
    let sandbox = Sandbox::new().env("ECS_VNC_PASSWORD", "hidden").env("ALIBABA_CLOUD_PROFILE", "hidden");
    for flag in ["-h", "--help"] {
        assert!(!sandbox.run(&["open", flag]).ends(0).stdout.contains("hidden"));
    }
}

#[test]
fn keys_layouts_and_the_commands_of_a_script_are_listed() {
    for (command, words) in [
        ("key", &["Escape (esc)", "Delete (del)", "F1 to F24", "KP_0 to KP_9", "minus (dash)"][..]),
        ("type", &["- us: United States", "- de: German", "- ch-fr: French (Switzerland)"]),
        (
            "script",
            &["key CHORD...", "type TEXT", "wait --still DURATION", "screenshot [FILE]", "sleep DURATION", "log "],
        ),
    ] {
        let help = help(command, "--help");
        words.iter().for_each(|word| assert!(help.contains(word), "{command}: {word}"));
    }
}
