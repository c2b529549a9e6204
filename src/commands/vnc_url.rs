//! `ecs-vnc vnc-url`: prints the URL of the console page.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use futures_util::StreamExt as _;
use serde::Serialize;

use crate::account::Account;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::ConsoleArgs;
use crate::console::instance_info::InstanceInfoCache;
use crate::console::issuer::{ConsoleIssuer, IssuedConsole};
use crate::console::readiness::wait_if_requested;
use crate::error_kind::ExitCode;
use crate::instances::selection_args::SelectionArgs;
use crate::instances::{Outcome, Purpose, RunReport, find_targets, work_on};
use crate::settings::Context;
use crate::system::clock::iso_8601;
use crate::terminal::output::Output;
use crate::vnc::url::VNC_URL_LIFETIME;

/// How many URLs are requested at the same time: well below the service's limit for a user.
const MAX_CONCURRENT_REQUESTS: usize = 8;

/// A URL that is older than this when its turn comes is requested again: its reader needs time as well.
const STALE_AGE: Duration = Duration::from_millis(7500);

const EXAMPLES: &[Example] = &[
    ("Print the URL of the console of web-01", "ecs-vnc vnc-url web-01"),
    ("Print two URLs as JSON, with their expiry", "ecs-vnc vnc-url web-01 office-01 -o json"),
    ("Print the URLs of all running instances with a tag", "ecs-vnc vnc-url --tag env=prod --all-regions"),
    ("Wait until the instance is running, then print the URL", "ecs-vnc vnc-url web-01 --wait --timeout 5m"),
];

/// Print the URL of the console page, valid for 15 seconds.
///
/// With several instances, print one line for each, in the order given. If one fails, the others are still printed, and
/// the exit code is that of the first failure.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc vnc-url [OPTIONS] <INSTANCE|--tag|--all>...",
)]
pub(crate) struct VncUrlArgs {
    #[command(flatten)]
    which: SelectionArgs,
    #[command(flatten)]
    console: ConsoleArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: VncUrlArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let (which, wait) = (args.which, args.console.wait);
    let selection = which.running(wait.is_set(), Purpose::Look, context)?;
    selection.check_stdin(args.console.password_stdin)?;
    let settings = context.settings()?;
    let (page, default) = (args.console.page_settings(&settings, context.output)?, wait.default_timeout(&settings)?);
    let time_limit = wait.time_limit(settings.timeout_flag, default);
    let account = Arc::new(Account::open(&settings, time_limit, context).await?);
    let clock = account.clock().clone();
    let targets = find_targets(&account, &selection, wait.is_set(), output).await;
    let info = InstanceInfoCache::of_selection(account.clone(), &selection, wait.is_set());
    let issuer = ConsoleIssuer::with_info(account.clone(), info, page, output);
    let age = |console: &IssuedConsole| console.vnc_url.age(clock.instant());

    let issue = |instance| async {
        let instance = wait_if_requested(&account, instance, wait, output).await?;
        let console = issuer.issue(&instance, wait.console_deadline(&account, default)).await?;
        Ok::<_, CommandError>((instance, console))
    };
    let run = RunReport::new(&selection, &targets, "", "requesting URLs", &clock, output);
    let issued = work_on(targets, MAX_CONCURRENT_REQUESTS, issue);
    let fresh = issued.then(async |outcome| {
        let Outcome { label, is_instance, result } = outcome;
        let result = match result {
            Ok((instance, console)) if age(&console) > STALE_AGE => {
                issuer.issue(&instance, wait.console_deadline(&account, default)).await
            }
            result => result.map(|(_, console)| console),
        };
        Outcome { label, is_instance, result }
    });
    let mut has_printed = false;
    let report = |label: &str, console: IssuedConsole| {
        has_printed = true;
        if age(&console) > STALE_AGE {
            let left = VNC_URL_LIFETIME.saturating_sub(age(&console)).as_secs();
            output.warning(&format!("the service is slow: the URL of {label} is valid for {left} s only"));
        }
        print(&console, output).map(|()| None)
    };
    let exit_code = run.each(fresh, report).await?;
    if account.demo.is_some() && has_printed {
        output.note("the simulated account ends with this command; to keep one running, use `ecs-vnc demo`");
    }
    Ok(exit_code)
}

/// Prints one line of the result.
pub(crate) fn print(console: &IssuedConsole, output: Output) -> Result<(), CommandError> {
    if output.is_json() {
        return output.json(&VncUrlOutput::from(console));
    }
    output.line(console.connect_url.expose())
}

/// `-o json`: the names of the API, so that a filter written for the official CLI keeps working.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VncUrlOutput<'a> {
    connect_url: &'a str,
    vnc_url: &'a str,
    web_socket_url: &'a str,
    instance_id: &'a str,
    region_id: &'a str,
    is_windows: bool,
    expires_at: String,
    request_id: &'a str,
}

impl<'a> From<&'a IssuedConsole> for VncUrlOutput<'a> {
    fn from(console: &'a IssuedConsole) -> Self {
        Self {
            connect_url: console.connect_url.expose(),
            vnc_url: console.vnc_url.original().expose(),
            web_socket_url: console.vnc_url.web_socket_url().expose(),
            instance_id: &console.instance_id,
            region_id: &console.region,
            is_windows: console.is_windows,
            expires_at: iso_8601(console.vnc_url.expires_at()),
            request_id: &console.request_id,
        }
    }
}
