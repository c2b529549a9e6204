//! The environment variables, read once and passed down.

use std::collections::HashMap;
use std::env;

/// The prefixes of Alibaba Cloud's variables, newest first.
/// Source: the official CLI reads all three.
const PREFIXES: [&str; 3] = ["ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_"];

/// A snapshot of the environment. White space around a value is dropped: a file for `docker run --env-file` with Windows
/// line ends leaves some behind. A variable with nothing else counts as absent.
#[derive(Clone, Debug, Default)]
pub struct Environment(HashMap<String, Value>);

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
        let lossy = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        env::vars_os().map(|(name, value)| (lossy(name), lossy(value))).collect()
    }

    /// The trimmed value of the variable `name`, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.0.trim()).filter(|value| !value.is_empty())
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
        Self(pairs.into_iter().map(|(name, value)| (name.into(), Value(value.into()))).collect())
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

    #[test]
    fn debug_shows_no_value() {
        let env: Environment = [("ECS_VNC_PASSWORD", "abc123")].into_iter().collect();
        assert!(!format!("{env:?}").contains("abc123"));
    }
}
