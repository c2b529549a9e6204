//! Our own configuration file, for the commands that change it.

use std::path::PathBuf;

use crate::command_error::CommandError;
use crate::config::{self, Config, WriteError};
use crate::error_kind::ErrorKind;
use crate::settings::Context;
use crate::settings::files;
use crate::text::quoted::Shown as _;
use crate::text::shell::word;
use crate::text::suggest::suggest;

/// Returns the path of the file, and what is in it; nothing if it does not exist.
pub(super) fn read(context: &Context) -> Result<(PathBuf, Config), CommandError> {
    let file = path(context)?;
    let config = files::read_file(&file, context.flags.file_limit(), context.output)?;
    Ok((file, config.unwrap_or_default()))
}

/// Returns the path of the file, which need not exist.
pub(super) fn path(context: &Context) -> Result<PathBuf, CommandError> {
    config::locate(context.flags.config.as_deref(), &context.env).ok_or_else(|| {
        let message = "no home directory to write the configuration to";
        CommandError::message(ErrorKind::Usage, message).hint("choose a file with --config or ECS_VNC_CONFIG")
    })
}

/// The command's error for a change that failed.
pub(super) fn write_error(error: WriteError) -> CommandError {
    match error {
        WriteError::Exists { .. } => {
            CommandError::new(ErrorKind::Usage, error).hint("use --force to replace its credentials")
        }
        WriteError::Missing { .. } => CommandError::new(ErrorKind::NotFound, error),
        WriteError::NotAConfig { .. } => CommandError::new(ErrorKind::Usage, error),
        WriteError::Write { .. } => CommandError::new(ErrorKind::ActionFailed, error),
    }
}

/// The error for a profile that our file does not have. Those of other programs cannot be changed here; `instead` is what to do
/// with one of the official CLI.
pub(super) fn no_profile(
    name: &str,
    instead: String,
    file: &std::path::Path,
    config: &Config,
    context: &Context,
) -> CommandError {
    let others = [
        (files::read_official(&context.env, context.output), instead),
        (files::read_sdk(&context.env, context.output), format!("ecs-vnc --profile {} …", word(name))),
    ];
    for (loaded, instead) in others {
        let Ok(loaded) = loaded else { continue };
        if let (Some(config), Some(path)) = (&loaded.config, &loaded.path)
            && config.profile.contains_key(name)
        {
            let message = format!("the profile {name} is in {}, which ecs-vnc only reads", path.shown());
            return CommandError::message(ErrorKind::NotFound, message).hint(format!("use `{instead}`"));
        }
    }
    let error = CommandError::message(ErrorKind::NotFound, format!("no profile {name} in {}", file.shown()));
    match suggest(name, config.profile.keys().map(String::as_str)) {
        Some(similar) => error.hint(format!("did you mean {similar}?")),
        None => error.hint("`ecs-vnc profile list` lists the profiles"),
    }
}
