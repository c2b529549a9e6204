//! `ecs-vnc start`: starts instances.

use clap::Args;

use super::power::{self, PowerArgs};
use crate::api::operations::PowerAction;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::instances::filter_args::InstanceStatus;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Start an instance and wait until it is running", "ecs-vnc start db-01 --wait"),
    ("Check that it could be started, and start nothing", "ecs-vnc start db-01 --dry-run"),
];

/// Start instances that are stopped.
///
/// The service answers at once, and the instance is Starting and then Running; --wait waits for that. On a terminal, you
/// are asked before. `open --start` starts an instance and opens its console. The RAM action is ecs:StartInstance.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc start [OPTIONS] <INSTANCE|--tag|--all>...",
)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    power: PowerArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: StartArgs, context: &Context) -> Result<ExitCode, CommandError> {
    power::run(args.power, PowerAction::Start, &[InstanceStatus::Stopped], context).await
}
