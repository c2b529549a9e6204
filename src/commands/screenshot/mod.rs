//! `ecs-vnc screenshot`: what is on the screens of instances, as files or in the terminal.

mod show;

use std::path::Path;

use clap::Args;
use serde::Serialize;

use self::show::{Show, TerminalRenderer};
use crate::args::trimmed_enum;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::ScreenArgs;
use crate::console::picture_file::{self, PictureTarget};
use crate::console::picture_source::{PictureArgs, Shot, for_each_picture};
use crate::error_kind::ExitCode;
use crate::instances::Purpose;
use crate::instances::selection_args::SelectionArgs;
use crate::settings::Context;
use crate::system::clock::{Deadline, iso_8601};
use crate::terminal::output::Output;
use crate::text::quoted::Shown as _;

const EXAMPLES: &[Example] = &[
    ("Save a screenshot as INSTANCE-TIME.png in this directory", "ecs-vnc screenshot web-01"),
    ("Show it in the terminal", "ecs-vnc screenshot web-01 --show"),
    ("Save screenshots of all running web servers", "ecs-vnc screenshot 'web-0?' -f '{instance}.png'"),
    ("Take it over VNC and write it to stdout", "ecs-vnc screenshot web-01 --via vnc -f - > web-01.png"),
];

/// Take a screenshot of the console.
///
/// Write it to a PNG file, or to a JPG file if its name ends in .jpg, and print the name of the file.
///
/// By default the screenshot comes from the API, which does not disturb anyone on the console; it may have been compressed
/// as JPEG on the way. Over VNC it is exact to the pixel, but anyone already on the console is disconnected, and a screen
/// that changes meanwhile may come out torn. The RAM action is ecs:GetInstanceScreenshot for the API, and
/// ecs:DescribeInstanceVncUrl for VNC.
///
/// With several instances, one that fails does not stop the others; the exit code is that of the first failure.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc screenshot [OPTIONS] <INSTANCE|--tag|--all>...",
)]
pub(crate) struct ScreenshotArgs {
    #[command(flatten)]
    which: SelectionArgs,
    /// Output file [default: {instance}-{time}.png].
    ///
    /// Use - for stdout. {instance} is replaced by the instance ID and {time} by the time in UTC. An existing file is
    /// overwritten. Only you can read the file.
    #[arg(short, long, value_name = "FILE", value_parser = PictureTarget::parse)]
    file: Option<PictureTarget>,
    #[command(flatten)]
    picture: PictureArgs,
    /// Show the screenshot in the terminal.
    ///
    /// No file is written unless -f names one. The protocol is chosen from the terminal's environment variables unless you
    /// name one; `blocks` works in every terminal with colors. In a terminal without graphics, the text of a text console is
    /// printed as text.
    #[arg(long, value_parser = trimmed_enum::<Show>(), value_name = "PROTOCOL", num_args = 0..=1, require_equals = true, default_missing_value = "auto")]
    show: Option<Show>,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// `-o json`: a picture that was taken.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ScreenshotOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    file: &'a str,
    width: u32,
    height: u32,
    via: &'a str,
    time: String,
}

/// What goes to stdout for a picture that was written to its file. The picture itself is kept no longer: others may be waiting.
struct SavedShot {
    /// Its instance and its time.
    heading: String,
    stdout: Vec<u8>,
}

/// What is done with all pictures of a run.
struct ScreenshotSaver {
    name: Option<PictureTarget>,
    show: Option<TerminalRenderer>,
    output: Output,
}

/// Runs the verb.
pub(crate) async fn run(args: ScreenshotArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let selection = args.which.running(args.screen.wait.is_set(), Purpose::Look, context)?;
    let show = args.show.map(|show| TerminalRenderer::new(show, context)).transpose()?;
    let name = match (args.file, &show) {
        (None, Some(_)) => None,
        (file, _) => Some(file.unwrap_or_default()),
    };
    if let Some(name) = &name {
        name.check(selection.describe_several().as_deref(), show.is_some(), output)?;
    }
    let saver = ScreenshotSaver { name, show, output };
    let save = |shot: Shot, deadline: Deadline| saver.save(shot, deadline);
    let report = |saved: SavedShot| {
        if selection.may_be_several() && saver.show.is_some() {
            output.note(&saved.heading);
        }
        output.bytes(&saved.stdout).map(|()| None)
    };
    for_each_picture(&selection, args.picture, &args.screen, context, save, report).await
}

impl ScreenshotSaver {
    fn save(&self, shot: Shot, deadline: Deadline) -> Result<SavedShot, CommandError> {
        let drawn = self.show.as_ref().map(|show| show.draw(&shot.picture)).transpose()?;
        let mut stdout = drawn.unwrap_or_default().into_bytes();
        match &self.name {
            Some(PictureTarget::Stdout) => stdout.extend(picture_file::encode(&shot.picture)?),
            Some(PictureTarget::File(name)) => {
                let path = name.fill(&shot.instance.id, shot.time.utc);
                picture_file::write(&shot.picture, &path, deadline.total)?;
                if self.show.is_some() {
                    let path = path.shown();
                    self.output.note(&format!("saved the screen of {} to {path}", shot.instance.id));
                } else {
                    stdout.extend(self.line(&shot, &path).into_bytes());
                }
            }
            None => {}
        }
        let heading = format!("{}, {}", shot.instance.id, iso_8601(shot.time.utc));
        Ok(SavedShot { heading, stdout })
    }

    fn line(&self, shot: &Shot, file: &Path) -> String {
        if !self.output.is_json() {
            return format!("{}\n", self.output.file_link(file));
        }
        let file = &*file.display().to_string();
        let Shot { picture, instance, via, time, .. } = shot;
        let (instance_id, region_id) = (instance.id.as_str(), instance.region.as_str());
        let (width, height) = (picture.width(), picture.height());
        let line = ScreenshotOutput { instance_id, region_id, file, width, height, via, time: iso_8601(time.utc) };
        format!("{}\n", crate::terminal::output::json(&line))
    }
}
