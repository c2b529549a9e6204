//! `ecs-vnc stop`: stops instances.

use clap::Args;

use super::power::{self, PowerArgs};
use crate::api::operations::PowerAction;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::instances::filter_args::InstanceStatus;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Shut an instance down, and wait until it is stopped", "ecs-vnc stop web-01 --wait"),
    ("Turn the power of a hung instance off, without a question", "ecs-vnc stop web-01 --force --yes"),
    ("Stop two instances", "ecs-vnc stop web-01 web-02 --yes"),
];

/// Stop instances that are running.
///
/// The service asks the guest's system to shut down; --force turns the power off. The instance is Stopping and then
/// Stopped; --wait waits for that. On a terminal, you are asked before. Whether a stopped instance is still billed, and
/// keeps its public IP address, is a setting of the account. The RAM action is ecs:StopInstance.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc stop [OPTIONS] <INSTANCE|--tag|--all>...",
)]
pub(crate) struct StopArgs {
    #[command(flatten)]
    power: PowerArgs,
    /// Turn the power off, without a shutdown.
    ///
    /// What the guest has not written to its disks is lost.
    #[arg(long)]
    force: bool,
}

/// Runs the verb.
pub(crate) async fn run(args: StopArgs, context: &Context) -> Result<ExitCode, CommandError> {
    power::run(args.power, PowerAction::Stop { is_forced: args.force }, &[InstanceStatus::Running], context).await
}
