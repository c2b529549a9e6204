//! `ecs-vnc vnc-url`: prints the URL of the console page.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use futures_util::{StreamExt as _, stream};
use serde::Serialize;

use crate::account;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::issuer::{ConsoleIssuer, IssuedConsole};
use crate::console::page_settings::ConsoleArgs;
use crate::console::readiness::ready;
use crate::error_kind::ExitCode;
use crate::instances::args::InstanceArgs;
use crate::instances::{self, ResolvedInstance, wait_until_running};
use crate::settings::flags::GlobalArgs;
use crate::settings::load;
use crate::system::clock::iso_8601;
use crate::system::environment::Environment;
use crate::terminal::output::Output;
use crate::vnc::url::VNC_URL_LIFETIME;

/// How many instances are asked for at once: well below the service's limit per user.
const AT_ONCE: usize = 8;

/// A URL that is older than this when its turn comes is made anew: its reader needs time as well.
const STALE: Duration = Duration::from_millis(7500);

const EXAMPLES: &[Example] = &[
    ("Print the URL of the console of web-01", "ecs-vnc vnc-url web-01"),
    ("Print two URLs as JSON, with their expiry", "ecs-vnc vnc-url web-01 office-01 -o json"),
    ("Wait until the instance is running, then print the URL", "ecs-vnc vnc-url web-01 --wait --timeout 5m"),
];

/// Print the URL of the console page, valid for 15 seconds.
///
/// With several instances, print one line for each, in the order given. If one fails, the others are still printed, and
/// the exit code is that of the first failure.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc vnc-url [OPTIONS] <INSTANCE>...")]
pub(crate) struct VncUrlArgs {
    #[command(flatten)]
    which: InstanceArgs,
    #[command(flatten)]
    console: ConsoleArgs,
}

/// Runs the verb.
pub(crate) async fn run(
    args: VncUrlArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let queries = args.which.selectors();
    let global = &wait_until_running::limited(global, args.console.wait);
    let layers = load::layers(global, env, output)?;
    let (page, usual) = (args.console.page(&layers)?, layers.usual_timeout()?);
    let session = Arc::new(account::begin(&layers, env, output).await?);
    let clock = session.clock().clone();
    let found = instances::targets(&session, &queries, args.console.wait, output).await;
    let targets: Vec<ResolvedInstance> = found.iter().flatten().cloned().collect();
    let mint = ConsoleIssuer::new(session, &targets, page, output);
    // What was waited for has had its time; its URL has its own.
    let limit = || match args.console.wait {
        true => clock.deadline(usual),
        false => mint.session().limit,
    };

    let asking = found.into_iter().map(|found| async {
        let target = ready(mint.session(), found?, args.console.wait, output).await?;
        mint.console(&target, limit()).await.map(|console| (target, console))
    });
    let mut consoles = stream::iter(asking).buffered(AT_ONCE);
    let mut first_failure = None;
    let mut turn = queries.iter();
    while let (Some(query), Some(mut outcome)) = (turn.next(), consoles.next().await) {
        let age = |console: &IssuedConsole| console.vnc_url.age(clock.instant());
        if let Ok((target, console)) = &outcome
            && age(console) > STALE
        {
            let target = target.clone();
            outcome = mint.console(&target, limit()).await.map(|console| (target, console));
        }
        match outcome {
            Ok((_, console)) => {
                if age(&console) > STALE {
                    let left = VNC_URL_LIFETIME.saturating_sub(age(&console)).as_secs();
                    output.warning(&format!("the service is slow: the URL of {query} works for {left} s only"));
                }
                match print(&console, output) {
                    // The reader has seen enough, and what failed before has failed.
                    Err(gone) if gone.is_silent() => return Ok(first_failure.unwrap_or(ExitCode::SUCCESS)),
                    printed => printed?,
                }
            }
            Err(failure) => {
                first_failure.get_or_insert(failure.kind.exit_code());
                output.failure(&if queries.len() > 1 { failure.about(&query.to_string()) } else { failure });
            }
        }
    }
    if mint.session().demo.is_some() {
        output.note("the simulated account ends with this command; `ecs-vnc demo` keeps one running");
    }
    Ok(first_failure.unwrap_or(ExitCode::SUCCESS))
}

/// One line of the result.
pub(crate) fn print(console: &IssuedConsole, output: Output) -> Result<(), CommandError> {
    if output.is_json() {
        return output.json(&Line::from(console));
    }
    output.line(console.connect_url.expose())
}

/// In the API's own words, so that a filter written for the official CLI keeps working.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    connect_url: &'a str,
    vnc_url: &'a str,
    web_socket_url: &'a str,
    instance_id: &'a str,
    region_id: &'a str,
    is_windows: bool,
    expires_at: String,
    request_id: &'a str,
}

impl<'a> From<&'a IssuedConsole> for Line<'a> {
    fn from(console: &'a IssuedConsole) -> Self {
        Self {
            connect_url: console.connect_url.expose(),
            vnc_url: console.vnc_url.original().expose(),
            web_socket_url: console.vnc_url.web_socket_url().expose(),
            instance_id: &console.instance,
            region_id: &console.region,
            is_windows: console.is_windows,
            expires_at: iso_8601(console.vnc_url.expires_at()),
            request_id: &console.request_id,
        }
    }
}
