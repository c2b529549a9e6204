//! `ecs-vnc reboot`: reboots instances.

use clap::Args;

use super::power::{self, PowerArgs};
use crate::api::operations::PowerAction;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::instances::filter_args::InstanceStatus;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Reboot an instance, and wait until it is running", "ecs-vnc reboot web-01 --wait"),
    ("Reset an instance whose kernel has panicked", "ecs-vnc reboot web-01 --force --yes"),
];

/// Reboot instances that are running.
///
/// The service asks the guest's system to shut down and starts it again; --force resets it. The instance is Starting and
/// then Running; --wait waits for that. On a terminal, you are asked before. To press Ctrl+Alt+Delete instead, use
/// `ecs-vnc key INSTANCE ctrl-alt-delete`. The RAM action is ecs:RebootInstance.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc reboot [OPTIONS] <INSTANCE|--tag|--all>...",
)]
pub(crate) struct RebootArgs {
    #[command(flatten)]
    power: PowerArgs,
    /// Reset it, without a shutdown.
    ///
    /// What the guest has not written to its disks is lost.
    #[arg(long)]
    force: bool,
}

/// Runs the verb.
pub(crate) async fn run(args: RebootArgs, context: &Context) -> Result<ExitCode, CommandError> {
    power::run(args.power, PowerAction::Reboot { is_forced: args.force }, &[InstanceStatus::Running], context).await
}
