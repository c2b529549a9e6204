//! `ecs-vnc completions`: prints a shell's completion script.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::command_error::CommandError;
use crate::error_kind::ExitCode;
use crate::terminal::output::Output;

/// Print a shell's completion script.
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the verb.
pub(crate) fn run(args: &CompletionsArgs, command: &mut Command, output: Output) -> Result<ExitCode, CommandError> {
    let mut script = Vec::new();
    generate(args.shell, command, "ecs-vnc", &mut script);
    output.bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}
