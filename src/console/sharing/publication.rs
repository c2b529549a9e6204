//! Lets the user's other commands join a shared console, so that there is one session for all of them.

use std::io;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::command_error::CommandError;
use crate::console::connection::{Connection, ConsoleSession};
use crate::console::gateway::ConsoleGateway;
use crate::console::session_errors::cannot_join;
use crate::console::sharing::clients::serve_clients;
use crate::rfb::ClientOptions;
use crate::rfb::server::Security;
use crate::secret::Secret;
use crate::session_registry::{PublishedSession, SessionRecord, SessionRegistry};
use crate::share::{Hub, ServeOptions};
use crate::system::clock::{Deadline, iso_8601};

/// How the commands that join are served. They are the user's own, so they may type even where viewers may not.
pub(super) const JOINING: ServeOptions =
    ServeOptions { security: Security::None, is_read_only: false, is_program: true };

/// The time from one attempt to join or to publish to the next, while another command begins or ends to serve the console.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// Publishes the hub of a command.
pub(crate) struct Publication {
    pub(super) gateway: Arc<ConsoleGateway>,
    pub(super) hub: Hub,
    registry: SessionRegistry,
    /// The name of the command.
    command: &'static str,
    /// Whose session was joined last, as the number of its process; 0 for none.
    joined: AtomicU32,
    /// Serves the commands that join. `None` as long as nothing is published.
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Publication {
    pub(crate) fn new(gateway: Arc<ConsoleGateway>, registry: SessionRegistry, command: &'static str) -> Self {
        Self { gateway, hub: Hub::new(), registry, command, joined: AtomicU32::new(0), serving: Mutex::default() }
    }

    /// Publishes the hub, unless that was done before. Returns false if another command serves the console. Where a session
    /// cannot be published for another reason, it is not: viewers do not depend on that.
    pub(super) async fn publish(&self) -> bool {
        let mut serving = self.serving.lock().await;
        if serving.is_some() {
            return true;
        }
        let Self { gateway, hub, registry, .. } = self;
        let published = match PublishedSession::open(registry, gateway.console_key(), self.record()).await {
            Ok(published) => published,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return false,
            Err(error) => {
                let id = &gateway.instance().id;
                gateway.output().warning(&format!("{id}: other commands cannot join this session: {error}"));
                None
            }
        };
        let (hub, gateway) = (hub.clone(), gateway.clone());
        *serving = Some(tokio::spawn(async move {
            let Some(published) = published else { return };
            tokio::select! {
                () = serve_clients(&hub, published.listener(), published.port(), &JOINING, &gateway) => {}
                () = count_clients(&hub, &published) => {}
            }
        }));
        true
    }

    /// Opens the console, or joins the session of the command that serves it. What is opened is published first, so two commands
    /// do not open the same console at the same time. `None` if the session that was joined before has ended because another
    /// client has the console. `password` is the VNC password of the instance.
    pub(super) async fn connect(
        &self,
        password: Option<Secret>,
        deadline: Deadline,
    ) -> Result<Option<Connection>, CommandError> {
        let key = self.gateway.console_key();
        let options = ClientOptions { password, wants_cursor: true, ..ClientOptions::default() };
        loop {
            if self.publish().await {
                // It was noted before the other command stopped serving.
                if self.registry.was_taken_over(&key, self.joined.load(Ordering::Relaxed)) {
                    return Ok(None);
                }
                let opened = Connection::open(self.gateway.clone(), &options, deadline).await?;
                self.registry.forget_takeover(&key);
                return Ok(Some(opened));
            }
            match Connection::join(&self.gateway, &self.registry, &options, deadline).await? {
                Some(joined) => {
                    if let ConsoleSession::Joined { process_id, .. } = joined.session {
                        self.joined.store(process_id, Ordering::Relaxed);
                    }
                    return Ok(Some(joined));
                }
                // The other command begins or ends at this moment.
                None if self.gateway.clock().instant() < deadline.at => sleep(RETRY_INTERVAL).await,
                None => {
                    let id = &self.gateway.instance().id;
                    return Err(cannot_join(id, "another command", "it does not answer"));
                }
            }
        }
    }

    /// Whether there is a session of another command to join.
    pub(super) async fn is_served_by_another(&self) -> bool {
        self.registry.find(&self.gateway.console_key()).await.is_some()
    }

    /// Tells the commands that have joined that another client has the console. They do not open it again then.
    pub(super) fn note_takeover(&self) {
        self.registry.note_takeover(&self.gateway.console_key());
    }

    /// Lets no command join any more. Later calls of [`Self::publish`] publish nothing.
    pub(super) async fn withdraw(&self) {
        let nothing = tokio::spawn(async {});
        if let Some(serving) = self.serving.lock().await.replace(nothing) {
            serving.abort();
        }
    }

    fn record(&self) -> SessionRecord {
        let instance = self.gateway.instance();
        let name = instance.info.as_ref().map(|info| info.instance_name.clone());
        SessionRecord {
            instance_id: instance.id.clone(),
            instance_name: name.filter(|name| !name.is_empty()),
            region_id: instance.region.clone(),
            command: self.command.to_owned(),
            process_id: process::id(),
            clients: 0,
            since: iso_8601(self.gateway.clock().utc()),
        }
    }
}

impl Drop for Publication {
    fn drop(&mut self) {
        self.serving.get_mut().iter().for_each(JoinHandle::abort);
    }
}

/// Keeps the number of clients up to date, for ever.
async fn count_clients(hub: &Hub, published: &PublishedSession) {
    let mut count = hub.client_count();
    loop {
        let clients = *count.borrow_and_update();
        published.set_clients(clients);
        if count.changed().await.is_err() {
            // The hub keeps the sender.
            return;
        }
    }
}
