//! `ecs-vnc open`: opens the console in the browser.

mod lead;
mod page;

use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::time::{sleep, timeout};

use crate::account::Account;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::vnc_url;
use crate::console::args::{ConsoleArgs, KeepaliveArgs};
use crate::console::issuer::{ConsoleIssuer, IssuedConsole};
use crate::console::readiness::require_running;
use crate::demo::Demo;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::InstanceArg;
use crate::instances::{self, ResolvedInstance};
use crate::local_web::LocalServer;
use crate::programs::{Browser, BrowserError};
use crate::secret::Secret;
use crate::settings;
use crate::settings::flags::GlobalArgs;
use crate::system::clock::Clock;
use crate::system::environment::Environment;
use crate::system::random;
use crate::terminal::output::Output;
use crate::vnc::url::VNC_URL_LIFETIME;

/// How long the browser may take to arrive.
const BROWSER_TIMEOUT: Duration = Duration::from_secs(120);

/// A browser may fetch the page twice; the link stays this long after it was last used.
const GRACE: Duration = Duration::from_secs(3);

const EXAMPLES: &[Example] = &[
    ("Open the console in the default browser", "ecs-vnc open web-01"),
    ("Print a link that stays valid until you open it", "ecs-vnc open web-01 --print"),
    ("Use the built-in page, which reconnects and can paste text", "ecs-vnc open web-01 --page local"),
    ("Find the instance by its IP address, in this region only", "ecs-vnc open 10.0.0.10 --region cn-hangzhou"),
];

/// Open the console in a browser.
///
/// The browser gets a link on this machine. The console URL is requested when the browser opens that link, so a browser
/// that starts slowly still gets there in time. Without a display, the console URL is printed instead.
///
/// The browser is the first command in BROWSER that works, or else the default browser of the desktop.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc open [OPTIONS] <INSTANCE>")]
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
    /// Reloading the page reconnects, with a fresh console URL.
    #[arg(long, conflicts_with = "direct")]
    stay: bool,
    /// Show the console in this web page.
    ///
    /// The built-in page reconnects, pastes text as keystrokes, loads nothing from other hosts and never sees the console
    /// URL. This command serves it until you close it.
    #[arg(long, value_enum, value_name = "PAGE", help = "Page", default_value_t, conflicts_with = "direct")]
    page: Page,
    /// Give the console URL itself to the browser.
    ///
    /// The URL is then visible to `ps` as an argument of the browser, and the browser must start within 15 seconds.
    #[arg(long)]
    direct: bool,
    #[command(flatten)]
    console: ConsoleArgs,
    #[command(flatten)]
    keepalive: KeepaliveArgs,
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
pub(crate) async fn run(
    args: OpenArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let query = args.which.selector();
    if args.page == Page::Vendor && args.keepalive.is_given() {
        let message = "--keepalive is for --page local: what the vendor's page sends is its own";
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    let browser = match args.print {
        true => None,
        false => Some(Browser::find(env)),
    };
    // Here --timeout is the time for the browser to open the link; with --wait it is that for the instance.
    let (wait, settings) = (args.console.wait, settings::load(global, env, output)?);
    let (arrival, before_console) = match wait.is_set() {
        true => (BROWSER_TIMEOUT, settings.timeout_flag),
        false => (settings.timeout_flag.unwrap_or(BROWSER_TIMEOUT), None),
    };
    let (page, usual) = (args.console.page_settings(&settings)?, settings.default_timeout);
    let time_limit = wait.time_limit(before_console, usual);
    let session = Arc::new(Account::open(&settings, time_limit, env, output).await?);
    let target = instances::resolve(&session, &query, wait.is_set(), output).await?;
    let target = require_running(&session, target, wait, output).await?;
    let mint = ConsoleIssuer::new(session.clone(), std::slice::from_ref(&target), page, output);
    let opening = Opening { mint: Arc::new(mint), target, usual, output, clock: session.clock().clone() };

    let outcome = match browser {
        browser if args.page == Page::Local => {
            return opening.by_page(browser, &args.keepalive, args.stay, arrival).await;
        }
        Some(Err(why)) => opening.without_browser(&why).await,
        Some(Ok(browser)) if args.direct => opening.directly(&browser).await,
        browser => opening.by_link(browser.and_then(Result::ok), args.stay, arrival).await,
    }?;
    if let Some(demo) = &session.demo {
        opening.until_left(demo).await?;
    }
    Ok(outcome)
}

struct Opening {
    mint: Arc<ConsoleIssuer>,
    target: ResolvedInstance,
    /// How long a URL may take.
    usual: Duration,
    output: Output,
    clock: Clock,
}

/// `--print -o json`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LinkLine<'a> {
    link: &'a str,
    instance_id: &'a str,
    region_id: &'a str,
}

impl Opening {
    /// A link on this machine, not served yet.
    async fn link(&self) -> Result<LocalServer, CommandError> {
        LocalServer::bind(random::hex_128()).await.map_err(|error| {
            let error = anyhow::Error::new(error).context("could not listen on 127.0.0.1");
            CommandError::new(ErrorKind::ActionFailed, error)
        })
    }

    /// Prints a link for whoever opens it.
    fn print_link(&self, url: &Secret, port: u16, note: &str) -> Result<(), CommandError> {
        let (link, instance_id) = (url.expose(), self.target.id.as_str());
        match self.output.is_json() {
            true => self.output.json(&LinkLine { link, instance_id, region_id: &self.target.region })?,
            false => self.output.line(link)?,
        }
        self.output.note(&format!(
            "open this link in a browser on this machine (from afar: ssh -L {port}:127.0.0.1:{port}); {note}"
        ));
        Ok(())
    }

    /// Whose browser is another user's has to know.
    fn refused(&self, why: &str) {
        self.output.warning(&format!("refused {why}"));
    }

    /// The simulated account must outlive its console.
    async fn until_left(&self, demo: &Demo) -> Result<(), CommandError> {
        self.output.note("the simulated account runs inside this command, until the console is closed or Ctrl-C");
        if timeout(VNC_URL_LIFETIME + GRACE, demo.console_opened()).await.is_err() {
            let message = "nothing connected to the console within its 15 seconds";
            return Err(CommandError::message(ErrorKind::TimeLimit, message));
        }
        demo.consoles_left().await;
        // A reload leaves and comes back.
        sleep(GRACE).await;
        demo.consoles_left().await;
        Ok(())
    }

    /// `--direct`.
    async fn directly(&self, browser: &Browser) -> Result<ExitCode, CommandError> {
        let console = self.console().await?;
        match browser.start(&console.connect_url).await {
            Ok(()) => {
                self.output.note(&format!("the console of {} was handed to the browser", self.target.id));
                Ok(ExitCode::SUCCESS)
            }
            Err(why) => self.print(&console, &why),
        }
    }

    async fn without_browser(&self, why: &BrowserError) -> Result<ExitCode, CommandError> {
        let console = self.console().await?;
        self.print(&console, why)
    }

    /// The URL itself is the best that is left. A browser that should have started and did not is a failure still.
    fn print(&self, console: &IssuedConsole, why: &BrowserError) -> Result<ExitCode, CommandError> {
        let local = console.vnc_url.expires_at().with_timezone(&chrono::Local).format("%H:%M:%S");
        let left = VNC_URL_LIFETIME.saturating_sub(console.vnc_url.age(self.clock.instant())).as_secs_f64();
        self.output.warning(&format!(
            "{why}; this is the console's URL, valid until {local} ({left:.0} s). --print gives a link that waits for you"
        ));
        vnc_url::print(console, self.output)?;
        match why {
            BrowserError::Unavailable(_) => Ok(ExitCode::SUCCESS),
            BrowserError::StartFailed(_) => Ok(ErrorKind::ActionFailed.exit_code()),
        }
    }

    async fn console(&self) -> Result<IssuedConsole, CommandError> {
        self.mint.issue(&self.target, self.clock.deadline(self.usual)).await
    }
}

/// Nobody has come to the link.
fn nobody(arrival: Duration) -> CommandError {
    let message = format!("no browser arrived within {} s", arrival.as_secs_f64());
    let hint = "open the link that --print prints, or give the browser longer with --timeout";
    CommandError::message(ErrorKind::TimeLimit, message).hint(hint)
}
