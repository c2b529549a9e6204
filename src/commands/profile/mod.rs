//! `ecs-vnc profile`: what the configuration holds.

mod add;
mod list;
mod show;

use clap::{Args, Subcommand};

use crate::command_error::CommandError;
use crate::error_kind::ExitCode;
use crate::settings::flags::GlobalArgs;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// List, show and add the profiles of the configuration.
#[derive(Args, Debug)]
pub(crate) struct ProfileArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the profiles; the default is marked with a star.
    List,
    Show(show::ShowArgs),
    Add(add::AddArgs),
}

/// Runs the verb.
pub(crate) async fn run(
    args: ProfileArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    match args.verb {
        Verb::List => list::run(global, env, output),
        Verb::Show(args) => show::run(args, global, env, output),
        Verb::Add(args) => add::run(args, global, env, output).await,
    }
}
