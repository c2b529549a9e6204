//! Any configuration: none panics, and no error shows the secret, wherever in the file it stands as a value.
//!
//! `@` in the input is where the line with the secret goes; quoted well or badly, by the input's length.

#![no_main]

use std::path::Path;

use ecs_vnc::config::parse;
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "Qs7mZ2pXv9Kd4tR1wY6uH3bN8";
const KEYS: [&str; 9] = [
    "access_key_secret",
    "sts_token",
    "vnc_password",
    "access_key_id",
    "endpoint_type",
    "signature_version",
    "timeout",
    "default_profile",
    "profile",
];
const QUOTES: [(&str, &str); 5] = [("\"", "\""), ("'", "'"), ("", ""), ("\"", ""), ("\"\"\"", "\"\"\"")];

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
