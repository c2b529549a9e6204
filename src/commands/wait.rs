//! `ecs-vnc wait`: until an instance's screen shows a text, stands still, changes, or looks like a picture.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::args::path_arg;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::{DEFAULT_SCREEN_TIMEOUT, ScreenArgs};
use crate::console::picture_file;
use crate::console::reading::text_match::TextMatch;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_condition::ConditionArgs;
use crate::console::screen_wait::{Met, wait_for_screen};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::Purpose;
use crate::instances::args::InstanceArg;
use crate::screen_text::Position;
use crate::settings::Context;
use crate::terminal::output::Output;
use crate::text::quoted::Shown as _;

const EXAMPLES: &[Example] = &[
    (
        "Wait up to 5 minutes for a login prompt, unless the kernel panics",
        "ecs-vnc wait web-01 --text 'login: *$' --fail-text 'Kernel panic' --timeout 5m",
    ),
    ("Wait until the screen has not changed for 3 seconds", "ecs-vnc wait web-01 --still 3s"),
    (
        "Wait up to 5 minutes for a change in the top left corner",
        "ecs-vnc wait web-01 --change --area 0,0,320,200 --timeout 5m",
    ),
    ("Wait until the screen looks like an earlier screenshot", "ecs-vnc wait web-01 --image login.png --tolerance 32"),
];

/// Wait until the screen shows a text, is still or changes.
///
/// The screen is checked at once, and then each time the console reports a change. A text counts if it stands in two reads
/// of the screen, one after the other, or for 50 ms without a change. A blinking text cursor does not count as a change.
///
/// If the screen does not get there within --timeout (60s by default), the exit code is 40 and the error says what was
/// seen. If a text was waited for, the last rows of the screen are on stderr; the exit code is 41 if the screen never was
/// text that can be read.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc wait [OPTIONS] [INSTANCE] <--text|--no-text>\n       ecs-vnc wait [OPTIONS] [INSTANCE] <--still|--change|--image>")]
pub(crate) struct WaitArgs {
    #[command(flatten)]
    which: InstanceArg,
    #[command(flatten)]
    condition: ConditionArgs,
    /// On timeout, save the screen to this PNG or JPG file.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    save: Option<PathBuf>,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// `-o json`: what came.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WaitOutput<'a> {
    instance_id: &'a str,
    /// In seconds, rounded to milliseconds.
    elapsed: f64,
    /// The share of equal pixels, 0 to 1, where pictures were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f64>,
    #[serde(flatten)]
    found: Option<FoundOutput<'a>>,
}

/// The text that was waited for.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FoundOutput<'a> {
    text: &'a str,
    /// Where it begins, in cells from 0.
    row: usize,
    column: usize,
    /// The row that it is in, or the joined rows.
    line: &'a str,
}

impl<'a> FoundOutput<'a> {
    fn new(found: &'a TextMatch) -> Self {
        let Position { column, row } = found.position;
        Self { text: &found.text, row, column, line: &found.line }
    }
}

/// Runs the verb.
pub(crate) async fn run(args: WaitArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let selector = args.which.selector(Purpose::Look, context)?;
    let condition = args.condition.condition()?;
    if let Some(save) = &args.save {
        picture_file::check_path(save)?;
    }
    let settings = context.settings()?;
    let time = settings.timeout_flag.unwrap_or(DEFAULT_SCREEN_TIMEOUT);
    condition.check_timeout(time)?;
    let before_screen = args.screen.opening_limit(&settings)?;
    let mut screen = RemoteScreen::of(&selector, &args.screen, &settings, before_screen, context).await?;
    let limit = screen.clock().deadline(time);
    match wait_for_screen(&mut screen, &condition, None, limit, output).await {
        Ok(Met { elapsed, similarity, found }) => {
            let instance = screen.instance().id.clone();
            screen.close().await?;
            if output.is_json() {
                let elapsed = (elapsed.as_secs_f64() * 1000.0).round() / 1000.0;
                let similarity = similarity.map(|similarity| similarity.share());
                let found = found.as_ref().map(FoundOutput::new);
                output.json(&WaitOutput { instance_id: &instance, elapsed, similarity, found })?;
            } else if let Some(found) = found {
                output.line(&found.text)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) => {
            if let (ErrorKind::TimeLimit | ErrorKind::NoText, Some(path)) = (failure.kind, &args.save) {
                save(&screen, path, time, output);
            }
            Err(failure)
        }
    }
}

/// Saves the last screen, for at most `limit` if the file is a pipe. A failure to do so is a warning: it must not hide why the command failed.
pub(crate) fn save(screen: &RemoteScreen, path: &Path, limit: Duration, output: Output) {
    let written = match screen.client.is_screen_complete() {
        true => screen.received_picture().and_then(|picture| picture_file::write(&picture, path, limit)),
        false => Err(CommandError::message(ErrorKind::ActionFailed, "the screen was not received completely")),
    };
    match written {
        Ok(()) => output.note(&format!("saved the last screen to {}", path.shown())),
        Err(failure) => output.warning(&format!("could not save the last screen: {:#}", failure.error)),
    }
}
