//! `ecs-vnc move`: moves the pointer on a screen.

use clap::Args;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::pointer;
use crate::console::args::ScreenArgs;
use crate::console::pointing::MoveArgs as MoveGesture;
use crate::error_kind::ExitCode;
use crate::instances::args::LeadingInstanceArg;
use crate::secret::Secret;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Move the pointer to a point", "ecs-vnc move office-01 512,384"),
    ("Move it out of the way of a screenshot", "ecs-vnc move office-01 0,0"),
];

/// Move the pointer on the screen.
///
/// X and Y are pixels from the left and the top of the screen, as `ecs-vnc screenshot` shows it. A point that is not on the
/// screen is an error.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc move [OPTIONS] [INSTANCE] <X,Y>")]
pub(crate) struct MoveArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    #[command(flatten)]
    gesture: MoveGesture,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: MoveArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let (selector, first) = args.which.split(args.gesture.is_complete(), context)?;
    let pointing = args.gesture.pointing(first.as_ref().map(Secret::expose))?;
    pointer::run(&selector, &pointing, &args.screen, context).await
}
