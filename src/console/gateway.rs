//! Connects viewers to one instance's console: a fresh VncUrl for each, one rate limit, and what a disconnect means.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::account::Account;
use crate::command_error::CommandError;
use crate::console::args::DEFAULT_KEEPALIVE;
use crate::console::issuer::{ConsoleIssuer, IssuedConsole};
use crate::console::viewer_registry::ViewerRegistry;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::relay::{self, BridgeContext, BridgeEnd, DialError, DropReason, Keepalive, TakeoverDetector};
use crate::session_registry::ConsoleKey;
use crate::system::clock::Clock;
use crate::system::random;
use crate::terminal::output::Output;
use crate::vnc::url::VNC_URL_LIFETIME;
use crate::websocket::client_handshake::HandshakeError;

/// Connects viewers to an instance's console.
pub(crate) struct ConsoleGateway {
    issuer: Arc<ConsoleIssuer>,
    registry: Arc<ViewerRegistry>,
    instance: ResolvedInstance,
    /// The time limit for a VncUrl.
    timeout: Duration,
    bridge: BridgeContext,
    takeovers: Mutex<TakeoverDetector>,
    output: Output,
}

/// How a viewer's session ended.
#[derive(Debug)]
pub(crate) enum SessionEnd {
    /// The viewer left.
    Left {
        /// Whether a desktop was shown.
        has_begun: bool,
    },
    /// A later viewer of this process got the console.
    Superseded {
        /// Whether a desktop was shown.
        has_begun: bool,
    },
    /// The console disconnected the viewer; it may connect again.
    Dropped(DropReason),
    /// Another client has the console.
    TakenOver(DropReason),
}

impl ConsoleGateway {
    pub(crate) fn new(
        issuer: Arc<ConsoleIssuer>,
        registry: Arc<ViewerRegistry>,
        instance: ResolvedInstance,
        timeout: Duration,
        keepalive: Option<Keepalive>,
        output: Output,
    ) -> Self {
        let clock = issuer.account().clock().clone();
        let id = instance.id.clone();
        let on_desync = Arc::new(move |reason| {
            output.detail(1, &format!("{id}: no more keepalives for this viewer: {reason}"));
        });
        let pool = registry.buffers().clone();
        let bridge = BridgeContext { clock, fill_random: random::fill, pool, keepalive, on_desync };
        Self { issuer, registry, instance, timeout, bridge, takeovers: Mutex::default(), output }
    }

    pub(crate) fn instance(&self) -> &ResolvedInstance {
        &self.instance
    }

    /// What the instance's console is called among the sessions of this user.
    pub(crate) fn console_key(&self) -> ConsoleKey {
        ConsoleKey::new(&self.issuer.account().service_name(), &self.instance.region, &self.instance.id)
    }

    /// The time limit for a VncUrl.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.bridge.clock
    }

    pub(crate) fn output(&self) -> Output {
        self.output
    }

    /// Reports at `-v` which desktop a client of this process is connected to.
    pub(crate) fn report_desktop(&self, name: &str) {
        self.output.detail(1, &format!("{}: connected to the desktop {name}", self.instance.id));
    }

    /// Asks for the instance's status. Returns `None` if the API does not answer within 3 s.
    pub(crate) async fn status(&self) -> Option<String> {
        self.issuer.info().status_now(&self.instance).await
    }

    /// Connects a viewer to a fresh console, and returns when the session is over.
    pub(crate) async fn serve<V>(&self, mut viewer: V) -> Result<SessionEnd, CommandError>
    where
        V: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (clock, id) = (self.clock(), &self.instance.id);
        self.check_rate_limit()?;
        let console = self.issuer.issue(&self.instance, clock.deadline(self.timeout)).await?;
        let number = self.registry.register_viewer(id);
        let server = self.dial(&console).await?;
        let age = console.vnc_url.age(clock.instant()).as_millis();
        self.output.detail(1, &format!("{id}: viewer connected, {age} ms after the URL was issued"));
        let outcome = relay::bridge(&mut viewer, server, &self.bridge).await;
        // A task, so that a viewer that does not close its side keeps nothing waiting.
        tokio::spawn(relay::drain(viewer));
        let has_begun = outcome.has_shown_desktop;
        if outcome.end == BridgeEnd::ViewerLeft {
            self.output.detail(1, &format!("{id}: the viewer left"));
            return Ok(SessionEnd::Left { has_begun });
        }
        if self.registry.is_superseded(id, number) {
            // The user's own later viewer is no takeover.
            self.output.detail(1, &format!("{id}: another viewer of this command has the console now"));
            return Ok(SessionEnd::Superseded { has_begun });
        }
        let is_takeover =
            self.takeovers.lock().unwrap_or_else(PoisonError::into_inner).record(&outcome, clock.instant());
        let status = self.status().await;
        let reason = DropReason::of(&outcome, status.as_deref(), is_takeover);
        Ok(if reason == DropReason::TakenOver { SessionEnd::TakenOver(reason) } else { SessionEnd::Dropped(reason) })
    }

    fn check_rate_limit(&self) -> Result<(), CommandError> {
        self.registry.try_connect(&self.instance.id, self.clock().instant()).map_err(|wait| {
            let message = "30 connections within a minute: the service allows no more";
            let hint = format!("connect again in {} s", wait.as_secs() + 1);
            CommandError::message(ErrorKind::Unavailable, message).hint(hint)
        })
    }

    async fn dial(&self, console: &IssuedConsole) -> Result<reqwest::Upgraded, CommandError> {
        let clock = self.clock();
        let mut key = [0; 16];
        random::fill(&mut key);
        let deadline = clock.deadline(VNC_URL_LIFETIME.saturating_sub(console.vnc_url.age(clock.instant())));
        let network = self.issuer.account().clients.network();
        relay::dial(network, &console.vnc_url, key, deadline)
            .await
            .map_err(|error| explain_dial_error(error, console, clock))
    }
}

/// The gateway of commands without a viewer.
pub(crate) fn gateway_without_viewer(
    account: Arc<Account>,
    instance: ResolvedInstance,
    timeout: Duration,
    output: Output,
) -> Arc<ConsoleGateway> {
    let issuer = Arc::new(ConsoleIssuer::without_page(account, std::slice::from_ref(&instance), output));
    let registry = Arc::new(ViewerRegistry::default());
    // A screen that stands still for minutes must not be disconnected as idle.
    Arc::new(ConsoleGateway::new(issuer, registry, instance, timeout, Some(DEFAULT_KEEPALIVE), output))
}

/// The error for the user when a console's WebSocket does not open.
fn explain_dial_error(error: DialError, console: &IssuedConsole, clock: &Clock) -> CommandError {
    let age = console.vnc_url.age(clock.instant()).as_secs_f64();
    let (kind, hint) = match &error {
        DialError::NetworkSetup(_) => (ErrorKind::Usage, None),
        DialError::InvalidHost => (ErrorKind::BadAnswer, None),
        DialError::Connect { address, proxy, tls: Some(tls), .. } => {
            (ErrorKind::CannotConnect, Some(tls.next_step(address, proxy.as_deref())))
        }
        DialError::Connect { .. } => (
            ErrorKind::CannotConnect,
            Some("the console's host and port must be reachable from here; behind a proxy, set HTTPS_PROXY".to_owned()),
        ),
        DialError::TimedOut { .. } => {
            (ErrorKind::TimeLimit, Some("its URL has expired; connect again for a new one".to_owned()))
        }
        DialError::HandshakeRefused { reason: HandshakeError::Status(429 | 500..), .. } => {
            (ErrorKind::Unavailable, Some("connect again in a minute".to_owned()))
        }
        DialError::HandshakeRefused { reason: HandshakeError::Status(_), .. } => (
            ErrorKind::CannotConnect,
            Some(format!("its URL was {age:.1} s old and is valid for 15 s; connect again for a new one")),
        ),
        DialError::HandshakeRefused { reason: HandshakeError::Malformed(_), .. } => {
            (ErrorKind::BadAnswer, Some("check for a proxy on the way that does not support WebSockets".to_owned()))
        }
    };
    let error = CommandError::new(kind, error);
    hint.into_iter().fold(error, CommandError::hint)
}

/// The error for the user when another client has the console.
pub(crate) fn taken_over(instance: &str, reason: &DropReason) -> CommandError {
    CommandError::message(ErrorKind::ConnectionLost, format!("the console was lost: {reason}"))
        .about(instance)
        .hint("check who else is on it; reconnecting disconnects them")
}
