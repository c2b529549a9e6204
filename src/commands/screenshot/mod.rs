//! `ecs-vnc screenshot`: what is on the screens of instances, as files or in the terminal.

mod by_api;
mod by_vnc;
mod show;

use std::sync::Arc;

use clap::Args;
use futures_util::{StreamExt as _, stream};
use serde::Serialize;

use self::by_api::{ApiShotError, Via};
use self::show::{Show, TerminalRenderer};
use crate::account::Account;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::ScreenArgs;
use crate::console::picture_file::{self, PictureTarget};
use crate::console::readiness::{note_takeover, require_running};
use crate::error_kind::ExitCode;
use crate::instances::args::InstanceArgs;
use crate::instances::{self, InstanceSelector, ResolvedInstance, for_each_in_order};
use crate::picture::Picture;
use crate::secret::Secret;
use crate::settings::Context;
use crate::system::clock::{Deadline, Timestamp, iso_8601};
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// How many screenshots are taken at the same time: well below the service's limit for a user.
const MAX_CONCURRENT_SHOTS: usize = 8;

const EXAMPLES: &[Example] = &[
    ("Save a screenshot as INSTANCE-TIME.png in this directory", "ecs-vnc screenshot web-01"),
    ("Show it in the terminal", "ecs-vnc screenshot web-01 --show"),
    ("Save screenshots of several instances", "ecs-vnc screenshot web-01 office-01 -f '{instance}.png'"),
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
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc screenshot [OPTIONS] <INSTANCE>...")]
pub(crate) struct ScreenshotArgs {
    #[command(flatten)]
    which: InstanceArgs,
    /// Output file [default: {instance}-{time}.png].
    ///
    /// Use - for stdout. {instance} is replaced by the instance ID and {time} by the time in UTC. An existing file is
    /// overwritten. Only you can read the file.
    #[arg(short, long, value_name = "FILE", value_parser = PictureTarget::parse)]
    file: Option<PictureTarget>,
    #[arg(
        long,
        value_enum,
        value_name = "SOURCE",
        help = "Source",
        long_help = "Take the screenshot from this source",
        default_value_t
    )]
    via: Via,
    /// Wake a sleeping screen first.
    ///
    /// Over VNC, this presses the Shift key.
    #[arg(long)]
    wake: bool,
    /// Show the screenshot in the terminal.
    ///
    /// No file is written unless -f names one. The protocol is chosen from the terminal's environment variables unless you
    /// name one; `blocks` works in every terminal with colors.
    #[arg(long, value_enum, value_name = "PROTOCOL", num_args = 0..=1, require_equals = true, default_missing_value = "auto")]
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

/// A picture of an instance's screen.
struct Shot {
    picture: Picture,
    instance: ResolvedInstance,
    /// `api` or `vnc`.
    via: &'static str,
    time: Timestamp,
}

/// A picture that was written to its file, and what goes to stdout.
struct SavedShot {
    shot: Shot,
    stdout: Vec<u8>,
}

/// What all pictures of a run share.
struct Shots {
    account: Arc<Account>,
    password: Option<Secret>,
    via: Via,
    wake: bool,
    name: Option<PictureTarget>,
    show: Option<TerminalRenderer>,
    output: Output,
}

/// Runs the verb.
pub(crate) async fn run(args: ScreenshotArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let (selectors, wait) = (args.which.selectors(), args.screen.wait);
    let show = args.show.map(|show| TerminalRenderer::new(show, &context.env, output)).transpose()?;
    let name = match (args.file, &show) {
        (None, Some(_)) => None,
        (file, _) => Some(file.unwrap_or_default()),
    };
    if let Some(name) = &name {
        name.check(selectors.len(), show.is_some(), output)?;
    }
    let settings = context.settings()?;
    let (password, default) = (args.screen.password(&settings)?, settings.default_timeout);
    let time_limit = wait.time_limit(settings.timeout_flag, default);
    let account = Arc::new(Account::open(&settings, time_limit, context).await?);
    let resolved = instances::resolve_all(&account, &selectors, wait.is_set(), output).await;
    let (via, wake) = (args.via, args.wake);
    let shots = Shots { account: account.clone(), password, via, wake, name, show, output };
    let taking = resolved.into_iter().map(|instance| async {
        let instance = require_running(&account, instance?, wait, output).await?;
        shots.take_and_save(&instance, wait.console_deadline(&account, default)).await
    });
    let mut taken = stream::iter(taking).buffered(MAX_CONCURRENT_SHOTS);
    let mut progress = Progress::new(account.clock(), output);
    let count = selectors.len();
    let next = async |index: usize| {
        let text = match count {
            1 => format!("taking a screenshot of {}", selectors[0]),
            _ => format!("taking screenshots: {index} of {count}"),
        };
        progress.during(&text, taken.next()).await
    };
    let report = |_: &InstanceSelector, saved: SavedShot| {
        if count > 1 && shots.show.is_some() {
            output.note(&format!("{}, {}", saved.shot.instance.id, iso_8601(saved.shot.time.utc)));
        }
        output.bytes(&saved.stdout)
    };
    for_each_in_order(&selectors, output, next, report).await
}

impl Shots {
    async fn take_and_save(&self, instance: &ResolvedInstance, deadline: Deadline) -> Result<SavedShot, CommandError> {
        let shot = self.take(instance, deadline).await?;
        let drawn = self.show.as_ref().map(|show| show.draw(&shot.picture)).transpose()?;
        let mut stdout = drawn.unwrap_or_default().into_bytes();
        match &self.name {
            Some(PictureTarget::Stdout) => stdout.extend(picture_file::encode(&shot.picture)?),
            Some(PictureTarget::File(name)) => {
                let path = name.fill(&shot.instance.id, shot.time.utc);
                picture_file::write(&shot.picture, &path, deadline.total)?;
                let path = path.display().to_string();
                if self.show.is_some() {
                    self.output.note(&format!("saved the screen of {} to {path}", shot.instance.id));
                } else {
                    stdout.extend(self.line(&shot, &path).into_bytes());
                }
            }
            None => {}
        }
        Ok(SavedShot { shot, stdout })
    }

    fn line(&self, shot: &Shot, file: &str) -> String {
        if !self.output.is_json() {
            return format!("{file}\n");
        }
        let Shot { picture, instance, via, time } = shot;
        let (instance_id, region_id) = (instance.id.as_str(), instance.region.as_str());
        let (width, height) = (picture.width(), picture.height());
        let line = ScreenshotOutput { instance_id, region_id, file, width, height, via, time: iso_8601(time.utc) };
        format!("{}\n", crate::terminal::output::json(&line))
    }

    /// Takes a picture: with `--via auto` from the API, and over VNC where the API has none.
    async fn take(&self, instance: &ResolvedInstance, deadline: Deadline) -> Result<Shot, CommandError> {
        if self.via == Via::Vnc {
            note_takeover(instance, self.output);
            return self.by_vnc(instance, deadline).await;
        }
        match self.by_api(instance, deadline).await {
            Ok(shot) => Ok(shot),
            Err(ApiShotError::NoPicture { instance, why, .. }) if self.via == Via::Auto => {
                self.output.note(&format!(
                    "{}: no picture from the API ({why}); using VNC, which disconnects anyone on the console",
                    instance.id
                ));
                self.by_vnc(&instance, deadline).await
            }
            Err(ApiShotError::NoPicture { error, .. } | ApiShotError::Other(error)) => Err(error),
        }
    }
}
