//! The paths of the configuration files.

use std::path::{Path, PathBuf};

use crate::system::directories;
use crate::system::environment::Environment;

/// Returns the path of the official CLI's configuration. Returns `None` without a home directory, and if
/// `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` is `true`, as the SDKs do: on a shared machine, this keeps one user from using
/// another user's login by accident.
pub(crate) fn locate_official(env: &Environment) -> Option<PathBuf> {
    let disabled =
        env.get("ALIBABA_CLOUD_CLI_PROFILE_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    directories::home(env).filter(|_| !disabled).map(|home| home.join(".aliyun").join("config.json"))
}

/// Returns the path of the SDKs' credentials: the file named by `ALIBABA_CLOUD_CREDENTIALS_FILE`, otherwise
/// `~/.alibabacloud/credentials.ini`. Returns `None` without a home directory.
pub(crate) fn locate_ini(env: &Environment) -> Option<PathBuf> {
    let in_home = || directories::home(env).map(|home| home.join(".alibabacloud").join("credentials.ini"));
    env.get("ALIBABA_CLOUD_CREDENTIALS_FILE").map(PathBuf::from).or_else(in_home)
}

/// Returns the path of ecs-vnc's configuration: the file named by `--config`, otherwise by `ECS_VNC_CONFIG`, otherwise
/// `ecs-vnc/config.toml` in the user's configuration directory: `~/.config` (Linux), `~/Library/Application Support`
/// (macOS), `%APPDATA%` (Windows). Returns `None` without a home directory.
pub(crate) fn locate(flag: Option<&Path>, env: &Environment) -> Option<PathBuf> {
    flag.map(Path::to_owned)
        .or_else(|| env.get("ECS_VNC_CONFIG").map(PathBuf::from))
        .or_else(|| directories::config(env).map(|dir| dir.join("ecs-vnc").join("config.toml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These variables, and one that names a home directory.
    fn in_home(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().copied().chain([("ECS_VNC_HOME", "/home/x")]).collect()
    }

    #[test]
    fn a_variable_disables_the_official_file() {
        let locate_with = |value: &str| locate_official(&in_home(&[("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", value)]));
        assert!(locate_with("true").is_none() && locate_with("True").is_none());
        for value in ["", "false", "1"] {
            assert!(locate_with(value).unwrap().ends_with(".aliyun/config.json"), "{value}");
        }
    }

    #[test]
    fn the_sdks_file_is_the_named_one_or_the_one_in_the_home_directory() {
        let named = in_home(&[("ALIBABA_CLOUD_CREDENTIALS_FILE", "/etc/keys.ini")]);
        assert_eq!(locate_ini(&named), Some(PathBuf::from("/etc/keys.ini")));
        let usual = locate_ini(&in_home(&[])).unwrap();
        assert!(usual.ends_with(".alibabacloud/credentials.ini"), "{usual:?}");
        let empty = in_home(&[("ALIBABA_CLOUD_CREDENTIALS_FILE", "")]);
        assert_eq!(locate_ini(&empty), Some(usual), "an empty variable counts as unset");
    }
}
