//! `ecs-vnc open`: opens the console in the browser.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap_complete::ArgValueCompleter;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout, timeout_at};

use crate::cli::Global;
use crate::clock::Clock;
use crate::commands::find::{self, Query, Target};
use crate::commands::mint::{Console, Mint};
use crate::commands::wait::WAIT;
use crate::commands::{ConsoleArgs, complete, load, running, session, vnc_url};
use crate::demo::Demo;
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::launch::{Browser, BrowserError, Link, MintFn, Visit};
use crate::output::Output;
use crate::random;
use crate::vnc_url::LIFETIME;

/// How long the browser may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(120);

/// A browser may fetch the page twice; the link stays this long after it was last used.
const GRACE: Duration = Duration::from_secs(3);

/// Open an instance's console in the browser, within the 15 seconds.
///
/// The browser is given a link on this machine, and the VncUrl is minted when it arrives there, however long it
/// took to start. Without a browser the console's URL is printed instead.
#[derive(Args, Debug)]
#[group(id = "which", required = true, multiple = false, args = ["positional", "instance"])]
pub struct OpenArgs {
    /// The instance: its id, name or IP address.
    #[arg(value_name = "INSTANCE", value_parser = Query::parse, add = ArgValueCompleter::new(complete::instances))]
    positional: Option<Query>,
    /// The same as the positional, for scripts that name everything.
    #[arg(short, long, value_name = "INSTANCE", value_parser = Query::parse, add = ArgValueCompleter::new(complete::instances))]
    instance: Option<Query>,
    /// Start no browser: print the link on this machine, and wait for whoever opens it.
    #[arg(long, conflicts_with = "direct")]
    print: bool,
    /// Serve the link until Ctrl-C: reloading it reconnects.
    #[arg(long, conflicts_with = "direct")]
    stay: bool,
    /// Hand the console's URL itself to the browser. It then stands in the browser's arguments, where `ps` shows it,
    /// and the browser must be up within the 15 seconds.
    #[arg(long)]
    direct: bool,
    #[command(flatten)]
    console: ConsoleArgs,
}

/// Runs the verb.
pub async fn run(args: OpenArgs, global: &Global, env: &Environment, output: Output) -> Result<ExitCode, Failure> {
    let query = args.positional.or(args.instance).expect("clap requires one of the two");
    let browser = match args.print {
        true => None,
        false => Some(Browser::find(env)),
    };
    // Here the flag says how long to wait for the browser, or for the instance; a URL is still to be had within its
    // usual time.
    let (arrival, timeout) = match (args.console.wait, global.timeout) {
        (true, limit) => (ARRIVAL, Some(limit.unwrap_or(WAIT))),
        (false, limit) => (limit.unwrap_or(ARRIVAL), None),
    };
    let global = Global { timeout, ..global.clone() };
    let layers = load::layers(&global, env, output)?;
    let (page, usual) = (args.console.page(&layers)?, layers.usual_timeout()?);
    let session = Arc::new(session::begin(&layers, env, output).await?);
    let target = find::target(&session, &query, args.console.wait, output).await?;
    let target = running(&session, target, args.console.wait, output).await?;
    let mint = Mint::new(session.clone(), std::slice::from_ref(&target), page, output);
    let opening = Opening { mint: Arc::new(mint), target, usual, output, clock: session.clock().clone() };

    let outcome = match browser {
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
    mint: Arc<Mint>,
    target: Target,
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
    /// The design's own way: the link first, the URL when the browser arrives.
    async fn by_link(&self, browser: Option<Browser>, stay: bool, arrival: Duration) -> Result<ExitCode, Failure> {
        let link = Link::bind(random::hex_128()).await.map_err(|error| {
            let error = anyhow::Error::new(error).context("could not listen on 127.0.0.1");
            Failure::new(ExitCode::ActionFailed, error)
        })?;
        let (url, port) = (link.url(), link.port());
        let (sender, visits) = mpsc::unbounded_channel();
        tokio::spawn(link.serve(self.mint_fn(), self.clock.clone(), sender));

        match browser {
            Some(browser) => {
                if let Err(why) = browser.start(&url).await {
                    // It may have come all the same: some openers fail when they have succeeded.
                    if visits.is_empty() {
                        return self.without_browser(&why).await;
                    }
                }
                self.output.detail(1, "the browser was started on a link on this machine");
            }
            None => {
                let (link, instance_id) = (url.expose(), self.target.instance.as_str());
                match self.output.is_json() {
                    true => self.output.json(&LinkLine { link, instance_id, region_id: &self.target.region })?,
                    false => self.output.line(link)?,
                }
                self.output.note(&format!(
                    "open this link in a browser on this machine (from afar: ssh -L {port}:127.0.0.1:{port}); \
                     the console's URL is minted when it arrives"
                ));
            }
        }
        if stay {
            return self.serve_on(visits).await;
        }
        self.serve_once(visits, arrival).await
    }

    /// Serves until a browser has been led on, and for the time in which it may fetch again. A mint that is under way
    /// has its own limit, and is not cut off.
    async fn serve_once(
        &self,
        mut visits: mpsc::UnboundedReceiver<Visit>,
        arrival: Duration,
    ) -> Result<ExitCode, Failure> {
        let (mut minting, mut handed_over) = (0, false);
        let mut ends = self.clock.instant() + arrival;
        loop {
            let visit = match minting {
                0 => timeout_at(ends, visits.recv()).await,
                _ => Ok(visits.recv().await),
            };
            match visit {
                Ok(Some(Visit::Arrived)) => minting += 1,
                Ok(Some(Visit::Left)) => minting -= 1,
                Ok(Some(Visit::Failed(failure))) => return Err(failure),
                Ok(Some(Visit::HandedOver)) => {
                    minting -= 1;
                    ends = self.clock.instant() + GRACE;
                    if !handed_over {
                        self.output.note(&format!("the console of {} was handed to the browser", self.target.instance));
                    }
                    handed_over = true;
                }
                Ok(None) | Err(_) if handed_over => return Ok(ExitCode::Done),
                Ok(None) | Err(_) => {
                    let message = format!("no browser arrived within {} s", arrival.as_secs_f64());
                    let hint = "open the link that --print prints, or give the browser longer with --timeout";
                    return Err(Failure::message(ExitCode::TimeLimit, message).hint(hint));
                }
            }
        }
    }

    /// `--stay`.
    async fn serve_on(&self, mut visits: mpsc::UnboundedReceiver<Visit>) -> Result<ExitCode, Failure> {
        self.output.note("serving until Ctrl-C; reloading the link reconnects");
        while let Some(visit) = visits.recv().await {
            match visit {
                Visit::HandedOver => {
                    self.output.note(&format!("the console of {} was handed over", self.target.instance))
                }
                Visit::Failed(failure) => self.output.failure(&failure),
                Visit::Arrived | Visit::Left => {}
            }
        }
        Ok(ExitCode::Done)
    }

    /// The simulated account must outlive its console.
    async fn until_left(&self, demo: &Demo) -> Result<(), Failure> {
        self.output.note("the simulated account runs inside this command, until the console is closed or Ctrl-C");
        if timeout(LIFETIME + GRACE, demo.console_opened()).await.is_err() {
            let message = "nothing connected to the console within its 15 seconds";
            return Err(Failure::message(ExitCode::TimeLimit, message));
        }
        demo.consoles_left().await;
        // A reload leaves and comes back.
        sleep(GRACE).await;
        demo.consoles_left().await;
        Ok(())
    }

    /// `--direct`.
    async fn directly(&self, browser: &Browser) -> Result<ExitCode, Failure> {
        let console = self.console().await?;
        match browser.start(&console.connect_url).await {
            Ok(()) => {
                self.output.note(&format!("the console of {} was handed to the browser", self.target.instance));
                Ok(ExitCode::Done)
            }
            Err(why) => self.print(&console, &why),
        }
    }

    async fn without_browser(&self, why: &BrowserError) -> Result<ExitCode, Failure> {
        let console = self.console().await?;
        self.print(&console, why)
    }

    /// The URL itself is the best that is left. A browser that should have started and did not is a failure still.
    fn print(&self, console: &Console, why: &BrowserError) -> Result<ExitCode, Failure> {
        let local = console.vnc_url.expires_at().with_timezone(&chrono::Local).format("%H:%M:%S");
        let left = LIFETIME.saturating_sub(console.vnc_url.age(self.clock.instant())).as_secs_f64();
        self.output.warning(&format!(
            "{why}; this is the console's URL, valid until {local} ({left:.0} s). --print gives a link that waits for you"
        ));
        vnc_url::print(console, self.output)?;
        match why {
            BrowserError::None(_) => Ok(ExitCode::Done),
            BrowserError::Failed(_) => Ok(ExitCode::ActionFailed),
        }
    }

    async fn console(&self) -> Result<Console, Failure> {
        self.mint.console(&self.target, self.clock.limit(self.usual)).await
    }

    fn mint_fn(&self) -> MintFn {
        let (mint, target, clock, usual) = (self.mint.clone(), self.target.clone(), self.clock.clone(), self.usual);
        Arc::new(move || {
            let (mint, target, limit) = (mint.clone(), target.clone(), clock.limit(usual));
            Box::pin(async move {
                let console = mint.console(&target, limit).await;
                console.map(|console| console.connect_url)
            })
        })
    }
}
