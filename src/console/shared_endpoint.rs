//! A local port or Unix socket where viewers share one session with an instance's console.

use std::sync::Arc;

use crate::command_error::CommandError;
use crate::console::gateway::ConsoleGateway;
use crate::console::local_endpoint::{self, ListenAddress, MAX_VIEWERS, no_longer_accepting};
use crate::console::session_publisher::SessionPublisher;
use crate::console::shared_console::SharedConsole;
use crate::listen::{ListenEvent, Listener, Stream};
use crate::rfb::server::{Security, ServerError};
use crate::secret::Secret;
use crate::share::{Hub, ServeOptions};
use crate::terminal::output::Output;

/// Serves viewers, and the user's other commands, until another client takes the console over. Returns that as an error.
/// `password` is the VNC password of the instance.
pub(crate) async fn serve(
    listener: Listener,
    gateway: Arc<ConsoleGateway>,
    options: ServeOptions,
    password: Option<Secret>,
    publisher: &SessionPublisher,
) -> CommandError {
    let hub = Hub::new();
    let console = SharedConsole::new(gateway.clone(), hub.clone(), password, publisher.registry.clone());
    tokio::select! {
        error = console.run() => error,
        () = serve_clients(&hub, &listener, &options, &gateway) => no_longer_accepting(),
        () = publisher.serve(&hub, &gateway) => no_longer_accepting(),
    }
}

/// Lets clients share the hub, for ever.
pub(super) async fn serve_clients(hub: &Hub, listener: &Listener, options: &ServeOptions, gateway: &ConsoleGateway) {
    let (id, output) = (gateway.instance().id.clone(), gateway.output());
    let on_event = |event| match event {
        ListenEvent::Connected { stream, peer } => {
            let (hub, options, id, peer) = (hub.clone(), options.clone(), id.clone(), peer.to_string());
            tokio::spawn(async move { serve_viewer(&hub, stream, &options, &id, &peer, output).await });
        }
        ListenEvent::Refused(peer) if peer.has_disconnected() => {
            output.detail(1, &format!("{id}: a viewer disconnected before it was accepted"));
        }
        ListenEvent::Refused(peer) => output.warning(&format!("{id}: refused {peer}")),
        ListenEvent::Failed(error) => output.warning(&format!("{id}: could not accept a viewer: {error}")),
    };
    listener.accept_loop(MAX_VIEWERS, on_event).await;
}

async fn serve_viewer(hub: &Hub, stream: Stream, options: &ServeOptions, id: &str, peer: &str, output: Output) {
    let usage = stream.usage();
    let count = hub.client_count();
    let joined = || {
        usage.begin();
        output.detail(1, &format!("{id}: a viewer joined from {peer}; {} share the console", *count.borrow()));
    };
    match hub.serve(stream, options, joined).await {
        Ok(()) => output.detail(1, &format!("{id}: the viewer from {peer} left")),
        Err(error @ ServerError::WrongPassword) => output.warning(&format!("{id}: refused {peer}: {error}")),
        Err(error) => output.detail(1, &format!("{id}: disconnected {peer}: {error}")),
    }
}

/// Returns a warning if others than the user can connect to the address.
pub(crate) fn exposure_warning(address: &ListenAddress, options: &ServeOptions) -> Option<String> {
    match (address, &options.security) {
        (ListenAddress::Tcp(tcp), Security::Password { .. }) if !tcp.ip().to_canonical().is_loopback() => {
            let can = if options.is_read_only { "see" } else { "use" };
            Some(format!(
                "anyone who knows the password and can reach {} can {can} the console, and the connection is not encrypted",
                tcp.ip()
            ))
        }
        (_, Security::Password { .. }) => None,
        (_, Security::None) => local_endpoint::exposure_warning(address),
    }
}
