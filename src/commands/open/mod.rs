//! `ecs-vnc open`: opens the console in a browser.
//!
//! ```text
//! browser → link on this machine ─┬─ redirect → console page of Alibaba Cloud
//!                                 └─ built-in page → ConsoleGateway → console
//! ```

mod opener;
mod page;
mod redirect;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::{Args, ValueEnum};

use self::opener::ConsoleOpener;
use crate::account::Account;
use crate::args::trimmed_enum;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::{ConsoleArgs, KeepaliveArgs, SharingArg};
use crate::console::issuer::ConsoleIssuer;
use crate::console::learned_cache::LearnedCache;
use crate::console::readiness::{note_takeover, require_running};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::InstanceArg;
use crate::instances::power::start_if_stopped;
use crate::instances::{self, Purpose};
use crate::programs::Browser;
use crate::settings::Context;

/// How long the browser may take to open the link without `--timeout`.
const BROWSER_TIMEOUT: Duration = Duration::from_secs(120);

const EXAMPLES: &[Example] = &[
    ("Open the console in the default browser", "ecs-vnc open web-01"),
    ("Print a link that stays valid until you open it", "ecs-vnc open web-01 --print"),
    ("Use the built-in page, which reconnects and can paste text", "ecs-vnc open web-01 --page local"),
    ("Start a stopped instance, and open its console when it runs", "ecs-vnc open db-01 --start"),
    ("Find the instance by its IP address, in this region only", "ecs-vnc open 10.0.0.10 --region cn-hangzhou"),
];

/// Open the console in a browser.
///
/// The browser gets a link on this machine. The console URL is requested when the browser opens that link, so a browser
/// that starts slowly still gets there in time. Without a display, the link is printed, as with --print; if stdout is not a
/// terminal, the console URL is printed instead.
///
/// The browser is the first command in BROWSER that works, or else the default browser of the desktop.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc open [OPTIONS] [INSTANCE]")]
pub(crate) struct OpenArgs {
    #[command(flatten)]
    which: InstanceArg,
    /// Print a link instead of starting a browser.
    ///
    /// The link is on this machine and stays valid until it is opened, or until --timeout has passed.
    #[arg(long, conflicts_with = "direct")]
    print: bool,
    /// Serve the link until Ctrl-C.
    ///
    /// Reloading the page reconnects, with a fresh console URL. Ctrl-C ends the command with exit code 0.
    #[arg(long, conflicts_with = "direct")]
    stay: bool,
    /// Show the console in this web page.
    ///
    /// The built-in page reconnects, pastes text as keystrokes, loads nothing from other hosts and never sees the console
    /// URL. This command serves it until you close it.
    #[arg(long, value_enum, value_parser = trimmed_enum::<Page>(), value_name = "PAGE", help = "Page", default_value_t, conflicts_with = "direct")]
    page: Page,
    /// Give the console URL itself to the browser.
    ///
    /// The URL is then visible to `ps` as an argument of the browser, and the browser must start within 15 seconds.
    #[arg(long)]
    direct: bool,
    /// Start the instance if it is stopped.
    ///
    /// Wait until it is running, as with --wait, and then open its console.
    #[arg(long)]
    start: bool,
    #[command(flatten)]
    console: ConsoleArgs,
    #[command(flatten)]
    keepalive: KeepaliveArgs,
    #[command(flatten)]
    sharing: SharingArg,
}

/// The web page that shows the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Page {
    /// Alibaba Cloud's page, on its own host
    #[default]
    Vendor,
    /// The built-in page, served on this machine
    Local,
}

/// Runs the verb.
pub(crate) async fn run(args: OpenArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let selector = args.which.selector(Purpose::Act, context)?;
    if args.page == Page::Vendor && args.keepalive.is_given() {
        let message = "--keepalive works with --page local only: Alibaba Cloud's page has its own keepalive";
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    if args.page == Page::Vendor && args.sharing.is_given() {
        let message = "--no-share works with --page local only: Alibaba Cloud's page always has a session of its own";
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    let browser = match args.print {
        true => None,
        false => Some(Browser::find(&context.env)),
    };
    // --timeout is the time that the browser has to open the link, or with --wait the time that the instance has to start.
    let (wait, settings) = (args.console.wait.or(args.start), context.settings()?);
    let (browser_timeout, timeout_flag) = match wait.is_set() {
        true => (BROWSER_TIMEOUT, settings.timeout_flag),
        false => (settings.timeout_flag.unwrap_or(BROWSER_TIMEOUT), None),
    };
    let (page, default) = (args.console.page_settings(&settings, context.output)?, wait.default_timeout(&settings)?);
    let time_limit = wait.time_limit(timeout_flag, default);
    let account = Arc::new(Account::open(&settings, time_limit, context).await?);
    let instance = instances::resolve(&account, &selector, wait.is_set(), output).await?;
    let instance = match args.start {
        true => start_if_stopped(&account, instance, account.limit(), output).await?,
        false => instance,
    };
    let instance = require_running(&account, instance, wait, output).await?;
    let issuer = ConsoleIssuer::new(account.clone(), std::slice::from_ref(&instance), page, output);
    if args.page == Page::Vendor {
        note_takeover(&instance, output);
    }
    let opener = ConsoleOpener {
        issuer: Arc::new(issuer),
        instance,
        timeout: wait.request_timeout(settings.timeout_flag, default).min(default),
        browser_timeout,
        stay: args.stay,
        output,
        clock: account.clock().clone(),
        reported_failure: OnceLock::new(),
    };

    let exit_code = match browser {
        browser if args.page == Page::Local => {
            return opener.open_page(browser, &args.keepalive, args.sharing, LearnedCache::of_user(context)).await;
        }
        Some(Ok(browser)) if args.direct => opener.open_directly(&browser).await,
        Some(Err(error)) if args.direct => opener.print_url_instead(&error).await,
        browser => opener.open_redirect(browser).await,
    }?;
    if let Some(demo) = &account.demo {
        opener.wait_until_closed(demo).await?;
    }
    Ok(exit_code)
}
