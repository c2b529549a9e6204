//! Reads the SDKs' `~/.alibabacloud/credentials.ini`: its sections are profiles. It is never written, and keys unknown
//! here are the SDKs' own.

use std::path::Path;

use configparser::ini::{Ini, IniDefault};

use super::read::read_text;
use super::{Config, ConfigError, Profile};
use crate::secret::{AccessKeyId, Secret};

/// What a section's `type` is in the official CLI's words. Any other (`rsa_key_pair`, `bearer`) stays as it is, so that
/// its use can name it.
/// Source: `ProfileCredentialsProvider` in the SDKs for Python, Go and Java.
const MODES: [(&str, &str); 5] = [
    ("access_key", "AK"),
    ("sts", "StsToken"),
    ("ecs_ram_role", "EcsRamRole"),
    ("ram_role_arn", "RamRoleArn"),
    ("oidc_role_arn", "OIDC"),
];

/// The profile that the SDKs use where none is named.
const DEFAULT: &str = "default";

/// What stands in this section, or before any, stands in all others too, and it is no profile: so Python has it.
const COMMON: &str = "DEFAULT";

/// The profiles in `file`; nothing where there is no such file.
pub(crate) fn read_ini(file: &Path) -> Result<Option<Config>, ConfigError> {
    read_text(file)?.map(|text| parse_ini(&text, file)).transpose()
}

/// The profiles in `text`; `file` is named in errors.
pub fn parse_ini(text: &str, file: &Path) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut ini = Ini::new_from_defaults(rules());
    ini.read(text.to_owned()).map_err(|error| ConfigError::Content {
        file: file.to_owned(),
        line: line_of(&error),
        what: "this is not the INI that the SDKs read".to_owned(),
        suggest: None,
    })?;
    let names = ini.sections().into_iter().filter(|name| !name.is_empty() && name != COMMON);
    let profile = names.map(|name| (name.clone(), profile(&ini, &name))).collect();
    let mut found = Config { default_profile: None, profile };
    found.default_profile = found.profile.contains_key(DEFAULT).then(|| DEFAULT.to_owned());
    Ok(found)
}

/// As Python's configparser, and as its SDK, for which `#` begins a comment in a value too. Names are case-sensitive.
fn rules() -> IniDefault {
    let mut rules = IniDefault::default();
    rules.default_section = COMMON.to_owned();
    rules.inline_comment_symbols = Some(vec!['#']);
    rules.multiline = true;
    rules.case_sensitive = true;
    rules.cascade_defaults = true;
    rules
}

/// The library's errors begin with `line 3:`; the rest of its words is not ours to show.
fn line_of(error: &str) -> usize {
    error.strip_prefix("line ").and_then(|rest| rest.split(':').next()?.parse().ok()).unwrap_or(1)
}

fn profile(ini: &Ini, name: &str) -> Profile {
    let text = |key: &str| ini.get(name, key).filter(|text| !text.is_empty());
    let secret = |key: &str| text(key).map(Secret::new);
    let expired_seconds = text("role_session_expiration").map(|seconds| seconds.parse::<u64>());
    let mut fault = None;
    if matches!(expired_seconds, Some(Err(_))) {
        fault = Some("`role_session_expiration` is no whole number".to_owned());
    }
    // Java's SDK opens no such profile; the others do not know the key.
    if text("enable").is_some_and(|enable| enable.eq_ignore_ascii_case("false")) {
        fault = Some("`enable` is false there".to_owned());
    }
    Profile {
        mode: text("type").map(|kind| mode(&kind)),
        access_key_id: text("access_key_id").map(AccessKeyId::new),
        access_key_secret: secret("access_key_secret"),
        sts_token: secret("security_token"),
        ram_role_name: text("role_name"),
        ram_role_arn: text("role_arn"),
        ram_session_name: text("role_session_name"),
        // To the SDKs too, 0 is no number of seconds.
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
