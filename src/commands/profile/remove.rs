//! `ecs-vnc profile remove`: removes a profile from the configuration file.

use clap::Args;

use super::{existing_name, file};
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::config;
use crate::demo;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::settings::profile_selection::{ConfigReader, ProfileSelection, default_name, select_profile};
use crate::settings::{Context, files};
use crate::terminal::prompt::{check_may_confirm, confirm, in_thread};
use crate::text::quoted::Shown as _;
use crate::text::sanitize::sanitize;
use crate::text::shell::word;

const EXAMPLES: &[Example] = &[
    ("Remove a profile; you are asked before", "ecs-vnc profile remove old"),
    ("Remove it in a script", "ecs-vnc profile remove old --yes"),
];

/// Remove a profile from the configuration file.
///
/// On a terminal you are asked before. The profile's credentials are gone from this machine, but the AccessKey still works:
/// disable it in the RAM console.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), alias = "rm")]
pub(crate) struct RemoveArgs {
    /// The name of the profile.
    #[arg(value_name = "PROFILE", value_parser = existing_name)]
    name: String,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
}

/// Runs the verb.
pub(crate) async fn run(args: RemoveArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let (output, name) = (context.output, args.name.as_str());
    if name == demo::PROFILE {
        let message = format!("the profile {name} is built in and cannot be removed");
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    let (path, config) = file::read(context)?;
    let Some(profile) = config.profile.get(name) else {
        let instead = format!("aliyun configure delete --profile {}", word(name));
        return Err(file::no_profile(name, instead, &path, &config, context));
    };
    if !args.yes {
        check_may_confirm("profile remove", output)?;
        let (shown, path) = (sanitize(name, 80), path.shown());
        let question = match &profile.access_key_id {
            Some(id) => format!("remove the profile {shown}, AccessKey {id}, from {path}?"),
            None => format!("remove the profile {shown} from {path}?"),
        };
        if !in_thread(move || confirm(&question)).await? {
            let message = format!("not confirmed; the profile {} was not removed", sanitize(name, 80));
            return Err(CommandError::message(ErrorKind::Other, message));
        }
    }
    config::remove_profile(&path, name).map_err(file::write_error)?;
    output.note(&format!("removed profile {name} from {}", path.shown()));
    if default_name(&config) == name {
        tell_default(context)?;
    }
    for (other, _) in config.profile.iter().filter(|(_, other)| other.source_profile.as_deref() == Some(name)) {
        output.warning(&format!("the profile {other} names it as source_profile, and does not work any more"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says which profile is the default now. It may be one of another program, and so another account.
fn tell_default(context: &Context) -> Result<(), CommandError> {
    let (env, output) = (&context.env, context.output);
    let own = files::read_own(&context.flags, env, output)?;
    let others: [&ConfigReader<'_>; 2] = [&|| files::read_official(env, output), &|| files::read_sdk(env, output)];
    let selection = select_profile(None, own, &others, |reason| output.warning(reason))?;
    match selection {
        ProfileSelection::FaultyDefault { reason } => output.warning(&reason),
        selection => match selection.profile().map(|selected| selected.origin(&selected.name)) {
            Some(origin) => {
                output.note(&format!("the default is {origin} now; choose another with `ecs-vnc profile use NAME`"));
            }
            None => output.note("there is no default profile now; choose one with `ecs-vnc profile use NAME`"),
        },
    }
    Ok(())
}
