//! Runs a viewer, and starts it again when the console disconnects.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};

use super::{viewer_error, warn_start_one_yourself};
use crate::command_error::CommandError;
use crate::commands::serving;
use crate::console::gateway::{self, SessionEnd};
use crate::console::local_endpoint::{self, ListenAddress, ViewerEvent};
use crate::console::reconnect_pause::ReconnectPause;
use crate::console::sharing::viewer_gateway::ViewerGateway;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::programs::{RunningViewer, Viewer, ViewerAddress, ViewerError};
use crate::relay::{DropReason, ReconnectBackoff};
use crate::system::clock::Clock;
use crate::system::exit_status::describe;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// How long to wait for a connection after a viewer has exited successfully without one: it may have asked a running
/// viewer of the same kind to open the console.
const HANDOVER_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct ViewerSession {
    gateway: Arc<ViewerGateway>,
    viewer: Viewer,
    /// Whether the viewer is the first one found, not one that the user chose.
    is_default_viewer: bool,
    listen_address: ListenAddress,
    viewer_address: ViewerAddress,
    events: UnboundedReceiver<ViewerEvent>,
    /// Whether a viewer has ever connected.
    was_connected: bool,
    /// Whether a desktop was ever shown.
    was_shown: bool,
    backoff: ReconnectBackoff,
    clock: Clock,
    output: Output,
}

/// How one run of the viewer ended.
enum RunEnd {
    Exited {
        status: ExitStatus,
        has_connected: bool,
    },
    /// The console disconnected.
    Lost {
        reason: String,
        /// How long the connection lasted.
        lasted: Duration,
    },
}

impl ViewerSession {
    pub(super) fn new(
        gateway: Arc<ViewerGateway>,
        viewer: Viewer,
        is_default_viewer: bool,
        listen_address: ListenAddress,
        viewer_address: ViewerAddress,
        events: UnboundedReceiver<ViewerEvent>,
        output: Output,
    ) -> Self {
        let clock = gateway.console().clock().clone();
        let (was_connected, was_shown, backoff) = (false, false, ReconnectBackoff::default());
        Self {
            gateway,
            viewer,
            is_default_viewer,
            listen_address,
            viewer_address,
            events,
            was_connected,
            was_shown,
            backoff,
            clock,
            output,
        }
    }

    /// Runs the viewer until the user closes it.
    pub(super) async fn run(mut self) -> Result<ExitCode, CommandError> {
        loop {
            self.output.note(&format!(
                "starting {}; if nothing opens, connect another viewer to {}",
                self.viewer.name, self.listen_address
            ));
            self.output.write_late_warnings();
            let mut running = self.viewer.start(&self.viewer_address).map_err(viewer_error)?;
            let end = self.run_once(&mut running).await;
            match end {
                Ok(RunEnd::Exited { status, has_connected }) => {
                    let result = self.exit(status, has_connected, &running.last_stderr_line().await);
                    // The display may be set but dead, for example. A viewer on another machine can still connect.
                    return match result {
                        Err(error) if self.is_default_viewer && !self.was_connected => self.serve_instead(&error).await,
                        result => result,
                    };
                }
                // A shared viewer shows other consoles too, so it keeps running.
                _ if self.viewer.is_shared => {}
                _ => running.terminate().await,
            }
            if let RunEnd::Lost { reason, lasted } = end? {
                let Self { gateway, backoff, .. } = &mut self;
                ReconnectPause { gateway: gateway.console(), backoff }.wait(&reason, lasted, |_| ()).await;
            }
        }
    }

    /// Waits until the viewer exits or the console disconnects.
    async fn run_once(&mut self, running: &mut RunningViewer) -> Result<RunEnd, CommandError> {
        let (mut connections, mut has_connected, mut exit_status): (usize, bool, Option<ExitStatus>) = (0, false, None);
        let mut connected_at = self.clock.instant();
        let mut handover_end: Option<Instant> = None;
        let waiting = format!("waiting for {}", self.viewer.name);
        let mut progress = Progress::new(&self.clock, self.output);
        loop {
            if let (Some(status), 0) = (exit_status, connections) {
                if has_connected || !status.success() {
                    return Ok(RunEnd::Exited { status, has_connected });
                }
                handover_end.get_or_insert(self.clock.instant() + HANDOVER_TIMEOUT);
            }
            let deadline = handover_end.unwrap_or(connected_at);
            tokio::select! {
                biased;
                Some(event) = self.events.recv() => match event {
                    ViewerEvent::Connected => {
                        if !has_connected {
                            self.output.note(&format!("connected; close {} to end this command", self.viewer.name));
                        }
                        (connections, has_connected, connected_at) = (connections + 1, true, self.clock.instant());
                        self.was_connected = true;
                    }
                    ViewerEvent::Ended(result) => {
                        connections = connections.saturating_sub(1);
                        let lasted = self.clock.instant().saturating_duration_since(connected_at);
                        if let Some(reason) = self.reason_to_reconnect(result)? {
                            return Ok(RunEnd::Lost { reason, lasted });
                        }
                    }
                },
                status = running.wait(), if exit_status.is_none() => {
                    exit_status = Some(status.map_err(|error| CommandError::new(ErrorKind::ActionFailed, error))?);
                }
                () = progress.tick(&waiting), if connections == 0 => {}
                () = sleep_until(deadline), if handover_end.is_some() && connections == 0 => {
                    let message = format!("the viewer \"{}\" exited before connecting", self.viewer.name);
                    return Err(viewer_error(ViewerError::StartFailed(message)));
                }
            }
        }
    }

    /// Returns why the viewer must be started again after a connection has ended, or `None` if it need not.
    fn reason_to_reconnect(
        &mut self,
        result: Result<SessionEnd, CommandError>,
    ) -> Result<Option<String>, CommandError> {
        let id = &self.gateway.console().instance().id;
        match result {
            Ok(SessionEnd::Left { has_begun } | SessionEnd::Superseded { has_begun }) => {
                self.was_shown |= has_begun;
                Ok(None)
            }
            // Most likely a wrong password. The viewer itself asks for it again.
            Ok(SessionEnd::Dropped(reason @ DropReason::BeforeDesktop(_))) if !self.was_shown => {
                self.output.warning(&format!("the console of {id} was lost: {reason}"));
                Ok(None)
            }
            Ok(SessionEnd::Dropped(reason)) => {
                self.was_shown = true;
                Ok(Some(reason.to_string()))
            }
            Ok(SessionEnd::TakenOver(reason)) => Err(gateway::taken_over(id, &reason)),
            // The console worked before, so it may work again.
            Err(error) if self.was_shown && error.kind.is_transient() => Ok(Some(format!("{:#}", error.error))),
            Err(error) => Err(error),
        }
    }

    /// Serves any viewer that connects, because the default one does not start.
    async fn serve_instead(&mut self, error: &CommandError) -> Result<ExitCode, CommandError> {
        warn_start_one_yourself(&format!("{:#}", error.error), self.output);
        serving::begin();
        if !self.output.is_json() {
            local_endpoint::announce(&self.listen_address, self.gateway.console().instance(), self.output)?;
        }
        self.output.note(serving::console_note(self.gateway.is_shared()));
        Err(local_endpoint::report_viewers(&mut self.events, &self.gateway.console().instance().id, self.output).await)
    }

    /// Returns the result of the command after the viewer has exited. `last_line` is the last line that it printed.
    fn exit(&self, status: ExitStatus, has_connected: bool, last_line: &str) -> Result<ExitCode, CommandError> {
        if status.success() {
            return Ok(ExitCode::SUCCESS);
        }
        let exited = if has_connected { "failed" } else { "exited before connecting" };
        let status = describe(status);
        let said = if last_line.is_empty() { String::new() } else { format!(": {last_line}") };
        let message = format!("the viewer \"{}\" {exited} ({status}){said}", self.viewer.name);
        Err(viewer_error(ViewerError::StartFailed(message)))
    }
}
