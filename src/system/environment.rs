//! The environment variables, read once and passed down.

use std::borrow::Cow;
use std::collections::HashMap;
use std::env;
use std::ffi::OsString;

use crate::system::invocation::Invocation;
use crate::system::operating_system::System;

/// The prefixes of Alibaba Cloud's variables, newest first.
/// Source: the official CLI reads all three.
const PREFIXES: [&str; 3] = ["ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_"];

/// The prefix of this program's own variables.
const OWN_PREFIX: &str = "ECS_VNC_";

/// The names without a prefix that hold keys. Source: the official CLI reads them too.
const BARE_NAMES: [&str; 3] = ["ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN"];

/// The names of this process's variables that a browser or a viewer must not inherit: they may hold keys, tokens or the
/// VNC password, or lead to them.
pub(crate) fn private_names() -> impl Iterator<Item = OsString> {
    env::vars_os().map(|(name, _)| name).filter(|name| is_private(&name.to_string_lossy()))
}

/// Whether a variable belongs to Alibaba Cloud or to this program. Windows ignores the case of names.
fn is_private(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.starts_with(OWN_PREFIX)
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || BARE_NAMES.contains(&name.as_str())
}

/// A snapshot of the environment. White space around a value is dropped: a file for `docker run --env-file` with Windows
/// line ends leaves some behind. A variable with nothing else counts as absent.
///
/// On Windows, names are in upper case here, as their case does not matter there: `PATH` is usually called `Path`.
#[derive(Clone, Debug)]
pub struct Environment {
    values: HashMap<String, Value>,
    system: System,
    /// Whether they are those that the official CLI gives its plugin.
    is_of_host: bool,
}

/// A variable's value. It may be secret, so `Debug` does not print it.
#[derive(Clone)]
struct Value(String);

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Environment {
    /// The environment of this process. Bytes that are not Unicode become U+FFFD, so that such a value is reported as
    /// invalid rather than missing.
    pub fn from_process() -> Self {
        let lossy = |text: OsString| text.to_string_lossy().into_owned();
        let all: Self = env::vars_os().map(|(name, value)| (lossy(name), lossy(value))).collect();
        Self { is_of_host: Invocation::of_process().is_plugin, ..all }
    }

    /// The same as the official CLI gives its plugin.
    #[cfg(test)]
    pub(crate) fn of_host(self) -> Self {
        Self { is_of_host: true, ..self }
    }

    /// Whether this process is a plugin of the official CLI, and has its keys here. The CLI has resolved them for the profile that
    /// the user chose there.
    pub(crate) fn has_keys_of_host(&self) -> bool {
        self.is_of_host && self.vendor("ACCESS_KEY_ID").is_some()
    }

    /// The variable that only the official CLI sets: one that the user has set is meant for other programs.
    pub(crate) fn of_host_only(&self, suffix: &str) -> Option<&str> {
        self.vendor(suffix).map(|(_, value)| value).filter(|_| self.is_of_host)
    }

    /// These variables, as they are found on `system`.
    fn on(system: System, pairs: impl Iterator<Item = (String, String)>) -> Self {
        let values = pairs.map(|(name, value)| (key(system, &name).into_owned(), Value(value))).collect();
        Self { values, system, is_of_host: false }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values.get(&*key(self.system, name)).map(|value| value.0.as_str())
    }

    /// The trimmed value of the variable `name`, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.value(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// The value of the variable `name` as it is, with white space, unless it is empty: for a text that the user gave.
    pub(crate) fn get_verbatim(&self, name: &str) -> Option<&str> {
        self.value(name).filter(|value| !value.is_empty())
    }

    /// The name and value of the Alibaba Cloud variable with this suffix (`REGION_ID`), under the newest prefix that is set.
    pub(crate) fn vendor(&self, suffix: &str) -> Option<(String, &str)> {
        PREFIXES.iter().find_map(|prefix| {
            let name = format!("{prefix}{suffix}");
            self.get(&name).map(|value| (name.clone(), value))
        })
    }

    /// The newest prefix under which `suffix` is set. Related variables are then read under the same prefix.
    pub(crate) fn vendor_prefix(&self, suffix: &str) -> Option<&'static str> {
        PREFIXES.into_iter().find(|prefix| self.get(&format!("{prefix}{suffix}")).is_some())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self::on(System::THIS, pairs.into_iter().map(|(name, value)| (name.into(), value.into())))
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::on(System::THIS, std::iter::empty())
    }
}

/// What stands for a variable's name among the keys.
fn key(system: System, name: &str) -> Cow<'_, str> {
    match system {
        System::Windows => name.to_uppercase().into(),
        System::Linux | System::MacOs => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_prefix_wins_and_empty_is_absent() {
        let env: Environment =
            [("ALICLOUD_REGION_ID", "old"), ("ALIBABACLOUD_REGION_ID", "older"), ("ALIBABA_CLOUD_REGION_ID", "")]
                .into_iter()
                .collect();
        assert_eq!(env.vendor("REGION_ID"), Some(("ALIBABACLOUD_REGION_ID".into(), "older")));
        assert_eq!(env.vendor_prefix("REGION_ID"), Some("ALIBABACLOUD_"));
    }

    /// Source: the environment block of Windows has `Path`, and GetEnvironmentVariable ignores case.
    #[test]
    fn windows_ignores_the_case_of_names() {
        let pairs = || [("Path", "C:\\bin"), ("ecs_vnc_config", "x")].into_iter();
        let owned = || pairs().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let env = Environment::on(System::Windows, owned());
        assert_eq!((env.get("PATH"), env.get("path")), (Some("C:\\bin"), Some("C:\\bin")));
        assert_eq!(env.get_verbatim("ECS_VNC_CONFIG"), Some("x"));
        let env = Environment::on(System::Linux, owned());
        assert_eq!((env.get("PATH"), env.get("Path")), (None, Some("C:\\bin")));
    }

    #[test]
    fn variables_with_keys_tokens_and_passwords_are_private() {
        for name in [
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "ALIBABACLOUD_SECURITY_TOKEN",
            "ALICLOUD_SECRET_KEY",
            "ALIBABA_CLOUD_CREDENTIALS_URI",
            "ACCESS_KEY_SECRET",
            "ECS_VNC_PASSWORD",
            "ECS_VNC_SHARE_PASSWORD",
            "alibaba_cloud_access_key_secret",
        ] {
            assert!(is_private(name), "{name}");
        }
        for name in ["DISPLAY", "HOME", "HTTPS_PROXY", "XAUTHORITY", "ALIBABA", "AWS_SECRET_ACCESS_KEY"] {
            assert!(!is_private(name), "{name}");
        }
    }

    #[test]
    fn debug_shows_no_value() {
        let env: Environment = [("ECS_VNC_PASSWORD", "abc123")].into_iter().collect();
        assert!(!format!("{env:?}").contains("abc123"));
    }
}
