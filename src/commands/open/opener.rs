//! What all ways to open a console share.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::Serialize;
use tokio::time::{sleep, timeout};

use crate::command_error::CommandError;
use crate::commands::{serving, vnc_url};
use crate::console::issuer::{ConsoleIssuer, IssuedConsole};
use crate::demo::Demo;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::ResolvedInstance;
use crate::local_web::LocalServer;
use crate::programs::{Browser, BrowserError};
use crate::secret::Secret;
use crate::system::clock::Clock;
use crate::system::random;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;
use crate::vnc::url::VNC_URL_LIFETIME;

/// How long a link works after it was last used, because a browser may request a page twice.
pub(super) const LINK_GRACE: Duration = Duration::from_secs(3);

/// What is shown on a terminal meanwhile.
pub(super) const WAITING_FOR_BROWSER: &str = "waiting for a browser to open the link";
pub(super) const ISSUING: &str = "requesting the console URL";

/// Opens the console of an instance in a browser.
pub(super) struct ConsoleOpener {
    pub(super) issuer: Arc<ConsoleIssuer>,
    pub(super) instance: ResolvedInstance,
    /// The time limit for a console URL.
    pub(super) timeout: Duration,
    /// How long the browser may take to open the link.
    pub(super) browser_timeout: Duration,
    /// `--stay`: serve the link until Ctrl-C.
    pub(super) stay: bool,
    pub(super) output: Output,
    pub(super) clock: Clock,
    /// The failure that the program that opens links reported.
    pub(super) reported_failure: OnceLock<BrowserError>,
}

/// `--print -o json`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LinkOutput<'a> {
    link: &'a str,
    instance_id: &'a str,
    region_id: &'a str,
}

impl ConsoleOpener {
    /// Binds a link on this machine. With `--stay`, it is served until Ctrl-C from now on.
    pub(super) async fn bind_link(&self) -> Result<LocalServer, CommandError> {
        let link = LocalServer::bind(random::hex_128()).await.map_err(|error| {
            let error = anyhow::Error::new(error).context("could not listen on 127.0.0.1");
            CommandError::new(ErrorKind::ActionFailed, error)
        })?;
        if self.stay {
            serving::begin();
        }
        Ok(link)
    }

    /// Prints a link. `note` says what happens when it is opened.
    pub(super) fn print_link(&self, url: &Secret, port: u16, note: &str) -> Result<(), CommandError> {
        let (link, instance_id) = (url.expose(), self.instance.id.as_str());
        match self.output.is_json() {
            true => self.output.json(&LinkOutput { link, instance_id, region_id: &self.instance.region })?,
            false => self.output.link(link)?,
        }
        self.output.note(&format!(
            "open this link in a browser on this machine (remotely: ssh -L {port}:127.0.0.1:{port} HOST); {note}"
        ));
        self.output.write_late_warnings();
        Ok(())
    }

    /// Starts the browser with a link, and reports which link to open if it does not come. A program that reports a failure
    /// is a warning, as the browser may come all the same.
    pub(super) async fn start_browser(&self, browser: &Browser, url: &Secret) -> Result<(), BrowserError> {
        self.output.note("starting the browser; if nothing opens, open this link yourself:");
        self.output.note(url.expose());
        self.output.write_late_warnings();
        match browser.start(url).await {
            Err(error @ BrowserError::ReportedFailure(_)) => {
                self.output.warning(&format!("{error}; waiting for a browser to open the link anyway"));
                let _ = self.reported_failure.set(error); // a browser is started once
                Ok(())
            }
            result => result,
        }
    }

    pub(super) fn report_opened(&self) {
        self.output.note(&format!("opened the console of {} in your browser", self.instance.id));
    }

    /// Warns of a connection that was refused: the user may have another user's browser.
    pub(super) fn warn_of_refusal(&self, peer: &str) {
        self.output.warning(&format!("refused {peer}"));
    }

    /// Waits until the console is closed, because the simulated account ends with this process.
    pub(super) async fn wait_until_closed(&self, demo: &Demo) -> Result<(), CommandError> {
        self.output.note("the simulated account runs in this command until you close the console or press Ctrl-C");
        let opened = timeout(VNC_URL_LIFETIME + LINK_GRACE, demo.console_opened());
        let text = "waiting for the browser to connect to the console";
        if Progress::new(&self.clock, self.output).during(text, opened).await.is_err() {
            let message = format!("no browser connected to the console within {} s", VNC_URL_LIFETIME.as_secs());
            return Err(CommandError::message(ErrorKind::TimeLimit, message));
        }
        demo.consoles_left().await;
        // A page that is reloaded closes the console and opens it again.
        sleep(LINK_GRACE).await;
        demo.consoles_left().await;
        Ok(())
    }

    /// `--direct`: starts the browser with the console URL.
    pub(super) async fn open_directly(&self, browser: &Browser) -> Result<ExitCode, CommandError> {
        let console = self.issue().await?;
        match browser.start(&console.connect_url).await {
            Ok(()) => {
                self.report_opened();
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => self.print_url(&console, &error),
        }
    }

    /// Prints the console URL, because no browser could be started.
    pub(super) async fn print_url_instead(&self, error: &BrowserError) -> Result<ExitCode, CommandError> {
        let console = self.issue().await?;
        self.print_url(&console, error)
    }

    /// Prints the console URL and why. That is a success if this machine has no browser, and a failure if it has one that
    /// did not start.
    fn print_url(&self, console: &IssuedConsole, error: &BrowserError) -> Result<ExitCode, CommandError> {
        let until = console.vnc_url.expires_at().with_timezone(&chrono::Local).format("%H:%M:%S");
        let left = VNC_URL_LIFETIME.saturating_sub(console.vnc_url.age(self.clock.instant())).as_secs_f64();
        self.output.warning(&format!(
            "{error}; open this URL within {left:.0} s (until {until}). Use --print for a link that stays valid until you \
             open it"
        ));
        vnc_url::print(console, self.output)?;
        match error {
            BrowserError::Unavailable(_) => Ok(ExitCode::SUCCESS),
            BrowserError::StartFailed(_) | BrowserError::ReportedFailure(_) => Ok(ErrorKind::ActionFailed.exit_code()),
        }
    }

    async fn issue(&self) -> Result<IssuedConsole, CommandError> {
        let issuing = self.issuer.issue(&self.instance, self.clock.deadline(self.timeout));
        Progress::new(&self.clock, self.output).during(ISSUING, issuing).await
    }

    /// Returns the error for a link that no browser opened in time.
    pub(super) fn not_opened(&self) -> CommandError {
        let message = format!("no browser opened the link within {} s", self.browser_timeout.as_secs_f64());
        let hint = "use --print to open the link yourself, or raise --timeout";
        let error = match self.reported_failure.get() {
            Some(error) => CommandError::message(ErrorKind::ActionFailed, format!("{message}: {error}")),
            None => CommandError::message(ErrorKind::TimeLimit, message),
        };
        error.hint(hint).of_instance(&self.instance.id)
    }
}
