//! Any configuration: none panics, and no error shows the secret, wherever in the file it stands as a value.
//!
//! `@` in the input is where the line with the secret goes; quoted well or badly, by the input's length.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use ecs_vnc::config::parse;
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "Qs7mZ2pXv9Kd4tR1wY6uH3bN8";
const QUOTES: [(&str, &str); 5] = [("\"", "\""), ("'", "'"), ("", ""), ("\"", ""), ("\"\"\"", "\"\"\"")];

/// Every key: the example shows all (a test holds it to that), but for a second name and the tables.
static KEYS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let example = include_str!("../../../config.example.toml").lines();
    let shown = example.filter_map(|line| line.strip_prefix("#: ").unwrap_or(line).split_once(" = "));
    let mut keys: Vec<&str> = shown.map(|(key, _)| key).filter(|key| !key.contains(['#', ' '])).collect();
    keys.extend(["role_session_name", "profile", "profile.p"]);
    keys.sort_unstable();
    keys.dedup();
    for key in ["default_profile", "mode", "process_command", "credentials_uri", "console_url", "external_id"] {
        assert!(keys.contains(&key), "the example is not read as it is written: no {key}");
    }
    keys
});

fuzz_target!(|text: &str| {
    if text.contains(SECRET) {
        return;
    }
    let (before, after) = text.split_once('@').unwrap_or((text, ""));
    let key = KEYS[text.len() % KEYS.len()];
    let (open, close) = QUOTES[text.len() / KEYS.len() % QUOTES.len()];
    let text = format!("{before}\n{key} = {open}{SECRET}{close}\n{after}");
    if let Err(error) = parse(&text, Path::new("config.toml")) {
        let shown = format!("{error}\n{error:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        assert!(!error.to_string().contains(char::is_control), "{shown}");
    }
});
