//! The session of a shared console: opened for the first viewer, opened again when it is lost, closed after the last.
//!
//! ```text
//! viewers → Hub ─ RFB client ─ duplex ─ ConsoleGateway::serve ─ WebSocket → console
//!                            └ or the socket of another command that serves this console
//! ```

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::command_error::CommandError;
use crate::console::gateway::{self, ConsoleGateway, SessionEnd};
use crate::console::remote_screen::{BUFFER_LEN, ConsoleClient, ConsoleStream};
use crate::console::session_errors::{self, END_REASON_TIMEOUT, Session};
use crate::relay::{DropReason, ReconnectBackoff};
use crate::rfb::{Client, ClientError, ClientOptions};
use crate::secret::Secret;
use crate::session_registry::SessionRegistry;
use crate::share::Hub;

/// Keeps a console open for the viewers of a hub.
pub(crate) struct SharedConsole {
    gateway: Arc<ConsoleGateway>,
    hub: Hub,
    /// The VNC password of the instance.
    password: Option<Secret>,
    /// Where the sessions of other commands are found.
    registry: SessionRegistry,
}

/// How a session ended, or an attempt to open one.
enum Loss {
    /// All viewers have left.
    Unneeded,
    /// The console may be opened again.
    Dropped(String),
    TakenOver(DropReason),
    Failed(CommandError),
}

impl SharedConsole {
    pub(crate) fn new(
        gateway: Arc<ConsoleGateway>,
        hub: Hub,
        password: Option<Secret>,
        registry: SessionRegistry,
    ) -> Self {
        Self { gateway, hub, password, registry }
    }

    /// Serves until another client takes the console over, and returns that as an error. The viewers have been told then.
    pub(crate) async fn run(&self) -> CommandError {
        let (output, id) = (self.gateway.output(), &self.gateway.instance().id);
        let mut viewers = self.hub.client_count();
        loop {
            wait_for(&mut viewers, |count| count > 0).await;
            let error = match self.serve_viewers(&mut viewers).await {
                Loss::Unneeded => continue,
                Loss::TakenOver(reason) => {
                    self.hub.disconnect_all(&reason.to_string());
                    self.hub.drained().await;
                    return gateway::taken_over(id, &reason);
                }
                Loss::Dropped(reason) => {
                    output.warning(&format!("the console of {id} was lost: {reason}"));
                    reason
                }
                Loss::Failed(error) => {
                    let reason = format!("{:#}", error.error);
                    output.failure(&error.about(id));
                    reason
                }
            };
            self.hub.disconnect_all(&error);
        }
    }

    /// Keeps the console open while there are viewers.
    async fn serve_viewers(&self, viewers: &mut watch::Receiver<usize>) -> Loss {
        let id = &self.gateway.instance().id;
        let (mut backoff, mut was_shown) = (ReconnectBackoff::default(), false);
        loop {
            let began = self.gateway.clock().instant();
            let reason = match self.run_session(viewers, &mut was_shown).await {
                Loss::Dropped(reason) if was_shown => reason,
                // The console worked before, so it may work again.
                Loss::Failed(error) if was_shown && error.kind.is_transient() => format!("{:#}", error.error),
                loss => return loss,
            };
            let pause = backoff.delay_after(self.gateway.clock().instant().saturating_duration_since(began));
            let message = format!("the console of {id} was lost: {reason}; reconnecting in {} s", pause.as_secs());
            self.gateway.output().warning(&message);
            self.hub.tell(&format!("lost: {reason}; reconnecting"));
            tokio::select! {
                () = self.wait_to_reconnect(pause, &mut backoff) => {}
                () = wait_for(viewers, |count| count == 0) => return Loss::Unneeded,
            }
        }
    }

    /// Waits, and then until the instance is running, as far as the API tells its status.
    async fn wait_to_reconnect(&self, mut pause: Duration, backoff: &mut ReconnectBackoff) {
        loop {
            sleep(pause).await;
            match self.gateway.status().await.as_deref() {
                Some(status) if status != "Running" => {
                    let id = &self.gateway.instance().id;
                    self.gateway.output().detail(1, &format!("{id} is {status}"));
                    self.hub.tell(&format!("the instance is {status}"));
                    pause = backoff.delay_after(Duration::ZERO);
                }
                _ => return,
            }
        }
    }

    /// Opens the console and shares it. `was_shown` is set once it is open.
    async fn run_session(&self, viewers: &mut watch::Receiver<usize>, was_shown: &mut bool) -> Loss {
        let (near, session) = match self.registry.find(&self.gateway.console_key()).await {
            Some(found) => {
                let (id, served_by) = (&self.gateway.instance().id, found.record.served_by());
                self.gateway.output().detail(1, &format!("{id}: joined the session of {served_by}"));
                let lost = format!("the session of {served_by} has ended");
                let stream: Box<dyn ConsoleStream> = Box::new(found.stream);
                (stream, tokio::spawn(async move { Ok(SessionEnd::Dropped(DropReason::Reported(lost))) }))
            }
            None => {
                let (near, far) = tokio::io::duplex(BUFFER_LEN);
                let gateway = self.gateway.clone();
                let stream: Box<dyn ConsoleStream> = Box::new(near);
                (stream, tokio::spawn(async move { gateway.serve(far).await }))
            }
        };
        let deadline = self.gateway.clock().deadline(self.gateway.timeout());
        let opened = tokio::select! {
            opened = self.connect(near, deadline.at) => opened,
            () = wait_for(viewers, |count| count == 0) => {
                session.abort();
                return Loss::Unneeded;
            }
        };
        let client = match opened {
            Ok(Some(client)) => client,
            Ok(None) => {
                session.abort();
                let id = &self.gateway.instance().id;
                return Loss::Failed(session_errors::timed_out(id, "complete the VNC handshake", deadline));
            }
            Err(error) => return self.explain(error, session).await,
        };
        self.gateway.report_desktop(client.desktop_name());
        *was_shown = true;
        let lost = tokio::select! {
            error = self.hub.run_upstream(client) => Some(error),
            () = wait_for(viewers, |count| count == 0) => None,
        };
        match lost {
            Some(error) => self.explain(error, session).await,
            None => {
                // The client is dropped, so the session ends by itself.
                _ = timeout(END_REASON_TIMEOUT, session).await;
                Loss::Unneeded
            }
        }
    }

    /// Returns `None` after the deadline.
    async fn connect(
        &self,
        stream: Box<dyn ConsoleStream>,
        deadline: Instant,
    ) -> Result<Option<ConsoleClient>, ClientError> {
        let options = ClientOptions { password: self.password.clone(), ..ClientOptions::default() };
        timeout_at(deadline, Client::connect(stream, &options)).await.ok().transpose()
    }

    /// Finds out why a session ended. The session below the client knows more than the client.
    async fn explain(&self, error: ClientError, session: Session) -> Loss {
        let id = &self.gateway.instance().id;
        if !matches!(error, ClientError::Closed | ClientError::ClosedInMessage | ClientError::Io(_)) {
            return Loss::Failed(session_errors::explain(id, error, None));
        }
        match timeout(END_REASON_TIMEOUT, session).await {
            Ok(Ok(Ok(SessionEnd::TakenOver(reason)))) => Loss::TakenOver(reason),
            Ok(Ok(Ok(SessionEnd::Dropped(reason)))) => Loss::Dropped(reason.to_string()),
            Ok(Ok(Err(error))) => Loss::Failed(error),
            Ok(Ok(Ok(SessionEnd::Left { .. })) | Err(_)) | Err(_) => Loss::Dropped(error.to_string()),
        }
    }
}

/// Waits until the number of viewers is like this. The hub keeps the sender.
async fn wait_for(viewers: &mut watch::Receiver<usize>, is_reached: impl Fn(usize) -> bool) {
    _ = viewers.wait_for(|count| is_reached(*count)).await;
}
