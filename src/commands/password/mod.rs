//! `ecs-vnc password`: the VNC password of an instance.

mod set;

use clap::{Args, Subcommand};

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::settings::Context;

pub(super) const EXAMPLES: &[Example] = &[
    ("Set the VNC password, which you are asked for", "ecs-vnc password set web-01"),
    ("Set the VNC password from a file", "ecs-vnc password set web-01 < password.txt"),
];

/// Set the VNC password of an instance.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct PasswordArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Set(set::SetArgs),
}

/// Runs the verb.
pub(crate) async fn run(args: PasswordArgs, context: &Context) -> Result<ExitCode, CommandError> {
    match args.verb {
        Verb::Set(args) => set::run(args, context).await,
    }
}
