//! `ecs-vnc bootlog`: what an instance wrote to its console when it last started or stopped.

mod answer;
mod continuation;
mod follow;

use std::convert::Infallible;
use std::time::Duration;

use clap::Args;

use self::answer::BootlogOutput;
use self::follow::Follower;
use crate::account::Account;
use crate::api::operations::ConsoleOutput;
use crate::args::time_in;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::boot_log::{ACTION, as_of, request};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::InstanceArg;
use crate::instances::{self, Purpose, ResolvedInstance, call};
use crate::settings::Context;
use crate::system::clock::iso_8601;
use crate::terminal::progress::Progress;

/// The time between two requests, without `--interval`. The service has no limit for this operation that is documented; for
/// GetInstanceScreenshot it is 10 s.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(10);

const EXAMPLES: &[Example] = &[
    ("Print the console output of web-01", "ecs-vnc bootlog web-01"),
    ("Save it unchanged, with its control characters", "ecs-vnc bootlog web-01 --raw > bootlog.txt"),
    ("Print its last 20 lines", "ecs-vnc bootlog web-01 | tail -n 20"),
    ("Print what a starting instance writes, until Ctrl-C", "ecs-vnc bootlog web-01 --follow"),
    ("Save it together with its time and the request ID", "ecs-vnc bootlog web-01 -o json > bootlog.json"),
];

/// Print the console output of the last boot or shutdown.
///
/// Alibaba Cloud keeps this output, so the instance need not be running, and no session is opened. The age of the output is
/// reported on stderr. Windows instances have none; use `ecs-vnc screenshot` for them.
///
/// With --follow, the output is read again every 10 seconds, and what is new is printed. The service keeps the last part of
/// the output only: a warning says where lines may be missing. Errors that pass are told, and do not end the command. Ctrl-C
/// does, with exit code 0.
///
/// Escape sequences and control characters are removed, except with --raw. -o json has the output as text in ConsoleOutput, with
/// --follow one object for each piece. The RAM action is ecs:GetInstanceConsoleOutput.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc bootlog [OPTIONS] [INSTANCE]")]
pub(crate) struct BootlogArgs {
    #[command(flatten)]
    which: InstanceArg,
    /// Keep control characters.
    ///
    /// Print the output unchanged, with the escape sequences and control characters of the guest.
    #[arg(long)]
    raw: bool,
    /// Print what is new, until Ctrl-C.
    #[arg(long, short)]
    follow: bool,
    /// How often to ask for it [default: 10s].
    #[arg(long, value_name = "DURATION", requires = "follow", value_parser = time_in(Duration::from_secs(1)..=Duration::from_secs(3600)))]
    interval: Option<Duration>,
}

/// Runs the verb.
pub(crate) async fn run(args: BootlogArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let selector = args.which.selector(Purpose::Look, context)?;
    if args.raw && output.is_json() {
        let error = CommandError::message(ErrorKind::Usage, "--raw and -o json cannot be combined");
        return Err(error.hint("leave --raw out: JSON escapes control characters"));
    }
    let settings = context.settings()?;
    let account = Account::open(&settings, settings.timeout()?, context).await?;
    let instance = instances::resolve(&account, &selector, false, output).await?;
    let operation = |instance: ResolvedInstance| request(&account, instance, account.limit());
    let calling = call(&account, &instance, output, operation);
    let text = format!("getting the console output of {selector}");
    let answer = Progress::new(account.clock(), output).during(&text, calling).await;
    let (target, reply) = answer.map_err(|error| error.explain(&account, ACTION))?;

    if args.follow {
        let age = reply.value.last_update_time.map(|time| as_of(time, account.clock().utc()));
        let age = age.map(|age| format!("; it begins{age}")).unwrap_or_default();
        output.note(&format!("following the console output of {} until Ctrl-C{age}", target.id));
        let interval = args.interval.unwrap_or(DEFAULT_INTERVAL);
        let follower = Follower { account: &account, instance: &target, interval, is_raw: args.raw, output };
        return follower.follow(reply.value).await.map(|never: Infallible| match never {});
    }
    let ResolvedInstance { id: instance, region, .. } = &target;
    let ConsoleOutput { console_output, last_update_time, request_id } = reply.value;
    let bytes = &console_output.0;
    let age = last_update_time.map(|time| as_of(time, account.clock().utc())).unwrap_or_default();
    if output.is_json() {
        output.json(&BootlogOutput {
            instance_id: instance,
            region_id: region,
            last_update_time: last_update_time.map(iso_8601),
            console_output: &String::from_utf8_lossy(bytes),
            has_gap: None,
            request_id: &request_id,
        })?;
    } else {
        // The age comes first: a note below a long output is easily missed.
        if !bytes.is_empty() && !age.is_empty() {
            output.note(&format!("the console output of {instance}{age}"));
        }
        match args.raw {
            true => output.bytes(bytes)?,
            false => output.document(bytes)?,
        }
    }
    if bytes.is_empty() {
        output.note(&format!(
            "{instance} has written nothing to its console{age}; Windows never does, and Linux does only with \
             console=ttyS0 on the kernel command line"
        ));
    }
    Ok(ExitCode::SUCCESS)
}
