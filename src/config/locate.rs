//! Where the configuration file is.

use std::path::{Path, PathBuf};

use crate::system::environment::Environment;

/// The official CLI's configuration. Nothing where there is no home, and where `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` says
/// so, as for the SDKs: on a machine that several share, nobody is to meet another's login by accident.
pub(crate) fn locate_official(env: &Environment) -> Option<PathBuf> {
    let disabled =
        env.get("ALIBABA_CLOUD_CLI_PROFILE_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    dirs::home_dir().filter(|_| !disabled).map(|home| home.join(".aliyun").join("config.json"))
}

/// The SDKs' credentials: the file named by `ALIBABA_CLOUD_CREDENTIALS_FILE`, else the one in the home directory.
/// Nothing where there is no home.
pub(crate) fn locate_ini(env: &Environment) -> Option<PathBuf> {
    let usual = || dirs::home_dir().map(|home| home.join(".alibabacloud").join("credentials.ini"));
    env.get("ALIBABA_CLOUD_CREDENTIALS_FILE").map(PathBuf::from).or_else(usual)
}

/// The file named by a flag, else by `ECS_VNC_CONFIG`, else `ecs-vnc/config.toml` in the user's configuration
/// directory: `~/.config` (Linux), `~/Library/Application Support` (macOS), `%APPDATA%` (Windows).
/// Nothing where there is no home.
pub(crate) fn locate(flag: Option<&Path>, env: &Environment) -> Option<PathBuf> {
    flag.map(Path::to_owned)
        .or_else(|| env.get("ECS_VNC_CONFIG").map(PathBuf::from))
        .or_else(|| dirs::config_dir().map(|dir| dir.join("ecs-vnc").join("config.toml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_file_can_be_passed_over() {
        let of = |value: &str| locate_official(&[("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", value)].into_iter().collect());
        assert!(of("true").is_none() && of("True").is_none());
        for value in ["", "false", "1"] {
            assert!(of(value).unwrap().ends_with(".aliyun/config.json"), "{value}");
        }
    }

    #[test]
    fn the_sdks_file_is_the_one_named_or_the_one_at_home() {
        let named: Environment = [("ALIBABA_CLOUD_CREDENTIALS_FILE", "/etc/keys.ini")].into_iter().collect();
        assert_eq!(locate_ini(&named), Some(PathBuf::from("/etc/keys.ini")));
        let usual = locate_ini(&Environment::default()).unwrap();
        assert!(usual.ends_with(".alibabacloud/credentials.ini"), "{usual:?}");
        let empty: Environment = [("ALIBABA_CLOUD_CREDENTIALS_FILE", "")].into_iter().collect();
        assert_eq!(locate_ini(&empty), Some(usual), "an empty variable is none");
    }
}
