//! Reads the official CLI's `~/.aliyun/config.json`. Unknown keys are ignored, and the file is never written.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::read::read_text;
use super::{Config, ConfigError, Profile};
use crate::api::endpoint::EndpointType;
use crate::secret::{AccessKeyId, Secret};

/// Source: the official CLI's `config/configuration.go`.
#[derive(Deserialize)]
struct OfficialConfig {
    current: Option<String>,
    /// Parsed one by one, so that an invalid profile does not make the others unusable.
    profiles: Option<Vec<Value>>,
}

/// The profile that the official CLI uses if its file names none.
const DEFAULT_PROFILE: &str = "default";

/// Reads the configuration in `file`, with its current profile as the default; `None` if the file does not exist.
pub(crate) fn read_official(file: &Path, limit: Duration) -> Result<Option<Config>, ConfigError> {
    read_text(file, limit)?.map(|text| parse_official(&text, file)).transpose()
}

/// Parses the configuration in `text`. Errors name `file`.
pub fn parse_official(text: &str, file: &Path) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The error of the `serde_json` crate would quote a value.
    let json: OfficialConfig = serde_json::from_str(text).map_err(|error| ConfigError::Content {
        file: file.to_owned(),
        line: error.line(),
        message: "not the JSON that the official CLI writes".to_owned(),
        suggest: None,
    })?;
    let mut config =
        Config { default_profile: non_empty(json.current).or(Some(DEFAULT_PROFILE.to_owned())), ..Config::default() };
    for profile in json.profiles.unwrap_or_default() {
        let Value::Object(keys) = profile else { continue };
        let mut keys = ProfileKeys { keys, invalid_key: None };
        // A profile without a name cannot be selected.
        let Some(name) = keys.text("name") else { continue };
        // The official CLI uses the first of two profiles with the same name.
        config.profile.entry(name).or_insert_with(|| keys.into_profile());
    }
    Ok(config)
}

/// The keys of one profile. An unset key is missing, an empty string, 0 or null. White space around a text is dropped.
struct ProfileKeys {
    keys: Map<String, Value>,
    /// The first key with a value of the wrong type.
    invalid_key: Option<&'static str>,
}

impl ProfileKeys {
    fn text(&mut self, key: &'static str) -> Option<String> {
        match self.keys.remove(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => non_empty(Some(text)),
            Some(_) => self.set_invalid(key),
        }
    }

    fn secret(&mut self, key: &'static str) -> Option<Secret> {
        self.text(key).map(Secret::new)
    }

    fn number<T: TryFrom<i64>>(&mut self, key: &'static str) -> Option<T> {
        match self.keys.remove(key) {
            None | Some(Value::Null) => None,
            Some(value) => match value.as_i64().map(T::try_from) {
                Some(Ok(number)) => Some(number),
                _ => self.set_invalid(key),
            },
        }
    }

    fn set_invalid<T>(&mut self, key: &'static str) -> Option<T> {
        self.invalid_key.get_or_insert(key);
        None
    }

    /// Source: the official CLI's `config/profile.go`; `role_session_name`, `policy` and `sts_endpoint` are read by SDKs.
    fn into_profile(mut self) -> Profile {
        let session_names = [self.text("ram_session_name"), self.text("role_session_name")];
        let mut profile = Profile {
            mode: self.text("mode"),
            region_id: self.text("region_id"),
            access_key_id: self.text("access_key_id").map(AccessKeyId::new),
            access_key_secret: self.secret("access_key_secret"),
            sts_token: self.secret("sts_token"),
            sts_expiration: self.number("sts_expiration"),
            process_command: self.secret("process_command"),
            credentials_uri: self.secret("credentials_uri"),
            ram_role_name: self.text("ram_role_name"),
            ram_role_arn: self.text("ram_role_arn"),
            ram_session_name: session_names.into_iter().flatten().next(),
            expired_seconds: self.number("expired_seconds").filter(|seconds| *seconds > 0),
            external_id: self.secret("external_id"),
            policy: self.text("policy"),
            sts_region: self.text("sts_region"),
            sts_endpoint: self.text("sts_endpoint"),
            source_profile: self.text("source_profile"),
            oidc_provider_arn: self.text("oidc_provider_arn"),
            oidc_token_file: self.text("oidc_token_file"),
            language: self.text("language").filter(|language| ["zh", "en"].contains(&language.as_str())),
            endpoint: self.text("endpoint"),
            endpoint_type: self
                .text("endpoint_type")
                .filter(|endpoint_type| endpoint_type == "vpc")
                .map(|_| EndpointType::Vpc),
            ..Profile::default()
        };
        profile.fault = self.invalid_key.map(|key| format!("`{key}` has a value of the wrong type"));
        profile
    }
}

fn non_empty(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_text(text: &str) -> Result<Config, ConfigError> {
        parse_official(text, Path::new("config.json"))
    }

    /// A file as the official CLI writes it: with every key, most of them empty.
    const OFFICIAL_FILE: &str = r#"{"current":"default","profiles":[
        {"name":"default","mode":"AK","access_key_id":"id","access_key_secret":"secret","sts_token":"",
         "sts_region":"","ram_role_name":"","ram_role_arn":"","ram_session_name":"","source_profile":"",
         "private_key":"","key_pair_name":"","expired_seconds":0,"verified":"","region_id":"cn-hangzhou",
         "output_format":"json","language":"zh","site":"","retry_timeout":0,"connect_timeout":0,"retry_count":0,
         "process_command":"","credentials_uri":"","endpoint_type":"","endpoint":""},
        {"name":"sso","mode":"CloudSSO","access_key_id":"STS.id","access_key_secret":"s","sts_token":"t",
         "sts_expiration":1700000000,"endpoint_type":"vpc"}],"meta_path":""}"#;

    #[test]
    fn a_file_of_the_official_cli_is_read() {
        let config = parse_text(OFFICIAL_FILE).unwrap();
        let (default, sso) = (&config.profile["default"], &config.profile["sso"]);
        assert_eq!(config.default_profile.as_deref(), Some("default"));
        assert_eq!((default.mode.as_deref(), default.region_id.as_deref()), (Some("AK"), Some("cn-hangzhou")));
        assert_eq!(default.access_key_id.as_ref().unwrap().expose(), "id");
        assert!(default.sts_token.is_none() && default.endpoint.is_none() && default.process_command.is_none());
        assert_eq!((sso.sts_expiration, sso.endpoint_type), (Some(1_700_000_000), Some(EndpointType::Vpc)));
    }

    #[test]
    fn null_means_unset_and_the_first_of_two_equal_names_counts() {
        let config = parse_text(
            r#"{"profiles":[
            {"name":"default","mode":null,"region_id":null,"access_key_id":"first","process_command":null,
             "endpoint":null,"endpoint_type":null,"sts_expiration":null,"credentials_uri":null,"ram_role_name":null},
            {"name":"default","access_key_id":"second"}]}"#,
        )
        .unwrap();
        let default = &config.profile["default"];
        assert_eq!(default.access_key_id.as_ref().unwrap().expose(), "first");
        assert!(default.mode.is_none() && default.region_id.is_none());
        // Without `current`, the official CLI uses `default`.
        assert_eq!(config.default_profile.as_deref(), Some("default"));
        assert!(parse_text(r#"{"current":null,"profiles":null}"#).unwrap().profile.is_empty());
    }

    #[test]
    fn the_keys_of_every_mode_are_read() {
        let config = parse_text(
            r#"{"profiles":[
            {"name":"chain","mode":"ChainableRamRoleArn","source_profile":"sso","ram_role_arn":"acs:ram::1:role/r",
             "ram_session_name":"me","expired_seconds":900,"external_id":"agreed","policy":"{}","language":"en",
             "sts_region":"cn-beijing","sts_endpoint":"sts.example.com"},
            {"name":"pod","mode":"OIDC","oidc_provider_arn":"p","oidc_token_file":"/t","role_session_name":"pod",
             "ram_session_name":"","expired_seconds":0,"language":"ja"},
            {"name":"program","process_command":"keys","credentials_uri":"http://127.0.0.1/"}]}"#,
        )
        .unwrap();
        let [chain, pod, program] = ["chain", "pod", "program"].map(|name| &config.profile[name]);
        assert_eq!(
            (chain.source_profile.as_deref(), chain.ram_role_arn.as_deref()),
            (Some("sso"), Some("acs:ram::1:role/r"))
        );
        assert_eq!((chain.ram_session_name.as_deref(), chain.expired_seconds), (Some("me"), Some(900)));
        assert_eq!((chain.external_id.as_ref().unwrap().expose(), chain.policy.as_deref()), ("agreed", Some("{}")));
        assert_eq!(
            (chain.sts_region.as_deref(), chain.sts_endpoint.as_deref()),
            (Some("cn-beijing"), Some("sts.example.com"))
        );
        assert_eq!((chain.language.as_deref(), pod.language.as_deref()), (Some("en"), None));
        assert_eq!((pod.oidc_provider_arn.as_deref(), pod.oidc_token_file.as_deref()), (Some("p"), Some("/t")));
        assert_eq!((pod.ram_session_name.as_deref(), pod.expired_seconds), (Some("pod"), None));
        assert_eq!(program.process_command.as_ref().unwrap().expose(), "keys");
        assert_eq!(program.credentials_uri.as_ref().unwrap().expose(), "http://127.0.0.1/");
        assert!(config.profile.values().all(|profile| profile.fault.is_none()));
    }

    #[test]
    fn an_invalid_profile_does_not_affect_the_others() {
        let config = parse_text(
            r#"{"profiles":["hunter2",7,{"mode":"AK"},{"name":""},{"name":["hunter2"]},
            {"name":"list","access_key_id":"id","access_key_secret":["hunter2"]},
            {"name":"number","region_id":5},
            {"name":"text","expired_seconds":"900"},
            {"name":"negative","expired_seconds":-1},
            {"name":"half","sts_expiration":1.5},
            {"name":"good","region_id":"cn-beijing","unknown":["x"]}]}"#,
        )
        .unwrap();
        let faults: Vec<_> =
            config.profile.iter().map(|(name, profile)| (name.as_str(), profile.fault.clone())).collect();
        let wrong_type = |key: &str| Some(format!("`{key}` has a value of the wrong type"));
        let expected = [
            ("good", None),
            ("half", wrong_type("sts_expiration")),
            ("list", wrong_type("access_key_secret")),
            ("negative", wrong_type("expired_seconds")),
            ("number", wrong_type("region_id")),
            ("text", wrong_type("expired_seconds")),
        ];
        assert_eq!(faults, expected);
        assert_eq!(config.profile["good"].region_id.as_deref(), Some("cn-beijing"));
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn other_json_is_an_error_that_quotes_no_value() {
        for bad in [
            "",
            "{",
            r#"{"profiles":"hunter2"}"#,
            r#"{"profiles":[{"name":"a","x":"hunter2]}"#,
            r#"{"current":["hunter2"]}"#,
        ] {
            let error = parse_text(bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
        assert!(parse_text("{}").unwrap().profile.is_empty());
    }
}
