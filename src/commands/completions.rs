//! `ecs-vnc completions`: prints a shell's completion script.

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use crate::command_error::CommandError;
use crate::commands::cli::Cli;
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
pub(crate) fn run(args: &CompletionsArgs, output: Output) -> Result<ExitCode, CommandError> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "ecs-vnc", &mut script);
    output.bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}
