//! `ecs-vnc scroll`: turns the wheel of the mouse.

use clap::Args;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::pointer;
use crate::console::args::ScreenArgs;
use crate::console::pointing::ScrollArgs as ScrollGesture;
use crate::error_kind::ExitCode;
use crate::instances::args::LeadingInstanceArg;
use crate::secret::Secret;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Scroll down by three steps of the wheel", "ecs-vnc scroll office-01 down"),
    ("Scroll to the top of a list", "ecs-vnc scroll office-01 up --steps 50 --at 200,400"),
];

/// Turn the wheel of the mouse.
///
/// Guests scroll what is below the pointer. So the pointer moves to --at first, or to the middle of the screen. QEMU has
/// no wheel to the left and to the right: only other VNC servers take these two.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc scroll [OPTIONS] [INSTANCE] <DIRECTION>")]
pub(crate) struct ScrollArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    #[command(flatten)]
    gesture: ScrollGesture,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: ScrollArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let (selector, first) = args.which.split(args.gesture.is_complete(), context)?;
    let pointing = args.gesture.pointing(first.as_ref().map(Secret::expose))?;
    pointer::run(&selector, &pointing, &args.screen, context).await
}
