//! Where the configuration file is.

use std::path::{Path, PathBuf};

use crate::environment::Environment;

/// The official CLI's configuration. Nothing where there is no home.
pub fn locate_official() -> Option<PathBuf> {
    dirs::home_dir().map(|home| home.join(".aliyun").join("config.json"))
}

/// The file named by a flag, else by `ECS_VNC_CONFIG`, else `ecs-vnc/config.toml` in the user's configuration
/// directory: `~/.config` (Linux), `~/Library/Application Support` (macOS), `%APPDATA%` (Windows).
/// Nothing where there is no home.
pub fn locate(flag: Option<&Path>, env: &Environment) -> Option<PathBuf> {
    flag.map(Path::to_owned)
        .or_else(|| env.get("ECS_VNC_CONFIG").map(PathBuf::from))
        .or_else(|| dirs::config_dir().map(|dir| dir.join("ecs-vnc").join("config.toml")))
}
