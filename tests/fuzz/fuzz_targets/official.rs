//! Any file of the official CLI, and any of the SDKs: none panics, and neither an error nor a profile's fault shows the
//! secret, wherever in the file it stands as a value.
//!
//! `@` in the input is where the key with the secret goes; which one and in what form, by the input's length.

#![no_main]

use std::path::Path;

use ecs_vnc::config::{Config, ConfigError, parse_ini, parse_official};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "Qs7mZ2pXv9Kd4tR1wY6uH3bN8";
/// Those of the official CLI's file.
const OFFICIAL: [&str; 27] = [
    "access_key_id",
    "access_key_secret",
    "credentials_uri",
    "current",
    "endpoint",
    "endpoint_type",
    "expired_seconds",
    "external_id",
    "language",
    "mode",
    "name",
    "oauth_refresh_token",
    "oidc_provider_arn",
    "oidc_token_file",
    "policy",
    "process_command",
    "profiles",
    "ram_role_arn",
    "ram_role_name",
    "ram_session_name",
    "region_id",
    "role_session_name",
    "source_profile",
    "sts_endpoint",
    "sts_expiration",
    "sts_region",
    "sts_token",
];
/// Those of the SDKs' file.
const INI: [&str; 13] = [
    "access_key_id",
    "access_key_secret",
    "enable",
    "oidc_provider_arn",
    "oidc_token_file_path",
    "policy",
    "private_key_file",
    "role_arn",
    "role_name",
    "role_session_expiration",
    "role_session_name",
    "security_token",
    "type",
];
const JSON_FORMS: [(&str, &str); 5] = [("\"", "\""), ("[\"", "\"]"), ("{\"a\":\"", "\"}"), ("", ""), ("\"", "")];
const INI_FORMS: [(&str, &str); 4] = [(" = ", ""), (": ", " # x"), ("\n  ", ""), ("", "")];

fuzz_target!(|text: &str| {
    if text.contains(SECRET) {
        return;
    }
    let (before, after) = text.split_once('@').unwrap_or((text, ""));
    let length = text.len();

    let key = OFFICIAL[length % OFFICIAL.len()];
    let (open, close) = JSON_FORMS[length / OFFICIAL.len() % JSON_FORMS.len()];
    let json = format!("{before}\"{key}\":{open}{SECRET}{close}{after}");
    check(parse_official(&json, Path::new("config.json")));

    let key = INI[length % INI.len()];
    let (open, close) = INI_FORMS[length / INI.len() % INI_FORMS.len()];
    let ini = format!("{before}\n{key}{open}{SECRET}{close}\n{after}");
    check(parse_ini(&ini, Path::new("credentials.ini")));
});

fn check(read: Result<Config, ConfigError>) {
    match read {
        Err(error) => {
            let shown = format!("{error}\n{error:?}");
            assert!(!shown.contains(SECRET), "{shown}");
            assert!(!error.to_string().contains(char::is_control), "{shown}");
        }
        Ok(config) => {
            for fault in config.profile.values().filter_map(|profile| profile.fault.as_ref()) {
                assert!(!fault.contains(SECRET) && !fault.contains(char::is_control), "{fault}");
            }
        }
    }
}
