//! Reads the configuration files: our own, the official CLI's and the SDKs'. Warns of those that other users
//! can read or own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command_error::CommandError;
use crate::config::{self, Config, ConfigError};
use crate::demo;
use crate::error_kind::ErrorKind;
use crate::settings::flags::{DEFAULT_TIMEOUT, GlobalArgs};
use crate::settings::profile_selection::LoadedConfig;
use crate::system::environment::Environment;
use crate::system::platform;
use crate::terminal::output::Output;
use crate::text::quoted::Shown as _;
use crate::text::shell::word;

/// What to do about a configuration file of another user.
pub(crate) const FOREIGN_FILE_ADVICE: &str = "use a copy of your own, for example with --config";

/// What is wrong with a configuration file of another user.
pub(crate) fn foreign_file(file: &Path) -> String {
    let file = file.shown();
    format!("{file} belongs to another user, who decides which credentials, programs and endpoints are used")
}

/// Reads our own configuration file. It is an error if `--config` or `ECS_VNC_CONFIG` names a file that does not exist.
pub(crate) fn read_own(flags: &GlobalArgs, env: &Environment, output: Output) -> Result<LoadedConfig, CommandError> {
    let Some(file) = config::locate(flags.config.as_deref(), env) else {
        return Ok(LoadedConfig::default());
    };
    let config = read_file(&file, flags.file_limit(), output)?;
    let named_by = match (&flags.config, env.get("ECS_VNC_CONFIG")) {
        (Some(_), _) => Some("--config"),
        (None, Some(_)) => Some("ECS_VNC_CONFIG"),
        (None, None) => None,
    };
    if let (None, Some(named_by)) = (&config, named_by) {
        let message = format!("{named_by} names {}, which does not exist", file.shown());
        return Err(CommandError::message(ErrorKind::Usage, message).hint("create it with `ecs-vnc profile add NAME`"));
    }
    Ok(LoadedConfig { config, path: Some(file), ..LoadedConfig::default() })
}

/// Reads the official CLI's configuration file.
pub(crate) fn read_official(env: &Environment, output: Output) -> Result<LoadedConfig, CommandError> {
    read_other(config::locate_official(env), config::read_official, output)
}

/// Reads the SDKs' configuration file.
pub(crate) fn read_sdk(env: &Environment, output: Output) -> Result<LoadedConfig, CommandError> {
    read_other(config::locate_ini(env), config::read_ini, output)
}

fn read_other(
    file: Option<PathBuf>,
    read: fn(&Path, Duration) -> Result<Option<Config>, ConfigError>,
    output: Output,
) -> Result<LoadedConfig, CommandError> {
    let Some(file) = file else {
        return Ok(LoadedConfig::default());
    };
    let config = read(&file, DEFAULT_TIMEOUT).map_err(|error| CommandError::new(kind(&error), error))?;
    if config.is_some() {
        warn_of_other_users(&file, output);
    }
    Ok(LoadedConfig { config, path: Some(file), ..LoadedConfig::default() })
}

fn kind(error: &ConfigError) -> ErrorKind {
    match error {
        ConfigError::NotReady { .. } => ErrorKind::TimeLimit,
        _ => ErrorKind::Usage,
    }
}

/// Reads a file in our own format; `None` if it does not exist. A pipe may take `limit`.
pub(crate) fn read_file(file: &Path, limit: Duration, output: Output) -> Result<Option<Config>, CommandError> {
    let config = config::read(file, limit).map_err(|error| {
        let hint = match &error {
            ConfigError::Content { suggest: Some(suggest), .. } => format!("did you mean {suggest}?"),
            ConfigError::Content { .. } => "`ecs-vnc profile edit` opens the file".to_owned(),
            _ => "--config and ECS_VNC_CONFIG name another file".to_owned(),
        };
        CommandError::new(kind(&error), error).hint(hint)
    })?;
    if config.as_ref().is_some_and(|config| config.profile.contains_key(demo::PROFILE)) {
        let message = format!("{}: the profile {} is built in and cannot be redefined", file.shown(), demo::PROFILE);
        let hint = format!("give [profile.{}] another name", demo::PROFILE);
        return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
    }
    if config.is_some() {
        warn_of_other_users(file, output);
    }
    Ok(config)
}

fn warn_of_other_users(file: &Path, output: Output) {
    if platform::is_owned_by_another_user(file) {
        output.warning(&format!("{}; {FOREIGN_FILE_ADVICE}", foreign_file(file)));
    }
    if let Some(mode) = platform::mode_open_to_others(file) {
        let (shown, path) = (file.shown(), word(&file.to_string_lossy()));
        output.warning(&format!(
            "{shown} contains secrets but is readable by others (mode {mode}); run: chmod 600 {path}"
        ));
    }
}
