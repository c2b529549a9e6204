//! `ecs-vnc profile`: lists, shows, adds, chooses, edits and removes profiles of the configuration files.

mod add;
mod edit;
mod file;
mod list;
mod questions;
mod remove;
mod show;
mod r#use;
mod verify;

use clap::{Args, Subcommand};

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::settings::Context;

const LIST_EXAMPLES: &[Example] =
    &[("List the profiles", "ecs-vnc profile list"), ("List them as JSON", "ecs-vnc profile list -o json")];

const EXAMPLES: &[Example] = &[
    ("List the profiles", "ecs-vnc profile list"),
    ("Show the settings that commands would use now", "ecs-vnc profile show"),
    ("Add a profile; you are asked for its AccessKey pair", "ecs-vnc profile add prod --region cn-hangzhou"),
    ("Make a profile the default", "ecs-vnc profile use prod"),
];

/// List, show, add, choose and remove profiles.
///
/// A profile holds credentials and settings. Those of the Alibaba Cloud CLI and SDKs can be used as well.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct ProfileArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the profiles; a star marks the default.
    ///
    /// Profiles of the Alibaba Cloud CLI and SDKs are listed too, unless a profile of ecs-vnc has the same name.
    #[command(after_help = examples(LIST_EXAMPLES), alias = "ls")]
    List,
    Show(show::ShowArgs),
    Add(add::AddArgs),
    Use(r#use::UseArgs),
    Edit(edit::EditArgs),
    Remove(remove::RemoveArgs),
}

/// Parses the name of a profile that is to be there already. White space around it is dropped.
fn existing_name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a name is not empty".to_owned()),
        name => Ok(name.to_owned()),
    }
}

/// Runs the verb.
pub(crate) async fn run(args: ProfileArgs, context: &Context) -> Result<ExitCode, CommandError> {
    match args.verb {
        Verb::List => list::run(context),
        Verb::Show(args) => show::run(args, context),
        Verb::Add(args) => add::run(args, context).await,
        Verb::Use(args) => r#use::run(&args, context),
        Verb::Edit(_) => edit::run(context).await,
        Verb::Remove(args) => remove::run(args, context).await,
    }
}
