//! Lets other commands join the session of a command that uses it itself.
//!
//! ```text
//! this command ─┐
//! others ───────┴→ Hub ─ RFB client → console
//! ```

use std::sync::Arc;

use tokio::time::timeout_at;

use super::publication::{JOINING, Publication};
use crate::command_error::CommandError;
use crate::console::connection::{BUFFER_LEN, Connection, ConsoleSession, ConsoleStream};
use crate::console::gateway::ConsoleGateway;
use crate::console::session_errors::timed_out;
use crate::rfb::{Client, ClientOptions};
use crate::secret::Secret;
use crate::session_registry::SessionRegistry;
use crate::system::clock::Deadline;

/// Shares the sessions of a command, one after the other. Those that joined stay when a session is lost.
pub(crate) struct SessionHost(Publication);

impl SessionHost {
    pub(crate) fn new(gateway: Arc<ConsoleGateway>, registry: SessionRegistry, command: &'static str) -> Self {
        Self(Publication::new(gateway, registry, command))
    }

    /// Opens the console again after a session was lost, or joins the session of another command. Returns this command's client.
    /// `password` is the VNC password of the instance.
    pub(crate) async fn reopen(
        &self,
        password: Option<Secret>,
        deadline: Deadline,
    ) -> Result<Connection, CommandError> {
        self.share(self.0.connect(password, deadline).await?, deadline).await
    }

    /// Shares a session, and returns this command's client of it. One that was joined is shared by its own command.
    pub(crate) async fn share(
        &self,
        Connection { client, mut session }: Connection,
        deadline: Deadline,
    ) -> Result<Connection, CommandError> {
        if matches!(session, ConsoleSession::Joined(_)) {
            return Ok(Connection { client, session });
        }
        let Publication { gateway, hub, .. } = &self.0;
        let (near, far) = tokio::io::duplex(BUFFER_LEN);
        let shared = hub.clone();
        let serving = tokio::spawn(async move { shared.serve(far, &JOINING, || {}).await });
        let (hub, id) = (hub.clone(), gateway.instance().id.clone());
        let session = tokio::spawn(async move {
            let error = hub.run_upstream(client).await;
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
        self.0.publish().await;
        Ok(Connection { client, session })
    }
}
