//! An RFB client on an instance's console, and the session below it.
//!
//! ```text
//! RFB client ─ duplex ─ ConsoleGateway::serve ─ WebSocket → console
//!            └ or the socket of another command that serves this console
//! ```

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio::time::{timeout, timeout_at};

use crate::command_error::CommandError;
use crate::console::gateway::{self, ConsoleGateway, SessionEnd};
use crate::console::readiness::note_takeover;
use crate::console::session_errors::{cannot_join, explain, is_end, lost, timed_out};
use crate::relay::DropReason;
use crate::rfb::{Client, ClientError, ClientOptions};
use crate::session_registry::SessionRegistry;
use crate::system::clock::Deadline;

/// The buffer between the client and the console's WebSocket, in bytes.
pub(super) const BUFFER_LEN: usize = 256 << 10;

/// How long it may take to find out why a session ended: its end, and a request for the instance's status.
const END_REASON_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a client's console is: at the end of a session of this process, or behind another process.
pub(crate) trait ConsoleStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ConsoleStream for S {}

/// A client of a console.
pub(crate) type ConsoleClient = Client<Box<dyn ConsoleStream>>;

/// Returns how a session of this process has ended.
pub(crate) type SessionTask = JoinHandle<Result<SessionEnd, CommandError>>;

/// Ends a session that is being opened when this is dropped: no console is taken over for a client that has given up.
struct OpeningSession(Option<SessionTask>);

/// A client that has done its handshake.
pub(crate) struct Connection {
    pub(super) client: ConsoleClient,
    pub(super) session: ConsoleSession,
}

/// The session below a client. One of this process ends when its client is dropped.
#[derive(Debug)]
pub(crate) enum ConsoleSession {
    Own(SessionTask),
    /// That of another command.
    Joined {
        /// Who serves it, for messages.
        served_by: String,
        process_id: u32,
    },
    /// Its end has been told.
    Ended,
}

impl Connection {
    /// Joins the session of another command of this user, which goes on. `None` if there is none in the registry. That command
    /// may open the console first, so it has as long as this one would have.
    pub(super) async fn join(
        gateway: &ConsoleGateway,
        registry: &SessionRegistry,
        options: &ClientOptions,
        deadline: Deadline,
    ) -> Result<Option<Self>, CommandError> {
        let Some(found) = registry.find(&gateway.console_key()).await else { return Ok(None) };
        let (id, served_by, process_id) = (&gateway.instance().id, found.record.served_by(), found.record.process_id);
        if found.record.clients == 0 {
            // The other command has no client yet, so it opens the console now.
            note_takeover(gateway.instance(), gateway.output());
        }
        let stream: Box<dyn ConsoleStream> = Box::new(found.stream);
        match timeout_at(deadline.at, Client::connect(stream, options)).await {
            Ok(Ok(client)) => {
                gateway.output().detail(1, &format!("{id}: joined the session of {served_by}"));
                Ok(Some(Self { client, session: ConsoleSession::Joined { served_by, process_id } }))
            }
            // It has just ended.
            Ok(Err(error)) if is_end(&error) => Ok(None),
            Ok(Err(error)) => Err(cannot_join(id, &served_by, &error.to_string())),
            Err(_) => Err(cannot_join(id, &served_by, "it does not answer")),
        }
    }

    /// Issues a VncUrl, connects, and completes the RFB handshake.
    pub(super) async fn open(
        gateway: Arc<ConsoleGateway>,
        options: &ClientOptions,
        deadline: Deadline,
    ) -> Result<Self, CommandError> {
        let (near, far) = tokio::io::duplex(BUFFER_LEN);
        let served = gateway.clone();
        let mut opening = OpeningSession(Some(tokio::spawn(async move { served.serve(far).await })));
        let id = &gateway.instance().id;
        let stream: Box<dyn ConsoleStream> = Box::new(near);
        let Ok(connected) = timeout_at(deadline.at, Client::connect(stream, options)).await else {
            return Err(timed_out(id, "complete the VNC handshake", deadline));
        };
        let mut session = opening.0.take().map_or(ConsoleSession::Ended, ConsoleSession::Own);
        match connected {
            Ok(client) => {
                gateway.report_desktop(client.desktop_name());
                Ok(Self { client, session })
            }
            Err(error) => Err(session.explain(id, error).await),
        }
    }

    /// Joins a session of the registry, or opens one.
    pub(super) async fn join_or_open(
        gateway: &Arc<ConsoleGateway>,
        registry: &SessionRegistry,
        options: &ClientOptions,
        deadline: Deadline,
    ) -> Result<Self, CommandError> {
        match Self::join(gateway, registry, options, deadline).await? {
            Some(joined) => Ok(joined),
            None => Self::open(gateway.clone(), options, deadline).await,
        }
    }
}

impl Drop for OpeningSession {
    fn drop(&mut self) {
        self.0.iter().for_each(SessionTask::abort);
    }
}

impl ConsoleSession {
    /// Finds out how the session ended, from the error of its client. A session of this process knows more than the client: the
    /// API's refusal, the console's close reason, the instance's status.
    pub(super) async fn end(&mut self, instance: &str, error: ClientError) -> Result<SessionEnd, CommandError> {
        if !is_end(&error) {
            return Err(explain(instance, error));
        }
        let dropped = |reason: String| Ok(SessionEnd::Dropped(DropReason::Reported(reason)));
        match mem::replace(self, Self::Ended) {
            Self::Joined { served_by, .. } => dropped(format!("the session of {served_by} has ended")),
            Self::Own(mut task) => match timeout(END_REASON_TIMEOUT, &mut task).await {
                Ok(Ok(Ok(SessionEnd::Left { .. } | SessionEnd::Superseded { .. })) | Err(_)) | Err(_) => {
                    dropped(error.to_string())
                }
                Ok(Ok(end)) => end,
            },
            Self::Ended => dropped(error.to_string()),
        }
    }

    /// The error for the user. The session is over.
    pub(super) async fn explain(&mut self, instance: &str, error: ClientError) -> CommandError {
        match self.end(instance, error).await {
            Ok(SessionEnd::TakenOver(reason)) => gateway::taken_over(instance, &reason),
            Ok(SessionEnd::Dropped(reason)) => lost(instance, &reason.to_string()),
            Ok(SessionEnd::Left { .. } | SessionEnd::Superseded { .. }) => lost(instance, "the session has ended"),
            Err(error) => error,
        }
    }

    /// Waits until a session whose client was dropped is over.
    pub(super) async fn finish(self) {
        if let Self::Own(task) = self {
            _ = timeout(END_REASON_TIMEOUT, task).await;
        }
    }
}
