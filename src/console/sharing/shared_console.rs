//! The session of a shared console: opened for the first viewer, opened again when it is lost, closed after the last.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use super::publication::Publication;
use crate::command_error::CommandError;
use crate::console::connection::Connection;
use crate::console::gateway::SessionEnd;
use crate::console::reconnect_pause::ReconnectPause;
use crate::relay::{DropReason, ReconnectBackoff};
use crate::secret::Secret;

/// Keeps a console open for the viewers of a hub.
pub(crate) struct SharedConsole {
    pub(super) publication: Publication,
    /// The VNC password of the instance.
    password: Option<Secret>,
    /// Whether the console was ever open.
    has_begun: AtomicBool,
    /// Whether it is open now.
    is_open: watch::Sender<bool>,
}

impl SharedConsole {
    pub(crate) fn new(publication: Publication, password: Option<Secret>) -> Self {
        Self { publication, password, has_begun: AtomicBool::new(false), is_open: watch::Sender::new(false) }
    }

    /// Whether the console was ever open.
    pub(super) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    /// Waits until the console is open.
    pub(super) async fn opened(&self) {
        // The sender is here, so there is always a next value.
        _ = self.is_open.subscribe().wait_for(|is_open| *is_open).await;
    }

    /// Keeps the console open as long as there are viewers, and opens it again when they come back. Returns how a session ended
    /// that cannot be opened again by itself; the viewers are still connected then.
    pub(super) async fn serve(&self) -> Result<SessionEnd, CommandError> {
        self.publication.publish().await;
        let mut viewers = self.publication.hub.client_count();
        loop {
            wait_for(&mut viewers, |count| count > 0).await;
            if let Some(end) = self.serve_viewers(&mut viewers).await {
                return end;
            }
        }
    }

    /// Keeps the console open while there are viewers. `None` when all have left.
    async fn serve_viewers(&self, viewers: &mut watch::Receiver<usize>) -> Option<Result<SessionEnd, CommandError>> {
        let (mut backoff, mut was_shown) = (ReconnectBackoff::default(), false);
        loop {
            let Publication { gateway, hub, .. } = &self.publication;
            let began = gateway.clock().instant();
            let reason = match self.run_session(viewers, &mut was_shown).await? {
                Ok(SessionEnd::Dropped(reason)) if was_shown => reason.to_string(),
                // The console worked before, so it may work again.
                Err(error) if was_shown && error.kind.is_transient() => format!("{:#}", error.error),
                end => return Some(end),
            };
            hub.tell(&format!("lost: {reason}; reconnecting"));
            let lasted = gateway.clock().instant().saturating_duration_since(began);
            let mut pause = ReconnectPause { gateway, backoff: &mut backoff };
            let is_stopped = |status: &str| hub.tell(&format!("the instance is {status}"));
            tokio::select! {
                () = pause.wait(&reason, lasted, is_stopped) => {}
                () = wait_for(viewers, |count| count == 0) => return None,
            }
        }
    }

    /// Opens the console and shares it. `was_shown` is set once it is open. `None` when all viewers have left.
    async fn run_session(
        &self,
        viewers: &mut watch::Receiver<usize>,
        was_shown: &mut bool,
    ) -> Option<Result<SessionEnd, CommandError>> {
        let Self { publication, password, has_begun, is_open } = self;
        let Publication { gateway, hub, .. } = publication;
        let deadline = gateway.clock().deadline(gateway.timeout());
        let opened = tokio::select! {
            opened = publication.connect(password.clone(), deadline) => opened,
            () = wait_for(viewers, |count| count == 0) => return None,
        };
        let Connection { client, mut session } = match opened {
            Ok(Some(connection)) => connection,
            Ok(None) => return Some(Ok(SessionEnd::TakenOver(DropReason::TakenOver))),
            Err(error) => return Some(Err(error)),
        };
        has_begun.store(true, Ordering::Relaxed);
        *was_shown = true;
        is_open.send_replace(true);
        let lost = tokio::select! {
            error = hub.run_upstream(client) => Some(error),
            () = wait_for(viewers, |count| count == 0) => None,
        };
        is_open.send_replace(false);
        let Some(lost) = lost else {
            session.finish().await;
            return None;
        };
        Some(session.end(&gateway.instance().id, lost).await)
    }
}

/// Waits until the number of viewers is like this. The hub keeps the sender.
async fn wait_for(viewers: &mut watch::Receiver<usize>, is_reached: impl Fn(usize) -> bool) {
    _ = viewers.wait_for(|count| is_reached(*count)).await;
}
