//! Lets the user's other commands join a shared console.

use std::future::pending;
use std::time::Duration;
use std::{mem, process};

use tokio::time::sleep;

use crate::console::gateway::ConsoleGateway;
use crate::console::sharing::clients::serve_clients;
use crate::rfb::server::Security;
use crate::session_registry::{PublishedSession, SessionRecord, SessionRegistry};
use crate::share::{Hub, ServeOptions};
use crate::system::clock::iso_8601;

/// How the commands that join are served. They are the user's own, so they may type even where viewers may not.
pub(super) const JOINING: ServeOptions =
    ServeOptions { security: Security::None, is_read_only: false, is_program: true };

/// How often it is tried to publish a session while another command has published one.
const RETRY_INTERVAL: Duration = Duration::from_secs(2);

/// Publishes the sessions of a command.
#[derive(Clone, Debug)]
pub(crate) struct SessionPublisher {
    pub(crate) registry: SessionRegistry,
    /// The name of the command.
    pub(crate) command: &'static str,
}

impl SessionPublisher {
    /// Publishes the session of a hub and serves those that join it, for ever. Viewers do not depend on that: where it cannot
    /// be published, it is not.
    pub(super) async fn serve(&self, hub: &Hub, gateway: &ConsoleGateway) {
        let (instance, output) = (gateway.instance(), gateway.output());
        let mut is_told = false;
        loop {
            match PublishedSession::open(&self.registry, gateway.console_key(), self.record(gateway)).await {
                Ok(Some(published)) => tokio::select! {
                    () = serve_clients(hub, published.listener(), &JOINING, gateway) => {}
                    () = count_clients(hub, &published) => {}
                },
                Ok(None) => pending().await,
                Err(error) if !mem::replace(&mut is_told, true) => {
                    output.detail(1, &format!("{}: other commands cannot join this session: {error}", instance.id));
                }
                Err(_) => {}
            }
            // Most likely another command serves the console, and may end before this one.
            sleep(RETRY_INTERVAL).await;
        }
    }

    fn record(&self, gateway: &ConsoleGateway) -> SessionRecord {
        let instance = gateway.instance();
        let name = instance.info.as_ref().map(|info| info.instance_name.clone());
        SessionRecord {
            instance_id: instance.id.clone(),
            instance_name: name.filter(|name| !name.is_empty()),
            region_id: instance.region.clone(),
            command: self.command.to_owned(),
            process_id: process::id(),
            clients: 0,
            since: iso_8601(gateway.clock().utc()),
        }
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
