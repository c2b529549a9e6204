//! The settings, from all files and variables.

use std::path::{Path, PathBuf};

use crate::command_error::CommandError;
use crate::config::{self, Config, ConfigError};
use crate::demo;
use crate::error_kind::ErrorKind;
use crate::settings::flags::GlobalArgs;
use crate::settings::layers::Layers;
use crate::settings::profile_selection::LoadedConfig;
use crate::system::environment::Environment;
use crate::system::platform;
use crate::terminal::output::Output;

/// Reads the configuration the user has, or the one that a flag names.
pub(crate) fn own(global: &GlobalArgs, env: &Environment, output: Output) -> Result<LoadedConfig, CommandError> {
    let Some(file) = config::locate(global.config.as_deref(), env) else {
        return Ok((None, None));
    };
    let config = self::file(&file, output)?;
    let by = if global.config.is_some() { "--config" } else { "ECS_VNC_CONFIG" };
    if config.is_none() && (global.config.is_some() || env.get("ECS_VNC_CONFIG").is_some()) {
        let message = format!("there is no file {}, which {by} names", file.display());
        return Err(CommandError::message(ErrorKind::Usage, message).hint("`ecs-vnc profile add NAME` creates it"));
    }
    Ok((config, Some(file)))
}

/// Reads the official CLI's configuration.
pub(crate) fn official(env: &Environment, output: Output) -> Result<LoadedConfig, CommandError> {
    other(config::locate_official(env), config::read_official, output)
}

/// Reads the SDKs' configuration.
pub(crate) fn ini(env: &Environment, output: Output) -> Result<LoadedConfig, CommandError> {
    other(config::locate_ini(env), config::read_ini, output)
}

fn other(
    file: Option<PathBuf>,
    read: fn(&Path) -> Result<Option<Config>, ConfigError>,
    output: Output,
) -> Result<LoadedConfig, CommandError> {
    let Some(file) = file else {
        return Ok((None, None));
    };
    let config = read(&file).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
    if config.is_some() {
        warn_of_readers(&file, output);
    }
    Ok((config, Some(file)))
}

/// Reads a configuration of our own, if it is there, and warns where others can read it too.
pub(crate) fn file(file: &Path, output: Output) -> Result<Option<Config>, CommandError> {
    let config = config::read(file).map_err(|error| match &error {
        ConfigError::Content { suggest: Some(suggest), .. } => {
            let hint = format!("did you mean {suggest}?");
            CommandError::new(ErrorKind::Usage, error).hint(hint)
        }
        _ => CommandError::new(ErrorKind::Usage, error),
    })?;
    if config.as_ref().is_some_and(|config| config.profile.contains_key(demo::PROFILE)) {
        let message = format!("{}: the profile {} is built in, and cannot be another", file.display(), demo::PROFILE);
        return Err(CommandError::message(ErrorKind::Usage, message).hint("give [profile.demo] another name"));
    }
    if config.is_some() {
        warn_of_readers(file, output);
    }
    Ok(config)
}

fn warn_of_readers(file: &Path, output: Output) {
    if let Some(mode) = platform::mode_open_to_others(file) {
        let file = file.display();
        output.warning(&format!("{file} holds secrets, and its mode {mode} lets others at it: chmod 600 '{file}'"));
    }
}

/// The settings that hold for a command.
pub(crate) fn layers<'a>(
    global: &'a GlobalArgs,
    env: &'a Environment,
    output: Output,
) -> Result<Layers<'a>, CommandError> {
    let own = own(global, env, output)?;
    Layers::new(global, env, own, &[&|| official(env, output), &|| ini(env, output)], |text| output.warning(text))
}
