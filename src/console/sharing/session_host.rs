//! Lets other commands join the session of a command that uses it itself.
//!
//! ```text
//! this command ─┐
//! others ───────┴→ Hub ─ RFB client → console
//! ```

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::timeout_at;

use super::publication::{JOINING, Publication};
use crate::command_error::CommandError;
use crate::console::connection::{BUFFER_LEN, Connection, ConsoleSession, ConsoleStream};
use crate::console::gateway::{ConsoleGateway, SessionEnd};
use crate::console::session_errors::timed_out;
use crate::rfb::{Client, ClientOptions};
use crate::secret::Secret;
use crate::session_registry::SessionRegistry;
use crate::system::clock::Deadline;

/// Shares the sessions of a command, one after the other. Those that joined stay when a session is lost.
pub(crate) struct SessionHost {
    publication: Publication,
    /// Ends the session.
    stop: Arc<Notify>,
}

impl SessionHost {
    pub(crate) fn new(gateway: Arc<ConsoleGateway>, registry: SessionRegistry, command: &'static str) -> Self {
        Self { publication: Publication::new(gateway, registry, command), stop: Arc::default() }
    }

    /// Opens the console, also again after a session was lost, or joins the session of another command. Returns this command's client,
    /// or `None` if another client has the console. `password` is the VNC password of the instance.
    pub(crate) async fn open(
        &self,
        password: Option<Secret>,
        deadline: Deadline,
    ) -> Result<Option<Connection>, CommandError> {
        match self.publication.connect(password, deadline).await? {
            Some(connection) => self.share(connection, deadline).await.map(Some),
            None => Ok(None),
        }
    }

    /// Ends the session of this command. Those that have joined are disconnected.
    pub(crate) fn stop(&self) {
        self.stop.notify_one();
    }

    /// Whether there is a session of another command to join.
    pub(crate) async fn is_served_by_another(&self) -> bool {
        self.publication.is_served_by_another().await
    }

    /// Tells the commands that have joined that another client has the console.
    pub(crate) fn note_takeover(&self) {
        self.publication.note_takeover();
    }

    /// Shares a session, and returns this command's client of it. One that was joined is shared by its own command.
    async fn share(
        &self,
        Connection { client, mut session }: Connection,
        deadline: Deadline,
    ) -> Result<Connection, CommandError> {
        if matches!(session, ConsoleSession::Joined { .. }) {
            return Ok(Connection { client, session });
        }
        let Publication { gateway, hub, .. } = &self.publication;
        let (near, far) = tokio::io::duplex(BUFFER_LEN);
        let shared = hub.clone();
        let serving = tokio::spawn(async move { shared.serve(far, &JOINING, || {}).await });
        let (hub, id) = (hub.clone(), gateway.instance().id.clone());
        let stop = self.stop.clone();
        let session = tokio::spawn(async move {
            let error = tokio::select! {
                error = hub.run_upstream(client) => error,
                () = stop.notified() => {
                    session.finish().await;
                    return Ok(SessionEnd::Left { has_begun: true });
                }
            };
            // This command's client ends with its session, also one that still waits for the picture.
            serving.abort();
            session.end(&id, error).await
        });
        let stream: Box<dyn ConsoleStream> = Box::new(near);
        let id = &gateway.instance().id;
        let mut session = ConsoleSession::Own(session);
        let client = match timeout_at(deadline.at, Client::connect(stream, &ClientOptions::default())).await {
            Ok(Ok(client)) => client,
            Ok(Err(error)) => return Err(session.explain(id, error).await),
            Err(_) => return Err(timed_out(id, "show a whole screen", deadline)),
        };
        self.publication.publish().await;
        Ok(Connection { client, session })
    }
}
