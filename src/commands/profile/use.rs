//! `ecs-vnc profile use`: chooses the default profile.

use clap::Args;

use super::{existing_name, file};
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::config;
use crate::demo;
use crate::error_kind::ExitCode;
use crate::settings::Context;
use crate::text::quoted::Shown as _;
use crate::text::shell::word;

const EXAMPLES: &[Example] = &[
    ("Make a profile the default", "ecs-vnc profile use prod"),
    ("Try everything on the simulated account", "ecs-vnc profile use demo"),
];

/// Make a profile the default.
///
/// Commands use it where --profile and ALIBABA_CLOUD_PROFILE name no other. It must be a profile of ecs-vnc, or demo; the
/// Alibaba Cloud CLI chooses among its own.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct UseArgs {
    /// The name of the profile.
    #[arg(value_name = "PROFILE", value_parser = existing_name)]
    name: String,
}

/// Runs the verb.
pub(crate) fn run(args: &UseArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let (name, (path, config)) = (args.name.as_str(), file::read(context)?);
    if name != demo::PROFILE && !config.profile.contains_key(name) {
        // Our file's default profile comes before the one that the official CLI has switched to.
        let instead = match config.default_profile {
            Some(_) => format!("ecs-vnc --profile {} …", word(name)),
            None => format!("aliyun configure switch --profile {}", word(name)),
        };
        return Err(file::no_profile(name, instead, &path, &config, context));
    }
    config::set_default_profile(&path, name).map_err(file::write_error)?;
    context.output.note(&format!("{name} is the default profile now, in {}", path.shown()));
    // --profile is of this call only.
    if let Some((variable, other)) = context.env.vendor("PROFILE").filter(|(_, other)| *other != name) {
        context.output.warning(&format!("{variable} still names {other}; unset it"));
    }
    Ok(ExitCode::SUCCESS)
}
