//! The way of viewers to one instance's console: a fresh VncUrl for each, one budget for all, and what a drop means.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::args::time_in;
use crate::command_error::CommandError;
use crate::console::issuer::{ConsoleIssuer, IssuedConsole};
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::relay::{self, BridgeContext, BridgeEnd, DialError, DropReason, Keepalive, TakeoverDetector};
use crate::system::clock::Clock;
use crate::system::random;
use crate::terminal::output::Output;
use crate::vnc::url::VNC_URL_LIFETIME;
use crate::websocket::client_handshake::HandshakeError;

/// How long a silent viewer is spoken for.
#[derive(Args, Clone, Debug)]
pub(crate) struct KeepaliveArgs {
    /// Keepalive interval, or off [default: 45s].
    ///
    /// Send a keepalive after this much silence, as idle consoles are disconnected; `off` disables it.
    #[arg(long, value_name = "DURATION", value_parser = time_or_off)]
    keepalive: Option<TimeOrOff>,
    /// Total keepalive time [default: 8h].
    ///
    /// Send keepalives for at most this long after the viewer has connected.
    #[arg(long, value_name = "DURATION", value_parser = time_in(KEEPALIVE_TIMES))]
    keepalive_for: Option<Duration>,
}

/// Below the 60 s that the vendor's older pages name, for a day's work.
pub(crate) const USUAL_KEEPALIVE: Keepalive =
    Keepalive { interval: Duration::from_secs(45), until: Duration::from_secs(8 * 3600) };

/// A time, or none.
#[derive(Clone, Copy, Debug)]
struct TimeOrOff(Option<Duration>);

fn time_or_off(text: &str) -> Result<TimeOrOff, String> {
    if text == "off" { Ok(TimeOrOff(None)) } else { time_in(KEEPALIVE_TIMES)(text).map(|time| TimeOrOff(Some(time))) }
}

/// 100 ms to 30 days.
const KEEPALIVE_TIMES: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(30 * 24 * 3600);

impl KeepaliveArgs {
    /// The keepalive that is wanted, if one is.
    pub(crate) fn keepalive(&self) -> Option<Keepalive> {
        let every = self.keepalive.map_or(Some(USUAL_KEEPALIVE.interval), |given| given.0)?;
        Some(Keepalive { interval: every, until: self.keepalive_for.unwrap_or(USUAL_KEEPALIVE.until) })
    }

    /// Whether the user has said anything about it.
    pub(crate) fn is_given(&self) -> bool {
        self.keepalive.is_some() || self.keepalive_for.is_some()
    }
}

/// Leads viewers to an instance's console.
pub(crate) struct ConsoleGateway {
    mint: Arc<ConsoleIssuer>,
    target: ResolvedInstance,
    /// How long a URL may take.
    usual: Duration,
    means: BridgeContext,
    drops: Mutex<TakeoverDetector>,
    output: Output,
}

/// How it went for a viewer that had a console.
#[derive(Debug)]
pub(crate) enum SessionEnd {
    /// It left, or another of this process took its place.
    Left {
        /// Whether a desktop was shown.
        has_begun: bool,
    },
    /// The console dropped it, and may take it again.
    Dropped(DropReason),
    /// Somebody else is on the console.
    Taken(DropReason),
}

impl ConsoleGateway {
    /// A way to `target`.
    pub(crate) fn new(
        mint: Arc<ConsoleIssuer>,
        target: ResolvedInstance,
        usual: Duration,
        keepalive: Option<Keepalive>,
        output: Output,
    ) -> Self {
        let clock = mint.session().clock().clone();
        let instance = target.instance.clone();
        let on_desync = Arc::new(move |why| {
            output.detail(1, &format!("{instance}: no keepalive for this viewer from here on: {why}"));
        });
        let means = BridgeContext { clock, fill_random: random::fill, pool: mint.pool().clone(), keepalive, on_desync };
        Self { mint, target, usual, means, drops: Mutex::default(), output }
    }

    /// The instance.
    pub(crate) fn target(&self) -> &ResolvedInstance {
        &self.target
    }

    /// How long a URL may take.
    pub(crate) fn usual(&self) -> Duration {
        self.usual
    }

    /// Reports at `-v` which desktop a client of this process is connected to.
    pub(crate) fn connected(&self, desktop: &str) {
        self.output.detail(1, &format!("{}: connected to the desktop {desktop}", self.target.instance));
    }

    /// The clock.
    pub(crate) fn clock(&self) -> &Clock {
        &self.means.clock
    }

    /// The instance's status, asked for now, if there is an answer before long.
    pub(crate) async fn status(&self) -> Option<String> {
        self.mint.status_now(&self.target).await
    }

    /// Leads a viewer to a console of its own and to its end, or says why there is none.
    pub(crate) async fn serve<V>(&self, mut viewer: V) -> Result<SessionEnd, CommandError>
    where
        V: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let clock = &self.means.clock;
        self.take()?;
        let instance = &self.target.instance;
        let console = self.mint.console(&self.target, clock.deadline(self.usual)).await?;
        let seat = self.mint.sit(instance);
        let far = self.dial(&console).await?;
        let age = console.vnc_url.age(clock.instant()).as_millis();
        self.output.detail(1, &format!("{instance}: a viewer is on the console, {age} ms after its URL was minted"));
        let outcome = relay::bridge(&mut viewer, far, &self.means).await;
        // Not to be waited for: it may be the one that ends a viewer which does not by itself.
        tokio::spawn(relay::drain(viewer));
        let has_begun = outcome.has_shown_desktop;
        if outcome.end == BridgeEnd::ViewerLeft {
            self.output.detail(1, &format!("{instance}: the viewer left"));
            return Ok(SessionEnd::Left { has_begun });
        }
        if self.mint.is_replaced(instance, seat) {
            // The user's own doing, and no fight.
            self.output.detail(1, &format!("{instance}: another viewer here has the console now"));
            return Ok(SessionEnd::Left { has_begun });
        }
        let taken = self.drops.lock().unwrap_or_else(PoisonError::into_inner).record(&outcome, clock.instant());
        let status = self.status().await;
        let why = DropReason::of(&outcome, status.as_deref(), taken);
        Ok(if why == DropReason::TakenOver { SessionEnd::Taken(why) } else { SessionEnd::Dropped(why) })
    }

    /// One of the connections that the service takes in a minute.
    fn take(&self) -> Result<(), CommandError> {
        self.mint.take(&self.target.instance).map_err(|wait| {
            let message = "there were 30 connections within a minute, which is as many as the service takes";
            let hint = format!("connect again in {} s", wait.as_secs() + 1);
            CommandError::message(ErrorKind::Unavailable, message).hint(hint)
        })
    }

    async fn dial(&self, console: &IssuedConsole) -> Result<reqwest::Upgraded, CommandError> {
        let clock = &self.means.clock;
        let mut key = [0; 16];
        random::fill(&mut key);
        let limit = clock.deadline(VNC_URL_LIFETIME.saturating_sub(console.vnc_url.age(clock.instant())));
        let network = self.mint.session().clients.network();
        relay::dial(network, &console.vnc_url, key, limit).await.map_err(|error| no_console(error, console, clock))
    }
}

/// The failure that a console that does not open is.
fn no_console(error: DialError, console: &IssuedConsole, clock: &Clock) -> CommandError {
    let age = console.vnc_url.age(clock.instant()).as_secs_f64();
    let (exit, hint) = match &error {
        DialError::NetworkSetup(_) => (ErrorKind::Usage, None),
        DialError::InvalidHost => (ErrorKind::BadAnswer, None),
        DialError::Connect { .. } => (
            ErrorKind::CannotConnect,
            Some("the console's host and port must be reachable from here; behind a proxy, set HTTPS_PROXY".to_owned()),
        ),
        DialError::TimedOut { .. } => {
            (ErrorKind::TimeLimit, Some("its URL is dead by now; connect again for a new one".to_owned()))
        }
        DialError::HandshakeRefused { reason: HandshakeError::Status(429 | 500..), .. } => {
            (ErrorKind::Unavailable, Some("connect again in a while".to_owned()))
        }
        DialError::HandshakeRefused { reason: HandshakeError::Status(_), .. } => (
            ErrorKind::CannotConnect,
            Some(format!("its URL was {age:.1} s old, and lives 15; connect again for a new one")),
        ),
        DialError::HandshakeRefused { reason: HandshakeError::Malformed(_), .. } => {
            (ErrorKind::BadAnswer, Some("is there a proxy on the way that does not know WebSockets?".to_owned()))
        }
    };
    let failure = CommandError::new(exit, error);
    hint.into_iter().fold(failure, CommandError::hint)
}

/// The failure that somebody else on the console is.
pub(crate) fn taken(instance: &str, why: &DropReason) -> CommandError {
    CommandError::message(ErrorKind::ConnectionLost, format!("the console was lost: {why}"))
        .about(instance)
        .hint("ask who else works on it; connecting again drops whoever is there")
}
