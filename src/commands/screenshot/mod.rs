//! `ecs-vnc screenshot`: what is on the screens of instances, as files or in the terminal.

mod by_api;
mod by_vnc;
mod show;

use std::sync::Arc;

use clap::Args;
use futures_util::{StreamExt as _, stream};
use serde::Serialize;

use self::by_api::Via;
use self::show::{Show, TerminalRenderer};
use crate::account::{self, Account};
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::picture_file::{self, PictureTarget};
use crate::console::readiness::running;
use crate::console::remote_screen::ScreenArgs;
use crate::error_kind::ExitCode;
use crate::instances::args::InstanceArgs;
use crate::instances::{self, ResolvedInstance, wait_until_running};
use crate::picture::Picture;
use crate::secret::Secret;
use crate::settings::flags::GlobalArgs;
use crate::settings::load;
use crate::system::clock::{Deadline, Timestamp, iso_8601};
use crate::system::environment::Environment;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// How many instances are looked at once: well below the service's limit per user.
const AT_ONCE: usize = 8;

const EXAMPLES: &[Example] = &[
    ("Save a screenshot as INSTANCE-TIME.png in this directory", "ecs-vnc screenshot web-01"),
    ("Show it in the terminal", "ecs-vnc screenshot web-01 --show"),
    ("Save screenshots of several instances", "ecs-vnc screenshot web-01 office-01 -f '{instance}.png'"),
    ("Take it over VNC and write it to stdout", "ecs-vnc screenshot web-01 --via vnc -f - > web-01.png"),
];

/// Take a screenshot of the console.
///
/// Write it to a PNG file and print the name of the file.
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
struct Line<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    file: &'a str,
    width: u32,
    height: u32,
    via: &'a str,
    time: String,
}

/// A picture, and where it is from.
struct Taken {
    picture: Picture,
    target: ResolvedInstance,
    via: &'static str,
    time: Timestamp,
}

/// What has become of it.
struct Done {
    taken: Taken,
    /// What goes to stdout.
    result: Vec<u8>,
}

/// What all pictures of a run share.
struct Shots<'a> {
    session: Arc<Account>,
    password: Option<Secret>,
    via: Via,
    wake: bool,
    name: Option<PictureTarget>,
    shows: Option<TerminalRenderer>,
    limit: &'a (dyn Fn() -> Deadline + Sync),
    output: Output,
}

/// Runs the verb.
pub(crate) async fn run(
    args: ScreenshotArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let queries = args.which.selectors();
    let shows = args.show.map(|show| TerminalRenderer::new(show, env, output)).transpose()?;
    let name = match (args.file, &shows) {
        (None, Some(_)) => None,
        (file, _) => Some(file.unwrap_or_default()),
    };
    if let Some(name) = &name {
        name.check(queries.len(), shows.is_some(), output)?;
    }
    let global = &wait_until_running::limited(global, args.screen.until_running);
    let layers = load::layers(global, env, output)?;
    let (password, usual) = (args.screen.password(&layers)?, layers.usual_timeout()?);
    let session = Arc::new(account::begin(&layers, env, output).await?);
    let waits = args.screen.until_running;
    let found = instances::targets(&session, &queries, waits, output).await;
    // What was waited for has had its time; its picture has its own.
    let limit = || if waits { session.clock().deadline(usual) } else { session.limit };
    let shots = Shots {
        session: session.clone(),
        password,
        via: args.via,
        wake: args.wake,
        name,
        shows,
        limit: &limit,
        output,
    };
    let taking = found.into_iter().map(|found| async {
        let target = running(&session, found?, waits, output).await?;
        shots.shot(&target).await
    });
    let mut shot = stream::iter(taking).buffered(AT_ONCE);
    let mut progress = Progress::new(session.clock(), output);
    let (mut first_failure, count) = (None, queries.len());
    for (done, query) in queries.iter().enumerate() {
        let text = match count {
            1 => format!("taking a picture of {query}"),
            _ => format!("taking pictures: {done} of {count}"),
        };
        let Some(outcome) = progress.during(&text, shot.next()).await else { break };
        match outcome {
            Ok(done) => {
                if count > 1 && shots.shows.is_some() {
                    output.note(&format!("{}, {}", done.taken.target.instance, iso_8601(done.taken.time.utc)));
                }
                match output.bytes(&done.result) {
                    // The reader has seen enough, and what failed before has failed.
                    Err(gone) if gone.is_silent() => return Ok(first_failure.unwrap_or(ExitCode::SUCCESS)),
                    written => written?,
                }
            }
            Err(failure) => {
                first_failure.get_or_insert(failure.kind.exit_code());
                output.failure(&if count > 1 { failure.about(&query.to_string()) } else { failure });
            }
        }
    }
    Ok(first_failure.unwrap_or(ExitCode::SUCCESS))
}

impl Shots<'_> {
    /// Takes one, and writes its file.
    async fn shot(&self, target: &ResolvedInstance) -> Result<Done, CommandError> {
        let taken = self.take(target, (self.limit)()).await?;
        let drawn = self.shows.as_ref().map(|shows| shows.draw(&taken.picture)).transpose()?;
        let mut result = drawn.unwrap_or_default().into_bytes();
        match &self.name {
            Some(PictureTarget::Stdout) => result.extend(picture_file::encode(&taken.picture)?),
            Some(PictureTarget::File(name)) => {
                let path = name.fill(&taken.target.instance, taken.time.utc);
                picture_file::write(&taken.picture, &path)?;
                let path = path.display().to_string();
                if self.shows.is_some() {
                    self.output.note(&format!("the picture of {} is in {path}", taken.target.instance));
                } else {
                    result.extend(self.line(&taken, &path).into_bytes());
                }
            }
            None => {}
        }
        Ok(Done { taken, result })
    }

    fn line(&self, taken: &Taken, file: &str) -> String {
        if !self.output.is_json() {
            return format!("{file}\n");
        }
        let Taken { picture, target, via, time } = taken;
        let (instance_id, region_id) = (target.instance.as_str(), target.region.as_str());
        let (width, height) = (picture.width(), picture.height());
        let line = Line { instance_id, region_id, file, width, height, via, time: iso_8601(time.utc) };
        format!("{}\n", crate::terminal::output::json(&line))
    }

    /// The picture, from wherever it is to be had.
    async fn take(&self, target: &ResolvedInstance, limit: Deadline) -> Result<Taken, CommandError> {
        if self.via == Via::Vnc {
            return self.by_vnc(target, limit).await;
        }
        match self.by_api(target, limit).await? {
            Ok(taken) => Ok(taken),
            Err(refusal) if self.via == Via::Auto && refusal.may_go_over_vnc => {
                self.output.note(&format!(
                    "{}: no picture from the API ({}); going over VNC, which drops whoever is on the console",
                    refusal.target.instance, refusal.why
                ));
                self.by_vnc(&refusal.target, limit).await
            }
            Err(refusal) => Err(refusal.failure),
        }
    }
}
