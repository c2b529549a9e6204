//! Reads the official CLI's `~/.aliyun/config.json`, as it is: it is never written, and keys unknown here are its own.

use std::path::Path;

use serde::Deserialize;

use super::read::read_text;
use super::{Config, ConfigError, Profile};
use crate::api::endpoint::EndpointType;
use crate::secret::{AccessKeyId, Secret};

/// Source: the official CLI's `config/profile.go`. What is not set is there as an empty string, or null.
#[derive(Deserialize)]
struct OfficialConfig {
    current: Option<String>,
    profiles: Option<Vec<OfficialProfile>>,
}

#[derive(Deserialize)]
struct OfficialProfile {
    name: String,
    mode: Option<String>,
    region_id: Option<String>,
    access_key_id: Option<Secret>,
    access_key_secret: Option<Secret>,
    sts_token: Option<Secret>,
    sts_expiration: Option<i64>,
    process_command: Option<String>,
    credentials_uri: Option<String>,
    ram_role_name: Option<String>,
    endpoint: Option<String>,
    endpoint_type: Option<String>,
}

/// The profile that the official CLI uses where its file names none.
const DEFAULT: &str = "default";

/// The configuration in `file`, its current profile as the default; nothing where there is no such file.
pub fn read_official(file: &Path) -> Result<Option<Config>, ConfigError> {
    read_text(file)?.map(|text| parse(&text, file)).transpose()
}

fn parse(text: &str, file: &Path) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The library's own words would quote a value.
    let config: OfficialConfig = serde_json::from_str(text).map_err(|error| ConfigError::Content {
        file: file.to_owned(),
        line: error.line(),
        what: "this is not the JSON that the official CLI writes".to_owned(),
        nearest: None,
    })?;
    let mut found =
        Config { default_profile: filled(config.current).or(Some(DEFAULT.to_owned())), ..Config::default() };
    for profile in config.profiles.unwrap_or_default() {
        // Of two that have one name, the official CLI takes the first.
        found.profile.entry(profile.name.clone()).or_insert_with(|| profile.into());
    }
    Ok(found)
}

impl From<OfficialProfile> for Profile {
    fn from(profile: OfficialProfile) -> Self {
        let secret = |secret: Option<Secret>| secret.filter(|secret| !secret.expose().is_empty());
        Self {
            mode: filled(profile.mode),
            region_id: filled(profile.region_id),
            access_key_id: secret(profile.access_key_id).map(|id| AccessKeyId::new(id.expose())),
            access_key_secret: secret(profile.access_key_secret),
            sts_token: secret(profile.sts_token),
            sts_expiration: profile.sts_expiration,
            process_command: filled(profile.process_command),
            credentials_uri: filled(profile.credentials_uri),
            ram_role_name: filled(profile.ram_role_name),
            endpoint: filled(profile.endpoint),
            endpoint_type: (profile.endpoint_type.as_deref() == Some("vpc")).then_some(EndpointType::Vpc),
            ..Self::default()
        }
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Config, ConfigError> {
        parse(text, Path::new("config.json"))
    }

    /// As the official CLI writes it: every key is there, most of them empty.
    const WRITTEN: &str = r#"{"current":"default","profiles":[
        {"name":"default","mode":"AK","access_key_id":"id","access_key_secret":"secret","sts_token":"",
         "sts_region":"","ram_role_name":"","ram_role_arn":"","ram_session_name":"","source_profile":"",
         "private_key":"","key_pair_name":"","expired_seconds":0,"verified":"","region_id":"cn-hangzhou",
         "output_format":"json","language":"zh","site":"","retry_timeout":0,"connect_timeout":0,"retry_count":0,
         "process_command":"","credentials_uri":"","endpoint_type":"","endpoint":""},
        {"name":"sso","mode":"CloudSSO","access_key_id":"STS.id","access_key_secret":"s","sts_token":"t",
         "sts_expiration":1700000000,"endpoint_type":"vpc"}],"meta_path":""}"#;

    #[test]
    fn it_is_read_as_it_is_written() {
        let config = of(WRITTEN).unwrap();
        let (default, sso) = (&config.profile["default"], &config.profile["sso"]);
        assert_eq!(config.default_profile.as_deref(), Some("default"));
        assert_eq!((default.mode.as_deref(), default.region_id.as_deref()), (Some("AK"), Some("cn-hangzhou")));
        assert_eq!(default.access_key_id.as_ref().unwrap().expose(), "id");
        assert!(default.sts_token.is_none() && default.endpoint.is_none() && default.process_command.is_none());
        assert_eq!((sso.sts_expiration, sso.endpoint_type), (Some(1_700_000_000), Some(EndpointType::Vpc)));
    }

    #[test]
    fn what_is_not_set_may_be_null_and_the_first_of_a_name_counts() {
        let config = of(r#"{"profiles":[
            {"name":"default","mode":null,"region_id":null,"access_key_id":"first","process_command":null,
             "endpoint":null,"endpoint_type":null,"sts_expiration":null,"credentials_uri":null,"ram_role_name":null},
            {"name":"default","access_key_id":"second"}]}"#)
        .unwrap();
        let default = &config.profile["default"];
        assert_eq!(default.access_key_id.as_ref().unwrap().expose(), "first");
        assert!(default.mode.is_none() && default.region_id.is_none());
        // Without `current`, the official CLI uses `default`.
        assert_eq!(config.default_profile.as_deref(), Some("default"));
        assert!(of(r#"{"current":null,"profiles":null}"#).unwrap().profile.is_empty());
    }

    #[test]
    fn what_it_does_not_write_is_an_error_that_quotes_nothing() {
        for bad in
            ["", "{", r#"{"profiles":[{"name":"a","access_key_secret":["hunter2"]}]}"#, r#"{"profiles":["hunter2"]}"#]
        {
            let error = of(bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
        assert!(of("{}").unwrap().profile.is_empty());
    }
}
