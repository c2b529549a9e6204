//! Lets other commands join the session of a command that uses it itself.
//!
//! ```text
//! this command ─┐
//! others ───────┴→ Hub ─ RFB client → console
//! ```

use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio::time::timeout_at;

use super::publisher::{JOINING, SessionPublisher};
use crate::command_error::CommandError;
use crate::console::connection::{BUFFER_LEN, Connection, ConsoleSession, ConsoleStream};
use crate::console::gateway::ConsoleGateway;
use crate::console::session_errors::timed_out;
use crate::rfb::{Client, ClientOptions};
use crate::share::Hub;
use crate::system::clock::Deadline;

/// Shares the sessions of a command, one after the other. Those that joined stay when a session is lost.
pub(crate) struct SessionHost {
    gateway: Arc<ConsoleGateway>,
    hub: Hub,
    publisher: SessionPublisher,
    /// Once there was a session to share.
    publishing: Option<JoinHandle<()>>,
}

impl SessionHost {
    pub(crate) fn new(gateway: Arc<ConsoleGateway>, publisher: SessionPublisher) -> Self {
        Self { gateway, hub: Hub::new(), publisher, publishing: None }
    }

    /// Shares a session, and returns this command's client of it. One that was joined is shared by its own command.
    pub(crate) async fn share(
        &mut self,
        Connection { client, mut session }: Connection,
        deadline: Deadline,
    ) -> Result<Connection, CommandError> {
        if matches!(session, ConsoleSession::Joined(_)) {
            return Ok(Connection { client, session });
        }
        let (near, far) = tokio::io::duplex(BUFFER_LEN);
        let hub = self.hub.clone();
        let serving = tokio::spawn(async move { hub.serve(far, &JOINING, || {}).await });
        let (hub, id) = (self.hub.clone(), self.gateway.instance().id.clone());
        let session = tokio::spawn(async move {
            let error = hub.run_upstream(client).await;
            // This command's client ends with its session, also one that still waits for the picture.
            serving.abort();
            session.end(&id, error).await
        });
        let stream: Box<dyn ConsoleStream> = Box::new(near);
        let id = &self.gateway.instance().id;
        let mut session = ConsoleSession::Own(session);
        let client = match timeout_at(deadline.at, Client::connect(stream, &ClientOptions::default())).await {
            Ok(Ok(client)) => client,
            Ok(Err(error)) => return Err(session.explain(id, error).await),
            Err(_) => return Err(timed_out(id, "show a whole screen", deadline)),
        };
        let Self { gateway, hub, publisher, publishing } = self;
        publishing.get_or_insert_with(|| {
            let (gateway, hub, publisher) = (gateway.clone(), hub.clone(), publisher.clone());
            tokio::spawn(async move { publisher.serve(&hub, &gateway).await })
        });
        Ok(Connection { client, session })
    }
}

impl Drop for SessionHost {
    fn drop(&mut self) {
        self.publishing.iter().for_each(JoinHandle::abort);
    }
}
