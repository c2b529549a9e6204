//! Lets clients of a port or socket share a hub.

use crate::console::gateway::ConsoleGateway;
use crate::console::viewer_listener;
use crate::listen::{Listener, Stream};
use crate::rfb::server::ServerError;
use crate::share::{Hub, ServeOptions};
use crate::terminal::output::Output;

/// Serves clients, for ever.
pub(super) async fn serve_clients(hub: &Hub, listener: &Listener, options: &ServeOptions, gateway: &ConsoleGateway) {
    let (id, output) = (gateway.instance().id.clone(), gateway.output());
    let serve = |stream, peer: String| {
        let (hub, options, id) = (hub.clone(), options.clone(), id.clone());
        tokio::spawn(async move { serve_viewer(&hub, stream, &options, &id, &peer, output).await });
    };
    viewer_listener::accept(listener, &id, output, serve).await;
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
