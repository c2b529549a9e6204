//! Holds the house's rules: which room may import which, and what happens at the edges only.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the bottom up. A room imports rooms of lower floors only, and never a neighbour's.
const FLOORS: [&[&str]; 7] = [
    &["clock", "exit_code", "interrupt", "nearest", "percent", "printable", "random", "secret"],
    &["budget", "columns", "environment", "keyboard", "page", "picture", "rfb", "vnc_password", "vnc_url", "websocket"],
    &["connect_url", "platform"],
    &["cache", "credentials", "listen"],
    &["api"],
    &["config", "failure"],
    &["demo", "launch", "output", "relay", "sources"],
];

/// Above all floors.
const TOP: [&str; 4] = ["cli", "commands", "main", "lib"];

fn sources() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    let mut dirs = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let root = dirs[0].clone();
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let room = path.strip_prefix(&root).unwrap().components().next().unwrap();
                let room =
                    room.as_os_str().to_str().unwrap().trim_end_matches(".rs").trim_end_matches("_tests").to_owned();
                let text = fs::read_to_string(&path).unwrap();
                found.push((room, path, text));
            }
        }
    }
    assert!(found.len() > 40, "the sources were not found");
    found
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

/// The code without its tests, which may join what they like.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

#[test]
fn imports_point_down() {
    for (room, path, text) in sources() {
        if TOP.contains(&room.as_str()) || path.to_str().unwrap().ends_with("_tests.rs") {
            continue;
        }
        let own = floor(&room).unwrap_or_else(|| panic!("{room} has no floor"));
        for imported in without_tests(&text).split("crate::").skip(1) {
            let imported = imported.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap();
            let theirs = floor(imported).unwrap_or_else(|| panic!("{}: {imported} has no floor", path.display()));
            assert!(imported == room || theirs < own, "{} imports {imported}, which is not below it", path.display());
        }
    }
}

#[test]
fn time_chance_output_and_exit_have_one_place_each() {
    let rules: [(&str, &[&str]); 6] = [
        ("Utc::now", &["clock"]),
        ("Instant::now", &["clock"]),
        ("getrandom::", &["random"]),
        ("io::stdout()", &["output"]),
        ("process::exit", &["main"]),
        ("std::env::vars", &["environment"]),
    ];
    for (room, path, text) in sources() {
        for (word, places) in rules {
            let found = without_tests(&text).contains(word) && !path.to_str().unwrap().ends_with("_tests.rs");
            assert!(!found || places.contains(&room.as_str()), "{} has {word}", path.display());
        }
    }
}

#[test]
fn a_file_is_read_in_one_sitting() {
    for (_, path, text) in sources() {
        assert!(text.lines().count() <= 400, "{} is two things", path.display());
    }
}
