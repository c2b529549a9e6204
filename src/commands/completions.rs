//! `ecs-vnc completions`: prints a shell's completion script.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::args::trimmed_enum;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::terminal::output::Output;

const EXAMPLES: &[Example] = &[
    ("Install completion for bash", "ecs-vnc completions bash >> ~/.bash_completion"),
    ("Install completion for zsh; put the file into a directory of $fpath", "ecs-vnc completions zsh > _ecs-vnc"),
    (
        "Write the script for fish; put the file into ~/.config/fish/completions",
        "ecs-vnc completions fish > ecs-vnc.fish",
    ),
];

/// Print a shell completion script.
///
/// The script completes commands and flags. In bash, zsh and fish, completion can also offer your profiles and instances:
/// put `source <(COMPLETE=bash ecs-vnc)`, `source <(COMPLETE=zsh ecs-vnc)` or `COMPLETE=fish ecs-vnc | source` into the
/// startup file of the shell instead.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct CompletionsArgs {
    /// The shell to print the script for.
    #[arg(value_parser = trimmed_enum::<Shell>(), value_name = "SHELL")]
    shell: Shell,
}

/// Runs the verb.
pub(crate) fn run(args: &CompletionsArgs, command: &mut Command, output: Output) -> Result<ExitCode, CommandError> {
    let mut script = Vec::new();
    generate(args.shell, command, "ecs-vnc", &mut script);
    output.bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}
