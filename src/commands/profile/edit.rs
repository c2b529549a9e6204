//! `ecs-vnc profile edit`: opens the configuration file in the user's editor, and checks it afterwards.

use std::path::Path;

use clap::Args;

use super::file;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::config;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::programs::Editor;
use crate::settings::{Context, files};
use crate::system::exit_status::describe;
use crate::terminal::prompt::{confirm, in_thread, may_confirm};
use crate::text::quoted::Shown as _;

const EXAMPLES: &[Example] = &[
    ("Edit the configuration file", "ecs-vnc profile edit"),
    ("Edit it with another editor", "EDITOR=nano ecs-vnc profile edit"),
];

/// What stands in a file that is made to be edited.
const NEW_FILE: &str = "# Configuration of ecs-vnc. docs/configuration.md and config.example.toml explain the keys.\n";

/// Edit the configuration file, and check it afterwards.
///
/// The editor is that of VISUAL or EDITOR, or else vi on a terminal. A fault is told with its line, and on a terminal you
/// can edit again. The file is created if it does not exist, and only you can read it.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct EditArgs {}

/// Runs the verb.
pub(crate) async fn run(context: &Context) -> Result<ExitCode, CommandError> {
    let (output, path) = (context.output, file::path(context)?);
    let editor = Editor::find(&context.env).ok_or_else(|| {
        CommandError::message(ErrorKind::Usage, "VISUAL or EDITOR: the command is empty, or a quote is not closed")
    })?;
    if output.is_without_input() {
        let message = format!("profile edit starts an editor, {}, and --no-input forbids it", editor.source);
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    let has_terminal = output.may_ask() && output.is_stdout_terminal();
    if !editor.is_named && !has_terminal {
        let message = format!("profile edit would start {}, and there is no terminal", editor.source);
        return Err(
            CommandError::message(ErrorKind::Usage, message).hint("name an editor that needs none in VISUAL or EDITOR")
        );
    }
    config::create_if_missing(&path, NEW_FILE).map_err(file::write_error)?;
    loop {
        edit(&editor, &path)?;
        let error = match files::read_file(&path, context.flags.file_limit(), output) {
            Ok(Some(_)) => break,
            Ok(None) => {
                return Err(editor_failed(format!("{} is gone after the editor {}", path.shown(), editor.source)));
            }
            Err(error) => error,
        };
        if !may_confirm(output) {
            return Err(error);
        }
        output.failure(&error);
        if !in_thread(|| confirm("edit it again?")).await? {
            // It was told above.
            return Ok(error.kind.exit_code());
        }
    }
    output.note(&format!("no faults found in {}", path.shown()));
    Ok(ExitCode::SUCCESS)
}

fn edit(editor: &Editor, path: &Path) -> Result<(), CommandError> {
    match editor.edit(path) {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(editor_failed(format!("the editor {} ended with {}", editor.source, describe(status)))),
        Err(error) => Err(editor_failed(format!("the editor {} could not be started: {error}", editor.source))),
    }
}

fn editor_failed(message: String) -> CommandError {
    CommandError::message(ErrorKind::ActionFailed, message).hint("name another one in EDITOR")
}
