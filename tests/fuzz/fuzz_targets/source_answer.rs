//! Whatever a credentials URI, the metadata service or a program answers with: none panics, and neither an error nor the
//! keys themselves show the secret, wherever in the answer it stands as a value.
//!
//! `@` in the input is where the key with the secret goes; which one and in what form, by the input's length.

#![no_main]

use std::fmt::{Debug, Display};

use ecs_vnc::auth::providers::{parse_output, parse_response};
use ecs_vnc::credentials::ExpiringCredentials;
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "Qs7mZ2pXv9Kd4tR1wY6uH3bN8";
/// Those of an answer over HTTP, then those of what a program prints.
const KEYS: [&str; 10] = [
    "Code",
    "AccessKeyId",
    "AccessKeySecret",
    "SecurityToken",
    "Expiration",
    "mode",
    "access_key_id",
    "access_key_secret",
    "sts_token",
    "expiration",
];
const FORMS: [(&str, &str); 5] = [("\"", "\""), ("[\"", "\"]"), ("{\"a\":\"", "\"}"), ("", ""), ("\"", "")];

fuzz_target!(|text: &str| {
    if text.contains(SECRET) {
        return;
    }
    let (before, after) = text.split_once('@').unwrap_or((text, ""));
    let key = KEYS[text.len() % KEYS.len()];
    let (open, close) = FORMS[text.len() / KEYS.len() % FORMS.len()];
    let json = format!("{before}\"{key}\":{open}{SECRET}{close}{after}");
    check(parse_response(json.as_bytes(), "HOST"));
    check(parse_output(json.as_bytes(), "PROGRAM".to_owned(), String::new()));
});

fn check<E: Debug + Display>(found: Result<ExpiringCredentials, E>) {
    let shown = match found {
        Ok(keys) => format!("{keys:?}"),
        Err(error) => format!("{error}\n{error:?}"),
    };
    assert!(!shown.contains(SECRET), "{shown}");
}
