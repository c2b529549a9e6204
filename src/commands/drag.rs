//! `ecs-vnc drag`: drags something across a screen.

use clap::Args;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::pointer;
use crate::console::args::ScreenArgs;
use crate::console::pointing::DragArgs as DragGesture;
use crate::error_kind::ExitCode;
use crate::instances::args::LeadingInstanceArg;
use crate::secret::Secret;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Move a window by its title", "ecs-vnc drag office-01 300,20 500,120"),
    ("Drag with the right button, for a menu at the end", "ecs-vnc drag office-01 40,60 300,60 --button right"),
];

/// Drag something across the screen.
///
/// The pointer moves to the first point, presses the button, moves to the second point in small steps and releases the
/// button there. Points are pixels from the left and the top of the screen. If one of them is not on the screen, nothing is
/// sent. The button is released at the end, even if the command fails.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc drag [OPTIONS] [INSTANCE] <X,Y> <X,Y>")]
pub(crate) struct DragArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    #[command(flatten)]
    gesture: DragGesture,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: DragArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let (selector, first) = args.which.split(args.gesture.is_complete(), context)?;
    let pointing = args.gesture.pointing(first.as_ref().map(Secret::expose))?;
    pointer::run(&selector, &pointing, &args.screen, context).await
}
