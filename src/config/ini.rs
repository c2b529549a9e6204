//! Reads the SDKs' `~/.alibabacloud/credentials.ini`, in which each section is a profile. Unknown keys are ignored, and
//! the file is never written.

use std::path::Path;
use std::time::Duration;

use configparser::ini::{Ini, IniDefault};

use super::read::read_text;
use super::{Config, ConfigError, Profile};
use crate::secret::{AccessKeyId, Secret};

/// The official CLI's name of the mode for each `type` of a section. Any other type (`rsa_key_pair`, `bearer`) is kept
/// as it is, so that the error on its use can name it.
/// Source: `ProfileCredentialsProvider` in the SDKs for Python, Go and Java.
const MODES: [(&str, &str); 5] = [
    ("access_key", "AK"),
    ("sts", "StsToken"),
    ("ecs_ram_role", "EcsRamRole"),
    ("ram_role_arn", "RamRoleArn"),
    ("oidc_role_arn", "OIDC"),
];

/// The profile that the SDKs use if none is named.
const DEFAULT_PROFILE: &str = "default";

/// Keys in this section, or before the first section, apply to all sections, as in Python's configparser.
const COMMON_SECTION: &str = "DEFAULT";

/// Reads the profiles in `file`; `None` if the file does not exist.
pub(crate) fn read_ini(file: &Path, limit: Duration) -> Result<Option<Config>, ConfigError> {
    read_text(file, limit)?.map(|text| parse_ini(&text, file)).transpose()
}

/// Parses the profiles in `text`. Errors name `file`.
pub fn parse_ini(text: &str, file: &Path) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut ini = Ini::new_from_defaults(syntax());
    ini.read(text.to_owned()).map_err(|error| ConfigError::Content {
        file: file.to_owned(),
        line: line_number(&error),
        message: "not a valid INI file".to_owned(),
        suggest: None,
    })?;
    let names = ini.sections().into_iter().filter(|name| !name.is_empty() && name != COMMON_SECTION);
    let profile = names.map(|name| (name.clone(), profile(&ini, &name))).collect();
    let mut config = Config { profile, ..Config::default() };
    config.default_profile = config.profile.contains_key(DEFAULT_PROFILE).then(|| DEFAULT_PROFILE.to_owned());
    Ok(config)
}

/// The syntax of Python's configparser as the Python SDK sets it up: `#` also starts a comment behind a value, and names
/// are case-sensitive.
fn syntax() -> IniDefault {
    let mut syntax = IniDefault::default();
    syntax.default_section = COMMON_SECTION.to_owned();
    syntax.inline_comment_symbols = Some(vec!['#']);
    syntax.multiline = true;
    syntax.case_sensitive = true;
    syntax.cascade_defaults = true;
    syntax
}

/// Extracts the line number from an error of the `configparser` crate, which starts with `line 3:`. The rest of the
/// error may quote a secret.
fn line_number(error: &str) -> usize {
    error.strip_prefix("line ").and_then(|rest| rest.split(':').next()?.parse().ok()).unwrap_or(1)
}

fn profile(ini: &Ini, name: &str) -> Profile {
    let text = |key: &str| ini.get(name, key).filter(|text| !text.is_empty());
    let secret = |key: &str| text(key).map(Secret::new);
    let expired_seconds = text("role_session_expiration").map(|seconds| seconds.parse::<u64>());
    let mut fault = None;
    if matches!(expired_seconds, Some(Err(_))) {
        fault = Some("`role_session_expiration` is not a whole number".to_owned());
    }
    // The Java SDK refuses such a profile; the other SDKs ignore the key.
    if text("enable").is_some_and(|enable| enable.eq_ignore_ascii_case("false")) {
        fault = Some("`enable` is false".to_owned());
    }
    Profile {
        mode: text("type").map(|kind| mode(&kind)),
        access_key_id: text("access_key_id").map(AccessKeyId::new),
        access_key_secret: secret("access_key_secret"),
        sts_token: secret("security_token"),
        ram_role_name: text("role_name"),
        ram_role_arn: text("role_arn"),
        ram_session_name: text("role_session_name"),
        // The SDKs treat 0 as unset, too.
        expired_seconds: expired_seconds.and_then(Result::ok).filter(|seconds| *seconds > 0),
        policy: text("policy"),
        oidc_provider_arn: text("oidc_provider_arn"),
        oidc_token_file: text("oidc_token_file_path"),
        fault,
        ..Profile::default()
    }
}

fn mode(kind: &str) -> String {
    MODES.iter().find(|(theirs, _)| *theirs == kind).map_or(kind, |(_, ours)| ours).to_owned()
}

#[cfg(test)]
#[path = "ini_tests.rs"]
mod tests;
