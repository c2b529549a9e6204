//! Lets clients of a port or socket share a hub.

use crate::console::gateway::ConsoleGateway;
use crate::console::local_endpoint::MAX_VIEWERS;
use crate::listen::{ListenEvent, Listener, Stream};
use crate::rfb::server::ServerError;
use crate::share::{Hub, ServeOptions};
use crate::terminal::output::Output;

/// Serves clients, for ever.
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
