//! `ecs-vnc click`: clicks on a screen.

use clap::Args;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::pointer;
use crate::console::args::ScreenArgs;
use crate::console::pointing::ClickArgs as ClickGesture;
use crate::error_kind::ExitCode;
use crate::instances::args::LeadingInstanceArg;
use crate::secret::Secret;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Click on a point of the screen", "ecs-vnc click office-01 512,384"),
    ("Open something with a double click", "ecs-vnc click office-01 40,60 --double"),
    ("Open the context menu", "ecs-vnc click office-01 512,384 --button right"),
    ("Wait up to 1 minute for a button, and click it", "ecs-vnc click web-01 --image ok-button.png --timeout 1m"),
];

/// Click on the screen.
///
/// X and Y are pixels from the left and the top of the screen, as `ecs-vnc screenshot` shows it. A point that is not on the
/// screen is an error, and nothing is clicked then. The button is released at the end, even if the command fails.
///
/// With --image, the command waits until the picture is on the screen, up to --timeout (60s by default), and clicks its
/// centre. If it is there more than once, nothing is clicked, and the error says where. The exit code is 40 if it does not
/// come.
///
/// The point is exact where the instance has a tablet. Where it has a mouse only, a warning says that the pointer may end
/// elsewhere.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc click [OPTIONS] [INSTANCE] <X,Y|--image>")]
pub(crate) struct ClickArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    #[command(flatten)]
    gesture: ClickGesture,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: ClickArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let (selector, first) = args.which.split(args.gesture.is_complete(), context)?;
    let pointing = args.gesture.pointing(first.as_ref().map(Secret::expose))?;
    pointer::run(&selector, &pointing, &args.screen, context).await
}
