//! Pictures of instances' screens: from the API, which disturbs no one, or over VNC.

mod by_api;
pub(crate) mod by_file;
mod by_vnc;
mod look;

use std::sync::Arc;

use clap::{Args, ValueEnum};

use self::by_api::ApiShotError;
pub(crate) use self::look::{Beside, BootLog, Look};
use crate::account::Account;
use crate::args::trimmed_enum;
use crate::command_error::CommandError;
use crate::console::args::{ScreenArgs, SharingArg};
use crate::console::readiness::note_takeover;
use crate::error_kind::ExitCode;
use crate::instances::{ResolvedInstance, RunReport, Selection, find_targets, work_on};
use crate::picture::Picture;
use crate::secret::Secret;
use crate::settings::Context;
use crate::system::clock::{Deadline, Timestamp};
use crate::terminal::output::Output;

/// How many screenshots are taken at the same time: well below the service's limit for a user.
pub(crate) const MAX_CONCURRENT_SHOTS: usize = 8;

/// The source of a screenshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Via {
    /// The API, or VNC if the API has no screenshot
    #[default]
    Auto,
    /// The API, which does not disturb anyone
    Api,
    /// A VNC session, which is exact to the pixel
    Vnc,
}

/// The flags of commands that take a picture.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct PictureArgs {
    #[arg(
        long,
        value_enum,
        value_parser = trimmed_enum::<Via>(),
        value_name = "SOURCE",
        help = "Source",
        long_help = "Take the picture from this source",
        default_value_t
    )]
    via: Via,
    /// Wake a sleeping screen first.
    ///
    /// Over VNC, this presses the Shift key.
    #[arg(long)]
    wake: bool,
}

impl PictureArgs {
    pub(crate) fn new(via: Via, wake: bool) -> Self {
        Self { via, wake }
    }
}

/// A picture of an instance's screen.
pub(crate) struct Shot {
    pub(crate) picture: Picture,
    pub(crate) instance: ResolvedInstance,
    /// `api` or `vnc`.
    pub(crate) via: &'static str,
    pub(crate) time: Timestamp,
    /// Whether compression may have changed its pixels.
    pub(crate) is_lossy: bool,
}

/// What all pictures of a run share.
pub(crate) struct PictureSource {
    account: Arc<Account>,
    password: Option<Secret>,
    sharing: SharingArg,
    args: PictureArgs,
    output: Output,
}

/// Takes a picture of each instance as [`for_each_look`] does. One that does not run is a failure.
pub(crate) async fn for_each_picture<T>(
    selection: &Selection,
    args: PictureArgs,
    screen: &ScreenArgs,
    context: &Context,
    process: impl Fn(Shot, Deadline) -> Result<T, CommandError>,
    mut report: impl FnMut(T) -> Result<Option<CommandError>, CommandError>,
) -> Result<ExitCode, CommandError> {
    let report = |_: &str, result: Result<T, CommandError>| result.map_or_else(|error| Ok(Some(error)), &mut report);
    let process =
        async |look: Look, deadline| process(look.shot.expect("only a look with the status has none"), deadline);
    for_each_look(selection, args, Beside::default(), screen, context, process, report).await
}

/// Takes a picture of each instance and what is wanted beside it, several at the same time, and reports the results in the order
/// of the selection. `process` makes the result; the deadline is that of the picture. `report` gets what the instance is called
/// in errors; it writes the result, and returns a failure that is to be written. One failure does not stop the others; the exit code is the first failure's.
pub(crate) async fn for_each_look<T>(
    selection: &Selection,
    args: PictureArgs,
    beside: Beside,
    screen: &ScreenArgs,
    context: &Context,
    process: impl AsyncFn(Look, Deadline) -> Result<T, CommandError>,
    report: impl FnMut(&str, Result<T, CommandError>) -> Result<Option<CommandError>, CommandError>,
) -> Result<ExitCode, CommandError> {
    let (output, wait) = (context.output, screen.wait);
    selection.check_stdin(screen.password_stdin)?;
    let settings = context.settings()?;
    let (password, default) = (screen.password(&settings, context.output)?, screen.wait.default_timeout(&settings)?);
    let time_limit = wait.time_limit(settings.timeout_flag, default);
    let account = Arc::new(Account::open(&settings, time_limit, context).await?);
    let targets = find_targets(&account, selection, wait.is_set() || beside.has_status, output).await;
    let source = PictureSource { account: account.clone(), password, sharing: screen.sharing, args, output };
    let take = |instance| async {
        let (look, deadline) = source.look(instance, beside, wait, default).await?;
        process(look, deadline).await
    };
    let one = format!("taking a screenshot of {}", selection.name_of_one());
    let run = RunReport::new(selection, &targets, &one, "taking screenshots", account.clock(), output);
    let taken = work_on(targets, MAX_CONCURRENT_SHOTS, take);
    run.each_outcome(taken, report).await
}

impl PictureSource {
    /// Pictures from the API only.
    pub(crate) fn of_api(account: Arc<Account>, output: Output) -> Self {
        let args = PictureArgs { via: Via::Api, wake: false };
        Self { account, password: None, sharing: SharingArg::NEVER, args, output }
    }

    /// Takes a picture: with `--via auto` from the API, and over VNC where the API has none.
    pub(crate) async fn take(&self, instance: &ResolvedInstance, deadline: Deadline) -> Result<Shot, CommandError> {
        // The picture of a session that is shared is exact, and joining it disconnects no client.
        let may_join = self.args.via != Via::Api;
        if let Some(shot) = if may_join { self.by_joining(instance, deadline).await? } else { None } {
            return Ok(shot);
        }
        if self.args.via == Via::Vnc {
            note_takeover(instance, self.output);
            return self.by_vnc(instance, deadline).await;
        }
        match self.by_api(instance, deadline).await {
            Ok(shot) => Ok(shot),
            Err(ApiShotError::NoPicture { instance, why, .. }) if self.args.via == Via::Auto => {
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
